/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: as much of KUnit as the tests of the engine use, in user space
 */
#ifndef ACS_GUARD_KUNIT_TEST_H
#define ACS_GUARD_KUNIT_TEST_H

#include <stdlib.h>

#include "test_home.h"

#define KUNIT_PARAM_DESC_SIZE 128

/**
 * struct kunit - a test that runs
 * @name: its name
 * @param_value: its parameter, or NULL
 * @failed: an expectation was not met
 * @skipped: it was left out
 */
struct kunit {
	const char *name;
	const void *param_value;
	bool failed;
	bool skipped;
};

struct kunit_case {
	const char *name;
	void (*run_case)(struct kunit *test);
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char *name;
	int (*suite_init)(struct kunit_suite *suite);
	struct kunit_case *test_cases;
};

/* clang-format off */
#define KUNIT_CASE(function) { #function, function, NULL }
#define KUNIT_CASE_PARAM(function, params) { #function, function, params }
/* clang-format on */

#define KUNIT_ARRAY_PARAM(id, array, describe)                           \
	static const void *id##_gen_params(const void *prev, char *desc) \
	{                                                                \
		__typeof__((array)[0]) *next =                           \
			prev ? (__typeof__(next))prev + 1 : (array);     \
		if (next - (array) >= (ptrdiff_t)ARRAY_SIZE(array))      \
			return NULL;                                     \
		describe(next, desc);                                    \
		return next;                                             \
	}

__attribute__((__format__(printf, 1, 2))) void kunit_print(const char *format,
							   ...);
bool kunit_run(struct kunit_suite *suite);

#define kunit_err(test, ...) kunit_print(__VA_ARGS__)
#define kunit_info(test, ...) kunit_print(__VA_ARGS__)

#define KUNIT_FAIL(test, ...)             \
	do {                              \
		kunit_print(__VA_ARGS__); \
		(test)->failed = true;    \
	} while (0)

#define KUNIT_EXPECT_TRUE(test, condition)                                \
	do {                                                              \
		if (!(condition))                                         \
			KUNIT_FAIL(test, "%s:%d: not true: %s", __FILE__, \
				   __LINE__, #condition);                 \
	} while (0)

#define KUNIT_EXPECT_FALSE(test, condition) \
	KUNIT_EXPECT_TRUE(test, !(condition))
#define KUNIT_EXPECT_EQ(test, a, b) KUNIT_EXPECT_TRUE(test, (a) == (b))

/* The test ends at once. */
#define kunit_skip(test, ...)             \
	do {                              \
		kunit_print(__VA_ARGS__); \
		(test)->skipped = true;   \
	} while (0)

static inline void *kunit_kcalloc(struct kunit *test, size_t n, size_t size)
{
	void *memory = calloc(n, size);

	if (!memory)
		abort();
	(void)test;
	return memory;
}

#endif /* ACS_GUARD_KUNIT_TEST_H */
