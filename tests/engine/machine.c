// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: a described topology as a machine that software looks at
 */
#include "machine.h"

/**
 * machine_bdf_of() - an address for a function
 * @fn: the function
 *
 * Buses are numbered by their bridges, in pairs: a virtual function may be on
 * the bus after its PF's.
 *
 * Return: the address, which sorts on each bus as the real one does.
 */
u64 machine_bdf_of(const struct topo_fn *fn)
{
	return ACS_GUARD_BDF(0, 2 * (fn->parent + 1) + fn->bus_off, fn->devfn);
}

/**
 * machine_bdf() - an address for a function of a topology
 * @t: the topology
 * @i: the function
 *
 * Return: as machine_bdf_of().
 */
u64 machine_bdf(const struct topo *t, unsigned int i)
{
	return machine_bdf_of(&t->fn[i]);
}

/**
 * machine_find() - the function that has an address
 * @t: the topology
 * @bdf: the address
 *
 * Return: the function, or -1.
 */
int machine_find(const struct topo *t, u64 bdf)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (machine_bdf(t, i) == bdf)
			return (int)i;
	return -1;
}

static bool is_pcie(const struct topo_fn *fn)
{
	return fn->kind != TOPO_CONV && fn->kind != TOPO_CONV_BRIDGE;
}

static bool is_pcie_through(const struct topo_fn *bridge)
{
	return topo_is_port(bridge) || bridge->kind == TOPO_UPSTREAM ||
	       bridge->flags & TOPO_VMD;
}

/**
 * machine_is_cut() - is the extended configuration space of a function cut off?
 * @t: the topology
 * @i: the function
 */
bool machine_is_cut(const struct topo *t, unsigned int i)
{
	int up;

	if (!is_pcie(&t->fn[i]))
		return false;
	for (up = t->fn[i].parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (!is_pcie_through(&t->fn[up]))
			return true;
	return false;
}

/**
 * machine_is_offline() - is a function marked as disconnected?
 * @machine: the machine
 * @i: the function
 */
bool machine_is_offline(const struct machine *machine, unsigned int i)
{
	const u32 flags = machine_fn(machine, i)->flags;

	return machine->loss == MACHINE_OFFLINE &&
	       (flags & (TOPO_UNREADABLE | TOPO_HIDDEN)) == TOPO_UNREADABLE;
}

/**
 * machine_is_unreadable() - is it unknown what controls a function's packets?
 * @machine: the machine
 * @i: the function
 */
bool machine_is_unreadable(const struct machine *machine, unsigned int i)
{
	const u32 flags = machine->topo->fn[i].flags;

	if (machine->cut && machine_is_cut(machine->topo, i))
		return true;
	return machine_is_offline(machine, i) ||
	       (flags & TOPO_UNREADABLE && flags & TOPO_ACS);
}
