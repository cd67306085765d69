/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: check the functions that guarded drivers are bound to
 */
#ifndef ACS_GUARD_CHECK_H
#define ACS_GUARD_CHECK_H

struct workqueue_struct;

void acs_guard_check_init(struct workqueue_struct *queue);
void acs_guard_check_at_load(void);
void acs_guard_check_settings(void);
unsigned int acs_guard_check_drift(unsigned int number);

#endif /* ACS_GUARD_CHECK_H */
