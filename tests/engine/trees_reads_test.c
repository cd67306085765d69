// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the reads of the engine, reads that fail, and paths that change
 */
#include "node.h"
#include "oracle_cases.h"
#include "suites.h"
#include "trees.h"
#include "trees_machine.h"

static unsigned int search_reads_of(int i)
{
	tree_access.reads = 0;
	tree_visit_peers(i);
	return tree_access.reads;
}

/* What is the same for all peers is read once. */
static void few_reads_of_peers(struct kunit *test)
{
	int port, f0, i;

	/* The function, the port above it, and the other three. */
	tree_begin();
	port = tree_add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8);
	f0 = tree_add(port, TOPO_ENDPOINT, 0);
	for (i = 1; i < 4; i++)
		tree_add(port, TOPO_ENDPOINT, (u8)i);
	for (i = 0; i < 4; i++) {
		tree_fns[f0 + i].flags = TOPO_ACS;
		tree_fns[f0 + i].cap = 0x0c;
		tree_fns[f0 + i].ctrl = 0x0c;
	}
	KUNIT_EXPECT_EQ(test, search_reads_of(f0), 5);

	/* The PF and the port above; the PF for each of the two; for P2P. */
	tree_fns[f0 + 1].flags = TOPO_VF;
	tree_fns[f0 + 2].flags = TOPO_VF;
	tree_fns[f0 + 1].vf_of = (u8)f0;
	tree_fns[f0 + 2].vf_of = (u8)f0;
	tree_machine.tree_size--;
	KUNIT_EXPECT_EQ(test, search_reads_of(f0 + 1), 5);
}

/* What stands apart is not read, nor visited without need. */
static void no_reads_of_strangers(struct kunit *test)
{
	int ep, dummy;

	tree_begin();
	ep = tree_add(tree_add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8), TOPO_ENDPOINT,
		      0);
	dummy = tree_add(TOPO_ROOT_BUS, TOPO_CONV, 16);
	tree_fns[dummy].flags = TOPO_DUMMY;
	tree_fns[ep].group = 1;
	KUNIT_EXPECT_EQ(test, search_reads_of(ep), 0);

	tree_fns[dummy].flags = 0;
	tree_fns[dummy].group = 1;
	tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 24);
	KUNIT_EXPECT_EQ(test, search_reads_of(ep), 0);
	KUNIT_EXPECT_EQ(test, tree_visit_peers(ep).all, 1);
}

static unsigned int reads_of(int i, bool strict)
{
	tree_access.reads = 0;
	tree_judge(i, strict);
	return tree_access.reads;
}

/* Only what a rule asks for is read. */
static void few_reads(struct kunit *test)
{
	int port, ep;

	tree_begin();
	port = tree_add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8);
	ep = tree_add(port, TOPO_ENDPOINT, 0);
	tree_fns[ep].flags = TOPO_ATS | TOPO_ACS;
	KUNIT_EXPECT_EQ(test, reads_of(ep, false), 1);
	/* The list of three capabilities is read twice. */
	KUNIT_EXPECT_EQ(test, reads_of(ep, true), 1 + 2 * 3);
	/* Another member of its group is refused for that alone. */
	tree_fns[ep].group = 1;
	tree_fns[tree_add(TOPO_ROOT_BUS, TOPO_INTEGRATED, 16)].group = 1;
	tree_fns[2].flags = TOPO_ACS;
	KUNIT_EXPECT_EQ(test, reads_of(ep, false), 1);
}

/* The reason, with the counts of reads begun anew. */
static enum acs_guard_reason reason_anew(unsigned int i, bool strict)
{
	tree_access.reads = 0;
	memset(tree_access.seen, 0, sizeof(tree_access.seen));
	return tree_judge((int)i, strict).reason;
}

static void fail_each_read(struct kunit *test, unsigned int i, bool strict)
{
	const struct machine_fault faults[] = {
		{ MACHINE_ANY, MACHINE_ANY, .fails = true },
		{ MACHINE_ANY, MACHINE_ANY, .value = U32_MAX },
		{ MACHINE_ANY, MACHINE_ANY, .value = 0 },
	};
	unsigned int reads, nth, how;

	tree_access.faults = 0;
	if (reason_anew(i, strict) == ACS_GUARD_ISOLATED)
		return;
	reads = tree_access.reads;
	tree_access.faults = 1;
	for (how = 0; how < ARRAY_SIZE(faults); how++) {
		tree_access.fault[0] = faults[how];
		for (nth = 1; nth <= reads; nth++) {
			tree_access.fault[0].nth = nth;
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
		oracle_case_topo(&oracle_cases[nr], &tree_topo);
		tree_use_topo();
		for (i = 0; i < tree_topo.nr; i++) {
			fail_each_read(test, i, false);
			fail_each_read(test, i, true);
		}
	}
}

/* ---- Paths that change meanwhile ---- */

static unsigned int looks_of(int i)
{
	tree_access.looks = 0;
	tree_visit_peers(i);
	return tree_access.looks;
}

/* Looks for the peers of function @i while paths are lost, and found again. */
static void lose_each_path(int i)
{
	unsigned int looks, from, lost;

	tree_access.found_from = 0;
	looks = looks_of(i);
	for (from = 1; from <= looks; from++) {
		for (lost = 1; lost <= looks; lost++) {
			tree_access.lost_from = from;
			tree_access.found_from = from + lost;
			looks_of(i);
			tree_stays_in_group(i);
		}
	}
}

/* The kernel lists a function with its PF and the bridges above. */
static bool is_listed(int i)
{
	if (tree_topo.fn[i].flags & TOPO_VF &&
	    !is_listed(tree_topo.fn[i].vf_of))
		return false;
	for (; i != TOPO_ROOT_BUS; i = tree_topo.fn[i].parent)
		if (tree_topo.fn[i].flags & TOPO_HIDDEN)
			return false;
	return true;
}

/* The engine comes to an end; the sanitizers see whether it goes astray. */
static void changing_paths(struct kunit *test)
{
	unsigned int nr, i, hidden;

	for (nr = 0; nr < oracle_cases_nr; nr++) {
		oracle_case_topo(&oracle_cases[nr], &tree_topo);
		tree_use_topo();
		for (hidden = 0; hidden < tree_topo.nr; hidden++) {
			tree_topo.fn[hidden].flags ^= TOPO_HIDDEN;
			for (i = 0; i < tree_topo.nr; i++)
				if (is_listed((int)i))
					lose_each_path((int)i);
			tree_topo.fn[hidden].flags ^= TOPO_HIDDEN;
		}
	}
}

/* A function that was a peer stays one while its path is lost. */
static void lost_paths(struct kunit *test)
{
	unsigned int looks;
	int up, a, b;

	tree_begin();
	up = tree_add(tree_add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, 8), TOPO_UPSTREAM,
		      0);
	a = tree_add(tree_add(up, TOPO_DOWNSTREAM, 0), TOPO_ENDPOINT, 0);
	b = tree_add(tree_add(up, TOPO_DOWNSTREAM, 8), TOPO_ENDPOINT, 0);
	tree_fns[tree_fns[a].parent].flags = 0;
	tree_fns[b].flags |= TOPO_HIDDEN;
	KUNIT_EXPECT_TRUE(test, tree_visit_peers(a).of[b]);
	for (looks = looks_of(a); looks; looks--) {
		tree_access.lost_from = looks;
		tree_access.found_from = looks + 1;
		tree_access.looks = 0;
		KUNIT_EXPECT_TRUE(test, tree_visit_peers(a).of[b]);
		tree_access.found_from = U32_MAX;
		tree_access.looks = 0;
		KUNIT_EXPECT_TRUE(test, tree_visit_peers(a).of[b]);
	}
}

static struct kunit_case trees_reads_cases[] = {
	KUNIT_CASE(few_reads),
	KUNIT_CASE(few_reads_of_peers),
	KUNIT_CASE(no_reads_of_strangers),
	KUNIT_CASE(refused_still),
	KUNIT_CASE(changing_paths),
	KUNIT_CASE(lost_paths),
	{ 0 },
};

struct kunit_suite trees_reads_suite = {
	.name = "trees_reads",
	.test_cases = trees_reads_cases,
};
