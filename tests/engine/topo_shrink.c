// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make a failing topology smaller.
 *
 * Greedy: try to leave something out, keep the result if it is valid and still
 * fails, and go on until nothing can be left out any more. What remains is not
 * the smallest topology that fails, but everything in it is needed.
 */
#include "topo.h"

/**
 * struct shrink - a topology on its way
 * @best: the smallest so far that fails
 * @try: a smaller one to be tried
 * @fails: the test
 * @ctx: its argument
 * @steps: how often @best became smaller
 */
struct shrink {
	struct topo *best;
	struct topo *try;
	topo_test_fn fails;
	void *ctx;
	unsigned int steps;
};

/* Take @try for @best if it will do. */
static bool accept(struct shrink *s)
{
	if (topo_invalid(s->try) || !s->fails(s->try, s->ctx))
		return false;
	*s->best = *s->try;
	s->steps++;
	return true;
}

/* Is @i at or below @top? */
static bool at_or_below(const struct topo *t, int i, int top)
{
	while (i != TOPO_ROOT_BUS && i != top)
		i = t->fn[i].parent;
	return i == top;
}

static void renumber(struct topo_fn *fn, u8 devfn)
{
	fn->devfn = devfn;
	if (fn->flags & TOPO_ALIAS && fn->alias == devfn) {
		fn->flags &= ~TOPO_ALIAS;
		fn->alias = 0;
	}
}

/* Every device needs a function 0: make it the lowest one that it has. */
static void give_function_0(struct topo *t, unsigned int i)
{
	struct topo_fn *fn = &t->fn[i];
	bool link = false;
	unsigned int j;
	u8 zero;

	if (fn->flags & TOPO_VF)
		return;
	if (fn->parent != TOPO_ROOT_BUS)
		link = topo_is_port(&t->fn[fn->parent]) ||
		       t->fn[fn->parent].kind == TOPO_PCI_TO_PCIE;
	zero = link ? 0 : TOPO_DEVFN(TOPO_DEV(fn->devfn), 0);
	for (j = 0; j < t->nr; j++)
		if (t->fn[j].parent == fn->parent && t->fn[j].devfn == zero &&
		    !(t->fn[j].flags & TOPO_VF))
			return;
	renumber(fn, zero);
}

/* Leave out the functions in @gone, and the VFs of those. */
static void leave_out(struct topo *t, u64 gone)
{
	u8 index[TOPO_MAX] = {};
	unsigned int i, nr = 0;
	struct topo_fn *fn;

	for (i = 0; i < t->nr; i++) {
		fn = &t->fn[i];
		if (fn->flags & TOPO_VF && gone & BIT_ULL(fn->vf_of))
			gone |= BIT_ULL(i);
		if (gone & BIT_ULL(i))
			continue;
		if (fn->parent != TOPO_ROOT_BUS)
			fn->parent = index[fn->parent];
		if (fn->flags & TOPO_VF)
			fn->vf_of = index[fn->vf_of];
		index[i] = nr;
		t->fn[nr++] = *fn;
	}
	t->nr = nr;
	for (i = 0; i < nr; i++)
		give_function_0(t, i);
}

/* Without function @top, and what is below it. */
static bool try_without(struct shrink *s, unsigned int top)
{
	u64 gone = 0;
	unsigned int i;

	*s->try = *s->best;
	for (i = 0; i < s->try->nr; i++)
		if (at_or_below(s->try, i, top))
			gone |= BIT_ULL(i);
	leave_out(s->try, gone);
	return accept(s);
}

/* With what is below @low directly below @high, in place of all between. */
static bool try_hoist(struct shrink *s, unsigned int low, unsigned int high)
{
	u64 gone = 0;
	unsigned int i;

	if (low == high || !at_or_below(s->best, low, high))
		return false;
	*s->try = *s->best;
	for (i = 0; i < s->best->nr; i++) {
		if (s->best->fn[i].parent == (int)low)
			s->try->fn[i].parent = high;
		else if (i != high && at_or_below(s->best, i, high) &&
			 !at_or_below(s->best, i, low))
			gone |= BIT_ULL(i);
	}
	leave_out(s->try, gone | BIT_ULL(low));
	return accept(s);
}

static bool try_words(struct shrink *s, unsigned int i, bool acs, u16 cap,
		      u16 ctrl)
{
	struct topo_fn *fn = &s->try->fn[i];

	*s->try = *s->best;
	fn->flags = acs ? fn->flags | TOPO_ACS : fn->flags & ~TOPO_ACS;
	fn->cap = cap;
	fn->ctrl = ctrl;
	if (!memcmp(fn, &s->best->fn[i], sizeof(*fn)))
		return false;
	return accept(s);
}

/* Simplest is no ACS, then one as it should be, then one with less in it. */
static bool simplify_words(struct shrink *s, unsigned int i)
{
	const struct topo_fn *fn = &s->best->fn[i];
	u16 good = topo_is_port(fn) ? TOPO_ACS_PORT : TOPO_ACS_FUNC;
	unsigned int bit;

	if (!(fn->flags & TOPO_ACS))
		return false;
	if (try_words(s, i, false, 0, 0))
		return true;
	if (fn->cap == good && fn->ctrl == good)
		return false;
	if (try_words(s, i, true, good, good))
		return true;
	for (bit = 0; bit < 16; bit++) {
		if (!(good & BIT(bit)) && fn->cap & BIT(bit) &&
		    try_words(s, i, true, fn->cap & ~BIT(bit),
			      fn->ctrl & ~BIT(bit)))
			return true;
		if (!(good & BIT(bit)) && fn->ctrl & BIT(bit) &&
		    try_words(s, i, true, fn->cap, fn->ctrl & ~BIT(bit)))
			return true;
		if (good & BIT(bit) && !(fn->ctrl & BIT(bit)) &&
		    try_words(s, i, true, fn->cap | BIT(bit),
			      fn->ctrl | BIT(bit)))
			return true;
	}
	return false;
}

static bool simplify_flags(struct shrink *s, unsigned int i)
{
	u32 keep = TOPO_ACS | TOPO_VF;
	unsigned int bit;

	for (bit = 0; bit < TOPO_FLAGS; bit++) {
		if (keep & BIT(bit) || !(s->best->fn[i].flags & BIT(bit)))
			continue;
		*s->try = *s->best;
		s->try->fn[i].flags &= ~BIT(bit);
		if (bit == __ffs64(TOPO_ALIAS))
			s->try->fn[i].alias = 0;
		if (accept(s))
			return true;
	}
	return false;
}

static bool simplify_group(struct shrink *s, unsigned int i)
{
	if (!s->best->fn[i].group)
		return false;
	*s->try = *s->best;
	s->try->fn[i].group = 0;
	return accept(s);
}

static bool simplify_number(struct shrink *s, unsigned int i)
{
	struct topo_fn *fn = &s->try->fn[i];
	u8 fn0 = TOPO_FN(s->best->fn[i].devfn);
	unsigned int devfn;

	for (devfn = 0; devfn < s->best->fn[i].devfn; devfn++) {
		/* among device numbers only those with the same function */
		if (devfn >= 8 && TOPO_FN(devfn) != fn0)
			continue;
		*s->try = *s->best;
		renumber(fn, devfn);
		if (accept(s))
			return true;
	}
	return false;
}

static bool smaller(struct shrink *s)
{
	unsigned int i, j;

	for (i = 0; i < s->best->nr; i++)
		if (s->best->nr > 1 && try_without(s, i))
			return true;
	for (i = 0; i < s->best->nr; i++)
		for (j = 0; j < i; j++)
			if (try_hoist(s, i, j))
				return true;
	for (i = 0; i < s->best->nr; i++)
		if (simplify_words(s, i) || simplify_flags(s, i) ||
		    simplify_group(s, i))
			return true;
	for (i = 0; i < s->best->nr; i++)
		if (simplify_number(s, i))
			return true;
	return false;
}

/**
 * topo_shrink - make a failing topology smaller
 * @t: a valid topology that fails; becomes smaller
 * @scratch: room for another one
 * @fails: the test; called with valid topologies only
 * @ctx: passed on to it
 *
 * Return: the number of steps that it could be made smaller by.
 */
unsigned int topo_shrink(struct topo *t, struct topo *scratch,
			 topo_test_fn fails, void *ctx)
{
	struct shrink s = {
		.best = t,
		.try = scratch,
		.fails = fails,
		.ctx = ctx,
	};

	while (smaller(&s))
		;
	return s.steps;
}
