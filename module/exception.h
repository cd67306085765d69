/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the exception of a function, the attribute permissive
 */
#ifndef ACS_GUARD_EXCEPTION_H
#define ACS_GUARD_EXCEPTION_H

#include <linux/types.h>

struct pci_dev;

int acs_guard_set_permissive(struct pci_dev *pdev, bool permissive);

#endif /* ACS_GUARD_EXCEPTION_H */
