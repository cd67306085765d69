// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fake host of random bytes: headers, capability lists and ACS registers with
 * random contents, in inconsistent hierarchies
 *
 * Some bytes are not random, because the PCI core does not survive them.  The
 * Vendor ID is that of the fake host, or Intel's with a Device ID that matters
 * for the ACS layout only, since fixups depend on both.  Bus numbers of bridges
 * are consistent (else the core may scan bus 0 below itself, without end).
 * scripts/lib/uml-run disables ASPM.
 */
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "fuzz.h"

/* Offset of the first conventional capability. */
#define FIRST_CAP 0x40

/* ---- Random numbers ---- */

static u64 random_state;

static void seed_random(u64 seed)
{
	seed += 0x9e3779b97f4a7c15ULL;
	seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9ULL;
	seed = (seed ^ seed >> 27) * 0x94d049bb133111ebULL;
	seed ^= seed >> 31;
	random_state = seed ?: 1;
}

u32 fuzz_draw(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 0x2545f4914f6cdd1dULL) >> 32;
}

u32 fuzz_below(u32 n)
{
	return fuzz_draw() % n;
}

bool fuzz_chance(u32 percent)
{
	return fuzz_below(100) < percent;
}

/* ---- Images ---- */

struct fuzz_member fuzz_members[FUZZ_FUNCTIONS];
struct fake_dev fuzz_decls[FUZZ_FUNCTIONS];
unsigned int fuzz_num_members;
struct fake_host *fuzz_host;

static void put_bytes(u8 *at, unsigned int size, u32 value)
{
	for (; size--; value >>= 8)
		*at++ = value;
}

static u32 get_bytes(const u8 *at, unsigned int size)
{
	u32 value = 0;

	while (size--)
		value = value << 8 | at[size];
	return value;
}

static void fill_random(u8 *at, unsigned int size)
{
	while (size--)
		*at++ = fuzz_draw();
}

/* ACS Capability and Control of a good function, of a bad one, or random. */
u32 fuzz_acs_words(void)
{
	static const u32 good[] = { 0x001d001d, 0x001d005f, 0x001f001f,
				    0x000c000c, 0x001d001f, 0x00000000 };
	static const u32 bad[] = { U32_MAX,    0xffff001f, 0x001dffff,
				   0x0000001f, 0x003d007f, 0x005d007f,
				   0x00000000 };

	if (fuzz_chance(65))
		return good[fuzz_below(ARRAY_SIZE(good))];
	if (fuzz_chance(40))
		return bad[fuzz_below(ARRAY_SIZE(bad))];
	return fuzz_chance(50) ? fuzz_draw() : fuzz_draw() & 0x007f007f;
}

static u8 any_type(const struct fuzz_member *member)
{
	if (fuzz_chance(15))
		return fuzz_below(16);
	return member->type;
}

static void add_pcie(struct fuzz_member *member, unsigned int at)
{
	u8 *cap = member->image + at;

	if (at + 0x3c > PCI_CFG_SPACE_SIZE)
		return;
	if (fuzz_chance(30))
		fill_random(cap + 2, 0x3a);
	put_bytes(cap + PCI_EXP_FLAGS, 2,
		  (fuzz_chance(90) ? 2 : fuzz_below(16)) |
			  any_type(member) << 4 |
			  (fuzz_chance(20) ? fuzz_draw() & 0xff00 : 0));
}

/* A capability list, now and then with random pointers. */
static void add_caps(struct fuzz_member *member)
{
	static const u8 ids[] = { PCI_CAP_ID_EXP,   PCI_CAP_ID_EXP,
				  PCI_CAP_ID_PM,    PCI_CAP_ID_MSI,
				  PCI_CAP_ID_MSIX,  PCI_CAP_ID_VPD,
				  PCI_CAP_ID_SSVID, PCI_CAP_ID_EA,
				  PCI_CAP_ID_AF };
	u8 *image = member->image;
	unsigned int at = FIRST_CAP, next, n = 1 + fuzz_below(3);
	bool express = fuzz_chance(90);

	put_bytes(image + PCI_STATUS, 2,
		  get_bytes(image + PCI_STATUS, 2) | PCI_STATUS_CAP_LIST);
	image[PCI_CAPABILITY_LIST] = fuzz_chance(97) ? at : fuzz_draw();
	while (n--) {
		u8 id = express ? PCI_CAP_ID_EXP :
				  ids[fuzz_below(ARRAY_SIZE(ids))];

		if (fuzz_chance(3))
			id = fuzz_draw();
		express = false;
		image[at] = id;
		if (id == PCI_CAP_ID_EXP)
			add_pcie(member, at);
		else
			fill_random(image + at + 2, 0x12);
		next = n ? at + 0x40 : 0;
		image[at + 1] = fuzz_chance(95) ? next : fuzz_draw();
		at = next;
		if (at + 0x40 > PCI_CFG_SPACE_SIZE)
			break;
	}
}

static void fill_ext(u8 *cap, u16 id, unsigned int room)
{
	fill_random(cap + 4, room - 4);
	switch (id) {
	case PCI_EXT_CAP_ID_ACS:
		put_bytes(cap + PCI_ACS_CAP, 4, fuzz_acs_words());
		put_bytes(cap + 8, 4, fuzz_acs_words() >> 16);
		break;
	case PCI_EXT_CAP_ID_SRIOV:
		/* The PCI core tries each number of VFs up to TotalVFs. */
		put_bytes(cap + PCI_SRIOV_TOTAL_VF, 2, fuzz_below(9));
		break;
	case PCI_EXT_CAP_ID_DVSEC:
		put_bytes(cap + PCI_DVSEC_HEADER1, 2, 0x1e98);
		put_bytes(cap + PCI_DVSEC_HEADER2, 2, fuzz_below(3));
		break;
	}
}

static void add_ext(struct fuzz_member *member)
{
	static const u16 ids[] = { PCI_EXT_CAP_ID_ATS,	 PCI_EXT_CAP_ID_ARI,
				   PCI_EXT_CAP_ID_SRIOV, PCI_EXT_CAP_ID_DVSEC,
				   PCI_EXT_CAP_ID_VNDR,	 PCI_EXT_CAP_ID_PRI,
				   PCI_EXT_CAP_ID_PASID, PCI_EXT_CAP_ID_REBAR,
				   PCI_EXT_CAP_ID_DPC,	 PCI_EXT_CAP_ID_ERR,
				   PCI_EXT_CAP_ID_RCEC,	 PCI_EXT_CAP_ID_PTM };
	u8 *image = member->image;
	unsigned int at = PCI_CFG_SPACE_SIZE, next,
		     n = fuzz_below(4) + fuzz_chance(90);

	while (n--) {
		const bool acs = fuzz_chance(60);
		u16 id = acs ? PCI_EXT_CAP_ID_ACS :
			       ids[fuzz_below(ARRAY_SIZE(ids))];
		unsigned int room = id == PCI_EXT_CAP_ID_SRIOV ? 0x40 : 0x10;

		if (fuzz_chance(2))
			id = fuzz_draw();
		next = n ? ALIGN(at + room + fuzz_below(0x80), 4) : 0;
		if (fuzz_chance(3))
			next = fuzz_draw();
		put_bytes(image + at, 4, id | 1 << 16 | next << 20);
		fill_ext(image + at, id, room);
		at = next;
		if (at < PCI_CFG_SPACE_SIZE || at % 4 ||
		    at + 0x40 > PCI_CFG_SPACE_EXP_SIZE)
			break;
	}
}

static u8 header_type(const struct fuzz_member *member)
{
	u8 type = member->bridge;

	/* Not CardBus: functions are declared below bridges of type 1 only. */
	if (!member->bridge && fuzz_chance(3)) {
		type = fuzz_chance(50) ? PCI_HEADER_TYPE_CARDBUS :
					 fuzz_draw() & 0x7f;
		if (type == PCI_HEADER_TYPE_BRIDGE)
			type = PCI_HEADER_TYPE_NORMAL;
	}
	return type | (fuzz_chance(60) ? 0x80 : 0);
}

static u32 class_of(const struct fuzz_member *member)
{
	if (fuzz_chance(10))
		return fuzz_draw();
	if (member->bridge)
		return PCI_CLASS_BRIDGE_PCI << 16 | (fuzz_draw() & 0xff);
	return fuzz_chance(90) ? 0xff000000 : PCI_CLASS_BRIDGE_HOST << 16;
}

static void make_image(struct fuzz_member *member)
{
	u8 *image = member->image;
	const bool noise = fuzz_chance(30);
	const bool intel = fuzz_chance(10);

	memset(image, 0, sizeof(member->image));
	if (noise)
		fill_random(image, sizeof(member->image));
	else if (fuzz_chance(50))
		fill_random(image + PCI_BASE_ADDRESS_0, fuzz_below(0x25));
	if (!noise || fuzz_chance(70)) {
		add_caps(member);
		add_ext(member);
	}
	put_bytes(image + PCI_VENDOR_ID, 2,
		  intel ? PCI_VENDOR_ID_INTEL : FAKE_VENDOR);
	put_bytes(image + PCI_DEVICE_ID, 2, intel ? FUZZ_PCH_RP : fuzz_draw());
	put_bytes(image + PCI_COMMAND, 2, fuzz_draw() & PCI_COMMAND_MASTER);
	put_bytes(image + PCI_CLASS_REVISION, 4, class_of(member));
	image[PCI_HEADER_TYPE] = header_type(member);
	if (!member->bridge)
		put_bytes(image + PCI_PRIMARY_BUS, fuzz_chance(95) ? 0 : 4, 0);
}

/* ---- Hosts ---- */

/* The type that fits below the bridge above. */
static u8 sensible_type(const struct fuzz_member *member)
{
	const u8 up = member->up < 0 ? 0xff : fuzz_members[member->up].type;

	if (up == 0xff)
		return member->bridge ? FAKE_RP : FAKE_RCIEP;
	if (up == FAKE_UP)
		return member->bridge || fuzz_chance(90) ? FAKE_DP : FAKE_EP;
	if (!member->bridge)
		return fuzz_chance(80) ? FAKE_EP : FAKE_LEGACY;
	return fuzz_chance(80) ? FAKE_UP : FAKE_PCIE_TO_PCI;
}

static bool is_taken(unsigned int i)
{
	unsigned int k;

	for (k = 0; k < i; k++)
		if (fuzz_members[k].up == fuzz_members[i].up &&
		    fuzz_decls[k].slot == fuzz_decls[i].slot &&
		    fuzz_decls[k].fn == fuzz_decls[i].fn)
			return true;
	return false;
}

/* Return: one of the bridges before @i, or -1 for the root bus. */
static int place_below(unsigned int i)
{
	int up = fuzz_chance(50) ? i - 1 : (int)fuzz_below(i + 1) - 1;

	while (up >= 0 && !fuzz_members[up].bridge)
		up--;
	return up;
}

/* Mostly function 0: without it, the PCI core finds no function of a device. */
static void place_member(unsigned int i)
{
	struct fake_dev *decl = &fuzz_decls[i];
	const bool link = fuzz_members[i].up >= 0 &&
			  fuzz_members[fuzz_members[i].up].type != FAKE_UP;

	decl->slot = link && fuzz_chance(97) ? 0 : fuzz_below(4);
	decl->fn = fuzz_chance(97) ? 0 : fuzz_below(8);
	while (is_taken(i)) {
		decl->fn = fuzz_below(8);
		decl->slot = fuzz_chance(20) ? fuzz_below(32) : decl->slot;
	}
}

void fuzz_make_host(u64 seed)
{
	unsigned int i;

	seed_random(seed);
	fuzz_num_members = 1 + fuzz_below(FUZZ_FUNCTIONS);
	memset(fuzz_decls, 0, sizeof(fuzz_decls));
	for (i = 0; i < fuzz_num_members; i++) {
		struct fuzz_member *member = &fuzz_members[i];
		struct fake_dev *decl = &fuzz_decls[i];

		member->up = place_below(i);
		member->bridge = i + 1 < fuzz_num_members &&
				 fuzz_chance(i < 2 ? 85 : 40);
		member->type = sensible_type(member);
		/* A Downstream Port is a bridge, even without functions below. */
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
		decl->raw_len = fuzz_chance(95) ? PCI_CFG_SPACE_EXP_SIZE :
						  64 + fuzz_below(4000);
		place_member(i);
	}
}

unsigned int fuzz_find_devices(void)
{
	unsigned int i, found = 0;

	for (i = 0; i < fuzz_num_members; i++) {
		fuzz_members[i].pdev =
			fake_host_dev(fuzz_host, fuzz_decls[i].name);
		found += !!fuzz_members[i].pdev;
	}
	return found;
}
