// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the rules, written a second time from the specification
 *
 * Requests and completions are sent through table 6-11 (6.12.3), flag by flag,
 * and each rule is one row of a list.  The model is slow and simple, and shares
 * nothing with the engine but the types.  The cases of rules_test.c
 * are written by hand, and check both.
 */
#include "rules_model.h"
#include "test_home.h"

static bool sibling_is_bad(const struct acs_guard_function *fn)
{
	return model_is_port(fn) ? model_port_is_bad(fn) :
				   model_function_is_bad(fn);
}

/* The rules, in their order. */

/* Which types are understood, and where a bridge of that type may be. */
static const struct {
	bool known;
	bool above;
	bool above_in_switch;
} types[CONVENTIONAL + 1] = {
	[ENDPOINT] = { true, false, false },
	[LEGACY] = { true, false, false },
	[ROOT_PORT] = { true, true, true },
	[UPSTREAM] = { true, true, true },
	[DOWNSTREAM] = { true, false, true },
	[TO_PCI] = { true, true, true },
	[TO_PCIE] = { true, true, true },
	[INTEGRATED] = { true, false, false },
	[CONVENTIONAL] = { true, true, true },
};

static bool above_port(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_BRIDGE && model_is_port(&element->fn);
}

static bool r14(const struct acs_guard_element *element)
{
	return element->no_iommu;
}

static bool r13(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_GROUP_MEMBER;
}

static bool r9(const struct acs_guard_element *element)
{
	return !element->fn.readable;
}

static bool r11(const struct acs_guard_element *element)
{
	const u8 type = element->fn.type;

	if (element->role == ACS_GUARD_PATH_UNKNOWN ||
	    type >= ARRAY_SIZE(types))
		return true;
	if (element->role != ACS_GUARD_BRIDGE)
		return !types[type].known;
	return element->internal ? !types[type].above_in_switch :
				   !types[type].above;
}

static bool r12(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_SHARED_ID;
}

static bool r1(const struct acs_guard_element *element)
{
	return element->shared_segment;
}

/*
 * R8: among virtual functions, having no ACS is no failure: a device that
 * needs it has to have it, unless it is in a Root Complex.
 */
static bool may_lack_acs(const struct acs_guard_function *fn)
{
	return !model_has_acs(fn) && !model_is_port(fn) &&
	       fn->type != INTEGRATED;
}

static bool is_trusted(const struct acs_guard_element *element)
{
	return element->only_virtual && may_lack_acs(&element->fn);
}

static bool r4_self(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_DEVICE && element->shared &&
	       !is_trusted(element) && model_function_is_bad(&element->fn);
}

static bool r4_others(const struct acs_guard_element *element)
{
	if (is_trusted(element))
		return false;
	switch (element->role) {
	case ACS_GUARD_DEVICE_SIBLING:
		return model_function_is_bad(&element->fn);
	case ACS_GUARD_BRIDGE:
		return element->shared && !model_is_port(&element->fn) &&
		       model_function_is_bad(&element->fn);
	case ACS_GUARD_BRIDGE_SIBLING:
		return sibling_is_bad(&element->fn);
	case ACS_GUARD_PEER_PORT:
		return element->shared && sibling_is_bad(&element->fn);
	default:
		return false;
	}
}

static bool r2_none(const struct acs_guard_element *element)
{
	return above_port(element) && !model_has_acs(&element->fn);
}

static bool r2_incomplete(const struct acs_guard_element *element)
{
	const u16 absent = model_lacks(&element->fn, GOOD) & ~element->fn.cap;

	return above_port(element) && model_has_acs(&element->fn) && absent;
}

static bool r2_off(const struct acs_guard_element *element)
{
	return above_port(element) && model_lacks(&element->fn, GOOD);
}

static bool r3_egress(const struct acs_guard_element *element)
{
	return above_port(element) &&
	       model_goes_straight(UNTRANSLATED, model_controls(&element->fn));
}

static bool r3_translated(const struct acs_guard_element *element)
{
	return above_port(element) &&
	       model_goes_straight(TRANSLATED, model_controls(&element->fn));
}

static bool r6(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_PEER_PORT &&
	       element->fn.type == DOWNSTREAM &&
	       model_port_is_bad(&element->fn);
}

static bool r7(const struct acs_guard_element *element)
{
	return element->internal && element->fn.type != DOWNSTREAM;
}

static bool s1(const struct acs_guard_element *element)
{
	return above_port(element) && element->ats &&
	       !(element->fn.cap & TB && element->fn.ctrl & TB);
}

static bool s2(const struct acs_guard_element *element)
{
	/* Of the two bits of each control: 0 allow, 1 block, 2 redirect. */
	static const bool reached[] = { true, false, false, true };
	const bool enhanced = element->fn.cap & ENHANCED;
	const u16 ctrl = element->fn.ctrl;

	return (element->upstream_memory &&
		(!enhanced || reached[ctrl >> 10 & 3])) ||
	       (element->sibling_memory &&
		(!enhanced || reached[ctrl >> 8 & 3]));
}

static bool s3(const struct acs_guard_element *element)
{
	return element->cxl_cache;
}

static u16 nothing_missing(const struct acs_guard_function *fn)
{
	return 0;
}

static u16 port_lacks(const struct acs_guard_function *fn)
{
	return model_lacks(fn, GOOD);
}

static u16 device_lacks(const struct acs_guard_function *fn)
{
	return model_lacks(fn, RR | CR);
}

/**
 * struct rule - one of the rules, or one of the reasons that it can give
 * @turn: its rank
 * @fails: does this function fail it?
 * @reason: the reason if it does
 * @missing: and the flags that the blocker lacks
 * @excused: one owner of the whole IOMMU group repairs it
 * @strict: applies only if the policy is strict
 */
struct rule {
	unsigned int turn;
	bool (*fails)(const struct acs_guard_element *element);
	enum acs_guard_reason reason;
	u16 (*missing)(const struct acs_guard_function *fn);
	bool excused;
	bool strict;
};

static const struct rule rules[] = {
	{ 0, r14, ACS_GUARD_NO_IOMMU, nothing_missing },
	{ 1, r9, ACS_GUARD_UNREADABLE, nothing_missing },
	{ 2, r11, ACS_GUARD_UNKNOWN_TYPE, nothing_missing },
	{ 3, r12, ACS_GUARD_ALIAS, nothing_missing, true },
	{ 4, r1, ACS_GUARD_CONVENTIONAL, nothing_missing, true },
	{ 5, r4_self, ACS_GUARD_MULTIFUNCTION, device_lacks, true },
	{ 6, r4_others, ACS_GUARD_MULTIFUNCTION, device_lacks, true },
	{ 7, r2_none, ACS_GUARD_NO_ACS, port_lacks, true },
	{ 7, r2_incomplete, ACS_GUARD_ACS_INCOMPLETE, port_lacks, true },
	{ 7, r2_off, ACS_GUARD_ACS_DISABLED, port_lacks, true },
	{ 8, r3_egress, ACS_GUARD_EGRESS_DIRECT, nothing_missing, true },
	{ 8, r3_translated, ACS_GUARD_DIRECT_TRANSLATED, nothing_missing,
	  true },
	{ 9, r6, ACS_GUARD_SIBLING_PORT, port_lacks, true },
	{ 10, r7, ACS_GUARD_INTERNAL_FUNCTION, nothing_missing },
	{ 11, s1, ACS_GUARD_TRANSLATION, nothing_missing, false, true },
	{ 12, s2, ACS_GUARD_PORT_MEMORY, nothing_missing, false, true },
	{ 13, s3, ACS_GUARD_TRANSLATION, nothing_missing, false, true },
	{ 14, r13, ACS_GUARD_IOMMU_GROUP, nothing_missing, true },
};

/* R13 is the only rule about another function of F's group. */
static bool is_asked(const struct rule *rule,
		     const struct acs_guard_policy *policy,
		     const struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_GROUP_MEMBER)
		return rule->fails == r13;
	return policy->strict || !rule->strict;
}

/**
 * struct answer - the expected verdict
 * @rule: the index of the rule that fails first, or how many there are
 * @level: the level at which it fails
 * @verdict: the verdict; its order is void
 */
struct answer {
	unsigned int rule;
	unsigned int level;
	struct acs_guard_verdict verdict;
};

static const struct answer pass = {
	.rule = ARRAY_SIZE(rules),
	.verdict.reason = ACS_GUARD_ISOLATED,
};

static struct answer answer_of(const struct acs_guard_policy *policy,
			       const struct acs_guard_element *element)
{
	struct answer answer = pass;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct rule *rule = &rules[i];

		if (!is_asked(rule, policy, element) || !rule->fails(element))
			continue;
		/* A function that the kernel does not list is in no group. */
		if (!rule->excused || element->hidden)
			answer.verdict.beyond_group = true;
		if (answer.rule != pass.rule)
			continue;
		answer.rule = i;
		answer.level = element->level;
		answer.verdict.reason = rule->reason;
		answer.verdict.blocker = element->fn.bdf;
		answer.verdict.missing = rule->missing(&element->fn);
		answer.verdict.root_port = element->fn.type == ROOT_PORT;
		/* If it is shared_segment, what crowds it is hidden, not it. */
		answer.verdict.hidden = element->hidden &&
					!element->shared_segment;
	}
	return answer;
}

/* Does failure @a come before failure @b? */
static bool comes_first(const struct answer *a, const struct answer *b)
{
	if (a->rule == pass.rule || b->rule == pass.rule)
		return b->rule == pass.rule;
	if (a->level != b->level)
		return a->level < b->level;
	if (rules[a->rule].turn != rules[b->rule].turn)
		return rules[a->rule].turn < rules[b->rule].turn;
	return a->verdict.blocker < b->verdict.blocker;
}

/**
 * model_declares_p2p() - does a function declare peer-to-peer support?  (R8)
 * @element: the function
 *
 * Return: false for a function that no other function of a device depends on.
 */
bool model_declares_p2p(const struct acs_guard_element *element)
{
	const bool inside = element->role == ACS_GUARD_DEVICE_SIBLING ||
			    element->role == ACS_GUARD_BRIDGE_SIBLING ||
			    element->role == ACS_GUARD_BRIDGE ||
			    element->shared;

	if (!element->fn.readable)
		return inside;
	return inside && !model_is_port(&element->fn) &&
	       model_has_acs(&element->fn) &&
	       element->fn.cap & (RR | CR | EC | DT);
}

/* R8: does any of @elements at @level declare peer-to-peer support? */
static bool is_p2p_declared(const struct acs_guard_element *elements,
			    unsigned int num, unsigned int level)
{
	while (num--)
		if (elements[num].level == level &&
		    model_declares_p2p(&elements[num]))
			return true;
	return false;
}

/**
 * model_verdict() - the expected verdict
 * @policy: which rules apply
 * @elements: all functions that affect the verdict
 * @num: how many there are
 */
struct acs_guard_verdict model_verdict(const struct acs_guard_policy *policy,
				       const struct acs_guard_element *elements,
				       unsigned int num)
{
	struct answer first = pass, answer;
	bool beyond = false;
	unsigned int i;

	for (i = 0; i < num; i++) {
		struct acs_guard_element element = elements[i];

		if (is_p2p_declared(elements, num, element.level))
			element.only_virtual = false;
		answer = answer_of(policy, &element);
		beyond |= answer.verdict.beyond_group;
		if (comes_first(&answer, &first))
			first = answer;
	}
	first.verdict.beyond_group = beyond;
	return first.verdict;
}

/**
 * model_p2p_at() - can a packet turn at a function from one path to another?
 * @ancestor: where the two paths join
 * @fn: the topmost function of one of the paths
 * @blocked: no translated request of that path gets to @fn
 */
bool model_p2p_at(const struct acs_guard_common_ancestor *ancestor,
		  const struct acs_guard_function *fn, bool blocked)
{
	struct acs_guard_function reached = *fn;

	if (!fn->readable)
		return true;
	if (model_is_port(fn))
		return model_goes_straight(UNTRANSLATED, model_controls(fn)) ||
		       (!blocked &&
			model_goes_straight(TRANSLATED, model_controls(fn))) ||
		       model_goes_straight(COMPLETION, model_controls(fn));
	if (ancestor->kind == ACS_GUARD_SWITCH)
		return true;
	if (ancestor->only_virtual && may_lack_acs(fn) && !ancestor->p2p)
		return false;
	if (fn->type >= ARRAY_SIZE(types) || !types[fn->type].known)
		return true;
	if (blocked)
		reached.ctrl &= ~DT;
	return model_function_is_bad(&reached);
}
