// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: registers in the bytes of a configuration space
 */
#include "registers.h"

#define MAX_CAPS 48
#define MAX_EXT_CAPS ((CFG_SIZE - PCI_CFG_SPACE_SIZE) / 8)

/**
 * reg() - read a register of a dump
 * @fn: the function
 * @where: its offset
 * @size: how many bytes it has
 *
 * Return: its value; bytes that are not known read all ones.
 */
unsigned int reg(const struct function *fn, unsigned int where,
		 unsigned int size)
{
	unsigned int value = 0;

	while (size--)
		value = value << 8 |
			(where + size < fn->len ? fn->cfg[where + size] : 0xff);
	return value;
}

unsigned int header_type_of(const struct function *fn)
{
	return reg(fn, PCI_HEADER_TYPE, 1) & 0x7f;
}

/* As the PCI core finds it; 0 if there is none, 1 if that is not known. */
static unsigned int find_cap(const struct function *fn, unsigned int id)
{
	unsigned int left = MAX_CAPS, at;

	if (!(reg(fn, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return 0;
	at = header_type_of(fn) == PCI_HEADER_TYPE_CARDBUS ?
		     PCI_CB_CAPABILITY_LIST :
		     PCI_CAPABILITY_LIST;
	for (at = reg(fn, at, 1) & ~3u; at >= 0x40;
	     at = reg(fn, at + PCI_CAP_LIST_NEXT, 1) & ~3u) {
		/* Cut off, in a circle, or not what the function has. */
		if (at >= fn->len || !left-- || reg(fn, at, 1) == 0xff ||
		    !reg(fn, at, 2))
			return 1;
		if (reg(fn, at, 1) == id)
			return at;
	}
	return 0;
}

unsigned int pcie_cap_of(const struct function *fn)
{
	return find_cap(fn, PCI_CAP_ID_EXP);
}

/* PCI-X 2.0: the mode in which a bus has extended configuration space. */
bool pcix_is_fast(const struct function *fn)
{
	const unsigned int at = find_cap(fn, PCI_CAP_ID_PCIX);

	return at > 1 && reg(fn, at + PCI_X_STATUS, 4) &
				 (PCI_X_STATUS_266MHZ | PCI_X_STATUS_533MHZ);
}

/**
 * kind_of() - the type of a function (7.5.3.2)
 * @fn: the function
 *
 * Return: PCI_EXP_TYPE_*, %KIND_CONVENTIONAL or %KIND_UNKNOWN.
 */
int kind_of(const struct function *fn)
{
	const unsigned int at = pcie_cap_of(fn);

	if (!at)
		return KIND_CONVENTIONAL;
	if (at == 1)
		return KIND_UNKNOWN;
	return (int)((reg(fn, at + PCI_EXP_FLAGS, 2) & PCI_EXP_FLAGS_TYPE) >>
		     4);
}

unsigned int find_ext_cap(const struct function *fn, unsigned int id)
{
	unsigned int at = PCI_CFG_SPACE_SIZE, left = MAX_EXT_CAPS, header;

	while (fn->len == CFG_SIZE && at >= PCI_CFG_SPACE_SIZE && left--) {
		header = reg(fn, at, 4);
		if (PCI_EXT_CAP_ID(header) == id)
			return at;
		at = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/**
 * has_broken_list() - is the list of extended capabilities no list?
 * @fn: the function
 *
 * Return: true if the list comes back to where it was, or leads to where
 * nothing answers.
 */
bool has_broken_list(const struct function *fn)
{
	bool seen[CFG_SIZE / 4] = {};
	unsigned int at = PCI_CFG_SPACE_SIZE, header;

	/* All ones there are no list, but no extended configuration space. */
	if (fn->len < CFG_SIZE || reg(fn, at, 4) == U32_MAX)
		return false;
	for (; at >= PCI_CFG_SPACE_SIZE; at = PCI_EXT_CAP_NEXT(header)) {
		header = reg(fn, at, 4);
		if (seen[at / 4] || header == U32_MAX)
			return true;
		seen[at / 4] = true;
	}
	return false;
}

/*
 * As the PCI core has it: nothing answers with these.  Vendor 0001 stands for
 * "ask again later".
 */
bool answers(const struct function *fn)
{
	const unsigned int vendor = reg(fn, PCI_VENDOR_ID, 2);
	const unsigned int device = reg(fn, PCI_DEVICE_ID, 2);

	if (vendor == 0xffff || vendor == 0x0001)
		return false;
	return vendor || (device && device != 0xffff) ||
	       fn->flags & FN_NO_VENDOR;
}

bool has_bridge_header(const struct function *fn)
{
	return !is_virtual(fn) &&
	       (header_type_of(fn) == PCI_HEADER_TYPE_BRIDGE ||
		header_type_of(fn) == PCI_HEADER_TYPE_CARDBUS);
}

/* As the PCI core asks: only such ports implement a slot. */
static bool may_have_slot(const struct function *fn)
{
	return fn->type == PCI_EXP_TYPE_ROOT_PORT ||
	       fn->type == PCI_EXP_TYPE_DOWNSTREAM ||
	       fn->type == PCI_EXP_TYPE_PCIE_BRIDGE;
}

/* 7.5.3.9: can a slot take a device while the machine runs? */
static bool has_hotplug(const struct function *fn, unsigned int at)
{
	return may_have_slot(fn) &&
	       reg(fn, at + PCI_EXP_FLAGS, 2) & PCI_EXP_FLAGS_SLOT &&
	       reg(fn, at + PCI_EXP_SLTCAP, 4) & PCI_EXP_SLTCAP_HPC;
}

/**
 * read_kind() - fill in what of a function never changes
 * @fn: its bytes are there, and do count
 */
void read_kind(struct function *fn)
{
	const int kind = kind_of(fn);

	fn->type = kind < 0 ? TYPE_CONVENTIONAL : (u8)kind;
	fn->acs = 0;
	if (fn->type != TYPE_CONVENTIONAL)
		fn->acs = (u16)find_ext_cap(fn, PCI_EXT_CAP_ID_ACS);
	if (kind >= 0 && has_bridge_header(fn) &&
	    has_hotplug(fn, pcie_cap_of(fn)))
		fn->flags |= FN_HOTPLUG;
}
