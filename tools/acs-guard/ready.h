/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: is a device ready to be assigned to a guest?
 */
#ifndef ACS_GUARD_READY_H
#define ACS_GUARD_READY_H

#include "model.h"

#define MAX_CHECKS 6

/**
 * struct check - one question about a device
 * @name: what is asked, for programs
 * @text: the same in words, with names
 * @answer: "yes", "no" or "unknown"
 */
struct check {
	const char *name;
	const char *text;
	const char *answer;
};

/**
 * struct checks - all of them
 * @list: the checks, @count of them
 * @count: how many
 */
struct checks {
	struct check list[MAX_CHECKS];
	size_t count;
};

void ready_find(struct checks *checks, struct machine *machine,
		const struct function *fn);

#endif /* ACS_GUARD_READY_H */
