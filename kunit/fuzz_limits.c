// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which functions of a host of random bytes must not be isolated: some of the
 * rules, independent of the engine; and the host as a topology of the oracle
 */
#include <linux/pci.h>

#include "fuzz.h"
#include "topo.h"

/* ---- Rules ---- */

static int index_of(const struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < fuzz_num_members; i++)
		if (pdev && fuzz_members[i].pdev == pdev)
			return i;
	return -1;
}

static bool is_express(const struct pci_dev *pdev)
{
	return pdev->pcie_cap;
}

/* Return: the PCI Express type, or -1 without that capability. */
int fuzz_type_of(const struct pci_dev *pdev)
{
	return pdev && is_express(pdev) ? pdev->pcie_flags_reg >> 4 & 0xf : -1;
}

static bool is_port(const struct pci_dev *pdev)
{
	const int type = fuzz_type_of(pdev);

	return type == FAKE_RP || type == FAKE_DP;
}

static bool has_dwords(const struct pci_dev *pdev)
{
	return pdev->vendor == PCI_VENDOR_ID_INTEL &&
	       pdev->device == FUZZ_PCH_RP && fuzz_type_of(pdev) == FAKE_RP;
}

/*
 * The ACS registers as they are read.  A dword of zeroes after a valid header
 * is the same as an empty capability.
 */
static void peek_words(unsigned int i, u16 *cap, u16 *ctrl)
{
	const struct pci_dev *pdev = fuzz_members[i].pdev;
	u32 value = fake_host_peek(fuzz_host, fuzz_decls[i].name,
				   pdev->acs_cap + PCI_ACS_CAP, 4);

	if (fuzz_members[i].fault_acs == FAKE_ZERO)
		value = 0;
	*cap = value;
	*ctrl = has_dwords(pdev) ? fake_host_peek(fuzz_host, fuzz_decls[i].name,
						  pdev->acs_cap + 8, 2) :
				   value >> 16;
}

static bool is_lost(const struct fuzz_member *member)
{
	return member->fault == FAKE_ONES || member->fault == FAKE_ERROR ||
	       member->fault_acs == FAKE_ONES ||
	       member->fault_acs == FAKE_ERROR;
}

/*
 * Are the ACS registers unreadable?  If all reads are zeroes, the header of the
 * capability is zero as well.
 */
static bool is_unreadable(unsigned int i)
{
	const struct fuzz_member *member = &fuzz_members[i];
	const struct pci_dev *pdev = member->pdev;
	u16 cap, ctrl;

	if (pdev->error_state != pci_channel_io_normal)
		return true;
	if (!is_express(pdev))
		return false;
	if (pdev->cfg_size < PCI_CFG_SPACE_EXP_SIZE)
		return true;
	if (!pdev->acs_cap)
		return false;
	if (is_lost(member) || member->fault == FAKE_ZERO)
		return true;
	peek_words(i, &cap, &ctrl);
	return cap == U16_MAX || ctrl == U16_MAX;
}

/* May a port redirect a request that it should forward upstream (6.12.3)? */
static bool is_weak_port(unsigned int i)
{
	const u16 required = PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF;
	u16 cap, ctrl;

	if (is_unreadable(i) || !fuzz_members[i].pdev->acs_cap)
		return true;
	peek_words(i, &cap, &ctrl);
	/* A port with ACS implements Source Validation. */
	if (!(cap & PCI_ACS_SV) || cap & ~ctrl & required || ctrl & PCI_ACS_EC)
		return true;
	return ctrl & PCI_ACS_DT && !(ctrl & PCI_ACS_TB);
}

/* The same for one of several functions of a device. */
static bool is_weak_function(unsigned int i)
{
	u16 cap, ctrl;

	if (fuzz_members[i].pdev->vendor == PCI_VENDOR_ID_INTEL &&
	    fuzz_type_of(fuzz_members[i].pdev) == FAKE_RCIEP)
		return fuzz_members[i].pdev->error_state !=
		       pci_channel_io_normal;
	if (is_unreadable(i) || !is_express(fuzz_members[i].pdev) ||
	    !fuzz_members[i].pdev->acs_cap)
		return true;
	peek_words(i, &cap, &ctrl);
	return cap & ~ctrl & (PCI_ACS_RR | PCI_ACS_CR) ||
	       ctrl & (PCI_ACS_EC | PCI_ACS_DT);
}

/* A host bridge on the root bus, which is not a sibling function. */
static bool may_be_dummy(const struct pci_dev *pdev)
{
	return pci_is_root_bus(pdev->bus) &&
	       pdev->class >> 8 == PCI_CLASS_BRIDGE_HOST;
}

/* Is @other another function of the device of @pdev, on its bus? */
static bool is_sibling_function(const struct pci_dev *pdev,
				const struct pci_dev *other)
{
	return other && other != pdev && other->bus == pdev->bus &&
	       (is_port(pdev->bus->self) ||
		PCI_SLOT(other->devfn) == PCI_SLOT(pdev->devfn)) &&
	       !may_be_dummy(other);
}

static bool has_weak_device(unsigned int i)
{
	const struct pci_dev *pdev = fuzz_members[i].pdev;
	bool shared = false, weak = false;
	unsigned int k;

	for (k = 0; k < fuzz_num_members; k++) {
		if (!is_sibling_function(pdev, fuzz_members[k].pdev))
			continue;
		shared = true;
		weak |= is_weak_function(k);
	}
	return shared && (weak || is_weak_function(i));
}

/* A port without a slot and with nothing below it has no traffic. */
static bool is_unused_port(const struct pci_dev *port)
{
	return !(port->pcie_flags_reg & PCI_EXP_FLAGS_SLOT) &&
	       (!port->subordinate || list_empty(&port->subordinate->devices));
}

/* Is a bad port, or no port, beside @pdev on the internal bus of a switch? */
static bool has_weak_peer_port(const struct pci_dev *pdev)
{
	unsigned int k;

	if (fuzz_type_of(pdev->bus->self) != FAKE_UP)
		return false;
	for (k = 0; k < fuzz_num_members; k++) {
		const struct pci_dev *other = fuzz_members[k].pdev;

		if (!other || other == pdev || other->bus != pdev->bus)
			continue;
		if (fuzz_type_of(other) != FAKE_DP ||
		    (is_weak_port(k) && !is_unused_port(other)))
			return true;
	}
	return false;
}

/*
 * Some of the rules, without the code of the engine.  Below a conventional
 * bridge ACS does not matter, and only the oracle decides.
 *
 * Return: why the function must not be isolated, or NULL.
 */
const char *fuzz_must_be_refused(unsigned int i)
{
	const struct pci_dev *pdev = fuzz_members[i].pdev;
	const struct pci_dev *up;

	if (pdev->error_state != pci_channel_io_normal)
		return "it is marked as gone";
	for (up = pdev->bus->self; up; up = up->bus->self)
		if (!is_express(up) || fuzz_type_of(up) == FAKE_PCIE_TO_PCI ||
		    fuzz_type_of(up) == FAKE_PCI_TO_PCIE)
			return NULL;
	if (has_weak_device(i))
		return "its device is weak";
	if (has_weak_peer_port(pdev))
		return "what is beside it is weak";
	for (up = pdev->bus->self; up; up = up->bus->self) {
		if (is_port(up) && is_weak_port(index_of(up)))
			return "a port above it is weak";
		if (has_weak_peer_port(up))
			return "what is beside a port above it is weak";
	}
	return NULL;
}

/* Has the verdict read an ACS register that is unreadable? */
bool fuzz_read_unreadable(unsigned int *reads)
{
	unsigned int i;
	u16 cap, ctrl;

	*reads = 0;

	for (i = 0; i < fuzz_num_members; i++) {
		const struct pci_dev *pdev = fuzz_members[i].pdev;

		if (!pdev || !pdev->acs_cap ||
		    !fake_host_reads(fuzz_host, fuzz_decls[i].name,
				     pdev->acs_cap + PCI_ACS_CAP))
			continue;
		++*reads;
		peek_words(i, &cap, &ctrl);
		if (is_lost(&fuzz_members[i]) || cap == U16_MAX ||
		    ctrl == U16_MAX)
			return true;
	}
	return false;
}

/* ---- The oracle ---- */

static u8 kind_of(const struct pci_dev *pdev)
{
	const bool bridge = pdev->hdr_type == PCI_HEADER_TYPE_BRIDGE;
	const int type = fuzz_type_of(pdev);

	switch (type) {
	case -1:
		return bridge ? TOPO_CONV_BRIDGE : TOPO_CONV;
	case FAKE_EP:
	case FAKE_LEGACY:
	case FAKE_RCIEP:
	case FAKE_RCEC:
		return bridge ? TOPO_UNKNOWN_BRIDGE : type;
	case FAKE_RP:
	case FAKE_UP:
	case FAKE_DP:
	case FAKE_PCIE_TO_PCI:
	case FAKE_PCI_TO_PCIE:
		return bridge ? type : TOPO_UNKNOWN;
	default:
		return bridge ? TOPO_UNKNOWN_BRIDGE : TOPO_UNKNOWN;
	}
}

/* Unreadable registers count as disabled. */
static void describe_acs(unsigned int i, struct topo_fn *fn)
{
	const struct pci_dev *pdev = fuzz_members[i].pdev;
	u16 settable;

	if (!is_express(pdev))
		return;
	if (is_unreadable(i)) {
		fn->flags |= TOPO_ACS;
		fn->flags &= ~TOPO_INTEL;
		fn->cap = TOPO_ACS_PORT | TOPO_ACS_P2P;
		return;
	}
	if (!pdev->acs_cap)
		return;
	fn->flags |= TOPO_ACS;
	peek_words(i, &fn->cap, &fn->ctrl);
	/* Control bits without a capability bit have no effect. */
	settable = fn->cap & GENMASK(6, 0);
	if (fn->cap & TOPO_ACS_ENHANCED)
		settable |= TOPO_ACS_ENH_CTRL;
	fn->ctrl &= settable;
}

/* Return: false if the oracle has no such function. */
static bool describe_member(unsigned int i, const s8 *number,
			    struct topo_fn *fn)
{
	const struct pci_dev *pdev = fuzz_members[i].pdev;
	const int up = index_of(pdev->bus->self);
	const u8 kind = kind_of(pdev);

	if (pdev->hdr_type > PCI_HEADER_TYPE_BRIDGE ||
	    (up < 0 && !pci_is_root_bus(pdev->bus)) ||
	    (kind == TOPO_CONV && may_be_dummy(pdev)))
		return false;
	*fn = (struct topo_fn){
		.parent = up < 0 ? TOPO_ROOT_BUS : number[up],
		.kind = kind,
		.devfn = pdev->devfn,
	};
	if (pdev->vendor == PCI_VENDOR_ID_INTEL)
		fn->flags |= TOPO_INTEL;
	if (pdev->ari_enabled && is_port(pdev))
		fn->flags |= TOPO_ARI;
	describe_acs(i, fn);
	return true;
}

/*
 * Describes the current host for the oracle; @number gets the index of each
 * function in @topo.
 *
 * Return: false if the oracle has no such topology.
 */
bool fuzz_describe_host(struct topo *topo, s8 *number)
{
	unsigned int i;

	topo->nr = 0;
	for (i = 0; i < fuzz_num_members; i++) {
		number[i] = -1;
		if (!fuzz_members[i].pdev)
			continue;
		number[i] = topo->nr;
		if (!describe_member(i, number, &topo->fn[topo->nr++]))
			return false;
	}
	return !topo_invalid(topo);
}
