// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: where traffic can pass from one device to another without the IOMMU
 */
#include <stdlib.h>

#include "bypass.h"
#include "judge.h"
#include "report.h"
#include "sysfs.h"

/*
 * Where more functions than this are exposed, only the weak ports of the others
 * are marked: the kernel looks through the whole machine for the peers of each.
 */
#define MAX_ASKED 500

/* Where more pairs than this are inside cards, only neighbours are paired. */
#define MAX_PAIRS 200

/* ---- hidden functions ---- */

static struct hidden *find_hidden(struct bypass *bypass, u64 bdf)
{
	size_t i;

	for (i = 0; i < bypass->nr_hidden; i++)
		if (bypass->hidden[i].bdf == bdf)
			return &bypass->hidden[i];
	return NULL;
}

/* Below the bridge of its bus, if another function is on that bus. */
static void find_root(const struct machine *machine, struct hidden *hidden)
{
	size_t i;

	for (i = 0; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		if (fn->bdf >> 8 != hidden->bdf >> 8)
			continue;
		hidden->parent = fn->parent;
		hidden->placed = true;
		return;
	}
}

static struct hidden *add_hidden(struct bypass *bypass,
				 const struct machine *machine, u64 bdf)
{
	struct hidden *hidden = find_hidden(bypass, bdf);

	if (hidden || !is_hidden(machine, bdf))
		return hidden;
	bypass->hidden = grow(bypass->hidden, &bypass->hidden_room,
			      bypass->nr_hidden + 1, sizeof(*bypass->hidden));
	hidden = &bypass->hidden[bypass->nr_hidden++];
	*hidden = (struct hidden){ .bdf = bdf, .parent = NONE };
	find_root(machine, hidden);
	return hidden;
}

/* ---- links ---- */

static bool is_below(const struct machine *machine, const struct function *fn,
		     const struct function *above)
{
	for (; fn; fn = function_at(machine, fn->parent))
		if (fn == above)
			return true;
	return false;
}

/* All links from a function up to another. */
static void mark_path(struct bypass *bypass, const struct machine *machine,
		      int from, int to)
{
	for (; from != NONE && from != to; from = machine->fns[from].parent)
		bypass->red[from] = true;
}

static unsigned int depth_of(const struct machine *machine, int number)
{
	unsigned int depth = 0;

	for (; number != NONE; number = machine->fns[number].parent)
		depth++;
	return depth;
}

/* Where two paths join; %NONE: at the root complex. */
static int common_ancestor(const struct machine *machine, int a, int b)
{
	unsigned int depth_a = depth_of(machine, a);
	unsigned int depth_b = depth_of(machine, b);

	for (; depth_a > depth_b; depth_a--)
		a = machine->fns[a].parent;
	for (; depth_b > depth_a; depth_b--)
		b = machine->fns[b].parent;
	while (a != b) {
		a = machine->fns[a].parent;
		b = machine->fns[b].parent;
	}
	return a;
}

static void add_pair(struct bypass *bypass, u64 a, u64 b)
{
	bypass->pairs = grow(bypass->pairs, &bypass->pair_room,
			     bypass->nr_pairs + 1, sizeof(*bypass->pairs));
	bypass->pairs[bypass->nr_pairs++] = a < b ? (struct pair){ a, b } :
						    (struct pair){ b, a };
}

static void mark_pair(struct bypass *bypass, const struct machine *machine,
		      const struct function *fn, u64 bdf)
{
	const struct function *peer = machine_find(machine, bdf);
	const int number = number_of(machine, fn);
	struct hidden *hidden = peer ? NULL : add_hidden(bypass, machine, bdf);
	int other, at;

	if (peer)
		other = number_of(machine, peer);
	else if (hidden)
		other = hidden->parent;
	else
		return;
	at = common_ancestor(machine, number, other);
	if (fn->bdf >> 3 == bdf >> 3 || at == NONE) {
		add_pair(bypass, fn->bdf, bdf);
		return;
	}
	mark_path(bypass, machine, number, at);
	mark_path(bypass, machine, other, at);
	if (hidden)
		hidden->red = true;
}

static void mark_function(struct bypass *bypass, struct machine *machine,
			  struct function *fn, bool ask)
{
	const struct function *blocker =
		fn->answer.has_blocker ?
			machine_find(machine, fn->answer.blocker) :
			NULL;
	const struct peers *peers;
	size_t i;

	if (blocker && is_below(machine, fn, blocker))
		mark_path(bypass, machine, number_of(machine, fn),
			  number_of(machine, blocker));
	if (!ask) {
		bypass->peers_unknown[number_of(machine, fn)] = true;
		return;
	}
	peers = peers_of(machine, fn);
	bypass->peers_unknown[number_of(machine, fn)] = peers->unknown;
	for (i = 0; i < peers->count; i++)
		mark_pair(bypass, machine, fn, peers->bdf[i]);
}

/* ---- order ---- */

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *one = a, *two = b;

	if (one->a != two->a)
		return one->a < two->a ? -1 : 1;
	return one->b < two->b ? -1 : one->b > two->b;
}

static int compare_hidden(const void *a, const void *b)
{
	const struct hidden *one = a, *two = b;

	return one->bdf < two->bdf ? -1 : one->bdf > two->bdf;
}

/* Each pair is reported from either end. */
static void sort_pairs(struct bypass *bypass)
{
	size_t i, kept = 0;

	if (!bypass->nr_pairs)
		return;
	qsort(bypass->pairs, bypass->nr_pairs, sizeof(*bypass->pairs),
	      compare_pairs);
	for (i = 1; i < bypass->nr_pairs; i++)
		if (compare_pairs(&bypass->pairs[i], &bypass->pairs[kept]))
			bypass->pairs[++kept] = bypass->pairs[i];
	bypass->nr_pairs = kept + 1;
}

/**
 * bypass_thin_out() - leave a pair for each function, if there are too many
 * @bypass: the places
 */
void bypass_thin_out(struct bypass *bypass)
{
	size_t i, kept;

	if (bypass->nr_pairs <= MAX_PAIRS)
		return;
	for (i = 1, kept = 0; i < bypass->nr_pairs; i++)
		if (bypass->pairs[i].a != bypass->pairs[kept].a)
			bypass->pairs[++kept] = bypass->pairs[i];
	bypass->nr_pairs = kept + 1;
}

/**
 * bypass_find() - find where traffic can pass without the IOMMU
 * @bypass: the places; to be freed by bypass_free()
 * @machine: the machine
 */
void bypass_find(struct bypass *bypass, struct machine *machine)
{
	unsigned int asked = 0;
	size_t i;

	*bypass = (struct bypass){
		.red = calloc(machine->count, sizeof(*bypass->red)),
		.peers_unknown =
			calloc(machine->count, sizeof(*bypass->peers_unknown)),
	};
	if (!bypass->red || !bypass->peers_unknown)
		die_of_memory();
	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		/* What goes to no guest is red only as the peer of another. */
		if (is_port(fn) || !fn->answer.judged || fn->answer.isolated ||
		    is_chipset(fn))
			continue;
		mark_function(bypass, machine, fn, asked++ < MAX_ASKED);
	}
	sort_pairs(bypass);
	if (bypass->nr_hidden)
		qsort(bypass->hidden, bypass->nr_hidden,
		      sizeof(*bypass->hidden), compare_hidden);
}

void bypass_free(struct bypass *bypass)
{
	free(bypass->red);
	free(bypass->peers_unknown);
	free(bypass->pairs);
	free(bypass->hidden);
}
