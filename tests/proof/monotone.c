// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: one more function, one more failed read or a stricter policy never
 * turns no into yes
 *
 * By induction over the elements of two paths, of which the second has more
 * elements, more that cannot be read, or a stricter policy: at_least_as_strict()
 * holds at the beginning, after an element that only the second path has, and
 * after each that both have; and if it holds at the end, the second verdict
 * allows nothing that the first one refuses.  unit=function is stricter than
 * unit=group, no exception than an exception, enforce mode than audit mode.
 *
 * The elements of a level follow each other, also with the one that is added.
 *
 * quick: yes
 * bound: none in the number of elements; any elements, policy, allowance
 * source: module/engine/rules.c module/engine/action.c
 */
#include "proof.h"

/* Does @verdict fail if no further element comes? */
static bool will_fail(const struct acs_guard_verdict *verdict)
{
	return has_failed(verdict) ||
	       (verdict->p2p && verdict->trusted_order != NO_FAILURE);
}

static bool will_be_beyond(const struct acs_guard_verdict *verdict)
{
	return verdict->beyond_group ||
	       (verdict->p2p && verdict->trusted_order != NO_FAILURE &&
		verdict->hidden_trusted);
}

/* Of the level that both are at, does @more know what @less knows? */
static bool knows_level(const struct acs_guard_verdict *less,
			const struct acs_guard_verdict *more)
{
	return (more->p2p || !less->p2p) &&
	       (more->trusted_order != NO_FAILURE ||
		less->trusted_order == NO_FAILURE) &&
	       (more->hidden_trusted || !less->hidden_trusted);
}

static bool at_least_as_strict(const struct acs_guard_verdict *less,
			       const struct acs_guard_verdict *more)
{
	const bool knows = less->level != more->level ||
			   knows_level(less, more);

	if (will_fail(less) && !will_fail(more))
		return false;
	if (will_be_beyond(less) && !will_be_beyond(more))
		return false;
	return (has_failed(more) && more->beyond_group) || knows;
}

/* A walk reads no registers of another member of the group (R13). */
static bool is_from_walk(const struct acs_guard_element *element)
{
	return element->role != ACS_GUARD_GROUP_MEMBER ||
	       !(element->shared || element->internal || element->ats ||
		 element->upstream_memory || element->sibling_memory ||
		 element->cxl_cache);
}

static void prove_begin(void)
{
	struct acs_guard_verdict less, more;
	const u64 bdf = nondet_u64();

	acs_guard_verdict_begin(&less, bdf);
	acs_guard_verdict_begin(&more, bdf);
	prove(at_least_as_strict(&less, &more), "at the beginning");
}

static void prove_one_more(void)
{
	const struct acs_guard_policy policy = any_policy();
	const struct acs_guard_element element = any_element();
	const struct acs_guard_verdict less = any_verdict();
	struct acs_guard_verdict more = less;

	acs_guard_verdict_step(&more, &policy, &element);
	prove(at_least_as_strict(&less, &more), "after one more element");
}

static void prove_step(void)
{
	const struct acs_guard_policy policy = any_policy();
	const struct acs_guard_policy stricter = { .strict = policy.strict ||
							     any_bool() };
	const struct acs_guard_element element = any_element();
	struct acs_guard_element unread = element;
	struct acs_guard_verdict less = any_verdict();
	struct acs_guard_verdict more = any_verdict();

	assume(at_least_as_strict(&less, &more));
	assume(is_from_walk(&element));
	/* Only after an element that ends a level for @more alone. */
	assume(less.level == more.level || element.level != less.level);
	if (any_bool()) {
		unread.fn = any_function();
		unread.fn.bdf = element.fn.bdf;
		unread.fn.readable = false;
	}

	acs_guard_verdict_step(&less, &policy, &element);
	acs_guard_verdict_step(&more, &stricter, &unread);
	prove(at_least_as_strict(&less, &more), "after each element");
}

static bool binds(enum acs_guard_action action)
{
	return action != ACS_GUARD_DENY;
}

static void prove_end(void)
{
	const struct acs_guard_allowance allowance = {
		.in_group = any_bool(),
		.permissive = any_bool(),
		.mode = nondet_u32(),
	};
	const struct acs_guard_allowance stricter = {
		.in_group = allowance.in_group && any_bool(),
		.permissive = allowance.permissive && any_bool(),
		.mode = any_bool() ? allowance.mode : ACS_GUARD_ENFORCE,
	};
	struct acs_guard_verdict less = any_verdict();
	struct acs_guard_verdict more = any_verdict();

	assume(at_least_as_strict(&less, &more));
	acs_guard_verdict_end(&less);
	acs_guard_verdict_end(&more);
	if (more.reason == ACS_GUARD_ISOLATED)
		prove(less.reason == ACS_GUARD_ISOLATED,
		      "what is not isolated does not become isolated");
	prove(more.beyond_group || !less.beyond_group,
	      "what a group does not excuse is not excused");
	if (binds(acs_guard_decide(&more, &stricter)))
		prove(binds(acs_guard_decide(&less, &allowance)),
		      "what is refused is not allowed");
}

int main(void)
{
	prove_begin();
	prove_one_more();
	prove_step();
	prove_end();
	return 0;
}
