// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: who is exposed
 *
 * In a tree the paths of two functions meet at one place, so a packet can turn
 * round only there.  That place, judged for every function that is near
 * enough, gives the peers, whatever else fails on the path.  The other members
 * of its IOMMU group are peers as well.
 */
#include <linux/kernel.h>
#include <linux/pci.h>

#include "acs_guard.h"

/**
 * struct search - a search for those who are exposed to a function
 * @side: the function
 * @group: its IOMMU group, if that has other members that count
 * @visitor: who wants to see them
 */
struct search {
	struct acs_guard_side side;
	int group;
	struct acs_guard_visitor *visitor;
};

static bool is_exposed(struct search *search, struct pci_dev *other)
{
	struct acs_guard_meeting meeting;

	if (other == search->side.pdev)
		return false;
	if (search->group >= 0 && acs_guard_group(other) == search->group)
		return true;
	acs_guard_meet(&search->side, other, &meeting);
	return acs_guard_exposed(&meeting);
}

static int visit_peer(struct pci_dev *pdev, void *data)
{
	struct search *search = data;

	if (acs_guard_can_be_exposed(pdev) && is_exposed(search, pdev))
		search->visitor->visit(search->visitor, acs_guard_bdf(pdev),
				       pdev);
	return 0;
}

/* What the kernel does not list is no member of a group. */
static void visit_hidden_peers(struct search *search)
{
	struct acs_guard_hidden *hidden = NULL;
	struct acs_guard_meeting meeting;

	while ((hidden = acs_guard_next_hidden(hidden)))
		/* What is below a bridge that nobody scanned is not known. */
		if ((!hidden->bridge || hidden->deep) &&
		    acs_guard_meet_hidden(&search->side, hidden, &meeting) &&
		    acs_guard_exposed(&meeting))
			search->visitor->visit(search->visitor, hidden->bdf,
					       NULL);
}

static int find_member(struct pci_dev *pdev, void *data)
{
	struct search *search = data;

	if (pdev != search->side.pdev && acs_guard_can_be_exposed(pdev))
		search->group = acs_guard_group(search->side.pdev);
	return 0;
}

static void search_awake(struct search *search, struct pci_dev *pdev,
			 struct acs_guard_sleepers *sleepers)
{
	acs_guard_take_side(&search->side, pdev, sleepers);
	search->group = -1;
	if (acs_guard_can_be_exposed(pdev))
		acs_guard_visit_group(pdev, find_member, search);

	search->visitor->start(search->visitor);
	/* Members of a group may be anywhere. */
	if (search->group >= 0)
		acs_guard_visit_all(visit_peer, search);
	else
		acs_guard_visit_near(pdev, visit_peer, search);
	visit_hidden_peers(search);
}

/**
 * acs_guard_visit_peers() - whom can a function reach, or be reached by?
 * @pdev: the function; the caller holds it
 * @verdict: what acs_guard_examine() found about it
 * @visitor: called for each of them, after each call of its start()
 *
 * Nobody is, if @verdict is "isolated".  Reads, for each function that
 * acs_guard_visit_near() passes and that does not stand apart, a dword of it
 * and of each port on its way to where the two meet.  For reports, never on the
 * way of a plain allow.  What is visited twice counts once.
 *
 * Context: process context; may sleep.  Not within acs_guard_hold_functions().
 */
void acs_guard_visit_peers(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_visitor *visitor)
{
	struct acs_guard_sleepers sleepers = {};
	struct search search = { .visitor = visitor };
	int hold;

	visitor->start(visitor);
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return;

	do {
		hold = acs_guard_hold_functions();
		search_awake(&search, pdev, &sleepers);
		acs_guard_let_go_functions(hold);
	} while (acs_guard_wake(&sleepers));
	acs_guard_let_sleep(&sleepers);
}

static void forget_peers(struct acs_guard_visitor *visitor)
{
	struct acs_guard_peers *peers =
		container_of(visitor, struct acs_guard_peers, visitor);

	peers->count = 0;
}

/* The lowest addresses are kept in order; the others are counted. */
static void add_peer(struct acs_guard_visitor *visitor, u64 bdf,
		     struct pci_dev *peer)
{
	struct acs_guard_peers *peers =
		container_of(visitor, struct acs_guard_peers, visitor);
	const unsigned int kept = min(peers->count, peers->room);
	unsigned int at = kept, last;

	while (at && peers->bdf[at - 1] > bdf)
		at--;
	if (at && peers->bdf[at - 1] == bdf)
		return;

	last = min(kept, peers->room - 1);
	if (at <= last) {
		memmove(&peers->bdf[at + 1], &peers->bdf[at],
			(last - at) * sizeof(*peers->bdf));
		peers->bdf[at] = bdf;
	}
	peers->count++;
}

/**
 * acs_guard_find_peers() - count the peers of a function, and list some
 * @pdev: the function; the caller holds it
 * @verdict: what acs_guard_examine() found about it
 * @peers: the answer; @peers->bdf and @peers->room (not 0) are the caller's
 *
 * Context: process context; may sleep.  Not within acs_guard_hold_functions().
 */
void acs_guard_find_peers(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict,
			  struct acs_guard_peers *peers)
{
	peers->visitor.start = forget_peers;
	peers->visitor.visit = add_peer;
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

static void forget_outsiders(struct acs_guard_visitor *visitor)
{
	container_of(visitor, struct outsiders, visitor)->count = 0;
}

static void count_outsider(struct acs_guard_visitor *visitor, u64 bdf,
			   struct pci_dev *peer)
{
	struct outsiders *outsiders =
		container_of(visitor, struct outsiders, visitor);

	if (!peer || acs_guard_group(peer) != outsiders->group)
		outsiders->count++;
}

static int find_slot(struct pci_dev *pdev, void *data)
{
	struct search *search = data;

	return acs_guard_has_slot(pdev) && is_exposed(search, pdev);
}

/* The same for slots that the kernel does not list. */
static bool find_hidden_slot(struct search *search)
{
	struct acs_guard_hidden *hidden = NULL;
	struct acs_guard_meeting meeting;

	while ((hidden = acs_guard_next_hidden(hidden)))
		if (hidden->hotplug &&
		    acs_guard_meet_hidden(&search->side, hidden, &meeting) &&
		    acs_guard_exposed(&meeting))
			return true;
	return false;
}

/* What is plugged in there tomorrow is in no group today. */
static bool has_exposed_slot(struct pci_dev *pdev)
{
	struct acs_guard_sleepers sleepers = {};
	struct search search = { .group = -1 };
	bool found;
	int hold;

	do {
		hold = acs_guard_hold_functions();
		acs_guard_take_side(&search.side, pdev, &sleepers);
		found = acs_guard_visit_near(pdev, find_slot, &search) ||
			find_hidden_slot(&search);
		acs_guard_let_go_functions(hold);
	} while (acs_guard_wake(&sleepers));
	acs_guard_let_sleep(&sleepers);
	return found;
}

/**
 * acs_guard_in_group() - is a function exposed to its own IOMMU group only?
 * @pdev: the function; the caller holds it
 * @verdict: what acs_guard_examine() found about it
 *
 * VFIO gives a group to one owner.  A function without a group has no such
 * owner, nor has one in a group that VFIO made up for it, without an IOMMU; nor
 * has a function that the kernel does not list.
 *
 * Context: process context; may sleep.  Not within acs_guard_hold_functions().
 */
bool acs_guard_in_group(struct pci_dev *pdev,
			const struct acs_guard_verdict *verdict)
{
	struct outsiders outsiders = {
		.visitor.start = forget_outsiders,
		.visitor.visit = count_outsider,
		.group = acs_guard_group(pdev),
	};

	if (verdict->reason == ACS_GUARD_ISOLATED)
		return true;
	if (verdict->beyond_group || outsiders.group < 0 ||
	    !acs_guard_has_iommu(pdev) || has_exposed_slot(pdev))
		return false;
	acs_guard_visit_peers(pdev, verdict, &outsiders.visitor);
	return !outsiders.count;
}
