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
 * @MACHINE_ALL_ONES: the ACS registers, if there are any, read as all ones
 * @MACHINE_OFFLINE: the device is disconnected; a hidden function cannot be
 *	marked as such, so its registers read as all ones
 */
enum machine_loss {
	MACHINE_ALL_ONES,
	MACHINE_OFFLINE,
};

#define MACHINE_ANY (-1)
#define MACHINE_FAULTS 4

/**
 * struct machine_fault - a read that goes wrong, or finds something else
 * @fn: reads of this function, or %MACHINE_ANY
 * @where: of the dword there, or %MACHINE_ANY
 * @nth: only this of those reads, counted from 1; 0 for each
 * @value: what is read
 * @fails: nothing is read
 */
struct machine_fault {
	int fn;
	int where;
	unsigned int nth;
	u32 value;
	bool fails;
};

/**
 * struct machine_access - how the functions of a machine are accessed
 * @fault: what goes wrong; the first one that applies does
 * @faults: how many of these there are
 * @packed: extended configuration space is full of capabilities of 8 bytes
 * @not_extended: extended configuration space cannot be reached
 * @hold_fails: no function can be kept powered
 * @device: the device ID of all functions; 0 for what the topology implies
 * @lost_from: the first look at the bridge above a function that is not listed
 *	which does not find it, counted from 1
 * @found_from: the next one that finds it again; not above @lost_from: all do
 * @looks: counts these looks
 * @seen: counts the reads that each fault is about
 * @reads: counts all reads
 * @held: counts calls of acs_node_hold(), less those of acs_node_release()
 * @unreadable: counts those of the latter that report a function unreadable
 */
struct machine_access {
	struct machine_fault fault[MACHINE_FAULTS];
	unsigned int faults;
	bool packed;
	bool not_extended;
	bool hold_fails;
	u16 device;
	unsigned int lost_from;
	unsigned int found_from;
	unsigned int looks;
	unsigned int seen[MACHINE_FAULTS];
	unsigned int reads;
	int held;
	unsigned int unreadable;
};

/**
 * struct machine - a machine
 * @topo: its topology
 * @loss: what happens to its functions that are unreadable
 * @cut: extended configuration space ends at bridges that are not PCI Express
 *	on both sides, as the PCI core has it
 * @no_iommu: no IOMMU translates anything
 * @single: the functions that are known to be alone on their bus
 * @unexplored: the bridges that it is not known what is below
 * @domains: what is below a VMD is in a domain of its own, without a real DMA
 *	device
 * @access: how its functions are accessed; NULL: all goes well
 * @tree: its functions, instead of @topo, if that has not enough room for them
 * @tree_size: how many
 */
struct machine {
	const struct topo *topo;
	enum machine_loss loss;
	bool cut;
	bool no_iommu;
	u64 single;
	u64 unexplored;
	bool domains;
	struct machine_access *access;
	const struct topo_fn *tree;
	unsigned int tree_size;
};

static inline const struct topo_fn *machine_fn(const struct machine *machine,
					       unsigned int i)
{
	return machine->tree ? &machine->tree[i] : &machine->topo->fn[i];
}

static inline unsigned int machine_size(const struct machine *machine)
{
	return machine->tree ? machine->tree_size : machine->topo->nr;
}

bool machine_is_cut(const struct topo *t, unsigned int i);
bool machine_is_offline(const struct machine *machine, unsigned int i);
bool machine_is_unreadable(const struct machine *machine, unsigned int i);
u64 machine_bdf(const struct topo *t, unsigned int i);
u64 machine_bdf_of(const struct topo_fn *fn);
int machine_find(const struct topo *t, u64 bdf);

#endif /* MACHINE_H */
