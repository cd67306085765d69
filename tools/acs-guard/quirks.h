/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: what quirks of the kernel know of a function, and a dump does not
 * tell
 */
#ifndef ACS_GUARD_QUIRKS_H
#define ACS_GUARD_QUIRKS_H

#include "model.h"

/* A bit for each devfn. */
#define ALIAS_WORDS (256 / 32)

void quirks_apply(struct machine *machine);
void quirks_identify(struct function *fn);
bool quirks_has_dwords(const struct function *fn);
bool quirks_may_have_dwords(const struct function *fn);
bool quirks_is_vmd(u16 device);

#endif /* ACS_GUARD_QUIRKS_H */
