/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a machine around one path, for proofs
 *
 * The path goes from F up to a root bus.  On each level are the element of the
 * path and up to two other functions of its bus; below each of these others,
 * if it is a bridge, may be one function, which stands for all that is there.
 */
#ifndef ACS_GUARD_PROOF_PATH_MACHINE_H
#define ACS_GUARD_PROOF_PATH_MACHINE_H

#include "home.h"

#define LEVELS 4
#define WIDTH 3
/* Where the functions of a machine have their ACS capability. */
#define ACS_OFFSET 0x140
/* The type of a function without a PCI Express capability. */
#define TYPE_CONVENTIONAL 0x10

/**
 * struct path_fn - a function
 * @level: its level on the path
 * @k: its number on that level; 0 is the element of the path
 * @pf: the PF of the function if it is virtual
 * @exists: it is there
 * @hidden: the kernel does not list it
 * @is_virtual: it is a virtual function of @pf
 * @bridge: it has a bus below it
 * @used: of a bridge that is not on the path: a function is below it
 * @slot: of a port: Slot Implemented
 * @type: PCI_EXP_TYPE_*, or %TYPE_CONVENTIONAL
 * @devfn: its number on its bus
 * @vendor: its vendor ID
 * @device: its device ID
 * @host_bridge: it has the class of a host bridge
 * @memory: it has a BAR that the kernel knows
 * @in_group: it is in the IOMMU group of F
 * @acs: it has an ACS capability
 * @acs_at: where that is
 * @cap: ACS Capability register
 * @ctrl: ACS Control register, as the hardware obeys it
 * @beyond: the dword after these two, where nothing else is said about it
 * @extended: its extended configuration space can be reached
 * @offline: it is known not to answer
 * @asleep: it cannot be kept powered
 * @lost: its registers read as all ones
 * @command: Command and Status registers
 * @bars: what each BAR reads
 * @ext_id: its other extended capability, or 0 for none
 * @dvsec_vendor: first register of that capability, if it is a DVSEC
 * @dvsec_id: the next one
 * @dvsec_ctrl: CXL control register
 */
struct path_fn {
	u8 level;
	u8 k;
	const struct path_fn *pf;
	bool exists;
	bool hidden;
	bool is_virtual;
	bool bridge;
	bool used;
	bool slot;
	u8 type;
	u8 devfn;
	u16 vendor;
	u16 device;
	bool host_bridge;
	bool memory;
	bool in_group;
	bool acs;
	u16 acs_at;
	u16 cap;
	u16 ctrl;
	u32 beyond;
	bool extended;
	bool offline;
	bool asleep;
	bool lost;
	u32 command;
	u32 bars;
	u16 ext_id;
	u32 dvsec_vendor;
	u32 dvsec_id;
	u32 dvsec_ctrl;
};

/**
 * struct path_machine - a machine around one path
 * @levels: how many levels the path has; the last is on a root bus
 * @f: F is the function of this number at level 0: 0, or 1 for a virtual
 *	function of number 0
 * @single: by level, the element of the path is known to be alone in its device
 * @alias: by level, a bit for each two functions that share a requester ID
 * @vmd: a VMD endpoint is above the root bus
 * @domain: F is a VMD endpoint, with a function below it
 * @iommu: an IOMMU translates the DMA of F
 *
 * The functions are machine_function(): CBMC handles pointers to variables much
 * better than those into an array.
 */
struct path_machine {
	unsigned int levels;
	unsigned int f;
	bool single[LEVELS];
	u8 alias[LEVELS];
	bool vmd;
	bool domain;
	bool iommu;
};

extern struct path_machine machine;

/* Those on the path and beside it; one below each other; a VMD. */
extern struct path_fn machine_a0, machine_a1, machine_a2;
extern struct path_fn machine_b0, machine_b1, machine_b2;
extern struct path_fn machine_c0, machine_c1, machine_c2;
extern struct path_fn machine_d0, machine_d1, machine_d2;
extern struct path_fn machine_below, machine_vmd;

static inline struct path_fn *machine_function(unsigned int level,
					       unsigned int k)
{
	switch (level * WIDTH + k) {
	case 0:
		return &machine_a0;
	case 1:
		return &machine_a1;
	case 2:
		return &machine_a2;
	case 3:
		return &machine_b0;
	case 4:
		return &machine_b1;
	case 5:
		return &machine_b2;
	case 6:
		return &machine_c0;
	case 7:
		return &machine_c1;
	case 8:
		return &machine_c2;
	case 9:
		return &machine_d0;
	case 10:
		return &machine_d1;
	default:
		return &machine_d2;
	}
}

static inline bool machine_is_port(const struct path_fn *fn)
{
	return fn->bridge && (fn->type == PCI_EXP_TYPE_ROOT_PORT ||
			      fn->type == PCI_EXP_TYPE_DOWNSTREAM);
}

static inline const struct path_fn *machine_pf(const struct path_fn *fn)
{
	return fn->is_virtual ? fn->pf : fn;
}

static inline bool machine_same_slot(unsigned int level, unsigned int a,
				     unsigned int b)
{
	return machine_pf(machine_function(level, a))->devfn >> 3 ==
	       machine_pf(machine_function(level, b))->devfn >> 3;
}

/* The bit of two different functions in alias[]: 0-1, 0-2, 1-2. */
static inline bool machine_share_alias(unsigned int level, unsigned int a,
				       unsigned int b)
{
	return machine.alias[level] >> (a + b - 1) & 1;
}

/* A host bridge that has no capability and can issue and receive nothing. */
static inline bool machine_is_dummy(unsigned int level, unsigned int k)
{
	const struct path_fn *fn = machine_function(level, k);

	return fn->host_bridge && level == machine.levels - 1 &&
	       fn->type == TYPE_CONVENTIONAL && !fn->memory && !fn->bars &&
	       !(fn->command & PCI_COMMAND_MASTER) &&
	       !(fn->command >> 16 & PCI_STATUS_CAP_LIST);
}

bool route_only_forwards(const struct path_fn *fn);
bool route_exists(void);
bool route_shares_id(void);

#endif /* ACS_GUARD_PROOF_PATH_MACHINE_H */
