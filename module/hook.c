// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the hook in the driver core
 *
 * A bus notifier learns of every bind but cannot veto one.  Right after the
 * notification, really_probe() calls activate() of the device's PM domain and
 * honours its error.  To refuse a bind, the guard sets a PM domain of its own
 * whose activate() fails.  At the end of the attempt, device_unbind_cleanup()
 * calls dismiss() of that domain, which puts the device's own domain back.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/panic.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "acs_guard.h"
#include "compat.h"

/**
 * struct refusal - an attempt to bind that is made to fail
 * @list: one of @refusals
 * @work: releases the driver if the device was bound all the same
 * @dev: the device, with a reference
 * @saved: the PM domain that @dev had before, or NULL
 * @bypassed: @dev was bound all the same; @work frees the refusal
 *
 * The driver core holds the device lock from BIND_DRIVER to the end of the
 * attempt, and a refusal changes under that lock only:
 *
 *   BIND_DRIVER  refuse() disables runtime PM and sets our domain
 *   activate()   fails
 *   dismiss()    reset_refusal() sets @saved again and enables runtime PM
 *
 * No callback of @saved runs in between: neither for runtime PM, nor dismiss()
 * or detach(), which device_unbind_cleanup() calls without an activate().
 *
 * If another notifier replaces our domain, our dismiss() is not called:
 *
 *   DRIVER_NOT_BOUND  ends the refusal; the other domain stays
 *   BOUND_DRIVER      marks the refusal as bypassed.  It ends when @work has
 *                     released the driver: a bound device cannot be given a
 *                     domain.
 *
 * Whatever is left of an attempt ends before the next attempt (BIND_DRIVER, as
 * the first notifier) and before the module is unloaded.
 */
struct refusal {
	struct list_head list;
	struct work_struct work;
	struct device *dev;
	struct dev_pm_domain *saved;
	bool bypassed;
};

/* At most one per device.  A refusal is unlisted under its device lock. */
static LIST_HEAD(refusals);
static DEFINE_SPINLOCK(refusals_lock);

/*
 * A negative error ends the search for a driver: the write to drivers_probe
 * fails, and no other driver binds in place of the one in driver_override.  A
 * positive error counts as a failed probe: the next matching driver is tried.
 */
enum {
	REFUSE_REQUEST = -EPERM,
	REFUSE_MATCH = EPERM,
};

static int refuse_request(struct device *dev)
{
	return REFUSE_REQUEST;
}

static int refuse_match(struct device *dev)
{
	return REFUSE_MATCH;
}

static void reset_refusal(struct device *dev);

/* Shared by all devices, and constant after init. */
static struct dev_pm_domain request_domain = {
	.activate = refuse_request,
	.dismiss = reset_refusal,
};

static struct dev_pm_domain match_domain = {
	.activate = refuse_match,
	.dismiss = reset_refusal,
};

/* Freezable, because the work takes device locks and may read registers. */
static struct workqueue_struct *queue;

static bool is_our_domain(const struct dev_pm_domain *domain)
{
	return domain == &request_domain || domain == &match_domain;
}

/*
 * Drivers with driver_managed_dma have one owner for all of an IOMMU group.
 * Other drivers share the group with native drivers.
 */
static bool owns_group(struct device_driver *drv)
{
	return to_pci_driver(drv)->driver_managed_dma;
}

/*
 * A driver with driver_managed_dma gives functions to guests, unless it is
 * pcieport, which binds to ports for the kernel's own services.
 */
static bool is_guarded(struct pci_dev *pdev, struct device_driver *drv)
{
	if (owns_group(drv) && !acs_guard_has_services(pdev))
		return true;
	return acs_guard_guards_name(drv->name);
}

/* Return: the refusal of @dev, valid under the device lock, or NULL. */
static struct refusal *refusal_of(struct device *dev)
{
	struct refusal *refusal, *found = NULL;

	if (list_empty(&refusals))
		return NULL;

	spin_lock(&refusals_lock);
	list_for_each_entry(refusal, &refusals, list) {
		if (refusal->dev != dev)
			continue;
		found = refusal;
		break;
	}
	spin_unlock(&refusals_lock);
	return found;
}

static void free_refusal(struct refusal *refusal)
{
	put_device(refusal->dev);
	kfree(refusal);
}

/*
 * Restore the saved domain, unless another notifier has set one.  A device
 * without a domain is one that handle_bypass() or the notifier left so.
 */
static void end_refusal(struct refusal *refusal)
{
	struct device *dev = refusal->dev;

	spin_lock(&refusals_lock);
	list_del(&refusal->list);
	spin_unlock(&refusals_lock);

	if (is_our_domain(dev->pm_domain) ||
	    (refusal->bypassed && !dev->pm_domain))
		dev_pm_domain_set(dev, refusal->saved);
	if (refusal->bypassed)
		return; /* undo_bypass() frees it */
	pm_runtime_enable(dev);
	free_refusal(refusal);
}

/* End what is left of an attempt to bind @dev.  Nothing is, in most cases. */
static void reset_refusal(struct device *dev)
{
	struct refusal *refusal = refusal_of(dev);

	device_lock_assert(dev);
	if (refusal)
		end_refusal(refusal);
	else if (is_our_domain(dev->pm_domain))
		dev_pm_domain_set(dev, NULL);
}

/*
 * If another driver has bound since, the refusal has ended, and that driver
 * stays; unless it binds between the check and the release.
 */
static void undo_bypass(struct work_struct *work)
{
	struct refusal *refusal = container_of(work, struct refusal, work);
	struct device *dev = refusal->dev;
	bool bound;

	device_lock(dev);
	bound = refusal_of(dev) == refusal;
	device_unlock(dev);
	if (bound)
		device_release_driver(dev);

	device_lock(dev);
	if (refusal_of(dev) == refusal)
		end_refusal(refusal);
	device_unlock(dev);
	free_refusal(refusal);
}

/* With __GFP_NOFAIL: lack of memory must not let a bind through. */
static void refuse(struct device *dev)
{
	const bool requested = acs_guard_has_override(to_pci_dev(dev));
	struct refusal *refusal =
		kzalloc(sizeof(*refusal), GFP_KERNEL | __GFP_NOFAIL);

	INIT_WORK(&refusal->work, undo_bypass);
	refusal->dev = get_device(dev);
	refusal->saved = dev->pm_domain;
	spin_lock(&refusals_lock);
	list_add(&refusal->list, &refusals);
	spin_unlock(&refusals_lock);

	pm_runtime_disable(dev);
	dev_pm_domain_set(dev, requested ? &request_domain : &match_domain);
	acs_guard_count_denied(to_pci_dev(dev));
}

/*
 * Before the module is unloaded, when no refusal can begin: the device lock
 * waits for an attempt under way.  A bypassed refusal is left to its work.
 */
static int drop_refusal(struct device *dev, void *data)
{
	struct refusal *refusal;

	if (!refusal_of(dev) && !is_our_domain(READ_ONCE(dev->pm_domain)))
		return 0;

	device_lock(dev);
	refusal = refusal_of(dev);
	if (!refusal || !refusal->bypassed)
		reset_refusal(dev);
	device_unlock(dev);
	return 0;
}

static void on_not_bound(struct device *dev)
{
	struct refusal *refusal = refusal_of(dev);

	if (refusal && !is_our_domain(dev->pm_domain))
		end_refusal(refusal);
}

/*
 * The device was bound against a refusal: another notifier has replaced our
 * domain, or the driver core does not call activate().  The release may wait
 * until the user of the driver closes the device, and the unloading of the
 * module waits as long.
 */
static noinline_for_stack void handle_bypass(struct refusal *refusal)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct device *dev = refusal->dev;
	struct acs_guard_verdict verdict;

	if (is_our_domain(dev->pm_domain))
		dev_pm_domain_set(dev, NULL);
	pm_runtime_enable(dev);
	refusal->bypassed = true;
	queue_work(queue, &refusal->work);

	acs_guard_examine(to_pci_dev(dev), &settings.policy, &verdict);
	acs_guard_report(to_pci_dev(dev), ACS_GUARD_VETO_LOST, &verdict,
			 dev->driver->name);
}

static void on_bound(struct device *dev)
{
	struct refusal *refusal = refusal_of(dev);

	if (refusal)
		handle_bypass(refusal);
}

/**
 * acs_guard_judge() - apply the rules to a function and a driver
 * @pdev: the function; its device lock is held
 * @drv: a guarded driver that is bound to @pdev, or about to be
 * @verdict: what acs_guard_examine() finds about @pdev
 *
 * Context: process context; may sleep.
 * Return: %ACS_GUARD_ALLOW, %ACS_GUARD_ALLOW_GROUP or %ACS_GUARD_DENY.
 * Exceptions and the mode are not applied.
 */
enum acs_guard_action acs_guard_judge(struct pci_dev *pdev,
				      struct device_driver *drv,
				      struct acs_guard_verdict *verdict)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_allowance allowance = {
		.mode = ACS_GUARD_ENFORCE,
	};

	acs_guard_examine(pdev, &settings.policy, verdict);
	if (verdict->reason != ACS_GUARD_ISOLATED)
		allowance.in_group = settings.unit == ACS_GUARD_GROUP &&
				     owns_group(drv) &&
				     acs_guard_in_group(pdev, verdict);
	return acs_guard_decide(verdict, &allowance);
}

static void report_decision(struct pci_dev *pdev, enum acs_guard_action action,
			    const struct acs_guard_verdict *verdict,
			    struct device_driver *drv)
{
	struct acs_guard_event event;

	acs_guard_event_init(&event, pdev, action, verdict, drv->name);
	event.group_allows = action == ACS_GUARD_DENY &&
			     acs_guard_settings().unit == ACS_GUARD_FUNCTION &&
			     owns_group(drv) &&
			     acs_guard_in_group(pdev, verdict);
	acs_guard_report_event(pdev, &event);
}

/* The rules deny a bind: apply the exception of @pdev and the mode. */
static enum acs_guard_action heed(struct pci_dev *pdev,
				  const struct acs_guard_verdict *verdict)
{
	const struct acs_guard_allowance allowance = {
		.permissive = acs_guard_is_permissive(pdev),
		.mode = acs_guard_settings().mode,
	};

	return acs_guard_decide(verdict, &allowance);
}

/* A guarded driver is about to be bound. */
static noinline_for_stack void decide(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct acs_guard_verdict verdict;
	enum acs_guard_action action;

	action = acs_guard_judge(pdev, dev->driver, &verdict);
	acs_guard_keep_standing(pdev, action == ACS_GUARD_DENY ?
					      ACS_GUARD_UNVOUCHED :
					      ACS_GUARD_VOUCHED);
	if (action == ACS_GUARD_ALLOW)
		return;
	if (action == ACS_GUARD_DENY)
		action = heed(pdev, &verdict);
	if (action == ACS_GUARD_DENY)
		refuse(dev);
	if (action == ACS_GUARD_ALLOW_PERMISSIVE)
		add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	report_decision(pdev, action, &verdict, dev->driver);
}

/* Called for each bind of any PCI driver; most drivers are not guarded. */
static void on_bind(struct device *dev)
{
	device_lock_assert(dev);
	if (is_guarded(to_pci_dev(dev), dev->driver))
		decide(dev);
}

/* Lowest priority, so that no later notifier can replace the PM domain. */
static int bind_notify(struct notifier_block *nb, unsigned long event,
		       void *data)
{
	if (event == BUS_NOTIFY_BIND_DRIVER)
		on_bind(data);
	return NOTIFY_DONE;
}

static int other_notify(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	switch (event) {
	case BUS_NOTIFY_BIND_DRIVER:
		reset_refusal(data);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
		on_bound(data);
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		on_not_bound(data);
		acs_guard_keep_standing(pdev, ACS_GUARD_UNVOUCHED);
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		acs_guard_keep_standing(pdev, ACS_GUARD_UNVOUCHED);
		break;
	case BUS_NOTIFY_ADD_DEVICE:
		acs_guard_add_entry(pdev);
		acs_guard_recheck_soon();
		break;
	case BUS_NOTIFY_DEL_DEVICE:
		/* It is still among the children of its bridge. */
		acs_guard_hide(pdev);
		acs_guard_retire_entry(pdev);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		acs_guard_remove_entry(pdev);
		acs_topology_synchronize();
		acs_guard_recheck_soon();
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block bind_block = {
	.notifier_call = bind_notify,
	.priority = INT_MIN,
};

/*
 * Highest priority, because of REMOVED_DEVICE: until acs_topology_synchronize()
 * returns, a search for peers may use the function's IOMMU group, which the
 * IOMMU core releases in a notifier of its own.
 */
static struct notifier_block other_block = {
	.notifier_call = other_notify,
	.priority = INT_MAX,
};

/**
 * struct round - a recheck pass over bound functions
 * @round: the number of the recheck; functions settled under it are skipped
 * @look: called for each other function
 * @unsettled: the number of functions that are not settled or were locked
 */
struct round {
	unsigned int round;
	enum acs_guard_look (*look)(struct pci_dev *pdev,
				    struct device_driver *drv,
				    struct acs_guard_verdict *verdict);
	unsigned int unsettled;
};

/* Under the device lock, so that the facts of the report do not change. */
static enum acs_guard_look look_locked(struct round *round,
				       struct pci_dev *pdev,
				       struct acs_guard_event *event)
{
	struct device_driver *drv = pdev->dev.driver;
	struct acs_guard_verdict verdict;
	enum acs_guard_look found;

	if (!drv || !is_guarded(pdev, drv))
		return ACS_GUARD_SETTLED;
	found = round->look(pdev, drv, &verdict);
	if (found == ACS_GUARD_HAS_DRIFTED)
		acs_guard_event_init(event, pdev, ACS_GUARD_DRIFT, &verdict,
				     drv->name);
	return found;
}

/*
 * Other code gives up, or skips a reset, if it finds the device locked.  So the
 * device is locked during the check only, and not while the log is written.
 */
static int look_at(struct device *dev, void *data)
{
	struct round *round = data;
	struct pci_dev *pdev = to_pci_dev(dev);
	enum acs_guard_look found = ACS_GUARD_LOOK_AGAIN;
	struct acs_guard_event event;
	char driver[64];

	if (acs_guard_is_settled(pdev, round->round))
		return 0;

	if (device_trylock(dev)) {
		found = look_locked(round, pdev, &event);
		if (found == ACS_GUARD_HAS_DRIFTED) {
			/* The driver may be freed after the unlock. */
			strscpy(driver, event.driver, sizeof(driver));
			event.driver = driver;
		}
		device_unlock(dev);
	}
	if (found == ACS_GUARD_HAS_DRIFTED)
		acs_guard_report_event(pdev, &event);

	if (found == ACS_GUARD_LOOK_AGAIN)
		round->unsettled++;
	else
		acs_guard_settle(pdev, round->round);
	return 0;
}

/**
 * acs_guard_look_round() - look at functions that are bound and vouched for
 * @round: a number; functions that were settled under it are passed over
 * @look: called for each of the others, with its device lock held; it fills in
 *	the verdict if it returns %ACS_GUARD_HAS_DRIFTED, which is then reported
 *
 * Waits for no device lock: whoever holds one may wait for the caller.
 *
 * Context: process context; may sleep.
 * Return: how many functions are not settled, or were busy.
 */
unsigned int
acs_guard_look_round(unsigned int round,
		     enum acs_guard_look (*look)(struct pci_dev *pdev,
						 struct device_driver *drv,
						 struct acs_guard_verdict *v))
{
	struct round data = { .round = round, .look = look };

	bus_for_each_dev(&pci_bus_type, NULL, &data, look_at);
	return data.unsettled;
}

typedef void (*check_fn)(struct device *dev);

/**
 * struct later - a check of a device that was locked
 * @work: waits for the device lock and calls @check
 * @dev: the device, with a reference
 * @check: called with the device lock held
 */
struct later {
	struct work_struct work;
	struct device *dev;
	check_fn check;
};

/* Check a device whose driver may have been bound before the module loaded. */
static void check_at_load(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct acs_guard_verdict verdict;

	device_lock_assert(dev);
	if (!dev->driver || !is_guarded(pdev, dev->driver))
		return;

	if (acs_guard_judge(pdev, dev->driver, &verdict) != ACS_GUARD_DENY)
		acs_guard_keep_standing(pdev, ACS_GUARD_VOUCHED);
	else
		acs_guard_report(pdev, ACS_GUARD_PRESENT, &verdict,
				 dev->driver->name);
}

/* Check a device whose driver was bound when the settings were less strict. */
static void check_bound(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct acs_guard_verdict verdict;

	device_lock_assert(dev);
	if (!dev->driver || !is_guarded(pdev, dev->driver))
		return;

	if (acs_guard_judge(pdev, dev->driver, &verdict) != ACS_GUARD_DENY) {
		acs_guard_keep_standing(pdev, ACS_GUARD_VOUCHED);
		return;
	}
	/* No drift is reported for @pdev: only a setting has changed. */
	if (acs_guard_standing(pdev) != ACS_GUARD_UNVOUCHED)
		acs_guard_keep_standing(pdev, ACS_GUARD_DRIFTED);
	if (heed(pdev, &verdict) == ACS_GUARD_DENY)
		acs_guard_report(pdev, ACS_GUARD_PRESENT, &verdict,
				 dev->driver->name);
}

static void sweep_later(struct work_struct *work)
{
	struct later *later = container_of(work, struct later, work);
	struct device *dev = later->dev;

	device_lock(dev);
	later->check(dev);
	device_unlock(dev);
	put_device(dev);
	kfree(later);
}

/*
 * Never wait for a device lock here: the holder may be the probe that loads
 * this module.
 */
static int sweep(struct device *dev, void *data)
{
	const check_fn check = data;
	struct later *later;

	if (device_trylock(dev)) {
		check(dev);
		device_unlock(dev);
		return 0;
	}

	later = kmalloc(sizeof(*later), GFP_KERNEL | __GFP_NOFAIL);
	INIT_WORK(&later->work, sweep_later);
	later->dev = get_device(dev);
	later->check = check;
	queue_work(queue, &later->work);
	return 0;
}

/**
 * acs_guard_report_present() - report bound functions that would be refused now
 *
 * Context: process context; may sleep.  Waits for no device lock: a work item
 * checks each device that is locked.
 */
void acs_guard_report_present(void)
{
	bus_for_each_dev(&pci_bus_type, NULL, check_bound, sweep);
}

/**
 * acs_guard_hook_init() - start to guard
 *
 * The parameters have been parsed.  The entries are added before the first
 * refusal, so that every exception is in force by then.  The sweep runs after
 * the notifier is registered, so that it misses no bind.
 *
 * Context: process context; may run inside the probe of a driver.
 * Return: 0 or a negative errno, with nothing left behind.
 */
int acs_guard_hook_init(void)
{
	int err;

	request_domain.ops = *pci_bus_type.pm;
	match_domain.ops = *pci_bus_type.pm;

	queue = alloc_workqueue("acs_guard", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!queue)
		return -ENOMEM;

	err = bus_register_notifier(&pci_bus_type, &other_block);
	if (err)
		goto destroy_queue;
	acs_guard_add_entries();
	acs_guard_watch_hidden(acs_guard_recheck_soon);
	acs_guard_look_for_hidden();

	err = bus_register_notifier(&pci_bus_type, &bind_block);
	if (err)
		goto remove_entries;

	bus_for_each_dev(&pci_bus_type, NULL, check_at_load, sweep);
	return 0;

remove_entries:
	acs_guard_remove_entries();
	bus_unregister_notifier(&pci_bus_type, &other_block);
	acs_guard_end_rechecks();
	acs_guard_forget_hidden();
destroy_queue:
	destroy_workqueue(queue);
	return err;
}

/**
 * acs_guard_hook_exit() - stop guarding
 *
 * Each step waits for its users: first no new refusals, then the end of the
 * attempts under way and the release of bypassed drivers (a module reference
 * would not do: binds still reach the notifier when none can be had), then the
 * attributes, then no notifications.
 *
 * Context: process context; waits for probes under way.
 */
void acs_guard_hook_exit(void)
{
	bus_unregister_notifier(&pci_bus_type, &bind_block);
	bus_for_each_dev(&pci_bus_type, NULL, NULL, drop_refusal);
	/* Before the queue is destroyed: a recheck may queue work there. */
	acs_guard_end_rechecks();
	destroy_workqueue(queue);
	acs_guard_remove_entries();
	bus_unregister_notifier(&pci_bus_type, &other_block);
	acs_guard_end_rechecks();
	acs_guard_forget_hidden();
}
