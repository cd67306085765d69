// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the verdict about each role with each word of ACS registers
 */
#include "suites.h"
#include "verdict_check.h"

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
	{ "sibling", ACS_GUARD_DEVICE_SIBLING },
	{ "among virtual ones", ACS_GUARD_DEVICE, true, false, true },
	{ "among virtual ones in a switch", ACS_GUARD_DEVICE, true, true,
	  true },
	{ "sibling, one is virtual", ACS_GUARD_DEVICE_SIBLING, false, false,
	  true },
	{ "sibling in a switch, one is virtual", ACS_GUARD_DEVICE_SIBLING,
	  false, true, true },
	{ "bridge", ACS_GUARD_BRIDGE },
	{ "bridge, one of several", ACS_GUARD_BRIDGE, true },
	{ "bridge in a switch", ACS_GUARD_BRIDGE, false, true },
	{ "bridge, one of several in a switch", ACS_GUARD_BRIDGE, true, true },
	{ "bridge with virtual siblings", ACS_GUARD_BRIDGE, true, false, true },
	{ "sibling of a bridge", ACS_GUARD_BRIDGE_SIBLING },
	{ "virtual sibling of a bridge", ACS_GUARD_BRIDGE_SIBLING, false, false,
	  true },
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
	if (!check_element(test, &normal_policy, element))
		return false;

	element->fn.acs = true;
	for (word = 0; word < NUM_WORDS * NUM_WORDS; word++) {
		element->fn.cap = word / NUM_WORDS;
		element->fn.ctrl = word % NUM_WORDS;
		if (!check_element(test, &normal_policy, element))
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

	if (skip_after_failure(test))
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

/* Registers that could not be read are not used, whatever they contain. */
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
			judge_elements(&normal_policy, &element, 1);

		KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_UNREADABLE);
		KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF);
		KUNIT_EXPECT_EQ(test, got.missing, 0);
		KUNIT_EXPECT_TRUE(test, got.beyond_group);
		KUNIT_EXPECT_TRUE(test, check_element(test, &normal_policy,
						      &element));
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
		if (!check_element(test, &strict_policy, element))
			return false;
	}
	/* S1 and S2 do not apply unless the policy is strict. */
	return check_element(test, &normal_policy, element);
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

	if (skip_after_failure(test))
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

static struct kunit_case verdict_words_cases[] = {
	KUNIT_CASE_PARAM(unreadable, stance_gen_params),
	KUNIT_CASE_PARAM(every_strict_word, stance_gen_params),
	KUNIT_CASE_PARAM(every_word, stance_gen_params),
	{ 0 },
};

struct kunit_suite verdict_words_suite = {
	.name = "verdict_words",
	.test_cases = verdict_words_cases,
};
