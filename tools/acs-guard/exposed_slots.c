// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: hot-plug slots that are exposed to a function
 *
 * A function that is plugged in later is in no IOMMU group yet, so unit=group
 * refuses a function that such a slot is exposed to, although all its peers may
 * be in its group.
 */
#include "ancestor.h"
#include "engine.h"
#include "judge.h"
#include "node.h"
#include "output.h"
#include "report.h"
#include "sysfs.h"
#include "why.h"

/**
 * exposed_slots() - find the ports with hot-plug slots that are exposed to a
 *	function
 * @machine: the machine; configuration space has been read
 * @fn: the function
 * @slots: receives the ports, in the order of their addresses
 */
void exposed_slots(const struct machine *machine, const struct function *fn,
		   struct exposed_slots *slots)
{
	struct acs_guard_reader reader = { .machine = machine };
	const struct acs_node node = { machine, fn };
	struct acs_guard_common_ancestor ancestor;
	struct acs_guard_own_path own;
	size_t i;

	slots->count = 0;
	acs_guard_own_path_init(&own, node, &reader);
	for (i = 0; i < machine->count; i++) {
		const struct function *port = &machine->fns[i];

		if (!(port->flags & FN_HOTPLUG) || port == fn)
			continue;
		acs_guard_find_common_ancestor(
			&own, acs_node_number(machine, (int)i), &ancestor);
		if (!acs_guard_exposed(&ancestor))
			continue;
		if (slots->count == MAX_EXPOSED_SLOTS)
			return;
		slots->bdf[slots->count++] = port->bdf;
	}
}

/**
 * is_refused_anyway() - is a reason known that unit=group does not accept?
 * @fn: a function that is not isolated
 */
bool is_refused_anyway(const struct function *fn)
{
	static const char *const reasons[] = {
		"no-iommu",	     "unreadable",  "unknown-type",
		"internal-function", "translation", "port-memory",
	};
	size_t i;

	if (fn->answer.beyond_group)
		return true;
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(fn->answer.reason, reasons[i]))
			return true;
	return false;
}

/* Other peers explain by themselves why unit=group does not allow a bind. */
static bool has_peers_in_group_only(struct machine *machine,
				    struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	const struct function *peer;
	size_t i;

	for (i = 0; i < peers->count; i++) {
		peer = machine_find(machine, peers->bdf[i]);
		if (!peer || peer->group != fn->group)
			return false;
	}
	return !peers->unnamed && !peers->unknown;
}

/* Can a slot be the only reason why unit=group does not allow a bind? */
static bool may_be_blocked_by_slots(struct machine *machine,
				    struct function *fn)
{
	return fn->status == STATUS_REFUSED && fn->group != NONE &&
	       !fn->answer.group_isolated && !is_refused_anyway(fn) &&
	       has_peers_in_group_only(machine, fn);
}

/**
 * find_group_blocking_slots() - find the hot-plug slots that are the only
 *	reason why unit=group does not allow a bind
 * @machine: the machine
 * @fn: the function
 * @slots: receives the ports with these slots; none if something else is the
 *	reason, or unit=group would allow it
 *
 * Return: false if it is not known: nothing has judged @fn, an older module has
 * no answer about unit=group, or configuration space cannot be read.
 */
bool find_group_blocking_slots(struct machine *machine, struct function *fn,
			       struct exposed_slots *slots)
{
	slots->count = 0;
	if (!fn->answer.judged || fn->answer.group_isolated == UNTOLD)
		return false;
	if (!may_be_blocked_by_slots(machine, fn))
		return true;
	/* The module does not name slots. */
	if (machine->source == SOURCE_MODULE && !fn->cfg)
		sysfs_read_configs(machine);
	exposed_slots(machine, fn, slots);
	return slots->count || (!machine->cut_configs && !machine->no_configs);
}

/**
 * print_group_blocking_slots() - print which hot-plug slots are the reason why
 *	unit=group does not allow a bind
 * @machine: the machine
 * @fn: a function that is refused
 */
void print_group_blocking_slots(struct machine *machine, struct function *fn)
{
	const char *would = strcmp(machine->settings.unit, "group") ?
				    "would not" :
				    "does not";
	struct exposed_slots slots;
	const bool known = find_group_blocking_slots(machine, fn, &slots);

	if (slots.count)
		para("  ",
		     "unit=group %s allow it, because of the hot-plug slot%s below %s: it and a card that is plugged in there later can send DMA to each other, and that card is in no IOMMU group yet.",
		     would, slots.count > 1 ? "s" : "",
		     list_of(machine, slots.bdf, slots.count));
	else if (!known && fn->answer.group_isolated != UNTOLD &&
		 !machine->no_configs)
		para("  ",
		     "unit=group %s allow it. If a hot-plug slot is the reason, this command shows the slot when it is run as root.",
		     would);
}
