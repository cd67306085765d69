/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: when bound functions are checked again
 */
#ifndef ACS_GUARD_RECHECK_H
#define ACS_GUARD_RECHECK_H

int acs_guard_recheck(void);
void acs_guard_recheck_soon(void);
void acs_guard_report_present_soon(void);
void acs_guard_recheck_every(unsigned int seconds);
void acs_guard_end_rechecks(void);

#endif /* ACS_GUARD_RECHECK_H */
