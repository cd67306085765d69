// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what is kept about each function
 *
 * Each function has one entry, with its attributes, from its announcement
 * (before udev learns of it) to its removal.  Entries are freed by RCU, so a
 * caller that holds the function may use these functions at any time.  Binds
 * that are allowed take no shared lock and write to no shared cache line here.
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

#include "match.h"
#include "pci_dev.h"
#include "registry.h"
#include "report.h"
#include "topology_lock.h"

/* Of each function, at most PRINT_BURST decisions in PRINT_INTERVAL are logged.
 */
#define PRINT_BURST 10
#define PRINT_INTERVAL (5 * HZ)

/* Most machines have at most half as many functions as buckets. */
#define REGISTRY_HASH_BITS 10

/**
 * struct entry - what is kept about a function
 * @node: one of @registry
 * @pdev: the function, with a reference
 * @permissive: the exception of the function; written within
 *	acs_guard_settings_lock()
 * @bind_state: an enum acs_guard_bind_state; written under the device lock
 * @has_attributes: the attributes exist; false from DEL to REMOVED
 * @checked: the number of the last recheck that was done with the function
 * @denied: the number of refused binds
 * @unprinted: the number of decisions not logged, and not reported as a number
 * @printed: limits the decisions that are logged
 * @rcu: frees the entry
 */
struct entry {
	struct hlist_node node;
	struct pci_dev *pdev;
	bool permissive;
	u8 bind_state;
	bool has_attributes;
	unsigned int checked;
	atomic_t denied;
	atomic_t unprinted;
	struct ratelimit_state printed;
	struct rcu_head rcu;
};

/*
 * By the pointer to the function.  An xarray with such indices would need many
 * times the memory of the entries; a hash table needs no allocation.
 */
static DEFINE_HASHTABLE(registry, REGISTRY_HASH_BITS);

/*
 * Held while entries and attributes are added and removed.  Never taken in a
 * show or store function of an attribute.
 */
static DEFINE_MUTEX(registry_mutex);

/* No entry is added any more: the module is unloading.  Under the mutex. */
static bool registry_closed;

/* The attributes of each function with an entry. */
static const struct attribute_group *registry_attributes;

static void report_unprinted(struct work_struct *work);
static DECLARE_DELAYED_WORK(unprinted_work, report_unprinted);

/**
 * acs_guard_registry_init() - set the attributes of functions with an entry
 * @attributes: the attributes
 *
 * Context: init, before the first entry is added.
 */
void acs_guard_registry_init(const struct attribute_group *attributes)
{
	registry_attributes = attributes;
}

/* Within rcu_read_lock(), or under the mutex. */
static struct entry *entry_of(struct pci_dev *pdev)
{
	const unsigned long key = (unsigned long)pdev;
	struct entry *entry;

	hash_for_each_possible_rcu(registry, entry, node, key,
				   lockdep_is_held(&registry_mutex)) {
		if (entry->pdev == pdev)
			return entry;
	}
	return NULL;
}

/**
 * acs_guard_has_entry() - check whether a function has an entry
 * @pdev: the function; the caller has a reference
 *
 * An entry is removed before acs_topology_synchronize() in the removal of the
 * function.  So a function that has an entry within acs_topology_read_lock() is
 * valid until the end of that section.
 *
 * Return: true if @pdev has an entry; false too if there was no memory for one.
 */
bool acs_guard_has_entry(struct pci_dev *pdev)
{
	bool has_entry;

	rcu_read_lock();
	has_entry = entry_of(pdev);
	rcu_read_unlock();
	return has_entry;
}

/**
 * acs_guard_is_permissive() - check whether a function has an exception
 * @pdev: the function; the caller holds it
 *
 * Return: true if it has; false if it has no entry.
 */
bool acs_guard_is_permissive(struct pci_dev *pdev)
{
	const struct entry *entry;
	bool permissive;

	rcu_read_lock();
	entry = entry_of(pdev);
	permissive = entry && READ_ONCE(entry->permissive);
	rcu_read_unlock();
	return permissive;
}

/**
 * acs_guard_store_permissive() - store the exception of a function
 * @pdev: the function; the caller holds it
 * @permissive: whether the function has an exception
 *
 * Context: within acs_guard_settings_lock().
 * Return: 0, or -ENODEV if @pdev has no entry.
 */
int acs_guard_store_permissive(struct pci_dev *pdev, bool permissive)
{
	struct entry *entry;

	rcu_read_lock();
	entry = entry_of(pdev);
	if (entry)
		WRITE_ONCE(entry->permissive, permissive);
	rcu_read_unlock();
	return entry ? 0 : -ENODEV;
}

/**
 * acs_guard_bind_state() - get what rechecks know of a function
 * @pdev: the function; the caller holds it
 *
 * Return: the state; %ACS_GUARD_NOT_CHECKED if @pdev has no entry.
 */
enum acs_guard_bind_state acs_guard_bind_state(struct pci_dev *pdev)
{
	enum acs_guard_bind_state state = ACS_GUARD_NOT_CHECKED;
	const struct entry *entry;

	rcu_read_lock();
	entry = entry_of(pdev);
	if (entry)
		state = READ_ONCE(entry->bind_state);
	rcu_read_unlock();
	return state;
}

/**
 * acs_guard_set_bind_state() - set what rechecks know of a function
 * @pdev: the function; its device lock is held
 * @state: the state
 */
void acs_guard_set_bind_state(struct pci_dev *pdev,
			      enum acs_guard_bind_state state)
{
	struct entry *entry;

	rcu_read_lock();
	entry = entry_of(pdev);
	if (entry)
		WRITE_ONCE(entry->bind_state, state);
	rcu_read_unlock();
}

/**
 * acs_guard_needs_check() - check whether a recheck is not done with a function
 * @pdev: the function; the caller holds it
 * @recheck: the number of the recheck
 *
 * Return: false if @recheck is done with @pdev, or never checks it.
 */
bool acs_guard_needs_check(struct pci_dev *pdev, unsigned int recheck)
{
	const struct entry *entry;
	bool needed;

	rcu_read_lock();
	entry = entry_of(pdev);
	needed = entry && READ_ONCE(entry->checked) != recheck &&
		 READ_ONCE(entry->bind_state) != ACS_GUARD_NOT_CHECKED;
	rcu_read_unlock();
	return needed;
}

/**
 * acs_guard_set_checked() - note that a recheck is done with a function
 * @pdev: the function; the caller holds it
 * @recheck: the number of the recheck
 */
void acs_guard_set_checked(struct pci_dev *pdev, unsigned int recheck)
{
	struct entry *entry;

	rcu_read_lock();
	entry = entry_of(pdev);
	if (entry)
		WRITE_ONCE(entry->checked, recheck);
	rcu_read_unlock();
}

/**
 * acs_guard_count_denied() - count a refused bind
 * @pdev: the function; the caller holds it
 */
void acs_guard_count_denied(struct pci_dev *pdev)
{
	struct entry *entry;

	rcu_read_lock();
	entry = entry_of(pdev);
	if (entry)
		atomic_inc(&entry->denied);
	rcu_read_unlock();
}

/**
 * acs_guard_denied() - get the number of refused binds of a function
 * @pdev: the function; the caller holds it
 *
 * Return: the number since the function was added, which wraps; 0 if @pdev has
 * no entry.
 */
unsigned int acs_guard_denied(struct pci_dev *pdev)
{
	const struct entry *entry;
	unsigned int denied;

	rcu_read_lock();
	entry = entry_of(pdev);
	denied = entry ? atomic_read(&entry->denied) : 0;
	rcu_read_unlock();
	return denied;
}

/**
 * acs_guard_may_print() - check whether one more decision may be logged
 * @pdev: the function; the caller holds it
 *
 * Decisions that are not logged are counted, and their number is reported some
 * seconds later.
 *
 * Context: not once acs_guard_remove_entries() has begun.
 * Return: false if too many decisions about @pdev have been logged just now.
 */
bool acs_guard_may_print(struct pci_dev *pdev)
{
	struct entry *entry;
	bool may = true;

	rcu_read_lock();
	entry = entry_of(pdev);
	if (entry && !__ratelimit(&entry->printed)) {
		atomic_inc(&entry->unprinted);
		may = false;
	}
	rcu_read_unlock();

	if (!may)
		schedule_delayed_work(&unprinted_work, PRINT_INTERVAL);
	return may;
}

/* The function has an entry, so it is not freed yet. */
static void report_unprinted_of(struct entry *entry)
{
	const int unprinted = atomic_xchg(&entry->unprinted, 0);

	if (unprinted)
		acs_guard_report_unprinted(acs_guard_bdf(entry->pdev),
					   unprinted);
}

static void report_unprinted(struct work_struct *work)
{
	struct entry *entry;
	int bucket;

	mutex_lock(&registry_mutex);
	hash_for_each(registry, bucket, entry, node)
		report_unprinted_of(entry);
	mutex_unlock(&registry_mutex);
}

static struct entry *alloc_entry(struct pci_dev *pdev)
{
	struct entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return NULL;
	entry->pdev = pci_dev_get(pdev);
	entry->permissive = acs_guard_starts_permissive(pdev);
	ratelimit_state_init(&entry->printed, PRINT_INTERVAL, PRINT_BURST);
	/* The kernel would print a count with the name of our function. */
	ratelimit_set_flags(&entry->printed, RATELIMIT_MSG_ON_RELEASE);
	return entry;
}

static void free_entry(struct entry *entry)
{
	hash_del_rcu(&entry->node);
	pci_dev_put(entry->pdev);
	kfree_rcu(entry, rcu);
}

static int add_entry(struct pci_dev *pdev)
{
	struct entry *entry = alloc_entry(pdev);
	int err;

	if (!entry)
		return -ENOMEM;

	hash_add_rcu(registry, &entry->node, (unsigned long)pdev);
	err = sysfs_create_group(&pdev->dev.kobj, registry_attributes);
	entry->has_attributes = !err;
	if (err)
		free_entry(entry);
	return err;
}

/*
 * A function without an entry is judged like any other, but cannot get an
 * exception, and is not rechecked.
 */
static void add_locked(struct pci_dev *pdev)
{
	int err;

	lockdep_assert_held(&registry_mutex);
	if (registry_closed || entry_of(pdev))
		return;

	err = add_entry(pdev);
	if (err)
		pr_warn("%s: no attributes could be made (error %d), so it cannot have an exception, and is not rechecked\n",
			acs_guard_name(acs_guard_bdf(pdev)).text, err);
}

/*
 * Waits for the users of the attributes, so not under a lock that they take:
 * acs_guard_settings_lock().
 */
static void remove_attributes(struct entry *entry)
{
	lockdep_assert_held(&registry_mutex);
	if (entry->has_attributes && device_is_registered(&entry->pdev->dev))
		sysfs_remove_group(&entry->pdev->dev.kobj, registry_attributes);
	entry->has_attributes = false;
}

static void remove_locked(struct entry *entry)
{
	remove_attributes(entry);
	report_unprinted_of(entry);
	free_entry(entry);
}

/**
 * acs_guard_add_entry() - add the entry of a new function
 * @pdev: the function
 *
 * Context: process context; may sleep.
 */
void acs_guard_add_entry(struct pci_dev *pdev)
{
	mutex_lock(&registry_mutex);
	add_locked(pdev);
	mutex_unlock(&registry_mutex);
}

/**
 * acs_guard_retire_entry() - remove the attributes of a function
 * @pdev: the function, which is being removed
 *
 * Verdicts on other functions use @pdev until acs_guard_remove_entry().
 *
 * Context: process context; waits for users of its attributes.
 */
void acs_guard_retire_entry(struct pci_dev *pdev)
{
	struct entry *entry;

	mutex_lock(&registry_mutex);
	entry = entry_of(pdev);
	if (entry)
		remove_attributes(entry);
	mutex_unlock(&registry_mutex);
}

/**
 * acs_guard_remove_entry() - remove the entry of a function
 * @pdev: the function; nothing happens if it has no entry
 *
 * Context: process context; waits for users of its attributes.
 */
void acs_guard_remove_entry(struct pci_dev *pdev)
{
	struct entry *entry;

	mutex_lock(&registry_mutex);
	entry = entry_of(pdev);
	if (entry)
		remove_locked(entry);
	mutex_unlock(&registry_mutex);
}

static int add_one(struct device *dev, void *data)
{
	add_locked(to_pci_dev(dev));
	return 0;
}

/**
 * acs_guard_add_entries() - add entries for all functions that are there
 *
 * The iteration may find a device after DEL, but only before REMOVED: in
 * between, the bus drops the device from its list.  REMOVED waits for the mutex
 * and removes the entry.  It may also find a device before ADD.  If device_add()
 * fails then, no event tells, and the entry stays until the module unloads.
 *
 * Context: process context; may sleep.  acs_guard_add_entry() and
 * acs_guard_remove_entry() are being called already.
 */
void acs_guard_add_entries(void)
{
	mutex_lock(&registry_mutex);
	registry_closed = false;
	bus_for_each_dev(&pci_bus_type, NULL, NULL, add_one);
	mutex_unlock(&registry_mutex);
}

/**
 * acs_guard_remove_entries() - remove all entries, and add none from now on
 *
 * Context: process context; waits for users of attributes.  No bind is being
 * decided any more.
 */
void acs_guard_remove_entries(void)
{
	struct hlist_node *next;
	struct entry *entry;
	int bucket;

	mutex_lock(&registry_mutex);
	registry_closed = true;
	hash_for_each_safe(registry, bucket, next, entry, node)
		remove_locked(entry);
	mutex_unlock(&registry_mutex);
	cancel_delayed_work_sync(&unprinted_work);
}
