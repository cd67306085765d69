/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: steps on the way up from a function; between files of the engine
 */
#ifndef ACS_GUARD_PATH_H
#define ACS_GUARD_PATH_H

#include "engine.h"
#include "node.h"

static inline bool acs_guard_is_type(struct acs_node node, u8 type)
{
	return acs_node_exists(node) && acs_node_type(node) == type;
}

/* A Root Port or a Switch Downstream Port. */
static inline bool acs_guard_is_port(struct acs_node node)
{
	return acs_guard_is_type(node, PCI_EXP_TYPE_ROOT_PORT) ||
	       acs_guard_is_type(node, PCI_EXP_TYPE_DOWNSTREAM);
}

/* Does a conventional bus begin or end at @bridge?  R1. */
static inline bool acs_guard_is_conventional(struct acs_node bridge)
{
	if (!acs_node_exists(bridge))
		return false;
	switch (acs_node_type(bridge)) {
	case ACS_GUARD_TYPE_CONVENTIONAL:
	case PCI_EXP_TYPE_PCI_BRIDGE:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
		return true;
	default:
		return false;
	}
}

static inline bool acs_guard_same_slot(struct acs_node a, struct acs_node b)
{
	return acs_node_devfn(a) >> 3 == acs_node_devfn(b) >> 3;
}

/*
 * Are @node and @other, on the same bus below @bridge, functions of one device?
 * A link leads to one device, whose functions may use all numbers (ARI, 6.13).
 */
static inline bool acs_guard_same_device(struct acs_node node,
					 struct acs_node bridge,
					 struct acs_node other)
{
	return acs_guard_is_port(bridge) || acs_guard_same_slot(node, other);
}

/*
 * The function whose ACS registers apply to @node.  6.12.1.2: the peer-to-peer
 * traffic of a virtual function without ACS is controlled by the registers of
 * its PF, if the PF has ACS.
 */
static inline struct acs_node acs_guard_acs_owner(struct acs_node node)
{
	const struct acs_node pf = acs_node_physfn(node);

	return acs_node_acs(node) || !acs_node_acs(pf) ? node : pf;
}

/* The next element of the path: a bridge, or the real DMA device. */
static inline struct acs_node acs_guard_next_above(struct acs_node node)
{
	const struct acs_node bridge = acs_node_bridge(node);

	return acs_node_exists(bridge) ? bridge : acs_node_real_dma(node);
}

/* conventional.c */

/**
 * struct acs_guard_segment - who shares a conventional segment with F
 * @listed: another function is there, or may be
 * @hidden: a function that the kernel does not list is there, or may be
 */
struct acs_guard_segment {
	bool listed;
	bool hidden;
};

struct acs_node acs_guard_topmost_conventional(struct acs_node node);
struct acs_node acs_guard_requester(struct acs_node node,
				    struct acs_node real_dma,
				    struct acs_node segment);
struct acs_guard_segment
acs_guard_search_segment(struct acs_node bridge, struct acs_node device,
			 struct acs_guard_reader *reader);

#endif /* ACS_GUARD_PATH_H */
