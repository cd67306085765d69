// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: devices that sleep, and devices in reset
 *
 * The removal of a function waits for walks, so a walk never resumes a device:
 * the resume callback of another driver may wait for a lock that the remover
 * holds (pciehp holds its reset lock).  A walk that needs a sleeping device
 * notes the device and counts it as unreadable; after the walk, and outside of
 * what removals wait for, the device is resumed and the walk starts again
 * (struct acs_guard_reader).
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "acs_guard.h"
#include "compat.h"
#include "node.h"

/* Is nothing known to keep @dev, a bridge of any kind, from its children? */
static bool is_up(struct device *dev)
{
	return !pm_runtime_enabled(dev) &&
	       (!dev_is_pci(dev) || to_pci_dev(dev)->current_state == PCI_D0 ||
		to_pci_dev(dev)->current_state == PCI_UNKNOWN);
}

/* Return: a device whose runtime PM is held at active, or NULL; see @awake. */
static struct device *hold_awake(struct pci_dev *pdev, bool *awake)
{
	struct device *parent = pdev->dev.parent;

	*awake = true;
	/* An active device keeps its parent active: no bridge ignores children.
	 */
	if (acs_guard_hold_active(&pdev->dev))
		return &pdev->dev;
	/* Registers can be read in any state but D3cold, if bridges are up. */
	if (pdev->current_state != PCI_D3cold) {
		if (!parent || is_up(parent))
			return NULL;
		if (acs_guard_hold_active(parent))
			return parent;
	}
	*awake = false;
	return NULL;
}

/* For acs_guard_wake(); not a second time, for then resuming did not help. */
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
 * acs_guard_wake() - resume what a walk has found asleep
 * @reader: what has found them, in use until acs_guard_let_sleep()
 *
 * From D3cold only is a device itself resumed, for that has side effects (a
 * guest is told of it); its bridges always are.
 *
 * Context: process context; may sleep.  Not within acs_guard_hold_functions().
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
		if (to_pci_dev(reader->dev[i])->current_state == PCI_D3cold)
			pm_runtime_resume(reader->dev[i]);
	}
	reader->woken = reader->num;
	return reader->num > first;
}

/**
 * acs_guard_let_sleep() - the end of the use of what acs_guard_wake() resumed
 * @reader: what has found them
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
 * The bridge that has to be up for a read of a hidden function; NULL for one on
 * a root bus, or below a bridge that is hidden, too.
 */
static struct device *bridge_of_hidden(const struct acs_guard_hidden *hidden)
{
	struct pci_dev *bridge = acs_guard_find_listed(hidden->parent);

	return bridge && acs_guard_is_bridge(bridge) ? &bridge->dev : NULL;
}

/**
 * acs_node_hold() - keep a function from going to sleep, if it is awake
 * @node: the function
 * @reader: what is about to read it
 * @held: for acs_node_release()
 *
 * Context: within acs_guard_hold_functions(); resumes nothing.
 * Return: false if the function is asleep, or known not to answer.
 */
bool acs_node_hold(struct acs_node node, struct acs_guard_reader *reader,
		   struct device **held)
{
	struct device *bridge;
	bool awake;

	if (node.pdev) {
		*held = hold_awake(node.pdev, &awake);
		return awake && node.pdev->current_state != PCI_D3cold &&
		       !pci_channel_offline(node.pdev);
	}

	bridge = bridge_of_hidden(node.hidden);
	*held = bridge && acs_guard_hold_active(bridge) ? bridge : NULL;
	return !bridge || *held || is_up(bridge);
}

/**
 * acs_node_let_go() - the end of acs_node_hold()
 * @node: the function
 * @reader: what has read it
 * @held: what acs_node_hold() has filled in
 * @readable: whether the read succeeded; if not, resuming the function may help
 */
void acs_node_let_go(struct acs_node node, struct acs_guard_reader *reader,
		     struct device *held, bool readable)
{
	struct device *bridge;

	if (held) {
		pm_runtime_put(held);
		return;
	}
	if (readable)
		return;
	if (node.pdev) {
		note_sleeper(reader, &node.pdev->dev, node.pdev->dev.parent);
		return;
	}
	bridge = bridge_of_hidden(node.hidden);
	if (bridge && !is_up(bridge))
		note_sleeper(reader, bridge, bridge);
}

static bool hold_reset(struct acs_guard_rest *rest, struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < rest->num_held; i++)
		if (rest->held[i] == pdev)
			return true;
	/* Error recovery holds nothing that could be tried. */
	if (pdev->error_state == pci_channel_io_frozen ||
	    !pci_cfg_access_trylock(pdev))
		return false;
	rest->held[rest->num_held++] = pci_dev_get(pdev);
	return true;
}

static bool hold_blocker_reset(struct acs_guard_rest *rest, u64 bdf)
{
	struct pci_dev *blocker =
		pci_get_domain_bus_and_slot(bdf >> 16, (u8)(bdf >> 8), (u8)bdf);
	const bool held = blocker && hold_reset(rest, blocker) &&
			  hold_reset(rest, pci_physfn(blocker));

	pci_dev_put(blocker);
	return held;
}

/**
 * acs_guard_hold_resets() - are a function, and its blocker, not in reset?
 * @pdev: the function; its device lock is held
 * @verdict: about @pdev; its blocker is left out if the kernel does not list
 *it, since then nothing can reset it alone
 * @rest: to be passed to acs_guard_let_resets()
 *
 * If they are not, nothing resets one of them, or the PF of one, until
 * acs_guard_let_resets(), but for error recovery.  Waits for nothing.
 *
 * Context: process context; between the two calls one verdict at most, since
 * others give up, or wait with their config accesses, when they find this held.
 * Return: false if one of them is in reset, or gone, and nothing is held.
 */
bool acs_guard_hold_resets(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_rest *rest)
{
	/* Only until what is held has references: a VF does not keep its PF. */
	const int hold = acs_guard_hold_functions();
	bool held;

	*rest = (struct acs_guard_rest){};
	held = hold_reset(rest, pdev) && hold_reset(rest, pci_physfn(pdev)) &&
	       (verdict->hidden || hold_blocker_reset(rest, verdict->blocker));
	acs_guard_let_go_functions(hold);
	if (!held)
		acs_guard_let_resets(rest);
	return held;
}

/**
 * acs_guard_let_resets() - the end of acs_guard_hold_resets()
 * @rest: what that filled in
 */
void acs_guard_let_resets(struct acs_guard_rest *rest)
{
	while (rest->num_held) {
		struct pci_dev *pdev = rest->held[--rest->num_held];

		pci_cfg_access_unlock(pdev);
		pci_dev_put(pdev);
	}
}
