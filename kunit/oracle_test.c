// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the verdict against the oracle
 *
 * On all small topologies and on many random ones, with the facts worked out
 * from the description; and on some random ones with the facts that
 * module/topology.c reads from real struct pci_devs, on a fake host.  A
 * topology that fails is made smaller, and printed as a declaration for the
 * fake host; to see it again, load the module with oracle_seed=N
 * oracle_random=1 oracle_hosts=1 oracle_enum=0, N being the seed that was
 * printed.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>

#include "compare.h"
#include "compat.h"
#include "guard.h"
#include "suites.h"
#include "topo_host.h"

static unsigned long long first_seed = 1;
module_param_named(oracle_seed, first_seed, ullong, 0444);
MODULE_PARM_DESC(oracle_seed, "seed of the first random topology");

static unsigned int num_random = 20000;
module_param_named(oracle_random, num_random, uint, 0444);
MODULE_PARM_DESC(oracle_random, "random topologies, facts only");

static unsigned int num_hosts = 300;
module_param_named(oracle_hosts, num_hosts, uint, 0444);
MODULE_PARM_DESC(oracle_hosts, "random topologies on a fake host");

static unsigned int enum_size = 4;
module_param_named(oracle_enum, enum_size, uint, 0444);
MODULE_PARM_DESC(oracle_enum, "size of the small topologies, up to 6");

static unsigned int enum_words = TOPO_WORDS_HERE;
module_param_named(oracle_words, enum_words, uint, 0444);
MODULE_PARM_DESC(oracle_words,
		 "their ACS words: 0, 1 or 2, see enum topo_words");

static unsigned int enum_slots = TOPO_ENUM_MAX;
module_param_named(oracle_slots, enum_slots, uint, 0444);
MODULE_PARM_DESC(oracle_slots, "most devices on the root bus of these");

/* Larger topologies take long to bring up and show nothing else. */
#define HOST_MAX_FUNCTIONS 32

/* KUnit waits 300 s, in which the PCI core sleeps now and then. */
#define HOST_CHUNK 100

#define CONTROL_TOPOLOGIES 20000

static const struct acs_guard_policy lenient;

/* All of it is too large for the stack, and the tests run one by one. */
static struct compare compare;
static struct topo topo, scratch;
static struct tally tally, ignored;
static struct topo_host hosts;

static const char *const how_names[] = {
	[UNSOUND] = "isolated, but the oracle finds a way",
	[GROUP_SHARED] = "isolated, but not alone in its IOMMU group",
	[WRONG_EXCUSE] = "excused, but the oracle finds a way out of the group",
	[WRONG_PEERS] = "other peers than the oracle's",
	[NEEDLESS] = "refused for no reason on the list",
};

static bool fails_alike(const struct topo *t, void *how)
{
	cond_resched();
	return compare_topo(&compare, t, &ignored) ==
	       *(const enum disagreement *)how;
}

static void print_tally(struct kunit *test)
{
	enum caution caution;

	kunit_info(test, "%llu functions in %llu topologies", tally.functions,
		   tally.topologies);
	kunit_info(test, "%llu isolated, %llu refused with peers",
		   tally.isolated, tally.exposed);
	kunit_info(test, "%llu hidden, %llu excused by unit=group",
		   tally.hidden, tally.excused);
	for (caution = 0; caution < CAUTION_NONE; caution++)
		kunit_info(test, "caution: %llu %s", tally.cautious[caution],
			   compare_caution_name(caution));
}

/* Ready to be pasted into a test, but for what is behind a VMD endpoint. */
static void print_declaration(struct kunit *test, const struct topo *t)
{
	static struct fake_dev decl;
	static char line[512];
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		if (t->fn[i].flags & TOPO_VF)
			continue;
		topo_host_declare(t, i, &decl);
		fake_dev_print(line, sizeof(line), &decl);
		kunit_err(test, "%s", line);
	}
}

static void print_disagreement(struct kunit *test, const struct topo *t)
{
	const struct acs_guard_verdict *verdict = &compare.verdict;

	kunit_err(test, "f%u: %s, blocker f%d, missing 0x%x", compare.fn,
		  acs_guard_reason_name(verdict->reason),
		  facts_find(t, verdict->blocker), verdict->missing);
	kunit_err(test, "its peers 0x%llx, the oracle's 0x%llx", compare.peers,
		  compare.true_peers[compare.fn]);
	print_declaration(test, t);
}

/* Returns false if the verdict and the oracle disagree about @topo. */
static bool agrees(struct kunit *test, unsigned long long nth)
{
	enum disagreement how = compare_topo(&compare, &topo, &tally);

	if (how == AGREED)
		return true;
	topo_shrink(&topo, &scratch, fails_alike, &how);
	compare_topo(&compare, &topo, &ignored);
	KUNIT_FAIL(test, "number %llu: %s", nth, how_names[how]);
	print_disagreement(test, &topo);
	return false;
}

static void begin(enum facts_loss loss)
{
	memset(&tally, 0, sizeof(tally));
	compare.facts.no_iommu = false;
	compare.facts.loss = loss;
	compare.facts.cut = false;
	compare.facts.blind = NULL;
}

static void oracle_small(struct kunit *test)
{
	static struct topo_enum walk;

	begin(FACTS_SILENT);
	topo_enum_start(&walk, enum_size, enum_slots, enum_words);
	while (enum_size && topo_enum_next(&walk, &topo)) {
		if (!agrees(test, walk.count))
			break;
		if (!(walk.count % 256))
			cond_resched();
	}
	kunit_info(test, "all %llu topologies of up to %u functions",
		   walk.count, enum_size);
	print_tally(test);
}

/* Every way to hide something, and to take slots away from empty ports. */
static bool variants_agree(struct kunit *test, const struct topo *all,
			   unsigned long long nth)
{
	unsigned int variant;

	for (variant = 1; variant < BIT(all->nr); variant++)
		if (topo_enum_variant(all, variant, &topo) &&
		    !agrees(test, nth))
			return false;
	return true;
}

static void oracle_small_hidden(struct kunit *test)
{
	static struct topo_enum walk;
	static struct topo all;
	const unsigned int size = enum_size ? enum_size - 1 : 0;

	begin(FACTS_SILENT);
	topo_enum_start(&walk, size, enum_slots, enum_words);
	while (size && topo_enum_next(&walk, &all)) {
		if (!variants_agree(test, &all, walk.count))
			break;
		if (!(walk.count % 64))
			cond_resched();
	}
	kunit_info(test, "%llu topologies of up to %u functions, partly hidden",
		   walk.count, size);
	print_tally(test);
}

/* R14: without an IOMMU nothing is isolated, whatever else there is. */
static void oracle_no_iommu(struct kunit *test)
{
	struct acs_guard_verdict verdict;
	u64 seed;
	unsigned int i;

	begin(FACTS_SILENT);
	compare.facts.no_iommu = true;
	compare.facts.topo = &topo;
	for (seed = first_seed; seed < first_seed + 100; seed++) {
		topo_random(&topo, seed, TOPO_GEN_ALL);
		for (i = 0; i < topo.nr; i++) {
			facts_examine(&compare.facts, i, &lenient, &verdict);
			KUNIT_EXPECT_EQ(test, (int)verdict.reason,
					(int)ACS_GUARD_NO_IOMMU);
			KUNIT_EXPECT_EQ(test, verdict.blocker,
					facts_bdf(&topo, i));
			KUNIT_EXPECT_TRUE(test, verdict.beyond_group);
		}
	}
	compare.facts.no_iommu = false;
}

static void oracle_random(struct kunit *test)
{
	u64 seed;

	begin(FACTS_SILENT);
	for (seed = first_seed; seed < first_seed + num_random; seed++) {
		compare.facts.loss = seed & 1 ? FACTS_OFFLINE : FACTS_SILENT;
		topo_random(&topo, seed, TOPO_GEN_ALL);
		if (!agrees(test, seed))
			break;
		if (!(seed % 64))
			cond_resched();
	}
	kunit_info(test, "%u random topologies from seed %llu", num_random,
		   first_seed);
	print_tally(test);
}

/**
 * struct collector - peers that are real
 * @visitor: for acs_guard_visit_peers()
 * @peers: which they are
 */
struct collector {
	struct acs_guard_visitor visitor;
	u64 peers;
};

static void collect_anew(struct acs_guard_visitor *visitor)
{
	container_of(visitor, struct collector, visitor)->peers = 0;
}

static void collect(struct acs_guard_visitor *visitor, u64 bdf,
		    struct pci_dev *peer)
{
	struct collector *collector =
		container_of(visitor, struct collector, visitor);
	const int i = topo_host_find(&hosts, &topo, bdf);

	if (i >= 0)
		collector->peers |= BIT_ULL(i);
}

static void examine_real(unsigned int i)
{
	struct collector collector = {
		.visitor.start = collect_anew,
		.visitor.visit = collect,
	};
	struct acs_guard_verdict *verdict = &compare.verdict;
	bool in_group;
	int blocker;

	acs_guard_examine(hosts.pdev[i], &lenient, verdict);
	acs_guard_visit_peers(hosts.pdev[i], verdict, &collector.visitor);
	compare.fn = i;
	compare.peers = collector.peers;
	in_group = acs_guard_in_group(hosts.pdev[i], verdict);
	compare.excused = compare_excuses(&compare, in_group);
	blocker = topo_host_find(&hosts, &topo, verdict->blocker);
	if (blocker >= 0)
		verdict->blocker = facts_bdf(&topo, blocker);
}

/* Do the real walk and the described one come to the same? */
static bool walks_agree(struct kunit *test, unsigned int i)
{
	const struct acs_guard_verdict *real = &compare.verdict;
	struct acs_guard_verdict verdict;
	u64 peers;

	facts_examine(&compare.facts, i, &lenient, &verdict);
	peers = facts_peers(&compare.facts, i, &verdict);
	KUNIT_EXPECT_EQ(test, (int)real->reason, (int)verdict.reason);
	if (real->reason != ACS_GUARD_ISOLATED) {
		/* Only on one bus are described addresses in the real order. */
		if (real->reason != ACS_GUARD_IOMMU_GROUP)
			KUNIT_EXPECT_EQ(test, real->blocker, verdict.blocker);
		KUNIT_EXPECT_EQ(test, real->missing, verdict.missing);
		KUNIT_EXPECT_EQ(test, real->beyond_group, verdict.beyond_group);
		KUNIT_EXPECT_EQ(test, real->hidden, verdict.hidden);
		KUNIT_EXPECT_EQ(test, real->root_port, verdict.root_port);
		KUNIT_EXPECT_EQ(test, compare.excused,
				facts_in_group(&compare.facts, i, peers) &&
					!verdict.beyond_group);
	}
	KUNIT_EXPECT_EQ(test, compare.peers, peers);
	return test->status == KUNIT_SUCCESS;
}

static void compare_real(struct kunit *test)
{
	enum disagreement how;
	u64 todo;

	compare_prepare(&compare, &topo);
	tally.topologies++;
	for (todo = compare.oracle.functions; todo; todo &= todo - 1) {
		if (!hosts.pdev[__ffs64(todo)]) {
			tally.hidden++;
			continue;
		}
		examine_real(__ffs64(todo));
		how = compare_function(&compare, compare.fn, &tally);
		if (how != AGREED)
			KUNIT_FAIL(test, "%s", how_names[how]);
		if (how != AGREED || !walks_agree(test, compare.fn)) {
			print_disagreement(test, &topo);
			break;
		}
	}
}

static bool run_on_host(struct kunit *test, u64 seed)
{
	int err;

	compare.facts.loss = seed & 1 ? FACTS_OFFLINE : FACTS_SILENT;
	err = topo_host_create(&hosts, &topo, compare.facts.loss);
	KUNIT_EXPECT_EQ(test, err, 0);
	if (!err)
		compare_real(test);
	KUNIT_EXPECT_EQ(test, topo_host_destroy(&hosts), 0);
	/* As a recheck does, some seconds after a root bus has gone. */
	acs_guard_forget_hidden();
	if (test->status == KUNIT_SUCCESS)
		return true;
	kunit_err(test, "seed %llu", seed);
	if (err)
		print_declaration(test, &topo);
	return false;
}

static unsigned int hosts_done;
static u64 next_seed;

/* One after the other, for a test case must not take too long. */
static const void *ACS_GUARD_PARAMS(next_chunk)
{
	if (!prev) {
		begin(FACTS_SILENT);
		hosts_done = 0;
		next_seed = first_seed;
	} else if (hosts_done >= num_hosts) {
		return NULL;
	}
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "from seed %llu", next_seed);
	return &next_seed;
}

static bool make_for_host(u64 seed)
{
	topo_random(&topo, seed, TOPO_GEN_ALL);
	topo_host_fit(&topo);
	return topo.nr <= HOST_MAX_FUNCTIONS && !topo_invalid(&topo) &&
	       topo_host_can(&topo);
}

static void oracle_hosts(struct kunit *test)
{
	unsigned int left;

	compare.facts.cut = true;
	for (left = HOST_CHUNK; left && hosts_done < num_hosts; next_seed++) {
		if (!make_for_host(next_seed))
			continue;
		if (!run_on_host(test, next_seed)) {
			hosts_done = num_hosts;
			return;
		}
		hosts_done++;
		left--;
		cond_resched();
	}
	if (hosts_done < num_hosts)
		return;
	kunit_info(test,
		   "%u random topologies on a fake host, seeds %llu to %llu",
		   hosts_done, first_seed, next_seed - 1);
	print_tally(test);
}

/* Controls: what if the verdict did not know of ... */

static bool is_port_above(const struct acs_guard_hop *hop)
{
	return hop->role == ACS_GUARD_BRIDGE &&
	       (hop->fn.type == PCI_EXP_TYPE_ROOT_PORT ||
		hop->fn.type == PCI_EXP_TYPE_DOWNSTREAM);
}

static bool pretend(struct acs_guard_hop *hop, u16 flags)
{
	if (is_port_above(hop) && hop->fn.acs) {
		hop->fn.cap |= flags;
		hop->fn.ctrl |= flags;
	}
	return false;
}

static bool without_r1(struct acs_guard_hop *hop)
{
	hop->crowded = false;
	return false;
}

static bool without_r2(struct acs_guard_hop *hop)
{
	if (!is_port_above(hop) || hop->fn.acs)
		return false;
	hop->fn.acs = true;
	hop->fn.cap = 0x1d;
	hop->fn.ctrl = 0x1d;
	return false;
}

static bool without_r2_rr(struct acs_guard_hop *hop)
{
	return pretend(hop, PCI_ACS_RR);
}

static bool without_r2_cr(struct acs_guard_hop *hop)
{
	return pretend(hop, PCI_ACS_CR);
}

static bool without_r2_uf(struct acs_guard_hop *hop)
{
	return pretend(hop, PCI_ACS_UF);
}

static bool without_r3_ec(struct acs_guard_hop *hop)
{
	if (is_port_above(hop))
		hop->fn.ctrl &= ~PCI_ACS_EC;
	return false;
}

static bool without_r3_dt(struct acs_guard_hop *hop)
{
	if (is_port_above(hop))
		hop->fn.ctrl &= ~PCI_ACS_DT;
	return false;
}

static bool without_r4(struct acs_guard_hop *hop)
{
	if (hop->role == ACS_GUARD_DEVICE)
		hop->shared = false;
	return hop->role == ACS_GUARD_DEVICE_MATE && !hop->internal;
}

static bool without_r5(struct acs_guard_hop *hop)
{
	if (hop->role == ACS_GUARD_BRIDGE)
		hop->shared = false;
	return hop->role == ACS_GUARD_BRIDGE_MATE;
}

static bool without_r6(struct acs_guard_hop *hop)
{
	return hop->role == ACS_GUARD_SIBLING &&
	       hop->fn.type == PCI_EXP_TYPE_DOWNSTREAM;
}

static bool without_r7(struct acs_guard_hop *hop)
{
	if (hop->fn.type == PCI_EXP_TYPE_DOWNSTREAM)
		return false;
	hop->internal = false;
	return hop->role == ACS_GUARD_SIBLING;
}

static bool without_r8(struct acs_guard_hop *hop)
{
	return hop->only_virtual && (hop->role == ACS_GUARD_DEVICE ||
				     hop->role == ACS_GUARD_DEVICE_MATE);
}

static bool without_r9(struct acs_guard_hop *hop)
{
	if (hop->fn.readable)
		return false;
	hop->fn.readable = true;
	hop->fn.acs = true;
	hop->fn.cap = 0x1d;
	hop->fn.ctrl = 0x1d;
	return false;
}

static bool without_r11(struct acs_guard_hop *hop)
{
	return hop->fn.type > PCI_EXP_TYPE_RC_END &&
	       hop->fn.type < ACS_GUARD_TYPE_CONVENTIONAL;
}

static bool without_r12(struct acs_guard_hop *hop)
{
	return hop->role == ACS_GUARD_SHARED_ID;
}

static bool without_r13(struct acs_guard_hop *hop)
{
	return hop->role == ACS_GUARD_GROUP_MEMBER;
}

static bool without_hidden(struct acs_guard_hop *hop)
{
	if (hop->crowded)
		hop->crowded = !hop->hidden;
	return hop->hidden && hop->role != ACS_GUARD_BRIDGE;
}

static const struct {
	const char *name;
	facts_blind_fn blind;
	enum disagreement how;
} controls[] = {
	{ "R1", without_r1, UNSOUND },
	{ "R2", without_r2, UNSOUND },
	{ "R2, RR", without_r2_rr, UNSOUND },
	{ "R2, CR", without_r2_cr, UNSOUND },
	{ "R2, UF", without_r2_uf, UNSOUND },
	{ "R3, EC", without_r3_ec, UNSOUND },
	{ "R3, DT", without_r3_dt, UNSOUND },
	{ "R4", without_r4, UNSOUND },
	{ "R5", without_r5, UNSOUND },
	{ "R6", without_r6, UNSOUND },
	{ "R7", without_r7, UNSOUND },
	{ "R8", without_r8, UNSOUND },
	{ "R9", without_r9, UNSOUND },
	{ "R11", without_r11, UNSOUND },
	{ "R12", without_r12, UNSOUND },
	{ "R13", without_r13, GROUP_SHARED },
	{ "hidden functions", without_hidden, UNSOUND },
};

/* A verdict that does not know a rule is found to be wrong. */
static void oracle_controls(struct kunit *test)
{
	unsigned int i;
	u64 seed;

	for (i = 0; i < ARRAY_SIZE(controls); i++) {
		begin(FACTS_SILENT);
		compare.facts.blind = controls[i].blind;
		for (seed = 1; seed <= CONTROL_TOPOLOGIES; seed++) {
			topo_random(&topo, seed, TOPO_GEN_ALL);
			if (compare_topo(&compare, &topo, &tally) ==
			    controls[i].how)
				break;
			cond_resched();
		}
		KUNIT_EXPECT_LE_MSG(test, seed, (u64)CONTROL_TOPOLOGIES,
				    "without %s nothing is noticed",
				    controls[i].name);
		kunit_info(test, "without %s: wrong at seed %llu",
			   controls[i].name, seed);
	}
	compare.facts.blind = NULL;
}

static struct kunit_case oracle_cases[] = {
	KUNIT_CASE(oracle_controls),
	KUNIT_CASE(oracle_no_iommu),
	KUNIT_CASE(oracle_small),
	KUNIT_CASE(oracle_small_hidden),
	KUNIT_CASE(oracle_random),
	KUNIT_CASE_PARAM(oracle_hosts, next_chunk),
	{},
};

/* The guard is there, so it learns of functions that are hidden. */
struct kunit_suite oracle_suite = {
	.name = "acs_guard_oracle",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = oracle_cases,
};
