// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of verdict.c: the rules of isolation, on facts alone
 *
 * The expectation is a second writing of the rules, from the tables of the
 * specification: requests and completions are sent through table 6-11, flag by
 * flag, and each rule is one row of a list.  It is slow and simple, and shares
 * nothing with verdict.c but the types.  The cases that are spelled out by hand
 * keep it honest.
 */
#include <kunit/test.h>

#include "engine.h"
#include "suites.h"

#define SV PCI_ACS_SV
#define TB PCI_ACS_TB
#define RR PCI_ACS_RR
#define CR PCI_ACS_CR
#define UF PCI_ACS_UF
#define EC PCI_ACS_EC
#define DT PCI_ACS_DT
#define GOOD (SV | RR | CR | UF)
#define ENHANCED 0x80
#define NUM_WORDS 0x80 /* of the seven flags above */

#define ENDPOINT PCI_EXP_TYPE_ENDPOINT
#define LEGACY PCI_EXP_TYPE_LEG_END
#define ROOT_PORT PCI_EXP_TYPE_ROOT_PORT
#define UPSTREAM PCI_EXP_TYPE_UPSTREAM
#define DOWNSTREAM PCI_EXP_TYPE_DOWNSTREAM
#define TO_PCI PCI_EXP_TYPE_PCI_BRIDGE
#define TO_PCIE PCI_EXP_TYPE_PCIE_BRIDGE
#define INTEGRATED PCI_EXP_TYPE_RC_END
#define COLLECTOR PCI_EXP_TYPE_RC_EC
#define CONVENTIONAL ACS_GUARD_TYPE_CONVENTIONAL

#define NUM_ROLES (ACS_GUARD_PATH_UNKNOWN + 1)
#define SOME_BDF ACS_GUARD_BDF(0, 3, 0)
#define ELSEWHERE ACS_GUARD_BDF(1, 0xff, 0xff)

static const struct acs_guard_policy normal = { .strict = false };
static const struct acs_guard_policy strict = { .strict = true };

/* The expectation: how packets travel. */

enum packet {
	UNTRANSLATED,
	TRANSLATED,
	COMPLETION,
};

enum way {
	STRAIGHT,
	REDIRECTED,
	STOPPED,
	AS_UNTRANSLATED,
};

#define EITHER 2

/**
 * struct route - a row of table 6-11
 * @packet: what has to be routed
 * @asked: the controls that the row asks about
 * @on: which of them are on
 * @vector: the peer's bit of the egress control vector, or %EITHER
 * @way: where the packet goes
 */
struct route {
	enum packet packet;
	u16 asked;
	u16 on;
	int vector;
	enum way way;
};

static const struct route table_6_11[] = {
	{ UNTRANSLATED, RR | EC, 0, EITHER, STRAIGHT },
	{ UNTRANSLATED, RR | EC, RR, EITHER, REDIRECTED },
	{ UNTRANSLATED, EC, EC, 0, STRAIGHT },
	{ UNTRANSLATED, RR | EC, EC, 1, STOPPED },
	{ UNTRANSLATED, RR | EC, RR | EC, 1, REDIRECTED },
	{ TRANSLATED, TB, TB, EITHER, STOPPED },
	{ TRANSLATED, TB | DT, DT, EITHER, STRAIGHT },
	{ TRANSLATED, TB | DT, 0, EITHER, AS_UNTRANSLATED },
	{ COMPLETION, CR, CR, EITHER, REDIRECTED },
	{ COMPLETION, CR, 0, EITHER, STRAIGHT },
};

static enum way way_of(enum packet packet, u16 on, int vector)
{
	const struct route *row;

	for (row = table_6_11;; row++)
		if (row->packet == packet && (on & row->asked) == row->on &&
		    (row->vector == EITHER || row->vector == vector))
			break;
	return row->way == AS_UNTRANSLATED ? way_of(UNTRANSLATED, on, vector) :
					     row->way;
}

static bool may_go_straight(enum packet packet, u16 on)
{
	return way_of(packet, on, 0) == STRAIGHT ||
	       way_of(packet, on, 1) == STRAIGHT;
}

/* The expectation: which flags there must be. */

static bool in_port(const struct acs_guard_function *fn)
{
	return fn->type == ROOT_PORT || fn->type == DOWNSTREAM;
}

/* What of the ACS capability that a function of that type has is believed? */
static bool believed(const struct acs_guard_function *fn)
{
	switch (fn->type) {
	case ENDPOINT:
	case LEGACY:
	case ROOT_PORT:
	case UPSTREAM:
	case DOWNSTREAM:
	case INTEGRATED:
		return fn->acs;
	default:
		return false;
	}
}

/* Must @fn implement @flag?  If not, its absence means there is no need. */
static bool is_mandatory(const struct acs_guard_function *fn, u16 flag)
{
	switch (flag) {
	case SV:
		return fn->type == ROOT_PORT || fn->type == DOWNSTREAM;
	case RR:
		return fn->type == DOWNSTREAM || fn->cap & EC || fn->cap & DT;
	case CR:
		return fn->type == DOWNSTREAM || fn->cap & EC || fn->cap & DT ||
		       fn->cap & RR;
	case UF:
		return fn->type == DOWNSTREAM;
	default:
		return false;
	}
}

static bool is_satisfied(const struct acs_guard_function *fn, u16 flag)
{
	if (!believed(fn))
		return false;
	return fn->cap & flag ? fn->ctrl & flag : !is_mandatory(fn, flag);
}

/* Which of @flags are not satisfied? */
static u16 lacks(const struct acs_guard_function *fn, u16 flags)
{
	u16 flag, lacking = 0;

	for (flag = SV; flag <= DT; flag <<= 1)
		if (flags & flag && !is_satisfied(fn, flag))
			lacking |= flag;
	return lacking;
}

/*
 * What decides at a port: what is not satisfied is off, what opens a way is on
 * wherever it reads so, and what closes one only where it is implemented.
 */
static u16 controls(const struct acs_guard_function *fn)
{
	const u16 off = lacks(fn, GOOD);

	return (GOOD & ~off) | (fn->ctrl & (EC | DT)) |
	       (fn->cap & fn->ctrl & TB);
}

static bool port_is_bad(const struct acs_guard_function *fn)
{
	return lacks(fn, GOOD) || may_go_straight(UNTRANSLATED, controls(fn)) ||
	       may_go_straight(TRANSLATED, controls(fn));
}

static bool function_is_bad(const struct acs_guard_function *fn)
{
	if (fn->vendor == 0x8086 && fn->type == INTEGRATED)
		return false;
	return lacks(fn, RR | CR) || fn->ctrl & EC || fn->ctrl & DT;
}

static bool sibling_is_bad(const struct acs_guard_function *fn)
{
	return in_port(fn) ? port_is_bad(fn) : function_is_bad(fn);
}

/* The expectation: the rules, in their order. */

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
	return element->role == ACS_GUARD_BRIDGE && in_port(&element->fn);
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
	return !believed(fn) && !in_port(fn) && fn->type != INTEGRATED;
}

static bool is_trusted(const struct acs_guard_element *element)
{
	return element->only_virtual && may_lack_acs(&element->fn);
}

static bool r4_self(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_DEVICE && element->shared &&
	       !is_trusted(element) && function_is_bad(&element->fn);
}

static bool r4_others(const struct acs_guard_element *element)
{
	if (is_trusted(element))
		return false;
	switch (element->role) {
	case ACS_GUARD_DEVICE_SIBLING:
		return function_is_bad(&element->fn);
	case ACS_GUARD_BRIDGE:
		return element->shared && !in_port(&element->fn) &&
		       function_is_bad(&element->fn);
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
	return above_port(element) && !believed(&element->fn);
}

static bool r2_incomplete(const struct acs_guard_element *element)
{
	const u16 absent = lacks(&element->fn, GOOD) & ~element->fn.cap;

	return above_port(element) && believed(&element->fn) && absent;
}

static bool r2_off(const struct acs_guard_element *element)
{
	return above_port(element) && lacks(&element->fn, GOOD);
}

static bool r3_egress(const struct acs_guard_element *element)
{
	return above_port(element) &&
	       may_go_straight(UNTRANSLATED, controls(&element->fn));
}

static bool r3_translated(const struct acs_guard_element *element)
{
	return above_port(element) &&
	       may_go_straight(TRANSLATED, controls(&element->fn));
}

static bool r6(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_PEER_PORT &&
	       element->fn.type == DOWNSTREAM && port_is_bad(&element->fn);
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
	return lacks(fn, GOOD);
}

static u16 device_lacks(const struct acs_guard_function *fn)
{
	return lacks(fn, RR | CR);
}

/**
 * struct rule - one of the rules, or one of the reasons that it can give
 * @turn: when it is asked
 * @fails: does this function fail it?
 * @reason: what is said then
 * @missing: and what is said to be missing
 * @excused: one owner for the whole IOMMU group makes it good
 * @strict: only asked if the policy is strict
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

/* Of another function of F's group nothing matters but that it is there. */
static bool is_asked(const struct rule *rule,
		     const struct acs_guard_policy *policy,
		     const struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_GROUP_MEMBER)
		return rule->fails == r13;
	return policy->strict || !rule->strict;
}

/**
 * struct answer - what should be said
 * @rule: the index of the rule that fails first, or how many there are
 * @level: the level at which it fails
 * @verdict: the verdict; its order is none of our business
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
		/* What the kernel does not list is in no group. */
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

/* Which of two failures is named? */
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

/* R8: is @element of a device, and does it own up to traffic inside of that? */
static bool declares_p2p(const struct acs_guard_element *element)
{
	const bool inside = element->role == ACS_GUARD_DEVICE_SIBLING ||
			    element->role == ACS_GUARD_BRIDGE_SIBLING ||
			    element->role == ACS_GUARD_BRIDGE ||
			    element->shared;

	if (!element->fn.readable)
		return inside;
	return inside && !in_port(&element->fn) && believed(&element->fn) &&
	       element->fn.cap & (RR | CR | EC | DT);
}

/* R8: does any of @elements spoil the trust in those at @place? */
static bool is_p2p_declared(const struct acs_guard_element *elements,
			    unsigned int num, unsigned int level)
{
	while (num--)
		if (elements[num].level == level &&
		    declares_p2p(&elements[num]))
			return true;
	return false;
}

static struct answer answer_of_path(const struct acs_guard_policy *policy,
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
	return first;
}

/* What is tested. */

static struct acs_guard_verdict judge(const struct acs_guard_policy *policy,
				      const struct acs_guard_element *elements,
				      unsigned int num)
{
	struct acs_guard_verdict verdict;
	unsigned int i;

	acs_guard_verdict_begin(&verdict, SOME_BDF);
	for (i = 0; i < num; i++)
		acs_guard_verdict_step(&verdict, policy, &elements[i]);
	acs_guard_verdict_end(&verdict);
	return verdict;
}

/* Who is to blame, and for what, is void if there is nothing to blame. */
static bool agree(const struct acs_guard_verdict *a,
		  const struct acs_guard_verdict *b)
{
	if (a->reason != b->reason || a->beyond_group != b->beyond_group)
		return false;
	return a->reason == ACS_GUARD_ISOLATED ||
	       (a->blocker == b->blocker && a->missing == b->missing &&
		a->hidden == b->hidden && a->root_port == b->root_port);
}

/*
 * A sweep takes a second.  Once one has failed, the next has nothing to add;
 * that matters to scripts/mutate, which wants to fail hundreds of times.
 */
static bool complained;

static bool is_hopeless(struct kunit *test)
{
	if (complained)
		kunit_skip(test, "something simpler fails");
	return complained;
}

static int start_afresh(struct kunit_suite *suite)
{
	complained = false;
	return 0;
}

static void complain(struct kunit *test, const struct acs_guard_verdict *got,
		     const struct acs_guard_verdict *wanted)
{
	kunit_err(test, "got %d %llx %x %d %d %d", got->reason, got->blocker,
		  got->missing, got->beyond_group, got->hidden, got->root_port);
	KUNIT_FAIL(test, "wanted %d %llx %x %d %d %d", wanted->reason,
		   wanted->blocker, wanted->missing, wanted->beyond_group,
		   wanted->hidden, wanted->root_port);
	complained = true;
}

static void describe(struct kunit *test, const struct acs_guard_function *fn)
{
	kunit_err(test, "type %x vendor %x readable %d acs %d cap %x ctrl %x",
		  fn->type, fn->vendor, fn->readable, fn->acs, fn->cap,
		  fn->ctrl);
}

/* Return: false, after a complaint, if @element is not judged as it should be. */
static bool check_element(struct kunit *test,
			  const struct acs_guard_policy *policy,
			  const struct acs_guard_element *element)
{
	const struct acs_guard_verdict got = judge(policy, element, 1);
	const struct answer wanted = answer_of_path(policy, element, 1);

	if (likely(agree(&got, &wanted.verdict)))
		return true;
	describe(test, &element->fn);
	complain(test, &got, &wanted.verdict);
	return false;
}

/* Every role, with the flags that path.c may give it. */

struct stance {
	const char *name;
	enum acs_guard_role role;
	bool shared;
	bool internal;
	bool only_virtual;
};

static const struct stance stances[] = {
	{ "alone", ACS_GUARD_DEVICE },
	{ "one of several", ACS_GUARD_DEVICE, true },
	{ "in a switch", ACS_GUARD_DEVICE, false, true },
	{ "one of several in a switch", ACS_GUARD_DEVICE, true, true },
	{ "slot-mate", ACS_GUARD_DEVICE_SIBLING },
	{ "among virtual ones", ACS_GUARD_DEVICE, true, false, true },
	{ "among virtual ones in a switch", ACS_GUARD_DEVICE, true, true,
	  true },
	{ "slot-mate, one is virtual", ACS_GUARD_DEVICE_SIBLING, false, false,
	  true },
	{ "slot-mate in a switch, one is virtual", ACS_GUARD_DEVICE_SIBLING,
	  false, true, true },
	{ "bridge", ACS_GUARD_BRIDGE },
	{ "bridge, one of several", ACS_GUARD_BRIDGE, true },
	{ "bridge in a switch", ACS_GUARD_BRIDGE, false, true },
	{ "bridge, one of several in a switch", ACS_GUARD_BRIDGE, true, true },
	{ "bridge with virtual mates", ACS_GUARD_BRIDGE, true, false, true },
	{ "slot-mate of a bridge", ACS_GUARD_BRIDGE_SIBLING },
	{ "virtual slot-mate of a bridge", ACS_GUARD_BRIDGE_SIBLING, false,
	  false, true },
	{ "sibling", ACS_GUARD_PEER_PORT, false, true },
	{ "sibling in the same slot", ACS_GUARD_PEER_PORT, true, true },
	{ "same requester ID", ACS_GUARD_SHARED_ID },
	{ "too deep", ACS_GUARD_PATH_UNKNOWN },
};

static void name_stance(const struct stance *stance, char *name)
{
	strscpy(name, stance->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(stance, stances, name_stance);

static const u16 vendors[] = { 0x1234, PCI_VENDOR_ID_INTEL };

/* All words of the seven flags, and no ACS at all. */
static bool check_words(struct kunit *test, struct acs_guard_element *element)
{
	unsigned int word;

	element->fn.acs = false;
	element->fn.cap = 0;
	element->fn.ctrl = 0;
	if (!check_element(test, &normal, element))
		return false;

	element->fn.acs = true;
	for (word = 0; word < NUM_WORDS * NUM_WORDS; word++) {
		element->fn.cap = word / NUM_WORDS;
		element->fn.ctrl = word % NUM_WORDS;
		if (!check_element(test, &normal, element))
			return false;
	}
	return true;
}

static void every_word(struct kunit *test)
{
	const struct stance *stance = test->param_value;
	struct acs_guard_element element = {
		.fn = { .bdf = SOME_BDF, .readable = true },
		.role = stance->role,
		.shared = stance->shared,
		.internal = stance->internal,
		.only_virtual = stance->only_virtual,
	};
	unsigned int type, i;

	if (is_hopeless(test))
		return;
	/* One type beyond the last that there is. */
	for (type = 0; type <= CONVENTIONAL + 1; type++)
		for (i = 0; i < ARRAY_SIZE(vendors); i++) {
			/* The vendor matters at one type alone. */
			if (i && type != INTEGRATED)
				continue;
			element.fn.type = type;
			element.fn.vendor = vendors[i];
			if (!check_words(test, &element))
				return;
		}
}

/* A word that cannot be read is no word, however good it looks. */
static void unreadable(struct kunit *test)
{
	const struct stance *stance = test->param_value;
	struct acs_guard_element element = {
		.fn = { .bdf = SOME_BDF,
			.acs = true,
			.cap = GOOD,
			.ctrl = GOOD },
		.role = stance->role,
		.shared = stance->shared,
		.internal = stance->internal,
		.only_virtual = stance->only_virtual,
	};

	for (; element.fn.type <= CONVENTIONAL; element.fn.type++) {
		const struct acs_guard_verdict got =
			judge(&normal, &element, 1);

		KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_UNREADABLE);
		KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF);
		KUNIT_EXPECT_EQ(test, got.missing, 0);
		KUNIT_EXPECT_TRUE(test, got.beyond_group);
		KUNIT_EXPECT_TRUE(test, check_element(test, &normal, &element));
	}
}

/* The words that S1 and S2 ask about, and bits next to those. */
static bool check_strict_words(struct kunit *test,
			       struct acs_guard_element *element)
{
	unsigned int word;

	for (word = 0; word < 0x100; word++) {
		element->fn.cap = GOOD | (word & 1 ? TB : 0) |
				  (word & 2 ? ENHANCED : 0);
		element->fn.ctrl = GOOD | (word & 4 ? TB : 0) |
				   (word >> 3) << 8;
		if (!check_element(test, &strict, element))
			return false;
	}
	/* Who is not strict does not ask. */
	return check_element(test, &normal, element);
}

static void every_strict_word(struct kunit *test)
{
	const struct stance *stance = test->param_value;
	struct acs_guard_element element = {
		.fn = { .bdf = SOME_BDF, .readable = true, .acs = true },
		.role = stance->role,
		.shared = stance->shared,
		.internal = stance->internal,
		.only_virtual = stance->only_virtual,
	};
	unsigned int facts;

	if (is_hopeless(test))
		return;
	for (; element.fn.type <= CONVENTIONAL; element.fn.type++)
		for (facts = 0; facts <= 16; facts++) {
			element.ats = facts & 1;
			element.upstream_memory = facts & 2;
			element.sibling_memory = facts & 4;
			element.cxl_cache = facts & 8;
			element.shared_segment = facts & 16;
			if (!check_strict_words(test, &element))
				return;
		}
}

/* The same by hand. */

#define ELEMENT(_role, _type, ...)         \
	{                                  \
		.role = ACS_GUARD_##_role, \
		.fn = { .bdf = SOME_BDF,   \
			.type = _type,     \
			.readable = true,  \
			##__VA_ARGS__ },   \
	}
#define WORDS(_cap, _ctrl) .acs = true, .cap = _cap, .ctrl = _ctrl

struct example {
	const char *name;
	struct acs_guard_element element;
	enum acs_guard_reason reason;
	u16 missing;
	bool beyond;
	bool shared;
	bool internal;
	bool shared_segment;
	bool only_virtual;
};

static const struct example examples[] = {
	{ "R10 alone on a root bus", ELEMENT(DEVICE, INTEGRATED),
	  ACS_GUARD_ISOLATED },
	{ "R10 alone, without PCIe capability", ELEMENT(DEVICE, CONVENTIONAL),
	  ACS_GUARD_ISOLATED },
	{ "R11 event collector", ELEMENT(DEVICE, COLLECTOR),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R11 type 2", ELEMENT(DEVICE, 2), ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R11 endpoint above", ELEMENT(BRIDGE, ENDPOINT),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R11 downstream port without a switch",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD, GOOD)),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R12 alias", ELEMENT(SHARED_ID, ENDPOINT), ACS_GUARD_ALIAS },
	{ "R1 one card", ELEMENT(BRIDGE, TO_PCI), ACS_GUARD_ISOLATED },
	{ "R1 two cards", ELEMENT(BRIDGE, TO_PCI), ACS_GUARD_CONVENTIONAL,
	  .shared_segment = true },
	{ "R2 good root port", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD)),
	  ACS_GUARD_ISOLATED },
	{ "R2 good downstream port",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD, GOOD)), ACS_GUARD_ISOLATED,
	  .internal = true },
	{ "R2 no ACS", ELEMENT(BRIDGE, ROOT_PORT), ACS_GUARD_NO_ACS, GOOD },
	{ "R2 all off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, 0)),
	  ACS_GUARD_ACS_DISABLED, GOOD },
	{ "R2 SV off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~SV)),
	  ACS_GUARD_ACS_DISABLED, SV },
	{ "R2 RR off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~RR)),
	  ACS_GUARD_ACS_DISABLED, RR },
	{ "R2 CR off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~CR)),
	  ACS_GUARD_ACS_DISABLED, CR },
	{ "R2 UF off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~UF)),
	  ACS_GUARD_ACS_DISABLED, UF },
	{ "R2 root port, SV not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(0, GOOD)), ACS_GUARD_ACS_INCOMPLETE,
	  SV },
	{ "R2 root port, RR and CR not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV, SV)), ACS_GUARD_ISOLATED },
	{ "R2 root port, CR not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | RR, SV | RR)),
	  ACS_GUARD_ACS_INCOMPLETE, CR },
	{ "R2 root port, UF not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | RR | CR, GOOD)),
	  ACS_GUARD_ISOLATED },
	{ "R2 downstream port, RR not there",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD & ~RR, GOOD)),
	  ACS_GUARD_ACS_INCOMPLETE, RR, .internal = true },
	{ "R2 root port, EC there, RR not",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | EC, SV)),
	  ACS_GUARD_ACS_INCOMPLETE, RR | CR },
	{ "R2 downstream port, UF not there",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD & ~UF, GOOD)),
	  ACS_GUARD_ACS_INCOMPLETE, UF, .internal = true },
	{ "R2 downstream port, RR not there, UF off",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD & ~RR, SV | CR)),
	  ACS_GUARD_ACS_INCOMPLETE, RR | UF, .internal = true },
	{ "R2 downstream port, SV and UF only",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(0x13, 0x11)),
	  ACS_GUARD_ACS_INCOMPLETE, RR | CR, .internal = true },
	{ "R2 no port of that kind", ELEMENT(BRIDGE, UPSTREAM),
	  ACS_GUARD_ISOLATED },
	{ "R3 EC on", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | EC, GOOD | EC)),
	  ACS_GUARD_EGRESS_DIRECT },
	{ "R3 EC there, off",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | EC, GOOD)),
	  ACS_GUARD_ISOLATED },
	{ "R3 DT on", ELEMENT(BRIDGE, ROOT_PORT, WORDS(0x7f, GOOD | DT)),
	  ACS_GUARD_DIRECT_TRANSLATED },
	{ "R3 DT and TB on",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(0x7f, GOOD | DT | TB)),
	  ACS_GUARD_ISOLATED },
	{ "R3 DT on, TB not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | DT, GOOD | DT | TB)),
	  ACS_GUARD_DIRECT_TRANSLATED },
	{ "R4 no ACS, one of several", ELEMENT(DEVICE, ENDPOINT),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 empty ACS", ELEMENT(DEVICE, ENDPOINT, WORDS(0, 0)),
	  ACS_GUARD_ISOLATED, .shared = true },
	{ "R4 RR off", ELEMENT(DEVICE, ENDPOINT, WORDS(RR | CR, CR)),
	  ACS_GUARD_MULTIFUNCTION, RR, .shared = true },
	{ "R4 CR off", ELEMENT(DEVICE, ENDPOINT, WORDS(RR | CR, RR)),
	  ACS_GUARD_MULTIFUNCTION, CR, .shared = true },
	{ "R4 CR not there", ELEMENT(DEVICE, ENDPOINT, WORDS(RR, RR)),
	  ACS_GUARD_MULTIFUNCTION, CR, .shared = true },
	{ "R4 EC there, RR not", ELEMENT(DEVICE, ENDPOINT, WORDS(EC, 0)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 DT there, RR not", ELEMENT(DEVICE, ENDPOINT, WORDS(DT, 0)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 EC on", ELEMENT(DEVICE, ENDPOINT, WORDS(0x2c, 0x2c)),
	  ACS_GUARD_MULTIFUNCTION, .shared = true },
	{ "R4 DT on", ELEMENT(DEVICE, ENDPOINT, WORDS(0x4e, 0x4e)),
	  ACS_GUARD_MULTIFUNCTION, .shared = true },
	{ "R4 SV and UF do not matter",
	  ELEMENT(DEVICE, ENDPOINT, WORDS(0x1d, 0x0c)), ACS_GUARD_ISOLATED,
	  .shared = true },
	{ "R4 Intel, integrated", ELEMENT(DEVICE, INTEGRATED, .vendor = 0x8086),
	  ACS_GUARD_ISOLATED, .shared = true },
	{ "R4 Intel, a card", ELEMENT(DEVICE, ENDPOINT, .vendor = 0x8086),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 integrated, not Intel's",
	  ELEMENT(DEVICE, INTEGRATED, .vendor = 0x1022),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 slot-mate", ELEMENT(DEVICE_SIBLING, ENDPOINT),
	  ACS_GUARD_MULTIFUNCTION, RR | CR },
	{ "R4 slot-mate, a port, SV off",
	  ELEMENT(DEVICE_SIBLING, ROOT_PORT, WORDS(GOOD, RR | CR)),
	  ACS_GUARD_ISOLATED },
	{ "R5 port with a mate without ACS", ELEMENT(BRIDGE_SIBLING, ENDPOINT),
	  ACS_GUARD_MULTIFUNCTION, RR | CR },
	{ "R5 mate is a port, SV off",
	  ELEMENT(BRIDGE_SIBLING, ROOT_PORT, WORDS(GOOD, GOOD & ~SV)),
	  ACS_GUARD_MULTIFUNCTION },
	{ "R5 mate is a port, EC there, RR not",
	  ELEMENT(BRIDGE_SIBLING, ROOT_PORT, WORDS(SV | EC, SV)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR },
	{ "R5 mate is a port, EC on",
	  ELEMENT(BRIDGE_SIBLING, ROOT_PORT, WORDS(GOOD | EC, GOOD | EC)),
	  ACS_GUARD_MULTIFUNCTION },
	{ "R5 upstream port, one of several", ELEMENT(BRIDGE, UPSTREAM),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R5 bridge to PCI, one of several", ELEMENT(BRIDGE, TO_PCI),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R5 root port, one of several",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD)), ACS_GUARD_ISOLATED,
	  .shared = true },
	{ "R6 sibling without ACS", ELEMENT(PEER_PORT, DOWNSTREAM),
	  ACS_GUARD_SIBLING_PORT, GOOD, .internal = true },
	{ "R6 sibling, UF off",
	  ELEMENT(PEER_PORT, DOWNSTREAM, WORDS(GOOD, 0xd)),
	  ACS_GUARD_SIBLING_PORT, UF, .internal = true },
	{ "R6 sibling, EC on",
	  ELEMENT(PEER_PORT, DOWNSTREAM, WORDS(GOOD | EC, GOOD | EC)),
	  ACS_GUARD_SIBLING_PORT, .internal = true },
	{ "R6 sibling in the same slot", ELEMENT(PEER_PORT, DOWNSTREAM),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .internal = true, .shared = true },
	{ "R7 endpoint in a switch", ELEMENT(DEVICE, ENDPOINT, WORDS(0, 0)),
	  ACS_GUARD_INTERNAL_FUNCTION, 0, true, .internal = true },
	{ "R7 endpoint beside a port", ELEMENT(PEER_PORT, ENDPOINT),
	  ACS_GUARD_INTERNAL_FUNCTION, 0, true, .internal = true },
	{ "R7 hidden by R4", ELEMENT(DEVICE, ENDPOINT), ACS_GUARD_MULTIFUNCTION,
	  RR | CR, true, .internal = true, .shared = true },
	{ "R5 bridge to PCI claims ACS",
	  ELEMENT(BRIDGE, TO_PCI, WORDS(RR | CR, RR | CR)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R8 no ACS is trusted", ELEMENT(DEVICE, ENDPOINT), ACS_GUARD_ISOLATED,
	  .shared = true, .only_virtual = true },
	{ "R8 empty ACS", ELEMENT(DEVICE, ENDPOINT, WORDS(0, 0)),
	  ACS_GUARD_ISOLATED, .shared = true, .only_virtual = true },
	{ "R8 RR off", ELEMENT(DEVICE, ENDPOINT, WORDS(RR, CR)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true,
	  .only_virtual = true },
	{ "R8 in a Root Complex", ELEMENT(DEVICE, INTEGRATED),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true,
	  .only_virtual = true },
	{ "R8 in a Root Complex, Intel",
	  ELEMENT(DEVICE, INTEGRATED, .vendor = 0x8086), ACS_GUARD_ISOLATED,
	  .shared = true, .only_virtual = true },
	{ "R8 mate in a Root Complex", ELEMENT(DEVICE_SIBLING, INTEGRATED),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .only_virtual = true },
	{ "R8 mate without ACS", ELEMENT(DEVICE_SIBLING, ENDPOINT),
	  ACS_GUARD_ISOLATED, .only_virtual = true },
	{ "R8 mate, CR off",
	  ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(RR | CR, RR)),
	  ACS_GUARD_MULTIFUNCTION, CR, .only_virtual = true },
	{ "R13 another function of the group", ELEMENT(GROUP_MEMBER, ENDPOINT),
	  ACS_GUARD_IOMMU_GROUP },
	{ "R13 one that nobody can read",
	  { .role = ACS_GUARD_GROUP_MEMBER, .fn.bdf = SOME_BDF },
	  ACS_GUARD_IOMMU_GROUP },
	{ "R14 no IOMMU",
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .bdf = SOME_BDF, .type = ENDPOINT, .readable = true },
	    .no_iommu = true },
	  ACS_GUARD_NO_IOMMU,
	  0,
	  true },
	{ "R14 no IOMMU, and nothing can be read",
	  { .role = ACS_GUARD_DEVICE, .fn.bdf = SOME_BDF, .no_iommu = true },
	  ACS_GUARD_NO_IOMMU,
	  0,
	  true },
	{ "too deep", ELEMENT(PATH_UNKNOWN, ROOT_PORT, WORDS(GOOD, GOOD)),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
};

static void name_example(const struct example *example, char *name)
{
	strscpy(name, example->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(example, examples, name_example);

static void by_hand(struct kunit *test)
{
	const struct example *example = test->param_value;
	struct acs_guard_element element = example->element;
	struct acs_guard_verdict got;

	element.shared = example->shared;
	element.internal = example->internal;
	element.shared_segment = example->shared_segment;
	element.only_virtual = example->only_virtual;
	got = judge(&normal, &element, 1);

	KUNIT_EXPECT_EQ(test, got.reason, example->reason);
	KUNIT_EXPECT_EQ(test, got.beyond_group, example->beyond);
	if (example->reason != ACS_GUARD_ISOLATED) {
		KUNIT_EXPECT_EQ(test, got.missing, example->missing);
		KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF);
	}
	check_element(test, &normal, &element);
	check_element(test, &strict, &element);
}

/* Which failure is named. */

/**
 * struct failure - a function that fails one rule
 * @turn: when that rule is asked; the same for what comes from one rule
 * @element: the function
 */
struct failure {
	unsigned int turn;
	struct acs_guard_element element;
};

static const struct failure failures[] = {
	{ 0, { .role = ACS_GUARD_DEVICE, .no_iommu = true } },
	{ 0,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = COLLECTOR, .readable = true },
	    .shared = true,
	    .no_iommu = true } },
	{ 1, { .role = ACS_GUARD_DEVICE } },
	{ 1, { .role = ACS_GUARD_BRIDGE_SIBLING } },
	{ 2, ELEMENT(DEVICE, COLLECTOR) },
	{ 2, ELEMENT(PATH_UNKNOWN, ROOT_PORT) },
	{ 3, ELEMENT(SHARED_ID, ENDPOINT) },
	{ 4,
	  { .role = ACS_GUARD_BRIDGE,
	    .fn = { .type = TO_PCI, .readable = true },
	    .shared_segment = true } },
	{ 5,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = ENDPOINT, .readable = true },
	    .shared = true } },
	{ 5,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = ENDPOINT, .readable = true, WORDS(RR, 0) },
	    .shared = true,
	    .only_virtual = true } },
	{ 6, ELEMENT(DEVICE_SIBLING, ENDPOINT) },
	{ 6, ELEMENT(BRIDGE_SIBLING, ENDPOINT) },
	{ 7, ELEMENT(BRIDGE, ROOT_PORT) },
	{ 7, ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, SV)) },
	{ 7, ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | RR, SV | RR)) },
	{ 8, ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | EC, GOOD | EC)) },
	{ 8, ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | DT, GOOD | DT)) },
	{ 9,
	  { .role = ACS_GUARD_PEER_PORT,
	    .fn = { .type = DOWNSTREAM, .readable = true },
	    .internal = true } },
	{ 10,
	  { .role = ACS_GUARD_PEER_PORT,
	    .fn = { .type = ENDPOINT, .readable = true },
	    .internal = true } },
	{ 11,
	  { .role = ACS_GUARD_BRIDGE,
	    .fn = { .type = ROOT_PORT, .readable = true, WORDS(GOOD, GOOD) },
	    .ats = true } },
	{ 12,
	  { .role = ACS_GUARD_BRIDGE,
	    .fn = { .type = ROOT_PORT, .readable = true, WORDS(GOOD, GOOD) },
	    .sibling_memory = true } },
	{ 13,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = ENDPOINT, .readable = true },
	    .cxl_cache = true } },
	{ 14, ELEMENT(GROUP_MEMBER, ENDPOINT) },
	{ 14, { .role = ACS_GUARD_GROUP_MEMBER } },
};

/* Both orders: what was seen first is not what fails first. */
static void expect_first(struct kunit *test,
			 const struct acs_guard_element *first,
			 const struct acs_guard_element *second)
{
	const struct acs_guard_verdict wanted = judge(&strict, first, 1);
	struct acs_guard_verdict verdict;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		const struct acs_guard_element elements[] = {
			i ? *second : *first, i ? *first : *second
		};

		verdict = judge(&strict, elements, 2);
		KUNIT_EXPECT_EQ(test, verdict.blocker, first->fn.bdf);
		KUNIT_EXPECT_EQ(test, verdict.reason, wanted.reason);
		KUNIT_EXPECT_EQ(test, verdict.missing, wanted.missing);
		KUNIT_EXPECT_EQ(test, verdict.root_port, wanted.root_port);
	}
}

/* Every two failures: by place, then by turn, then by address. */
static void every_pair(struct kunit *test)
{
	const u64 low = ACS_GUARD_BDF(0, 1, 0), high = ACS_GUARD_BDF(1, 0, 0);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(failures); i++)
		for (j = 0; j < ARRAY_SIZE(failures); j++) {
			struct acs_guard_element a = failures[i].element;
			struct acs_guard_element b = failures[j].element;

			a.fn.bdf = high;
			b.fn.bdf = low;
			a.level = 1;
			b.level = 2;
			expect_first(test, &a, &b);

			a.level = ACS_GUARD_MAX_DEPTH;
			b.level = ACS_GUARD_MAX_DEPTH + 1;
			expect_first(test, &a, &b);

			a.level = 0;
			b.level = 0;
			if (failures[i].turn < failures[j].turn)
				expect_first(test, &a, &b);
			if (failures[i].turn == failures[j].turn)
				expect_first(test, &b, &a);
		}
}

#define NUM_ELEMENTS 5
#define NUM_PATHS 400
#define SEED 3

/* What fails nothing, or only because of others: mixed in with failures. */
static const struct acs_guard_element others[] = {
	ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | TB, GOOD | TB)),
	ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(RR | CR, RR | CR)),
	ELEMENT(BRIDGE_SIBLING, ENDPOINT, WORDS(EC | RR | CR, RR | CR)),
	ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(0, 0)),
	{ .role = ACS_GUARD_PEER_PORT,
	  .fn = { .type = DOWNSTREAM, .readable = true, WORDS(GOOD, GOOD) },
	  .internal = true },
	{ .role = ACS_GUARD_DEVICE,
	  .fn = { .type = ENDPOINT, .readable = true },
	  .shared = true,
	  .only_virtual = true },
	{ .role = ACS_GUARD_DEVICE_SIBLING,
	  .fn = { .type = ENDPOINT, .readable = true },
	  .only_virtual = true },
	{ .role = ACS_GUARD_BRIDGE_SIBLING,
	  .fn = { .type = LEGACY, .readable = true },
	  .only_virtual = true },
	{ .role = ACS_GUARD_BRIDGE_SIBLING,
	  .fn = { .type = INTEGRATED, .readable = true },
	  .only_virtual = true },
	{ .role = ACS_GUARD_DEVICE,
	  .fn = { .type = INTEGRATED, .readable = true, .vendor = 0x8086 },
	  .shared = true,
	  .only_virtual = true },
	{ .role = ACS_GUARD_DEVICE,
	  .fn = { .type = ENDPOINT, .readable = true, WORDS(RR, 0) } },
};

/* SplitMix64, its upper half */
static u32 next_random(u64 *rnd)
{
	u64 z = *rnd += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z >> 32;
}

/* Reasons that come from one function a place have the same turn for all. */
static void random_element(u64 *rnd, unsigned int index,
			   struct acs_guard_element *element)
{
	const u32 bits = next_random(rnd);
	const u32 which = next_random(rnd);

	*element = bits & 1 ? failures[which % ARRAY_SIZE(failures)].element :
			      others[which % ARRAY_SIZE(others)];
	element->level = bits >> 1 & 1;
	element->hidden = !(bits >> 5 & 3);
	/* One function, one failure: no address comes twice. */
	element->fn.bdf = ACS_GUARD_BDF(bits >> 2 & 1, bits >> 3 & 3, index);
}

static void expect_same(struct kunit *test,
			const struct acs_guard_element *elements,
			const struct acs_guard_policy *policy)
{
	const struct acs_guard_verdict got =
		judge(policy, elements, NUM_ELEMENTS);
	const struct answer wanted =
		answer_of_path(policy, elements, NUM_ELEMENTS);

	if (likely(agree(&got, &wanted.verdict)))
		return;
	complain(test, &got, &wanted.verdict);
}

/* What stands at one place is heard together. */
static bool is_walk(const struct acs_guard_element *elements)
{
	unsigned int i, j;

	for (i = 2; i < NUM_ELEMENTS; i++)
		for (j = 0; j + 1 < i; j++)
			if (elements[i].level == elements[j].level &&
			    elements[i].level != elements[i - 1].level)
				return false;
	return true;
}

/* All orders of @elements from @from on. */
static void permute(struct kunit *test, struct acs_guard_element *elements,
		    unsigned int from)
{
	unsigned int i;

	if (from == NUM_ELEMENTS) {
		if (!is_walk(elements))
			return;
		expect_same(test, elements, &normal);
		expect_same(test, elements, &strict);
		return;
	}
	for (i = from; i < NUM_ELEMENTS; i++) {
		swap(elements[from], elements[i]);
		permute(test, elements, from + 1);
		swap(elements[from], elements[i]);
	}
}

static void any_order(struct kunit *test)
{
	static struct acs_guard_element elements[NUM_ELEMENTS];
	u64 rnd = SEED;
	unsigned int i, j;

	if (is_hopeless(test))
		return;
	for (i = 0; i < NUM_PATHS; i++) {
		for (j = 0; j < NUM_ELEMENTS; j++)
			random_element(&rnd, j, &elements[j]);
		permute(test, elements, 0);
	}
}

/* A failure that is not named still counts for the group. */
static void unnamed_beyond_group(struct kunit *test)
{
	struct acs_guard_element elements[] = {
		ELEMENT(BRIDGE, ROOT_PORT),
		ELEMENT(PEER_PORT, ENDPOINT),
	};
	struct acs_guard_verdict got;

	got = judge(&normal, elements, 1);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);

	elements[1].internal = true;
	elements[1].level = 7;
	got = judge(&normal, elements, 2);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);

	swap(elements[0], elements[1]);
	got = judge(&normal, elements, 2);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);
}

/* No failure of a function that the kernel does not list is excused. */
static void every_hidden_failure(struct kunit *test)
{
	const struct acs_guard_element good = {
		.role = ACS_GUARD_PEER_PORT,
		.fn = { .type = DOWNSTREAM,
			.readable = true,
			WORDS(GOOD, GOOD) },
		.internal = true,
		.hidden = true,
	};
	struct acs_guard_verdict got = judge(&strict, &good, 1);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_ISOLATED);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);

	for (i = 0; i < ARRAY_SIZE(failures); i++) {
		struct acs_guard_element element = failures[i].element;

		got = judge(&strict, &element, 1);
		KUNIT_EXPECT_FALSE(test, got.hidden);
		element.hidden = true;
		got = judge(&strict, &element, 1);
		KUNIT_EXPECT_TRUE(test, got.beyond_group);
		KUNIT_EXPECT_EQ(test, got.hidden, !element.shared_segment);
		KUNIT_EXPECT_EQ(test, got.root_port,
				element.fn.type == ROOT_PORT);
	}
}

/* A function is trusted, and another shows that it should not have been. */
static void hidden_among_virtual(struct kunit *test)
{
	struct acs_guard_element elements[] = {
		ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(RR | CR, RR | CR)),
		ELEMENT(DEVICE_SIBLING, ENDPOINT),
		ELEMENT(DEVICE_SIBLING, ENDPOINT),
		ELEMENT(BRIDGE, ROOT_PORT),
	};
	struct acs_guard_verdict got;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(elements); i++)
		elements[i].fn.bdf = SOME_BDF + i;
	elements[1].only_virtual = true;
	elements[2].only_virtual = true;
	elements[2].hidden = true;

	got = judge(&normal, elements, 3);
	KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF + 1);
	KUNIT_EXPECT_FALSE(test, got.hidden);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);

	swap(elements[1].fn.bdf, elements[2].fn.bdf);
	got = judge(&normal, elements, 4);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_MULTIFUNCTION);
	KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF + 1);
	KUNIT_EXPECT_TRUE(test, got.hidden);
	KUNIT_EXPECT_FALSE(test, got.root_port);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);

	/* Without the first nobody says so, and the next place is another. */
	elements[3].level = 1;
	got = judge(&normal, &elements[1], 3);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_FALSE(test, got.hidden);
	KUNIT_EXPECT_TRUE(test, got.root_port);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);
}

/* Begin and end. */

static void empty_path(struct kunit *test)
{
	const struct acs_guard_verdict got = judge(&strict, NULL, 0);

	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_ISOLATED);
	KUNIT_EXPECT_EQ(test, got.missing, 0);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);
}

/* A walk that was given up, at any point, is no reason to say yes. */
static void never_ended(struct kunit *test)
{
	const struct acs_guard_element good =
		ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD));
	const struct acs_guard_element bad = ELEMENT(BRIDGE, ROOT_PORT);
	struct acs_guard_verdict verdict;

	memset(&verdict, 0xff, sizeof(verdict));
	acs_guard_verdict_begin(&verdict, ELSEWHERE);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);
	KUNIT_EXPECT_EQ(test, verdict.blocker, ELSEWHERE);
	KUNIT_EXPECT_EQ(test, verdict.missing, 0);
	KUNIT_EXPECT_FALSE(test, verdict.beyond_group);

	acs_guard_verdict_step(&verdict, &normal, &good);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);
	KUNIT_EXPECT_EQ(test, verdict.blocker, ELSEWHERE);

	acs_guard_verdict_step(&verdict, &normal, &bad);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_EQ(test, verdict.blocker, SOME_BDF);
}

/* A trust that nobody has asked for is not spoilt: it names nobody. */
static void none_trusted(struct kunit *test)
{
	const struct acs_guard_element admits =
		ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD));
	struct acs_guard_element next = admits;
	struct acs_guard_verdict verdict;

	next.level = 1;
	acs_guard_verdict_begin(&verdict, ELSEWHERE);
	acs_guard_verdict_step(&verdict, &normal, &admits);
	acs_guard_verdict_step(&verdict, &normal, &next);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);
	KUNIT_EXPECT_EQ(test, verdict.blocker, ELSEWHERE);
}

/* Memory that nobody has filled in says no, to everything. */
static void zeroed(struct kunit *test)
{
	const struct acs_guard_allowance none = {};
	const struct acs_guard_common_ancestor ancestor = {
		.kind = ACS_GUARD_ONE_DEVICE,
	};
	const struct acs_guard_element element = {};
	struct acs_guard_verdict verdict = {};

	KUNIT_EXPECT_EQ(test, acs_guard_decide(&verdict, &none),
			ACS_GUARD_DENY);
	KUNIT_EXPECT_TRUE(test, acs_guard_exposed(&ancestor));

	/* Not even a walk over it makes it good, if nobody has begun one. */
	acs_guard_verdict_end(&verdict);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);

	verdict = judge(&normal, &element, 1);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);
}

/* Whom a function can reach. */

/*
 * A packet of either side that turns round at @fn; if @blocked, no translated
 * request of @fn's side gets there.
 */
static bool p2p_at(const struct acs_guard_common_ancestor *ancestor,
		   const struct acs_guard_function *fn, bool blocked)
{
	struct acs_guard_function reached = *fn;

	if (!fn->readable)
		return true;
	if (in_port(fn))
		return may_go_straight(UNTRANSLATED, controls(fn)) ||
		       (!blocked &&
			may_go_straight(TRANSLATED, controls(fn))) ||
		       may_go_straight(COMPLETION, controls(fn));
	if (ancestor->kind == ACS_GUARD_SWITCH)
		return true;
	if (ancestor->only_virtual && may_lack_acs(fn) && !ancestor->p2p)
		return false;
	if (fn->type >= ARRAY_SIZE(types) || !types[fn->type].known)
		return true;
	if (blocked)
		reached.ctrl &= ~DT;
	return function_is_bad(&reached);
}

/* Return: false, after a complaint, if either side is not judged right. */
static bool check_ancestor(struct kunit *test,
			   struct acs_guard_common_ancestor *ancestor,
			   const struct acs_guard_function *fn)
{
	static const struct acs_guard_function good = { .type = DOWNSTREAM,
							.readable = true,
							WORDS(GOOD, GOOD) };
	bool wanted, here, there;

	wanted = ancestor->lacks_uf ||
		 p2p_at(ancestor, fn, ancestor->own.blocked);
	ancestor->own.fn = *fn;
	ancestor->other.fn = good;
	here = acs_guard_exposed(ancestor);
	swap(ancestor->own.fn, ancestor->other.fn);
	swap(ancestor->own.blocked, ancestor->other.blocked);
	there = acs_guard_exposed(ancestor);
	swap(ancestor->own.blocked, ancestor->other.blocked);
	if (likely(here == wanted && there == wanted))
		return true;
	describe(test, fn);
	complained = true;
	KUNIT_FAIL(test, "got %d and %d, wanted %d", here, there, wanted);
	return false;
}

static bool check_words_at(struct kunit *test,
			   struct acs_guard_common_ancestor *ancestor,
			   struct acs_guard_function *fn)
{
	unsigned int word;

	fn->readable = true;
	fn->acs = false;
	fn->cap = 0;
	fn->ctrl = 0;
	if (!check_ancestor(test, ancestor, fn))
		return false;
	fn->acs = true;
	for (word = 0; word < NUM_WORDS * NUM_WORDS; word++) {
		fn->cap = word / NUM_WORDS;
		fn->ctrl = word % NUM_WORDS;
		if (!check_ancestor(test, ancestor, fn))
			return false;
	}
	fn->readable = false;
	fn->cap = GOOD;
	fn->ctrl = GOOD;
	return check_ancestor(test, ancestor, fn);
}

static const struct ancestor_case {
	const char *name;
	struct acs_guard_common_ancestor ancestor;
} ancestor_cases[] = {
	{ "one device", { ACS_GUARD_ONE_DEVICE } },
	{ "switch", { ACS_GUARD_SWITCH } },
	{ "virtual", { ACS_GUARD_ONE_DEVICE, .only_virtual = true } },
	{ "virtual, one admits",
	  { ACS_GUARD_ONE_DEVICE, .only_virtual = true, .p2p = true } },
	{ "virtual, in a switch", { ACS_GUARD_SWITCH, .only_virtual = true } },
	{ "one device, blocked",
	  { ACS_GUARD_ONE_DEVICE, .own.blocked = true } },
	{ "one device, other blocked",
	  { ACS_GUARD_ONE_DEVICE, .other.blocked = true } },
	{ "switch, blocked", { ACS_GUARD_SWITCH, .own.blocked = true } },
	{ "switch, other blocked",
	  { ACS_GUARD_SWITCH, .other.blocked = true } },
	{ "one device, sent back", { ACS_GUARD_ONE_DEVICE, .lacks_uf = true } },
	{ "switch, sent back", { ACS_GUARD_SWITCH, .lacks_uf = true } },
};

static void name_ancestor_case(const struct ancestor_case *ground, char *name)
{
	strscpy(name, ground->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ancestor_case, ancestor_cases, name_ancestor_case);

static void every_word_at_ancestor(struct kunit *test)
{
	const struct ancestor_case *ground = test->param_value;
	struct acs_guard_common_ancestor ancestor = ground->ancestor;
	struct acs_guard_function fn = {};
	unsigned int i;

	if (is_hopeless(test))
		return;
	for (; fn.type <= CONVENTIONAL + 1; fn.type++)
		for (i = 0; i < ARRAY_SIZE(vendors); i++) {
			fn.vendor = vendors[i];
			if (!check_words_at(test, &ancestor, &fn))
				return;
		}
}

/* Where registers have no say; the functions there are the worst there are. */
static void every_kind_of_ancestor(struct kunit *test)
{
	struct acs_guard_common_ancestor ancestor = { .lacks_uf = true };

	ancestor.kind = ACS_GUARD_APART;
	KUNIT_EXPECT_FALSE(test, acs_guard_exposed(&ancestor));
	ancestor.lacks_uf = false;
	ancestor.kind = ACS_GUARD_SEGMENT;
	KUNIT_EXPECT_TRUE(test, acs_guard_exposed(&ancestor));
	/* What nobody has heard of is no place to be safe at. */
	ancestor.kind = ACS_GUARD_SEGMENT + 1;
	KUNIT_EXPECT_TRUE(test, acs_guard_exposed(&ancestor));
}

/* Whose word spoils trust, which port sends back down, which one blocks. */
static void every_declaration(struct kunit *test)
{
	struct acs_guard_element element = { .role = ACS_GUARD_DEVICE_SIBLING };
	struct acs_guard_function *fn = &element.fn;
	unsigned int word;

	KUNIT_EXPECT_TRUE(test, acs_guard_declares_p2p(fn));
	KUNIT_EXPECT_TRUE(test, acs_guard_lacks_uf(fn));
	*fn = (struct acs_guard_function){ .type = DOWNSTREAM,
					   WORDS(GOOD | TB, GOOD | TB) };
	KUNIT_EXPECT_TRUE(test, acs_guard_declares_p2p(fn));
	KUNIT_EXPECT_TRUE(test, acs_guard_lacks_uf(fn));
	KUNIT_EXPECT_FALSE(test, acs_guard_blocks_translated(fn));
	*fn = (struct acs_guard_function){};
	fn->readable = true;
	KUNIT_EXPECT_FALSE(test, acs_guard_declares_p2p(fn));

	for (; fn->type <= CONVENTIONAL; fn->type++)
		for (word = 0; word < NUM_WORDS * NUM_WORDS; word++) {
			fn->acs = true;
			fn->cap = word / NUM_WORDS;
			fn->ctrl = word % NUM_WORDS;
			if (acs_guard_declares_p2p(fn) !=
			    declares_p2p(&element)) {
				KUNIT_FAIL(test, "type %x cap %x admits",
					   fn->type, fn->cap);
				return;
			}
			if (!in_port(fn))
				continue;
			if (acs_guard_lacks_uf(fn) != !!lacks(fn, UF) ||
			    acs_guard_blocks_translated(fn) !=
				    !!(fn->cap & fn->ctrl & TB)) {
				KUNIT_FAIL(test, "type %x cap %x ctrl %x back",
					   fn->type, fn->cap, fn->ctrl);
				return;
			}
			fn->acs = false;
			if (!acs_guard_lacks_uf(fn) ||
			    acs_guard_declares_p2p(fn) ||
			    acs_guard_blocks_translated(fn)) {
				KUNIT_FAIL(test, "type %x without ACS",
					   fn->type);
				return;
			}
		}
}

/* What becomes of a bind. */

struct decision {
	bool in_group;
	bool beyond;
	bool permissive;
	enum acs_guard_mode mode;
	enum acs_guard_action action;
};

static const struct decision decisions[] = {
	{ 0, 0, 0, ACS_GUARD_ENFORCE, ACS_GUARD_DENY },
	{ 0, 0, 0, ACS_GUARD_AUDIT, ACS_GUARD_WOULD_DENY },
	{ 0, 0, 1, ACS_GUARD_ENFORCE, ACS_GUARD_ALLOW_PERMISSIVE },
	{ 0, 0, 1, ACS_GUARD_AUDIT, ACS_GUARD_ALLOW_PERMISSIVE },
	{ 0, 1, 0, ACS_GUARD_ENFORCE, ACS_GUARD_DENY },
	{ 0, 1, 0, ACS_GUARD_AUDIT, ACS_GUARD_WOULD_DENY },
	{ 0, 1, 1, ACS_GUARD_ENFORCE, ACS_GUARD_ALLOW_PERMISSIVE },
	{ 0, 1, 1, ACS_GUARD_AUDIT, ACS_GUARD_ALLOW_PERMISSIVE },
	{ 1, 0, 0, ACS_GUARD_ENFORCE, ACS_GUARD_ALLOW_GROUP },
	{ 1, 0, 0, ACS_GUARD_AUDIT, ACS_GUARD_ALLOW_GROUP },
	{ 1, 0, 1, ACS_GUARD_ENFORCE, ACS_GUARD_ALLOW_GROUP },
	{ 1, 0, 1, ACS_GUARD_AUDIT, ACS_GUARD_ALLOW_GROUP },
	{ 1, 1, 0, ACS_GUARD_ENFORCE, ACS_GUARD_DENY },
	{ 1, 1, 0, ACS_GUARD_AUDIT, ACS_GUARD_WOULD_DENY },
	{ 1, 1, 1, ACS_GUARD_ENFORCE, ACS_GUARD_ALLOW_PERMISSIVE },
	{ 1, 1, 1, ACS_GUARD_AUDIT, ACS_GUARD_ALLOW_PERMISSIVE },
};

static void every_decision(struct kunit *test)
{
	struct acs_guard_verdict verdict = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(decisions); i++) {
		const struct decision *decision = &decisions[i];
		const struct acs_guard_allowance allowance = {
			.in_group = decision->in_group,
			.permissive = decision->permissive,
			.mode = decision->mode,
		};
		unsigned int reason;

		verdict.beyond_group = decision->beyond;
		for (reason = 0; reason < ACS_GUARD_NUM_REASONS; reason++) {
			verdict.reason = reason;
			KUNIT_EXPECT_EQ(test,
					acs_guard_decide(&verdict, &allowance),
					reason == ACS_GUARD_ISOLATED ?
						ACS_GUARD_ALLOW :
						decision->action);
		}
	}
}

/* The cheap ones first. */
static struct kunit_case verdict_cases[] = {
	KUNIT_CASE_PARAM(by_hand, example_gen_params),
	KUNIT_CASE_PARAM(unreadable, stance_gen_params),
	KUNIT_CASE(every_pair),
	KUNIT_CASE(unnamed_beyond_group),
	KUNIT_CASE(every_hidden_failure),
	KUNIT_CASE(hidden_among_virtual),
	KUNIT_CASE(empty_path),
	KUNIT_CASE(never_ended),
	KUNIT_CASE(none_trusted),
	KUNIT_CASE(zeroed),
	KUNIT_CASE(every_kind_of_ancestor),
	KUNIT_CASE(every_declaration),
	KUNIT_CASE(every_decision),
	KUNIT_CASE(any_order),
	KUNIT_CASE_PARAM(every_word_at_ancestor, ancestor_case_gen_params),
	KUNIT_CASE_PARAM(every_strict_word, stance_gen_params),
	KUNIT_CASE_PARAM(every_word, stance_gen_params),
	{},
};

struct kunit_suite verdict_suite = {
	.name = "acs_guard_verdict",
	.suite_init = start_afresh,
	.test_cases = verdict_cases,
};
