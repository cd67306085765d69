/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A PCI host bridge that exists in memory only.
 *
 * A topology is an array of struct fake_dev, one line a function, what is
 * above always before what is below:
 *
 *	static const struct fake_dev t1[] = {
 *		{ "rp",  "",    1, 0, FAKE_RP, .acs = FAKE_ACS(0x5f, 0x1d) },
 *		{ "up",  "rp",  0, 0, FAKE_UP },
 *		{ "dp0", "up",  0, 0, FAKE_DP },
 *		{ "dp1", "up",  1, 0, FAKE_DP },
 *		{ "ep0", "dp0", 0, 0, FAKE_EP },
 *		{ "ep1", "dp1", 0, 0, FAKE_EP },
 *	};
 *
 *	host = fake_host_create(t1, ARRAY_SIZE(t1));
 *	ep0 = fake_host_dev(host, "ep0");
 *
 * Everything after the type has a default (nothing, zero), so a line says
 * only what is special about its function.  A generator fills the same
 * structure, and fake_dev_print() writes it back in the form above, ready to
 * be pasted into a test.
 *
 * The host answers config cycles; all else is real: the PCI core scans it,
 * sysfs shows it, the driver core binds drivers to it.  Every host is in a
 * domain of its own.  There is no memory behind the BARs, no interrupt, no
 * DMA.
 *
 * Link fake_host.o into each module that wants one (there is nothing to
 * export, and it needs no KUnit).  All functions may sleep unless they say
 * otherwise.
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include <linux/bits.h>
#include <linux/types.h>

struct fake_host;
struct pci_dev;

#define FAKE_NAME_LEN 12  /* with the terminating NUL */
#define FAKE_MAX_FNS 512  /* declared functions, without VFs */
#define FAKE_MAX_VFS 256  /* of one PF */
#define FAKE_MAX_DEPTH 32 /* from the root bus down: the PCI core recurses */

/**
 * enum fake_type - what a function is
 * @FAKE_EP: PCI Express endpoint
 * @FAKE_LEGACY: legacy endpoint
 * @FAKE_RP: root port
 * @FAKE_UP: switch upstream port
 * @FAKE_DP: switch downstream port
 * @FAKE_PCIE_TO_PCI: bridge to a conventional bus
 * @FAKE_PCI_TO_PCIE: bridge from a conventional bus, the reverse
 * @FAKE_RCIEP: root complex integrated endpoint
 * @FAKE_RCEC: root complex event collector
 * @FAKE_PCI: a function without PCI Express capability
 * @FAKE_PCI_BRIDGE: a bridge without PCI Express capability
 *
 * The values up to 0xf are those of the PCI Express Capabilities register
 * (PCIe 6.0, 7.5.3.2); any of them may be declared.  Ports and bridges (4 to
 * 8, and FAKE_PCI_BRIDGE) have a type 1 header.
 */
enum fake_type {
	FAKE_EP = 0x0,
	FAKE_LEGACY = 0x1,
	FAKE_RP = 0x4,
	FAKE_UP = 0x5,
	FAKE_DP = 0x6,
	FAKE_PCIE_TO_PCI = 0x7,
	FAKE_PCI_TO_PCIE = 0x8,
	FAKE_RCIEP = 0x9,
	FAKE_RCEC = 0xa,
	FAKE_PCI = 0x10,
	FAKE_PCI_BRIDGE = 0x11,
};

/* clang-format off */
/*
 * fake_dev.flags.  The multi-function bit is set without FAKE_MFD where another
 * function is declared in the same slot, even one that is absent.
 */
#define FAKE_MFD	BIT(0)	/* multi-function bit, though alone in its slot */
#define FAKE_ARI	BIT(1)	/* at a function: ARI capability; at a port: forwards ARI */
#define FAKE_HOTPLUG	BIT(2)	/* a port's slot is hot-plug capable */
#define FAKE_ABSENT	BIT(3)	/* not there until fake_host_plug() */
#define FAKE_MASTER	BIT(4)	/* Bus Master is on from the start */
#define FAKE_PM		BIT(5)	/* power management capability */
#define FAKE_ATS	BIT(6)	/* ATS capability */
#define FAKE_ATS_ON	BIT(7)	/* the same, enabled */
#define FAKE_CXL	BIT(8)	/* CXL device DVSEC that can do CXL.cache */
#define FAKE_CXL_ON	BIT(9)	/* the same, enabled */
#define FAKE_CFG256	BIT(10)	/* config space ends at 256 bytes */
#define FAKE_EXT_CUT	BIT(11)	/* extended capability list ends after its first entry */
#define FAKE_EXT_LOOP	BIT(12)	/* extended capability list leads back to its start */
#define FAKE_CAP_LOOP	BIT(13)	/* the same, conventional capability list */
#define FAKE_NO_SLOT	BIT(14)	/* a port's Slot Implemented bit is clear */
/* clang-format on */

/**
 * struct fake_acs - ACS capability of a function (PCIe 6.0, 7.7.11)
 * @layout: 0: has none; 1: as in the specification; 2: as in Intel's
 *          100-series PCH, capability dword at +4, control dword at +8
 * @cap: capability word
 * @ctrl: control word; config writes leave it alone but for @rw
 * @rw: control bits that config writes do change
 * @at: where the capability is, 0: wherever it fits
 * @egress: first dword of the egress control vector (not layout 2)
 */
struct fake_acs {
	u8 layout;
	u16 cap;
	u16 ctrl;
	u16 rw;
	u16 at;
	u32 egress;
};

/* clang-format off */
/* For .acs, with any of .rw, .at and .egress to follow. */
#define FAKE_ACS(_cap, _ctrl, ...) \
	{ .layout = 1, .cap = _cap, .ctrl = _ctrl, ##__VA_ARGS__ }
#define FAKE_ACS_PCH(_cap, _ctrl, ...) \
	{ .layout = 2, .cap = _cap, .ctrl = _ctrl, ##__VA_ARGS__ }
/* clang-format on */

/**
 * struct fake_vfs - SR-IOV capability of a function
 * @total: TotalVFs and InitialVFs, 0: no SR-IOV capability
 * @on: this many VFs are enabled as soon as the host is up
 * @offset: First VF Offset, 0: a multiple of 16 with room for 16 VFs a PF
 * @stride: VF Stride, 0: 1
 * @flags: fake_dev.flags of each VF
 * @acs: ACS capability of each VF
 * @group: IOMMU group of the first VF, the next has the next; 0: none
 *
 * VFs have no BARs.  VF number 2 of "pf" is called "pf.vf2".
 */
struct fake_vfs {
	u16 total;
	u16 on;
	u16 offset;
	u16 stride;
	u32 flags;
	struct fake_acs acs;
	u16 group;
};

/**
 * struct fake_dev - the declaration of one function
 * @name: how the test calls it; unique
 * @up: the name of the bridge or port it is below, "" for the root bus
 * @slot: device number
 * @fn: function number, 0 to 7 (ARI function 8 is slot 1, function 0)
 * @type: enum fake_type
 * @flags: FAKE_MFD and so on
 * @acs: ACS capability
 * @vendor: vendor ID, 0: FAKE_VENDOR
 * @device: device ID, 0: FAKE_DEVICE + type
 * @class: class code (24 bits), 0: one that fits the type
 * @bar: sizes of the memory BARs in bytes, powers of two, 32-bit
 * @sec: secondary bus number, 0: the next that is free.  @sec and @sub are
 *       taken as they are, sensible or not
 * @sub: subordinate bus number
 * @vfs: SR-IOV capability
 * @alias: device and function (PCI_DEVFN()) it also issues requests as; the
 *         low 8 bits count, FAKE_ALIAS() makes one that is not "none"
 * @group: IOMMU group, a number of the test's own; 0: none
 * @raw: config space to take instead of one made of the above (all but the
 *       BARs and the bus numbers of it are read-only); the type must still
 *       tell whether it is a bridge
 * @raw_len: its length, up to 4096; what is beyond reads as all ones
 */
struct fake_dev {
	char name[FAKE_NAME_LEN];
	char up[FAKE_NAME_LEN];
	u8 slot;
	u8 fn;
	u8 type;
	u32 flags;
	struct fake_acs acs;
	u16 vendor;
	u16 device;
	u32 class;
	u32 bar[6];
	u8 sec;
	u8 sub;
	struct fake_vfs vfs;
	u16 alias;
	u16 group;
	const u8 *raw;
	u16 raw_len;
};

#define FAKE_VENDOR 0xfa5e
#define FAKE_DEVICE 0xac00
#define FAKE_ALIAS(_slot, _fn) (0x100 | (_slot) << 3 | (_fn))

/**
 * enum fake_fault - how a config read goes wrong
 * @FAKE_OK: it does not
 * @FAKE_ONES: all ones, as from a device that is gone
 * @FAKE_ZERO: all zeroes, as during some resets
 * @FAKE_ERROR: the access itself reports an error (and all ones)
 */
enum fake_fault {
	FAKE_OK,
	FAKE_ONES,
	FAKE_ZERO,
	FAKE_ERROR,
};

struct fake_host *fake_host_create(const struct fake_dev *decl, unsigned int n);
struct fake_host *fake_host_create_below(const struct fake_dev *decl,
					 unsigned int n,
					 struct pci_dev *parent);
int fake_host_destroy(struct fake_host *host);

struct pci_dev *fake_host_dev(struct fake_host *host, const char *name);
const char *fake_host_name(struct pci_dev *pdev);
const char *fake_host_name_at(struct fake_host *host, const char *address);
int fake_host_address(struct fake_host *host, const char *name, char *buf,
		      size_t size);
struct pci_bus *fake_host_bus(struct fake_host *host);

int fake_host_plug(struct fake_host *host, const char *name);
int fake_host_unplug(struct fake_host *host, const char *name);
int fake_host_pull(struct fake_host *host, const char *name);
int fake_host_hide(struct fake_host *host, const char *name);
void fake_host_rescan(struct fake_host *host);

u32 fake_host_peek(struct fake_host *host, const char *name, u16 where,
		   u8 size);
void fake_host_poke(struct fake_host *host, const char *name, u16 where,
		    u8 size, u32 val);
void fake_host_poke_after(struct fake_host *host, unsigned int nth,
			  const char *name, u16 where, u8 size, u32 val);
u16 fake_host_ext_cap(struct fake_host *host, const char *name, u16 id);
void fake_host_set_acs(struct fake_host *host, const char *name, u16 ctrl);
void fake_host_fault(struct fake_host *host, const char *name,
		     enum fake_fault how);
void fake_host_fault_at(struct fake_host *host, const char *name, u16 where,
			enum fake_fault how);
void fake_host_fail_nth(struct fake_host *host, unsigned int nth,
			enum fake_fault how);
void fake_host_fail_from(struct fake_host *host, unsigned int nth,
			 enum fake_fault how);
bool fake_host_failed(struct fake_host *host);

#define FAKE_ALL_REGS (-1)
unsigned int fake_host_reads(struct fake_host *host, const char *name,
			     int where);
unsigned int fake_host_total_reads(struct fake_host *host);
unsigned int fake_host_total_writes(struct fake_host *host);
void fake_host_reset_counts(struct fake_host *host);

int fake_host_write(struct fake_host *host, const char *name, const char *attr,
		    const char *text);
int fake_host_read(struct fake_host *host, const char *name, const char *attr,
		   char *buf, size_t size);
int fake_host_bind(struct fake_host *host, const char *name,
		   const char *driver);
int fake_host_unbind(struct fake_host *host, const char *name);
int fake_host_probe(struct fake_host *host, const char *name);

int fake_dev_print(char *buf, size_t size, const struct fake_dev *decl);
unsigned int fake_decl_drop(struct fake_dev *decl, unsigned int n,
			    unsigned int i);
void fake_decl_print(const struct fake_dev *decl, unsigned int n);

#endif /* FAKE_HOST_H */
