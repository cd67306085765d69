// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the test module, which runs all suites when it is loaded
 *
 * module_init() runs them.  kunit_test_suites() would run them before the
 * parameters of the module are set, in Linux 6.1.
 */
#include <linux/module.h>

#include "compat.h"
#include "suites.h"

/* clang-format off */
static struct kunit_suite *const suites[] = {
	&fake_host_suite,
	&match_suite,
	&topology_suite,
	&registers_suite,
	&drift_suite,
	&listing_suite,
	&removal_suite,
	&power_suite,
	&refusal_suite,
	&oracle_suite,
	&fuzz_suite,
};

/* clang-format on */

static int __init suites_init(void)
{
	return acs_guard_run_suites(suites, ARRAY_SIZE(suites));
}
module_init(suites_init);

static void __exit suites_exit(void)
{
	__kunit_test_suites_exit((struct kunit_suite **)suites,
				 ARRAY_SIZE(suites));
}
module_exit(suites_exit);

MODULE_DESCRIPTION("KUnit suites of acs_guard");
MODULE_LICENSE("GPL");
