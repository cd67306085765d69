// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard explain: one function, and what can be done about it
 */
#include "choices.h"
#include "exceptions.h"
#include "json.h"
#include "judge.h"
#include "names.h"
#include "output.h"
#include "permissive.h"
#include "ready.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"
#include "why.h"

static void print_choices(const struct machine *machine,
			  const struct choices *choices)
{
	size_t i;

	if (!choices->count)
		return;
	printf("\n%sWhat you can do%s (commands are for root%s)\n", style.bold,
	       style.plain,
	       machine->source == SOURCE_DUMP ? ", on that machine" : "");
	for (i = 0; i < choices->count; i++) {
		const struct choice *choice = &choices->list[i];
		const char *line = choice->commands, *end;

		printf("  %zu. %s%s%s\n", i + 1, style.bold, choice->title,
		       style.plain);
		para("     ", "%s", choice->text);
		for (; line && *line; line = *end ? end + 1 : end) {
			end = line + strcspn(line, "\n");
			printf("       %.*s\n", (int)(end - line), line);
		}
	}
}

static void print_ready(struct machine *machine, const struct function *fn)
{
	struct checks checks;
	size_t i;

	ready_find(&checks, machine, fn);
	printf("\n%sReady to assign?%s (only isolation is enforced)\n",
	       style.bold, style.plain);
	for (i = 0; i < checks.count; i++) {
		const struct check *check = &checks.list[i];
		const char *colour = !strcmp(check->answer, "yes") ?
					     style.green :
				     !strcmp(check->answer, "no") ? style.red :
								    style.dim;

		printf("  %s%-7s%s  %s\n", colour, check->answer, style.plain,
		       check->text);
	}
}

static void print_history(const struct machine *machine,
			  const struct function *fn)
{
	char times[32] = "once";

	if (machine->source != SOURCE_MODULE)
		return;
	if (!fn->answer.denied) {
		para("", "No bind to it was refused so far.");
		return;
	}
	if (fn->answer.denied > 1)
		snprintf(times, sizeof(times), "%lu times", fn->answer.denied);
	para("",
	     "A bind to it was refused %s since it appeared. The kernel's log names the driver and the process:",
	     times);
	printf("  dmesg | grep %s\n", acs_guard_name(fn->bdf).text);
}

/* A port goes to no guest, but may be what others are refused for. */
static void explain_port(struct machine *machine, const struct function *fn)
{
	size_t i;

	putchar('\n');
	if (!fn->weak) {
		puts("A port or bridge: not handed out itself, and no device is refused because of it.");
		return;
	}
	printf("%sWEAK PORT%s: %s.\n\nNot isolated because of it:\n", style.red,
	       style.plain, fn->weak);
	for (i = 0; i < machine->count; i++)
		if (blames(&machine->fns[i]) &&
		    machine->fns[i].answer.blocker == fn->bdf)
			print_about(machine, &machine->fns[i], "    ");
}

static void print_refused(struct machine *machine, const struct function *fn)
{
	const char *fault = strcmp(fn->answer.reason, "no-iommu") ?
				    "it is not isolated from its neighbours" :
				    "no IOMMU restricts its DMA";
	const char *mode = machine->settings.mode;

	if (machine->source != SOURCE_MODULE)
		para("",
		     "%sREFUSED%s: %s, so acs_guard would not let it be handed to a guest.",
		     style.red, style.plain, fault);
	else if (!strcmp(mode, "enforce"))
		para("", "%sREFUSED%s: %s, so it is not handed to a guest.",
		     style.red, style.plain, fault);
	else
		para("",
		     "%sREFUSED%s, if mode=enforce were set: %s. mode=%s only logs.",
		     style.red, style.plain, fault, mode);
	if (is_exposed_in_use(machine, fn))
		para("",
		     "%s! %s%s is bound to it nevertheless: at that time acs_guard was not loaded or only logged, an exception was in force, or the device was isolated.",
		     style.red, style.plain, fn->driver);
	print_history(machine, fn);
}

static void print_exception(struct machine *machine, const struct function *fn)
{
	const char *lasting = exception_of(machine, fn);

	para("",
	     "%sEXCEPTION%s: an administrator has accepted the risk, so it can be handed to a guest even where it is not isolated. To revoke this: acs-guard revoke %s",
	     style.yellow, style.plain, short_name(machine, fn->bdf));
	if (lasting)
		para("", "%s", lasting);
	if (fn->answer.isolated)
		para("", "It needs none today: it is isolated.");
}

static void print_status(struct machine *machine, const struct function *fn)
{
	switch (fn->status) {
	case STATUS_OK:
		para("",
		     "%sOK%s: it is isolated. All DMA between it and another device passes the IOMMU. It can be handed to a guest.",
		     style.green, style.plain);
		break;
	case STATUS_EXCEPTION:
		print_exception(machine, fn);
		break;
	case STATUS_GROUP:
		para("",
		     "%sGROUP%s: it is exposed to devices of its own IOMMU group only, and VFIO gives a group to one owner as a whole (unit=group).%s",
		     style.yellow, style.plain,
		     fn->answer.group_isolated == UNTOLD ?
			     " The module decides at each bind whether that is so." :
			     " So it can be handed to a guest, together with its group.");
		break;
	case STATUS_REFUSED:
		print_refused(machine, fn);
		break;
	default:
		break;
	}
}

static void explain_verdict(struct machine *machine, struct function *fn)
{
	struct choices choices;

	putchar('\n');
	if (machine->source == SOURCE_ENGINE)
		para("", "NOT ENFORCED: the module acs_guard is not loaded%s",
		     fn->answer.judged ?
			     "." :
			     ", and configuration space cannot be read, so it is not known whether the device is isolated. VFIO hands out an IOMMU group as a whole, but does not check whether the group is isolated from other devices.");
	if (!fn->answer.judged)
		return;
	print_status(machine, fn);
	if (!fn->answer.isolated) {
		print_why(machine, fn);
		print_exposed(machine, fn);
		print_group_blocking_slots(machine, fn);
		print_group_doubt(machine, fn);
		choices_find(&choices, machine, fn);
		print_choices(machine, &choices);
	}
	print_ready(machine, fn);
}

/* ---- JSON ---- */

static void put_peers(struct json_object *object, struct machine *machine,
		      struct function *fn)
{
	struct json_object *list = json_object_new_array();
	const struct peers none = {}, *peers = &none;
	const struct function *peer;
	size_t i;

	if (!is_port(fn) && fn->answer.judged && !fn->answer.isolated)
		peers = peers_of(machine, fn);
	for (i = 0; i < peers->count; i++) {
		peer = machine_find(machine, peers->bdf[i]);
		if (peer)
			json_object_array_add(list, json_device(machine, peer));
		else if (is_hidden(machine, peers->bdf[i]))
			json_object_array_add(list, json_hidden(peers->bdf[i]));
	}
	json_put(object, "peers", list);
	json_put(object, "more_peers",
		 peers->unknown ? NULL : json_object_new_int64(peers->unnamed));
}

static void put_group_blocking_slots(struct json_object *object,
				     struct machine *machine,
				     struct function *fn)
{
	struct json_object *list = NULL;
	struct exposed_slots slots;
	size_t i;

	if (find_group_blocking_slots(machine, fn, &slots)) {
		list = json_object_new_array();
		for (i = 0; i < slots.count; i++)
			json_object_array_add(list, json_bdf(slots.bdf[i]));
	}
	json_put(object, "group_blocking_slots", list);
}

static void put_choices(struct json_object *object, struct machine *machine,
			struct function *fn)
{
	struct json_object *list = json_object_new_array(), *one;
	struct choices choices;
	size_t i;

	choices_find(&choices, machine, fn);
	for (i = 0; i < choices.count; i++) {
		one = json_object_new_object();
		json_put_text(one, "choice", choices.list[i].id);
		json_put_text(one, "title", choices.list[i].title);
		json_put_text(one, "text", choices.list[i].text);
		json_put(one, "commands",
			 json_words(choices.list[i].commands, '\n'));
		json_object_array_add(list, one);
	}
	json_put(object, "choices", list);
}

static void put_ready(struct json_object *object, struct machine *machine,
		      const struct function *fn)
{
	struct json_object *list = json_object_new_array(), *one;
	struct checks checks;
	size_t i;

	ready_find(&checks, machine, fn);
	for (i = 0; i < checks.count && !is_port(fn); i++) {
		one = json_object_new_object();
		json_put_text(one, "check", checks.list[i].name);
		json_put_text(one, "answer", checks.list[i].answer);
		json_put_text(one, "text", checks.list[i].text);
		json_object_array_add(list, one);
	}
	json_put(object, "ready", list);
}

static void print_json(struct machine *machine, struct function *fn)
{
	struct json_object *object = json_device(machine, fn);

	json_put_module(object, machine);
	put_peers(object, machine, fn);
	put_group_blocking_slots(object, machine, fn);
	put_choices(object, machine, fn);
	put_ready(object, machine, fn);
	json_print(object);
}

static bool is_refused(const struct machine *machine, const struct function *fn)
{
	size_t i;

	if (!is_port(fn))
		return fn->status == STATUS_REFUSED;
	for (i = 0; i < machine->count; i++)
		if (blames(&machine->fns[i]) &&
		    machine->fns[i].answer.blocker == fn->bdf &&
		    machine->fns[i].status == STATUS_REFUSED)
			return true;
	return false;
}

int run_explain(const struct options *options, int argc, char **argv)
{
	struct machine machine;
	struct function *fn;
	int status;
	u64 bdf;

	if (argc != 1)
		die("explain needs the address of one device: acs-guard explain 04:00.0");
	bdf = bdf_of_argument(argv[0]);
	read_stock(&machine, options);
	fn = find_device(&machine, bdf);
	print_notes(&machine);
	host_read(&machine);
	if (machine.source == SOURCE_MODULE)
		sysfs_read_iommus(&machine);
	exceptions_review(&machine);
	/* What it is exposed to was read while it was there, or not at all. */
	if (!fn->answer.isolated)
		peers_of(&machine, fn);
	need_present(fn);
	if (options->json) {
		print_json(&machine, fn);
	} else {
		print_about(&machine, fn, "");
		if (is_port(fn) && fn->answer.judged)
			explain_port(&machine, fn);
		else
			explain_verdict(&machine, fn);
	}
	status = query_status(&machine, is_refused(&machine, fn));
	exceptions_forget();
	machine_free(&machine);
	return status;
}
