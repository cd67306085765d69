/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: why a device is refused, and what is exposed to it
 */
#ifndef ACS_GUARD_WHY_H
#define ACS_GUARD_WHY_H

#include "model.h"

struct exposed_slots;

void print_why(struct machine *machine, const struct function *fn);
void print_exposed(struct machine *machine, struct function *fn);
void print_group_doubt(const struct machine *machine,
		       const struct function *fn);

/* exposed_slots.c */
bool is_refused_anyway(const struct function *fn);
bool find_group_blocking_slots(struct machine *machine, struct function *fn,
			       struct exposed_slots *slots);
void print_group_blocking_slots(struct machine *machine, struct function *fn);

#endif /* ACS_GUARD_WHY_H */
