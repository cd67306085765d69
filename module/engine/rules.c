// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the rules about a function and its path
 *
 * Facts in, verdict out.  Nothing here reads a device, takes a lock, allocates
 * or depends on anything but its arguments; all of it may run in any context.
 * Each rule is one small function.  Types and values that no rule knows are
 * refused.
 *
 * The rules rest on the PCI Express Base Specification, section 6.12 (Access
 * Control Services) and 7.7.11 (its registers).
 */
#include "acs.h"
#include "engine.h"

/* 7.7.11.2, 7.7.11.3: ACS Enhanced Capability, and two of its controls. */
#define ACS_ENHANCED BIT(7)
#define ACS_DSP_MEMORY GENMASK(9, 8)
#define ACS_USP_MEMORY GENMASK(11, 10)

/* Values of these two controls: 0 lets requests pass, 3 is reserved. */
#define ACS_MEMORY_BLOCK 1
#define ACS_MEMORY_REDIRECT 2

/*
 * A verdict names the first failure: that of the lowest level, then of the
 * lowest rank, then of the lowest address.  Ranks are the order of the rules.
 */
enum rank {
	RANK_NO_IOMMU,
	RANK_UNREADABLE,
	RANK_UNKNOWN_TYPE,
	RANK_ALIAS,
	RANK_CONVENTIONAL,
	RANK_MULTIFUNCTION_SELF, /* F before its siblings */
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

/*
 * R11 for bridges above F: the behaviour of a bridge with the type of an
 * endpoint, or of a Switch Downstream Port outside of a switch, is unknown.
 */
static bool is_known_here(const struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_PATH_UNKNOWN ||
	    !acs_fn_is_known(&element->fn))
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

/* R2 and R3 as one question. */
static bool port_fails(const struct acs_guard_function *fn)
{
	return acs_fn_port_missing(fn) || acs_fn_egress_direct(fn) ||
	       acs_fn_direct_translated(fn);
}

/* R4 and R5: does the device let its functions reach each other at @element? */
static bool sibling_fails(const struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_DEVICE ||
	    element->role == ACS_GUARD_DEVICE_SIBLING)
		return acs_fn_function_fails(&element->fn);
	return acs_fn_is_port(&element->fn) ?
		       port_fails(&element->fn) :
		       acs_fn_function_fails(&element->fn);
}

/* R4, R5 and R8: is @element one of several functions of a device? */
static bool is_one_of_several(const struct acs_guard_element *element)
{
	switch (element->role) {
	case ACS_GUARD_DEVICE_SIBLING:
	case ACS_GUARD_BRIDGE_SIBLING:
		return true;
	case ACS_GUARD_BRIDGE:
		return element->shared && !acs_fn_is_port(&element->fn);
	default:
		return element->shared;
	}
}

/* R8: is @element trusted unless its device declares peer-to-peer support? */
static inline bool is_trusted(const struct acs_guard_element *element)
{
	return element->only_virtual && acs_fn_fails_without_acs(&element->fn);
}

static bool multifunction_fails(const struct acs_guard_element *element)
{
	return is_one_of_several(element) && sibling_fails(element) &&
	       !is_trusted(element);
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
		.missing = acs_fn_function_missing(&element->fn),
	};
}

/* A control that is not implemented cannot be enabled by a setting. */
static enum acs_guard_reason port_reason(const struct acs_guard_function *fn,
					 u16 missing)
{
	if (!acs_fn_has_acs(fn))
		return ACS_GUARD_NO_ACS;
	return missing & ~fn->cap ? ACS_GUARD_ACS_INCOMPLETE :
				    ACS_GUARD_ACS_DISABLED;
}

/* R2 and R3 at a port above F. */
static struct finding judge_port(const struct acs_guard_function *fn)
{
	const u16 missing = acs_fn_port_missing(fn);

	if (missing)
		return (struct finding){
			.reason = port_reason(fn, missing),
			.rank = RANK_PORT_FLAGS,
			.missing = missing,
		};
	if (acs_fn_egress_direct(fn))
		return (struct finding){
			.reason = ACS_GUARD_EGRESS_DIRECT,
			.rank = RANK_PORT_DIRECT,
		};
	if (acs_fn_direct_translated(fn))
		return (struct finding){
			.reason = ACS_GUARD_DIRECT_TRANSLATED,
			.rank = RANK_PORT_DIRECT,
		};
	return no_finding;
}

/* R6 and R7: a function on a switch-internal bus of the path. */
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
			.missing = acs_fn_port_missing(fn),
		};
	return no_finding;
}

/*
 * S1: a device with ATS can send any address as a translated one.  Only
 * Translation Blocking at the ports above the device stops such a request
 * (6.12.1.1).
 */
static bool passes_translated(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_BRIDGE &&
	       acs_fn_is_port(&element->fn) && element->ats &&
	       !(element->fn.cap & element->fn.ctrl & PCI_ACS_TB);
}

static bool denies_memory(u16 control)
{
	return control == ACS_MEMORY_BLOCK || control == ACS_MEMORY_REDIRECT;
}

/* S2: Downstream Port and Upstream Port Memory Target Access Control. */
static bool reaches_port_memory(const struct acs_guard_element *element)
{
	const struct acs_guard_function *fn = &element->fn;
	const u16 ctrl = fn->cap & ACS_ENHANCED ? fn->ctrl : 0;

	if (element->upstream_memory &&
	    !denies_memory(FIELD_GET(ACS_USP_MEMORY, ctrl)))
		return true;
	return element->sibling_memory &&
	       !denies_memory(FIELD_GET(ACS_DSP_MEMORY, ctrl));
}

static struct finding judge_strictly(const struct acs_guard_element *element)
{
	if (passes_translated(element))
		return (struct finding){ ACS_GUARD_TRANSLATION,
					 RANK_TRANSLATION };
	if (reaches_port_memory(element))
		return (struct finding){ ACS_GUARD_PORT_MEMORY,
					 RANK_PORT_MEMORY };
	/* S3: CXL.cache uses host addresses that no IOMMU has translated. */
	if (element->cxl_cache)
		return (struct finding){ ACS_GUARD_TRANSLATION,
					 RANK_CXL_CACHE };
	return no_finding;
}

/* The first rule that @element fails, in the order of ranks. */
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
	if (element->role == ACS_GUARD_BRIDGE && acs_fn_is_port(fn))
		found = judge_port(fn);
	if (found.reason == ACS_GUARD_ISOLATED && element->internal)
		found = judge_internal(element);
	if (found.reason == ACS_GUARD_ISOLATED && policy->strict)
		found = judge_strictly(element);
	return found;
}

/*
 * Does @element fail a rule that stays violated if one owner has all peers of
 * F?  @first, the first rule that it fails, may come before such a rule.  A
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
 * acs_guard_verdict_begin() - begin the verdict about a function
 * @verdict: the verdict
 * @bdf: the address of the function
 *
 * The reason is %ACS_GUARD_UNREADABLE until acs_guard_verdict_end(), so that
 * the verdict of a walk that is aborted is a refusal.
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

/* Return: true if @found comes before the failure named so far. */
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

/*
 * All elements of a level are known.  If one of them declares peer-to-peer
 * support, those that were trusted fail.
 */
static void finish_level(struct acs_guard_verdict *verdict)
{
	static const struct finding found = {
		.reason = ACS_GUARD_MULTIFUNCTION,
		.missing = ACS_REDIRECT_FLAGS,
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

/* R8: note whether @element declares peer-to-peer support, or is trusted. */
static void note_p2p_support(struct acs_guard_verdict *verdict,
			     const struct acs_guard_element *element)
{
	const unsigned int order =
		order_of(element, multifunction_rank(element));

	if (!is_one_of_several(element) && element->role != ACS_GUARD_BRIDGE)
		return;

	verdict->p2p |= acs_fn_declares_p2p(&element->fn);
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
 * acs_guard_verdict_step() - judge one more element of the path
 * @verdict: the verdict, begun by acs_guard_verdict_begin()
 * @policy: which rules apply
 * @element: the element
 *
 * The elements of one level come one after the other, in any order: the verdict
 * does not depend on it.
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
	/* The bridge of a shared segment is listed; another function is not. */
	verdict->hidden = element->hidden && !element->shared_segment;
	verdict->root_port = element->fn.type == PCI_EXP_TYPE_ROOT_PORT;
}

/**
 * acs_guard_verdict_end() - end the verdict, after the last element
 * @verdict: the verdict
 *
 * Only for a walk that reached the root complex.  No other function makes a
 * verdict %ACS_GUARD_ISOLATED.
 */
void acs_guard_verdict_end(struct acs_guard_verdict *verdict)
{
	finish_level(verdict);
	if (verdict->order == ORDER_NONE)
		verdict->reason = ACS_GUARD_ISOLATED;
}
