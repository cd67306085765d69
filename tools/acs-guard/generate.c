// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard generate: udev rules for the devices of a machine as they are
 */
#include "exceptions.h"
#include "json.h"
#include "names.h"
#include "permissive.h"
#include "tool.h"

static const char head[] =
	"# udev rules for acs_guard and the devices of this machine, as they are today, made by\n"
	"# \"acs-guard generate\". What is refused is not allowed here: its rules are comments. To accept\n"
	"# the risk of one device, say: acs-guard allow BDF --persist --reason \"...\"\n";

/* The module's own line: "no-acs 0000:03:00.0: words". */
static const char *reason_line(struct machine *machine,
			       const struct function *fn)
{
	const struct answer *answer = &fn->answer;

	if (answer->isolated)
		return "isolated";
	if (!answer->has_blocker)
		return answer->words;
	return arena_print(&machine->arena, "%s %s: %s", answer->reason,
			   acs_guard_name(answer->blocker).text, answer->words);
}

static void print_rule(const struct text *rule, const char *mark)
{
	const char *line = text_get(rule), *end;

	for (; *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		printf("%s%.*s\n", mark, (int)(end - line), line);
	}
}

static void print_function(struct machine *machine, const struct function *fn,
			   const struct text *rule)
{
	printf("\n# %s %s\n", acs_guard_name(fn->bdf).text,
	       name_of(machine, fn));
	switch (fn->status) {
	case STATUS_OK:
		puts("# OK: isolated, needs no rule.");
		break;
	case STATUS_GROUP:
		puts("# GROUP: unit=group decides, no rule.");
		break;
	case STATUS_REFUSED:
		printf("# REFUSED: %s\n", reason_line(machine, fn));
		print_rule(rule, "#");
		break;
	case STATUS_EXCEPTION:
		printf("# EXCEPTION: %s\n", reason_line(machine, fn));
		print_rule(rule, "");
		break;
	default:
		break;
	}
}

static struct json_object *json_rule(struct machine *machine,
				     const struct function *fn,
				     const struct text *rule)
{
	struct json_object *object = json_object_new_object();
	const bool active = fn->status == STATUS_EXCEPTION;

	json_put(object, "bdf", json_bdf(fn->bdf));
	json_put_text(object, "name", name_of(machine, fn));
	json_put_text(object, "status", status_name(fn->status));
	json_put_text(object, "reason", fn->answer.reason);
	json_put_bool(object, "active", active);
	json_put_text(object, "rule",
		      active || fn->status == STATUS_REFUSED ? text_get(rule) :
							       "");
	return object;
}

int run_generate(const struct options *options, int argc, char **argv)
{
	struct json_object *rules = json_object_new_array(), *object;
	struct machine machine;
	struct text rule = {};
	size_t i;

	if (argc)
		die("generate takes no argument");
	take_stock(&machine, options);
	need_module(
		&machine,
		"no exception is in force for which a rule could be printed");
	if (!options->json)
		fputs(head, stdout);
	for (i = 0; i < machine.count; i++) {
		const struct function *fn = &machine.fns[i];

		if (is_port(fn))
			continue;
		rule.len = 0;
		add_rule(&rule, place_of(&machine, fn), id_of(&machine, fn));
		if (options->json)
			json_object_array_add(rules,
					      json_rule(&machine, fn, &rule));
		else
			print_function(&machine, fn, &rule);
	}
	object = json_object_new_object();
	json_put(object, "rules", rules);
	if (options->json)
		json_print(object);
	else
		json_object_put(object);
	text_free(&rule);
	machine_free(&machine);
	return EXIT_FINE;
}
