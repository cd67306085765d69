// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: refuses to hand out PCI functions that are not isolated
 *
 * The parameters, and what is started and stopped in which order.
 */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "acs_guard.h"

/* As long as a kernel command line can be. */
#define MAX_TEXT 2048

/*
 * Until the parameters have been understood a write is kept for that; then it
 * changes what is in force; at last there is nothing to be changed.  Under the
 * lock of the module's parameters.
 */
static enum { LOADING, LIVE, GONE } stage;

/**
 * struct text - a parameter as it was given
 * @text: the text, ended
 * @cut: it was longer
 */
struct text {
	char text[MAX_TEXT];
	bool cut;
};

static struct text mode = { "enforce" };
static struct text drivers = { "vfio-pci,pci-stub,*[-_]vfio[-_]pci" };
static struct text permissive;
static struct text unit = { "function" };
static struct text strict = { "0" };
static struct text recheck_period = { "0" };
static struct text lock = { "0" };

/*
 * Before init, only keep the text: init() understands all of them, and says
 * what is wrong in one line of its own.  The files of parameters are there a
 * moment before init, so it may be somebody else than who loads us.
 */
static int keep(struct text *text, const char *val)
{
	if (!capable(CAP_SYS_MODULE) || stage != LOADING)
		return -EPERM;
	text->cut = strscpy(text->text, val, sizeof(text->text)) < 0;
	return 0;
}

static int keep_text(const char *val, const struct kernel_param *kp)
{
	return keep(kp->arg, val);
}

static int show_text(char *buf, const struct kernel_param *kp)
{
	const struct text *text = kp->arg;

	return sysfs_emit(buf, "%s\n", text->text);
}

static const struct kernel_param_ops text_ops = {
	.set = keep_text,
	.get = show_text,
};

/**
 * struct setting - a parameter that can be changed at run time
 * @text: as it was given before init
 * @parse: what to make of it, or a negative errno
 * @set: put that in force
 */
struct setting {
	struct text *text;
	int (*parse)(const char *val);
	int (*set)(int value);
};

static int set_mode(int value)
{
	return acs_guard_set_mode(value);
}

static int set_unit(int value)
{
	return acs_guard_set_unit(value);
}

static int set_period(int value)
{
	return acs_guard_set_period(value);
}

static int set_lock(int value)
{
	return acs_guard_set_lock(value);
}

static const struct setting mode_setting = {
	.text = &mode,
	.parse = acs_guard_parse_mode,
	.set = set_mode,
};

static const struct setting unit_setting = {
	.text = &unit,
	.parse = acs_guard_parse_unit,
	.set = set_unit,
};

static const struct setting period_setting = {
	.text = &recheck_period,
	.parse = acs_guard_parse_period,
	.set = set_period,
};

static const struct setting lock_setting = {
	.text = &lock,
	.parse = acs_guard_parse_lock,
	.set = set_lock,
};

static int change(const char *val, const struct kernel_param *kp)
{
	const struct setting *setting = kp->arg;
	int value;

	if (stage == LOADING)
		return keep(setting->text, val);
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (stage == GONE)
		return -ENODEV;

	value = setting->parse(val);
	return value < 0 ? value : setting->set(value);
}

static int show_mode(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  acs_guard_mode_names[acs_guard_settings().mode]);
}

static int show_unit(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  acs_guard_unit_names[acs_guard_settings().unit]);
}

static int show_period(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%u\n", acs_guard_settings().period);
}

static int show_lock(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", acs_guard_settings().locked);
}

/* Not a setting: something to do. */
static int look_now(const char *val, const struct kernel_param *kp)
{
	int err;

	if (stage == LOADING) {
		pr_err("recheck= is for when the module is loaded\n");
		return -EINVAL;
	}
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (stage == GONE)
		return -ENODEV;

	err = acs_guard_parse_recheck(val);
	return err ?: acs_guard_recheck();
}

static const struct kernel_param_ops mode_ops = {
	.set = change,
	.get = show_mode,
};

static const struct kernel_param_ops unit_ops = {
	.set = change,
	.get = show_unit,
};

static const struct kernel_param_ops period_ops = {
	.set = change,
	.get = show_period,
};

static const struct kernel_param_ops lock_ops = {
	.set = change,
	.get = show_lock,
};

static const struct kernel_param_ops recheck_ops = {
	.set = look_now,
};

module_param_cb(mode, &mode_ops, (void *)&mode_setting, 0644);
MODULE_PARM_DESC(mode, "enforce (default) refuses, audit only logs");
module_param_cb(drivers, &text_ops, &drivers, 0444);
MODULE_PARM_DESC(drivers, "drivers to guard: globs, separated by commas");
module_param_cb(permissive, &text_ops, &permissive, 0444);
MODULE_PARM_DESC(permissive, "devices that start permissive: 0000:03:00.0,...");

module_param_cb(unit, &unit_ops, (void *)&unit_setting, 0644);
MODULE_PARM_DESC(unit, "what has to be isolated: function (default), group");
module_param_cb(strict, &text_ops, &strict, 0444);
MODULE_PARM_DESC(strict, "1: also demand what stops forged translations");
module_param_cb(recheck_period, &period_ops, (void *)&period_setting, 0644);
MODULE_PARM_DESC(recheck_period,
		 "seconds from one look at what is bound to the next (0: none)");
module_param_cb(recheck, &recheck_ops, NULL, 0200);
MODULE_PARM_DESC(recheck,
		 "write 1: look now whether what is bound is isolated");
module_param_cb(lock, &lock_ops, (void *)&lock_setting, 0644);
MODULE_PARM_DESC(lock, "1: nothing can be changed, or unloaded, until reboot");

static int check_length(const char *param, const struct text *text)
{
	const char *word = text->text + strlen(text->text);

	if (!text->cut)
		return 0;

	while (word > text->text && !strchr(",;", word[-1]))
		word--;
	pr_err("%s=: '%*pE' is where the list gets too long: at most %d characters\n",
	       param, (int)strnlen(word, ACS_GUARD_MAX_WORD), word,
	       MAX_TEXT - 1);
	return -EINVAL;
}

static int check_lengths(void)
{
	int err;

	err = check_length("mode", &mode);
	if (!err)
		err = check_length("drivers", &drivers);
	if (!err)
		err = check_length("permissive", &permissive);
	if (!err)
		err = check_length("unit", &unit);
	if (!err)
		err = check_length("strict", &strict);
	if (!err)
		err = check_length("recheck_period", &recheck_period);
	if (!err)
		err = check_length("lock", &lock);
	return err;
}

static int parse_lists(void)
{
	const int err = acs_guard_parse_drivers(drivers.text);

	return err ?: acs_guard_parse_permissive(permissive.text);
}

static int parse_parameters(void)
{
	struct acs_guard_settings settings = {};
	int parsed;

	parsed = check_lengths() ?: parse_lists();
	if (parsed < 0)
		return parsed;

	parsed = acs_guard_parse_mode(mode.text);
	if (parsed < 0)
		return parsed;
	settings.mode = parsed;

	parsed = acs_guard_parse_unit(unit.text);
	if (parsed < 0)
		return parsed;
	settings.unit = parsed;

	parsed = acs_guard_parse_strict(strict.text);
	if (parsed < 0)
		return parsed;
	settings.policy.strict = parsed;

	parsed = acs_guard_parse_period(recheck_period.text);
	if (parsed < 0)
		return parsed;
	settings.period = parsed;

	parsed = acs_guard_parse_lock(lock.text);
	if (parsed < 0)
		return parsed;
	settings.locked = parsed;

	acs_guard_start_with(&settings);
	return 0;
}

static void tell_settings(void)
{
	const struct acs_guard_settings settings = acs_guard_settings();

	pr_info("guarding mode=%s unit=%s strict=%d recheck_period=%u lock=%d drivers=%s permissive=%s\n",
		acs_guard_mode_names[settings.mode],
		acs_guard_unit_names[settings.unit], settings.policy.strict,
		settings.period, settings.locked, drivers.text,
		*permissive.text ? permissive.text : "-");
}

static int start(void)
{
	int err;

	err = parse_parameters();
	if (err)
		return err;
	err = acs_guard_hook_init();
	if (err)
		return err;

	acs_guard_started();
	tell_settings();
	return 0;
}

static int __init init(void)
{
	int err;

	/* A write to a parameter comes before all of this, or after. */
	kernel_param_lock(THIS_MODULE);
	err = start();
	stage = err ? GONE : LIVE;
	kernel_param_unlock(THIS_MODULE);
	return err;
}

static void __exit cleanup(void)
{
	/* The files of parameters are there a moment longer than all else. */
	kernel_param_lock(THIS_MODULE);
	stage = GONE;
	kernel_param_unlock(THIS_MODULE);

	acs_guard_hook_exit();
}

module_init(init);
module_exit(cleanup);

MODULE_DESCRIPTION("Refuses to bind PCI functions that ACS does not isolate");
MODULE_LICENSE("GPL");
