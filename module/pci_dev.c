// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what the module reads of a struct pci_dev
 *
 * Addresses, the way up and down, the functions that the kernel lists, and
 * reads of configuration space at an address.  See pci_dev.h for lifetimes, and
 * for what else reads a struct pci_dev.
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "iommu.h"
#include "pci_dev.h"

/* The Vendor ID that is read where there is no function (7.5.1.1.1). */
#define NO_VENDOR U16_MAX

/**
 * acs_guard_bdf() - get the address of a function
 * @pdev: the function
 *
 * Return: the address as ACS_GUARD_BDF() makes it.
 */
u64 acs_guard_bdf(const struct pci_dev *pdev)
{
	return ACS_GUARD_BDF(pci_domain_nr(pdev->bus), pdev->bus->number,
			     pdev->devfn);
}

/**
 * acs_guard_ids() - get the IDs of a function
 * @pdev: the function
 *
 * Return: its vendor, device and subsystem IDs.
 */
struct acs_guard_ids acs_guard_ids(const struct pci_dev *pdev)
{
	return (struct acs_guard_ids){ {
		pdev->vendor,
		pdev->device,
		pdev->subsystem_vendor,
		pdev->subsystem_device,
	} };
}

/**
 * acs_guard_has_services() - check whether pcieport may bind to a function
 * @pdev: the function
 *
 * Return: true for bridges of any kind and for Root Complex Event Collectors.
 */
bool acs_guard_has_services(struct pci_dev *pdev)
{
	return acs_guard_is_bridge(pdev) ||
	       (pci_is_pcie(pdev) && pci_pcie_type(pdev) == PCI_EXP_TYPE_RC_EC);
}

/**
 * acs_guard_describe() - describe a function for a report
 * @pdev: the function
 * @subject: the description
 */
void acs_guard_describe(struct pci_dev *pdev, struct acs_guard_subject *subject)
{
	*subject = (struct acs_guard_subject){
		.bdf = acs_guard_bdf(pdev),
		.vendor = pdev->vendor,
		.device = pdev->device,
		.group = acs_guard_group(pdev),
		.kobj = &pdev->dev.kobj,
	};
}

/**
 * acs_guard_real_dma_dev() - get the real DMA device of a function's domain
 * @pdev: the function
 *
 * The host bridge of a VMD domain is a child of the VMD endpoint.
 *
 * Return: that endpoint, or NULL if no function owns the domain.
 */
struct pci_dev *acs_guard_real_dma_dev(struct pci_dev *pdev)
{
	struct pci_bus *bus = pdev->bus;
	struct device *parent;

	while (!pci_is_root_bus(bus))
		bus = bus->parent;

	parent = bus->bridge->parent;
	return parent && dev_is_pci(parent) ? to_pci_dev(parent) : NULL;
}

/* The bridge above @pdev, or the real DMA device of its domain, or NULL. */
static struct pci_dev *parent_of(struct pci_dev *pdev)
{
	return pci_upstream_bridge(pdev) ?: acs_guard_real_dma_dev(pdev);
}

/**
 * acs_guard_parent() - get the address of what is directly above a function
 * @pdev: the function
 *
 * Return: the address of the bridge or, on a root bus, of the real DMA device
 * of the domain; %ACS_GUARD_NO_PARENT if there is neither.
 */
u64 acs_guard_parent(struct pci_dev *pdev)
{
	struct pci_dev *above = parent_of(pdev);

	return above ? acs_guard_bdf(above) : ACS_GUARD_NO_PARENT;
}

/**
 * acs_guard_get_root_bus() - get the root bus above a function
 * @pdev: the function
 *
 * Return: the root bus of the domain that no function owns, with a reference on
 * its device.
 */
struct pci_bus *acs_guard_get_root_bus(struct pci_dev *pdev)
{
	struct pci_dev *above;

	while ((above = parent_of(pdev)))
		pdev = above;
	return to_pci_bus(get_device(&pci_physfn(pdev)->bus->dev));
}

static int find_bus(struct device *dev, void *data)
{
	struct pci_bus **bus = data;

	if (!dev->class || strcmp(dev->class->name, "pci_bus"))
		return 0;
	*bus = to_pci_bus(get_device(dev));
	return 1;
}

static int find_domain(struct device *dev, void *data)
{
	return dev_is_pci(dev) ? 0 : device_for_each_child(dev, data, find_bus);
}

/**
 * acs_guard_get_bus_below() - get the bus directly below a function
 * @bridge: a bridge, or the real DMA device of a domain
 *
 * The pointer to the bus in struct pci_dev is not used: nothing that a caller
 * can hold keeps the PCI core from removing the bus.
 *
 * Return: the bus with a reference on its device, or NULL if there is none.
 */
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge)
{
	struct pci_bus *bus = NULL;

	if (!device_for_each_child(&bridge->dev, &bus, find_bus))
		device_for_each_child(&bridge->dev, &bus, find_domain);
	return bus;
}

/**
 * acs_guard_get_root_bus_at() - get the root bus that an address is on
 * @bdf: the address
 *
 * Found by a function on it that the kernel lists, which keeps its root bus.
 *
 * Context: within acs_topology_read_lock().
 * Return: the bus with a reference on its device, or NULL if the bus of @bdf is
 * no root bus or has no listed function.
 */
struct pci_bus *acs_guard_get_root_bus_at(u64 bdf)
{
	struct pci_bus *bus = NULL;
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (pci_is_root_bus(pdev->bus) &&
		    acs_guard_bdf(pdev) >> 8 == bdf >> 8)
			break;
	if (pdev)
		bus = to_pci_bus(get_device(&pdev->bus->dev));
	pci_dev_put(pdev);
	return bus;
}

/**
 * acs_guard_has_bus() - check whether the kernel has the bus of an address
 * @bdf: the address
 *
 * pci_find_bus() follows pointers between buses without a lock, and a root bus
 * without functions can be removed at any time.  Here the driver core finds the
 * bus, and holds each bus while its name is compared.  The name is compared
 * because pci_domain_nr() reads what belongs to the driver of the host bridge,
 * which does not outlive the host bridge.
 *
 * Context: process context; takes no lock that a remover may hold.
 * Return: true as well if that is unknown.
 */
bool acs_guard_has_bus(u64 bdf)
{
	struct pci_dev *any = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, NULL);
	struct device *bus;
	char name[sizeof("ffffffff:ff")];

	if (!any)
		return true;
	snprintf(name, sizeof(name), "%04x:%02x", (u32)(bdf >> 16),
		 (u8)(bdf >> 8));
	/* All buses are of one class. */
	bus = class_find_device_by_name(any->bus->dev.class, name);
	pci_dev_put(any);
	put_device(bus);
	return bus;
}

/**
 * acs_guard_address_on() - make the address of a function on a bus
 * @bus: the bus
 * @devfn: the device and function number on @bus
 *
 * Return: the address as ACS_GUARD_BDF() makes it.
 */
u64 acs_guard_address_on(struct pci_bus *bus, u8 devfn)
{
	return ACS_GUARD_BDF(pci_domain_nr(bus), bus->number, devfn);
}

/**
 * acs_guard_is_on() - check whether an address is on a bus
 * @bus: the bus
 * @bdf: the address
 */
bool acs_guard_is_on(struct pci_bus *bus, u64 bdf)
{
	return acs_guard_address_on(bus, (u8)bdf) == bdf;
}

/**
 * acs_guard_is_up() - check whether a bridge passes configuration reads on
 * @bridge: the bridge
 *
 * Return: false if @bridge is known to be asleep or offline.
 */
bool acs_guard_is_up(struct pci_dev *bridge)
{
	return !pm_runtime_suspended(&bridge->dev) &&
	       !acs_guard_is_offline(bridge) &&
	       acs_guard_has_full_power(bridge);
}

/**
 * acs_guard_get_listed() - get a function that the kernel lists
 * @bdf: its address
 *
 * Return: the function with a reference, or NULL if there is none.
 */
struct pci_dev *acs_guard_get_listed(u64 bdf)
{
	return pci_get_domain_bus_and_slot(bdf >> 16, (u8)(bdf >> 8), (u8)bdf);
}

/**
 * acs_guard_find_listed() - find a function that the kernel lists
 * @bdf: its address
 *
 * Context: within acs_topology_read_lock(); the result is valid until its end.
 * Return: the function without a reference, or NULL if there is none.
 */
struct pci_dev *acs_guard_find_listed(u64 bdf)
{
	struct pci_dev *pdev = acs_guard_get_listed(bdf);

	pci_dev_put(pdev);
	return pdev;
}

/**
 * acs_guard_is_still_listed() - check whether the kernel lists a function
 * @pdev: the function; the caller has a reference
 *
 * Compares pointers and no addresses, because the domain number may be freed
 * with the host bridge and be used again.
 *
 * Context: within acs_topology_read_lock(); if the result is true, the function
 * and its host bridge are valid until its end.
 * Return: true if the kernel lists @pdev.
 */
bool acs_guard_is_still_listed(const struct pci_dev *pdev)
{
	struct pci_dev *listed = NULL;

	for_each_pci_dev(listed)
		if (listed == pdev)
			break;
	pci_dev_put(listed);
	return listed;
}

static int match_device(struct device *dev, void *data)
{
	return dev == data;
}

/**
 * acs_guard_is_child() - check whether a walk finds a function
 * @pdev: the function, which the kernel lists
 *
 * A search by address finds a function before device_add() makes it a child of
 * its parent, and after device_del() has removed it from there.  How long that
 * takes depends on others: on the lock of the device, on readers of its
 * attributes.
 *
 * Context: the caller holds @pdev.  A virtual function does not hold its parent:
 * within the acs_topology_read_lock() in which it was found.
 * Return: true if the function is a child of its parent.
 */
bool acs_guard_is_child(struct pci_dev *pdev)
{
	return device_for_each_child(pdev->dev.parent, &pdev->dev,
				     match_device);
}

/**
 * acs_guard_all_are_children() - check whether walks find every listed function
 *
 * Context: process context, within acs_topology_read_lock().
 * Return: false if a function is being added or removed.
 */
bool acs_guard_all_are_children(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (!acs_guard_is_child(pdev))
			break;
	pci_dev_put(pdev);
	return !pdev;
}

/**
 * acs_guard_scans_all() - check whether a rescan reads all device numbers below
 *	a port (pci=pcie_scan_all)
 */
bool acs_guard_scans_all(void)
{
	return pci_has_flag(PCI_SCAN_ALL_PCIE_DEVS);
}

static int match_address(struct device *dev, void *data)
{
	return dev_is_pci(dev) &&
	       acs_guard_bdf(to_pci_dev(dev)) == *(const u64 *)data;
}

/**
 * acs_guard_is_listed() - check whether the kernel lists a function of a bus
 * @bus: the bus; the caller holds it
 * @bdf: the address of the function
 *
 * Return: true if the function is a child of the bridge or host bridge of @bus.
 */
bool acs_guard_is_listed(struct pci_bus *bus, u64 bdf)
{
	return device_for_each_child(bus->bridge, &bdf, match_address);
}

static int match_multifunction(struct device *dev, void *data)
{
	const u64 bdf = *(const u64 *)data;

	return dev_is_pci(dev) && !to_pci_dev(dev)->is_virtfn &&
	       acs_guard_bdf(to_pci_dev(dev)) >> 3 == bdf >> 3 &&
	       to_pci_dev(dev)->multifunction;
}

/**
 * acs_guard_lists_device() - check for a listed multi-function device
 * @bus: the bus of the device; the caller holds it
 * @bdf: the address of any function of the device, listed or not
 *
 * Return: true if the kernel lists a function of the device, and the device has
 * several functions.
 */
bool acs_guard_lists_device(struct pci_bus *bus, u64 bdf)
{
	return device_for_each_child(bus->bridge, &bdf, match_multifunction);
}

/**
 * acs_guard_read_at() - read a dword of configuration space at an address
 * @bus: the bus
 * @devfn: the device and function number on @bus
 * @where: the offset
 * @value: the dword
 *
 * Return: false if the read fails or returns all ones, or if @where is beyond
 * configuration space, where registers of another function may be.
 */
bool acs_guard_read_at(struct pci_bus *bus, u8 devfn, int where, u32 *value)
{
	return where < PCI_CFG_SPACE_EXP_SIZE &&
	       !pci_bus_read_config_dword(bus, devfn, where, value) &&
	       !PCI_POSSIBLE_ERROR(*value);
}

/**
 * acs_guard_answers() - check whether there is a function at an address
 * @bus: the bus
 * @devfn: the device and function number on @bus
 * @id: set to the first dword of configuration space
 *
 * Uses the check of the PCI core.  A Request Retry Status (2.3.1) is an answer.
 *
 * Return: true if there is a function.
 */
bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id)
{
	return acs_guard_read_at(bus, devfn, PCI_VENDOR_ID, id) && *id &&
	       (u16)*id != NO_VENDOR && *id != 0xffff0000;
}
