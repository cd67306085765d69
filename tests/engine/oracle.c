// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where packets go in a PCI hierarchy.
 *
 * A packet is in one of two states at a function: it leaves the function on its
 * primary side (the function issued it, or is a bridge that passes it up), or it
 * enters the function from there (the function claims it, or is a bridge that
 * passes it down). From each state the routing rules of the component say which
 * states can come next; oracle_run() floods that graph from every function, for
 * every kind of packet. The packet's address is left open: a packet goes
 * wherever some address could take it. That loses nothing, for a packet that
 * has turned downwards stays below the turning point, and one that has not
 * turned at some point could not, or would have reached its target there.
 *
 * Sections are those of the PCI Express Base Specification 7.0; the bridge
 * specification is the PCI Express to PCI/PCI-X Bridge Specification 1.0. Where
 * they leave a choice to the hardware, it chooses what is worst for isolation:
 *
 * - Egress Control Vectors are not modelled. With P2P Egress Control on, every
 *   bit is taken for clear, which lets a request go straight (6.12.3).
 * - A Downstream Port whose Upstream Forwarding is off may send what it is
 *   given back down the link it came from (6.12.1.1, 7.7.11.3).
 * - Any function may issue any kind of packet, also one it has no capability
 *   for, and a bridge passes on what it is given, the AT field included.
 * - A capability on a function that must not have it (6.12.1.3: bridges to and
 *   from PCI, event collectors; conventional functions) means nothing.
 *
 * Left out are Source Validation (forged requester IDs are not routes), the
 * memory of ports, except in @memory, completions with Relaxed Ordering, which
 * nothing redirects, and what software can read: hardware routes by the control
 * word that it has.
 */
#include "oracle.h"
#include "oracle_route.h"

/**
 * struct flood - where packets have got to
 * @o: the oracle
 * @packet: their kind
 * @left: functions that they have left on the primary side
 * @entered: functions that they have entered from the primary side
 * @left_todo: those of @left still to be followed
 * @entered_todo: those of @entered still to be followed
 * @claimants: bridges whose own memory they could have been meant for
 * @at_rc: some have arrived at the root complex
 * @came: NULL, or by state how they got there, see state_of()
 */
struct flood {
	const struct oracle *o;
	enum oracle_packet packet;
	u64 left;
	u64 entered;
	u64 left_todo;
	u64 entered_todo;
	u64 claimants;
	bool at_rc;
	u8 *came;
};

/* A state as one number: 2 * function, plus 1 if entered. */
static u8 state_of(unsigned int i, bool down)
{
	return 2 * i + down;
}

static void note(struct flood *f, u64 set, bool down, u8 from)
{
	if (!f->came)
		return;
	for (; set; set &= set - 1)
		f->came[state_of(__ffs64(set), down)] = from;
}

static void enter(struct flood *f, u64 set, u8 from)
{
	set &= ~f->entered;
	note(f, set, true, from);
	f->entered |= set;
	f->entered_todo |= set;
}

static void leave(struct flood *f, unsigned int i, u8 from)
{
	u64 set = BIT_ULL(i) & ~f->left;

	note(f, set, false, from);
	f->left |= set;
	f->left_todo |= set;
}

/* Packets come into @bridge from its secondary side. */
static void enter_bridge(struct flood *f, unsigned int bridge, u8 from)
{
	if (oracle_blocks(f->o, bridge, f->packet))
		return;
	if (topo_is_port(oracle_fn(f->o, bridge)))
		f->claimants |= oracle_port_memory(f->o, bridge);
	if (oracle_lacks_uf(f->o, bridge)) {
		f->claimants |= f->o->below[bridge];
		enter(f, f->o->below[bridge], from);
	}
	/* What it does with the packet is not known. */
	if (!topo_only_forwards(oracle_fn(f->o, bridge)))
		enter(f, BIT_ULL(bridge), from);
	leave(f, bridge, from);
}

/* Packets leave @i on its primary side. */
static void follow_up(struct flood *f, unsigned int i)
{
	const struct topo_fn *fn = oracle_fn(f->o, i);
	u64 turned = oracle_turn(f->o, i, f->packet);

	enter(f, turned, state_of(i, false));
	if (!topo_is_port(fn)) {
		f->claimants |= turned;
		if (oracle_bus_kind_of(f->o, i) > BUS_LINK)
			f->claimants |= BIT_ULL(fn->parent);
	}
	if (fn->parent == TOPO_ROOT_BUS)
		f->at_rc = true;
	else
		enter_bridge(f, fn->parent, state_of(i, false));
}

/* Packets enter @i from its primary side. */
static void follow_down(struct flood *f, unsigned int i)
{
	f->claimants |= f->o->below[i];
	enter(f, f->o->below[i], state_of(i, true));
}

static void flood(struct flood *f, const struct oracle *o,
		  enum oracle_packet packet, unsigned int issuer, u8 *came)
{
	unsigned int i;

	memset(f, 0, sizeof(*f));
	f->o = o;
	f->packet = packet;
	f->came = came;
	leave(f, issuer, state_of(issuer, false));
	while (f->left_todo | f->entered_todo) {
		if (f->left_todo) {
			i = __ffs64(f->left_todo);
			f->left_todo &= f->left_todo - 1;
			follow_up(f, i);
		} else {
			i = __ffs64(f->entered_todo);
			f->entered_todo &= f->entered_todo - 1;
			follow_down(f, i);
		}
	}
}

/* A VF is in its PF's device, wherever its number puts it. */
static u8 device_number(const struct topo *t, unsigned int i)
{
	if (t->fn[i].flags & TOPO_VF)
		i = t->fn[i].vf_of;
	return TOPO_DEV(t->fn[i].devfn);
}

static u64 in_same_device(const struct oracle *o, unsigned int i, u64 bus)
{
	u8 dev = device_number(o->t, i);
	u64 same = 0;
	unsigned int j;

	for (; bus; bus &= bus - 1) {
		j = __ffs64(bus);
		if (device_number(o->t, j) == dev)
			same |= BIT_ULL(j);
	}
	return same;
}

static void connect(struct oracle *o, unsigned int i, u64 bus)
{
	bus &= ~BIT_ULL(i);
	o->on_bus[i] = bus;
	switch (oracle_bus_kind_of(o, i)) {
	case BUS_ROOT:
		o->device[i] = in_same_device(o, i, bus);
		if (o->assume & ORACLE_ASSUME_RC)
			o->on_bus[i] = o->device[i];
		break;
	case BUS_LINK:
		o->device[i] = bus;
		break;
	default:
		break;
	}
}

/* Which functions are on which bus, and connected there. */
static void build(struct oracle *o)
{
	const struct topo *t = o->t;
	const struct topo_fn *fn;
	u64 root = 0;
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		fn = &t->fn[i];
		if (topo_is_inert(fn))
			continue;
		if (fn->parent == TOPO_ROOT_BUS)
			root |= BIT_ULL(i);
		else
			o->below[fn->parent] |= BIT_ULL(i);
		if (!topo_only_forwards(fn))
			o->functions |= BIT_ULL(i);
		if (topo_is_port(fn))
			o->ports |= BIT_ULL(i);
		if (fn->flags & TOPO_VF)
			o->vfs |= BIT_ULL(i);
		if (fn->flags & TOPO_BAR)
			o->bars |= BIT_ULL(i);
	}
	for (i = 0; i < t->nr; i++) {
		fn = &t->fn[i];
		if (!topo_is_inert(fn))
			connect(o, i,
				fn->parent == TOPO_ROOT_BUS ?
					root :
					o->below[fn->parent]);
	}
}

static void issue_all(struct oracle *o, unsigned int i)
{
	enum oracle_packet packet;
	struct flood f;

	for (packet = 0; packet < ORACLE_PACKETS; packet++) {
		flood(&f, o, packet, i, NULL);
		o->route[packet][i] = f.entered & o->functions & ~BIT_ULL(i);
		if (packet == ORACLE_REQUEST)
			o->memory[i] = f.claimants & o->bars & ~o->functions;
		if (packet == ORACLE_TRANSLATED && f.at_rc)
			o->at_rc |= BIT_ULL(i);
	}
}

/**
 * oracle_run - work out all routes of a topology
 * @o: where to put them
 * @t: a valid topology, see topo_invalid(); must stay as long as @o is in use
 * @assume: what to take for granted, usually ORACLE_ASSUME_ALL
 */
void oracle_run(struct oracle *o, const struct topo *t, u32 assume)
{
	u64 todo;

	memset(o, 0, sizeof(*o));
	o->t = t;
	o->assume = assume;
	build(o);
	for (todo = o->functions; todo; todo &= todo - 1)
		issue_all(o, __ffs64(todo));
	oracle_find_shared_ids(o);
}

/**
 * oracle_reach - whom packets of a function reach
 * @o: after oracle_run()
 * @from: issuer
 *
 * Return: the functions that a packet of some kind gets to without passing the
 * translation agent.
 */
u64 oracle_reach(const struct oracle *o, unsigned int from)
{
	enum oracle_packet packet;
	u64 reach = 0;

	for (packet = 0; packet < ORACLE_PACKETS; packet++)
		reach |= o->route[packet][from];
	return reach;
}

/**
 * oracle_peers - whom a function is exposed to, or exposes
 * @o: after oracle_run()
 * @i: a function, not a bridge
 *
 * Return: the functions, VFs included, bridges, dummies and @i itself not, that
 * it reaches, that reach it, or that share a requester ID with it. None:
 * nothing can get at it, nor it at anything, but through the translation agent.
 */
u64 oracle_peers(const struct oracle *o, unsigned int i)
{
	u64 peers = oracle_reach(o, i) | o->share[i];
	u64 todo;

	for (todo = o->functions; todo; todo &= todo - 1)
		if (oracle_reach(o, __ffs64(todo)) & BIT_ULL(i))
			peers |= BIT_ULL(__ffs64(todo));
	return peers;
}

/**
 * oracle_trace - the way from one function to another
 * @o: after oracle_run()
 * @packet: kind of packet
 * @from: issuer
 * @to: target
 * @elements: room for ORACLE_ELEMENTS stations
 *
 * Return: the number of stations, from @from to @to, both included; 0 if there
 * is no way.
 */
unsigned int oracle_trace(const struct oracle *o, enum oracle_packet packet,
			  unsigned int from, unsigned int to,
			  struct oracle_element *elements)
{
	u8 came[2 * TOPO_MAX];
	unsigned int n = 1, i;
	struct flood f;
	u8 state;

	flood(&f, o, packet, from, came);
	if (!(f.entered & BIT_ULL(to)))
		return 0;
	for (state = state_of(to, true); state != state_of(from, false);
	     state = came[state])
		n++;
	for (state = state_of(to, true), i = n; i; state = came[state]) {
		i--;
		elements[i].fn = state / 2;
		elements[i].down = state & 1;
	}
	return n;
}
