// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: a described topology as fake hosts
 */
#include <linux/err.h>
#include <linux/pci.h>

#include "pci_dev.h"
#include "topo_host.h"

/* Intel's 100 series has dword-sized ACS registers. */
#define DWORD_DEVICE 0xa110

static unsigned int count_vfs(const struct topo *t, unsigned int pf)
{
	unsigned int i, nr = 0;

	for (i = pf + 1; i < t->nr; i++)
		nr += topo_is_virtual(&t->fn[i]) && t->fn[i].vf_of == pf;
	return nr;
}

static void put_name(const struct topo *t, int i, char *name)
{
	if (i == TOPO_ROOT_BUS || t->fn[i].flags & TOPO_VMD)
		*name = 0;
	else
		snprintf(name, FAKE_NAME_LEN, "f%d", i);
}

static u8 type_of(const struct topo_fn *fn)
{
	switch (fn->kind) {
	case TOPO_CONV:
		return FAKE_PCI;
	case TOPO_CONV_BRIDGE:
		return FAKE_PCI_BRIDGE;
	default:
		return topo_type(fn);
	}
}

static struct fake_acs acs_of(const struct topo_fn *fn)
{
	struct fake_acs acs = {};

	if (!(fn->flags & TOPO_ACS))
		return acs;
	acs.layout = fn->flags & TOPO_DWORD ? 2 : 1;
	acs.cap = fn->cap;
	acs.ctrl = fn->ctrl;
	return acs;
}

static u32 flags_of(const struct topo *t, unsigned int i)
{
	const struct topo_fn *fn = &t->fn[i];
	u32 flags = 0;

	if (fn->flags & TOPO_MFBIT)
		flags |= FAKE_MFD;
	if (fn->flags & TOPO_MASTER)
		flags |= FAKE_MASTER;
	if (fn->flags & TOPO_SLOT)
		flags |= FAKE_HOTPLUG;
	if (fn->flags & TOPO_NO_SLOT)
		flags |= FAKE_NO_SLOT;
	if (fn->flags & TOPO_DECLARES || fn->kind == TOPO_UNKNOWN_BRIDGE)
		flags |= FAKE_ODD_HEADER;
	if (fn->flags & TOPO_ATS)
		flags |= FAKE_ATS;
	if (fn->flags & TOPO_CXL_CACHE)
		flags |= FAKE_CXL | FAKE_CXL_ON;
	/* what is below a port that forwards ARI has the capability */
	if (fn->flags & TOPO_ARI ||
	    (fn->parent != TOPO_ROOT_BUS && topo_has_ari(fn) &&
	     t->fn[fn->parent].flags & TOPO_ARI))
		flags |= FAKE_ARI;
	return flags;
}

static struct fake_vfs vfs_of(const struct topo *t, unsigned int pf)
{
	const unsigned int first = topo_first_vf(t, pf);
	struct fake_vfs vfs = {};

	if (first == t->nr)
		return vfs;
	vfs.total = count_vfs(t, pf);
	vfs.on = vfs.total;
	vfs.offset = (t->fn[first].bus_off << 8) + t->fn[first].devfn -
		     t->fn[pf].devfn;
	vfs.stride = 1;
	vfs.acs = acs_of(&t->fn[first]);
	vfs.group = t->fn[first].group;
	return vfs;
}

/**
 * topo_host_declare() - declare a function
 * @t: the topology
 * @i: the function, not a VF: the declaration of a PF includes its VFs
 * @decl: the declaration; a domain behind a VMD endpoint has another host
 */
void topo_host_declare(const struct topo *t, unsigned int i,
		       struct fake_dev *decl)
{
	const struct topo_fn *fn = &t->fn[i];

	*decl = (struct fake_dev){
		.slot = TOPO_DEV(fn->devfn),
		.fn = TOPO_FN(fn->devfn),
		.type = type_of(fn),
		.flags = flags_of(t, i),
		.acs = acs_of(fn),
		.vendor = fn->flags & TOPO_INTEL ? PCI_VENDOR_ID_INTEL : 0,
		.device = fn->flags & TOPO_DWORD ? DWORD_DEVICE : 0,
		.class = fn->flags & TOPO_DUMMY ? PCI_CLASS_BRIDGE_HOST << 8 :
						  0,
		.bar[0] = fn->flags & TOPO_BAR ? SZ_4K : 0,
		.vfs = vfs_of(t, i),
		.group = fn->group,
	};
	snprintf(decl->name, sizeof(decl->name), "f%u", i);
	put_name(t, fn->parent, decl->up);
	if (fn->flags & TOPO_ALIAS)
		decl->alias =
			FAKE_ALIAS(TOPO_DEV(fn->alias), TOPO_FN(fn->alias));
}

/* Declares the functions in the domain behind @vmd. */
static unsigned int declare_domain(struct topo_host *h, const struct topo *t,
				   int vmd)
{
	unsigned int i, nr = 0;

	for (i = 0; i < t->nr; i++) {
		if (topo_is_virtual(&t->fn[i]) || topo_domain(t, i) != vmd)
			continue;
		topo_host_declare(t, i, &h->decl[nr]);
		if (h->change)
			h->change(t, i, &h->decl[nr]);
		nr++;
	}
	return nr;
}

static void put_vf_name(const struct topo *t, unsigned int i, char *name,
			size_t size)
{
	const unsigned int pf = t->fn[i].vf_of;
	unsigned int j, nth = 0;

	for (j = pf + 1; j < i; j++)
		nth += topo_is_virtual(&t->fn[j]) && t->fn[j].vf_of == pf;
	snprintf(name, size, "f%u.vf%u", pf, nth);
}

static void name_of(const struct topo *t, unsigned int i, char *name,
		    size_t size)
{
	if (topo_is_virtual(&t->fn[i]))
		put_vf_name(t, i, name, size);
	else
		snprintf(name, size, "f%u", i);
}

static int find_devices(struct topo_host *h, const struct topo *t, int vmd,
			struct fake_host *host)
{
	char name[FAKE_NAME_LEN + 8];
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		if (topo_domain(t, i) != vmd)
			continue;
		name_of(t, i, name, sizeof(name));
		h->pdev[i] = fake_host_dev(host, name);
		if (!h->pdev[i]) {
			pr_err("%s: the PCI core has not found it\n", name);
			return -ENODEV;
		}
		h->bdf[i] = acs_guard_bdf(h->pdev[i]);
	}
	return 0;
}

static int create_domain(struct topo_host *h, const struct topo *t, int vmd)
{
	struct pci_dev *parent = vmd < 0 ? NULL : h->pdev[vmd];
	const unsigned int nr = declare_domain(h, t, vmd);
	struct fake_host *host;

	if (!nr)
		return 0;
	host = fake_host_create_below(h->decl, nr, parent);
	if (IS_ERR(host))
		return PTR_ERR(host);
	h->host[h->nr_hosts++] = host;
	return find_devices(h, t, vmd, host);
}

/* The host that has the domain of @i. */
static struct fake_host *host_of(const struct topo_host *h, unsigned int i)
{
	unsigned int n;

	for (n = 0; n < h->nr_hosts; n++)
		if (pci_domain_nr(fake_host_bus(h->host[n])) ==
		    pci_domain_nr(h->pdev[i]->bus))
			return h->host[n];
	return NULL;
}

static void lose(struct topo_host *h, const struct topo *t, unsigned int i,
		 enum machine_loss loss)
{
	struct pci_dev *pdev = h->pdev[i];
	char name[FAKE_NAME_LEN + 8];

	if (loss == MACHINE_OFFLINE && !(t->fn[i].flags & TOPO_HIDDEN)) {
		pdev->error_state = pci_channel_io_perm_failure;
		return;
	}
	if (!pdev->acs_cap)
		return;
	name_of(t, i, name, sizeof(name));
	fake_host_fault_at(host_of(h, i), name, pdev->acs_cap + PCI_ACS_CAP,
			   FAKE_ONES);
}

/* The fault of TOPO_UNREADABLE starts when the hosts are up. */
static void lose_all(struct topo_host *h, const struct topo *t,
		     enum machine_loss loss)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (t->fn[i].flags & TOPO_UNREADABLE)
			lose(h, t, i, loss);
}

/* The functions below are hidden as well. */
static int hide_all(struct topo_host *h, const struct topo *t)
{
	char name[FAKE_NAME_LEN + 8];
	unsigned int i;
	int err;

	for (i = 0; i < t->nr; i++) {
		const struct topo_fn *fn = &t->fn[i];

		if (!(fn->flags & TOPO_HIDDEN))
			continue;
		if (fn->parent == TOPO_ROOT_BUS || h->pdev[fn->parent]) {
			name_of(t, i, name, sizeof(name));
			err = fake_host_hide(host_of(h, i), name);
			if (err)
				return err;
		}
		h->pdev[i] = NULL;
	}
	return 0;
}

/**
 * topo_host_create() - create the hosts of a topology
 * @h: the hosts; to be destroyed, even after an error
 * @t: a valid topology, see topo_host_fit()
 * @loss: the fault of functions that are unreadable
 *
 * Return: 0 or a negative errno.
 */
int topo_host_create(struct topo_host *h, const struct topo *t,
		     enum machine_loss loss)
{
	unsigned int i;
	int err;

	h->nr_hosts = 0;
	err = create_domain(h, t, TOPO_ROOT_BUS);
	for (i = 0; i < t->nr && !err; i++)
		if (t->fn[i].flags & TOPO_VMD)
			err = create_domain(h, t, i);
	if (err)
		return err;
	lose_all(h, t, loss);
	return hide_all(h, t);
}

/**
 * topo_host_destroy() - remove the hosts
 * @h: the hosts
 *
 * Return: 0, or an error.
 */
int topo_host_destroy(struct topo_host *h)
{
	int err = 0;

	while (h->nr_hosts && !err)
		err = fake_host_destroy(h->host[--h->nr_hosts]);
	return err;
}

/**
 * topo_host_find() - find the function at an address
 * @h: the hosts
 * @t: their topology
 * @bdf: the address
 *
 * Return: the index of the function, listed or hidden, or -1.
 */
int topo_host_find(const struct topo_host *h, const struct topo *t, u64 bdf)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (h->bdf[i] == bdf)
			return i;
	return -1;
}
