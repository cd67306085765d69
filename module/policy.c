// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what the administrator has said
 *
 * The mode, and one word a device.  They are written under the policy mutex,
 * so the log tells changes in the order in which they took effect, and read
 * without it: a bind sees the old word or the new one.
 */
#include <linux/errno.h>
#include <linux/mutex.h>

#include "acs_guard.h"

const char *const acs_guard_mode_names[] = {
	[ACS_GUARD_ENFORCE] = "enforce",
	[ACS_GUARD_AUDIT] = "audit",
};

/* Never held across the removal of attributes, whose users take it. */
static DEFINE_MUTEX(policy);

static enum acs_guard_mode current_mode;

/**
 * acs_guard_mode() - the mode in force
 */
enum acs_guard_mode acs_guard_mode(void)
{
	return READ_ONCE(current_mode);
}

/**
 * acs_guard_start_mode() - the mode to start with
 * @mode: the mode
 *
 * Context: init only, before anything is guarded.
 */
void acs_guard_start_mode(enum acs_guard_mode mode)
{
	WRITE_ONCE(current_mode, mode);
}

/**
 * acs_guard_set_mode() - put another mode in force
 * @mode: the mode
 *
 * Context: process context; may sleep.
 */
void acs_guard_set_mode(enum acs_guard_mode mode)
{
	enum acs_guard_mode old;

	mutex_lock(&policy);
	old = current_mode;
	WRITE_ONCE(current_mode, mode);
	if (mode != old)
		acs_guard_report_mode(old, mode);
	mutex_unlock(&policy);
}

/**
 * acs_guard_set_permissive() - set, or take back, an administrator's exception
 * @pdev: the function; an attribute of it is in use
 * @permissive: the exception
 *
 * Counts from the next bind on; what is bound stays so.
 *
 * Context: process context; may sleep.
 * Return: 0, or -ENODEV if the guard keeps nothing about @pdev.
 */
int acs_guard_set_permissive(struct pci_dev *pdev, bool permissive)
{
	struct acs_guard_entry *entry = acs_guard_find(pdev);
	struct acs_guard_verdict verdict;

	if (!entry)
		return -ENODEV;

	mutex_lock(&policy);
	if (entry->permissive != permissive) {
		WRITE_ONCE(entry->permissive, permissive);
		acs_guard_examine(pdev, &verdict);
		acs_guard_report(pdev,
				 permissive ? ACS_GUARD_SET_PERMISSIVE :
					      ACS_GUARD_CLEAR_PERMISSIVE,
				 &verdict, NULL);
	}
	mutex_unlock(&policy);
	return 0;
}
