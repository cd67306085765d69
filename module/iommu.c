// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: is there an IOMMU?
 *
 * A file of its own because the KUnit suites have groups, but no IOMMU, and
 * link something else in its place.
 */
#include <linux/iommu.h>
#include <linux/pci.h>

#include "acs_guard.h"

/**
 * acs_guard_has_iommu() - is there an IOMMU that VFIO can fence a function with?
 * @pdev: the function; the caller holds it
 *
 * In its no-IOMMU mode VFIO puts a function into a group that it made up, which
 * keeps nobody from anybody.  The capability is the one that VFIO itself asks
 * for; no function has it that no IOMMU driver takes care of.
 */
bool acs_guard_has_iommu(struct pci_dev *pdev)
{
	return device_iommu_capable(&pdev->dev, IOMMU_CAP_CACHE_COHERENCY);
}
