/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the tests of the engine that run in user space
 */
#ifndef ENGINE_SUITES_H
#define ENGINE_SUITES_H

#include <kunit/test.h>

#include "engine.h"

/**
 * struct lengths - how much is tried
 * @enum_size: most functions and ports of the small machines
 * @hidden_size: the same for those that are partly hidden
 * @random: how many random machines
 * @first_seed: the seed of the first of them
 * @hosts: of how many machines for fake hosts the digests are printed
 */
struct lengths {
	unsigned int enum_size;
	unsigned int hidden_size;
	unsigned int random;
	u64 first_seed;
	unsigned int hosts;
};

/* See machines_test.c. */
void __real_acs_guard_verdict_step(struct acs_guard_verdict *verdict,
				   const struct acs_guard_policy *policy,
				   const struct acs_guard_element *element);
void __wrap_acs_guard_verdict_step(struct acs_guard_verdict *verdict,
				   const struct acs_guard_policy *policy,
				   const struct acs_guard_element *element);

extern struct lengths lengths;
extern struct kunit_suite verdict_suite;
extern struct kunit_suite rules_suite;
extern struct kunit_suite verdict_order_suite;
extern struct kunit_suite verdict_words_suite;
extern struct kunit_suite exposure_suite;
extern struct kunit_suite oracle_suite;
extern struct kunit_suite list_suite;
extern struct kunit_suite faults_suite;
extern struct kunit_suite peers_suite;
extern struct kunit_suite trees_suite;
extern struct kunit_suite trees_reads_suite;
extern struct kunit_suite machines_suite;
extern struct kunit_suite words_suite;
extern struct kunit_suite route_suite;

#endif /* ENGINE_SUITES_H */
