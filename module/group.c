// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: IOMMU groups
 */
#include <linux/iommu.h>
#include <linux/pci.h>

#include "acs_guard.h"

/**
 * acs_guard_group() - get the number of a function's IOMMU group
 * @pdev: the function; the caller holds a reference
 *
 * Return: the number of the group, or a negative value without a group.
 */
int acs_guard_group(struct pci_dev *pdev)
{
	struct iommu_group *group = iommu_group_get(&pdev->dev);
	const int id = group ? iommu_group_id(group) : -1;

	iommu_group_put(group);
	return id;
}

/**
 * struct members - arguments of acs_guard_visit_group()
 * @visit: called for each PCI function of the group
 * @data: passed to @visit
 */
struct members {
	int (*visit)(struct pci_dev *pdev, void *data);
	void *data;
};

static int visit_member(struct device *dev, void *data)
{
	struct members *members = data;

	return dev_is_pci(dev) ?
		       members->visit(to_pci_dev(dev), members->data) :
		       0;
}

/**
 * acs_guard_visit_group() - call a function for each member of an IOMMU group
 * @pdev: a function of the group; the caller holds a reference
 * @visit: called for each PCI function of the group, including @pdev, under the
 *	group's mutex; must take no lock and resume no device; returns 0
 * @data: passed to @visit
 *
 * Without a group, @visit is not called.
 *
 * Context: process context; takes the group's mutex.
 */
void acs_guard_visit_group(struct pci_dev *pdev,
			   int (*visit)(struct pci_dev *pdev, void *data),
			   void *data)
{
	struct iommu_group *group = iommu_group_get(&pdev->dev);
	struct members members = { .visit = visit, .data = data };

	if (!group)
		return;
	iommu_group_for_each_dev(group, &members, visit_member);
	iommu_group_put(group);
}
