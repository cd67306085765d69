// SPDX-License-Identifier: GPL-2.0-only
/*
 * The suite acs_guard_topology; here: hidden functions, IOMMU groups, and no
 * IOMMU
 *
 * T1 to T43 are topologies of the table of rules, R1 to R14 are rules; section
 * numbers are those of the PCI Express Base Specification.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "fake_iommu.h"
#include "guard.h"
#include "suites.h"
#include "topology_test.h"

/* ---- Hidden functions ---- */

/* Reloads the guard, which then searches for hidden functions. */
static void reload_guard(struct kunit *test)
{
	acs_guard_stop();
	KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
}

/* Hides a function while the guard is loaded, or before it is loaded. */
static void hide_function(struct kunit *test, struct fake_host *host,
			  const char *name, bool guarded)
{
	if (!guarded)
		acs_guard_stop();
	KUNIT_ASSERT_EQ(test, fake_host_hide(host, name), 0);
	if (!guarded)
		KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
}

/* A hidden function is in no group, so unit=group does not excuse it. */
static void expect_refused(struct kunit *test, struct fake_host *host,
			   const struct guard_want *want, bool hidden,
			   const char *when)
{
	struct acs_guard_verdict verdict;

	guard_expect(test, host, want, when);
	guard_examine(guard_get(test, host, want->name), &verdict);
	KUNIT_EXPECT_EQ_MSG(test, verdict.hidden, hidden, "%s", when);
	guard_expect_bind(test, host, want->name, false, when);
	guard_start_with(ACS_GUARD_GROUP, false);
	guard_expect_bind(test, host, want->name, false, when);
	guard_start_with(ACS_GUARD_FUNCTION, false);
}

/**
 * struct hidden - a function that is hidden for a while
 * @when: the case
 * @decl: the functions
 * @nr: the number of functions
 * @name: the function that is hidden
 * @by: the verdict names the hidden function
 * @before: the function can be hidden before the guard is loaded
 * @unscanned: then it is a peer itself, because functions below it are not known
 * @want: the verdict on another function, the same while @name is listed
 */
struct hidden {
	const char *when;
	struct fake_dev decl[6];
	unsigned int nr;
	const char *name;
	bool by;
	bool before;
	bool unscanned;
	struct guard_want want;
};

/* clang-format off */
static const struct hidden hidden[] = {
	{ "T36", {
		{ "rp", "",   1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, .group = 1 },
		{ "f1", "rp", 0, 1, FAKE_EP, .group = 1 },
	}, 3, "f1", .before = true,
	.want = { "f0", "multifunction", "f0", "RR,CR", "f1" } },
	{ "T36, only the hidden one without ACS", {
		{ "rp", "",   1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, APART, .group = 1 },
		{ "f1", "rp", 0, 1, FAKE_EP, .group = 1 },
	}, 3, "f1", .by = true, .before = true,
	.want = { "f0", "multifunction", "f1", "RR,CR", "f1" } },
	{ "T36, function 0", {
		{ "rp", "",   1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, .group = 1 },
		{ "f1", "rp", 0, 1, FAKE_EP, APART, .group = 1 },
	}, 3, "f0", .by = true, .before = true,
	.want = { "f1", "multifunction", "f0", "RR,CR", "f0" } },
	{ "T36, beside a root port", {
		{ "rp",   "",   1, 0, FAKE_RP, ON },
		{ "other", "",   1, 1, FAKE_RCIEP, .group = 1 },
		{ "ep",   "rp", 0, 0, FAKE_EP, .group = 1 },
	}, 3, "other", .by = true, .before = true,
	.want = { "ep", "multifunction", "other", "RR,CR", "other" } },
	{ "T36, ARI", {
		{ "rp", "",   1, 0, FAKE_RP, .flags = FAKE_ARI, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, APART,
		  .group = 1 },
		{ "f8", "rp", 1, 0, FAKE_EP, .flags = FAKE_ARI, .group = 1 },
	}, 3, "f8", .by = true, .before = true,
	.want = { "f0", "multifunction", "f8", "RR,CR", "f8" } },
	{ "T37", {
		{ "rp",  "",    1, 0, FAKE_RP, ON },
		{ "up",  "rp",  0, 0, FAKE_UP },
		{ "dp0", "up",  0, 0, FAKE_DP, ON },
		{ "dp1", "up",  1, 0, FAKE_DP },
		{ "ep0", "dp0", 0, 0, FAKE_EP, .group = 1 },
		{ "ep1", "dp1", 0, 0, FAKE_EP, .group = 1 },
	}, 6, "dp1", .by = true, .before = true, .unscanned = true,
	.want = { "ep0", "sibling-port", "dp1", ALL, "ep1" } },
	{ "T37, no slot", {
		{ "rp",  "",    1, 0, FAKE_RP, ON },
		{ "up",  "rp",  0, 0, FAKE_UP },
		{ "dp0", "up",  0, 0, FAKE_DP, ON },
		{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_NO_SLOT },
		{ "ep0", "dp0", 0, 0, FAKE_EP, .group = 1 },
		{ "ep1", "dp1", 0, 0, FAKE_EP, .group = 1 },
	}, 6, "dp1", .by = true, .before = true, .unscanned = true,
	.want = { "ep0", "sibling-port", "dp1", ALL, "ep1" } },
	{ "T37, only what is below the port", {
		{ "rp",  "",    1, 0, FAKE_RP, ON },
		{ "up",  "rp",  0, 0, FAKE_UP },
		{ "dp0", "up",  0, 0, FAKE_DP, ON },
		{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_NO_SLOT },
		{ "ep0", "dp0", 0, 0, FAKE_EP, .group = 1 },
		{ "ep1", "dp1", 0, 0, FAKE_EP, .group = 1 },
	}, 6, "ep1",
	.want = { "ep0", "sibling-port", "dp1", ALL, "ep1" } },
	{ "T6, two cards", {
		{ "rp",    "",    1, 0, FAKE_RP, ON },
		{ "br",    "rp",  0, 0, FAKE_PCIE_TO_PCI },
		{ "card0", "br",  0, 0, FAKE_PCI, .group = 1 },
		{ "card1", "br",  1, 0, FAKE_PCI, .group = 1 },
	}, 4, "card1",
	.want = { "card0", "conventional", "br", NULL, "card1" } },
	{ "T7", {
		{ "rp",  "",    1, 0, FAKE_RP, ON },
		{ "up",  "rp",  0, 0, FAKE_UP },
		{ "dp0", "up",  0, 0, FAKE_DP, ON },
		{ "in",  "up",  1, 0, FAKE_EP, .group = 1 },
		{ "ep0", "dp0", 0, 0, FAKE_EP, .group = 1 },
	}, 5, "in", .by = true, .before = true,
	.want = { "ep0", "internal-function", "in", NULL, "in" } },
	{ "T23, alias", {
		{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(2, 0), .group = 1 },
		{ "b", "", 2, 0, FAKE_RCIEP, .group = 1 },
	}, 2, "b", .by = true,
	.want = { "a", "alias", "b", NULL, "b" } },
	{ "T23, alias of the hidden one", {
		{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(2, 0), .group = 1 },
		{ "b", "", 2, 0, FAKE_RCIEP, .group = 1 },
	}, 2, "a", .by = true,
	.want = { "b", "alias", "a", NULL, "a" } },
};

/* clang-format on */

static void name_hidden(const struct hidden *hidden, char *name)
{
	strscpy(name, hidden->when, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hidden, hidden, name_hidden);

/* When the function is listed again, one owner has the whole group. */
static void expect_found(struct kunit *test, struct fake_host *host,
			 const struct hidden *hidden)
{
	const bool excused = strcmp(hidden->want.reason, "internal-function");
	struct acs_guard_verdict verdict;

	guard_expect(test, host, &hidden->want, "found again");
	guard_examine(guard_get(test, host, hidden->want.name), &verdict);
	KUNIT_EXPECT_FALSE(test, verdict.hidden);
	guard_start_with(ACS_GUARD_GROUP, false);
	guard_expect_bind(test, host, hidden->want.name, excused,
			  "found again, unit=group");
	guard_start_with(ACS_GUARD_FUNCTION, false);
}

static void see_hidden(struct kunit *test, const struct hidden *hidden,
		       bool guarded)
{
	const size_t size = hidden->nr * sizeof(*hidden->decl);
	const char *when = guarded ? "hidden" : "hidden before";
	struct fake_host *host = guard_up(test, hidden->decl, size, NULL);
	struct guard_want want = hidden->want;

	guard_expect(test, host, &want, "listed");
	hide_function(test, host, hidden->name, guarded);
	if (!guarded && hidden->unscanned)
		want.peers = hidden->name;
	expect_refused(test, host, &want, hidden->by, when);

	/* A rescan lists the function again. */
	fake_host_rescan(host);
	guard_get(test, host, hidden->name);
	expect_found(test, host, hidden);
	reload_guard(test);
	expect_found(test, host, hidden);
	guard_down(test);
}

/* T36, T37: a function that answers affects the verdict, listed or hidden. */
static void hidden_counts(struct kunit *test)
{
	const struct hidden *hidden = test->param_value;

	see_hidden(test, hidden, true);
	if (hidden->before)
		see_hidden(test, hidden, false);
}

/* T36: a hidden function that does not answer for long is ignored. */
static void t36_gone(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev decl[] = {
		{ "rp", "",   1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, APART },
		{ "f1", "rp", 0, 1, FAKE_EP },
	};
	/* clang-format on */
	const struct guard_want both = { "f0", "multifunction", "f1", "RR,CR",
					 "f1" };
	const struct guard_want reset = { "f0", "unreadable", "f1", NULL,
					  "f1" };
	const struct guard_want alone = { "f0", "isolated" };
	struct fake_host *host = GUARD_UP(test, decl);

	hide_function(test, host, "f1", true);
	guard_expect(test, host, &both, "T36, hidden");
	/* A reset takes a second at most (6.6.1). */
	fake_host_fault(host, "f1", FAKE_ONES);
	guard_expect(test, host, &reset, "T36, in reset");
	guard_expect_bind(test, host, "f0", false, "T36, in reset");
	msleep(1500);
	guard_expect(test, host, &reset, "T36, in reset for long");
	fake_host_fault(host, "f1", FAKE_OK);
	guard_expect(test, host, &both, "T36, after the reset");
	fake_host_fault(host, "f1", FAKE_ONES);
	guard_expect(test, host, &reset, "T36, in reset again");
	msleep(2500);
	guard_expect(test, host, &alone, "T36, gone");
	guard_expect_bind(test, host, "f0", true, "T36, gone");
	fake_host_fault(host, "f1", FAKE_OK);
	guard_expect(test, host, &both, "T36, hidden again");
}

/* ---- Groups, and no IOMMU ---- */

/* R13: bridges and dummy host bridges in the group do not matter. */
static void t41_groups(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev decl[] = {
		{ "dummy", "",   0, 0, FAKE_PCI, ZEN_DUMMY, .group = 4 },
		{ "a",     "",   1, 0, FAKE_RCIEP, .group = 1 },
		{ "b",     "",   2, 0, FAKE_RCIEP, .group = 1 },
		{ "c",     "",   3, 0, FAKE_RCIEP, .group = 1 },
		{ "alone", "",   4, 0, FAKE_RCIEP, .group = 2 },
		{ "rp",    "",   5, 0, FAKE_RP, ON, .group = 3 },
		{ "ep",    "rp", 0, 0, FAKE_EP, .group = 3 },
		{ "zen",   "",   6, 0, FAKE_RCIEP, .group = 4 },
		{ "none",  "",   7, 0, FAKE_RCIEP },
	};
	/* clang-format on */
	static const struct guard_want want[] = {
		{ "a", "iommu-group", "b", NULL, "b c" },
		{ "b", "iommu-group", "a", NULL, "a c" },
		{ "c", "iommu-group", "a", NULL, "a b" },
		{ "alone", "isolated" },
		{ "ep", "isolated" },
		{ "zen", "isolated" },
		{ "none", "isolated" },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		const bool isolated = !strcmp(want[i].reason, "isolated");

		guard_expect(test, host, &want[i], "T41");
		guard_expect_bind(test, host, want[i].name, isolated, "T41");
		guard_start_with(ACS_GUARD_GROUP, false);
		guard_expect(test, host, &want[i], "T41, unit=group");
		guard_expect_bind(test, host, want[i].name, true,
				  "T41, unit=group");
		guard_start_with(ACS_GUARD_FUNCTION, false);
	}
}

static void start_in_mode(enum acs_guard_mode mode, enum acs_guard_unit unit)
{
	const struct acs_guard_settings settings = {
		.mode = mode,
		.unit = unit,
	};

	acs_guard_settings_init(&settings);
}

/* R14: without an IOMMU no function is isolated, whatever ACS says. */
static void t42_no_iommu(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev decl[] = {
		{ "rp",  "",    1, 0, FAKE_RP, ON },
		{ "ep",  "rp",  0, 0, FAKE_EP, .group = 1 },
		{ "rp2", "",    2, 0, FAKE_RP },
		{ "pf",  "rp2", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x0c, 0),
		  .vfs.total = 1, .vfs.on = 1 },
	};
	/* clang-format on */
	static const struct guard_want want[] = {
		{ "ep", "no-iommu", "ep" },
		{ "pf", "no-iommu", "pf", NULL, "pf.vf0" },
		{ "pf.vf0", "no-iommu", "pf.vf0", NULL, "pf" },
	};
	const struct guard_want with = { "ep", "isolated" };
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;
	int err;

	guard_expect(test, host, &with, "with an IOMMU");
	fake_iommu_set(false);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		guard_expect(test, host, &want[i], "T42");
		guard_expect_bind(test, host, want[i].name, false, "T42");
		start_in_mode(ACS_GUARD_ENFORCE, ACS_GUARD_GROUP);
		guard_expect_bind(test, host, want[i].name, false,
				  "T42, unit=group");
		start_in_mode(ACS_GUARD_AUDIT, ACS_GUARD_FUNCTION);
		guard_expect_bind(test, host, want[i].name, true,
				  "T42, mode=audit");
		start_in_mode(ACS_GUARD_ENFORCE, ACS_GUARD_FUNCTION);
	}
	err = fake_host_write(host, "ep", "acs_guard/permissive", "1");
	KUNIT_EXPECT_EQ(test, err, 0);
	guard_expect_bind(test, host, "ep", true, "T42, permissive");
	guard_expect(test, host, &want[0], "T42, permissive");
	fake_iommu_set(true);
	guard_expect(test, host, &with, "with an IOMMU again");
}

/* A case for each topology, with its title as name. */
/* clang-format off */
#define TOPOLOGY(_title, ...) { .run_case = topology_case, .name = _title },
#define GROUPED(_title, ...) { .run_case = grouped_case, .name = _title },

static struct kunit_case topology_cases[] = {
#include "topology_list.h"
	KUNIT_CASE(t5_any_order),
	KUNIT_CASE(t5_any_function_first),
	KUNIT_CASE(t5_sibling_comes_and_goes),
	KUNIT_CASE(t16_link_gone),
	KUNIT_CASE(t18_setpci),
	KUNIT_CASE(t18_while_bound),
	KUNIT_CASE(t23_vmd),
	KUNIT_CASE(t23_all_hidden),
	KUNIT_CASE(t35_second_function_appears),
	KUNIT_CASE_PARAM(hidden_counts, hidden_gen_params),
	KUNIT_CASE(t36_gone),
	KUNIT_CASE(t36_bridge_without_bus),
	KUNIT_CASE(t36_listed_again),
	KUNIT_CASE(t41_groups),
	KUNIT_CASE(t42_no_iommu),
	{},
};

/* clang-format on */

struct kunit_suite topology_suite = {
	.name = "acs_guard_topology",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = topology_cases,
};
