// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: from a verdict to a decision
 *
 * The rules give a verdict on a function.  The unit, the exception of the
 * function and the mode turn the verdict into a decision about a bind.
 *
 * Context of all functions here: process context; may sleep, to resume devices
 * for a read; not within acs_topology_read_lock().
 */
#include <linux/pci.h>
#include <linux/string.h>

#include "decide.h"
#include "examine.h"
#include "registry.h"
#include "settings.h"
#include "topology_lock.h"

/*
 * Drivers with driver_managed_dma have one owner for all of an IOMMU group.
 * Other drivers share the group with native drivers.
 */
static bool owns_group(struct device_driver *drv)
{
	return to_pci_driver(drv)->driver_managed_dma;
}

static enum acs_guard_action
apply_rules(struct pci_dev *pdev, struct device_driver *drv,
	    const struct acs_guard_settings *settings,
	    struct acs_guard_verdict *verdict)
{
	struct acs_guard_allowance allowance = {
		.mode = ACS_GUARD_ENFORCE,
	};

	acs_guard_examine(pdev, &settings->policy, verdict);
	if (verdict->reason != ACS_GUARD_ISOLATED)
		allowance.in_group = settings->unit == ACS_GUARD_GROUP &&
				     owns_group(drv) &&
				     acs_guard_in_group(pdev, verdict);
	return acs_guard_decide(verdict, &allowance);
}

static enum acs_guard_action
apply_exception(struct pci_dev *pdev, const struct acs_guard_settings *settings,
		const struct acs_guard_verdict *verdict)
{
	const struct acs_guard_allowance allowance = {
		.permissive = acs_guard_is_permissive(pdev),
		.mode = settings->mode,
	};

	return acs_guard_decide(verdict, &allowance);
}

/**
 * acs_guard_judge() - apply the rules to a function and a driver
 * @pdev: the function; its device lock is held
 * @drv: a guarded driver that is bound to @pdev, or about to be
 * @verdict: the verdict on @pdev
 *
 * Return: %ACS_GUARD_ALLOW, %ACS_GUARD_ALLOW_GROUP or %ACS_GUARD_DENY.
 * Exceptions and the mode are not applied.
 */
enum acs_guard_action acs_guard_judge(struct pci_dev *pdev,
				      struct device_driver *drv,
				      struct acs_guard_verdict *verdict)
{
	const struct acs_guard_settings settings = acs_guard_settings();

	return apply_rules(pdev, drv, &settings, verdict);
}

/**
 * acs_guard_apply_exception() - apply exceptions and the mode to a refusal
 * @pdev: the function; the caller holds it
 * @verdict: the verdict on @pdev; acs_guard_judge() returned %ACS_GUARD_DENY
 *
 * Return: %ACS_GUARD_DENY, %ACS_GUARD_ALLOW_PERMISSIVE or
 * %ACS_GUARD_WOULD_DENY.
 */
enum acs_guard_action
acs_guard_apply_exception(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict)
{
	const struct acs_guard_settings settings = acs_guard_settings();

	return apply_exception(pdev, &settings, verdict);
}

/* Add what a report says about the function and its peers. */
static void add_report(struct pci_dev *pdev, const char *driver,
		       struct acs_guard_decision *decision)
{
	struct acs_guard_peers peers = {
		.room = ARRAY_SIZE(decision->peer),
		.bdf = decision->peer,
	};

	acs_guard_describe(pdev, &decision->subject);
	acs_guard_find_peers(pdev, &decision->verdict, &peers);
	decision->num_peers = peers.count;
	strscpy(decision->driver, driver ?: "", sizeof(decision->driver));
}

/**
 * acs_guard_decide_bind() - decide about a bind
 * @pdev: the function; its device lock is held
 * @drv: a guarded driver that is about to be bound to @pdev
 * @decision: the decision, for acs_guard_report() unless its action is
 *	%ACS_GUARD_ALLOW
 */
void acs_guard_decide_bind(struct pci_dev *pdev, struct device_driver *drv,
			   struct acs_guard_decision *decision)
{
	const struct acs_guard_settings settings = acs_guard_settings();

	*decision = (struct acs_guard_decision){ .mode = settings.mode };
	decision->action =
		apply_rules(pdev, drv, &settings, &decision->verdict);
	if (decision->action == ACS_GUARD_ALLOW)
		return;

	if (decision->action == ACS_GUARD_DENY)
		decision->action =
			apply_exception(pdev, &settings, &decision->verdict);
	decision->group_allows = decision->action == ACS_GUARD_DENY &&
				 settings.unit == ACS_GUARD_FUNCTION &&
				 owns_group(drv) &&
				 acs_guard_in_group(pdev, &decision->verdict);
	decision->unprinted = !acs_guard_may_print(pdev);
	add_report(pdev, drv->name, decision);
}

/**
 * acs_guard_decision_init() - make the report of an event
 * @decision: the report, for acs_guard_report()
 * @pdev: the function; the caller holds it
 * @action: what happened; no decision about a bind
 * @verdict: the verdict on @pdev
 * @driver: the name of the driver, or NULL
 */
void acs_guard_decision_init(struct acs_guard_decision *decision,
			     struct pci_dev *pdev, enum acs_guard_action action,
			     const struct acs_guard_verdict *verdict,
			     const char *driver)
{
	*decision = (struct acs_guard_decision){
		.action = action,
		.mode = acs_guard_settings().mode,
		.verdict = *verdict,
	};
	add_report(pdev, driver, decision);
}
