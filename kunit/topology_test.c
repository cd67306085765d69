// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every topology of the rules' table, T1 to T43, and a few that it implies:
 * scanned by the real PCI core, judged, shown in sysfs and bound, or not, by
 * the real driver core.
 *
 * R1 to R14 and S1 to S3 are the rules; section numbers are those of the PCI
 * Express Base Specification.
 */
#include <linux/delay.h>
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "fake_iommu.h"
#include "guard.h"
#include "suites.h"

/* With the default parameters, and with strict=1. */
static void judge_functions(struct kunit *test, const struct topology *topology,
			    bool strict)
{
	const char *when = strict ? "strict=1" : "unit=function";
	struct fake_host *host;
	const struct answer *answer;

	host = topology_up(test, topology);
	guard_start_with(ACS_GUARD_FUNCTION, strict);
	for (answer = topology->answers; answer->want.name; answer++) {
		struct guard_want want = answer->want;

		if (strict && answer->strict) {
			want.reason = answer->strict;
			want.blocker = answer->at;
		}
		guard_expect(test, host, &want, when);
		guard_expect_bind(test, host, want.name,
				  !strcmp(want.reason, "isolated"), when);
	}
	guard_down(test);
}

static const char *const groupings[] = {
	[NO_GROUPS] = "no groups",
	[ONE_GROUP] = "one group",
	[OWN_GROUPS] = "own groups",
};

static struct fake_host *up_in_groups(struct kunit *test,
				      const struct topology *topology,
				      enum grouping grouping)
{
	static struct fake_dev is[MAX_FUNCTIONS];
	const unsigned int n = topology_size(topology);
	unsigned int i;

	memcpy(is, topology->is, sizeof(is));
	for (i = 0; i < n && grouping != NO_GROUPS; i++) {
		is[i].group = grouping == ONE_GROUP ? 1 : i + 1;
		is[i].vfs.group = grouping == ONE_GROUP ? 1 : 100 * (i + 1);
	}
	return guard_up(test, is, n * sizeof(*is), NULL);
}

static bool is_dummy(const struct topology *topology, const char *name)
{
	unsigned int i;

	for (i = 0; i < topology_size(topology); i++) {
		const struct fake_dev *is = &topology->is[i];

		if (!strcmp(is->name, name))
			return is->class == 0x060000 && !is->flags &&
			       !is->bar[0];
	}
	return false;
}

static bool share_group(struct pci_dev *a, struct pci_dev *b)
{
	struct iommu_group *of_a = iommu_group_get(&a->dev);
	struct iommu_group *of_b = iommu_group_get(&b->dev);
	const bool same = of_a && of_a == of_b;

	iommu_group_put(of_a);
	iommu_group_put(of_b);
	return same;
}

#define MAX_NAMES 32

/* Names, without doubles, in the order of strcmp(). */
struct names {
	const char *name[MAX_NAMES];
	unsigned int nr;
};

static void add_name(struct names *names, const char *name)
{
	unsigned int at = names->nr;

	while (at && strcmp(names->name[at - 1], name) > 0)
		at--;
	if (at && !strcmp(names->name[at - 1], name))
		return;
	memmove(&names->name[at + 1], &names->name[at],
		(names->nr - at) * sizeof(*names->name));
	names->name[at] = name;
	names->nr++;
}

/* The functions that are called something of @peers: listed or not. */
static void add_peers(struct kunit *test, struct names *names,
		      const char *peers)
{
	char *copy = kunit_kzalloc(test, GUARD_LINE, GFP_KERNEL), *name;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	strscpy(copy, peers, GUARD_LINE);
	while ((name = strsep(&copy, " ")))
		add_name(names, name);
}

/* R13: adds the others of a function's group.  Return: the first, or NULL. */
static const char *add_members(struct kunit *test,
			       const struct topology *topology,
			       struct fake_host *host, const char *name,
			       struct names *names)
{
	struct pci_dev *pdev = guard_get(test, host, name), *other = NULL;
	const char *first = NULL;
	u64 lowest = U64_MAX;

	if (is_dummy(topology, name))
		return NULL;
	for_each_pci_dev(other) {
		const char *found = fake_host_name(other);

		if (other == pdev || !share_group(pdev, other) ||
		    acs_guard_is_bridge(other) || is_dummy(topology, found))
			continue;
		add_name(names, found);
		if (acs_guard_bdf(other) >= lowest)
			continue;
		lowest = acs_guard_bdf(other);
		first = found;
	}
	return first;
}

static const char *join_names(struct kunit *test, const struct names *names)
{
	char *text = kunit_kzalloc(test, GUARD_LINE, GFP_KERNEL);
	unsigned int i, len = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; i < names->nr; i++)
		len += scnprintf(text + len, GUARD_LINE - len, "%s%s",
				 i ? " " : "", names->name[i]);
	return text;
}

/*
 * R13 is asked last, so it gives the reason only for what would be isolated;
 * the others of the group are peers whatever the reason is.
 */
static struct guard_want want_in_groups(struct kunit *test,
					const struct topology *topology,
					struct fake_host *host,
					const struct answer *answer)
{
	struct guard_want want = answer->want;
	struct names names = {};
	const char *member;

	if (want.peers)
		add_peers(test, &names, want.peers);
	member = add_members(test, topology, host, want.name, &names);
	if (answer_isolated(answer) && member) {
		want.reason = "iommu-group";
		want.blocker = member;
	}
	if (names.nr)
		want.peers = join_names(test, &names);
	return want;
}

/*
 * unit=group.  It changes nothing of the verdict; that there are groups may, see
 * want_in_groups().  Nothing is excused without a group; if each function has
 * its own, only a function without peers is; and nothing that strict=1 is for.
 */
static void judge_groups(struct kunit *test, const struct topology *topology,
			 enum grouping grouping, bool strict)
{
	struct fake_host *host = up_in_groups(test, topology, grouping);
	const struct answer *answer;

	guard_start_with(ACS_GUARD_GROUP, strict);
	for (answer = topology->answers; answer->want.name; answer++) {
		bool excused = answer->excused && grouping != NO_GROUPS;

		if (grouping == OWN_GROUPS && answer->want.peers)
			excused = false;
		if (!strict) {
			const struct guard_want want =
				want_in_groups(test, topology, host, answer);

			guard_expect(test, host, &want, groupings[grouping]);
		}
		guard_expect_bind(test, host, answer->want.name,
				  (excused || answer_isolated(answer)) &&
					  !(strict && answer->strict),
				  groupings[grouping]);
	}
	guard_down(test);
}

static void topology_case(struct kunit *test)
{
	const struct topology *topology = topology_named(test->name);

	KUNIT_ASSERT_NOT_NULL(test, topology);
	judge_functions(test, topology, false);
	judge_functions(test, topology, true);
	judge_groups(test, topology, NO_GROUPS, false);
	judge_groups(test, topology, ONE_GROUP, false);
	judge_groups(test, topology, OWN_GROUPS, false);
	judge_groups(test, topology, ONE_GROUP, true);
}

static void grouped_case(struct kunit *test)
{
	const struct topology *topology = topology_named(test->name);
	const struct answer *answer;
	struct fake_host *host;

	KUNIT_ASSERT_NOT_NULL(test, topology);
	host = topology_up(test, topology);
	guard_start_with(ACS_GUARD_GROUP, false);
	for (answer = topology->answers; answer->want.name; answer++)
		guard_expect_bind(test, host, answer->want.name,
				  answer->excused || answer_isolated(answer),
				  "unit=group");
}

/* ---- Topologies that change ---- */

/* clang-format off */
static const struct fake_dev t2_later[] = {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON, .flags = FAKE_ABSENT },
	{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_ABSENT },
	{ "ep0", "dp0", 0, 0, FAKE_EP, .flags = FAKE_ABSENT },
	{ "ep1", "dp1", 0, 0, FAKE_EP, .flags = FAKE_ABSENT },
};

/* Every order in which what is above comes before what is below. */
static const char *const t2_orders[][4] = {
	{ "dp0", "dp1", "ep0", "ep1" },
	{ "dp0", "dp1", "ep1", "ep0" },
	{ "dp0", "ep0", "dp1", "ep1" },
	{ "dp1", "dp0", "ep0", "ep1" },
	{ "dp1", "dp0", "ep1", "ep0" },
	{ "dp1", "ep1", "dp0", "ep0" },
};

static const struct guard_want t2_end[] = {
	{ "ep0", "sibling-port", "dp1", ALL, "ep1" },
	{ "ep1", "no-acs", "dp1", ALL, "ep0" },
};

/* clang-format on */

/* It may be in reset, for all that is known, and counts as long as that takes.
 */
static void pull_out(struct kunit *test, struct fake_host *host,
		     const char *name)
{
	KUNIT_ASSERT_EQ(test, fake_host_unplug(host, name), 0);
	msleep(3000);
}

static void plug(struct kunit *test, struct fake_host *host, const char *name)
{
	KUNIT_ASSERT_EQ(test, fake_host_plug(host, name), 0);
}

/* T5: the order in which devices come makes no difference. */
static void t5_any_order(struct kunit *test)
{
	struct fake_host *host;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(t2_orders); i++) {
		host = GUARD_UP(test, t2_later);
		for (j = 0; j < ARRAY_SIZE(t2_orders[i]); j++)
			plug(test, host, t2_orders[i][j]);
		for (j = 0; j < ARRAY_SIZE(t2_end); j++)
			guard_expect(test, host, &t2_end[j], "T5");
		guard_down(test);
	}
}

/* clang-format off */
static const struct fake_dev t3_later[] = {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, .flags = FAKE_MFD },
	{ "f2", "rp", 0, 2, FAKE_EP, .flags = FAKE_ABSENT },
	{ "f6", "rp", 0, 6, FAKE_EP, APART, .flags = FAKE_ABSENT },
};

static const struct guard_want t3_end[] = {
	{ "f0", "multifunction", "f0", "RR,CR", "f2 f6" },
	{ "f2", "multifunction", "f2", "RR,CR", "f0 f6" },
	{ "f6", "multifunction", "f0", "RR,CR", "f0 f2" },
};

/* clang-format on */

/* T5: the same for functions of one device; the first is always function 0. */
static void t5_any_function_first(struct kunit *test)
{
	static const char *const orders[][2] = { { "f2", "f6" },
						 { "f6", "f2" } };
	struct fake_host *host;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		host = GUARD_UP(test, t3_later);
		for (j = 0; j < ARRAY_SIZE(orders[i]); j++)
			plug(test, host, orders[i][j]);
		for (j = 0; j < ARRAY_SIZE(t3_end); j++)
			guard_expect(test, host, &t3_end[j], "T5");
		guard_down(test);
	}
}

/* T5: ep0 is there first; then what is beside the path comes, and goes. */
static void t5_sibling_comes_and_goes(struct kunit *test)
{
	const struct guard_want alone = { "ep0", "isolated" };
	struct fake_host *host = GUARD_UP(test, t2_later);
	unsigned int i;

	plug(test, host, "dp0");
	plug(test, host, "ep0");
	guard_expect(test, host, &alone, "T5, before");
	guard_expect_bind(test, host, "ep0", true, "T5, before");

	plug(test, host, "dp1");
	plug(test, host, "ep1");
	for (i = 0; i < ARRAY_SIZE(t2_end); i++) {
		guard_expect(test, host, &t2_end[i], "T5, while");
		guard_expect_bind(test, host, t2_end[i].name, false,
				  "T5, while");
	}

	pull_out(test, host, "dp1");
	guard_expect(test, host, &alone, "T5, after");
	guard_expect_bind(test, host, "ep0", true, "T5, after");
}

/* clang-format off */
static const struct fake_dev good_switch[] = {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
};

/* T18: what setpci leaves in dp0, and what it means for ep0 and ep1. */
static const struct {
	u16 ctrl;
	struct guard_want want[2];
} t18[] = {
	{ 0x1d, { { "ep0", "isolated" },
		  { "ep1", "isolated" } } },
	{ 0x00, { { "ep0", "acs-disabled", "dp0", ALL, "ep1" },
		  { "ep1", "sibling-port", "dp0", ALL, "ep0" } } },
	{ 0x1f, { { "ep0", "isolated" },
		  { "ep1", "isolated" } } },
	{ 0x15, { { "ep0", "acs-disabled", "dp0", "CR", "ep1" },
		  { "ep1", "sibling-port", "dp0", "CR", "ep0" } } },
	{ 0x0d, { { "ep0", "acs-disabled", "dp0", "UF" },
		  { "ep1", "sibling-port", "dp0", "UF" } } },
	{ 0x5d, { { "ep0", "direct-translated", "dp0", NULL, "ep1" },
		  { "ep1", "sibling-port", "dp0", NULL, "ep0" } } },
	{ 0x1d, { { "ep0", "isolated" },
		  { "ep1", "isolated" } } },
};

/* clang-format on */

/* T18: the control word of this moment counts, no other. */
static void t18_setpci(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good_switch);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(t18); i++) {
		fake_host_set_acs(host, "dp0", t18[i].ctrl);
		for (j = 0; j < ARRAY_SIZE(t18[i].want); j++) {
			const struct guard_want *want = &t18[i].want[j];

			guard_expect(test, host, want, "T18");
			guard_expect_bind(test, host, want->name,
					  !strcmp(want->reason, "isolated"),
					  "T18");
		}
	}
}

/* T18: a driver that is bound stays; the next bind is refused. */
static void t18_while_bound(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good_switch);

	guard_override(test, host, "ep0", "pci-stub");
	KUNIT_ASSERT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), 0);
	fake_host_set_acs(host, "dp0", 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep0"), "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep0"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), -EPERM);
}

/* T16: the link is gone, and nobody has told the PCI core. */
static void t16_link_gone(struct kunit *test)
{
	static const enum fake_fault how[] = { FAKE_ONES, FAKE_ZERO,
					       FAKE_ERROR };
	const struct guard_want gone[] = {
		{ "ep0", "unreadable", "dp0", NULL, "ep1" },
		{ "ep1", "unreadable", "dp0", NULL, "ep0" },
	};
	struct fake_host *host = GUARD_UP(test, good_switch);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		fake_host_fault(host, "dp0", how[i]);
		for (j = 0; j < ARRAY_SIZE(gone); j++) {
			guard_expect(test, host, &gone[j], "T16");
			guard_expect_bind(test, host, gone[j].name, false,
					  "T16");
		}
		fake_host_fault(host, "dp0", FAKE_OK);
		KUNIT_EXPECT_TRUE(test,
				  guard_isolated(fake_host_dev(host, "ep0")));
	}
}

/* R12: a VMD endpoint sends what comes from below it under its own ID. */
static void t23_vmd(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev outside[] = {
		{ "vmd",  "", 5, 0, FAKE_RCIEP, .vendor = 0x8086 },
		{ "rcep", "", 6, 0, FAKE_RCIEP },
	};
	static const struct fake_dev inside[] = {
		{ "rp0", "",    0, 0, FAKE_RP, ON },
		{ "rp1", "",    1, 0, FAKE_RP, ON },
		{ "ep0", "rp0", 0, 0, FAKE_EP },
		{ "ep1", "rp1", 0, 0, FAKE_EP },
	};
	/* clang-format on */
	const struct guard_want rcep = { "rcep", "isolated" };
	const struct guard_want before = { "vmd", "isolated" };
	const struct guard_want ep0 = { "ep0", "alias", "vmd", NULL,
					"ep1 vmd" };
	const struct guard_want ep1 = { "ep1", "alias", "vmd", NULL,
					"ep0 vmd" };
	struct fake_host *host = GUARD_UP(test, outside);
	struct fake_host *below;

	guard_expect(test, host, &before, "T23, before");
	below = guard_up(test, inside, sizeof(inside),
			 guard_get(test, host, "vmd"));
	guard_expect(test, host, &rcep, "T23");
	guard_expect(test, below, &ep0, "T23");
	guard_expect(test, below, &ep1, "T23");
	guard_expect_bind(test, below, "ep0", false, "T23");
	guard_expect_bind(test, below, "ep1", false, "T23");
	/* It has their ID as they have its. */
	KUNIT_EXPECT_FALSE(test, guard_isolated(guard_get(test, host, "vmd")));
	guard_expect_bind(test, host, "vmd", false, "T23");
}

/* T35: until one appears. */
static void t35_second_function_appears(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev decl[] = {
		{ "rp", "",   1, 0, FAKE_RP, ON, .flags = FAKE_HOTPLUG },
		{ "f0", "rp", 0, 0, FAKE_EP, .flags = FAKE_MFD },
		{ "f1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ABSENT },
	};
	/* clang-format on */
	const struct guard_want alone = { "f0", "isolated" };
	const struct guard_want both[] = {
		{ "f0", "multifunction", "f0", "RR,CR", "f1" },
		{ "f1", "multifunction", "f1", "RR,CR", "f0" },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;

	guard_expect(test, host, &alone, "T35, before");
	guard_expect_bind(test, host, "f0", true, "T35, before");

	plug(test, host, "f1");
	for (i = 0; i < ARRAY_SIZE(both); i++) {
		guard_expect(test, host, &both[i], "T35, while");
		guard_expect_bind(test, host, both[i].name, false,
				  "T35, while");
	}

	pull_out(test, host, "f1");
	guard_expect(test, host, &alone, "T35, after");
	guard_expect_bind(test, host, "f0", true, "T35, after");
}

/* ---- Functions that the kernel does not list ---- */

/* Look anew, as if the guard had been loaded only now. */
static void reload(struct kunit *test)
{
	acs_guard_hook_exit();
	KUNIT_ASSERT_EQ(test, acs_guard_hook_init(), 0);
}

/* Hide a function while the guard is there to see it, or while it is not. */
static void hide(struct kunit *test, struct fake_host *host, const char *name,
		 bool guarded)
{
	if (!guarded)
		acs_guard_hook_exit();
	KUNIT_ASSERT_EQ(test, fake_host_hide(host, name), 0);
	if (!guarded)
		KUNIT_ASSERT_EQ(test, acs_guard_hook_init(), 0);
}

/* What is not listed is in no group, so nobody has it along with the rest. */
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
 * struct hidden - a function that is not listed for a while
 * @when: what this is
 * @decl: the host
 * @nr: how many functions it has
 * @name: which function is hidden
 * @by: the verdict names it
 * @before: it may be hidden before the guard is loaded
 * @unscanned: and is then a peer itself, since nobody knows what is below it
 * @want: what is to be said of another function, hidden or not
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
		{ "mate", "",   1, 1, FAKE_RCIEP, .group = 1 },
		{ "ep",   "rp", 0, 0, FAKE_EP, .group = 1 },
	}, 3, "mate", .by = true, .before = true,
	.want = { "ep", "multifunction", "mate", "RR,CR", "mate" } },
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

/* Listed again: it is in the group of the other, which one owner has. */
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
	hide(test, host, hidden->name, guarded);
	if (!guarded && hidden->unscanned)
		want.peers = hidden->name;
	expect_refused(test, host, &want, hidden->by, when);

	/* A rescan brings it back, and the guard takes it for what it is. */
	fake_host_rescan(host);
	guard_get(test, host, hidden->name);
	expect_found(test, host, hidden);
	reload(test);
	expect_found(test, host, hidden);
	guard_down(test);
}

/* T36, T37: a function that answers counts, listed or not. */
static void hidden_counts(struct kunit *test)
{
	const struct hidden *hidden = test->param_value;

	see_hidden(test, hidden, true);
	if (hidden->before)
		see_hidden(test, hidden, false);
}

/* T36: one that answers no more does not count, until it does again. */
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

	hide(test, host, "f1", true);
	guard_expect(test, host, &both, "T36, hidden");
	/* A reset is over after a second (6.6.1). */
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

/* R13: bridges and dummies aside, who is alone in its group is so. */
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

/* R14: what firmware has set at ports fences nothing in. */
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

/* A case of each topology, called by its title. */
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
	KUNIT_CASE(t35_second_function_appears),
	KUNIT_CASE_PARAM(hidden_counts, hidden_gen_params),
	KUNIT_CASE(t36_gone),
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
