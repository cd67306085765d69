/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: functions of the chipset on one bus, shown as one
 */
#ifndef ACS_GUARD_FOLD_H
#define ACS_GUARD_FOLD_H

#include "model.h"

/**
 * struct folded - functions of the chipset on one bus, which are shown as one
 * @first: the first of them
 * @last: the last
 * @count: how many; 0 if they are not folded
 * @ok: how many are isolated
 * @refused: how many are refused
 */
struct folded {
	const struct function *first;
	const struct function *last;
	unsigned int count;
	unsigned int ok;
	unsigned int refused;
};

bool can_fold(const struct machine *machine, const struct function *fn);
struct folded fold_bus(const struct machine *machine, int number);

#endif /* ACS_GUARD_FOLD_H */
