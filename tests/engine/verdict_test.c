// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: how a verdict begins and ends, and what is decided about a bind
 */
#include "suites.h"
#include "verdict_check.h"

#define ELSEWHERE ACS_GUARD_BDF(1, 0xff, 0xff)

static void empty_path(struct kunit *test)
{
	const struct acs_guard_verdict got =
		judge_elements(&strict_policy, NULL, 0);

	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_ISOLATED);
	KUNIT_EXPECT_EQ(test, got.missing, 0);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);
}

/* The verdict of a walk that was aborted, at any point, is a refusal. */
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

	acs_guard_verdict_step(&verdict, &normal_policy, &good);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);
	KUNIT_EXPECT_EQ(test, verdict.blocker, ELSEWHERE);

	acs_guard_verdict_step(&verdict, &normal_policy, &bad);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_EQ(test, verdict.blocker, SOME_BDF);
}

/* R8: if no function is trusted, none fails for a declaration. */
static void none_trusted(struct kunit *test)
{
	const struct acs_guard_element declares =
		ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD));
	struct acs_guard_element next = declares;
	struct acs_guard_verdict verdict;

	next.level = 1;
	acs_guard_verdict_begin(&verdict, ELSEWHERE);
	acs_guard_verdict_step(&verdict, &normal_policy, &declares);
	acs_guard_verdict_step(&verdict, &normal_policy, &next);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);
	KUNIT_EXPECT_EQ(test, verdict.blocker, ELSEWHERE);
}

/* Memory that was not filled in is a refusal. */
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

	/* The end of a verdict that was not begun is a refusal as well. */
	acs_guard_verdict_end(&verdict);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);

	verdict = judge_elements(&normal_policy, &element, 1);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_UNREADABLE);
}

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

static struct kunit_case verdict_cases[] = {
	KUNIT_CASE(empty_path),	    KUNIT_CASE(never_ended),
	KUNIT_CASE(none_trusted),   KUNIT_CASE(zeroed),
	KUNIT_CASE(every_decision), { 0 },
};

struct kunit_suite verdict_suite = {
	.name = "verdict",
	.suite_init = forget_failure,
	.test_cases = verdict_cases,
};
