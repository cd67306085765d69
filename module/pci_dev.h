/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what the module reads of a struct pci_dev
 *
 * Members of struct pci_dev and of struct pci_bus, and configuration space, are
 * read in pci_dev.h, pci_dev.c, node.h and node.c, and in no other file of the
 * module (make lint checks this).  The embedded struct device is not a part of
 * that: it is the driver core's, and holds references, the driver and runtime
 * PM.
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

#include <linux/pci.h>
#include <linux/types.h>

#include "contract.h"

/* The parent of a function on a root bus without a real DMA device. */
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

/* Is a function a bridge of any kind, ports of PCI Express among them? */
static inline bool acs_guard_is_bridge(const struct pci_dev *pdev)
{
	return pdev->hdr_type == PCI_HEADER_TYPE_BRIDGE ||
	       pdev->hdr_type == PCI_HEADER_TYPE_CARDBUS;
}

/* The bridge right above a function, or above its PF; NULL on a root bus. */
static inline struct pci_dev *acs_guard_bridge_of(struct pci_dev *pdev)
{
	return pci_upstream_bridge(pdev);
}

/* The PF of a virtual function; any other function itself. */
static inline struct pci_dev *acs_guard_physfn(struct pci_dev *pdev)
{
	return pci_physfn(pdev);
}

/* Valid as long as @pdev is. */
static inline struct pci_bus *acs_guard_bus_of(struct pci_dev *pdev)
{
	return pdev->bus;
}

static inline bool acs_guard_is_multifunction(const struct pci_dev *pdev)
{
	return pdev->multifunction;
}

/* Does a rescan look for functions of any number below a port (ARI, 6.13)? */
static inline bool acs_guard_has_ari(const struct pci_dev *port)
{
	return port->ari_enabled;
}

/* Is it known that a function is physically absent? */
static inline bool acs_guard_is_disconnected(const struct pci_dev *pdev)
{
	return pdev->error_state == pci_channel_io_perm_failure;
}

/* Is error recovery of a function under way, which may reset it? */
static inline bool acs_guard_is_frozen(const struct pci_dev *pdev)
{
	return pdev->error_state == pci_channel_io_frozen;
}

/* Is it known that configuration space cannot be read, whatever the power? */
static inline bool acs_guard_is_offline(struct pci_dev *pdev)
{
	return pci_channel_offline(pdev);
}

/* Without power, a function answers no read. */
static inline bool acs_guard_is_cold(const struct pci_dev *pdev)
{
	return READ_ONCE(pdev->current_state) == PCI_D3cold;
}

/* The state of a function without power management is unknown. */
static inline bool acs_guard_has_full_power(const struct pci_dev *pdev)
{
	const pci_power_t state = READ_ONCE(pdev->current_state);

	return state == PCI_D0 || state == PCI_UNKNOWN;
}

u64 acs_guard_bdf(const struct pci_dev *pdev);
struct acs_guard_ids acs_guard_ids(const struct pci_dev *pdev);
bool acs_guard_has_services(struct pci_dev *pdev);
void acs_guard_describe(struct pci_dev *pdev,
			struct acs_guard_subject *subject);

struct pci_dev *acs_guard_real_dma_dev(struct pci_dev *pdev);
u64 acs_guard_parent(struct pci_dev *pdev);
struct pci_bus *acs_guard_get_root_bus(struct pci_dev *pdev);
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge);
struct pci_bus *acs_guard_get_root_bus_at(u64 bdf);
bool acs_guard_has_bus(u64 bdf);
u64 acs_guard_address_on(struct pci_bus *bus, u8 devfn);
bool acs_guard_is_on(struct pci_bus *bus, u64 bdf);
bool acs_guard_is_up(struct pci_dev *bridge);

struct pci_dev *acs_guard_get_listed(u64 bdf);
struct pci_dev *acs_guard_find_listed(u64 bdf);
bool acs_guard_is_still_listed(const struct pci_dev *pdev);
bool acs_guard_is_child(struct pci_dev *pdev);
bool acs_guard_all_are_children(void);
bool acs_guard_scans_all(void);
bool acs_guard_is_listed(struct pci_bus *bus, u64 bdf);
bool acs_guard_lists_device(struct pci_bus *bus, u64 bdf);

bool acs_guard_read_at(struct pci_bus *bus, u8 devfn, int where, u32 *value);
bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id);

#endif /* ACS_GUARD_PCI_DEV_H */
