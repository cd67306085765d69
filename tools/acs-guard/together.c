// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: all that can reach each other, for one guest
 */
#include "choices.h"
#include "judge.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

/* More than these are not offered for one guest. */
#define MAX_TOGETHER 16
#define MAX_CIRCLE 64

/**
 * struct circle - a function, all that it is exposed to, all that these are, ...
 * @fns: the functions, the first one first, the others in order
 * @count: how many
 * @hidden: those of them that the kernel does not list
 * @nr_hidden: how many
 * @open: there are more
 * @unknown: a function whose peers cannot be read, or NULL
 */
struct circle {
	struct function *fns[MAX_CIRCLE];
	size_t count;
	u64 hidden[MAX_CIRCLE];
	size_t nr_hidden;
	bool open;
	const struct function *unknown;
};

static void add_function(struct circle *circle, struct function *fn)
{
	size_t i;

	for (i = 0; i < circle->count; i++)
		if (circle->fns[i] == fn)
			return;
	if (circle->count == MAX_CIRCLE) {
		circle->open = true;
		return;
	}
	circle->fns[circle->count++] = fn;
}

static void add_hidden(struct circle *circle, u64 bdf)
{
	size_t i;

	for (i = circle->nr_hidden; i && circle->hidden[i - 1] >= bdf; i--)
		if (circle->hidden[i - 1] == bdf)
			return;
	if (circle->nr_hidden == MAX_CIRCLE) {
		circle->open = true;
		return;
	}
	memmove(&circle->hidden[i + 1], &circle->hidden[i],
		(circle->nr_hidden - i) * sizeof(*circle->hidden));
	circle->hidden[i] = bdf;
	circle->nr_hidden++;
}

static void add_peers(struct circle *circle, struct machine *machine,
		      struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	struct function *peer;
	size_t i;

	circle->open |= peers->unnamed;
	if (peers->unknown)
		circle->unknown = fn;
	for (i = 0; i < peers->count && !circle->open; i++) {
		peer = machine_find(machine, peers->bdf[i]);
		if (peer)
			add_function(circle, peer);
		else if (is_hidden(machine, peers->bdf[i]))
			add_hidden(circle, peers->bdf[i]);
	}
}

static void sort(struct circle *circle)
{
	struct function *fn;
	size_t i, at;

	for (i = 2; i < circle->count; i++) {
		fn = circle->fns[i];
		for (at = i; at > 1 && circle->fns[at - 1]->bdf > fn->bdf; at--)
			circle->fns[at] = circle->fns[at - 1];
		circle->fns[at] = fn;
	}
}

static void find_circle(struct circle *circle, struct machine *machine,
			struct function *fn)
{
	size_t i;

	*circle = (struct circle){ .fns = { fn }, .count = 1 };
	for (i = 0; i < circle->count && !circle->open && !circle->unknown; i++)
		add_peers(circle, machine, circle->fns[i]);
	sort(circle);
}

static const struct function *find_used(struct circle *circle,
					struct machine *machine)
{
	size_t i;

	for (i = 0; i < circle->count; i++)
		if (*uses_of(machine, circle->fns[i]))
			return circle->fns[i];
	return NULL;
}

static void add_slot(struct exposed_slots *slots, u64 bdf)
{
	size_t i;

	for (i = slots->count; i && slots->bdf[i - 1] >= bdf; i--)
		if (slots->bdf[i - 1] == bdf)
			return;
	if (slots->count == MAX_EXPOSED_SLOTS)
		return;
	memmove(&slots->bdf[i + 1], &slots->bdf[i],
		(slots->count - i) * sizeof(*slots->bdf));
	slots->bdf[i] = bdf;
	slots->count++;
}

/* The hot-plug slots that are exposed to a function of the circle. */
static void find_slots(struct exposed_slots *slots,
		       const struct machine *machine,
		       const struct circle *circle)
{
	struct exposed_slots some;
	size_t i, k;

	slots->count = 0;
	for (i = 0; i < circle->count; i++) {
		/* Without registers slots are not known. */
		if (!circle->fns[i]->cfg)
			return;
		exposed_slots(machine, circle->fns[i], &some);
		for (k = 0; k < some.count; k++)
			add_slot(slots, some.bdf[k]);
	}
}

/* @one_group: if they share an IOMMU group, name unit=group as well. */
static void offer_circle(struct choices *choices, struct machine *machine,
			 const struct circle *circle, bool one_group)
{
	struct text list = {}, commands = {};
	struct exposed_slots slots;
	const char *more = "";
	size_t i;

	for (i = 0; i < circle->count; i++) {
		const struct function *fn = circle->fns[i];
		const char *name = short_name(machine, fn->bdf);

		text_add(&list, "%s%s", i ? ", " : "", name);
		one_group &= fn->group == circle->fns[0]->group;
		if (fn->status == STATUS_REFUSED)
			text_add(&commands,
				 "%sacs-guard allow %s --reason \"...\"",
				 commands.len ? "\n" : "", name);
	}
	find_slots(&slots, machine, circle);
	if (slots.count)
		more = arena_print(
			&machine->arena,
			" A card that is plugged in later below %s (hot-plug) can send DMA to them, and they to it.",
			list_of(machine, slots.bdf, slots.count));
	else if (one_group)
		more = " They share an IOMMU group: with unit=group, the module allows this without an exception.";
	choices_add(
		choices, "together",
		arena_print(&machine->arena,
			    "Hand all of %s to one and the same guest",
			    text_get(&list)),
		arena_copy(&machine->arena, text_get(&commands), commands.len),
		machine,
		"They can still send DMA to each other. All DMA between them and any other device that is present today passes the IOMMU.%s",
		more);
	text_free(&list);
	text_free(&commands);
}

/* A bridge of a type that is not known is exposed like a device (R11). */
static const struct function *find_bridge(const struct circle *circle)
{
	size_t i;

	for (i = 0; i < circle->count; i++)
		if (is_port(circle->fns[i]))
			return circle->fns[i];
	return NULL;
}

void offer_together(struct choices *choices, struct machine *machine,
		    struct function *fn)
{
	static const char not_now[] =
		"Hand all devices that can reach each other to one guest: not possible now";
	/* If unit=group would allow it, that is a choice of its own. */
	const bool one_group = fn->group != NONE &&
			       fn->answer.group_isolated == UNTOLD;
	const struct function *used, *bridge;
	struct circle circle;

	find_circle(&circle, machine, fn);
	bridge = find_bridge(&circle);
	if (circle.nr_hidden) {
		choices_add(
			choices, "together", not_now, NULL, machine,
			"The kernel does not list some of them, so no guest can get these: %s.",
			list_of(machine, circle.hidden, circle.nr_hidden));
		return;
	}
	if (circle.unknown) {
		choices_add(
			choices, "together", not_now, NULL, machine,
			machine->source == SOURCE_DUMP ?
				"What is exposed to %s is not known: the bridge above it is not in this dump." :
				"What is exposed to %s cannot be read: a device vanished meanwhile. Run the command again.",
			short_name(machine, circle.unknown->bdf));
		return;
	}
	if (circle.count == 1 && !circle.open)
		return;
	used = find_used(&circle, machine);
	if (circle.open || circle.count > MAX_TOGETHER)
		choices_add(
			choices, "together",
			"Hand all devices that can reach each other to one guest: hardly possible",
			NULL, machine, "There are too many of them.");
	else if (bridge)
		choices_add(choices, "together", not_now, NULL, machine,
			    "%s is a bridge, which no guest can get.",
			    short_name(machine, bridge->bdf));
	else if (used)
		choices_add(choices, "together", not_now, NULL, machine,
			    "The host could no longer use %s: %s.",
			    short_name(machine, used->bdf),
			    uses_of(machine, used));
	else
		offer_circle(choices, machine, &circle, one_group);
}
