// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: which functions affect the verdict about a device
 *
 * One walk from the device up to the root complex.  At each level the walk
 * finds the bridge (at level 0 the device) and the other functions on the bus
 * that affect the verdict, and passes the facts of each to the rules.  It
 * allocates nothing.
 */
#include "engine.h"
#include "node.h"
#include "path.h"

/**
 * struct walk - one walk from a device up to the root complex
 * @device: F
 * @node: the element of the path at @level; at level 0 F, or the PF of F
 * @above: the bridge above @node, or none
 * @internal: @node is on a switch-internal bus
 * @conventional: @node is on a conventional bus
 * @link: @node is on a link, which leads to one device
 * @source: the requester-ID source whose ID no other function on the bus of
 *	@node may have, or none
 * @real_dma: the real DMA device of F's domain, or none
 * @segment: the topmost conventional bridge of the path, or none
 * @requester: the function whose requester ID the DMA of F has
 * @level: how many bridges are below @node on the path
 * @siblings: how many other functions the device of @node has, without virtual
 *	functions
 * @vfs: how many virtual functions it has, without F
 * @peer_memory: a peer port of @node has memory of its own
 * @ats: @device, or its PF, has an ATS capability
 * @translated: an IOMMU translates the DMA of @device
 * @policy: which rules apply; facts for S1 to S3 are read only for these
 * @reader: what reads the functions
 * @verdict: receives the facts
 */
struct walk {
	struct acs_node device;
	struct acs_node node;
	struct acs_node above;
	bool internal;
	bool conventional;
	bool link;
	struct acs_node source;
	struct acs_node real_dma;
	struct acs_node segment;
	struct acs_node requester;
	unsigned int level;
	unsigned int siblings;
	unsigned int vfs;
	bool peer_memory;
	bool ats;
	bool translated;
	const struct acs_guard_policy *policy;
	struct acs_guard_reader *reader;
	struct acs_guard_verdict *verdict;
};

/* Pass one function to the rules. */
static void add(struct walk *walk, struct acs_node node, bool registers,
		struct acs_guard_element *element)
{
	acs_guard_read_function(node, walk->reader, registers, &element->fn);
	element->level = walk->level;
	element->hidden |= !acs_node_is_listed(node);
	acs_guard_verdict_step(walk->verdict, walk->policy, element);
}

/*
 * R5 and R6 do not apply to a port that implements no slot (7.5.3.2) and has no
 * function below it: it issues nothing, and nothing can be plugged in.  A
 * function with the type of a port that is no bridge may issue something.
 */
static bool is_unused_port(struct acs_node node)
{
	return acs_guard_is_port(node) && acs_node_is_bridge(node) &&
	       !acs_node_has_slot(node) && !acs_node_is_used(node);
}

static bool is_virtual_level(const struct walk *walk)
{
	return !walk->level && acs_node_is_virtual(walk->device);
}

/*
 * S3: the CXL registers of function 0 hold for each function of its device (CXL
 * 3.0, 8.1.3).  With ARI, functions 8, 16, ... are read, too; they have none.
 */
static bool shares_cxl_cache(const struct walk *walk, struct acs_node sibling)
{
	return walk->policy->strict && !walk->level &&
	       !(acs_node_devfn(sibling) & 7) &&
	       acs_guard_translation_of(sibling, walk->reader) &
		       ACS_GUARD_CXL_CACHE;
}

/* A sibling function of the device of the walk's node. */
static void add_sibling(struct walk *walk, struct acs_node node)
{
	struct acs_guard_element element = {
		.role = walk->level ? ACS_GUARD_BRIDGE_SIBLING :
				      ACS_GUARD_DEVICE_SIBLING,
		.only_virtual = acs_node_is_virtual(node) ||
				is_virtual_level(walk),
		.cxl_cache = shares_cxl_cache(walk, node),
	};

	add(walk, node, true, &element);
}

/* The rules judge the PF in place of a virtual function without ACS. */
static void count_sibling(struct walk *walk, struct acs_node node)
{
	if (walk->level && is_unused_port(node))
		return;
	if (acs_node_is_virtual(node))
		walk->vfs++;
	else
		walk->siblings++;
	if (acs_node_is_same(acs_guard_acs_owner(node), node))
		add_sibling(walk, node);
}

/* A function on the same switch-internal bus as the walk's node. */
static void add_peer_port(struct walk *walk, struct acs_node node)
{
	const bool is_dsp = acs_guard_is_type(node, PCI_EXP_TYPE_DOWNSTREAM);
	struct acs_guard_element element = {
		.role = ACS_GUARD_PEER_PORT,
		.shared = acs_guard_same_slot(walk->node, node),
		.internal = true,
	};

	if (walk->policy->strict && is_dsp && acs_node_has_memory(node))
		walk->peer_memory = true;
	if (walk->level && is_dsp && is_unused_port(node))
		return;
	walk->siblings += element.shared;
	add(walk, node, true, &element);
}

static void add_alias(struct walk *walk, struct acs_node node)
{
	struct acs_guard_element element = { .role = ACS_GUARD_SHARED_ID };

	add(walk, node, false, &element);
}

/*
 * Does @node, on the bus of the walk's node or below the same bridge, affect
 * the verdict?  A virtual function may be on another bus number; its traffic
 * appears on the bus of its PF.  A conventional segment is judged as a whole,
 * see add_segment_facts().
 */
static bool affects_level(const struct walk *walk, struct acs_node node)
{
	const struct acs_node pf = acs_node_physfn(node);

	if (walk->conventional || !acs_node_same_bus(pf, walk->node))
		return false;
	return walk->internal || walk->link ||
	       acs_guard_same_slot(walk->node, pf);
}

/* In their own stack frames, since most functions do not affect the verdict. */
static noinline_for_stack void add_from_bus(struct walk *walk,
					    struct acs_node node)
{
	/* On a switch-internal bus virtual functions go with their PF. */
	if (walk->internal && !acs_node_is_virtual(node))
		add_peer_port(walk, node);
	else if (!walk->internal && !acs_guard_is_dummy(node, walk->reader))
		count_sibling(walk, node);
}

static noinline_for_stack void add_alias_from_bus(struct walk *walk,
						  struct acs_node node)
{
	if (!acs_guard_is_dummy(node, walk->reader))
		add_alias(walk, node);
}

static int visit_on_bus(struct acs_node node, void *data)
{
	struct walk *walk = data;

	if (acs_node_is_same(node, walk->node) ||
	    acs_node_is_same(node, walk->device))
		return 0;
	if (acs_node_exists(walk->source) &&
	    acs_node_shares_id(walk->source, node))
		add_alias_from_bus(walk, node);
	if (affects_level(walk, node))
		add_from_bus(walk, node);
	return 0;
}

/*
 * R12: at level 0 the requester-ID source is F, and at the level of the
 * requester, which replaces F's ID, the requester.
 */
static struct acs_node source_at(const struct walk *walk)
{
	if (!walk->level)
		return walk->device;
	return acs_node_is_same(walk->node, walk->requester) ? walk->requester :
							       acs_node_none();
}

/* Is it known that no other function on the bus affects the verdict? */
static bool is_alone(const struct walk *walk)
{
	if (acs_node_exists(walk->source) || walk->internal || walk->link)
		return false;
	return walk->conventional || acs_node_is_single(walk->node);
}

static void enter_level(struct walk *walk)
{
	const struct acs_node above = acs_node_bridge(walk->node);
	const bool internal = acs_guard_is_type(above, PCI_EXP_TYPE_UPSTREAM);
	const bool conventional = acs_guard_is_conventional(above);
	const bool link = acs_guard_is_port(above);

	walk->siblings = 0;
	walk->vfs = 0;
	walk->peer_memory = false;
	walk->above = above;
	walk->internal = internal;
	walk->conventional = conventional;
	walk->link = link;
	walk->source = source_at(walk);
	if (!is_alone(walk))
		acs_node_visit_bus(walk->node, walk->reader, visit_on_bus,
				   walk);
}

/* The facts that only S1 to S3 need. */
static void add_strict_facts(struct walk *walk,
			     struct acs_guard_element *element)
{
	unsigned int found;

	if (!walk->policy->strict)
		return;
	if (!walk->level) {
		found = acs_guard_translation_of(walk->node, walk->reader);
		element->cxl_cache = found & ACS_GUARD_CXL_CACHE;
		if (acs_node_is_virtual(walk->device))
			found |= acs_guard_translation_of(walk->device,
							  walk->reader);
		walk->ats = found & ACS_GUARD_ATS;
		return;
	}
	if (!acs_guard_is_port(walk->node))
		return;

	element->ats = walk->ats;
	element->sibling_memory = walk->peer_memory;
	element->upstream_memory = walk->internal &&
				   acs_node_has_memory(walk->above);
}

/* R1: is F alone below the topmost conventional bridge above it? */
static void add_segment_facts(struct walk *walk,
			      struct acs_guard_element *element)
{
	struct acs_guard_segment segment;

	if (!acs_node_is_same(walk->node, walk->segment))
		return;
	segment = acs_guard_search_segment(walk->node, walk->device,
					   walk->reader);
	element->shared_segment = segment.listed || segment.hidden;
	element->hidden = segment.hidden;
}

static void add_element(struct walk *walk)
{
	struct acs_guard_element element = {
		.role = walk->level ? ACS_GUARD_BRIDGE : ACS_GUARD_DEVICE,
		.shared = walk->siblings || walk->vfs,
		.only_virtual = !walk->siblings,
		.internal = walk->internal,
		.no_iommu = !walk->level && !walk->translated,
	};
	const bool registers = element.shared ||
			       (walk->level && acs_guard_is_port(walk->node));

	add_segment_facts(walk, &element);
	add_strict_facts(walk, &element);
	add(walk, walk->node, registers, &element);
}

/* If F is a virtual function, its PF at the same level affects the verdict. */
static void add_virtual(struct walk *walk)
{
	const bool has_acs = acs_node_is_same(acs_guard_acs_owner(walk->device),
					      walk->device);
	struct acs_guard_element vf = {
		.role = ACS_GUARD_DEVICE,
		.shared = has_acs,
		.only_virtual = true,
		.no_iommu = !walk->translated,
	};
	struct acs_guard_element pf = {
		.role = ACS_GUARD_DEVICE_SIBLING,
		.only_virtual = true,
		.internal = walk->internal,
	};

	if (acs_node_shares_id(walk->device, walk->node))
		add_alias(walk, walk->node);
	add_strict_facts(walk, &pf);
	add(walk, walk->device, has_acs, &vf);
	add(walk, walk->node, true, &pf);
}

/* The path above is not known: the verdict is never ended. */
static void abort_walk(struct walk *walk)
{
	struct acs_guard_element element = { .role = ACS_GUARD_PATH_UNKNOWN };

	add(walk, walk->node, false, &element);
}

static int add_vmd_child(struct acs_node node, void *data)
{
	if (!acs_node_is_virtual(node))
		add_alias(data, node);
	return 0;
}

static int add_group_member(struct acs_node node, void *data)
{
	struct walk *walk = data;
	struct acs_guard_element element = { .role = ACS_GUARD_GROUP_MEMBER };

	if (!acs_node_is_same(node, walk->device) &&
	    acs_guard_can_be_exposed(walk->device, walk->reader) &&
	    acs_guard_can_be_exposed(node, walk->reader))
		add(walk, node, false, &element);
	return 0;
}

/* R12: F is below a real DMA device, or is that of a domain. */
static void add_domain(struct walk *walk)
{
	walk->level = 0;
	if (acs_node_exists(walk->real_dma))
		add_alias(walk, walk->real_dma);
	if (!acs_node_is_bridge(walk->device))
		acs_node_visit_below(walk->device, walk->reader, add_vmd_child,
				     walk);
}

/* R13 */
static void add_group(struct walk *walk)
{
	walk->level = ACS_GUARD_LAST_LEVEL;
	acs_node_visit_group(walk->device, add_group_member, walk);
}

static void climb_to_root(struct walk *walk)
{
	for (;;) {
		enter_level(walk);
		if (is_virtual_level(walk))
			add_virtual(walk);
		else
			add_element(walk);
		if (!acs_node_exists(walk->above))
			break;
		if (++walk->level > ACS_GUARD_MAX_DEPTH)
			return abort_walk(walk);
		walk->node = walk->above;
	}
	if (!acs_node_is_on_root_bus(walk->node))
		return abort_walk(walk);

	add_domain(walk);
	add_group(walk);
	acs_guard_verdict_end(walk->verdict);
}

/**
 * acs_guard_judge_path() - judge a function by its current registers
 * @node: the function
 * @policy: which rules apply
 * @reader: what reads the functions
 * @verdict: the verdict
 *
 * Reads the ACS registers of the functions that affect the verdict: the ports
 * above @node, their peer ports, and the functions of multi-function devices;
 * with a strict policy also the extended capabilities of @node, of its PF and
 * of function 0 of its device.
 */
void acs_guard_judge_path(struct acs_node node,
			  const struct acs_guard_policy *policy,
			  struct acs_guard_reader *reader,
			  struct acs_guard_verdict *verdict)
{
	const struct acs_node segment = acs_guard_topmost_conventional(node);
	const struct acs_node real_dma = acs_node_real_dma(node);
	struct walk walk = {
		.device = node,
		.node = acs_node_physfn(node),
		.real_dma = real_dma,
		.segment = segment,
		.requester = acs_guard_requester(node, real_dma, segment),
		.translated = acs_node_has_iommu(node),
		.policy = policy,
		.reader = reader,
		.verdict = verdict,
	};

	acs_guard_verdict_begin(verdict, acs_node_bdf(node));
	climb_to_root(&walk);
}
