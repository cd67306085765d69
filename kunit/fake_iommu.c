// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the suites link in the place of module/iommu.c: the fake host has
 * groups, and no IOMMU that the kernel knows of.
 */
#include <linux/pci.h>

#include "iommu.h"
#include "fake_iommu.h"

static bool iommu_is_there = true;

/**
 * fake_iommu_set() - set whether fake hosts have an IOMMU
 * @there: true (the default) if they have one
 */
void fake_iommu_set(bool there)
{
	iommu_is_there = there;
}

bool acs_guard_has_iommu(struct pci_dev *pdev)
{
	return iommu_is_there;
}
