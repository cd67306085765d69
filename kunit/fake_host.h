/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fake host: a PCI host bridge that exists in memory only
 *
 * A topology is an array of struct fake_dev (see fake_dev.h), one element for
 * each function, and each bridge before the functions below it:
 *
 *	static const struct fake_dev t1[] = {
 *		{ "rp",  "",    1, 0, FAKE_RP, .acs = FAKE_ACS(0x5f, 0x1d) },
 *		{ "up",  "rp",  0, 0, FAKE_UP },
 *		{ "dp0", "up",  0, 0, FAKE_DP },
 *		{ "dp1", "up",  1, 0, FAKE_DP },
 *		{ "ep0", "dp0", 0, 0, FAKE_EP },
 *		{ "ep1", "dp1", 0, 0, FAKE_EP },
 *	};
 *
 *	host = fake_host_create(t1, ARRAY_SIZE(t1));
 *	ep0 = fake_host_dev(host, "ep0");
 *
 * Each field after the type is zero by default, so a line has only what is
 * special about its function.  fake_dev_print() prints a generated structure in
 * the form above, so that it can be pasted into a test.
 *
 * The host only answers config cycles.  The rest is real: the PCI core scans
 * the host, sysfs shows the devices, and the driver core binds drivers.  Each
 * host has a domain of its own.  There is no memory behind the BARs, no
 * interrupt, and no DMA.
 *
 * Kbuild links the objects of $(fake-host) into each module that uses a fake
 * host; they export nothing, and do not need KUnit.
 *
 * Context of all functions: process context; may sleep.
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include <linux/bits.h>
#include <linux/types.h>

#include "fake_dev.h"

struct fake_host;
struct pci_dev;

#define FAKE_MAX_FNS 512  /* declared functions, without VFs */
#define FAKE_MAX_VFS 256  /* of each PF */
#define FAKE_MAX_DEPTH 32 /* below the root bus: the PCI core recurses */

/**
 * enum fake_fault - how a config read fails
 * @FAKE_OK: the read does not fail
 * @FAKE_ONES: all ones, as from a device that is absent
 * @FAKE_ZERO: all zeroes, as during some resets
 * @FAKE_ERROR: the access returns an error (and all ones)
 */
enum fake_fault {
	FAKE_OK,
	FAKE_ONES,
	FAKE_ZERO,
	FAKE_ERROR,
};

struct fake_host *fake_host_create(const struct fake_dev *decl, unsigned int n);
struct fake_host *fake_host_create_below(const struct fake_dev *decl,
					 unsigned int n,
					 struct pci_dev *parent);
int fake_host_destroy(struct fake_host *host);

struct pci_dev *fake_host_dev(struct fake_host *host, const char *name);
const char *fake_host_name(struct pci_dev *pdev);
const char *fake_host_name_at(struct fake_host *host, const char *address);
int fake_host_address(struct fake_host *host, const char *name, char *buf,
		      size_t size);
struct pci_bus *fake_host_bus(struct fake_host *host);

int fake_host_plug(struct fake_host *host, const char *name);
int fake_host_unplug(struct fake_host *host, const char *name);
int fake_host_pull(struct fake_host *host, const char *name);
int fake_host_hide(struct fake_host *host, const char *name);
void fake_host_rescan(struct fake_host *host);

u32 fake_host_peek(struct fake_host *host, const char *name, u16 where,
		   u8 size);
void fake_host_poke(struct fake_host *host, const char *name, u16 where,
		    u8 size, u32 val);
void fake_host_poke_after(struct fake_host *host, unsigned int nth,
			  const char *name, u16 where, u8 size, u32 val);
void fake_host_call_after(struct fake_host *host, unsigned int nth,
			  void (*call)(void *data), void *data);
u16 fake_host_ext_cap(struct fake_host *host, const char *name, u16 id);
void fake_host_set_acs(struct fake_host *host, const char *name, u16 ctrl);
void fake_host_fault(struct fake_host *host, const char *name,
		     enum fake_fault how);
void fake_host_fault_at(struct fake_host *host, const char *name, u16 where,
			enum fake_fault how);
void fake_host_fail_nth(struct fake_host *host, unsigned int nth,
			enum fake_fault how);
void fake_host_fail_from(struct fake_host *host, unsigned int nth,
			 enum fake_fault how);
bool fake_host_failed(struct fake_host *host);

#define FAKE_ALL_REGS (-1)
unsigned int fake_host_reads(struct fake_host *host, const char *name,
			     int where);
unsigned int fake_host_total_reads(struct fake_host *host);
unsigned int fake_host_total_writes(struct fake_host *host);
void fake_host_reset_counts(struct fake_host *host);

int fake_host_write(struct fake_host *host, const char *name, const char *attr,
		    const char *text);
int fake_host_read(struct fake_host *host, const char *name, const char *attr,
		   char *buf, size_t size);
int fake_host_bind(struct fake_host *host, const char *name,
		   const char *driver);
int fake_host_unbind(struct fake_host *host, const char *name);
int fake_host_probe(struct fake_host *host, const char *name);

int fake_dev_print(char *buf, size_t size, const struct fake_dev *decl);
unsigned int fake_decl_drop(struct fake_dev *decl, unsigned int n,
			    unsigned int i);
void fake_decl_print(const struct fake_dev *decl, unsigned int n);

#endif /* FAKE_HOST_H */
