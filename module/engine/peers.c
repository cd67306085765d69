// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: which functions are exposed to which
 *
 * The rules about a pair of functions (pair_rules.c), applied to each function
 * whose path may join that of F, give the peers of F.  They do not depend on
 * the first failure that the verdict names.  The other members of the IOMMU
 * group are peers as well.
 */
#include "ancestor.h"
#include "engine.h"
#include "node.h"
#include "path.h"

/* The walk of the subtree recurses, on the kernel's small stack. */
#define MAX_RECURSION 16

/* Not returned by a visitor: the walk would need too much stack. */
#define TOO_DEEP 2

/**
 * struct search - a search for the peers of F
 * @own: the path of F
 * @visitor: receives the peers, or NULL
 * @group: the IOMMU group of F if the group has other members that can be
 *	exposed, or negative
 * @nesting: how far below the root bus the walk of the subtree is
 */
struct search {
	struct acs_guard_own_path own;
	struct acs_guard_visitor *visitor;
	int group;
	unsigned int nesting;
};

static void begin_search(struct search *search, struct acs_node node,
			 struct acs_guard_reader *reader)
{
	acs_guard_own_path_init(&search->own, node, reader);
	search->group = -1;
	search->nesting = 0;
}

/* In its own stack frame, which does not stay while the walk recurses. */
static noinline_for_stack bool is_exposed(struct search *search,
					  struct acs_node other)
{
	struct acs_guard_common_ancestor ancestor;

	if (acs_node_is_same(other, search->own.node))
		return false;
	if (search->group >= 0 && acs_node_group(other) == search->group)
		return true;
	acs_guard_find_common_ancestor(&search->own, other, &ancestor);
	return acs_guard_exposed(&ancestor);
}

/**
 * struct subtree - a walk of the functions whose paths may join that of F
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
	done = acs_node_visit_below(node, search->own.reader, walk_subtree,
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

	if ((acs_node_same_bus(pf, search->own.root) &&
	     acs_guard_same_slot(pf, search->own.root)) ||
	    acs_node_shares_id(search->own.root, node) ||
	    acs_node_shares_id(search->own.node, node))
		return walk_subtree(node, data);
	return 0;
}

static int walk_any(struct acs_node node, void *data)
{
	struct subtree *subtree = data;

	return subtree->visit(subtree->search, node);
}

/* A function may be visited twice if another appears or goes meanwhile. */
static int walk_near(struct subtree *subtree)
{
	struct search *search = subtree->search;
	int done = TOO_DEEP;

	if (search->own.depth <= ACS_GUARD_MAX_DEPTH)
		done = acs_node_visit_bus(search->own.root, search->own.reader,
					  walk_root, subtree);
	if (done != TOO_DEEP)
		return done;

	/* All functions follow, with those that have been visited. */
	search->nesting = 0;
	if (search->visitor)
		search->visitor->start(search->visitor);
	return acs_node_visit_all(search->own.reader, walk_any, subtree);
}

static int visit_peer(struct search *search, struct acs_node node)
{
	if (acs_guard_can_be_exposed(node, search->own.reader) &&
	    is_exposed(search, node))
		search->visitor->visit(search->visitor, node);
	return 0;
}

static int find_member(struct acs_node node, void *data)
{
	struct search *search = data;

	if (!acs_node_is_same(node, search->own.node) &&
	    acs_guard_can_be_exposed(node, search->own.reader))
		search->group = acs_node_group(search->own.node);
	return 0;
}

/**
 * acs_guard_search_peers() - find the functions that are exposed to a function
 *	or to which the function is exposed
 * @node: the function
 * @reader: what reads the functions
 * @visitor: receives the peers, after a call of its start()
 *
 * Reads a dword of each function whose path joins that of @node below the root
 * complex, and of the ports on that path.
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

/* Is a slot exposed?  A function that is plugged in later is in no group yet. */
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

/* Keep the lowest addresses, in order; count the others. */
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

/* A hidden function below an unexplored bridge would be in no group. */
static void find_outsider(struct acs_guard_visitor *visitor,
			  struct acs_node peer)
{
	struct outsiders *outsiders =
		container_of(visitor, struct outsiders, visitor);

	if (acs_node_is_unexplored(peer) ||
	    acs_node_group(peer) != outsiders->group)
		outsiders->found = true;
}

/**
 * acs_guard_stays_in_group() - are all peers of a function in its IOMMU group?
 * @node: the function
 * @reader: what reads the functions
 *
 * VFIO gives a group to one owner.
 *
 * Return: false if a peer is not in the group, or may be plugged in later;
 * false as well if @node has no group, or has one that VFIO created without an
 * IOMMU, or is not listed by the kernel.
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
