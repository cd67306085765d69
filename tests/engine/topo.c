// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neutral description of a PCI hierarchy: what its functions are, and validity.
 *
 * topo_invalid() accepts what can exist, including what the specification
 * frowns upon but machines have (an endpoint on a switch's internal bus), and
 * nothing that cannot: generators may be careless, since it has the last word.
 */
#include "topo.h"

#define KIND(k) BIT(TOPO_##k)
#define ENDPOINTS (KIND(ENDPOINT) | KIND(LEGACY))
#define CONVENTIONAL (KIND(CONV) | KIND(CONV_BRIDGE))
#define UNKNOWNS (KIND(UNKNOWN) | KIND(UNKNOWN_BRIDGE))
/* 7.5.3.2 */
#define TYPES_OF_ENDPOINTS (ENDPOINTS | KIND(INTEGRATED) | KIND(COLLECTOR))
#define TYPES_OF_BRIDGES                                       \
	(KIND(ROOT_PORT) | KIND(UPSTREAM) | KIND(DOWNSTREAM) | \
	 KIND(PCIE_TO_PCI) | KIND(PCI_TO_PCIE))
#define BRIDGES (TYPES_OF_BRIDGES | KIND(UNKNOWN_BRIDGE) | KIND(CONV_BRIDGE))
#define ALL_KINDS (BRIDGES | TYPES_OF_ENDPOINTS | KIND(UNKNOWN) | KIND(CONV))
#define SRIOV_CAPABLE (KIND(ENDPOINT) | KIND(INTEGRATED))
#define ATS_CAPABLE (ENDPOINTS | KIND(INTEGRATED))
#define LINK_BELOW                                                       \
	(ENDPOINTS | KIND(UPSTREAM) | KIND(PCIE_TO_PCI) | CONVENTIONAL | \
	 UNKNOWNS)

static bool kind_in(const struct topo_fn *fn, u32 kinds)
{
	return fn->kind < TOPO_KINDS && kinds & BIT(fn->kind);
}

/**
 * topo_is_bridge - is it a bridge of any kind?
 * @fn: function
 *
 * Return: whether it has a header of type 1.
 */
bool topo_is_bridge(const struct topo_fn *fn)
{
	return kind_in(fn, BRIDGES);
}

/**
 * topo_only_forwards - does it only forward what others issue?
 * @fn: function
 *
 * Return: whether it is a bridge of a type that is known; nothing is known of
 * what others do.
 */
bool topo_only_forwards(const struct topo_fn *fn)
{
	return topo_is_bridge(fn) && fn->kind != TOPO_UNKNOWN_BRIDGE;
}

/**
 * topo_type - the type that a function declares
 * @fn: function
 *
 * Return: its Device/Port Type, or %TOPO_TYPE_NONE.
 */
u8 topo_type(const struct topo_fn *fn)
{
	if (topo_is_conventional(fn))
		return TOPO_TYPE_NONE;
	if (!kind_in(fn, UNKNOWNS))
		return fn->kind;
	return fn->flags & TOPO_DECLARES ? fn->declares : TOPO_TYPE_RESERVED;
}

/**
 * topo_is_port - is it a port that looks downwards?
 * @fn: function
 *
 * Return: whether it is a Root Port or a Switch Downstream Port.
 */
bool topo_is_port(const struct topo_fn *fn)
{
	return kind_in(fn, KIND(ROOT_PORT) | KIND(DOWNSTREAM));
}

/**
 * topo_is_inert - does it have nothing to do with packets?
 * @fn: function
 *
 * A dummy host bridge has no BAR that could claim one, and issues none as long
 * as its Bus Master bit is off.
 *
 * Return: whether it can neither issue nor claim a packet.
 */
bool topo_is_inert(const struct topo_fn *fn)
{
	return (fn->flags & (TOPO_DUMMY | TOPO_MASTER)) == TOPO_DUMMY;
}

static bool has_child(const struct topo *t, unsigned int i)
{
	unsigned int j;

	for (j = i + 1; j < t->nr; j++)
		if (t->fn[j].parent == (int)i)
			return true;
	return false;
}

/**
 * topo_is_unused - is it a port that nothing can be plugged into?
 * @t: topology
 * @i: function
 *
 * Return: whether it is a port without a slot and with nothing below it.
 */
bool topo_is_unused(const struct topo *t, unsigned int i)
{
	return topo_is_port(&t->fn[i]) && t->fn[i].flags & TOPO_NO_SLOT &&
	       !has_child(t, i);
}

/* Is @i at or below @top? */
static bool is_in_tree(const struct topo *t, int i, int top)
{
	while (i != TOPO_ROOT_BUS && i != top)
		i = t->fn[i].parent;
	return i == top;
}

/**
 * topo_can_hide - could the kernel be made not to list it?
 * @t: topology
 * @i: function
 *
 * What is removed takes what is below it along. Dummies, PFs with VFs, and what
 * has a domain below it are not removed.
 *
 * Return: whether it, and all below it, could be TOPO_HIDDEN.
 */
bool topo_can_hide(const struct topo *t, unsigned int i)
{
	unsigned int j;

	for (j = i; j < t->nr; j++) {
		const struct topo_fn *fn = &t->fn[j];

		if (is_in_tree(t, j, i) &&
		    fn->flags & (TOPO_VF | TOPO_VMD | TOPO_DUMMY))
			return false;
		if (fn->flags & TOPO_VF && fn->vf_of == i)
			return false;
	}
	return true;
}

/**
 * topo_domain - the PCI domain of a function
 * @t: topology
 * @i: function
 *
 * Return: the VMD endpoint that it is behind, or TOPO_ROOT_BUS.
 */
int topo_domain(const struct topo *t, unsigned int i)
{
	int up;

	for (up = t->fn[i].parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (t->fn[up].flags & TOPO_VMD)
			return up;
	return TOPO_ROOT_BUS;
}

/**
 * topo_same_bus - are they on the same bus?
 * @a: function
 * @b: function
 *
 * Return: whether the two have the same bus number.
 */
bool topo_same_bus(const struct topo_fn *a, const struct topo_fn *b)
{
	return a->parent == b->parent && a->bus_off == b->bus_off;
}

/**
 * topo_depth - how deep a function is
 * @t: topology
 * @i: function
 *
 * Return: the number of bridges above it.
 */
unsigned int topo_depth(const struct topo *t, unsigned int i)
{
	unsigned int depth = 0;
	int up;

	for (up = t->fn[i].parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		depth++;
	return depth;
}

/* Kinds that can be on the bus whose bridge is @up (NULL: the root bus). */
static u32 kinds_below(const struct topo_fn *up)
{
	if (!up)
		return ENDPOINTS | KIND(ROOT_PORT) | KIND(PCIE_TO_PCI) |
		       KIND(PCI_TO_PCIE) | KIND(INTEGRATED) | KIND(COLLECTOR) |
		       CONVENTIONAL | UNKNOWNS;
	if (up->flags & TOPO_VMD)
		return KIND(ENDPOINT) | KIND(ROOT_PORT) | KIND(INTEGRATED);

	switch (up->kind) {
	case TOPO_ROOT_PORT:
	case TOPO_DOWNSTREAM:
	case TOPO_PCI_TO_PCIE:
		return LINK_BELOW;
	case TOPO_UPSTREAM:
		return KIND(DOWNSTREAM) | ENDPOINTS | KIND(PCIE_TO_PCI) |
		       CONVENTIONAL | KIND(UNKNOWN);
	case TOPO_PCIE_TO_PCI:
	case TOPO_CONV_BRIDGE:
		return CONVENTIONAL | KIND(PCI_TO_PCIE);
	case TOPO_UNKNOWN_BRIDGE:
		return CONVENTIONAL | ENDPOINTS | UNKNOWNS | KIND(UPSTREAM);
	default:
		return 0;
	}
}

static const char *invalid_acs(const struct topo_fn *fn)
{
	u16 settable = fn->cap & GENMASK(6, 0);

	if (!(fn->flags & TOPO_ACS))
		return fn->cap || fn->ctrl ? "ACS words without ACS" : NULL;
	if (fn->cap & TOPO_ACS_ENHANCED)
		settable |= TOPO_ACS_ENH_CTRL;
	if (fn->ctrl & ~settable)
		return "a control that is not implemented is on";
	return NULL;
}

static const char *invalid_flags(const struct topo_fn *fn)
{
	if (fn->flags >> TOPO_FLAGS)
		return "unlisted flag";
	if (fn->flags & (TOPO_ARI | TOPO_SLOT | TOPO_NO_SLOT) &&
	    !topo_is_port(fn))
		return "ARI forwarding or slot at a function that is no port";
	if ((fn->flags & (TOPO_SLOT | TOPO_NO_SLOT)) ==
	    (TOPO_SLOT | TOPO_NO_SLOT))
		return "hot-plug slot that is not implemented";
	if (fn->flags & TOPO_ATS && !kind_in(fn, ATS_CAPABLE))
		return "ATS at a function that is no endpoint";
	if (fn->flags & TOPO_CXL_CACHE && !kind_in(fn, ATS_CAPABLE))
		return "CXL.cache at a function that is no endpoint";
	if (fn->flags & TOPO_VMD &&
	    (fn->parent != TOPO_ROOT_BUS || !(fn->flags & TOPO_INTEL) ||
	     fn->kind != TOPO_INTEGRATED))
		return "VMD is an Intel integrated endpoint";
	if (fn->flags & TOPO_DWORD &&
	    (fn->kind != TOPO_ROOT_PORT || fn->cap & TOPO_ACS_UF ||
	     ~fn->flags & (TOPO_INTEL | TOPO_ACS)))
		return "dword layout is of Intel root ports without UF";
	if (fn->flags & TOPO_DUMMY &&
	    (fn->kind != TOPO_CONV || fn->parent != TOPO_ROOT_BUS ||
	     fn->flags & ~(TOPO_DUMMY | TOPO_MASTER | TOPO_INTEL | TOPO_MFBIT)))
		return "a dummy host bridge has nothing, on the root bus";
	if (!(fn->flags & TOPO_ALIAS) && fn->alias)
		return "alias without TOPO_ALIAS";
	if (fn->flags & TOPO_ALIAS && fn->alias == fn->devfn)
		return "alias of itself";
	return NULL;
}

static const char *invalid_type(const struct topo_fn *fn)
{
	u32 others = 0;

	if (!(fn->flags & TOPO_DECLARES))
		return fn->declares ? "type without TOPO_DECLARES" : NULL;
	if (fn->kind == TOPO_UNKNOWN)
		others = TYPES_OF_BRIDGES;
	if (fn->kind == TOPO_UNKNOWN_BRIDGE)
		others = TYPES_OF_ENDPOINTS;
	if (fn->declares >= TOPO_KINDS || !(others & BIT(fn->declares)))
		return "a type that is not of the other header";
	return NULL;
}

static const char *invalid_vf(const struct topo *t, unsigned int i)
{
	const struct topo_fn *fn = &t->fn[i];
	const struct topo_fn *pf = &t->fn[fn->vf_of];

	if (!(fn->flags & TOPO_VF))
		return fn->vf_of || fn->bus_off ? "VF data without TOPO_VF" :
						  NULL;
	if (fn->vf_of >= i || pf->flags & (TOPO_VF | TOPO_VMD) ||
	    !kind_in(pf, SRIOV_CAPABLE))
		return "VF of no PF";
	if (fn->kind != pf->kind || fn->parent != pf->parent)
		return "VF is not what, or where, its PF is";
	if ((fn->flags ^ pf->flags) & TOPO_INTEL)
		return "VF of another vendor than its PF";
	if (fn->bus_off && fn->parent == TOPO_ROOT_BUS)
		return "VFs of integrated endpoints stay on the root bus";
	return NULL;
}

static const char *invalid_hidden(const struct topo *t, unsigned int i)
{
	const struct topo_fn *fn = &t->fn[i];

	if (fn->parent != TOPO_ROOT_BUS &&
	    t->fn[fn->parent].flags & TOPO_HIDDEN && !(fn->flags & TOPO_HIDDEN))
		return "listed below something hidden";
	if (!(fn->flags & TOPO_HIDDEN))
		return NULL;
	if (fn->group)
		return "hidden in a group";
	return topo_can_hide(t, i) ? NULL : "cannot be hidden";
}

/* Is devfn @devfn of @fn's bus in use by something that is not a VF? */
static bool occupied(const struct topo *t, const struct topo_fn *fn, u8 devfn)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (t->fn[i].parent == fn->parent && t->fn[i].devfn == devfn &&
		    !(t->fn[i].flags & TOPO_VF))
			return true;
	return false;
}

static const char *invalid_devfn(const struct topo *t, unsigned int i)
{
	const struct topo_fn *fn = &t->fn[i];
	const struct topo_fn *up = NULL;
	unsigned int j;
	bool link;

	for (j = 0; j < i; j++)
		if (topo_same_bus(&t->fn[j], fn) && t->fn[j].devfn == fn->devfn)
			return "two functions with one number";

	if (fn->parent != TOPO_ROOT_BUS)
		up = &t->fn[fn->parent];
	link = up && (topo_is_port(up) || up->kind == TOPO_PCI_TO_PCIE);
	if (link && TOPO_DEV(fn->devfn) && !fn->bus_off &&
	    !(up->flags & TOPO_ARI))
		return "device number below a link without ARI";
	if (fn->flags & TOPO_VF)
		return NULL;
	if (link && !occupied(t, fn, 0))
		return "no function 0";
	if (!link && !occupied(t, fn, TOPO_DEVFN(TOPO_DEV(fn->devfn), 0)))
		return "no function 0";
	return NULL;
}

static const char *invalid_place(const struct topo *t, unsigned int i)
{
	const struct topo_fn *fn = &t->fn[i];

	if (!kind_in(fn, ALL_KINDS))
		return "no such kind";
	if (fn->parent < TOPO_ROOT_BUS || fn->parent >= (int)i)
		return "parent does not come first";
	if (!kind_in(fn, kinds_below(fn->parent == TOPO_ROOT_BUS ?
					     NULL :
					     &t->fn[fn->parent])))
		return "cannot be there";
	if (topo_depth(t, i) > TOPO_DEPTH)
		return "too deep";
	return NULL;
}

/**
 * topo_invalid - why a topology cannot exist
 * @t: topology
 *
 * Return: the first reason found, or NULL if it can.
 */
const char *topo_invalid(const struct topo *t)
{
	const char *why = NULL;
	unsigned int i;

	if (!t->nr || t->nr > TOPO_MAX)
		return "too few or too many functions";
	for (i = 0; i < t->nr && !why; i++) {
		why = invalid_place(t, i);
		if (!why)
			why = invalid_acs(&t->fn[i]);
		if (!why)
			why = invalid_flags(&t->fn[i]);
		if (!why)
			why = invalid_type(&t->fn[i]);
		if (!why)
			why = invalid_vf(t, i);
		if (!why)
			why = invalid_hidden(t, i);
	}
	for (i = 0; i < t->nr && !why; i++)
		why = invalid_devfn(t, i);
	return why;
}

/**
 * topo_first_vf() - find the first VF of a PF
 * @t: the topology
 * @pf: the PF
 *
 * Return: the index of the VF; the number of functions if there is none.
 */
unsigned int topo_first_vf(const struct topo *t, unsigned int pf)
{
	unsigned int i;

	for (i = pf + 1; i < t->nr; i++)
		if (t->fn[i].flags & TOPO_VF && t->fn[i].vf_of == pf)
			return i;
	return t->nr;
}

/**
 * topo_has_ari() - can a function have an ARI capability?
 * @fn: the function
 */
bool topo_has_ari(const struct topo_fn *fn)
{
	return !topo_is_bridge(fn) && !topo_is_conventional(fn);
}
