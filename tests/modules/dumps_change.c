// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of random machines: what their descriptions have no words for
 *
 * Device IDs that the kernel has quirks for, in place of requester-ID aliases
 * that nothing in a dump tells; the IDs and the class of VMD endpoints; ACS
 * capabilities at other places; types of ports that cannot be; and, in some
 * machines, extended configuration space that is broken or is not there.
 */
#include <linux/bits.h>
#include <linux/pci.h>
#include <linux/pci_ids.h>

#include "dumps.h"
#include "fake_dev.h"
#include "topo.h"

#define VMD_CLASS 0x010400
#define VMD_DEVICE 0x28c0

/* Functions with requester-ID aliases (quirk_dma_func0_alias() and so on). */
static const struct {
	u16 vendor;
	u16 device;
} aliased[] = {
	{ 0x1180, 0xe476 }, /* function 0 */
	{ 0x6766, 0x3d40 }, /* function 0 */
	{ 0x1b4b, 0x9172 }, /* function 1 */
	{ 0x197b, 0x2392 }, /* function 1 */
	{ 0x8086, 0x2260 }, /* 10.0, 11.0 and 12.3 */
	{ 0x8086, 0x2954 }, /* 00.0 to 1f.4 */
	{ 0x10b5, 0x87b0 }, /* all */
	{ 0x9005, 0x0285 }, /* 01.0, if it is one of two products */
};

static u64 state;

static u32 random(u32 below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 32) % below;
}

static bool chance(u32 percent)
{
	return random(100) < percent;
}

static bool with_doubts;

/**
 * dumps_begin() - begin with another machine
 * @seed: which; the same always has the same changes
 */
void dumps_begin(u64 seed)
{
	state = (seed + 1) * 0x9e3779b97f4a7c15ULL;
	with_doubts = chance(25);
}

static void change_id(struct fake_dev *decl)
{
	const u32 i = random(ARRAY_SIZE(aliased));

	decl->vendor = aliased[i].vendor;
	decl->device = aliased[i].device;
}

static void change_acs(struct fake_dev *decl)
{
	if (chance(20))
		decl->acs.at = 0x200 + 4 * random(0x80);
	if (decl->acs.layout == 1 && decl->acs.cap & PCI_ACS_EC)
		decl->acs.egress = chance(50) ? 0 : random(U32_MAX);
}

/* Types that set_pcie_port_type() corrects, or takes as they are. */
static void change_type(struct fake_dev *decl)
{
	if (decl->type == FAKE_UP)
		decl->type = FAKE_DP;
	else if (decl->type == FAKE_DP)
		decl->type = FAKE_UP;
}

/* What the PCI core finds further functions by stays as it is. */
static void add_doubts(struct fake_dev *decl)
{
	static const u32 doubts[] = {
		FAKE_CFG256,
		FAKE_EXT_CUT,
		FAKE_EXT_LOOP,
		FAKE_CAP_LOOP,
	};

	if (!decl->vfs.total && !(decl->flags & FAKE_ARI) && !decl->raw)
		decl->flags |= doubts[random(ARRAY_SIZE(doubts))];
}

/**
 * dumps_change() - change the declaration of a function
 * @t: the topology
 * @i: the function
 * @decl: its declaration
 */
void dumps_change(const struct topo *t, unsigned int i, struct fake_dev *decl)
{
	const struct topo_fn *fn = &t->fn[i];

	decl->alias = 0;
	if (fn->flags & TOPO_VMD) {
		decl->device = VMD_DEVICE;
		decl->class = VMD_CLASS;
	} else if (fn->flags & TOPO_ALIAS ||
		   (!topo_is_bridge(fn) && !(fn->flags & TOPO_DUMMY) &&
		    chance(3))) {
		change_id(decl);
	}
	if (decl->acs.layout)
		change_acs(decl);
	if (chance(1))
		change_type(decl);
	if (with_doubts && chance(5))
		add_doubts(decl);
}
