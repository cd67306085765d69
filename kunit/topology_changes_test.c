// SPDX-License-Identifier: GPL-2.0-only
/*
 * Topologies that change: functions come and go, and registers change.
 *
 * T1 to T43 are the topologies of the rules' table, R1 to R14 are the rules.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "guard.h"
#include "hidden.h"
#include "pci_dev.h"
#include "topology_test.h"

/* clang-format off */
static const struct fake_dev t2_later[] = {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON, .flags = FAKE_ABSENT },
	{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_ABSENT },
	{ "ep0", "dp0", 0, 0, FAKE_EP, .flags = FAKE_ABSENT },
	{ "ep1", "dp1", 0, 0, FAKE_EP, .flags = FAKE_ABSENT },
};

/* Every order in which a port comes before the function below it. */
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

/* After an orderly removal, a function counts as long as a reset takes. */
static void unplug_and_wait(struct kunit *test, struct fake_host *host,
			    const char *name)
{
	KUNIT_ASSERT_EQ(test, fake_host_unplug(host, name), 0);
	msleep(3000);
}

static void plug_function(struct kunit *test, struct fake_host *host,
			  const char *name)
{
	KUNIT_ASSERT_EQ(test, fake_host_plug(host, name), 0);
}

/* T5: the order in which devices come makes no difference. */
void t5_any_order(struct kunit *test)
{
	struct fake_host *host;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(t2_orders); i++) {
		host = GUARD_UP(test, t2_later);
		for (j = 0; j < ARRAY_SIZE(t2_orders[i]); j++)
			plug_function(test, host, t2_orders[i][j]);
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
void t5_any_function_first(struct kunit *test)
{
	static const char *const orders[][2] = { { "f2", "f6" },
						 { "f6", "f2" } };
	struct fake_host *host;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		host = GUARD_UP(test, t3_later);
		for (j = 0; j < ARRAY_SIZE(orders[i]); j++)
			plug_function(test, host, orders[i][j]);
		for (j = 0; j < ARRAY_SIZE(t3_end); j++)
			guard_expect(test, host, &t3_end[j], "T5");
		guard_down(test);
	}
}

/* T5: ep0 is there first; then a peer port comes, and goes. */
void t5_sibling_comes_and_goes(struct kunit *test)
{
	const struct guard_want alone = { "ep0", "isolated" };
	struct fake_host *host = GUARD_UP(test, t2_later);
	unsigned int i;

	plug_function(test, host, "dp0");
	plug_function(test, host, "ep0");
	guard_expect(test, host, &alone, "T5, before");
	guard_expect_bind(test, host, "ep0", true, "T5, before");

	plug_function(test, host, "dp1");
	plug_function(test, host, "ep1");
	for (i = 0; i < ARRAY_SIZE(t2_end); i++) {
		guard_expect(test, host, &t2_end[i], "T5, while");
		guard_expect_bind(test, host, t2_end[i].name, false,
				  "T5, while");
	}

	unplug_and_wait(test, host, "dp1");
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

/* T18: ACS Control of dp0, and the verdicts on ep0 and ep1. */
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

/* T18: a verdict uses the current contents of ACS Control. */
void t18_setpci(struct kunit *test)
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

/* T18: a driver that is bound stays bound; the next bind is refused. */
void t18_while_bound(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good_switch);

	guard_override(test, host, "ep0", "pci-stub");
	KUNIT_ASSERT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), 0);
	fake_host_set_acs(host, "dp0", 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep0"), "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep0"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), -EPERM);
}

/* T16: the link is down, and the PCI core has not noticed. */
void t16_link_gone(struct kunit *test)
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

/* R12: requests from behind a VMD endpoint have the ID of the endpoint. */
void t23_vmd(struct kunit *test)
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
	/* The endpoint shares its ID with them. */
	KUNIT_EXPECT_FALSE(test, guard_isolated(guard_get(test, host, "vmd")));
	guard_expect_bind(test, host, "vmd", false, "T23");
}

/*
 * All functions of a domain are hidden, so nothing keeps its root bus: nothing
 * is read there, and they count until the bus goes.
 */
void t23_all_hidden(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev outside[] = {
		{ "vmd",  "", 5, 0, FAKE_RCIEP, .vendor = 0x8086 },
	};
	static const struct fake_dev inside[] = {
		{ "ep0", "", 0, 0, FAKE_RCIEP },
		{ "ep1", "", 1, 0, FAKE_RCIEP },
	};
	/* clang-format on */
	struct fake_host *host = GUARD_UP(test, outside);
	struct pci_dev *vmd = guard_get(test, host, "vmd");
	struct fake_host *below;
	u64 bdf;

	KUNIT_EXPECT_TRUE(test, guard_isolated(vmd));
	below = fake_host_create_below(inside, ARRAY_SIZE(inside), vmd);
	KUNIT_ASSERT_FALSE(test, IS_ERR(below));
	bdf = acs_guard_bdf(fake_host_dev(below, "ep0"));
	KUNIT_EXPECT_EQ(test, fake_host_hide(below, "ep0"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_hide(below, "ep1"), 0);
	KUNIT_EXPECT_TRUE(test, acs_guard_has_bus(bdf));
	KUNIT_EXPECT_FALSE(test, guard_isolated(vmd));

	fake_host_fault(below, "ep0", FAKE_ONES);
	fake_host_fault(below, "ep1", FAKE_ONES);
	KUNIT_EXPECT_FALSE(test, guard_isolated(vmd));
	msleep(3000);
	KUNIT_EXPECT_FALSE(test, guard_isolated(vmd));

	KUNIT_EXPECT_EQ(test, fake_host_destroy(below), 0);
	KUNIT_EXPECT_FALSE(test, acs_guard_has_bus(bdf));
	KUNIT_EXPECT_TRUE(test, guard_isolated(vmd));
}

/* T35: a sibling function appears. */
void t35_second_function_appears(struct kunit *test)
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

	plug_function(test, host, "f1");
	for (i = 0; i < ARRAY_SIZE(both); i++) {
		guard_expect(test, host, &both[i], "T35, while");
		guard_expect_bind(test, host, both[i].name, false,
				  "T35, while");
	}

	unplug_and_wait(test, host, "f1");
	guard_expect(test, host, &alone, "T35, after");
	guard_expect_bind(test, host, "f0", true, "T35, after");
}

/*
 * While the kernel adds or removes a bridge, the bridge is listed and has no
 * bus.  A hidden function below it may send DMA all the same.
 */
void t36_bridge_without_bus(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev decl[] = {
		{ "rp",   "",   1, 0, FAKE_RP, ON },
		{ "br",   "rp", 0, 0, FAKE_PCIE_TO_PCI },
		{ "card", "br", 0, 0, FAKE_PCI },
		{ "p",    "br", 1, 0, FAKE_PCI_BRIDGE },
		{ "h",    "p",  0, 0, FAKE_PCI },
	};
	/* clang-format on */
	struct fake_host *host = GUARD_UP(test, decl);
	struct pci_dev *card = guard_get(test, host, "card");
	struct pci_dev *p = guard_get(test, host, "p");

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "h"), 0);
	KUNIT_EXPECT_FALSE(test, guard_isolated(card));
	pci_lock_rescan_remove();
	pci_remove_bus(p->subordinate);
	p->subordinate = NULL;
	pci_unlock_rescan_remove();
	KUNIT_EXPECT_FALSE(test, guard_isolated(card));
}

/*
 * The kernel finds a function by its address before it is a child of the
 * bridge.  So its record stays for a while, even if it was absent for long.
 */
void t36_listed_again(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev decl[] = {
		{ "rp", "",   1, 0, FAKE_RP, ON },
		{ "f0", "rp", 0, 0, FAKE_EP, APART },
		{ "f1", "rp", 0, 1, FAKE_EP },
	};
	/* clang-format on */
	struct fake_host *host = GUARD_UP(test, decl);
	const u64 f1 = acs_guard_bdf(guard_get(test, host, "f1"));

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	fake_host_fault(host, "f1", FAKE_ONES);
	acs_guard_end_rechecks();
	KUNIT_EXPECT_TRUE(test, acs_guard_forget_gone());
	msleep(1500);
	KUNIT_EXPECT_TRUE(test, acs_guard_forget_gone());

	fake_host_fault(host, "f1", FAKE_OK);
	fake_host_rescan(host);
	acs_guard_end_rechecks();
	guard_get(test, host, "f1");
	KUNIT_EXPECT_TRUE(test, acs_guard_forget_gone());
	KUNIT_EXPECT_TRUE(test, acs_guard_has_hidden(f1));
	msleep(1500);
	KUNIT_EXPECT_FALSE(test, acs_guard_forget_gone());
	KUNIT_EXPECT_FALSE(test, acs_guard_has_hidden(f1));
}
