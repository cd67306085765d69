/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the fake host: what their files share
 */
#ifndef FAKE_HOST_TEST_H
#define FAKE_HOST_TEST_H

#include <kunit/test.h>

#include "fake_host.h"

#define ACS_GOOD 0x1d /* SV, RR, CR, UF */

/* fake_host_test.c */

extern unsigned int noise_hosts;

unsigned int count_devices(void);
void drop_hosts(struct kunit *test);
struct fake_host *make_host(struct kunit *test, const struct fake_dev *decl,
			    unsigned int n);
struct pci_dev *get_fn(struct kunit *test, struct fake_host *host,
		       const char *name);
u16 read_word(struct pci_dev *pdev, int where);
u32 read_dword(struct pci_dev *pdev, int where);

/* The switch of topology T1. */
extern const struct fake_dev switch_host[6];

/* The cases of the suite, by file. */

/* fake_host_config_test.c */

void fake_types(struct kunit *test);
void fake_identity(struct kunit *test);
void fake_multifunction(struct kunit *test);
void fake_ari(struct kunit *test);
void fake_bus_numbers(struct kunit *test);
void fake_bars(struct kunit *test);
void fake_acs_words(struct kunit *test);
void fake_acs_changes(struct kunit *test);
void fake_acs_pch(struct kunit *test);
void fake_acs_places(struct kunit *test);
void fake_bad_lists(struct kunit *test);
void fake_other_caps(struct kunit *test);
void fake_raw(struct kunit *test);

/* fake_host_plug_test.c */

void fake_vfs_declared(struct kunit *test);
void fake_vfs_far(struct kunit *test);
void fake_vfs_most(struct kunit *test);
void fake_places(struct kunit *test);
void fake_vfs_sysfs(struct kunit *test);
void fake_plug(struct kunit *test);
void fake_pull(struct kunit *test);
void fake_slots(struct kunit *test);
void fake_hide(struct kunit *test);
void fake_bind(struct kunit *test);
void fake_groups(struct kunit *test);
void fake_alias(struct kunit *test);

/* fake_decl_test.c */

void fake_refused(struct kunit *test);
void fake_crossed_buses(struct kunit *test);
void fake_depth(struct kunit *test);
void fake_noise(struct kunit *test);
void fake_print(struct kunit *test);
void fake_drop(struct kunit *test);

#endif /* FAKE_HOST_TEST_H */
