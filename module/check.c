// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: check the functions that guarded drivers are bound to
 *
 * A check judges a function again, under its device lock.  No check unbinds a
 * driver.
 *
 * A device in reset answers with ones or zeroes, and looks as if it had no ACS.
 * So one failed check makes a function suspected, and only a second one, a while
 * later and with its configuration access locked against resets, is a drift.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "check.h"
#include "decide.h"
#include "hidden.h"
#include "match.h"
#include "power.h"
#include "registry.h"
#include "report.h"

/* Waits for device locks that are taken. */
static struct workqueue_struct *check_queue;

typedef void (*check_fn)(struct device *dev);

/**
 * struct late_check - a check of a device that was locked
 * @node: one of @late_checks
 * @work: waits for the device lock and calls @check
 * @dev: the device, with a reference
 * @check: called with the device lock held
 */
struct late_check {
	struct list_head node;
	struct work_struct work;
	struct device *dev;
	check_fn check;
};

/* Those that have not run; removed with the device lock held. */
static LIST_HEAD(late_checks);
static DEFINE_MUTEX(late_checks_lock);

static bool has_late_check(const struct device *dev)
{
	const struct late_check *late;
	bool found = false;

	mutex_lock(&late_checks_lock);
	list_for_each_entry(late, &late_checks, node)
		found |= late->dev == dev;
	mutex_unlock(&late_checks_lock);
	return found;
}

/* ---- Checks of one function, under its device lock ---- */

/**
 * enum check - the result of a check
 * @CHECK_DONE: nothing to report
 * @CHECK_AGAIN: another check is needed
 * @CHECK_DRIFT: the function is no longer isolated, which has to be reported
 */
enum check { CHECK_DONE, CHECK_AGAIN, CHECK_DRIFT };

static bool has_guarded_driver(struct pci_dev *pdev)
{
	device_lock_assert(&pdev->dev);
	return pdev->dev.driver && acs_guard_is_guarded(pdev, pdev->dev.driver);
}

/* The second check of a suspected function. */
static enum check confirm_drift(struct pci_dev *pdev,
				struct acs_guard_verdict *verdict)
{
	const u64 blocker = verdict->blocker;
	struct acs_config_access access;
	enum acs_guard_action action;

	/* Resets of a function that is not listed cannot be blocked. */
	if (verdict->hidden && verdict->reason == ACS_GUARD_UNREADABLE &&
	    acs_guard_may_be_in_reset(blocker))
		return CHECK_AGAIN;
	if (!acs_config_access_trylock(&access, pdev, verdict))
		return CHECK_AGAIN;
	action = acs_guard_judge(pdev, pdev->dev.driver, verdict);
	acs_config_access_unlock(&access);

	if (action != ACS_GUARD_DENY) {
		acs_guard_set_bind_state(pdev, ACS_GUARD_ISOLATED_AT_BIND);
		return CHECK_DONE;
	}
	/* Configuration access to the new blocker was not locked. */
	if (verdict->blocker != blocker)
		return CHECK_AGAIN;
	acs_guard_set_bind_state(pdev, ACS_GUARD_REPORTED);
	return CHECK_DRIFT;
}

static enum check check_drift(struct pci_dev *pdev,
			      struct acs_guard_verdict *verdict)
{
	if (acs_guard_judge(pdev, pdev->dev.driver, verdict) !=
	    ACS_GUARD_DENY) {
		acs_guard_set_bind_state(pdev, ACS_GUARD_ISOLATED_AT_BIND);
		return CHECK_DONE;
	}

	switch (acs_guard_bind_state(pdev)) {
	case ACS_GUARD_ISOLATED_AT_BIND:
		acs_guard_set_bind_state(pdev, ACS_GUARD_SUSPECTED);
		return CHECK_AGAIN;
	case ACS_GUARD_SUSPECTED:
		return confirm_drift(pdev, verdict);
	default:
		/* Not isolated at the bind, or reported already. */
		return CHECK_DONE;
	}
}

/* Under the device lock, so that the facts of the report do not change. */
static enum check check_locked(struct pci_dev *pdev,
			       struct acs_guard_decision *decision)
{
	struct acs_guard_verdict verdict;
	enum check result;

	if (!has_guarded_driver(pdev))
		return CHECK_DONE;
	/* First, so that the effect of a setting is not reported as drift. */
	if (has_late_check(&pdev->dev))
		return CHECK_AGAIN;
	result = check_drift(pdev, &verdict);
	if (result == CHECK_DRIFT)
		acs_guard_decision_init(decision, pdev, ACS_GUARD_DRIFT,
					&verdict, pdev->dev.driver->name);
	return result;
}

static noinline_for_stack void
report_present(struct pci_dev *pdev, const struct acs_guard_verdict *verdict)
{
	struct acs_guard_decision decision;

	acs_guard_decision_init(&decision, pdev, ACS_GUARD_PRESENT, verdict,
				pdev->dev.driver->name);
	acs_guard_report(&decision);
}

/* Check a device whose driver may have been bound before the module loaded. */
static void check_at_load(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct acs_guard_verdict verdict;

	if (!has_guarded_driver(pdev))
		return;
	if (acs_guard_judge(pdev, dev->driver, &verdict) != ACS_GUARD_DENY) {
		acs_guard_set_bind_state(pdev, ACS_GUARD_ISOLATED_AT_BIND);
		return;
	}
	/* Rechecks go on: it may have been in reset just now. */
	if (!acs_guard_is_permissive(pdev))
		acs_guard_set_bind_state(pdev, ACS_GUARD_REPORTED);
	report_present(pdev, &verdict);
}

/* Check a device whose driver was bound when the settings were less strict. */
static void check_after_setting(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct acs_guard_verdict verdict;

	if (!has_guarded_driver(pdev))
		return;
	if (acs_guard_judge(pdev, dev->driver, &verdict) != ACS_GUARD_DENY) {
		acs_guard_set_bind_state(pdev, ACS_GUARD_ISOLATED_AT_BIND);
		return;
	}
	/* No drift is reported for @pdev: only a setting has changed. */
	if (acs_guard_bind_state(pdev) != ACS_GUARD_NOT_CHECKED)
		acs_guard_set_bind_state(pdev, ACS_GUARD_REPORTED);
	if (acs_guard_apply_exception(pdev, &verdict) == ACS_GUARD_DENY)
		report_present(pdev, &verdict);
}

/* ---- Checks of all functions ---- */

static void run_late_check(struct work_struct *work)
{
	struct late_check *late = container_of(work, struct late_check, work);
	struct device *dev = late->dev;

	device_lock(dev);
	late->check(dev);
	mutex_lock(&late_checks_lock);
	list_del(&late->node);
	mutex_unlock(&late_checks_lock);
	device_unlock(dev);
	put_device(dev);
	kfree(late);
}

/*
 * Never wait for a device lock here: the holder may be the probe that loads
 * this module.
 */
static int check_one(struct device *dev, void *data)
{
	const check_fn check = data;
	struct late_check *late;

	if (device_trylock(dev)) {
		check(dev);
		device_unlock(dev);
		return 0;
	}

	late = kmalloc(sizeof(*late), GFP_KERNEL | __GFP_NOFAIL);
	INIT_WORK(&late->work, run_late_check);
	late->dev = get_device(dev);
	late->check = check;
	mutex_lock(&late_checks_lock);
	list_add(&late->node, &late_checks);
	mutex_unlock(&late_checks_lock);
	queue_work(check_queue, &late->work);
	return 0;
}

/**
 * acs_guard_check_at_load() - report bound functions that would be refused
 *
 * Context: init, when binds are guarded already.  Waits for no device lock: a
 * work item checks each device that is locked.
 */
void acs_guard_check_at_load(void)
{
	bus_for_each_dev(&pci_bus_type, NULL, check_at_load, check_one);
}

/**
 * acs_guard_check_settings() - report bound functions that a stricter setting
 *	would refuse
 *
 * Context: process context; may sleep.  Waits for no device lock: a work item
 * checks each device that is locked.
 */
void acs_guard_check_settings(void)
{
	bus_for_each_dev(&pci_bus_type, NULL, check_after_setting, check_one);
}

/**
 * struct recheck_pass - a pass of a recheck over all functions
 * @number: the number of the recheck, which skips functions it is done with
 * @unsettled: the number of functions that were locked or need another check
 */
struct recheck_pass {
	unsigned int number;
	unsigned int unsettled;
};

/*
 * Other code gives up, or skips a reset, if it finds the device locked.  So the
 * device is locked during the check only, and not while the log is written.
 */
static int recheck_one(struct device *dev, void *data)
{
	struct recheck_pass *pass = data;
	struct pci_dev *pdev = to_pci_dev(dev);
	struct acs_guard_decision decision;
	enum check result = CHECK_AGAIN;

	if (!acs_guard_needs_check(pdev, pass->number))
		return 0;

	if (device_trylock(dev)) {
		result = check_locked(pdev, &decision);
		device_unlock(dev);
	}
	if (result == CHECK_DRIFT)
		acs_guard_report(&decision);

	if (result == CHECK_AGAIN)
		pass->unsettled++;
	else
		acs_guard_set_checked(pdev, pass->number);
	return 0;
}

/**
 * acs_guard_check_drift() - check functions that were isolated at the bind
 * @number: the number of the recheck, not 0
 *
 * A function that has lost its isolation is reported once.  It is reported
 * again only if it was isolated in between.
 *
 * Context: process context; may sleep.  Waits for no device lock.
 * Return: the number of functions that were locked or need another check.
 */
unsigned int acs_guard_check_drift(unsigned int number)
{
	struct recheck_pass pass = { .number = number };

	bus_for_each_dev(&pci_bus_type, NULL, &pass, recheck_one);
	return pass.unsettled;
}

/**
 * acs_guard_check_init() - prepare checks
 * @queue: the workqueue that waits for the locks of devices; freezable
 *
 * Context: init, before the first check.
 */
void acs_guard_check_init(struct workqueue_struct *queue)
{
	check_queue = queue;
}
