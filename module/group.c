// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: IOMMU groups
 */
#include <linux/iommu.h>
#include <linux/pci.h>

#include "acs_guard.h"

/**
 * acs_guard_group() - the IOMMU group of a function
 * @pdev: the function; the caller holds it
 *
 * Return: the group's number, or negative if it has none.
 */
int acs_guard_group(struct pci_dev *pdev)
{
	struct iommu_group *group = iommu_group_get(&pdev->dev);
	const int id = group ? iommu_group_id(group) : -1;

	iommu_group_put(group);
	return id;
}

/**
 * struct members - a look at the members of a group
 * @visit: called for each of them
 * @data: for @visit
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
 * acs_guard_visit_group() - go through the members of a function's IOMMU group
 * @pdev: the function; the caller holds it
 * @visit: called for each PCI function among them, @pdev too; returns 0.  The
 *	group's mutex is held, so it takes no lock and resumes nothing
 * @data: for @visit
 *
 * Nothing happens if there is no group.
 *
 * Context: process context.
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
