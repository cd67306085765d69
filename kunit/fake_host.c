// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI host bridge that exists in memory only; see fake_host.h.
 *
 * Three parts: building the config space of each function from its
 * declaration, answering config cycles, and bringing a host up and down.
 *
 * Config cycles are routed as hardware routes them: by the bus numbers that
 * are in the bridges at that moment, so a bridge that has none yet, or wrong
 * ones, hides what is below it.
 *
 * References in the form "7.7.11" are to the PCI Express Base Specification,
 * revision 6.0.
 */

#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "compat.h"
#include "fake_host.h"

#define CFG_SIZE PCI_CFG_SPACE_EXP_SIZE
#define CFG_DWORDS (CFG_SIZE / 4)
#define ROOT_BUS 0
#define LAST_BUS 255
#define FIRST_DOMAIN 0xfa00
#define RELEASE_TIMEOUT (5 * HZ)

/* Where the conventional capabilities are. */
#define CAP_PCIE 0x40
#define CAP_PM 0x80

/* CXL device DVSEC (CXL 3.0, 8.1.3) */
#define CXL_VENDOR 0x1e98
#define CXL_CAP 0x0a
#define CXL_CTRL 0x0c
#define CXL_CACHE BIT(0)
#define CXL_LEN 0x3c

/* The "first dword" that stands for none. */
#define NO_DWORD U16_MAX

/*
 * One function, declared or virtual.  What is constant after the host is up
 * comes first; the rest is under fake_host.lock.
 */
struct fake_fn {
	struct fake_dev decl;
	char name[FAKE_NAME_LEN + 8];
	struct fake_fn *up;  /* the bridge above, NULL on the root bus */
	struct fake_fn *pf;  /* of a VF */
	unsigned int vf;     /* the number of a VF */
	unsigned int vf_bus; /* how many buses above its PF's a VF is */
	unsigned int depth;  /* 1 on the root bus */
	u8 devfn;
	bool bridge;
	u16 acs; /* offsets of capabilities, 0: has none */
	u16 ari;
	u16 sriov;
	u16 ext_last; /* while the list is being built */
	u16 ext_next;
	unsigned int len; /* of the config space */

	bool present;
	enum fake_fault fault;
	enum fake_fault fault_at;
	u16 fault_dword;
	u8 cfg[CFG_SIZE];
	u8 mask[CFG_SIZE]; /* the bits that config writes change */
	u32 reads[CFG_DWORDS];
};

/* Who answered at a place when @routes was the host's; NULL: nobody. */
struct fake_place {
	struct fake_fn *fn;
	unsigned int routes;
};

struct fake_group {
	int nr;
	struct iommu_group *group;
};

struct fake_host {
	struct acs_guard_sysdata sysdata; /* what bus->sysdata points to */
	int domain;
	struct pci_host_bridge *bridge;
	struct pci_bus *bus;
	struct pci_dev *parent;
	struct notifier_block nb;
	struct completion released;
	struct resource busn;
	struct resource mem;
	bool bars;

	struct fake_fn **fns; /* the declared, then the VFs */
	unsigned int nr_decl;
	unsigned int nr_fns;
	struct fake_group *groups; /* at most one a function */
	unsigned int nr_groups;

	struct fake_place *places; /* by bus and devfn */
	unsigned int nr_places;

	raw_spinlock_t lock;
	unsigned int routes; /* goes up when who answers where may change */
	unsigned int reads;
	unsigned int writes;
	unsigned int fail_in; /* 0: not armed */
	enum fake_fault fail_how;
	bool fail_on; /* and all after it */
	bool failed;
	unsigned int poke_in; /* 0: not armed */
	struct fake_fn *poke_fn;
	u16 poke_where;
	u8 poke_size;
	u32 poke_val;
};

/* ---- Config space: bytes ---- */

static u32 get_cfg(const struct fake_fn *fn, unsigned int where,
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

/* Set a register; config writes do not change it. */
static void put_cfg(struct fake_fn *fn, unsigned int where, unsigned int size,
		    u32 val)
{
	put_bytes(fn->cfg + where, size, val);
}

/* Set a register, and which of its bits config writes change. */
static void put_rw(struct fake_fn *fn, unsigned int where, unsigned int size,
		   u32 val, u32 mask)
{
	put_bytes(fn->cfg + where, size, val);
	put_bytes(fn->mask + where, size, mask);
}

/* ---- Config space: from the declaration ---- */

static bool is_pcie(const struct fake_dev *decl)
{
	return decl->type <= 0xf;
}

static bool is_bridge(const struct fake_dev *decl)
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
		return true;
	default:
		return false;
	}
}

/* The kind of port that has a slot, or may have one. */
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
		put_rw(fn, PCI_BASE_ADDRESS_0 + 4 * nr, 4, 0, ~(size - 1));
}

static void build_header(struct fake_fn *fn)
{
	const struct fake_dev *decl = &fn->decl;
	u16 vendor = decl->vendor ?: FAKE_VENDOR;
	u16 device = decl->device ?: FAKE_DEVICE + decl->type;
	unsigned int i;

	put_cfg(fn, PCI_VENDOR_ID, 2, vendor);
	put_cfg(fn, PCI_DEVICE_ID, 2, device);
	put_rw(fn, PCI_COMMAND, 2,
	       decl->flags & FAKE_MASTER ? PCI_COMMAND_MASTER : 0,
	       PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
		       PCI_COMMAND_PARITY | PCI_COMMAND_SERR |
		       PCI_COMMAND_INTX_DISABLE);
	put_cfg(fn, PCI_CLASS_REVISION, 4, class_of(fn) << 8);
	put_rw(fn, PCI_CACHE_LINE_SIZE, 1, 0, 0xff);
	put_rw(fn, PCI_INTERRUPT_LINE, 1, 0, 0xff);
	for (i = 0; i < (fn->bridge ? 2 : 6); i++)
		build_bar(fn, i, decl->bar[i]);
	if (fn->bridge)
		return;
	put_cfg(fn, PCI_SUBSYSTEM_VENDOR_ID, 2, vendor);
	put_cfg(fn, PCI_SUBSYSTEM_ID, 2, device);
}

/* All windows are there, and closed: base above limit. */
static void build_bridge(struct fake_fn *fn)
{
	put_cfg(fn, PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_BRIDGE);
	put_rw(fn, PCI_IO_BASE, 1, 0xf0, 0xf0);
	put_rw(fn, PCI_IO_LIMIT, 1, 0, 0xf0);
	put_rw(fn, PCI_MEMORY_BASE, 2, 0xfff0, 0xfff0);
	put_rw(fn, PCI_MEMORY_LIMIT, 2, 0, 0xfff0);
	put_rw(fn, PCI_PREF_MEMORY_BASE, 2, 0xfff0, 0xfff0);
	put_rw(fn, PCI_PREF_MEMORY_LIMIT, 2, 0, 0xfff0);
	put_rw(fn, PCI_BRIDGE_CONTROL, 2, 0,
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
	put_cfg(fn, at, 1, PCI_CAP_ID_EXP);
	put_cfg(fn, at + PCI_EXP_FLAGS, 2, flags);
	put_cfg(fn, at + PCI_EXP_DEVCAP, 4, cap);
	put_rw(fn, at + PCI_EXP_DEVCTL, 2, 0, 0x7fff);
	if (!is_integrated(decl)) {
		put_cfg(fn, at + PCI_EXP_LNKCAP, 4,
			PCI_EXP_LNKCAP_SLS_2_5GB | 1 << 4 |
				(is_downstream(decl) ? PCI_EXP_LNKCAP_DLLLARC :
						       0));
		put_rw(fn, at + PCI_EXP_LNKCTL, 2, 0,
		       0x0fff & ~PCI_EXP_LNKCTL_RL);
		put_cfg(fn, at + PCI_EXP_LNKSTA, 2, status);
		put_cfg(fn, at + PCI_EXP_LNKCAP2, 4, PCI_EXP_LNKCAP2_SLS_2_5GB);
	}
	if (slot) {
		put_cfg(fn, at + PCI_EXP_SLTCAP, 4,
			(decl->flags & FAKE_HOTPLUG ?
				 PCI_EXP_SLTCAP_HPC | PCI_EXP_SLTCAP_HPS :
				 0) |
				PCI_EXP_SLTCAP_NCCS | (fn->devfn + 1) << 19);
		put_rw(fn, at + PCI_EXP_SLTCTL, 2, 0, 0x1fff);
		put_cfg(fn, at + PCI_EXP_SLTSTA, 2, PCI_EXP_SLTSTA_PDS);
	}
	if (decl->type == FAKE_RP || decl->type == FAKE_RCEC)
		put_rw(fn, at + PCI_EXP_RTCTL, 2, 0, 0x001f);
	if (fn->bridge && decl->flags & FAKE_ARI)
		put_cfg(fn, at + PCI_EXP_DEVCAP2, 4, PCI_EXP_DEVCAP2_ARI);
	put_rw(fn, at + PCI_EXP_DEVCTL2, 2, 0, 0xffff);
}

static void build_pm(struct fake_fn *fn)
{
	put_cfg(fn, CAP_PM, 1, PCI_CAP_ID_PM);
	put_cfg(fn, CAP_PM + PCI_PM_PMC, 2, 3);
	put_rw(fn, CAP_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RESET,
	       PCI_PM_CTRL_STATE_MASK);
}

/* The conventional capabilities, and the list of them. */
static void build_caps(struct fake_fn *fn)
{
	unsigned int last = PCI_CAPABILITY_LIST;

	if (is_pcie(&fn->decl)) {
		build_pcie(fn);
		put_cfg(fn, last, 1, CAP_PCIE);
		last = CAP_PCIE + PCI_CAP_LIST_NEXT;
	}
	if (fn->decl.flags & FAKE_PM) {
		build_pm(fn);
		put_cfg(fn, last, 1, CAP_PM);
		last = CAP_PM + PCI_CAP_LIST_NEXT;
	}
	if (last == PCI_CAPABILITY_LIST)
		return;
	put_cfg(fn, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	if (fn->decl.flags & FAKE_CAP_LOOP)
		put_cfg(fn, last, 1, get_cfg(fn, PCI_CAPABILITY_LIST, 1));
}

/* ---- Config space: extended capabilities ---- */

static unsigned int acs_len(const struct fake_acs *acs)
{
	if (acs->layout == 2)
		return 12;
	if (acs->cap & PCI_ACS_EC)
		return 8 + DIV_ROUND_UP(acs->cap >> 8 ?: 256, 32) * 4;
	return 8;
}

/* Enter a capability into the list; where it is put. */
static unsigned int add_ext(struct fake_fn *fn, u16 id, unsigned int len,
			    unsigned int at)
{
	const struct fake_acs *acs = &fn->decl.acs;

	if (!at) {
		at = fn->ext_next;
		if (acs->at && at < acs->at + acs_len(acs) &&
		    at + len > acs->at)
			at = ALIGN(acs->at + acs_len(acs), 4);
		fn->ext_next = ALIGN(at + len, 4);
	}
	if (at + len > CFG_SIZE)
		return 0;
	put_cfg(fn, at, 4, 1 << 16 | id);
	if (fn->ext_last)
		put_cfg(fn, fn->ext_last + 2, 2, at << 4 | 1);
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
	at = add_ext(fn, PCI_EXT_CAP_ID_ACS, acs_len(acs), acs->at);
	fn->acs = at;
	if (acs->layout == 2) {
		put_cfg(fn, at + 4, 4, acs->cap);
		put_rw(fn, at + 8, 4, acs->ctrl, acs->rw);
		return;
	}
	put_cfg(fn, at + PCI_ACS_CAP, 2, acs->cap);
	put_rw(fn, at + PCI_ACS_CTRL, 2, acs->ctrl, acs->rw);
	if (acs->cap & PCI_ACS_EC)
		put_rw(fn, at + PCI_ACS_EGRESS_CTL_V, 4, acs->egress, U32_MAX);
}

/* 10.5.1 */
static void build_ats(struct fake_fn *fn)
{
	unsigned int at;

	if (!(fn->decl.flags & (FAKE_ATS | FAKE_ATS_ON)))
		return;
	at = add_ext(fn, PCI_EXT_CAP_ID_ATS, 8, 0);
	put_cfg(fn, at + PCI_ATS_CAP, 2, PCI_ATS_CAP_PAGE_ALIGNED);
	put_rw(fn, at + PCI_ATS_CTRL, 2,
	       fn->decl.flags & FAKE_ATS_ON ? PCI_ATS_CTRL_ENABLE : 0,
	       PCI_ATS_CTRL_ENABLE | 0x1f);
}

static void build_cxl(struct fake_fn *fn)
{
	unsigned int at;

	if (!(fn->decl.flags & (FAKE_CXL | FAKE_CXL_ON)))
		return;
	at = add_ext(fn, PCI_EXT_CAP_ID_DVSEC, CXL_LEN, 0);
	put_cfg(fn, at + PCI_DVSEC_HEADER1, 4, CXL_VENDOR | CXL_LEN << 20);
	put_cfg(fn, at + CXL_CAP, 2, CXL_CACHE);
	put_rw(fn, at + CXL_CTRL, 2,
	       fn->decl.flags & FAKE_CXL_ON ? CXL_CACHE : 0, CXL_CACHE);
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
	at = add_ext(fn, PCI_EXT_CAP_ID_SRIOV, PCI_EXT_CAP_SRIOV_SIZEOF, 0);
	fn->sriov = at;
	put_rw(fn, at + PCI_SRIOV_CTRL, 2, 0,
	       PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI);
	put_cfg(fn, at + PCI_SRIOV_INITIAL_VF, 2, vfs->total);
	put_cfg(fn, at + PCI_SRIOV_TOTAL_VF, 2, vfs->total);
	put_rw(fn, at + PCI_SRIOV_NUM_VF, 2, 0, 0xffff);
	put_cfg(fn, at + PCI_SRIOV_FUNC_LINK, 1, link);
	put_cfg(fn, at + PCI_SRIOV_VF_OFFSET, 2, vfs->offset);
	put_cfg(fn, at + PCI_SRIOV_VF_STRIDE, 2, vfs->stride);
	put_cfg(fn, at + PCI_SRIOV_VF_DID, 2,
		(fn->decl.device ?: FAKE_DEVICE + fn->decl.type) + 0x80);
	put_cfg(fn, at + PCI_SRIOV_SUP_PGSIZE, 4, 0x553);
	put_rw(fn, at + PCI_SRIOV_SYS_PGSIZE, 4, 1, U32_MAX);
}

/*
 * The extended capabilities.  A list that is to end early, or whose only
 * capability is not at its start, starts with a vendor-specific one.
 */
static void build_ext(struct fake_fn *fn)
{
	const struct fake_dev *decl = &fn->decl;

	fn->ext_next = PCI_CFG_SPACE_SIZE;
	if (decl->flags & (FAKE_EXT_CUT | FAKE_EXT_LOOP) ||
	    decl->acs.at > PCI_CFG_SPACE_SIZE)
		put_cfg(fn,
			add_ext(fn, PCI_EXT_CAP_ID_VNDR, 8, 0) +
				PCI_VNDR_HEADER,
			4, 8 << 20);
	build_acs(fn);
	if (!fn->bridge && decl->flags & FAKE_ARI)
		fn->ari = add_ext(fn, PCI_EXT_CAP_ID_ARI, 8, 0);
	build_ats(fn);
	build_cxl(fn);
	build_sriov(fn);
	if (decl->flags & FAKE_EXT_CUT)
		put_cfg(fn, PCI_CFG_SPACE_SIZE + 2, 2, 1);
	if (decl->flags & FAKE_EXT_LOOP)
		put_cfg(fn, fn->ext_last + 2, 2, PCI_CFG_SPACE_SIZE << 4 | 1);
}

/* A BAR of an image is as large as its address allows, up to 1 MiB. */
static void mask_raw_bar(struct fake_fn *fn, unsigned int where)
{
	u32 bar = get_cfg(fn, where, 4);
	u32 addr = bar & PCI_BASE_ADDRESS_MEM_MASK;

	if (addr && !(bar & PCI_BASE_ADDRESS_SPACE_IO))
		put_rw(fn, where, 4, bar,
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
 * The registers of a VF (9.3.4): its IDs read as all ones, it has no command
 * register to speak of, no BARs, and a PCI Express capability of its own.
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
	put_cfg(fn, PCI_VENDOR_ID, 4, U32_MAX);
	put_cfg(fn, PCI_CLASS_REVISION, 4, class_of(pf) << 8);
	put_cfg(fn, PCI_SUBSYSTEM_VENDOR_ID, 4,
		get_cfg(pf, PCI_SUBSYSTEM_VENDOR_ID, 4));
}

static void build_fn(struct fake_fn *fn)
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
		if (is_pcie(&fn->decl))
			build_ext(fn);
	}
}

/* ---- Config cycles ---- */

static struct fake_host *host_of(struct pci_bus *bus)
{
	return container_of(bus->sysdata, struct fake_host, sysdata);
}

/* Would this function answer if a cycle came to its place? */
static bool is_there(const struct fake_fn *fn)
{
	const struct fake_fn *pf = fn->pf;

	if (!pf)
		return fn->present;
	return pf->present &&
	       get_cfg(pf, pf->sriov + PCI_SRIOV_CTRL, 2) &
		       PCI_SRIOV_CTRL_VFE &&
	       fn->vf < get_cfg(pf, pf->sriov + PCI_SRIOV_NUM_VF, 2);
}

static unsigned int bus_nr(const struct fake_fn *fn)
{
	if (fn->pf)
		return bus_nr(fn->pf) + fn->vf_bus;
	return fn->up ? fn->up->cfg[PCI_SECONDARY_BUS] : ROOT_BUS;
}

/* Does each bridge above pass a cycle for this bus down? */
static bool is_routed(const struct fake_fn *fn, unsigned int bus)
{
	const struct fake_fn *up;

	for (up = fn->up; up; up = up->up) {
		if (!up->present || !up->cfg[PCI_SECONDARY_BUS] ||
		    bus < up->cfg[PCI_SECONDARY_BUS] ||
		    bus > up->cfg[PCI_SUBORDINATE_BUS])
			return false;
	}
	return true;
}

static struct fake_fn *search_at(struct fake_host *host, unsigned int bus,
				 unsigned int devfn)
{
	unsigned int i;

	for (i = 0; i < host->nr_fns; i++) {
		struct fake_fn *fn = host->fns[i];

		if (fn->devfn == devfn && bus_nr(fn) == bus && is_there(fn) &&
		    is_routed(fn, bus))
			return fn;
	}
	return NULL;
}

/*
 * Under the lock: the function at a place, or NULL.  An access costs the same
 * however many functions there are, once its place is known.
 */
static struct fake_fn *find_at(struct fake_host *host, unsigned int bus,
			       unsigned int devfn)
{
	const unsigned int i = bus << 8 | devfn;
	struct fake_place *place = &host->places[i];

	if (i >= host->nr_places)
		return search_at(host, bus, devfn);
	if (place->routes != host->routes) {
		place->fn = search_at(host, bus, devfn);
		place->routes = host->routes;
	}
	return place->fn;
}

/*
 * Under the lock, or before the host is up: registers @where and after, or
 * what is there, have changed.
 */
static void forget_places(struct fake_host *host, const struct fake_fn *fn,
			  unsigned int where, unsigned int size)
{
	const unsigned int end = where + size;

	if (fn->bridge && where <= PCI_SUBORDINATE_BUS && end > PCI_PRIMARY_BUS)
		host->routes++;
	if (fn->sriov && where < fn->sriov + PCI_EXT_CAP_SRIOV_SIZEOF &&
	    end > fn->sriov)
		host->routes++;
}

/* Under the lock, once a read: what is to become of it. */
static enum fake_fault fault_of(struct fake_host *host, struct fake_fn *fn,
				int where)
{
	enum fake_fault how = fn->fault;

	if (host->fail_in && !--host->fail_in) {
		host->failed = true;
		return host->fail_how;
	}
	if (host->fail_on && host->failed)
		return host->fail_how;
	if (!how && where / 4 == fn->fault_dword)
		how = fn->fault_at;
	if (!how && where >= fn->len)
		how = FAKE_ONES;
	return how;
}

/* Under the lock. */
static void change_cfg(struct fake_host *host, struct fake_fn *fn, u16 where,
		       u8 size, u32 val)
{
	put_cfg(fn, where, size, val);
	forget_places(host, fn, where, size);
}

static int fake_read(struct pci_bus *bus, unsigned int devfn, int where,
		     int size, u32 *val)
{
	struct fake_host *host = host_of(bus);
	enum fake_fault how = FAKE_ERROR;
	unsigned long flags;
	struct fake_fn *fn;

	*val = GENMASK(size * 8 - 1, 0);
	if (where < 0 || where + size > CFG_SIZE)
		return PCIBIOS_BAD_REGISTER_NUMBER;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn = find_at(host, bus->number, devfn);
	if (fn) {
		host->reads++;
		fn->reads[where / 4]++;
		how = fault_of(host, fn, where);
		if (how == FAKE_OK)
			*val = get_cfg(fn, where, size);
		else if (how == FAKE_ZERO)
			*val = 0;
		if (host->poke_in && !--host->poke_in)
			change_cfg(host, host->poke_fn, host->poke_where,
				   host->poke_size, host->poke_val);
	}
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return how == FAKE_ERROR ? PCIBIOS_DEVICE_NOT_FOUND :
				   PCIBIOS_SUCCESSFUL;
}

/* What a write leaves: the new value where the mask has ones. */
static void write_fn(struct fake_fn *fn, int where, int size, u32 val)
{
	for (; size--; where++, val >>= 8)
		fn->cfg[where] = (fn->cfg[where] & ~fn->mask[where]) |
				 (val & fn->mask[where]);
}

static int fake_write(struct pci_bus *bus, unsigned int devfn, int where,
		      int size, u32 val)
{
	struct fake_host *host = host_of(bus);
	unsigned long flags;
	struct fake_fn *fn;

	if (where < 0 || where + size > CFG_SIZE)
		return PCIBIOS_BAD_REGISTER_NUMBER;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn = find_at(host, bus->number, devfn);
	if (fn) {
		host->writes++;
		if (!fn->fault && where < fn->len) {
			write_fn(fn, where, size, val);
			forget_places(host, fn, where, size);
		}
	}
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return fn ? PCIBIOS_SUCCESSFUL : PCIBIOS_DEVICE_NOT_FOUND;
}

static struct pci_ops fake_ops = {
	.read = fake_read,
	.write = fake_write,
};

/* ---- A host, before it is up: the declaration ---- */

static struct fake_fn *find_name(struct fake_host *host, const char *name)
{
	unsigned int i;

	for (i = 0; i < host->nr_fns; i++)
		if (!strcmp(host->fns[i]->name, name))
			return host->fns[i];
	return NULL;
}

/* For the calls that have no way to fail: a wrong name is the test's fault. */
static struct fake_fn *must_find(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = find_name(host, name);

	WARN(!fn, "fake_host: no function is called \"%s\"\n", name);
	return fn;
}

static int bad(const struct fake_dev *decl, const char *why)
{
	pr_err("\"%.*s\": %s\n", FAKE_NAME_LEN, decl->name, why);
	return -EINVAL;
}

static int check_acs(const struct fake_dev *decl, const struct fake_acs *acs)
{
	if (acs->layout > 2)
		return bad(decl, "no such ACS layout");
	if (acs->at && (acs->at & 3 || acs->at < PCI_CFG_SPACE_SIZE ||
			acs->at + acs_len(acs) > CFG_SIZE))
		return bad(decl, "ACS capability cannot be there");
	if (acs->at > PCI_CFG_SPACE_SIZE && acs->at < PCI_CFG_SPACE_SIZE + 8)
		return bad(decl, "ACS capability is too near the list's start");
	return 0;
}

static int check_bars(const struct fake_dev *decl)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(decl->bar); i++) {
		if (!decl->bar[i])
			continue;
		if (!is_power_of_2(decl->bar[i]) || decl->bar[i] < 16 ||
		    decl->bar[i] > SZ_16M)
			return bad(decl, "BAR of a size that is not possible");
		if (i >= 2 && is_bridge(decl))
			return bad(decl, "a bridge has two BARs at most");
	}
	return 0;
}

static int check_vfs(const struct fake_dev *decl)
{
	const struct fake_vfs *vfs = &decl->vfs;

	if (!vfs->total)
		return vfs->on ? bad(decl, "more VFs on than there are") : 0;
	if (decl->raw || is_bridge(decl) || !is_pcie(decl))
		return bad(decl, "cannot have VFs");
	if (vfs->total > FAKE_MAX_VFS)
		return bad(decl, "too many VFs");
	if (vfs->on > vfs->total)
		return bad(decl, "more VFs on than there are");
	return check_acs(decl, &vfs->acs);
}

static int check_raw(const struct fake_dev *decl)
{
	if (!decl->raw)
		return 0;
	if (decl->raw_len < PCI_STD_HEADER_SIZEOF || decl->raw_len > CFG_SIZE)
		return bad(decl, "config space image of a wrong length");
	return 0;
}

static int check_decl(const struct fake_dev *decl)
{
	int err;

	if (strnlen(decl->name, FAKE_NAME_LEN) == FAKE_NAME_LEN ||
	    strnlen(decl->up, FAKE_NAME_LEN) == FAKE_NAME_LEN)
		return bad(decl, "name too long");
	if (!*decl->name || strchr(decl->name, '.'))
		return bad(decl, "not a name");
	if (decl->slot > 31 || decl->fn > 7)
		return bad(decl, "no such device and function number");
	if (decl->type > FAKE_PCI_BRIDGE)
		return bad(decl, "no such type");
	err = check_raw(decl);
	if (err)
		return err;
	err = check_acs(decl, &decl->acs);
	if (err)
		return err;
	err = check_bars(decl);
	if (err)
		return err;
	return check_vfs(decl);
}

static bool same_bus(const struct fake_fn *a, const struct fake_fn *b)
{
	return a->up == b->up && !a->pf && !b->pf;
}

static bool same_slot(const struct fake_fn *a, const struct fake_fn *b)
{
	return same_bus(a, b) && PCI_SLOT(a->devfn) == PCI_SLOT(b->devfn);
}

/* Two functions at one place, VFs among them? */
static int check_place(struct fake_host *host, const struct fake_fn *fn)
{
	unsigned int i;

	for (i = 0; host->fns[i] != fn; i++) {
		const struct fake_fn *other = host->fns[i];

		if (other->up == fn->up && other->devfn == fn->devfn &&
		    other->vf_bus == fn->vf_bus) {
			pr_err("\"%s\": is where \"%s\" is\n", fn->name,
			       other->name);
			return -EINVAL;
		}
	}
	return 0;
}

static struct fake_fn *alloc_fn(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = kvzalloc(sizeof(*fn), GFP_KERNEL);

	if (!fn)
		return NULL;
	strscpy(fn->name, name, sizeof(fn->name));
	fn->fault_dword = NO_DWORD;
	host->fns[host->nr_fns++] = fn;
	return fn;
}

static int add_fn(struct fake_host *host, const struct fake_dev *decl)
{
	struct fake_fn *up = NULL;
	struct fake_fn *fn;
	int err;

	err = check_decl(decl);
	if (err)
		return err;
	if (find_name(host, decl->name))
		return bad(decl, "there is another of this name");
	if (*decl->up) {
		up = find_name(host, decl->up);
		if (!up)
			return bad(decl,
				   "what it is below is not declared above it");
		if (!up->bridge)
			return bad(decl, "what it is below is no bridge");
	}
	if (up && up->depth == FAKE_MAX_DEPTH)
		return bad(decl, "too deep");
	fn = alloc_fn(host, decl->name);
	if (!fn)
		return -ENOMEM;
	fn->decl = *decl;
	fn->up = up;
	fn->depth = up ? up->depth + 1 : 1;
	fn->devfn = PCI_DEVFN(decl->slot, decl->fn);
	fn->bridge = is_bridge(decl);
	fn->present = !(decl->flags & FAKE_ABSENT);
	return check_place(host, fn);
}

/* Where the VFs of a PF are unless it is said: from the next free 16 on. */
static void place_vfs(struct fake_host *host, struct fake_fn *pf)
{
	struct fake_vfs *vfs = &pf->decl.vfs;
	unsigned int last = 0, nth = 0;
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *fn = host->fns[i];

		if (!same_bus(fn, pf))
			continue;
		last = max_t(unsigned int, last, fn->devfn);
		if (fn->decl.vfs.total && fn->devfn < pf->devfn)
			nth++;
	}
	if (!vfs->offset)
		vfs->offset = (last / 16 + 1 + nth) * 16 - pf->devfn;
	if (!vfs->stride)
		vfs->stride = 1;
}

static int add_vfs(struct fake_host *host, struct fake_fn *pf)
{
	const struct fake_vfs *vfs = &pf->decl.vfs;
	unsigned int i;
	int err;

	if (!vfs->total)
		return 0;
	place_vfs(host, pf);
	for (i = 0; i < vfs->total; i++) {
		unsigned int rid = pf->devfn + vfs->offset + i * vfs->stride;
		char name[FAKE_NAME_LEN + 8];
		struct fake_fn *fn;

		if (snprintf(name, sizeof(name), "%s.vf%u", pf->name, i) >=
		    sizeof(name))
			return -EINVAL;
		fn = alloc_fn(host, name);
		if (!fn)
			return -ENOMEM;
		fn->up = pf->up;
		fn->pf = pf;
		fn->vf = i;
		fn->vf_bus = rid >> 8;
		fn->devfn = rid & 0xff;
		err = check_place(host, fn);
		if (err)
			return err;
	}
	return 0;
}

/* Multi-function bits: where somebody else is in the slot, there or to come. */
static void link_slots(struct fake_host *host)
{
	unsigned int i, k;

	for (i = 0; i < host->nr_decl; i++) {
		struct fake_fn *fn = host->fns[i];
		bool mfd = fn->decl.flags & FAKE_MFD;

		for (k = 0; k < host->nr_decl; k++)
			if (k != i && same_slot(fn, host->fns[k]))
				mfd = true;
		if (mfd && !fn->decl.raw)
			fn->cfg[PCI_HEADER_TYPE] |= 0x80;
	}
}

/* The next function of an ARI device that is there, 0 after the last. */
static u8 next_ari(struct fake_host *host, const struct fake_fn *fn)
{
	unsigned int next = 0x100;
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *other = host->fns[i];

		if (same_bus(fn, other) && other->present &&
		    other->devfn > fn->devfn && other->devfn < next)
			next = other->devfn;
	}
	return next < 0x100 ? next : 0;
}

/* Under the lock, or before the host is up (7.8.8.2). */
static void link_ari(struct fake_host *host)
{
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		struct fake_fn *fn = host->fns[i];

		if (fn->ari)
			put_cfg(fn, fn->ari + PCI_ARI_CAP + 1, 1,
				next_ari(host, fn));
	}
}

/* ---- Bus numbers ---- */

/* How many buses the VFs on the bus below @up (NULL: root) take beside it. */
static unsigned int vf_buses(struct fake_host *host, const struct fake_fn *up)
{
	unsigned int most = 0;
	unsigned int i;

	for (i = host->nr_decl; i < host->nr_fns; i++)
		if (host->fns[i]->up == up)
			most = max(most, host->fns[i]->vf_bus);
	return most;
}

/* How many buses a bridge needs: what is below is behind it in the array. */
static void count_buses(struct fake_host *host, unsigned int *need)
{
	unsigned int i, k;

	for (i = host->nr_decl; i--;) {
		const struct fake_fn *fn = host->fns[i];

		need[i] = 0;
		if (!fn->bridge)
			continue;
		need[i] = 1 + vf_buses(host, fn);
		for (k = i + 1; k < host->nr_decl; k++)
			if (host->fns[k]->up == fn)
				need[i] += need[k];
		if (fn->decl.sec)
			need[i] = max(fn->decl.sub, fn->decl.sec) -
				  fn->decl.sec + 1;
	}
}

/* The number of a bridge's bus: after those of its lower neighbours. */
static unsigned int next_bus(struct fake_host *host, const struct fake_fn *fn,
			     const unsigned int *need)
{
	unsigned int bus = fn->up ? fn->up->cfg[PCI_SECONDARY_BUS] : ROOT_BUS;
	unsigned int i;

	bus += vf_buses(host, fn->up) + 1;
	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *other = host->fns[i];

		if (same_bus(fn, other) && other->devfn < fn->devfn &&
		    !other->decl.sec)
			bus += need[i];
	}
	return bus;
}

/*
 * The PCI core renumbers a bridge whose numbers make no sense, from the
 * highest that is in use on, and does not notice when it comes to 256: then
 * it scans bus 0 below itself, forever.
 */
static int check_room(struct fake_host *host)
{
	unsigned int highest = 0, bridges = 0, bad_ones = 0;
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *fn = host->fns[i];
		u8 sec = fn->cfg[PCI_SECONDARY_BUS];
		u8 sub = fn->cfg[PCI_SUBORDINATE_BUS];

		if (!fn->bridge)
			continue;
		bridges++;
		bad_ones += sec <= bus_nr(fn) || sec > sub;
		highest = max3(highest, (unsigned int)sec, (unsigned int)sub);
	}
	if (!bad_ones || highest + bridges <= LAST_BUS)
		return 0;
	pr_err("crossed bus numbers, and none free to mend them\n");
	return -EINVAL;
}

/* Bus numbers in the order of a depth-first walk, as firmware gives them. */
static int number_buses(struct fake_host *host)
{
	unsigned int *need;
	unsigned int i;
	int err = 0;

	need = kcalloc(host->nr_decl, sizeof(*need), GFP_KERNEL);
	if (!need)
		return -ENOMEM;
	count_buses(host, need);
	for (i = 0; i < host->nr_decl && !err; i++) {
		struct fake_fn *fn = host->fns[i];
		unsigned int sec = fn->decl.sec;
		unsigned int sub = fn->decl.sub;

		if (!fn->bridge)
			continue;
		if (!sec) {
			sec = next_bus(host, fn, need);
			sub = sec + need[i] - 1;
		}
		if (sub > LAST_BUS)
			err = bad(&fn->decl, "no bus number is left");
		put_rw(fn, PCI_PRIMARY_BUS, 4,
		       bus_nr(fn) | sec << 8 | sub << 16, 0xffffff);
	}
	kfree(need);
	if (!err && vf_buses(host, NULL) > LAST_BUS) {
		pr_err("VFs beyond the last bus\n");
		err = -EINVAL;
	}
	return err ?: check_room(host);
}

/* As many buses as are numbered; the PCI core may number more. */
static int alloc_places(struct fake_host *host)
{
	unsigned int last = vf_buses(host, NULL);
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++)
		if (host->fns[i]->bridge)
			last = max_t(unsigned int, last,
				     host->fns[i]->cfg[PCI_SUBORDINATE_BUS]);
	host->nr_places = (min_t(unsigned int, last, LAST_BUS) + 1) << 8;
	host->places =
		kvcalloc(host->nr_places, sizeof(*host->places), GFP_KERNEL);
	host->routes = 1;
	return host->places ? 0 : -ENOMEM;
}

/* ---- A host, before it is up: all of it ---- */

static unsigned int count_vfs(const struct fake_dev *decl, unsigned int n)
{
	unsigned int vfs = 0;

	while (n--)
		vfs += min_t(unsigned int, decl[n].vfs.total, FAKE_MAX_VFS);
	return vfs;
}

static int build_host(struct fake_host *host, const struct fake_dev *decl,
		      unsigned int n)
{
	unsigned int i, k;
	int err;

	if (!n || n > FAKE_MAX_FNS) {
		pr_err("%u functions are not 1 to %u\n", n, FAKE_MAX_FNS);
		return -EINVAL;
	}
	host->fns =
		kcalloc(n + count_vfs(decl, n), sizeof(*host->fns), GFP_KERNEL);
	host->groups = kcalloc(n + count_vfs(decl, n), sizeof(*host->groups),
			       GFP_KERNEL);
	if (!host->fns || !host->groups)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		err = add_fn(host, decl + i);
		if (err)
			return err;
		for (k = 0; k < ARRAY_SIZE(decl[i].bar); k++)
			host->bars |= decl[i].bar[k];
	}
	host->nr_decl = n;
	for (i = 0; i < n; i++) {
		err = add_vfs(host, host->fns[i]);
		if (err)
			return err;
	}
	for (i = 0; i < host->nr_fns; i++)
		build_fn(host->fns[i]);
	link_slots(host);
	link_ari(host);
	err = number_buses(host);
	return err ?: alloc_places(host);
}

static void free_host(struct fake_host *host)
{
	while (host->nr_fns)
		kvfree(host->fns[--host->nr_fns]);
	kvfree(host->places);
	kfree(host->fns);
	kfree(host->groups);
	pci_dev_put(host->parent);
	kfree(host);
}

/* ---- IOMMU groups and aliases: given as a device is added ---- */

static struct iommu_group *get_group(struct fake_host *host, int nr)
{
	struct fake_group *slot;
	unsigned int i;

	for (i = 0; i < host->nr_groups; i++)
		if (host->groups[i].nr == nr)
			return host->groups[i].group;
	slot = &host->groups[host->nr_groups];
	slot->group = iommu_group_alloc();
	if (IS_ERR(slot->group))
		return slot->group;
	slot->nr = nr;
	host->nr_groups++;
	return slot->group;
}

static void join_group(struct fake_host *host, struct device *dev, int nr)
{
	struct iommu_group *group;

	if (!nr || !IS_ENABLED(CONFIG_IOMMU_API))
		return;
	group = get_group(host, nr);
	if (IS_ERR(group) || iommu_group_add_device(group, dev))
		dev_err(dev, "cannot be in IOMMU group %d\n", nr);
}

static void leave_group(struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);

	if (!group)
		return;
	iommu_group_remove_device(dev);
	iommu_group_put(group);
}

static void put_groups(struct fake_host *host)
{
	while (host->nr_groups)
		iommu_group_put(host->groups[--host->nr_groups].group);
}

static struct fake_fn *fn_of(struct fake_host *host, struct pci_dev *pdev)
{
	unsigned long flags;
	struct fake_fn *fn;

	raw_spin_lock_irqsave(&host->lock, flags);
	fn = find_at(host, pdev->bus->number, pdev->devfn);
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return fn;
}

/* As the fixups of the PCI core do it; theirs is not exported. */
static void set_alias(struct pci_dev *pdev, u16 alias)
{
	if (!alias)
		return;
	if (!pdev->dma_alias_mask)
		pdev->dma_alias_mask = bitmap_zalloc(256, GFP_KERNEL);
	if (pdev->dma_alias_mask)
		set_bit(alias & 0xff, pdev->dma_alias_mask);
}

static void dress(struct fake_host *host, struct pci_dev *pdev)
{
	struct fake_fn *fn = fn_of(host, pdev);
	int group;

	if (!fn)
		return;
	group = fn->decl.group;
	if (fn->pf && fn->pf->decl.vfs.group)
		group = fn->pf->decl.vfs.group + fn->vf;
	set_alias(pdev, fn->decl.alias);
	join_group(host, &pdev->dev, group);
}

static int notify(struct notifier_block *nb, unsigned long action, void *data)
{
	struct fake_host *host = container_of(nb, struct fake_host, nb);
	struct pci_dev *pdev = to_pci_dev((struct device *)data);

	if (pdev->bus->ops != &fake_ops || host_of(pdev->bus) != host)
		return NOTIFY_DONE;
	if (action == BUS_NOTIFY_ADD_DEVICE)
		dress(host, pdev);
	else if (action == BUS_NOTIFY_REMOVED_DEVICE)
		leave_group(&pdev->dev);
	return NOTIFY_DONE;
}

/* ---- Up and down ---- */

/* Under the rescan lock, so that two hosts cannot find the same. */
static int free_domain(void)
{
	int domain = FIRST_DOMAIN;
	struct pci_bus *bus;
	bool used;

	do {
		used = false;
		for (bus = NULL; (bus = pci_find_next_bus(bus));)
			used |= pci_domain_nr(bus) == domain;
		domain += used;
	} while (used);
	return domain;
}

static void set_domain(struct fake_host *host, int domain)
{
	host->domain = domain;
	host->bridge->domain_nr = domain;
	acs_guard_set_sysdata(&host->sysdata, domain, host->parent);
}

static void released(struct pci_host_bridge *bridge)
{
	struct fake_host *host = bridge->release_data;

	complete(&host->released);
}

static void add_windows(struct fake_host *host)
{
	host->busn.name = "fake bus numbers";
	host->busn.start = ROOT_BUS;
	host->busn.end = LAST_BUS;
	host->busn.flags = IORESOURCE_BUS;
	pci_add_resource(&host->bridge->windows, &host->busn);
	/* Not in the tree of the machine's memory: nothing is there. */
	host->mem.name = "fake memory";
	host->mem.start = 0xd0000000;
	host->mem.end = 0xdfffffff;
	host->mem.flags = IORESOURCE_MEM;
	pci_add_resource(&host->bridge->windows, &host->mem);
}

static int scan(struct fake_host *host)
{
	int err;

	pci_lock_rescan_remove();
	set_domain(host, free_domain());
	err = pci_scan_root_bus_bridge(host->bridge);
	if (!err) {
		host->bus = host->bridge->bus;
		if (host->bars) {
			pci_bus_size_bridges(host->bus);
			pci_bus_assign_resources(host->bus);
		}
		pci_bus_add_devices(host->bus);
	}
	pci_unlock_rescan_remove();
	return err;
}

/*
 * As sriov_numvfs_store() does: under the PF's device lock.  A PF's driver keeps
 * it awake, and with it the ports above, below which no VF could appear else.
 */
static int switch_vfs(struct fake_host *host, struct fake_fn *pf, bool on)
{
	struct pci_dev *pdev = fake_host_dev(host, pf->name);
	int err = 0;

	if (!pdev)
		return 0;
	device_lock(&pdev->dev);
	pm_runtime_get_sync(&pdev->dev);
	if (on)
		err = pci_enable_sriov(pdev, pf->decl.vfs.on);
	else if (pci_num_vf(pdev))
		pci_disable_sriov(pdev);
	pm_runtime_put(&pdev->dev);
	device_unlock(&pdev->dev);
	return err;
}

static bool is_below(const struct fake_fn *fn, const struct fake_fn *top)
{
	while (fn && fn != top)
		fn = fn->up;
	return fn == top;
}

/* VFs of what is @top or below it (NULL: all), on as declared, or off. */
static int switch_all_vfs(struct fake_host *host, const struct fake_fn *top,
			  bool on)
{
	unsigned int i;
	int err;

	for (i = 0; i < host->nr_decl; i++) {
		struct fake_fn *fn = host->fns[i];

		if (!(on ? fn->decl.vfs.on : fn->decl.vfs.total) ||
		    (top && !is_below(fn, top)))
			continue;
		err = switch_vfs(host, fn, on);
		if (err)
			return err;
	}
	return 0;
}

/* Unregister all that is there, be it much or little. */
static void take_down(struct fake_host *host)
{
	if (host->bus) {
		switch_all_vfs(host, NULL, false);
		pci_lock_rescan_remove();
		pci_stop_root_bus(host->bus);
		pci_remove_root_bus(host->bus);
		pci_unlock_rescan_remove();
	}
	bus_unregister_notifier(&pci_bus_type, &host->nb);
	put_groups(host);
}

/* Register the bridge and all below it; undo that if it fails. */
static int bring_up(struct fake_host *host)
{
	int err;

	err = bus_register_notifier(&pci_bus_type, &host->nb);
	if (err)
		return err;
	err = scan(host);
	if (!err)
		err = switch_all_vfs(host, NULL, true);
	if (err)
		take_down(host);
	return err;
}

static int alloc_bridge(struct fake_host *host)
{
	struct pci_host_bridge *bridge = pci_alloc_host_bridge(0);

	if (!bridge)
		return -ENOMEM;
	host->bridge = bridge;
	bridge->sysdata = &host->sysdata;
	bridge->ops = &fake_ops;
	bridge->busnr = ROOT_BUS;
	/* As if firmware had kept them: without interrupts they cannot work. */
	bridge->native_aer = 0;
	bridge->native_dpc = 0;
	bridge->native_pme = 0;
	bridge->native_pcie_hotplug = 0;
	bridge->native_shpc_hotplug = 0;
	if (host->parent)
		bridge->dev.parent = &host->parent->dev;
	pci_set_host_bridge_release(bridge, released, host);
	add_windows(host);
	return 0;
}

/*
 * Drop the bridge, and the host with it unless somebody holds on to a device,
 * who could still cause config cycles: then neither the host nor this module
 * may ever go.
 */
static int put_host(struct fake_host *host)
{
	pci_free_host_bridge(host->bridge);
	if (wait_for_completion_timeout(&host->released, RELEASE_TIMEOUT)) {
		free_host(host);
		return 0;
	}
	pr_err("a device of domain %04x is still held\n", host->domain);
	__module_get(THIS_MODULE);
	return -EBUSY;
}

/**
 * fake_host_create_below() - bring up a host whose bridge is below a function
 * @decl: the functions
 * @n: how many
 * @parent: what the host bridge is a child of, as with Intel's VMD; may be
 *          NULL.  It must not go before the new host does.
 *
 * Return: the host, all its devices added and its VFs enabled, or ERR_PTR():
 * -EINVAL if the declaration cannot be (the log says why), -ENOMEM, or what
 * the PCI core said.
 */
struct fake_host *fake_host_create_below(const struct fake_dev *decl,
					 unsigned int n, struct pci_dev *parent)
{
	struct fake_host *host;
	int err;

	host = kzalloc(sizeof(*host), GFP_KERNEL);
	if (!host)
		return ERR_PTR(-ENOMEM);
	raw_spin_lock_init(&host->lock);
	init_completion(&host->released);
	host->nb.notifier_call = notify;
	host->parent = pci_dev_get(parent);
	err = build_host(host, decl, n);
	if (err)
		goto free;
	err = alloc_bridge(host);
	if (err)
		goto free;
	err = bring_up(host);
	if (!err)
		return host;
	put_host(host);
	return ERR_PTR(err);
free:
	free_host(host);
	return ERR_PTR(err);
}

/**
 * fake_host_create() - bring up a host
 * @decl: the functions; copied, but for the images that .raw points to
 * @n: how many
 *
 * Return: as fake_host_create_below().
 */
struct fake_host *fake_host_create(const struct fake_dev *decl, unsigned int n)
{
	return fake_host_create_below(decl, n, NULL);
}

/**
 * fake_host_destroy() - take a host down, its devices with it
 * @host: the host; ERR_PTR() and NULL are let pass
 *
 * Return: 0, or -EBUSY if somebody still held a reference to one of its
 * devices after some seconds.  The host is then never freed, and this module
 * cannot be unloaded any more.
 */
int fake_host_destroy(struct fake_host *host)
{
	if (IS_ERR_OR_NULL(host))
		return 0;
	take_down(host);
	return put_host(host);
}

/* ---- While it is up: devices ---- */

/**
 * fake_host_bus() - the root bus
 * @host: the host
 *
 * Return: the bus; valid until fake_host_destroy().
 */
struct pci_bus *fake_host_bus(struct fake_host *host)
{
	return host->bus;
}

/**
 * fake_host_dev() - the device of a function
 * @host: the host
 * @name: what the declaration calls it
 *
 * Return: the device, or NULL if it is not there.  No reference comes with
 * it: it is valid until the function is unplugged or the host destroyed.
 */
struct pci_dev *fake_host_dev(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = must_find(host, name);
	struct pci_dev *pdev;

	if (!fn)
		return NULL;
	pdev = pci_get_domain_bus_and_slot(host->domain, bus_nr(fn), fn->devfn);
	pci_dev_put(pdev);
	return pdev;
}

/**
 * fake_host_name() - what the declaration calls a device
 * @pdev: any device
 *
 * Return: the name, or NULL if it is not the device of a fake host that is
 * up, or was unplugged.
 */
const char *fake_host_name(struct pci_dev *pdev)
{
	struct fake_fn *fn;

	if (pdev->bus->ops != &fake_ops)
		return NULL;
	fn = fn_of(host_of(pdev->bus), pdev);
	return fn ? fn->name : NULL;
}

/**
 * fake_host_name_at() - what the declaration calls what answers at an address
 * @host: the host
 * @address: as pci_name() writes it
 *
 * Return: the name, or NULL if nothing of this host answers there. The PCI core
 * need not list it.
 */
const char *fake_host_name_at(struct fake_host *host, const char *address)
{
	unsigned int domain, bus, dev, func;
	unsigned long flags;
	struct fake_fn *fn;

	if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &dev, &func) != 4 ||
	    domain != host->domain)
		return NULL;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn = find_at(host, bus, PCI_DEVFN(dev, func));
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return fn ? fn->name : NULL;
}

/**
 * fake_host_address() - where a function answers
 * @host: the host
 * @name: the function; the PCI core need not list it
 * @buf: the address, as pci_name() writes it
 * @size: room there
 *
 * Return: 0, or -EINVAL if there is no such function.
 */
int fake_host_address(struct fake_host *host, const char *name, char *buf,
		      size_t size)
{
	struct fake_fn *fn = find_name(host, name);

	if (!fn)
		return -EINVAL;
	snprintf(buf, size, "%04x:%02x:%02x.%d", host->domain, bus_nr(fn),
		 PCI_SLOT(fn->devfn), PCI_FUNC(fn->devfn));
	return 0;
}

/* The bus a function is on, NULL if the bridge above is not there. */
static struct pci_bus *bus_of(struct fake_host *host, const struct fake_fn *fn)
{
	struct pci_dev *up;

	if (!fn->up)
		return host->bus;
	up = fake_host_dev(host, fn->up->name);
	return up ? up->subordinate : NULL;
}

static void set_present(struct fake_host *host, struct fake_fn *fn, bool on)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&host->lock, flags);
	fn->present = on;
	host->routes++;
	link_ari(host);
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/* The bridge above is awake meanwhile, as whenever the PCI core scans. */
static void scan_again(struct fake_host *host, struct pci_bus *bus)
{
	struct device *up = bus->self ? &bus->self->dev : NULL;

	if (up)
		pm_runtime_get_sync(up);
	pci_scan_child_bus(bus);
	if (host->bars)
		pci_assign_unassigned_bus_resources(bus);
	pci_bus_add_devices(bus);
	if (up)
		pm_runtime_put(up);
}

/**
 * fake_host_plug() - put a function where there is none
 * @host: the host
 * @name: a function that is FAKE_ABSENT or was unplugged; what is declared
 *        below it comes along
 *
 * The bus is scanned again, and drivers are bound to what is new.
 *
 * Return: 0, -EINVAL if it is no such function, -ENODEV if the scan does not
 * find it.
 */
int fake_host_plug(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = must_find(host, name);
	struct pci_bus *bus;

	if (!fn || fn->pf || fn->present)
		return -EINVAL;
	pci_lock_rescan_remove();
	bus = bus_of(host, fn);
	if (bus) {
		set_present(host, fn, true);
		scan_again(host, bus);
	}
	pci_unlock_rescan_remove();
	if (!bus || !fake_host_dev(host, name))
		return -ENODEV;
	return switch_all_vfs(host, fn, true);
}

static int unplug(struct fake_host *host, struct fake_fn *fn)
{
	struct pci_dev *pdev;

	if (!fn || fn->pf)
		return -EINVAL;
	pdev = fake_host_dev(host, fn->name);
	if (!pdev)
		return -ENODEV;
	switch_all_vfs(host, fn, false);
	pci_stop_and_remove_bus_device_locked(pdev);
	set_present(host, fn, false);
	return 0;
}

/**
 * fake_host_unplug() - take a function away in good order
 * @host: the host
 * @name: the function; what is below goes with it
 *
 * Its driver is unbound while it still answers.
 *
 * Return: 0, -EINVAL or -ENODEV.
 */
int fake_host_unplug(struct fake_host *host, const char *name)
{
	return unplug(host, must_find(host, name));
}

static void fault_below(struct fake_host *host, const struct fake_fn *top,
			enum fake_fault how)
{
	unsigned int i;

	for (i = 0; i < host->nr_fns; i++)
		if (is_below(host->fns[i], top) || host->fns[i]->pf == top)
			WRITE_ONCE(host->fns[i]->fault, how);
}

static int disconnect(struct pci_dev *pdev, void *unused)
{
	pdev->error_state = pci_channel_io_perm_failure;
	return 0;
}

/**
 * fake_host_pull() - take a function away by surprise
 * @host: the host
 * @name: the function; what is below goes with it
 *
 * It stops to answer first, and is marked as disconnected as pciehp marks it;
 * only then is its driver unbound.
 *
 * Return: 0, -EINVAL or -ENODEV.
 */
int fake_host_pull(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = must_find(host, name);
	struct pci_dev *pdev;
	int err;

	if (!fn || fn->pf)
		return -EINVAL;
	pdev = fake_host_dev(host, name);
	if (!pdev)
		return -ENODEV;
	fault_below(host, fn, FAKE_ONES);
	disconnect(pdev, NULL);
	if (pdev->subordinate)
		pci_walk_bus(pdev->subordinate, disconnect, NULL);
	err = unplug(host, fn);
	fault_below(host, fn, FAKE_OK);
	return err;
}

/**
 * fake_host_hide() - let the PCI core forget a function that stays
 * @host: the host
 * @name: the function; what is below is forgotten with it
 *
 * What a write to the attribute "remove" does: the function goes on to answer.
 *
 * Return: 0, or -ENODEV if it is not listed.
 */
int fake_host_hide(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	pci_stop_and_remove_bus_device_locked(pdev);
	return 0;
}

/**
 * fake_host_rescan() - let the PCI core look for functions everywhere
 * @host: the host
 *
 * What a write to the root bus's attribute "rescan" does.
 */
void fake_host_rescan(struct fake_host *host)
{
	pci_lock_rescan_remove();
	scan_again(host, host->bus);
	pci_unlock_rescan_remove();
}

/* ---- While it is up: registers ---- */

/**
 * fake_host_peek() - look at a register, without a config cycle
 * @host: the host
 * @name: the function
 * @where: offset
 * @size: 1, 2 or 4 bytes
 *
 * Return: what a read would give if nothing were wrong; nothing is counted.
 */
u32 fake_host_peek(struct fake_host *host, const char *name, u16 where, u8 size)
{
	struct fake_fn *fn = must_find(host, name);
	unsigned long flags;
	u32 val;

	if (!fn || WARN_ON(size > 4 || where + size > CFG_SIZE))
		return U32_MAX;
	raw_spin_lock_irqsave(&host->lock, flags);
	val = get_cfg(fn, where, size);
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return val;
}

/**
 * fake_host_poke() - change a register, read-only bits and all
 * @host: the host
 * @name: the function
 * @where: offset
 * @size: 1, 2 or 4 bytes
 * @val: what reads are to give from now on
 *
 * As hardware changes a register, and as setpci does as far as Linux can
 * tell: the PCI core is not told.  Works on functions that are absent.
 */
void fake_host_poke(struct fake_host *host, const char *name, u16 where,
		    u8 size, u32 val)
{
	struct fake_fn *fn = must_find(host, name);
	unsigned long flags;

	if (!fn || WARN_ON(size > 4 || where + size > CFG_SIZE))
		return;
	raw_spin_lock_irqsave(&host->lock, flags);
	change_cfg(host, fn, where, size, val);
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/**
 * fake_host_poke_after() - change a register after so many reads
 * @host: the host
 * @nth: the change comes when this many reads of any function, from now on,
 *       have had their answer; 0: not at all.  One change a host, the last
 *       named.
 * @name: the function
 * @where: offset
 * @size: 1, 2 or 4 bytes
 * @val: what reads are to give from then on
 *
 * For what happens when a register is not the same the second time.
 */
void fake_host_poke_after(struct fake_host *host, unsigned int nth,
			  const char *name, u16 where, u8 size, u32 val)
{
	struct fake_fn *fn = must_find(host, name);
	unsigned long flags;

	if (!fn || WARN_ON(size > 4 || where + size > CFG_SIZE))
		return;
	raw_spin_lock_irqsave(&host->lock, flags);
	host->poke_in = nth;
	host->poke_fn = fn;
	host->poke_where = where;
	host->poke_size = size;
	host->poke_val = val;
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/* Under the lock: follow the list, as far as it can be long. */
static u16 find_ext(const struct fake_fn *fn, u16 id)
{
	unsigned int ttl = (CFG_SIZE - PCI_CFG_SPACE_SIZE) / 8;
	unsigned int at = PCI_CFG_SPACE_SIZE;

	while (at >= PCI_CFG_SPACE_SIZE && ttl--) {
		u32 header = get_cfg(fn, at, 4);

		if (PCI_EXT_CAP_ID(header) == id)
			return at;
		at = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/**
 * fake_host_ext_cap() - where an extended capability is
 * @host: the host
 * @name: the function
 * @id: PCI_EXT_CAP_ID_ACS and so on
 *
 * Return: its offset, 0 if the function's list does not lead to one.
 */
u16 fake_host_ext_cap(struct fake_host *host, const char *name, u16 id)
{
	struct fake_fn *fn = must_find(host, name);
	unsigned long flags;
	u16 at;

	if (!fn)
		return 0;
	raw_spin_lock_irqsave(&host->lock, flags);
	at = find_ext(fn, id);
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return at;
}

/**
 * fake_host_set_acs() - change an ACS control word, wherever it is
 * @host: the host
 * @name: a function declared with ACS
 * @ctrl: the new control word
 */
void fake_host_set_acs(struct fake_host *host, const char *name, u16 ctrl)
{
	struct fake_fn *fn = must_find(host, name);

	if (!fn || WARN_ON(!fn->acs))
		return;
	fake_host_poke(host, name,
		       fn->acs + (fn->decl.acs.layout == 2 ? 8 : PCI_ACS_CTRL),
		       2, ctrl);
}

/* ---- While it is up: faults ---- */

/**
 * fake_host_fault() - let all reads of a function fail
 * @host: the host
 * @name: the function; what is below it goes on to answer
 * @how: how they fail, FAKE_OK: not any more.  Writes are lost meanwhile.
 */
void fake_host_fault(struct fake_host *host, const char *name,
		     enum fake_fault how)
{
	struct fake_fn *fn = must_find(host, name);

	if (fn)
		WRITE_ONCE(fn->fault, how);
}

/**
 * fake_host_fault_at() - let reads of one dword of a function fail
 * @host: the host
 * @name: the function
 * @where: an offset in that dword; one dword a function, the last named
 * @how: how they fail, FAKE_OK: not any more
 */
void fake_host_fault_at(struct fake_host *host, const char *name, u16 where,
			enum fake_fault how)
{
	struct fake_fn *fn = must_find(host, name);
	unsigned long flags;

	if (!fn)
		return;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn->fault_dword = where / 4;
	fn->fault_at = how;
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

static void arm(struct fake_host *host, unsigned int nth, enum fake_fault how,
		bool on)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&host->lock, flags);
	host->fail_in = nth;
	host->fail_how = how;
	host->fail_on = on;
	host->failed = false;
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/**
 * fake_host_fail_nth() - let one of the reads to come fail
 * @host: the host
 * @nth: which: 1 is the next one of any function; 0: none, after all
 * @how: how it fails
 */
void fake_host_fail_nth(struct fake_host *host, unsigned int nth,
			enum fake_fault how)
{
	arm(host, nth, how, false);
}

/**
 * fake_host_fail_from() - let one of the reads to come fail, and all after it
 * @host: the host
 * @nth: which is the first, as in fake_host_fail_nth(); 0: none, after all
 * @how: how they fail
 */
void fake_host_fail_from(struct fake_host *host, unsigned int nth,
			 enum fake_fault how)
{
	arm(host, nth, how, true);
}

/**
 * fake_host_failed() - has the read come that was to fail, or the first of them?
 * @host: the host
 *
 * Return: true once it has.  A loop over @nth ends at the first false: there
 * were fewer reads.
 */
bool fake_host_failed(struct fake_host *host)
{
	return READ_ONCE(host->failed);
}

/* ---- While it is up: counts ---- */

/**
 * fake_host_reads() - how often a function was read
 * @host: the host
 * @name: the function
 * @where: an offset in the dword that is meant, or FAKE_ALL_REGS
 *
 * Return: the count since the host came up or fake_host_reset_counts().
 */
unsigned int fake_host_reads(struct fake_host *host, const char *name,
			     int where)
{
	struct fake_fn *fn = must_find(host, name);
	unsigned int sum = 0;
	unsigned long flags;
	unsigned int i;

	if (!fn || WARN_ON(where >= CFG_SIZE))
		return 0;
	raw_spin_lock_irqsave(&host->lock, flags);
	for (i = 0; i < CFG_DWORDS; i++)
		if (where < 0 || i == where / 4)
			sum += fn->reads[i];
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return sum;
}

/**
 * fake_host_total_reads() - how often any function was read
 * @host: the host
 *
 * Return: the count since the host came up or fake_host_reset_counts();
 * reads of places where nothing is do not count.
 */
unsigned int fake_host_total_reads(struct fake_host *host)
{
	return READ_ONCE(host->reads);
}

/**
 * fake_host_total_writes() - how often any function was written to
 * @host: the host
 *
 * Return: as fake_host_total_reads().
 */
unsigned int fake_host_total_writes(struct fake_host *host)
{
	return READ_ONCE(host->writes);
}

/**
 * fake_host_reset_counts() - begin to count anew
 * @host: the host
 */
void fake_host_reset_counts(struct fake_host *host)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&host->lock, flags);
	host->reads = 0;
	host->writes = 0;
	for (i = 0; i < host->nr_fns; i++)
		memset(host->fns[i]->reads, 0, sizeof(host->fns[i]->reads));
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/* ---- While it is up: through sysfs, as an administrator would ---- */

/* Write to, or read from, a file; its result, 0 for all that was written. */
static int file_io(const char *path, char *buf, size_t size, bool write)
{
	struct file *file = filp_open(path, write ? O_WRONLY : O_RDONLY, 0);
	loff_t pos = 0;
	ssize_t len;

	if (IS_ERR(file))
		return PTR_ERR(file);
	if (write)
		len = kernel_write(file, buf, size, &pos);
	else
		len = kernel_read(file, buf, size, &pos);
	filp_close(file, NULL);
	if (write && len >= 0)
		return len == size ? 0 : -EIO;
	return len;
}

static int write_path(char *path, const char *text)
{
	char *copy = kstrdup(text, GFP_KERNEL);
	int err = -ENOMEM;

	if (path && copy)
		err = file_io(path, copy, strlen(copy), true);
	kfree(copy);
	kfree(path);
	return err;
}

static char *attr_path(struct fake_host *host, const char *name,
		       const char *attr)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	return kasprintf(GFP_KERNEL, "/sys/bus/pci/devices/%s/%s",
			 pdev ? pci_name(pdev) : "-", attr);
}

/**
 * fake_host_write() - write to an attribute of a device
 * @host: the host
 * @name: the function
 * @attr: the attribute, such as "driver_override" or "acs_guard/permissive"
 * @text: what to write
 *
 * Needs sysfs to be mounted at /sys, as do the calls that follow.
 *
 * Return: 0 or the error that write(2), or open(2), gives.
 */
int fake_host_write(struct fake_host *host, const char *name, const char *attr,
		    const char *text)
{
	return write_path(attr_path(host, name, attr), text);
}

/**
 * fake_host_read() - read an attribute of a device
 * @host: the host
 * @name: the function
 * @attr: the attribute
 * @buf: where to; always ends with NUL
 * @size: of @buf
 *
 * Return: the length, or the error that read(2), or open(2), gives.
 */
int fake_host_read(struct fake_host *host, const char *name, const char *attr,
		   char *buf, size_t size)
{
	char *path = attr_path(host, name, attr);
	int len = -ENOMEM;

	*buf = '\0';
	if (path)
		len = file_io(path, buf, size - 1, false);
	if (len >= 0)
		buf[len] = '\0';
	kfree(path);
	return len;
}

/**
 * fake_host_bind() - ask for a driver, as "echo BDF > drivers/DRIVER/bind" does
 * @host: the host
 * @name: the function
 * @driver: the driver; it has to match, by its IDs or by driver_override
 *
 * Return: 0 or the error that write(2) gives.
 */
int fake_host_bind(struct fake_host *host, const char *name, const char *driver)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return write_path(kasprintf(GFP_KERNEL, "/sys/bus/pci/drivers/%s/bind",
				    driver),
			  pci_name(pdev));
}

/**
 * fake_host_unbind() - take a driver off
 * @host: the host
 * @name: the function
 *
 * Return: 0 or the error that write(2) gives; -ENOENT if there is no driver.
 */
int fake_host_unbind(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return fake_host_write(host, name, "driver/unbind", pci_name(pdev));
}

/**
 * fake_host_probe() - let the driver core find a driver, through drivers_probe
 * @host: the host
 * @name: the function
 *
 * Return: 0, which need not mean that there is a driver now, or the error that
 * write(2) gives.
 */
int fake_host_probe(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	return write_path(kstrdup("/sys/bus/pci/drivers_probe", GFP_KERNEL),
			  pci_name(pdev));
}

/* ---- Declarations: made smaller, and in print ---- */

/**
 * fake_decl_drop() - leave out a function, and what is below it
 * @decl: the functions; those that are left move up
 * @n: how many
 * @i: which; the rest is a declaration again, so a test that fails can be
 *     shrunk by leaving out as many as it goes on failing without
 *
 * Return: how many are left.
 */
unsigned int fake_decl_drop(struct fake_dev *decl, unsigned int n,
			    unsigned int i)
{
	const struct fake_dev gone = decl[i];
	unsigned int k;

	memmove(decl + i, decl + i + 1, (n - i - 1) * sizeof(*decl));
	n--;
	/* What was below comes later, and so does what is below that. */
	for (k = i; k < n;) {
		if (strcmp(decl[k].up, gone.name))
			k++;
		else
			n = fake_decl_drop(decl, n, k);
	}
	return n;
}

struct out {
	char *buf;
	size_t size;
	size_t len;
};

static __printf(2, 3) void out(struct out *o, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	o->len += vscnprintf(o->buf + o->len, o->size - o->len, fmt, args);
	va_end(args);
}

static void out_type(struct out *o, u8 type)
{
	static const char *const names[] = {
		[FAKE_EP] = "FAKE_EP",
		[FAKE_LEGACY] = "FAKE_LEGACY",
		[FAKE_RP] = "FAKE_RP",
		[FAKE_UP] = "FAKE_UP",
		[FAKE_DP] = "FAKE_DP",
		[FAKE_PCIE_TO_PCI] = "FAKE_PCIE_TO_PCI",
		[FAKE_PCI_TO_PCIE] = "FAKE_PCI_TO_PCIE",
		[FAKE_RCIEP] = "FAKE_RCIEP",
		[FAKE_RCEC] = "FAKE_RCEC",
		[FAKE_PCI] = "FAKE_PCI",
		[FAKE_PCI_BRIDGE] = "FAKE_PCI_BRIDGE",
	};

	if (type < ARRAY_SIZE(names) && names[type])
		out(o, ", %s", names[type]);
	else
		out(o, ", 0x%x", type);
}

static void out_flags(struct out *o, const char *what, u32 flags)
{
	static const char *const names[] = {
		"FAKE_MFD",	 "FAKE_ARI",	  "FAKE_HOTPLUG",
		"FAKE_ABSENT",	 "FAKE_MASTER",	  "FAKE_PM",
		"FAKE_ATS",	 "FAKE_ATS_ON",	  "FAKE_CXL",
		"FAKE_CXL_ON",	 "FAKE_CFG256",	  "FAKE_EXT_CUT",
		"FAKE_EXT_LOOP", "FAKE_CAP_LOOP", "FAKE_NO_SLOT",
	};
	const char *sep = " = ";
	unsigned int i;

	if (!flags)
		return;
	out(o, ", %s", what);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(flags & BIT(i)))
			continue;
		out(o, "%s%s", sep, names[i]);
		sep = " | ";
	}
}

static void out_num(struct out *o, const char *what, u32 val, const char *fmt)
{
	if (!val)
		return;
	out(o, ", %s = ", what);
	out(o, *fmt == 'x' ? "0x%x" : "%u", val);
}

static void out_acs(struct out *o, const char *what, const struct fake_acs *acs)
{
	if (!acs->layout)
		return;
	out(o, ", %s = FAKE_ACS%s(0x%x, 0x%x", what,
	    acs->layout == 2 ? "_PCH" : "", acs->cap, acs->ctrl);
	out_num(o, ".rw", acs->rw, "x");
	out_num(o, ".at", acs->at, "x");
	out_num(o, ".egress", acs->egress, "x");
	out(o, ")");
}

static void out_bars(struct out *o, const u32 *bar)
{
	unsigned int i, n = 6;

	while (n && !bar[n - 1])
		n--;
	for (i = 0; i < n; i++)
		out(o, "%s0x%x", i ? ", " : ", .bar = { ", bar[i]);
	if (n)
		out(o, " }");
}

static void out_vfs(struct out *o, const struct fake_vfs *vfs)
{
	if (!vfs->total)
		return;
	out_num(o, ".vfs.total", vfs->total, "u");
	out_num(o, ".vfs.on", vfs->on, "u");
	out_num(o, ".vfs.offset", vfs->offset, "u");
	out_num(o, ".vfs.stride", vfs->stride, "u");
	out_flags(o, ".vfs.flags", vfs->flags);
	out_acs(o, ".vfs.acs", &vfs->acs);
	out_num(o, ".vfs.group", vfs->group, "u");
}

/**
 * fake_dev_print() - write the declaration of one function as C has it
 * @buf: where to
 * @size: of @buf; 512 are enough for any
 * @decl: the function
 *
 * An image (.raw) is left out.
 *
 * Return: the length, less than @size.
 */
int fake_dev_print(char *buf, size_t size, const struct fake_dev *decl)
{
	struct out o = { .buf = buf, .size = size };

	out(&o, "{ \"%.*s\", \"%.*s\", %u, %u", FAKE_NAME_LEN - 1, decl->name,
	    FAKE_NAME_LEN - 1, decl->up, decl->slot, decl->fn);
	out_type(&o, decl->type);
	out_flags(&o, ".flags", decl->flags);
	out_acs(&o, ".acs", &decl->acs);
	out_num(&o, ".vendor", decl->vendor, "x");
	out_num(&o, ".device", decl->device, "x");
	out_num(&o, ".class", decl->class, "x");
	out_bars(&o, decl->bar);
	out_num(&o, ".sec", decl->sec, "u");
	out_num(&o, ".sub", decl->sub, "u");
	out_vfs(&o, &decl->vfs);
	if (decl->alias)
		out(&o, ", .alias = FAKE_ALIAS(%u, %u)",
		    PCI_SLOT(decl->alias & 0xff), PCI_FUNC(decl->alias));
	out_num(&o, ".group", decl->group, "u");
	out(&o, " },");
	return o.len;
}

/**
 * fake_decl_print() - write a topology to the log, ready to be pasted
 * @decl: the functions
 * @n: how many
 */
void fake_decl_print(const struct fake_dev *decl, unsigned int n)
{
	char *buf = kmalloc(512, GFP_KERNEL);
	unsigned int i;

	for (i = 0; buf && i < n; i++) {
		fake_dev_print(buf, 512, decl + i);
		pr_info("\t%s\n", buf);
	}
	kfree(buf);
}
