/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: types and macros of the engine's home, here the kernel
 */
#ifndef ACS_GUARD_HOME_H
#define ACS_GUARD_HOME_H

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/pci_ids.h>
#include <linux/pci_regs.h>
#include <linux/types.h>

#endif /* ACS_GUARD_HOME_H */
