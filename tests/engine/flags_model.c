// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: which ACS flags there must be, and where packets go
 */
#include "rules_model.h"

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

/**
 * model_goes_straight() - can a packet go straight to a peer?
 * @packet: its kind
 * @on: the controls that are enabled
 */
bool model_goes_straight(enum packet packet, u16 on)
{
	return way_of(packet, on, 0) == STRAIGHT ||
	       way_of(packet, on, 1) == STRAIGHT;
}

/**
 * model_is_port() - is a function a Root Port or a Switch Downstream Port?
 * @fn: the function
 */
bool model_is_port(const struct acs_guard_function *fn)
{
	return fn->type == ROOT_PORT || fn->type == DOWNSTREAM;
}

/**
 * model_has_acs() - has a function ACS, and a type that can have it?
 * @fn: the function
 */
bool model_has_acs(const struct acs_guard_function *fn)
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
	if (!model_has_acs(fn))
		return false;
	return fn->cap & flag ? fn->ctrl & flag : !is_mandatory(fn, flag);
}

/**
 * model_lacks() - the flags of a function that are not satisfied
 * @fn: the function
 * @flags: the flags that matter
 */
u16 model_lacks(const struct acs_guard_function *fn, u16 flags)
{
	u16 flag, lacking = 0;

	for (flag = SV; flag <= DT; flag <<= 1)
		if (flags & flag && !is_satisfied(fn, flag))
			lacking |= flag;
	return lacking;
}

/**
 * model_controls() - the controls that are enabled at a port
 * @fn: the port
 *
 * A flag that is not satisfied counts as off, EC and DT
 * count as on if they read so, TB only if it is implemented as well.
 */
u16 model_controls(const struct acs_guard_function *fn)
{
	const u16 off = model_lacks(fn, GOOD);

	return (GOOD & ~off) | (fn->ctrl & (EC | DT)) |
	       (fn->cap & fn->ctrl & TB);
}

/**
 * model_port_is_bad() - does a port fail R2 or R3?
 * @fn: the port
 */
bool model_port_is_bad(const struct acs_guard_function *fn)
{
	return model_lacks(fn, GOOD) ||
	       model_goes_straight(UNTRANSLATED, model_controls(fn)) ||
	       model_goes_straight(TRANSLATED, model_controls(fn));
}

/**
 * model_function_is_bad() - does a function fail R4?
 * @fn: the function
 */
bool model_function_is_bad(const struct acs_guard_function *fn)
{
	if (fn->vendor == 0x8086 && fn->type == INTEGRATED)
		return false;
	return model_lacks(fn, RR | CR) || fn->ctrl & EC || fn->ctrl & DT;
}
