// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PM domain and runtime PM of a device after a refusal: for a device with
 * and without an own PM domain, and if another notifier replaces our domain
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/sched.h>

#include "guard.h"
#include "suites.h"

/* clang-format off */
static const struct fake_dev decl[] = {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "ep", "rp", 0, 0, FAKE_EP, .device = GUARD_DEVICE, .flags = FAKE_PM },
};

/* clang-format on */

#define ACS_ON 0x1d

/* In ticks: the time to wait for another thread. */
#define PATIENCE (10 * HZ)

/* The numbers of calls of the callbacks of own_domain. */
static struct {
	int activated;
	int dismissed;
	int detached;
	int resumed;
} calls;

static int count_activate(struct device *dev)
{
	calls.activated++;
	return 0;
}

static void count_dismiss(struct device *dev)
{
	calls.dismissed++;
}

static void count_detach(struct device *dev, bool power_off)
{
	calls.detached++;
}

static int count_resume(struct device *dev)
{
	calls.resumed++;
	return pci_bus_type.pm->runtime_resume(dev);
}

static struct dev_pm_domain own_domain = {
	.activate = count_activate,
	.dismiss = count_dismiss,
	.detach = count_detach,
};

/* ---- A notifier, called after ours, that may replace our domain ---- */

/**
 * enum afterwards - what the notifier does at the end of an attempt
 * @LEAVE: leaves its own domain
 * @REMOVE: leaves none
 * @PUT_BACK: sets the domain from the start of the attempt
 */
enum afterwards { LEAVE, REMOVE, PUT_BACK };

static struct {
	int error; /* result of activate() of its domain */
	enum afterwards afterwards;
	struct dev_pm_domain *found;
} other;

static int activate_other(struct device *dev)
{
	return other.error;
}

static struct dev_pm_domain other_domain = { .activate = activate_other };

static void set_other(struct device *dev)
{
	other.found = dev->pm_domain;
	dev_pm_domain_set(dev, &other_domain);
}

static void unset_other(struct device *dev)
{
	if (dev->pm_domain != &other_domain)
		return;
	if (other.afterwards == REMOVE)
		dev_pm_domain_set(dev, NULL);
	else if (other.afterwards == PUT_BACK)
		dev_pm_domain_set(dev, other.found);
}

static int replace_domain(struct notifier_block *nb, unsigned long event,
			  void *data)
{
	struct device *dev = data;

	if (to_pci_dev(dev)->device != GUARD_DEVICE)
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_BIND_DRIVER &&
	    dev->driver == &guard_guarded_driver.driver)
		set_other(dev);
	else if (event == BUS_NOTIFY_DRIVER_NOT_BOUND ||
		 event == BUS_NOTIFY_UNBOUND_DRIVER)
		unset_other(dev);
	return NOTIFY_DONE;
}

static struct notifier_block other_block = {
	.notifier_call = replace_domain,
	.priority = INT_MIN,
};

/* ---- A test ---- */

static struct fake_host *host;
static struct device *ep;

/* The endpoint is refused at first, and has @domain. */
static void refusal_up(struct kunit *test, struct dev_pm_domain *domain)
{
	memset(&calls, 0, sizeof(calls));
	own_domain.ops = *pci_bus_type.pm;
	own_domain.ops.runtime_resume = count_resume;
	other_domain.ops = *pci_bus_type.pm;

	host = GUARD_UP(test, decl);
	fake_host_set_acs(host, "rp", 0);
	ep = &guard_get(test, host, "ep")->dev;
	guard_set_domain(ep, domain);
	KUNIT_ASSERT_EQ(test, pci_register_driver(&guard_guarded_driver), 0);
	KUNIT_ASSERT_EQ(test, pci_register_driver(&guard_native_driver), 0);
	fake_host_unbind(host, "ep");
	memset(&calls, 0, sizeof(calls));
}

static void refusal_down(struct kunit *test)
{
	fake_host_unbind(host, "ep");
	pci_unregister_driver(&guard_native_driver);
	pci_unregister_driver(&guard_guarded_driver);
	guard_set_domain(ep, NULL);
	guard_down(test);
}

/* The endpoint is unbound, and has the state from before the attempt. */
static void expect_untouched(struct kunit *test, struct dev_pm_domain *domain,
			     const char *when)
{
	KUNIT_EXPECT_STREQ_MSG(test, guard_driver(host, "ep"), "-", when);
	KUNIT_EXPECT_PTR_EQ_MSG(test, ep->pm_domain, domain, when);
	KUNIT_EXPECT_TRUE_MSG(test, pm_runtime_enabled(ep), when);
	KUNIT_EXPECT_EQ_MSG(test, calls.activated, 0, when);
	KUNIT_EXPECT_EQ_MSG(test, calls.dismissed, 0, when);
	KUNIT_EXPECT_EQ_MSG(test, calls.detached, 0, when);
	KUNIT_EXPECT_EQ_MSG(test, calls.resumed, 0, when);
}

static void refuse_each_way(struct kunit *test, struct dev_pm_domain *domain)
{
	guard_override(test, host, "ep", "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"), -EPERM);
	expect_untouched(test, domain, "bind, driver_override");
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), -EINVAL);
	expect_untouched(test, domain, "drivers_probe, driver_override");
	guard_override(test, host, "ep", "\n");
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"),
			-EPERM);
	expect_untouched(test, domain, "bind, matched by ID");
}

static void own_domain_is_kept(struct kunit *test)
{
	refusal_up(test, &own_domain);
	refuse_each_way(test, &own_domain);
	KUNIT_EXPECT_TRUE(test, pm_runtime_active(ep));

	fake_host_set_acs(host, "rp", ACS_ON);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"), 0);
	KUNIT_EXPECT_PTR_EQ(test, ep->pm_domain, &own_domain);
	KUNIT_EXPECT_EQ(test, calls.activated, GUARD_PROBES);
	KUNIT_EXPECT_EQ(test, calls.dismissed, GUARD_PROBES - 1);
	fake_host_unbind(host, "ep");
	KUNIT_EXPECT_EQ(test, calls.dismissed, GUARD_PROBES);
	refusal_down(test);
}

static void no_domain_is_left(struct kunit *test)
{
	refusal_up(test, NULL);
	refuse_each_way(test, NULL);
	KUNIT_EXPECT_TRUE(test, pm_runtime_active(ep));
	refusal_down(test);
}

/* A refusal neither resumes the device nor changes its usage count. */
static void suspended_device_stays_so(struct kunit *test)
{
	unsigned long end = jiffies + PATIENCE;

	refusal_up(test, &own_domain);
	pm_runtime_allow(ep);
	while (!pm_runtime_suspended(ep) && time_before(jiffies, end)) {
		pm_runtime_suspend(ep);
		schedule_timeout_uninterruptible(1);
	}
	KUNIT_ASSERT_TRUE(test, pm_runtime_suspended(ep));
	refuse_each_way(test, &own_domain);
	KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(ep));

	pm_runtime_forbid(ep);
	KUNIT_EXPECT_TRUE(test, pm_runtime_active(ep));
	KUNIT_EXPECT_EQ(test, calls.resumed, 1);
	refusal_down(test);
}

/* Both attempts are made under the device lock, taken once. */
static void next_driver_finds_own_domain(struct kunit *test)
{
	refusal_up(test, &own_domain);
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "kunit_native");
	KUNIT_EXPECT_PTR_EQ(test, ep->pm_domain, &own_domain);
	KUNIT_EXPECT_EQ(test, calls.activated, GUARD_PROBES);
	KUNIT_EXPECT_EQ(test, calls.dismissed, GUARD_PROBES - 1);
	KUNIT_EXPECT_TRUE(test, pm_runtime_enabled(ep));
	refusal_down(test);
}

/* ---- Another notifier replaces our domain ---- */

static void other_up(struct kunit *test, int error, enum afterwards afterwards)
{
	refusal_up(test, &own_domain);
	other.error = error;
	other.afterwards = afterwards;
	KUNIT_ASSERT_EQ(test,
			bus_register_notifier(&pci_bus_type, &other_block), 0);
}

static void other_down(struct kunit *test)
{
	bus_unregister_notifier(&pci_bus_type, &other_block);
	refusal_down(test);
}

/* The attempt fails, by the other domain's activate(). */
static void replaced_domain_stays(struct kunit *test)
{
	other_up(test, -EIO, LEAVE);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"),
			-EIO);
	expect_untouched(test, &other_domain, "replaced");
	other_down(test);
}

static void our_domain_does_not_stay(struct kunit *test)
{
	other_up(test, -EIO, PUT_BACK);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"),
			-EIO);
	expect_untouched(test, NULL, "put back");
	other_down(test);
}

/* The attempt succeeds: the driver is released in another thread. */
static void expect_undone(struct kunit *test, enum afterwards afterwards,
			  struct dev_pm_domain *domain, const char *when)
{
	unsigned long end = jiffies + PATIENCE;

	other_up(test, 0, afterwards);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"), 0);
	while ((READ_ONCE(ep->driver) || READ_ONCE(ep->pm_domain) != domain) &&
	       time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	expect_untouched(test, domain, when);
	other_down(test);
}

static void skip_if_doubled(struct kunit *test)
{
	if (GUARD_PROBES > 1)
		kunit_skip(test, "probes are doubled");
}

static void bypass_is_undone(struct kunit *test)
{
	skip_if_doubled(test);
	expect_undone(test, REMOVE, &own_domain, "no domain left");
	expect_undone(test, PUT_BACK, &own_domain, "put back");
	expect_undone(test, LEAVE, &other_domain, "another domain left");
}

static void unload_waits_for_bypass(struct kunit *test)
{
	skip_if_doubled(test);
	other_up(test, 0, REMOVE);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"), 0);
	acs_guard_stop();
	expect_untouched(test, &own_domain, "unloaded");
	KUNIT_EXPECT_EQ(test, acs_guard_start(), 0);
	other_down(test);
}

static void device_goes_after_bypass(struct kunit *test)
{
	other_up(test, 0, REMOVE);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "kunit_vfio_pci"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "ep"), 0);
	bus_unregister_notifier(&pci_bus_type, &other_block);

	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "ep"), 0);
	ep = &guard_get(test, host, "ep")->dev;
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "kunit_native");
	KUNIT_EXPECT_NULL(test, ep->pm_domain);
	KUNIT_EXPECT_TRUE(test, pm_runtime_enabled(ep));
	refusal_down(test);
}

static struct kunit_case refusal_cases[] = {
	KUNIT_CASE(own_domain_is_kept),
	KUNIT_CASE(no_domain_is_left),
	KUNIT_CASE(suspended_device_stays_so),
	KUNIT_CASE(next_driver_finds_own_domain),
	KUNIT_CASE(replaced_domain_stays),
	KUNIT_CASE(our_domain_does_not_stay),
	KUNIT_CASE(bypass_is_undone),
	KUNIT_CASE(unload_waits_for_bypass),
	KUNIT_CASE(device_goes_after_bypass),
	{},
};

struct kunit_suite refusal_suite = {
	.name = "acs_guard_refusal",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = refusal_cases,
};
