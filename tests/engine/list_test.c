// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the engine against the list of topologies
 *
 * The KUnit suites bring the list up as fake hosts.  Here each declaration is
 * turned into a described machine, and the answers are the same.
 */
#include "ask.h"
#include "suites.h"
#include "topology.h"

#define LINE 160
#define ROOM 8

/* clang-format off */
#define TOPOLOGY(...) { __VA_ARGS__ },
#define GROUPED(...)
static const struct topology topologies[] = {
#include "topology_list.h"
};

#undef TOPOLOGY
#undef GROUPED
#define TOPOLOGY(...)
#define GROUPED(...) { __VA_ARGS__ },
static const struct topology grouped[] = {
#include "topology_list.h"
};

#undef TOPOLOGY
#undef GROUPED
/* clang-format on */

/*
 * No described machine can be like these; faults_test.c has both.  A described
 * host bridge has no capability list, and a described function has CXL.cache
 * enabled, or not at all.
 */
static const char *const left_out[] = {
	"T24 a host bridge with a capability list",
	"T34 CXL.cache there but off",
};

static const char *const reasons[ACS_GUARD_NUM_REASONS] = {
	[ACS_GUARD_UNREADABLE] = "unreadable",
	[ACS_GUARD_UNKNOWN_TYPE] = "unknown-type",
	[ACS_GUARD_ALIAS] = "alias",
	[ACS_GUARD_CONVENTIONAL] = "conventional",
	[ACS_GUARD_MULTIFUNCTION] = "multifunction",
	[ACS_GUARD_NO_ACS] = "no-acs",
	[ACS_GUARD_ACS_INCOMPLETE] = "acs-incomplete",
	[ACS_GUARD_ACS_DISABLED] = "acs-disabled",
	[ACS_GUARD_EGRESS_DIRECT] = "egress-direct",
	[ACS_GUARD_DIRECT_TRANSLATED] = "direct-translated",
	[ACS_GUARD_SIBLING_PORT] = "sibling-port",
	[ACS_GUARD_INTERNAL_FUNCTION] = "internal-function",
	[ACS_GUARD_TRANSLATION] = "translation",
	[ACS_GUARD_PORT_MEMORY] = "port-memory",
	[ACS_GUARD_IOMMU_GROUP] = "iommu-group",
	[ACS_GUARD_NO_IOMMU] = "no-iommu",
	[ACS_GUARD_ISOLATED] = "isolated",
};

static const struct {
	u16 flag;
	const char *name;
} controls[] = {
	{ PCI_ACS_SV, "SV" },
	{ PCI_ACS_RR, "RR" },
	{ PCI_ACS_CR, "CR" },
	{ PCI_ACS_UF, "UF" },
};

static const char *const groupings[] = { "as declared", "no groups",
					 "one group", "own groups" };

/* The machine that the tests are about, and what its functions are called. */
static struct topo topo;
static struct topology_name names[TOPO_MAX];
static const struct machine machine = { .topo = &topo };
static struct acs_guard_reader reader = { &machine };

static int named(const char *name)
{
	unsigned int i;

	for (i = 0; i < topo.nr; i++)
		if (!strcmp(names[i].text, name))
			return (int)i;
	return -1;
}

static void bring_up(const struct topology *topology, enum grouping grouping)
{
	topology_describe(topology, grouping, &topo, names);
}

/* ---- What the engine has to say ---- */

static u64 peers_of(unsigned int i)
{
	return ask_peers(acs_node_number(&machine, (int)i), &reader);
}

static struct acs_guard_verdict judge(unsigned int i, bool strict)
{
	const struct acs_guard_policy policy = { .strict = strict };
	struct acs_guard_verdict verdict;

	memset(&verdict, 0xff, sizeof(verdict));
	acs_guard_judge_path(acs_node_number(&machine, (int)i), &policy,
			     &reader, &verdict);
	return verdict;
}

/* Does unit=group let the function be bound? */
static bool is_bound(unsigned int i, const struct acs_guard_verdict *verdict)
{
	const struct acs_node node = acs_node_number(&machine, (int)i);
	const struct acs_guard_allowance allowance = {
		.in_group = acs_guard_stays_in_group(node, &reader),
		.mode = ACS_GUARD_ENFORCE,
	};

	return acs_guard_decide(verdict, &allowance) != ACS_GUARD_DENY;
}

/* ---- What it has to say according to the list ---- */

static u64 set_of(const char *peers)
{
	char copy[LINE], *name, *rest;
	u64 set = 0;

	strscpy(copy, peers ?: "", sizeof(copy));
	for (name = strtok_r(copy, " ", &rest); name;
	     name = strtok_r(NULL, " ", &rest))
		set |= BIT_ULL(named(name));
	return set;
}

static u16 missing_of(const char *missing)
{
	u16 set = 0;
	unsigned int i;

	for (i = 0; missing && i < ARRAY_SIZE(controls); i++)
		if (strstr(missing, controls[i].name))
			set |= controls[i].flag;
	return set;
}

static bool counts(unsigned int i)
{
	const struct topo_fn *fn = &topo.fn[i];

	return !topo_only_forwards(fn) &&
	       (!topo_is_inert(fn) || fn->flags & TOPO_BAR);
}

/* R13: the others of the group of @i. */
static u64 members_of(unsigned int i)
{
	u64 set = 0;
	unsigned int j;

	for (j = 0; counts(i) && topo.fn[i].group && j < topo.nr; j++)
		if (j != i && counts(j) && topo.fn[j].group == topo.fn[i].group)
			set |= BIT_ULL(j);
	return set;
}

static u64 lowest_of(u64 set)
{
	u64 lowest = U64_MAX;

	for (; set; set &= set - 1)
		lowest = min(lowest, machine_bdf(&topo, __ffs64(set)));
	return lowest;
}

/**
 * struct expected - what the engine has to say of a function
 * @i: the function
 * @reason: as in the log
 * @blocker: the blocker's address
 * @missing: PCI_ACS_* flags
 * @peers: a set of functions
 */
struct expected {
	unsigned int i;
	const char *reason;
	u64 blocker;
	u16 missing;
	u64 peers;
};

/* R13 is asked last, and the others of the group are peers in any case. */
static struct expected expect(const struct answer *answer, bool strict)
{
	struct expected want = {
		.i = (unsigned int)named(answer->want.name),
		.reason = answer->want.reason,
		.missing = missing_of(answer->want.missing),
		.peers = set_of(answer->want.peers),
	};
	const char *blocker = answer->want.blocker;
	const u64 members = members_of(want.i);

	if (strict && answer->strict) {
		want.reason = answer->strict;
		blocker = answer->at;
	}
	if (blocker)
		want.blocker = machine_bdf(&topo, named(blocker));
	if (!strcmp(want.reason, "isolated") && members) {
		want.reason = "iommu-group";
		want.blocker = lowest_of(members);
	}
	want.peers |= members;
	return want;
}

static void print(const char *what, const char *reason, u64 blocker,
		  u16 missing, u64 peers)
{
	kunit_print("%s: %s %s %#x, peers %#llx", what, reason,
		    acs_guard_name(blocker).text, missing, peers);
}

static bool is_root_port(u64 bdf)
{
	return topo.fn[machine_find(&topo, bdf)].kind == TOPO_ROOT_PORT;
}

static void expect_verdict(struct kunit *test, const struct expected *want,
			   bool strict, const char *when)
{
	const struct acs_guard_verdict got = judge(want->i, strict);
	const u64 peers = peers_of(want->i);
	const bool isolated = got.reason == ACS_GUARD_ISOLATED;

	if (!strcmp(reasons[got.reason], want->reason) &&
	    peers == want->peers &&
	    (isolated ||
	     (got.blocker == want->blocker && got.missing == want->missing &&
	      !got.hidden && got.root_port == is_root_port(got.blocker))))
		return;
	print("got", reasons[got.reason], got.blocker, got.missing, peers);
	print("expected", want->reason, want->blocker, want->missing,
	      want->peers);
	KUNIT_FAIL(test, "%s, %s%s", names[want->i].text, when,
		   strict ? ", strict" : "");
}

/* The lowest addresses of the peers, in order, and how many there are. */
static void expect_addresses(struct kunit *test, const struct expected *want,
			     unsigned int room)
{
	u64 bdf[ROOM + 1], left = want->peers, last = 0;
	struct acs_guard_peers peers = { .room = room, .bdf = bdf };
	unsigned int i;

	bdf[room] = U64_MAX;
	acs_guard_peers_init(&peers);
	acs_guard_search_peers(acs_node_number(&machine, (int)want->i), &reader,
			       &peers.visitor);
	KUNIT_EXPECT_EQ(test, peers.count, hweight64(want->peers));
	KUNIT_EXPECT_EQ(test, bdf[room], U64_MAX);
	for (i = 0; left && i < room; i++) {
		last = lowest_of(left);
		KUNIT_EXPECT_EQ(test, bdf[i], last);
		left &= ~BIT_ULL(machine_find(&topo, last));
	}
}

static void judge_all(struct kunit *test, const struct topology *topology,
		      enum grouping grouping, bool strict)
{
	const struct answer *answer;

	bring_up(topology, grouping);
	for (answer = topology->answers; answer->want.name; answer++) {
		const struct expected want = expect(answer, strict);

		expect_verdict(test, &want, strict, groupings[grouping]);
		expect_addresses(test, &want, ROOM);
		expect_addresses(test, &want, 1);
	}
}

/*
 * unit=group.  Nothing is excused without a group; if each function has its
 * own, only a function without peers is; and nothing that strict=1 is for, even
 * if another failure comes first.
 */
static void bind_all(struct kunit *test, const struct topology *topology,
		     enum grouping grouping, bool strict)
{
	const struct answer *answer;

	bring_up(topology, grouping);
	for (answer = topology->answers; answer->want.name; answer++) {
		const unsigned int i = (unsigned int)named(answer->want.name);
		const struct acs_guard_verdict verdict = judge(i, strict);
		bool want = answer->excused && grouping != NO_GROUPS;

		if (grouping == OWN_GROUPS && answer->want.peers)
			want = false;
		want |= !strcmp(answer->want.reason, "isolated");
		want &= !(strict && answer->strict);
		if (is_bound(i, &verdict) != want)
			KUNIT_FAIL(test, "%s, %s%s: bound, or not",
				   answer->want.name, groupings[grouping],
				   strict ? ", strict" : "");
	}
}

static bool is_left_out(const struct topology *topology)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(left_out); i++)
		if (!strcmp(left_out[i], topology->title))
			return true;
	return false;
}

static void describe(const struct topology *topology, char *desc)
{
	strscpy(desc, topology->title, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(topologies, topologies, describe)

static const void *next_described(const void *prev, char *desc)
{
	do {
		prev = topologies_gen_params(prev, desc);
	} while (prev && is_left_out(prev));
	return prev;
}

KUNIT_ARRAY_PARAM(grouped, grouped, describe)

static void listed(struct kunit *test)
{
	const struct topology *topology = test->param_value;

	judge_all(test, topology, NO_GROUPS, false);
	judge_all(test, topology, NO_GROUPS, true);
	judge_all(test, topology, ONE_GROUP, false);
	judge_all(test, topology, OWN_GROUPS, false);
	bind_all(test, topology, NO_GROUPS, false);
	bind_all(test, topology, ONE_GROUP, false);
	bind_all(test, topology, OWN_GROUPS, false);
	bind_all(test, topology, ONE_GROUP, true);
}

static void in_groups(struct kunit *test)
{
	bind_all(test, test->param_value, AS_DECLARED, false);
}

static struct kunit_case list_cases[] = {
	KUNIT_CASE_PARAM(listed, next_described),
	KUNIT_CASE_PARAM(in_groups, grouped_gen_params),
	{ 0 },
};

struct kunit_suite list_suite = {
	.name = "list",
	.test_cases = list_cases,
};
