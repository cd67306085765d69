// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: a bind is allowed only in the case that the action names
 *
 * "allow" is for functions that are isolated, and for no other.  The other
 * three actions that let a driver bind each need what they are named after.
 *
 * quick: yes
 * bound: none; any verdict, any allowance
 * source: module/engine/action.c
 */
#include "proof.h"

int main(void)
{
	const struct acs_guard_verdict verdict = {
		.reason = nondet_u32(),
		.beyond_group = any_bool(),
		.order = nondet_u32(),
	};
	const struct acs_guard_allowance allowance = {
		.in_group = any_bool(),
		.permissive = any_bool(),
		.mode = nondet_u32(),
	};
	const bool isolated = verdict.reason == ACS_GUARD_ISOLATED;
	const bool group = allowance.in_group && !verdict.beyond_group;
	const bool audit = allowance.mode == ACS_GUARD_AUDIT;

	switch (acs_guard_decide(&verdict, &allowance)) {
	case ACS_GUARD_ALLOW:
		prove(isolated, "allow: only if isolated");
		break;
	case ACS_GUARD_ALLOW_GROUP:
		prove(!isolated && group, "allow-group: only in the group");
		break;
	case ACS_GUARD_ALLOW_PERMISSIVE:
		prove(!isolated && !group && allowance.permissive,
		      "allow-permissive: only by an exception");
		break;
	case ACS_GUARD_WOULD_DENY:
		prove(!isolated && !group && !allowance.permissive && audit,
		      "would-deny: only in audit mode");
		break;
	case ACS_GUARD_DENY:
		prove(!isolated && !group && !allowance.permissive && !audit,
		      "deny: only if nothing allows the bind");
		break;
	default:
		prove(false, "no other action");
	}
	return 0;
}
