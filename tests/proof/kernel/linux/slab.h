/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: allocation, for the proof about hidden_find.c
 */
#ifndef ACS_GUARD_PROOF_KERNEL_SLAB_H
#define ACS_GUARD_PROOF_KERNEL_SLAB_H

#define GFP_KERNEL 0
#define __GFP_NOFAIL 0

#endif /* ACS_GUARD_PROOF_KERNEL_SLAB_H */
