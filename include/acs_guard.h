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
#include "examine.h"
#include "exception.h"
#include "hidden.h"
#include "hidden_find.h"
#include "iommu.h"
#include "match.h"
#include "pci_dev.h"
#include "power.h"
#include "report.h"
#include "settings.h"

struct device;
struct device_driver;
struct kobject;
struct pci_bus;
struct pci_dev;

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
