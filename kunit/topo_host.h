/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a described topology as fake hosts
 *
 * There is one host for the root complex, and one below each VMD endpoint.
 */
#ifndef TOPO_HOST_H
#define TOPO_HOST_H

#include "machine.h"
#include "fake_host.h"
#include "topo.h"

/**
 * struct topo_host - fake hosts that make up a topology
 * @change: changes the declaration of a function, or NULL
 * @nr_hosts: the number of hosts
 * @host: the first for the root bus, the others below VMD endpoints
 * @decl: scratch space for declarations
 * @pdev: the device of each function; NULL if it is hidden
 * @bdf: the address of each function
 */
struct topo_host {
	void (*change)(const struct topo *t, unsigned int i,
		       struct fake_dev *decl);
	unsigned int nr_hosts;
	struct fake_host *host[TOPO_MAX];
	struct fake_dev decl[TOPO_MAX];
	struct pci_dev *pdev[TOPO_MAX];
	u64 bdf[TOPO_MAX];
};

int topo_host_create(struct topo_host *h, const struct topo *t,
		     enum machine_loss loss);
int topo_host_destroy(struct topo_host *h);
int topo_host_find(const struct topo_host *h, const struct topo *t, u64 bdf);
void topo_host_declare(const struct topo *t, unsigned int i,
		       struct fake_dev *decl);

#endif /* TOPO_HOST_H */
