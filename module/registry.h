/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what is kept about each function
 */
#ifndef ACS_GUARD_REGISTRY_H
#define ACS_GUARD_REGISTRY_H

#include <linux/types.h>

struct attribute_group;
struct pci_dev;

/**
 * enum acs_guard_bind_state - what rechecks know of a function
 * @ACS_GUARD_NOT_CHECKED: no guarded driver is bound, or one was bound by an
 *	exception: rechecks skip the function
 * @ACS_GUARD_ISOLATED_AT_BIND: the function was isolated at the bind, at the
 *	load of the module, or at the last recheck; or exposed to its own IOMMU
 *	group only, with unit=group
 * @ACS_GUARD_SUSPECTED: the last recheck found the function not isolated
 * @ACS_GUARD_REPORTED: it has been reported that the function is not isolated:
 *	at the load of the module, at a bind in audit mode, or as a drift
 */
enum acs_guard_bind_state {
	ACS_GUARD_NOT_CHECKED,
	ACS_GUARD_ISOLATED_AT_BIND,
	ACS_GUARD_SUSPECTED,
	ACS_GUARD_REPORTED,
};

void acs_guard_registry_init(const struct attribute_group *attributes);
void acs_guard_add_entry(struct pci_dev *pdev);
void acs_guard_retire_entry(struct pci_dev *pdev);
void acs_guard_remove_entry(struct pci_dev *pdev);
void acs_guard_add_entries(void);
void acs_guard_remove_entries(void);
bool acs_guard_has_entry(struct pci_dev *pdev);

bool acs_guard_is_permissive(struct pci_dev *pdev);
int acs_guard_store_permissive(struct pci_dev *pdev, bool permissive);
enum acs_guard_bind_state acs_guard_bind_state(struct pci_dev *pdev);
void acs_guard_set_bind_state(struct pci_dev *pdev,
			      enum acs_guard_bind_state state);
bool acs_guard_needs_check(struct pci_dev *pdev, unsigned int recheck);
void acs_guard_set_checked(struct pci_dev *pdev, unsigned int recheck);
void acs_guard_count_denied(struct pci_dev *pdev);
unsigned int acs_guard_denied(struct pci_dev *pdev);
bool acs_guard_may_print(struct pci_dev *pdev);

#endif /* ACS_GUARD_REGISTRY_H */
