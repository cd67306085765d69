/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the bus notifiers
 */
#ifndef ACS_GUARD_HOOK_H
#define ACS_GUARD_HOOK_H

int acs_guard_watch_devices(void);
void acs_guard_unwatch_devices(void);
int acs_guard_guard_binds(void);
void acs_guard_unguard_binds(void);

#endif /* ACS_GUARD_HOOK_H */
