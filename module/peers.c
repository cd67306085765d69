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

#include "acs_guard.h"

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

	while ((other = acs_guard_next_function(other))) {
		if (other == pdev)
			continue;
		acs_guard_meet(pdev, other, &meeting);
		if (acs_guard_exposed(&meeting, verdict))
			add_peer(peers, acs_guard_bdf(other));
	}
}
