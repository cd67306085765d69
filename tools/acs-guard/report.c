// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what commands say about a function, in common
 */
#include <fnmatch.h>
#include <stdlib.h>

#include "names.h"
#include "output.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

/* A list names as many addresses. */
#define MAX_LISTED 8

struct counts count_functions(const struct machine *machine)
{
	struct counts counts = {};
	size_t i;

	for (i = 0; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		counts.exceptions += fn->status == STATUS_EXCEPTION;
		counts.ok += fn->status == STATUS_OK;
		counts.grouped += fn->status == STATUS_GROUP;
		counts.exposed += is_exposed_in_use(machine, fn);
		if (fn->status != STATUS_REFUSED)
			continue;
		counts.refused++;
		if (fn->answer.group_isolated == UNTOLD)
			counts.excusable = UNTOLD;
		else if (counts.excusable != UNTOLD)
			counts.excusable += fn->answer.group_isolated;
	}
	return counts;
}

/**
 * label_of() - the word in front of a function
 * @fn: the function
 * @colour: the colour of that word
 */
const char *label_of(const struct function *fn, const char **colour)
{
	*colour = style.red;
	if (fn->weak && is_port(fn))
		return "WEAK PORT";
	switch (fn->status) {
	case STATUS_REFUSED:
		return "REFUSED";
	case STATUS_EXCEPTION:
		*colour = style.yellow;
		return "EXCEPTION";
	case STATUS_GROUP:
		*colour = style.yellow;
		return "GROUP";
	case STATUS_OK:
		*colour = style.green;
		return "OK";
	default:
		*colour = "";
		return "";
	}
}

/**
 * plain_words() - a reason without the list of controls, which is shown apart
 * @machine: the machine
 * @words: the reason
 */
const char *plain_words(struct machine *machine, const char *words)
{
	const char *start = strstr(words, " (lacks ");
	const char *end = start ? strchr(start, ')') : NULL;

	if (!end)
		return words;
	return arena_print(&machine->arena, "%.*s%s", (int)(start - words),
			   words, end + 1);
}

/**
 * is_guarded_driver() - does the module guard a driver?
 * @machine: the machine
 * @driver: the name of the driver
 */
bool is_guarded_driver(const struct machine *machine, const char *driver)
{
	char *globs = copy_text(machine->settings.drivers), *glob,
	     *rest = globs;
	bool found = false;

	while (!found && (glob = strsep(&rest, ",")))
		found = !fnmatch(glob, driver, 0);
	free(globs);
	return found;
}

/**
 * is_exposed_in_use() - is a function handed out though it is refused?
 * @machine: the machine
 * @fn: the function
 *
 * It was bound before the guard was loaded, or isolation was lost since.
 */
bool is_exposed_in_use(const struct machine *machine, const struct function *fn)
{
	return fn->status == STATUS_REFUSED && fn->driver &&
	       is_guarded_driver(machine, fn->driver);
}

/**
 * is_chipset() - is a function a part of the chipset that is handed to no guest?
 * @fn: the function
 *
 * Return: true for host and ISA bridges, system peripherals, performance
 * counters, dummies and the like, if there is nothing to say about one.  Below
 * a port, most of these classes are those of cards: memory, signal processors,
 * the NVSwitches of a GPU server.
 */
bool is_chipset(const struct function *fn)
{
	if (fn->status == STATUS_EXCEPTION || fn->mounts || fn->nets ||
	    fn->swap || fn->answer.denied || fn->first_child != NONE)
		return false;
	if (fn->parent != NONE)
		return fn->class >> 16 == 0x13;
	switch (fn->class >> 8) {
	case 0x0600:
	case 0x0601:
	case 0x0680:
	case 0x0c05:
		return true;
	/* Readers of SD cards are no part of the chipset. */
	case 0x0805:
		return false;
	}
	switch (fn->class >> 16) {
	case 0x05:
	case 0x08:
	case 0x11:
	case 0x13:
		return true;
	default:
		return false;
	}
}

static void print_driver(const struct function *fn)
{
	printf("%s[%s", style.dim, fn->driver ? fn->driver : "no driver");
	if (fn->group != NONE)
		printf(", group %d", fn->group);
	printf("]%s", style.plain);
}

/**
 * print_about() - print the line of a function that is named
 * @machine: the machine
 * @fn: the function
 * @indent: what the line begins with
 */
void print_about(struct machine *machine, const struct function *fn,
		 const char *indent)
{
	const char *uses = uses_of(machine, fn);

	printf("%s%s%s%s %s ", indent, style.bold, short_name(machine, fn->bdf),
	       style.plain, name_of(machine, fn));
	print_driver(fn);
	if (*uses)
		printf(" %s! %s%s", style.yellow, uses, style.plain);
	putchar('\n');
}

void print_about_hidden(const struct machine *machine, u64 bdf)
{
	printf("    %s%s%s hidden: not listed by the kernel\n", style.bold,
	       short_name(machine, bdf), style.plain);
}

/**
 * list_of() - short addresses, with commas
 * @machine: the machine
 * @bdf: the addresses
 * @count: how many
 */
const char *list_of(struct machine *machine, const u64 *bdf, size_t count)
{
	struct text text = {};
	const char *list;
	size_t i;

	for (i = 0; i < count && i < MAX_LISTED; i++)
		text_add(&text, "%s%s", i ? ", " : "",
			 short_name(machine, bdf[i]));
	if (count > MAX_LISTED)
		text_add(&text, " and %zu more", count - MAX_LISTED);
	list = arena_copy(&machine->arena, text_get(&text), text.len);
	text_free(&text);
	return list;
}

/**
 * query_status() - the exit status of a command that changes nothing
 * @machine: the machine
 * @refused: something is refused
 */
int query_status(const struct machine *machine, bool refused)
{
	if (machine->source == SOURCE_ENGINE) {
		say("the module acs_guard is not loaded: not enforced, any device can be handed to a guest");
		return EXIT_ERROR;
	}
	return refused ? EXIT_REFUSED : EXIT_FINE;
}
