// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fake host of random bytes: headers, capability lists that lead anywhere,
 * ACS registers with anything in them, in hierarchies that make no sense.
 *
 * The PCI core survives a lot, but not all.  What the bytes are not allowed to
 * be: the vendor is our own, or Intel's with an ID of no consequence but the
 * ACS layout, since fixups go by that; a bridge has bus numbers that make sense
 * (where none are left the core scans bus 0 below itself, forever); and ASPM is
 * off (scripts/uml-run).
 */
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "fuzz.h"

/* Where the generator puts the first conventional capability. */
#define FIRST_CAP 0x40

/* ---- Random numbers ---- */

static u64 state;

static void sow(u64 seed)
{
	seed += 0x9e3779b97f4a7c15ULL;
	seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9ULL;
	seed = (seed ^ seed >> 27) * 0x94d049bb133111ebULL;
	seed ^= seed >> 31;
	state = seed ?: 1;
}

u32 draw(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL) >> 32;
}

u32 below(u32 n)
{
	return draw() % n;
}

bool chance(u32 percent)
{
	return below(100) < percent;
}

/* ---- Images ---- */

struct member members[MOST_FUNCTIONS];
struct fake_dev decls[MOST_FUNCTIONS];
unsigned int num_members;
struct fake_host *host;

static void put(u8 *at, unsigned int size, u32 value)
{
	for (; size--; value >>= 8)
		*at++ = value;
}

static u32 get(const u8 *at, unsigned int size)
{
	u32 value = 0;

	while (size--)
		value = value << 8 | at[size];
	return value;
}

static void fill(u8 *at, unsigned int size)
{
	while (size--)
		*at++ = draw();
}

/* What should be there, or what should not. */
u32 acs_words(void)
{
	static const u32 good[] = { 0x001d001d, 0x001d005f, 0x001f001f,
				    0x000c000c, 0x001d001f, 0x00000000 };
	static const u32 bad[] = { U32_MAX,    0xffff001f, 0x001dffff,
				   0x0000001f, 0x003d007f, 0x005d007f,
				   0x00000000 };

	if (chance(65))
		return good[below(ARRAY_SIZE(good))];
	if (chance(40))
		return bad[below(ARRAY_SIZE(bad))];
	return chance(50) ? draw() : draw() & 0x007f007f;
}

static u8 any_type(const struct member *member)
{
	if (chance(15))
		return below(16);
	return member->type;
}

static void add_pcie(struct member *member, unsigned int at)
{
	u8 *cap = member->image + at;

	if (at + 0x3c > PCI_CFG_SPACE_SIZE)
		return;
	if (chance(30))
		fill(cap + 2, 0x3a);
	put(cap + PCI_EXP_FLAGS, 2,
	    (chance(90) ? 2 : below(16)) | any_type(member) << 4 |
		    (chance(20) ? draw() & 0xff00 : 0));
}

/* A list that leads on, or to its end; or anywhere. */
static void add_caps(struct member *member)
{
	static const u8 ids[] = { PCI_CAP_ID_EXP,   PCI_CAP_ID_EXP,
				  PCI_CAP_ID_PM,    PCI_CAP_ID_MSI,
				  PCI_CAP_ID_MSIX,  PCI_CAP_ID_VPD,
				  PCI_CAP_ID_SSVID, PCI_CAP_ID_EA,
				  PCI_CAP_ID_AF };
	u8 *image = member->image;
	unsigned int at = FIRST_CAP, next, n = 1 + below(3);
	bool express = chance(90);

	put(image + PCI_STATUS, 2,
	    get(image + PCI_STATUS, 2) | PCI_STATUS_CAP_LIST);
	image[PCI_CAPABILITY_LIST] = chance(97) ? at : draw();
	while (n--) {
		u8 id = express ? PCI_CAP_ID_EXP : ids[below(ARRAY_SIZE(ids))];

		if (chance(3))
			id = draw();
		express = false;
		image[at] = id;
		if (id == PCI_CAP_ID_EXP)
			add_pcie(member, at);
		else
			fill(image + at + 2, 0x12);
		next = n ? at + 0x40 : 0;
		image[at + 1] = chance(95) ? next : draw();
		at = next;
		if (at + 0x40 > PCI_CFG_SPACE_SIZE)
			break;
	}
}

static void fill_ext(u8 *cap, u16 id, unsigned int room)
{
	fill(cap + 4, room - 4);
	switch (id) {
	case PCI_EXT_CAP_ID_ACS:
		put(cap + PCI_ACS_CAP, 4, acs_words());
		put(cap + 8, 4, acs_words() >> 16);
		break;
	case PCI_EXT_CAP_ID_SRIOV:
		/* The core tries each number of VFs, up to all. */
		put(cap + PCI_SRIOV_TOTAL_VF, 2, below(9));
		break;
	case PCI_EXT_CAP_ID_DVSEC:
		put(cap + PCI_DVSEC_HEADER1, 2, 0x1e98);
		put(cap + PCI_DVSEC_HEADER2, 2, below(3));
		break;
	}
}

static void add_ext(struct member *member)
{
	static const u16 ids[] = { PCI_EXT_CAP_ID_ATS,	 PCI_EXT_CAP_ID_ARI,
				   PCI_EXT_CAP_ID_SRIOV, PCI_EXT_CAP_ID_DVSEC,
				   PCI_EXT_CAP_ID_VNDR,	 PCI_EXT_CAP_ID_PRI,
				   PCI_EXT_CAP_ID_PASID, PCI_EXT_CAP_ID_REBAR,
				   PCI_EXT_CAP_ID_DPC,	 PCI_EXT_CAP_ID_ERR,
				   PCI_EXT_CAP_ID_RCEC,	 PCI_EXT_CAP_ID_PTM };
	u8 *image = member->image;
	unsigned int at = PCI_CFG_SPACE_SIZE, next, n = below(4) + chance(90);

	while (n--) {
		const bool acs = chance(60);
		u16 id = acs ? PCI_EXT_CAP_ID_ACS : ids[below(ARRAY_SIZE(ids))];
		unsigned int room = id == PCI_EXT_CAP_ID_SRIOV ? 0x40 : 0x10;

		if (chance(2))
			id = draw();
		next = n ? ALIGN(at + room + below(0x80), 4) : 0;
		if (chance(3))
			next = draw();
		put(image + at, 4, id | 1 << 16 | next << 20);
		fill_ext(image + at, id, room);
		at = next;
		if (at < PCI_CFG_SPACE_SIZE || at % 4 ||
		    at + 0x40 > PCI_CFG_SPACE_EXP_SIZE)
			break;
	}
}

static u8 header_type(const struct member *member)
{
	u8 type = member->bridge;

	/* What is below a bridge of another kind would have no place. */
	if (!member->bridge && chance(3)) {
		type = chance(50) ? PCI_HEADER_TYPE_CARDBUS : draw() & 0x7f;
		if (type == PCI_HEADER_TYPE_BRIDGE)
			type = PCI_HEADER_TYPE_NORMAL;
	}
	return type | (chance(60) ? 0x80 : 0);
}

static u32 class_of(const struct member *member)
{
	if (chance(10))
		return draw();
	if (member->bridge)
		return PCI_CLASS_BRIDGE_PCI << 16 | (draw() & 0xff);
	return chance(90) ? 0xff000000 : PCI_CLASS_BRIDGE_HOST << 16;
}

static void make_image(struct member *member)
{
	u8 *image = member->image;
	const bool noise = chance(30);
	const bool intel = chance(10);

	memset(image, 0, sizeof(member->image));
	if (noise)
		fill(image, sizeof(member->image));
	else if (chance(50))
		fill(image + PCI_BASE_ADDRESS_0, below(0x25));
	if (!noise || chance(70)) {
		add_caps(member);
		add_ext(member);
	}
	put(image + PCI_VENDOR_ID, 2,
	    intel ? PCI_VENDOR_ID_INTEL : FAKE_VENDOR);
	put(image + PCI_DEVICE_ID, 2, intel ? PCH_RP : draw());
	put(image + PCI_COMMAND, 2, draw() & PCI_COMMAND_MASTER);
	put(image + PCI_CLASS_REVISION, 4, class_of(member));
	image[PCI_HEADER_TYPE] = header_type(member);
	if (!member->bridge)
		put(image + PCI_PRIMARY_BUS, chance(95) ? 0 : 4, 0);
}

/* ---- Hosts ---- */

/* Where a hierarchy makes sense, what a function is follows from what is above.
 */
static u8 sensible_type(const struct member *member)
{
	const u8 up = member->up < 0 ? 0xff : members[member->up].type;

	if (up == 0xff)
		return member->bridge ? FAKE_RP : FAKE_RCIEP;
	if (up == FAKE_UP)
		return member->bridge || chance(90) ? FAKE_DP : FAKE_EP;
	if (!member->bridge)
		return chance(80) ? FAKE_EP : FAKE_LEGACY;
	return chance(80) ? FAKE_UP : FAKE_PCIE_TO_PCI;
}

static bool is_taken(unsigned int i)
{
	unsigned int k;

	for (k = 0; k < i; k++)
		if (members[k].up == members[i].up &&
		    decls[k].slot == decls[i].slot &&
		    decls[k].fn == decls[i].fn)
			return true;
	return false;
}

/* Of the bridges before @i one, or the root bus. */
static int place_below(unsigned int i)
{
	int up = chance(50) ? i - 1 : (int)below(i + 1) - 1;

	while (up >= 0 && !members[up].bridge)
		up--;
	return up;
}

/* Without a function 0 the PCI core finds none of a device. */
static void place(unsigned int i)
{
	struct fake_dev *decl = &decls[i];
	const bool link = members[i].up >= 0 &&
			  members[members[i].up].type != FAKE_UP;

	decl->slot = link && chance(97) ? 0 : below(4);
	decl->fn = chance(97) ? 0 : below(8);
	while (is_taken(i)) {
		decl->fn = below(8);
		decl->slot = chance(20) ? below(32) : decl->slot;
	}
}

void make_host(u64 seed)
{
	unsigned int i;

	sow(seed);
	num_members = 1 + below(MOST_FUNCTIONS);
	memset(decls, 0, sizeof(decls));
	for (i = 0; i < num_members; i++) {
		struct member *member = &members[i];
		struct fake_dev *decl = &decls[i];

		member->up = place_below(i);
		member->bridge = i + 1 < num_members && chance(i < 2 ? 85 : 40);
		member->type = sensible_type(member);
		/* A downstream port is a bridge, even the last. */
		if (member->type == FAKE_DP)
			member->bridge = true;
		member->pdev = NULL;
		member->fault = FAKE_OK;
		member->fault_acs = FAKE_OK;
		make_image(member);

		snprintf(decl->name, sizeof(decl->name), "f%u", i);
		if (member->up >= 0)
			snprintf(decl->up, sizeof(decl->up), "f%d", member->up);
		decl->raw = member->image;
		decl->raw_len = chance(95) ? PCI_CFG_SPACE_EXP_SIZE :
					     64 + below(4000);
		place(i);
	}
}

unsigned int find_devices(void)
{
	unsigned int i, found = 0;

	for (i = 0; i < num_members; i++) {
		members[i].pdev = fake_host_dev(host, decls[i].name);
		found += !!members[i].pdev;
	}
	return found;
}
