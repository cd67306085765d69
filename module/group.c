// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: IOMMU groups
 */
#include <linux/iommu.h>
#include <linux/pci.h>

#include "iommu.h"
#include "node.h"

/*
 * The IOMMU group of a function that an IOMMU handles.  A group is there until
 * the function is removed, or refused while it is added, except for those of
 * VFIO's no-IOMMU mode, which go at any unbind, without a lock against
 * iommu_group_get().
 */
static struct iommu_group *get_group(struct pci_dev *pdev)
{
	return acs_guard_has_iommu(pdev) ? iommu_group_get(&pdev->dev) : NULL;
}

/**
 * acs_guard_group() - get the number of a function's IOMMU group
 * @pdev: the function; the caller holds a reference
 *
 * Return: the number of the group, or a negative value without a group or
 * without an IOMMU.
 */
int acs_guard_group(struct pci_dev *pdev)
{
	struct iommu_group *group = get_group(pdev);
	const int id = group ? iommu_group_id(group) : -1;

	iommu_group_put(group);
	return id;
}

/**
 * struct members - a visit of the members of a group
 * @visit: called for each
 * @data: for @visit
 */
struct members {
	acs_node_fn visit;
	void *data;
};

static int visit_member(struct device *dev, void *data)
{
	const struct members *members = data;

	return dev_is_pci(dev) ? members->visit(acs_node_of(to_pci_dev(dev)),
						members->data) :
				 0;
}

/**
 * acs_node_visit_group() - visit the members of a function's IOMMU group
 * @node: the function
 * @visit: called for each PCI function among them, @node too; not zero ends the
 *	visit.  The group's mutex is held, so @visit takes no lock and resumes
 *	nothing
 * @data: for @visit
 *
 * Context: process context.
 * Return: 0, also if there is no group, or what @visit has returned.
 */
int acs_node_visit_group(struct acs_node node, acs_node_fn visit, void *data)
{
	struct iommu_group *group = acs_node_is_listed(node) ?
					    get_group(acs_node_pdev(node)) :
					    NULL;
	struct members members = { .visit = visit, .data = data };
	int done;

	if (!group)
		return 0;
	done = iommu_group_for_each_dev(group, &members, visit_member);
	iommu_group_put(group);
	return done;
}
