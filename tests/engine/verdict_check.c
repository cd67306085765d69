// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: compare the verdict about some elements with the model's
 */
#include "verdict_check.h"

const struct acs_guard_policy normal_policy = { .strict = false };
const struct acs_guard_policy strict_policy = { .strict = true };

/**
 * judge_elements() - the engine's verdict
 * @policy: which rules apply
 * @elements: all functions that affect the verdict
 * @num: how many there are
 */
struct acs_guard_verdict
judge_elements(const struct acs_guard_policy *policy,
	       const struct acs_guard_element *elements, unsigned int num)
{
	struct acs_guard_verdict verdict;
	unsigned int i;

	acs_guard_verdict_begin(&verdict, SOME_BDF);
	for (i = 0; i < num; i++)
		acs_guard_verdict_step(&verdict, policy, &elements[i]);
	acs_guard_verdict_end(&verdict);
	return verdict;
}

/**
 * verdicts_agree() - are two verdicts the same?
 * @a: a verdict
 * @b: another
 *
 * The blocker and the facts about it are void if the function is isolated.
 */
bool verdicts_agree(const struct acs_guard_verdict *a,
		    const struct acs_guard_verdict *b)
{
	if (a->reason != b->reason || a->beyond_group != b->beyond_group)
		return false;
	return a->reason == ACS_GUARD_ISOLATED ||
	       (a->blocker == b->blocker && a->missing == b->missing &&
		a->hidden == b->hidden && a->root_port == b->root_port);
}

/*
 * A test of all words takes a second.  After a failure the next one has nothing
 * to add; scripts/mutate makes the tests fail some hundred times.
 */
static bool failed;

/**
 * skip_after_failure() - leave out a long test if another has failed
 * @test: the test
 *
 * Return: true if @test has been left out.
 */
bool skip_after_failure(struct kunit *test)
{
	if (failed)
		kunit_skip(test, "something simpler fails");
	return failed;
}

/**
 * forget_failure() - begin the first suite
 * @suite: the suite
 */
int forget_failure(struct kunit_suite *suite)
{
	failed = false;
	return 0;
}

/**
 * complain() - fail a test because of a verdict
 * @test: the test
 * @got: the verdict
 * @wanted: the verdict that was expected
 */
void complain(struct kunit *test, const struct acs_guard_verdict *got,
	      const struct acs_guard_verdict *wanted)
{
	kunit_err(test, "got %d %llx %x %d %d %d", got->reason, got->blocker,
		  got->missing, got->beyond_group, got->hidden, got->root_port);
	KUNIT_FAIL(test, "wanted %d %llx %x %d %d %d", wanted->reason,
		   wanted->blocker, wanted->missing, wanted->beyond_group,
		   wanted->hidden, wanted->root_port);
	failed = true;
}

/**
 * describe_function() - print the facts of a function that a failure is about
 * @test: the test
 * @fn: the function
 */
void describe_function(struct kunit *test, const struct acs_guard_function *fn)
{
	kunit_err(test, "type %x vendor %x readable %d acs %d cap %x ctrl %x",
		  fn->type, fn->vendor, fn->readable, fn->acs, fn->cap,
		  fn->ctrl);
}

/**
 * check_element() - compare the verdict about a path of one element
 * @test: the test
 * @policy: which rules apply
 * @element: the element
 *
 * Return: false, after a complaint, if engine and model disagree.
 */
bool check_element(struct kunit *test, const struct acs_guard_policy *policy,
		   const struct acs_guard_element *element)
{
	const struct acs_guard_verdict got = judge_elements(policy, element, 1);
	const struct acs_guard_verdict wanted =
		model_verdict(policy, element, 1);

	if (likely(verdicts_agree(&got, &wanted)))
		return true;
	describe_function(test, &element->fn);
	complain(test, &got, &wanted);
	return false;
}
