// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: who is exposed
 *
 * In a tree the paths of two functions meet at one place, so a packet can turn
 * round only there.  That place, judged for every function of the machine,
 * gives the peers, whatever else fails on the path.
 */
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/rwsem.h>

#include "acs_guard.h"

/*
 * Held for reading while the machine's functions are looked through.  A
 * function found by that has a reference, but that keeps neither the PF of a
 * VF nor the host bridge of its domain: those stay while its removal is not
 * over.  Inside it nothing waits for a lock of somebody who removes a device.
 */
static DECLARE_RWSEM(searches);

static void add_peer(struct acs_guard_peers *peers, u64 bdf)
{
	if (peers->count < ARRAY_SIZE(peers->bdf))
		peers->bdf[peers->count] = bdf;
	peers->count++;
}

/**
 * acs_guard_find_peers() - who can reach a function, or be reached by it?
 * @pdev: the function; the caller holds it
 * @verdict: what acs_guard_examine() found about it
 * @peers: the answer, empty if @verdict is "isolated"
 *
 * Reads up to two dwords a function of the machine; for reports only, never
 * on the way of an allowed bind.
 *
 * Context: process context; may sleep.
 */
void acs_guard_find_peers(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict,
			  struct acs_guard_peers *peers)
{
	struct acs_guard_meeting meeting;
	struct pci_dev *other = NULL;

	peers->count = 0;
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return;

	down_read(&searches);
	while ((other = acs_guard_next_function(other))) {
		if (other == pdev)
			continue;
		acs_guard_meet(pdev, other, &meeting);
		if (acs_guard_exposed(&meeting, verdict))
			add_peer(peers, acs_guard_bdf(other));
	}
	up_read(&searches);
}

/**
 * acs_guard_forget_peer() - a function is no longer on the bus
 *
 * Returns when nobody looks at it any more.  To be called on its
 * BUS_NOTIFY_REMOVED_DEVICE: no search finds it from then on.
 *
 * Context: process context; waits for searches under way.
 */
void acs_guard_forget_peer(void)
{
	down_write(&searches);
	up_write(&searches);
}
