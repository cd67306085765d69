// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what is said of exceptions that last
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "exceptions.h"
#include "output.h"

static struct exceptions reviewed;
static struct text unmatched;

/* Is another device at the location of an exception, or none? */
static void review_one(struct machine *machine,
		       const struct exception *exception)
{
	const struct function *there =
		function_in_place(machine, exception->location);
	const char *who, *id;

	who = tidy(&machine->arena,
		   arena_print(&machine->arena, "made by %s on %s: %s",
			       exception->by, exception->on,
			       exception->reason));
	if (!there) {
		text_add(&unmatched,
			 "The exception for %s (%s) has no device today; %s\n",
			 exception->bdf, exception->id, who);
		return;
	}
	id = id_of(machine, there);
	if (strcmp(id, exception->id))
		text_add(
			&unmatched,
			"The exception for %s was for an %s; now %s is there, at %s, and has none. It was %s\n",
			exception->bdf, exception->id, id,
			acs_guard_name(there->bdf).text, who);
}

static void review_file(const char *path)
{
	text_add(
		&unmatched,
		"%s is not as acs-guard wrote it: half-written, or changed by hand. Repair or remove it.\n",
		path);
}

/**
 * exceptions_review() - find exceptions that last and are not in force
 * @machine: this machine
 */
void exceptions_review(struct machine *machine)
{
	size_t i;

	/* An ordinary user may not be able to see the files. */
	if (machine->source == SOURCE_DUMP ||
	    (access(rules_path(), F_OK) && errno != ENOENT))
		return;
	if ((access(rules_path(), R_OK) && errno != ENOENT) ||
	    !exceptions_parse(&reviewed)) {
		exceptions_free(&reviewed);
		review_file(rules_path());
		return;
	}
	if (!access(conf_path(), R_OK) && !exceptions_match_conf(&reviewed))
		review_file(conf_path());
	for (i = 0; i < reviewed.count; i++)
		review_one(machine, &reviewed.list[i]);
}

void exceptions_forget(void)
{
	exceptions_free(&reviewed);
	text_free(&unmatched);
}

const struct text *exceptions_unmatched(void)
{
	return &unmatched;
}

/**
 * exception_of() - what is known of the lasting exception for a function
 * @machine: this machine; exceptions were reviewed
 * @fn: the function
 *
 * Return: who made it, and why; NULL if there is none.
 */
const char *exception_of(struct machine *machine, const struct function *fn)
{
	const char *location = place_of(machine, fn), *id = id_of(machine, fn);
	const struct exception *entry;
	size_t i;

	for (i = 0; i < reviewed.count; i++) {
		entry = &reviewed.list[i];
		if (strcmp(entry->location, location) || strcmp(entry->id, id))
			continue;
		return tidy(
			&machine->arena,
			arena_print(
				&machine->arena,
				"It is made again at each boot, made by %s on %s: %s",
				entry->by, entry->on, entry->reason));
	}
	return NULL;
}
