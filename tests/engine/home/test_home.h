/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what the tests of the engine take from the kernel, in user space
 */
#ifndef ACS_GUARD_TEST_HOME_H
#define ACS_GUARD_TEST_HOME_H

#include "home.h"

#define likely(condition) (condition)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define swap(a, b)                           \
	do {                                 \
		__typeof__(a) swapped = (a); \
		(a) = (b);                   \
		(b) = swapped;               \
	} while (0)

static inline unsigned int __ffs64(u64 word)
{
	return (unsigned int)__builtin_ctzll(word);
}

static inline unsigned int hweight64(u64 word)
{
	return (unsigned int)__builtin_popcountll(word);
}

static inline void strscpy(char *to, const char *from, size_t size)
{
	scnprintf(to, size, "%s", from);
}

#endif /* ACS_GUARD_TEST_HOME_H */
