/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the order of start and stop
 */
#ifndef ACS_GUARD_START_STOP_H
#define ACS_GUARD_START_STOP_H

int acs_guard_start(void);
void acs_guard_stop(void);

#endif /* ACS_GUARD_START_STOP_H */
