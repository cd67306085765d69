// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: bridges below which hidden functions were not searched for
 *
 * A bridge that could not be resumed at load may have a hidden function below
 * it of which there is no record.  Until the search has been made, no function
 * is isolated that depends on the bridge: node.h lets no read of the bridge
 * succeed, and counts the functions below it as unknown.
 */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "topology_lock.h"
#include "unsearched.h"

/**
 * struct unsearched - a bridge below which was not searched
 * @node: one of @bridges
 * @bridge: the bridge, with a reference
 * @rcu: frees it
 */
struct unsearched {
	struct list_head node;
	struct pci_dev *bridge;
	struct rcu_head rcu;
};

/*
 * Changed under the mutex, read by RCU.  Only acs_guard_retry_unsearched() and
 * acs_guard_forget_unsearched() remove a bridge.
 */
static LIST_HEAD(bridges);
static DEFINE_MUTEX(bridges_lock);

/**
 * acs_guard_is_unsearched() - check whether hidden functions may be unknown
 * @bridge: the bridge; a function that is no bridge is never on the list
 *
 * Context: any.
 * Return: false if the search below @bridge has ended, so that its records are
 * there.
 */
bool acs_guard_is_unsearched(const struct pci_dev *bridge)
{
	const struct unsearched *unsearched;
	bool found = false;

	if (list_empty(&bridges))
		return false;
	rcu_read_lock();
	list_for_each_entry_rcu(unsearched, &bridges, node)
		found |= unsearched->bridge == bridge;
	rcu_read_unlock();
	return found;
}

/**
 * acs_guard_add_unsearched() - note that a search could not be made
 * @bridge: the bridge; the caller holds it
 *
 * Context: process context; may sleep for memory.
 */
void acs_guard_add_unsearched(struct pci_dev *bridge)
{
	struct unsearched *unsearched;

	unsearched = kmalloc(sizeof(*unsearched), GFP_KERNEL | __GFP_NOFAIL);
	unsearched->bridge = pci_dev_get(bridge);
	mutex_lock(&bridges_lock);
	list_add_rcu(&unsearched->node, &bridges);
	mutex_unlock(&bridges_lock);
}

static void forget(struct unsearched *unsearched)
{
	mutex_lock(&bridges_lock);
	list_del_rcu(&unsearched->node);
	mutex_unlock(&bridges_lock);
	/* Readers only compare the pointer. */
	pci_dev_put(unsearched->bridge);
	kfree_rcu(unsearched, rcu);
}

/**
 * acs_guard_retry_unsearched() - search below each bridge of the list
 * @search: returns false if the search still cannot be made
 * @again: set to true if it could not for some of them
 *
 * A bridge is on the list until the records of the search are there, and all
 * walks under way have ended that may have missed the records.  The mutex is
 * not held during a search, because a resume may wait for the caller of
 * acs_guard_add_unsearched().  New bridges are added in front, where the
 * iteration has been already.
 *
 * Context: process context; may sleep, and waits for topology readers.  One
 * call at a time.
 *
 * Return: true if a search was made.
 */
bool acs_guard_retry_unsearched(bool (*search)(struct pci_dev *bridge),
				bool *again)
{
	struct unsearched *unsearched, *next;
	bool searched = false;

	list_for_each_entry_safe(unsearched, next, &bridges, node) {
		if (!search(unsearched->bridge)) {
			*again = true;
			continue;
		}
		searched = true;
		/* A walk may have looked before the records were there. */
		acs_topology_synchronize();
		forget(unsearched);
	}
	return searched;
}

/**
 * acs_guard_forget_unsearched() - empty the list
 *
 * Context: process context; acs_guard_retry_unsearched() is not called any
 * more.
 */
void acs_guard_forget_unsearched(void)
{
	struct unsearched *unsearched, *next;

	list_for_each_entry_safe(unsearched, next, &bridges, node)
		forget(unsearched);
}
