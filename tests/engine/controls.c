// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: verdicts that do not know a rule
 */
#include "controls.h"

static bool is_port_above(const struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_BRIDGE &&
	       (element->fn.type == PCI_EXP_TYPE_ROOT_PORT ||
		element->fn.type == PCI_EXP_TYPE_DOWNSTREAM);
}

static bool pretend(struct acs_guard_element *element, u16 flags)
{
	if (is_port_above(element) && element->fn.acs) {
		element->fn.cap |= flags;
		element->fn.ctrl |= flags;
	}
	return false;
}

static bool without_r1(struct acs_guard_element *element)
{
	element->shared_segment = false;
	return false;
}

static bool without_r2(struct acs_guard_element *element)
{
	if (!is_port_above(element) || element->fn.acs)
		return false;
	element->fn.acs = true;
	element->fn.cap = 0x1d;
	element->fn.ctrl = 0x1d;
	return false;
}

static bool without_r2_rr(struct acs_guard_element *element)
{
	return pretend(element, PCI_ACS_RR);
}

static bool without_r2_cr(struct acs_guard_element *element)
{
	return pretend(element, PCI_ACS_CR);
}

static bool without_r2_uf(struct acs_guard_element *element)
{
	return pretend(element, PCI_ACS_UF);
}

static bool without_r3_ec(struct acs_guard_element *element)
{
	if (is_port_above(element))
		element->fn.ctrl &= ~PCI_ACS_EC;
	return false;
}

static bool without_r3_dt(struct acs_guard_element *element)
{
	if (is_port_above(element))
		element->fn.ctrl &= ~PCI_ACS_DT;
	return false;
}

static bool without_r4(struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_DEVICE)
		element->shared = false;
	return element->role == ACS_GUARD_DEVICE_SIBLING && !element->internal;
}

static bool without_r5(struct acs_guard_element *element)
{
	if (element->role == ACS_GUARD_BRIDGE)
		element->shared = false;
	return element->role == ACS_GUARD_BRIDGE_SIBLING;
}

static bool without_r6(struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_PEER_PORT &&
	       element->fn.type == PCI_EXP_TYPE_DOWNSTREAM;
}

static bool without_r7(struct acs_guard_element *element)
{
	if (element->fn.type == PCI_EXP_TYPE_DOWNSTREAM)
		return false;
	element->internal = false;
	return element->role == ACS_GUARD_PEER_PORT;
}

static bool without_r8(struct acs_guard_element *element)
{
	return element->only_virtual &&
	       (element->role == ACS_GUARD_DEVICE ||
		element->role == ACS_GUARD_DEVICE_SIBLING);
}

static bool without_r9(struct acs_guard_element *element)
{
	if (element->fn.readable)
		return false;
	element->fn.readable = true;
	element->fn.acs = true;
	element->fn.cap = 0x1d;
	element->fn.ctrl = 0x1d;
	return false;
}

static bool without_r11(struct acs_guard_element *element)
{
	return element->fn.type > PCI_EXP_TYPE_RC_END &&
	       element->fn.type != ACS_GUARD_TYPE_CONVENTIONAL;
}

static bool without_r12(struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_SHARED_ID;
}

static bool without_r13(struct acs_guard_element *element)
{
	return element->role == ACS_GUARD_GROUP_MEMBER;
}

static bool without_hidden(struct acs_guard_element *element)
{
	if (element->shared_segment)
		element->shared_segment = !element->hidden;
	return element->hidden && element->role != ACS_GUARD_BRIDGE;
}

static bool without_s1(struct acs_guard_element *element)
{
	element->ats = false;
	return false;
}

static bool without_s2_upstream(struct acs_guard_element *element)
{
	element->upstream_memory = false;
	return false;
}

static bool without_s2_sibling(struct acs_guard_element *element)
{
	element->sibling_memory = false;
	return false;
}

static bool without_s3(struct acs_guard_element *element)
{
	element->cxl_cache = false;
	return false;
}

const struct control controls[] = {
	{ "R1", without_r1, UNSOUND },
	{ "R2", without_r2, UNSOUND },
	{ "R2, RR", without_r2_rr, UNSOUND },
	{ "R2, CR", without_r2_cr, UNSOUND },
	{ "R2, UF", without_r2_uf, UNSOUND },
	{ "R3, EC", without_r3_ec, UNSOUND },
	{ "R3, DT", without_r3_dt, UNSOUND },
	{ "R4", without_r4, UNSOUND },
	{ "R5", without_r5, UNSOUND },
	{ "R6", without_r6, UNSOUND },
	{ "R7", without_r7, UNSOUND },
	{ "R8", without_r8, UNSOUND },
	{ "R9", without_r9, UNSOUND },
	{ "R11", without_r11, UNSOUND },
	{ "R12", without_r12, UNSOUND },
	{ "R13", without_r13, GROUP_SHARED },
	{ "hidden functions", without_hidden, UNSOUND },
	{ "S1", without_s1, LAX },
	{ "S2, Upstream Port", without_s2_upstream, LAX },
	{ "S2, Downstream Port", without_s2_sibling, LAX },
	{ "S3", without_s3, LAX },
};

const unsigned int controls_nr = ARRAY_SIZE(controls);
