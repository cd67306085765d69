/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the engine's results about a struct pci_dev
 */
#ifndef ACS_GUARD_EXAMINE_H
#define ACS_GUARD_EXAMINE_H

#include "engine.h"

struct pci_dev;

void acs_guard_examine(struct pci_dev *pdev,
		       const struct acs_guard_policy *policy,
		       struct acs_guard_verdict *verdict);
struct acs_guard_function acs_guard_facts(struct pci_dev *pdev);
void acs_guard_visit_peers(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_visitor *visitor);
void acs_guard_find_peers(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict,
			  struct acs_guard_peers *peers);
bool acs_guard_in_group(struct pci_dev *pdev,
			const struct acs_guard_verdict *verdict);

#endif /* ACS_GUARD_EXAMINE_H */
