// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: which function of a dump is below which?
 *
 * Nothing is guessed.  What a dump contradicts itself in is an error; of what
 * it does not tell, nothing is known: such a function is blind, the guard calls
 * it unreadable.
 *
 * A bus to which no bridge leads is a root bus if it is bus 0, the first of a
 * domain behind a VMD endpoint, or if something is on it that is nowhere else:
 * a root port, an integrated endpoint, an event collector, a host bridge.  On
 * any other the bridge is missing, and with it what is above.
 */
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "dump.h"

#define NUM_BUSES 256
#define MAX_CAPS 48
#define MAX_EXT_CAPS ((CFG_SIZE - 256) / 8)
#define LAST_FIRMWARE_DOMAIN 0xffff

/* Served where nobody answers: nobody's, but one that the PCI core takes. */
#define NO_ID 0xfffefffe

#define CLASS_RAID 0x0104
#define CLASS_HOST_BRIDGE 0x0600
#define CLASS_OTHER_BRIDGE 0x0680
#define VENDOR_INTEL 0x8086
#define VENDOR_MICROSEMI 0x11f8

/* Not a type that PCI Express has. */
#define CONVENTIONAL (-1)
/* There may be a PCI Express capability, beyond what was recorded. */
#define UNKNOWN (-2)

/* ---- registers ---- */

static unsigned int get(const struct fn *fn, unsigned int where,
			unsigned int size)
{
	unsigned int value = 0;

	while (size--)
		value = value << 8 | fn->cfg[where + size];
	return value;
}

static unsigned int header_type(const struct fn *fn)
{
	return fn->cfg[PCI_HEADER_TYPE] & 0x7f;
}

static bool is_virtual(const struct fn *fn)
{
	return fn->out.pf != REPLAY_NONE;
}

static bool is_bridge(const struct fn *fn)
{
	return !is_virtual(fn) && (header_type(fn) == PCI_HEADER_TYPE_BRIDGE ||
				   header_type(fn) == PCI_HEADER_TYPE_CARDBUS);
}

static unsigned int secondary(const struct fn *fn)
{
	return fn->cfg[PCI_SECONDARY_BUS];
}

static unsigned int subordinate(const struct fn *fn)
{
	return fn->cfg[PCI_SUBORDINATE_BUS];
}

static bool covers(const struct fn *bridge, unsigned int bus)
{
	return secondary(bridge) <= bus && bus <= subordinate(bridge);
}

/* 7.5.3.2: the type of a PCI Express function. */
static int type_of(const struct fn *fn)
{
	unsigned int left = MAX_CAPS, at;

	if (!(get(fn, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return CONVENTIONAL;
	at = header_type(fn) == PCI_HEADER_TYPE_CARDBUS ?
		     PCI_CB_CAPABILITY_LIST :
		     PCI_CAPABILITY_LIST;
	for (at = fn->cfg[at] & ~3; at >= 0x40;
	     at = fn->cfg[at + PCI_CAP_LIST_NEXT] & ~3) {
		/* Cut off, in a circle, or not what the function has. */
		if (at >= fn->out.len || !left-- || fn->cfg[at] == 0xff ||
		    !get(fn, at, 2))
			return UNKNOWN;
		if (fn->cfg[at] == PCI_CAP_ID_EXP)
			return (fn->cfg[at + PCI_EXP_FLAGS] &
				PCI_EXP_FLAGS_TYPE) >>
			       4;
	}
	return CONVENTIONAL;
}

static unsigned int find_ext_cap(const struct fn *fn, unsigned int id)
{
	unsigned int at = 256, left = MAX_EXT_CAPS, header;

	while (fn->out.len == CFG_SIZE && at >= 256 && left--) {
		header = get(fn, at, 4);
		if (PCI_EXT_CAP_ID(header) == id)
			return at;
		at = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/*
 * Does the list of extended capabilities come back to where it was, or lead to
 * where nothing answers?
 */
static bool has_broken_list(const struct fn *fn)
{
	bool seen[CFG_SIZE / 4] = {};
	unsigned int at = 256, header;

	/* That is no list, but no extended configuration space. */
	if (fn->out.len < CFG_SIZE || get(fn, at, 4) == 0xffffffff)
		return false;
	for (; at >= 256; at = PCI_EXT_CAP_NEXT(header)) {
		header = get(fn, at, 4);
		if (seen[at / 4] || header == 0xffffffff)
			return true;
		seen[at / 4] = true;
	}
	return false;
}

/* ---- faces ---- */

/*
 * As the PCI core has it: nobody answers with these.  A vendor 0001 stands for
 * "ask again later".
 */
static bool answers(const struct fn *fn)
{
	const unsigned int vendor = get(fn, PCI_VENDOR_ID, 2);
	const unsigned int device = get(fn, PCI_DEVICE_ID, 2);

	if (vendor == 0xffff || vendor == 0x0001)
		return false;
	return vendor || (device && device != 0xffff);
}

static void make_blind(struct fn *fn)
{
	fn->out.flags |= REPLAY_BLIND;
}

static void make_typeless(struct fn *fn)
{
	make_blind(fn);
	fn->out.flags |= REPLAY_TYPELESS;
}

/* A header made up, so that it is there at all. */
static void make_faceless(struct fn *fn)
{
	make_typeless(fn);
	fn->out.len = HEADER_SIZE;
	memset(fn->cfg, 0, HEADER_SIZE);
	fn->cfg[PCI_CLASS_DEVICE + 1] = 0xff;
}

/*
 * A virtual function has no ID of its own, but its PF says which it is (most
 * that are emulated do have one).
 */
static void look_at(struct fn *fn)
{
	if (answers(fn)) {
		fn->out.id = get(fn, PCI_VENDOR_ID, 4);
	} else if (!is_virtual(fn)) {
		fn->out.id = NO_ID;
		fn->out.flags |= REPLAY_SILENT;
		make_faceless(fn);
		return;
	}
	if (header_type(fn) > PCI_HEADER_TYPE_CARDBUS ||
	    (is_virtual(fn) && header_type(fn) != PCI_HEADER_TYPE_NORMAL))
		make_faceless(fn);
	else if (type_of(fn) == UNKNOWN)
		make_typeless(fn);
	/* Under which IDs it issues requests, its memory says. */
	if (get(fn, PCI_VENDOR_ID, 2) == VENDOR_MICROSEMI &&
	    get(fn, PCI_CLASS_DEVICE, 2) == CLASS_OTHER_BRIDGE)
		make_blind(fn);
}

/*
 * What such a list has in it, nobody knows; and there are kernels that follow a
 * circle forever.
 */
static void cut_broken_list(struct fn *fn)
{
	if (type_of(fn) < 0 || !has_broken_list(fn))
		return;
	fn->out.len = 256;
	fn->broken = true;
	make_blind(fn);
}

/* As words behind a name. */
static const char *others(unsigned int count)
{
	static char words[32];

	if (count < 2)
		return "";
	snprintf(words, sizeof(words), " and %u more", count - 1);
	return words;
}

/* 7.7.8.2: it begins with a header, be that all zeroes. */
static bool lacks_extended(const struct fn *fn)
{
	return type_of(fn) != CONVENTIONAL &&
	       (fn->out.len < CFG_SIZE || get(fn, 256, 4) == 0xffffffff);
}

/*
 * Whether there is nothing, nobody asked, or nobody may know, is all one: what
 * of such a function is on is not known.
 */
static void look_for_extended(struct dump *dump)
{
	const struct fn *first = NULL;
	unsigned int lacking = 0;
	size_t i;

	for (i = 0; i < dump->nr; i++) {
		struct fn *fn = &dump->fns[i];

		if (fn->broken || !lacks_extended(fn))
			continue;
		make_blind(fn);
		if (!lacking++)
			first = fn;
	}
	if (first)
		remark(dump, first,
		       "no extended capabilities of %s%s (lspci -xxxx as root?)",
		       name_of(first), others(lacking));
}

/* ---- memory ---- */

static bool is_in_switch(const struct fn *fn)
{
	return type_of(fn) == PCI_EXP_TYPE_UPSTREAM ||
	       type_of(fn) == PCI_EXP_TYPE_DOWNSTREAM;
}

/*
 * What reads zero may be a BAR of 32 bits to which no address was given, which
 * only words tell.  Whether a port of a switch has memory is asked by what is
 * below it (S2): it is taken for one.  Whether a host bridge has, is asked where
 * it may be one that does nothing, and that has none while it answers to none.
 */
static bool may_have_memory(const struct dump *dump, const struct fn *fn)
{
	if (dump->sized && fn->memory != MEMORY_UNTOLD)
		return fn->memory == MEMORY_SOME;
	return is_in_switch(fn) || get(fn, PCI_COMMAND, 2) & PCI_COMMAND_MEMORY;
}

/* A BAR that is there reads zero only if it is of this kind. */
static bool shows_memory(const struct fn *fn)
{
	const unsigned int first = get(fn, PCI_BASE_ADDRESS_0, 4);
	const unsigned int second = get(fn, PCI_BASE_ADDRESS_1, 4);

	return (first && !(first & PCI_BASE_ADDRESS_SPACE_IO)) ||
	       (second && !(second & PCI_BASE_ADDRESS_SPACE_IO));
}

static void look_for_memory(struct dump *dump)
{
	const struct fn *first = NULL;
	unsigned int untold = 0;
	size_t i;

	for (i = 0; i < dump->nr; i++) {
		struct fn *fn = &dump->fns[i];

		if (!may_have_memory(dump, fn))
			continue;
		fn->out.flags |= REPLAY_MEMORY;
		if (is_in_switch(fn) && fn->memory != MEMORY_SOME &&
		    !shows_memory(fn) && !untold++)
			first = fn;
	}
	if (first && dump->strict)
		remark(dump, first,
		       "whether %s%s has memory is not told (lspci -vv -xxxx?)",
		       name_of(first), others(untold));
}

/* ---- virtual functions ---- */

/* 9.3.3.9: where the virtual function @nth of @pf is. */
static struct fn *find_vf(struct dump *dump, const struct fn *pf,
			  unsigned int at, unsigned int nth)
{
	const unsigned int rid = (pf->out.bus << 8 | pf->out.devfn) +
				 get(pf, at + PCI_SRIOV_VF_OFFSET, 2) +
				 nth * get(pf, at + PCI_SRIOV_VF_STRIDE, 2);

	return rid > 0xffff ?
		       NULL :
		       find_fn(dump, pf->out.domain, rid >> 8, rid & 0xff);
}

static void find_vfs_of(struct dump *dump, size_t i)
{
	struct fn *pf = &dump->fns[i];
	const unsigned int at = find_ext_cap(pf, PCI_EXT_CAP_ID_SRIOV);
	unsigned int nth, count, missing = 0;

	if (!at || at + PCI_EXT_CAP_SRIOV_SIZEOF > CFG_SIZE ||
	    type_of(pf) < 0 ||
	    !(get(pf, at + PCI_SRIOV_CTRL, 2) & PCI_SRIOV_CTRL_VFE))
		return;
	count = get(pf, at + PCI_SRIOV_NUM_VF, 2);
	for (nth = 0; nth < count; nth++) {
		struct fn *vf = find_vf(dump, pf, at, nth);

		if (!vf || vf <= pf) {
			missing++;
			continue;
		}
		if (is_virtual(vf)) {
			/* It cannot be two PFs'. */
			make_blind(vf);
			continue;
		}
		vf->out.pf = i;
		vf->out.id = get(pf, PCI_VENDOR_ID, 2) |
			     get(pf, at + PCI_SRIOV_VF_DID, 2) << 16;
	}
	if (!missing)
		return;
	remark(dump, pf, "%u virtual functions of %s are not in the dump",
	       missing, name_of(pf));
	make_blind(pf);
}

/* 9.3.4.1.11: a virtual function has none. */
static bool has_bars(const struct fn *fn)
{
	unsigned int i;

	for (i = PCI_BASE_ADDRESS_0; i <= PCI_BASE_ADDRESS_5; i += 4)
		if (get(fn, i, 4))
			return true;
	return false;
}

/*
 * Of a function whose extended capabilities cannot be seen, what comes after it
 * on its bus may be a virtual function.  That of a card is one device with it,
 * and of that nothing is isolated any more; on a root bus this is to be seen to.
 */
static void doubt_vfs(struct dump *dump)
{
	const struct fn *pf = NULL;
	size_t i;

	for (i = 0; i < dump->nr; i++) {
		struct fn *fn = &dump->fns[i];

		if (fn->out.up != REPLAY_NONE || is_virtual(fn) ||
		    type_of(fn) == CONVENTIONAL || is_bridge(fn))
			continue;
		if (pf && pf->out.domain == fn->out.domain &&
		    pf->out.bus == fn->out.bus && !has_bars(fn))
			make_blind(fn);
		if (fn->broken || lacks_extended(fn))
			pf = fn;
	}
}

static void find_vfs(struct dump *dump)
{
	size_t i;

	for (i = 0; i < dump->nr; i++)
		if (!is_virtual(&dump->fns[i]) && answers(&dump->fns[i]) &&
		    header_type(&dump->fns[i]) == PCI_HEADER_TYPE_NORMAL)
			find_vfs_of(dump, i);
}

/* ---- buses ---- */

/**
 * struct domain - one PCI domain of a dump
 * @dump: the dump
 * @start: its first function
 * @end: after its last
 * @first: by bus, the first function there that is not virtual, or NULL
 * @lead: by bus, the bridge to it, or NULL
 */
struct domain {
	struct dump *dump;
	size_t start;
	size_t end;
	struct fn *first[NUM_BUSES];
	struct fn *lead[NUM_BUSES];
};

static bool find_buses(struct domain *domain)
{
	size_t i;

	for (i = domain->end; i-- > domain->start;) {
		struct fn *fn = &domain->dump->fns[i];

		if (!is_virtual(fn))
			domain->first[fn->out.bus] = fn;
	}
	return true;
}

/* A bridge to where nothing is may have any numbers: none has been given to it.
 */
static bool find_lead(struct domain *domain, struct fn *fn)
{
	const unsigned int bus = secondary(fn);

	if (!bus || !domain->first[bus])
		return true;
	if (bus <= fn->out.bus)
		return wrong(fn->file, fn->line, "%s leads back to bus %02x",
			     name_of(fn), bus);
	if (subordinate(fn) < bus)
		return wrong(fn->file, fn->line,
			     "%s leads to bus %02x, and its last is %02x",
			     name_of(fn), bus, subordinate(fn));
	if (domain->lead[bus])
		return wrong(fn->file, fn->line,
			     "%s leads to bus %02x, as %s does", name_of(fn),
			     bus, name_of(domain->lead[bus]));
	domain->lead[bus] = fn;
	fn->out.flags |= REPLAY_LEADS;
	return true;
}

static bool is_on_path(const struct domain *domain, unsigned int bus,
		       const struct fn *bridge)
{
	const struct fn *at;

	for (at = domain->lead[bus]; at; at = domain->lead[at->out.bus])
		if (at == bridge)
			return true;
	return false;
}

/* Each bridge above passes a bus on, and no other bridge does. */
static bool check_nesting(const struct domain *domain, unsigned int bus)
{
	const struct fn *at, *lead = domain->lead[bus];
	size_t i;

	for (at = lead; at; at = domain->lead[at->out.bus])
		if (!covers(at, bus))
			return wrong(lead->file, lead->line,
				     "%s leads to bus %02x, %s above does not",
				     name_of(lead), bus, name_of(at));
	for (i = domain->start; i < domain->end; i++) {
		at = &domain->dump->fns[i];
		if (is_bridge(at) && secondary(at) > at->out.bus &&
		    covers(at, bus) && !is_on_path(domain, bus, at))
			return wrong(at->file, at->line,
				     "%s overlaps %s: both have bus %02x",
				     name_of(at), name_of(lead), bus);
	}
	return true;
}

/* Is there something on it that only a root bus has? */
static bool shows_root(const struct domain *domain, unsigned int bus)
{
	size_t i;

	for (i = domain->start; i < domain->end; i++) {
		const struct fn *fn = &domain->dump->fns[i];

		if (fn->out.bus != bus || is_virtual(fn))
			continue;
		switch (type_of(fn)) {
		case PCI_EXP_TYPE_ROOT_PORT:
		case PCI_EXP_TYPE_RC_END:
		case PCI_EXP_TYPE_RC_EC:
			return true;
		case CONVENTIONAL:
			if (get(fn, PCI_CLASS_DEVICE, 2) == CLASS_HOST_BRIDGE)
				return true;
		}
	}
	return false;
}

static bool is_passed_on(const struct domain *domain, unsigned int bus)
{
	size_t i;

	for (i = domain->start; i < domain->end; i++) {
		const struct fn *fn = &domain->dump->fns[i];

		if (is_bridge(fn) && secondary(fn) > fn->out.bus &&
		    covers(fn, bus))
			return true;
	}
	return false;
}

static bool is_root(const struct domain *domain, unsigned int bus)
{
	const struct fn *first = &domain->dump->fns[domain->start];

	if (is_passed_on(domain, bus))
		return false;
	if (first->out.domain > LAST_FIRMWARE_DOMAIN && bus == first->out.bus)
		return true;
	return !bus || shows_root(domain, bus);
}

static void make_bus_blind(const struct domain *domain, unsigned int bus)
{
	const struct fn *first = domain->first[bus];
	size_t i;

	remark(domain->dump, first, "no bridge leads to bus %04x:%02x",
	       first->out.domain, bus);
	for (i = domain->start; i < domain->end; i++)
		if (domain->dump->fns[i].out.bus == bus)
			make_blind(&domain->dump->fns[i]);
}

static bool place_bus(struct domain *domain, unsigned int bus)
{
	struct dump *dump = domain->dump;
	size_t i;

	if (!domain->first[bus])
		return true;
	if (!domain->lead[bus]) {
		if (!is_root(domain, bus))
			make_bus_blind(domain, bus);
		return true;
	}
	for (i = domain->start; i < domain->end; i++)
		if (dump->fns[i].out.bus == bus && !is_virtual(&dump->fns[i]))
			dump->fns[i].out.up = domain->lead[bus] - dump->fns;
	return check_nesting(domain, bus);
}

static bool build_domain(struct domain *domain)
{
	unsigned int bus;
	size_t i;

	find_buses(domain);
	for (i = domain->start; i < domain->end; i++)
		if (is_bridge(&domain->dump->fns[i]) &&
		    !find_lead(domain, &domain->dump->fns[i]))
			return false;
	for (bus = 0; bus < NUM_BUSES; bus++)
		if (!place_bus(domain, bus))
			return false;
	return true;
}

/* ---- domains behind a VMD endpoint ---- */

static bool is_vmd(const struct fn *fn)
{
	static const unsigned int devices[] = {
		0x201d, 0x28c0, 0x467f, 0x4c3d, 0x7d0b,
		0x9a0b, 0xa77f, 0xad0b, 0xb06f, 0xb60b,
	};
	size_t i;

	if (get(fn, PCI_VENDOR_ID, 2) != VENDOR_INTEL ||
	    get(fn, PCI_CLASS_DEVICE, 2) != CLASS_RAID ||
	    fn->out.domain > LAST_FIRMWARE_DOMAIN)
		return false;
	for (i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (get(fn, PCI_DEVICE_ID, 2) == devices[i])
			return true;
	return false;
}

/* Is it the first of a domain with a number that no firmware gives? */
static bool starts_own_domain(const struct dump *dump, size_t i)
{
	return dump->fns[i].out.domain > LAST_FIRMWARE_DOMAIN &&
	       (!i || dump->fns[i - 1].out.domain != dump->fns[i].out.domain);
}

static size_t next_vmd(const struct dump *dump, size_t from)
{
	while (from < dump->nr && !is_vmd(&dump->fns[from]))
		from++;
	return from;
}

static void own_domain(struct dump *dump, size_t i, size_t vmd)
{
	const __u32 domain = dump->fns[i].out.domain;

	for (; i < dump->nr && dump->fns[i].out.domain == domain; i++)
		dump->fns[i].out.owner = vmd;
}

/*
 * Linux numbers these domains in the order in which it finds the endpoints.  A
 * dump in which one has no domain, or a domain no endpoint, does not tell whose
 * is which.
 */
static void find_owners(struct dump *dump)
{
	size_t i, vmds = 0, domains = 0, vmd;

	for (i = 0; i < dump->nr; i++) {
		vmds += is_vmd(&dump->fns[i]);
		domains += starts_own_domain(dump, i);
	}
	if (!domains)
		return;
	vmd = next_vmd(dump, 0);
	for (i = 0; i < dump->nr; i++) {
		if (vmds == domains && starts_own_domain(dump, i)) {
			own_domain(dump, i, vmd);
			vmd = next_vmd(dump, vmd + 1);
		}
		if (vmds != domains &&
		    (is_vmd(&dump->fns[i]) ||
		     dump->fns[i].out.domain > LAST_FIRMWARE_DOMAIN))
			make_blind(&dump->fns[i]);
	}
}

/* ---- all of it ---- */

/**
 * build_tree() - fill in what is above each function, and what is not known
 * @dump: sorted, each address once
 *
 * Return: false if the dump contradicts itself; that has been said.
 */
bool build_tree(struct dump *dump)
{
	size_t i, end;

	for (i = 0; i < dump->nr; i++)
		cut_broken_list(&dump->fns[i]);
	find_vfs(dump);
	for (i = 0; i < dump->nr; i++)
		look_at(&dump->fns[i]);
	look_for_extended(dump);
	look_for_memory(dump);
	for (i = 0; i < dump->nr; i = end) {
		struct domain domain = { .dump = dump, .start = i };

		for (end = i;
		     end < dump->nr &&
		     dump->fns[end].out.domain == dump->fns[i].out.domain;)
			end++;
		domain.end = end;
		if (!build_domain(&domain))
			return false;
	}
	doubt_vfs(dump);
	find_owners(dump);
	return true;
}
