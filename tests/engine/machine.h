/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a described topology as a machine that software looks at
 *
 * The topology says what the hardware is.  The machine adds what software can
 * see of it.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "contract.h"
#include "topo.h"

/**
 * enum machine_loss - what TOPO_UNREADABLE means
 * @MACHINE_SILENT: the ACS registers, if there are any, read as all ones
 * @MACHINE_OFFLINE: the device is disconnected; a hidden function cannot be
 *	marked as such, so its registers read as all ones
 */
enum machine_loss {
	MACHINE_SILENT,
	MACHINE_OFFLINE,
};

/**
 * struct machine - a machine
 * @topo: its topology
 * @loss: what happens to its functions that are unreadable
 * @cut: extended configuration space ends at bridges that are not PCI Express
 *	on both sides, as the PCI core has it
 * @no_iommu: no IOMMU translates anything
 */
struct machine {
	const struct topo *topo;
	enum machine_loss loss;
	bool cut;
	bool no_iommu;
};

bool machine_is_cut(const struct topo *t, unsigned int i);
bool machine_is_offline(const struct machine *machine, unsigned int i);
bool machine_is_unreadable(const struct machine *machine, unsigned int i);
u64 machine_bdf(const struct topo *t, unsigned int i);
int machine_find(const struct topo *t, u64 bdf);

#endif /* MACHINE_H */
