// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: where packets go around one path
 *
 * A model for proofs, written from the routing table of ACS (6.12.3) and the
 * sections about ports and functions (6.12.1.1, 6.12.1.2).  It uses nothing of
 * the engine, and is compared with the oracle by tests/engine/route_test.c.
 * Where the specification leaves a choice to the hardware, the choice is the
 * worst one for isolation; what is assumed is what the oracle assumes.
 *
 * Packets leave a function on its primary side, and enter others on the same
 * bus or the bridge above.  Only two kinds of ways lead from the path to other
 * functions or back: a packet turns on the bus of an element of the path, or a
 * port of the path that lacks Upstream Forwarding sends it down again.
 */
#include "path_machine.h"

struct path_machine machine;
struct path_fn machine_a0, machine_a1, machine_a2;
struct path_fn machine_b0, machine_b1, machine_b2;
struct path_fn machine_c0, machine_c1, machine_c2;
struct path_fn machine_d0, machine_d1, machine_d2;
struct path_fn machine_below, machine_vmd;

enum packet { REQUEST, TRANSLATED, COMPLETION, PACKETS };

enum bus { BUS_ROOT, BUS_LINK, BUS_SWITCH, BUS_SHARED };

/* The registers that control the packets of a function. */
struct words {
	bool present;
	u16 cap;
	u16 ctrl;
};

#define P2P_CONTROLS (PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_EC | PCI_ACS_DT)

/*
 * 7.5.3.2: each type belongs to one kind of header.  Nothing is known of a
 * function with a type of the other kind.
 */
static bool can_have_acs(const struct path_fn *fn)
{
	switch (fn->type) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
	case PCI_EXP_TYPE_RC_END:
		return !fn->bridge;
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_UPSTREAM:
	case PCI_EXP_TYPE_DOWNSTREAM:
		return fn->bridge;
	default:
		return false;
	}
}

static bool is_integrated(const struct path_fn *fn)
{
	return fn->type == PCI_EXP_TYPE_RC_END && !fn->bridge;
}

/* A virtual function without ACS is under the control of its PF's. */
static struct words words_of(unsigned int level, unsigned int k)
{
	const struct path_fn *fn = machine_function(level, k);

	if (!fn->acs)
		fn = machine_pf(fn);
	if (!fn->acs || !can_have_acs(fn))
		return (struct words){};
	/* A control that is not implemented is hardwired to 0. */
	return (struct words){ true, fn->cap, fn->ctrl & fn->cap };
}

/*
 * Is @flag, one of RR and CR, implemented, or not needed since there is no
 * peer-to-peer traffic?  @must: it is mandatory.
 */
static bool redirects(const struct words *words, u16 flag, bool must)
{
	if (words->cap & flag)
		return words->ctrl & flag;
	return !must;
}

/* A row of table 6-11: does the packet go straight to the peer? */
static bool goes_straight(const struct words *words, enum packet packet,
			  bool downstream)
{
	const bool p2p = words->cap & (PCI_ACS_EC | PCI_ACS_DT);

	if (packet == COMPLETION)
		return !redirects(words, PCI_ACS_CR,
				  downstream || p2p || words->cap & PCI_ACS_RR);
	if (packet == TRANSLATED && words->ctrl & PCI_ACS_DT)
		return true;
	/* The bit of the peer in the vector may be clear. */
	if (words->ctrl & PCI_ACS_EC)
		return true;
	return !redirects(words, PCI_ACS_RR, downstream || p2p);
}

static enum bus bus_of(unsigned int level)
{
	if (level == machine.levels - 1)
		return BUS_ROOT;
	switch (machine_function(level + 1, 0)->type) {
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_DOWNSTREAM:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
		return BUS_LINK;
	case PCI_EXP_TYPE_UPSTREAM:
		return BUS_SWITCH;
	default:
		return BUS_SHARED;
	}
}

/*
 * Are two functions of a bus connected there?  On a root bus those of one
 * device are; between devices is the root complex.
 */
static bool are_connected(unsigned int level, unsigned int a, unsigned int b)
{
	return bus_of(level) != BUS_ROOT || machine_same_slot(level, a, b);
}

static bool is_there(unsigned int level, unsigned int k)
{
	return machine_function(level, k)->exists &&
	       !machine_is_dummy(level, k);
}

/* Does a function of the device of @k declare peer-to-peer support?  7.7.11 */
static bool declares_p2p(unsigned int level, unsigned int k)
{
	unsigned int i;

	for (i = 0; i < WIDTH; i++)
		if (is_there(level, i) && are_connected(level, i, k) &&
		    !machine_is_port(machine_function(level, i)) &&
		    words_of(level, i).cap & P2P_CONTROLS)
			return true;
	return false;
}

/* Does a packet that leaves @from enter @to, on the same bus? */
static bool turns(unsigned int level, unsigned int from, unsigned int to,
		  enum packet packet)
{
	const struct path_fn *fn = machine_function(level, from);
	const struct words words = words_of(level, from);
	const enum bus bus = bus_of(level);

	if (!are_connected(level, from, to))
		return false;
	if (machine_is_port(fn))
		return !words.present ||
		       goes_straight(&words, packet,
				     fn->type == PCI_EXP_TYPE_DOWNSTREAM);
	if (bus == BUS_SWITCH || bus == BUS_SHARED)
		return true;
	/* The VT-d specification, 3.16 */
	if (is_integrated(fn) && fn->vendor == PCI_VENDOR_ID_INTEL)
		return false;
	if (words.present)
		return goes_straight(&words, packet, false);
	/* A device with virtual functions has ACS if it has such traffic. */
	if (is_integrated(fn) || declares_p2p(level, from))
		return true;
	return !fn->is_virtual && !machine_function(level, to)->is_virtual;
}

static bool blocks(unsigned int level, unsigned int k, enum packet packet)
{
	return packet == TRANSLATED &&
	       machine_is_port(machine_function(level, k)) &&
	       words_of(level, k).ctrl & PCI_ACS_TB;
}

/* Does what comes from below @level's bridge of the path come down again? */
static bool comes_down(unsigned int level)
{
	const struct path_fn *port = machine_function(level, 0);
	const struct words words = words_of(level, 0);

	if (!machine_is_port(port))
		return false;
	if (!words.present)
		return true;
	if (words.cap & PCI_ACS_UF)
		return !(words.ctrl & PCI_ACS_UF);
	return port->type == PCI_EXP_TYPE_DOWNSTREAM;
}

/* Bridge specification, 2.3: what the bridge passes up has an ID of its own. */
static bool takes_over(const struct path_fn *bridge)
{
	return bridge->type == PCI_EXP_TYPE_PCI_BRIDGE ||
	       bridge->type == PCI_EXP_TYPE_PCIE_BRIDGE ||
	       bridge->type == TYPE_CONVENTIONAL;
}

/**
 * route_only_forwards() - does a function only forward what others issue?
 * @fn: the function
 *
 * Nothing is known of a bridge of another type: it may issue something itself.
 */
bool route_only_forwards(const struct path_fn *fn)
{
	return fn->bridge && (can_have_acs(fn) || takes_over(fn));
}

/* Is there another issuer at @k, or below it? */
static bool is_other(unsigned int level, unsigned int k)
{
	const struct path_fn *fn = machine_function(level, k);

	if (level ? !k : k == machine.f)
		return false;
	return is_there(level, k) && (!route_only_forwards(fn) || fn->used);
}

static bool has_others_up_to(unsigned int level)
{
	unsigned int i, k;

	for (i = 0; i <= level; i++)
		for (k = 0; k < WIDTH; k++)
			if (is_other(i, k))
				return true;
	return false;
}

/* The number of the element of the path, or of F. */
static unsigned int own(unsigned int level)
{
	return level ? 0 : machine.f;
}

/* Does a packet that F issues get to another function? */
static bool leads_out(enum packet packet)
{
	unsigned int level, k;

	for (level = 0; level < machine.levels; level++) {
		if (level && blocks(level, 0, packet))
			return false;
		if (level && comes_down(level) && has_others_up_to(level - 1))
			return true;
		for (k = 0; k < WIDTH; k++)
			if (is_other(level, k) &&
			    turns(level, own(level), k, packet))
				return true;
	}
	return false;
}

/* Does a packet that comes from @k get to F? */
static bool leads_in(unsigned int level, unsigned int k, enum packet packet)
{
	if (machine_function(level, k)->bridge && blocks(level, k, packet))
		return false;
	if (turns(level, k, own(level), packet))
		return true;
	for (level++; level < machine.levels; level++) {
		if (blocks(level, 0, packet))
			return false;
		if (comes_down(level))
			return true;
	}
	return false;
}

/* Is F below a bridge that does not only forward, or such a bridge itself? */
static bool meets_issuer_on_path(void)
{
	const struct path_fn *fn = machine_function(0, machine.f);
	unsigned int level;

	for (level = 1; level < machine.levels; level++)
		if (!route_only_forwards(machine_function(level, 0)))
			return true;
	return fn->bridge && fn->used && !route_only_forwards(fn);
}

/**
 * route_exists() - is there a route between F and another function, either way?
 *
 * Return: true if a packet of some kind can get from one to the other without
 * passing the root complex.
 */
bool route_exists(void)
{
	enum packet packet;
	unsigned int level, k;

	if (meets_issuer_on_path())
		return true;
	for (packet = 0; packet < PACKETS; packet++) {
		if (leads_out(packet))
			return true;
		for (level = 0; level < machine.levels; level++)
			for (k = 0; k < WIDTH; k++)
				if (is_other(level, k) &&
				    leads_in(level, k, packet))
					return true;
	}
	return false;
}

/* Has a function there the requester ID of @fn: itself, or one below it? */
static bool is_issuer(const struct path_fn *fn)
{
	return !route_only_forwards(fn) ||
	       (takes_over(fn) && fn->type != PCI_EXP_TYPE_PCI_BRIDGE);
}

/**
 * route_shares_id() - does F share its requester ID with another function?
 */
bool route_shares_id(void)
{
	unsigned int level, k;
	bool own_id;

	if (machine.vmd || machine.domain)
		return true;
	for (level = 0; level < machine.levels; level++) {
		own_id = !level || is_issuer(machine_function(level, 0));
		if (level && takes_over(machine_function(level, 0)) &&
		    has_others_up_to(level - 1))
			return true;
		for (k = 0; own_id && k < WIDTH; k++)
			if (k != own(level) && is_other(level, k) &&
			    is_issuer(machine_function(level, k)) &&
			    machine_share_alias(level, own(level), k))
				return true;
	}
	return false;
}
