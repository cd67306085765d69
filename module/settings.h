/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the settings that apply to all devices
 */
#ifndef ACS_GUARD_SETTINGS_H
#define ACS_GUARD_SETTINGS_H

#include "engine.h"

/**
 * struct acs_guard_settings - the settings that apply to all devices
 * @mode: whether the module refuses or only logs
 * @unit: what has to be isolated
 * @policy: how much is demanded
 * @period: seconds between two periodic rechecks, or 0 for none
 * @frozen: no setting can change until reboot
 */
struct acs_guard_settings {
	enum acs_guard_mode mode;
	enum acs_guard_unit unit;
	struct acs_guard_policy policy;
	unsigned int period;
	bool frozen;
};

struct acs_guard_settings acs_guard_settings(void);
void acs_guard_settings_init(const struct acs_guard_settings *initial);
void acs_guard_settings_pin(void);
int acs_guard_set_mode(enum acs_guard_mode mode);
int acs_guard_set_unit(enum acs_guard_unit unit);
int acs_guard_set_period(unsigned int seconds);
int acs_guard_set_frozen(bool frozen);

void acs_guard_settings_lock(void);
void acs_guard_settings_unlock(void);
int acs_guard_settings_writable(const char *what);

#endif /* ACS_GUARD_SETTINGS_H */
