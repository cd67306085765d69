// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: verdicts and the oracle agree on random machines
 *
 * Fake hosts present the machines to the PCI core.  tests/engine compares the
 * same machines, and more, in user space; the digests of both have to be the
 * same (scripts/kunit).  A machine that fails is printed as a declaration.  To
 * repeat the failure, load the module with oracle_hosts=1 and the printed seed
 * as oracle_seed=N.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>

#include "compare.h"
#include "compat.h"
#include "guard.h"
#include "node.h"
#include "suites.h"
#include "topo_host.h"

static unsigned long long first_seed = 1;
module_param_named(oracle_seed, first_seed, ullong, 0444);
MODULE_PARM_DESC(oracle_seed, "seed of the first random topology");

static unsigned int num_hosts = 300;
module_param_named(oracle_hosts, num_hosts, uint, 0444);
MODULE_PARM_DESC(oracle_hosts, "random topologies on a fake host");

/* A case must end within 300 s, and the PCI core sleeps now and then. */
#define HOST_CHUNK 100

static const struct acs_guard_policy lenient;

/* Too large for the stack; cases do not run at the same time. */
static struct compare compare;
static struct topo topo;
static struct tally tally;
static struct topo_host hosts;
static u64 digest;

/* The declaration as C source, without the domains behind VMD endpoints. */
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
		  machine_find(t, verdict->blocker), verdict->missing);
	kunit_err(test, "its peers 0x%llx, the oracle's 0x%llx", compare.peers,
		  compare.true_peers[compare.fn]);
	print_declaration(test, t);
}

static void begin_comparison(enum machine_loss loss)
{
	memset(&tally, 0, sizeof(tally));
	compare.machine.no_iommu = false;
	compare.machine.loss = loss;
	compare.machine.cut = false;
}

/**
 * struct collector - collects the peers of a function
 * @visitor: for acs_guard_visit_peers()
 * @peers: a bit for each peer
 */
struct collector {
	struct acs_guard_visitor visitor;
	u64 peers;
};

static void discard_peers(struct acs_guard_visitor *visitor)
{
	container_of(visitor, struct collector, visitor)->peers = 0;
}

static void collect_peer(struct acs_guard_visitor *visitor,
			 struct acs_node peer)
{
	struct collector *collector =
		container_of(visitor, struct collector, visitor);
	const int i = topo_host_find(&hosts, &topo, acs_node_bdf(peer));

	if (i >= 0)
		collector->peers |= BIT_ULL(i);
}

static void examine_real(unsigned int i)
{
	struct collector collector = {
		.visitor.start = discard_peers,
		.visitor.visit = collect_peer,
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
		verdict->blocker = machine_bdf(&topo, blocker);
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
		digest = compare_digest(&compare, digest);
		if (how == AGREED)
			continue;
		KUNIT_FAIL(test, "%s", compare_how(how));
		print_disagreement(test, &topo);
		break;
	}
}

static bool run_on_host(struct kunit *test, u64 seed)
{
	int err;

	compare.machine.loss = seed & 1 ? MACHINE_OFFLINE : MACHINE_ALL_ONES;
	err = topo_host_create(&hosts, &topo, compare.machine.loss);
	KUNIT_EXPECT_EQ(test, err, 0);
	if (!err)
		compare_real(test);
	KUNIT_EXPECT_EQ(test, topo_host_destroy(&hosts), 0);
	/* Rechecks do the same some seconds after the removal of a root bus. */
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

/* Several cases, because each has a time limit. */
static const void *ACS_GUARD_PARAMS(next_chunk)
{
	if (!prev) {
		begin_comparison(MACHINE_ALL_ONES);
		hosts_done = 0;
		digest = 0;
		next_seed = first_seed;
	} else if (hosts_done >= num_hosts) {
		return NULL;
	}
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "from seed %llu", next_seed);
	return &next_seed;
}

static void oracle_hosts(struct kunit *test)
{
	unsigned int left;

	compare.machine.cut = true;
	for (left = HOST_CHUNK; left && hosts_done < num_hosts; next_seed++) {
		if (!topo_random_to_be_found(&topo, next_seed, TOPO_GEN_ALL))
			continue;
		if (!run_on_host(test, next_seed)) {
			hosts_done = num_hosts;
			return;
		}
		hosts_done++;
		left--;
		cond_resched();
	}
	/* The log of a case is short, so this comes first. */
	if (hosts_done < num_hosts)
		return;
	kunit_info(test, "seeds %llu to %llu: digest %016llx", first_seed,
		   next_seed - 1, digest);
	kunit_info(test,
		   "%u random topologies on a fake host, seeds %llu to %llu",
		   hosts_done, first_seed, next_seed - 1);
	compare_print_tally(test, &tally);
}

static struct kunit_case oracle_cases[] = {
	KUNIT_CASE_PARAM(oracle_hosts, next_chunk),
	{},
};

/* The guard is active, so it records functions that are hidden. */
struct kunit_suite oracle_suite = {
	.name = "acs_guard_oracle",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = oracle_cases,
};
