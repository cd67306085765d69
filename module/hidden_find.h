/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: find functions that the kernel does not list, and record them
 */
#ifndef ACS_GUARD_HIDDEN_FIND_H
#define ACS_GUARD_HIDDEN_FIND_H

struct pci_dev;

void acs_guard_hide(struct pci_dev *pdev, bool leaving);
bool acs_guard_look_for_hidden(void);
bool acs_guard_look_again(bool *again);

#endif /* ACS_GUARD_HIDDEN_FIND_H */
