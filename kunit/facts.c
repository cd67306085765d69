// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the facts of a topology that is only described
 *
 * Function by function this is module/topology.c, with indices in the place of
 * pointers.  Keep it so: it is the walk that is copied here, no rule.
 */
#include "facts.h"

#define NOTHING (-1)

/* As in topology.c. */
#define MAX_NESTING 8

static const struct topo_fn *fn_of(const struct facts *facts, int i)
{
	return &facts->topo->fn[i];
}

/**
 * facts_bdf() - an address for a function
 * @t: the topology
 * @i: the function
 *
 * Buses are numbered by their bridges, in pairs: a virtual function may be on
 * the bus after its PF's.
 *
 * Return: the address, which sorts on each bus as the real one does.
 */
u64 facts_bdf(const struct topo *t, unsigned int i)
{
	const struct topo_fn *fn = &t->fn[i];

	return ACS_GUARD_BDF(0, 2 * (fn->parent + 1) + fn->bus_off, fn->devfn);
}

/**
 * facts_find() - the function that has an address
 * @t: the topology
 * @bdf: the address
 *
 * Return: the function, or negative.
 */
int facts_find(const struct topo *t, u64 bdf)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (facts_bdf(t, i) == bdf)
			return i;
	return NOTHING;
}

static bool is_virtual(const struct facts *facts, int i)
{
	return fn_of(facts, i)->flags & TOPO_VF;
}

static int physfn(const struct facts *facts, int i)
{
	return is_virtual(facts, i) ? fn_of(facts, i)->vf_of : i;
}

/* The bridge above; what is behind a VMD endpoint is a domain of its own. */
static int upstream_bridge(const struct facts *facts, int i)
{
	const int up = fn_of(facts, i)->parent;

	if (up == TOPO_ROOT_BUS || fn_of(facts, up)->flags & TOPO_VMD)
		return NOTHING;
	return up;
}

static bool is_pcie(const struct topo_fn *fn)
{
	return fn->kind != TOPO_CONV && fn->kind != TOPO_CONV_BRIDGE;
}

static u8 function_type(const struct topo_fn *fn)
{
	if (!is_pcie(fn))
		return ACS_GUARD_TYPE_CONVENTIONAL;
	if (fn->kind == TOPO_UNKNOWN || fn->kind == TOPO_UNKNOWN_BRIDGE)
		return 0xb;
	return fn->kind;
}

static bool is_type(const struct facts *facts, int i, u8 type)
{
	return i != NOTHING && function_type(fn_of(facts, i)) == type;
}

static bool is_port(const struct facts *facts, int i)
{
	return is_type(facts, i, PCI_EXP_TYPE_ROOT_PORT) ||
	       is_type(facts, i, PCI_EXP_TYPE_DOWNSTREAM);
}

static bool is_conventional(const struct facts *facts, int bridge)
{
	return is_type(facts, bridge, ACS_GUARD_TYPE_CONVENTIONAL) ||
	       is_type(facts, bridge, PCI_EXP_TYPE_PCI_BRIDGE) ||
	       is_type(facts, bridge, PCI_EXP_TYPE_PCIE_BRIDGE);
}

static bool is_pcie_through(const struct topo_fn *bridge)
{
	return topo_is_port(bridge) || bridge->kind == TOPO_UPSTREAM ||
	       bridge->flags & TOPO_VMD;
}

/**
 * facts_is_cut() - is the extended configuration space of a function cut off?
 * @t: the topology
 * @i: the function
 */
bool facts_is_cut(const struct topo *t, unsigned int i)
{
	int up;

	if (!is_pcie(&t->fn[i]))
		return false;
	for (up = t->fn[i].parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (!is_pcie_through(&t->fn[up]))
			return true;
	return false;
}

/* What is hidden has no struct pci_dev that could be marked as disconnected. */
static bool is_offline(const struct facts *facts, const struct topo_fn *fn)
{
	return facts->loss == FACTS_OFFLINE &&
	       (fn->flags & (TOPO_UNREADABLE | TOPO_HIDDEN)) == TOPO_UNREADABLE;
}

/**
 * facts_is_unreadable() - is it unknown what controls the packets of a function?
 * @facts: where the facts come from
 * @i: the function
 */
bool facts_is_unreadable(const struct facts *facts, unsigned int i)
{
	const struct topo_fn *fn = fn_of(facts, i);

	if (facts->cut && facts_is_cut(facts->topo, i))
		return true;
	return is_offline(facts, fn) ||
	       (fn->flags & TOPO_UNREADABLE && fn->flags & TOPO_ACS);
}

static void read_acs(const struct facts *facts, int i,
		     struct acs_guard_function *to)
{
	const struct topo_fn *fn = fn_of(facts, i);

	if (!to->readable || !is_pcie(fn))
		return;

	if (facts->cut && facts_is_cut(facts->topo, i)) {
		to->readable = false;
		return;
	}

	to->acs = fn->flags & TOPO_ACS;
	if (!to->acs)
		return;
	to->cap = fn->cap;
	to->ctrl = fn->ctrl;
	to->readable = !(fn->flags & TOPO_UNREADABLE);
}

static struct acs_guard_function function_of(const struct facts *facts, int i,
					     bool registers)
{
	const struct topo_fn *fn = fn_of(facts, i);
	struct acs_guard_function to = {
		.bdf = facts_bdf(facts->topo, i),
		.vendor = fn->flags & TOPO_INTEL ? 0x8086 : 0,
		.type = function_type(fn),
		.readable = !is_offline(facts, fn),
	};

	if (registers)
		read_acs(facts, i, &to);
	return to;
}

static bool may_have_ats(const struct facts *facts, int i)
{
	const struct topo_fn *fn = fn_of(facts, i);

	return is_pcie(fn) && (is_offline(facts, fn) || fn->flags & TOPO_ATS);
}

static bool may_use_cxl_cache(const struct facts *facts, int i)
{
	const struct topo_fn *fn = fn_of(facts, i);

	return is_pcie(fn) &&
	       (is_offline(facts, fn) || fn->flags & TOPO_CXL_CACHE);
}

static bool has_memory(const struct facts *facts, int bridge)
{
	return fn_of(facts, bridge)->flags & TOPO_BAR;
}

static bool is_dummy(const struct facts *facts, int i)
{
	return topo_is_inert(fn_of(facts, i));
}

/* The VMD endpoint that a function hides behind. */
static int domain_owner(const struct facts *facts, int i)
{
	for (; i != TOPO_ROOT_BUS; i = fn_of(facts, i)->parent)
		if (fn_of(facts, i)->parent != TOPO_ROOT_BUS &&
		    fn_of(facts, fn_of(facts, i)->parent)->flags & TOPO_VMD)
			return fn_of(facts, i)->parent;
	return NOTHING;
}

static bool names(const struct topo_fn *a, const struct topo_fn *b)
{
	return a->flags & TOPO_ALIAS && a->alias == b->devfn;
}

static bool shares_id(const struct facts *facts, int i, int j)
{
	const struct topo_fn *a = fn_of(facts, i), *b = fn_of(facts, j);

	if (!topo_same_bus(a, b))
		return false;
	if (names(a, b) || names(b, a))
		return true;
	return a->flags & b->flags & TOPO_ALIAS && a->alias == b->alias;
}

static int topmost_conventional(const struct facts *facts, int i)
{
	int bridge, topmost = NOTHING;

	for (bridge = upstream_bridge(facts, i); bridge != NOTHING;
	     bridge = upstream_bridge(facts, bridge))
		if (is_conventional(facts, bridge))
			topmost = bridge;
	return topmost;
}

static int front(const struct facts *facts, int i)
{
	const int owner = domain_owner(facts, i);
	const int topmost = topmost_conventional(facts, i);

	if (owner != NOTHING)
		return owner;
	if (topmost == NOTHING ||
	    is_type(facts, topmost, PCI_EXP_TYPE_PCI_BRIDGE))
		return i;
	return topmost;
}

static int next_above(const struct facts *facts, int i)
{
	const int above = upstream_bridge(facts, i);

	return above != NOTHING ? above : domain_owner(facts, i);
}

/* How many bridges are above @i and below @bridge; negative if not below it. */
static int nesting(const struct facts *facts, int i, int bridge)
{
	int depth = 0;

	for (i = fn_of(facts, i)->parent; i != bridge;
	     i = fn_of(facts, i)->parent) {
		if (i == TOPO_ROOT_BUS)
			return -1;
		depth++;
	}
	return depth;
}

static bool is_hidden(const struct facts *facts, int i)
{
	return fn_of(facts, i)->flags & TOPO_HIDDEN;
}

/* A hidden bridge is no company; what is known below it is. */
static bool is_company(const struct facts *facts, int bridge, int i)
{
	const int depth = nesting(facts, i, bridge);

	if (depth < 0)
		return false;
	if (!topo_is_bridge(fn_of(facts, i)))
		return true;
	return depth == MAX_NESTING && !is_hidden(facts, i);
}

static bool is_crowded(const struct facts *facts, int bridge, int device,
		       bool *hidden)
{
	bool crowded = false;
	int i;

	for (i = 0; i < facts->topo->nr; i++) {
		if (i == device || !is_company(facts, bridge, i))
			continue;
		crowded = true;
		*hidden |= is_hidden(facts, i);
	}
	return crowded;
}

/* struct walk of topology.c */
struct walk {
	const struct facts *facts;
	int device;
	int node;
	int above;
	int segment;
	int front;
	unsigned int place;
	unsigned int mates;
	unsigned int vfs;
	bool sibling_memory;
	bool ats;
	const struct acs_guard_policy *policy;
	struct acs_guard_verdict *verdict;
};

static void step(struct walk *walk, int i, bool registers,
		 struct acs_guard_hop *hop)
{
	hop->fn = function_of(walk->facts, i, registers);
	hop->place = walk->place;
	hop->hidden |= is_hidden(walk->facts, i);
	if (walk->facts->blind && walk->facts->blind(hop))
		return;
	acs_guard_verdict_step(walk->verdict, walk->policy, hop);
}

static bool same_slot(const struct facts *facts, int i, int j)
{
	return TOPO_DEV(fn_of(facts, i)->devfn) ==
	       TOPO_DEV(fn_of(facts, j)->devfn);
}

static bool same_device(const struct facts *facts, int node, int above, int i)
{
	return is_port(facts, above) || same_slot(facts, node, i);
}

static bool has_acs(const struct facts *facts, int i)
{
	const struct topo_fn *fn = fn_of(facts, i);

	return is_pcie(fn) && fn->flags & TOPO_ACS;
}

static int speaker(const struct facts *facts, int i)
{
	const int pf = physfn(facts, i);

	return has_acs(facts, i) || !has_acs(facts, pf) ? i : pf;
}

static bool is_virtual_walk(const struct walk *walk)
{
	return is_virtual(walk->facts, walk->device) && !walk->place;
}

static void step_mate(struct walk *walk, int i)
{
	const bool virtual = is_virtual(walk->facts, i);
	struct acs_guard_hop hop = {
		.role = walk->place ? ACS_GUARD_BRIDGE_MATE :
				      ACS_GUARD_DEVICE_MATE,
		.only_virtual = virtual || is_virtual_walk(walk),
	};

	if (virtual)
		walk->vfs++;
	else
		walk->mates++;
	if (speaker(walk->facts, i) == i)
		step(walk, i, true, &hop);
}

static void step_sibling(struct walk *walk, int i)
{
	struct acs_guard_hop hop = {
		.role = ACS_GUARD_SIBLING,
		.shared = same_slot(walk->facts, walk->node, i),
		.internal = true,
	};

	step(walk, i, true, &hop);
}

/* R5, R6: beside a bridge of the path nothing comes from such a port. */
static bool is_passed_over(const struct walk *walk, int i)
{
	return walk->place && topo_is_unused(walk->facts->topo, i);
}

static void step_alias(struct walk *walk, int i)
{
	struct acs_guard_hop hop = { .role = ACS_GUARD_SHARED_ID };

	step(walk, i, false, &hop);
}

static void visit_internal(struct walk *walk, int i)
{
	const bool port = is_type(walk->facts, i, PCI_EXP_TYPE_DOWNSTREAM);

	if (is_virtual(walk->facts, i))
		return;
	if (walk->policy->strict && port && has_memory(walk->facts, i))
		walk->sibling_memory = true;
	if (port && is_passed_over(walk, i))
		return;
	walk->mates += same_slot(walk->facts, walk->node, i);
	step_sibling(walk, i);
}

static void visit_bus(struct walk *walk, int i)
{
	const struct facts *facts = walk->facts;

	if (same_device(facts, walk->node, walk->above, physfn(facts, i)) &&
	    !is_dummy(facts, i) && !is_passed_over(walk, i))
		step_mate(walk, i);
}

static bool bears_id_of(const struct walk *walk, int i)
{
	const struct facts *facts = walk->facts;

	if (is_dummy(facts, i))
		return false;
	if (!walk->place)
		return shares_id(facts, walk->device, i);
	return walk->node == walk->front && shares_id(facts, walk->node, i);
}

static void visit_neighbour(struct walk *walk, int i)
{
	const struct facts *facts = walk->facts;

	if (i == walk->node || i == walk->device)
		return;
	if (bears_id_of(walk, i))
		step_alias(walk, i);

	if (is_type(facts, walk->above, PCI_EXP_TYPE_UPSTREAM))
		visit_internal(walk, i);
	else if (!is_conventional(facts, walk->above))
		visit_bus(walk, i);
}

static void visit_neighbours(struct walk *walk)
{
	const struct topo *t = walk->facts->topo;
	const int parent = t->fn[walk->node].parent;
	int i;

	for (i = 0; i < t->nr; i++)
		if (t->fn[i].parent == parent)
			visit_neighbour(walk, i);
}

static void add_strict_facts(struct walk *walk, struct acs_guard_hop *hop)
{
	const struct facts *facts = walk->facts;

	if (!walk->policy->strict)
		return;
	if (!walk->place) {
		walk->ats = may_have_ats(facts, walk->device) ||
			    may_have_ats(facts, walk->node);
		hop->cxl_cache = may_use_cxl_cache(facts, walk->node);
		return;
	}
	if (!is_port(facts, walk->node))
		return;

	hop->ats = walk->ats;
	hop->sibling_memory = walk->sibling_memory;
	hop->upstream_memory =
		is_type(facts, walk->above, PCI_EXP_TYPE_UPSTREAM) &&
		has_memory(facts, walk->above);
}

static void step_node(struct walk *walk)
{
	const struct facts *facts = walk->facts;
	struct acs_guard_hop hop = {
		.role = walk->place ? ACS_GUARD_BRIDGE : ACS_GUARD_DEVICE,
		.shared = walk->mates || walk->vfs,
		.only_virtual = !walk->mates,
		.internal = is_type(facts, walk->above, PCI_EXP_TYPE_UPSTREAM),
		.no_iommu = !walk->place && facts->no_iommu,
	};
	const bool registers = hop.shared ||
			       (walk->place && is_port(facts, walk->node));

	hop.crowded = walk->node == walk->segment &&
		      is_crowded(facts, walk->node, walk->device, &hop.hidden);
	add_strict_facts(walk, &hop);
	step(walk, walk->node, registers, &hop);
}

static void step_virtual(struct walk *walk)
{
	const struct facts *facts = walk->facts;
	const bool speaks = speaker(facts, walk->device) == walk->device;
	struct acs_guard_hop vf = {
		.role = ACS_GUARD_DEVICE,
		.shared = speaks,
		.only_virtual = true,
		.no_iommu = facts->no_iommu,
	};
	struct acs_guard_hop pf = {
		.role = ACS_GUARD_DEVICE_MATE,
		.only_virtual = true,
		.internal = is_type(facts, walk->above, PCI_EXP_TYPE_UPSTREAM),
	};

	if (shares_id(facts, walk->device, walk->node))
		step_alias(walk, walk->node);
	add_strict_facts(walk, &pf);
	step(walk, walk->device, speaks, &vf);
	step(walk, walk->node, true, &pf);
}

static void visit_place(struct walk *walk)
{
	walk->mates = 0;
	walk->vfs = 0;
	walk->sibling_memory = false;
	walk->above = upstream_bridge(walk->facts, walk->node);
	visit_neighbours(walk);

	if (is_virtual_walk(walk))
		step_virtual(walk);
	else
		step_node(walk);
}

static void step_domain(struct walk *walk)
{
	const struct topo *t = walk->facts->topo;
	int i;

	if (!(t->fn[walk->device].flags & TOPO_VMD))
		return;
	for (i = 0; i < t->nr; i++)
		if (t->fn[i].parent == walk->device &&
		    !is_virtual(walk->facts, i))
			step_alias(walk, i);
}

static bool is_member(const struct facts *facts, int i)
{
	return fn_of(facts, i)->group && !topo_is_bridge(fn_of(facts, i)) &&
	       !is_dummy(facts, i);
}

static bool share_group(const struct facts *facts, int i, int j)
{
	return is_member(facts, i) && is_member(facts, j) &&
	       fn_of(facts, i)->group == fn_of(facts, j)->group;
}

/* R13 */
static void step_group(struct walk *walk)
{
	const struct facts *facts = walk->facts;
	int i;

	walk->place = ACS_GUARD_LAST_PLACE;
	for (i = 0; i < facts->topo->nr; i++) {
		struct acs_guard_hop hop = { .role = ACS_GUARD_GROUP_MEMBER };

		if (i != walk->device && share_group(facts, walk->device, i))
			step(walk, i, false, &hop);
	}
}

/**
 * facts_examine() - judge a function, as acs_guard_examine() would
 * @facts: where the facts come from
 * @i: the function
 * @policy: how much is demanded
 * @verdict: the answer; its blocker is an address of facts_bdf()
 */
void facts_examine(const struct facts *facts, unsigned int i,
		   const struct acs_guard_policy *policy,
		   struct acs_guard_verdict *verdict)
{
	struct walk walk = {
		.facts = facts,
		.device = i,
		.node = physfn(facts, i),
		.segment = topmost_conventional(facts, i),
		.front = front(facts, i),
		.policy = policy,
		.verdict = verdict,
	};
	int owner;

	acs_guard_verdict_begin(verdict, facts_bdf(facts->topo, i));
	for (;;) {
		visit_place(&walk);
		if (walk.above == NOTHING)
			break;
		walk.place++;
		walk.node = walk.above;
	}
	walk.place = 0;
	owner = domain_owner(facts, i);
	if (owner != NOTHING)
		step_alias(&walk, owner);
	step_domain(&walk);
	step_group(&walk);
	acs_guard_verdict_end(verdict);
}

static unsigned int depth_of(const struct facts *facts, int i)
{
	unsigned int depth = 0;

	while ((i = next_above(facts, i)) != NOTHING)
		depth++;
	return depth;
}

static int climb(const struct facts *facts, int i, unsigned int levels)
{
	while (levels--)
		i = next_above(facts, i);
	return i;
}

static bool share_identity(const struct facts *facts, int i, int j)
{
	const int segment = topmost_conventional(facts, i);
	const int owner_i = domain_owner(facts, i);
	const int owner_j = domain_owner(facts, j);

	if (segment != NOTHING && segment == topmost_conventional(facts, j))
		return true;
	if (owner_i != NOTHING && (owner_i == j || owner_i == owner_j))
		return true;
	return owner_j == i || shares_id(facts, i, j) ||
	       shares_id(facts, front(facts, i), front(facts, j));
}

static enum acs_guard_ground ground_of(const struct facts *facts, int i, int j)
{
	const int above = upstream_bridge(facts, i);

	if (is_type(facts, above, PCI_EXP_TYPE_UPSTREAM))
		return ACS_GUARD_SWITCH;
	if (above != NOTHING && !is_port(facts, above))
		return ACS_GUARD_SEGMENT;
	return same_device(facts, i, above, j) ? ACS_GUARD_ONE_DEVICE :
						 ACS_GUARD_APART;
}

static bool is_sent_back(const struct facts *facts, int i)
{
	struct acs_guard_function port;

	while ((i = next_above(facts, i)) != NOTHING) {
		if (!is_port(facts, i))
			continue;
		port = function_of(facts, i, true);
		if (acs_guard_sends_back(&port))
			return true;
	}
	return false;
}

static bool is_of_device(const struct facts *facts, int node, int i)
{
	return fn_of(facts, i)->parent == fn_of(facts, node)->parent &&
	       same_device(facts, node, upstream_bridge(facts, node),
			   physfn(facts, i));
}

static bool device_admits(const struct facts *facts, int node)
{
	struct acs_guard_function fn;
	int i;

	for (i = 0; i < facts->topo->nr; i++) {
		if (!is_of_device(facts, node, i))
			continue;
		fn = function_of(facts, i, true);
		if (acs_guard_admits(&fn))
			return true;
	}
	return false;
}

static bool is_blocked(const struct facts *facts, int i, int node)
{
	struct acs_guard_function port;

	for (i = physfn(facts, i); i != node; i = next_above(facts, i)) {
		if (!is_port(facts, i))
			continue;
		port = function_of(facts, i, true);
		if (acs_guard_blocks(&port))
			return true;
	}
	return false;
}

static bool stands_virtual(const struct facts *facts, int i, int node)
{
	return is_virtual(facts, i) && node == physfn(facts, i);
}

static int standing(const struct facts *facts, int i, int node)
{
	return node == physfn(facts, i) ? speaker(facts, i) : node;
}

static void meet_at(const struct facts *facts, int i, int a, int j, int b,
		    struct acs_guard_meeting *meeting)
{
	meeting->mine = function_of(facts, standing(facts, i, a), true);
	meeting->theirs = function_of(facts, standing(facts, j, b), true);
	meeting->mine_blocked = is_blocked(facts, i, a);
	meeting->theirs_blocked = is_blocked(facts, j, b);
	meeting->only_virtual = stands_virtual(facts, i, a) ||
				stands_virtual(facts, j, b);
	meeting->admits = meeting->only_virtual && device_admits(facts, a);
	meeting->sent_back = is_sent_back(facts, a);
}

/**
 * facts_meet() - where two paths meet, as acs_guard_meet() would find
 * @facts: where the facts come from
 * @i: one function
 * @j: another function
 * @meeting: the answer
 */
void facts_meet(const struct facts *facts, unsigned int i, unsigned int j,
		struct acs_guard_meeting *meeting)
{
	int a = physfn(facts, i), b = physfn(facts, j);
	const unsigned int depth_a = depth_of(facts, a);
	const unsigned int depth_b = depth_of(facts, b);

	meeting->ground = ACS_GUARD_SEGMENT;
	if (share_identity(facts, i, j))
		return;

	a = climb(facts, a, depth_a - min(depth_a, depth_b));
	b = climb(facts, b, depth_b - min(depth_a, depth_b));
	while (a != NOTHING && b != NOTHING &&
	       fn_of(facts, a)->parent != fn_of(facts, b)->parent) {
		a = next_above(facts, a);
		b = next_above(facts, b);
	}

	meeting->ground = ACS_GUARD_APART;
	if (a == NOTHING || b == NOTHING ||
	    (a == b && (a != physfn(facts, i) || b != physfn(facts, j))))
		return;

	meeting->ground = ground_of(facts, a, b);
	if (meeting->ground != ACS_GUARD_APART)
		meet_at(facts, i, a, j, b, meeting);
}

/**
 * facts_peers() - who is exposed, as acs_guard_visit_peers() would find
 * @facts: where the facts come from
 * @i: the function
 * @verdict: what was found about it
 *
 * Return: the peers, as a mask of BIT_ULL(index).
 */
u64 facts_peers(const struct facts *facts, unsigned int i,
		const struct acs_guard_verdict *verdict)
{
	struct acs_guard_meeting meeting;
	u64 peers = 0;
	unsigned int j;

	if (verdict->reason == ACS_GUARD_ISOLATED)
		return 0;
	for (j = 0; j < facts->topo->nr; j++) {
		if (j == i || topo_is_bridge(fn_of(facts, j)) ||
		    is_dummy(facts, j))
			continue;
		facts_meet(facts, i, j, &meeting);
		if (acs_guard_exposed(&meeting) || share_group(facts, i, j))
			peers |= BIT_ULL(j);
	}
	return peers;
}

static bool has_exposed_slot(const struct facts *facts, int i)
{
	struct acs_guard_meeting meeting;
	int j;

	for (j = 0; j < facts->topo->nr; j++) {
		if (!(fn_of(facts, j)->flags & TOPO_SLOT))
			continue;
		facts_meet(facts, i, j, &meeting);
		if (acs_guard_exposed(&meeting))
			return true;
	}
	return false;
}

/**
 * facts_in_group() - is it exposed to its own group only, as
 *	acs_guard_in_group() would find
 * @facts: where the facts come from
 * @i: the function
 * @peers: what facts_peers() found
 */
bool facts_in_group(const struct facts *facts, unsigned int i, u64 peers)
{
	const u16 group = fn_of(facts, i)->group;

	if (!group || facts->no_iommu || has_exposed_slot(facts, i))
		return false;
	for (; peers; peers &= peers - 1)
		if (fn_of(facts, __ffs64(peers))->group != group)
			return false;
	return true;
}
