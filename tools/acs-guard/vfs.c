// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: which functions of a dump are virtual, and of which PF
 */
#include "dump.h"
#include "registers.h"

/* 9.3.3.9: where the virtual function @nth of @pf is. */
static struct function *find_vf(struct machine *machine,
				const struct function *pf, unsigned int at,
				unsigned int nth)
{
	const unsigned int rid = (unsigned int)(pf->bdf & 0xffff) +
				 reg(pf, at + PCI_SRIOV_VF_OFFSET, 2) +
				 nth * reg(pf, at + PCI_SRIOV_VF_STRIDE, 2);

	return rid > 0xffff ?
		       NULL :
		       machine_find(machine, (u64)domain_of(pf) << 16 | rid);
}

static void note_missing(struct machine *machine, struct function *pf,
			 unsigned int count, unsigned int missing)
{
	make_blind(pf);
	if (count == 0xffff)
		machine_note(
			machine, pf,
			"it is not known which virtual functions %s has (lspci -vv shows them)",
			acs_guard_name(pf->bdf).text);
	else
		machine_note(machine, pf,
			     "%u virtual functions of %s are not in the dump",
			     missing, acs_guard_name(pf->bdf).text);
}

static void find_vfs_of(struct machine *machine, size_t i)
{
	struct function *pf = &machine->fns[i];
	const unsigned int at = find_ext_cap(pf, PCI_EXT_CAP_ID_SRIOV);
	unsigned int nth, count, missing = 0;

	if (!at || at + PCI_EXT_CAP_SRIOV_SIZEOF > CFG_SIZE ||
	    kind_of(pf) < 0 ||
	    !(reg(pf, at + PCI_SRIOV_CTRL, 2) & PCI_SRIOV_CTRL_VFE))
		return;
	count = reg(pf, at + PCI_SRIOV_NUM_VF, 2);
	for (nth = 0; nth < count; nth++) {
		struct function *vf = find_vf(machine, pf, at, nth);

		if (!vf || vf <= pf) {
			missing++;
			continue;
		}
		if (is_virtual(vf)) {
			/* It cannot belong to two PFs. */
			make_blind(vf);
			continue;
		}
		vf->pf = (int)i;
		vf->id = reg(pf, PCI_VENDOR_ID, 2) |
			 reg(pf, at + PCI_SRIOV_VF_DID, 2) << 16;
	}
	if (missing)
		note_missing(machine, pf, count, missing);
}

void find_vfs(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (!is_virtual(&machine->fns[i]) &&
		    answers(&machine->fns[i]) &&
		    header_type_of(&machine->fns[i]) == PCI_HEADER_TYPE_NORMAL)
			find_vfs_of(machine, i);
}

/* 9.3.4.1.11: a virtual function has none. */
static bool has_bars(const struct function *fn)
{
	unsigned int i;

	for (i = PCI_BASE_ADDRESS_0; i <= PCI_BASE_ADDRESS_5; i += 4)
		if (reg(fn, i, 4))
			return true;
	return false;
}

static bool may_have_vfs(const struct function *fn)
{
	const unsigned int at = find_ext_cap(fn, PCI_EXT_CAP_ID_SRIOV);

	return fn->flags & (FN_BROKEN | FN_NOT_EXTENDED) ||
	       (at && reg(fn, at + PCI_SRIOV_NUM_VF, 2) == 0xffff);
}

/*
 * After a function whose extended capabilities cannot be seen, functions on its
 * bus may be virtual ones.  Those of a card are one device with it, and none of
 * its functions is isolated any more; on a root bus this is to be seen to.
 */
void doubt_vfs(struct machine *machine)
{
	const struct function *pf = NULL;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (fn->up != NONE || is_virtual(fn) ||
		    kind_of(fn) == KIND_CONVENTIONAL || has_bridge_header(fn))
			continue;
		if (pf && pf->bdf >> 8 == fn->bdf >> 8 && !has_bars(fn))
			make_blind(fn);
		if (may_have_vfs(fn))
			pf = fn;
	}
}
