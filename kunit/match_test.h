/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite acs_guard_match: what its files share
 */
#ifndef MATCH_TEST_H
#define MATCH_TEST_H

#include <kunit/test.h>

#define DEFAULT_DRIVERS "vfio-pci,pci-stub,*[-_]vfio[-_]pci"
#define NOWHERE "dead0000:00:00.0"

#define MAX_TEXT 4096

#define CHARS_62 \
	"12345678901234567890123456789012345678901234567890123456789012"

/* match_test.c */

void expect_devices(struct kunit *test, const char *text, bool good);

/* match_devices_test.c */

void device_words(struct kunit *test);
void named_devices(struct kunit *test);

/* match_nonsense_test.c */

void nonsense(struct kunit *test);

#endif /* MATCH_TEST_H */
