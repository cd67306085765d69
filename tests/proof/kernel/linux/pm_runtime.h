/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: runtime PM, for the proof about hidden_find.c
 */
#ifndef ACS_GUARD_PROOF_KERNEL_PM_RUNTIME_H
#define ACS_GUARD_PROOF_KERNEL_PM_RUNTIME_H

struct device;

int pm_runtime_get_sync(struct device *dev);
int pm_runtime_put(struct device *dev);

#endif /* ACS_GUARD_PROOF_KERNEL_PM_RUNTIME_H */
