// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the list of peers that a report names
 *
 * The search visits peers in no order, and perhaps twice.  The list keeps the
 * lowest addresses in order and counts all of them.
 */
#include "engine.h"
#include "node.h"
#include "suites.h"

#define ROOM 3
#define MOST 8

/**
 * struct visits - peers in the order of their visits, and the list afterwards
 * @name: what it shows
 * @visited: the numbers of the peers, each below %MOST
 * @num: how many visits
 * @count: how many peers the list counts
 * @kept: the numbers of those that it keeps
 */
struct visits {
	const char *name;
	u8 visited[MOST];
	unsigned int num;
	unsigned int count;
	u8 kept[ROOM];
};

static const struct visits all_visits[] = {
	{ "none", {}, 0, 0, {} },
	{ "one", { 4 }, 1, 1, { 4 } },
	{ "in order", { 1, 2, 3 }, 3, 3, { 1, 2, 3 } },
	{ "in reverse order", { 3, 2, 1 }, 3, 3, { 1, 2, 3 } },
	{ "one twice", { 2, 2 }, 2, 1, { 2 } },
	{ "each twice", { 3, 1, 3, 1, 2, 2 }, 6, 3, { 1, 2, 3 } },
	{ "the last of a full list twice", { 1, 2, 3, 3 }, 4, 3, { 1, 2, 3 } },
	{ "the first of a full list twice", { 1, 2, 3, 1 }, 4, 3, { 1, 2, 3 } },
	{ "more than there is room for", { 1, 2, 3, 4, 5 }, 5, 5, { 1, 2, 3 } },
	{ "more, the lowest last", { 5, 4, 3, 2, 1 }, 5, 5, { 1, 2, 3 } },
	{ "more, one in between", { 1, 3, 5, 2, 4 }, 5, 5, { 1, 2, 3 } },
	{ "zero is an address", { 2, 1, 0 }, 3, 3, { 0, 1, 2 } },
};

static void describe(const struct visits *visits, char *desc)
{
	strscpy(desc, visits->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(visits, all_visits, describe)

static void visit_all(struct acs_guard_peers *peers,
		      const struct machine *machine,
		      const struct visits *visits)
{
	unsigned int i;

	peers->visitor.start(&peers->visitor);
	for (i = 0; i < visits->num; i++)
		peers->visitor.visit(&peers->visitor,
				     acs_node_number(machine,
						     visits->visited[i]));
}

static void list_of_peers(struct kunit *test)
{
	static struct topo topo;
	const struct machine machine = { .topo = &topo };
	const struct visits *visits = test->param_value;
	/* One more, which is not read either: zero is the lowest address. */
	u64 bdf[ROOM + 1];
	struct acs_guard_peers peers = { .room = ROOM, .bdf = bdf };
	unsigned int i, kept;

	memset(bdf, 0, sizeof(bdf));
	topo.nr = MOST;
	for (i = 0; i < MOST; i++)
		topo.fn[i] = (struct topo_fn){
			.parent = TOPO_ROOT_BUS,
			.devfn = TOPO_DEVFN(i, 0),
		};

	acs_guard_peers_init(&peers);
	visit_all(&peers, &machine, visits);
	/* A search that starts again discards what it has found. */
	visit_all(&peers, &machine, visits);
	KUNIT_EXPECT_EQ(test, peers.count, visits->count);
	kept = min(visits->count, ROOM);
	for (i = 0; i < kept; i++)
		KUNIT_EXPECT_EQ(test, bdf[i],
				machine_bdf(&topo, visits->kept[i]));
	for (; i <= ROOM; i++)
		KUNIT_EXPECT_EQ(test, bdf[i], 0);
}

static struct kunit_case peers_cases[] = {
	KUNIT_CASE_PARAM(list_of_peers, visits_gen_params),
	{ 0 },
};

struct kunit_suite peers_suite = {
	.name = "peers",
	.test_cases = peers_cases,
};
