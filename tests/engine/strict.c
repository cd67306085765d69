// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: conditions that isolation with strict=1 has to meet,
 * checked with the oracle
 */
#include "strict.h"

/* S1 applies to ports; an integrated endpoint has none above it. */
static bool is_below_port(const struct topo *t, unsigned int i)
{
	int up;

	for (up = t->fn[i].parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (topo_is_port(&t->fn[up]))
			return true;
	return false;
}

/* Is CXL.cache enabled in a function, or in function 0 of its device? */
static bool has_cxl_cache(const struct topo *t, unsigned int i)
{
	const struct topo_fn *fn = &t->fn[i], *other;
	const bool link = fn->parent != TOPO_ROOT_BUS &&
			  topo_is_port(&t->fn[fn->parent]);
	unsigned int j;

	if (fn->flags & TOPO_CXL_CACHE)
		return true;
	for (j = 0; j < t->nr; j++) {
		other = &t->fn[j];
		if (other->flags & TOPO_CXL_CACHE &&
		    !(other->flags & TOPO_VF) && other->parent == fn->parent &&
		    other->devfn == (link ? 0 : fn->devfn & ~7))
			return true;
	}
	return false;
}

/* The ports of each switch above @i, without the Downstream Ports above @i. */
static u64 ports_beside(const struct topo *t, unsigned int i)
{
	u64 ports = 0;
	unsigned int j;
	int up;

	for (up = t->fn[i].parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent) {
		if (t->fn[up].kind != TOPO_DOWNSTREAM)
			continue;
		ports |= BIT_ULL(t->fn[up].parent);
		for (j = 0; j < t->nr; j++)
			if (t->fn[j].kind == TOPO_DOWNSTREAM &&
			    t->fn[j].parent == t->fn[up].parent && (int)j != up)
				ports |= BIT_ULL(j);
	}
	return ports;
}

/**
 * strict_is_sound() - check a function that is isolated with strict=1
 * @o: the oracle, after oracle_run()
 * @i: the function
 *
 * S1: if the function or its PF has ATS, and there is a port above it, no
 * request marked as translated arrives at the root complex.  S2: of the
 * switches above it, no request of it arrives at the memory of the Upstream
 * Port or of a Downstream Port that is not above it.  S3: no CXL.cache.
 *
 * Return: false if it violates one of these.
 */
bool strict_is_sound(const struct oracle *o, unsigned int i)
{
	const struct topo *t = o->t;
	const unsigned int pf = t->fn[i].flags & TOPO_VF ? t->fn[i].vf_of : i;
	const u32 flags = t->fn[i].flags | t->fn[pf].flags;

	if (flags & TOPO_ATS && is_below_port(t, i) && o->at_rc & BIT_ULL(i))
		return false;
	return !(o->memory[i] & ports_beside(t, i)) && !has_cxl_cache(t, pf);
}
