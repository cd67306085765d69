/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: any machine around a path, for proofs
 */
#ifndef ACS_GUARD_PROOF_ANY_MACHINE_H
#define ACS_GUARD_PROOF_ANY_MACHINE_H

#include "path_machine.h"
#include "proof.h"

/*
 * A run of CBMC is about the paths of one length, PATH_LEVELS, and one kind of
 * F, VIRTUAL_F.  Each proof defines both in its runs.
 */

static inline struct path_fn any_machine_fn(void)
{
	return (struct path_fn){
		.exists = any_bool(),
		.hidden = any_bool(),
		.is_virtual = any_bool(),
		.bridge = any_bool(),
		.used = any_bool(),
		.slot = any_bool(),
		.type = nondet_u8(),
		.devfn = nondet_u8(),
		.vendor = nondet_u16(),
		.device = nondet_u16(),
		.host_bridge = any_bool(),
		.memory = any_bool(),
		.in_group = any_bool(),
		.acs = any_bool(),
		.acs_at = ACS_OFFSET,
		.cap = nondet_u16(),
		.ctrl = nondet_u16(),
		.beyond = nondet_u32(),
		.extended = any_bool(),
		.offline = any_bool(),
		.asleep = any_bool(),
		.lost = any_bool(),
		.command = nondet_u32(),
		.bars = nondet_u32(),
		.ext_id = nondet_u16(),
		.dvsec_vendor = nondet_u32(),
		.dvsec_id = nondet_u32(),
		.dvsec_ctrl = nondet_u32(),
	};
}

/*
 * A virtual function has a PF that exists and is no bridge, and its IDs.  The
 * SR-IOV capability of the PF is in extended configuration space, which only
 * PCI Express has.
 */
static inline bool is_valid_virtual(const struct path_fn *fn)
{
	const struct path_fn *pf = fn->pf;

	if (!fn->is_virtual)
		return true;
	return pf && !fn->bridge && !fn->hidden && pf->exists &&
	       !pf->is_virtual && !pf->bridge && !pf->hidden &&
	       pf->type == fn->type && pf->vendor == fn->vendor &&
	       pf->type != TYPE_CONVENTIONAL;
}

/* The home knows of the element of the path that it is alone only if it is. */
static inline bool is_valid_single(unsigned int level)
{
	unsigned int k;

	for (k = 1; machine.single[level] && k < WIDTH; k++)
		if (machine_function(level, k)->exists &&
		    machine_same_slot(level, 0, k))
			return false;
	return true;
}

static inline void assume_valid(void)
{
	struct path_fn *fn;
	unsigned int level, k;

	for (level = 0; level < PATH_LEVELS; level++) {
		for (k = 0; k < WIDTH; k++) {
			fn = machine_function(level, k);
			assume(is_valid_virtual(fn));
			assume(!fn->used || fn->bridge);
		}
		assume(is_valid_single(level));
	}
}

/*
 * At level 0 the PF of the others is number 0; above, the bridge of the path,
 * number 0, is no PF.
 */
static inline struct path_fn *pf_for(unsigned int level, unsigned int k)
{
	if (k == 2 && level)
		return machine_function(level, 1);
	return !level && k ? machine_function(0, 0) : NULL;
}

static inline void make_any_function(unsigned int level, unsigned int k)
{
	struct path_fn *fn = machine_function(level, k);

	*fn = any_machine_fn();
	fn->level = (u8)level;
	fn->k = (u8)k;
	fn->pf = pf_for(level, k);
	if (!k) {
		fn->exists = true;
		fn->bridge = level;
		fn->is_virtual = false;
	}
	if (!level && k == VIRTUAL_F && VIRTUAL_F) {
		fn->exists = true;
		fn->is_virtual = true;
	}
}

static inline void make_any_machine(void)
{
	unsigned int level, k;

	machine.levels = PATH_LEVELS;
	machine.f = VIRTUAL_F;
	machine.vmd = any_bool();
	machine.domain = any_bool();
	machine.iommu = any_bool();
	for (level = 0; level < PATH_LEVELS; level++) {
		machine.single[level] = any_bool();
		machine.alias[level] = nondet_u8();
		for (k = 0; k < WIDTH; k++)
			make_any_function(level, k);
	}
	machine_below = any_machine_fn();
	machine_below.is_virtual = false;
	machine_below.bridge = false;
	machine_below.level = LEVELS;
	machine_vmd = any_machine_fn();
	machine_vmd.is_virtual = false;
	machine_vmd.level = LEVELS + 1;
	assume_valid();
}

#endif /* ACS_GUARD_PROOF_ANY_MACHINE_H */
