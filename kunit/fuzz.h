/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite acs_guard_fuzz: what its files share
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <linux/pci.h>
#include <linux/types.h>

#include "fake_host.h"

struct topo;

#define FUZZ_FUNCTIONS 8

#define FUZZ_PCH_RP 0xa110 /* a Root Port with dword-sized ACS registers */

/**
 * struct fuzz_member - a function of the current host
 * @image: the declared configuration space
 * @up: the index of the bridge above, or negative
 * @bridge: the header is of type 1
 * @type: the intended type; the random bytes may have another
 * @pdev: the device, or NULL if the PCI core has not added it
 * @fault: the fault of all reads
 * @fault_acs: the fault of reads of the ACS registers
 */
struct fuzz_member {
	u8 image[PCI_CFG_SPACE_EXP_SIZE];
	int up;
	bool bridge;
	u8 type;
	struct pci_dev *pdev;
	enum fake_fault fault;
	enum fake_fault fault_acs;
};

/* fuzz_host.c */

extern struct fuzz_member fuzz_members[FUZZ_FUNCTIONS];
extern struct fake_dev fuzz_decls[FUZZ_FUNCTIONS];
extern unsigned int fuzz_num_members;
extern struct fake_host *fuzz_host;

u32 fuzz_draw(void);
u32 fuzz_below(u32 n);
bool fuzz_chance(u32 percent);
u32 fuzz_acs_words(void);
void fuzz_make_host(u64 seed);
unsigned int fuzz_find_devices(void);

/* fuzz_limits.c */

int fuzz_type_of(const struct pci_dev *pdev);
const char *fuzz_must_be_refused(unsigned int i);
bool fuzz_read_unreadable(unsigned int *reads);
bool fuzz_describe_host(struct topo *topo, s8 *number);

#endif /* FUZZ_H */
