// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: which function of a dump is below which?
 *
 * A bus to which no bridge leads is a root bus if it is bus 0, the first of a
 * domain behind a VMD endpoint, or if something is on it that only a root bus
 * has: a root port, an integrated endpoint, an event collector, a host bridge.
 * On any other bus the bridge is missing, and with it what is above.
 */
#include "dump.h"
#include "quirks.h"
#include "registers.h"

#define NUM_BUSES 256
#define LAST_FIRMWARE_DOMAIN 0xffff

#define CLASS_RAID 0x0104

/**
 * struct domain - one PCI domain of a dump
 * @machine: the dump
 * @start: its first function
 * @end: after its last
 * @first: by bus, the first function there that is not virtual, or NULL
 * @lead: by bus, the bridge to it, or NULL
 */
struct domain {
	struct machine *machine;
	struct function *start;
	struct function *end;
	struct function *first[NUM_BUSES];
	struct function *lead[NUM_BUSES];
};

static unsigned int secondary(const struct function *fn)
{
	return reg(fn, PCI_SECONDARY_BUS, 1);
}

static unsigned int subordinate(const struct function *fn)
{
	return reg(fn, PCI_SUBORDINATE_BUS, 1);
}

static bool covers(const struct function *bridge, unsigned int bus)
{
	return secondary(bridge) <= bus && bus <= subordinate(bridge);
}

/* Does a bridge lead away from the root, with numbers that can be true? */
static bool leads_down(const struct function *fn)
{
	return has_bridge_header(fn) && secondary(fn) > bus_number_of(fn);
}

static void find_buses(struct domain *domain)
{
	struct function *fn;

	for (fn = domain->end; fn-- > domain->start;)
		if (!is_virtual(fn))
			domain->first[bus_number_of(fn)] = fn;
}

/*
 * A bridge to a bus without functions may have any numbers: none were given to
 * it.
 */
static bool find_lead(struct domain *domain, struct function *fn)
{
	const unsigned int bus = secondary(fn);
	const struct acs_guard_name name = acs_guard_name(fn->bdf);

	if (!bus || !domain->first[bus])
		return true;
	if (bus <= bus_number_of(fn))
		return machine_wrong(domain->machine, fn->file, fn->line,
				     "%s leads back to bus %02x", name.text,
				     bus);
	if (subordinate(fn) < bus)
		return machine_wrong(
			domain->machine, fn->file, fn->line,
			"%s leads to bus %02x, and its last is %02x", name.text,
			bus, subordinate(fn));
	if (domain->lead[bus])
		return machine_wrong(
			domain->machine, fn->file, fn->line,
			"%s leads to bus %02x, as %s does", name.text, bus,
			acs_guard_name(domain->lead[bus]->bdf).text);
	domain->lead[bus] = fn;
	fn->flags |= FN_LEADS;
	return true;
}

static struct function *lead_of(const struct domain *domain,
				const struct function *fn)
{
	return domain->lead[bus_number_of(fn)];
}

static bool is_on_path(const struct domain *domain, unsigned int bus,
		       const struct function *bridge)
{
	const struct function *at;

	for (at = domain->lead[bus]; at; at = lead_of(domain, at))
		if (at == bridge)
			return true;
	return false;
}

/* The last bus that is known on the way up. */
static unsigned int topmost(const struct domain *domain, unsigned int bus)
{
	while (domain->lead[bus])
		bus = bus_number_of(domain->lead[bus]);
	return bus;
}

/*
 * Each bridge above passes a bus on, from @lead up, and no other bridge does.
 * A bridge that passes on the topmost bus as well is above one that is missing
 * or without an answer; then place_bus() takes the topmost bus for no root bus.
 */
static bool check_nesting(const struct domain *domain, unsigned int bus,
			  const struct function *lead)
{
	const unsigned int top = topmost(domain, bus);
	const struct function *at = lead;

	do {
		if (!covers(at, bus))
			return machine_wrong(
				domain->machine, lead->file, lead->line,
				"%s leads to bus %02x, %s above does not",
				acs_guard_name(lead->bdf).text, bus,
				acs_guard_name(at->bdf).text);
		at = lead_of(domain, at);
	} while (at);
	for (at = domain->start; at < domain->end; at++)
		if (leads_down(at) && covers(at, bus) && !covers(at, top) &&
		    !is_on_path(domain, bus, at))
			return machine_wrong(
				domain->machine, at->file, at->line,
				"%s overlaps %s: both have bus %02x",
				acs_guard_name(at->bdf).text,
				acs_guard_name(lead->bdf).text, bus);
	return true;
}

/*
 * Is there something on it that only a root bus has?  A type that the header
 * contradicts shows nothing (R11).
 */
static bool shows_root(const struct domain *domain, unsigned int bus)
{
	const struct function *fn;

	for (fn = domain->start; fn < domain->end; fn++) {
		if (bus_number_of(fn) != bus || is_virtual(fn))
			continue;
		switch (kind_of(fn)) {
		case PCI_EXP_TYPE_ROOT_PORT:
			if (has_bridge_header(fn))
				return true;
			break;
		case PCI_EXP_TYPE_RC_END:
		case PCI_EXP_TYPE_RC_EC:
			if (!has_bridge_header(fn))
				return true;
			break;
		case KIND_CONVENTIONAL:
			if (fn->class >> 8 == PCI_CLASS_BRIDGE_HOST)
				return true;
		}
	}
	return false;
}

static bool is_passed_on(const struct domain *domain, unsigned int bus)
{
	const struct function *fn;

	for (fn = domain->start; fn < domain->end; fn++)
		if (leads_down(fn) && covers(fn, bus))
			return true;
	return false;
}

static bool is_root(const struct domain *domain, unsigned int bus)
{
	const struct function *first = domain->start;

	if (is_passed_on(domain, bus))
		return false;
	if (domain_of(first) > LAST_FIRMWARE_DOMAIN &&
	    bus == bus_number_of(first))
		return true;
	return !bus || shows_root(domain, bus);
}

static void make_bus_blind(const struct domain *domain, unsigned int bus)
{
	const struct function *first = domain->first[bus];
	struct function *fn;

	machine_note(domain->machine, first, "no bridge leads to bus %04x:%02x",
		     domain_of(first), bus);
	for (fn = domain->start; fn < domain->end; fn++)
		if (bus_number_of(fn) == bus) {
			make_blind(fn);
			fn->flags |= FN_NO_BRIDGE;
		}
}

static bool place_bus(struct domain *domain, unsigned int bus)
{
	struct function *fn;

	if (!domain->first[bus])
		return true;
	if (!domain->lead[bus]) {
		if (!is_root(domain, bus))
			make_bus_blind(domain, bus);
		return true;
	}
	for (fn = domain->start; fn < domain->end; fn++)
		if (bus_number_of(fn) == bus && !is_virtual(fn))
			fn->up = number_of(domain->machine, domain->lead[bus]);
	return check_nesting(domain, bus, domain->lead[bus]);
}

static bool place_domain(struct domain *domain)
{
	struct function *fn;
	unsigned int bus;

	find_buses(domain);
	for (fn = domain->start; fn < domain->end; fn++)
		if (has_bridge_header(fn) && !find_lead(domain, fn))
			return false;
	for (bus = 0; bus < NUM_BUSES; bus++)
		if (!place_bus(domain, bus))
			return false;
	return true;
}

/**
 * place_buses() - fill in which bridge each function is below
 * @machine: the dump
 *
 * Return: false if the dump contradicts itself.
 */
bool place_buses(struct machine *machine)
{
	struct function *const end = machine->fns + machine->count;
	struct function *fn, *start;

	for (start = machine->fns; start < end; start = fn) {
		struct domain domain = { .machine = machine, .start = start };

		for (fn = start; fn < end && domain_of(fn) == domain_of(start);)
			fn++;
		domain.end = fn;
		if (!place_domain(&domain))
			return false;
	}
	return true;
}

/* ---- domains behind a VMD endpoint ---- */

static bool is_vmd(const struct function *fn)
{
	return vendor_of(fn) == PCI_VENDOR_ID_INTEL &&
	       fn->class >> 8 == CLASS_RAID &&
	       domain_of(fn) <= LAST_FIRMWARE_DOMAIN &&
	       quirks_is_vmd(device_of(fn));
}

/* Is it the first of a domain with a number that no firmware gives? */
static bool starts_own_domain(const struct machine *machine, size_t i)
{
	const struct function *fn = &machine->fns[i];

	return domain_of(fn) > LAST_FIRMWARE_DOMAIN &&
	       (!i || domain_of(fn - 1) != domain_of(fn));
}

static size_t next_vmd(const struct machine *machine, size_t from)
{
	while (from < machine->count && !is_vmd(&machine->fns[from]))
		from++;
	return from;
}

static void own_domain(struct machine *machine, size_t i, size_t vmd)
{
	const u32 domain = domain_of(&machine->fns[i]);

	for (; i < machine->count && domain_of(&machine->fns[i]) == domain; i++)
		machine->fns[i].real_dma_dev = (int)vmd;
}

/**
 * find_owners() - find which VMD endpoint each domain is behind
 * @machine: the dump
 *
 * Linux numbers these domains in the order in which it finds the endpoints.  A
 * dump in which one has no domain, or a domain no endpoint, does not tell which
 * belong together.
 */
void find_owners(struct machine *machine)
{
	size_t i, vmds = 0, domains = 0, vmd;

	for (i = 0; i < machine->count; i++) {
		vmds += is_vmd(&machine->fns[i]);
		domains += starts_own_domain(machine, i);
	}
	if (!domains)
		return;
	vmd = next_vmd(machine, 0);
	for (i = 0; i < machine->count; i++) {
		if (vmds == domains && starts_own_domain(machine, i)) {
			own_domain(machine, i, vmd);
			vmd = next_vmd(machine, vmd + 1);
		}
		if (vmds != domains &&
		    (is_vmd(&machine->fns[i]) ||
		     domain_of(&machine->fns[i]) > LAST_FIRMWARE_DOMAIN))
			make_blind(&machine->fns[i]);
	}
}
