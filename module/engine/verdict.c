// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the rules
 *
 * Facts in, verdict out.  Nothing here reads a device, takes a lock, allocates
 * or looks at anything but its arguments; all of it may run in any context.
 * Each rule is one small function.  What no rule knows is refused.
 *
 * The rules rest on the PCI Express Base Specification, section 6.12 (Access
 * Control Services) and 7.7.11 (its registers).
 */
#include "engine.h"

#define PORT_FLAGS (PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF)
#define REDIRECT_FLAGS (PCI_ACS_RR | PCI_ACS_CR)

/* 7.7.11.2, 7.7.11.3: ACS Enhanced Capability, and two of its controls. */
#define ACS_ENHANCED BIT(7)
#define ACS_DSP_MEMORY GENMASK(9, 8)
#define ACS_USP_MEMORY GENMASK(11, 10)

/* Whoever implements one of these admits to peer-to-peer traffic (7.7.11). */
#define PEER_FLAGS (REDIRECT_FLAGS | PCI_ACS_EC | PCI_ACS_DT)

/* Values of those two: 0 lets requests pass, 3 is reserved. */
#define ACS_MEMORY_BLOCK 1
#define ACS_MEMORY_REDIRECT 2

/*
 * What fails first is named: the lowest place, there the lowest rank, there
 * the lowest address.  A rank is the rule's turn at its place.
 */
enum rank {
	RANK_NO_IOMMU,
	RANK_UNREADABLE,
	RANK_UNKNOWN_TYPE,
	RANK_ALIAS,
	RANK_CONVENTIONAL,
	RANK_MULTIFUNCTION_SELF, /* F is named before its slot-mates */
	RANK_MULTIFUNCTION,
	RANK_PORT_FLAGS,
	RANK_PORT_DIRECT,
	RANK_SIBLING_PORT,
	RANK_INTERNAL_FUNCTION,
	RANK_TRANSLATION,
	RANK_PORT_MEMORY,
	RANK_CXL_CACHE,
	RANK_IOMMU_GROUP,
	NUM_RANKS,
};

#define ORDER_NONE U32_MAX

struct finding {
	enum acs_guard_reason reason;
	enum rank rank;
	u16 missing;
};

static const struct finding no_finding = { .reason = ACS_GUARD_ISOLATED };

/* A Root Port or a Switch Downstream Port: what 6.12.1.1 is about. */
static bool is_port(const struct acs_guard_function *fn)
{
	return fn->type == PCI_EXP_TYPE_ROOT_PORT ||
	       fn->type == PCI_EXP_TYPE_DOWNSTREAM;
}

/* R11.  A Root Complex Event Collector is as foreign as a reserved type. */
static bool is_known(const struct acs_guard_function *fn)
{
	switch (fn->type) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_UPSTREAM:
	case PCI_EXP_TYPE_DOWNSTREAM:
	case PCI_EXP_TYPE_PCI_BRIDGE:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
	case PCI_EXP_TYPE_RC_END:
	case ACS_GUARD_TYPE_CONVENTIONAL:
		return true;
	default:
		return false;
	}
}

/*
 * R11 for what is above F: of a bridge that says it is an endpoint, or of a
 * Switch Downstream Port outside of a switch, nobody knows what it does.
 */
static bool is_known_here(const struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_PATH_UNKNOWN || !is_known(&element->fn))
		return false;
	if (element->role != ACS_GUARD_BRIDGE)
		return true;

	switch (element->fn.type) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
	case PCI_EXP_TYPE_RC_END:
		return false;
	case PCI_EXP_TYPE_DOWNSTREAM:
		return element->internal;
	default:
		return true;
	}
}

/* 6.12.1: a bridge to or from PCI never has ACS; one that says so, errs. */
static bool has_acs(const struct acs_guard_function *fn)
{
	switch (fn->type) {
	case PCI_EXP_TYPE_PCI_BRIDGE:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
	case ACS_GUARD_TYPE_CONVENTIONAL:
		return false;
	default:
		return fn->acs && is_known(fn);
	}
}

/*
 * RR and CR that may not be left out: CR goes with RR, and who has EC or DT has
 * peer-to-peer traffic to redirect.  What else is not implemented is
 * hard-wired, or there is no such traffic.
 */
static u16 redirect_flags(const struct acs_guard_function *fn)
{
	if (fn->cap & (PCI_ACS_EC | PCI_ACS_DT) ||
	    fn->type == PCI_EXP_TYPE_DOWNSTREAM)
		return REDIRECT_FLAGS;
	if (fn->cap & PCI_ACS_RR)
		return REDIRECT_FLAGS;
	return fn->cap & PCI_ACS_CR;
}

/*
 * 6.12.1.1: SV is mandatory at every port, and a Switch Downstream Port
 * implements all four.  A Root Port without UF has nothing to forward.
 */
static u16 port_missing(const struct acs_guard_function *fn)
{
	u16 must;

	if (!has_acs(fn))
		return PORT_FLAGS;

	must = PCI_ACS_SV | redirect_flags(fn) | (fn->cap & PCI_ACS_UF);
	if (fn->type == PCI_EXP_TYPE_DOWNSTREAM)
		must |= PCI_ACS_UF;
	return must & ~(fn->cap & fn->ctrl);
}

/* 6.12.1.2: what a function of several has to have. */
static u16 function_missing(const struct acs_guard_function *fn)
{
	if (!has_acs(fn))
		return REDIRECT_FLAGS;
	return redirect_flags(fn) & ~(fn->cap & fn->ctrl);
}

/*
 * 7.7.11.3: with EC on, a clear bit of the egress control vector sends a
 * request straight to the peer, whatever RR says.
 */
static bool egress_direct(const struct acs_guard_function *fn)
{
	return has_acs(fn) && fn->ctrl & PCI_ACS_EC;
}

/* 6.12.3: with DT on, translated requests go straight, unless TB stops them. */
static bool direct_translated(const struct acs_guard_function *fn)
{
	return has_acs(fn) && fn->ctrl & PCI_ACS_DT &&
	       !(fn->cap & fn->ctrl & PCI_ACS_TB);
}

/* R2 and R3 as one question. */
static bool port_fails(const struct acs_guard_function *fn)
{
	return port_missing(fn) || egress_direct(fn) || direct_translated(fn);
}

/*
 * R4.  The VT-d specification, 3.16, obliges Intel's integrated endpoints to
 * send all their DMA to the remapping hardware.
 */
static bool function_fails(const struct acs_guard_function *fn)
{
	if (fn->type == PCI_EXP_TYPE_RC_END &&
	    fn->vendor == PCI_VENDOR_ID_INTEL)
		return false;
	if (function_missing(fn))
		return true;
	return fn->ctrl & (PCI_ACS_EC | PCI_ACS_DT);
}

/* R4 and R5: does @fn, one of several functions, let them reach each other? */
static bool sibling_fails(const struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_DEVICE ||
	    element->role == ACS_GUARD_DEVICE_SIBLING)
		return function_fails(&element->fn);
	return is_port(&element->fn) ? port_fails(&element->fn) :
				       function_fails(&element->fn);
}

/* R4, R5 and R8: is @element one of several functions of a device? */
static bool is_one_of_several(const struct acs_guard_element *element)
{
	switch (element->role) {
	case ACS_GUARD_DEVICE_SIBLING:
	case ACS_GUARD_BRIDGE_SIBLING:
		return true;
	case ACS_GUARD_BRIDGE:
		return element->shared && !is_port(&element->fn);
	default:
		return element->shared;
	}
}

/*
 * 7.7.11: a device with virtual functions has ACS if it has peer-to-peer
 * traffic inside, unless it is in a Root Complex.  A function without ACS is
 * trusted there, until another function of the device declares peer-to-peer
 * support.
 */
static bool fails_without_acs(const struct acs_guard_function *fn)
{
	return !has_acs(fn) && !is_port(fn) &&
	       fn->type != PCI_EXP_TYPE_RC_END && function_fails(fn);
}

static bool is_trusted(const struct acs_guard_element *element)
{
	return element->only_virtual && fails_without_acs(&element->fn);
}

static bool multifunction_fails(const struct acs_guard_element *element)
{
	return is_one_of_several(element) && !is_trusted(element) &&
	       sibling_fails(element);
}

/* F is named before other functions of its device. */
static enum rank multifunction_rank(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_DEVICE ? RANK_MULTIFUNCTION_SELF :
						   RANK_MULTIFUNCTION;
}

static struct finding multifunction(const struct acs_guard_element *element)
{
	return (struct finding){
		.reason = ACS_GUARD_MULTIFUNCTION,
		.rank = multifunction_rank(element),
		.missing = function_missing(&element->fn),
	};
}

/* No setting turns on a control that is not implemented. */
static enum acs_guard_reason port_reason(const struct acs_guard_function *fn,
					 u16 missing)
{
	if (!has_acs(fn))
		return ACS_GUARD_NO_ACS;
	return missing & ~fn->cap ? ACS_GUARD_ACS_INCOMPLETE :
				    ACS_GUARD_ACS_DISABLED;
}

/* R2 and R3 at a port above F. */
static struct finding judge_port(const struct acs_guard_function *fn)
{
	const u16 missing = port_missing(fn);

	if (missing)
		return (struct finding){
			.reason = port_reason(fn, missing),
			.rank = RANK_PORT_FLAGS,
			.missing = missing,
		};
	if (egress_direct(fn))
		return (struct finding){
			.reason = ACS_GUARD_EGRESS_DIRECT,
			.rank = RANK_PORT_DIRECT,
		};
	if (direct_translated(fn))
		return (struct finding){
			.reason = ACS_GUARD_DIRECT_TRANSLATED,
			.rank = RANK_PORT_DIRECT,
		};
	return no_finding;
}

/* R6 and R7: what stands on a switch-internal bus, beside the path or on it. */
static struct finding judge_internal(const struct acs_guard_element *element)
{
	const struct acs_guard_function *fn = &element->fn;

	if (fn->type != PCI_EXP_TYPE_DOWNSTREAM)
		return (struct finding){
			.reason = ACS_GUARD_INTERNAL_FUNCTION,
			.rank = RANK_INTERNAL_FUNCTION,
		};
	if (element->role == ACS_GUARD_PEER_PORT && port_fails(fn))
		return (struct finding){
			.reason = ACS_GUARD_SIBLING_PORT,
			.rank = RANK_SIBLING_PORT,
			.missing = port_missing(fn),
		};
	return no_finding;
}

/*
 * S1: a device that can ask for translations can claim to have one.  Only
 * Translation Blocking at the ports above it stops such a request (6.12.1.1).
 */
static bool trusts_translations(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_BRIDGE && is_port(&element->fn) &&
	       element->ats &&
	       !(element->fn.cap & element->fn.ctrl & PCI_ACS_TB);
}

static bool keeps_off(u16 control)
{
	return control == ACS_MEMORY_BLOCK || control == ACS_MEMORY_REDIRECT;
}

/* S2: Downstream Port and Upstream Port Memory Target Access Control. */
static bool lets_reach_ports(const struct acs_guard_element *element)
{
	const struct acs_guard_function *fn = &element->fn;
	const u16 ctrl = fn->cap & ACS_ENHANCED ? fn->ctrl : 0;

	if (element->upstream_memory &&
	    !keeps_off(FIELD_GET(ACS_USP_MEMORY, ctrl)))
		return true;
	return element->sibling_memory &&
	       !keeps_off(FIELD_GET(ACS_DSP_MEMORY, ctrl));
}

static struct finding judge_strictly(const struct acs_guard_element *element)
{
	if (trusts_translations(element))
		return (struct finding){ ACS_GUARD_TRANSLATION,
					 RANK_TRANSLATION };
	if (lets_reach_ports(element))
		return (struct finding){ ACS_GUARD_PORT_MEMORY,
					 RANK_PORT_MEMORY };
	/* S3: CXL.cache takes host addresses that no IOMMU has seen. */
	if (element->cxl_cache)
		return (struct finding){ ACS_GUARD_TRANSLATION,
					 RANK_CXL_CACHE };
	return no_finding;
}

/* The first rule that @element fails, in the order in which rules are asked. */
static struct finding judge(const struct acs_guard_policy *policy,
			    const struct acs_guard_element *element)
{
	const struct acs_guard_function *fn = &element->fn;
	struct finding found = no_finding;

	/* R14 and R13 depend on no register. */
	if (element->no_iommu)
		return (struct finding){ ACS_GUARD_NO_IOMMU, RANK_NO_IOMMU };
	if (element->role == ACS_GUARD_GROUP_MEMBER)
		return (struct finding){ ACS_GUARD_IOMMU_GROUP,
					 RANK_IOMMU_GROUP };
	if (!fn->readable)
		return (struct finding){ ACS_GUARD_UNREADABLE,
					 RANK_UNREADABLE };
	if (!is_known_here(element))
		return (struct finding){ ACS_GUARD_UNKNOWN_TYPE,
					 RANK_UNKNOWN_TYPE };
	if (element->role == ACS_GUARD_SHARED_ID)
		return (struct finding){ ACS_GUARD_ALIAS, RANK_ALIAS };
	if (element->shared_segment)
		return (struct finding){ ACS_GUARD_CONVENTIONAL,
					 RANK_CONVENTIONAL };
	if (multifunction_fails(element))
		return multifunction(element);
	if (element->role == ACS_GUARD_BRIDGE && is_port(fn))
		found = judge_port(fn);
	if (found.reason == ACS_GUARD_ISOLATED && element->internal)
		found = judge_internal(element);
	if (found.reason == ACS_GUARD_ISOLATED && policy->strict)
		found = judge_strictly(element);
	return found;
}

/*
 * Is there a failure at @element that one owner for all peers of F does not
 * make good?  The first failure may stand before another of that kind.  A
 * function that the kernel does not list is in no IOMMU group.
 */
static bool is_beyond_group(const struct acs_guard_policy *policy,
			    const struct acs_guard_element *element,
			    enum acs_guard_reason first)
{
	if (first == ACS_GUARD_NO_IOMMU || first == ACS_GUARD_UNREADABLE ||
	    first == ACS_GUARD_UNKNOWN_TYPE || element->hidden)
		return true;
	if (element->internal && element->fn.type != PCI_EXP_TYPE_DOWNSTREAM)
		return true;
	return policy->strict &&
	       judge_strictly(element).reason != ACS_GUARD_ISOLATED;
}

/**
 * acs_guard_verdict_begin() - start to judge a function
 * @verdict: where the answer grows
 * @bdf: the function
 *
 * Until acs_guard_verdict_end() the answer is "unreadable", so a walk that is
 * given up has been refused.
 */
void acs_guard_verdict_begin(struct acs_guard_verdict *verdict, u64 bdf)
{
	*verdict = (struct acs_guard_verdict){
		.reason = ACS_GUARD_UNREADABLE,
		.blocker = bdf,
		.order = ORDER_NONE,
		.trusted_order = ORDER_NONE,
	};
}

static bool comes_first(unsigned int order, u64 bdf, unsigned int than_order,
			u64 than_bdf)
{
	return order < than_order || (order == than_order && bdf < than_bdf);
}

/* Return: whether @found comes before what has been named so far. */
static bool record_failure(struct acs_guard_verdict *verdict,
			   const struct finding *found, unsigned int order,
			   u64 bdf)
{
	if (!comes_first(order, bdf, verdict->order, verdict->blocker))
		return false;
	verdict->reason = found->reason;
	verdict->blocker = bdf;
	verdict->missing = found->missing;
	verdict->order = order;
	return true;
}

/* All functions of a place are known: is the trust in silent ones justified? */
static void finish_level(struct acs_guard_verdict *verdict)
{
	static const struct finding found = {
		.reason = ACS_GUARD_MULTIFUNCTION,
		.missing = REDIRECT_FLAGS,
	};

	if (verdict->p2p && verdict->trusted_order != ORDER_NONE) {
		verdict->beyond_group |= verdict->hidden_trusted;
		if (record_failure(verdict, &found, verdict->trusted_order,
				   verdict->trusted)) {
			verdict->hidden = verdict->trusted_hidden;
			verdict->root_port = false;
		}
	}
	verdict->p2p = false;
	verdict->hidden_trusted = false;
	verdict->trusted_order = ORDER_NONE;
}

static unsigned int order_of(const struct acs_guard_element *element,
			     enum rank rank)
{
	return element->level * NUM_RANKS + rank;
}

/* Remember what @element says about the others of its device. */
static void note_p2p_support(struct acs_guard_verdict *verdict,
			     const struct acs_guard_element *element)
{
	const unsigned int order =
		order_of(element, multifunction_rank(element));

	if (!is_one_of_several(element) && element->role != ACS_GUARD_BRIDGE)
		return;

	verdict->p2p |= acs_guard_declares_p2p(&element->fn);
	if (!is_one_of_several(element) || !is_trusted(element))
		return;
	verdict->hidden_trusted |= element->hidden;
	if (comes_first(order, element->fn.bdf, verdict->trusted_order,
			verdict->trusted)) {
		verdict->trusted_order = order;
		verdict->trusted = element->fn.bdf;
		verdict->trusted_hidden = element->hidden;
	}
}

/**
 * acs_guard_verdict_step() - take one more function into account
 * @verdict: begun by acs_guard_verdict_begin()
 * @policy: how much is demanded
 * @element: the function, and where it stands
 *
 * The functions of one place come together; within that, in any order: what
 * fails first is worked out, not what was seen first.
 */
void acs_guard_verdict_step(struct acs_guard_verdict *verdict,
			    const struct acs_guard_policy *policy,
			    const struct acs_guard_element *element)
{
	const struct finding found = judge(policy, element);

	if (element->level != verdict->level)
		finish_level(verdict);
	verdict->level = element->level;
	note_p2p_support(verdict, element);

	if (found.reason == ACS_GUARD_ISOLATED)
		return;

	verdict->beyond_group |= is_beyond_group(policy, element, found.reason);
	if (!record_failure(verdict, &found, order_of(element, found.rank),
			    element->fn.bdf))
		return;
	/* A bridge above F is listed; it is what crowds it that is not. */
	verdict->hidden = element->hidden && !element->shared_segment;
	verdict->root_port = element->fn.type == PCI_EXP_TYPE_ROOT_PORT;
}

/**
 * acs_guard_verdict_end() - every function on the path has been heard
 * @verdict: holds the answer from now on
 *
 * Only for a walk that reached the root complex: this is the one place from
 * which "isolated" can come.
 */
void acs_guard_verdict_end(struct acs_guard_verdict *verdict)
{
	finish_level(verdict);
	if (verdict->order == ORDER_NONE)
		verdict->reason = ACS_GUARD_ISOLATED;
}

/**
 * acs_guard_declares_p2p() - does a function show that its device has
 *peer-to-peer traffic inside?  (7.7.11)
 * @fn: the function; what cannot be read, admits
 */
bool acs_guard_declares_p2p(const struct acs_guard_function *fn)
{
	if (!fn->readable)
		return true;
	/* What ports have is about the traffic of what is below them. */
	return !is_port(fn) && has_acs(fn) && fn->cap & PEER_FLAGS;
}

/**
 * acs_guard_lacks_uf() - can what goes up through a port come down there?
 * @port: a Root Port or Switch Downstream Port
 *
 * 6.12.3: without UF, a request that was redirected upstream below a port and
 * whose address is below it as well.
 */
bool acs_guard_lacks_uf(const struct acs_guard_function *port)
{
	return !port->readable || port_missing(port) & PCI_ACS_UF;
}

/**
 * acs_guard_blocks_translated() - do translated requests from below end at a
 * port?
 * @port: a Root Port or Switch Downstream Port
 *
 * 6.12.1.1, Translation Blocking.
 */
bool acs_guard_blocks_translated(const struct acs_guard_function *port)
{
	return port->readable && has_acs(port) &&
	       port->cap & port->ctrl & PCI_ACS_TB;
}

/*
 * Can a request or completion at the top of @path reach the other path without
 * passing the root complex?
 */
static bool allows_p2p(const struct acs_guard_common_ancestor *ancestor,
		       const struct acs_guard_peer_path *path)
{
	struct acs_guard_function fn = path->fn;

	if (!fn.readable)
		return true;
	if (ancestor->kind == ACS_GUARD_SWITCH && !is_port(&fn))
		return true;
	if (ancestor->only_virtual && fails_without_acs(&fn))
		return ancestor->p2p;
	if (!is_known(&fn))
		return true;
	/* Direct Translated P2P applies to translated requests only (6.12.3). */
	if (path->blocked)
		fn.ctrl &= (u16)~PCI_ACS_DT;
	if (is_port(&fn))
		return port_missing(&fn) & REDIRECT_FLAGS ||
		       egress_direct(&fn) || direct_translated(&fn);
	return function_fails(&fn);
}

/**
 * acs_guard_exposed() - can either of two functions reach the other?
 * @ancestor: where their paths join; in a tree there is one such place
 *
 * Return: true if a packet from one can reach the other without passing the
 * root complex, or if the two share a requester ID.
 */
bool acs_guard_exposed(const struct acs_guard_common_ancestor *ancestor)
{
	switch (ancestor->kind) {
	case ACS_GUARD_APART:
		return false;
	case ACS_GUARD_ONE_DEVICE:
	case ACS_GUARD_SWITCH:
		return ancestor->lacks_uf ||
		       allows_p2p(ancestor, &ancestor->own) ||
		       allows_p2p(ancestor, &ancestor->other);
	default:
		return true;
	}
}

/**
 * acs_guard_decide() - what becomes of a bind
 * @verdict: about the function
 * @allowance: what else counts
 *
 * The verdict comes first, whether it is enforced last.
 *
 * Return: %ACS_GUARD_ALLOW, %ACS_GUARD_ALLOW_GROUP,
 * %ACS_GUARD_ALLOW_PERMISSIVE, %ACS_GUARD_WOULD_DENY or %ACS_GUARD_DENY.
 */
enum acs_guard_action
acs_guard_decide(const struct acs_guard_verdict *verdict,
		 const struct acs_guard_allowance *allowance)
{
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return ACS_GUARD_ALLOW;
	if (allowance->in_group && !verdict->beyond_group)
		return ACS_GUARD_ALLOW_GROUP;
	if (allowance->permissive)
		return ACS_GUARD_ALLOW_PERMISSIVE;
	if (allowance->mode == ACS_GUARD_AUDIT)
		return ACS_GUARD_WOULD_DENY;
	return ACS_GUARD_DENY;
}
