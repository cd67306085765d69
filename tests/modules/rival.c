// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard_rival: other code in the kernel that uses a PCI function while its
 * bind is refused
 *
 * Tests control this module by its parameters.  It is for stock kernels, and
 * has nothing to do with KUnit.
 *
 * Each parameter can be written at run time; each but genpd and runtime can be
 * given at load.  All but those of the driver apply to one function:
 *
 *	device=BDF	that function, like 0000:04:00.0; to be set first
 *	before=1	a notifier that is called for a bind before the guard's
 *			sets a PM domain, which stays until before=0
 *	balance		(read) the number of calls of activate() of that domain,
 *			less the number of calls of dismiss()
 *	after=1		a notifier that is called after the guard's sets
 *			another PM domain, and sets none when the attempt has
 *			failed or the driver is unbound, as
 *			drivers/acpi/acpi_lpss.c does
 *	after=2		the same, but at the end it sets the domain that was set
 *			at the start
 *	after=3		as 2, but only if a domain was set at the start
 *	activate=N	the result of activate() of the domain that after= sets:
 *			0, -errno, or errno for "try the next driver"
 *	genpd=1		the function is in a generic PM domain, until genpd=0
 *	runtime=get	pm_runtime_get_sync() of the function; the write fails
 *			if the call does
 *	runtime=put	pm_runtime_put_sync()
 *	domain		(read) the current PM domain of the function: none,
 *			before, after, genpd, or foreign
 *
 *	hold=PLACE	a task that reaches this place waits until the next
 *			write of hold:
 *			bind		the end of the notification of a bind
 *			activate	activate() of that domain
 *			not-bound	the start of the notification that an
 *					attempt has failed
 *			probe, remove	of the driver below
 *			nowhere		(default)
 *	held		(read) the place where a task waits now, or nowhere
 *
 * The driver acs_guard_rival is guarded if drivers= of the guard names it.  It
 * matches by driver_override or new_id, binds to any function, and does nothing
 * with the function.
 *
 *	defer=N		the next N probes return -EPROBE_DEFER; counts down
 *	probes		(read) the number of probes
 *
 * Of two notifiers with the same priority, the one that was registered first is
 * called first.  So after= and hold=bind act after the guard only if this
 * module was loaded after the guard, and hold=not-bound acts before the guard
 * only if it was loaded before.
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

static const char *const place_names[] = {
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

/* The generic PM domain is initialized, and the rest is registered. */
static bool rival_ready;

static enum place hold;
static enum place held;
static DECLARE_WAIT_QUEUE_HEAD(hold_changed);

/* The domain at the start, for after=2 and 3; under the device lock. */
static struct dev_pm_domain *domain_at_start;

static void wait_if_held(enum place place)
{
	if (READ_ONCE(hold) != place)
		return;
	WRITE_ONCE(held, place);
	wait_event(hold_changed, READ_ONCE(hold) != place);
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
	wait_if_held(ACTIVATE);
	return READ_ONCE(activate_error);
}

static struct dev_pm_domain before_domain = {
	.activate = activate_before,
	.dismiss = dismiss_before,
};

static struct dev_pm_domain after_domain = { .activate = activate_after };
static struct generic_pm_domain genpd = { .name = KBUILD_MODNAME };

/* In Linux 6.1 the device of a generic domain has no release() callback. */
static void release_genpd(struct device *dev)
{
}

static bool is_chosen_device(struct device *dev)
{
	return !strcmp(dev_name(dev), device);
}

static int notify_before_guard(struct notifier_block *nb, unsigned long event,
			       void *data)
{
	struct device *dev = data;

	if (!is_chosen_device(dev))
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_BIND_DRIVER && READ_ONCE(before))
		dev_pm_domain_set(dev, &before_domain);
	else if (event == BUS_NOTIFY_DRIVER_NOT_BOUND)
		wait_if_held(NOT_BOUND);
	return NOTIFY_DONE;
}

static void set_after_domain(struct device *dev)
{
	if (dev->pm_domain == &after_domain ||
	    (READ_ONCE(after) == 3 && !dev->pm_domain))
		return;
	domain_at_start = dev->pm_domain;
	dev_pm_domain_set(dev, &after_domain);
}

static void unset_after_domain(struct device *dev)
{
	if (dev->pm_domain == &after_domain)
		dev_pm_domain_set(dev, READ_ONCE(after) > 1 ? domain_at_start :
							      NULL);
}

static int notify_after_guard(struct notifier_block *nb, unsigned long event,
			      void *data)
{
	struct device *dev = data;

	if (!is_chosen_device(dev))
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_BIND_DRIVER) {
		if (READ_ONCE(after))
			set_after_domain(dev);
		wait_if_held(BIND);
	} else if (event == BUS_NOTIFY_DRIVER_NOT_BOUND ||
		   event == BUS_NOTIFY_UNBOUND_DRIVER) {
		unset_after_domain(dev);
	}
	return NOTIFY_DONE;
}

static struct notifier_block before_guard_block = {
	.notifier_call = notify_before_guard,
	.priority = INT_MAX,
};

static struct notifier_block after_guard_block = {
	.notifier_call = notify_after_guard,
	.priority = INT_MIN,
};

/* ---- Parameters ---- */

static struct device *get_chosen_device(void)
{
	return *device ? bus_find_device_by_name(&pci_bus_type, NULL, device) :
			 NULL;
}

/*
 * Calls @fn for the function, with its device lock held.
 *
 * Return: the result of @fn, or -EBUSY if another task holds the lock: that
 * task may wait for a write of a parameter.
 */
static int call_with_device_lock(int (*fn)(struct device *dev))
{
	struct device *dev = get_chosen_device();
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

static int unset_own_domains(struct device *dev)
{
	if (dev->pm_domain == &before_domain || dev->pm_domain == &after_domain)
		dev_pm_domain_set(dev, NULL);
	return 0;
}

static int set_before_param(const char *val, const struct kernel_param *kp)
{
	int err = param_set_bool(val, kp);

	return !err && !before ? call_with_device_lock(unset_own_domains) : err;
}

static const struct kernel_param_ops before_ops = {
	.set = set_before_param,
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

static int set_genpd_param(const char *val, const struct kernel_param *kp)
{
	bool want;
	int err = kstrtobool(val, &want);

	if (err || want == in_genpd)
		return err;
	if (!rival_ready)
		return -EINVAL;
	err = call_with_device_lock(want ? join_genpd : leave_genpd);
	if (!err)
		in_genpd = want;
	return err;
}

static const struct kernel_param_ops genpd_ops = {
	.set = set_genpd_param,
	.get = param_get_bool,
};

static int call_runtime_pm(struct device *dev, const char *word)
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

static int set_runtime_param(const char *val, const struct kernel_param *kp)
{
	struct device *dev = get_chosen_device();
	int err;

	if (!dev)
		return -ENODEV;
	err = rival_ready ? call_runtime_pm(dev, val) : -EINVAL;
	put_device(dev);
	return err;
}

static const struct kernel_param_ops runtime_ops = {
	.set = set_runtime_param,
};

static const char *domain_name(const struct dev_pm_domain *domain)
{
	if (!domain)
		return "none";
	if (domain == &before_domain)
		return "before";
	if (domain == &after_domain)
		return "after";
	return domain == &genpd.domain ? "genpd" : "foreign";
}

static int show_domain_param(char *buf, const struct kernel_param *kp)
{
	struct device *dev = get_chosen_device();
	int len;

	if (!dev)
		return -ENODEV;
	len = sysfs_emit(buf, "%s\n", domain_name(READ_ONCE(dev->pm_domain)));
	put_device(dev);
	return len;
}

static const struct kernel_param_ops domain_ops = {
	.get = show_domain_param,
};

static int set_place_param(const char *val, const struct kernel_param *kp)
{
	const int place = sysfs_match_string(place_names, val);

	if (place < 0)
		return place;
	WRITE_ONCE(*(enum place *)kp->arg, place);
	wake_up(&hold_changed);
	return 0;
}

static int show_place_param(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  place_names[READ_ONCE(*(enum place *)kp->arg)]);
}

static const struct kernel_param_ops hold_ops = {
	.set = set_place_param,
	.get = show_place_param,
};

static const struct kernel_param_ops held_ops = {
	.get = show_place_param,
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

static int rival_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	probes++;
	wait_if_held(PROBE);
	if (!defer)
		return 0;
	defer--;
	return -EPROBE_DEFER;
}

static void rival_remove(struct pci_dev *pdev)
{
	wait_if_held(REMOVE);
}

static struct pci_driver rival_driver = {
	.name = KBUILD_MODNAME,
	.probe = rival_probe,
	.remove = rival_remove,
};

/* ---- The module ---- */

static int __init rival_init(void)
{
	int err;

	before_domain.ops = *pci_bus_type.pm;
	after_domain.ops = *pci_bus_type.pm;

	genpd.dev.release = release_genpd;
	err = pm_genpd_init(&genpd, NULL, false);
	if (err)
		return err;
	err = bus_register_notifier(&pci_bus_type, &before_guard_block);
	if (err)
		goto remove_genpd;
	err = bus_register_notifier(&pci_bus_type, &after_guard_block);
	if (err)
		goto unregister_early;
	err = pci_register_driver(&rival_driver);
	if (err)
		goto unregister_late;
	rival_ready = true;
	return 0;

unregister_late:
	bus_unregister_notifier(&pci_bus_type, &after_guard_block);
unregister_early:
	bus_unregister_notifier(&pci_bus_type, &before_guard_block);
remove_genpd:
	pm_genpd_remove(&genpd);
	return err;
}

static void __exit rival_exit(void)
{
	struct device *dev = get_chosen_device();

	pci_unregister_driver(&rival_driver);
	bus_unregister_notifier(&pci_bus_type, &after_guard_block);
	bus_unregister_notifier(&pci_bus_type, &before_guard_block);
	if (dev) {
		device_lock(dev);
		unset_own_domains(dev);
		if (in_genpd)
			leave_genpd(dev);
		device_unlock(dev);
		put_device(dev);
	}
	pm_genpd_remove(&genpd);
}

module_init(rival_init);
module_exit(rival_exit);

MODULE_DESCRIPTION("Uses a device that acs_guard refuses, for tests");
MODULE_LICENSE("GPL");
