/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: where the paths of two functions join; between files of the engine
 */
#ifndef ACS_GUARD_ANCESTOR_H
#define ACS_GUARD_ANCESTOR_H

#include "engine.h"
#include "node.h"

/**
 * struct acs_guard_own_path - the path of F, which other paths may join
 * @node: F
 * @reader: what reads the functions
 * @segment: the topmost conventional bridge above @node, or none
 * @real_dma: the real DMA device of its domain, or none
 * @requester: the function whose requester ID its DMA has
 * @root: the topmost element of its path, in the domain of the real DMA device
 *	if there is one
 * @depth: how many bridges and real DMA devices are above @node; more than
 *	%ACS_GUARD_MAX_DEPTH if the path is not known
 * @at: the element of the path that another path joined last; all below is
 *	about @at
 * @fn: the facts of the function at @at whose ACS registers apply
 * @blocked: a port below @at blocks translated requests
 * @lacks_uf: a port above @at lacks Upstream Forwarding
 * @p2p_known: @p2p is known
 * @p2p: a function of the device of @at declares peer-to-peer support
 */
struct acs_guard_own_path {
	struct acs_node node;
	struct acs_guard_reader *reader;
	struct acs_node segment;
	struct acs_node real_dma;
	struct acs_node requester;
	struct acs_node root;
	unsigned int depth;
	struct acs_node at;
	struct acs_guard_function fn;
	bool blocked;
	bool lacks_uf;
	bool p2p_known;
	bool p2p;
};

void acs_guard_own_path_init(struct acs_guard_own_path *own,
			     struct acs_node node,
			     struct acs_guard_reader *reader);
void acs_guard_find_common_ancestor(struct acs_guard_own_path *own,
				    struct acs_node other,
				    struct acs_guard_common_ancestor *ancestor);

#endif /* ACS_GUARD_ANCESTOR_H */
