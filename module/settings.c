// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the settings that apply to all devices
 *
 * The settings are written under a mutex, so that the log lists changes in the
 * order in which they took effect.  They are read without the mutex: a bind
 * uses the old value or the new one.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "engine.h"
#include "report.h"
#include "settings.h"

/* Never held while attributes are removed: their users take this mutex. */
static DEFINE_MUTEX(settings_mutex);

/* @policy does not change after init. */
static struct acs_guard_settings settings __read_mostly;

/**
 * acs_guard_settings() - get the settings
 *
 * Context: any.
 * Return: a copy.  Each member is read once; a write of two settings may be
 * seen in part.
 */
struct acs_guard_settings acs_guard_settings(void)
{
	return (struct acs_guard_settings){
		.mode = READ_ONCE(settings.mode),
		.unit = READ_ONCE(settings.unit),
		.policy = settings.policy,
		.period = READ_ONCE(settings.period),
		.frozen = READ_ONCE(settings.frozen),
	};
}

/**
 * acs_guard_settings_init() - set the initial settings
 * @initial: the settings
 *
 * Context: init, before any device is guarded.
 */
void acs_guard_settings_init(const struct acs_guard_settings *initial)
{
	settings = *initial;
}

/* The reference is never dropped.  Return: 0, or -ENODEV during unload. */
static int pin_module(void)
{
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	acs_guard_report_setting("lock", "0", "1");
	if (settings.mode == ACS_GUARD_AUDIT)
		pr_warn("locked in mode=audit: nothing is refused until reboot\n");
	return 0;
}

/**
 * acs_guard_settings_pin() - keep the module loaded if its settings are frozen
 *
 * Context: init, after the last step that can fail.
 */
void acs_guard_settings_pin(void)
{
	if (settings.frozen)
		pin_module();
}

/**
 * acs_guard_settings_lock() - exclude changes of the settings and of exceptions
 *
 * Context: process context; may sleep.
 */
void acs_guard_settings_lock(void)
{
	mutex_lock(&settings_mutex);
}

/**
 * acs_guard_settings_unlock() - the end of acs_guard_settings_lock()
 */
void acs_guard_settings_unlock(void)
{
	mutex_unlock(&settings_mutex);
}

/**
 * acs_guard_settings_writable() - check whether settings can be changed
 * @what: what the caller is about to change, for the report of a refusal
 *
 * Callers check first whether the write changes anything: a write of the
 * current value is not reported.
 *
 * Context: within acs_guard_settings_lock().
 * Return: 0, or -EPERM if settings are frozen until reboot.
 */
int acs_guard_settings_writable(const char *what)
{
	lockdep_assert_held(&settings_mutex);
	if (!settings.frozen)
		return 0;
	acs_guard_report_locked(what);
	return -EPERM;
}

static int change_mode(enum acs_guard_mode mode)
{
	const enum acs_guard_mode old = settings.mode;
	const int err = acs_guard_settings_writable("mode");

	if (err)
		return err;
	WRITE_ONCE(settings.mode, mode);
	acs_guard_report_setting("mode", acs_guard_mode_names[old],
				 acs_guard_mode_names[mode]);
	return 1;
}

/**
 * acs_guard_set_mode() - change the mode
 * @mode: the new mode
 *
 * Context: process context; may sleep.
 * Return: 1 if the mode has changed, 0 if it was @mode already, or -EPERM if
 * settings are frozen.
 */
int acs_guard_set_mode(enum acs_guard_mode mode)
{
	int changed = 0;

	acs_guard_settings_lock();
	if (mode != settings.mode)
		changed = change_mode(mode);
	acs_guard_settings_unlock();
	return changed;
}

static int change_unit(enum acs_guard_unit unit)
{
	const enum acs_guard_unit old = settings.unit;
	const int err = acs_guard_settings_writable("unit");

	if (err)
		return err;
	WRITE_ONCE(settings.unit, unit);
	acs_guard_report_setting("unit", acs_guard_unit_names[old],
				 acs_guard_unit_names[unit]);
	return 1;
}

/**
 * acs_guard_set_unit() - change the unit
 * @unit: the new unit
 *
 * The unit applies from the next bind on.  A driver that is already bound stays
 * bound.
 *
 * Context: process context; may sleep.
 * Return: 1 if the unit has changed, 0 if it was @unit already, or -EPERM if
 * settings are frozen.
 */
int acs_guard_set_unit(enum acs_guard_unit unit)
{
	int changed = 0;

	acs_guard_settings_lock();
	if (unit != settings.unit)
		changed = change_unit(unit);
	acs_guard_settings_unlock();
	return changed;
}

static int change_period(unsigned int seconds)
{
	const int err = acs_guard_settings_writable("recheck_period");
	char from[16], to[16];

	if (err)
		return err;
	snprintf(from, sizeof(from), "%u", settings.period);
	snprintf(to, sizeof(to), "%u", seconds);
	WRITE_ONCE(settings.period, seconds);
	acs_guard_report_setting("recheck_period", from, to);
	return 1;
}

/**
 * acs_guard_set_period() - change the recheck period
 * @seconds: the time between two periodic rechecks, or 0 for none
 *
 * Context: process context; may sleep.
 * Return: 1 if the period has changed, 0 if it was @seconds already, or -EPERM
 * if settings are frozen.
 */
int acs_guard_set_period(unsigned int seconds)
{
	int changed = 0;

	acs_guard_settings_lock();
	if (seconds != settings.period)
		changed = change_period(seconds);
	acs_guard_settings_unlock();
	return changed;
}

static int change_frozen(bool frozen)
{
	int err = acs_guard_settings_writable("lock");

	if (!err)
		err = pin_module();
	if (err)
		return err;
	WRITE_ONCE(settings.frozen, frozen);
	return 1;
}

/**
 * acs_guard_set_frozen() - freeze settings and exceptions until reboot
 * @frozen: true; false changes nothing, and is refused once settings are frozen
 *
 * Context: process context; may sleep.  The caller keeps the module loaded.
 * Return: 1 if the settings are frozen now, 0 if nothing has changed, -EPERM,
 * or -ENODEV if the module is being unloaded.
 */
int acs_guard_set_frozen(bool frozen)
{
	int changed = 0;

	acs_guard_settings_lock();
	if (frozen != settings.frozen)
		changed = change_frozen(frozen);
	acs_guard_settings_unlock();
	return changed;
}
