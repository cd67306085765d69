// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: the verdict does not depend on the order of functions of one level
 *
 * Two elements of a level that follow each other may be swapped, whatever came
 * before them: the verdict is the same in each field.  Each order of a level
 * can be made from each other by such swaps.
 *
 * The two are different functions.  One function has one failure of each rank,
 * so it makes no difference which of two equal ones is recorded.
 *
 * quick: yes
 * bound: none in the number of elements; any elements, any policy
 * source: module/engine/rules.c
 */
#include "proof.h"

static void expect_same(const struct acs_guard_verdict *a,
			const struct acs_guard_verdict *b)
{
	prove(a->reason == b->reason, "same reason");
	prove(a->blocker == b->blocker, "same blocker");
	prove(a->missing == b->missing, "same missing flags");
	prove(a->hidden == b->hidden, "same: hidden");
	prove(a->root_port == b->root_port, "same: Root Port");
	prove(a->order == b->order, "same order");
	prove(a->beyond_group == b->beyond_group, "same: beyond the group");
	prove(a->p2p == b->p2p, "same: peer-to-peer support");
	prove(a->level == b->level, "same level");
	prove(a->trusted_order == b->trusted_order, "same order of trusted");
	prove(a->trusted == b->trusted, "same trusted function");
	prove(a->trusted_hidden == b->trusted_hidden, "same: trusted hidden");
	prove(a->hidden_trusted == b->hidden_trusted, "same: hidden trusted");
}

int main(void)
{
	const struct acs_guard_policy policy = any_policy();
	const struct acs_guard_element first = any_element();
	const struct acs_guard_element second = any_element();
	struct acs_guard_verdict one = any_verdict();
	struct acs_guard_verdict other = one;

	assume(first.level == second.level);
	assume(first.fn.bdf != second.fn.bdf);

	acs_guard_verdict_step(&one, &policy, &first);
	acs_guard_verdict_step(&one, &policy, &second);
	acs_guard_verdict_step(&other, &policy, &second);
	acs_guard_verdict_step(&other, &policy, &first);
	expect_same(&one, &other);
	return 0;
}
