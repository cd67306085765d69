// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: presence of an IOMMU
 *
 * A file of its own, because the KUnit suites have no IOMMU and link
 * kunit/fake_iommu.c instead.
 */
#include <linux/iommu.h>
#include <linux/pci.h>

#define ACS_GUARD_NEEDS_IOMMU
#include "compat.h"
#include "iommu.h"

/**
 * acs_guard_has_iommu() - check whether an IOMMU driver handles a function
 * @pdev: the function; the caller holds a reference
 *
 * R14.  An IOMMU group does not show that there is an IOMMU: VFIO's no-IOMMU
 * mode creates groups that isolate nothing.  The capabilities of an IOMMU, such
 * as cache coherency, are not checked: an IOMMU without them translates as
 * well.
 *
 * The driver of an IOMMU may refuse a function that is being added, and the
 * IOMMU core frees dev->iommu then.  As a rule the function has no group yet.
 *
 * Return: true if an IOMMU driver handles @pdev.
 */
bool acs_guard_has_iommu(struct pci_dev *pdev)
{
	const struct dev_iommu *iommu;

	if (!device_iommu_mapped(&pdev->dev))
		return false;
	iommu = READ_ONCE(pdev->dev.iommu);
	return iommu && READ_ONCE(iommu->iommu_dev);
}
