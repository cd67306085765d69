/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: bridges below which hidden functions were not searched for
 */
#ifndef ACS_GUARD_UNSEARCHED_H
#define ACS_GUARD_UNSEARCHED_H

#include <linux/types.h>

struct pci_dev;

bool acs_guard_is_unsearched(const struct pci_dev *bridge);
void acs_guard_add_unsearched(struct pci_dev *bridge);
bool acs_guard_retry_unsearched(bool (*search)(struct pci_dev *bridge),
				bool *again);
void acs_guard_forget_unsearched(void);

#endif /* ACS_GUARD_UNSEARCHED_H */
