/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what the tests of the engine take from the kernel, in the kernel
 */
#ifndef ACS_GUARD_TEST_HOME_H
#define ACS_GUARD_TEST_HOME_H

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "home.h"

#endif /* ACS_GUARD_TEST_HOME_H */
