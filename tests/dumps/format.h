/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machines that the module has judged, on their way to the tool
 *
 * tests/modules/dumps.c writes them, tests/dumps/ reads them; both run on one
 * processor.  A file is a row of machines: a struct dumped_machine each, then
 * its functions.  A function is a struct dumped_fn, then the addresses of its
 * peers, then the dwords of its configuration space that are not zero.
 *
 * Addresses are those of a machine that Linux has booted on: the host is domain
 * 0, and what is behind VMD endpoints has the domains from 10000 on.
 */
#ifndef DUMPS_FORMAT_H
#define DUMPS_FORMAT_H

#include <linux/types.h>

#define DUMPED_MAGIC 0x504d5544

/**
 * struct dumped_machine - one machine
 * @magic: %DUMPED_MAGIC
 * @nr: how many functions follow
 * @seed: which random machine it is
 * @strict: rules S1 to S3 were applied
 * @flags: DUMPED_*
 */
struct dumped_machine {
	__u32 magic;
	__u32 nr;
	__u64 seed;
	__u32 strict;
	__u32 flags;
};

/* A VMD endpoint has no domain behind it. */
#define DUMPED_NO_DOMAIN 0x1

/**
 * struct dumped_fn - one function, and what the module says about it
 * @bdf: its address
 * @blocker: the blocker, unless it is isolated
 * @parent: what is above it; all ones if nothing is
 * @pf: the PF of a virtual function, else its own address
 * @id: its IDs as the kernel knows them: device, then vendor
 * @class: its class code, 24 bits
 * @group: its IOMMU group, or negative
 * @missing: the ACS controls that the blocker lacks
 * @cap: its ACS Capability register, if there is one that can be read
 * @ctrl: likewise, its ACS Control register
 * @cfg_size: how large its configuration space is
 * @nr_peers: how many peers follow
 * @nr_dwords: how many dwords follow
 * @type: PCI_EXP_TYPE_*, or 0x10 without a PCI Express capability
 * @reason: enum acs_guard_reason
 * @in_group: unit=group would allow it
 * @readable: its ACS registers can be read, or it has none
 * @acs: it has ACS registers
 * @memory: a bit for each BAR that is memory
 * @offline: all of its configuration space reads all ones
 */
struct dumped_fn {
	__u64 bdf;
	__u64 blocker;
	__u64 parent;
	__u64 pf;
	__u32 id;
	__u32 class;
	__s32 group;
	__u16 missing;
	__u16 cap;
	__u16 ctrl;
	__u16 cfg_size;
	__u16 nr_peers;
	__u16 nr_dwords;
	__u8 type;
	__u8 reason;
	__u8 in_group;
	__u8 readable;
	__u8 acs;
	__u8 memory;
	__u8 offline;
};

/**
 * struct dumped_dword - a dword of configuration space
 * @where: its offset
 * @value: what it reads
 */
struct dumped_dword {
	__u32 where;
	__u32 value;
};

#endif /* DUMPS_FORMAT_H */
