// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the rules about a pair of functions
 *
 * Facts in, answer out: nothing here reads a device or takes a lock.  All of it
 * may run in any context.
 */
#include "acs.h"
#include "engine.h"

/**
 * acs_guard_lacks_uf() - can a request that goes up through a port come down
 *	through the same port?
 * @port: a Root Port or Switch Downstream Port
 *
 * 6.12.3: without Upstream Forwarding, a port may send a request that was
 * redirected upstream below the port down again, if its address is below the
 * port.
 */
bool acs_guard_lacks_uf(const struct acs_guard_function *port)
{
	return !port->readable || acs_fn_port_missing(port) & PCI_ACS_UF;
}

/**
 * acs_guard_blocks_translated() - does a port block translated requests from
 *	below?  (6.12.1.1, Translation Blocking)
 * @port: a Root Port or Switch Downstream Port
 */
bool acs_guard_blocks_translated(const struct acs_guard_function *port)
{
	return port->readable && acs_fn_has_acs(port) &&
	       port->cap & port->ctrl & PCI_ACS_TB;
}

/*
 * Can a request or completion at the top of @path reach the other path without
 * passing the root complex?
 */
static bool allows_p2p(const struct acs_guard_common_ancestor *ancestor,
		       const struct acs_guard_peer_path *path)
{
	struct acs_guard_function fn = path->fn;

	if (!fn.readable)
		return true;
	if (ancestor->kind == ACS_GUARD_SWITCH && !acs_fn_is_port(&fn))
		return true;
	if (ancestor->only_virtual && acs_fn_fails_without_acs(&fn))
		return ancestor->p2p;
	if (!acs_fn_is_known(&fn))
		return true;
	/* Direct Translated P2P applies to translated requests only (6.12.3). */
	if (path->blocked)
		fn.ctrl &= (u16)~PCI_ACS_DT;
	if (acs_fn_is_port(&fn))
		return acs_fn_port_missing(&fn) & ACS_REDIRECT_FLAGS ||
		       acs_fn_egress_direct(&fn) ||
		       acs_fn_direct_translated(&fn);
	return acs_fn_function_fails(&fn);
}

/**
 * acs_guard_exposed() - can either of two functions reach the other?
 * @ancestor: where their paths join; in a tree there is one such place
 *
 * Return: true if a packet from one can reach the other without passing the
 * root complex, or if the two share a requester ID.
 */
bool acs_guard_exposed(const struct acs_guard_common_ancestor *ancestor)
{
	switch (ancestor->kind) {
	case ACS_GUARD_APART:
		return false;
	case ACS_GUARD_ONE_DEVICE:
	case ACS_GUARD_SWITCH:
		return ancestor->lacks_uf ||
		       allows_p2p(ancestor, &ancestor->own) ||
		       allows_p2p(ancestor, &ancestor->other);
	default:
		return true;
	}
}
