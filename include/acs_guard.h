/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what crosses files
 *
 * The driver core announces a bind; hook.c asks the engine, through examine.c,
 * for the verdict about the device; report.c says what came of it; hook.c
 * allows the bind, or refuses it.
 *
 * "The device" below is always F, the function that a driver wants.  Section
 * numbers are those of the PCI Express Base Specification.
 */
#ifndef ACS_GUARD_H
#define ACS_GUARD_H

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/pci_regs.h>
#include <linux/types.h>

#include "contract.h"
#include "engine.h"
#include "exception.h"
#include "match.h"
#include "report.h"
#include "settings.h"

struct device;
struct device_driver;
struct kobject;
struct pci_bus;
struct pci_dev;

/* node.c, power.c, examine.c */

/**
 * struct acs_guard_subject - what a report says about the function itself
 * @bdf: its address
 * @vendor: its vendor ID
 * @device: its device ID
 * @group: its IOMMU group, or negative if it has none
 * @kobj: its kobject
 */
struct acs_guard_subject {
	u64 bdf;
	u16 vendor;
	u16 device;
	int group;
	struct kobject *kobj;
};

/**
 * struct acs_guard_reader - what reads functions, and found some asleep
 * @device: the function that is judged; the caller holds it
 * @dev: devices whose registers could not be read, with a reference
 * @parent: by device, what has to be active for that, with a reference
 * @num: how many of them
 * @woken: how many of these are in use and resumed
 *
 * All but @device is the home's own, and zero before the first walk.  What
 * there is no room for counts as unreadable.
 */
struct acs_guard_reader {
	struct pci_dev *device;
	struct device *dev[16];
	struct device *parent[16];
	unsigned int num;
	unsigned int woken;
};

/**
 * struct acs_guard_rest - what acs_guard_hold_resets() holds; power.c's own
 * @held: whose configuration access is held, each once and with a reference
 * @num_held: how many of them
 */
struct acs_guard_rest {
	struct pci_dev *held[4];
	unsigned int num_held;
};

struct acs_guard_hidden;

void acs_guard_examine(struct pci_dev *pdev,
		       const struct acs_guard_policy *policy,
		       struct acs_guard_verdict *verdict);
bool acs_guard_hold_resets(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_rest *rest);
void acs_guard_let_resets(struct acs_guard_rest *rest);
bool acs_guard_wake(struct acs_guard_reader *reader);
void acs_guard_let_sleep(struct acs_guard_reader *reader);
struct pci_dev *acs_guard_find_listed(u64 bdf);
int acs_guard_hold_functions(void);
void acs_guard_let_go_functions(int hold);
void acs_guard_await_walks(void);
void acs_guard_describe(struct pci_dev *pdev,
			struct acs_guard_subject *subject);
struct acs_guard_function acs_guard_facts(struct pci_dev *pdev);
u64 acs_guard_bdf(const struct pci_dev *pdev);
u64 acs_guard_parent(struct pci_dev *pdev);
bool acs_guard_is_listed(struct device *bridge, u64 bdf);
bool acs_guard_lists_device(struct device *bridge, u64 bdf);
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge);
void acs_guard_record(struct pci_dev *pdev, struct acs_guard_hidden *record);
bool acs_guard_is_bridge(const struct pci_dev *pdev);
bool acs_guard_has_services(struct pci_dev *pdev);

/* hidden.c */

/* Above what is on the root bus of a domain that is behind no function. */
#define ACS_GUARD_NO_PARENT U64_MAX

/**
 * struct acs_guard_hidden - a function that the kernel does not list
 * @node: one of the records
 * @bdf: its address
 * @parent: the address of what is right above it, or %ACS_GUARD_NO_PARENT
 * @id: the first dword of its configuration space: vendor and device ID
 * @type: as in struct acs_guard_function
 * @bridge: it has a bus below it
 * @deep: and what is on that is not known
 * @slot: it is no port, or a port that implements a slot (7.5.3.2)
 * @hotplug: it has a hot-plug slot, or may have one
 * @extended: its extended configuration space can be read
 * @memory: it has memory of its own
 * @readable: @cap and @ctrl could be read when it went
 * @acs_cap: where its ACS capability is, or 0
 * @cap: ACS Capability register when it went
 * @ctrl: ACS Control register when it went
 * @silent_since: the first time, in jiffies, that it did not answer since it
 * last did, or 0
 * @unreadable_since: the same for the first time that it could not be read
 * @useless: it did not answer, or was listed again, at the last look of
 * acs_guard_forget_gone()
 * @since: since which look, in jiffies
 * @aliases: the function numbers it also issues requests as, or NULL
 */
struct acs_guard_hidden {
	struct list_head node;
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
	u16 acs_cap;
	u16 cap;
	u16 ctrl;
	unsigned long silent_since;
	unsigned long unreadable_since;
	bool useless;
	unsigned long since;
	unsigned long *aliases;
};

struct acs_guard_hidden *
acs_guard_next_hidden(const struct acs_guard_hidden *hidden);
bool acs_guard_may_be_there(struct acs_guard_hidden *hidden, bool answered);
void acs_guard_note_readable(struct acs_guard_hidden *hidden, bool readable);
bool acs_guard_may_be_in_reset(u64 bdf);
bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id);
bool acs_guard_hides_below(u64 bdf);
void acs_guard_hide(struct pci_dev *pdev);
void acs_guard_look_for_hidden(void);
bool acs_guard_forget_gone(void);
void acs_guard_forget_hidden(void);

/* iommu.c */

bool acs_guard_has_iommu(struct pci_dev *pdev);

/* group.c */

int acs_guard_group(struct pci_dev *pdev);

/* peers.c */

void acs_guard_visit_peers(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_visitor *visitor);
bool acs_guard_in_group(struct pci_dev *pdev,
			const struct acs_guard_verdict *verdict);
void acs_guard_find_peers(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict,
			  struct acs_guard_peers *peers);

/* report.c */

/**
 * struct acs_guard_event - one thing to report, by value
 * @action: what happened
 * @subject: the function it happened to
 * @verdict: what was found about that
 * @peers: who is exposed
 * @peer: the first of them
 * @driver: the driver concerned, or NULL
 * @mode: the mode then in force
 * @group_allows: with unit=group the bind would have been allowed
 */
struct acs_guard_event {
	enum acs_guard_action action;
	struct acs_guard_subject subject;
	struct acs_guard_verdict verdict;
	struct acs_guard_peers peers;
	u64 peer[ACS_GUARD_NAMED_PEERS];
	const char *driver;
	enum acs_guard_mode mode;
	bool group_allows;
};

void acs_guard_event_init(struct acs_guard_event *event, struct pci_dev *pdev,
			  enum acs_guard_action action,
			  const struct acs_guard_verdict *verdict,
			  const char *driver);
void acs_guard_report_event(struct pci_dev *pdev,
			    const struct acs_guard_event *event);
void acs_guard_report(struct pci_dev *pdev, enum acs_guard_action action,
		      const struct acs_guard_verdict *verdict,
		      const char *driver);
void acs_guard_report_unprinted(struct pci_dev *pdev, unsigned int decisions);

/* entry.c */

/**
 * enum acs_guard_standing - how a bound function stands with the guard
 * @ACS_GUARD_UNVOUCHED: no guarded driver has it, or has it by somebody's word
 * @ACS_GUARD_VOUCHED: it was isolated when it was bound, or when the guard
 *	came, or exposed to its own group only and that counted
 * @ACS_GUARD_SUSPECT: it was, and was not when last looked at
 * @ACS_GUARD_DRIFTED: that has been told
 */
enum acs_guard_standing {
	ACS_GUARD_UNVOUCHED,
	ACS_GUARD_VOUCHED,
	ACS_GUARD_SUSPECT,
	ACS_GUARD_DRIFTED,
};

void acs_guard_add_entry(struct pci_dev *pdev);
void acs_guard_retire_entry(struct pci_dev *pdev);
void acs_guard_remove_entry(struct pci_dev *pdev);
void acs_guard_add_entries(void);
void acs_guard_remove_entries(void);
bool acs_guard_is_permissive(struct pci_dev *pdev);
int acs_guard_keep_permissive(struct pci_dev *pdev, bool permissive);
enum acs_guard_standing acs_guard_standing(struct pci_dev *pdev);
void acs_guard_keep_standing(struct pci_dev *pdev,
			     enum acs_guard_standing standing);
void acs_guard_settle(struct pci_dev *pdev, unsigned int round);
bool acs_guard_is_settled(struct pci_dev *pdev, unsigned int round);
void acs_guard_count_denied(struct pci_dev *pdev);
unsigned int acs_guard_denied(struct pci_dev *pdev);
bool acs_guard_may_print(struct pci_dev *pdev);

/* hook.c */

int acs_guard_hook_init(void);
void acs_guard_hook_exit(void);
enum acs_guard_action acs_guard_judge(struct pci_dev *pdev,
				      struct device_driver *drv,
				      struct acs_guard_verdict *verdict);

/**
 * enum acs_guard_look - what comes of a look at a function
 * @ACS_GUARD_SETTLED: nothing to tell
 * @ACS_GUARD_LOOK_AGAIN: it has to be looked at once more
 * @ACS_GUARD_HAS_DRIFTED: it is not isolated any more, and that is to be told
 */
enum acs_guard_look {
	ACS_GUARD_SETTLED,
	ACS_GUARD_LOOK_AGAIN,
	ACS_GUARD_HAS_DRIFTED,
};

unsigned int
acs_guard_look_round(unsigned int round,
		     enum acs_guard_look (*look)(struct pci_dev *pdev,
						 struct device_driver *drv,
						 struct acs_guard_verdict *v));

void acs_guard_report_present(void);

/* drift.c */

int acs_guard_recheck(void);
void acs_guard_recheck_soon(void);
void acs_guard_report_present_soon(void);
void acs_guard_patrol(unsigned int seconds);
void acs_guard_end_rechecks(void);

/* sysfs.c */

int acs_guard_sysfs_add(struct pci_dev *pdev);
void acs_guard_sysfs_remove(struct pci_dev *pdev);

#endif /* ACS_GUARD_H */
