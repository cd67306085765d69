/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the IOMMU and the IOMMU group of a function
 */
#ifndef ACS_GUARD_IOMMU_H
#define ACS_GUARD_IOMMU_H

#include <linux/types.h>

struct pci_dev;

bool acs_guard_has_iommu(struct pci_dev *pdev);
int acs_guard_group(struct pci_dev *pdev);

#endif /* ACS_GUARD_IOMMU_H */
