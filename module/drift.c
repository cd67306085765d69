// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: isolation lost while a function is bound
 *
 * A verdict holds for the moment of the bind.  Later somebody may switch ACS
 * off, a reset may, or a card may be plugged in next door.  A recheck judges
 * again what guarded drivers have, and tells what has changed for the worse; it
 * takes nothing away from anybody.
 *
 * A device in reset answers with ones or zeroes, and looks as if it had no ACS.
 * So one bad look makes a function suspect, and only a second one, a while
 * later and with resets held off, makes it a drift.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "acs_guard.h"

/* A reset mostly is over after so many rounds. */
#define ROUNDS 12
#define ROUND_MS 100

/* One recheck at a time; and @period. */
static DEFINE_MUTEX(rechecking);

/* Seconds from one recheck to the next, or 0: none unless asked for. */
static unsigned int period;

static void patrol(struct work_struct *work);
static DECLARE_DELAYED_WORK(patrol_work, patrol);

/* Return: false if it has to be looked at once more. */
static bool confirm(struct pci_dev *pdev, struct device_driver *drv,
		    u64 blocker)
{
	struct acs_guard_verdict verdict;
	struct acs_guard_rest rest;
	enum acs_guard_action action;

	if (!acs_guard_hold_resets(pdev, blocker, &rest))
		return false;
	action = acs_guard_judge(pdev, drv, &verdict);
	acs_guard_let_resets(&rest);

	if (action == ACS_GUARD_DENY && verdict.blocker != blocker)
		return false;
	acs_guard_keep_standing(pdev, action == ACS_GUARD_DENY ?
					      ACS_GUARD_DRIFTED :
					      ACS_GUARD_VOUCHED);
	if (action == ACS_GUARD_DENY)
		acs_guard_report(pdev, ACS_GUARD_DRIFT, &verdict, drv->name);
	return true;
}

/* Return: false if it has to be looked at once more. */
static bool look(struct pci_dev *pdev, struct device_driver *drv)
{
	const enum acs_guard_standing standing = acs_guard_standing(pdev);
	struct acs_guard_verdict verdict;

	/* It was bound by somebody's word, who knows. */
	if (standing == ACS_GUARD_UNVOUCHED)
		return true;
	if (acs_guard_judge(pdev, drv, &verdict) != ACS_GUARD_DENY) {
		acs_guard_keep_standing(pdev, ACS_GUARD_VOUCHED);
		return true;
	}

	switch (standing) {
	case ACS_GUARD_VOUCHED:
		acs_guard_keep_standing(pdev, ACS_GUARD_SUSPECT);
		return false;
	case ACS_GUARD_SUSPECT:
		return confirm(pdev, drv, verdict.blocker);
	default:
		return true;
	}
}

/**
 * acs_guard_recheck() - judge again what guarded drivers have
 *
 * Each loss of isolation is told once, until it is made good.
 *
 * Context: process context; may sleep for a second or so.
 * Return: 0, or -EAGAIN if some function was busy, or in reset, all the time.
 */
int acs_guard_recheck(void)
{
	unsigned int unsettled, round = 0;

	mutex_lock(&rechecking);
	while ((unsettled = acs_guard_visit_bound(look)) && ++round < ROUNDS)
		msleep(ROUND_MS);
	mutex_unlock(&rechecking);

	if (!unsettled)
		return 0;
	pr_warn("recheck: %u functions were busy or in reset; ask again\n",
		unsettled);
	return -EAGAIN;
}

static void rearm(void)
{
	if (period)
		mod_delayed_work(system_freezable_wq, &patrol_work,
				 period * HZ);
	else
		cancel_delayed_work(&patrol_work);
}

static void patrol(struct work_struct *work)
{
	acs_guard_recheck();
	mutex_lock(&rechecking);
	rearm();
	mutex_unlock(&rechecking);
}

/**
 * acs_guard_patrol() - recheck from time to time
 * @seconds: from one recheck to the next, or 0: no more
 *
 * Context: process context; may sleep.
 */
void acs_guard_patrol(unsigned int seconds)
{
	mutex_lock(&rechecking);
	period = seconds;
	rearm();
	mutex_unlock(&rechecking);
}

/**
 * acs_guard_end_patrol() - no recheck by itself any more, nor one under way
 *
 * Context: process context; may sleep.  Nobody calls acs_guard_patrol() again.
 */
void acs_guard_end_patrol(void)
{
	acs_guard_patrol(0);
	cancel_delayed_work_sync(&patrol_work);
}
