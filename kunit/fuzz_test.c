// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random bytes as the config space of fake hosts (fuzz_host.c).  The PCI core
 * scans them, the guard judges each function; then registers change, functions
 * cease to answer, and it judges again.
 *
 * Whatever is found: nothing crashes, and nobody is isolated
 *
 * - in whose verdict an ACS register was read that cannot be read,
 * - above whom, beside whom or in whose device there is something that has no
 *   readable ACS as it should be, as seen from here (see must_not_be()),
 * - for whom the oracle finds a peer, where the hierarchy is one that it
 *   knows; what cannot be read counts as switched off there.
 *
 * To see a failure again, load the module with fuzz_seed=N fuzz_hosts=1, N
 * being the seed that was printed.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "fuzz.h"
#include "guard.h"
#include "node.h"
#include "oracle.h"
#include "suites.h"

static unsigned long long first_seed = 1;
module_param_named(fuzz_seed, first_seed, ullong, 0444);
MODULE_PARM_DESC(fuzz_seed, "seed of the first host of random bytes");

static unsigned int num_hosts = 1000;
module_param_named(fuzz_hosts, num_hosts, uint, 0444);
MODULE_PARM_DESC(fuzz_hosts, "hosts of random bytes");

#define CHUNK 1000

#define CHANGES 4 /* of a host, each followed by new verdicts */

static struct {
	unsigned int hosts;
	unsigned int not_declared;
	u64 functions;
	u64 images;
	u64 verdicts;
	u64 isolated;
	u64 by_registers;
	u64 unreadable;
	u64 oracle;
} count;

static u64 next_seed;
static unsigned int hosts_done;

/* One of them all may be too large for the stack. */
static struct topo topo;
static struct oracle oracle;
static s8 number[MOST_FUNCTIONS];

static void ignore_start(struct acs_guard_visitor *visitor)
{
}

static void ignore_peer(struct acs_guard_visitor *visitor, struct acs_node peer)
{
}

/* What follows a verdict: nothing of it may crash either. */
static void talk(struct pci_dev *pdev, const struct acs_guard_verdict *verdict)
{
	static char text[512];
	struct acs_guard_visitor visitor = {
		.start = ignore_start,
		.visit = ignore_peer,
	};
	u64 room[2];
	struct acs_guard_peers peers = {
		.room = ARRAY_SIZE(room),
		.bdf = room,
	};

	acs_guard_visit_peers(pdev, verdict, &visitor);
	acs_guard_find_peers(pdev, verdict, &peers);
	acs_guard_in_group(pdev, verdict);
	acs_guard_explain(verdict, text, sizeof(text));
}

static void print_member(struct kunit *test, unsigned int i)
{
	const struct member *member = &members[i];
	const struct pci_dev *pdev = member->pdev;

	kunit_err(test, "f%u %s below f%d: type %d, cfg_size %d", i,
		  pci_name(pdev), member->up, type_of(pdev), pdev->cfg_size);
	kunit_err(test, "  ACS at %03x: %08x, faults %u %u, error_state %u",
		  pdev->acs_cap,
		  fake_host_peek(host, decls[i].name,
				 pdev->acs_cap + PCI_ACS_CAP, 4),
		  member->fault, member->fault_acs, pdev->error_state);
}

static void complain(struct kunit *test, unsigned int i, bool strict,
		     const char *why)
{
	unsigned int k;

	KUNIT_FAIL(test, "seed %llu: f%u is isolated (strict=%u), but: %s",
		   next_seed, i, strict, why);
	for (k = 0; k < num_members; k++)
		if (members[k].pdev)
			print_member(test, k);
}

/* Why the function that was just found isolated must not be; NULL: it may. */
static const char *objection(unsigned int i, bool known)
{
	unsigned int reads;

	if (read_the_unreadable(&reads))
		return "an ACS register was read that cannot be read";
	if (known && oracle.functions & BIT_ULL(number[i]) &&
	    oracle_peers(&oracle, number[i]))
		return "the oracle finds a peer";
	count.by_registers += !!reads;
	return must_not_be(i);
}

static void judge(struct kunit *test, unsigned int i, bool strict, bool known)
{
	const struct acs_guard_policy policy = { .strict = strict };
	struct pci_dev *pdev = members[i].pdev;
	struct acs_guard_verdict verdict;
	const char *why;

	fake_host_reset_counts(host);
	acs_guard_examine(pdev, &policy, &verdict);
	count.verdicts++;
	count.unreadable += verdict.reason == ACS_GUARD_UNREADABLE;
	if (verdict.reason == ACS_GUARD_ISOLATED) {
		count.isolated++;
		why = objection(i, known);
		if (why)
			complain(test, i, strict, why);
	}
	talk(pdev, &verdict);
}

static void judge_all(struct kunit *test)
{
	const bool known = describe_all(&topo, number);
	unsigned int i;

	if (known) {
		oracle_run(&oracle, &topo, ORACLE_ASSUME_ALL);
		count.oracle++;
	}
	count.images++;
	for (i = 0; i < num_members; i++) {
		if (!members[i].pdev || test->status != KUNIT_SUCCESS)
			continue;
		judge(test, i, false, known);
		if (test->status == KUNIT_SUCCESS)
			judge(test, i, true, known);
	}
}

static enum fake_fault any_fault(void)
{
	return chance(40) ? FAKE_OK : FAKE_ONES + below(3);
}

/* Something of a function changes behind the PCI core's back. */
static void change(unsigned int i)
{
	struct member *member = &members[i];
	struct pci_dev *pdev = member->pdev;
	const char *name = decls[i].name;

	switch (below(5)) {
	case 0:
		member->fault = any_fault();
		fake_host_fault(host, name, member->fault);
		break;
	case 1:
		if (!pdev->acs_cap)
			break;
		member->fault_acs = any_fault();
		fake_host_fault_at(host, name, pdev->acs_cap + PCI_ACS_CAP,
				   member->fault_acs);
		break;
	case 2:
		fake_host_poke(host, name, 0x100 + 4 * below(0x3c0), 4, draw());
		break;
	case 3:
		pdev->error_state = chance(50) ? pci_channel_io_normal :
						 1 + below(3);
		break;
	default:
		if (pdev->acs_cap)
			fake_host_poke(host, name, pdev->acs_cap + PCI_ACS_CAP,
				       4, acs_words());
	}
}

static void change_some(void)
{
	unsigned int n = 1 + below(2);
	unsigned int i;

	while (n--) {
		i = below(num_members);
		if (members[i].pdev)
			change(i);
	}
}

/* Nothing of a test may be left for its removal to stumble over. */
static void mend_all(void)
{
	unsigned int i;

	for (i = 0; i < num_members; i++) {
		if (!members[i].pdev)
			continue;
		members[i].pdev->error_state = pci_channel_io_normal;
		fake_host_fault(host, decls[i].name, FAKE_OK);
	}
}

static void run_host(struct kunit *test, u64 seed)
{
	unsigned int round;

	make_host(seed);
	host = fake_host_create(decls, num_members);
	if (IS_ERR(host)) {
		count.not_declared++;
		KUNIT_EXPECT_EQ(test, (int)PTR_ERR(host), -EINVAL);
		return;
	}
	count.hosts++;
	count.functions += find_devices();
	judge_all(test);
	for (round = 0; round < CHANGES; round++) {
		change_some();
		judge_all(test);
	}
	mend_all();
	KUNIT_EXPECT_EQ(test, fake_host_destroy(host), 0);
}

static const void *next_chunk(const void *prev, char *desc)
{
	if (!prev) {
		memset(&count, 0, sizeof(count));
		hosts_done = 0;
		next_seed = first_seed;
	}
	if (hosts_done >= num_hosts)
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "from seed %llu", next_seed);
	return &next_seed;
}

static void fuzz_hosts(struct kunit *test)
{
	unsigned int left;

	for (left = CHUNK; left && hosts_done < num_hosts; left--) {
		run_host(test, next_seed);
		next_seed++;
		hosts_done++;
		if (test->status != KUNIT_SUCCESS) {
			hosts_done = num_hosts;
			return;
		}
		cond_resched();
	}
	if (hosts_done < num_hosts)
		return;
	kunit_info(test, "%u hosts of random bytes, seeds %llu to %llu",
		   count.hosts, first_seed, next_seed - 1);
	kunit_info(test, "%llu functions, %llu sets of registers",
		   count.functions, count.images);
	kunit_info(test, "%llu verdicts: %llu isolated, %llu unreadable",
		   count.verdicts, count.isolated, count.unreadable);
	kunit_info(test, "%llu of those isolated are so by their registers",
		   count.by_registers);
	kunit_info(test, "%llu of the sets held against the oracle",
		   count.oracle);
	KUNIT_EXPECT_EQ(test, count.not_declared, 0u);
}

static struct kunit_case fuzz_cases[] = {
	KUNIT_CASE_PARAM(fuzz_hosts, next_chunk),
	{},
};

struct kunit_suite fuzz_suite = {
	.name = "acs_guard_fuzz",
	.test_cases = fuzz_cases,
};
