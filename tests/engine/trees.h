/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: small trees that are made by hand, and the answers about them
 */
#ifndef TREES_H
#define TREES_H

#include "contract.h"
#include "topo.h"

#define TREE_NOBODY (-1)
#define TREE_MAX 8

/**
 * struct tree - a tree, and the answer about one of its functions
 * @name: what is special about it
 * @fn: its functions
 * @nr: how many
 * @of: the function that is judged
 * @single: what is known to be alone on its bus
 * @unexplored: the bridges that it is not known what is below
 * @domains: what is below a VMD is in a domain of its own
 * @no_iommu: no IOMMU translates anything
 * @strict: strict=1
 * @reason: the answer
 * @blocker: the function that is in the way, or %TREE_NOBODY
 * @missing: the controls that it lacks
 * @hidden: the kernel does not list it
 * @beyond: one owner of the whole IOMMU group would not do
 * @peers: the peers of @of
 * @in_group: it is exposed to its IOMMU group only
 */
struct tree {
	const char *name;
	struct topo_fn fn[TREE_MAX];
	unsigned int nr;
	int of;
	u64 single;
	u64 unexplored;
	bool domains;
	bool no_iommu;
	bool strict;
	enum acs_guard_reason reason;
	int blocker;
	u16 missing;
	bool hidden;
	bool beyond;
	u64 peers;
	bool in_group;
};

extern const struct tree trees[];
extern const unsigned int trees_nr;

#endif /* TREES_H */
