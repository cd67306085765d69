// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host, while it is up: functions come and go
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "fake_host_private.h"

/* The bus a function is on, NULL if the bridge above is not there. */
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

/* The bridge above is awake meanwhile, as whenever the PCI core scans. */
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
 * fake_host_plug() - put a function where there is none
 * @host: the host
 * @name: a function that is FAKE_ABSENT or was unplugged; what is declared
 *        below it comes along
 *
 * The bus is scanned again, and drivers are bound to what is new.
 *
 * Return: 0, -EINVAL if it is no such function, -ENODEV if the scan does not
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
 * fake_host_unplug() - take a function away in good order
 * @host: the host
 * @name: the function; what is below goes with it
 *
 * Its driver is unbound while it still answers.
 *
 * Return: 0, -EINVAL or -ENODEV.
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
 * fake_host_pull() - take a function away by surprise
 * @host: the host
 * @name: the function; what is below goes with it
 *
 * It stops to answer first, and is marked as disconnected as pciehp marks it;
 * only then is its driver unbound.
 *
 * Return: 0, -EINVAL or -ENODEV.
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
 * fake_host_hide() - let the PCI core forget a function that stays
 * @host: the host
 * @name: the function; what is below is forgotten with it
 *
 * What a write to the attribute "remove" does: the function goes on to answer.
 *
 * Return: 0, or -ENODEV if it is not listed.
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
 * fake_host_rescan() - let the PCI core look for functions everywhere
 * @host: the host
 *
 * What a write to the root bus's attribute "rescan" does.
 */
void fake_host_rescan(struct fake_host *host)
{
	pci_lock_rescan_remove();
	scan_again(host, host->bus);
	pci_unlock_rescan_remove();
}
