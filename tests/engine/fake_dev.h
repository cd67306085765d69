/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The declaration of one function of a topology, for fake hosts and for tests
 * of the engine in user space
 */
#ifndef FAKE_DEV_H
#define FAKE_DEV_H

#include "home.h"

#define FAKE_NAME_LEN 12 /* with the terminating NUL */

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
 * 8, and FAKE_PCI_BRIDGE) have a type 1 header, the others have one of type 0;
 * with FAKE_ODD_HEADER it is the other way round.
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
#define FAKE_ODD_HEADER	BIT(15)	/* the type is not listed for the header */
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

#endif /* FAKE_DEV_H */
