// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard list: a line a function, for programs
 */
#include "json.h"
#include "judge.h"
#include "list.h"
#include "sysfs.h"
#include "tool.h"

/**
 * type_name() - the type of a function, as list prints it
 * @fn: the function
 * @buf: memory for a name that has to be made up
 * @size: how much
 *
 * Return: "-" if the type is not known.
 */
const char *type_name(const struct function *fn, char *buf, size_t size)
{
	static const char *const names[] = {
		[PCI_EXP_TYPE_ENDPOINT] = "endpoint",
		[PCI_EXP_TYPE_LEG_END] = "legacy-endpoint",
		[PCI_EXP_TYPE_ROOT_PORT] = "root-port",
		[PCI_EXP_TYPE_UPSTREAM] = "upstream-port",
		[PCI_EXP_TYPE_DOWNSTREAM] = "downstream-port",
		[PCI_EXP_TYPE_PCI_BRIDGE] = "pcie-to-pci-bridge",
		[PCI_EXP_TYPE_PCIE_BRIDGE] = "pci-to-pcie-bridge",
		[PCI_EXP_TYPE_RC_END] = "integrated-endpoint",
		[PCI_EXP_TYPE_RC_EC] = "event-collector",
		[TYPE_CONVENTIONAL] = "conventional",
	};
	u8 header;

	if (!fn->cfg || fn->flags & FN_TYPELESS)
		return "-";
	header = fn->cfg[PCI_HEADER_TYPE] & 0x7f;
	if (fn->type == TYPE_CONVENTIONAL &&
	    (header == PCI_HEADER_TYPE_BRIDGE ||
	     header == PCI_HEADER_TYPE_CARDBUS))
		return "conventional-bridge";
	if (fn->type < ARRAY_SIZE(names) && names[fn->type])
		return names[fn->type];
	snprintf(buf, size, "unknown-%x", fn->type);
	return buf;
}

/**
 * has_id() - is it known what a function is?
 * @fn: the function
 */
bool has_id(const struct function *fn)
{
	return !(fn->flags & (FN_NO_ANSWER | FN_NO_VENDOR | FN_NO_DEVICE));
}

bool has_class(const struct function *fn)
{
	return !(fn->flags & (FN_NO_ANSWER | FN_NO_CLASS));
}

static void print_peers(struct machine *machine, struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	size_t i;

	if (!peers->count && !peers->unknown)
		putchar('-');
	for (i = 0; i < peers->count; i++)
		printf("%s%s", i ? "," : "",
		       acs_guard_name(peers->bdf[i]).text);
	if (peers->unknown)
		printf("%s?", i ? "," : "");
}

static const char *status_of_list(const struct function *fn)
{
	if (!fn->answer.judged)
		return "unknown";
	if (fn->answer.isolated)
		return "ok";
	if (fn->answer.group_isolated > 0)
		return "group";
	return fn->answer.permissive ? "exception" : "refused";
}

/**
 * list_function() - print the line of a function
 * @machine: the machine
 * @fn: the function
 */
void list_function(struct machine *machine, struct function *fn)
{
	const struct answer *answer = &fn->answer;
	char type[16];

	printf("%s\t", acs_guard_name(fn->bdf).text);
	if (has_id(fn))
		printf("%04x:%04x\t", vendor_of(fn), device_of(fn));
	else
		printf("-\t");
	printf("%s\t", type_name(fn, type, sizeof(type)));
	if (answer->judged)
		printf("%d\t%s\t%s\t%s\t", answer->isolated, answer->reason,
		       answer->has_blocker ?
			       acs_guard_name(answer->blocker).text :
			       "-",
		       *answer->missing ? answer->missing : "-");
	else
		printf("-\t-\t-\t-\t");
	print_peers(machine, fn);
	if (!strcmp(machine->settings.unit, "group"))
		printf("\t%s", status_of_list(fn));
	putchar('\n');
}

/**
 * list_heading() - print the names of the columns
 * @unit: the unit that functions are judged with
 */
void list_heading(const char *unit)
{
	printf("bdf\tid\ttype\tisolated\treason\tblocker\tmissing\tpeers%s\n",
	       strcmp(unit, "group") ? "" : "\tstatus");
}

static struct json_object *json_acs(const struct machine *machine,
				    const struct function *fn)
{
	struct json_object *object;
	struct acs_facts facts;
	char number[8];

	if (!fn->cfg)
		return NULL;
	facts = acs_facts_of(machine, fn);
	if (!facts.readable || fn->flags & FN_TYPELESS)
		return json_text("unreadable");
	if (!facts.acs)
		return NULL;
	object = json_object_new_object();
	snprintf(number, sizeof(number), "%04x", facts.cap);
	json_put_text(object, "cap", number);
	snprintf(number, sizeof(number), "%04x", facts.ctrl);
	json_put_text(object, "ctrl", number);
	return object;
}

static struct json_object *json_peers(struct machine *machine,
				      struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	struct json_object *list;
	size_t i;

	if (peers->unknown)
		return NULL;
	list = json_object_new_array();
	for (i = 0; i < peers->count; i++)
		json_object_array_add(list, json_bdf(peers->bdf[i]));
	return list;
}

static void put_answer(struct json_object *object, struct machine *machine,
		       struct function *fn)
{
	const struct answer *answer = &fn->answer;

	if (!answer->judged) {
		json_put(object, "isolated", NULL);
		return;
	}
	json_put_bool(object, "isolated", answer->isolated);
	json_put_text(object, "reason", answer->reason);
	json_put(object, "blocker",
		 answer->has_blocker ? json_bdf(answer->blocker) : NULL);
	json_put(object, "missing", json_words(answer->missing, ','));
	json_put(object, "peers", json_peers(machine, fn));
	json_put_text(object, "explanation",
		      answer->isolated ? NULL : answer->words);
}

/**
 * list_json() - a function as an object, with the columns of its line and more
 * @machine: the machine
 * @fn: the function
 */
struct json_object *list_json(struct machine *machine, struct function *fn)
{
	struct json_object *object = json_object_new_object();
	char text[16];
	const char *type = type_name(fn, text, sizeof(text));

	json_put(object, "bdf", json_bdf(fn->bdf));
	json_put_text(object, "type", *type == '-' ? NULL : type);
	snprintf(text, sizeof(text), "%04x:%04x", vendor_of(fn), device_of(fn));
	json_put_text(object, "id", has_id(fn) ? text : NULL);
	snprintf(text, sizeof(text), "%06x", fn->class);
	json_put_text(object, "class", has_class(fn) ? text : NULL);
	json_put(object, "parent",
		 fn->parent == NONE ?
			 NULL :
			 json_bdf(function_at(machine, fn->parent)->bdf));
	put_answer(object, machine, fn);
	json_put(object, "iommu_group",
		 fn->group == NONE ? NULL : json_object_new_int(fn->group));
	json_put(object, "group_isolated",
		 json_known(fn->answer.group_isolated));
	if (!strcmp(machine->settings.unit, "group"))
		json_put_text(object, "status", status_of_list(fn));
	json_put(object, "acs", json_acs(machine, fn));
	return object;
}

static void print_json(struct machine *machine)
{
	struct json_object *object = json_object_new_object();
	struct json_object *devices = json_object_new_array();
	size_t i;

	for (i = 0; i < machine->count; i++)
		json_object_array_add(devices,
				      list_json(machine, &machine->fns[i]));
	json_put_text(object, "unit", machine->settings.unit);
	json_put_bool(object, "strict", machine->settings.strict);
	json_put(object, "devices", devices);
	json_print(object);
}

int run_list(const struct options *options, int argc, char **argv)
{
	struct machine machine;
	size_t i;

	if (argc)
		die("list takes no argument");
	take_stock(&machine, options);
	/* The module does not tell the types of functions. */
	if (machine.source == SOURCE_MODULE)
		sysfs_read_configs(&machine);
	if (options->json) {
		print_json(&machine);
	} else {
		list_heading(machine.settings.unit);
		for (i = 0; i < machine.count; i++)
			list_function(&machine, &machine.fns[i]);
	}
	machine_free(&machine);
	return EXIT_FINE;
}
