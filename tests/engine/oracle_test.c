// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the oracle against routes that were worked out by hand
 */
#include "oracle_cases.h"
#include "suites.h"

static struct oracle oracle;
static struct topo topo;

static const void *next_case(const void *prev, char *desc)
{
	const struct oracle_case *c =
		prev ? (const struct oracle_case *)prev + 1 : oracle_cases;

	if (c == oracle_cases + oracle_cases_nr)
		return NULL;
	scnprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", c->name);
	return c;
}

static void by_hand(struct kunit *test)
{
	const struct oracle_case *c = test->param_value;
	const char *wrong;

	oracle_case_topo(c, &topo);
	KUNIT_EXPECT_TRUE(test, !topo_invalid(&topo));
	oracle_run(&oracle, &topo, ORACLE_ASSUME_ALL);
	wrong = oracle_case_wrong(c, &oracle);
	if (wrong)
		KUNIT_FAIL(test, "%s", wrong);
}

static struct kunit_case oracle_test_cases[] = {
	KUNIT_CASE_PARAM(by_hand, next_case),
	{ 0 },
};

struct kunit_suite oracle_suite = {
	.name = "oracle",
	.test_cases = oracle_test_cases,
};
