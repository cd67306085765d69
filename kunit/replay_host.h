/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: PCI host bridges whose config space is a dump of another machine's
 *
 * fake_host.c makes config space of a declaration, and it behaves as hardware
 * does.  Here it is given, and stays as it was recorded: all writes are lost,
 * but for what the PCI core has to see when it asks a BAR for its size. Nothing
 * is searched either: a function is where the dump has it, on the bus that the
 * dump's bridges lead to, whatever a scan would have made of it.
 */
#ifndef REPLAY_HOST_H
#define REPLAY_HOST_H

#include <linux/types.h>
#include <linux/xarray.h>

#include "replay_format.h"

struct pci_bus;
struct pci_dev;
struct replay;

/**
 * struct replay_node - one function of a dump
 * @fn: what the dump says
 * @given: its bytes
 * @served: a copy, from which config reads are answered
 * @sizing: BARs that were asked for their size
 * @in_group: it has joined its IOMMU group
 * @replay: the dump
 * @pdev: its device
 * @root: the root bus that was made for it, and serves those after it
 * @own_bus: the same, of virtual functions that are not on their PF's bus
 */
struct replay_node {
	const struct replay_fn *fn;
	const u8 *given;
	u8 *served;
	u8 sizing;
	bool in_group;
	struct replay *replay;
	struct pci_dev *pdev;
	struct pci_bus *root;
	struct pci_bus *own_bus;
};

/**
 * struct replay - a dump brought up
 * @nr: how many functions it has
 * @nodes: they, in the order of their addresses
 * @by_bdf: they, by their address
 * @groups: IOMMU groups, by their number in the dump
 * @writable: let writes through, for a test of who looks for them
 */
struct replay {
	unsigned int nr;
	struct replay_node *nodes;
	struct xarray by_bdf;
	struct xarray groups;
	bool writable;
};

/**
 * typedef replay_tell_fn - told of a byte that is not as it was recorded
 * @node: whose
 * @where: which
 * @now: what it is
 */
typedef void (*replay_tell_fn)(const struct replay_node *node,
			       unsigned int where, u8 now);

int replay_create(struct replay *replay);
void replay_destroy(struct replay *replay);
unsigned int replay_check(struct replay *replay, replay_tell_fn tell);
void replay_make_blind(struct replay *replay);
void replay_attack(struct replay *replay);

#endif /* REPLAY_HOST_H */
