// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random numbers, and random ACS registers for a function.
 */
#include "topo_random.h"

/**
 * random_below() - a random number
 * @g: the topology in the making
 * @n: what it is below
 */
u32 random_below(struct gen *g, u32 n)
{
	g->state ^= g->state >> 12;
	g->state ^= g->state << 25;
	g->state ^= g->state >> 27;
	return (u32)((g->state * 0x2545f4914f6cdd1dULL) >> 33) % n;
}

/**
 * random_chance() - true at random
 * @g: the topology in the making
 * @percent: how often
 */
bool random_chance(struct gen *g, u32 percent)
{
	return random_below(g, 100) < percent;
}

/**
 * random_feature() - use a feature at random
 * @g: the topology in the making
 * @feature: TOPO_GEN_*
 * @percent: how often if the feature is wanted at all
 */
bool random_feature(struct gen *g, u32 feature, u32 percent)
{
	return g->features & feature && random_chance(g, percent);
}

static void set_acs(struct topo_fn *fn, u16 cap, u16 ctrl)
{
	fn->flags |= TOPO_ACS;
	fn->cap = cap;
	fn->ctrl = ctrl & cap;
}

/**
 * random_no_acs() - take the ACS registers of a function away
 * @fn: the function
 */
void random_no_acs(struct topo_fn *fn)
{
	fn->flags &= ~TOPO_ACS;
	fn->cap = 0;
	fn->ctrl = 0;
}

static void unimplement(struct topo_fn *fn, u16 bits)
{
	fn->cap &= ~bits;
	fn->ctrl &= ~bits;
}

static void random_acs(struct gen *g, struct topo_fn *fn)
{
	set_acs(fn, random_below(g, 0x80), random_below(g, 0x80));
}

static void spoil_port(struct gen *g, struct topo_fn *fn)
{
	switch (random_below(g, 13)) {
	case 0:
		random_no_acs(fn);
		break;
	case 1:
		fn->ctrl = 0;
		break;
	case 2:
		fn->ctrl &= ~TOPO_ACS_RR;
		break;
	case 3:
		fn->ctrl &= ~TOPO_ACS_CR;
		break;
	case 4:
		fn->ctrl &= ~TOPO_ACS_UF;
		break;
	case 5:
		fn->ctrl &= ~TOPO_ACS_SV;
		break;
	case 6:
		set_acs(fn, fn->cap | TOPO_ACS_EC, fn->ctrl | TOPO_ACS_EC);
		break;
	case 7:
		set_acs(fn, fn->cap | TOPO_ACS_DT, fn->ctrl | TOPO_ACS_DT);
		break;
	case 8:
		set_acs(fn, fn->cap | TOPO_ACS_DT | TOPO_ACS_TB,
			fn->ctrl | TOPO_ACS_DT | TOPO_ACS_TB);
		break;
	case 9:
		unimplement(fn, TOPO_ACS_UF);
		break;
	case 10:
		unimplement(fn, BIT(random_below(g, 7)));
		break;
	case 11:
		unimplement(fn, TOPO_ACS_FUNC);
		break;
	default:
		random_acs(g, fn);
		break;
	}
}

static void enhance(struct gen *g, struct topo_fn *fn)
{
	fn->cap |= TOPO_ACS_ENHANCED;
	fn->ctrl |= random_below(g, 4) << 8 | random_below(g, 4) << 10;
	fn->ctrl |= random_chance(g, 30) ? TOPO_ACS_IOB : 0;
	fn->ctrl |= random_chance(g, 30) ? TOPO_ACS_UNCLAIMED : 0;
}

static void port_words(struct gen *g, struct topo_fn *fn)
{
	static const u16 caps[] = { 0x5f, 0x7f, 0x1f, 0x1d };

	set_acs(fn, caps[random_below(g, ARRAY_SIZE(caps))], TOPO_ACS_PORT);
	if (fn->kind == TOPO_ROOT_PORT && random_chance(g, 15))
		unimplement(fn, TOPO_ACS_UF);
	if (random_chance(g, 10))
		fn->ctrl |= fn->cap & TOPO_ACS_TB;
	if (random_chance(g, g->faults))
		spoil_port(g, fn);
	if (fn->flags & TOPO_ACS && random_chance(g, 10))
		enhance(g, fn);
	if (fn->kind == TOPO_ROOT_PORT && random_chance(g, 40))
		fn->flags |= TOPO_INTEL;
	if (fn->kind == TOPO_ROOT_PORT && fn->flags & TOPO_INTEL &&
	    fn->flags & TOPO_ACS && !(fn->cap & TOPO_ACS_UF) &&
	    random_chance(g, 50))
		fn->flags |= TOPO_DWORD;
}

static void function_words(struct gen *g, struct topo_fn *fn)
{
	static const struct {
		u16 cap, ctrl;
	} good[] = {
		{ 0, 0 }, { 0x0c, 0x0c }, { 0x4c, 0x0c }, { 0x2c, 0x0c },
	}, bad[] = {
		{ 0x0c, 0x00 }, { 0x0c, 0x04 }, { 0x0c, 0x08 }, { 0x2c, 0x2c },
		{ 0x4c, 0x4c }, { 0x04, 0x04 }, { 0x08, 0x00 }, { 0x20, 0x00 },
		{ 0x40, 0x00 }, { 0x28, 0x08 }, { 0x48, 0x08 },
	};
	unsigned int i;

	if (!random_chance(g, g->faults)) {
		i = random_below(g, ARRAY_SIZE(good));
		set_acs(fn, good[i].cap, good[i].ctrl);
	} else if (random_chance(g, 30)) {
		random_no_acs(fn);
	} else if (random_chance(g, 85)) {
		i = random_below(g, ARRAY_SIZE(bad));
		set_acs(fn, bad[i].cap, bad[i].ctrl);
	} else {
		random_acs(g, fn);
	}
}

/**
 * random_words() - give a function ACS registers
 * @g: the topology in the making
 * @fn: the function; its kind is known
 */
void random_words(struct gen *g, struct topo_fn *fn)
{
	switch (fn->kind) {
	case TOPO_ROOT_PORT:
	case TOPO_DOWNSTREAM:
		port_words(g, fn);
		break;
	case TOPO_ENDPOINT:
	case TOPO_LEGACY:
	case TOPO_UPSTREAM:
	case TOPO_INTEGRATED:
		function_words(g, fn);
		break;
	default:
		if (random_feature(g, TOPO_GEN_ODD_ACS, 3))
			function_words(g, fn);
		break;
	}
}
