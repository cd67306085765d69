// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard revoke: take exceptions back
 */
#include <stdlib.h>
#include <unistd.h>

#include "exceptions.h"
#include "json.h"
#include "permissive.h"
#include "sysfs.h"
#include "tool.h"

/**
 * struct revocation - an exception that is being taken back
 * @bdf: of which function
 * @fn: the function, or NULL if it is not there
 * @dropped: how many entries were in the files
 * @was: an exception was in force
 */
struct revocation {
	u64 bdf;
	struct function *fn;
	size_t dropped;
	bool was;
};

static bool can_write_rules(void)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", rules_path());
	*strrchr(folder, '/') = '\0';
	return !access(folder, W_OK);
}

static void drop_entries(struct machine *machine, struct revocation *revocation,
			 struct exceptions *exceptions)
{
	const struct acs_guard_name name = acs_guard_name(revocation->bdf);

	if (can_write_rules())
		exceptions_lock();
	exceptions_load(exceptions);
	revocation->dropped =
		exceptions_drop(exceptions, machine, revocation->fn, name.text);
}

static void commit(const struct exceptions *exceptions)
{
	const char *complaint;

	if (!can_write_rules())
		die("that needs root: sudo acs-guard revoke ...");
	exceptions_stage(exceptions);
	complaint = exceptions_commit();
	if (complaint)
		die("cannot write %s and %s: %s; nothing was changed",
		    rules_path(), conf_path(), complaint);
}

static void revoke_now(const struct machine *machine,
		       const struct revocation *revocation)
{
	const struct acs_guard_name name = acs_guard_name(revocation->bdf);
	const char *complaint;

	need_power(revocation->fn, "revoke");
	complaint = permissive_write(revocation->fn, false);
	if (!complaint)
		return;
	if (revocation->dropped)
		die("the exception for %s is gone from the files, but stays in force until reboot: %s%s",
		    name.text,
		    machine->settings.locked ? "the settings are locked; " : "",
		    complaint);
	if (machine->settings.locked)
		die("cannot revoke the exception for %s: the settings are locked until reboot (lock=1)",
		    name.text);
	die("cannot revoke the exception for %s: %s; nothing was changed",
	    name.text, complaint);
}

/* As the module takes them: a location, perhaps with an ID, or an ID alone. */
static bool is_named_by(char *entry, const char *location, const char *id)
{
	char *at = strchr(entry, '@');

	if (starts(entry, "pci:"))
		return starts(entry + 4, id);
	if (at && strcmp(at + 1, id))
		return false;
	if (at)
		*at = '\0';
	return !strcmp(entry, location) ||
	       (starts(location, "0000:") && !strcmp(entry, location + 5));
}

/* The module was loaded with it, and applies it when the device comes back. */
static bool is_in_parameter(struct machine *machine, const struct function *fn)
{
	char line[4096], *rest = line, *entry;
	const char *location, *id;

	if (!fn ||
	    !read_first_line_of(line, sizeof(line),
				"%s/module/acs_guard/parameters/permissive",
				roots()->sysfs))
		return false;
	location = place_of(machine, fn);
	id = id_of(machine, fn);
	while ((entry = strsep(&rest, ",")))
		if (is_named_by(entry, location, id))
			return true;
	return false;
}

static void print_outcome(struct machine *machine,
			  const struct revocation *revocation)
{
	const struct function *fn = revocation->fn;
	const char *name = short_name(machine, revocation->bdf);

	if (!revocation->dropped && !revocation->was) {
		printf("%s has no exception; nothing was changed.\n", name);
		return;
	}
	printf("The exception for %s is revoked.%s\n", name,
	       revocation->dropped ?
		       " It is removed from the files of --persist, too." :
		       "");
	if (fn && fn->driver && fn->answer.judged && !fn->answer.isolated)
		printf("%s stays bound; the exception no longer applies at the next bind.\n",
		       fn->driver);
	if (!revocation->dropped)
		return;
	hint_initramfs();
	if (is_in_parameter(machine, fn))
		puts("The module was loaded with it: if the device is replugged before the module is loaded again, the exception is back.");
}

static void print_json(const struct revocation *revocation)
{
	const struct outcome outcome = {
		.changed = revocation->dropped || revocation->was,
	};

	json_print_line(json_outcome(revocation->bdf, &outcome));
}

int run_revoke(const struct options *options, int argc, char **argv)
{
	struct revocation revocation = {};
	struct exceptions exceptions;
	struct machine machine;
	struct text line = {};
	int i;

	for (i = 0; i < argc; i++)
		if (!strcmp(argv[i], "--persist"))
			die("revoke takes no --persist: it removes what --persist has written, too");
	if (argc != 1 || argv[0][0] == '-')
		die("revoke needs the address of one device: acs-guard revoke 04:00.0");
	revocation.bdf = bdf_of_argument(argv[0]);
	take_stock(&machine, options);
	revocation.fn = machine_find(&machine, revocation.bdf);
	drop_entries(&machine, &revocation, &exceptions);
	if (!revocation.dropped) {
		find_device(&machine, revocation.bdf);
		need_module(&machine, "no exception is in force");
	}
	if (revocation.fn)
		permissive_read(revocation.fn);
	revocation.was = revocation.fn && revocation.fn->answer.permissive;
	hold_signals();
	if (revocation.dropped)
		commit(&exceptions);
	if (revocation.was)
		revoke_now(&machine, &revocation);
	if (revocation.dropped || revocation.was) {
		text_add(&line, "exception for %s revoked by %s",
			 acs_guard_name(revocation.bdf).text, who_asks());
		log_change(text_get(&line));
		text_free(&line);
	}
	if (options->json)
		print_json(&revocation);
	else
		print_outcome(&machine, &revocation);
	exceptions_free(&exceptions);
	machine_free(&machine);
	return EXIT_FINE;
}
