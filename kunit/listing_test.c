// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that take long to be added or removed
 *
 * While device_add() and device_del() are under way, the kernel finds a
 * function by its address, and walks do not find it among the children of its
 * bridge.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/notifier.h>
#include <linux/pci.h>

#include "guard.h"
#include "hidden.h"
#include "pci_dev.h"
#include "recheck.h"
#include "registry.h"
#include "suites.h"

/* Longer than the record of a listed function is kept. */
#define LONG_MS 1500

/* Longer than rechecks after an event take, if they have to be repeated. */
#define PATIENCE_MS 30000

static bool has_scans_all;

/* clang-format off */
static const struct fake_dev both[] = {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, APART },
	{ "f1", "rp", 0, 1, FAKE_EP },
};

static const struct fake_dev later[] = {
	{ "rp", "",   1, 0, FAKE_RP, ON, .flags = FAKE_HOTPLUG },
	{ "f0", "rp", 0, 0, FAKE_EP, .flags = FAKE_MFD },
	{ "f1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ABSENT },
};

/* clang-format on */

/**
 * struct stall - a notifier that takes long, and what it found meanwhile
 * @block: the notifier, called after that of the guard
 * @event: when it takes long
 * @devfn: for which function
 * @other: another function
 * @kept: @devfn had a record all the time
 * @isolated: @other was isolated
 */
struct stall {
	struct notifier_block block;
	unsigned long event;
	u8 devfn;
	struct pci_dev *other;
	bool kept;
	bool isolated;
};

static int forget_twice(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct stall *stall = container_of(nb, struct stall, block);
	struct pci_dev *pdev = to_pci_dev(data);

	if (event != stall->event || pdev->devfn != stall->devfn)
		return NOTIFY_DONE;
	acs_guard_end_rechecks();
	acs_guard_forget_gone();
	msleep(LONG_MS);
	/* One call at a time: an event may have queued a recheck. */
	acs_guard_end_rechecks();
	acs_guard_forget_gone();
	stall->kept = acs_guard_has_hidden(acs_guard_bdf(pdev));
	stall->isolated = guard_isolated(stall->other);
	return NOTIFY_DONE;
}

static void begin_stall(struct kunit *test, struct stall *stall)
{
	KUNIT_ASSERT_EQ(test,
			bus_register_notifier(&pci_bus_type, &stall->block), 0);
}

static void end_stall(struct stall *stall)
{
	bus_unregister_notifier(&pci_bus_type, &stall->block);
}

/* From the end of the removal on, only the record shows the function. */
static void slow_removal(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, both);
	struct stall stall = {
		.block.notifier_call = forget_twice,
		.event = BUS_NOTIFY_DEL_DEVICE,
		.devfn = PCI_DEVFN(0, 1),
		.other = guard_get(test, host, "f0"),
	};

	begin_stall(test, &stall);
	KUNIT_EXPECT_EQ(test, fake_host_hide(host, "f1"), 0);
	end_stall(&stall);
	KUNIT_EXPECT_TRUE(test, stall.kept);
	KUNIT_EXPECT_FALSE(test, stall.isolated);
	KUNIT_EXPECT_FALSE(test, guard_isolated(stall.other));
}

/* Until the end of the addition, only the record shows the function. */
static void slow_addition(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, both);
	const u64 bdf = acs_guard_bdf(guard_get(test, host, "f1"));
	struct stall stall = {
		.block.notifier_call = forget_twice,
		.event = BUS_NOTIFY_ADD_DEVICE,
		.devfn = PCI_DEVFN(0, 1),
		.other = guard_get(test, host, "f0"),
	};
	unsigned int ms;

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	begin_stall(test, &stall);
	fake_host_rescan(host);
	end_stall(&stall);
	KUNIT_EXPECT_TRUE(test, stall.kept);
	KUNIT_EXPECT_FALSE(test, stall.isolated);
	KUNIT_EXPECT_FALSE(test, guard_isolated(stall.other));

	acs_guard_recheck_soon();
	for (ms = 0; acs_guard_has_hidden(bdf) && ms < PATIENCE_MS; ms += 100)
		msleep(100);
	KUNIT_EXPECT_FALSE(test, acs_guard_has_hidden(bdf));
}

static int take_long(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct stall *stall = container_of(nb, struct stall, block);

	if (event == stall->event && to_pci_dev(data)->devfn == stall->devfn)
		msleep(2 * LONG_MS);
	return NOTIFY_DONE;
}

/* The rechecks right after the event do not find the function yet. */
static void slow_hotplug(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, later);
	struct pci_dev *f0 = guard_get(test, host, "f0");
	struct stall stall = {
		.block.notifier_call = take_long,
		.event = BUS_NOTIFY_ADD_DEVICE,
		.devfn = PCI_DEVFN(0, 1),
	};
	unsigned int ms;

	guard_override(test, host, "f0", "pci-stub");
	KUNIT_ASSERT_EQ(test, fake_host_bind(host, "f0", "pci-stub"), 0);
	begin_stall(test, &stall);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "f1"), 0);
	end_stall(&stall);
	for (ms = 0;
	     acs_guard_bind_state(f0) != ACS_GUARD_REPORTED && ms < PATIENCE_MS;
	     ms += 100)
		msleep(100);
	KUNIT_EXPECT_EQ(test, acs_guard_bind_state(f0), ACS_GUARD_REPORTED);
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "f0"), 0);
}

/**
 * struct state_probe - the state of a function in the middle of a verdict
 * @pdev: the function
 * @state: its state
 */
struct state_probe {
	struct pci_dev *pdev;
	enum acs_guard_bind_state state;
};

static void note_state(void *data)
{
	struct state_probe *probe = data;

	probe->state = acs_guard_bind_state(probe->pdev);
}

/* A recheck during a bind must not skip the function. */
static void recheck_during_bind(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, both);
	struct state_probe probe = { .pdev = guard_get(test, host, "f0") };

	guard_override(test, host, "f0", "pci-stub");
	fake_host_call_after(host, 1, note_state, &probe);
	KUNIT_EXPECT_NE(test, fake_host_bind(host, "f0", "pci-stub"), 0);
	fake_host_call_after(host, 0, NULL, NULL);
	KUNIT_EXPECT_EQ(test, probe.state, ACS_GUARD_ISOLATED_AT_BIND);
	KUNIT_EXPECT_EQ(test, acs_guard_bind_state(probe.pdev),
			ACS_GUARD_NOT_CHECKED);
}

/* With pci=pcie_scan_all, Linux lists more than one device below a port. */
static void all_devices_below_port(struct kunit *test)
{
	/* clang-format off */
	static const struct fake_dev decl[] = {
		{ "rp", "",   1, 0, FAKE_RP, ON },
		{ "d0", "rp", 0, 0, FAKE_EP },
		{ "d1", "rp", 1, 0, FAKE_EP },
	};
	/* clang-format on */
	struct fake_host *host;
	struct pci_dev *d0;
	u64 d1;

	/* restore_flags() comes also after a failed assertion. */
	pci_add_flags(PCI_SCAN_ALL_PCIE_DEVS);
	host = GUARD_UP(test, decl);
	d0 = guard_get(test, host, "d0");
	d1 = acs_guard_bdf(guard_get(test, host, "d1"));
	KUNIT_EXPECT_FALSE(test, guard_isolated(d0));
	acs_guard_stop();
	KUNIT_EXPECT_EQ(test, fake_host_hide(host, "d1"), 0);
	KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
	KUNIT_EXPECT_TRUE(test, acs_guard_has_hidden(d1));
	KUNIT_EXPECT_FALSE(test, guard_isolated(d0));
}

static int note_flags(struct kunit *test)
{
	has_scans_all = pci_has_flag(PCI_SCAN_ALL_PCIE_DEVS);
	return guard_init(test);
}

static void restore_flags(struct kunit *test)
{
	guard_exit(test);
	if (!has_scans_all)
		pci_clear_flags(PCI_SCAN_ALL_PCIE_DEVS);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE(slow_removal),
	KUNIT_CASE(slow_addition),
	KUNIT_CASE(slow_hotplug),
	KUNIT_CASE(recheck_during_bind),
	KUNIT_CASE(all_devices_below_port),
	{},
};

/* clang-format on */

struct kunit_suite listing_suite = {
	.name = "acs_guard_listing",
	.init = note_flags,
	.exit = restore_flags,
	.test_cases = cases,
};
