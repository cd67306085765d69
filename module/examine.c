// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the engine's results about a struct pci_dev
 *
 * Each call of the engine is within acs_topology_read_lock(), and is repeated
 * after a device has been resumed that the engine found asleep.
 *
 * Context of all functions here: process context; may sleep, to resume devices
 * for a read; not within acs_topology_read_lock().  May be called with the
 * device lock held.  A walk takes no lock of the PCI core.  The resume of a
 * bridge from D3cold takes pci_bus_sem for reading, as the driver core's own
 * resume of the parent before a probe does under the same device lock.
 */
#include <linux/pci.h>

#include "examine.h"
#include "node.h"
#include "power.h"
#include "topology_lock.h"

/**
 * acs_guard_examine() - judge a function by its registers of this moment
 * @pdev: the function; the caller holds it
 * @policy: how much is demanded
 * @verdict: the verdict
 */
void acs_guard_examine(struct pci_dev *pdev,
		       const struct acs_guard_policy *policy,
		       struct acs_guard_verdict *verdict)
{
	struct acs_guard_reader reader = { .device = pdev };
	int idx;

	do {
		idx = acs_topology_read_lock();
		acs_guard_judge_path(acs_node_of(pdev), policy, &reader,
				     verdict);
		acs_topology_read_unlock(idx);
	} while (acs_guard_wake(&reader));
	acs_guard_let_sleep(&reader);
}

/**
 * acs_guard_facts() - get the facts of one function, with its ACS registers
 * @pdev: the function; the caller holds it
 */
struct acs_guard_function acs_guard_facts(struct pci_dev *pdev)
{
	struct acs_guard_reader reader = { .device = pdev };
	struct acs_guard_function fn;
	int idx;

	do {
		idx = acs_topology_read_lock();
		fn = acs_guard_function_of(acs_node_of(pdev), &reader, true);
		acs_topology_read_unlock(idx);
	} while (acs_guard_wake(&reader));
	acs_guard_let_sleep(&reader);
	return fn;
}

/**
 * acs_guard_visit_peers() - visit the peers of a function
 * @pdev: the function; the caller holds it
 * @verdict: the verdict on the function; one that is isolated has no peers
 * @visitor: receives the peers, after each call of its start()
 *
 * For reports: a bind that is plainly allowed does not get here.
 */
void acs_guard_visit_peers(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_visitor *visitor)
{
	struct acs_guard_reader reader = { .device = pdev };
	int idx;

	visitor->start(visitor);
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return;

	do {
		idx = acs_topology_read_lock();
		acs_guard_search_peers(acs_node_of(pdev), &reader, visitor);
		acs_topology_read_unlock(idx);
	} while (acs_guard_wake(&reader));
	acs_guard_let_sleep(&reader);
}

/**
 * acs_guard_find_peers() - count the peers of a function, and list some
 * @pdev: the function; the caller holds it
 * @verdict: the verdict on the function
 * @peers: the peers; @peers->bdf and @peers->room (not 0) are the caller's
 */
void acs_guard_find_peers(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict,
			  struct acs_guard_peers *peers)
{
	acs_guard_peers_init(peers);
	acs_guard_visit_peers(pdev, verdict, &peers->visitor);
}

/**
 * acs_guard_in_group() - check whether unit=group would allow a function
 * @pdev: the function; the caller holds it
 * @verdict: the verdict on the function
 *
 * Return: true also if the function is isolated; false if a rule fails that one
 * owner of the whole group does not make good.
 */
bool acs_guard_in_group(struct pci_dev *pdev,
			const struct acs_guard_verdict *verdict)
{
	struct acs_guard_reader reader = { .device = pdev };
	bool in_group;
	int idx;

	if (verdict->reason == ACS_GUARD_ISOLATED)
		return true;
	if (verdict->beyond_group)
		return false;

	do {
		idx = acs_topology_read_lock();
		in_group = acs_guard_stays_in_group(acs_node_of(pdev), &reader);
		acs_topology_read_unlock(idx);
	} while (acs_guard_wake(&reader));
	acs_guard_let_sleep(&reader);
	return in_group;
}
