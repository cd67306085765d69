// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what the administrator has said
 *
 * The settings, and one word a device, are written under the policy mutex, so
 * the log tells changes in the order in which they took effect, and read
 * without it: a bind sees the old word or the new one.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "acs_guard.h"

const char *const acs_guard_unit_names[] = {
	[ACS_GUARD_FUNCTION] = "function",
	[ACS_GUARD_GROUP] = "group",
};

const char *const acs_guard_mode_names[] = {
	[ACS_GUARD_ENFORCE] = "enforce",
	[ACS_GUARD_AUDIT] = "audit",
};

/* Never held across the removal of attributes, whose users take it. */
static DEFINE_MUTEX(policy);

/* Set before anything is guarded; what changes afterwards is read anywhere. */
static struct acs_guard_settings settings __read_mostly;

/**
 * acs_guard_settings() - what holds for all devices
 *
 * Return: that, at one moment or another.
 */
struct acs_guard_settings acs_guard_settings(void)
{
	return (struct acs_guard_settings){
		.mode = READ_ONCE(settings.mode),
		.unit = READ_ONCE(settings.unit),
		.policy = settings.policy,
		.period = READ_ONCE(settings.period),
		.locked = READ_ONCE(settings.locked),
	};
}

/**
 * acs_guard_start_with() - what holds from the start
 * @start: that
 *
 * Context: init only, before anything is guarded.
 */
void acs_guard_start_with(const struct acs_guard_settings *start)
{
	settings = *start;
}

/* Never given back: the module stays.  Return: 0, or -ENODEV if it is going. */
static int stay(void)
{
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	acs_guard_report_setting("lock", "0", "1");
	if (settings.mode == ACS_GUARD_AUDIT)
		pr_warn("locked in mode=audit: nothing is refused until reboot\n");
	return 0;
}

/**
 * acs_guard_started() - what is guarded is guarded: begin with all else
 *
 * Context: init only, after anything that can fail.
 */
void acs_guard_started(void)
{
	acs_guard_patrol(settings.period);
	if (settings.locked)
		stay();
}

/*
 * What is locked stays as it is.  A write that would change nothing is no
 * attempt.
 */
static int ask_lock(const char *what)
{
	lockdep_assert_held(&policy);
	if (!settings.locked)
		return 0;
	acs_guard_report_locked(what);
	return -EPERM;
}

static int change_mode(enum acs_guard_mode mode)
{
	const enum acs_guard_mode old = settings.mode;
	const int err = ask_lock("mode");

	if (err)
		return err;
	WRITE_ONCE(settings.mode, mode);
	acs_guard_report_setting("mode", acs_guard_mode_names[old],
				 acs_guard_mode_names[mode]);
	if (mode == ACS_GUARD_ENFORCE)
		acs_guard_report_present_soon();
	return 0;
}

/**
 * acs_guard_set_mode() - put another mode in force
 * @mode: the mode
 *
 * If @mode is enforce, bound functions that would now be refused are reported.
 *
 * Context: process context; may sleep.
 * Return: 0, or -EPERM if the settings are locked.
 */
int acs_guard_set_mode(enum acs_guard_mode mode)
{
	int err = 0;

	mutex_lock(&policy);
	if (mode != settings.mode)
		err = change_mode(mode);
	mutex_unlock(&policy);
	return err;
}

static int change_unit(enum acs_guard_unit unit)
{
	const enum acs_guard_unit old = settings.unit;
	const int err = ask_lock("unit");

	if (err)
		return err;
	WRITE_ONCE(settings.unit, unit);
	acs_guard_report_setting("unit", acs_guard_unit_names[old],
				 acs_guard_unit_names[unit]);
	if (unit == ACS_GUARD_FUNCTION)
		acs_guard_report_present_soon();
	return 0;
}

/**
 * acs_guard_set_unit() - put another unit in force
 * @unit: the unit
 *
 * The unit applies from the next bind on.  A driver that is already bound stays
 * bound.  If @unit is function, bound functions that would now be refused are
 * reported.
 *
 * Context: process context; may sleep.
 * Return: 0, or -EPERM if the settings are locked.
 */
int acs_guard_set_unit(enum acs_guard_unit unit)
{
	int err = 0;

	mutex_lock(&policy);
	if (unit != settings.unit)
		err = change_unit(unit);
	mutex_unlock(&policy);
	return err;
}

static int change_period(unsigned int seconds)
{
	const int err = ask_lock("recheck_period");
	char from[16], to[16];

	if (err)
		return err;
	snprintf(from, sizeof(from), "%u", settings.period);
	snprintf(to, sizeof(to), "%u", seconds);
	WRITE_ONCE(settings.period, seconds);
	acs_guard_patrol(seconds);
	acs_guard_report_setting("recheck_period", from, to);
	return 0;
}

/**
 * acs_guard_set_period() - recheck from time to time
 * @seconds: from one recheck to the next, or 0: only when asked
 *
 * Context: process context; may sleep.
 * Return: 0, or -EPERM if the settings are locked.
 */
int acs_guard_set_period(unsigned int seconds)
{
	int err = 0;

	mutex_lock(&policy);
	if (seconds != settings.period)
		err = change_period(seconds);
	mutex_unlock(&policy);
	return err;
}

static int change_lock(bool lock)
{
	int err = ask_lock("lock");

	if (!err)
		err = stay();
	if (!err)
		WRITE_ONCE(settings.locked, lock);
	return err;
}

/**
 * acs_guard_set_lock() - from now on nobody's word counts, until reboot
 * @lock: true; false changes nothing, and is refused when locked
 *
 * Context: process context; may sleep; from a file of the module's or its init.
 * Return: 0, -EPERM, or -ENODEV if the module is being unloaded.
 */
int acs_guard_set_lock(bool lock)
{
	int err = 0;

	mutex_lock(&policy);
	if (lock != settings.locked)
		err = change_lock(lock);
	mutex_unlock(&policy);
	return err;
}

static int change_permissive(struct pci_dev *pdev, bool permissive)
{
	struct acs_guard_verdict verdict;
	char what[48];
	int err;

	snprintf(what, sizeof(what), "permissive of %s",
		 acs_guard_name(acs_guard_bdf(pdev)).text);
	err = ask_lock(what);
	if (!err)
		err = acs_guard_keep_permissive(pdev, permissive);
	if (err)
		return err;

	acs_guard_examine(pdev, &settings.policy, &verdict);
	acs_guard_report(pdev,
			 permissive ? ACS_GUARD_SET_PERMISSIVE :
				      ACS_GUARD_CLEAR_PERMISSIVE,
			 &verdict, NULL);
	return 0;
}

/**
 * acs_guard_set_permissive() - set, or take back, an administrator's exception
 * @pdev: the function; an attribute of it is in use
 * @permissive: the exception
 *
 * Counts from the next bind on; what is bound stays so.
 *
 * Context: process context; may sleep.
 * Return: 0, -ENODEV if the guard keeps nothing about @pdev, or -EPERM if the
 * settings are locked.
 */
int acs_guard_set_permissive(struct pci_dev *pdev, bool permissive)
{
	int err = 0;

	mutex_lock(&policy);
	if (permissive != acs_guard_is_permissive(pdev))
		err = change_permissive(pdev, permissive);
	mutex_unlock(&policy);
	return err;
}
