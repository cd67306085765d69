/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what the module reads of a struct pci_dev
 *
 * Lifetimes.  A function that is passed in is held by its caller: by its device
 * lock while a driver binds or is bound, by an attribute of it that is in use,
 * or, unless it is a virtual function, by a reference.  A device holds its bus,
 * and a bus holds the bridge above it, so the way up is valid.  What else is
 * found is valid within acs_topology_read_lock(), because the removal of a
 * function waits for such sections.
 */
#ifndef ACS_GUARD_PCI_DEV_H
#define ACS_GUARD_PCI_DEV_H

#include <linux/types.h>

#include "contract.h"

struct device;
struct kobject;
struct pci_bus;
struct pci_dev;

/* The parent of a function on the root bus of a domain without an owner. */
#define ACS_GUARD_NO_PARENT U64_MAX

/**
 * struct acs_guard_subject - the function that a report is about
 * @bdf: its address
 * @vendor: its vendor ID
 * @device: its device ID
 * @group: its IOMMU group, or negative if it has none
 * @kobj: its kobject
 */
struct acs_guard_subject {
	u64 bdf;
	u16 vendor;
	u16 device;
	int group;
	struct kobject *kobj;
};

/**
 * struct acs_guard_ids - the IDs of a function
 * @id: vendor, device, subsystem vendor and subsystem device
 */
struct acs_guard_ids {
	u16 id[4];
};

u64 acs_guard_bdf(const struct pci_dev *pdev);
struct acs_guard_ids acs_guard_ids(const struct pci_dev *pdev);
bool acs_guard_is_bridge(const struct pci_dev *pdev);
bool acs_guard_has_services(struct pci_dev *pdev);
void acs_guard_describe(struct pci_dev *pdev,
			struct acs_guard_subject *subject);

struct pci_dev *acs_guard_domain_owner(struct pci_dev *pdev);
u64 acs_guard_parent(struct pci_dev *pdev);
struct pci_bus *acs_guard_get_root_bus(struct pci_dev *pdev);
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge);
u64 acs_guard_address_on(struct pci_bus *bus, u8 devfn);
bool acs_guard_is_up(struct pci_dev *bridge);

struct pci_dev *acs_guard_get_listed(u64 bdf);
struct pci_dev *acs_guard_find_listed(u64 bdf);
struct pci_dev *acs_guard_get_listed_beside(u64 bdf);
bool acs_guard_is_still_listed(const struct pci_dev *pdev);
bool acs_guard_is_listed(struct device *bridge, u64 bdf);
bool acs_guard_lists_device(struct device *bridge, u64 bdf);

bool acs_guard_read_at(struct pci_bus *bus, u8 devfn, int where, u32 *value);
bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id);

#endif /* ACS_GUARD_PCI_DEV_H */
