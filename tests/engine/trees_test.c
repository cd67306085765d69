// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the walks of the engine, on trees that are made by hand
 *
 * Deeper than described topologies are, with loops, with functions that are not
 * listed, or with facts that only some homes know.
 */
#include "node.h"
#include "oracle_cases.h"
#include "suites.h"
#include "trees.h"

#define MAX_TREE 120

static struct topo topo;
static struct topo_fn tree[MAX_TREE];
static struct machine_access access;
static struct machine machine;
static struct acs_guard_reader reader = { &machine };

static struct acs_guard_verdict judge(int i, bool strict)
{
	const struct acs_guard_policy policy = { .strict = strict };
	struct acs_guard_verdict verdict;

	memset(&verdict, 0xff, sizeof(verdict));
	acs_guard_judge_path(acs_node_number(&machine, i), &policy, &reader,
			     &verdict);
	return verdict;
}

/**
 * struct visits - counts how often a function is visited as a peer
 * @visitor: for acs_guard_search_peers()
 * @of: by function
 * @all: altogether
 */
struct visits {
	struct acs_guard_visitor visitor;
	unsigned int of[MAX_TREE];
	unsigned int all;
};

static void discard(struct acs_guard_visitor *visitor)
{
	struct visits *visits = container_of(visitor, struct visits, visitor);

	memset(visits->of, 0, sizeof(visits->of));
	visits->all = 0;
}

static void count(struct acs_guard_visitor *visitor, struct acs_node peer)
{
	struct visits *visits = container_of(visitor, struct visits, visitor);

	visits->of[peer.i]++;
	visits->all++;
}

static struct visits visit_peers(int i)
{
	struct visits visits = {
		.visitor.start = discard,
		.visitor.visit = count,
	};

	acs_guard_search_peers(acs_node_number(&machine, i), &reader,
			       &visits.visitor);
	return visits;
}

static bool stays_in_group(int i)
{
	return acs_guard_stays_in_group(acs_node_number(&machine, i), &reader);
}

/* ---- Small trees ---- */

static const void *next_tree(const void *prev, char *desc)
{
	const struct tree *of = prev ? (const struct tree *)prev + 1 : trees;

	if (of == trees + trees_nr)
		return NULL;
	strscpy(desc, of->name, KUNIT_PARAM_DESC_SIZE);
	return of;
}

static void use_topo(void)
{
	access = (struct machine_access){ 0 };
	machine = (struct machine){ .topo = &topo, .access = &access };
}

static void small_trees(struct kunit *test)
{
	const struct tree *of = test->param_value;
	struct acs_guard_verdict got;
	struct visits visits;
	unsigned int i;

	use_topo();
	topo.nr = (u8)of->nr;
	memcpy(topo.fn, of->fn, sizeof(of->fn));
	machine.single = of->single;
	machine.unexplored = of->unexplored;
	machine.no_iommu = of->no_iommu;

	got = judge(of->of, of->strict);
	KUNIT_EXPECT_EQ(test, got.reason, of->reason);
	if (of->blocker != TREE_NOBODY) {
		KUNIT_EXPECT_EQ(test, got.blocker,
				machine_bdf_of(&of->fn[of->blocker]));
		KUNIT_EXPECT_EQ(test, got.missing, of->missing);
		KUNIT_EXPECT_EQ(test, got.hidden, of->hidden);
	}
	KUNIT_EXPECT_EQ(test, got.beyond_group, of->beyond);
	visits = visit_peers(of->of);
	for (i = 0; i < of->nr; i++)
		if (visits.of[i] != !!(of->peers & BIT_ULL(i)))
			KUNIT_FAIL(test, "function %u is visited %u times", i,
				   visits.of[i]);
	KUNIT_EXPECT_EQ(test, stays_in_group(of->of), of->in_group);
}

/* ---- Deep trees ---- */

static void begin_tree(void)
{
	memset(tree, 0, sizeof(tree));
	access = (struct machine_access){ 0 };
	machine = (struct machine){ .tree = tree, .access = &access };
}

static int add(int parent, enum topo_kind kind, u8 devfn)
{
	struct topo_fn *fn = &tree[machine.tree_size];
	const bool is_port = kind == TOPO_ROOT_PORT || kind == TOPO_DOWNSTREAM;

	*fn = (struct topo_fn){
		.parent = (s8)parent,
		.kind = (u8)kind,
		.devfn = devfn,
		.flags = is_port ? TOPO_ACS : 0,
		.cap = is_port ? 0x5f : 0,
		.ctrl = is_port ? 0x1d : 0,
	};
	return (int)machine.tree_size++;
}

/* Below a Root Port or a Downstream Port.  Return: the lowest bridge. */
static int add_bridges(int top, unsigned int nr)
{
	for (; nr > 1; nr -= 2)
		top = add(add(top, TOPO_UPSTREAM, 0), TOPO_DOWNSTREAM, 0);
	return nr ? add(top, TOPO_PCIE_TO_PCI, 0) : top;
}

/* A function with @depth bridges above it, which all keep it apart. */
static int add_deep(unsigned int depth, u8 slot)
{
	const int root =
		add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, TOPO_DEVFN(slot, 0));

	return add(add_bridges(root, depth - 1),
		   depth % 2 ? TOPO_ENDPOINT : TOPO_CONV, 0);
}

static void expect_refused(struct kunit *test, int i,
			   enum acs_guard_reason reason, int blocker)
{
	const struct acs_guard_verdict got = judge(i, false);

	KUNIT_EXPECT_EQ(test, got.reason, reason);
	KUNIT_EXPECT_EQ(test, got.blocker, machine_bdf_of(&tree[blocker]));
}

static bool is_isolated(int i)
{
	return judge(i, false).reason == ACS_GUARD_ISOLATED;
}

/* The element that is not looked at any more is one above the last. */
static void deepest_path(struct kunit *test)
{
	const unsigned int most = ACS_GUARD_MAX_DEPTH;
	int deep;

	begin_tree();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_deep(most - 1, 1)));
	begin_tree();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_deep(most, 1)));
	begin_tree();
	deep = add_deep(most + 1, 1);
	expect_refused(test, deep, ACS_GUARD_UNKNOWN_TYPE, 1);
	/* Whatever its registers are. */
	tree[1].flags = TOPO_ACS | TOPO_UNREADABLE;
	expect_refused(test, deep, ACS_GUARD_UNKNOWN_TYPE, 1);
	begin_tree();
	expect_refused(test, add_deep(most + 2, 1), ACS_GUARD_UNKNOWN_TYPE, 2);
}

/* Where it is not known where two paths join, each is a peer of the other. */
static void deepest_peers(struct kunit *test)
{
	const unsigned int most = ACS_GUARD_MAX_DEPTH;
	int deep, far, near;

	begin_tree();
	deep = add_deep(most, 1);
	far = add(TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(2, 0));
	KUNIT_EXPECT_EQ(test, visit_peers(deep).all, 0);
	KUNIT_EXPECT_EQ(test, visit_peers(far).all, 0);
	near = add(add(1, TOPO_DOWNSTREAM, 8), TOPO_ENDPOINT, 0);
	KUNIT_EXPECT_EQ(test, visit_peers(near).all, 0);

	begin_tree();
	deep = add_deep(most + 1, 1);
	far = add(TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(2, 0));
	near = add(1, TOPO_ENDPOINT, TOPO_DEVFN(1, 0));
	KUNIT_EXPECT_EQ(test, visit_peers(deep).all, 2);
	KUNIT_EXPECT_TRUE(test, visit_peers(deep).of[far]);
	KUNIT_EXPECT_TRUE(test, visit_peers(near).of[deep]);
	/* From there the walk does not come so far. */
	KUNIT_EXPECT_EQ(test, visit_peers(far).all, 0);
}

/*
 * The neighbour is visited by the walk that gives up, and once more by the one
 * of all functions; what is too far down is not walked to.
 */
static void deepest_walk(struct kunit *test)
{
	const unsigned int most = ACS_GUARD_MAX_DEPTH;
	int deep, near;

	begin_tree();
	near = add(TOPO_ROOT_BUS, TOPO_ENDPOINT, TOPO_DEVFN(1, 1));
	deep = add_deep(most, 1);
	KUNIT_EXPECT_EQ(test, visit_peers(deep).of[near], 2);
	begin_tree();
	near = add(TOPO_ROOT_BUS, TOPO_ENDPOINT, TOPO_DEVFN(1, 1));
	deep = add_deep(most + 1, 1);
	KUNIT_EXPECT_EQ(test, visit_peers(deep).of[near], 1);
}

/* Two functions far below one switch that does not keep them apart. */
static void recursion(struct kunit *test, unsigned int depth,
		      unsigned int times)
{
	int up, left, right, a, b;

	begin_tree();
	up = add(add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8), TOPO_UPSTREAM, 0);
	left = add(up, TOPO_DOWNSTREAM, 0);
	right = add(up, TOPO_DOWNSTREAM, 8);
	tree[left].flags = 0;
	tree[right].flags = 0;
	a = add(left, TOPO_ENDPOINT, 0);
	b = add(add_bridges(right, depth - 3),
		depth % 2 ? TOPO_ENDPOINT : TOPO_CONV, 0);
	add(TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(2, 0));
	KUNIT_EXPECT_EQ(test, visit_peers(a).of[b], 1);
	KUNIT_EXPECT_EQ(test, visit_peers(a).all, 1);
	/* What was visited before the walk gave up is visited once more. */
	KUNIT_EXPECT_EQ(test, visit_peers(b).of[a], times);
	KUNIT_EXPECT_EQ(test, visit_peers(b).all, times);
}

static void deep_subtrees(struct kunit *test)
{
	recursion(test, 5, 1);
	recursion(test, 14, 1);
	recursion(test, 15, 1);
	recursion(test, 16, 2);
	recursion(test, 17, 2);
	recursion(test, 30, 2);
}

/* A card below @nr conventional bridges, and @beside empty ones. */
static int add_cards(unsigned int nr, unsigned int beside)
{
	const int top =
		add(add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8), TOPO_PCIE_TO_PCI, 0);
	int bridge = top;
	u8 slot;

	for (slot = 1; slot <= beside; slot++)
		add(top, TOPO_CONV_BRIDGE, TOPO_DEVFN(slot, 0));
	while (nr--)
		bridge = add(bridge, TOPO_CONV_BRIDGE, 0);
	return add(bridge, TOPO_CONV, 0);
}

/* A card with @depth bridges above it, all of them conventional. */
static int add_segments(unsigned int depth)
{
	int bridge = TOPO_ROOT_BUS;

	while (depth--)
		bridge = add(bridge, TOPO_CONV_BRIDGE, 0);
	return add(bridge, TOPO_CONV, 0);
}

static void nested_segments(struct kunit *test)
{
	begin_tree();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_cards(8, 0)));
	begin_tree();
	expect_refused(test, add_cards(9, 0), ACS_GUARD_CONVENTIONAL, 1);
	begin_tree();
	/* The topmost bridge is too far away, and the next below it stands in. */
	expect_refused(test, add_segments(ACS_GUARD_MAX_DEPTH + 1),
		       ACS_GUARD_CONVENTIONAL, 1);
	begin_tree();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_cards(1, 20)));
	begin_tree();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_cards(8, 20)));
}

/* Two switches, each below the other, and a function below one of them. */
static void loops(struct kunit *test)
{
	int up, dp, ep, other;

	begin_tree();
	up = add(0, TOPO_UPSTREAM, 0);
	dp = add(up, TOPO_DOWNSTREAM, 0);
	ep = add(dp, TOPO_ENDPOINT, 0);
	tree[up].parent = (s8)dp;
	other = add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 8);
	expect_refused(test, ep, ACS_GUARD_MULTIFUNCTION, ep);
	KUNIT_EXPECT_TRUE(test, visit_peers(ep).of[other]);
	KUNIT_EXPECT_FALSE(test, stays_in_group(ep));

	/* The same of conventional bridges. */
	begin_tree();
	up = add(0, TOPO_CONV_BRIDGE, 0);
	dp = add(up, TOPO_CONV_BRIDGE, 0);
	ep = add(dp, TOPO_CONV, 0);
	tree[up].parent = (s8)dp;
	other = add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 8);
	KUNIT_EXPECT_FALSE(test, is_isolated(ep));
	KUNIT_EXPECT_TRUE(test, visit_peers(ep).of[other]);
}

/* ---- Reads, and reads that fail ---- */

static unsigned int search_reads_of(int i)
{
	access.reads = 0;
	visit_peers(i);
	return access.reads;
}

/* What is the same for all peers is read once. */
static void few_reads_of_peers(struct kunit *test)
{
	int port, f0, i;

	/* The function, the port above it, and the other three. */
	begin_tree();
	port = add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8);
	f0 = add(port, TOPO_ENDPOINT, 0);
	for (i = 1; i < 4; i++)
		add(port, TOPO_ENDPOINT, (u8)i);
	for (i = 0; i < 4; i++) {
		tree[f0 + i].flags = TOPO_ACS;
		tree[f0 + i].cap = 0x0c;
		tree[f0 + i].ctrl = 0x0c;
	}
	KUNIT_EXPECT_EQ(test, search_reads_of(f0), 5);

	/* The PF and the port above; the PF for each of the two; for P2P. */
	tree[f0 + 1].flags = TOPO_VF;
	tree[f0 + 2].flags = TOPO_VF;
	tree[f0 + 1].vf_of = (u8)f0;
	tree[f0 + 2].vf_of = (u8)f0;
	machine.tree_size--;
	KUNIT_EXPECT_EQ(test, search_reads_of(f0 + 1), 5);
}

/* What stands apart is not read, nor visited without need. */
static void no_reads_of_strangers(struct kunit *test)
{
	int ep, dummy;

	begin_tree();
	ep = add(add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8), TOPO_ENDPOINT, 0);
	dummy = add(TOPO_ROOT_BUS, TOPO_CONV, 16);
	tree[dummy].flags = TOPO_DUMMY;
	tree[ep].group = 1;
	KUNIT_EXPECT_EQ(test, search_reads_of(ep), 0);

	tree[dummy].flags = 0;
	tree[dummy].group = 1;
	add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 24);
	KUNIT_EXPECT_EQ(test, search_reads_of(ep), 0);
	KUNIT_EXPECT_EQ(test, visit_peers(ep).all, 1);
}

static unsigned int reads_of(int i, bool strict)
{
	access.reads = 0;
	judge(i, strict);
	return access.reads;
}

/* Only what a rule asks for is read. */
static void few_reads(struct kunit *test)
{
	int port, ep;

	begin_tree();
	port = add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8);
	ep = add(port, TOPO_ENDPOINT, 0);
	tree[ep].flags = TOPO_ATS | TOPO_ACS;
	KUNIT_EXPECT_EQ(test, reads_of(ep, false), 1);
	KUNIT_EXPECT_TRUE(test, reads_of(ep, true) > 1);
	/* Another member of its group is refused for that alone. */
	tree[ep].group = 1;
	tree[add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 16)].group = 1;
	tree[2].flags = TOPO_ACS;
	KUNIT_EXPECT_EQ(test, reads_of(ep, false), 1);
}

/* The reason, with the counts of reads begun anew. */
static enum acs_guard_reason reason_anew(unsigned int i, bool strict)
{
	access.reads = 0;
	memset(access.seen, 0, sizeof(access.seen));
	return judge((int)i, strict).reason;
}

static void fail_each_read(struct kunit *test, unsigned int i, bool strict)
{
	const struct machine_fault faults[] = {
		{ MACHINE_ANY, MACHINE_ANY, .fails = true },
		{ MACHINE_ANY, MACHINE_ANY, .value = U32_MAX },
		{ MACHINE_ANY, MACHINE_ANY, .value = 0 },
	};
	unsigned int reads, nth, how;

	access.faults = 0;
	if (reason_anew(i, strict) == ACS_GUARD_ISOLATED)
		return;
	reads = access.reads;
	access.faults = 1;
	for (how = 0; how < ARRAY_SIZE(faults); how++) {
		access.fault[0] = faults[how];
		for (nth = 1; nth <= reads; nth++) {
			access.fault[0].nth = nth;
			if (reason_anew(i, strict) == ACS_GUARD_ISOLATED)
				KUNIT_FAIL(test,
					   "function %u, read %u, fault %u%s",
					   i, nth, how,
					   strict ? ", strict" : "");
		}
	}
}

/* One read that goes wrong makes nothing isolated that is not. */
static void refused_still(struct kunit *test)
{
	unsigned int nr, i;

	for (nr = 0; nr < oracle_cases_nr; nr++) {
		oracle_case_topo(&oracle_cases[nr], &topo);
		use_topo();
		for (i = 0; i < topo.nr; i++) {
			fail_each_read(test, i, false);
			fail_each_read(test, i, true);
		}
	}
}

/* ---- Paths that change meanwhile ---- */

static unsigned int looks_of(int i)
{
	access.looks = 0;
	visit_peers(i);
	return access.looks;
}

/* Looks for the peers of function @i while paths are lost, and found again. */
static void lose_each_path(int i)
{
	unsigned int looks, from, lost;

	access.found_from = 0;
	looks = looks_of(i);
	for (from = 1; from <= looks; from++) {
		for (lost = 1; lost <= looks; lost++) {
			access.lost_from = from;
			access.found_from = from + lost;
			looks_of(i);
			stays_in_group(i);
		}
	}
}

/* The kernel lists a function with its PF and the bridges above. */
static bool is_listed(int i)
{
	if (topo.fn[i].flags & TOPO_VF && !is_listed(topo.fn[i].vf_of))
		return false;
	for (; i != TOPO_ROOT_BUS; i = topo.fn[i].parent)
		if (topo.fn[i].flags & TOPO_HIDDEN)
			return false;
	return true;
}

/* The engine comes to an end; the sanitizers see whether it goes astray. */
static void changing_paths(struct kunit *test)
{
	unsigned int nr, i, hidden;

	for (nr = 0; nr < oracle_cases_nr; nr++) {
		oracle_case_topo(&oracle_cases[nr], &topo);
		use_topo();
		for (hidden = 0; hidden < topo.nr; hidden++) {
			topo.fn[hidden].flags ^= TOPO_HIDDEN;
			for (i = 0; i < topo.nr; i++)
				if (is_listed((int)i))
					lose_each_path((int)i);
			topo.fn[hidden].flags ^= TOPO_HIDDEN;
		}
	}
}

/* A function that was a peer stays one while its path is lost. */
static void lost_paths(struct kunit *test)
{
	unsigned int looks;
	int up, a, b;

	begin_tree();
	up = add(add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8), TOPO_UPSTREAM, 0);
	a = add(add(up, TOPO_DOWNSTREAM, 0), TOPO_ENDPOINT, 0);
	b = add(add(up, TOPO_DOWNSTREAM, 8), TOPO_ENDPOINT, 0);
	tree[tree[a].parent].flags = 0;
	tree[b].flags |= TOPO_HIDDEN;
	KUNIT_EXPECT_TRUE(test, visit_peers(a).of[b]);
	for (looks = looks_of(a); looks; looks--) {
		access.lost_from = looks;
		access.found_from = looks + 1;
		access.looks = 0;
		KUNIT_EXPECT_TRUE(test, visit_peers(a).of[b]);
		access.found_from = U32_MAX;
		access.looks = 0;
		KUNIT_EXPECT_TRUE(test, visit_peers(a).of[b]);
	}
}

static struct kunit_case trees_cases[] = {
	KUNIT_CASE_PARAM(small_trees, next_tree),
	KUNIT_CASE(deepest_path),
	KUNIT_CASE(deepest_peers),
	KUNIT_CASE(deepest_walk),
	KUNIT_CASE(deep_subtrees),
	KUNIT_CASE(nested_segments),
	KUNIT_CASE(loops),
	KUNIT_CASE(few_reads),
	KUNIT_CASE(few_reads_of_peers),
	KUNIT_CASE(no_reads_of_strangers),
	KUNIT_CASE(refused_still),
	KUNIT_CASE(changing_paths),
	KUNIT_CASE(lost_paths),
	{ 0 },
};

struct kunit_suite trees_suite = {
	.name = "trees",
	.test_cases = trees_cases,
};
