// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what quirks of the kernel know of a function, and a dump does not
 * tell
 *
 * The table is made of the kernel's source by scripts/lib/quirks-table.
 */
#include "names.h"
#include "quirks.h"
#include "registers.h"

#define CLASS_OTHER_BRIDGE 0x0680

/**
 * enum quirk_kind - the functions of drivers/pci/quirks.c
 * @QUIRK_FUNC0: quirk_dma_func0_alias()
 * @QUIRK_FUNC1: quirk_dma_func1_alias()
 * @QUIRK_FIXED: quirk_fixed_dma_alias()
 * @QUIRK_MIC_X200: quirk_mic_x200_dma_alias()
 * @QUIRK_PEX_VCA: quirk_pex_vca_alias()
 * @QUIRK_ALL: quirk_plx_ntb_dma_alias()
 * @QUIRK_SWITCHTEC: quirk_switchtec_ntb_dma_alias()
 * @QUIRK_VMD: a device of drivers/pci/controller/vmd.c
 */
enum quirk_kind {
	QUIRK_FUNC0,
	QUIRK_FUNC1,
	QUIRK_FIXED,
	QUIRK_MIC_X200,
	QUIRK_PEX_VCA,
	QUIRK_ALL,
	QUIRK_SWITCHTEC,
	QUIRK_VMD,
};

struct quirk {
	enum quirk_kind kind;
	u16 vendor;
	u16 device;
};

static const struct quirk quirks[] = {
#include "quirks-table.h"
};

#define DEVFN(slot, fn) ((slot) << 3 | (fn))

static void add_aliases(u32 *aliases, unsigned int from, unsigned int count)
{
	for (; count-- && from < 256; from++)
		aliases[from / 32] |= 1u << from % 32;
}

/* "Adaptec 3405" and "3805": other cards with the same ID have no such fault. */
static bool is_fixed(const struct function *fn)
{
	const u32 subsystem = reg(fn, PCI_SUBSYSTEM_VENDOR_ID, 4);

	return (fn->flags & FN_TEXT && !subsystem) || subsystem == 0x02bb9005 ||
	       subsystem == 0x02bc9005;
}

static void add_aliases_of(const struct function *fn, enum quirk_kind kind,
			   u32 *aliases)
{
	const unsigned int slot = devfn_of(fn) >> 3, own = devfn_of(fn) & 7;
	unsigned int other, i;

	switch (kind) {
	case QUIRK_FUNC0:
	case QUIRK_FUNC1:
		other = kind == QUIRK_FUNC1;
		if (own != other)
			add_aliases(aliases, DEVFN(slot, other), 1);
		break;
	case QUIRK_FIXED:
		if (is_fixed(fn))
			add_aliases(aliases, DEVFN(1, 0), 1);
		break;
	case QUIRK_MIC_X200:
		add_aliases(aliases, DEVFN(0x10, 0), 1);
		add_aliases(aliases, DEVFN(0x11, 0), 1);
		add_aliases(aliases, DEVFN(0x12, 3), 1);
		break;
	case QUIRK_PEX_VCA:
		for (i = 0; i < 32; i++)
			add_aliases(aliases, DEVFN(i, 0), 5);
		break;
	case QUIRK_ALL:
		add_aliases(aliases, 0, 256);
		break;
	default:
		break;
	}
}

/* The requester IDs of a Switchtec bridge are in its memory. */
static bool is_switchtec(const struct function *fn, enum quirk_kind kind)
{
	return kind == QUIRK_SWITCHTEC && fn->class >> 8 == CLASS_OTHER_BRIDGE;
}

static void apply(struct machine *machine, struct function *fn)
{
	u32 aliases[ALIAS_WORDS] = {}, *kept;
	bool any = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quirks); i++) {
		if (quirks[i].vendor != vendor_of(fn) ||
		    quirks[i].device != device_of(fn))
			continue;
		if (is_switchtec(fn, quirks[i].kind))
			fn->flags |= FN_BLIND;
		add_aliases_of(fn, quirks[i].kind, aliases);
	}
	for (i = 0; i < ALIAS_WORDS; i++)
		any |= aliases[i];
	if (!any)
		return;
	kept = arena_get(&machine->arena, sizeof(aliases));
	memcpy(kept, aliases, sizeof(aliases));
	fn->aliases = kept;
}

/**
 * quirks_apply() - fill in the requester IDs that functions use beside their own
 * @machine: IDs and classes of all functions are known
 */
void quirks_apply(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (!(machine->fns[i].flags & FN_NO_ANSWER))
			apply(machine, &machine->fns[i]);
}

/* ---- functions that are known by name only ---- */

/* Their ACS Control Register is elsewhere, see module/engine/read_function.c. */
static const struct {
	u16 first;
	u16 last;
} dword_ports[] = {
	{ 0xa110, 0xa11f }, { 0xa167, 0xa16a }, { 0xa290, 0xa29f },
	{ 0xa2e7, 0xa2ee }, { 0x9d10, 0x9d1b },
};

#define MAX_NAMES (ARRAY_SIZE(quirks) + 80)

static struct {
	char *name;
	u32 id;
} names[MAX_NAMES];
static size_t nr_names;

static void add_name(u16 vendor, u16 device)
{
	char *name = names_of_id(vendor, device);

	if (!name || nr_names == MAX_NAMES)
		return;
	names[nr_names].name = name;
	names[nr_names++].id = (u32)device << 16 | vendor;
}

static void add_names(void)
{
	unsigned int device;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quirks); i++)
		add_name(quirks[i].vendor, quirks[i].device);
	for (i = 0; i < ARRAY_SIZE(dword_ports); i++)
		for (device = dword_ports[i].first;
		     device <= dword_ports[i].last; device++)
			add_name(PCI_VENDOR_ID_INTEL, (u16)device);
}

/**
 * quirks_identify() - find the ID of a function that is known by name only
 * @fn: the function; its ID is filled in if quirks or rules know its name
 *
 * Names of several devices may be the same, but then they are alike.
 */
void quirks_identify(struct function *fn)
{
	size_t i;

	if (!fn->words || !(fn->flags & (FN_NO_VENDOR | FN_NO_DEVICE)))
		return;
	if (!nr_names)
		add_names();
	for (i = 0; i < nr_names; i++)
		if (!strcmp(names[i].name, fn->words)) {
			fn->id = names[i].id;
			return;
		}
}

/**
 * quirks_has_dwords() - has a port ACS registers of a layout that lspci
 * mistakes?
 * @fn: the function
 *
 * Return: true if it does, were it a Root Port; lspci has then taken the upper
 * half of the capability for the control register.
 */
bool quirks_has_dwords(const struct function *fn)
{
	const u16 device = device_of(fn);
	size_t i;

	if (vendor_of(fn) != PCI_VENDOR_ID_INTEL)
		return false;
	for (i = 0; i < ARRAY_SIZE(dword_ports); i++)
		if (device >= dword_ports[i].first &&
		    device <= dword_ports[i].last)
			return true;
	return false;
}

/**
 * quirks_may_have_dwords() - is it unknown whether a port has such registers?
 * @fn: the function
 *
 * Return: true if no number tells which device it is, and its name may be that
 * of such a port of Intel's in another list of names.
 */
bool quirks_may_have_dwords(const struct function *fn)
{
	return fn->flags & (FN_NO_VENDOR | FN_NO_DEVICE) &&
	       (!fn->words || !names_tell_device(fn->words));
}

bool quirks_is_vmd(u16 device)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quirks); i++)
		if (quirks[i].kind == QUIRK_VMD && quirks[i].device == device)
			return true;
	return false;
}
