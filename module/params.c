// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the module's parameters
 *
 * Before init, a write to a parameter stores its text.  Init parses all texts,
 * and names an invalid word in one line of the log.  From then on, a write
 * changes the setting.  The kernel serializes writes by the lock of the
 * module's parameters, which init and exit hold as well.
 */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "engine.h"
#include "match.h"
#include "params.h"
#include "recheck.h"
#include "settings.h"

/* The limit of a kernel command line. */
#define MAX_PARAM_TEXT 2048

/*
 * PARAMS_LOADING: a write stores its text.  PARAMS_OPEN: a write changes the
 * setting.  PARAMS_CLOSED: a write fails; the files of parameters exist a
 * moment longer than the rest.  Under the lock of the module's parameters.
 */
static enum { PARAMS_LOADING, PARAMS_OPEN, PARAMS_CLOSED } params_stage;

/**
 * struct param_text - the text of a parameter
 * @text: the text
 * @cut: the text was longer than @text
 */
struct param_text {
	char text[MAX_PARAM_TEXT];
	bool cut;
};

static struct param_text mode_text = { "enforce" };
static struct param_text drivers_text = { "vfio-pci,pci-stub,*[-_]vfio[-_]pci" };
static struct param_text permissive_text;
static struct param_text unit_text = { "function" };
static struct param_text strict_text = { "0" };
static struct param_text period_text = { "0" };
static struct param_text lock_text = { "0" };

/*
 * The files of parameters exist a moment before init, so the writer may be
 * another process than the one that loads the module.
 */
static int store_text(struct param_text *text, const char *val)
{
	if (!capable(CAP_SYS_MODULE) || params_stage != PARAMS_LOADING)
		return -EPERM;
	text->cut = strscpy(text->text, val, sizeof(text->text)) < 0;
	return 0;
}

static int text_param_set(const char *val, const struct kernel_param *kp)
{
	return store_text(kp->arg, val);
}

static int text_param_get(char *buf, const struct kernel_param *kp)
{
	const struct param_text *text = kp->arg;

	return sysfs_emit(buf, "%s\n", text->text);
}

static const struct kernel_param_ops text_ops = {
	.set = text_param_set,
	.get = text_param_get,
};

/**
 * struct param_setting - a parameter that can be changed at run time
 * @text: its text before init
 * @parse: returns the value of a text, or a negative errno
 * @set: changes the setting; returns 0 or a negative errno
 */
struct param_setting {
	struct param_text *text;
	int (*parse)(const char *val);
	int (*set)(int value);
};

/* A stricter setting may apply to functions that are bound already. */
static int set_mode(int value)
{
	const int changed = acs_guard_set_mode(value);

	if (changed > 0 && value == ACS_GUARD_ENFORCE)
		acs_guard_report_present_soon();
	return min(changed, 0);
}

static int set_unit(int value)
{
	const int changed = acs_guard_set_unit(value);

	if (changed > 0 && value == ACS_GUARD_FUNCTION)
		acs_guard_report_present_soon();
	return min(changed, 0);
}

static int set_period(int value)
{
	const int changed = acs_guard_set_period(value);

	if (changed > 0)
		acs_guard_recheck_every(value);
	return min(changed, 0);
}

static int set_lock(int value)
{
	return min(acs_guard_set_frozen(value), 0);
}

static const struct param_setting mode_setting = {
	.text = &mode_text,
	.parse = acs_guard_parse_mode,
	.set = set_mode,
};

static const struct param_setting unit_setting = {
	.text = &unit_text,
	.parse = acs_guard_parse_unit,
	.set = set_unit,
};

static const struct param_setting period_setting = {
	.text = &period_text,
	.parse = acs_guard_parse_period,
	.set = set_period,
};

static const struct param_setting lock_setting = {
	.text = &lock_text,
	.parse = acs_guard_parse_lock,
	.set = set_lock,
};

static int setting_param_set(const char *val, const struct kernel_param *kp)
{
	const struct param_setting *setting = kp->arg;
	int value;

	if (params_stage == PARAMS_LOADING)
		return store_text(setting->text, val);
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (params_stage == PARAMS_CLOSED)
		return -ENODEV;

	value = setting->parse(val);
	return value < 0 ? value : setting->set(value);
}

static int mode_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  acs_guard_mode_names[acs_guard_settings().mode]);
}

static int unit_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  acs_guard_unit_names[acs_guard_settings().unit]);
}

static int period_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%u\n", acs_guard_settings().period);
}

static int lock_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", acs_guard_settings().frozen);
}

/* A write starts a recheck, and changes no setting. */
static int recheck_param_set(const char *val, const struct kernel_param *kp)
{
	int err;

	if (params_stage == PARAMS_LOADING) {
		pr_err("recheck= cannot be given at load, only written later\n");
		return -EINVAL;
	}
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (params_stage == PARAMS_CLOSED)
		return -ENODEV;

	err = acs_guard_parse_recheck(val);
	return err ?: acs_guard_recheck();
}

static const struct kernel_param_ops mode_ops = {
	.set = setting_param_set,
	.get = mode_param_get,
};

static const struct kernel_param_ops unit_ops = {
	.set = setting_param_set,
	.get = unit_param_get,
};

static const struct kernel_param_ops period_ops = {
	.set = setting_param_set,
	.get = period_param_get,
};

static const struct kernel_param_ops lock_ops = {
	.set = setting_param_set,
	.get = lock_param_get,
};

static const struct kernel_param_ops recheck_ops = {
	.set = recheck_param_set,
};

module_param_cb(mode, &mode_ops, (void *)&mode_setting, 0644);
MODULE_PARM_DESC(mode, "enforce (default) refuses, audit only logs");
module_param_cb(drivers, &text_ops, &drivers_text, 0444);
MODULE_PARM_DESC(drivers, "drivers to guard: globs, separated by commas");
module_param_cb(permissive, &text_ops, &permissive_text, 0444);
MODULE_PARM_DESC(permissive, "devices that start permissive: 0000:03:00.0,...");

module_param_cb(unit, &unit_ops, (void *)&unit_setting, 0644);
MODULE_PARM_DESC(unit, "what has to be isolated: function (default), group");
module_param_cb(strict, &text_ops, &strict_text, 0444);
MODULE_PARM_DESC(strict,
		 "1: also check translated requests and memory of switches");
module_param_cb(recheck_period, &period_ops, (void *)&period_setting, 0644);
MODULE_PARM_DESC(recheck_period,
		 "seconds between periodic checks of bound devices (0: none)");
module_param_cb(recheck, &recheck_ops, NULL, 0200);
MODULE_PARM_DESC(recheck,
		 "write 1: check now whether bound devices are still isolated");
module_param_cb(lock, &lock_ops, (void *)&lock_setting, 0644);
MODULE_PARM_DESC(lock, "1: freeze settings and forbid unloading until reboot");

static int check_length(const char *param, const struct param_text *text)
{
	const char *word = text->text + strlen(text->text);

	if (!text->cut)
		return 0;

	while (word > text->text && !strchr(",;", word[-1]))
		word--;
	pr_err("%s=: the list is too long at '%*pE': at most %d characters\n",
	       param, (int)strnlen(word, ACS_GUARD_MAX_WORD), word,
	       MAX_PARAM_TEXT - 1);
	return -EINVAL;
}

static int check_lengths(void)
{
	return check_length("mode", &mode_text)			    ?:
		       check_length("drivers", &drivers_text)	    ?:
		       check_length("permissive", &permissive_text) ?:
		       check_length("unit", &unit_text)		    ?:
		       check_length("strict", &strict_text)	    ?:
		       check_length("recheck_period", &period_text) ?:
		       check_length("lock", &lock_text);
}

static int parse_lists(void)
{
	return acs_guard_parse_drivers(drivers_text.text) ?:
		       acs_guard_parse_permissive(permissive_text.text);
}

/**
 * acs_guard_params_parse() - parse all parameters and set the initial settings
 *
 * Context: init, under the lock of the module's parameters.
 * Return: 0, or -EINVAL after a line in the log that names the invalid word.
 */
int acs_guard_params_parse(void)
{
	struct acs_guard_settings settings = {};
	int parsed;

	parsed = check_lengths() ?: parse_lists();
	if (parsed < 0)
		return parsed;

	parsed = acs_guard_parse_mode(mode_text.text);
	if (parsed < 0)
		return parsed;
	settings.mode = parsed;

	parsed = acs_guard_parse_unit(unit_text.text);
	if (parsed < 0)
		return parsed;
	settings.unit = parsed;

	parsed = acs_guard_parse_strict(strict_text.text);
	if (parsed < 0)
		return parsed;
	settings.policy.strict = parsed;

	parsed = acs_guard_parse_period(period_text.text);
	if (parsed < 0)
		return parsed;
	settings.period = parsed;

	parsed = acs_guard_parse_lock(lock_text.text);
	if (parsed < 0)
		return parsed;
	settings.frozen = parsed;

	acs_guard_settings_init(&settings);
	return 0;
}

/**
 * acs_guard_params_open() - from now on, writes change the settings
 *
 * Context: init, under the lock of the module's parameters.
 */
void acs_guard_params_open(void)
{
	params_stage = PARAMS_OPEN;
}

/**
 * acs_guard_params_close() - from now on, writes fail
 *
 * Context: init or exit, under the lock of the module's parameters.
 */
void acs_guard_params_close(void)
{
	params_stage = PARAMS_CLOSED;
}

/**
 * acs_guard_params_log() - log the settings that are in force after the load
 *
 * Context: init.
 */
void acs_guard_params_log(void)
{
	const struct acs_guard_settings settings = acs_guard_settings();

	pr_info("guarding mode=%s unit=%s strict=%d recheck_period=%u lock=%d drivers=%s permissive=%s\n",
		acs_guard_mode_names[settings.mode],
		acs_guard_unit_names[settings.unit], settings.policy.strict,
		settings.period, settings.frozen, drivers_text.text,
		*permissive_text.text ? permissive_text.text : "-");
}
