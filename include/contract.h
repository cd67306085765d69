/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what the module, the tool and the tests agree on
 *
 * Addresses, and the enums behind the words of the contract.
 */
#ifndef ACS_GUARD_CONTRACT_H
#define ACS_GUARD_CONTRACT_H

#include "home.h"

/*
 * An address as one number that sorts as lspci does: domain, bus, device and
 * function.  The domain has 32 bits; VMD and Hyper-V use more than 16.
 */
#define ACS_GUARD_BDF(domain, bus, devfn) \
	(((u64)(u32)(domain) << 16) | ((u64)(u8)(bus) << 8) | (u8)(devfn))

/**
 * struct acs_guard_name - an address in words, made by acs_guard_name()
 * @text: dddd:bb:dd.f
 */
struct acs_guard_name {
	char text[24];
};

/**
 * acs_guard_name() - an address as lspci -D writes it
 * @bdf: the address, made by ACS_GUARD_BDF()
 *
 * Return: the text, by value: pass acs_guard_name(bdf).text to a "%s".
 */
static inline struct acs_guard_name acs_guard_name(u64 bdf)
{
	struct acs_guard_name name;

	snprintf(name.text, sizeof(name.text), "%04x:%02x:%02x.%x",
		 (u32)(bdf >> 16), (u8)(bdf >> 8), (u8)bdf >> 3, (u8)bdf & 7);
	return name;
}

/**
 * enum acs_guard_reason - why a function is, or is not, isolated
 * @ACS_GUARD_UNREADABLE: R9, a register that is needed cannot be read
 * @ACS_GUARD_UNKNOWN_TYPE: R11, a kind of function that has no rules
 * @ACS_GUARD_ALIAS: R12, shares a requester ID with another function
 * @ACS_GUARD_CONVENTIONAL: R1, shares a conventional PCI segment
 * @ACS_GUARD_MULTIFUNCTION: R4, R5, R8, functions of one device are not kept
 *	apart (6.12.1.2)
 * @ACS_GUARD_NO_ACS: R2, a port without ACS (6.12.1.1)
 * @ACS_GUARD_ACS_INCOMPLETE: R2, a port that does not implement all required
 *	ACS controls; no setting changes that
 * @ACS_GUARD_ACS_DISABLED: R2, a port that implements all required ACS
 *	controls, and not all of them are on
 * @ACS_GUARD_EGRESS_DIRECT: R3, P2P Egress Control may send requests straight
 *	to a peer
 * @ACS_GUARD_DIRECT_TRANSLATED: R3, Direct Translated P2P is on, Translation
 *	Blocking is not
 * @ACS_GUARD_SIBLING_PORT: R6, another downstream port of the switch fails
 *	R2 or R3
 * @ACS_GUARD_INTERNAL_FUNCTION: R7, something other than a port on a
 *	switch-internal bus
 * @ACS_GUARD_TRANSLATION: S1, S3, strict only: requests that a function marks
 *	as translated bypass the IOMMU
 * @ACS_GUARD_PORT_MEMORY: S2, strict only: the memory of a switch's own ports
 *	can be reached
 * @ACS_GUARD_IOMMU_GROUP: R13, shares its IOMMU group with another function
 * @ACS_GUARD_NO_IOMMU: R14, no IOMMU translates its DMA
 * @ACS_GUARD_ISOLATED: no rule fails
 * @ACS_GUARD_NUM_REASONS: how many there are
 *
 * Zero is a refusal, so memory that was never filled in cannot be a yes.
 */
enum acs_guard_reason {
	ACS_GUARD_UNREADABLE,
	ACS_GUARD_UNKNOWN_TYPE,
	ACS_GUARD_ALIAS,
	ACS_GUARD_CONVENTIONAL,
	ACS_GUARD_MULTIFUNCTION,
	ACS_GUARD_NO_ACS,
	ACS_GUARD_ACS_INCOMPLETE,
	ACS_GUARD_ACS_DISABLED,
	ACS_GUARD_EGRESS_DIRECT,
	ACS_GUARD_DIRECT_TRANSLATED,
	ACS_GUARD_SIBLING_PORT,
	ACS_GUARD_INTERNAL_FUNCTION,
	ACS_GUARD_TRANSLATION,
	ACS_GUARD_PORT_MEMORY,
	ACS_GUARD_IOMMU_GROUP,
	ACS_GUARD_NO_IOMMU,
	ACS_GUARD_ISOLATED,
	ACS_GUARD_NUM_REASONS,
};

/**
 * enum acs_guard_mode - whether refusals are meant
 * @ACS_GUARD_ENFORCE: they are
 * @ACS_GUARD_AUDIT: they are only logged
 * @ACS_GUARD_NUM_MODES: how many there are
 */
enum acs_guard_mode {
	ACS_GUARD_ENFORCE,
	ACS_GUARD_AUDIT,
	ACS_GUARD_NUM_MODES,
};

/**
 * enum acs_guard_unit - what has to be isolated
 * @ACS_GUARD_FUNCTION: each function
 * @ACS_GUARD_GROUP: each IOMMU group, which VFIO gives to one owner
 * @ACS_GUARD_NUM_UNITS: how many there are
 */
enum acs_guard_unit {
	ACS_GUARD_FUNCTION,
	ACS_GUARD_GROUP,
	ACS_GUARD_NUM_UNITS,
};

/**
 * enum acs_guard_action - what became of a request, or what happened
 * @ACS_GUARD_DENY: the bind is refused
 * @ACS_GUARD_ALLOW: the function is isolated; nothing to say
 * @ACS_GUARD_ALLOW_GROUP: not isolated, but shares only with its own group
 * @ACS_GUARD_ALLOW_PERMISSIVE: not isolated, bound by its administrator's word
 * @ACS_GUARD_WOULD_DENY: not isolated, bound because mode=audit
 * @ACS_GUARD_PRESENT: not isolated, and bound before the guard came
 * @ACS_GUARD_VETO_LOST: refused, yet bound: the guard unbinds it
 * @ACS_GUARD_DRIFT: was isolated when it was bound, and is not any more
 * @ACS_GUARD_SET_PERMISSIVE: permissive was set
 * @ACS_GUARD_CLEAR_PERMISSIVE: permissive was cleared
 * @ACS_GUARD_NUM_ACTIONS: how many there are
 */
enum acs_guard_action {
	ACS_GUARD_DENY,
	ACS_GUARD_ALLOW,
	ACS_GUARD_ALLOW_GROUP,
	ACS_GUARD_ALLOW_PERMISSIVE,
	ACS_GUARD_WOULD_DENY,
	ACS_GUARD_PRESENT,
	ACS_GUARD_VETO_LOST,
	ACS_GUARD_DRIFT,
	ACS_GUARD_SET_PERMISSIVE,
	ACS_GUARD_CLEAR_PERMISSIVE,
	ACS_GUARD_NUM_ACTIONS,
};

#endif /* ACS_GUARD_CONTRACT_H */
