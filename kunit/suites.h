/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the KUnit suites of the test module
 */
#ifndef SUITES_H
#define SUITES_H

#include <kunit/test.h>

extern struct kunit_suite topology_suite;
extern struct kunit_suite registers_suite;
extern struct kunit_suite drift_suite;
extern struct kunit_suite listing_suite;
extern struct kunit_suite removal_suite;
extern struct kunit_suite power_suite;
extern struct kunit_suite refusal_suite;
extern struct kunit_suite match_suite;
extern struct kunit_suite oracle_suite;
extern struct kunit_suite fuzz_suite;
extern struct kunit_suite fake_host_suite;

#endif /* SUITES_H */
