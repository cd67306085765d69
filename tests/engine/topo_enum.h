/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files that walk over all small topologies.
 */
#ifndef TOPO_ENUM_H
#define TOPO_ENUM_H

#include "topo.h"

/* Kinds of nodes. Their order is that of siblings. */
enum node_kind {
	NODE_DEVICE, /* on the root bus; not a function */
	NODE_CONV,
	NODE_INTEL,    /* Intel integrated endpoint */
	NODE_INTERNAL, /* endpoint on the internal bus of a switch */
	NODE_VF,
	NODE_ENDPOINT,
	NODE_CONV_BRIDGE,
	NODE_PCIE_TO_PCI,
	NODE_UPSTREAM,
	NODE_DOWNSTREAM,
	NODE_ROOT_PORT,
	NODES
};

/* The parent of node @i, or -1. */
static inline int topo_enum_parent(const struct topo_enum *e, unsigned int i)
{
	int j = (int)i - 1;

	while (j >= 0 && e->depth[j] >= e->depth[i])
		j--;
	return j;
}

/* The node after the last one of the tree at @i. */
static inline unsigned int topo_enum_tree_end(const struct topo_enum *e,
					      unsigned int i)
{
	unsigned int end = i + 1;

	while (end < e->len && e->depth[end] > e->depth[i])
		end++;
	return end;
}

static inline bool topo_enum_is_function(const struct topo_enum *e,
					 unsigned int i)
{
	return e->kind[i] != NODE_DEVICE && e->kind[i] < NODE_CONV_BRIDGE;
}

u32 topo_enum_words_of(const struct topo_enum *e, unsigned int i);
void topo_enum_set_words(const struct topo_enum *e, unsigned int i,
			 struct topo_fn *fn);

#endif /* TOPO_ENUM_H */
