/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: refuse a bind, by a PM domain, and undo that
 */
#ifndef ACS_GUARD_REFUSE_H
#define ACS_GUARD_REFUSE_H

#include <linux/types.h>

struct device;
struct workqueue_struct;

void acs_guard_refuse_init(struct workqueue_struct *queue);
void acs_guard_refuse(struct device *dev);
void acs_guard_reset_refusal(struct device *dev);
void acs_guard_refusal_not_bound(struct device *dev);
bool acs_guard_refusal_bypassed(struct device *dev);
void acs_guard_drop_refusals(void);

#endif /* ACS_GUARD_REFUSE_H */
