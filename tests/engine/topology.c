// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the declaration of a topology as a described topology
 */
#include "topo.h"
#include "topology.h"

/**
 * struct description - a topology that is being described
 * @topo: its functions so far
 * @names: what they are called
 */
struct description {
	struct topo *topo;
	struct topology_name *names;
};

/* The number of a function; that of the root bus if there is none. */
static int number_of(const struct description *to, const char *name)
{
	unsigned int i;

	for (i = 0; i < to->topo->nr; i++)
		if (!strcmp(to->names[i].text, name))
			return (int)i;
	return TOPO_ROOT_BUS;
}

static u8 kind_of(const struct fake_dev *decl)
{
	const bool is_odd = decl->flags & FAKE_ODD_HEADER;

	switch (decl->type) {
	case FAKE_PCI:
		return TOPO_CONV;
	case FAKE_PCI_BRIDGE:
		return TOPO_CONV_BRIDGE;
	case TOPO_TYPE_RESERVED:
		return is_odd ? TOPO_UNKNOWN_BRIDGE : TOPO_UNKNOWN;
	default:
		break;
	}
	if (!is_odd)
		return decl->type;
	switch (decl->type) {
	case FAKE_RP:
	case FAKE_UP:
	case FAKE_DP:
	case FAKE_PCIE_TO_PCI:
	case FAKE_PCI_TO_PCIE:
		return TOPO_UNKNOWN;
	default:
		return TOPO_UNKNOWN_BRIDGE;
	}
}

static void set_acs(struct topo_fn *fn, const struct fake_acs *acs)
{
	if (!acs->layout)
		return;
	fn->flags |= TOPO_ACS | (acs->layout == 2 ? TOPO_DWORD : 0);
	fn->cap = acs->cap;
	fn->ctrl = acs->ctrl;
}

static u32 flags_of(u32 fake, bool is_port)
{
	u32 flags = 0;

	if (fake & FAKE_MFD)
		flags |= TOPO_MFBIT;
	if (fake & FAKE_ARI && is_port)
		flags |= TOPO_ARI;
	if (fake & FAKE_HOTPLUG)
		flags |= TOPO_SLOT;
	if (fake & FAKE_NO_SLOT)
		flags |= TOPO_NO_SLOT;
	if (fake & FAKE_MASTER)
		flags |= TOPO_MASTER;
	if (fake & (FAKE_ATS | FAKE_ATS_ON))
		flags |= TOPO_ATS;
	if (fake & FAKE_CXL_ON)
		flags |= TOPO_CXL_CACHE;
	return flags;
}

static void add_function(struct description *to, const struct fake_dev *decl)
{
	struct topo_fn *fn = &to->topo->fn[to->topo->nr];

	*fn = (struct topo_fn){
		.parent = (s8)number_of(to, decl->up),
		.kind = kind_of(decl),
		.devfn = TOPO_DEVFN(decl->slot, decl->fn),
		.group = decl->group,
	};
	fn->flags = flags_of(decl->flags, topo_is_port(fn));
	if (decl->vendor == PCI_VENDOR_ID_INTEL)
		fn->flags |= TOPO_INTEL;
	if (decl->class == 0x060000)
		fn->flags |= TOPO_DUMMY;
	if (decl->flags & FAKE_ODD_HEADER && decl->type != TOPO_TYPE_RESERVED) {
		fn->flags |= TOPO_DECLARES;
		fn->declares = decl->type;
	}
	if (decl->bar[0])
		fn->flags |= TOPO_BAR;
	if (decl->alias) {
		fn->flags |= TOPO_ALIAS;
		fn->alias = (u8)decl->alias;
	}
	set_acs(fn, &decl->acs);
	strscpy(to->names[to->topo->nr].text, decl->name,
		sizeof(to->names->text));
	to->topo->nr++;
}

/* Behind all that is declared, as virtual functions are. */
static void add_vfs(struct description *to, const struct fake_dev *decl,
		    unsigned int nth)
{
	struct topo *topo = to->topo;
	const int pf = number_of(to, decl->name);
	const unsigned int first =
		decl->vfs.offset ? topo->fn[pf].devfn + decl->vfs.offset :
				   0x20 + 0x10 * nth;
	unsigned int i;

	for (i = 0; i < decl->vfs.on; i++) {
		struct topo_fn *vf = &topo->fn[topo->nr];

		*vf = (struct topo_fn){
			.parent = topo->fn[pf].parent,
			.vf_of = (u8)pf,
			.kind = topo->fn[pf].kind,
			.devfn = (u8)(first + i),
			.bus_off = (u8)((first + i) >> 8),
			.group = decl->vfs.group ? decl->vfs.group + i : 0,
			.flags = TOPO_VF | (topo->fn[pf].flags & TOPO_INTEL) |
				 flags_of(decl->vfs.flags, false),
		};
		set_acs(vf, &decl->vfs.acs);
		scnprintf(to->names[topo->nr].text, sizeof(to->names->text),
			  "%s.vf%u", decl->name, i);
		topo->nr++;
	}
}

static u16 group_of(enum grouping grouping, unsigned int own)
{
	if (grouping == NO_GROUPS)
		return 0;
	return grouping == ONE_GROUP ? 1 : (u16)own;
}

/**
 * topology_describe() - turn a declared topology into a described one
 * @topology: the declaration
 * @grouping: how its functions are grouped
 * @topo: filled in
 * @names: what the functions are called, by their numbers; with room for
 *	%TOPO_MAX
 *
 * The result need not be valid: the list has registers that nothing should
 * have.
 */
void topology_describe(const struct topology *topology, enum grouping grouping,
		       struct topo *topo, struct topology_name *names)
{
	struct description to = { .topo = topo, .names = names };
	struct fake_dev is[MAX_FUNCTIONS];
	unsigned int n, i;

	memcpy(is, topology->is, sizeof(is));
	topo->nr = 0;
	for (n = 0; n < MAX_FUNCTIONS && *is[n].name; n++) {
		if (grouping != AS_DECLARED) {
			is[n].group = group_of(grouping, n + 1);
			is[n].vfs.group = group_of(grouping, 100 * (n + 1));
		}
		add_function(&to, &is[n]);
	}
	for (i = 0; i < n; i++)
		add_vfs(&to, &is[i], i);
}
