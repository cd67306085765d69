// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the exception of a function, the attribute permissive
 *
 * Exceptions change under the lock of the settings, so that the log lists all
 * changes in the order in which they took effect.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/pci.h>

#include "decide.h"
#include "examine.h"
#include "exception.h"
#include "registry.h"
#include "report.h"
#include "settings.h"

static noinline_for_stack void report_change(struct pci_dev *pdev,
					     bool permissive)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_decision decision;
	struct acs_guard_verdict verdict;

	acs_guard_examine(pdev, &settings.policy, &verdict);
	acs_guard_decision_init(&decision, pdev,
				permissive ? ACS_GUARD_SET_PERMISSIVE :
					     ACS_GUARD_CLEAR_PERMISSIVE,
				&verdict, NULL);
	acs_guard_report(&decision);
}

static int change_permissive(struct pci_dev *pdev, bool permissive)
{
	char what[48];
	int err;

	snprintf(what, sizeof(what), "permissive of %s",
		 acs_guard_name(acs_guard_bdf(pdev)).text);
	err = acs_guard_settings_writable(what);
	if (!err)
		err = acs_guard_store_permissive(pdev, permissive);
	if (!err)
		report_change(pdev, permissive);
	return err;
}

/**
 * acs_guard_set_permissive() - set or clear the exception of a function
 * @pdev: the function; an attribute of it is in use
 * @permissive: whether the function gets an exception
 *
 * The exception applies from the next bind on.  A driver that is already bound
 * stays bound.
 *
 * Context: process context; may sleep.
 * Return: 0, -ENODEV if the function has no entry in the registry, or -EPERM if
 * settings are frozen.
 */
int acs_guard_set_permissive(struct pci_dev *pdev, bool permissive)
{
	int err = 0;

	acs_guard_settings_lock();
	if (permissive != acs_guard_is_permissive(pdev))
		err = change_permissive(pdev, permissive);
	acs_guard_settings_unlock();
	return err;
}
