// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: find functions that the kernel does not list, and record them
 *
 * There are two ways.  The notifier records each function that leaves the
 * lists.  A search at load reads the addresses that a rescan reads.  What is
 * below a bridge that cannot be resumed is searched when the bridge can be.
 *
 * No record is made of a virtual function: sysfs cannot remove one alone, and
 * the PCI core clears VF Enable (9.3.3.3.1) right after it removes them.
 */
#include <linux/bitmap.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "engine.h"
#include "hidden.h"
#include "hidden_find.h"
#include "node.h"
#include "pci_dev.h"
#include "power.h"
#include "registry.h"
#include "topology_lock.h"
#include "unsearched.h"

#define NUM_DEVFNS 256
#define NUM_FUNCTIONS 8
#define NUM_DEVICES 32

/* More capabilities than fit into 256 bytes, and into 4096. */
#define MAX_CAPS 48
#define MAX_EXT_CAPS ((PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8)

/* Resumes nothing: the caller holds locks that a resume may wait for. */
static void record_listed(struct pci_dev *pdev, struct acs_guard_hidden *hidden)
{
	const struct acs_node node = acs_node_of(pdev);
	struct acs_guard_reader reader = { .device = pdev };
	const struct acs_guard_function fn =
		acs_guard_function_of(node, &reader, true);
	const u8 type = acs_node_type(node);
	const bool express = type != ACS_GUARD_TYPE_CONVENTIONAL;

	hidden->bdf = fn.bdf;
	hidden->parent = acs_guard_parent(pdev);
	hidden->id = (u32)acs_node_device(node) << 16 | acs_node_vendor(node);
	hidden->type = type;
	hidden->bridge = acs_node_is_bridge(node);
	hidden->slot = !express || acs_node_has_slot(node);
	hidden->hotplug = acs_node_has_hotplug(node);
	hidden->extended = acs_node_is_extended(node);
	hidden->memory = acs_node_has_memory(node);
	hidden->acs_cap = express ? acs_node_acs(node) : 0;
	hidden->readable = fn.readable;
	hidden->cap = fn.cap;
	hidden->ctrl = fn.ctrl;
	hidden->deep = acs_guard_is_unsearched(pdev);
	acs_guard_let_sleep(&reader);
}

/**
 * acs_guard_hide() - record a function that leaves the lists
 * @pdev: the function, which its removal has not released yet
 * @leaving: its removal has just begun; acs_guard_note_removed() follows
 *
 * No record is made of a virtual function, or of a function that is physically
 * absent, as after a surprise removal.
 *
 * Context: process context; may sleep for memory, and waits for topology
 * readers.
 */
void acs_guard_hide(struct pci_dev *pdev, bool leaving)
{
	const unsigned long *aliases = acs_node_aliases(acs_node_of(pdev));
	struct acs_guard_hidden *hidden;

	if (acs_node_is_virtual(acs_node_of(pdev)) ||
	    acs_guard_is_disconnected(pdev))
		return;

	hidden = acs_guard_alloc_hidden();
	record_listed(pdev, hidden);
	hidden->leaving = leaving;
	if (aliases) {
		hidden->aliases =
			bitmap_zalloc(NUM_DEVFNS, GFP_KERNEL | __GFP_NOFAIL);
		bitmap_copy(hidden->aliases, aliases, NUM_DEVFNS);
	}
	acs_guard_add_hidden(hidden);
}

/* ---- The search at load ---- */

/*
 * Return: the offset of the PCI Express Capability (7.5.3), 0 if there is none,
 * or -EIO if that cannot be read.
 */
static int find_express(struct pci_bus *bus, u8 devfn)
{
	unsigned int left = MAX_CAPS;
	u32 value;
	u8 pos;

	if (!acs_guard_read_at(bus, devfn, PCI_COMMAND, &value))
		return -EIO;
	if (!(value >> 16 & PCI_STATUS_CAP_LIST))
		return 0;
	if (!acs_guard_read_at(bus, devfn, PCI_CAPABILITY_LIST, &value))
		return -EIO;
	for (pos = value & ~3; pos >= PCI_STD_HEADER_SIZEOF;
	     pos = value >> 8 & 0xfc) {
		if (!left-- || !acs_guard_read_at(bus, devfn, pos, &value))
			return -EIO;
		if ((u8)value == PCI_CAP_ID_EXP)
			return pos;
	}
	return 0;
}

/*
 * Return: the offset of the extended capability (7.6.3), 0 if there is none, or
 * -EIO if that cannot be read.
 */
static int find_extended(struct pci_bus *bus, u8 devfn, u16 id)
{
	unsigned int left = MAX_EXT_CAPS;
	u16 pos = PCI_CFG_SPACE_SIZE;
	u32 header;

	while (pos >= PCI_CFG_SPACE_SIZE) {
		if (!left-- || !acs_guard_read_at(bus, devfn, pos, &header))
			return -EIO;
		/* A zero header is an empty list, but only at the start. */
		if (!header)
			return pos == PCI_CFG_SPACE_SIZE ? 0 : -EIO;
		if (PCI_EXT_CAP_ID(header) == id)
			return pos;
		pos = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/*
 * The kernel has not scanned the function: assume the worst of each unknown. A
 * function whose list of capabilities does not read to its end is of unknown
 * type; one whose extended list does not is read as if it had none of it, which
 * the engine takes for unreadable.
 */
static void record_unlisted(struct pci_bus *bus, u8 devfn, u32 id,
			    struct acs_guard_hidden *hidden)
{
	const int express = find_express(bus, devfn);
	int acs;
	u32 value = 0;

	hidden->id = id;
	hidden->type = ACS_GUARD_TYPE_UNKNOWN;
	hidden->memory = true;
	hidden->slot = true;
	if (!acs_guard_read_at(bus, devfn, PCI_CACHE_LINE_SIZE, &value))
		return;
	hidden->bridge = (value >> 16 & 0x7f) != PCI_HEADER_TYPE_NORMAL;
	hidden->deep = hidden->bridge;
	hidden->hotplug = hidden->bridge;
	if (!express)
		hidden->type = ACS_GUARD_TYPE_CONVENTIONAL;
	if (express <= 0 || !acs_guard_read_at(bus, devfn, express, &value))
		return;
	hidden->type = (value >> 16 & PCI_EXP_FLAGS_TYPE) >> 4;
	acs = find_extended(bus, devfn, PCI_EXT_CAP_ID_ACS);
	hidden->extended = acs >= 0;
	hidden->acs_cap = max(acs, 0);
}

/**
 * struct search - a search for functions that the kernel does not list
 * @near: the bridge above @bus, or a function on @bus if that is a root bus
 * @bus: the bus that is searched
 * @address: the address of function 0 of device 0 on @bus
 * @parent: as in struct acs_guard_hidden
 * @found: the devfns that answer on @bus and are not listed
 */
struct search {
	struct pci_dev *near;
	struct pci_bus *bus;
	u64 address;
	u64 parent;
	DECLARE_BITMAP(found, NUM_DEVFNS);
};

/* Return: true if there is a function at @devfn, listed or not. */
static bool search_function(struct search *search, u8 devfn)
{
	struct pci_bus *bus = search->bus;
	u32 id;

	if (acs_guard_is_listed(bus, acs_guard_address_on(bus, devfn)))
		return true;
	if (!acs_guard_answers(bus, devfn, &id))
		return false;
	__set_bit(devfn, search->found);
	return true;
}

/* Is Multi-Function Device set in Header Type (7.5.1.1.9)? */
static bool is_multifunction(struct pci_bus *bus, u8 devfn)
{
	u32 value;

	return acs_guard_read_at(bus, devfn, PCI_CACHE_LINE_SIZE, &value) &&
	       value >> 16 & 0x80;
}

/* Return: Next Function Number (6.13, 7.8.8.2), or 0 at the end of the list. */
static u8 next_ari_function(struct pci_bus *bus, u8 devfn)
{
	const int ari = find_extended(bus, devfn, PCI_EXT_CAP_ID_ARI);
	u32 value;

	if (ari <= 0 ||
	    !acs_guard_read_at(bus, devfn, ari + PCI_ARI_CAP, &value))
		return 0;
	return PCI_ARI_CAP_NFN(value);
}

/* Function numbers increase along the list (7.8.8.2), so the loop ends. */
static void search_ari_device(struct search *search)
{
	u8 devfn = 0, next;

	while ((next = next_ari_function(search->bus, devfn)) > devfn) {
		search_function(search, next);
		devfn = next;
	}
}

/* Functions other than the first are read where a rescan reads them. */
static void search_device(struct search *search, u8 first)
{
	struct pci_bus *bus = search->bus;
	const u64 bdf = acs_guard_address_on(bus, first);
	const bool listed = acs_guard_lists_device(bus, bdf);
	const bool there = search_function(search, first);
	u8 devfn;

	if (!listed && !(there && is_multifunction(bus, first)))
		return;
	for (devfn = first + 1; devfn % NUM_FUNCTIONS; devfn++)
		search_function(search, devfn);
}

static bool is_port(struct pci_dev *bridge)
{
	const u8 type = acs_node_type(acs_node_of(bridge));

	return type == PCI_EXP_TYPE_ROOT_PORT ||
	       type == PCI_EXP_TYPE_DOWNSTREAM;
}

/* Read what a rescan reads below a bridge. */
static void search_below(struct search *search)
{
	struct pci_dev *bridge = search->near;
	unsigned int device;

	search->parent = acs_guard_bdf(bridge);
	if (!is_port(bridge) || acs_guard_scans_all()) {
		for (device = 0; device < NUM_DEVICES; device++)
			search_device(search, PCI_DEVFN(device, 0));
	} else {
		search_device(search, 0);
	}
	if (acs_guard_has_ari(bridge))
		search_ari_device(search);
}

/* Read what a rescan reads of a multi-function device on a root bus. */
static void search_beside(struct search *search)
{
	const u64 bdf = acs_guard_bdf(search->near);

	search->parent = acs_guard_parent(search->near);
	search_device(search, PCI_DEVFN(PCI_SLOT((u8)bdf), 0));
}

/*
 * Within acs_topology_read_lock().  Most functions have an entry; without one,
 * all functions have to be gone through.
 */
static bool is_still_listed(struct pci_dev *pdev)
{
	return acs_guard_has_entry(pdev) || acs_guard_is_still_listed(pdev);
}

/* A record that the notifier has made meanwhile stays: it has more facts. */
static void record_found(const struct search *search, u8 devfn)
{
	struct acs_guard_hidden *hidden = acs_guard_alloc_hidden();
	bool there;
	int idx;
	u32 id;

	hidden->bdf = search->address | devfn;
	hidden->parent = search->parent;
	idx = acs_topology_read_lock();
	there = is_still_listed(search->near) &&
		acs_guard_answers(search->bus, devfn, &id);
	if (there)
		record_unlisted(search->bus, devfn, id, hidden);
	acs_topology_read_unlock(idx);

	if (!there || acs_guard_has_hidden(hidden->bdf)) {
		acs_guard_free_hidden(hidden);
		return;
	}
	pr_warn("%s answers, but the kernel does not list it, and it can still send DMA; to have it listed: echo 1 > /sys/bus/pci/rescan\n",
		acs_guard_name(hidden->bdf).text);
	acs_guard_add_hidden(hidden);
}

/*
 * Configuration space is read within acs_topology_read_lock(), because the
 * removal of a host bridge waits for that section to end.  Records are added
 * outside the section, because that waits for memory and for topology readers.
 */
static void search_bus(struct pci_dev *near, struct pci_bus *bus,
		       void (*read_bus)(struct search *search))
{
	struct search search = { .near = near, .bus = bus };
	unsigned int devfn;
	int idx;

	idx = acs_topology_read_lock();
	if (is_still_listed(near)) {
		search.address = acs_guard_address_on(bus, 0);
		read_bus(&search);
	}
	acs_topology_read_unlock(idx);

	for_each_set_bit(devfn, search.found, NUM_DEVFNS)
		record_found(&search, devfn);
}

/* Return: false if the bridge cannot be resumed, so that nothing was read. */
static bool search_bridge(struct pci_dev *bridge)
{
	struct pci_bus *below = acs_guard_get_bus_below(bridge);
	bool up;

	if (!below)
		return true;
	/* A bridge without runtime PM may be up although the call fails. */
	pm_runtime_get_sync(&bridge->dev);
	up = acs_guard_is_up(bridge);
	if (up)
		search_bus(bridge, below, search_below);
	pm_runtime_put(&bridge->dev);
	put_device(&below->dev);
	return up;
}

static int search_near(struct device *dev, void *data)
{
	bool *complete = data;
	struct pci_dev *pdev = to_pci_dev(dev);

	if (acs_guard_is_multifunction(pdev) &&
	    acs_node_is_on_root_bus(acs_node_of(pdev)))
		search_bus(pdev, acs_guard_bus_of(pdev), search_beside);
	if (!acs_guard_is_bridge(pdev) || search_bridge(pdev))
		return 0;

	pr_warn("%s cannot be resumed from a sleep state, so functions below it that the kernel does not list are not found until it is\n",
		acs_guard_name(acs_guard_bdf(pdev)).text);
	acs_guard_add_unsearched(pdev);
	*complete = false;
	return 0;
}

/**
 * acs_guard_look_for_hidden() - record functions that were hidden before load
 *
 * Reads what a rescan reads: every device number below a bridge, below a port
 * only device number 0, unless pci=pcie_scan_all is set, and the function
 * numbers of multi-function devices.
 *
 * Context: process context; may sleep (resumes bridges).  The notifier that
 * calls acs_guard_hide() is registered already.
 * Return: false if a bridge could not be resumed: acs_guard_look_again() has to
 * be called later.
 */
bool acs_guard_look_for_hidden(void)
{
	bool complete = true;

	bus_for_each_dev(&pci_bus_type, NULL, &complete, search_near);
	return complete;
}

static bool is_there(struct pci_dev *bridge)
{
	const int idx = acs_topology_read_lock();
	const bool there = is_still_listed(bridge);

	acs_topology_read_unlock(idx);
	return there;
}

static bool search_again(struct pci_dev *bridge)
{
	return !is_there(bridge) || search_bridge(bridge);
}

/**
 * acs_guard_look_again() - search below bridges that could not be resumed
 * @again: set to true if some of them still cannot be resumed
 *
 * Context: process context; may sleep (resumes bridges).  One call at a time.
 * Return: true if a search was made, so that verdicts may have changed.
 */
bool acs_guard_look_again(bool *again)
{
	return acs_guard_retry_unsearched(search_again, again);
}
