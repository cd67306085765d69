// SPDX-License-Identifier: GPL-2.0-only
/*
 * All small PCI hierarchies.
 *
 * A shape is a tree of nodes in preorder: devices of the root bus, functions
 * below them, what is below those that are bridges, and VFs below their PFs.
 * Every topology is a shape with an ACS word for each node. The order of
 * siblings has no effect on packets, so of all the orders only one is handed
 * out, in shapes as well as in words: no sibling is greater than the one before
 * it. A prefix of such a sequence is such a sequence, which makes the walk a
 * plain depth-first one with nothing to remember.
 *
 * Kinds without an effect of their own stand for others: a conventional
 * function for all that ACS does not apply to, a plain endpoint for a legacy
 * one. Which words a node takes is a choice, see enum topo_words.
 */
#include "topo_enum.h"

#define BELOW_LINK                                                     \
	(BIT(NODE_CONV) | BIT(NODE_ENDPOINT) | BIT(NODE_CONV_BRIDGE) | \
	 BIT(NODE_PCIE_TO_PCI) | BIT(NODE_UPSTREAM))
#define BELOW_BRIDGE (BIT(NODE_CONV) | BIT(NODE_CONV_BRIDGE))

static const struct {
	u16 below; /* nodes that can be its children */
	u8 kind;   /* enum topo_kind */
	u16 flags;
} nodes[NODES] = {
	[NODE_DEVICE] = {
		.below = BIT(NODE_CONV) | BIT(NODE_INTEL) | BIT(NODE_ENDPOINT) |
			 BIT(NODE_CONV_BRIDGE) | BIT(NODE_PCIE_TO_PCI) |
			 BIT(NODE_ROOT_PORT),
	},
	[NODE_CONV] = { .kind = TOPO_CONV },
	[NODE_INTEL] = { .kind = TOPO_INTEGRATED, .flags = TOPO_INTEL },
	[NODE_INTERNAL] = { .kind = TOPO_ENDPOINT },
	[NODE_VF] = { .kind = TOPO_ENDPOINT, .flags = TOPO_VF },
	[NODE_ENDPOINT] = { .kind = TOPO_ENDPOINT, .below = BIT(NODE_VF) },
	[NODE_CONV_BRIDGE] = {
		.kind = TOPO_CONV_BRIDGE,
		.below = BELOW_BRIDGE,
	},
	[NODE_PCIE_TO_PCI] = {
		.kind = TOPO_PCIE_TO_PCI,
		.below = BELOW_BRIDGE,
	},
	[NODE_UPSTREAM] = {
		.kind = TOPO_UPSTREAM,
		.below = BIT(NODE_DOWNSTREAM) | BIT(NODE_INTERNAL),
	},
	[NODE_DOWNSTREAM] = { .kind = TOPO_DOWNSTREAM, .below = BELOW_LINK },
	[NODE_ROOT_PORT] = { .kind = TOPO_ROOT_PORT, .below = BELOW_LINK },
};

static int token(const struct topo_enum *e, unsigned int i)
{
	return e->depth[i] * NODES + e->kind[i];
}

/* The sibling before @i, or -1. */
static int sibling(const struct topo_enum *e, unsigned int i)
{
	int j;

	for (j = (int)i - 1; j >= 0 && e->depth[j] >= e->depth[i]; j--)
		if (e->depth[j] == e->depth[i])
			return j;
	return -1;
}

/* Up to node @end: is the tree at @i greater than the one at its sibling @j? */
static bool shape_greater(const struct topo_enum *e, unsigned int j,
			  unsigned int i, unsigned int end)
{
	unsigned int k;

	for (k = 0; i + k <= end; k++) {
		if (j + k == i || token(e, i + k) > token(e, j + k))
			return true;
		if (token(e, i + k) < token(e, j + k))
			return false;
	}
	return false;
}

static bool same_shape(const struct topo_enum *e, unsigned int j,
		       unsigned int i)
{
	unsigned int k, nr = topo_enum_tree_end(e, i) - i;

	if (topo_enum_tree_end(e, j) - j != nr)
		return false;
	for (k = 0; k < nr; k++)
		if (token(e, i + k) != token(e, j + k))
			return false;
	return true;
}

static bool words_greater(const struct topo_enum *e, unsigned int j,
			  unsigned int i, unsigned int end)
{
	unsigned int k;

	for (k = 0; i + k <= end; k++)
		if (e->word[i + k] != e->word[j + k])
			return e->word[i + k] > e->word[j + k];
	return false;
}

/* May node @end be what it is, given those before it? */
static bool shape_ok(const struct topo_enum *e, unsigned int end)
{
	unsigned int functions = 0, devices = 0, i;
	int up = topo_enum_parent(e, end), j;
	u32 below;

	for (i = 0; i <= end; i++) {
		devices += e->kind[i] == NODE_DEVICE;
		functions += e->kind[i] != NODE_DEVICE;
	}
	if (functions > e->max || devices > e->slots)
		return false;
	if (up < 0)
		below = BIT(NODE_DEVICE);
	else
		below = nodes[e->kind[up]].below;
	if (!(below & BIT(e->kind[end])))
		return false;
	/* a device with no function yet can only be followed by one */
	if (end && e->kind[end - 1] == NODE_DEVICE && !e->depth[end])
		return false;
	for (up = end; up >= 0; up = topo_enum_parent(e, up)) {
		j = sibling(e, up);
		if (j >= 0 && shape_greater(e, j, up, end))
			return false;
	}
	return true;
}

static bool words_ok(const struct topo_enum *e, unsigned int end)
{
	int up, j;

	for (up = end; up >= 0; up = topo_enum_parent(e, up)) {
		j = sibling(e, up);
		if (j >= 0 && same_shape(e, j, up) &&
		    words_greater(e, j, up, end))
			return false;
	}
	return true;
}

/* Make the last node the next thing that it can be. */
static bool next_kind(struct topo_enum *e)
{
	unsigned int last = e->len - 1;

	for (;;) {
		if (++e->kind[last] >= NODES) {
			if (!e->depth[last])
				return false;
			e->depth[last]--;
			e->kind[last] = 0;
		}
		if (shape_ok(e, last))
			return true;
	}
}

/* Does the shape have a function whose isolation is a question? */
static bool complete(const struct topo_enum *e)
{
	unsigned int i;

	if (e->kind[e->len - 1] == NODE_DEVICE)
		return false;
	for (i = 0; i < e->len; i++)
		if (topo_enum_is_function(e, i))
			return true;
	return false;
}

/* The next sequence of nodes in depth-first order. */
static bool next_sequence(struct topo_enum *e)
{
	if (e->len < TOPO_ENUM_NODES) {
		e->depth[e->len] = e->len ? e->depth[e->len - 1] + 1 : 0;
		e->kind[e->len] = 0;
		e->len++;
		if (shape_ok(e, e->len - 1))
			return true;
	}
	while (e->len) {
		if (next_kind(e))
			return true;
		e->len--;
	}
	return false;
}

static bool next_words(struct topo_enum *e)
{
	unsigned int i = e->len;

	while (i--) {
		while (e->takes[i] >> ++e->word[i]) {
			if (e->takes[i] & BIT(e->word[i]) && words_ok(e, i))
				return true;
		}
		e->word[i] = 0;
	}
	return false;
}

static void first_words(struct topo_enum *e)
{
	unsigned int i;

	memset(e->word, 0, sizeof(e->word));
	for (i = 0; i < e->len; i++)
		e->takes[i] = topo_enum_words_of(e, i);
}

/* What number sibling node @i is among functions, or among VFs. */
static unsigned int ordinal(const struct topo_enum *e, unsigned int i)
{
	unsigned int n = 0;
	int j = i;

	while ((j = sibling(e, j)) >= 0)
		n++;
	return n;
}

/**
 * place_node - put a node into the topology
 * @e: the walk
 * @t: the topology, done up to here
 * @i: node
 * @index: by node, its index in @t (by device, its device number)
 */
static void place_node(const struct topo_enum *e, struct topo *t,
		       unsigned int i, u8 *index)
{
	struct topo_fn *fn = &t->fn[t->nr];
	int up = topo_enum_parent(e, i);
	const struct topo_fn *of;

	memset(fn, 0, sizeof(*fn));
	fn->parent = index[up];
	fn->kind = nodes[e->kind[i]].kind;
	fn->flags = nodes[e->kind[i]].flags;
	fn->devfn = TOPO_DEVFN(ordinal(e, i), 0);
	if (e->kind[up] == NODE_DEVICE) {
		fn->parent = TOPO_ROOT_BUS;
		fn->devfn = TOPO_DEVFN(index[up], ordinal(e, i));
		if (fn->kind == TOPO_ENDPOINT)
			fn->kind = TOPO_INTEGRATED;
	} else if (e->kind[up] == NODE_ENDPOINT) {
		of = &t->fn[index[up]];
		fn->kind = of->kind;
		fn->parent = of->parent;
		fn->vf_of = index[up];
		fn->bus_off = of->parent != TOPO_ROOT_BUS;
		fn->devfn = TOPO_DEVFN(TOPO_ENUM_MAX, 0) + t->nr;
	} else if (topo_is_port(&t->fn[index[up]])) {
		fn->devfn = ordinal(e, i);
	}
	topo_enum_set_words(e, i, fn);
	index[i] = t->nr++;
}

static void build(const struct topo_enum *e, struct topo *t)
{
	u8 index[TOPO_ENUM_NODES];
	unsigned int i;

	t->nr = 0;
	for (i = 0; i < e->len; i++) {
		if (e->kind[i] == NODE_DEVICE)
			index[i] = ordinal(e, i);
		else
			place_node(e, t, i, index);
	}
}

/**
 * topo_enum_start - start over
 * @e: the walk
 * @max: most functions and ports in a topology, up to TOPO_ENUM_MAX
 * @slots: most devices on the root bus
 * @words: which ACS words
 */
void topo_enum_start(struct topo_enum *e, unsigned int max, unsigned int slots,
		     enum topo_words words)
{
	memset(e, 0, sizeof(*e));
	e->max = max < TOPO_ENUM_MAX ? max : TOPO_ENUM_MAX;
	e->slots = slots;
	e->words = words;
}

/**
 * topo_enum_next - the next topology
 * @e: the walk
 * @t: where to put it
 *
 * Return: false if there are no more.
 */
bool topo_enum_next(struct topo_enum *e, struct topo *t)
{
	if (!e->len || !next_words(e)) {
		do {
			if (!next_sequence(e))
				return false;
		} while (!complete(e));
		first_words(e);
		e->shapes++;
	}
	e->count++;
	build(e, t);
	return true;
}

/**
 * topo_enum_variant - the same hardware, with less in sight
 * @t: a topology
 * @nth: which variant, from 0 on; one bit a function
 * @to: where to put it
 *
 * A function whose bit is set is hidden; a port with nothing below it loses its
 * slot and its ACS instead.
 *
 * Return: false if there is no such variant.
 */
bool topo_enum_variant(const struct topo *t, unsigned int nth, struct topo *to)
{
	unsigned int i;

	*to = *t;
	for (i = 0; i < t->nr; i++) {
		struct topo_fn *fn = &to->fn[i];

		if (!(nth & BIT(i)))
			continue;
		fn->flags |= TOPO_NO_SLOT;
		if (topo_is_unused(to, i)) {
			fn->flags &= ~TOPO_ACS;
			fn->cap = 0;
			fn->ctrl = 0;
		} else {
			fn->flags ^= TOPO_NO_SLOT | TOPO_HIDDEN;
		}
	}
	return !topo_invalid(to);
}
