// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: one function as JSON
 */
#include "json.h"
#include "judge.h"
#include "list.h"
#include "names.h"
#include "tool.h"

static struct json_object *json_number(const char *format, u32 a, u32 b,
				       bool known)
{
	char text[16];

	snprintf(text, sizeof(text), format, a, b);
	return known ? json_text(text) : NULL;
}

static void put_answer(struct json_object *object, const struct function *fn)
{
	const struct answer *answer = &fn->answer;

	json_put_bool(object, "isolated", answer->isolated);
	json_put_text(object, "reason", answer->reason);
	json_put(object, "blocker",
		 answer->has_blocker ? json_bdf(answer->blocker) : NULL);
	json_put(object, "missing", json_words(answer->missing, ','));
	json_put_text(object, "explanation",
		      answer->isolated ? NULL : answer->words);
	json_put(object, "group_isolated", json_known(answer->group_isolated));
	json_put_bool(object, "permissive", answer->permissive);
	json_put_int(object, "denied", (s64)answer->denied);
	json_put_bool(object, "weak_port", fn->weak && is_port(fn));
}

/**
 * json_device() - a function as an object
 * @machine: the machine
 * @fn: the function
 */
struct json_object *json_device(struct machine *machine,
				const struct function *fn)
{
	struct json_object *object = json_object_new_object();

	json_put(object, "bdf", json_bdf(fn->bdf));
	json_put_text(object, "name", name_of(machine, fn));
	json_put(object, "id",
		 json_number("%04x:%04x", vendor_of(fn), device_of(fn),
			     has_id(fn)));
	json_put(object, "class",
		 json_number("%06x", fn->class, 0, has_class(fn)));
	json_put(object, "parent",
		 fn->parent == NONE ?
			 NULL :
			 json_bdf(function_at(machine, fn->parent)->bdf));
	json_put_text(object, "driver", fn->driver);
	json_put(object, "iommu_group",
		 fn->group == NONE ? NULL : json_object_new_int(fn->group));
	json_put_text(object, "status", status_name(fn->status));
	if (fn->answer.judged)
		put_answer(object, fn);
	json_put(object, "mounts", json_words(fn->mounts, '\n'));
	json_put_bool(object, "swap", fn->swap);
	json_put(object, "interfaces", json_words(fn->nets, '\n'));
	json_put_bool(object, "hidden", false);
	return object;
}

/**
 * json_hidden() - a function that the kernel does not list, with the same keys
 * @bdf: its address, which is all that is known of it
 */
struct json_object *json_hidden(u64 bdf)
{
	static const char *const unknown[] = {
		"name", "id", "class", "parent", "driver", "iommu_group"
	};
	struct json_object *object = json_object_new_object();
	size_t i;

	json_put(object, "bdf", json_bdf(bdf));
	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		json_put(object, unknown[i], NULL);
	json_put_text(object, "status", "hidden");
	json_put(object, "mounts", json_words(NULL, ','));
	json_put_bool(object, "swap", false);
	json_put(object, "interfaces", json_words(NULL, ','));
	json_put_bool(object, "hidden", true);
	return object;
}

/**
 * json_put_module() - what holds for all functions of a machine
 * @object: receives it
 * @machine: the machine
 */
void json_put_module(struct json_object *object, const struct machine *machine)
{
	static const char *const sources[] = {
		[SOURCE_MODULE] = "module",
		[SOURCE_ENGINE] = "engine",
		[SOURCE_DUMP] = "dump",
	};
	const struct settings *settings = &machine->settings;
	struct json_object *module = json_object_new_object();

	json_put_bool(object, "enforced", is_enforced(machine));
	json_put_text(object, "source", sources[machine->source]);
	json_put_bool(module, "loaded", is_loaded(machine));
	if (is_loaded(machine)) {
		json_put_text(module, "mode", settings->mode);
		json_put_text(module, "unit", settings->unit);
		json_put_bool(module, "strict", settings->strict);
		json_put_bool(module, "locked", settings->locked);
	}
	json_put(object, "module", module);
	/* A dump without groups does not tell. */
	if (machine->source == SOURCE_DUMP && !machine->groups_known)
		json_put(object, "iommu", NULL);
	else
		json_put_bool(object, "iommu", machine->nr_groups);
}
