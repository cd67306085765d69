/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: every difference between kernels, by what it means
 *
 * Kbuild probes the kernel's headers for each feature by its name, never by a
 * version: stable kernels get new forms too.  A probe that is wrong does not
 * compile.
 */
#ifndef ACS_GUARD_COMPAT_H
#define ACS_GUARD_COMPAT_H

#include <linux/pci.h>

/**
 * acs_guard_has_override() - did somebody name a driver for this device?
 * @pdev: the function; its device lock is held
 *
 * driver_override moved from struct pci_dev into struct device; in Debian
 * 6.12 has the new form, 6.1 the old one.  The old form can go with 6.1.
 */
static inline bool acs_guard_has_override(struct pci_dev *pdev)
{
	device_lock_assert(&pdev->dev);
#ifdef ACS_GUARD_HAVE_DEVICE_OVERRIDE
	return device_has_driver_override(&pdev->dev);
#else
	return pdev->driver_override;
#endif
}

#endif /* ACS_GUARD_COMPAT_H */
