// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: where the paths of two functions join
 *
 * In a tree the paths of two functions join at one place, their common
 * ancestor.  Only there can a packet turn from one path to the other below the
 * root complex.
 */
#include "acs.h"
#include "ancestor.h"
#include "engine.h"
#include "node.h"
#include "path.h"

/*
 * How many bridges and real DMA devices are above @node; more than
 * %ACS_GUARD_MAX_DEPTH if its path is too long, or does not lead to a root bus.
 *
 * The path of a function that the kernel does not list may change from one walk
 * to the next.  So each walk up has a limit, and may end early.
 */
static unsigned int depth_of(struct acs_node node)
{
	struct acs_node above;
	unsigned int depth;

	for (depth = 0; depth <= ACS_GUARD_MAX_DEPTH; depth++) {
		above = acs_guard_next_above(node);
		if (!acs_node_exists(above))
			return acs_node_is_on_root_bus(node) ?
				       depth :
				       ACS_GUARD_MAX_DEPTH + 1;
		node = above;
	}
	return depth;
}

static struct acs_node climb(struct acs_node node, unsigned int levels)
{
	while (levels-- && acs_node_exists(node))
		node = acs_guard_next_above(node);
	return node;
}

/**
 * acs_guard_own_path_init() - prepare to join other paths to that of a function
 * @own: filled in
 * @node: the function
 * @reader: what reads the functions
 */
void acs_guard_own_path_init(struct acs_guard_own_path *own,
			     struct acs_node node,
			     struct acs_guard_reader *reader)
{
	const struct acs_node segment = acs_guard_topmost_conventional(node);
	const struct acs_node real_dma = acs_node_real_dma(node);
	const struct acs_node pf = acs_node_physfn(node);

	own->node = node;
	own->reader = reader;
	own->segment = segment;
	own->real_dma = real_dma;
	own->requester = acs_guard_requester(node, real_dma, segment);
	own->depth = depth_of(pf);
	own->root = climb(pf, own->depth);
	own->at = acs_node_none();
}

/* R1, R12: do both have one requester ID, for whatever reason? */
static bool share_requester_id(const struct acs_guard_own_path *own,
			       struct acs_node other)
{
	const struct acs_node segment = acs_guard_topmost_conventional(other);
	const struct acs_node real_dma = acs_node_real_dma(other);

	if (acs_node_exists(segment) && acs_node_is_same(segment, own->segment))
		return true;
	if (acs_node_exists(own->real_dma) &&
	    (acs_node_is_same(own->real_dma, other) ||
	     acs_node_is_same(own->real_dma, real_dma)))
		return true;
	/* On one bus, with neither above it, each is the requester itself. */
	return acs_node_is_same(real_dma, own->node) ||
	       acs_node_shares_id(own->requester,
				  acs_guard_requester(other, real_dma,
						      segment));
}

/* The kind of the common ancestor of @a and @b, which are on one bus. */
static enum acs_guard_ancestor_kind kind_of_ancestor(struct acs_node a,
						     struct acs_node b)
{
	const struct acs_node above = acs_node_bridge(a);

	if (acs_guard_is_type(above, PCI_EXP_TYPE_UPSTREAM))
		return ACS_GUARD_SWITCH;
	/* Below any other bridge nothing is known to separate functions. */
	if (acs_node_exists(above) && !acs_guard_is_port(above))
		return ACS_GUARD_SEGMENT;
	return acs_guard_same_device(a, above, b) ? ACS_GUARD_ONE_DEVICE :
						    ACS_GUARD_APART;
}

/*
 * Can what is passed up above @node come down again: through a port that lacks
 * Upstream Forwarding, or a bridge of which nothing is known?
 */
static bool lacks_uf_above(struct acs_node node,
			   struct acs_guard_reader *reader)
{
	struct acs_guard_function port;

	for (node = acs_guard_next_above(node); acs_node_exists(node);
	     node = acs_guard_next_above(node)) {
		if (acs_node_is_bridge(node) && !acs_guard_only_forwards(node))
			return true;
		if (!acs_guard_is_port(node))
			continue;
		port = acs_guard_function_of(node, reader, true);
		if (acs_guard_lacks_uf(&port))
			return true;
	}
	return false;
}

static bool port_blocks(struct acs_node port, struct acs_guard_reader *reader)
{
	const struct acs_guard_function fn =
		acs_guard_function_of(port, reader, true);

	return acs_guard_blocks_translated(&fn);
}

/* Does one of @levels elements from @node upwards block translated requests? */
static bool is_blocked(struct acs_node node, unsigned int levels,
		       struct acs_guard_reader *reader)
{
	while (levels && acs_node_exists(node)) {
		if (acs_guard_is_port(node) && port_blocks(node, reader))
			return true;
		if (--levels)
			node = acs_guard_next_above(node);
	}
	return false;
}

static bool is_virtual_at(struct acs_node node, struct acs_node at)
{
	return acs_node_is_virtual(node) &&
	       acs_node_is_same(at, acs_node_physfn(node));
}

/* The function whose ACS registers apply at @at, on the path of @node. */
static struct acs_node acs_owner_at(struct acs_node node, struct acs_node at)
{
	return acs_node_is_same(at, acs_node_physfn(node)) ?
		       acs_guard_acs_owner(node) :
		       at;
}

/*
 * Read the facts at @at, @levels above the function; once for all functions
 * whose paths join there.
 */
static void read_at(struct acs_guard_own_path *own, struct acs_node at,
		    unsigned int levels)
{
	struct acs_guard_reader *reader = own->reader;

	if (acs_node_is_same(own->at, at))
		return;
	own->at = at;
	own->fn = acs_guard_function_of(acs_owner_at(own->node, at), reader,
					true);
	own->blocked = is_blocked(acs_node_physfn(own->node), levels, reader);
	own->lacks_uf = lacks_uf_above(at, reader);
	own->p2p_known = false;
}

static int find_p2p(struct acs_node node, void *data)
{
	const struct acs_guard_own_path *own = data;
	const struct acs_node pf = acs_node_physfn(node);
	struct acs_guard_function fn;

	if (!acs_node_same_bus(pf, own->at) ||
	    !acs_guard_same_device(own->at, acs_node_bridge(own->at), pf))
		return 0;
	fn = acs_guard_function_of(node, own->reader, true);
	return acs_fn_declares_p2p(&fn);
}

static bool declares_p2p(struct acs_guard_own_path *own)
{
	if (!own->p2p_known)
		own->p2p =
			acs_node_visit_bus(own->at, own->reader, find_p2p, own);
	own->p2p_known = true;
	return own->p2p;
}

/*
 * Find where the path of @other joins @own.  The caller has set the kind
 * of @ancestor to a segment, which applies if a path is not known.
 *
 * Return: the element of the path of @other at the common ancestor; none if
 * there is no such ancestor, or its kind does not depend on registers.
 */
static struct acs_node join(struct acs_guard_own_path *own,
			    struct acs_node other,
			    struct acs_guard_common_ancestor *ancestor)
{
	const struct acs_node pf = acs_node_physfn(own->node);
	const struct acs_node other_pf = acs_node_physfn(other);
	const unsigned int depth = depth_of(other_pf);
	const unsigned int common = depth < own->depth ? depth : own->depth;
	unsigned int up = own->depth - common, other_up = depth - common;
	struct acs_node a, b;

	if (depth > ACS_GUARD_MAX_DEPTH || own->depth > ACS_GUARD_MAX_DEPTH)
		return acs_node_none();

	a = climb(pf, up);
	b = climb(other_pf, other_up);
	while (acs_node_exists(a) && acs_node_exists(b) &&
	       !acs_node_same_bus(a, b)) {
		a = acs_guard_next_above(a);
		b = acs_guard_next_above(b);
		up++;
		other_up++;
	}
	/* One path has become shorter since its depth was found. */
	if (acs_node_exists(a) != acs_node_exists(b))
		return acs_node_none();

	/*
	 * A path does not join that of a bridge on it, unless that may issue
	 * something itself.  The path of a VF joins that of its PF.
	 */
	ancestor->kind = ACS_GUARD_APART;
	if (!acs_node_exists(a))
		return acs_node_none();
	if (acs_node_is_same(a, b) &&
	    (!acs_node_is_same(a, pf) || !acs_node_is_same(b, other_pf))) {
		if (!acs_guard_only_forwards(a))
			ancestor->kind = ACS_GUARD_SEGMENT;
		return acs_node_none();
	}

	ancestor->kind = kind_of_ancestor(a, b);
	if (ancestor->kind == ACS_GUARD_APART)
		return acs_node_none();
	read_at(own, a, up);
	ancestor->other.blocked = is_blocked(other_pf, other_up, own->reader);
	return b;
}

/**
 * acs_guard_find_common_ancestor() - find where the path of a function joins
 * @own: the path of F
 * @other: the function; not F
 * @ancestor: filled in
 *
 * Reads one dword of @other, and of each port on both paths up to the root bus.
 */
void acs_guard_find_common_ancestor(struct acs_guard_own_path *own,
				    struct acs_node other,
				    struct acs_guard_common_ancestor *ancestor)
{
	struct acs_node b;

	ancestor->kind = ACS_GUARD_SEGMENT;
	if (share_requester_id(own, other))
		return;
	b = join(own, other, ancestor);
	if (!acs_node_exists(b))
		return;

	ancestor->own.fn = own->fn;
	ancestor->own.blocked = own->blocked;
	ancestor->lacks_uf = own->lacks_uf;
	ancestor->only_virtual = is_virtual_at(own->node, own->at) ||
				 is_virtual_at(other, b);
	ancestor->p2p = ancestor->only_virtual && declares_p2p(own);
	acs_guard_read_function(acs_owner_at(other, b), own->reader, true,
				&ancestor->other.fn);
}
