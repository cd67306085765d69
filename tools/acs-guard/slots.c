// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: other slots for a card
 */
#include <dirent.h>
#include <stdlib.h>

#include "choices.h"
#include "registers.h"
#include "sysfs.h"
#include "tool.h"

/* So many free slots are named. */
#define MAX_NAMED 8

/* Is @fn the function @port, or below it? */
static bool is_below(const struct machine *machine, const struct function *fn,
		     const struct function *port)
{
	for (; fn; fn = function_at(machine, fn->parent))
		if (fn == port)
			return true;
	return false;
}

/* The bridge above a function that is not listed, by others on its bus. */
static const struct function *above_hidden(const struct machine *machine,
					   u64 bdf)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (machine->fns[i].bdf >> 8 == bdf >> 8)
			return function_at(machine, machine->fns[i].parent);
	return NULL;
}

/* The bridge above what is to blame: below it no slot is better. */
static const struct function *switch_of(const struct machine *machine,
					const struct answer *answer)
{
	const struct function *blocker;

	if (!answer->has_blocker)
		return NULL;
	blocker = machine_find(machine, answer->blocker);
	if (blocker)
		return function_at(machine, blocker->parent);
	return is_hidden(machine, answer->blocker) ?
		       above_hidden(machine, answer->blocker) :
		       NULL;
}

/* The name of the slot behind a port, which sysfs has by its address. */
static bool find_slot_name(u64 bus, char *name, size_t size)
{
	char path[PATH_MAX], address[32], wanted[32];
	struct dirent *entry;
	bool found = false;
	DIR *slots;

	snprintf(wanted, sizeof(wanted), "%04x:%02x:00", (u32)(bus >> 8),
		 (u8)bus);
	snprintf(path, sizeof(path), "%s/bus/pci/slots", roots()->sysfs);
	slots = opendir(path);
	if (!slots)
		return false;
	while (!found && (entry = readdir(slots))) {
		if (entry->d_name[0] == '.')
			continue;
		found = read_first_line_of(address, sizeof(address),
					   "%s/%s/address", path,
					   entry->d_name) &&
			!strcmp(address, wanted);
		if (found)
			snprintf(name, size, "%s", entry->d_name);
	}
	closedir(slots);
	return found;
}

static bool secondary_bus(const struct function *port, unsigned long *bus)
{
	char line[16];

	if (port->path &&
	    read_first_line_of(line, sizeof(line), "%s/secondary_bus_number",
			       port->path)) {
		*bus = strtoul(line, NULL, 10);
		return true;
	}
	if (!port->cfg || port->len < HEADER_SIZE)
		return false;
	*bus = reg(port, PCI_SECONDARY_BUS, 1);
	return true;
}

static void add_slot(const struct machine *machine, const struct function *port,
		     struct text *list)
{
	unsigned long bus;
	char name[256];

	text_add(list, "%s%s", list->len ? ", " : "",
		 short_name(machine, port->bdf));
	if (machine->source != SOURCE_DUMP && secondary_bus(port, &bus) &&
	    find_slot_name((u64)domain_of(port) << 8 | bus, name, sizeof(name)))
		text_add(list, " (slot %s)", name);
}

/*
 * Ports with nothing below, but not of the switch that is to blame.
 *
 * Return: how many there are.
 */
static size_t find_free_slots(const struct machine *machine,
			      const struct function *fn, struct text *list)
{
	const struct function *switch_above = switch_of(machine, &fn->answer);
	const struct function *blocker =
		fn->answer.has_blocker ?
			machine_find(machine, fn->answer.blocker) :
			NULL;
	size_t count = 0, i;

	for (i = 0; i < machine->count; i++) {
		const struct function *port = &machine->fns[i];

		if (!is_port(port) || port->first_child != NONE ||
		    port == blocker ||
		    (switch_above && is_below(machine, port, switch_above)))
			continue;
		if (count++ < MAX_NAMED)
			add_slot(machine, port, list);
	}
	return count;
}

static bool does_slot_matter(const struct function *fn)
{
	static const char *const reasons[] = {
		"no-acs",
		"acs-incomplete",
		"acs-disabled",
		"egress-direct",
		"direct-translated",
		"sibling-port",
		"internal-function",
		"conventional",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(fn->answer.reason, reasons[i]))
			return true;
	return false;
}

void offer_slot(struct choices *choices, struct machine *machine,
		const struct function *fn)
{
	struct text list = {};
	const char *title;
	size_t count;

	if (!does_slot_matter(fn))
		return;
	count = find_free_slots(machine, fn, &list);
	title = arena_print(
		&machine->arena,
		"Move the card to another slot: not below %s or its neighbours",
		fn->answer.has_blocker ?
			short_name(machine, fn->answer.blocker) :
			"its port");
	if (count)
		choices_add(
			choices, "slot", title, NULL, machine,
			"Nothing is plugged in below %s%s. acs-guard shows whether that helps once the card is there.",
			text_get(&list),
			count > MAX_NAMED ? " and others" : "");
	else
		choices_add(choices, "slot", title, NULL, machine,
			    "No port elsewhere is free today.");
	text_free(&list);
}
