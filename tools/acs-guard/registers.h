/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: registers in the bytes of a configuration space
 */
#ifndef ACS_GUARD_REGISTERS_H
#define ACS_GUARD_REGISTERS_H

#include "model.h"

/* No type that PCI Express has. */
#define KIND_CONVENTIONAL (-1)
/* There may be a PCI Express capability that cannot be read. */
#define KIND_UNKNOWN (-2)

unsigned int reg(const struct function *fn, unsigned int where,
		 unsigned int size);
unsigned int header_type_of(const struct function *fn);
unsigned int pcie_cap_of(const struct function *fn);
bool pcix_is_fast(const struct function *fn);
int kind_of(const struct function *fn);
unsigned int find_ext_cap(const struct function *fn, unsigned int id);
bool has_broken_list(const struct function *fn);
bool answers(const struct function *fn);
bool has_bridge_header(const struct function *fn);
void read_kind(struct function *fn);

#endif /* ACS_GUARD_REGISTERS_H */
