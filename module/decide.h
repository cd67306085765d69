/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: from a verdict to a decision
 */
#ifndef ACS_GUARD_DECIDE_H
#define ACS_GUARD_DECIDE_H

#include "decision.h"

struct device_driver;
struct pci_dev;

enum acs_guard_action acs_guard_judge(struct pci_dev *pdev,
				      struct device_driver *drv,
				      struct acs_guard_verdict *verdict);
enum acs_guard_action
acs_guard_apply_exception(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict);
void acs_guard_decide_bind(struct pci_dev *pdev, struct device_driver *drv,
			   struct acs_guard_decision *decision);
void acs_guard_decision_init(struct acs_guard_decision *decision,
			     struct pci_dev *pdev, enum acs_guard_action action,
			     const struct acs_guard_verdict *verdict,
			     const char *driver);

#endif /* ACS_GUARD_DECIDE_H */
