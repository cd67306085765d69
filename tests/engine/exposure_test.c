// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: whether two functions can reach each other
 */
#include "acs.h"
#include "suites.h"
#include "verdict_check.h"

static const u16 vendors[] = { 0x1234, PCI_VENDOR_ID_INTEL };

/* Return: false, after a complaint, if engine and model disagree. */
static bool check_ancestor(struct kunit *test,
			   struct acs_guard_common_ancestor *ancestor,
			   const struct acs_guard_function *fn)
{
	static const struct acs_guard_function good = { .type = DOWNSTREAM,
							.readable = true,
							WORDS(GOOD, GOOD) };
	bool wanted, here, there;

	wanted = ancestor->lacks_uf ||
		 model_p2p_at(ancestor, fn, ancestor->own.blocked);
	ancestor->own.fn = *fn;
	ancestor->other.fn = good;
	here = acs_guard_exposed(ancestor);
	swap(ancestor->own.fn, ancestor->other.fn);
	swap(ancestor->own.blocked, ancestor->other.blocked);
	there = acs_guard_exposed(ancestor);
	swap(ancestor->own.blocked, ancestor->other.blocked);
	if (likely(here == wanted && there == wanted))
		return true;
	describe_function(test, fn);
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
	{ "virtual, one declares P2P",
	  { ACS_GUARD_ONE_DEVICE, .only_virtual = true, .p2p = true } },
	{ "virtual, in a switch", { ACS_GUARD_SWITCH, .only_virtual = true } },
	{ "one device, blocked",
	  { ACS_GUARD_ONE_DEVICE, .own.blocked = true } },
	{ "one device, other blocked",
	  { ACS_GUARD_ONE_DEVICE, .other.blocked = true } },
	{ "switch, blocked", { ACS_GUARD_SWITCH, .own.blocked = true } },
	{ "switch, other blocked",
	  { ACS_GUARD_SWITCH, .other.blocked = true } },
	{ "one device, no UF above",
	  { ACS_GUARD_ONE_DEVICE, .lacks_uf = true } },
	{ "switch, no UF above", { ACS_GUARD_SWITCH, .lacks_uf = true } },
};

static void name_ancestor_case(const struct ancestor_case *ancestor_case,
			       char *name)
{
	strscpy(name, ancestor_case->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ancestor_case, ancestor_cases, name_ancestor_case);

static void every_word_at_ancestor(struct kunit *test)
{
	const struct ancestor_case *ancestor_case = test->param_value;
	struct acs_guard_common_ancestor ancestor = ancestor_case->ancestor;
	struct acs_guard_function fn = {};
	unsigned int i;

	if (skip_after_failure(test))
		return;
	for (; fn.type <= CONVENTIONAL + 1; fn.type++)
		for (i = 0; i < ARRAY_SIZE(vendors); i++) {
			fn.vendor = vendors[i];
			if (!check_words_at(test, &ancestor, &fn))
				return;
		}
}

/* Kinds that do not depend on registers. */
static void every_kind_of_ancestor(struct kunit *test)
{
	struct acs_guard_common_ancestor ancestor = { .lacks_uf = true };

	ancestor.kind = ACS_GUARD_APART;
	KUNIT_EXPECT_FALSE(test, acs_guard_exposed(&ancestor));
	ancestor.lacks_uf = false;
	ancestor.kind = ACS_GUARD_SEGMENT;
	KUNIT_EXPECT_TRUE(test, acs_guard_exposed(&ancestor));
	/* An unknown kind. */
	ancestor.kind = ACS_GUARD_SEGMENT + 1;
	KUNIT_EXPECT_TRUE(test, acs_guard_exposed(&ancestor));
}

/* The questions about one function. */
static void every_declaration(struct kunit *test)
{
	struct acs_guard_element element = { .role = ACS_GUARD_DEVICE_SIBLING };
	struct acs_guard_function *fn = &element.fn;
	unsigned int word;

	KUNIT_EXPECT_TRUE(test, acs_fn_declares_p2p(fn));
	KUNIT_EXPECT_TRUE(test, acs_guard_lacks_uf(fn));
	*fn = (struct acs_guard_function){ .type = DOWNSTREAM,
					   WORDS(GOOD | TB, GOOD | TB) };
	KUNIT_EXPECT_TRUE(test, acs_fn_declares_p2p(fn));
	KUNIT_EXPECT_TRUE(test, acs_guard_lacks_uf(fn));
	KUNIT_EXPECT_FALSE(test, acs_guard_blocks_translated(fn));
	*fn = (struct acs_guard_function){};
	fn->readable = true;
	KUNIT_EXPECT_FALSE(test, acs_fn_declares_p2p(fn));

	for (; fn->type <= CONVENTIONAL; fn->type++)
		for (word = 0; word < NUM_WORDS * NUM_WORDS; word++) {
			fn->acs = true;
			fn->cap = word / NUM_WORDS;
			fn->ctrl = word % NUM_WORDS;
			if (acs_fn_declares_p2p(fn) !=
			    model_declares_p2p(&element)) {
				KUNIT_FAIL(test, "type %x cap %x declares",
					   fn->type, fn->cap);
				return;
			}
			if (!model_is_port(fn))
				continue;
			if (acs_guard_lacks_uf(fn) != !!model_lacks(fn, UF) ||
			    acs_guard_blocks_translated(fn) !=
				    !!(fn->cap & fn->ctrl & TB)) {
				KUNIT_FAIL(test,
					   "type %x cap %x ctrl %x UF or TB",
					   fn->type, fn->cap, fn->ctrl);
				return;
			}
			fn->acs = false;
			if (!acs_guard_lacks_uf(fn) ||
			    acs_fn_declares_p2p(fn) ||
			    acs_guard_blocks_translated(fn)) {
				KUNIT_FAIL(test, "type %x without ACS",
					   fn->type);
				return;
			}
		}
}

static struct kunit_case exposure_cases[] = {
	KUNIT_CASE(every_kind_of_ancestor),
	KUNIT_CASE(every_declaration),
	KUNIT_CASE_PARAM(every_word_at_ancestor, ancestor_case_gen_params),
	{ 0 },
};

struct kunit_suite exposure_suite = {
	.name = "exposure",
	.test_cases = exposure_cases,
};
