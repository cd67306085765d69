// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: who is exposed
 *
 * In a tree the paths of two functions meet at one place, so a packet can turn
 * round only there.  That place, judged for every function that is near
 * enough, gives the peers, whatever else fails on the path.
 */
#include <linux/kernel.h>
#include <linux/pci.h>

#include "acs_guard.h"

/**
 * struct search - a search for those who are exposed to a function
 * @side: the function
 * @visitor: who wants to see them
 */
struct search {
	struct acs_guard_side side;
	struct acs_guard_visitor *visitor;
};

static bool is_exposed(struct acs_guard_side *side, struct pci_dev *other)
{
	struct acs_guard_meeting meeting;

	if (other == side->pdev)
		return false;
	acs_guard_meet(side, other, &meeting);
	return acs_guard_exposed(&meeting);
}

static int visit_peer(struct pci_dev *pdev, void *data)
{
	struct search *search = data;

	if (acs_guard_can_be_exposed(pdev) && is_exposed(&search->side, pdev))
		search->visitor->visit(search->visitor, pdev);
	return 0;
}

/**
 * acs_guard_visit_peers() - whom can a function reach, or be reached by?
 * @pdev: the function; the caller holds it
 * @verdict: what acs_guard_examine() found about it
 * @visitor: called for each of them; must not wait for a device to go
 *
 * Nobody is, if @verdict is "isolated".  Reads, for each function that
 * acs_guard_visit_near() passes and that does not stand apart, a dword of it
 * and of each port on its way to where the two meet.  For reports, never on the
 * way of a plain allow.  A function may be visited twice if another comes or
 * goes meanwhile.
 *
 * Context: process context; may sleep.
 */
void acs_guard_visit_peers(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_visitor *visitor)
{
	struct search search = { .visitor = visitor };
	int hold;

	if (verdict->reason == ACS_GUARD_ISOLATED)
		return;

	hold = acs_guard_hold_functions();
	acs_guard_take_side(&search.side, pdev);
	acs_guard_visit_near(pdev, visit_peer, &search);
	acs_guard_let_go_functions(hold);
}

static void add_peer(struct acs_guard_visitor *visitor, struct pci_dev *peer)
{
	struct acs_guard_peers *peers =
		container_of(visitor, struct acs_guard_peers, visitor);

	if (peers->count < ARRAY_SIZE(peers->bdf))
		peers->bdf[peers->count] = acs_guard_bdf(peer);
	peers->count++;
}

/**
 * acs_guard_find_peers() - count the peers of a function, and name some
 * @pdev: the function; the caller holds it
 * @verdict: what acs_guard_examine() found about it
 * @peers: the answer
 *
 * Context: process context; may sleep.
 */
void acs_guard_find_peers(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict,
			  struct acs_guard_peers *peers)
{
	peers->visitor.visit = add_peer;
	peers->count = 0;
	acs_guard_visit_peers(pdev, verdict, &peers->visitor);
}

/**
 * struct outsiders - a search for peers that are not in a group
 * @visitor: for acs_guard_visit_peers()
 * @group: the group
 * @count: how many were found
 */
struct outsiders {
	struct acs_guard_visitor visitor;
	int group;
	unsigned int count;
};

static void count_outsider(struct acs_guard_visitor *visitor,
			   struct pci_dev *peer)
{
	struct outsiders *outsiders =
		container_of(visitor, struct outsiders, visitor);

	if (acs_guard_group(peer) != outsiders->group)
		outsiders->count++;
}

static int find_slot(struct pci_dev *pdev, void *data)
{
	struct search *search = data;

	return acs_guard_has_slot(pdev) && is_exposed(&search->side, pdev);
}

/* What is plugged in there tomorrow belongs to nobody's group today. */
static bool has_exposed_slot(struct pci_dev *pdev)
{
	const int hold = acs_guard_hold_functions();
	struct search search = {};
	bool found;

	acs_guard_take_side(&search.side, pdev);
	found = acs_guard_visit_near(pdev, find_slot, &search);
	acs_guard_let_go_functions(hold);
	return found;
}

/**
 * acs_guard_in_group() - is a function exposed to its own IOMMU group only?
 * @pdev: the function; the caller holds it
 * @verdict: what acs_guard_examine() found about it
 *
 * VFIO gives a group to one owner.  A function without a group has no such
 * owner, nor has one in a group that VFIO made up for it, without an IOMMU.
 *
 * Context: process context; may sleep.
 */
bool acs_guard_in_group(struct pci_dev *pdev,
			const struct acs_guard_verdict *verdict)
{
	struct outsiders outsiders = {
		.visitor.visit = count_outsider,
		.group = acs_guard_group(pdev),
	};

	if (outsiders.group < 0 || !acs_guard_has_iommu(pdev) ||
	    has_exposed_slot(pdev))
		return false;
	acs_guard_visit_peers(pdev, verdict, &outsiders.visitor);
	return !outsiders.count;
}
