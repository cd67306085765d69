// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: functions of the chipset on one bus, shown as one
 */
#include "fold.h"
#include "report.h"

/* So many on one bus are shown as one. */
#define MIN_FOLDED 4

/**
 * can_fold() - can a function be shown together with others of its bus?
 * @machine: the machine
 * @fn: the function
 */
bool can_fold(const struct machine *machine, const struct function *fn)
{
	return is_chipset(fn) && !is_exposed_in_use(machine, fn);
}

/**
 * fold_bus() - find the functions of a bus that are shown as one
 * @machine: the machine
 * @number: a function; those before it on the bus cannot be folded
 */
struct folded fold_bus(const struct machine *machine, int number)
{
	const struct function *start = &machine->fns[number], *fn = start;
	struct folded folded = {};

	for (; fn && fn->bdf >> 8 == start->bdf >> 8;
	     fn = function_at(machine, fn->next_child)) {
		if (!can_fold(machine, fn))
			continue;
		folded.first = folded.first ? folded.first : fn;
		folded.last = fn;
		folded.count++;
		folded.ok += fn->status == STATUS_OK;
		folded.refused += fn->status == STATUS_REFUSED;
	}
	if (folded.count < MIN_FOLDED)
		folded.count = 0;
	return folded;
}
