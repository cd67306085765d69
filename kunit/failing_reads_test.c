// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every topology of tests/engine/topology_list.h while reads of configuration
 * space fail: a read that fails never makes a function isolated.
 */
#include <linux/pci.h>

#include "guard.h"
#include "registers_test.h"
#include "removal_test.h"

/* Does each port above @pdev block translated requests, so that S1 allows ATS? */
static bool is_translation_blocked(struct pci_dev *pdev)
{
	u16 cap, ctrl;

	while ((pdev = pci_upstream_bridge(pci_physfn(pdev)))) {
		const int type = pci_pcie_type(pdev);

		if (type != PCI_EXP_TYPE_ROOT_PORT &&
		    type != PCI_EXP_TYPE_DOWNSTREAM)
			continue;
		pci_read_config_word(pdev, pdev->acs_cap + PCI_ACS_CAP, &cap);
		pci_read_config_word(pdev, pdev->acs_cap + PCI_ACS_CTRL, &ctrl);
		if (!(cap & ctrl & PCI_ACS_TB))
			return false;
	}
	return true;
}

typedef void (*fail_fn)(struct fake_host *host, unsigned int nth,
			enum fake_fault how);

/*
 * Lets each read of a verdict fail in turn, or all reads from that one on; then
 * the function is not isolated.  There are two exceptions, and neither isolates
 * a function that is not isolated otherwise: a single dword of zeroes may be
 * what a register holds, and with strict=1 the read may have been for ATS
 * alone, which does not matter below ports that block translated requests.
 */
static void fail_each_read(struct kunit *test, struct fake_host *host,
			   const char *name, bool strict, fail_fn fail,
			   enum fake_fault how)
{
	struct pci_dev *pdev = guard_get(test, host, name);
	const bool before = guard_isolated(pdev);
	const bool excused = before &&
			     ((strict && is_translation_blocked(pdev)) ||
			      (how == FAKE_ZERO && fail == fake_host_fail_nth));
	unsigned int nth;
	bool isolated;

	for (nth = 1;; nth++) {
		fail(host, nth, how);
		isolated = guard_isolated(pdev);
		if (!fake_host_failed(host))
			break;
		KUNIT_EXPECT_FALSE_MSG(test, isolated && !excused,
				       "%s, strict=%u: read %u as %u", name,
				       strict, nth, how);
	}
	fail(host, 0, FAKE_OK);
	KUNIT_EXPECT_EQ(test, isolated, before);
}

/* Lets all reads of one function fail, for each function in turn. */
static void fail_each_function(struct kunit *test, struct fake_host *host,
			       const struct topology *topology,
			       const char *name, enum fake_fault how)
{
	struct pci_dev *pdev = guard_get(test, host, name);
	const bool before = guard_isolated(pdev);
	unsigned int i;

	for (i = 0; i < topology_size(topology); i++) {
		const char *victim = topology->is[i].name;
		unsigned int reads;
		bool isolated;

		fake_host_reset_counts(host);
		fake_host_fault(host, victim, how);
		isolated = guard_isolated(pdev);
		reads = fake_host_total_reads(host);
		reads = reads ? fake_host_reads(host, victim, FAKE_ALL_REGS) :
				0;
		fake_host_fault(host, victim, FAKE_OK);
		KUNIT_EXPECT_FALSE_MSG(test, isolated && (reads || !before),
				       "%s, fault %u of %s", name, how, victim);
	}
}

static void fail_some(struct kunit *test, struct fake_host *host,
		      const struct topology *topology, const char *name,
		      bool strict)
{
	fail_each_read(test, host, name, strict, fake_host_fail_nth, FAKE_ONES);
	fail_each_read(test, host, name, strict, fake_host_fail_nth,
		       FAKE_ERROR);
	if (!strict)
		fail_each_read(test, host, name, strict, fake_host_fail_nth,
			       FAKE_ZERO);
	fail_each_function(test, host, topology, name, FAKE_ONES);
	fail_each_function(test, host, topology, name, FAKE_ERROR);
	fail_each_function(test, host, topology, name, FAKE_ZERO);
}

static void fail_rest(struct kunit *test, struct fake_host *host,
		      const struct topology *topology, const char *name,
		      bool strict)
{
	fail_each_read(test, host, name, strict, fake_host_fail_from,
		       FAKE_ONES);
	fail_each_read(test, host, name, strict, fake_host_fail_from,
		       FAKE_ZERO);
	fail_each_read(test, host, name, strict, fake_host_fail_from,
		       FAKE_ERROR);
}

/* Calls @fail for each function that the topology has a verdict about. */
static void fail_in_topology(struct kunit *test,
			     void (*fail)(struct kunit *test,
					  struct fake_host *host,
					  const struct topology *topology,
					  const char *name, bool strict))
{
	const struct topology *topology = topology_named(test->name);
	const struct answer *answer;
	struct fake_host *host;
	unsigned int strict;

	KUNIT_ASSERT_NOT_NULL(test, topology);
	host = topology_up(test, topology);
	for (strict = 0; strict < 2; strict++) {
		guard_start_with(ACS_GUARD_FUNCTION, strict);
		for (answer = topology->answers; answer->want.name; answer++)
			fail(test, host, topology, answer->want.name, strict);
	}
}

/* One read fails, or all reads of one function. */
void some_reads_fail(struct kunit *test)
{
	fail_in_topology(test, fail_some);
}

/* All reads from one on fail, as when the device is pulled out. */
void further_reads_fail(struct kunit *test)
{
	fail_in_topology(test, fail_rest);
}
