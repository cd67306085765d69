// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random PCI hierarchies.
 *
 * One seed gives one topology, always the same. They are not uniform but
 * interesting: switches, multi-function devices, conventional segments and VFs
 * are frequent, and most ACS words are good with a fault here and there, for
 * where everything is weak nothing is ever isolated.
 */
#include "topo_random.h"

#define RANDOM_DEPTH 8 /* most bridges above a function */
#define ROOT_DEVICES 12
#define FIRST_VF TOPO_DEVFN(ROOT_DEVICES, 0) /* nothing else from there */

/* struct gen, odds that a word is faulty */
static const u8 fault_levels[] = { 0, 3, 10, 30, 60 };

/* xorshift64*, seeded by splitmix64 so that seeds may be consecutive */
static u64 scramble(u64 seed)
{
	seed += 0x9e3779b97f4a7c15ULL;
	seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9ULL;
	seed = (seed ^ seed >> 27) * 0x94d049bb133111ebULL;
	seed ^= seed >> 31;
	return seed ?: 1;
}

/* One of several alternatives, by weight. */
static unsigned int random_pick(struct gen *g, const u8 *weights,
				unsigned int nr)
{
	unsigned int i, sum = 0;
	u32 n;

	for (i = 0; i < nr; i++)
		sum += weights[i];
	n = random_below(g, sum);
	for (i = 0; n >= weights[i]; i++)
		n -= weights[i];
	return i;
}

static void sprinkle(struct gen *g, struct topo_fn *fn)
{
	if (topo_is_port(fn) && random_chance(g, 15))
		fn->flags |= TOPO_SLOT;
	if (topo_is_bridge(fn) ? random_chance(g, 8) : random_chance(g, 80))
		fn->flags |= TOPO_BAR;
	if (random_chance(g, 5))
		fn->flags |= TOPO_MFBIT;
	if (fn->kind == TOPO_ENDPOINT || fn->kind == TOPO_INTEGRATED) {
		fn->flags |= random_chance(g, 20) ? TOPO_ATS : 0;
		fn->flags |= random_chance(g, 2) ? TOPO_CXL_CACHE : 0;
	}
	if (random_feature(g, TOPO_GEN_UNREADABLE, 1))
		fn->flags |= TOPO_UNREADABLE;
}

/*
 * What is unknown has a reserved type or one of the other header. Each of them
 * gets its turn without a random number, so that other functions stay as they
 * are.
 */
static void declare_type(struct topo_fn *fn, unsigned int nth)
{
	static const u8 of_bridges[] = { TOPO_ROOT_PORT, TOPO_DOWNSTREAM,
					 TOPO_UPSTREAM, TOPO_PCIE_TO_PCI,
					 TOPO_PCI_TO_PCIE };
	static const u8 of_endpoints[] = { TOPO_ENDPOINT, TOPO_INTEGRATED,
					   TOPO_LEGACY, TOPO_COLLECTOR };

	if (nth % 4 == 3 ||
	    (fn->kind != TOPO_UNKNOWN && fn->kind != TOPO_UNKNOWN_BRIDGE))
		return;
	fn->flags |= TOPO_DECLARES;
	if (fn->kind == TOPO_UNKNOWN)
		fn->declares = of_bridges[nth % ARRAY_SIZE(of_bridges)];
	else
		fn->declares = of_endpoints[nth / 4 % ARRAY_SIZE(of_endpoints)];
}

/* Returns NULL when the topology has its functions. */
static struct topo_fn *add(struct gen *g, int parent, u8 kind, u8 devfn)
{
	struct topo_fn *fn;

	if (g->t->nr >= g->target)
		return NULL;
	fn = &g->t->fn[g->t->nr];
	memset(fn, 0, sizeof(*fn));
	fn->parent = parent;
	fn->kind = kind;
	fn->devfn = devfn;
	random_words(g, fn);
	sprinkle(g, fn);
	declare_type(fn, g->t->nr);
	if (topo_is_bridge(fn))
		g->unfilled |= BIT_ULL(g->t->nr);
	g->t->nr++;
	return fn;
}

static void add_vfs(struct gen *g, unsigned int pf)
{
	static const u8 own_bus[] = { 70, 30 };
	const struct topo_fn *of = &g->t->fn[pf];
	u8 bus_off = of->parent != TOPO_ROOT_BUS;
	unsigned int i, nr = 1 + random_below(g, 4);
	struct topo_fn *fn;

	if (bus_off && g->t->fn[of->parent].flags & TOPO_ARI)
		bus_off = random_pick(g, own_bus, ARRAY_SIZE(own_bus));
	for (i = 0; i < nr; i++) {
		fn = add(g, of->parent, of->kind, FIRST_VF + g->t->nr);
		if (!fn)
			return;
		fn->flags |= TOPO_VF | (of->flags & TOPO_INTEL);
		fn->vf_of = pf;
		fn->bus_off = bus_off;
		if (!random_feature(g, TOPO_GEN_VF_ACS, 20))
			random_no_acs(fn);
	}
}

/* An endpoint, its VFs, and perhaps an alias. */
static void add_endpoint(struct gen *g, int parent, u8 kind, u8 devfn)
{
	struct topo_fn *fn = add(g, parent, kind, devfn);
	unsigned int i = g->t->nr - 1;

	if (!fn)
		return;
	if (kind == TOPO_INTEGRATED && random_chance(g, 50))
		fn->flags |= TOPO_INTEL;
	if (random_feature(g, TOPO_GEN_ALIAS, 3)) {
		fn->alias = devfn ^ (1 + random_below(g, 7));
		if (random_chance(g, 40))
			fn->alias = devfn ^
				    TOPO_DEVFN(1 + random_below(g, 3), 0);
		fn->flags |= TOPO_ALIAS;
	}
	if ((kind == TOPO_ENDPOINT || kind == TOPO_INTEGRATED) &&
	    random_feature(g, TOPO_GEN_VF, 12))
		add_vfs(g, i);
}

static u8 any_endpoint(struct gen *g)
{
	if (random_feature(g, TOPO_GEN_UNKNOWN, 1))
		return TOPO_UNKNOWN;
	if (random_feature(g, TOPO_GEN_CONV, 3))
		return TOPO_CONV;
	return random_chance(g, 10) ? TOPO_LEGACY : TOPO_ENDPOINT;
}

static u8 any_bridge_below_link(struct gen *g)
{
	if (random_feature(g, TOPO_GEN_UNKNOWN, 3))
		return TOPO_UNKNOWN_BRIDGE;
	if (random_feature(g, TOPO_GEN_CONV, 40))
		return random_chance(g, 80) ? TOPO_PCIE_TO_PCI :
					      TOPO_CONV_BRIDGE;
	return TOPO_UPSTREAM;
}

/* Function numbers of a device at the end of a link. */
static u8 link_devfn(struct gen *g, int link, unsigned int n)
{
	if (g->t->fn[link].flags & TOPO_ARI)
		return n * 8;
	return n;
}

/* What is plugged into a link: some functions, perhaps bridges among them. */
static void fill_link(struct gen *g, int link, bool deep)
{
	static const u8 counts[] = { 6, 60, 18, 8, 3, 2, 1, 1, 1 };
	unsigned int nr = random_pick(g, counts, ARRAY_SIZE(counts));
	unsigned int i;

	if (topo_is_port(&g->t->fn[link]) && random_chance(g, 15))
		g->t->fn[link].flags |= TOPO_ARI;
	for (i = 0; i < nr; i++) {
		if (!deep && random_chance(g, i ? 15 : 45))
			add(g, link, any_bridge_below_link(g),
			    link_devfn(g, link, i));
		else
			add_endpoint(g, link, any_endpoint(g),
				     link_devfn(g, link, i));
	}
}

static void fill_switch(struct gen *g, int upstream)
{
	static const u8 counts[] = { 2, 15, 40, 20, 12, 6, 5 };
	unsigned int nr = random_pick(g, counts, ARRAY_SIZE(counts));
	unsigned int i;

	for (i = 0; i < nr; i++)
		add(g, upstream, TOPO_DOWNSTREAM, TOPO_DEVFN(i, 0));
	if (random_feature(g, TOPO_GEN_INTERNAL, 4))
		add_endpoint(g, upstream, any_endpoint(g), TOPO_DEVFN(i, 0));
}

static u8 any_on_wires(struct gen *g, int bridge, bool deep)
{
	if (deep || !random_chance(g, 15))
		return TOPO_CONV;
	if (g->t->fn[bridge].kind != TOPO_UNKNOWN_BRIDGE &&
	    random_chance(g, 25))
		return TOPO_PCI_TO_PCIE;
	return TOPO_CONV_BRIDGE;
}

static void fill_shared(struct gen *g, int bridge, bool deep)
{
	unsigned int i, nr = 1 + random_below(g, 3);
	u8 kind;

	for (i = 0; i < nr; i++) {
		kind = any_on_wires(g, bridge, deep);
		if (kind == TOPO_CONV)
			add_endpoint(g, bridge, kind, TOPO_DEVFN(i, 0));
		else
			add(g, bridge, kind, TOPO_DEVFN(i, 0));
	}
}

static void fill(struct gen *g, unsigned int bridge)
{
	unsigned int room = RANDOM_DEPTH - topo_depth(g->t, bridge);

	g->unfilled &= ~BIT_ULL(bridge);
	if (!room)
		return;
	switch (g->t->fn[bridge].kind) {
	case TOPO_ROOT_PORT:
	case TOPO_DOWNSTREAM:
	case TOPO_PCI_TO_PCIE:
		fill_link(g, bridge, room < 2);
		break;
	case TOPO_UPSTREAM:
		fill_switch(g, bridge);
		break;
	default:
		fill_shared(g, bridge, room < 2);
		break;
	}
}

static void add_root_ports(struct gen *g, int bus, u8 dev, unsigned int fn)
{
	static const u8 counts[] = { 0, 60, 20, 12, 8 };
	unsigned int end = fn + random_pick(g, counts, ARRAY_SIZE(counts));

	for (; fn < end; fn++)
		add(g, bus, TOPO_ROOT_PORT, TOPO_DEVFN(dev, fn));
	if (random_chance(g, 6))
		add_endpoint(g, bus,
			     random_chance(g, 50) ? TOPO_INTEGRATED :
						    TOPO_ENDPOINT,
			     TOPO_DEVFN(dev, fn));
}

static void add_dummy(struct gen *g, u8 dev)
{
	struct topo_fn *fn =
		add(g, TOPO_ROOT_BUS, TOPO_CONV, TOPO_DEVFN(dev, 0));

	if (!fn)
		return;
	random_no_acs(fn);
	fn->flags = TOPO_DUMMY | (random_chance(g, 15) ? TOPO_MASTER : 0);
}

static void add_vmd(struct gen *g, u8 dev)
{
	struct topo_fn *fn =
		add(g, TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(dev, 0));
	int vmd = g->t->nr - 1;

	if (!fn)
		return;
	fn->flags |= TOPO_VMD | TOPO_INTEL;
	add_root_ports(g, vmd, 0, 0);
	add_endpoint(g, vmd, TOPO_ENDPOINT, TOPO_DEVFN(1, 0));
}

/* Several integrated functions in one device. */
static void add_integrated(struct gen *g, u8 dev)
{
	static const u8 counts[] = { 0, 45, 30, 15, 10 };
	unsigned int i, nr = random_pick(g, counts, ARRAY_SIZE(counts));
	u8 kind;

	for (i = 0; i < nr; i++) {
		kind = TOPO_INTEGRATED;
		if (random_feature(g, TOPO_GEN_UNKNOWN, 8))
			kind = TOPO_COLLECTOR;
		else if (random_feature(g, TOPO_GEN_CONV, 8))
			kind = TOPO_CONV;
		else if (random_chance(g, 8))
			kind = TOPO_ENDPOINT;
		add_endpoint(g, TOPO_ROOT_BUS, kind, TOPO_DEVFN(dev, i));
	}
}

static void add_root_bridge(struct gen *g, u8 dev)
{
	static const u8 kinds[] = {
		TOPO_CONV_BRIDGE,
		TOPO_PCIE_TO_PCI,
		TOPO_PCI_TO_PCIE,
	};

	add(g, TOPO_ROOT_BUS, kinds[random_below(g, ARRAY_SIZE(kinds))],
	    TOPO_DEVFN(dev, 0));
	if (random_chance(g, 25))
		add_endpoint(g, TOPO_ROOT_BUS, any_endpoint(g),
			     TOPO_DEVFN(dev, 1));
}

static void add_root_device(struct gen *g)
{
	static const u8 weights[] = { 64, 18, 8, 6, 4 };
	u8 dev = g->devices++;

	switch (random_pick(g, weights, ARRAY_SIZE(weights))) {
	case 1:
		add_integrated(g, dev);
		break;
	case 2:
		if (g->features & TOPO_GEN_CONV) {
			add_root_bridge(g, dev);
			break;
		}
		add_root_ports(g, TOPO_ROOT_BUS, dev, 0);
		break;
	case 3:
		add_dummy(g, dev);
		add_root_ports(g, TOPO_ROOT_BUS, dev, 1);
		break;
	case 4:
		if (g->features & TOPO_GEN_VMD) {
			add_vmd(g, dev);
			break;
		}
		add_integrated(g, dev);
		break;
	default:
		add_root_ports(g, TOPO_ROOT_BUS, dev, 0);
		break;
	}
}

/* One of the bridges not filled yet; mostly the latest, to get deep. */
static unsigned int next_unfilled(struct gen *g)
{
	unsigned int skip = 0;
	u64 todo = g->unfilled;

	if (random_chance(g, 40))
		skip = random_below(g, hweight64(todo));
	else
		skip = hweight64(todo) - 1;
	while (skip--)
		todo &= todo - 1;
	return __ffs64(todo);
}

/* Some bridges or functions are not listed, and nothing below them is. */
static void hide_some(struct gen *g)
{
	struct topo *t = g->t;
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		struct topo_fn *fn = &t->fn[i];

		if ((fn->parent != TOPO_ROOT_BUS &&
		     t->fn[fn->parent].flags & TOPO_HIDDEN) ||
		    (topo_can_hide(t, i) && random_chance(g, 12)))
			fn->flags |= TOPO_HIDDEN;
	}
}

/* Most have a group of their own; some share that of an earlier one. */
static void group_all(struct gen *g)
{
	struct topo *t = g->t;
	unsigned int i, j;

	for (i = 0; i < t->nr; i++) {
		if (t->fn[i].flags & TOPO_HIDDEN)
			continue;
		t->fn[i].group = i + 1;
		j = random_below(g, i + 1);
		if (random_chance(g, 20) && !(t->fn[j].flags & TOPO_HIDDEN) &&
		    topo_domain(t, i) == topo_domain(t, j))
			t->fn[i].group = t->fn[j].group;
	}
}

static void take_slots(struct gen *g)
{
	unsigned int i;

	for (i = 0; i < g->t->nr; i++)
		if (topo_is_port(&g->t->fn[i]) &&
		    !(g->t->fn[i].flags & TOPO_SLOT) && random_chance(g, 35))
			g->t->fn[i].flags |= TOPO_NO_SLOT;
}

static u8 any_size(struct gen *g)
{
	if (random_chance(g, 50))
		return 2 + random_below(g, 11);
	if (random_chance(g, 70))
		return 13 + random_below(g, 20);
	return 33 + random_below(g, TOPO_MAX - 32);
}

/**
 * topo_random - make a topology
 * @t: where to
 * @seed: any number; the same one makes the same topology
 * @features: TOPO_GEN_*, what may occur in it
 */
void topo_random(struct topo *t, u64 seed, u32 features)
{
	struct gen g = {
		.t = t,
		.state = scramble(seed),
		.features = features,
	};

	t->nr = 0;
	g.target = any_size(&g);
	g.faults = fault_levels[random_below(&g, ARRAY_SIZE(fault_levels))];
	while (t->nr < g.target) {
		if (g.unfilled &&
		    (g.devices == ROOT_DEVICES || !random_chance(&g, 12)))
			fill(&g, next_unfilled(&g));
		else if (g.devices < ROOT_DEVICES)
			add_root_device(&g);
		else
			break;
	}
	if (features & TOPO_GEN_NO_SLOT)
		take_slots(&g);
	if (random_feature(&g, TOPO_GEN_HIDDEN, 40))
		hide_some(&g);
	if (random_feature(&g, TOPO_GEN_GROUP, 30))
		group_all(&g);
}
