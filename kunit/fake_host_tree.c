// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host: functions, slots and bus numbers, from the declaration
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_host_private.h"

/* The value of fault_dword for none. */
#define NO_DWORD U16_MAX

struct fake_fn *fake_fn_find(struct fake_host *host, const char *name)
{
	unsigned int i;

	for (i = 0; i < host->nr_fns; i++)
		if (!strcmp(host->fns[i]->name, name))
			return host->fns[i];
	return NULL;
}

/* For callers that return no error; a wrong name is an error in the test. */
struct fake_fn *fake_fn_get(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = fake_fn_find(host, name);

	WARN(!fn, "fake_host: no function is called \"%s\"\n", name);
	return fn;
}

bool fake_fn_is_below(const struct fake_fn *fn, const struct fake_fn *top)
{
	while (fn && fn != top)
		fn = fn->up;
	return fn == top;
}

static bool same_bus(const struct fake_fn *a, const struct fake_fn *b)
{
	return a->up == b->up && !a->pf && !b->pf;
}

static bool same_slot(const struct fake_fn *a, const struct fake_fn *b)
{
	return same_bus(a, b) && PCI_SLOT(a->devfn) == PCI_SLOT(b->devfn);
}

/* Return: -EINVAL if another function, or VF, has the address of @fn. */
static int check_place(struct fake_host *host, const struct fake_fn *fn)
{
	unsigned int i;

	for (i = 0; host->fns[i] != fn; i++) {
		const struct fake_fn *other = host->fns[i];

		if (other->up == fn->up && other->devfn == fn->devfn &&
		    other->vf_bus == fn->vf_bus) {
			pr_err("\"%s\": is where \"%s\" is\n", fn->name,
			       other->name);
			return -EINVAL;
		}
	}
	return 0;
}

static struct fake_fn *alloc_fn(struct fake_host *host, const char *name)
{
	struct fake_fn *fn = kvzalloc(sizeof(*fn), GFP_KERNEL);

	if (!fn)
		return NULL;
	strscpy(fn->name, name, sizeof(fn->name));
	fn->fault_dword = NO_DWORD;
	host->fns[host->nr_fns++] = fn;
	return fn;
}

static int add_fn(struct fake_host *host, const struct fake_dev *decl)
{
	struct fake_fn *up = NULL;
	struct fake_fn *fn;
	int err;

	err = fake_decl_check(decl);
	if (err)
		return err;
	if (fake_fn_find(host, decl->name))
		return fake_reject(decl, "there is another of this name");
	if (*decl->up) {
		up = fake_fn_find(host, decl->up);
		if (!up)
			return fake_reject(decl, "no such function above");
		if (!up->bridge)
			return fake_reject(decl, "not below a bridge");
	}
	if (up && up->depth == FAKE_MAX_DEPTH)
		return fake_reject(decl, "too deep");
	fn = alloc_fn(host, decl->name);
	if (!fn)
		return -ENOMEM;
	fn->decl = *decl;
	fn->up = up;
	fn->depth = up ? up->depth + 1 : 1;
	fn->devfn = PCI_DEVFN(decl->slot, decl->fn);
	fn->bridge = fake_decl_is_bridge(decl);
	fn->present = !(decl->flags & FAKE_ABSENT);
	return check_place(host, fn);
}

/* Unless declared, VFs start at the next free multiple of 16. */
static void place_vfs(struct fake_host *host, struct fake_fn *pf)
{
	struct fake_vfs *vfs = &pf->decl.vfs;
	unsigned int last = 0, nth = 0;
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *fn = host->fns[i];

		if (!same_bus(fn, pf))
			continue;
		last = max_t(unsigned int, last, fn->devfn);
		if (fn->decl.vfs.total && fn->devfn < pf->devfn)
			nth++;
	}
	if (!vfs->offset)
		vfs->offset = (last / 16 + 1 + nth) * 16 - pf->devfn;
	if (!vfs->stride)
		vfs->stride = 1;
}

static int add_vfs(struct fake_host *host, struct fake_fn *pf)
{
	const struct fake_vfs *vfs = &pf->decl.vfs;
	unsigned int i;
	int err;

	if (!vfs->total)
		return 0;
	place_vfs(host, pf);
	for (i = 0; i < vfs->total; i++) {
		unsigned int rid = pf->devfn + vfs->offset + i * vfs->stride;
		char name[FAKE_NAME_LEN + 8];
		struct fake_fn *fn;

		if (snprintf(name, sizeof(name), "%s.vf%u", pf->name, i) >=
		    sizeof(name))
			return -EINVAL;
		fn = alloc_fn(host, name);
		if (!fn)
			return -ENOMEM;
		fn->up = pf->up;
		fn->pf = pf;
		fn->vf = i;
		fn->vf_bus = rid >> 8;
		fn->devfn = rid & 0xff;
		err = check_place(host, fn);
		if (err)
			return err;
	}
	return 0;
}

/* Multi-Function Device: another function is declared in the slot. */
static void link_slots(struct fake_host *host)
{
	unsigned int i, k;

	for (i = 0; i < host->nr_decl; i++) {
		struct fake_fn *fn = host->fns[i];
		bool mfd = fn->decl.flags & FAKE_MFD;

		for (k = 0; k < host->nr_decl; k++)
			if (k != i && same_slot(fn, host->fns[k]))
				mfd = true;
		if (mfd && !fn->decl.raw)
			fn->cfg[PCI_HEADER_TYPE] |= 0x80;
	}
}

/* Return: the next function of an ARI device that is present, or 0. */
static u8 next_ari(struct fake_host *host, const struct fake_fn *fn)
{
	unsigned int next = 0x100;
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *other = host->fns[i];

		if (same_bus(fn, other) && other->present &&
		    other->devfn > fn->devfn && other->devfn < next)
			next = other->devfn;
	}
	return next < 0x100 ? next : 0;
}

/* 7.8.8.2; with the lock held, or before the host is up. */
void fake_host_link_ari(struct fake_host *host)
{
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		struct fake_fn *fn = host->fns[i];

		if (fn->ari)
			fake_cfg_put(fn, fn->ari + PCI_ARI_CAP + 1, 1,
				     next_ari(host, fn));
	}
}

/* ---- Bus numbers ---- */

/* Return: the number of further buses for VFs on the bus below @up. */
static unsigned int vf_buses(struct fake_host *host, const struct fake_fn *up)
{
	unsigned int most = 0;
	unsigned int i;

	for (i = host->nr_decl; i < host->nr_fns; i++)
		if (host->fns[i]->up == up)
			most = max(most, host->fns[i]->vf_bus);
	return most;
}

/* Counts the buses of each bridge; functions below it follow in the array. */
static void count_buses(struct fake_host *host, unsigned int *need)
{
	unsigned int i, k;

	for (i = host->nr_decl; i--;) {
		const struct fake_fn *fn = host->fns[i];

		need[i] = 0;
		if (!fn->bridge)
			continue;
		need[i] = 1 + vf_buses(host, fn);
		for (k = i + 1; k < host->nr_decl; k++)
			if (host->fns[k]->up == fn)
				need[i] += need[k];
		if (fn->decl.sec)
			need[i] = max(fn->decl.sub, fn->decl.sec) -
				  fn->decl.sec + 1;
	}
}

/* Return: the secondary bus number, after those of bridges with lower numbers. */
static unsigned int next_bus(struct fake_host *host, const struct fake_fn *fn,
			     const unsigned int *need)
{
	unsigned int bus = fn->up ? fn->up->cfg[PCI_SECONDARY_BUS] : ROOT_BUS;
	unsigned int i;

	bus += vf_buses(host, fn->up) + 1;
	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *other = host->fns[i];

		if (same_bus(fn, other) && other->devfn < fn->devfn &&
		    !other->decl.sec)
			bus += need[i];
	}
	return bus;
}

/*
 * The PCI core gives a bridge with invalid numbers the next bus number, and
 * does not notice the overflow at 256: then it scans bus 0 below itself,
 * without end.
 */
static int check_room(struct fake_host *host)
{
	unsigned int highest = 0, bridges = 0, bad_ones = 0;
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++) {
		const struct fake_fn *fn = host->fns[i];
		u8 sec = fn->cfg[PCI_SECONDARY_BUS];
		u8 sub = fn->cfg[PCI_SUBORDINATE_BUS];

		if (!fn->bridge)
			continue;
		bridges++;
		bad_ones += sec <= fake_fn_bus(fn) || sec > sub;
		highest = max3(highest, (unsigned int)sec, (unsigned int)sub);
	}
	if (!bad_ones || highest + bridges <= LAST_BUS)
		return 0;
	pr_err("crossed bus numbers, and none free to mend them\n");
	return -EINVAL;
}

/* Bus numbers in the order of a depth-first walk, as by firmware. */
static int number_buses(struct fake_host *host)
{
	unsigned int *need;
	unsigned int i;
	int err = 0;

	need = kcalloc(host->nr_decl, sizeof(*need), GFP_KERNEL);
	if (!need)
		return -ENOMEM;
	count_buses(host, need);
	for (i = 0; i < host->nr_decl && !err; i++) {
		struct fake_fn *fn = host->fns[i];
		unsigned int sec = fn->decl.sec;
		unsigned int sub = fn->decl.sub;

		if (!fn->bridge)
			continue;
		if (!sec) {
			sec = next_bus(host, fn, need);
			sub = sec + need[i] - 1;
		}
		if (sub > LAST_BUS)
			err = fake_reject(&fn->decl, "no bus number is left");
		fake_cfg_put_rw(fn, PCI_PRIMARY_BUS, 4,
				fake_fn_bus(fn) | sec << 8 | sub << 16,
				0xffffff);
	}
	kfree(need);
	if (!err && vf_buses(host, NULL) > LAST_BUS) {
		pr_err("VFs beyond the last bus\n");
		err = -EINVAL;
	}
	return err ?: check_room(host);
}

/* Only for the buses that are numbered here; the PCI core may add others. */
static int alloc_places(struct fake_host *host)
{
	unsigned int last = vf_buses(host, NULL);
	unsigned int i;

	for (i = 0; i < host->nr_decl; i++)
		if (host->fns[i]->bridge)
			last = max_t(unsigned int, last,
				     host->fns[i]->cfg[PCI_SUBORDINATE_BUS]);
	host->nr_places = (min_t(unsigned int, last, LAST_BUS) + 1) << 8;
	host->places =
		kvcalloc(host->nr_places, sizeof(*host->places), GFP_KERNEL);
	host->routes = 1;
	return host->places ? 0 : -ENOMEM;
}

/* ---- A host, before it is up: all of it ---- */

static unsigned int count_vfs(const struct fake_dev *decl, unsigned int n)
{
	unsigned int vfs = 0;

	while (n--)
		vfs += min_t(unsigned int, decl[n].vfs.total, FAKE_MAX_VFS);
	return vfs;
}

int fake_host_build(struct fake_host *host, const struct fake_dev *decl,
		    unsigned int n)
{
	unsigned int i, k;
	int err;

	if (!n || n > FAKE_MAX_FNS) {
		pr_err("%u functions are not 1 to %u\n", n, FAKE_MAX_FNS);
		return -EINVAL;
	}
	host->fns =
		kcalloc(n + count_vfs(decl, n), sizeof(*host->fns), GFP_KERNEL);
	host->groups = kcalloc(n + count_vfs(decl, n), sizeof(*host->groups),
			       GFP_KERNEL);
	if (!host->fns || !host->groups)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		err = add_fn(host, decl + i);
		if (err)
			return err;
		for (k = 0; k < ARRAY_SIZE(decl[i].bar); k++)
			host->bars |= decl[i].bar[k];
	}
	host->nr_decl = n;
	for (i = 0; i < n; i++) {
		err = add_vfs(host, host->fns[i]);
		if (err)
			return err;
	}
	for (i = 0; i < host->nr_fns; i++)
		fake_fn_build(host->fns[i]);
	link_slots(host);
	fake_host_link_ari(host);
	err = number_buses(host);
	return err ?: alloc_places(host);
}

void fake_host_free(struct fake_host *host)
{
	while (host->nr_fns)
		kvfree(host->fns[--host->nr_fns]);
	kvfree(host->places);
	kfree(host->fns);
	kfree(host->groups);
	pci_dev_put(host->parent);
	kfree(host);
}
