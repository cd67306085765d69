/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: whether a function is at an address that the kernel does not list
 */
#ifndef ACS_GUARD_PRESENCE_H
#define ACS_GUARD_PRESENCE_H

#include <linux/types.h>

/**
 * enum acs_guard_presence - whether a function is at an address
 * @ACS_GUARD_ABSENT: none answers, or the bus is gone
 * @ACS_GUARD_ANSWERS: one answers
 * @ACS_GUARD_MAY_ANSWER: nothing can be read there now
 * @ACS_GUARD_BRIDGE_UNLISTED: the kernel does not list the bridge above either
 */
enum acs_guard_presence {
	ACS_GUARD_ABSENT,
	ACS_GUARD_ANSWERS,
	ACS_GUARD_MAY_ANSWER,
	ACS_GUARD_BRIDGE_UNLISTED,
};

enum acs_guard_presence acs_guard_presence(u64 bdf, u64 parent);

#endif /* ACS_GUARD_PRESENCE_H */
