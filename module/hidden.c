// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the records of functions that the kernel does not list
 *
 * A write to the sysfs attribute "remove" takes a function out of the kernel's
 * lists.  The function still answers configuration reads and still sends DMA,
 * so it affects the verdicts on other functions as before.  hidden_find.c makes
 * the records.  A verdict reads no empty addresses, because AER logs such
 * reads: it reads only the addresses of records, to find out whether a function
 * answers there.
 *
 * Records are added and removed under a mutex, and read within
 * acs_topology_read_lock().  Readers check the kernel's lists, and ignore the
 * record of a function that is listed again.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "engine.h"
#include "hidden.h"
#include "pci_dev.h"
#include "presence.h"
#include "topology_lock.h"

/* The PCI core waits this long for a function after a reset. */
#define GONE_AFTER (60 * HZ)

/* Twice what 6.6.1 allows from the end of a reset to the first answer. */
#define RESET_TIME (2 * HZ)

/**
 * struct record - the record of a function, and its state
 * @node: one of @records
 * @hidden: the function
 * @unanswered_since: the first read without an answer since the last answer, in
 *	jiffies, or 0
 * @unreadable_since: the first read that failed since the last that did not, in
 *	jiffies, or 0
 * @useless: the last call of acs_guard_forget_gone() found the function listed
 *	or absent
 * @listed: that call found the function listed
 * @since: the time since which @useless and @listed have their values
 */
struct record {
	struct list_head node;
	struct acs_guard_hidden hidden;
	unsigned long unanswered_since;
	unsigned long unreadable_since;
	bool useless;
	bool listed;
	unsigned long since;
};

static LIST_HEAD(records);
static DEFINE_MUTEX(records_lock);

/* Called when a function vanishes or appears that the kernel does not list. */
static void (*hidden_changed)(void);

/**
 * acs_guard_watch_hidden() - set the function that is called after a change
 * @changed: called when a function with a record no longer answers, or answers
 *	again; in any context within acs_topology_read_lock(), so it waits for
 *	nothing
 *
 * Context: init, before the first record is made.
 */
void acs_guard_watch_hidden(void (*changed)(void))
{
	hidden_changed = changed;
}

static struct record *record_of(const struct acs_guard_hidden *hidden)
{
	return container_of(hidden, struct record, hidden);
}

/**
 * acs_guard_next_hidden() - iterate over the records
 * @hidden: the previous record, or NULL to get the first
 *
 * Context: within acs_topology_read_lock().
 * Return: the next record, or NULL at the end.
 */
struct acs_guard_hidden *
acs_guard_next_hidden(const struct acs_guard_hidden *hidden)
{
	const struct list_head *last = hidden ? &record_of(hidden)->node :
						&records;
	struct list_head *next = READ_ONCE(last->next);

	return next == &records ?
		       NULL :
		       &list_entry(next, struct record, node)->hidden;
}

/**
 * acs_guard_hides_any() - check whether there are records at all
 *
 * Context: any.
 * Return: true if there is a record.
 */
bool acs_guard_hides_any(void)
{
	return !list_empty(&records);
}

/**
 * acs_guard_hides_below() - check for a record directly below a function
 * @bdf: the address of a bridge, or of the real DMA device of a domain
 *
 * Context: within acs_topology_read_lock().
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

static void report_change(void)
{
	if (hidden_changed)
		hidden_changed();
}

/**
 * acs_guard_may_be_there() - check whether a hidden function may be present
 * @hidden: the record of the function
 * @answered: whether the function answered the read just made
 *
 * A function in reset does not answer, and can send DMA after the reset.  The
 * first read without an answer is a change, so that acs_guard_forget_gone()
 * reads again.  The first answer after a time longer than a reset is another
 * change, because the verdicts made meanwhile ignored the function.
 *
 * Context: within acs_topology_read_lock(), or with records_lock held.
 * Return: false if @hidden has not answered for longer than a reset takes.
 */
bool acs_guard_may_be_there(struct acs_guard_hidden *hidden, bool answered)
{
	struct record *record = record_of(hidden);
	unsigned long since;

	if (answered) {
		if (!READ_ONCE(record->unanswered_since))
			return true;
		since = xchg(&record->unanswered_since, 0);
		if (since && !time_before(jiffies, since + RESET_TIME))
			report_change();
		return true;
	}
	/* Zero means that the function answers. */
	since = cmpxchg(&record->unanswered_since, 0, jiffies ?: 1);
	if (!since)
		report_change();
	return !since || time_before(jiffies, since + RESET_TIME);
}

/**
 * acs_guard_note_readable() - note whether the registers of a function could be
 *	read
 * @hidden: the record of the function
 * @readable: whether the read succeeded
 *
 * Context: within acs_topology_read_lock().
 */
void acs_guard_note_readable(struct acs_guard_hidden *hidden, bool readable)
{
	struct record *record = record_of(hidden);

	if (readable && READ_ONCE(record->unreadable_since))
		WRITE_ONCE(record->unreadable_since, 0);
	if (!readable)
		cmpxchg(&record->unreadable_since, 0, jiffies ?: 1);
}

/**
 * acs_guard_may_be_in_reset() - check whether a reset can be why a function is
 *	unreadable
 * @bdf: the address of the function, which the kernel does not list
 *
 * Context: process context; may sleep.
 * Return: true if the function could be read no longer ago than a reset takes.
 */
bool acs_guard_may_be_in_reset(u64 bdf)
{
	const struct acs_guard_hidden *hidden = NULL;
	unsigned long since = 0;
	int idx;

	idx = acs_topology_read_lock();
	while ((hidden = acs_guard_next_hidden(hidden)))
		if (hidden->bdf == bdf)
			since = READ_ONCE(record_of(hidden)->unreadable_since);
	acs_topology_read_unlock(idx);
	return since && time_before(jiffies, since + RESET_TIME);
}

/**
 * acs_guard_missing_record() - the record for no node, passed by mistake
 *
 * Return: a record without an address, of which nothing can be read, so that a
 * verdict that needs the function is not "isolated".
 */
struct acs_guard_hidden *acs_guard_missing_record(void)
{
	static struct record
		missing = { .hidden = {
				    .bdf = ACS_GUARD_NO_PARENT - 1,
				    .parent = ACS_GUARD_NO_PARENT,
				    .type = ACS_GUARD_TYPE_CONVENTIONAL,
				    .bridge = true,
				    .deep = true,
			    } };

	WARN_ON_ONCE(1);
	return &missing.hidden;
}

/**
 * acs_guard_alloc_hidden() - allocate a record
 *
 * With __GFP_NOFAIL: without its record, a hidden function affects no verdict.
 *
 * Context: process context; may sleep.
 * Return: the record, for acs_guard_add_hidden() or acs_guard_free_hidden().
 */
struct acs_guard_hidden *acs_guard_alloc_hidden(void)
{
	struct record *record =
		kzalloc(sizeof(*record), GFP_KERNEL | __GFP_NOFAIL);

	return &record->hidden;
}

/**
 * acs_guard_free_hidden() - free a record that is in no list
 * @hidden: the record
 */
void acs_guard_free_hidden(struct acs_guard_hidden *hidden)
{
	bitmap_free(hidden->aliases);
	kfree(record_of(hidden));
}

static void free_record(struct record *record)
{
	acs_topology_synchronize();
	acs_guard_free_hidden(&record->hidden);
}

/* The record with the lowest address from @bdf on, or NULL. */
static struct record *record_from(u64 bdf)
{
	struct record *record, *found = NULL;

	lockdep_assert_held(&records_lock);
	list_for_each_entry(record, &records, node)
		if (record->hidden.bdf >= bdf &&
		    (!found || record->hidden.bdf < found->hidden.bdf))
			found = record;
	return found;
}

/* The record of that address, or NULL. */
static struct record *record_at(u64 bdf)
{
	struct record *record = record_from(bdf);

	return record && record->hidden.bdf == bdf ? record : NULL;
}

/**
 * acs_guard_add_hidden() - add a record
 * @hidden: the record; replaces an earlier record of the same address
 *
 * Context: process context; waits for topology readers.
 */
void acs_guard_add_hidden(struct acs_guard_hidden *hidden)
{
	struct record *record = record_of(hidden), *replaced;

	mutex_lock(&records_lock);
	replaced = record_at(hidden->bdf);
	if (replaced) {
		hidden->leaving |= replaced->hidden.leaving;
		list_replace_rcu(&replaced->node, &record->node);
	} else {
		list_add_tail_rcu(&record->node, &records);
	}
	mutex_unlock(&records_lock);

	if (replaced)
		free_record(replaced);
}

/**
 * acs_guard_has_hidden() - check for a record of an address
 * @bdf: the address
 *
 * Context: process context; may sleep.
 * Return: true if there is a record.
 */
bool acs_guard_has_hidden(u64 bdf)
{
	bool found;

	mutex_lock(&records_lock);
	found = record_at(bdf);
	mutex_unlock(&records_lock);
	return found;
}

/**
 * acs_guard_note_removed() - note that the kernel no longer lists a function
 * @bdf: its address
 *
 * Context: process context; may sleep.
 * Return: false if there is no record of it.
 */
bool acs_guard_note_removed(u64 bdf)
{
	struct record *record;

	mutex_lock(&records_lock);
	record = record_at(bdf);
	if (record) {
		record->hidden.leaving = false;
		/* acs_guard_forget_gone() may have found it just before. */
		record->useless = false;
	}
	mutex_unlock(&records_lock);
	return record;
}

/* Below a bridge that is hidden as well, nothing can be read. */
static enum acs_guard_presence presence_of(u64 bdf, u64 parent)
{
	const enum acs_guard_presence presence =
		acs_guard_presence(bdf, parent);

	if (presence != ACS_GUARD_BRIDGE_UNLISTED)
		return presence;
	return acs_guard_has_hidden(parent) ? ACS_GUARD_MAY_ANSWER :
					      ACS_GUARD_ABSENT;
}

/*
 * Return: true if the function of @record has been listed for longer than a
 * walk takes that began before it was, or has not answered for longer than a
 * reset takes.  The time starts anew when an absent function is listed.
 */
static bool is_gone(struct record *record, bool listed, bool there)
{
	const bool useless = !record->hidden.leaving && (listed || !there);

	if (!useless || !record->useless || listed != record->listed)
		record->since = jiffies;
	record->useless = useless;
	record->listed = listed;
	return useless &&
	       time_after(jiffies, record->since + (listed ? HZ : GONE_AFTER));
}

/* Update the record of @bdf.  Return: true if it has to be checked again. */
static bool note_presence(u64 bdf, bool listed,
			  enum acs_guard_presence presence)
{
	struct record *record, *gone = NULL;

	mutex_lock(&records_lock);
	record = record_at(bdf);
	if (record) {
		if (!listed && presence != ACS_GUARD_MAY_ANSWER)
			acs_guard_may_be_there(&record->hidden,
					       presence == ACS_GUARD_ANSWERS);
		if (is_gone(record, listed, presence != ACS_GUARD_ABSENT))
			gone = record;
	}
	if (gone)
		list_del_rcu(&gone->node);
	mutex_unlock(&records_lock);
	if (!gone)
		return listed || presence == ACS_GUARD_ABSENT;

	free_record(gone);
	return false;
}

/* Return: true if walks find the function, so that its record is not needed. */
static bool is_listed(u64 bdf)
{
	const int idx = acs_topology_read_lock();
	struct pci_dev *pdev = acs_guard_get_listed(bdf);
	const bool listed = pdev && acs_guard_is_child(pdev);

	pci_dev_put(pdev);
	acs_topology_read_unlock(idx);
	return listed;
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
	enum acs_guard_presence presence;
	struct record *record;
	u64 bdf = 0, parent = 0;
	bool again = false, listed;

	for (;; bdf++) {
		mutex_lock(&records_lock);
		record = record_from(bdf);
		if (record) {
			bdf = record->hidden.bdf;
			parent = record->hidden.parent;
		}
		mutex_unlock(&records_lock);
		if (!record)
			return again;
		listed = is_listed(bdf);
		presence = listed ? ACS_GUARD_MAY_ANSWER :
				    presence_of(bdf, parent);
		again |= note_presence(bdf, listed, presence);
	}
}

static struct record *take_record(void)
{
	struct record *record;

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
 * Context: process context; waits for topology readers.
 */
void acs_guard_forget_hidden(void)
{
	struct record *record;

	while ((record = take_record()))
		free_record(record);
}
