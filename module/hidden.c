// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: functions that the kernel does not list
 *
 * A write to the sysfs attribute "remove" takes a function out of the kernel's
 * lists.  The function still answers configuration reads and still sends DMA,
 * so it affects the verdicts on other functions as before.  The guard finds
 * hidden functions in two ways.  The notifier records each function that leaves
 * the lists.  A search at load reads the addresses that a rescan reads.  A
 * verdict reads no empty addresses, because AER logs such reads: it reads only
 * the addresses of records, to find out whether a function answers there.
 *
 * No record is made of a virtual function: sysfs cannot remove one alone, and
 * the PCI core clears VF Enable (9.3.3.3.1) right after it removes them.
 *
 * Records are added and removed under a mutex, and read within
 * acs_guard_hold_functions().  Readers check the kernel's lists, and ignore the
 * record of a function that is listed again.
 */
#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "acs_guard.h"

#define NUM_DEVFNS 256
#define NUM_FUNCTIONS 8
#define NUM_DEVICES 32

/* More capabilities than fit into 256 bytes, and into 4096. */
#define MAX_CAPS 48
#define MAX_EXT_CAPS ((PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8)

/* The Vendor ID that is read where there is no function (7.5.1.1.1). */
#define NO_VENDOR U16_MAX

/* The PCI core waits this long for a function after a reset. */
#define GONE_AFTER (60 * HZ)

/* Twice what 6.6.1 allows from the end of a reset to the first answer. */
#define RESET_TIME (2 * HZ)

static LIST_HEAD(records);
static DEFINE_MUTEX(records_lock);

/**
 * acs_guard_next_hidden() - iterate over the records
 * @hidden: the previous record, or NULL to get the first
 *
 * Context: within acs_guard_hold_functions(), unless @hidden and the
 * result are NULL.
 * Return: the next record, or NULL at the end.
 */
struct acs_guard_hidden *
acs_guard_next_hidden(const struct acs_guard_hidden *hidden)
{
	const struct list_head *last = hidden ? &hidden->node : &records;
	const struct list_head *next = READ_ONCE(last->next);

	return next == &records ?
		       NULL :
		       container_of(next, struct acs_guard_hidden, node);
}

/**
 * acs_guard_hides_below() - is there a record directly below a function?
 * @bdf: the address of a bridge, or of the parent function of a domain
 *
 * Context: within acs_guard_hold_functions().
 * Return: true if there is such a record.
 */
bool acs_guard_hides_below(u64 bdf)
{
	const struct acs_guard_hidden *hidden = NULL;

	while ((hidden = acs_guard_next_hidden(hidden)))
		if (hidden->parent == bdf)
			return true;
	return false;
}

/**
 * acs_guard_may_be_there() - may a hidden function be present?
 * @hidden: the record of the function
 * @answered: whether the function answered the read just made
 *
 * A function in reset does not answer, and can send DMA after the reset.  The
 * first read without an answer is an event, so that acs_guard_forget_gone()
 * reads again.  The first answer after a silence longer than a reset is another
 * event, because the verdicts made meanwhile ignored the function.
 *
 * Context: within acs_guard_hold_functions(), or with records_lock held.
 * Return: false if @hidden has not answered for longer than a reset takes.
 */
bool acs_guard_may_be_there(struct acs_guard_hidden *hidden, bool answered)
{
	const unsigned long since = READ_ONCE(hidden->silent_since);

	if (answered) {
		if (!since)
			return true;
		WRITE_ONCE(hidden->silent_since, 0);
		if (!time_before(jiffies, since + RESET_TIME))
			acs_guard_recheck_soon();
		return true;
	}
	if (!since) {
		/* Zero means that the function answers. */
		WRITE_ONCE(hidden->silent_since, jiffies ?: 1);
		acs_guard_recheck_soon();
		return true;
	}
	return time_before(jiffies, since + RESET_TIME);
}

/**
 * acs_guard_note_readable() - note whether a function could be read
 * @hidden: its record
 * @readable: that
 *
 * Context: within acs_guard_hold_functions().
 */
void acs_guard_note_readable(struct acs_guard_hidden *hidden, bool readable)
{
	if (readable && READ_ONCE(hidden->unreadable_since))
		WRITE_ONCE(hidden->unreadable_since, 0);
	if (!readable && !READ_ONCE(hidden->unreadable_since))
		WRITE_ONCE(hidden->unreadable_since, jiffies ?: 1);
}

/**
 * acs_guard_may_be_in_reset() - can a reset be why a function is unreadable?
 * @bdf: the address of the function, which the kernel does not list
 *
 * Context: process context; may sleep.
 * Return: true if it could be read no longer ago than a reset takes.
 */
bool acs_guard_may_be_in_reset(u64 bdf)
{
	const struct acs_guard_hidden *hidden = NULL;
	unsigned long since = 0;
	int hold;

	hold = acs_guard_hold_functions();
	while ((hidden = acs_guard_next_hidden(hidden)))
		if (hidden->bdf == bdf)
			since = READ_ONCE(hidden->unreadable_since);
	acs_guard_let_go_functions(hold);
	return since && time_before(jiffies, since + RESET_TIME);
}

static void free_record(struct acs_guard_hidden *record)
{
	bitmap_free(record->aliases);
	kfree(record);
}

/* A new record replaces the old one of the same address. */
static void add_record(struct acs_guard_hidden *record)
{
	struct acs_guard_hidden *old, *replaced = NULL;

	mutex_lock(&records_lock);
	list_for_each_entry(old, &records, node)
		if (old->bdf == record->bdf)
			replaced = old;
	if (replaced)
		list_replace_rcu(&replaced->node, &record->node);
	else
		list_add_tail_rcu(&record->node, &records);
	mutex_unlock(&records_lock);

	if (!replaced)
		return;
	acs_guard_await_walks();
	free_record(replaced);
}

/* With __GFP_NOFAIL: without its record, a hidden function is not judged. */
static struct acs_guard_hidden *make_record(void)
{
	return kzalloc(sizeof(struct acs_guard_hidden),
		       GFP_KERNEL | __GFP_NOFAIL);
}

/**
 * acs_guard_hide() - record a function that is about to leave the lists
 * @pdev: the function; it is still among the children of its bridge
 *
 * No record is made of a virtual function, or of a function that is physically
 * absent, as after a surprise removal.
 *
 * Context: process context; may sleep for memory and for walks under way.
 */
void acs_guard_hide(struct pci_dev *pdev)
{
	struct acs_guard_hidden *record;

	if (pdev->is_virtfn || pdev->error_state == pci_channel_io_perm_failure)
		return;

	record = make_record();
	acs_guard_record(pdev, record);
	if (pdev->dma_alias_mask) {
		record->aliases =
			bitmap_zalloc(NUM_DEVFNS, GFP_KERNEL | __GFP_NOFAIL);
		bitmap_copy(record->aliases, pdev->dma_alias_mask, NUM_DEVFNS);
	}
	add_record(record);
}

/* The record with the lowest address from @bdf on, or NULL. */
static struct acs_guard_hidden *record_from(u64 bdf)
{
	struct acs_guard_hidden *record, *found = NULL;

	lockdep_assert_held(&records_lock);
	list_for_each_entry(record, &records, node)
		if (record->bdf >= bdf && (!found || record->bdf < found->bdf))
			found = record;
	return found;
}

static bool has_record(u64 bdf)
{
	const struct acs_guard_hidden *record;
	bool found;

	mutex_lock(&records_lock);
	record = record_from(bdf);
	found = record && record->bdf == bdf;
	mutex_unlock(&records_lock);
	return found;
}

static struct pci_dev *get_listed(u64 bdf)
{
	return pci_get_domain_bus_and_slot(bdf >> 16, (u8)(bdf >> 8), (u8)bdf);
}

static bool is_listed(u64 bdf)
{
	struct pci_dev *pdev = get_listed(bdf);

	pci_dev_put(pdev);
	return pdev;
}

/*
 * Within acs_guard_hold_functions(): a listed @pdev and its host bridge stay
 * until acs_guard_let_go_functions().  Pointers are compared, not addresses,
 * because the domain number may be freed with the host bridge and be reused.
 */
static bool is_still_listed(const struct pci_dev *pdev)
{
	struct pci_dev *listed = NULL;

	for_each_pci_dev(listed)
		if (listed == pdev)
			break;
	pci_dev_put(listed);
	return listed;
}

/* ---- At load: functions that were hidden before ---- */

static bool read_dword(struct pci_bus *bus, u8 devfn, int where, u32 *value)
{
	return !pci_bus_read_config_dword(bus, devfn, where, value) &&
	       !PCI_POSSIBLE_ERROR(*value);
}

/**
 * acs_guard_answers() - is there a function at an address?
 * @bus: the bus
 * @devfn: the device and function number on @bus
 * @id: set to the first dword of configuration space
 *
 * Uses the check of the PCI core.  A Request Retry Status (2.3.1) is an answer.
 *
 * Return: true if there is a function.
 */
bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id)
{
	return read_dword(bus, devfn, PCI_VENDOR_ID, id) && *id &&
	       (u16)*id != NO_VENDOR && *id != 0xffff0000;
}

/* Return: the offset of the PCI Express Capability (7.5.3), or 0. */
static u8 find_express(struct pci_bus *bus, u8 devfn)
{
	unsigned int left = MAX_CAPS;
	u32 value;
	u8 pos;

	if (!read_dword(bus, devfn, PCI_COMMAND, &value) ||
	    !(value >> 16 & PCI_STATUS_CAP_LIST) ||
	    !read_dword(bus, devfn, PCI_CAPABILITY_LIST, &value))
		return 0;
	for (pos = value & ~3; pos >= PCI_STD_HEADER_SIZEOF && left--;
	     pos = value >> 8 & 0xfc) {
		if (!read_dword(bus, devfn, pos, &value))
			return 0;
		if ((u8)value == PCI_CAP_ID_EXP)
			return pos;
	}
	return 0;
}

/* Return: the offset of the extended capability (7.6.3), or 0. */
static u16 find_extended(struct pci_bus *bus, u8 devfn, u16 id)
{
	unsigned int left = MAX_EXT_CAPS;
	u16 pos = PCI_CFG_SPACE_SIZE;
	u32 header;

	while (pos >= PCI_CFG_SPACE_SIZE && left--) {
		if (!read_dword(bus, devfn, pos, &header) || !header)
			return 0;
		if (PCI_EXT_CAP_ID(header) == id)
			return pos;
		pos = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/* The kernel has not scanned the function: assume the worst of each unknown. */
static void describe(struct pci_bus *bus, u8 devfn, u32 id,
		     struct acs_guard_hidden *record)
{
	const u8 express = find_express(bus, devfn);
	u32 value = 0;

	record->id = id;
	record->type = ACS_GUARD_TYPE_CONVENTIONAL;
	record->memory = true;
	record->slot = true;
	if (!read_dword(bus, devfn, PCI_CACHE_LINE_SIZE, &value))
		return;
	record->bridge = (value >> 16 & 0x7f) != PCI_HEADER_TYPE_NORMAL;
	record->deep = record->bridge;
	record->hotplug = record->bridge;
	if (!express || !read_dword(bus, devfn, express, &value))
		return;
	record->type = (value >> 16 & PCI_EXP_FLAGS_TYPE) >> 4;
	record->extended = read_dword(bus, devfn, PCI_CFG_SPACE_SIZE, &value);
	record->acs_cap = find_extended(bus, devfn, PCI_EXT_CAP_ID_ACS);
}

static u64 address_on(struct pci_bus *bus, u8 devfn)
{
	return ACS_GUARD_BDF(pci_domain_nr(bus), bus->number, devfn);
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
static bool look_at(struct search *search, u8 devfn)
{
	struct pci_bus *bus = search->bus;
	u32 id;

	if (acs_guard_is_listed(bus->bridge, address_on(bus, devfn)))
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

	return read_dword(bus, devfn, PCI_CACHE_LINE_SIZE, &value) &&
	       value >> 16 & 0x80;
}

/* Return: Next Function Number (6.13, 7.8.8.2), or 0 at the end of the list. */
static u8 next_ari_function(struct pci_bus *bus, u8 devfn)
{
	const u16 ari = find_extended(bus, devfn, PCI_EXT_CAP_ID_ARI);
	u32 value;

	if (!ari || !read_dword(bus, devfn, ari + PCI_ARI_CAP, &value))
		return 0;
	return PCI_ARI_CAP_NFN(value);
}

/* Function numbers increase along the list (7.8.8.2), so the loop ends. */
static void look_at_ari_device(struct search *search)
{
	u8 devfn = 0, next;

	while ((next = next_ari_function(search->bus, devfn)) > devfn) {
		look_at(search, next);
		devfn = next;
	}
}

/* Functions other than the first are read where a rescan reads them. */
static void look_at_device(struct search *search, u8 first)
{
	struct pci_bus *bus = search->bus;
	const bool listed =
		acs_guard_lists_device(bus->bridge, address_on(bus, first));
	const bool there = look_at(search, first);
	u8 devfn;

	if (!listed && !(there && is_multifunction(bus, first)))
		return;
	for (devfn = first + 1; devfn % NUM_FUNCTIONS; devfn++)
		look_at(search, devfn);
}

static bool is_port(struct pci_dev *bridge)
{
	return pci_is_pcie(bridge) &&
	       (pci_pcie_type(bridge) == PCI_EXP_TYPE_ROOT_PORT ||
		pci_pcie_type(bridge) == PCI_EXP_TYPE_DOWNSTREAM);
}

/* Read what a rescan reads below a bridge. */
static void look_below(struct search *search)
{
	struct pci_dev *bridge = search->near;
	unsigned int device;

	search->parent = acs_guard_bdf(bridge);
	if (!is_port(bridge)) {
		for (device = 0; device < NUM_DEVICES; device++)
			look_at_device(search, PCI_DEVFN(device, 0));
		return;
	}
	look_at_device(search, 0);
	if (bridge->ari_enabled)
		look_at_ari_device(search);
}

/* Read what a rescan reads of a multi-function device on a root bus. */
static void look_beside(struct search *search)
{
	struct pci_dev *pdev = search->near;

	search->parent = acs_guard_parent(pdev);
	look_at_device(search, PCI_DEVFN(PCI_SLOT(pdev->devfn), 0));
}

/* A record that the notifier has made meanwhile stays: it has more facts. */
static void record_found(const struct search *search, u8 devfn)
{
	struct acs_guard_hidden *record = make_record();
	bool there;
	int hold;
	u32 id;

	record->bdf = search->address | devfn;
	record->parent = search->parent;
	hold = acs_guard_hold_functions();
	there = is_still_listed(search->near) &&
		acs_guard_answers(search->bus, devfn, &id);
	if (there)
		describe(search->bus, devfn, id, record);
	acs_guard_let_go_functions(hold);

	if (!there || has_record(record->bdf)) {
		free_record(record);
		return;
	}
	pr_warn("%s answers, but the kernel does not list it; to have it listed: echo 1 > /sys/bus/pci/rescan\n",
		acs_guard_name(record->bdf).text);
	add_record(record);
}

/*
 * Configuration space is read within acs_guard_hold_functions(), because the
 * removal of a host bridge waits for that section to end.  Records are added
 * outside the section, because that waits for memory and for walks.
 */
static void look_on(struct pci_dev *near, struct pci_bus *bus,
		    void (*look)(struct search *search))
{
	struct search search = { .near = near, .bus = bus };
	unsigned int devfn;
	int hold;

	hold = acs_guard_hold_functions();
	if (is_still_listed(near)) {
		search.address = address_on(bus, 0);
		look(&search);
	}
	acs_guard_let_go_functions(hold);

	for_each_set_bit(devfn, search.found, NUM_DEVFNS)
		record_found(&search, devfn);
}

static int look_around(struct device *dev, void *unused)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct pci_bus *below;

	if (pdev->multifunction && pci_is_root_bus(pdev->bus))
		look_on(pdev, pdev->bus, look_beside);
	if (!acs_guard_is_bridge(pdev))
		return 0;

	below = acs_guard_get_bus_below(pdev);
	if (!below)
		return 0;
	pm_runtime_get_sync(dev);
	look_on(pdev, below, look_below);
	pm_runtime_put(dev);
	put_device(&below->dev);
	return 0;
}

/**
 * acs_guard_look_for_hidden() - record functions that were hidden before load
 *
 * Reads what a rescan reads: every device number below a bridge, device number
 * 0 only below a port, and the function numbers of multi-function devices.
 *
 * Context: process context; may sleep (resumes bridges).  The notifier that
 * calls acs_guard_hide() is registered already.
 */
void acs_guard_look_for_hidden(void)
{
	bus_for_each_dev(&pci_bus_type, NULL, NULL, look_around);
}

/* ---- Records that are of no use any more ---- */

/* Whether there is a function at an address. */
enum presence { ABSENT, PRESENT, UNKNOWN };

static enum presence ask(struct pci_bus *bus, u64 bdf)
{
	u32 id;

	return acs_guard_answers(bus, (u8)bdf, &id) ? PRESENT : ABSENT;
}

/* The state of a bridge without power management is unknown. */
static bool is_up(struct pci_dev *bridge)
{
	return !pm_runtime_suspended(&bridge->dev) &&
	       !pci_channel_offline(bridge) &&
	       (bridge->current_state == PCI_D0 ||
		bridge->current_state == PCI_UNKNOWN);
}

/*
 * Within acs_guard_hold_functions().  Nothing can be read below a bridge that
 * is not up.
 */
static enum presence ask_below(struct pci_dev *bridge, u64 bdf)
{
	enum presence presence = ABSENT;
	struct pci_bus *below;

	if (!acs_guard_is_bridge(bridge))
		return ABSENT;
	if (!is_still_listed(bridge) || !is_up(bridge))
		return UNKNOWN;
	below = acs_guard_get_bus_below(bridge);
	if (!below)
		return UNKNOWN;
	/* A rescan that renumbers a bus lists every function on it. */
	if (below->number == (u8)(bdf >> 8))
		presence = ask(below, bdf);
	put_device(&below->dev);
	return presence;
}

/* Within acs_guard_hold_functions(): a listed function keeps its root bus. */
static enum presence ask_on_root_bus(u64 bdf)
{
	enum presence presence = UNKNOWN;
	struct pci_dev *pdev = NULL;

	if (!pci_find_bus(bdf >> 16, (u8)(bdf >> 8)))
		return ABSENT;
	for_each_pci_dev(pdev)
		if (pci_is_root_bus(pdev->bus) &&
		    acs_guard_bdf(pdev) >> 8 == bdf >> 8)
			break;
	if (pdev)
		presence = ask(pdev->bus, bdf);
	pci_dev_put(pdev);
	return presence;
}

/*
 * Is there a function at @bdf, directly below @parent, that is not listed?  In
 * a domain behind a function, the result depends on the root bus only.  Below a
 * bridge that is not listed, the result depends on the record of the bridge.
 */
static enum presence presence_of(u64 bdf, u64 parent)
{
	enum presence presence;
	struct pci_dev *bridge;
	int hold;

	if (parent == ACS_GUARD_NO_PARENT) {
		hold = acs_guard_hold_functions();
		presence = ask_on_root_bus(bdf);
		acs_guard_let_go_functions(hold);
		return presence;
	}
	if (bdf >> 16 != parent >> 16)
		return pci_find_bus(bdf >> 16, (u8)(bdf >> 8)) ? UNKNOWN :
								 ABSENT;

	bridge = get_listed(parent);
	if (!bridge)
		return has_record(parent) ? UNKNOWN : ABSENT;
	pm_runtime_get_sync(&bridge->dev);
	hold = acs_guard_hold_functions();
	presence = ask_below(bridge, bdf);
	acs_guard_let_go_functions(hold);
	pm_runtime_put(&bridge->dev);
	pci_dev_put(bridge);
	return presence;
}

/*
 * Return: true if the function of @record has been listed for longer than its
 * addition takes, or has not answered for longer than a reset takes.
 */
static bool is_gone(struct acs_guard_hidden *record, bool listed, bool there)
{
	const bool useless = listed || !there;

	if (!useless || !record->useless)
		record->since = jiffies;
	record->useless = useless;
	return useless &&
	       time_after(jiffies, record->since + (listed ? HZ : GONE_AFTER));
}

/* Update the record of @bdf.  Return: true if it has to be checked again. */
static bool note_answer(u64 bdf, bool listed, enum presence presence)
{
	struct acs_guard_hidden *record, *gone = NULL;

	mutex_lock(&records_lock);
	record = record_from(bdf);
	if (record && record->bdf == bdf) {
		if (!listed && presence != UNKNOWN)
			acs_guard_may_be_there(record, presence == PRESENT);
		if (is_gone(record, listed, presence != ABSENT))
			gone = record;
	}
	if (gone)
		list_del_rcu(&gone->node);
	mutex_unlock(&records_lock);
	if (!gone)
		return listed || presence == ABSENT;

	acs_guard_await_walks();
	free_record(gone);
	return false;
}

/**
 * acs_guard_forget_gone() - remove records of listed and of absent functions
 *
 * The notifier cannot distinguish a card that is about to be unplugged from one
 * that is hidden, so it records both.  A function in reset does not answer
 * either, so a record is removed only when calls have found the function listed
 * or absent for long enough.
 *
 * Context: process context; may sleep (resumes bridges, without a lock that the
 * notifier takes).  One call at a time.
 * Return: true if a later call may remove a record.
 */
bool acs_guard_forget_gone(void)
{
	enum presence presence;
	struct acs_guard_hidden *record;
	u64 bdf = 0, parent = 0;
	bool again = false, listed;

	for (;; bdf++) {
		mutex_lock(&records_lock);
		record = record_from(bdf);
		if (record) {
			bdf = record->bdf;
			parent = record->parent;
		}
		mutex_unlock(&records_lock);
		if (!record)
			return again;
		listed = is_listed(bdf);
		presence = listed ? UNKNOWN : presence_of(bdf, parent);
		again |= note_answer(bdf, listed, presence);
	}
}

static struct acs_guard_hidden *take_record(void)
{
	struct acs_guard_hidden *record;

	mutex_lock(&records_lock);
	record = record_from(0);
	if (record)
		list_del_rcu(&record->node);
	mutex_unlock(&records_lock);
	return record;
}

/**
 * acs_guard_forget_hidden() - remove all records
 *
 * Context: process context; waits for walks.
 */
void acs_guard_forget_hidden(void)
{
	struct acs_guard_hidden *record;

	while ((record = take_record())) {
		acs_guard_await_walks();
		free_record(record);
	}
}
