// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: refuse a bind, by a PM domain, and undo that
 *
 * A bus notifier learns of every bind but cannot veto one.  Right after the
 * notification, really_probe() calls activate() of the device's PM domain and
 * honours its error.  To refuse a bind, the module sets a PM domain of its own
 * whose activate() fails.  At the end of the attempt, device_unbind_cleanup()
 * calls dismiss() of that domain, which sets the device's own domain again.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "refuse.h"

/**
 * struct refusal - an attempt to bind that is made to fail
 * @list: one of @refusals
 * @work: releases the driver if the device was bound all the same
 * @dev: the device, with a reference
 * @saved: the PM domain that @dev had before, or NULL
 * @bypassed: @dev was bound all the same; @work frees the refusal
 * @rcu: frees the refusal.  No RCU reader exists; unlike kfree(), kfree_rcu()
 *	takes no lock that sleeps with PREEMPT_RT
 *
 * The driver core holds the device lock from BIND_DRIVER to the end of the
 * attempt, and a refusal changes under that lock only:
 *
 *   BIND_DRIVER  acs_guard_refuse() disables runtime PM and sets our domain
 *   activate()   fails
 *   dismiss()    acs_guard_reset_refusal() sets @saved again and enables
 * runtime PM
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
	struct rcu_head rcu;
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

/* Shared by all devices, and constant after init. */
static struct dev_pm_domain request_domain = {
	.activate = refuse_request,
	.dismiss = acs_guard_reset_refusal,
};

static struct dev_pm_domain match_domain = {
	.activate = refuse_match,
	.dismiss = acs_guard_reset_refusal,
};

static struct workqueue_struct *refusal_queue;

static bool is_our_domain(const struct dev_pm_domain *domain)
{
	return domain == &request_domain || domain == &match_domain;
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
	kfree_rcu(refusal, rcu);
}

/*
 * Restore the saved domain, unless another notifier has set one.  A device
 * without a domain is one that acs_guard_refusal_bypassed() or the other
 * notifier left so.
 */
static void end_refusal(struct refusal *refusal)
{
	struct device *dev = refusal->dev;

	if (is_our_domain(dev->pm_domain) ||
	    (refusal->bypassed && !dev->pm_domain))
		dev_pm_domain_set(dev, refusal->saved);
	if (!refusal->bypassed)
		pm_runtime_enable(dev);

	/* Last: until then the unload waits for the device lock. */
	spin_lock(&refusals_lock);
	list_del(&refusal->list);
	spin_unlock(&refusals_lock);
	/* undo_bypass() frees one that was bypassed. */
	if (!refusal->bypassed)
		free_refusal(refusal);
}

/**
 * acs_guard_reset_refusal() - end what is left of an attempt to bind a device
 * @dev: the device; nothing is left in most cases
 *
 * Context: under the device lock.
 */
void acs_guard_reset_refusal(struct device *dev)
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

/**
 * acs_guard_refuse() - make the attempt to bind a device fail
 * @dev: the device
 *
 * With __GFP_NOFAIL: lack of memory must not let a bind through.
 *
 * Context: BUS_NOTIFY_BIND_DRIVER, from the last notifier, under the device
 * lock; may sleep for memory.
 */
void acs_guard_refuse(struct device *dev)
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
}

/* A bypassed refusal is left to its work. */
static int drop_refusal(struct device *dev, void *data)
{
	struct refusal *refusal;

	if (!refusal_of(dev) && !is_our_domain(READ_ONCE(dev->pm_domain)))
		return 0;

	device_lock(dev);
	refusal = refusal_of(dev);
	if (!refusal || !refusal->bypassed)
		acs_guard_reset_refusal(dev);
	device_unlock(dev);
	return 0;
}

/**
 * acs_guard_drop_refusals() - end what is left of all attempts
 *
 * Context: process context; waits for attempts under way, by their device
 * locks. No refusal can begin any more.
 */
void acs_guard_drop_refusals(void)
{
	bus_for_each_dev(&pci_bus_type, NULL, NULL, drop_refusal);
	/* dismiss() runs on for some steps, without sleeping. */
	synchronize_rcu_tasks();
}

/**
 * acs_guard_refusal_not_bound() - end the refusal of a device that is not bound
 * @dev: the device
 *
 * If our domain is still set, its dismiss() ends the refusal.
 *
 * Context: BUS_NOTIFY_DRIVER_NOT_BOUND, under the device lock.
 */
void acs_guard_refusal_not_bound(struct device *dev)
{
	struct refusal *refusal = refusal_of(dev);

	if (refusal && !is_our_domain(dev->pm_domain))
		end_refusal(refusal);
}

/**
 * acs_guard_refusal_bypassed() - release a driver that was bound against a
 *	refusal
 * @dev: the device, which was bound
 *
 * Another notifier has replaced our domain, or the driver core does not call
 * activate().  The release may wait until the user of the driver closes the
 * device, and the unload of the module waits as long.
 *
 * Context: BUS_NOTIFY_BOUND_DRIVER, under the device lock.
 * Return: true if there was a refusal; the driver will be released.
 */
bool acs_guard_refusal_bypassed(struct device *dev)
{
	struct refusal *refusal = refusal_of(dev);

	if (!refusal)
		return false;

	if (is_our_domain(dev->pm_domain))
		dev_pm_domain_set(dev, NULL);
	pm_runtime_enable(dev);
	refusal->bypassed = true;
	queue_work(refusal_queue, &refusal->work);
	return true;
}

/**
 * acs_guard_refuse_init() - prepare refusals
 * @queue: releases drivers; freezable, as it takes locks and reads registers
 *
 * Context: init, before the first refusal.
 */
void acs_guard_refuse_init(struct workqueue_struct *queue)
{
	request_domain.ops = *pci_bus_type.pm;
	match_domain.ops = *pci_bus_type.pm;
	refusal_queue = queue;
}
