// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host: hot-plug, surprise removal, and functions that are hidden
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "fake_host_private.h"

/* Return: the bus of @fn, or NULL if the bridge above is not listed. */
static struct pci_bus *bus_of(struct fake_host *host, const struct fake_fn *fn)
{
	struct pci_dev *up;

	if (!fn->up)
		return host->bus;
	up = fake_host_dev(host, fn->up->name);
	return up ? up->subordinate : NULL;
}

static void set_present(struct fake_host *host, struct fake_fn *fn, bool on)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&host->lock, flags);
	fn->present = on;
	host->routes++;
	fake_host_link_ari(host);
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/* The bridge above is kept awake, as in each scan of the PCI core. */
static void scan_again(struct fake_host *host, struct pci_bus *bus)
{
	struct device *up = bus->self ? &bus->self->dev : NULL;

	if (up)
		pm_runtime_get_sync(up);
	pci_scan_child_bus(bus);
	if (host->bars)
		pci_assign_unassigned_bus_resources(bus);
	pci_bus_add_devices(bus);
	if (up)
		pm_runtime_put(up);
}

/**
 * fake_host_plug() - plug in a function
 * @host: the host
 * @name: a function that is FAKE_ABSENT or unplugged; the functions that are
 *        declared below it are plugged in as well
 *
 * The bus is scanned again, and drivers bind to the new functions.
 *
 * Return: 0, -EINVAL if the function is present, -ENODEV if the scan does not
 * find it.
 */
int fake_host_plug(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	struct pci_bus *bus;

	if (!fn || fn->pf || fn->present)
		return -EINVAL;
	pci_lock_rescan_remove();
	bus = bus_of(host, fn);
	if (bus) {
		set_present(host, fn, true);
		scan_again(host, bus);
	}
	pci_unlock_rescan_remove();
	if (!bus || !fake_host_dev(host, name))
		return -ENODEV;
	return fake_host_switch_vfs(host, fn, true);
}

static int unplug_fn(struct fake_host *host, struct fake_fn *fn)
{
	struct pci_dev *pdev;

	if (!fn || fn->pf)
		return -EINVAL;
	pdev = fake_host_dev(host, fn->name);
	if (!pdev)
		return -ENODEV;
	fake_host_switch_vfs(host, fn, false);
	pci_stop_and_remove_bus_device_locked(pdev);
	set_present(host, fn, false);
	return 0;
}

/**
 * fake_host_unplug() - unplug a function in an orderly way
 * @host: the host
 * @name: the function, which is unplugged with those below it
 *
 * The function still answers while its driver is unbound.
 *
 * Return: 0, -EINVAL for a VF, -ENODEV if the kernel does not list it.
 */
int fake_host_unplug(struct fake_host *host, const char *name)
{
	return unplug_fn(host, fake_fn_get(host, name));
}

static void fault_below(struct fake_host *host, const struct fake_fn *top,
			enum fake_fault how)
{
	unsigned int i;

	for (i = 0; i < host->nr_fns; i++)
		if (fake_fn_is_below(host->fns[i], top) ||
		    host->fns[i]->pf == top)
			WRITE_ONCE(host->fns[i]->fault, how);
}

static int mark_disconnected(struct pci_dev *pdev, void *unused)
{
	pdev->error_state = pci_channel_io_perm_failure;
	return 0;
}

/**
 * fake_host_pull() - remove a function by surprise
 * @host: the host
 * @name: the function, which is removed with those below it
 *
 * First the function stops to answer, and is marked as disconnected as by
 * pciehp; then its driver is unbound.
 *
 * Return: as fake_host_unplug().
 */
int fake_host_pull(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	struct pci_dev *pdev;
	int err;

	if (!fn || fn->pf)
		return -EINVAL;
	pdev = fake_host_dev(host, name);
	if (!pdev)
		return -ENODEV;
	fault_below(host, fn, FAKE_ONES);
	mark_disconnected(pdev, NULL);
	if (pdev->subordinate)
		pci_walk_bus(pdev->subordinate, mark_disconnected, NULL);
	err = unplug_fn(host, fn);
	fault_below(host, fn, FAKE_OK);
	return err;
}

/**
 * fake_host_hide() - remove a function from the lists of the kernel only
 * @host: the host
 * @name: the function, which is hidden with those below it
 *
 * As a write to the attribute "remove": the function still answers.
 *
 * Return: 0, or -ENODEV if the kernel does not list the function.
 */
int fake_host_hide(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	if (!pdev)
		return -ENODEV;
	pci_stop_and_remove_bus_device_locked(pdev);
	return 0;
}

/**
 * fake_host_rescan() - let the PCI core scan all buses of a host
 * @host: the host
 *
 * As a write to the attribute "rescan" of the root bus.
 */
void fake_host_rescan(struct fake_host *host)
{
	pci_lock_rescan_remove();
	scan_again(host, host->bus);
	pci_unlock_rescan_remove();
}
