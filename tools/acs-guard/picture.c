// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: which boxes and links a picture has
 *
 * Four functions that all reach each other are six pairs, and seven are 21:
 * too many lines to follow.  A picture has only as many links between boxes as
 * connect them.
 */
#include <stdlib.h>

#include "fold.h"
#include "picture.h"

static void *make_list(size_t count, size_t size)
{
	void *list = calloc(count + 1, size);

	if (!list)
		die_of_memory();
	return list;
}

/* ---- functions of the chipset, folded ---- */

static void fold_list(struct picture *picture, int number)
{
	const struct machine *machine = picture->machine;
	const struct function *fn, *last = NULL;
	struct folded folded = {};

	for (; number != NONE; number = fn->next_child) {
		fn = &machine->fns[number];
		if (!last || last->bdf >> 8 != fn->bdf >> 8)
			folded = fold_bus(machine, number);
		last = fn;
		if (!folded.count || !can_fold(machine, fn))
			continue;
		picture->folded[number] = true;
		picture->box[number] = number_of(machine, folded.first);
	}
}

static void fold_all(struct picture *picture)
{
	size_t i;

	fold_list(picture, picture->machine->first_root);
	for (i = 0; i < picture->machine->count; i++)
		fold_list(picture, picture->machine->fns[i].first_child);
}

/* ---- red links of the tree ---- */

static int top_of(const struct machine *machine, int number)
{
	while (machine->fns[number].parent != NONE)
		number = machine->fns[number].parent;
	return number;
}

/* All links from a function up to the one at the root complex. */
static void mark_up(struct picture *picture, int number)
{
	const struct machine *machine = picture->machine;

	for (; machine->fns[number].parent != NONE;
	     number = machine->fns[number].parent)
		picture->red[number] = true;
}

/*
 * Two functions that meet in the device of their Root Ports: the way goes up to
 * the ports, and from one port to the other.
 */
static void lead_to_ports(struct picture *picture, int *a, int *b)
{
	const struct machine *machine = picture->machine;
	const int above_a = top_of(machine, *a), above_b = top_of(machine, *b);

	if (above_a == above_b ||
	    machine->fns[above_a].bdf >> 3 != machine->fns[above_b].bdf >> 3)
		return;
	mark_up(picture, *a);
	mark_up(picture, *b);
	*a = above_a;
	*b = above_b;
}

static void mark_tree(struct picture *picture)
{
	size_t i;

	for (i = 0; i < picture->machine->count; i++) {
		picture->explained[i] |= picture->red[i];
		if (picture->red[i])
			picture->red[picture->box[i]] = true;
	}
}

/* ---- red links beside the tree ---- */

/* The number of a box of its own: of a function, or of a hidden one. */
static size_t number_at(const struct picture *picture, u64 bdf)
{
	const struct function *fn = machine_find(picture->machine, bdf);
	size_t i = 0;

	if (fn)
		return (size_t)number_of(picture->machine, fn);
	while (i < picture->bypass->nr_hidden &&
	       picture->bypass->hidden[i].bdf != bdf)
		i++;
	return picture->machine->count + i;
}

static void add_link(struct picture *picture, const struct pair *pair)
{
	const size_t count = picture->machine->count;
	struct link *link = &picture->links[picture->nr_links];
	size_t a = number_at(picture, pair->a), b = number_at(picture, pair->b);
	int from = (int)a, to = (int)b;

	if (a < count)
		picture->explained[a] = true;
	if (b < count)
		picture->explained[b] = true;
	if (a < count && b < count) {
		lead_to_ports(picture, &from, &to);
		a = (size_t)picture->box[from];
		b = (size_t)picture->box[to];
	} else if (a < count) {
		a = (size_t)picture->box[a];
	} else if (b < count) {
		b = (size_t)picture->box[b];
	}
	if (a == b)
		return;
	*link = (struct link){ .a = a, .b = b, .distance = pair->b - pair->a };
	picture->nr_links++;
}

static int compare_links(const void *a, const void *b)
{
	const struct link *one = a, *two = b;

	if (one->distance != two->distance)
		return one->distance < two->distance ? -1 : 1;
	if (one->a != two->a)
		return one->a < two->a ? -1 : 1;
	return one->b < two->b ? -1 : one->b > two->b;
}

/* The box by which a set of connected boxes is known. */
static size_t set_of(size_t *sets, size_t box)
{
	while (sets[box] != box) {
		sets[box] = sets[sets[box]];
		box = sets[box];
	}
	return box;
}

/* Neighbours first, so that the functions of a card become a chain. */
static void keep_connecting(struct picture *picture)
{
	const size_t count =
		picture->machine->count + picture->bypass->nr_hidden;
	size_t *sets = make_list(count, sizeof(*sets));
	size_t i, kept = 0;

	for (i = 0; i <= count; i++)
		sets[i] = i;
	qsort(picture->links, picture->nr_links, sizeof(*picture->links),
	      compare_links);
	for (i = 0; i < picture->nr_links; i++) {
		const struct link link = picture->links[i];
		const size_t a = set_of(sets, link.a), b = set_of(sets, link.b);

		if (a == b)
			continue;
		sets[b] = a;
		picture->links[kept++] = link;
	}
	picture->nr_links = kept;
	free(sets);
}

/**
 * picture_make() - work out which boxes and links a picture has
 * @picture: receives them; to be freed by picture_free()
 * @machine: the machine
 * @bypass: what is red in it
 * @fold: functions of the chipset become one box a bus
 */
void picture_make(struct picture *picture, struct machine *machine,
		  const struct bypass *bypass, bool fold)
{
	size_t i;

	*picture = (struct picture){
		.machine = machine,
		.bypass = bypass,
		.box = make_list(machine->count, sizeof(*picture->box)),
		.folded = make_list(machine->count, sizeof(*picture->folded)),
		.red = make_list(machine->count, sizeof(*picture->red)),
		.explained =
			make_list(machine->count, sizeof(*picture->explained)),
		.links = make_list(bypass->nr_pairs, sizeof(*picture->links)),
	};
	for (i = 0; i < machine->count; i++) {
		picture->box[i] = (int)i;
		picture->red[i] = bypass->red[i];
	}
	if (fold)
		fold_all(picture);
	for (i = 0; i < bypass->nr_pairs; i++)
		add_link(picture, &bypass->pairs[i]);
	mark_tree(picture);
	keep_connecting(picture);
}

void picture_free(struct picture *picture)
{
	free(picture->box);
	free(picture->folded);
	free(picture->red);
	free(picture->explained);
	free(picture->links);
}
