// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random bytes as the config space of fake hosts: headers, capability lists
 * that lead anywhere, ACS registers with anything in them, in hierarchies that
 * make no sense.  The PCI core scans them, the guard judges each function; then
 * registers change, functions cease to answer, and it judges again.
 *
 * Whatever is found: nothing crashes, and nobody is isolated
 *
 * - in whose verdict an ACS register was read that cannot be read,
 * - above whom, beside whom or in whose device there is something that has no
 *   readable ACS as it should be, as seen from here (see must_not_be()),
 * - for whom the oracle finds a peer, where the hierarchy is one that it
 *   knows; what cannot be read counts as switched off there.
 *
 * The PCI core survives a lot, but not all.  What the bytes are not allowed to
 * be: the vendor is our own, or Intel's with an ID of no consequence but the
 * ACS layout, since fixups go by that; a bridge has bus numbers that make sense
 * (where none are left the core scans bus 0 below itself, forever); and ASPM is
 * off (scripts/uml-run).
 *
 * To see a failure again, load the module with fuzz_seed=N fuzz_hosts=1, N
 * being the seed that was printed.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>
#include <linux/string.h>

#include "guard.h"
#include "oracle.h"
#include "node.h"
#include "suites.h"

static unsigned long long first_seed = 1;
module_param_named(fuzz_seed, first_seed, ullong, 0444);
MODULE_PARM_DESC(fuzz_seed, "seed of the first host of random bytes");

static unsigned int num_hosts = 1000;
module_param_named(fuzz_hosts, num_hosts, uint, 0444);
MODULE_PARM_DESC(fuzz_hosts, "hosts of random bytes");

#define CHUNK 1000
#define MOST_FUNCTIONS 8
#define CHANGES 4 /* of a host, each followed by new verdicts */

#define PCH_RP 0xa110 /* root port with ACS registers laid out as dwords */

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

static u32 draw(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL) >> 32;
}

static u32 below(u32 n)
{
	return draw() % n;
}

static bool chance(u32 percent)
{
	return below(100) < percent;
}

/* ---- Images ---- */

/**
 * struct member - one function of the host at hand
 * @image: its config space, as it was declared
 * @up: the bridge above, or negative
 * @bridge: has a header of type 1
 * @type: what the generator meant it to be; the bytes may say otherwise
 * @pdev: its device, or NULL if the PCI core did not take it
 * @fault: what all its reads come to
 * @fault_acs: what reads of its ACS registers come to
 */
struct member {
	u8 image[PCI_CFG_SPACE_EXP_SIZE];
	int up;
	bool bridge;
	u8 type;
	struct pci_dev *pdev;
	enum fake_fault fault;
	enum fake_fault fault_acs;
};

static struct member members[MOST_FUNCTIONS];
static struct fake_dev decls[MOST_FUNCTIONS];
static unsigned int num_members;
static struct fake_host *host;

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
static u32 acs_words(void)
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

static void make_host(u64 seed)
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

static unsigned int find_devices(void)
{
	unsigned int i, found = 0;

	for (i = 0; i < num_members; i++) {
		members[i].pdev = fake_host_dev(host, decls[i].name);
		found += !!members[i].pdev;
	}
	return found;
}

/* ---- What holds, seen from here ---- */

static int index_of(const struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < num_members; i++)
		if (pdev && members[i].pdev == pdev)
			return i;
	return -1;
}

static bool is_express(const struct pci_dev *pdev)
{
	return pdev->pcie_cap;
}

/* The type, -1 without a PCI Express capability. */
static int type_of(const struct pci_dev *pdev)
{
	return pdev && is_express(pdev) ? pdev->pcie_flags_reg >> 4 & 0xf : -1;
}

static bool is_port(const struct pci_dev *pdev)
{
	const int type = type_of(pdev);

	return type == FAKE_RP || type == FAKE_DP;
}

static bool has_dwords(const struct pci_dev *pdev)
{
	return pdev->vendor == PCI_VENDOR_ID_INTEL && pdev->device == PCH_RP &&
	       type_of(pdev) == FAKE_RP;
}

/*
 * What its registers read as, if they can be read.  Zeroes in the one dword,
 * and the capability's header above it: nobody can tell that from an empty
 * capability.
 */
static void peek_words(unsigned int i, u16 *cap, u16 *ctrl)
{
	const struct pci_dev *pdev = members[i].pdev;
	u32 value = fake_host_peek(host, decls[i].name,
				   pdev->acs_cap + PCI_ACS_CAP, 4);

	if (members[i].fault_acs == FAKE_ZERO)
		value = 0;
	*cap = value;
	*ctrl = has_dwords(pdev) ? fake_host_peek(host, decls[i].name,
						  pdev->acs_cap + 8, 2) :
				   value >> 16;
}

static bool is_lost(const struct member *member)
{
	return member->fault == FAKE_ONES || member->fault == FAKE_ERROR ||
	       member->fault_acs == FAKE_ONES ||
	       member->fault_acs == FAKE_ERROR;
}

/*
 * Are its ACS registers such that none may be believed?  Where all reads are
 * zeroes, so is the capability's header.
 */
static bool is_unreadable(unsigned int i)
{
	const struct member *member = &members[i];
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

/* Does a port turn something round that it should send upstream?  6.12.3 */
static bool is_weak_port(unsigned int i)
{
	const u16 required = PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF;
	u16 cap, ctrl;

	if (is_unreadable(i) || !members[i].pdev->acs_cap)
		return true;
	peek_words(i, &cap, &ctrl);
	/* A port that has ACS, has Source Validation. */
	if (!(cap & PCI_ACS_SV) || cap & ~ctrl & required || ctrl & PCI_ACS_EC)
		return true;
	return ctrl & PCI_ACS_DT && !(ctrl & PCI_ACS_TB);
}

/* The same of one of several functions of a device. */
static bool is_weak_function(unsigned int i)
{
	u16 cap, ctrl;

	if (members[i].pdev->vendor == PCI_VENDOR_ID_INTEL &&
	    type_of(members[i].pdev) == FAKE_RCIEP)
		return members[i].pdev->error_state != pci_channel_io_normal;
	if (is_unreadable(i) || !is_express(members[i].pdev) ||
	    !members[i].pdev->acs_cap)
		return true;
	peek_words(i, &cap, &ctrl);
	return cap & ~ctrl & (PCI_ACS_RR | PCI_ACS_CR) ||
	       ctrl & (PCI_ACS_EC | PCI_ACS_DT);
}

/* A host bridge that does nothing, or may be taken for one. */
static bool may_be_dummy(const struct pci_dev *pdev)
{
	return pci_is_root_bus(pdev->bus) &&
	       pdev->class >> 8 == PCI_CLASS_BRIDGE_HOST;
}

/* Is @other another function of the device of @pdev, on its bus? */
static bool is_mate(const struct pci_dev *pdev, const struct pci_dev *other)
{
	return other && other != pdev && other->bus == pdev->bus &&
	       (is_port(pdev->bus->self) ||
		PCI_SLOT(other->devfn) == PCI_SLOT(pdev->devfn)) &&
	       !may_be_dummy(other);
}

static bool has_weak_device(unsigned int i)
{
	const struct pci_dev *pdev = members[i].pdev;
	bool shared = false, weak = false;
	unsigned int k;

	for (k = 0; k < num_members; k++) {
		if (!is_mate(pdev, members[k].pdev))
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

/* Is something beside @pdev, on the internal bus of a switch, no good port? */
static bool has_weak_sibling(const struct pci_dev *pdev)
{
	unsigned int k;

	if (type_of(pdev->bus->self) != FAKE_UP)
		return false;
	for (k = 0; k < num_members; k++) {
		const struct pci_dev *other = members[k].pdev;

		if (!other || other == pdev || other->bus != pdev->bus)
			continue;
		if (type_of(other) != FAKE_DP ||
		    (is_weak_port(k) && !is_unused_port(other)))
			return true;
	}
	return false;
}

/*
 * Must not be isolated: part of the rules, in other words than verdict.c's and
 * without its walk.  Below a conventional bridge it is not about ACS, and the
 * oracle has to do.  Return: why, or NULL.
 */
static const char *must_not_be(unsigned int i)
{
	const struct pci_dev *pdev = members[i].pdev;
	const struct pci_dev *up;

	if (pdev->error_state != pci_channel_io_normal)
		return "it is marked as gone";
	for (up = pdev->bus->self; up; up = up->bus->self)
		if (!is_express(up) || type_of(up) == FAKE_PCIE_TO_PCI ||
		    type_of(up) == FAKE_PCI_TO_PCIE)
			return NULL;
	if (has_weak_device(i))
		return "its device is weak";
	if (has_weak_sibling(pdev))
		return "what is beside it is weak";
	for (up = pdev->bus->self; up; up = up->bus->self) {
		if (is_port(up) && is_weak_port(index_of(up)))
			return "a port above it is weak";
		if (has_weak_sibling(up))
			return "what is beside a port above it is weak";
	}
	return NULL;
}

/* Was an ACS register read, in this verdict, that cannot be read? */
static bool read_the_unreadable(unsigned int *reads)
{
	unsigned int i;
	u16 cap, ctrl;

	*reads = 0;

	for (i = 0; i < num_members; i++) {
		const struct pci_dev *pdev = members[i].pdev;

		if (!pdev || !pdev->acs_cap ||
		    !fake_host_reads(host, decls[i].name,
				     pdev->acs_cap + PCI_ACS_CAP))
			continue;
		++*reads;
		peek_words(i, &cap, &ctrl);
		if (is_lost(&members[i]) || cap == U16_MAX || ctrl == U16_MAX)
			return true;
	}
	return false;
}

/* ---- The oracle ---- */

static int kind_of(const struct pci_dev *pdev)
{
	const bool bridge = pdev->hdr_type == PCI_HEADER_TYPE_BRIDGE;
	const int type = type_of(pdev);

	switch (type) {
	case -1:
		return bridge ? TOPO_CONV_BRIDGE : TOPO_CONV;
	case FAKE_EP:
	case FAKE_LEGACY:
	case FAKE_RCIEP:
	case FAKE_RCEC:
		return bridge ? -1 : type;
	case FAKE_RP:
	case FAKE_UP:
	case FAKE_DP:
	case FAKE_PCIE_TO_PCI:
	case FAKE_PCI_TO_PCIE:
		return bridge ? type : -1;
	default:
		return bridge ? TOPO_UNKNOWN_BRIDGE : TOPO_UNKNOWN;
	}
}

/* What cannot be read is taken to be switched off. */
static void describe_acs(unsigned int i, struct topo_fn *fn)
{
	const struct pci_dev *pdev = members[i].pdev;
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
	/* A control that is not there controls nothing. */
	settable = fn->cap & GENMASK(6, 0);
	if (fn->cap & TOPO_ACS_ENHANCED)
		settable |= TOPO_ACS_ENH_CTRL;
	fn->ctrl &= settable;
}

/* Return: false if there is no describing it. */
static bool describe(unsigned int i, const s8 *number, struct topo_fn *fn)
{
	const struct pci_dev *pdev = members[i].pdev;
	const int up = index_of(pdev->bus->self);
	const int kind = kind_of(pdev);

	if (kind < 0 || pdev->hdr_type > PCI_HEADER_TYPE_BRIDGE ||
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
 * The host at hand as the oracle has it; @number gets each member's index.
 * Return: false if it is none that the oracle knows.
 */
static bool describe_all(struct topo *topo, s8 *number)
{
	unsigned int i;

	topo->nr = 0;
	for (i = 0; i < num_members; i++) {
		number[i] = -1;
		if (!members[i].pdev)
			continue;
		number[i] = topo->nr;
		if (!describe(i, number, &topo->fn[topo->nr++]))
			return false;
	}
	return !topo_invalid(topo);
}

/* ---- The test ---- */

static struct {
	unsigned int hosts;
	unsigned int not_declared;
	u64 functions;
	u64 images;
	u64 verdicts;
	u64 isolated;
	u64 by_registers;
	u64 unreadable;
	u64 oracle;
} count;

static u64 next_seed;
static unsigned int hosts_done;

/* One of them all may be too large for the stack. */
static struct topo topo;
static struct oracle oracle;
static s8 number[MOST_FUNCTIONS];

static void ignore_start(struct acs_guard_visitor *visitor)
{
}

static void ignore_peer(struct acs_guard_visitor *visitor, struct acs_node peer)
{
}

/* What follows a verdict: nothing of it may crash either. */
static void talk(struct pci_dev *pdev, const struct acs_guard_verdict *verdict)
{
	static char text[512];
	struct acs_guard_visitor visitor = {
		.start = ignore_start,
		.visit = ignore_peer,
	};
	u64 room[2];
	struct acs_guard_peers peers = {
		.room = ARRAY_SIZE(room),
		.bdf = room,
	};
	struct seq_buf s;

	acs_guard_visit_peers(pdev, verdict, &visitor);
	acs_guard_find_peers(pdev, verdict, &peers);
	acs_guard_in_group(pdev, verdict);
	seq_buf_init(&s, text, sizeof(text));
	acs_guard_explain(verdict, &s);
}

static void print_member(struct kunit *test, unsigned int i)
{
	const struct member *member = &members[i];
	const struct pci_dev *pdev = member->pdev;

	kunit_err(test, "f%u %s below f%d: type %d, cfg_size %d", i,
		  pci_name(pdev), member->up, type_of(pdev), pdev->cfg_size);
	kunit_err(test, "  ACS at %03x: %08x, faults %u %u, error_state %u",
		  pdev->acs_cap,
		  fake_host_peek(host, decls[i].name,
				 pdev->acs_cap + PCI_ACS_CAP, 4),
		  member->fault, member->fault_acs, pdev->error_state);
}

static void complain(struct kunit *test, unsigned int i, bool strict,
		     const char *why)
{
	unsigned int k;

	KUNIT_FAIL(test, "seed %llu: f%u is isolated (strict=%u), but: %s",
		   next_seed, i, strict, why);
	for (k = 0; k < num_members; k++)
		if (members[k].pdev)
			print_member(test, k);
}

/* Why the function that was just found isolated must not be; NULL: it may. */
static const char *objection(unsigned int i, bool known)
{
	unsigned int reads;

	if (read_the_unreadable(&reads))
		return "an ACS register was read that cannot be read";
	if (known && oracle.functions & BIT_ULL(number[i]) &&
	    oracle_peers(&oracle, number[i]))
		return "the oracle finds a peer";
	count.by_registers += !!reads;
	return must_not_be(i);
}

static void judge(struct kunit *test, unsigned int i, bool strict, bool known)
{
	const struct acs_guard_policy policy = { .strict = strict };
	struct pci_dev *pdev = members[i].pdev;
	struct acs_guard_verdict verdict;
	const char *why;

	fake_host_reset_counts(host);
	acs_guard_examine(pdev, &policy, &verdict);
	count.verdicts++;
	count.unreadable += verdict.reason == ACS_GUARD_UNREADABLE;
	if (verdict.reason == ACS_GUARD_ISOLATED) {
		count.isolated++;
		why = objection(i, known);
		if (why)
			complain(test, i, strict, why);
	}
	talk(pdev, &verdict);
}

static void judge_all(struct kunit *test)
{
	const bool known = describe_all(&topo, number);
	unsigned int i;

	if (known) {
		oracle_run(&oracle, &topo, ORACLE_ASSUME_ALL);
		count.oracle++;
	}
	count.images++;
	for (i = 0; i < num_members; i++) {
		if (!members[i].pdev || test->status != KUNIT_SUCCESS)
			continue;
		judge(test, i, false, known);
		if (test->status == KUNIT_SUCCESS)
			judge(test, i, true, known);
	}
}

static enum fake_fault any_fault(void)
{
	return chance(40) ? FAKE_OK : FAKE_ONES + below(3);
}

/* Something of a function changes behind the PCI core's back. */
static void change(unsigned int i)
{
	struct member *member = &members[i];
	struct pci_dev *pdev = member->pdev;
	const char *name = decls[i].name;

	switch (below(5)) {
	case 0:
		member->fault = any_fault();
		fake_host_fault(host, name, member->fault);
		break;
	case 1:
		if (!pdev->acs_cap)
			break;
		member->fault_acs = any_fault();
		fake_host_fault_at(host, name, pdev->acs_cap + PCI_ACS_CAP,
				   member->fault_acs);
		break;
	case 2:
		fake_host_poke(host, name, 0x100 + 4 * below(0x3c0), 4, draw());
		break;
	case 3:
		pdev->error_state = chance(50) ? pci_channel_io_normal :
						 1 + below(3);
		break;
	default:
		if (pdev->acs_cap)
			fake_host_poke(host, name, pdev->acs_cap + PCI_ACS_CAP,
				       4, acs_words());
	}
}

static void change_some(void)
{
	unsigned int n = 1 + below(2);
	unsigned int i;

	while (n--) {
		i = below(num_members);
		if (members[i].pdev)
			change(i);
	}
}

/* Nothing of a test may be left for its removal to stumble over. */
static void mend_all(void)
{
	unsigned int i;

	for (i = 0; i < num_members; i++) {
		if (!members[i].pdev)
			continue;
		members[i].pdev->error_state = pci_channel_io_normal;
		fake_host_fault(host, decls[i].name, FAKE_OK);
	}
}

static void run_host(struct kunit *test, u64 seed)
{
	unsigned int round;

	make_host(seed);
	host = fake_host_create(decls, num_members);
	if (IS_ERR(host)) {
		count.not_declared++;
		KUNIT_EXPECT_EQ(test, (int)PTR_ERR(host), -EINVAL);
		return;
	}
	count.hosts++;
	count.functions += find_devices();
	judge_all(test);
	for (round = 0; round < CHANGES; round++) {
		change_some();
		judge_all(test);
	}
	mend_all();
	KUNIT_EXPECT_EQ(test, fake_host_destroy(host), 0);
}

static const void *next_chunk(const void *prev, char *desc)
{
	if (!prev) {
		memset(&count, 0, sizeof(count));
		hosts_done = 0;
		next_seed = first_seed;
	}
	if (hosts_done >= num_hosts)
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "from seed %llu", next_seed);
	return &next_seed;
}

static void fuzz_hosts(struct kunit *test)
{
	unsigned int left;

	for (left = CHUNK; left && hosts_done < num_hosts; left--) {
		run_host(test, next_seed);
		next_seed++;
		hosts_done++;
		if (test->status != KUNIT_SUCCESS) {
			hosts_done = num_hosts;
			return;
		}
		cond_resched();
	}
	if (hosts_done < num_hosts)
		return;
	kunit_info(test, "%u hosts of random bytes, seeds %llu to %llu",
		   count.hosts, first_seed, next_seed - 1);
	kunit_info(test, "%llu functions, %llu sets of registers",
		   count.functions, count.images);
	kunit_info(test, "%llu verdicts: %llu isolated, %llu unreadable",
		   count.verdicts, count.isolated, count.unreadable);
	kunit_info(test, "%llu of those isolated are so by their registers",
		   count.by_registers);
	kunit_info(test, "%llu of the sets held against the oracle",
		   count.oracle);
	KUNIT_EXPECT_EQ(test, count.not_declared, 0u);
}

static struct kunit_case fuzz_cases[] = {
	KUNIT_CASE_PARAM(fuzz_hosts, next_chunk),
	{},
};

struct kunit_suite fuzz_suite = {
	.name = "acs_guard_fuzz",
	.test_cases = fuzz_cases,
};
