// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the hook in the driver core
 *
 * A bus notifier hears of every bind, but cannot veto one.  The driver core
 * does ask somebody right after it: the device's PM domain, whose activate()
 * it calls, and whose error it honours (really_probe()).  So a device that is
 * to be refused gets a domain, for the length of this one attempt, whose
 * activate() is the refusal; when the attempt has failed the old one comes
 * back.  All of that happens under the device lock, in one task.
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
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "acs_guard.h"
#include "compat.h"

/**
 * struct refusal - what a refused device gets back
 * @list: one of @refusals
 * @work: gives it back, if that could not be done at once
 * @dev: the device, with a reference; its lock protects what follows
 * @saved: the PM domain that it had before
 * @in_force: between BIND_DRIVER and the outcome
 * @cleared: it has no domain meanwhile, and that is our doing
 * @bound: the refusal was not heeded, and the driver has to be taken away
 * @followed: @work will be done
 */
struct refusal {
	struct list_head list;
	struct work_struct work;
	struct device *dev;
	struct dev_pm_domain *saved;
	bool in_force;
	bool cleared;
	bool bound;
	bool followed;
};

/*
 * At most one a device, and mostly none.  One is freed with its device's lock
 * held.  No lock is held from one notification to the next: somebody who
 * unregisters a notifier would wait between the two.
 */
static LIST_HEAD(refusals);
static DEFINE_SPINLOCK(refusals_lock);
static atomic_t outstanding = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(all_restored);

/*
 * The two ways to refuse.  A negative error ends the search for a driver: who
 * named one by driver_override is told, and gets no other.  A positive one
 * counts as the failure of this driver's probe: the next that matches has its
 * turn.
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

/* Shared by all devices; nothing in them changes after init. */
static struct dev_pm_domain request_domain = { .activate = refuse_request };
static struct dev_pm_domain match_domain = { .activate = refuse_match };

/* For what has to wait for a device lock, and may read registers then. */
static struct workqueue_struct *queue;

static bool is_refusal(const struct dev_pm_domain *domain)
{
	return domain == &request_domain || domain == &match_domain;
}

/*
 * Does what this driver takes have one owner for all of its IOMMU group?  The
 * others share their group with whatever native driver is in it.
 */
static bool owns_group(struct device_driver *drv)
{
	return to_pci_driver(drv)->driver_managed_dma;
}

/*
 * Is this a driver that hands functions to others?  Those that manage DMA
 * themselves do so for a guest, unless it is pcieport, for the kernel's own
 * services of ports.
 */
static bool is_guarded(struct pci_dev *pdev, struct device_driver *drv)
{
	if (owns_group(drv) && !acs_guard_has_services(pdev))
		return true;
	return acs_guard_guards_name(drv->name);
}

/* The refusal of @dev, in force or not yet followed up, or NULL. */
static struct refusal *find_refusal(struct device *dev)
{
	struct refusal *refusal, *found = NULL;

	device_lock_assert(dev);
	if (!atomic_read(&outstanding))
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

static void follow_up(struct work_struct *work);

/* With __GFP_NOFAIL: a refusal must not be lost for want of so little memory. */
static struct refusal *make_refusal(struct device *dev)
{
	struct refusal *refusal =
		kzalloc(sizeof(*refusal), GFP_KERNEL | __GFP_NOFAIL);

	INIT_WORK(&refusal->work, follow_up);
	refusal->dev = get_device(dev);
	atomic_inc(&outstanding);
	spin_lock(&refusals_lock);
	list_add(&refusal->list, &refusals);
	spin_unlock(&refusals_lock);
	return refusal;
}

static void end_refusal(struct refusal *refusal)
{
	spin_lock(&refusals_lock);
	list_del(&refusal->list);
	spin_unlock(&refusals_lock);
	put_device(refusal->dev);
	kfree(refusal);
	if (atomic_dec_and_test(&outstanding))
		wake_up(&all_restored);
}

/* Is the device without its own PM domain because of us? */
static bool lacks_own(const struct refusal *refusal)
{
	const struct dev_pm_domain *domain = refusal->dev->pm_domain;

	return is_refusal(domain) || (refusal->cleared && !domain);
}

/* Make this attempt to bind fail.  The device is unbound. */
static void refuse(struct device *dev)
{
	const bool requested = acs_guard_has_override(to_pci_dev(dev));
	struct refusal *refusal = find_refusal(dev) ?: make_refusal(dev);

	acs_guard_count_denied(to_pci_dev(dev));
	if (!lacks_own(refusal))
		refusal->saved = dev->pm_domain;
	refusal->cleared = false;

	/*
	 * Nobody's PM callbacks run while the domain is not the device's own.
	 * A kernel that tests the removal of drivers announces an attempt
	 * twice, and its end once.
	 */
	if (!refusal->in_force)
		pm_runtime_disable(dev);
	refusal->in_force = true;
	dev_pm_domain_set(dev, requested ? &request_domain : &match_domain);
}

/* The refusal that this attempt met, no longer in force, or NULL. */
static struct refusal *lift_refusal(struct device *dev)
{
	struct refusal *refusal = find_refusal(dev);

	if (!refusal || !refusal->in_force)
		return NULL;
	refusal->in_force = false;
	pm_runtime_enable(dev);
	return refusal;
}

/* The device is unbound.  Whoever has set another domain meanwhile keeps it. */
static void give_back(struct refusal *refusal)
{
	device_lock_assert(refusal->dev);
	if (lacks_own(refusal))
		dev_pm_domain_set(refusal->dev, refusal->saved);
	refusal->cleared = false;
}

static void restore(struct refusal *refusal)
{
	give_back(refusal);
	end_refusal(refusal);
}

/*
 * A refusal is over when its attempt is.  Whoever had replaced our domain may
 * have put it back after that, and the driver that was to be taken away may
 * have gone by itself: the next one, guarded or not, is to suffer neither.
 */
static void clear_the_way(struct device *dev)
{
	struct refusal *refusal = find_refusal(dev);

	if (!refusal || refusal->in_force)
		return;
	refusal->bound = false;
	give_back(refusal);
}

/* Ours is not to outlive us, whoever put it there.  Return: it was there. */
static bool drop_domain(struct device *dev)
{
	device_lock_assert(dev);
	if (!is_refusal(dev->pm_domain))
		return false;
	dev_pm_domain_set(dev, NULL);
	return true;
}

/*
 * Whoever had set another domain in our place, is through with it by the time
 * the device is unlocked.  He may have put back what he found, which is ours,
 * and nobody's any more.
 */
static void follow_up(struct work_struct *work)
{
	struct refusal *refusal = container_of(work, struct refusal, work);
	struct device *dev = get_device(refusal->dev);

	device_lock(dev);
	while (refusal->bound) {
		refusal->bound = false;
		device_unlock(dev);
		device_release_driver(dev);
		device_lock(dev);
	}
	/* It cannot be given a domain while somebody else's driver has it. */
	if (dev->driver) {
		drop_domain(dev);
		end_refusal(refusal);
	} else {
		restore(refusal);
	}
	device_unlock(dev);
	put_device(dev);
}

static void have_followed(struct refusal *refusal)
{
	if (refusal->followed)
		return;
	refusal->followed = true;
	queue_work(queue, &refusal->work);
}

static void on_not_bound(struct device *dev)
{
	struct refusal *refusal = lift_refusal(dev);

	if (!refusal)
		return;
	if (refusal->followed || !is_refusal(dev->pm_domain))
		have_followed(refusal);
	else
		restore(refusal);
}

/*
 * A refusal was not heeded: a driver core that does not ask the PM domain, or
 * somebody who replaced ours.  A bound device cannot be given a domain, so its
 * own waits until the driver is gone.  A driver may keep us waiting for that
 * until its user lets go, and with us whoever unloads the module.
 */
static noinline_for_stack void lose_veto(struct refusal *refusal)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct device *dev = refusal->dev;
	struct acs_guard_verdict verdict;

	if (drop_domain(dev))
		refusal->cleared = true;
	refusal->bound = true;
	have_followed(refusal);
	acs_guard_examine(to_pci_dev(dev), &settings.policy, &verdict);
	acs_guard_report(to_pci_dev(dev), ACS_GUARD_VETO_LOST, &verdict,
			 dev->driver->name);
}

static void on_bound(struct device *dev)
{
	struct refusal *refusal = lift_refusal(dev);

	if (refusal)
		lose_veto(refusal);
}

/**
 * acs_guard_judge() - what the rules say of a function and a driver
 * @pdev: the function; its device lock is held
 * @drv: a guarded driver, which has it or wants it
 * @verdict: what acs_guard_examine() finds about @pdev
 *
 * Context: process context; may sleep.
 * Return: %ACS_GUARD_ALLOW, %ACS_GUARD_ALLOW_GROUP or %ACS_GUARD_DENY; nobody's
 * word counts.
 */
enum acs_guard_action acs_guard_judge(struct pci_dev *pdev,
				      struct device_driver *drv,
				      struct acs_guard_verdict *verdict)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_circumstances circumstances = {
		.mode = ACS_GUARD_ENFORCE,
	};

	acs_guard_examine(pdev, &settings.policy, verdict);
	if (verdict->reason != ACS_GUARD_ISOLATED)
		circumstances.in_group = settings.unit == ACS_GUARD_GROUP &&
					 owns_group(drv) &&
					 !verdict->beyond_group &&
					 acs_guard_in_group(pdev, verdict);
	return acs_guard_decide(verdict, &circumstances);
}

/* The rules say no; has somebody who may said yes? */
static enum acs_guard_action heed(struct pci_dev *pdev,
				  const struct acs_guard_verdict *verdict)
{
	const struct acs_guard_circumstances circumstances = {
		.permissive = acs_guard_is_permissive(pdev),
		.mode = acs_guard_settings().mode,
	};

	return acs_guard_decide(verdict, &circumstances);
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
	acs_guard_report(pdev, action, &verdict, dev->driver->name);
}

/* Every driver of the machine comes by here; most are none of our business. */
static void on_bind(struct device *dev)
{
	device_lock_assert(dev);
	clear_the_way(dev);
	if (is_guarded(to_pci_dev(dev), dev->driver))
		decide(dev);
}

/* Must be the last to hear of a bind: nobody may replace the domain after. */
static int bind_notify(struct notifier_block *nb, unsigned long event,
		       void *data)
{
	if (event == BUS_NOTIFY_BIND_DRIVER)
		on_bind(data);
	return NOTIFY_DONE;
}

/* Of all else, and the first to hear of it. */
static int other_notify(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	switch (event) {
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
		break;
	case BUS_NOTIFY_DEL_DEVICE:
		acs_guard_retire_entry(pdev);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		acs_guard_remove_entry(pdev);
		acs_guard_await_walks();
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block bind_block = {
	.notifier_call = bind_notify,
	.priority = INT_MIN,
};

/*
 * First of how a bind ended, for nobody else is to see our domain.  First on
 * REMOVED, too: until the end of acs_guard_await_walks() a search for peers
 * may ask for the function's IOMMU group, which the IOMMU core lets go of in a
 * notifier of its own.
 */
static struct notifier_block other_block = {
	.notifier_call = other_notify,
	.priority = INT_MAX,
};

/**
 * struct round - a look at functions that are bound and vouched for
 * @round: its number; those that are settled in it are passed over
 * @look: called for each
 * @unsettled: how many it could not settle, or not be called for
 */
struct round {
	unsigned int round;
	enum acs_guard_look (*look)(struct pci_dev *pdev,
				    struct device_driver *drv,
				    struct acs_guard_verdict *verdict);
	unsigned int unsettled;
};

/*
 * Others give up, or leave a reset out, if they find the device locked: it is
 * locked for the look only, and not for the report.
 */
static int look_at(struct device *dev, void *data)
{
	struct round *round = data;
	struct pci_dev *pdev = to_pci_dev(dev);
	enum acs_guard_look found = ACS_GUARD_LOOK_AGAIN;
	struct acs_guard_verdict verdict;
	char driver[64];
	int hold;

	if (acs_guard_is_settled(pdev, round->round))
		return 0;

	hold = acs_guard_hold_functions();
	if (device_trylock(dev)) {
		found = ACS_GUARD_SETTLED;
		if (dev->driver && is_guarded(pdev, dev->driver)) {
			strscpy(driver, dev->driver->name, sizeof(driver));
			found = round->look(pdev, dev->driver, &verdict);
		}
		device_unlock(dev);
	}
	if (found == ACS_GUARD_HAS_DRIFTED)
		acs_guard_report(pdev, ACS_GUARD_DRIFT, &verdict, driver);
	acs_guard_let_go_functions(hold);

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

/**
 * struct later - something to do when a device is not busy
 * @work: the doing
 * @dev: the device, with a reference
 */
struct later {
	struct work_struct work;
	struct device *dev;
};

/* Tell of a device that had its driver before the guard came. */
static void tell_present(struct device *dev)
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

static void sweep_later(struct work_struct *work)
{
	struct later *later = container_of(work, struct later, work);
	struct device *dev = later->dev;

	device_lock(dev);
	tell_present(dev);
	device_unlock(dev);
	put_device(dev);
	kfree(later);
}

/*
 * A device that is locked may be the one whose probe is loading us, so nobody
 * waits for it here.
 */
static int sweep(struct device *dev, void *data)
{
	struct later *later;

	if (device_trylock(dev)) {
		tell_present(dev);
		device_unlock(dev);
		return 0;
	}

	later = kmalloc(sizeof(*later), GFP_KERNEL | __GFP_NOFAIL);
	INIT_WORK(&later->work, sweep_later);
	later->dev = get_device(dev);
	queue_work(queue, &later->work);
	return 0;
}

/* Nobody is being refused any more. */
static int take_back(struct device *dev, void *data)
{
	if (!is_refusal(READ_ONCE(dev->pm_domain)))
		return 0;

	device_lock(dev);
	if (drop_domain(dev))
		pr_warn("%s had a PM domain of acs_guard's, which somebody had put back\n",
			acs_guard_name(acs_guard_bdf(to_pci_dev(dev))).text);
	device_unlock(dev);
	return 0;
}

/**
 * acs_guard_hook_init() - start to guard
 *
 * The parameters have been understood.  Entries come before the first refusal,
 * so nobody's exception is late; the sweep comes after it, so no bind falls
 * between.
 *
 * Context: process context; may run inside somebody's probe.
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

	err = bus_register_notifier(&pci_bus_type, &bind_block);
	if (err)
		goto remove_entries;

	bus_for_each_dev(&pci_bus_type, NULL, NULL, sweep);
	return 0;

remove_entries:
	acs_guard_remove_entries();
	bus_unregister_notifier(&pci_bus_type, &other_block);
destroy_queue:
	destroy_workqueue(queue);
	return err;
}

/**
 * acs_guard_hook_exit() - stop to guard
 *
 * Each step waits for those who are still inside: no new refusals, then the
 * end of those under way (a module reference would not do: binds still reach
 * us when none can be had), then the attributes, then nothing to hear of, then
 * the work that any of these left behind.
 *
 * Context: process context; waits for probes under way.
 */
void acs_guard_hook_exit(void)
{
	bus_unregister_notifier(&pci_bus_type, &bind_block);
	wait_event(all_restored, !atomic_read(&outstanding));
	bus_for_each_dev(&pci_bus_type, NULL, NULL, take_back);
	acs_guard_remove_entries();
	bus_unregister_notifier(&pci_bus_type, &other_block);
	destroy_workqueue(queue);
}
