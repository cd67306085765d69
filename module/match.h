/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: parse the module's parameters, and match drivers and devices
 */
#ifndef ACS_GUARD_MATCH_H
#define ACS_GUARD_MATCH_H

#include <linux/types.h>

struct device_driver;
struct pci_dev;

#define ACS_GUARD_MAX_WORD 64 /* bytes of a word, with the terminating zero */
#define ACS_GUARD_MAX_DRIVERS 32
#define ACS_GUARD_MAX_DEVICES 64
#define ACS_GUARD_MAX_PERIOD 86400 /* seconds: a day */

/**
 * struct acs_guard_pattern - one word of the parameter permissive=
 * @by_id: the word names a kind of device by @id, and no path
 * @id: vendor, device, subsystem vendor and subsystem device
 * @num_ids: how many of @id were given: 2 or 4, or 0 with a path
 * @domain: the domain of the path
 * @bus: the bus of the first function of the path
 * @devfn: the functions of the path, topmost first
 * @num_devfn: how many of @devfn were given
 */
struct acs_guard_pattern {
	bool by_id;
	u16 id[4];
	u8 num_ids;
	u32 domain;
	u8 bus;
	u8 devfn[8];
	u8 num_devfn;
};

int acs_guard_parse_mode(const char *text);
int acs_guard_parse_unit(const char *text);
int acs_guard_parse_strict(const char *text);
int acs_guard_parse_lock(const char *text);
int acs_guard_parse_recheck(const char *text);
int acs_guard_parse_period(const char *text);
int acs_guard_parse_drivers(const char *text);
int acs_guard_parse_permissive(const char *text);
bool acs_guard_guards_name(const char *name);
bool acs_guard_is_guarded(struct pci_dev *pdev, struct device_driver *drv);
bool acs_guard_starts_permissive(struct pci_dev *pdev);
bool acs_guard_matches(struct pci_dev *pdev,
		       const struct acs_guard_pattern *pattern);

#endif /* ACS_GUARD_MATCH_H */
