// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: the search of a bus for functions that the kernel does not list ends,
 * and reads only dwords, whatever functions return
 *
 * Each read returns any value, also twice at the same offset, or fails.
 * search.json has invariants of the loops over the two lists of capabilities,
 * over the list of functions (ARI), and over devices and functions; registers.c
 * explains them.  The headers in kernel/ stand in for the kernel's.
 * hidden_find.c is included, since what is proved is static.
 *
 * quick: yes
 * bound: none: an induction over the elements of each list
 * include: tests/proof/kernel module
 * contracts: search.json
 * option: --object-bits 12
 */
#include "proof.h"

#include "hidden_find.c"

/*
 * A capability at 0xffc has its registers at 0x1000.  acs_guard_read_at()
 * refuses that offset; this is not proved here.
 */
bool acs_guard_read_at(struct pci_bus *bus, u8 devfn, int where, u32 *value)
{
	prove(where >= 0 && where <= PCI_CFG_SPACE_EXP_SIZE,
	      "not beyond the end of configuration space");
	prove(!(where & 3), "at a dword");
	*value = nondet_u32();
	return any_bool();
}

bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id)
{
	return acs_guard_read_at(bus, devfn, PCI_VENDOR_ID, id);
}

bool acs_guard_is_listed(struct pci_bus *bus, u64 bdf)
{
	return any_bool();
}

bool acs_guard_lists_device(struct pci_bus *bus, u64 bdf)
{
	return any_bool();
}

u64 acs_guard_address_on(struct pci_bus *bus, u8 devfn)
{
	return devfn;
}

u64 acs_guard_bdf(const struct pci_dev *pdev)
{
	return nondet_u64();
}

u64 acs_guard_parent(struct pci_dev *pdev)
{
	return nondet_u64();
}

u8 acs_node_type(struct acs_node node)
{
	return nondet_u8();
}

bool acs_guard_has_ari(const struct pci_dev *port)
{
	return any_bool();
}

bool acs_guard_scans_all(void)
{
	return any_bool();
}

static bool is_extended_dword(u16 where)
{
	return where >= PCI_CFG_SPACE_SIZE && where <= 0xffc && !(where & 3);
}

int main(void)
{
	struct pci_bus bus = {};
	struct pci_dev near = {};
	struct search search = { .near = &near, .bus = &bus };
	struct acs_guard_hidden hidden = {};

	if (any_bool())
		search_below(&search);
	else
		search_beside(&search);
	record_unlisted(&bus, nondet_u8(), nondet_u32(), &hidden);
	prove(!hidden.acs_cap || is_extended_dword(hidden.acs_cap),
	      "ACS is at a dword of extended configuration space");
	return 0;
}
