// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the packet model of the proofs (tests/proof/route.c) held against
 * the oracle, on the machines around one path that are parts of others
 */
#include "oracle.h"
#include "path_machine.h"
#include "suites.h"

/**
 * struct path_tally - what was compared
 * @exact: functions of which both gave the same answer
 * @exposed: of these, how many have a route or a shared requester ID
 * @deep: functions with bridges below other bridges than those of the path, of
 *	which only the oracle knows, and a route in the model only
 * @skipped: functions with too many others around the path
 */
struct path_tally {
	unsigned int exact;
	unsigned int exposed;
	unsigned int deep;
	unsigned int skipped;
};

/* So many random machines have both answers often. */
#define ENOUGH 1000

static struct path_tally tally;
static struct oracle oracle;
static struct topo topo;
static bool deep;

/* Is there a function below @bridge that may issue something? */
static bool is_used(const struct topo *t, unsigned int bridge)
{
	bool used = false;
	unsigned int i;

	for (i = bridge + 1; i < t->nr; i++) {
		if (t->fn[i].parent != (int)bridge || topo_is_inert(&t->fn[i]))
			continue;
		used |= !topo_only_forwards(&t->fn[i]);
		if (!topo_is_bridge(&t->fn[i]))
			continue;
		deep = true;
		used |= is_used(t, i);
	}
	return used;
}

static struct path_fn *put(const struct topo *t, unsigned int i,
			   unsigned int level, unsigned int k)
{
	const struct topo_fn *from = &t->fn[i];
	struct path_fn *to = machine_function(level, k);

	*to = (struct path_fn){
		.level = (u8)level,
		.k = (u8)k,
		.exists = true,
		.is_virtual = from->flags & TOPO_VF,
		.bridge = topo_is_bridge(from),
		.type = topo_type(from),
		.devfn = from->devfn,
		.vendor = from->flags & TOPO_INTEL ? PCI_VENDOR_ID_INTEL : 0,
		.acs = from->flags & TOPO_ACS,
		.cap = from->cap,
		.ctrl = from->ctrl,
	};
	return to;
}

static bool share_alias(const struct topo_fn *a, const struct topo_fn *b)
{
	const bool has_a = a->flags & TOPO_ALIAS, has_b = b->flags & TOPO_ALIAS;

	if (a->bus_off != b->bus_off)
		return false;
	return (has_a && a->alias == b->devfn) ||
	       (has_b && b->alias == a->devfn) ||
	       (has_a && has_b && a->alias == b->alias);
}

/* Describe one level; @at has the function at each number. */
static void connect(const struct topo *t, unsigned int level, const int *at)
{
	unsigned int a, b;

	machine.alias[level] = 0;
	for (a = 0; a < WIDTH; a++) {
		if (at[a] < 0) {
			machine_function(level, a)->exists = false;
			continue;
		}
		for (b = 0; b < WIDTH; b++) {
			if (b > a && at[b] >= 0 &&
			    share_alias(&t->fn[at[a]], &t->fn[at[b]]))
				machine.alias[level] |= 1 << (a + b - 1);
			if (t->fn[at[a]].flags & TOPO_VF &&
			    at[b] == t->fn[at[a]].vf_of)
				machine_function(level, a)->pf =
					machine_function(level, b);
		}
	}
}

static unsigned int slot_of(const struct topo *t, int i)
{
	const struct topo_fn *fn = &t->fn[i];

	return TOPO_DEV(fn->flags & TOPO_VF ? t->fn[fn->vf_of].devfn :
					      fn->devfn);
}

/* Other devices of a root bus matter only if they share a requester ID. */
static bool is_near(const struct topo *t, int own, int f, int i)
{
	if (t->fn[i].parent != t->fn[own].parent || topo_is_inert(&t->fn[i]))
		return false;
	return t->fn[i].parent != TOPO_ROOT_BUS ||
	       slot_of(t, i) == slot_of(t, own) ||
	       share_alias(&t->fn[i], &t->fn[f >= 0 ? f : own]);
}

/* @own: the element of the path; @f: F if it is another one, a VF of @own. */
static bool put_level(const struct topo *t, unsigned int level, int own, int f)
{
	int at[WIDTH] = { own, f, -1 };
	unsigned int k = f >= 0 ? 2 : 1;
	int i;

	put(t, (unsigned int)own, level, 0)->used =
		!level && is_used(t, (unsigned int)own);
	if (f >= 0)
		put(t, (unsigned int)f, level, 1);
	for (i = 0; i < t->nr; i++) {
		if (i == own || i == f || !is_near(t, own, f, i))
			continue;
		if (k == WIDTH)
			return false;
		at[k] = i;
		put(t, (unsigned int)i, level, k)->used =
			is_used(t, (unsigned int)i);
		k++;
	}
	for (; k < WIDTH; k++)
		at[k] = -1;
	connect(t, level, at);
	return true;
}

/* Describe what is around the path of @f, if there is room for it. */
static bool put_path(const struct topo *t, int f)
{
	const bool is_virtual = t->fn[f].flags & TOPO_VF;
	int own = is_virtual ? t->fn[f].vf_of : f;
	unsigned int level;

	machine = (struct path_machine){ .f = is_virtual };
	deep = false;
	for (level = 0; level < LEVELS; level++) {
		if (!put_level(t, level, own, level || !is_virtual ? -1 : f))
			return false;
		if (t->fn[own].parent == TOPO_ROOT_BUS) {
			machine.levels = level + 1;
			return true;
		}
		own = t->fn[own].parent;
	}
	return false;
}

static bool agrees(struct kunit *test, int f)
{
	const bool wanted = oracle_peers(&oracle, (unsigned int)f);
	bool got;

	if (!put_path(&topo, f)) {
		tally.skipped++;
		return true;
	}
	got = route_exists() || route_shares_id();
	if (got == wanted || (deep && got)) {
		tally.exact += got == wanted;
		tally.exposed += got && wanted;
		tally.deep += got != wanted;
		return true;
	}
	return false;
}

static void print_machine(struct kunit *test)
{
	char line[TOPO_LINE];
	unsigned int i;

	for (i = 0; i < topo.nr; i++) {
		topo_print(&topo, i, line, sizeof(line));
		kunit_info(test, "%s", line);
	}
}

static bool all_agree(struct kunit *test, unsigned long long which)
{
	u64 todo;

	oracle_run(&oracle, &topo, ORACLE_ASSUME_ALL);
	for (todo = oracle.functions; todo; todo &= todo - 1) {
		if (agrees(test, (int)__ffs64(todo)))
			continue;
		KUNIT_FAIL(test, "machine %llu: they differ about %u", which,
			   __ffs64(todo));
		print_machine(test);
		return false;
	}
	return true;
}

static void begin(void)
{
	tally = (struct path_tally){};
}

static void print_tally(struct kunit *test)
{
	kunit_info(test, "%u alike, %u exposed; %u deep; %u skipped",
		   tally.exact, tally.exposed, tally.deep, tally.skipped);
}

static void model_on_small(struct kunit *test)
{
	static struct topo_enum walk;

	begin();
	topo_enum_start(&walk, lengths.enum_size, TOPO_ENUM_MAX,
			TOPO_WORDS_HERE);
	while (lengths.enum_size && topo_enum_next(&walk, &topo))
		if (!all_agree(test, walk.count))
			break;
	print_tally(test);
}

static void model_on_random(struct kunit *test)
{
	u64 seed;

	begin();
	for (seed = lengths.first_seed;
	     seed < lengths.first_seed + lengths.random; seed++) {
		topo_random(&topo, seed, TOPO_GEN_ALL & ~TOPO_GEN_VMD);
		if (!all_agree(test, seed))
			break;
	}
	print_tally(test);
	if (lengths.random < ENOUGH)
		return;
	KUNIT_EXPECT_TRUE(test, tally.exposed > lengths.random / 4);
	KUNIT_EXPECT_TRUE(test,
			  tally.exact - tally.exposed > lengths.random / 4);
}

static struct kunit_case route_cases[] = {
	KUNIT_CASE(model_on_small),
	KUNIT_CASE(model_on_random),
	{ 0 },
};

struct kunit_suite route_suite = {
	.name = "route",
	.test_cases = route_cases,
};
