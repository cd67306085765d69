// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fake hosts with random bytes as configuration space (fuzz_host.c).  The PCI
 * core scans each host, and each function gets a verdict; then registers
 * change, functions stop to answer, and each function gets a verdict again.
 *
 * Nothing crashes, and a function is not isolated
 *
 * - if its verdict has read an ACS register that is unreadable,
 * - if fuzz_must_be_refused() finds that a rule is violated,
 * - if the oracle finds a peer; unreadable registers count as disabled there.
 *
 * To repeat a failure, load the module with fuzz_hosts=1 and the printed seed
 * as fuzz_seed=N.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "compat.h"
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

#define CHANGES 4 /* of each host, before new verdicts */

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
} fuzz_count;

static u64 next_seed;
static unsigned int hosts_done;

/* Too large for the stack. */
static struct topo topo;
static struct oracle oracle;
static s8 number[FUZZ_FUNCTIONS];

static void ignore_start(struct acs_guard_visitor *visitor)
{
}

static void ignore_peer(struct acs_guard_visitor *visitor, struct acs_node peer)
{
}

/* The walks of reports: they must not crash. */
static void run_report_walks(struct pci_dev *pdev,
			     const struct acs_guard_verdict *verdict)
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
	const struct fuzz_member *member = &fuzz_members[i];
	const struct pci_dev *pdev = member->pdev;

	kunit_err(test, "f%u %s below f%d: type %d, cfg_size %d", i,
		  pci_name(pdev), member->up, fuzz_type_of(pdev),
		  pdev->cfg_size);
	kunit_err(test, "  ACS at %03x: %08x, faults %u %u, error_state %u",
		  pdev->acs_cap,
		  fake_host_peek(fuzz_host, fuzz_decls[i].name,
				 pdev->acs_cap + PCI_ACS_CAP, 4),
		  member->fault, member->fault_acs, pdev->error_state);
}

static void report_failure(struct kunit *test, unsigned int i, bool strict,
			   const char *why)
{
	unsigned int k;

	KUNIT_FAIL(test, "seed %llu: f%u is isolated (strict=%u), but: %s",
		   next_seed, i, strict, why);
	for (k = 0; k < fuzz_num_members; k++)
		if (fuzz_members[k].pdev)
			print_member(test, k);
}

/* Return: why a function must not be isolated, or NULL. */
static const char *why_not_isolated(unsigned int i, bool known)
{
	unsigned int reads;

	if (fuzz_read_unreadable(&reads))
		return "an ACS register was read that cannot be read";
	if (known && oracle.functions & BIT_ULL(number[i]) &&
	    oracle_peers(&oracle, number[i]))
		return "the oracle finds a peer";
	fuzz_count.by_registers += !!reads;
	return fuzz_must_be_refused(i);
}

static void judge_member(struct kunit *test, unsigned int i, bool strict,
			 bool known)
{
	const struct acs_guard_policy policy = { .strict = strict };
	struct pci_dev *pdev = fuzz_members[i].pdev;
	struct acs_guard_verdict verdict;
	const char *why;

	fake_host_reset_counts(fuzz_host);
	acs_guard_examine(pdev, &policy, &verdict);
	fuzz_count.verdicts++;
	fuzz_count.unreadable += verdict.reason == ACS_GUARD_UNREADABLE;
	if (verdict.reason == ACS_GUARD_ISOLATED) {
		fuzz_count.isolated++;
		why = why_not_isolated(i, known);
		if (why)
			report_failure(test, i, strict, why);
	}
	run_report_walks(pdev, &verdict);
}

static void judge_all(struct kunit *test)
{
	const bool known = fuzz_describe_host(&topo, number);
	unsigned int i;

	if (known) {
		oracle_run(&oracle, &topo, ORACLE_ASSUME_ALL);
		fuzz_count.oracle++;
	}
	fuzz_count.images++;
	for (i = 0; i < fuzz_num_members; i++) {
		if (!fuzz_members[i].pdev || test->status != KUNIT_SUCCESS)
			continue;
		judge_member(test, i, false, known);
		if (test->status == KUNIT_SUCCESS)
			judge_member(test, i, true, known);
	}
}

static enum fake_fault any_fault(void)
{
	return fuzz_chance(40) ? FAKE_OK : FAKE_ONES + fuzz_below(3);
}

/* Changes a function; the PCI core does not notice. */
static void change_member(unsigned int i)
{
	struct fuzz_member *member = &fuzz_members[i];
	struct pci_dev *pdev = member->pdev;
	const char *name = fuzz_decls[i].name;

	switch (fuzz_below(5)) {
	case 0:
		member->fault = any_fault();
		fake_host_fault(fuzz_host, name, member->fault);
		break;
	case 1:
		if (!pdev->acs_cap)
			break;
		member->fault_acs = any_fault();
		fake_host_fault_at(fuzz_host, name, pdev->acs_cap + PCI_ACS_CAP,
				   member->fault_acs);
		break;
	case 2:
		fake_host_poke(fuzz_host, name, 0x100 + 4 * fuzz_below(0x3c0),
			       4, fuzz_draw());
		break;
	case 3:
		pdev->error_state = fuzz_chance(50) ? pci_channel_io_normal :
						      1 + fuzz_below(3);
		break;
	default:
		if (pdev->acs_cap)
			fake_host_poke(fuzz_host, name,
				       pdev->acs_cap + PCI_ACS_CAP, 4,
				       fuzz_acs_words());
	}
}

static void change_some(void)
{
	unsigned int n = 1 + fuzz_below(2);
	unsigned int i;

	while (n--) {
		i = fuzz_below(fuzz_num_members);
		if (fuzz_members[i].pdev)
			change_member(i);
	}
}

/* Ends all faults, so that the host can be removed. */
static void mend_all(void)
{
	unsigned int i;

	for (i = 0; i < fuzz_num_members; i++) {
		if (!fuzz_members[i].pdev)
			continue;
		fuzz_members[i].pdev->error_state = pci_channel_io_normal;
		fake_host_fault(fuzz_host, fuzz_decls[i].name, FAKE_OK);
	}
}

static void run_host(struct kunit *test, u64 seed)
{
	unsigned int round;

	fuzz_make_host(seed);
	fuzz_host = fake_host_create(fuzz_decls, fuzz_num_members);
	if (IS_ERR(fuzz_host)) {
		fuzz_count.not_declared++;
		KUNIT_EXPECT_EQ(test, (int)PTR_ERR(fuzz_host), -EINVAL);
		return;
	}
	fuzz_count.hosts++;
	fuzz_count.functions += fuzz_find_devices();
	judge_all(test);
	for (round = 0; round < CHANGES; round++) {
		change_some();
		judge_all(test);
	}
	mend_all();
	KUNIT_EXPECT_EQ(test, fake_host_destroy(fuzz_host), 0);
}

static const void *ACS_GUARD_PARAMS(next_chunk)
{
	if (!prev) {
		memset(&fuzz_count, 0, sizeof(fuzz_count));
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
		   fuzz_count.hosts, first_seed, next_seed - 1);
	kunit_info(test, "%llu functions, %llu sets of registers",
		   fuzz_count.functions, fuzz_count.images);
	kunit_info(test, "%llu verdicts: %llu isolated, %llu unreadable",
		   fuzz_count.verdicts, fuzz_count.isolated,
		   fuzz_count.unreadable);
	kunit_info(test, "%llu of those isolated are so by their registers",
		   fuzz_count.by_registers);
	kunit_info(test, "%llu of the sets held against the oracle",
		   fuzz_count.oracle);
	KUNIT_EXPECT_EQ(test, fuzz_count.not_declared, 0u);
}

static struct kunit_case fuzz_cases[] = {
	KUNIT_CASE_PARAM(fuzz_hosts, next_chunk),
	{},
};

struct kunit_suite fuzz_suite = {
	.name = "acs_guard_fuzz",
	.test_cases = fuzz_cases,
};
