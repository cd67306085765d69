/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite acs_guard_fuzz: the host of random bytes that its files share
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <linux/pci.h>
#include <linux/types.h>

#include "fake_host.h"

struct topo;

#define MOST_FUNCTIONS 8

#define PCH_RP 0xa110 /* root port with ACS registers laid out as dwords */

/**
 * struct member - one function of the host at hand
 * @image: its config space, as it was declared
 * @up: the bridge above, or negative
 * @bridge: has a header of type 1
 * @type: what the generator meant it to be; the bytes may say otherwise
 * @pdev: its device, or NULL if the PCI core did not take it
 * @fault: what all its reads come to
 * @fault_acs: what reads of its ACS registers come to
 */
struct member {
	u8 image[PCI_CFG_SPACE_EXP_SIZE];
	int up;
	bool bridge;
	u8 type;
	struct pci_dev *pdev;
	enum fake_fault fault;
	enum fake_fault fault_acs;
};

/* fuzz_host.c */

extern struct member members[MOST_FUNCTIONS];
extern struct fake_dev decls[MOST_FUNCTIONS];
extern unsigned int num_members;
extern struct fake_host *host;

u32 draw(void);
u32 below(u32 n);
bool chance(u32 percent);
u32 acs_words(void);
void make_host(u64 seed);
unsigned int find_devices(void);

/* fuzz_limits.c */

int type_of(const struct pci_dev *pdev);
const char *must_not_be(unsigned int i);
bool read_the_unreadable(unsigned int *reads);
bool describe_all(struct topo *topo, s8 *number);

#endif /* FUZZ_H */
