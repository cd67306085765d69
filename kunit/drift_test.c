// SPDX-License-Identifier: GPL-2.0-only
/*
 * Isolation that is lost while a function is bound: which losses are reported
 */
#include <linux/delay.h>
#include <linux/limits.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "check.h"
#include "guard.h"
#include "suites.h"

/* clang-format off */
static const struct fake_dev good[] = {
	{ "rp", "",   1, 0, FAKE_RP, ON, .flags = FAKE_HOTPLUG },
	{ "ep", "rp", 0, 0, FAKE_EP },
};

static const struct fake_dev two[] = {
	{ "rp",  "",   1, 0, FAKE_RP, ON },
	{ "ep0", "rp", 0, 0, FAKE_EP, APART },
	{ "ep1", "rp", 0, 1, FAKE_EP, APART },
};

/* clang-format on */

static void bind_stub(struct kunit *test, struct fake_host *host,
		      const char *name)
{
	guard_override(test, host, name, "pci-stub");
	KUNIT_ASSERT_EQ(test, fake_host_bind(host, name, "pci-stub"), 0);
}

static void expect_bind_state(struct kunit *test, struct fake_host *host,
			      const char *name, enum acs_guard_bind_state state,
			      const char *when)
{
	KUNIT_EXPECT_EQ_MSG(test,
			    acs_guard_bind_state(guard_get(test, host, name)),
			    state, "%s: %s", name, when);
}

static void reported_once(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good);

	expect_bind_state(test, host, "ep", ACS_GUARD_NOT_CHECKED, "unbound");
	bind_stub(test, host, "ep");
	expect_bind_state(test, host, "ep", ACS_GUARD_ISOLATED_AT_BIND,
			  "bound");
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_ISOLATED_AT_BIND,
			  "unchanged");

	fake_host_set_acs(host, "rp", 0);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_REPORTED, "ACS off");
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "pci-stub");
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_REPORTED,
			  "ACS still off");

	fake_host_set_acs(host, "rp", 0x1d);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_ISOLATED_AT_BIND,
			  "ACS on again");

	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_NOT_CHECKED,
			  "unbound again");
	fake_host_set_acs(host, "rp", 0);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_NOT_CHECKED,
			  "still unbound");
}

/* A function that was not isolated when it was bound cannot lose isolation. */
static void not_isolated_at_bind(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good);
	int err;

	/* The state of an earlier bind must not be left. */
	bind_stub(test, host, "ep");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);

	fake_host_set_acs(host, "rp", 0);
	err = fake_host_write(host, "ep", "acs_guard/permissive", "1");
	KUNIT_EXPECT_EQ(test, err, 0);
	bind_stub(test, host, "ep");
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_NOT_CHECKED,
			  "by exception");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
}

/* One reading may be wrong: what is reported at load is checked again. */
static void not_isolated_at_load(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good);

	bind_stub(test, host, "ep");
	acs_guard_stop();
	fake_host_set_acs(host, "rp", 0);
	KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_REPORTED, "at load");
	fake_host_set_acs(host, "rp", 0x1d);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_ISOLATED_AT_BIND,
			  "ACS on");
	fake_host_set_acs(host, "rp", 0);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep", ACS_GUARD_REPORTED, "ACS off");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
}

/*
 * During a reset a device may read as if it had no ACS.  The code that resets a
 * device locks config accesses, as the test does here.
 */
static void in_reset(struct kunit *test, struct fake_host *host,
		     const char *held)
{
	struct pci_dev *pdev = guard_get(test, host, held);

	pci_cfg_access_lock(pdev);
	KUNIT_EXPECT_EQ_MSG(test, acs_guard_recheck(), -EAGAIN, "%s", held);
	expect_bind_state(test, host, "ep0", ACS_GUARD_SUSPECTED, held);
	pci_cfg_access_unlock(pdev);
}

static void resets(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, two);

	bind_stub(test, host, "ep0");
	fake_host_fault(host, "ep1", FAKE_ONES);
	in_reset(test, host, "ep0");
	in_reset(test, host, "ep1");

	fake_host_fault(host, "ep1", FAKE_OK);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep0", ACS_GUARD_ISOLATED_AT_BIND,
			  "out of reset");

	/* Not in reset, but unreadable: absent, or hung. */
	fake_host_fault(host, "ep1", FAKE_ONES);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "ep0", ACS_GUARD_REPORTED, "hung");
	fake_host_fault(host, "ep1", FAKE_OK);
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep0"), 0);
}

/* A holder of the device lock may wait for a recheck, so no recheck takes it. */
static void busy(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good);
	struct pci_dev *pdev = guard_get(test, host, "ep");

	device_lock(&pdev->dev);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	device_unlock(&pdev->dev);

	bind_stub(test, host, "ep");
	device_lock(&pdev->dev);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), -EAGAIN);
	device_unlock(&pdev->dev);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
}

static int fail_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return -EIO;
}

/* After a bind that was allowed but failed, the function is not rechecked. */
static void failed_probe(struct kunit *test)
{
	static struct pci_driver failing_driver = { .name = "bad-vfio-pci",
						    .probe = fail_probe };
	struct fake_host *host = GUARD_UP(test, good);

	KUNIT_ASSERT_EQ(test, pci_register_driver(&failing_driver), 0);
	guard_override(test, host, "ep", failing_driver.name);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", failing_driver.name),
			-EIO);
	expect_bind_state(test, host, "ep", ACS_GUARD_NOT_CHECKED,
			  "probe failed");
	pci_unregister_driver(&failing_driver);
}

static const struct fake_dev shared[] = {
	{ "rp", "", 1, 0, FAKE_RP, ON },
	{ "ep0", "rp", 0, 0, FAKE_EP, .device = GUARD_DEVICE, .group = 1 },
	{ "ep1", "rp", 0, 1, FAKE_EP, .group = 1 },
};

/* ep0 is exposed to its group; unit=function would not allow the bind. */
static struct fake_host *bind_in_group(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, shared);

	guard_start_with(ACS_GUARD_GROUP, false);
	KUNIT_ASSERT_EQ(test, pci_register_driver(&guard_managed_driver), 0);
	expect_bind_state(test, host, "ep0", ACS_GUARD_ISOLATED_AT_BIND,
			  "in its group");
	return host;
}

/*
 * A stricter setting is no drift, although the device is locked while its
 * effect is reported, and not locked at the next pass.  The report waits for
 * the lock in a worker, which on two processors may get it before the pass
 * does; then the test shows nothing.
 */
static void setting_while_locked(struct kunit *test)
{
	struct fake_host *host = bind_in_group(test);
	struct pci_dev *pdev = guard_get(test, host, "ep0");
	enum acs_guard_bind_state state;
	unsigned int again, i;

	device_lock(&pdev->dev);
	guard_start_with(ACS_GUARD_FUNCTION, false);
	acs_guard_check_settings();
	device_unlock(&pdev->dev);
	again = acs_guard_check_drift(UINT_MAX);
	state = acs_guard_bind_state(pdev);
	KUNIT_EXPECT_NE(test, state, ACS_GUARD_SUSPECTED);
	if (state != ACS_GUARD_REPORTED)
		KUNIT_EXPECT_EQ(test, again, 1u);

	for (i = 0; i < 100; i++) {
		if (acs_guard_bind_state(pdev) == ACS_GUARD_REPORTED)
			break;
		msleep(20);
	}
	/* The worker keeps the lock until its report is complete. */
	device_lock(&pdev->dev);
	device_unlock(&pdev->dev);
	expect_bind_state(test, host, "ep0", ACS_GUARD_REPORTED, "reported");
	KUNIT_EXPECT_EQ(test, acs_guard_check_drift(UINT_MAX), 0u);
	pci_unregister_driver(&guard_managed_driver);
}

/**
 * struct setting_change - a change of a setting during a recheck
 * @work: makes the change
 * @pdev: a function that is locked until then, and watched from then on
 * @suspected: @pdev was suspected at some time
 */
struct setting_change {
	struct work_struct work;
	struct pci_dev *pdev;
	bool suspected;
};

static void change_setting(struct work_struct *work)
{
	struct setting_change *change =
		container_of(work, struct setting_change, work);
	unsigned int i;

	device_lock(&change->pdev->dev);
	msleep(250);
	guard_start_with(ACS_GUARD_FUNCTION, false);
	acs_guard_report_present_soon();
	device_unlock(&change->pdev->dev);
	for (i = 0; i < 25; i++) {
		if (acs_guard_bind_state(change->pdev) == ACS_GUARD_SUSPECTED)
			change->suspected = true;
		msleep(20);
	}
}

/* The same if the setting changes between two passes of a recheck. */
static void setting_between_passes(struct kunit *test)
{
	struct fake_host *host = bind_in_group(test);
	struct setting_change change = {
		.pdev = guard_get(test, host, "ep0"),
	};

	INIT_WORK_ONSTACK(&change.work, change_setting);
	queue_work(system_unbound_wq, &change.work);
	msleep(50);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	flush_work(&change.work);
	destroy_work_on_stack(&change.work);

	KUNIT_EXPECT_FALSE(test, change.suspected);
	expect_bind_state(test, host, "ep0", ACS_GUARD_REPORTED, "reported");
	pci_unregister_driver(&guard_managed_driver);
}

/* A recheck reads nothing for functions that are not bound. */
static void costs_nothing(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, two);

	fake_host_reset_counts(host);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	KUNIT_EXPECT_EQ(test, fake_host_total_reads(host), 0u);
	KUNIT_EXPECT_EQ(test, fake_host_total_writes(host), 0u);
}

/* Longer than a reset, and than the time to the next check of a record. */
#define RESET_MS 2500
#define PATIENCE_MS 15000

/*
 * A hidden function, on a root bus or below a port, does not answer for longer
 * than a reset, so it is ignored; then it answers again.  The loss is reported,
 * whether a verdict or a recheck reads the function first.
 */
static void expect_return(struct kunit *test, struct fake_host *host,
			  const char *name, const char *other, bool ask)
{
	struct pci_dev *pdev = guard_get(test, host, name);

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, other), 0);
	fake_host_fault(host, other, FAKE_ONES);
	KUNIT_EXPECT_FALSE(test, guard_isolated(pdev));
	msleep(RESET_MS);
	KUNIT_EXPECT_TRUE_MSG(test, guard_isolated(pdev), "%s is gone", other);
	bind_stub(test, host, name);

	fake_host_fault(host, other, FAKE_OK);
	if (ask)
		KUNIT_EXPECT_FALSE(test, guard_isolated(pdev));
	msleep(PATIENCE_MS);
	expect_bind_state(test, host, name, ACS_GUARD_REPORTED, "back");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, name), 0);
	guard_down(test);
}

static void hidden_returns(struct kunit *test)
{
	static const struct fake_dev below[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP, APART },
		{ "other", "rp", 0, 1, FAKE_EP },
	};
	static const struct fake_dev beside[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "other", "", 1, 1, FAKE_RCIEP },
		{ "ep", "rp", 0, 0, FAKE_EP },
	};

	expect_return(test, GUARD_UP(test, below), "ep", "other", false);
	expect_return(test, GUARD_UP(test, below), "ep", "other", true);
	expect_return(test, GUARD_UP(test, beside), "ep", "other", false);
	expect_return(test, GUARD_UP(test, beside), "ep", "other", true);
}

static const struct fake_dev hiding[] = {
	{ "rp", "", 1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, APART },
	{ "f1", "rp", 0, 1, FAKE_EP, APART },
};

/*
 * No config-access lock can exclude the reset of a hidden function.  If it is
 * unreadable for longer than a reset takes, it is not in reset.
 */
static void hidden_unreadable(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, hiding);
	const u32 id = fake_host_peek(host, "f1", PCI_VENDOR_ID, 4);

	bind_stub(test, host, "f0");
	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	msleep(RESET_MS);

	/* Request Retry Status (2.3.1). */
	fake_host_poke(host, "f1", PCI_VENDOR_ID, 4, 0xffff0001);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), -EAGAIN);
	expect_bind_state(test, host, "f0", ACS_GUARD_SUSPECTED, "in reset");
	fake_host_poke(host, "f1", PCI_VENDOR_ID, 4, id);
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	expect_bind_state(test, host, "f0", ACS_GUARD_ISOLATED_AT_BIND,
			  "out of reset");

	fake_host_poke(host, "f1", PCI_VENDOR_ID, 4, 0x12348086);
	acs_guard_recheck_soon();
	msleep(PATIENCE_MS);
	expect_bind_state(test, host, "f0", ACS_GUARD_REPORTED, "another");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "f0"), 0);
}

/* All zeroes are not an answer, and not an event each time. */
static void hidden_zeroes(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, hiding);

	bind_stub(test, host, "f0");
	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	fake_host_fault(host, "f1", FAKE_ZERO);
	msleep(PATIENCE_MS);
	expect_bind_state(test, host, "f0", ACS_GUARD_ISOLATED_AT_BIND, "gone");
	fake_host_reset_counts(host);
	msleep(PATIENCE_MS);
	KUNIT_EXPECT_LT(test, fake_host_reads(host, "f1", FAKE_ALL_REGS), 10u);
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "f0"), 0);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE(reported_once),
	KUNIT_CASE(not_isolated_at_bind),
	KUNIT_CASE(not_isolated_at_load),
	KUNIT_CASE(resets),
	KUNIT_CASE(busy),
	KUNIT_CASE(failed_probe),
	KUNIT_CASE(setting_while_locked),
	KUNIT_CASE(setting_between_passes),
	KUNIT_CASE(costs_nothing),
	KUNIT_CASE(hidden_returns),
	KUNIT_CASE(hidden_unreadable),
	KUNIT_CASE(hidden_zeroes),
	{},
};

/* clang-format on */

struct kunit_suite drift_suite = {
	.name = "acs_guard_drift",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = cases,
};
