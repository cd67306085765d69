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
 * So one bad look makes a function suspect, and only a second one, a while
 * later and with resets held off, makes it a drift.
 */
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "acs_guard.h"

/* A reset mostly is over after so many looks. */
#define LOOKS 12
#define LOOK_MS 100

/* One recheck at a time; each has a number. */
static DEFINE_MUTEX(rechecking);
static unsigned int round;

/* Seconds from one recheck to the next, or 0: none unless asked for. */
static unsigned int period;

static void patrol(struct work_struct *work);
static DECLARE_DELAYED_WORK(patrol_work, patrol);

/* A new function is added to its bridge's children shortly after the event. */
#define EVENT_DELAY (HZ / 5)

/* Delays between checks of what an event left unsettled; they double. */
#define MIN_AGAIN_DELAY (3 * HZ / 2)
#define MAX_AGAIN_DELAY (60 * HZ)
static unsigned long again_delay = MIN_AGAIN_DELAY;
static DEFINE_MUTEX(following);

/* Set if again_work has to judge functions, besides updating the records. */
static bool recheck_is_due;

/* Set while acs_guard_end_rechecks() runs: events are ignored. */
static bool ending;

/* Set if a stricter setting requires a report of bound functions. */
static bool present_is_due;

static void follow_event(struct work_struct *work);
static DECLARE_DELAYED_WORK(event_work, follow_event);
static DECLARE_DELAYED_WORK(again_work, follow_event);

static enum acs_guard_look confirm(struct pci_dev *pdev,
				   struct device_driver *drv,
				   struct acs_guard_verdict *verdict)
{
	const u64 blocker = verdict->blocker;
	struct acs_config_access access;
	enum acs_guard_action action;

	/* Resets of a function that is not listed cannot be blocked. */
	if (verdict->hidden && verdict->reason == ACS_GUARD_UNREADABLE &&
	    acs_guard_may_be_in_reset(blocker))
		return ACS_GUARD_LOOK_AGAIN;
	if (!acs_config_access_trylock(&access, pdev, verdict))
		return ACS_GUARD_LOOK_AGAIN;
	action = acs_guard_judge(pdev, drv, verdict);
	acs_config_access_unlock(&access);

	if (action != ACS_GUARD_DENY) {
		acs_guard_keep_standing(pdev, ACS_GUARD_VOUCHED);
		return ACS_GUARD_SETTLED;
	}
	/* Somebody else is to blame now, who was not held. */
	if (verdict->blocker != blocker)
		return ACS_GUARD_LOOK_AGAIN;
	acs_guard_keep_standing(pdev, ACS_GUARD_DRIFTED);
	return ACS_GUARD_HAS_DRIFTED;
}

static enum acs_guard_look look(struct pci_dev *pdev, struct device_driver *drv,
				struct acs_guard_verdict *verdict)
{
	if (acs_guard_judge(pdev, drv, verdict) != ACS_GUARD_DENY) {
		acs_guard_keep_standing(pdev, ACS_GUARD_VOUCHED);
		return ACS_GUARD_SETTLED;
	}

	switch (acs_guard_standing(pdev)) {
	case ACS_GUARD_VOUCHED:
		acs_guard_keep_standing(pdev, ACS_GUARD_SUSPECT);
		return ACS_GUARD_LOOK_AGAIN;
	case ACS_GUARD_SUSPECT:
		return confirm(pdev, drv, verdict);
	default:
		/* Not isolated at the bind, or the drift has been reported. */
		return ACS_GUARD_SETTLED;
	}
}

/* Return: how many functions were busy, or in reset, all the time. */
static unsigned int recheck(void)
{
	unsigned int looks = 0, unsettled;

	mutex_lock(&rechecking);
	/* First, so that the effect of a setting is not reported as drift. */
	if (xchg(&present_is_due, false))
		acs_guard_report_present();
	/* Zero is the number of no recheck. */
	round = round + 1 ?: 1;
	while ((unsettled = acs_guard_look_round(round, look)) &&
	       ++looks < LOOKS)
		if (msleep_interruptible(LOOK_MS))
			break;
	mutex_unlock(&rechecking);
	return unsettled;
}

static void tell_unsettled(unsigned int unsettled)
{
	pr_warn("recheck: %u functions were busy or in reset\n", unsettled);
}

/**
 * acs_guard_recheck() - judge again what guarded drivers have
 *
 * Each loss of isolation is told once, until it is made good.
 *
 * Context: process context; may sleep for a second or so, less if a signal
 * comes.
 * Return: 0, or -EAGAIN if some function was busy, or in reset, all the time.
 */
int acs_guard_recheck(void)
{
	const unsigned int unsettled = recheck();

	if (!unsettled)
		return 0;
	tell_unsettled(unsettled);
	return -EAGAIN;
}

/* A driver may hold its device for hours; that is told once. */
static void tell_more_unsettled(unsigned int unsettled)
{
	static unsigned int told;

	if (unsettled > told)
		tell_unsettled(unsettled);
	told = unsettled;
}

/*
 * Somebody may write another period meanwhile.  If it is none, it may be too
 * late to cancel the next patrol, which then ends here; if it is another, the
 * date that he made stands.
 */
static void patrol(struct work_struct *work)
{
	unsigned int seconds;

	if (!READ_ONCE(period))
		return;
	tell_more_unsettled(recheck());

	seconds = READ_ONCE(period);
	if (seconds)
		queue_delayed_work(system_freezable_wq, &patrol_work,
				   seconds * HZ);
}

/**
 * acs_guard_patrol() - recheck from time to time
 * @seconds: from one recheck to the next, or 0: no more
 *
 * Context: process context.  Its callers exclude each other.
 */
void acs_guard_patrol(unsigned int seconds)
{
	WRITE_ONCE(period, seconds);
	if (seconds)
		mod_delayed_work(system_freezable_wq, &patrol_work,
				 seconds * HZ);
	else
		cancel_delayed_work(&patrol_work);
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

	mutex_lock(&following);
	/* An event resets the delay that earlier events have increased. */
	if (work == &event_work.work)
		again_delay = MIN_AGAIN_DELAY;
	again = acs_guard_forget_gone();
	/* Without an event, only the records are updated. */
	if (work == &event_work.work || xchg(&recheck_is_due, false)) {
		unsettled = recheck();
		tell_more_unsettled(unsettled);
	}
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
	mutex_unlock(&following);
}

/**
 * acs_guard_recheck_soon() - queue a recheck after a change of the topology
 *
 * Context: any; waits for nothing.
 */
void acs_guard_recheck_soon(void)
{
	if (READ_ONCE(ending))
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
	WRITE_ONCE(ending, true);
	WRITE_ONCE(present_is_due, false);
	acs_guard_patrol(0);
	cancel_delayed_work_sync(&patrol_work);
	cancel_delayed_work_sync(&again_work);
	cancel_delayed_work_sync(&event_work);
	cancel_delayed_work_sync(&again_work);
	again_delay = MIN_AGAIN_DELAY;
	WRITE_ONCE(ending, false);
}
