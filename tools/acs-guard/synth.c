// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: configuration space made of the words of lspci
 *
 * Words become the bytes that they were made of, as far as rules ask for them,
 * so that all the rest of the tool has one kind of input.  What words do not
 * tell reads all ones, which the engine never takes for a register.
 */
#include "quirks.h"
#include "verbose.h"

static void put(struct function *fn, unsigned int where, unsigned int size,
		u32 value)
{
	for (; size-- && where < CFG_SIZE; value >>= 8)
		fn->cfg[where++] = (u8)value;
}

/* Where a list leads to nothing: its rest is not known. */
static void put_list_end(struct function *fn, unsigned int where)
{
	put(fn, where, 2, 0xffff);
}

static void put_header(const struct words *words, struct function *fn)
{
	unsigned int i;

	put(fn, PCI_VENDOR_ID, 4, fn->id);
	put(fn, PCI_COMMAND, 2, words->command);
	put(fn, PCI_CLASS_PROG, 1, fn->class & 0xff);
	put(fn, PCI_CLASS_DEVICE, 2, fn->class >> 8);
	for (i = 0; i < MAX_WORDS_BARS && !(words->is_bridge && i == 2); i++)
		put(fn, PCI_BASE_ADDRESS_0 + 4 * i, 4, words->bar[i]);
	if (!words->is_bridge) {
		put(fn, PCI_SUBSYSTEM_VENDOR_ID, 4, words->subsystem);
		return;
	}
	put(fn, PCI_HEADER_TYPE, 1,
	    words->cardbus ? PCI_HEADER_TYPE_CARDBUS : PCI_HEADER_TYPE_BRIDGE);
	for (i = 0; i < 3; i++)
		put(fn, PCI_PRIMARY_BUS + i, 1, words->bus[i]);
}

static void put_express(const struct words *words, struct function *fn,
			unsigned int at)
{
	if (words->pcie_flags == NOT_GIVEN) {
		put_list_end(fn, at);
		return;
	}
	put(fn, at + PCI_EXP_FLAGS, 2, (u32)words->pcie_flags);
	/* Without a slot, the capability may end before this register. */
	if (words->pcie_flags & PCI_EXP_FLAGS_SLOT)
		put(fn, at + PCI_EXP_SLTCAP, 4,
		    words->hotplug == NOT_GIVEN ? PCI_EXP_SLTCAP_HPC :
						  (u32)words->hotplug);
}

/*
 * May there be capabilities that the words do not show?  lspci names each that
 * is in the list, which may be empty, whatever the Status Register says.  But
 * what of a bridge was left out would make a conventional one of it.
 */
static bool hides_caps(const struct words *words)
{
	if (words->denied || words->broken || words->caps == MAX_WORDS_CAPS)
		return true;
	return !words->caps && words->is_bridge &&
	       (words->cap_list || !words->status_given);
}

static void put_caps(const struct words *words, struct function *fn)
{
	unsigned int pointer = words->cardbus ? PCI_CB_CAPABILITY_LIST :
						PCI_CAPABILITY_LIST;
	unsigned int i, at;

	if (!words->caps && !hides_caps(words))
		return;
	put(fn, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	for (i = 0; i < words->caps; i++) {
		at = words->cap[i].where;
		put(fn, pointer, 1, at);
		put(fn, at, 1, words->cap[i].id);
		if (words->cap[i].id == PCI_CAP_ID_EXP)
			put_express(words, fn, at);
		pointer = at + PCI_CAP_LIST_NEXT;
	}
	if (hides_caps(words)) {
		put(fn, pointer, 1, 0xfc);
		put_list_end(fn, 0xfc);
	}
}

static bool is_root_port(const struct words *words)
{
	return words->pcie_flags != NOT_GIVEN &&
	       (words->pcie_flags & PCI_EXP_FLAGS_TYPE) >> 4 ==
		       PCI_EXP_TYPE_ROOT_PORT;
}

static void put_acs(const struct words *words, struct function *fn,
		    unsigned int at)
{
	bool known = words->acs_cap != NOT_GIVEN &&
		     words->acs_ctrl != NOT_GIVEN && !quirks_has_dwords(fn);

	if (known && is_root_port(words) && quirks_may_have_dwords(fn)) {
		fn->flags |= FN_NO_LAYOUT;
		known = false;
	}

	put(fn, at + PCI_ACS_CAP, 2, known ? (u32)words->acs_cap : 0xffff);
	put(fn, at + PCI_ACS_CTRL, 2, known ? (u32)words->acs_ctrl : 0xffff);
}

static void put_sriov(const struct words *words, struct function *fn,
		      unsigned int at)
{
	put(fn, at + PCI_SRIOV_CTRL, 2,
	    words->vf_enable ? PCI_SRIOV_CTRL_VFE : 0);
	put(fn, at + PCI_SRIOV_NUM_VF, 2,
	    words->vf_offset == NOT_GIVEN || words->vf_stride == NOT_GIVEN ?
		    0xffff :
		    (u16)words->vf_count);
	put(fn, at + PCI_SRIOV_VF_OFFSET, 2, (u16)words->vf_offset);
	put(fn, at + PCI_SRIOV_VF_STRIDE, 2, (u16)words->vf_stride);
	put(fn, at + PCI_SRIOV_VF_DID, 2, words->vf_device);
}

static void put_ext_cap(const struct words *words, struct function *fn,
			const struct words_cap *cap)
{
	switch (cap->id) {
	case PCI_EXT_CAP_ID_ACS:
		put_acs(words, fn, cap->where);
		break;
	case PCI_EXT_CAP_ID_SRIOV:
		put_sriov(words, fn, cap->where);
		break;
	case PCI_EXT_CAP_ID_DVSEC:
		if (words->dvsec_at != cap->where)
			break;
		put(fn, cap->where + PCI_DVSEC_HEADER1, 4, words->dvsec_vendor);
		put(fn, cap->where + 0xc, 4, (u32)words->cxl_ctrl);
		break;
	}
}

/* Offsets of a list that lspci has followed are in it once, and are dwords. */
static void put_ext_caps(const struct words *words, struct function *fn)
{
	const struct words_cap *cap = words->ext;
	unsigned int i;
	u32 next;

	for (i = 0; i < words->exts; i++, cap++)
		put_ext_cap(words, fn, cap);
	for (i = 0, cap = words->ext; i < words->exts; i++, cap++) {
		next = i + 1 < words->exts ? cap[1].where : 0;
		put(fn, cap->where, 4, next << 20 | 1u << 16 | cap->id);
	}
	/* The first is where all of these lists begin (7.6.2). */
	if (words->exts && words->ext[0].where != PCI_CFG_SPACE_SIZE)
		put(fn, PCI_CFG_SPACE_SIZE, 4,
		    (u32)words->ext[0].where << 20 | EXT_CAP_OTHER);
}

/**
 * synthesize() - make the bytes of a function of the words about it
 * @words: all words about it
 * @machine: the machine
 * @fn: the function
 */
void synthesize(const struct words *words, struct machine *machine,
		struct function *fn)
{
	fn->flags |= FN_TEXT;
	fn->cfg = arena_get(&machine->arena, CFG_SIZE);
	fn->len = CFG_SIZE;
	quirks_identify(fn);
	put_header(words, fn);
	put_caps(words, fn);
	put_ext_caps(words, fn);
	if (words->exts)
		fn->flags |= FN_LISTS_EXTENDED;
	if (words->looped || words->exts == MAX_WORDS_CAPS)
		fn->flags |= FN_BROKEN | FN_BLIND;
	if (!words->details || words->no_header)
		put(fn, PCI_HEADER_TYPE, 1, 0x7f);
	if (words->rev_ff && words->no_header)
		put(fn, PCI_VENDOR_ID, 4, U32_MAX);
	/* A bridge without bus numbers: the dump does not show its header. */
	if (is_port(fn) && !words->is_bridge)
		put(fn, PCI_HEADER_TYPE, 1, 0x7f);
}
