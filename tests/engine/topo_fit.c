// SPDX-License-Identifier: GPL-2.0-only
/*
 * Topologies that a fake host can be declared as, and the PCI core finds.
 */
#include "machine.h"
#include "topo.h"

static void drop_acs(struct topo_fn *fn)
{
	fn->flags &= ~(TOPO_ACS | TOPO_DWORD);
	fn->cap = 0;
	fn->ctrl = 0;
}

/* A PF's capability says the same of all its virtual functions. */
static void fit_vf(struct topo *t, unsigned int i)
{
	const unsigned int pf = t->fn[i].vf_of;
	const struct topo_fn *first = &t->fn[topo_first_vf(t, pf)];

	t->fn[i].flags = first->flags;
	t->fn[i].cap = first->cap;
	t->fn[i].ctrl = first->ctrl;
	t->fn[i].group =
		first->group ? first->group + i - topo_first_vf(t, pf) : 0;
}

/*
 * set_pcie_port_type() of the PCI core takes a Downstream Port right below
 * another, or an Upstream Port right below another, for a mistake, and makes an
 * endpoint of it; a function with an endpoint's header is none of R11 then.
 */
static void fit_type(const struct topo *t, struct topo_fn *fn)
{
	u8 above;

	if (!(fn->flags & TOPO_DECLARES) || fn->parent == TOPO_ROOT_BUS)
		return;
	above = t->fn[fn->parent].kind;
	if ((fn->declares == TOPO_DOWNSTREAM &&
	     (above == TOPO_ROOT_PORT || above == TOPO_DOWNSTREAM ||
	      above == TOPO_PCI_TO_PCIE)) ||
	    (fn->declares == TOPO_UPSTREAM && above == TOPO_UPSTREAM))
		fn->declares = TOPO_ROOT_PORT;
}

/**
 * topo_fit() - make a topology one that fake hosts can be declared as
 * @t: the topology; it stays valid
 *
 * All virtual functions of a PF become alike, and their IOMMU groups
 * consecutive.  Conventional functions lose a capability that they should not
 * have in the first place, and no type is one that the PCI core corrects.
 */
void topo_fit(struct topo *t)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		if (topo_is_virtual(&t->fn[i]))
			fit_vf(t, i);
		if (topo_is_conventional(&t->fn[i]))
			drop_acs(&t->fn[i]);
		fit_type(t, &t->fn[i]);
	}
}

/* Is @i on a bus with function numbers above 7? */
static bool needs_ari(const struct topo *t, unsigned int i)
{
	unsigned int j;

	if (t->fn[i].parent == TOPO_ROOT_BUS ||
	    !(t->fn[t->fn[i].parent].flags & TOPO_ARI))
		return false;
	for (j = 0; j < t->nr; j++)
		if (t->fn[j].parent == t->fn[i].parent &&
		    !topo_is_virtual(&t->fn[j]) && TOPO_DEV(t->fn[j].devfn))
			return true;
	return false;
}

/**
 * topo_can_be_found() - would the PCI core find all functions of a topology?
 * @t: the topology
 *
 * In a device that uses ARI, a capability of each function leads to the next;
 * bridges and conventional functions have none.  And where extended
 * configuration space cannot be reached, there is neither ARI nor SR-IOV.
 */
bool topo_can_be_found(const struct topo *t)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		if (needs_ari(t, i) &&
		    (!topo_has_ari(&t->fn[i]) || machine_is_cut(t, i)))
			return false;
		if (topo_is_virtual(&t->fn[i]) && machine_is_cut(t, i))
			return false;
	}
	return true;
}

/* Larger topologies take long to bring up and show nothing else. */
#define MAX_FUNCTIONS 32

/**
 * topo_random_to_be_found() - make a random topology for a fake host
 * @t: the topology
 * @seed: which
 * @features: TOPO_GEN_*
 *
 * Return: false if the PCI core would not find all of it.
 */
bool topo_random_to_be_found(struct topo *t, u64 seed, u32 features)
{
	topo_random(t, seed, features);
	topo_fit(t);
	return t->nr <= MAX_FUNCTIONS && !topo_invalid(t) &&
	       topo_can_be_found(t);
}
