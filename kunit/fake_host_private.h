/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fake host: what its files share; tests include fake_host.h instead
 */
#ifndef FAKE_HOST_PRIVATE_H
#define FAKE_HOST_PRIVATE_H

#include <linux/completion.h>
#include <linux/ioport.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include "compat.h"
#include "fake_host.h"

#define CFG_SIZE PCI_CFG_SPACE_EXP_SIZE
#define CFG_DWORDS (CFG_SIZE / 4)
#define ROOT_BUS 0
#define LAST_BUS 255

/*
 * A function, declared or virtual.  The fields up to @len are constant while
 * the host is up; fake_host.lock protects the others.
 */
struct fake_fn {
	struct fake_dev decl;
	char name[FAKE_NAME_LEN + 8];
	struct fake_fn *up;  /* the bridge above, NULL on the root bus */
	struct fake_fn *pf;  /* of a VF */
	unsigned int vf;     /* the number of a VF */
	unsigned int vf_bus; /* bus number of a VF, relative to its PF */
	unsigned int depth;  /* 1 on the root bus */
	u8 devfn;
	bool bridge;
	u16 acs; /* offsets of capabilities, or 0 */
	u16 ari;
	u16 sriov;
	u16 ext_last; /* while the list is being built */
	u16 ext_next;
	unsigned int len; /* of the config space */

	bool present;
	enum fake_fault fault;
	enum fake_fault fault_at;
	u16 fault_dword;
	u8 cfg[CFG_SIZE];
	u8 mask[CFG_SIZE]; /* the bits that config writes change */
	u32 reads[CFG_DWORDS];
};

/* The function at an address; valid while @routes is that of the host. */
struct fake_place {
	struct fake_fn *fn;
	unsigned int routes;
};

struct fake_group {
	int nr;
	struct iommu_group *group;
};

struct fake_host {
	struct acs_guard_sysdata sysdata; /* what bus->sysdata points to */
	int domain;
	struct pci_host_bridge *bridge;
	struct pci_bus *bus;
	struct pci_dev *parent;
	struct notifier_block nb;
	struct completion released;
	struct resource busn;
	struct resource mem;
	bool bars;

	struct fake_fn **fns; /* the declared functions, then the VFs */
	unsigned int nr_decl;
	unsigned int nr_fns;
	struct fake_group *groups; /* at most one for each function */
	unsigned int nr_groups;

	struct fake_place *places; /* by bus and devfn */
	unsigned int nr_places;

	raw_spinlock_t lock;
	unsigned int routes; /* incremented when the routing may change */
	unsigned int reads;
	unsigned int writes;
	unsigned int fail_in; /* 0: not armed */
	enum fake_fault fail_how;
	bool fail_on; /* all later reads fail, too */
	bool failed;
	unsigned int poke_in; /* 0: not armed */
	struct fake_fn *poke_fn;
	u16 poke_where;
	u8 poke_size;
	u32 poke_val;
	unsigned int call_in; /* 0: not armed */
	void (*call)(void *data);
	void *call_data;
};

/* fake_decl.c */

int fake_reject(const struct fake_dev *decl, const char *why);
int fake_decl_check(const struct fake_dev *decl);

/* fake_host_config.c */

u32 fake_cfg_get(const struct fake_fn *fn, unsigned int where,
		 unsigned int size);
void fake_cfg_put(struct fake_fn *fn, unsigned int where, unsigned int size,
		  u32 val);
void fake_cfg_put_rw(struct fake_fn *fn, unsigned int where, unsigned int size,
		     u32 val, u32 mask);
bool fake_decl_is_pcie(const struct fake_dev *decl);
bool fake_decl_is_bridge(const struct fake_dev *decl);
unsigned int fake_acs_len(const struct fake_acs *acs);
void fake_fn_build(struct fake_fn *fn);

/* fake_host_cycles.c */

extern struct pci_ops fake_ops;

struct fake_host *fake_host_of_bus(struct pci_bus *bus);
unsigned int fake_fn_bus(const struct fake_fn *fn);
struct fake_fn *fake_fn_at(struct fake_host *host, unsigned int bus,
			   unsigned int devfn);
void fake_cfg_change(struct fake_host *host, struct fake_fn *fn, u16 where,
		     u8 size, u32 val);

/* fake_host_tree.c */

struct fake_fn *fake_fn_find(struct fake_host *host, const char *name);
struct fake_fn *fake_fn_get(struct fake_host *host, const char *name);
bool fake_fn_is_below(const struct fake_fn *fn, const struct fake_fn *top);
void fake_host_link_ari(struct fake_host *host);
int fake_host_build(struct fake_host *host, const struct fake_dev *decl,
		    unsigned int n);
void fake_host_free(struct fake_host *host);

/* fake_host.c */

int fake_host_switch_vfs(struct fake_host *host, const struct fake_fn *top,
			 bool on);

#endif /* FAKE_HOST_PRIVATE_H */
