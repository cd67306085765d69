// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host: the config space of a function, from its declaration
 *
 * References in the form "7.7.11" are to the PCI Express Base Specification,
 * revision 6.0.
 */
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "fake_host_private.h"

/* Offsets of the conventional capabilities. */
#define CAP_PCIE 0x40
#define CAP_PM 0x80

/* CXL device DVSEC (CXL 3.0, 8.1.3) */
#define CXL_VENDOR 0x1e98
#define CXL_CAP 0x0a
#define CXL_CTRL 0x0c
#define CXL_CACHE BIT(0)
#define CXL_LEN 0x3c

/* ---- Config space: bytes ---- */

u32 fake_cfg_get(const struct fake_fn *fn, unsigned int where,
		 unsigned int size)
{
	const u8 *at = fn->cfg + where;

	switch (size) {
	case 1:
		return at[0];
	case 2:
		return at[0] | at[1] << 8;
	default:
		return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24;
	}
}

static void put_bytes(u8 *to, unsigned int size, u32 val)
{
	for (; size--; val >>= 8)
		*to++ = val;
}

/* Sets a register that is read-only for config writes. */
void fake_cfg_put(struct fake_fn *fn, unsigned int where, unsigned int size,
		  u32 val)
{
	put_bytes(fn->cfg + where, size, val);
}

/* Sets a register, and the mask of the bits that config writes change. */
void fake_cfg_put_rw(struct fake_fn *fn, unsigned int where, unsigned int size,
		     u32 val, u32 mask)
{
	put_bytes(fn->cfg + where, size, val);
	put_bytes(fn->mask + where, size, mask);
}

/* ---- Config space: from the declaration ---- */

bool fake_decl_is_pcie(const struct fake_dev *decl)
{
	return decl->type <= 0xf;
}

bool fake_decl_is_bridge(const struct fake_dev *decl)
{
	if (decl->raw)
		return (decl->raw[PCI_HEADER_TYPE] & 0x7f) ==
		       PCI_HEADER_TYPE_BRIDGE;
	switch (decl->type) {
	case FAKE_RP:
	case FAKE_UP:
	case FAKE_DP:
	case FAKE_PCIE_TO_PCI:
	case FAKE_PCI_TO_PCIE:
	case FAKE_PCI_BRIDGE:
		return !(decl->flags & FAKE_ODD_HEADER);
	default:
		return decl->flags & FAKE_ODD_HEADER;
	}
}

/* A port that may have a slot. */
static bool is_downstream(const struct fake_dev *decl)
{
	return decl->type == FAKE_RP || decl->type == FAKE_DP;
}

static bool is_integrated(const struct fake_dev *decl)
{
	return decl->type == FAKE_RCIEP || decl->type == FAKE_RCEC;
}

static u32 class_of(const struct fake_fn *fn)
{
	if (fn->decl.class)
		return fn->decl.class;
	if (fn->bridge)
		return PCI_CLASS_BRIDGE_PCI << 8;
	if (fn->decl.type == FAKE_RCEC)
		return PCI_CLASS_SYSTEM_RCEC << 8;
	return PCI_CLASS_OTHERS << 16;
}

static void build_bar(struct fake_fn *fn, unsigned int nr, u32 size)
{
	if (size)
		fake_cfg_put_rw(fn, PCI_BASE_ADDRESS_0 + 4 * nr, 4, 0,
				~(size - 1));
}

static void build_header(struct fake_fn *fn)
{
	const struct fake_dev *decl = &fn->decl;
	u16 vendor = decl->vendor ?: FAKE_VENDOR;
	u16 device = decl->device ?: FAKE_DEVICE + decl->type;
	unsigned int i;

	fake_cfg_put(fn, PCI_VENDOR_ID, 2, vendor);
	fake_cfg_put(fn, PCI_DEVICE_ID, 2, device);
	fake_cfg_put_rw(fn, PCI_COMMAND, 2,
			decl->flags & FAKE_MASTER ? PCI_COMMAND_MASTER : 0,
			PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
				PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
				PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE);
	fake_cfg_put(fn, PCI_CLASS_REVISION, 4, class_of(fn) << 8);
	fake_cfg_put_rw(fn, PCI_CACHE_LINE_SIZE, 1, 0, 0xff);
	fake_cfg_put_rw(fn, PCI_INTERRUPT_LINE, 1, 0, 0xff);
	for (i = 0; i < (fn->bridge ? 2 : 6); i++)
		build_bar(fn, i, decl->bar[i]);
	if (fn->bridge)
		return;
	fake_cfg_put(fn, PCI_SUBSYSTEM_VENDOR_ID, 2, vendor);
	fake_cfg_put(fn, PCI_SUBSYSTEM_ID, 2, device);
}

/* All windows are implemented, and closed: the base is above the limit. */
static void build_bridge(struct fake_fn *fn)
{
	fake_cfg_put(fn, PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_BRIDGE);
	fake_cfg_put_rw(fn, PCI_IO_BASE, 1, 0xf0, 0xf0);
	fake_cfg_put_rw(fn, PCI_IO_LIMIT, 1, 0, 0xf0);
	fake_cfg_put_rw(fn, PCI_MEMORY_BASE, 2, 0xfff0, 0xfff0);
	fake_cfg_put_rw(fn, PCI_MEMORY_LIMIT, 2, 0, 0xfff0);
	fake_cfg_put_rw(fn, PCI_PREF_MEMORY_BASE, 2, 0xfff0, 0xfff0);
	fake_cfg_put_rw(fn, PCI_PREF_MEMORY_LIMIT, 2, 0, 0xfff0);
	fake_cfg_put_rw(fn, PCI_BRIDGE_CONTROL, 2, 0,
			0x0fff & ~PCI_BRIDGE_CTL_BUS_RESET);
}

/* PCI Express capability, version 2 (7.5.3), with a link that is up. */
static void build_pcie(struct fake_fn *fn)
{
	const struct fake_dev *decl = &fn->decl;
	bool slot = is_downstream(decl) && !(decl->flags & FAKE_NO_SLOT);
	unsigned int at = CAP_PCIE;
	u16 flags = 2 | decl->type << 4;
	u32 cap = PCI_EXP_DEVCAP_RBER;
	u16 status = PCI_EXP_LNKSTA_CLS_2_5GB | PCI_EXP_LNKSTA_NLW_X1;

	if (slot)
		flags |= PCI_EXP_FLAGS_SLOT;
	if (!fn->bridge)
		cap |= PCI_EXP_DEVCAP_FLR;
	if (is_downstream(decl))
		status |= PCI_EXP_LNKSTA_DLLLA;
	fake_cfg_put(fn, at, 1, PCI_CAP_ID_EXP);
	fake_cfg_put(fn, at + PCI_EXP_FLAGS, 2, flags);
	fake_cfg_put(fn, at + PCI_EXP_DEVCAP, 4, cap);
	fake_cfg_put_rw(fn, at + PCI_EXP_DEVCTL, 2, 0, 0x7fff);
	if (!is_integrated(decl)) {
		fake_cfg_put(fn, at + PCI_EXP_LNKCAP, 4,
			     PCI_EXP_LNKCAP_SLS_2_5GB | 1 << 4 |
				     (is_downstream(decl) ?
					      PCI_EXP_LNKCAP_DLLLARC :
					      0));
		fake_cfg_put_rw(fn, at + PCI_EXP_LNKCTL, 2, 0,
				0x0fff & ~PCI_EXP_LNKCTL_RL);
		fake_cfg_put(fn, at + PCI_EXP_LNKSTA, 2, status);
		fake_cfg_put(fn, at + PCI_EXP_LNKCAP2, 4,
			     PCI_EXP_LNKCAP2_SLS_2_5GB);
	}
	if (slot) {
		fake_cfg_put(fn, at + PCI_EXP_SLTCAP, 4,
			     (decl->flags & FAKE_HOTPLUG ?
				      PCI_EXP_SLTCAP_HPC | PCI_EXP_SLTCAP_HPS :
				      0) |
				     PCI_EXP_SLTCAP_NCCS |
				     (fn->devfn + 1) << 19);
		fake_cfg_put_rw(fn, at + PCI_EXP_SLTCTL, 2, 0, 0x1fff);
		fake_cfg_put(fn, at + PCI_EXP_SLTSTA, 2, PCI_EXP_SLTSTA_PDS);
	}
	if (decl->type == FAKE_RP || decl->type == FAKE_RCEC)
		fake_cfg_put_rw(fn, at + PCI_EXP_RTCTL, 2, 0, 0x001f);
	if (fn->bridge && decl->flags & FAKE_ARI)
		fake_cfg_put(fn, at + PCI_EXP_DEVCAP2, 4, PCI_EXP_DEVCAP2_ARI);
	fake_cfg_put_rw(fn, at + PCI_EXP_DEVCTL2, 2, 0, 0xffff);
}

static void build_pm(struct fake_fn *fn)
{
	fake_cfg_put(fn, CAP_PM, 1, PCI_CAP_ID_PM);
	fake_cfg_put(fn, CAP_PM + PCI_PM_PMC, 2, 3);
	fake_cfg_put_rw(fn, CAP_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RESET,
			PCI_PM_CTRL_STATE_MASK);
}

/* The conventional capabilities, and their list. */
static void build_caps(struct fake_fn *fn)
{
	unsigned int last = PCI_CAPABILITY_LIST;

	if (fake_decl_is_pcie(&fn->decl)) {
		build_pcie(fn);
		fake_cfg_put(fn, last, 1, CAP_PCIE);
		last = CAP_PCIE + PCI_CAP_LIST_NEXT;
	}
	if (fn->decl.flags & FAKE_PM) {
		build_pm(fn);
		fake_cfg_put(fn, last, 1, CAP_PM);
		last = CAP_PM + PCI_CAP_LIST_NEXT;
	}
	if (last == PCI_CAPABILITY_LIST)
		return;
	fake_cfg_put(fn, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	if (fn->decl.flags & FAKE_CAP_LOOP)
		fake_cfg_put(fn, last, 1,
			     fake_cfg_get(fn, PCI_CAPABILITY_LIST, 1));
}

/* ---- Config space: extended capabilities ---- */

unsigned int fake_acs_len(const struct fake_acs *acs)
{
	if (acs->layout == 2)
		return 12;
	if (acs->cap & PCI_ACS_EC)
		return 8 + DIV_ROUND_UP(acs->cap >> 8 ?: 256, 32) * 4;
	return 8;
}

/* Adds a capability to the list.  Return: its offset. */
static unsigned int add_ext_cap(struct fake_fn *fn, u16 id, unsigned int len,
				unsigned int at)
{
	const struct fake_acs *acs = &fn->decl.acs;

	if (!at) {
		at = fn->ext_next;
		if (acs->at && at < acs->at + fake_acs_len(acs) &&
		    at + len > acs->at)
			at = ALIGN(acs->at + fake_acs_len(acs), 4);
		fn->ext_next = ALIGN(at + len, 4);
	}
	if (at + len > CFG_SIZE)
		return 0;
	fake_cfg_put(fn, at, 4, 1 << 16 | id);
	if (fn->ext_last)
		fake_cfg_put(fn, fn->ext_last + 2, 2, at << 4 | 1);
	fn->ext_last = at;
	return at;
}

/* 7.7.11 */
static void build_acs(struct fake_fn *fn)
{
	const struct fake_acs *acs = &fn->decl.acs;
	unsigned int at;

	if (!acs->layout)
		return;
	at = add_ext_cap(fn, PCI_EXT_CAP_ID_ACS, fake_acs_len(acs), acs->at);
	fn->acs = at;
	if (acs->layout == 2) {
		fake_cfg_put(fn, at + 4, 4, acs->cap);
		fake_cfg_put_rw(fn, at + 8, 4, acs->ctrl, acs->rw);
		return;
	}
	fake_cfg_put(fn, at + PCI_ACS_CAP, 2, acs->cap);
	fake_cfg_put_rw(fn, at + PCI_ACS_CTRL, 2, acs->ctrl, acs->rw);
	if (acs->cap & PCI_ACS_EC)
		fake_cfg_put_rw(fn, at + PCI_ACS_EGRESS_CTL_V, 4, acs->egress,
				U32_MAX);
}

/* 10.5.1 */
static void build_ats(struct fake_fn *fn)
{
	unsigned int at;

	if (!(fn->decl.flags & (FAKE_ATS | FAKE_ATS_ON)))
		return;
	at = add_ext_cap(fn, PCI_EXT_CAP_ID_ATS, 8, 0);
	fake_cfg_put(fn, at + PCI_ATS_CAP, 2, PCI_ATS_CAP_PAGE_ALIGNED);
	fake_cfg_put_rw(fn, at + PCI_ATS_CTRL, 2,
			fn->decl.flags & FAKE_ATS_ON ? PCI_ATS_CTRL_ENABLE : 0,
			PCI_ATS_CTRL_ENABLE | 0x1f);
}

static void build_cxl(struct fake_fn *fn)
{
	unsigned int at;

	if (!(fn->decl.flags & (FAKE_CXL | FAKE_CXL_ON)))
		return;
	at = add_ext_cap(fn, PCI_EXT_CAP_ID_DVSEC, CXL_LEN, 0);
	fake_cfg_put(fn, at + PCI_DVSEC_HEADER1, 4, CXL_VENDOR | CXL_LEN << 20);
	fake_cfg_put(fn, at + CXL_CAP, 2, CXL_CACHE);
	fake_cfg_put_rw(fn, at + CXL_CTRL, 2,
			fn->decl.flags & FAKE_CXL_ON ? CXL_CACHE : 0,
			CXL_CACHE);
}

/* 9.3.3 */
static void build_sriov(struct fake_fn *fn)
{
	const struct fake_vfs *vfs = &fn->decl.vfs;
	unsigned int at;
	u8 link = fn->devfn;

	if (!vfs->total)
		return;
	if (is_integrated(&fn->decl))
		link = PCI_FUNC(fn->devfn);
	at = add_ext_cap(fn, PCI_EXT_CAP_ID_SRIOV, PCI_EXT_CAP_SRIOV_SIZEOF, 0);
	fn->sriov = at;
	fake_cfg_put_rw(fn, at + PCI_SRIOV_CTRL, 2, 0,
			PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE |
				PCI_SRIOV_CTRL_ARI);
	fake_cfg_put(fn, at + PCI_SRIOV_INITIAL_VF, 2, vfs->total);
	fake_cfg_put(fn, at + PCI_SRIOV_TOTAL_VF, 2, vfs->total);
	fake_cfg_put_rw(fn, at + PCI_SRIOV_NUM_VF, 2, 0, 0xffff);
	fake_cfg_put(fn, at + PCI_SRIOV_FUNC_LINK, 1, link);
	fake_cfg_put(fn, at + PCI_SRIOV_VF_OFFSET, 2, vfs->offset);
	fake_cfg_put(fn, at + PCI_SRIOV_VF_STRIDE, 2, vfs->stride);
	fake_cfg_put(fn, at + PCI_SRIOV_VF_DID, 2,
		     (fn->decl.device ?: FAKE_DEVICE + fn->decl.type) + 0x80);
	fake_cfg_put(fn, at + PCI_SRIOV_SUP_PGSIZE, 4, 0x553);
	fake_cfg_put_rw(fn, at + PCI_SRIOV_SYS_PGSIZE, 4, 1, U32_MAX);
}

/*
 * The extended capabilities.  The list starts with a vendor-specific capability
 * if it has to end early, or if ACS is not at its start.
 */
static void build_ext(struct fake_fn *fn)
{
	const struct fake_dev *decl = &fn->decl;

	fn->ext_next = PCI_CFG_SPACE_SIZE;
	if (decl->flags & (FAKE_EXT_CUT | FAKE_EXT_LOOP) ||
	    decl->acs.at > PCI_CFG_SPACE_SIZE)
		fake_cfg_put(fn,
			     add_ext_cap(fn, PCI_EXT_CAP_ID_VNDR, 8, 0) +
				     PCI_VNDR_HEADER,
			     4, 8 << 20);
	build_acs(fn);
	if (!fn->bridge && decl->flags & FAKE_ARI)
		fn->ari = add_ext_cap(fn, PCI_EXT_CAP_ID_ARI, 8, 0);
	build_ats(fn);
	build_cxl(fn);
	build_sriov(fn);
	if (decl->flags & FAKE_EXT_CUT)
		fake_cfg_put(fn, PCI_CFG_SPACE_SIZE + 2, 2, 1);
	if (decl->flags & FAKE_EXT_LOOP)
		fake_cfg_put(fn, fn->ext_last + 2, 2,
			     PCI_CFG_SPACE_SIZE << 4 | 1);
}

/* A BAR of an image has the alignment of its address as size, 1 MiB at most. */
static void mask_raw_bar(struct fake_fn *fn, unsigned int where)
{
	u32 bar = fake_cfg_get(fn, where, 4);
	u32 addr = bar & PCI_BASE_ADDRESS_MEM_MASK;

	if (addr && !(bar & PCI_BASE_ADDRESS_SPACE_IO))
		fake_cfg_put_rw(fn, where, 4, bar,
				~(min_t(u32, addr & -addr, 0x100000) - 1));
}

static void build_raw(struct fake_fn *fn)
{
	unsigned int i;

	memset(fn->cfg, 0xff, sizeof(fn->cfg));
	memcpy(fn->cfg, fn->decl.raw, fn->decl.raw_len);
	put_bytes(fn->mask + PCI_COMMAND, 2, 0x547);
	for (i = 0; i < (fn->bridge ? 2 : 6); i++)
		mask_raw_bar(fn, PCI_BASE_ADDRESS_0 + 4 * i);
}

/*
 * The registers of a VF (9.3.4): Vendor ID and Device ID are all ones, Command
 * has no bits of interest, and there are no BARs.
 */
static void build_vf(struct fake_fn *fn)
{
	const struct fake_fn *pf = fn->pf;

	fn->decl.type = pf->decl.type;
	fn->decl.flags = pf->decl.vfs.flags;
	fn->decl.acs = pf->decl.vfs.acs;
	build_header(fn);
	build_caps(fn);
	build_ext(fn);
	fake_cfg_put(fn, PCI_VENDOR_ID, 4, U32_MAX);
	fake_cfg_put(fn, PCI_CLASS_REVISION, 4, class_of(pf) << 8);
	fake_cfg_put(fn, PCI_SUBSYSTEM_VENDOR_ID, 4,
		     fake_cfg_get(pf, PCI_SUBSYSTEM_VENDOR_ID, 4));
}

void fake_fn_build(struct fake_fn *fn)
{
	fn->len = fn->decl.flags & FAKE_CFG256 ? PCI_CFG_SPACE_SIZE : CFG_SIZE;
	if (fn->pf) {
		build_vf(fn);
	} else if (fn->decl.raw) {
		build_raw(fn);
	} else {
		build_header(fn);
		if (fn->bridge)
			build_bridge(fn);
		build_caps(fn);
		if (fake_decl_is_pcie(&fn->decl))
			build_ext(fn);
	}
}
