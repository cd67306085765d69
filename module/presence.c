// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: whether a function is at an address that the kernel does not list
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "pci_dev.h"
#include "presence.h"
#include "topology_lock.h"

static enum acs_guard_presence read_presence(struct pci_bus *bus, u64 bdf)
{
	u32 id;

	return acs_guard_answers(bus, (u8)bdf, &id) ? ACS_GUARD_ANSWERS :
						      ACS_GUARD_ABSENT;
}

/*
 * Within acs_topology_read_lock().  Nothing can be read below a bridge that is
 * not up.
 */
static enum acs_guard_presence presence_below(struct pci_dev *bridge, u64 bdf)
{
	enum acs_guard_presence presence = ACS_GUARD_ABSENT;
	struct pci_bus *below;

	if (!acs_guard_is_bridge(bridge))
		return ACS_GUARD_ABSENT;
	if (!acs_guard_is_still_listed(bridge) || !acs_guard_is_up(bridge))
		return ACS_GUARD_MAY_ANSWER;
	below = acs_guard_get_bus_below(bridge);
	if (!below)
		return ACS_GUARD_MAY_ANSWER;
	/* A rescan that renumbers a bus lists every function on it. */
	if (acs_guard_is_on(below, bdf))
		presence = read_presence(below, bdf);
	put_device(&below->dev);
	return presence;
}

/* Within acs_topology_read_lock(). */
static enum acs_guard_presence presence_on_root_bus(u64 bdf)
{
	enum acs_guard_presence presence;
	struct pci_bus *bus;

	if (!acs_guard_has_bus(bdf))
		return ACS_GUARD_ABSENT;
	bus = acs_guard_get_root_bus_at(bdf);
	if (!bus)
		return ACS_GUARD_MAY_ANSWER;
	presence = read_presence(bus, bdf);
	put_device(&bus->dev);
	return presence;
}

/**
 * acs_guard_presence() - check whether a function is at an address
 * @bdf: the address
 * @parent: the address of what is directly above it, or %ACS_GUARD_NO_PARENT
 *
 * In a domain behind a real DMA device, the result depends on the root bus
 * only: the domain is read through registers of that device, which may be in
 * reset, and its driver may remove the domain at any time.
 *
 * Context: process context; may sleep (resumes the bridge, without a lock that
 * the notifier takes).
 * Return: whether a function answers there, or what is known instead.
 */
enum acs_guard_presence acs_guard_presence(u64 bdf, u64 parent)
{
	enum acs_guard_presence presence;
	struct pci_dev *bridge;
	int idx;

	if (parent == ACS_GUARD_NO_PARENT) {
		idx = acs_topology_read_lock();
		presence = presence_on_root_bus(bdf);
		acs_topology_read_unlock(idx);
		return presence;
	}
	if (bdf >> 16 != parent >> 16)
		return acs_guard_has_bus(bdf) ? ACS_GUARD_MAY_ANSWER :
						ACS_GUARD_ABSENT;

	bridge = acs_guard_get_listed(parent);
	if (!bridge)
		return ACS_GUARD_BRIDGE_UNLISTED;
	pm_runtime_get_sync(&bridge->dev);
	idx = acs_topology_read_lock();
	presence = presence_below(bridge, bdf);
	acs_topology_read_unlock(idx);
	pm_runtime_put(&bridge->dev);
	pci_dev_put(bridge);
	return presence;
}
