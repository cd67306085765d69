/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the records of functions that the kernel does not list
 *
 * Such a function has no struct pci_dev, so its configuration space is read by
 * bus and number (pci_dev.h).
 */
#ifndef ACS_GUARD_HIDDEN_H
#define ACS_GUARD_HIDDEN_H

#include <linux/types.h>

struct pci_dev;

/**
 * struct acs_guard_hidden - a function that the kernel does not list
 * @bdf: its address
 * @parent: the address of what is directly above it, or %ACS_GUARD_NO_PARENT
 * @id: the first dword of its configuration space: vendor and device ID
 * @type: the type that it has, which its header may contradict: PCI_EXP_TYPE_*,
 *	%ACS_GUARD_TYPE_CONVENTIONAL or %ACS_GUARD_TYPE_UNKNOWN
 * @bridge: it has a bus below it
 * @deep: it is unknown what is on that bus
 * @slot: it is no port, or a port that implements a slot (7.5.3.2)
 * @hotplug: it has a hot-plug slot, or may have one
 * @extended: its extended configuration space can be read
 * @memory: it has memory BARs
 * @readable: @cap and @ctrl could be read when the function was hidden
 * @leaving: between DEL_DEVICE and REMOVED_DEVICE
 * @acs_cap: the offset of its ACS capability, or 0
 * @cap: ACS Capability register when the function was hidden
 * @ctrl: ACS Control register when the function was hidden
 * @aliases: the function numbers it also issues requests as, or NULL
 */
struct acs_guard_hidden {
	u64 bdf;
	u64 parent;
	u32 id;
	u8 type;
	bool bridge;
	bool deep;
	bool slot;
	bool hotplug;
	bool extended;
	bool memory;
	bool readable;
	bool leaving;
	u16 acs_cap;
	u16 cap;
	u16 ctrl;
	unsigned long *aliases;
};

void acs_guard_watch_hidden(void (*changed)(void));
struct acs_guard_hidden *
acs_guard_next_hidden(const struct acs_guard_hidden *hidden);
bool acs_guard_hides_any(void);
bool acs_guard_hides_below(u64 bdf);
bool acs_guard_may_be_there(struct acs_guard_hidden *hidden, bool answered);
void acs_guard_note_readable(struct acs_guard_hidden *hidden, bool readable);
bool acs_guard_may_be_in_reset(u64 bdf);

struct acs_guard_hidden *acs_guard_missing_record(void);
struct acs_guard_hidden *acs_guard_alloc_hidden(void);
void acs_guard_free_hidden(struct acs_guard_hidden *hidden);
void acs_guard_add_hidden(struct acs_guard_hidden *hidden);
bool acs_guard_has_hidden(u64 bdf);
bool acs_guard_note_removed(u64 bdf);
bool acs_guard_forget_gone(void);
void acs_guard_forget_hidden(void);

#endif /* ACS_GUARD_HIDDEN_H */
