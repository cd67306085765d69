/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what the ACS registers of one function enforce
 *
 * Shared by the rules about one function (rules.c) and those about a pair of
 * functions (pair_rules.c); inline, since a verdict asks for each port.
 */
#ifndef ACS_GUARD_ACS_H
#define ACS_GUARD_ACS_H

#include "engine.h"

#define ACS_PORT_FLAGS (PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF)
#define ACS_REDIRECT_FLAGS (PCI_ACS_RR | PCI_ACS_CR)

/* 7.7.11: a function that implements one of these supports peer-to-peer. */
#define ACS_PEER_FLAGS (ACS_REDIRECT_FLAGS | PCI_ACS_EC | PCI_ACS_DT)

/* A Root Port or a Switch Downstream Port, to which 6.12.1.1 applies. */
static inline bool acs_fn_is_port(const struct acs_guard_function *fn)
{
	return fn->type == PCI_EXP_TYPE_ROOT_PORT ||
	       fn->type == PCI_EXP_TYPE_DOWNSTREAM;
}

/*
 * R11.  Root Complex Event Collectors are refused, as reserved types are, and
 * types that the header contradicts.
 */
static inline bool acs_fn_is_known(const struct acs_guard_function *fn)
{
	switch (fn->type) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_UPSTREAM:
	case PCI_EXP_TYPE_DOWNSTREAM:
	case PCI_EXP_TYPE_PCI_BRIDGE:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
	case PCI_EXP_TYPE_RC_END:
	case ACS_GUARD_TYPE_CONVENTIONAL:
		return true;
	default:
		return false;
	}
}

/*
 * 6.12.1: a bridge to or from conventional PCI never has ACS.  If it has the
 * capability all the same, the capability is ignored.
 */
static inline bool acs_fn_has_acs(const struct acs_guard_function *fn)
{
	switch (fn->type) {
	case PCI_EXP_TYPE_PCI_BRIDGE:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
	case ACS_GUARD_TYPE_CONVENTIONAL:
		return false;
	default:
		return fn->acs && acs_fn_is_known(fn);
	}
}

/*
 * Those of RR and CR that have to be enabled (6.12.1.1, 6.12.1.2).  CR is
 * required with RR, and both are required with EC or DT, which imply that there
 * is peer-to-peer traffic to redirect.  Otherwise a control that is not
 * implemented is hard-wired, or there is no such traffic.
 */
static inline u16 acs_fn_redirect_flags(const struct acs_guard_function *fn)
{
	if (fn->cap & (PCI_ACS_EC | PCI_ACS_DT) ||
	    fn->type == PCI_EXP_TYPE_DOWNSTREAM)
		return ACS_REDIRECT_FLAGS;
	if (fn->cap & PCI_ACS_RR)
		return ACS_REDIRECT_FLAGS;
	return fn->cap & PCI_ACS_CR;
}

/*
 * R2: flags that a port lacks.  6.12.1.1: SV is mandatory at every port, and a
 * Switch Downstream Port implements all four.  A Root Port without UF has
 * nothing to forward.
 */
static inline u16 acs_fn_port_missing(const struct acs_guard_function *fn)
{
	u16 must;

	if (!acs_fn_has_acs(fn))
		return ACS_PORT_FLAGS;

	must = PCI_ACS_SV | acs_fn_redirect_flags(fn) | (fn->cap & PCI_ACS_UF);
	if (fn->type == PCI_EXP_TYPE_DOWNSTREAM)
		must |= PCI_ACS_UF;
	return must & ~(fn->cap & fn->ctrl);
}

/* R4: flags that a function of a multi-function device lacks (6.12.1.2). */
static inline u16 acs_fn_function_missing(const struct acs_guard_function *fn)
{
	if (!acs_fn_has_acs(fn))
		return ACS_REDIRECT_FLAGS;
	return acs_fn_redirect_flags(fn) & ~(fn->cap & fn->ctrl);
}

/*
 * R3.  7.7.11.3: if EC is enabled and the bit of the peer in the Egress Control
 * Vector is clear, a request goes straight to the peer, whether or not RR is
 * enabled.
 */
static inline bool acs_fn_egress_direct(const struct acs_guard_function *fn)
{
	return acs_fn_has_acs(fn) && fn->ctrl & PCI_ACS_EC;
}

/*
 * R3.  6.12.3: if DT is enabled, translated requests go straight to the peer,
 * unless TB blocks them.
 */
static inline bool acs_fn_direct_translated(const struct acs_guard_function *fn)
{
	return acs_fn_has_acs(fn) && fn->ctrl & PCI_ACS_DT &&
	       !(fn->cap & fn->ctrl & PCI_ACS_TB);
}

/*
 * R4.  The VT-d specification, 3.16, requires Intel's integrated endpoints to
 * send all their DMA to the remapping hardware.
 */
static inline bool acs_fn_function_fails(const struct acs_guard_function *fn)
{
	if (fn->type == PCI_EXP_TYPE_RC_END &&
	    fn->vendor == PCI_VENDOR_ID_INTEL)
		return false;
	if (acs_fn_function_missing(fn))
		return true;
	return fn->ctrl & (PCI_ACS_EC | PCI_ACS_DT);
}

/*
 * R8.  7.7.11: a device with virtual functions has ACS if it supports
 * peer-to-peer traffic between its functions, unless it is integrated in a Root
 * Complex.  So a function that fails R4 for want of ACS is trusted among
 * virtual functions, until another function of the device declares
 * peer-to-peer support.
 */
static inline bool acs_fn_fails_without_acs(const struct acs_guard_function *fn)
{
	return !acs_fn_has_acs(fn) && !acs_fn_is_port(fn) &&
	       fn->type != PCI_EXP_TYPE_RC_END && acs_fn_function_fails(fn);
}

/*
 * R8.  7.7.11: does @fn declare that its device supports peer-to-peer traffic
 * between its functions?  If the registers of @fn cannot be read, it may.  The
 * flags of a port are about traffic of functions below the port, and declare
 * nothing.
 */
static inline bool acs_fn_declares_p2p(const struct acs_guard_function *fn)
{
	if (!fn->readable)
		return true;
	return !acs_fn_is_port(fn) && acs_fn_has_acs(fn) &&
	       fn->cap & ACS_PEER_FLAGS;
}

#endif /* ACS_GUARD_ACS_H */
