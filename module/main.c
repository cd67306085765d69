// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: refuse to bind PCI functions that are not isolated
 *
 * Load and unload of the module.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "params.h"
#include "recheck.h"
#include "settings.h"
#include "start_stop.h"

static int acs_guard_load(void)
{
	int err;

	err = acs_guard_params_parse();
	if (err)
		return err;
	err = acs_guard_start();
	if (err)
		return err;

	acs_guard_recheck_every(acs_guard_settings().period);
	acs_guard_settings_pin();
	acs_guard_params_log();
	return 0;
}

/* The lock keeps a write to a parameter from running in the middle. */
static int __init acs_guard_init(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	err = acs_guard_load();
	if (err)
		acs_guard_params_close();
	else
		acs_guard_params_open();
	kernel_param_unlock(THIS_MODULE);
	return err;
}

static void __exit acs_guard_exit(void)
{
	/* The files of parameters exist until after this function. */
	kernel_param_lock(THIS_MODULE);
	acs_guard_params_close();
	kernel_param_unlock(THIS_MODULE);

	acs_guard_stop();
}

module_init(acs_guard_init);
module_exit(acs_guard_exit);

MODULE_DESCRIPTION("Refuses to bind PCI functions that ACS does not isolate");
MODULE_LICENSE("GPL");
