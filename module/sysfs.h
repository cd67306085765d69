/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the attributes, /sys/bus/pci/devices/BDF/acs_guard/
 */
#ifndef ACS_GUARD_SYSFS_H
#define ACS_GUARD_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group acs_guard_attributes;

#endif /* ACS_GUARD_SYSFS_H */
