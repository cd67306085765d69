/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the facts of a topology that is only described
 *
 * What module/topology.c finds out about a struct pci_dev, found out about a
 * struct topo_fn: the same walk from a function up to the root complex, the same
 * hops for acs_guard_verdict_step(), the same meetings for acs_guard_exposed().
 * It costs next to nothing, so the verdict can be held against the oracle
 * millions of times; that both walks agree is for a test to show.
 */
#ifndef FACTS_H
#define FACTS_H

#include "acs_guard.h"
#include "topo.h"

/**
 * enum facts_loss - what TOPO_UNREADABLE means
 * @FACTS_SILENT: the ACS registers, if there are any, read as all ones
 * @FACTS_OFFLINE: the device is disconnected; what is hidden has none that
 *	could be, so its registers read as all ones
 */
enum facts_loss {
	FACTS_SILENT,
	FACTS_OFFLINE,
};

/**
 * typedef facts_blind_fn - what a control hides from the verdict
 * @hop: about to be handed on; may be changed
 *
 * Return: true to leave it out.
 */
typedef bool (*facts_blind_fn)(struct acs_guard_hop *hop);

/**
 * struct facts - where facts come from
 * @topo: the topology
 * @loss: what happens to its functions that are unreadable
 * @cut: extended configuration space ends at bridges that are not PCI Express
 *	on both sides, as the PCI core has it
 * @no_iommu: no IOMMU translates anything
 * @blind: NULL, or what is hidden from the verdict
 */
struct facts {
	const struct topo *topo;
	enum facts_loss loss;
	bool cut;
	bool no_iommu;
	facts_blind_fn blind;
};

bool facts_is_cut(const struct topo *t, unsigned int i);
bool facts_is_unreadable(const struct facts *facts, unsigned int i);
u64 facts_bdf(const struct topo *t, unsigned int i);
int facts_find(const struct topo *t, u64 bdf);
void facts_examine(const struct facts *facts, unsigned int i,
		   const struct acs_guard_policy *policy,
		   struct acs_guard_verdict *verdict);
void facts_meet(const struct facts *facts, unsigned int i, unsigned int j,
		struct acs_guard_meeting *meeting);
u64 facts_peers(const struct facts *facts, unsigned int i,
		const struct acs_guard_verdict *verdict);
bool facts_in_group(const struct facts *facts, unsigned int i, u64 peers);

#endif /* FACTS_H */
