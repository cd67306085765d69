/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: devices that sleep, and devices in reset
 */
#ifndef ACS_GUARD_POWER_H
#define ACS_GUARD_POWER_H

#include <linux/types.h>

struct acs_guard_verdict;
struct device;
struct pci_dev;

/**
 * struct acs_guard_reader - a reader of registers, and the devices it found
 *	asleep
 * @device: the function that is judged; the caller holds it
 * @dev: devices whose registers could not be read, with a reference
 * @parent: the device that has to be active for a read of @dev, with a reference
 * @num: the number of entries in @dev and @parent
 * @woken: the number of these entries that are resumed and in use
 *
 * The caller sets @device, and the rest to zero.  A device that does not fit
 * into @dev counts as unreadable.
 */
struct acs_guard_reader {
	struct pci_dev *device;
	struct device *dev[16];
	struct device *parent[16];
	unsigned int num;
	unsigned int woken;
};

/**
 * struct acs_config_access - the functions whose configuration access is locked
 * @locked: the functions, each once and with a reference
 * @num: the number of functions
 */
struct acs_config_access {
	struct pci_dev *locked[4];
	unsigned int num;
};

bool acs_guard_wake(struct acs_guard_reader *reader);
void acs_guard_let_sleep(struct acs_guard_reader *reader);
bool acs_config_access_trylock(struct acs_config_access *access,
			       struct pci_dev *pdev,
			       const struct acs_guard_verdict *verdict);
void acs_config_access_unlock(struct acs_config_access *access);

#endif /* ACS_GUARD_POWER_H */
