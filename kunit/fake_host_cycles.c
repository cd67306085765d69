// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host: answers to config cycles
 *
 * Config cycles are routed as in hardware: by the current bus numbers in the
 * bridges.  No function answers below a bridge without, or with wrong, numbers.
 */
#include <linux/bits.h>
#include <linux/pci.h>

#include "fake_host_private.h"

struct fake_host *fake_host_of_bus(struct pci_bus *bus)
{
	return container_of(bus->sysdata, struct fake_host, sysdata);
}

/* Does @fn answer the cycles that are routed to it? */
static bool fn_is_present(const struct fake_fn *fn)
{
	const struct fake_fn *pf = fn->pf;

	if (!pf)
		return fn->present;
	return pf->present &&
	       fake_cfg_get(pf, pf->sriov + PCI_SRIOV_CTRL, 2) &
		       PCI_SRIOV_CTRL_VFE &&
	       fn->vf < fake_cfg_get(pf, pf->sriov + PCI_SRIOV_NUM_VF, 2);
}

unsigned int fake_fn_bus(const struct fake_fn *fn)
{
	if (fn->pf)
		return fake_fn_bus(fn->pf) + fn->vf_bus;
	return fn->up ? fn->up->cfg[PCI_SECONDARY_BUS] : ROOT_BUS;
}

/* Does each bridge above @fn forward cycles for @bus? */
static bool fn_is_routed(const struct fake_fn *fn, unsigned int bus)
{
	const struct fake_fn *up;

	for (up = fn->up; up; up = up->up) {
		if (!up->present || !up->cfg[PCI_SECONDARY_BUS] ||
		    bus < up->cfg[PCI_SECONDARY_BUS] ||
		    bus > up->cfg[PCI_SUBORDINATE_BUS])
			return false;
	}
	return true;
}

static struct fake_fn *search_fn_at(struct fake_host *host, unsigned int bus,
				    unsigned int devfn)
{
	unsigned int i;

	for (i = 0; i < host->nr_fns; i++) {
		struct fake_fn *fn = host->fns[i];

		if (fn->devfn == devfn && fake_fn_bus(fn) == bus &&
		    fn_is_present(fn) && fn_is_routed(fn, bus))
			return fn;
	}
	return NULL;
}

/*
 * With the lock held.  The result is cached, so that the cost of an access does
 * not depend on the number of functions.
 *
 * Return: the function that answers at an address, or NULL.
 */
struct fake_fn *fake_fn_at(struct fake_host *host, unsigned int bus,
			   unsigned int devfn)
{
	const unsigned int i = bus << 8 | devfn;
	struct fake_place *cached = &host->places[i];

	if (i >= host->nr_places)
		return search_fn_at(host, bus, devfn);
	if (cached->routes != host->routes) {
		cached->fn = search_fn_at(host, bus, devfn);
		cached->routes = host->routes;
	}
	return cached->fn;
}

/*
 * Invalidates the cache of fake_fn_at() if the change of @size bytes at @where
 * affects the routing.  With the lock held, or before the host is up.
 */
static void forget_places(struct fake_host *host, const struct fake_fn *fn,
			  unsigned int where, unsigned int size)
{
	const unsigned int end = where + size;

	if (fn->bridge && where <= PCI_SUBORDINATE_BUS && end > PCI_PRIMARY_BUS)
		host->routes++;
	if (fn->sriov && where < fn->sriov + PCI_EXT_CAP_SRIOV_SIZEOF &&
	    end > fn->sriov)
		host->routes++;
}

/* With the lock held, once for each read.  Return: how the read fails. */
static enum fake_fault fault_of_read(struct fake_host *host, struct fake_fn *fn,
				     int where)
{
	enum fake_fault how = fn->fault;

	if (host->fail_in && !--host->fail_in) {
		host->failed = true;
		return host->fail_how;
	}
	if (host->fail_on && host->failed)
		return host->fail_how;
	if (!how && where / 4 == fn->fault_dword)
		how = fn->fault_at;
	if (!how && where >= fn->len)
		how = FAKE_ONES;
	return how;
}

/* With the lock held. */
void fake_cfg_change(struct fake_host *host, struct fake_fn *fn, u16 where,
		     u8 size, u32 val)
{
	fake_cfg_put(fn, where, size, val);
	forget_places(host, fn, where, size);
}

static int fake_cfg_read(struct pci_bus *bus, unsigned int devfn, int where,
			 int size, u32 *val)
{
	struct fake_host *host = fake_host_of_bus(bus);
	enum fake_fault how = FAKE_ERROR;
	unsigned long flags;
	struct fake_fn *fn;

	*val = GENMASK(size * 8 - 1, 0);
	if (where < 0 || where + size > CFG_SIZE)
		return PCIBIOS_BAD_REGISTER_NUMBER;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn = fake_fn_at(host, bus->number, devfn);
	if (fn) {
		host->reads++;
		fn->reads[where / 4]++;
		how = fault_of_read(host, fn, where);
		if (how == FAKE_OK)
			*val = fake_cfg_get(fn, where, size);
		else if (how == FAKE_ZERO)
			*val = 0;
		if (host->call_in && !--host->call_in)
			host->call(host->call_data);
		if (host->poke_in && !--host->poke_in)
			fake_cfg_change(host, host->poke_fn, host->poke_where,
					host->poke_size, host->poke_val);
	}
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return how == FAKE_ERROR ? PCIBIOS_DEVICE_NOT_FOUND :
				   PCIBIOS_SUCCESSFUL;
}

/* Changes the bits that the mask allows. */
static void write_masked(struct fake_fn *fn, int where, int size, u32 val)
{
	for (; size--; where++, val >>= 8)
		fn->cfg[where] = (fn->cfg[where] & ~fn->mask[where]) |
				 (val & fn->mask[where]);
}

static int fake_cfg_write(struct pci_bus *bus, unsigned int devfn, int where,
			  int size, u32 val)
{
	struct fake_host *host = fake_host_of_bus(bus);
	unsigned long flags;
	struct fake_fn *fn;

	if (where < 0 || where + size > CFG_SIZE)
		return PCIBIOS_BAD_REGISTER_NUMBER;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn = fake_fn_at(host, bus->number, devfn);
	if (fn) {
		host->writes++;
		if (!fn->fault && where < fn->len) {
			write_masked(fn, where, size, val);
			forget_places(host, fn, where, size);
		}
	}
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return fn ? PCIBIOS_SUCCESSFUL : PCIBIOS_DEVICE_NOT_FOUND;
}

struct pci_ops fake_ops = {
	.read = fake_cfg_read,
	.write = fake_cfg_write,
};
