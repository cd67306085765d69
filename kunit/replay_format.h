/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a dump of configuration space on its way into the replay module
 *
 * What scripts/replay.d/dump.c has understood of a dump, and kunit/replay.c
 * builds a hierarchy of.  Both run on one machine, so numbers are as it has
 * them.  A file is a row of dumps: a struct replay_head each, then as many
 * times a struct replay_fn with its bytes of configuration space behind it.
 *
 * Functions are in the order of their addresses, and what is above (a bridge, a
 * PF, the VMD endpoint of a domain) comes before what is below.
 */
#ifndef REPLAY_FORMAT_H
#define REPLAY_FORMAT_H

#include <linux/types.h>

#define REPLAY_MAGIC 0x59414c50
#define REPLAY_NONE 0xffffffff

/**
 * struct replay_head - one dump
 * @magic: %REPLAY_MAGIC
 * @nr: how many functions follow; 0: this dump could not be understood
 */
struct replay_head {
	__u32 magic;
	__u32 nr;
};

/* Nothing is known of it, or of what is above it: no register of it counts. */
#define REPLAY_BLIND 0x1
/* Not even its type is known. */
#define REPLAY_TYPELESS 0x2
/* A bridge to buses that have functions in the dump. */
#define REPLAY_LEADS 0x4
/* It did not answer, and its ID and class are made up. */
#define REPLAY_SILENT 0x8
/* What reads zero of its BARs may be memory without an address. */
#define REPLAY_MEMORY 0x10

/**
 * struct replay_fn - one function
 * @domain: its PCI domain
 * @bus: its bus
 * @devfn: its device and function number
 * @flags: REPLAY_*
 * @len: how many bytes of configuration space follow, a multiple of 4
 * @up: the bridge above it, as a number in this dump; %REPLAY_NONE: on a root
 *	bus
 * @pf: the PF of a virtual function, or %REPLAY_NONE
 * @owner: on a root bus: the VMD endpoint whose domain it is, or %REPLAY_NONE
 * @id: what is served as its vendor and device ID; virtual functions, and those
 *	that did not answer, have none of their own
 * @group: its IOMMU group, or negative
 */
struct replay_fn {
	__u32 domain;
	__u8 bus;
	__u8 devfn;
	__u16 flags;
	__u32 len;
	__u32 up;
	__u32 pf;
	__u32 owner;
	__u32 id;
	__s32 group;
};

#endif /* REPLAY_FORMAT_H */
