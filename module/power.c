// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: devices that sleep, and devices in reset
 *
 * The removal of a function waits for topology readers, so a topology reader
 * never resumes a device: the resume callback of another driver may wait for a
 * lock that the remover holds (pciehp holds its reset lock).  A walk that needs
 * a sleeping device notes the device and counts it as unreadable.  After the
 * section of acs_topology_read_lock(), the device is resumed and the walk
 * starts again (struct acs_guard_reader).
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "compat.h"
#include "engine.h"
#include "hidden.h"
#include "node.h"
#include "pci_dev.h"
#include "power.h"
#include "topology_lock.h"

/*
 * Return: false if @dev, a bridge of any kind or the real DMA device of a
 * domain, is known to pass nothing on to its children, or may be suspended at
 * any time.
 */
static bool is_up(struct device *dev)
{
	return !pm_runtime_enabled(dev) &&
	       (!dev_is_pci(dev) || acs_guard_has_full_power(to_pci_dev(dev)));
}

/*
 * The PCI core marks a device as D0 before it restores its registers, ACS among
 * the last: until the resume has ended, ACS reads as switched off.
 */
static bool is_resuming(struct device *dev)
{
	/* After the power state was read: it is written after the status. */
	smp_rmb();
	return READ_ONCE(dev->power.runtime_status) == RPM_RESUMING;
}

/* Return: a device whose runtime PM is held at active, or NULL; see @awake. */
static struct device *hold_awake(struct pci_dev *pdev, bool *awake)
{
	struct device *parent = pdev->dev.parent;

	*awake = true;
	/* An active device keeps its parent active: no bridge ignores this. */
	if (acs_guard_hold_active(&pdev->dev))
		return &pdev->dev;
	/* Registers can be read in any state but D3cold, if bridges are up. */
	if (!acs_guard_is_cold(pdev) && !is_resuming(&pdev->dev)) {
		if (!parent || is_up(parent))
			return NULL;
		if (acs_guard_hold_active(parent))
			return parent;
	}
	*awake = false;
	return NULL;
}

/* For acs_guard_wake().  Not a second time: then resuming has not helped. */
static void note_sleeper(struct acs_guard_reader *reader, struct device *dev,
			 struct device *parent)
{
	unsigned int i;

	for (i = 0; i < reader->num; i++)
		if (reader->dev[i] == dev && reader->parent[i] == parent)
			return;
	if (reader->num == ARRAY_SIZE(reader->dev))
		return;
	reader->dev[reader->num] = get_device(dev);
	reader->parent[reader->num++] = get_device(parent);
}

/**
 * acs_guard_wake() - resume the devices that a walk has found asleep
 * @reader: the reader of the walk; the devices are in use until
 *	acs_guard_let_sleep()
 *
 * Bridges above a device are resumed.  The device itself is resumed from D3cold
 * only, because a guest that has the device is notified of a resume; a resume
 * that is under way is waited for.
 *
 * Context: process context; may sleep.  Not within acs_topology_read_lock().
 * Return: true if there is a device that the walk has found asleep for the
 * first time, so the walk has to be repeated.
 */
bool acs_guard_wake(struct acs_guard_reader *reader)
{
	const unsigned int first = reader->woken;
	unsigned int i;

	for (i = first; i < reader->num; i++) {
		if (reader->parent[i])
			pm_runtime_get_sync(reader->parent[i]);
		pm_runtime_get_noresume(reader->dev[i]);
		pm_runtime_barrier(reader->dev[i]);
		if (acs_guard_is_cold(to_pci_dev(reader->dev[i])))
			pm_runtime_resume(reader->dev[i]);
	}
	reader->woken = reader->num;
	return reader->num > first;
}

/**
 * acs_guard_let_sleep() - the end of acs_guard_wake()
 * @reader: the reader
 */
void acs_guard_let_sleep(struct acs_guard_reader *reader)
{
	while (reader->num) {
		const unsigned int i = --reader->num;

		if (i < reader->woken) {
			pm_runtime_put(reader->dev[i]);
			if (reader->parent[i])
				pm_runtime_put(reader->parent[i]);
		}
		put_device(reader->parent[i]);
		put_device(reader->dev[i]);
	}
}

/*
 * Return: what has to be up for a read of a hidden function: the bridge above
 * it, or the real DMA device of its domain, through whose registers the domain
 * is read; NULL on another root bus, or below a bridge that is hidden as well.
 */
static struct device *above_hidden(const struct acs_guard_hidden *hidden)
{
	struct pci_dev *above = acs_guard_find_listed(hidden->parent);

	return above ? &above->dev : NULL;
}

/**
 * acs_node_hold() - keep a function from going to sleep, if it is awake
 * @node: the function
 * @reader: the reader
 * @held: filled in for acs_node_release()
 *
 * Context: within acs_topology_read_lock(); resumes nothing.
 * Return: false if the function is asleep, or known not to answer.
 */
bool acs_node_hold(struct acs_node node, struct acs_guard_reader *reader,
		   struct device **held)
{
	struct device *above;
	bool awake;

	if (acs_node_is_listed(node)) {
		*held = hold_awake(acs_node_pdev(node), &awake);
		return awake && !acs_guard_is_cold(acs_node_pdev(node)) &&
		       !acs_guard_is_offline(acs_node_pdev(node));
	}

	above = above_hidden(acs_node_record(node));
	*held = above && acs_guard_hold_active(above) ? above : NULL;
	return !above || *held || is_up(above);
}

/**
 * acs_node_unhold() - the end of acs_node_hold()
 * @node: the function
 * @reader: the reader
 * @held: what acs_node_hold() has filled in
 * @readable: whether the read succeeded; if not, resuming the function may help
 */
void acs_node_unhold(struct acs_node node, struct acs_guard_reader *reader,
		     struct device *held, bool readable)
{
	struct device *above;

	if (held) {
		pm_runtime_put(held);
		return;
	}
	if (readable)
		return;
	if (acs_node_is_listed(node)) {
		note_sleeper(reader, &acs_node_pdev(node)->dev,
			     acs_node_pdev(node)->dev.parent);
		return;
	}
	above = above_hidden(acs_node_record(node));
	if (above && !is_up(above))
		note_sleeper(reader, above, above);
}

static bool lock_one(struct acs_config_access *access, struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < access->num; i++)
		if (access->locked[i] == pdev)
			return true;
	/* Error recovery takes no lock that could be tried. */
	if (acs_guard_is_frozen(pdev) || !pci_cfg_access_trylock(pdev))
		return false;
	access->locked[access->num++] = pci_dev_get(pdev);
	return true;
}

static bool lock_blocker(struct acs_config_access *access, u64 bdf)
{
	struct pci_dev *blocker = acs_guard_get_listed(bdf);
	const bool locked = blocker && lock_one(access, blocker) &&
			    lock_one(access, acs_guard_physfn(blocker));

	pci_dev_put(blocker);
	return locked;
}

/**
 * acs_config_access_trylock() - lock configuration access to a function and its
 *	blocker
 * @access: filled in for acs_config_access_unlock()
 * @pdev: the function; its device lock is held
 * @verdict: the verdict on @pdev.  A blocker that the kernel does not list is
 *	left out, because nothing can reset it alone.
 *
 * Until the unlock, nothing but error recovery resets one of them, or the PF of
 * one.  Waits for nothing.
 *
 * Context: process context.  Between the two calls, the caller makes one verdict
 * at most: other users give up, or wait with their configuration accesses.
 * Return: false if one of the functions is in reset or gone; nothing is locked.
 */
bool acs_config_access_trylock(struct acs_config_access *access,
			       struct pci_dev *pdev,
			       const struct acs_guard_verdict *verdict)
{
	/* Until the functions have references: a VF does not keep its PF. */
	const int idx = acs_topology_read_lock();
	bool locked;

	*access = (struct acs_config_access){};
	locked = lock_one(access, pdev) &&
		 lock_one(access, acs_guard_physfn(pdev)) &&
		 (verdict->hidden || lock_blocker(access, verdict->blocker));
	acs_topology_read_unlock(idx);
	if (!locked)
		acs_config_access_unlock(access);
	return locked;
}

/**
 * acs_config_access_unlock() - the end of acs_config_access_trylock()
 * @access: what that filled in
 */
void acs_config_access_unlock(struct acs_config_access *access)
{
	while (access->num) {
		struct pci_dev *pdev = access->locked[--access->num];

		pci_cfg_access_unlock(pdev);
		pci_dev_put(pdev);
	}
}
