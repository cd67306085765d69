/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite acs_guard_registers: what its files share
 */
#ifndef REGISTERS_TEST_H
#define REGISTERS_TEST_H

#include <kunit/test.h>

#include "fake_host.h"

/* registers_test.c */

void expect_verdict(struct kunit *test, struct fake_host *host,
		    const char *name, const char *reason, const char *blocker,
		    const char *missing, const char *when);

/* The cases of the suite, by file. */

/* registers_tree_test.c */

void deep_nesting(struct kunit *test);
void pattern_longer_than_path(struct kunit *test);
void internal_vfs(struct kunit *test);
void other_aliases(struct kunit *test);
void virtual_alias(struct kunit *test);
void sibling_function_appears(struct kunit *test);
void sibling_function_stays(struct kunit *test);
void deep_peers(struct kunit *test);
void declares_p2p_twice(struct kunit *test);
void ghost_aliases(struct kunit *test);
void short_endpoints(struct kunit *test);

/* registers_reads_test.c */

void disconnected(struct kunit *test);
void d3cold(struct kunit *test);
void pulled(struct kunit *test);
void pulled_but_held(struct kunit *test);
void reads_one_each(struct kunit *test);
void reads_on_root_bus(struct kunit *test);
void reads_more_often(struct kunit *test);
void reads_virtual(struct kunit *test);
void no_allocation(struct kunit *test);

/* failing_reads_test.c */

void some_reads_fail(struct kunit *test);

/* load_test.c */

void removal_under_way(struct kunit *test);
void addition_fails(struct kunit *test);
void hidden_reads_fail(struct kunit *test);
void hidden_lists_loop(struct kunit *test);

/* registers_binds_test.c */

void permissive_exceptions(struct kunit *test);
void replug(struct kunit *test);
void guard_reloaded(struct kunit *test);
void audit_mode(struct kunit *test);
void foreign_domain(struct kunit *test);
void runtime_pm_restored(struct kunit *test);
void next_driver_binds(struct kunit *test);
void event_collector(struct kunit *test);

#endif /* REGISTERS_TEST_H */
