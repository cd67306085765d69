/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: isolation lost while a function is bound
 */
#ifndef ACS_GUARD_RECHECK_H
#define ACS_GUARD_RECHECK_H

struct workqueue_struct;

void acs_guard_recheck_init(struct workqueue_struct *queue);
void acs_guard_check_at_load(void);
int acs_guard_recheck(void);
void acs_guard_recheck_soon(void);
void acs_guard_report_present_soon(void);
void acs_guard_recheck_every(unsigned int seconds);
void acs_guard_end_rechecks(void);

#endif /* ACS_GUARD_RECHECK_H */
