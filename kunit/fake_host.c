// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host: creation and removal, IOMMU groups, and lookup of devices
 */
#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_host_private.h"

#define FIRST_DOMAIN 0xfa00
#define RELEASE_TIMEOUT (5 * HZ)

/* ---- IOMMU groups and aliases: given as a device is added ---- */

static struct iommu_group *get_group(struct fake_host *host, int nr)
{
	struct fake_group *slot;
	unsigned int i;

	for (i = 0; i < host->nr_groups; i++)
		if (host->groups[i].nr == nr)
			return host->groups[i].group;
	slot = &host->groups[host->nr_groups];
	slot->group = iommu_group_alloc();
	if (IS_ERR(slot->group))
		return slot->group;
	slot->nr = nr;
	host->nr_groups++;
	return slot->group;
}

static void join_group(struct fake_host *host, struct device *dev, int nr)
{
	struct iommu_group *group;

	if (!nr || !IS_ENABLED(CONFIG_IOMMU_API))
		return;
	group = get_group(host, nr);
	if (IS_ERR(group) || iommu_group_add_device(group, dev))
		dev_err(dev, "cannot be in IOMMU group %d\n", nr);
}

static void leave_group(struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);

	if (!group)
		return;
	iommu_group_remove_device(dev);
	iommu_group_put(group);
}

static void put_groups(struct fake_host *host)
{
	while (host->nr_groups)
		iommu_group_put(host->groups[--host->nr_groups].group);
}

static struct fake_fn *fn_of(struct fake_host *host, struct pci_dev *pdev)
{
	unsigned long flags;
	struct fake_fn *fn;

	raw_spin_lock_irqsave(&host->lock, flags);
	fn = fake_fn_at(host, pdev->bus->number, pdev->devfn);
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return fn;
}

/* As pci_add_dma_alias(), which is not exported. */
static void set_alias(struct pci_dev *pdev, u16 alias)
{
	if (!alias)
		return;
	if (!pdev->dma_alias_mask)
		pdev->dma_alias_mask = bitmap_zalloc(256, GFP_KERNEL);
	if (pdev->dma_alias_mask)
		set_bit(alias & 0xff, pdev->dma_alias_mask);
}

static void set_up_device(struct fake_host *host, struct pci_dev *pdev)
{
	struct fake_fn *fn = fn_of(host, pdev);
	int group;

	if (!fn)
		return;
	group = fn->decl.group;
	if (fn->pf && fn->pf->decl.vfs.group)
		group = fn->pf->decl.vfs.group + fn->vf;
	set_alias(pdev, fn->decl.alias);
	join_group(host, &pdev->dev, group);
}

static int fake_host_notify(struct notifier_block *nb, unsigned long action,
			    void *data)
{
	struct fake_host *host = container_of(nb, struct fake_host, nb);
	struct pci_dev *pdev = to_pci_dev((struct device *)data);

	if (pdev->bus->ops != &fake_ops || fake_host_of_bus(pdev->bus) != host)
		return NOTIFY_DONE;
	if (action == BUS_NOTIFY_ADD_DEVICE)
		set_up_device(host, pdev);
	else if (action == BUS_NOTIFY_REMOVED_DEVICE)
		leave_group(&pdev->dev);
	return NOTIFY_DONE;
}

/* ---- Up and down ---- */

/* With the rescan lock held, so that two hosts do not get the same domain. */
static int find_free_domain(void)
{
	int domain = FIRST_DOMAIN;
	struct pci_bus *bus;
	bool used;

	do {
		used = false;
		for (bus = NULL; (bus = pci_find_next_bus(bus));)
			used |= pci_domain_nr(bus) == domain;
		domain += used;
	} while (used);
	return domain;
}

static void set_domain(struct fake_host *host, int domain)
{
	host->domain = domain;
	host->bridge->domain_nr = domain;
	acs_guard_set_sysdata(&host->sysdata, domain, host->parent);
}

static void fake_host_released(struct pci_host_bridge *bridge)
{
	struct fake_host *host = bridge->release_data;

	complete(&host->released);
}

static void add_windows(struct fake_host *host)
{
	host->busn.name = "fake bus numbers";
	host->busn.start = ROOT_BUS;
	host->busn.end = LAST_BUS;
	host->busn.flags = IORESOURCE_BUS;
	pci_add_resource(&host->bridge->windows, &host->busn);
	/* Not in iomem_resource: there is no memory behind it. */
	host->mem.name = "fake memory";
	host->mem.start = 0xd0000000;
	host->mem.end = 0xdfffffff;
	host->mem.flags = IORESOURCE_MEM;
	pci_add_resource(&host->bridge->windows, &host->mem);
}

static int scan_host(struct fake_host *host)
{
	int err;

	pci_lock_rescan_remove();
	set_domain(host, find_free_domain());
	err = pci_scan_root_bus_bridge(host->bridge);
	if (!err) {
		host->bus = host->bridge->bus;
		if (host->bars) {
			pci_bus_size_bridges(host->bus);
			pci_bus_assign_resources(host->bus);
		}
		pci_bus_add_devices(host->bus);
	}
	pci_unlock_rescan_remove();
	return err;
}

/*
 * As sriov_numvfs_store(), with the device lock of the PF held.  The PF is kept
 * awake, as its driver would do, and with it the ports above: no VF is found
 * below a port that is asleep.
 */
static int switch_vfs(struct fake_host *host, struct fake_fn *pf, bool on)
{
	struct pci_dev *pdev = fake_host_dev(host, pf->name);
	int err = 0;

	if (!pdev)
		return 0;
	device_lock(&pdev->dev);
	pm_runtime_get_sync(&pdev->dev);
	if (on)
		err = pci_enable_sriov(pdev, pf->decl.vfs.on);
	else if (pci_num_vf(pdev))
		pci_disable_sriov(pdev);
	pm_runtime_put(&pdev->dev);
	device_unlock(&pdev->dev);
	return err;
}

/* Enables, as declared, or disables the VFs of @top and below (NULL: all). */
int fake_host_switch_vfs(struct fake_host *host, const struct fake_fn *top,
			 bool on)
{
	unsigned int i;
	int err;

	for (i = 0; i < host->nr_decl; i++) {
		struct fake_fn *fn = host->fns[i];

		if (!(on ? fn->decl.vfs.on : fn->decl.vfs.total) ||
		    (top && !fake_fn_is_below(fn, top)))
			continue;
		err = switch_vfs(host, fn, on);
		if (err)
			return err;
	}
	return 0;
}

/* Also for a host that is only partly up. */
static void take_down_host(struct fake_host *host)
{
	if (host->bus) {
		fake_host_switch_vfs(host, NULL, false);
		pci_lock_rescan_remove();
		pci_stop_root_bus(host->bus);
		pci_remove_root_bus(host->bus);
		pci_unlock_rescan_remove();
	}
	bus_unregister_notifier(&pci_bus_type, &host->nb);
	put_groups(host);
}

/* Registers the host bridge and all functions; on failure, none. */
static int bring_up_host(struct fake_host *host)
{
	int err;

	err = bus_register_notifier(&pci_bus_type, &host->nb);
	if (err)
		return err;
	err = scan_host(host);
	if (!err)
		err = fake_host_switch_vfs(host, NULL, true);
	if (err)
		take_down_host(host);
	return err;
}

static int alloc_bridge(struct fake_host *host)
{
	struct pci_host_bridge *bridge = pci_alloc_host_bridge(0);

	if (!bridge)
		return -ENOMEM;
	host->bridge = bridge;
	bridge->sysdata = &host->sysdata;
	bridge->ops = &fake_ops;
	bridge->busnr = ROOT_BUS;
	/* As if firmware controlled these services: they need interrupts. */
	bridge->native_aer = 0;
	bridge->native_dpc = 0;
	bridge->native_pme = 0;
	bridge->native_pcie_hotplug = 0;
	bridge->native_shpc_hotplug = 0;
	if (host->parent)
		bridge->dev.parent = &host->parent->dev;
	pci_set_host_bridge_release(bridge, fake_host_released, host);
	add_windows(host);
	return 0;
}

/*
 * Drops the host bridge.  The host is freed with it, unless a reference to a
 * device is left: the device may still cause config cycles, so then the host is
 * never freed, and the module cannot be unloaded.
 */
static int put_host(struct fake_host *host)
{
	pci_free_host_bridge(host->bridge);
	if (wait_for_completion_timeout(&host->released, RELEASE_TIMEOUT)) {
		fake_host_free(host);
		return 0;
	}
	pr_err("a device of domain %04x is still held\n", host->domain);
	__module_get(THIS_MODULE);
	return -EBUSY;
}

/**
 * fake_host_create_below() - create a host whose bridge is below a function
 * @decl: the functions
 * @n: the number of functions
 * @parent: the parent of the host bridge, as with Intel's VMD, or NULL; must
 *          not be removed before the new host
 *
 * Return: the host, with all devices added and VFs enabled, or ERR_PTR():
 * -EINVAL if the declaration is not valid (the log has the reason), -ENOMEM, or
 * an error of the PCI core.
 */
struct fake_host *fake_host_create_below(const struct fake_dev *decl,
					 unsigned int n, struct pci_dev *parent)
{
	struct fake_host *host;
	int err;

	host = kzalloc(sizeof(*host), GFP_KERNEL);
	if (!host)
		return ERR_PTR(-ENOMEM);
	raw_spin_lock_init(&host->lock);
	init_completion(&host->released);
	host->nb.notifier_call = fake_host_notify;
	host->parent = pci_dev_get(parent);
	err = fake_host_build(host, decl, n);
	if (err)
		goto free;
	err = alloc_bridge(host);
	if (err)
		goto free;
	err = bring_up_host(host);
	if (!err)
		return host;
	put_host(host);
	return ERR_PTR(err);
free:
	fake_host_free(host);
	return ERR_PTR(err);
}

/**
 * fake_host_create() - create a host
 * @decl: the functions; copied, except for the images that .raw points to
 * @n: the number of functions
 *
 * Return: as fake_host_create_below().
 */
struct fake_host *fake_host_create(const struct fake_dev *decl, unsigned int n)
{
	return fake_host_create_below(decl, n, NULL);
}

/**
 * fake_host_destroy() - remove a host and its devices
 * @host: the host; ERR_PTR() and NULL are ignored
 *
 * Return: 0, or -EBUSY if there is a reference to one of the devices after some
 * seconds.  Then the host is never freed, and the module cannot be unloaded.
 */
int fake_host_destroy(struct fake_host *host)
{
	if (IS_ERR_OR_NULL(host))
		return 0;
	take_down_host(host);
	return put_host(host);
}

/* ---- While it is up: devices ---- */

/**
 * fake_host_bus() - get the root bus of a host
 * @host: the host
 *
 * Return: the bus; valid until fake_host_destroy().
 */
struct pci_bus *fake_host_bus(struct fake_host *host)
{
	return host->bus;
}

/**
 * fake_host_dev() - get the device of a function
 * @host: the host
 * @name: the name of the function in the declaration
 *
 * Return: the device, without a reference, or NULL if the kernel does not list
 * it.  It is valid until the function is unplugged or the host destroyed.
 */
struct pci_dev *fake_host_dev(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	struct pci_dev *pdev;

	if (!fn)
		return NULL;
	pdev = pci_get_domain_bus_and_slot(host->domain, fake_fn_bus(fn),
					   fn->devfn);
	pci_dev_put(pdev);
	return pdev;
}

/**
 * fake_host_name() - get the declared name of a device
 * @pdev: any device
 *
 * Return: the name, or NULL if the device is unplugged, or not of a fake host.
 */
const char *fake_host_name(struct pci_dev *pdev)
{
	struct fake_fn *fn;

	if (pdev->bus->ops != &fake_ops)
		return NULL;
	fn = fn_of(fake_host_of_bus(pdev->bus), pdev);
	return fn ? fn->name : NULL;
}

/**
 * fake_host_name_at() - get the declared name of the function at an address
 * @host: the host
 * @address: the address, in the form of pci_name()
 *
 * Return: the name, or NULL if no function of @host answers there.  The kernel
 * need not list the function.
 */
const char *fake_host_name_at(struct fake_host *host, const char *address)
{
	unsigned int domain, bus, dev, func;
	unsigned long flags;
	struct fake_fn *fn;

	if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &dev, &func) != 4 ||
	    domain != host->domain)
		return NULL;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn = fake_fn_at(host, bus, PCI_DEVFN(dev, func));
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return fn ? fn->name : NULL;
}

/**
 * fake_host_address() - get the address of a function
 * @host: the host
 * @name: the function; the kernel need not list it
 * @buf: the address, in the form of pci_name()
 * @size: the size of @buf
 *
 * Return: 0, or -EINVAL if there is no such function.
 */
int fake_host_address(struct fake_host *host, const char *name, char *buf,
		      size_t size)
{
	struct fake_fn *fn = fake_fn_find(host, name);

	if (!fn)
		return -EINVAL;
	snprintf(buf, size, "%04x:%02x:%02x.%d", host->domain, fake_fn_bus(fn),
		 PCI_SLOT(fn->devfn), PCI_FUNC(fn->devfn));
	return 0;
}
