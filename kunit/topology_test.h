/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite acs_guard_topology: its cases, by file
 */
#ifndef TOPOLOGY_TEST_H
#define TOPOLOGY_TEST_H

#include <kunit/test.h>

/* topology_tables_test.c */

void topology_case(struct kunit *test);
void grouped_case(struct kunit *test);

/* topology_changes_test.c */

void t5_any_order(struct kunit *test);
void t5_any_function_first(struct kunit *test);
void t5_sibling_comes_and_goes(struct kunit *test);
void t18_setpci(struct kunit *test);
void t18_while_bound(struct kunit *test);
void t16_link_gone(struct kunit *test);
void t23_vmd(struct kunit *test);
void t23_all_hidden(struct kunit *test);
void t35_second_function_appears(struct kunit *test);
void t36_bridge_without_bus(struct kunit *test);
void t36_listed_again(struct kunit *test);

#endif /* TOPOLOGY_TEST_H */
