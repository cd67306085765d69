// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard allow: exceptions, for one device or for an IOMMU group
 */
#include <ctype.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "exceptions.h"
#include "json.h"
#include "judge.h"
#include "names.h"
#include "output.h"
#include "permissive.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

#define MAX_REASON 200

/* Deeper places are not understood by permissive=. */
#define MAX_DEPTH 8

/* So many peers are named. */
#define MAX_SHOWN 16

/**
 * struct request - what allow was asked for
 * @device: an address, or NULL
 * @group: the number of a group, or NULL
 * @reason: why
 * @persist: for good
 */
struct request {
	const char *device;
	const char *group;
	char *reason;
	bool persist;
};

/**
 * struct batch - the functions that get an exception
 * @fns: the functions, @count of them
 * @count: see @fns
 * @done: of how many of them permissive was set just now
 */
struct batch {
	struct function **fns;
	size_t count;
	size_t done;
};

/* ---- the command line ---- */

static void take_once(const char **where, const char *option, const char *value)
{
	if (*where)
		die("%s may be given once", option);
	*where = value;
}

static void parse(struct request *request, int argc, char **argv)
{
	const char *reason = NULL;
	int i;

	for (i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--persist")) {
			request->persist = true;
		} else if (!strcmp(argv[i], "--reason")) {
			if (++i == argc)
				die("--reason needs a text");
			take_once(&reason, "--reason", argv[i]);
		} else if (starts(argv[i], "--reason=")) {
			take_once(&reason, "--reason", argv[i] + 9);
		} else if (!strcmp(argv[i], "--group")) {
			if (++i == argc)
				die("--group needs a number");
			take_once(&request->group, "--group", argv[i]);
		} else if (starts(argv[i], "--group=")) {
			take_once(&request->group, "--group", argv[i] + 8);
		} else if (argv[i][0] == '-' && !isdigit(argv[i][1])) {
			die("allow has no option '%s'", printable(argv[i]));
		} else if (request->device) {
			die("allow takes the address of one device only");
		} else {
			request->device = argv[i];
		}
	}
	if (!request->device && !request->group)
		die("allow needs the address of a device: acs-guard allow 04:00.0 --reason \"...\"");
	if (request->device && request->group)
		die("allow takes the address of one device or --group, not both");
	if (request->device)
		bdf_of_argument(request->device);
	if (!reason)
		die("an exception needs a reason: --reason \"why this risk is accepted\"");
	request->reason = copy_text(reason);
}

/* One line that cannot be taken for anything else. */
static void check_reason(char *reason)
{
	const size_t start = strspn(reason, " \t");
	size_t len;
	char *at;

	if (!reason[start])
		die("an exception needs a reason: --reason \"why this risk is accepted\"");
	if (has_control(reason))
		die("the reason has to be one line of plain text");
	if (strlen(reason) > MAX_REASON)
		die("the reason is longer than %d characters", MAX_REASON);
	for (at = reason; *at; at++) {
		if (*at == '"')
			*at = '\'';
		if (*at == '\\')
			*at = '/';
	}
	/* A program that reads the line may take blanks off its end. */
	memmove(reason, reason + start, strlen(reason + start) + 1);
	for (len = strlen(reason);
	     len && isblank((unsigned char)reason[len - 1]);)
		reason[--len] = '\0';
}

/* ---- what is meant ---- */

static void add_to_batch(struct batch *batch, struct function *fn)
{
	batch->fns =
		realloc(batch->fns, (batch->count + 1) * sizeof(*batch->fns));
	if (!batch->fns)
		die_of_memory();
	batch->fns[batch->count++] = fn;
}

static int parse_group(const char *text)
{
	char *end;
	const long number = strtol(text, &end, 10);

	if (end == text || *end || number < 0 || number > INT_MAX)
		die("'%s' is no number of an IOMMU group", printable(text));
	return (int)number;
}

static void find_group(struct machine *machine, const struct request *request,
		       struct batch *batch)
{
	const int group = parse_group(request->group);
	struct function *fn;
	int number;

	number = machine_first_in_group(machine, group);
	if (number == NONE)
		die("there is no IOMMU group %d", group);
	for (; number != NONE; number = fn->next_in_group) {
		fn = function_at(machine, number);
		if (!is_port(fn) && !fn->answer.isolated)
			add_to_batch(batch, fn);
	}
}

static void find_one(struct machine *machine, const struct request *request,
		     struct batch *batch)
{
	struct function *fn =
		find_device(machine, bdf_of_argument(request->device));

	if (is_port(fn))
		die("%s is a port or bridge, which is not handed out: allow the devices below it",
		    acs_guard_name(fn->bdf).text);
	need_power(fn, "allow");
	if (!fn->answer.isolated)
		add_to_batch(batch, fn);
}

/* ---- for good ---- */

static const char *now(struct machine *machine)
{
	const time_t seconds = time(NULL);
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
	return arena_copy(&machine->arena, text, strlen(text));
}

static void add_entry(struct machine *machine, struct exceptions *exceptions,
		      const struct function *fn, const char *reason)
{
	const struct acs_guard_name name = acs_guard_name(fn->bdf);
	const char *location = place_of(machine, fn), *at;
	struct exception entry;
	unsigned int depth = 1;
	char path[PATH_MAX];
	struct stat facts;

	snprintf(path, sizeof(path), "%s/physfn", fn->path);
	if (is_virtual(fn) || !lstat(path, &facts))
		die("%s is a virtual function, which does not outlive a reboot, so --persist cannot name it; nothing was changed",
		    name.text);
	for (at = location; (at = strchr(at, '/')); at++)
		depth++;
	if (depth > MAX_DEPTH)
		die("%s is below more than %d bridges, deeper than permissive= can name, so --persist is not possible; nothing was changed",
		    name.text, MAX_DEPTH - 1);
	entry = (struct exception){
		.bdf = arena_copy(&machine->arena, name.text,
				  strlen(name.text)),
		.location =
			arena_copy(&machine->arena, location, strlen(location)),
		.id = (char *)id_of(machine, fn),
		.by = (char *)who_asks(),
		.on = (char *)now(machine),
		.reason = (char *)reason,
	};
	exceptions_put(exceptions, &entry);
}

static void prepare_files(struct machine *machine, const struct batch *batch,
			  const char *reason)
{
	struct exceptions exceptions;
	size_t i;

	exceptions_lock();
	exceptions_load(&exceptions);
	exceptions_check_others();
	for (i = 0; i < batch->count; i++) {
		permissive_read(batch->fns[i]);
		add_entry(machine, &exceptions, batch->fns[i], reason);
	}
	exceptions_stage(&exceptions);
	exceptions_free(&exceptions);
}

/* ---- all or nothing ---- */

static void undo_allow(struct batch *batch)
{
	while (batch->done)
		if (!batch->fns[--batch->done]->answer.permissive)
			permissive_write(batch->fns[batch->done], false);
}

static void apply(struct machine *machine, struct batch *batch, bool persist)
{
	const char *complaint;

	hold_signals();
	for (; batch->done < batch->count; batch->done++) {
		const struct function *fn = batch->fns[batch->done];
		const struct acs_guard_name name = acs_guard_name(fn->bdf);

		if (fn->answer.permissive)
			continue;
		complaint = permissive_write(fn, true);
		if (!complaint)
			continue;
		undo_allow(batch);
		if (machine->settings.locked)
			die("cannot make an exception for %s: the settings are locked until reboot (lock=1)",
			    name.text);
		die("cannot make an exception for %s: %s; nothing was changed",
		    name.text, complaint);
	}
	complaint = persist ? exceptions_commit() : NULL;
	if (!complaint)
		return;
	undo_allow(batch);
	die("cannot write %s and %s: %s; nothing was changed", rules_path(),
	    conf_path(), complaint);
}

/* ---- what was done ---- */

static void log_exceptions(const struct batch *batch,
			   const struct request *request)
{
	struct text line = {};
	size_t i;

	for (i = 0; i < batch->count; i++) {
		const struct function *fn = batch->fns[i];

		line.len = 0;
		text_add(&line, "exception for %s (%04x:%04x) by %s%s: %s",
			 acs_guard_name(fn->bdf).text, vendor_of(fn),
			 device_of(fn), who_asks(),
			 request->persist ? ", for good" : "", request->reason);
		log_change(text_get(&line));
	}
	text_free(&line);
}

static void print_exposed(struct machine *machine, struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	size_t unnamed = peers->unnamed, i;

	if (peers->unknown)
		puts("Not all devices that are exposed to it are known, because a device vanished while they were read.");
	if (!peers->count)
		return;
	puts(strcmp(fn->answer.reason, "iommu-group") ?
		     "It and each of these devices can send DMA to each other past the IOMMU:" :
		     "The kernel does not keep it and these devices of its IOMMU group apart:");
	for (i = 0; i < peers->count && i < MAX_SHOWN; i++) {
		const struct function *peer =
			machine_find(machine, peers->bdf[i]);

		if (peer)
			print_about(machine, peer, "    ");
		else if (is_hidden(machine, peers->bdf[i]))
			print_about_hidden(machine, peers->bdf[i]);
	}
	unnamed += peers->count - i;
	if (unnamed)
		printf("    and %zu more\n", unnamed);
}

static void print_outcome(struct machine *machine, const struct batch *batch,
			  const struct request *request)
{
	size_t i;

	for (i = 0; i < batch->count; i++) {
		if (batch->fns[i]->answer.permissive) {
			para("",
			     "%s %s has an exception already; the new reason was logged.",
			     short_name(machine, batch->fns[i]->bdf),
			     name_of(machine, batch->fns[i]));
			continue;
		}
		para("",
		     "Exception made for %s %s: from now on it can be handed to a guest although it is not isolated.",
		     short_name(machine, batch->fns[i]->bdf),
		     name_of(machine, batch->fns[i]));
		print_exposed(machine, batch->fns[i]);
	}
	if (request->persist) {
		for (i = 0; i < batch->count; i++)
			printf("It is made again at each boot, for a device %s at this place, by:\n",
			       id_of(machine, batch->fns[i]));
		printf("    %s\n    %s\n", rules_path(), conf_path());
		hint_initramfs();
	} else {
		para("",
		     "An exception ends when the device is removed or the machine reboots (with --persist, it is made again at each boot).");
	}
	for (i = 0; i < batch->count; i++)
		printf("To revoke it: acs-guard revoke %s\n",
		       short_name(machine, batch->fns[i]->bdf));
}

/* The answer is that from before the exception. */
static struct json_object *json_exception(const struct function *fn,
					  const struct request *request)
{
	const struct outcome outcome = {
		.permissive = true,
		.persistent = request->persist,
		.changed = !fn->answer.permissive || request->persist,
		.reason = request->reason,
	};

	return json_outcome(fn->bdf, &outcome);
}

static void print_json(const struct batch *batch, const struct request *request)
{
	struct json_object *object, *list;
	size_t i;

	if (!request->group) {
		json_print_line(json_exception(batch->fns[0], request));
		return;
	}
	object = json_object_new_object();
	list = json_object_new_array();
	for (i = 0; i < batch->count; i++)
		json_object_array_add(list,
				      json_exception(batch->fns[i], request));
	json_put_int(object, "group", parse_group(request->group));
	json_put(object, "exceptions", list);
	json_print_line(object);
}

/* What is isolated needs no exception, and gets none. */
static void print_needless(struct machine *machine,
			   const struct request *request, bool json)
{
	const struct function *fn;
	struct outcome outcome = { .reason = request->reason };

	if (request->group) {
		if (json)
			printf("{\"group\":%d,\"exceptions\":[]}\n",
			       parse_group(request->group));
		else
			printf("No function of IOMMU group %d needs an exception, because each is isolated or a bridge; none was made.\n",
			       parse_group(request->group));
		return;
	}
	fn = machine_find(machine, bdf_of_argument(request->device));
	outcome.permissive = fn->answer.permissive;
	if (json)
		json_print_line(json_outcome(fn->bdf, &outcome));
	else
		printf("%s %s is isolated and needs no exception; none was made.\n",
		       short_name(machine, fn->bdf), name_of(machine, fn));
}

static void allow(struct machine *machine, const struct request *request,
		  bool json)
{
	struct batch batch = {};
	size_t i;

	if (request->group)
		find_group(machine, request, &batch);
	else
		find_one(machine, request, &batch);
	if (!batch.count) {
		print_needless(machine, request, json);
		return;
	}
	for (i = 0; i < batch.count; i++)
		need_power(batch.fns[i], "allow");
	host_read(machine);
	if (request->persist)
		prepare_files(machine, &batch, request->reason);
	apply(machine, &batch, request->persist);
	log_exceptions(&batch, request);
	if (json)
		print_json(&batch, request);
	else
		print_outcome(machine, &batch, request);
	free(batch.fns);
}

int run_allow(const struct options *options, int argc, char **argv)
{
	struct request request = {};
	struct machine machine;

	parse(&request, argc, argv);
	check_reason(request.reason);
	take_stock(&machine, options);
	need_module(&machine, "nothing is refused, so no exception is needed");
	allow(&machine, &request, options->json);
	machine_free(&machine);
	free(request.reason);
	return EXIT_FINE;
}
