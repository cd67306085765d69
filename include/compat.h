/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: every difference between kernels, by what it means
 *
 * Kbuild probes the kernel's headers for each feature by its words, never by a
 * version: stable kernels get new forms too.  A probe that is wrong does not
 * compile.  No other file has an #if (scripts/lint looks).
 */
#ifndef ACS_GUARD_COMPAT_H
#define ACS_GUARD_COMPAT_H

#include <linux/pci.h>
#include <linux/pm_runtime.h>

#ifndef CONFIG_PM
#error "acs_guard needs CONFIG_PM: without it a bind cannot be refused"
#endif

/* For module/iommu.c: User Mode Linux, where the tests run, has no IOMMU. */
#if defined(ACS_GUARD_NEEDS_IOMMU) && !defined(CONFIG_IOMMU_API)
#error "acs_guard needs CONFIG_IOMMU_API: without it every function is refused"
#endif

/**
 * acs_guard_has_override() - check whether a driver is named for a device
 * @pdev: the function; its device lock is held
 *
 * driver_override moved from struct pci_dev into struct device; in Debian,
 * 6.12 has the new form and 6.1 the old one.  Support of the old form can go
 * with 6.1.
 *
 * Return: true if driver_override is set.
 */
static inline bool acs_guard_has_override(struct pci_dev *pdev)
{
	device_lock_assert(&pdev->dev);
#ifdef ACS_GUARD_HAVE_PCI_OVERRIDE
	return pdev->driver_override;
#else
	return device_has_driver_override(&pdev->dev);
#endif
}

/**
 * acs_guard_hold_active() - keep a device active that is active
 * @dev: the device
 *
 * Linux 6.9 removed the second parameter; support of it can go with 6.1.
 *
 * Return: true if the device is active, and the caller calls pm_runtime_put()
 * later; false also if its runtime PM is disabled.
 */
static inline bool acs_guard_hold_active(struct device *dev)
{
#ifdef ACS_GUARD_HAVE_IGN_USAGE_COUNT
	return pm_runtime_get_if_active(dev, true) > 0;
#else
	return pm_runtime_get_if_active(dev) > 0;
#endif
}

/* Below: for the tests, which have a PCI host bridge of their own. */

/**
 * struct acs_guard_sysdata - what sysdata has to point to
 * @arch: what the architecture wants there, if it does
 */
struct acs_guard_sysdata {
#ifdef CONFIG_X86
	struct pci_sysdata arch;
#endif
};

/**
 * acs_guard_set_sysdata() - make sysdata for a host bridge
 * @sysdata: where
 * @domain: the PCI domain that it is
 * @parent: the function that it is below, or NULL
 */
static inline void acs_guard_set_sysdata(struct acs_guard_sysdata *sysdata,
					 int domain, struct pci_dev *parent)
{
#ifdef CONFIG_X86
	sysdata->arch.domain = domain;
	sysdata->arch.node = NUMA_NO_NODE;
#if IS_ENABLED(CONFIG_VMD)
	sysdata->arch.vmd_dev = parent;
#endif
#endif
}

/**
 * acs_guard_set_domain() - put a bus that no core made into a PCI domain
 * @bus: the bus
 * @sysdata: made for that domain
 * @domain: its number
 *
 * x86 keeps the number in sysdata, others in the bus.
 */
static inline void acs_guard_set_domain(struct pci_bus *bus,
					struct acs_guard_sysdata *sysdata,
					int domain)
{
	bus->sysdata = sysdata;
#ifdef CONFIG_PCI_DOMAINS_GENERIC
	bus->domain_nr = domain;
#endif
}

/*
 * A generator of KUnit parameters with the parameters prev and desc.  Newer
 * generators have a third one, the test.  7.3 has the new forms of this and of
 * the next; support of the old ones can go with 6.12.
 */
#ifdef ACS_GUARD_HAVE_PARAMS_OF_TEST
#define ACS_GUARD_PARAMS(name) \
	name(struct kunit *test, const void *prev, char *desc)
#else
#define ACS_GUARD_PARAMS(name) name(const void *prev, char *desc)
#endif

/* Run KUnit suites: newer kernels can set them up without. */
#ifdef ACS_GUARD_HAVE_RUN_OR_NOT
#define acs_guard_run_suites(suites, number) \
	__kunit_test_suites_init(suites, number, true)
#else
#define acs_guard_run_suites(suites, number) \
	__kunit_test_suites_init(suites, number)
#endif

#endif /* ACS_GUARD_COMPAT_H */
