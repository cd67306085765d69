// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the order of start and stop
 *
 * A file of its own beside main.c, because the KUnit suites start and stop the
 * guard, too.
 */
#include <linux/errno.h>
#include <linux/workqueue.h>

#include "check.h"
#include "hidden.h"
#include "hidden_find.h"
#include "hook.h"
#include "recheck.h"
#include "refuse.h"
#include "registry.h"
#include "start_stop.h"
#include "sysfs.h"
#include "unsearched.h"

/* Freezable, because the work takes device locks and may read registers. */
static struct workqueue_struct *guard_queue;

/**
 * acs_guard_start() - start to guard
 *
 * The settings are in force.  The entries are added before the first refusal,
 * so that every exception is in force by then.  The check of bound functions
 * runs after the notifier is registered, so that it misses no bind.
 *
 * Context: process context; may run inside the probe of a driver.
 * Return: 0 or a negative errno, with nothing left behind.
 */
int acs_guard_start(void)
{
	bool complete;
	int err;

	guard_queue =
		alloc_workqueue("acs_guard", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!guard_queue)
		return -ENOMEM;

	acs_guard_refuse_init(guard_queue);
	acs_guard_check_init(guard_queue);
	acs_guard_registry_init(&acs_guard_attributes);
	acs_guard_watch_hidden(acs_guard_recheck_soon);

	err = acs_guard_watch_devices();
	if (err)
		goto destroy_queue;
	acs_guard_add_entries();
	complete = acs_guard_look_for_hidden();

	err = acs_guard_guard_binds();
	if (err)
		goto remove_entries;

	acs_guard_check_at_load();
	/* A recheck looks again below bridges that could not be resumed. */
	if (!complete)
		acs_guard_recheck_soon();
	return 0;

remove_entries:
	acs_guard_remove_entries();
	acs_guard_unwatch_devices();
	acs_guard_end_rechecks();
	acs_guard_forget_unsearched();
	acs_guard_forget_hidden();
destroy_queue:
	destroy_workqueue(guard_queue);
	return err;
}

/**
 * acs_guard_stop() - stop guarding
 *
 * Each step waits for its users: first no new refusals, then the end of the
 * attempts under way and the release of bypassed drivers (a module reference
 * does not suffice: binds reach the notifier even when none can be taken), then
 * the attributes, then no notifications.
 *
 * Context: process context; waits for probes under way.
 */
void acs_guard_stop(void)
{
	acs_guard_unguard_binds();
	acs_guard_drop_refusals();
	/* Before the queue is destroyed: a recheck may queue work there. */
	acs_guard_end_rechecks();
	destroy_workqueue(guard_queue);
	acs_guard_remove_entries();
	acs_guard_unwatch_devices();
	acs_guard_end_rechecks();
	acs_guard_forget_unsearched();
	acs_guard_forget_hidden();
}
