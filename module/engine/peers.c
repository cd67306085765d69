// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: which functions are exposed to which
 *
 * In a tree the paths of two functions join at one place, their common
 * ancestor, so a packet can turn round only there.  That place, judged for
 * every function that is near enough, gives the peers, whatever else fails on
 * the path.  The other members of the IOMMU group are peers as well.
 */
#include "engine.h"
#include "node.h"
#include "path.h"

/* The walk of the subtree recurses, on the kernel's small stack. */
#define MAX_RECURSION 16

/* No value of a visitor: the walk of the subtree would need too much stack. */
#define TOO_DEEP 2

/**
 * struct search - a search for what is exposed to a function
 * @node: the function
 * @reader: what reads the functions
 * @visitor: receives the peers
 * @segment: the topmost conventional bridge above @node, or none
 * @real_dma: the function that its domain is behind, or none
 * @requester: whose requester ID its DMA has
 * @root: the topmost element of its path, be it in another domain
 * @depth: how many bridges and real DMA devices are above it
 * @group: its IOMMU group, if that has other members that count, or negative
 * @nesting: how far below the root bus the walk of the subtree is
 * @at: the element of the path where it was last joined; the rest is about that
 * @fn: the facts of the function there whose registers apply
 * @blocked: a port below @at stops translated requests
 * @lacks_uf: a port above @at lacks Upstream Forwarding
 * @p2p_known: @p2p is known
 * @p2p: a function of the device of @at declares peer-to-peer support
 */
struct search {
	struct acs_node node;
	struct acs_guard_reader *reader;
	struct acs_guard_visitor *visitor;
	struct acs_node segment;
	struct acs_node real_dma;
	struct acs_node requester;
	struct acs_node root;
	unsigned int depth;
	int group;
	unsigned int nesting;
	struct acs_node at;
	struct acs_guard_function fn;
	bool blocked;
	bool lacks_uf;
	bool p2p_known;
	bool p2p;
};

/*
 * How many bridges and real DMA devices are above @node; more than
 * %ACS_GUARD_MAX_DEPTH if its path is too long, or does not lead to a root bus.
 *
 * The path of a function that the kernel does not list may change between two
 * looks at it.  So each walk up has a limit, and may end early.
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

static void begin_search(struct search *search, struct acs_node node,
			 struct acs_guard_reader *reader)
{
	const struct acs_node segment = acs_guard_topmost_conventional(node);
	const struct acs_node real_dma = acs_node_real_dma(node);
	const struct acs_node pf = acs_node_physfn(node);

	search->node = node;
	search->reader = reader;
	search->segment = segment;
	search->real_dma = real_dma;
	search->requester = acs_guard_requester(node, real_dma, segment);
	search->depth = depth_of(pf);
	search->root = climb(pf, search->depth);
	search->group = -1;
	search->nesting = 0;
	search->at = acs_node_none();
}

/* Is it one requester ID for both, by whatever cause?  R1, R12. */
static bool share_identity(const struct search *search, struct acs_node other)
{
	const struct acs_node segment = acs_guard_topmost_conventional(other);
	const struct acs_node real_dma = acs_node_real_dma(other);

	if (acs_node_exists(segment) &&
	    acs_node_is_same(segment, search->segment))
		return true;
	if (acs_node_exists(search->real_dma) &&
	    (acs_node_is_same(search->real_dma, other) ||
	     acs_node_is_same(search->real_dma, real_dma)))
		return true;
	return acs_node_is_same(real_dma, search->node) ||
	       acs_node_shares_id(search->node, other) ||
	       acs_node_shares_id(search->requester,
				  acs_guard_requester(other, real_dma,
						      segment));
}

/* What do @a and @b, on one bus, have in common there? */
static enum acs_guard_ancestor_kind kind_of_ancestor(struct acs_node a,
						     struct acs_node b)
{
	const struct acs_node above = acs_node_bridge(a);

	if (acs_guard_is_type(above, PCI_EXP_TYPE_UPSTREAM))
		return ACS_GUARD_SWITCH;
	/* It is not known what any other bridge keeps apart. */
	if (acs_node_exists(above) && !acs_guard_is_port(above))
		return ACS_GUARD_SEGMENT;
	return acs_guard_same_device(a, above, b) ? ACS_GUARD_ONE_DEVICE :
						    ACS_GUARD_APART;
}

/* Does a port above @node send back down what comes up? */
static bool lacks_uf_above(struct acs_node node,
			   struct acs_guard_reader *reader)
{
	struct acs_guard_function port;

	for (node = acs_guard_next_above(node); acs_node_exists(node);
	     node = acs_guard_next_above(node)) {
		if (!acs_guard_is_port(node))
			continue;
		port = acs_guard_function_of(node, reader, true);
		if (acs_guard_lacks_uf(&port))
			return true;
	}
	return false;
}

/* Is one of the ports from @node up, @levels in all, one that blocks? */
static bool is_blocked(struct acs_node node, unsigned int levels,
		       struct acs_guard_reader *reader)
{
	struct acs_guard_function port;

	for (; levels-- && acs_node_exists(node);
	     node = acs_guard_next_above(node)) {
		if (!acs_guard_is_port(node))
			continue;
		port = acs_guard_function_of(node, reader, true);
		if (acs_guard_blocks_translated(&port))
			return true;
	}
	return false;
}

static bool is_virtual_at(struct acs_node node, struct acs_node at)
{
	return acs_node_is_virtual(node) &&
	       acs_node_is_same(at, acs_node_physfn(node));
}

/* The function whose registers apply where the path of @node has @at. */
static struct acs_node acs_owner_at(struct acs_node node, struct acs_node at)
{
	return acs_node_is_same(at, acs_node_physfn(node)) ?
		       acs_guard_acs_owner(node) :
		       at;
}

/*
 * The facts at @at, @levels above the function; read once for all functions
 * that join there.
 */
static void read_at(struct search *search, struct acs_node at,
		    unsigned int levels)
{
	struct acs_guard_reader *reader = search->reader;

	if (acs_node_is_same(search->at, at))
		return;
	search->at = at;
	search->fn = acs_guard_function_of(acs_owner_at(search->node, at),
					   reader, true);
	search->blocked =
		is_blocked(acs_node_physfn(search->node), levels, reader);
	search->lacks_uf = lacks_uf_above(at, reader);
	search->p2p_known = false;
}

static int find_p2p(struct acs_node node, void *data)
{
	const struct search *search = data;
	const struct acs_node pf = acs_node_physfn(node);
	struct acs_guard_function fn;

	if (!acs_node_same_bus(pf, search->at) ||
	    !acs_guard_same_device(search->at, acs_node_bridge(search->at), pf))
		return 0;
	fn = acs_guard_function_of(node, search->reader, true);
	return acs_guard_declares_p2p(&fn);
}

static bool declares_p2p(struct search *search)
{
	if (!search->p2p_known)
		search->p2p = acs_node_visit_bus(search->at, search->reader,
						 find_p2p, search);
	search->p2p_known = true;
	return search->p2p;
}

/*
 * Where the path of @other joins that of the search.  The ground of @ancestor
 * is a segment so far.
 *
 * Return: the element of the path of @other there; none if the two do not join,
 * or no register matters.
 */
static struct acs_node join(struct search *search, struct acs_node other,
			    struct acs_guard_common_ancestor *ancestor)
{
	const struct acs_node pf = acs_node_physfn(search->node);
	const struct acs_node other_pf = acs_node_physfn(other);
	const unsigned int depth = depth_of(other_pf);
	const unsigned int common = depth < search->depth ? depth :
							    search->depth;
	unsigned int up = search->depth - common, other_up = depth - common;
	struct acs_node a, b;

	/* It is not known where they join if a path is not known. */
	if (depth > ACS_GUARD_MAX_DEPTH || search->depth > ACS_GUARD_MAX_DEPTH)
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
	/* The one path has become shorter meanwhile. */
	if (acs_node_exists(a) != acs_node_exists(b))
		return acs_node_none();

	/* One above the other do not join; a VF and its PF are one device. */
	ancestor->kind = ACS_GUARD_APART;
	if (!acs_node_exists(a) ||
	    (acs_node_is_same(a, b) &&
	     (!acs_node_is_same(a, pf) || !acs_node_is_same(b, other_pf))))
		return acs_node_none();

	ancestor->kind = kind_of_ancestor(a, b);
	if (ancestor->kind == ACS_GUARD_APART)
		return acs_node_none();
	read_at(search, a, up);
	ancestor->other.blocked =
		is_blocked(other_pf, other_up, search->reader);
	return b;
}

static void find_common_ancestor(struct search *search, struct acs_node other,
				 struct acs_guard_common_ancestor *ancestor)
{
	struct acs_node b;

	ancestor->kind = ACS_GUARD_SEGMENT;
	if (share_identity(search, other))
		return;
	b = join(search, other, ancestor);
	if (!acs_node_exists(b))
		return;

	ancestor->own.fn = search->fn;
	ancestor->own.blocked = search->blocked;
	ancestor->lacks_uf = search->lacks_uf;
	ancestor->only_virtual = is_virtual_at(search->node, search->at) ||
				 is_virtual_at(other, b);
	ancestor->p2p = ancestor->only_virtual && declares_p2p(search);
	ancestor->other.fn = acs_guard_function_of(acs_owner_at(other, b),
						   search->reader, true);
}

/* In its own stack frame, which is not there while the walk recurses. */
static noinline_for_stack bool is_exposed(struct search *search,
					  struct acs_node other)
{
	struct acs_guard_common_ancestor ancestor;

	if (acs_node_is_same(other, search->node))
		return false;
	if (search->group >= 0 && acs_node_group(other) == search->group)
		return true;
	find_common_ancestor(search, other, &ancestor);
	return acs_guard_exposed(&ancestor);
}

/**
 * struct subtree - a walk of what may join the path of a function
 * @search: the search for its peers
 * @visit: called for each function there; not zero ends the walk
 */
struct subtree {
	struct search *search;
	int (*visit)(struct search *search, struct acs_node node);
};

static int walk_subtree(struct acs_node node, void *data)
{
	struct subtree *subtree = data;
	struct search *search = subtree->search;
	int done;

	if (search->nesting == MAX_RECURSION)
		return TOO_DEEP;
	if (subtree->visit(search, node))
		return 1;

	search->nesting++;
	done = acs_node_visit_below(node, search->reader, walk_subtree,
				    subtree);
	search->nesting--;
	return done;
}

/*
 * Paths join below one function of a root bus, or below two functions there of
 * one device or with a requester ID in common.
 */
static int walk_root(struct acs_node node, void *data)
{
	const struct subtree *subtree = data;
	const struct search *search = subtree->search;
	const struct acs_node pf = acs_node_physfn(node);

	if ((acs_node_same_bus(pf, search->root) &&
	     acs_guard_same_slot(pf, search->root)) ||
	    acs_node_shares_id(search->root, node) ||
	    acs_node_shares_id(search->node, node))
		return walk_subtree(node, data);
	return 0;
}

static int walk_any(struct acs_node node, void *data)
{
	struct subtree *subtree = data;

	return subtree->visit(subtree->search, node);
}

/* A function may be visited twice if another comes or goes meanwhile. */
static int walk_near(struct subtree *subtree)
{
	struct search *search = subtree->search;
	int done = TOO_DEEP;

	if (search->depth <= ACS_GUARD_MAX_DEPTH)
		done = acs_node_visit_bus(search->root, search->reader,
					  walk_root, subtree);
	search->nesting = 0;
	return done == TOO_DEEP ?
		       acs_node_visit_all(search->reader, walk_any, subtree) :
		       done;
}

static int visit_peer(struct search *search, struct acs_node node)
{
	if (acs_guard_can_be_exposed(node, search->reader) &&
	    is_exposed(search, node))
		search->visitor->visit(search->visitor, node);
	return 0;
}

static int find_member(struct acs_node node, void *data)
{
	struct search *search = data;

	if (!acs_node_is_same(node, search->node) &&
	    acs_guard_can_be_exposed(node, search->reader))
		search->group = acs_node_group(search->node);
	return 0;
}

/**
 * acs_guard_search_peers() - find what is exposed to a function, and it to them
 * @node: the function
 * @reader: what reads the functions
 * @visitor: receives the peers, after a call of its start()
 *
 * Reads, for each function that is near enough and does not stand apart, a
 * dword of it and of each port on its way to the common ancestor.
 */
void acs_guard_search_peers(struct acs_node node,
			    struct acs_guard_reader *reader,
			    struct acs_guard_visitor *visitor)
{
	struct search search = { .visitor = visitor };
	struct subtree subtree = { .search = &search, .visit = visit_peer };

	begin_search(&search, node, reader);
	if (acs_guard_can_be_exposed(node, reader))
		acs_node_visit_group(node, find_member, &search);

	visitor->start(visitor);
	/* Members of a group may be anywhere. */
	if (search.group >= 0)
		acs_node_visit_all(reader, walk_any, &subtree);
	else
		walk_near(&subtree);
}

static int find_slot(struct search *search, struct acs_node node)
{
	return acs_node_has_hotplug(node) && is_exposed(search, node);
}

/* What is plugged in there later is in no IOMMU group now. */
static bool exposes_slot(struct acs_node node, struct acs_guard_reader *reader)
{
	struct search search = {};
	struct subtree subtree = { .search = &search, .visit = find_slot };

	begin_search(&search, node, reader);
	return walk_near(&subtree);
}

static void discard_peers(struct acs_guard_visitor *visitor)
{
	struct acs_guard_peers *peers =
		container_of(visitor, struct acs_guard_peers, visitor);

	peers->count = 0;
}

/* The lowest addresses are kept in order; the others are counted. */
static void add_peer(struct acs_guard_visitor *visitor, struct acs_node peer)
{
	struct acs_guard_peers *peers =
		container_of(visitor, struct acs_guard_peers, visitor);
	const unsigned int kept = peers->count < peers->room ? peers->count :
							       peers->room;
	const u64 bdf = acs_node_bdf(peer);
	unsigned int at = kept, i;

	while (at && peers->bdf[at - 1] > bdf)
		at--;
	if (at && peers->bdf[at - 1] == bdf)
		return;

	for (i = kept < peers->room ? kept : peers->room - 1; i > at; i--)
		peers->bdf[i] = peers->bdf[i - 1];
	if (at < peers->room)
		peers->bdf[at] = bdf;
	peers->count++;
}

/**
 * acs_guard_peers_init() - prepare to count the peers of a function
 * @peers: filled in by a search with its visitor; @peers->bdf and @peers->room
 *	(not 0) are the caller's
 */
void acs_guard_peers_init(struct acs_guard_peers *peers)
{
	peers->visitor.start = discard_peers;
	peers->visitor.visit = add_peer;
}

/**
 * struct outsiders - a search for peers that are not in a group
 * @visitor: receives the peers
 * @group: the group
 * @found: there are such peers
 */
struct outsiders {
	struct acs_guard_visitor visitor;
	int group;
	bool found;
};

static void discard_outsiders(struct acs_guard_visitor *visitor)
{
	container_of(visitor, struct outsiders, visitor)->found = false;
}

static void find_outsider(struct acs_guard_visitor *visitor,
			  struct acs_node peer)
{
	struct outsiders *outsiders =
		container_of(visitor, struct outsiders, visitor);

	if (acs_node_group(peer) != outsiders->group)
		outsiders->found = true;
}

/**
 * acs_guard_stays_in_group() - is a function exposed to its IOMMU group only?
 * @node: the function
 * @reader: what reads the functions
 *
 * VFIO gives a group to one owner.  A function without a group has no such
 * owner, nor has a function in a group that VFIO made up for it, without an
 * IOMMU; nor has a function that the kernel does not list.
 */
bool acs_guard_stays_in_group(struct acs_node node,
			      struct acs_guard_reader *reader)
{
	struct outsiders outsiders = {
		.visitor.start = discard_outsiders,
		.visitor.visit = find_outsider,
		.group = acs_node_group(node),
	};

	if (outsiders.group < 0 || !acs_node_has_iommu(node) ||
	    exposes_slot(node, reader))
		return false;
	acs_guard_search_peers(node, reader, &outsiders.visitor);
	return !outsiders.found;
}
