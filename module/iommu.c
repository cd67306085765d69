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
 * acs_guard_has_iommu() - does an IOMMU driver take care of a function?  (R14)
 * @pdev: the function; the caller holds it
 *
 * In its no-IOMMU mode VFIO puts a function into a group that it made up, which
 * keeps nothing apart; so the group does not tell.  Nor do the capabilities of
 * an IOMMU, such as cache coherency: one without them translates as well.
 */
bool acs_guard_has_iommu(struct pci_dev *pdev)
{
	const struct dev_iommu *iommu = READ_ONCE(pdev->dev.iommu);

	return iommu && READ_ONCE(iommu->iommu_dev);
}
