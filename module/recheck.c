// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: isolation lost while a function is bound
 *
 * A verdict holds for the moment of the bind.  Later, software or a reset may
 * switch ACS off, or another function may appear.  A recheck judges again each
 * function that is bound to a guarded driver, and reports a function that is no
 * longer isolated.  A recheck unbinds nothing.  Rechecks run when a function is
 * added or removed, when a setting is made stricter, on request, and
 * periodically if a period is set.
 *
 * A device in reset answers with ones or zeroes, and looks as if it had no ACS.
 * So one failed check makes a function suspected, and only a second one, a while
 * later and with its configuration access locked against resets, is a drift.
 */
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "decide.h"
#include "hidden.h"
#include "match.h"
#include "power.h"
#include "recheck.h"
#include "registry.h"
#include "report.h"

/* Most resets are over after that many passes. */
#define RECHECK_PASSES 12
#define PASS_MS 100

/* A new function is added to its bridge's children shortly after the event. */
#define EVENT_DELAY (HZ / 5)

/* Delays between checks of what an event left unsettled; they double. */
#define MIN_AGAIN_DELAY (3 * HZ / 2)
#define MAX_AGAIN_DELAY (60 * HZ)

/* One recheck at a time; each has a number. */
static DEFINE_MUTEX(recheck_mutex);
static unsigned int recheck_number;

/* Seconds between two periodic rechecks, or 0 for none. */
static unsigned int recheck_period;

static void periodic_recheck(struct work_struct *work);
static DECLARE_DELAYED_WORK(periodic_work, periodic_recheck);

/* Under the mutex. */
static unsigned long again_delay = MIN_AGAIN_DELAY;
static DEFINE_MUTEX(event_mutex);

/* Set if again_work has to judge functions, besides updating the records. */
static bool recheck_is_due;

/* Set while acs_guard_end_rechecks() runs: events are ignored. */
static bool rechecks_end;

/* Set if a stricter setting requires a report of bound functions. */
static bool present_is_due;

static void follow_event(struct work_struct *work);
static DECLARE_DELAYED_WORK(event_work, follow_event);
static DECLARE_DELAYED_WORK(again_work, follow_event);

/* Waits for device locks that are taken. */
static struct workqueue_struct *recheck_queue;

/* ---- Checks of one device, under its lock ---- */

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
	acs_guard_set_bind_state(pdev, ACS_GUARD_DRIFTED);
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
		/* Not isolated at the bind, or the drift has been reported. */
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
	if (acs_guard_judge(pdev, dev->driver, &verdict) == ACS_GUARD_DENY)
		report_present(pdev, &verdict);
	else
		acs_guard_set_bind_state(pdev, ACS_GUARD_ISOLATED_AT_BIND);
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
		acs_guard_set_bind_state(pdev, ACS_GUARD_DRIFTED);
	if (acs_guard_apply_exception(pdev, &verdict) == ACS_GUARD_DENY)
		report_present(pdev, &verdict);
}

/* ---- Checks of all devices ---- */

typedef void (*check_fn)(struct device *dev);

/**
 * struct late_check - a check of a device that was locked
 * @work: waits for the device lock and calls @check
 * @dev: the device, with a reference
 * @check: called with the device lock held
 */
struct late_check {
	struct work_struct work;
	struct device *dev;
	check_fn check;
};

static void run_late_check(struct work_struct *work)
{
	struct late_check *late = container_of(work, struct late_check, work);
	struct device *dev = late->dev;

	device_lock(dev);
	late->check(dev);
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
	queue_work(recheck_queue, &late->work);
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

/* Return: the number of functions that are not settled. */
static unsigned int run_pass(void)
{
	struct recheck_pass pass = { .number = recheck_number };

	bus_for_each_dev(&pci_bus_type, NULL, &pass, recheck_one);
	return pass.unsettled;
}

/* Return: the number of functions that were busy, or in reset, all the time. */
static unsigned int run_recheck(void)
{
	unsigned int passes = 0, unsettled;

	lockdep_assert_held(&recheck_mutex);
	/* First, so that the effect of a setting is not reported as drift. */
	if (xchg(&present_is_due, false))
		bus_for_each_dev(&pci_bus_type, NULL, check_after_setting,
				 check_one);
	/* No recheck has the number zero. */
	recheck_number = recheck_number + 1 ?: 1;
	while ((unsettled = run_pass()) && ++passes < RECHECK_PASSES)
		if (msleep_interruptible(PASS_MS))
			break;
	return unsettled;
}

static void log_unsettled(unsigned int unsettled)
{
	pr_warn("recheck: %u functions were busy or in reset\n", unsettled);
}

/**
 * acs_guard_recheck() - check all functions that guarded drivers are bound to
 *
 * Each loss of isolation is reported once, until the function is isolated
 * again.
 *
 * Context: process context; may sleep for a second or so, less if a signal
 * comes.
 * Return: 0, or -EAGAIN if some function was busy, or in reset, all the time.
 */
int acs_guard_recheck(void)
{
	unsigned int unsettled;

	mutex_lock(&recheck_mutex);
	unsettled = run_recheck();
	mutex_unlock(&recheck_mutex);

	if (!unsettled)
		return 0;
	log_unsettled(unsettled);
	return -EAGAIN;
}

/*
 * A driver may hold its device for hours, so only a larger number than that of
 * the last recheck is logged.
 */
static unsigned int recheck_in_background(void)
{
	static unsigned int logged;
	unsigned int unsettled;

	mutex_lock(&recheck_mutex);
	unsettled = run_recheck();
	if (unsettled > logged)
		log_unsettled(unsettled);
	logged = unsettled;
	mutex_unlock(&recheck_mutex);
	return unsettled;
}

/* ---- When rechecks run ---- */

/*
 * The period may change meanwhile.  If it becomes zero, it may be too late to
 * cancel the work, which then ends here.  If it becomes another period,
 * queue_delayed_work() keeps the deadline that acs_guard_recheck_every() set.
 */
static void periodic_recheck(struct work_struct *work)
{
	unsigned int seconds;

	if (!READ_ONCE(recheck_period))
		return;
	recheck_in_background();

	seconds = READ_ONCE(recheck_period);
	if (seconds)
		queue_delayed_work(system_freezable_wq, &periodic_work,
				   seconds * HZ);
}

/**
 * acs_guard_recheck_every() - set the period of periodic rechecks
 * @seconds: the time between two rechecks, or 0 for none
 *
 * Context: process context.  Callers exclude each other.
 */
void acs_guard_recheck_every(unsigned int seconds)
{
	WRITE_ONCE(recheck_period, seconds);
	if (seconds)
		mod_delayed_work(system_freezable_wq, &periodic_work,
				 seconds * HZ);
	else
		cancel_delayed_work(&periodic_work);
}

/*
 * One pass handles all events since the last pass, because the work is queued
 * only once.  While the work waits, it holds no lock that the addition or
 * removal of a function needs to finish.
 */
static void follow_event(struct work_struct *work)
{
	unsigned int unsettled = 0;
	bool again;

	mutex_lock(&event_mutex);
	/* An event resets the delay that earlier events have increased. */
	if (work == &event_work.work)
		again_delay = MIN_AGAIN_DELAY;
	again = acs_guard_forget_gone();
	/* Without an event, only the records are updated. */
	if (work == &event_work.work || xchg(&recheck_is_due, false))
		unsettled = recheck_in_background();
	if (unsettled)
		WRITE_ONCE(recheck_is_due, true);

	if (again || unsettled) {
		queue_delayed_work(system_freezable_wq, &again_work,
				   again_delay);
		again_delay =
			min(2 * again_delay, (unsigned long)MAX_AGAIN_DELAY);
	} else {
		again_delay = MIN_AGAIN_DELAY;
	}
	mutex_unlock(&event_mutex);
}

/**
 * acs_guard_recheck_soon() - queue a recheck after a change of the topology
 *
 * Context: any; waits for nothing.
 */
void acs_guard_recheck_soon(void)
{
	if (READ_ONCE(rechecks_end))
		return;
	queue_delayed_work(system_freezable_wq, &event_work, EVENT_DELAY);
	/*
	 * A function may take longer to be added to its bridge's children.  An
	 * earlier event may have queued again_work with a longer delay.
	 */
	WRITE_ONCE(recheck_is_due, true);
	mod_delayed_work(system_freezable_wq, &again_work, MIN_AGAIN_DELAY);
}

/**
 * acs_guard_report_present_soon() - queue a report after a stricter setting
 *
 * The report names each function that is bound and that the new setting would
 * refuse, once, as "present".
 *
 * Context: any; waits for nothing.
 */
void acs_guard_report_present_soon(void)
{
	WRITE_ONCE(present_is_due, true);
	acs_guard_recheck_soon();
}

/**
 * acs_guard_recheck_init() - prepare rechecks
 * @queue: the workqueue that waits for the locks of devices; freezable
 *
 * Context: init, before the first recheck.
 */
void acs_guard_recheck_init(struct workqueue_struct *queue)
{
	recheck_queue = queue;
}

/**
 * acs_guard_end_rechecks() - cancel queued rechecks and wait for a running one
 *
 * Context: process context; may sleep.  No setting can change any more.  A call
 * of acs_guard_recheck_soon() after this one requires another call of this one.
 */
void acs_guard_end_rechecks(void)
{
	/*
	 * Each work queues again_work and, by acs_guard_recheck_soon(), may
	 * queue event_work, unless it finds this set.  So once each has been
	 * waited for, only again_work may be queued, by event_work.
	 */
	WRITE_ONCE(rechecks_end, true);
	WRITE_ONCE(present_is_due, false);
	acs_guard_recheck_every(0);
	cancel_delayed_work_sync(&periodic_work);
	cancel_delayed_work_sync(&again_work);
	cancel_delayed_work_sync(&event_work);
	cancel_delayed_work_sync(&again_work);
	again_delay = MIN_AGAIN_DELAY;
	WRITE_ONCE(rechecks_end, false);
}
