// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the walks of the engine, on trees that are made by hand
 *
 * Deeper than described topologies are, with loops, with functions that are not
 * listed, or with facts that only some homes know.
 */
#include "ancestor.h"
#include "node.h"
#include "suites.h"
#include "trees.h"
#include "trees_machine.h"

/* ---- Small trees ---- */

static const void *next_tree(const void *prev, char *desc)
{
	const struct tree *of = prev ? (const struct tree *)prev + 1 : trees;

	if (of == trees + trees_nr)
		return NULL;
	strscpy(desc, of->name, KUNIT_PARAM_DESC_SIZE);
	return of;
}

static void small_trees(struct kunit *test)
{
	const struct tree *of = test->param_value;
	struct acs_guard_verdict got;
	struct visits visits;
	unsigned int i;

	tree_use_topo();
	tree_topo.nr = (u8)of->nr;
	memcpy(tree_topo.fn, of->fn, sizeof(of->fn));
	tree_machine.single = of->single;
	tree_machine.unexplored = of->unexplored;
	tree_machine.domains = of->domains;
	tree_machine.no_iommu = of->no_iommu;

	got = tree_judge(of->of, of->strict);
	KUNIT_EXPECT_EQ(test, got.reason, of->reason);
	if (of->blocker != TREE_NOBODY) {
		KUNIT_EXPECT_EQ(test, got.blocker,
				machine_bdf_of(&of->fn[of->blocker]));
		KUNIT_EXPECT_EQ(test, got.missing, of->missing);
		KUNIT_EXPECT_EQ(test, got.hidden, of->hidden);
	}
	KUNIT_EXPECT_EQ(test, got.beyond_group, of->beyond);
	visits = tree_visit_peers(of->of);
	for (i = 0; i < of->nr; i++)
		if (visits.of[i] != !!(of->peers & BIT_ULL(i)))
			KUNIT_FAIL(test, "function %u is visited %u times", i,
				   visits.of[i]);
	KUNIT_EXPECT_EQ(test, tree_stays_in_group(of->of), of->in_group);
}

/* ---- Deep trees ---- */

static void expect_refused(struct kunit *test, int i,
			   enum acs_guard_reason reason, int blocker)
{
	const struct acs_guard_verdict got = tree_judge(i, false);

	KUNIT_EXPECT_EQ(test, got.reason, reason);
	KUNIT_EXPECT_EQ(test, got.blocker, machine_bdf_of(&tree_fns[blocker]));
}

static bool is_isolated(int i)
{
	return tree_judge(i, false).reason == ACS_GUARD_ISOLATED;
}

/* The element that is not looked at any more is one above the last. */
static void deepest_path(struct kunit *test)
{
	const unsigned int most = ACS_GUARD_MAX_DEPTH;
	int deep;

	tree_begin();
	KUNIT_EXPECT_TRUE(test, is_isolated(tree_add_deep(most - 1, 1)));
	tree_begin();
	KUNIT_EXPECT_TRUE(test, is_isolated(tree_add_deep(most, 1)));
	tree_begin();
	deep = tree_add_deep(most + 1, 1);
	expect_refused(test, deep, ACS_GUARD_UNKNOWN_TYPE, 1);
	/* Whatever its registers are. */
	tree_fns[1].flags = TOPO_ACS | TOPO_UNREADABLE;
	expect_refused(test, deep, ACS_GUARD_UNKNOWN_TYPE, 1);
	tree_begin();
	expect_refused(test, tree_add_deep(most + 2, 1), ACS_GUARD_UNKNOWN_TYPE,
		       2);
}

/* Where it is not known where two paths join, each is a peer of the other. */
static void deepest_peers(struct kunit *test)
{
	const unsigned int most = ACS_GUARD_MAX_DEPTH;
	int deep, far, near;

	tree_begin();
	deep = tree_add_deep(most, 1);
	far = tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(2, 0));
	KUNIT_EXPECT_EQ(test, tree_visit_peers(deep).all, 0);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(far).all, 0);
	near = tree_add(tree_add(1, TOPO_DOWNSTREAM, 8), TOPO_ENDPOINT, 0);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(near).all, 0);

	tree_begin();
	deep = tree_add_deep(most + 1, 1);
	far = tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(2, 0));
	near = tree_add(1, TOPO_ENDPOINT, TOPO_DEVFN(1, 0));
	KUNIT_EXPECT_EQ(test, tree_visit_peers(deep).all, 2);
	KUNIT_EXPECT_TRUE(test, tree_visit_peers(deep).of[far]);
	KUNIT_EXPECT_TRUE(test, tree_visit_peers(near).of[deep]);
	/* From there the walk does not come so far. */
	KUNIT_EXPECT_EQ(test, tree_visit_peers(far).all, 0);

	/* So is one below the same switch, which keeps the two apart. */
	near = tree_add(tree_fns[tree_fns[deep].parent].parent, TOPO_DOWNSTREAM,
			8);
	near = tree_add(near, TOPO_ENDPOINT, 0);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(deep).of[near], 1);
}

static enum acs_guard_ancestor_kind kind_between(int of, int other)
{
	struct acs_guard_common_ancestor ancestor = { .kind = ACS_GUARD_APART };
	const struct acs_node to = acs_node_number(&tree_machine, other);
	struct acs_guard_own_path own;

	acs_guard_own_path_init(&own, acs_node_number(&tree_machine, of),
				&tree_reader);
	acs_guard_find_common_ancestor(&own, to, &ancestor);
	return ancestor.kind;
}

/* Whatever was in the answer before, it is an exposure where little is known. */
static void unknown_ancestors(struct kunit *test)
{
	int bridge, one, two;

	tree_begin();
	bridge = tree_add(TOPO_ROOT_BUS, TOPO_CONV_BRIDGE, TOPO_DEVFN(1, 0));
	one = tree_add(bridge, TOPO_CONV, TOPO_DEVFN(1, 0));
	two = tree_add(bridge, TOPO_CONV, TOPO_DEVFN(2, 0));
	KUNIT_EXPECT_EQ(test, kind_between(one, two), ACS_GUARD_SEGMENT);

	tree_begin();
	one = tree_add_deep(ACS_GUARD_MAX_DEPTH + 1, 1);
	two = tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(2, 0));
	KUNIT_EXPECT_EQ(test, kind_between(one, two), ACS_GUARD_SEGMENT);
	KUNIT_EXPECT_EQ(test, kind_between(two, one), ACS_GUARD_SEGMENT);
}

/*
 * The neighbour is visited by the walk that gives up, and by the one of all
 * functions, which starts again; what is too far down is not walked to.
 */
static void deepest_walk(struct kunit *test)
{
	const unsigned int most = ACS_GUARD_MAX_DEPTH;
	int deep, near;

	tree_begin();
	near = tree_add(TOPO_ROOT_BUS, TOPO_ENDPOINT, TOPO_DEVFN(1, 1));
	deep = tree_add_deep(most, 1);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(deep).of[near], 1);
	tree_begin();
	near = tree_add(TOPO_ROOT_BUS, TOPO_ENDPOINT, TOPO_DEVFN(1, 1));
	deep = tree_add_deep(most + 1, 1);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(deep).of[near], 1);
}

/* Two functions far below one switch that does not keep them apart. */
static void recursion(struct kunit *test, unsigned int depth)
{
	int up, left, right, a, b;

	tree_begin();
	up = tree_add(tree_add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8), TOPO_UPSTREAM,
		      0);
	left = tree_add(up, TOPO_DOWNSTREAM, 0);
	right = tree_add(up, TOPO_DOWNSTREAM, 8);
	tree_fns[left].flags = 0;
	tree_fns[right].flags = 0;
	a = tree_add(left, TOPO_ENDPOINT, 0);
	b = tree_add(tree_add_bridges(right, depth - 3),
		     depth % 2 ? TOPO_ENDPOINT : TOPO_CONV, 0);
	tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, TOPO_DEVFN(2, 0));
	KUNIT_EXPECT_EQ(test, tree_visit_peers(a).of[b], 1);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(a).all, 1);
	/* What was visited before the walk gave up is discarded. */
	KUNIT_EXPECT_EQ(test, tree_visit_peers(b).of[a], 1);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(b).all, 1);

	/* The search for slots gives up as well, and has no visitor. */
	tree_fns[a].group = 1;
	tree_fns[b].group = 1;
	KUNIT_EXPECT_TRUE(test, tree_stays_in_group(b));
}

static void deep_subtrees(struct kunit *test)
{
	recursion(test, 5);
	recursion(test, 14);
	recursion(test, 15);
	recursion(test, 16);
	recursion(test, 17);
	recursion(test, 30);
}

/* A card below @nr conventional bridges, and @beside empty ones. */
static int add_cards(unsigned int nr, unsigned int beside)
{
	const int top = tree_add(tree_add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8),
				 TOPO_PCIE_TO_PCI, 0);
	int bridge = top;
	u8 slot;

	for (slot = 1; slot <= beside; slot++)
		tree_add(top, TOPO_CONV_BRIDGE, TOPO_DEVFN(slot, 0));
	while (nr--)
		bridge = tree_add(bridge, TOPO_CONV_BRIDGE, 0);
	return tree_add(bridge, TOPO_CONV, 0);
}

/* A card with @depth bridges above it, all of them conventional. */
static int add_segments(unsigned int depth)
{
	int bridge = TOPO_ROOT_BUS;

	while (depth--)
		bridge = tree_add(bridge, TOPO_CONV_BRIDGE, 0);
	return tree_add(bridge, TOPO_CONV, 0);
}

static void nested_segments(struct kunit *test)
{
	tree_begin();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_cards(8, 0)));
	tree_begin();
	expect_refused(test, add_cards(9, 0), ACS_GUARD_CONVENTIONAL, 1);
	tree_begin();
	/* The topmost bridge is too far away, and the next below it stands in. */
	expect_refused(test, add_segments(ACS_GUARD_MAX_DEPTH + 1),
		       ACS_GUARD_CONVENTIONAL, 1);
	tree_begin();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_cards(1, 20)));
	tree_begin();
	KUNIT_EXPECT_TRUE(test, is_isolated(add_cards(8, 20)));
}

/* Two switches, each below the other, and a function below one of them. */
static void loops(struct kunit *test)
{
	int up, dp, ep, other;

	tree_begin();
	up = tree_add(0, TOPO_UPSTREAM, 0);
	dp = tree_add(up, TOPO_DOWNSTREAM, 0);
	ep = tree_add(dp, TOPO_ENDPOINT, 0);
	tree_fns[up].parent = (s8)dp;
	other = tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 8);
	expect_refused(test, ep, ACS_GUARD_MULTIFUNCTION, ep);
	KUNIT_EXPECT_TRUE(test, tree_visit_peers(ep).of[other]);
	KUNIT_EXPECT_FALSE(test, tree_stays_in_group(ep));

	/* The same of conventional bridges. */
	tree_begin();
	up = tree_add(0, TOPO_CONV_BRIDGE, 0);
	dp = tree_add(up, TOPO_CONV_BRIDGE, 0);
	ep = tree_add(dp, TOPO_CONV, 0);
	tree_fns[up].parent = (s8)dp;
	other = tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 8);
	KUNIT_EXPECT_FALSE(test, is_isolated(ep));
	KUNIT_EXPECT_TRUE(test, tree_visit_peers(ep).of[other]);
}

static struct kunit_case trees_cases[] = {
	KUNIT_CASE_PARAM(small_trees, next_tree),
	KUNIT_CASE(deepest_path),
	KUNIT_CASE(deepest_peers),
	KUNIT_CASE(unknown_ancestors),
	KUNIT_CASE(deepest_walk),
	KUNIT_CASE(deep_subtrees),
	KUNIT_CASE(nested_segments),
	KUNIT_CASE(loops),
	{ 0 },
};

struct kunit_suite trees_suite = {
	.name = "trees",
	.test_cases = trees_cases,
};
