// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: a path with a function that cannot be read is never isolated
 *
 * By induction over the elements of a path: no step makes a verdict isolated or
 * takes back a failure, an element that cannot be read is a failure, and only
 * a verdict without a failure ends as isolated.  A verdict that is not ended,
 * because the walk was aborted, is not isolated either.
 *
 * quick: yes
 * bound: none in the number of elements; any element, any policy
 * source: module/engine/rules.c
 */
#include "proof.h"

int main(void)
{
	const struct acs_guard_policy policy = any_policy();
	const struct acs_guard_element element = any_element();
	struct acs_guard_verdict verdict;
	bool had_failed;

	acs_guard_verdict_begin(&verdict, nondet_u64());
	prove(verdict.reason != ACS_GUARD_ISOLATED, "begun: not isolated");

	verdict = any_verdict();
	had_failed = has_failed(&verdict);
	acs_guard_verdict_step(&verdict, &policy, &element);
	prove(verdict.reason != ACS_GUARD_ISOLATED,
	      "no step makes a verdict isolated");
	prove(has_failed(&verdict) || !had_failed,
	      "no step takes back a failure");
	prove(has_failed(&verdict) || element.fn.readable,
	      "an element that cannot be read is a failure");

	verdict = any_verdict();
	had_failed = has_failed(&verdict);
	acs_guard_verdict_end(&verdict);
	prove(verdict.reason != ACS_GUARD_ISOLATED || !had_failed,
	      "a verdict with a failure does not end as isolated");
	return 0;
}
