/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite acs_guard_removal: its cases in other files
 */
#ifndef REMOVAL_TEST_H
#define REMOVAL_TEST_H

#include <kunit/test.h>

/* failing_reads_test.c */

void further_reads_fail(struct kunit *test);

/* hidden_path_test.c */

void hidden_path_changes(struct kunit *test);
void hidden_function_returns(struct kunit *test);

#endif /* REMOVAL_TEST_H */
