// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requester IDs in a PCI hierarchy: those that packets of a function can bear,
 * and those that two functions share. Sections as in oracle.c.
 */
#include "oracle.h"

/*
 * Buses are distinguished by the index of their bridge, which may
 * not be what enumeration would number them, but as good.
 */
static u32 rid(int bridge, u8 bus_off, u8 devfn)
{
	return (u32)(bridge + 1) << 16 | bus_off << 8 | devfn;
}

static u32 own_rid(const struct topo_fn *fn)
{
	return rid(fn->parent, fn->bus_off, fn->devfn);
}

/*
 * Does @bridge put an ID of its own on what it passes up? Bridge specification,
 * 2.3: a PCIe-to-PCI bridge takes ownership with its secondary bus number and
 * device and function 0. A bridge with a conventional primary side is itself
 * the requester there. A VMD endpoint is the requester for its whole domain.
 */
static bool takes_over(const struct topo *t, int bridge, u32 *id)
{
	const struct topo_fn *fn = &t->fn[bridge];

	if (fn->kind == TOPO_PCIE_TO_PCI) {
		*id = rid(bridge, 0, 0);
		return true;
	}
	*id = own_rid(fn);
	return fn->kind == TOPO_CONV_BRIDGE || fn->kind == TOPO_PCI_TO_PCIE ||
	       fn->flags & TOPO_VMD;
}

/* Can packets of @fn bear the requester ID @id? */
static bool issues_as(const struct topo *t, const struct topo_fn *fn, u32 id)
{
	int up;
	u32 taken;

	if (own_rid(fn) == id)
		return true;
	if (fn->flags & TOPO_ALIAS &&
	    rid(fn->parent, fn->bus_off, fn->alias) == id)
		return true;
	for (up = fn->parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (takes_over(t, up, &taken) && taken == id)
			return true;
	return false;
}

/* Is there an ID that packets of both can bear? */
static bool share_id(const struct topo *t, const struct topo_fn *a,
		     const struct topo_fn *b)
{
	int up;
	u32 id;

	if (issues_as(t, b, own_rid(a)))
		return true;
	if (a->flags & TOPO_ALIAS &&
	    issues_as(t, b, rid(a->parent, a->bus_off, a->alias)))
		return true;
	for (up = a->parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (takes_over(t, up, &id) && issues_as(t, b, id))
			return true;
	return false;
}

/* Can packets of @fn bear any requester ID but its own? */
static bool has_other_ids(const struct topo *t, const struct topo_fn *fn)
{
	int up;
	u32 id;

	if (fn->flags & TOPO_ALIAS)
		return true;
	for (up = fn->parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (takes_over(t, up, &id))
			return true;
	return false;
}

/**
 * oracle_find_shared_ids - find functions that share a requester ID
 * @o: the oracle; its @share is filled in
 */
void oracle_find_shared_ids(struct oracle *o)
{
	const struct topo *t = o->t;
	u64 todo = o->functions;
	u64 other = 0;
	u64 rest;
	unsigned int i, j;

	for (i = 0; i < t->nr; i++)
		if (has_other_ids(t, &t->fn[i]))
			other |= BIT_ULL(i);
	for (; todo; todo &= todo - 1) {
		i = __ffs64(todo);
		rest = todo & (todo - 1);
		if (!(other & BIT_ULL(i)))
			rest &= other;
		for (; rest; rest &= rest - 1) {
			j = __ffs64(rest);
			if (share_id(t, &t->fn[i], &t->fn[j])) {
				o->share[i] |= BIT_ULL(j);
				o->share[j] |= BIT_ULL(i);
			}
		}
	}
}
