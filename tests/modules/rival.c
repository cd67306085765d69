// SPDX-License-Identifier: GPL-2.0-only
/*
 * What other code in the kernel may do to a PCI function while its bind is
 * refused.  Tests control it by parameters.  For stock kernels; no KUnit.
 *
 * All parameters can be written at run time; all but genpd and runtime can be
 * given at load.  All but those of the driver are about one function:
 *
 *	device=BDF	that function, like 0000:04:00.0; set this first
 *	before=1	a notifier that is called for a bind before the guard's
 *			sets a PM domain, which stays until before=0
 *	balance		(read) how often activate() of that domain was called,
 *			less how often dismiss() was
 *	after=1		a notifier that is called after the guard's sets
 *			another PM domain, and sets none when the attempt has
 *			failed or the driver is unbound, as
 *			drivers/acpi/acpi_lpss.c does
 *	after=2		the same, but at the end it sets the domain that it
 *			found at the start
 *	after=3		as 2, but it sets a domain only if it finds one
 *	activate=N	what activate() of after='s domain returns: 0, -errno, or
 *			errno for "let the next driver try"
 *	genpd=1		the function is in a generic PM domain, until genpd=0
 *	runtime=get	pm_runtime_get_sync() of the function; the write fails
 *			as that does
 *	runtime=put	pm_runtime_put_sync()
 *	domain		(read) the PM domain that the function has now: none,
 *			before, after, genpd, or foreign
 *
 *	hold=PLACE	a task that gets there waits until hold is written again:
 *			bind		the end of the announcement of a bind
 *			activate	activate() of after='s domain
 *			not-bound	the start of the announcement that an
 *					attempt has failed
 *			probe, remove	of the driver below
 *			nowhere		(default)
 *	held		(read) the place where a task waits now, or nowhere
 *
 * The driver acs_guard_rival is guarded if drivers= of the guard names it.  It
 * matches by driver_override or new_id, binds to any function, and does nothing
 * with it.
 *
 *	defer=N		its next N probes ask to be deferred; counted down
 *	probes		(read) how often it was asked to probe
 *
 * Of two notifiers with one priority the older is called first.  So after= and
 * hold=bind act after the guard only if this module was loaded after the guard,
 * and hold=not-bound acts before the guard only if it was loaded before.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/string.h>
#include <linux/wait.h>

enum place { NOWHERE, BIND, ACTIVATE, NOT_BOUND, PROBE, REMOVE };

static const char *const places[] = {
	[NOWHERE] = "nowhere",	   [BIND] = "bind",   [ACTIVATE] = "activate",
	[NOT_BOUND] = "not-bound", [PROBE] = "probe", [REMOVE] = "remove",
};

static char device[32];
static bool before;
static int balance;
static unsigned int after;
static int activate_error;
static bool in_genpd;
static unsigned int defer;
static unsigned int probes;

/* There is a generic domain to be in. */
static bool live;

static enum place hold;
static enum place held;
static DECLARE_WAIT_QUEUE_HEAD(moved_on);

/* What after=2 or 3 found, under the device lock. */
static struct dev_pm_domain *found;

static void wait_at(enum place place)
{
	if (READ_ONCE(hold) != place)
		return;
	WRITE_ONCE(held, place);
	wait_event(moved_on, READ_ONCE(hold) != place);
	WRITE_ONCE(held, NOWHERE);
}

/* ---- Domains and notifiers ---- */

static int activate_before(struct device *dev)
{
	balance++;
	return 0;
}

static void dismiss_before(struct device *dev)
{
	balance--;
}

static int activate_after(struct device *dev)
{
	wait_at(ACTIVATE);
	return READ_ONCE(activate_error);
}

static struct dev_pm_domain before_domain = {
	.activate = activate_before,
	.dismiss = dismiss_before,
};

static struct dev_pm_domain after_domain = { .activate = activate_after };
static struct generic_pm_domain genpd = { .name = KBUILD_MODNAME };

/* Generic domains are made to stay, and 6.1 gives theirs no release(). */
static void release_genpd(struct device *dev)
{
}

static bool is_meant(struct device *dev)
{
	return !strcmp(dev_name(dev), device);
}

static int early_notify(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct device *dev = data;

	if (!is_meant(dev))
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_BIND_DRIVER && READ_ONCE(before))
		dev_pm_domain_set(dev, &before_domain);
	else if (event == BUS_NOTIFY_DRIVER_NOT_BOUND)
		wait_at(NOT_BOUND);
	return NOTIFY_DONE;
}

static void give_after(struct device *dev)
{
	if (dev->pm_domain == &after_domain ||
	    (READ_ONCE(after) == 3 && !dev->pm_domain))
		return;
	found = dev->pm_domain;
	dev_pm_domain_set(dev, &after_domain);
}

static void take_after(struct device *dev)
{
	if (dev->pm_domain == &after_domain)
		dev_pm_domain_set(dev, READ_ONCE(after) > 1 ? found : NULL);
}

static int late_notify(struct notifier_block *nb, unsigned long event,
		       void *data)
{
	struct device *dev = data;

	if (!is_meant(dev))
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_BIND_DRIVER) {
		if (READ_ONCE(after))
			give_after(dev);
		wait_at(BIND);
	} else if (event == BUS_NOTIFY_DRIVER_NOT_BOUND ||
		   event == BUS_NOTIFY_UNBOUND_DRIVER) {
		take_after(dev);
	}
	return NOTIFY_DONE;
}

static struct notifier_block early_block = {
	.notifier_call = early_notify,
	.priority = INT_MAX,
};

static struct notifier_block late_block = {
	.notifier_call = late_notify,
	.priority = INT_MIN,
};

/* ---- Parameters ---- */

static struct device *get_meant(void)
{
	return *device ? bus_find_device_by_name(&pci_bus_type, NULL, device) :
			 NULL;
}

/*
 * Call @fn for the function, under its lock; -EBUSY if somebody has that, who
 * may be waiting for a parameter to be written.
 */
static int do_locked(int (*fn)(struct device *dev))
{
	struct device *dev = get_meant();
	int err = -EBUSY;

	if (!dev)
		return -ENODEV;
	if (device_trylock(dev)) {
		err = fn(dev);
		device_unlock(dev);
	}
	put_device(dev);
	return err;
}

static int take_own_domains(struct device *dev)
{
	if (dev->pm_domain == &before_domain || dev->pm_domain == &after_domain)
		dev_pm_domain_set(dev, NULL);
	return 0;
}

static int set_before(const char *val, const struct kernel_param *kp)
{
	int err = param_set_bool(val, kp);

	return !err && !before ? do_locked(take_own_domains) : err;
}

static const struct kernel_param_ops before_ops = {
	.set = set_before,
	.get = param_get_bool,
};

static int join_genpd(struct device *dev)
{
	return pm_genpd_add_device(&genpd, dev);
}

static int leave_genpd(struct device *dev)
{
	return pm_genpd_remove_device(dev);
}

static int set_genpd(const char *val, const struct kernel_param *kp)
{
	bool want;
	int err = kstrtobool(val, &want);

	if (err || want == in_genpd)
		return err;
	if (!live)
		return -EINVAL;
	err = do_locked(want ? join_genpd : leave_genpd);
	if (!err)
		in_genpd = want;
	return err;
}

static const struct kernel_param_ops genpd_ops = {
	.set = set_genpd,
	.get = param_get_bool,
};

static int use_runtime(struct device *dev, const char *word)
{
	int err;

	if (sysfs_streq(word, "put"))
		return pm_runtime_put_sync(dev);
	if (!sysfs_streq(word, "get"))
		return -EINVAL;

	err = pm_runtime_get_sync(dev);
	if (err >= 0)
		return 0;
	pm_runtime_put_noidle(dev);
	return err;
}

static int set_runtime(const char *val, const struct kernel_param *kp)
{
	struct device *dev = get_meant();
	int err;

	if (!dev)
		return -ENODEV;
	err = live ? use_runtime(dev, val) : -EINVAL;
	put_device(dev);
	return err;
}

static const struct kernel_param_ops runtime_ops = {
	.set = set_runtime,
};

static const char *name_of(const struct dev_pm_domain *domain)
{
	if (!domain)
		return "none";
	if (domain == &before_domain)
		return "before";
	if (domain == &after_domain)
		return "after";
	return domain == &genpd.domain ? "genpd" : "foreign";
}

static int show_domain(char *buf, const struct kernel_param *kp)
{
	struct device *dev = get_meant();
	int len;

	if (!dev)
		return -ENODEV;
	len = sysfs_emit(buf, "%s\n", name_of(READ_ONCE(dev->pm_domain)));
	put_device(dev);
	return len;
}

static const struct kernel_param_ops domain_ops = {
	.get = show_domain,
};

static int set_place(const char *val, const struct kernel_param *kp)
{
	const int place = sysfs_match_string(places, val);

	if (place < 0)
		return place;
	WRITE_ONCE(*(enum place *)kp->arg, place);
	wake_up(&moved_on);
	return 0;
}

static int show_place(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  places[READ_ONCE(*(enum place *)kp->arg)]);
}

static const struct kernel_param_ops hold_ops = {
	.set = set_place,
	.get = show_place,
};

static const struct kernel_param_ops held_ops = {
	.get = show_place,
};

module_param_string(device, device, sizeof(device), 0644);
module_param_cb(before, &before_ops, &before, 0644);
module_param(balance, int, 0444);
module_param(after, uint, 0644);
module_param_named(activate, activate_error, int, 0644);
module_param_cb(genpd, &genpd_ops, &in_genpd, 0644);
module_param_cb(runtime, &runtime_ops, NULL, 0200);
module_param_cb(domain, &domain_ops, NULL, 0444);
module_param_cb(hold, &hold_ops, &hold, 0644);
module_param_cb(held, &held_ops, &held, 0444);
module_param(defer, uint, 0644);
module_param(probes, uint, 0444);

/* ---- The driver ---- */

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	probes++;
	wait_at(PROBE);
	if (!defer)
		return 0;
	defer--;
	return -EPROBE_DEFER;
}

static void remove(struct pci_dev *pdev)
{
	wait_at(REMOVE);
}

static struct pci_driver driver = {
	.name = KBUILD_MODNAME,
	.probe = probe,
	.remove = remove,
};

/* ---- The module ---- */

static int __init init(void)
{
	int err;

	before_domain.ops = *pci_bus_type.pm;
	after_domain.ops = *pci_bus_type.pm;

	genpd.dev.release = release_genpd;
	err = pm_genpd_init(&genpd, NULL, false);
	if (err)
		return err;
	err = bus_register_notifier(&pci_bus_type, &early_block);
	if (err)
		goto remove_genpd;
	err = bus_register_notifier(&pci_bus_type, &late_block);
	if (err)
		goto unregister_early;
	err = pci_register_driver(&driver);
	if (err)
		goto unregister_late;
	live = true;
	return 0;

unregister_late:
	bus_unregister_notifier(&pci_bus_type, &late_block);
unregister_early:
	bus_unregister_notifier(&pci_bus_type, &early_block);
remove_genpd:
	pm_genpd_remove(&genpd);
	return err;
}

static void __exit cleanup(void)
{
	struct device *dev = get_meant();

	pci_unregister_driver(&driver);
	bus_unregister_notifier(&pci_bus_type, &late_block);
	bus_unregister_notifier(&pci_bus_type, &early_block);
	if (dev) {
		device_lock(dev);
		take_own_domains(dev);
		if (in_genpd)
			leave_genpd(dev);
		device_unlock(dev);
		put_device(dev);
	}
	pm_genpd_remove(&genpd);
}

module_init(init);
module_exit(cleanup);

MODULE_DESCRIPTION("What else may get at a device that acs_guard refuses");
MODULE_LICENSE("GPL");
