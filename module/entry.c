// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what is kept about each PCI function
 *
 * One entry a function, with its attributes, from its announcement (before
 * udev hears of it) to its removal.  Entries are freed by RCU, so whoever holds
 * the function may ask about it here at any time; binds that are allowed
 * share no lock and write to no common cache line here.
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
#include <linux/workqueue.h>

#include "acs_guard.h"

/* So many decisions about one function are printed in so long a time. */
#define PRINT_BURST 10
#define PRINT_INTERVAL (5 * HZ)

/* As many buckets as most machines have functions, twice over. */
#define HASH_BITS_OF_ENTRIES 10

/**
 * struct entry - what the guard keeps about a function
 * @node: one of @entries
 * @pdev: the function
 * @permissive: its administrator's word; written under the policy mutex
 * @standing: an enum acs_guard_standing; written under the device lock
 * @has_attributes: they are there; not any more from DEL to REMOVED
 * @settled: the last round in which a recheck had done with it
 * @denied: how many of its binds were refused
 * @unprinted: how many decisions were not printed since that was last told
 * @printed: what limits those that are
 * @rcu: for its end
 */
struct entry {
	struct hlist_node node;
	struct pci_dev *pdev;
	bool permissive;
	u8 standing;
	bool has_attributes;
	unsigned int settled;
	atomic_t denied;
	atomic_t unprinted;
	struct ratelimit_state printed;
	struct rcu_head rcu;
};

/*
 * By the address of the function.  What an index by such numbers would take for
 * itself is many times an entry; this one allocates nothing.
 */
static DEFINE_HASHTABLE(entries, HASH_BITS_OF_ENTRIES);

/* Adding and removing entries and attributes; never in show or store. */
static DEFINE_MUTEX(registry);

/* The module is going: no new entries.  Under the registry mutex. */
static bool leaving;

static void tell_unprinted(struct work_struct *work);
static DECLARE_DELAYED_WORK(unprinted_work, tell_unprinted);

/* Within rcu_read_lock(), or under the registry mutex. */
static struct entry *find(struct pci_dev *pdev)
{
	const unsigned long key = (unsigned long)pdev;
	struct entry *entry;

	hash_for_each_possible_rcu(entries, entry, node, key,
				   lockdep_is_held(&registry)) {
		if (entry->pdev == pdev)
			return entry;
	}
	return NULL;
}

/**
 * acs_guard_is_permissive() - has its administrator made an exception?
 * @pdev: the function; the caller holds it
 *
 * Return: that; false as well if there was no memory to keep it in.
 */
bool acs_guard_is_permissive(struct pci_dev *pdev)
{
	const struct entry *entry;
	bool permissive;

	rcu_read_lock();
	entry = find(pdev);
	permissive = entry && READ_ONCE(entry->permissive);
	rcu_read_unlock();
	return permissive;
}

/**
 * acs_guard_keep_permissive() - keep what its administrator said
 * @pdev: the function; the caller holds it
 * @permissive: that
 *
 * Context: under the policy mutex.
 * Return: 0, or -ENODEV if nothing is kept about @pdev.
 */
int acs_guard_keep_permissive(struct pci_dev *pdev, bool permissive)
{
	struct entry *entry;

	rcu_read_lock();
	entry = find(pdev);
	if (entry)
		WRITE_ONCE(entry->permissive, permissive);
	rcu_read_unlock();
	return entry ? 0 : -ENODEV;
}

/**
 * acs_guard_standing() - how does the function stand with the guard?
 * @pdev: the function; the caller holds it
 *
 * Return: that; %ACS_GUARD_UNVOUCHED if nothing is kept about it.
 */
enum acs_guard_standing acs_guard_standing(struct pci_dev *pdev)
{
	const struct entry *entry;
	enum acs_guard_standing standing = ACS_GUARD_UNVOUCHED;

	rcu_read_lock();
	entry = find(pdev);
	if (entry)
		standing = READ_ONCE(entry->standing);
	rcu_read_unlock();
	return standing;
}

/**
 * acs_guard_keep_standing() - keep how the function stands with the guard
 * @pdev: the function; its device lock is held
 * @standing: that
 */
void acs_guard_keep_standing(struct pci_dev *pdev,
			     enum acs_guard_standing standing)
{
	struct entry *entry;

	rcu_read_lock();
	entry = find(pdev);
	if (entry)
		WRITE_ONCE(entry->standing, standing);
	rcu_read_unlock();
}

/**
 * acs_guard_settle() - a recheck has done with the function
 * @pdev: the function; the caller holds it
 * @round: the recheck's number
 */
void acs_guard_settle(struct pci_dev *pdev, unsigned int round)
{
	struct entry *entry;

	rcu_read_lock();
	entry = find(pdev);
	if (entry)
		WRITE_ONCE(entry->settled, round);
	rcu_read_unlock();
}

/**
 * acs_guard_is_settled() - has a recheck nothing (more) to do with the function?
 * @pdev: the function; the caller holds it
 * @round: the recheck's number
 *
 * Return: true if it has done with it, or nobody vouched for it.
 */
bool acs_guard_is_settled(struct pci_dev *pdev, unsigned int round)
{
	const struct entry *entry;
	bool settled;

	rcu_read_lock();
	entry = find(pdev);
	settled = !entry || READ_ONCE(entry->settled) == round ||
		  READ_ONCE(entry->standing) == ACS_GUARD_UNVOUCHED;
	rcu_read_unlock();
	return settled;
}

/**
 * acs_guard_count_denied() - a bind was refused
 * @pdev: the function; the caller holds it
 */
void acs_guard_count_denied(struct pci_dev *pdev)
{
	struct entry *entry;

	rcu_read_lock();
	entry = find(pdev);
	if (entry)
		atomic_inc(&entry->denied);
	rcu_read_unlock();
}

/**
 * acs_guard_denied() - how many binds were refused since the function appeared?
 * @pdev: the function; the caller holds it
 *
 * Return: their number, which wraps; 0 if nothing is kept about it.
 */
unsigned int acs_guard_denied(struct pci_dev *pdev)
{
	const struct entry *entry;
	unsigned int denied;

	rcu_read_lock();
	entry = find(pdev);
	denied = entry ? atomic_read(&entry->denied) : 0;
	rcu_read_unlock();
	return denied;
}

/**
 * acs_guard_may_print() - may one more decision about it go to the log?
 * @pdev: the function; the caller holds it
 *
 * Those that may not are counted, and their number is told some seconds later.
 *
 * Context: not once acs_guard_remove_entries() has begun.
 */
bool acs_guard_may_print(struct pci_dev *pdev)
{
	struct entry *entry;
	bool may = true;

	rcu_read_lock();
	entry = find(pdev);
	if (entry && !__ratelimit(&entry->printed)) {
		atomic_inc(&entry->unprinted);
		may = false;
	}
	rcu_read_unlock();

	if (!may)
		schedule_delayed_work(&unprinted_work, PRINT_INTERVAL);
	return may;
}

/* Its function has an entry, so it is not freed yet. */
static void tell_unprinted_of(struct entry *entry)
{
	const int unprinted = atomic_xchg(&entry->unprinted, 0);

	if (unprinted)
		acs_guard_report_unprinted(entry->pdev, unprinted);
}

static void tell_unprinted(struct work_struct *work)
{
	struct entry *entry;
	int bucket;

	mutex_lock(&registry);
	hash_for_each(entries, bucket, entry, node)
		tell_unprinted_of(entry);
	mutex_unlock(&registry);
}

static struct entry *make_entry(struct pci_dev *pdev)
{
	struct entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return NULL;
	entry->pdev = pdev;
	entry->permissive = acs_guard_starts_permissive(pdev);
	ratelimit_state_init(&entry->printed, PRINT_INTERVAL, PRINT_BURST);
	/* It would count by itself, but name a function of ours for it. */
	ratelimit_set_flags(&entry->printed, RATELIMIT_MSG_ON_RELEASE);
	return entry;
}

static int add_entry(struct pci_dev *pdev)
{
	struct entry *entry = make_entry(pdev);
	int err;

	if (!entry)
		return -ENOMEM;

	hash_add_rcu(entries, &entry->node, (unsigned long)pdev);
	err = acs_guard_sysfs_add(pdev);
	entry->has_attributes = !err;
	if (!err)
		return 0;

	hash_del_rcu(&entry->node);
	kfree_rcu(entry, rcu);
	return err;
}

/*
 * A device without an entry is judged like any other, but cannot be made
 * permissive, and is not looked at again.
 */
static void add_locked(struct pci_dev *pdev)
{
	int err;

	lockdep_assert_held(&registry);
	if (leaving || find(pdev))
		return;

	err = add_entry(pdev);
	if (err)
		pr_warn("%s has no attributes: error %d; cannot be permissive, nor rechecked\n",
			acs_guard_name(acs_guard_bdf(pdev)).text, err);
}

static void remove_attributes(struct entry *entry)
{
	lockdep_assert_held(&registry);
	if (entry->has_attributes)
		acs_guard_sysfs_remove(entry->pdev);
	entry->has_attributes = false;
}

static void remove_locked(struct entry *entry)
{
	remove_attributes(entry);
	hash_del_rcu(&entry->node);
	tell_unprinted_of(entry);
	kfree_rcu(entry, rcu);
}

/**
 * acs_guard_add_entry() - a function has appeared
 * @pdev: the function
 *
 * Context: process context; may sleep.
 */
void acs_guard_add_entry(struct pci_dev *pdev)
{
	mutex_lock(&registry);
	add_locked(pdev);
	mutex_unlock(&registry);
}

/**
 * acs_guard_retire_entry() - a function is going
 * @pdev: the function
 *
 * It is still there, for those beside it, until acs_guard_remove_entry().
 *
 * Context: process context; waits for users of its attributes.
 */
void acs_guard_retire_entry(struct pci_dev *pdev)
{
	struct entry *entry;

	mutex_lock(&registry);
	entry = find(pdev);
	if (entry)
		remove_attributes(entry);
	mutex_unlock(&registry);
}

/**
 * acs_guard_remove_entry() - a function has gone
 * @pdev: the function; nothing happens if it has no entry
 *
 * Context: process context; waits for users of its attributes.
 */
void acs_guard_remove_entry(struct pci_dev *pdev)
{
	struct entry *entry;

	mutex_lock(&registry);
	entry = find(pdev);
	if (entry)
		remove_locked(entry);
	mutex_unlock(&registry);
}

static int walk_add(struct device *dev, void *data)
{
	add_locked(to_pci_dev(dev));
	return 0;
}

/**
 * acs_guard_add_entries() - entries for the functions that are there
 *
 * The walk may meet a device whose removal has been announced already, but then
 * not yet for the second time: the bus lets go of a device between DEL and
 * REMOVED, and this walk does not meet what the bus has let go of.  Under the
 * mutex, REMOVED waits for us, and takes the entry away.
 *
 * Context: process context; may sleep.  acs_guard_add_entry() and
 * acs_guard_remove_entry() are being called already.
 */
void acs_guard_add_entries(void)
{
	mutex_lock(&registry);
	leaving = false;
	bus_for_each_dev(&pci_bus_type, NULL, NULL, walk_add);
	mutex_unlock(&registry);
}

/**
 * acs_guard_remove_entries() - nothing is kept any more, from now on
 *
 * Context: process context; waits for users of attributes.  Nobody is being
 * probed under the guard's eyes any more.
 */
void acs_guard_remove_entries(void)
{
	struct hlist_node *next;
	struct entry *entry;
	int bucket;

	mutex_lock(&registry);
	leaving = true;
	hash_for_each_safe(entries, bucket, next, entry, node)
		remove_locked(entry);
	mutex_unlock(&registry);
	cancel_delayed_work_sync(&unprinted_work);
}
