// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the action that follows from a verdict
 */
#include "engine.h"

/**
 * acs_guard_decide() - decide about a bind
 * @verdict: the verdict about the function
 * @allowance: what may allow a function that is not isolated
 *
 * Return: %ACS_GUARD_ALLOW, %ACS_GUARD_ALLOW_GROUP,
 * %ACS_GUARD_ALLOW_PERMISSIVE, %ACS_GUARD_WOULD_DENY or %ACS_GUARD_DENY.
 */
enum acs_guard_action
acs_guard_decide(const struct acs_guard_verdict *verdict,
		 const struct acs_guard_allowance *allowance)
{
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return ACS_GUARD_ALLOW;
	if (allowance->in_group && !verdict->beyond_group)
		return ACS_GUARD_ALLOW_GROUP;
	if (allowance->permissive)
		return ACS_GUARD_ALLOW_PERMISSIVE;
	if (allowance->mode == ACS_GUARD_AUDIT)
		return ACS_GUARD_WOULD_DENY;
	return ACS_GUARD_DENY;
}
