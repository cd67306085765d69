/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what hidden_find.c needs of the kernel's and the module's headers,
 * for the proof about its searches
 *
 * What the proof does not reach is only declared.
 */
#ifndef ACS_GUARD_PROOF_KERNEL_PCI_H
#define ACS_GUARD_PROOF_KERNEL_PCI_H

#include "engine.h"
#include "hidden.h"

/* In place of node.h and pci_dev.h, which read members of struct pci_dev. */
#define ACS_GUARD_NODE_H
#define ACS_GUARD_PCI_DEV_H

#define PCI_DEVFN(device, function) ((device) % 32 << 3 | (function) % 8)
#define PCI_SLOT(devfn) ((devfn) >> 3 & 0x1f)
#define EIO 5

#define to_pci_dev(device) container_of(device, struct pci_dev, dev)
#define pr_warn(...)

struct device {
	int unused;
};

struct pci_dev {
	struct device dev;
};

struct pci_bus {
	struct device dev;
};

struct acs_node {
	struct pci_dev *pdev;
};

extern int pci_bus_type;

static inline int max(int a, int b)
{
	return a > b ? a : b;
}

int bus_for_each_dev(int *bus, struct device *start, void *data,
		     int (*visit)(struct device *dev, void *data));
void put_device(struct device *dev);

static inline struct acs_node acs_node_of(struct pci_dev *pdev)
{
	return (struct acs_node){ pdev };
}

u8 acs_node_type(struct acs_node node);
u16 acs_node_vendor(struct acs_node node);
u16 acs_node_device(struct acs_node node);
u16 acs_node_acs(struct acs_node node);
bool acs_node_is_bridge(struct acs_node node);
bool acs_node_is_extended(struct acs_node node);
bool acs_node_is_on_root_bus(struct acs_node node);
bool acs_node_is_virtual(struct acs_node node);
bool acs_node_has_slot(struct acs_node node);
bool acs_node_has_hotplug(struct acs_node node);
bool acs_node_has_memory(struct acs_node node);
const unsigned long *acs_node_aliases(struct acs_node node);

u64 acs_guard_bdf(const struct pci_dev *pdev);
u64 acs_guard_parent(struct pci_dev *pdev);
u64 acs_guard_address_on(struct pci_bus *bus, u8 devfn);
struct pci_bus *acs_guard_bus_of(struct pci_dev *pdev);
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge);
bool acs_guard_has_ari(const struct pci_dev *port);
bool acs_guard_is_up(struct pci_dev *bridge);
bool acs_guard_scans_all(void);
bool acs_guard_is_bridge(struct pci_dev *pdev);
bool acs_guard_is_multifunction(struct pci_dev *pdev);
bool acs_guard_is_disconnected(struct pci_dev *pdev);
bool acs_guard_is_still_listed(const struct pci_dev *pdev);
bool acs_guard_is_listed(struct pci_bus *bus, u64 bdf);
bool acs_guard_lists_device(struct pci_bus *bus, u64 bdf);
bool acs_guard_read_at(struct pci_bus *bus, u8 devfn, int where, u32 *value);
bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id);

#endif /* ACS_GUARD_PROOF_KERNEL_PCI_H */
