// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: when bound functions are checked again
 *
 * A verdict holds for the moment of the bind.  Later, software or a reset may
 * switch ACS off, or another function may appear.  A recheck judges again each
 * function that is bound to a guarded driver, and reports a function that is no
 * longer isolated (check.c).  Rechecks run when a function is added or removed,
 * when a setting is made stricter, on request, and periodically if a period is
 * set.
 */
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "check.h"
#include "hidden.h"
#include "hidden_find.h"
#include "pci_dev.h"
#include "recheck.h"
#include "topology_lock.h"

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

/* A setting may become stricter between two passes. */
static unsigned int run_pass(void)
{
	/* First, so that the effect of a setting is not reported as drift. */
	if (xchg(&present_is_due, false))
		acs_guard_check_settings();
	return acs_guard_check_drift(recheck_number);
}

/* Return: the number of functions that were busy, or in reset, all the time. */
static unsigned int run_recheck(void)
{
	unsigned int passes = 0, unsettled;

	lockdep_assert_held(&recheck_mutex);
	/* No recheck has the number zero. */
	recheck_number = recheck_number + 1 ?: 1;
	while ((unsettled = run_pass()) && ++passes < RECHECK_PASSES)
		if (msleep_interruptible(PASS_MS))
			break;
	return unsettled;
}

static void log_unsettled(unsigned int unsettled)
{
	pr_warn("recheck: not checked, because busy or in reset: %u function(s); to try again: echo 1 > /sys/module/acs_guard/parameters/recheck\n",
		unsettled);
}

/**
 * acs_guard_recheck() - check all functions that guarded drivers are bound to
 *
 * A function that has lost its isolation is reported once.  It is reported
 * again only if it was isolated in between.  Before the checks, bridges are
 * searched that could not be resumed at load.
 *
 * Context: process context; may sleep for more than a second.  A signal ends
 * the wait for busy functions early.
 *
 * Return: 0, or -EAGAIN if some function was busy, or in reset, all the time.
 */
int acs_guard_recheck(void)
{
	unsigned int unsettled;
	bool again = false;

	/* What still cannot be searched stays queued (again_work). */
	mutex_lock(&event_mutex);
	acs_guard_look_again(&again);
	mutex_unlock(&event_mutex);
	mutex_lock(&recheck_mutex);
	unsettled = run_recheck();
	mutex_unlock(&recheck_mutex);

	if (!unsettled)
		return 0;
	log_unsettled(unsettled);
	return -EAGAIN;
}

/*
 * A device can stay locked for hours.  The number of functions that are not
 * checked is logged only if it is larger than after the previous recheck.
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

/* Is a function being added or removed, so that walks do not find it? */
static bool is_changing(void)
{
	const int idx = acs_topology_read_lock();
	const bool changing = !acs_guard_all_are_children();

	acs_topology_read_unlock(idx);
	return changing;
}

/*
 * One pass handles all events since the last pass, because the work is queued
 * only once.  While the work waits, it holds no lock that the addition or
 * removal of a function needs to finish.
 */
static void follow_event(struct work_struct *work)
{
	unsigned int unsettled = 0;
	bool again, changing;

	mutex_lock(&event_mutex);
	/* An event resets the delay that earlier events have increased. */
	if (work == &event_work.work)
		again_delay = MIN_AGAIN_DELAY;
	/* First: a function may become a child of its bridge meanwhile. */
	changing = is_changing();
	again = acs_guard_forget_gone();
	if (acs_guard_look_again(&again))
		WRITE_ONCE(recheck_is_due, true);
	/* Without an event, only the records are updated. */
	if (work == &event_work.work || xchg(&recheck_is_due, false))
		unsettled = recheck_in_background();
	/* A recheck does not find what is being added. */
	if (unsettled || changing)
		WRITE_ONCE(recheck_is_due, true);

	if (again || unsettled || changing) {
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
	/* An earlier event may have queued again_work with a longer delay. */
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
