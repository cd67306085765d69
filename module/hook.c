// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the bus notifiers
 *
 * The driver core calls the notifiers when a driver binds to a PCI function,
 * and when a function is added or removed.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/panic.h>
#include <linux/pci.h>

#include "decide.h"
#include "examine.h"
#include "hidden.h"
#include "hidden_find.h"
#include "hook.h"
#include "match.h"
#include "pci_dev.h"
#include "recheck.h"
#include "refuse.h"
#include "registry.h"
#include "report.h"
#include "settings.h"
#include "topology_lock.h"

static enum acs_guard_bind_state
bind_state_after(const struct acs_guard_decision *decision)
{
	switch (decision->action) {
	case ACS_GUARD_ALLOW:
	case ACS_GUARD_ALLOW_GROUP:
		return ACS_GUARD_ISOLATED_AT_BIND;
	case ACS_GUARD_WOULD_DENY:
		return ACS_GUARD_REPORTED;
	default:
		return ACS_GUARD_NOT_CHECKED;
	}
}

/* A guarded driver is about to be bound. */
static noinline_for_stack void guard_bind(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct acs_guard_decision decision;

	/*
	 * Otherwise a recheck would skip the function.  Now it finds the device
	 * locked, and tries again.
	 */
	acs_guard_set_bind_state(pdev, ACS_GUARD_ISOLATED_AT_BIND);
	acs_guard_decide_bind(pdev, dev->driver, &decision);
	acs_guard_set_bind_state(pdev, bind_state_after(&decision));
	if (decision.action == ACS_GUARD_ALLOW)
		return;
	if (decision.action == ACS_GUARD_DENY) {
		acs_guard_refuse(dev);
		acs_guard_count_denied(pdev);
	}
	if (decision.action == ACS_GUARD_ALLOW_PERMISSIVE)
		add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	acs_guard_report(&decision);
}

/* Called for each bind of any PCI driver; most drivers are not guarded. */
static void on_bind(struct device *dev)
{
	device_lock_assert(dev);
	if (acs_guard_is_guarded(to_pci_dev(dev), dev->driver))
		guard_bind(dev);
}

/* The device was bound against a refusal. */
static noinline_for_stack void report_bypass(struct pci_dev *pdev)
{
	const struct acs_guard_settings settings = acs_guard_settings();
	struct acs_guard_decision decision;
	struct acs_guard_verdict verdict;

	acs_guard_examine(pdev, &settings.policy, &verdict);
	acs_guard_decision_init(&decision, pdev, ACS_GUARD_VETO_LOST, &verdict,
				pdev->dev.driver->name);
	acs_guard_report(&decision);
}

static int bind_notify(struct notifier_block *nb, unsigned long event,
		       void *data)
{
	if (event == BUS_NOTIFY_BIND_DRIVER)
		on_bind(data);
	return NOTIFY_DONE;
}

static int device_notify(struct notifier_block *nb, unsigned long event,
			 void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	switch (event) {
	case BUS_NOTIFY_BIND_DRIVER:
		acs_guard_reset_refusal(data);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
		if (acs_guard_refusal_bypassed(data))
			report_bypass(pdev);
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		acs_guard_refusal_not_bound(data);
		acs_guard_set_bind_state(pdev, ACS_GUARD_NOT_CHECKED);
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		acs_guard_set_bind_state(pdev, ACS_GUARD_NOT_CHECKED);
		break;
	case BUS_NOTIFY_ADD_DEVICE:
		acs_guard_add_entry(pdev);
		acs_guard_recheck_soon();
		break;
	case BUS_NOTIFY_DEL_DEVICE:
		/* The function is still among the children of its bridge. */
		acs_guard_hide(pdev, true);
		acs_guard_retire_entry(pdev);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		/* DEL may have come before the notifier was registered. */
		if (!acs_guard_note_removed(acs_guard_bdf(pdev)))
			acs_guard_hide(pdev, false);
		acs_guard_remove_entry(pdev);
		acs_topology_synchronize();
		acs_guard_recheck_soon();
		break;
	}
	return NOTIFY_DONE;
}

/* Lowest priority, so that no later notifier can replace the PM domain. */
static struct notifier_block bind_block = {
	.notifier_call = bind_notify,
	.priority = INT_MIN,
};

/*
 * Highest priority, because of REMOVED_DEVICE: until acs_topology_synchronize()
 * returns, a search for peers may use the function's IOMMU group, which the
 * IOMMU core releases in a notifier of its own.
 */
static struct notifier_block device_block = {
	.notifier_call = device_notify,
	.priority = INT_MAX,
};

/**
 * acs_guard_watch_devices() - start to keep the registry and the records up to
 *	date
 *
 * Context: process context.
 * Return: 0 or a negative errno.
 */
int acs_guard_watch_devices(void)
{
	return bus_register_notifier(&pci_bus_type, &device_block);
}

/**
 * acs_guard_unwatch_devices() - the end of acs_guard_watch_devices()
 *
 * Context: process context; waits for notifications under way.
 */
void acs_guard_unwatch_devices(void)
{
	bus_unregister_notifier(&pci_bus_type, &device_block);
}

/**
 * acs_guard_guard_binds() - start to decide about binds
 *
 * Context: process context.
 * Return: 0 or a negative errno.
 */
int acs_guard_guard_binds(void)
{
	return bus_register_notifier(&pci_bus_type, &bind_block);
}

/**
 * acs_guard_unguard_binds() - the end of acs_guard_guard_binds()
 *
 * Context: process context; waits for notifications under way, after which
 * attempts to bind may still be refused.
 */
void acs_guard_unguard_binds(void)
{
	bus_unregister_notifier(&pci_bus_type, &bind_block);
}
