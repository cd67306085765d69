// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: where a device is, as udev and the module take it
 */
#include <ctype.h>
#include <stdlib.h>

#include "exceptions.h"

/* "0000:02:00.0" is "00.0" below a bridge. */
static const char *last_part(const char *bdf)
{
	const char *colon = strrchr(bdf, ':');

	return colon ? colon + 1 : bdf;
}

/* What is behind the last "/pci0000:00/" of a path. */
static const char *below_root_bus(const char *path)
{
	const char *at, *found = NULL;

	for (at = strstr(path, "/pci"); at; at = strstr(at + 1, "/pci")) {
		const char *part = at + 4;
		unsigned long number;

		if (take_hex(&part, 8, &number) && *part++ == ':' &&
		    take_hex(&part, 2, &number) && *part == '/')
			found = part + 1;
	}
	return found;
}

static const char *place_of_path(struct machine *machine, const char *path)
{
	char *copy = copy_text(path), *rest = copy, *part;
	struct text location = {};
	const char *text;

	while ((part = strsep(&rest, "/")))
		text_add(&location, "%s%s", location.len ? "/" : "",
			 location.len ? last_part(part) : part);
	free(copy);
	text = arena_copy(&machine->arena, text_get(&location), location.len);
	text_free(&location);
	return text;
}

/* Of a dump: from the model. */
static const char *place_in_model(struct machine *machine,
				  const struct function *fn)
{
	const struct acs_guard_name name = acs_guard_name(fn->bdf);
	const struct function *above = function_at(
		machine,
		(is_virtual(fn) ? function_at(machine, fn->pf) : fn)->up);

	if (!above)
		return arena_copy(&machine->arena, name.text,
				  strlen(name.text));
	return arena_print(&machine->arena, "%s/%s",
			   place_in_model(machine, above),
			   last_part(name.text));
}

/**
 * place_of() - the location of a function, as permissive= takes it
 * @machine: the machine
 * @fn: the function
 *
 * Return: such as "0000:00:1c.0/00.0".
 */
const char *place_of(struct machine *machine, const struct function *fn)
{
	const char *below = fn->path ? below_root_bus(fn->path) : NULL;

	return below ? place_of_path(machine, below) :
		       place_in_model(machine, fn);
}

/**
 * function_in_place() - the function at a location
 * @machine: the machine
 * @location: the location, as place_of() has it
 *
 * Return: NULL if there is none.
 */
const struct function *function_in_place(struct machine *machine,
					 const char *location)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (!strcmp(place_of(machine, &machine->fns[i]), location))
			return &machine->fns[i];
	return NULL;
}

const char *id_of(struct machine *machine, const struct function *fn)
{
	return arena_print(&machine->arena, "%04x:%04x", vendor_of(fn),
			   device_of(fn));
}

/*
 * What udev's DEVPATH has to match.  Buses may have other numbers after each
 * boot, all but the first.
 */
static void add_devpath(struct text *text, const char *location)
{
	const size_t first = strcspn(location, "/");
	const size_t domain = strcspn(location, ":");
	const char *at = location + first;
	size_t bus = first, i;

	while (bus && location[bus] != ':')
		bus--;
	text_add(text, "*/pci%.*s/%.*s", (int)bus, location, (int)first,
		 location);
	while (*at++ == '/') {
		const size_t len = strcspn(at, "/");

		text_add(text, "/");
		for (i = 0; i < domain; i++)
			text_add(text, "?");
		text_add(text, ":??:%.*s", (int)len, at);
		at += len;
	}
}

/**
 * add_rule() - add the udev rules of an exception
 * @text: where they are added; no newline at the end
 * @location: the location of the device
 * @id: its vendor and device ID
 *
 * The second and third rule tell the log if another device is there.
 */
void add_rule(struct text *text, const char *location, const char *id)
{
	struct text where = {}, message = {};

	text_add(&where, "ACTION==\"add\", SUBSYSTEM==\"pci\", DEVPATH==\"");
	add_devpath(&where, location);
	text_add(&where, "\"");
	text_add(
		&message,
		"RUN+=\"/bin/sh -c 'echo acs-guard: no exception for %%k: it is $attr{vendor}:$attr{device}, and the exception was for %s >/dev/kmsg'\"",
		id);
	text_add(
		text,
		"%s, ATTR{vendor}==\"0x%.4s\", ATTR{device}==\"0x%s\", TEST==\"acs_guard/permissive\", ATTR{acs_guard/permissive}=\"1\"\n",
		text_get(&where), id, id + 5);
	text_add(text, "%s, ATTR{vendor}!=\"0x%.4s\", %s\n", text_get(&where),
		 id, text_get(&message));
	text_add(text,
		 "%s, ATTR{vendor}==\"0x%.4s\", ATTR{device}!=\"0x%s\", %s",
		 text_get(&where), id, id + 5, text_get(&message));
	text_free(&where);
	text_free(&message);
}
