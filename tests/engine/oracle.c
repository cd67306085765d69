// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where packets go in a PCI hierarchy.
 *
 * A packet is in one of two states at a function: it leaves the function on its
 * primary side (the function issued it, or is a bridge that passes it up), or it
 * enters the function from there (the function claims it, or is a bridge that
 * passes it down). From each state the routing rules of the component say which
 * states can come next; oracle_run() floods that graph from every function, for
 * every kind of packet. The packet's address is left open: a packet is let go
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

/* How functions on a bus are connected with each other. */
enum place {
	PLACE_ROOT,   /* inside the root complex: by device */
	PLACE_LINK,   /* one end of a link: one device */
	PLACE_SWITCH, /* internal bus of a switch */
	PLACE_SHARED, /* wires that everybody is connected to */
};

/* The ACS registers that a function's packets are subject to. */
struct acs {
	bool present;
	u16 cap;
	u16 ctrl;
};

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

static const struct topo_fn *fn_of(const struct oracle *o, unsigned int i)
{
	return &o->t->fn[i];
}

static enum place place_of(const struct oracle *o, unsigned int i)
{
	const struct topo_fn *up;

	if (fn_of(o, i)->parent == TOPO_ROOT_BUS)
		return PLACE_ROOT;

	up = fn_of(o, fn_of(o, i)->parent);
	if (up->flags & TOPO_VMD)
		return PLACE_ROOT;
	switch (up->kind) {
	case TOPO_ROOT_PORT:
	case TOPO_DOWNSTREAM:
	case TOPO_PCI_TO_PCIE:
		return PLACE_LINK;
	case TOPO_UPSTREAM:
		return PLACE_SWITCH;
	default:
		return PLACE_SHARED;
	}
}

/*
 * 6.12.1.1, 6.12.1.2: the functions to which ACS applies. 6.12.1.3: the others
 * must never have the capability.
 */
static bool acs_applies(const struct topo_fn *fn)
{
	switch (fn->kind) {
	case TOPO_ENDPOINT:
	case TOPO_LEGACY:
	case TOPO_ROOT_PORT:
	case TOPO_UPSTREAM:
	case TOPO_DOWNSTREAM:
	case TOPO_INTEGRATED:
		return true;
	default:
		return false;
	}
}

/*
 * 6.12.1.2: VFs that support peer-to-peer traffic have ACS of their own. One
 * that has none is under the control of its PF's.
 */
static struct acs acs_of(const struct oracle *o, unsigned int i)
{
	const struct topo_fn *fn = fn_of(o, i);
	struct acs acs = {};

	if (fn->flags & TOPO_VF && !(fn->flags & TOPO_ACS))
		fn = fn_of(o, fn->vf_of);
	if (fn->flags & TOPO_ACS && acs_applies(fn)) {
		acs.present = true;
		acs.cap = fn->cap;
		acs.ctrl = fn->ctrl & fn->cap;
	}
	return acs;
}

/*
 * 6.12.3, the table of interactions between Request Redirect, Egress Control
 * and Direct Translated P2P: does a request or completion that could go
 * straight to a peer do so?
 *
 * Switch Downstream Ports must implement Request and Completion Redirect
 * (@must): one that does not has no redirection. For all others they are
 * mandatory where there is peer-to-peer traffic. Without them there is none, if
 * the other controls, which are of no use otherwise, are absent too.
 */
static bool goes_straight(const struct acs *acs, enum oracle_packet packet,
			  bool must)
{
	u16 admits = TOPO_ACS_EC | TOPO_ACS_DT;

	if (!acs->present)
		return true;
	switch (packet) {
	case ORACLE_COMPLETION:
		if (acs->cap & TOPO_ACS_CR)
			return !(acs->ctrl & TOPO_ACS_CR);
		return must || acs->cap & (admits | TOPO_ACS_RR);
	case ORACLE_TRANSLATED:
		if (acs->ctrl & TOPO_ACS_DT)
			return true;
		break;
	default:
		break;
	}
	if (acs->ctrl & TOPO_ACS_EC)
		return true;
	if (acs->cap & TOPO_ACS_RR)
		return !(acs->ctrl & TOPO_ACS_RR);
	return must || acs->cap & admits;
}

/* Does any function of this one's device admit to peer-to-peer traffic? */
static bool device_has_p2p(const struct oracle *o, unsigned int i)
{
	u64 todo = o->device[i] | BIT_ULL(i);
	struct acs acs;

	for (; todo; todo &= todo - 1) {
		i = __ffs64(todo);
		acs = acs_of(o, i);
		if (!topo_is_port(fn_of(o, i)) && acs.cap & TOPO_ACS_P2P)
			return true;
	}
	return false;
}

/*
 * 6.12.1.2: what a packet from function @i of a device reaches inside of it.
 * Without ACS nothing is known, so everything; with VFs in the device, see
 * ORACLE_ASSUME_SRIOV.
 */
static u64 turn_in_device(const struct oracle *o, unsigned int i,
			  enum oracle_packet packet)
{
	const struct topo_fn *fn = fn_of(o, i);
	struct acs acs = acs_of(o, i);

	/* VT-d specification, 3.16: only after translation */
	if (fn->kind == TOPO_INTEGRATED && fn->flags & TOPO_INTEL)
		return 0;
	if (acs.present)
		return goes_straight(&acs, packet, false) ? o->mates[i] : 0;
	if (!(o->assume & ORACLE_ASSUME_SRIOV) || fn->kind == TOPO_INTEGRATED ||
	    device_has_p2p(o, i))
		return o->mates[i];
	return fn->flags & TOPO_VF ? 0 : o->mates[i] & ~o->vfs;
}

/*
 * What a packet that leaves @i on its primary side enters there, without going
 * any further up.
 */
static u64 turn(const struct oracle *o, unsigned int i,
		enum oracle_packet packet)
{
	const struct topo_fn *fn = fn_of(o, i);
	struct acs acs;

	/* 6.12.1.1: the port is where the paths to its peers part */
	if (topo_is_port(fn)) {
		acs = acs_of(o, i);
		if (!goes_straight(&acs, packet, fn->kind == TOPO_DOWNSTREAM))
			return 0;
		return o->mates[i];
	}
	switch (place_of(o, i)) {
	case PLACE_ROOT:
	case PLACE_LINK:
		return turn_in_device(o, i, packet);
	default:
		/*
		 * A shared bus controls nothing. On the internal bus of a
		 * switch there should be ports only (1.3.3); nobody says what
		 * controls the packets of anything else.
		 */
		return o->mates[i];
	}
}

/* 6.12.1.1, ACS Translation Blocking: an ACS Violation, the packet ends here */
static bool blocks(const struct oracle *o, unsigned int bridge,
		   enum oracle_packet packet)
{
	struct acs acs = acs_of(o, bridge);

	return packet == ORACLE_TRANSLATED && topo_is_port(fn_of(o, bridge)) &&
	       acs.ctrl & TOPO_ACS_TB;
}

/*
 * 6.12.1.1, ACS Upstream Forwarding: a packet from below that is meant for
 * something below, because a component further down has redirected it upwards,
 * is passed on upwards. Without that nobody says what becomes of it. Direct
 * Translated P2P does not override it (7.7.11.3).
 */
static bool sends_back(const struct oracle *o, unsigned int bridge)
{
	const struct topo_fn *fn = fn_of(o, bridge);
	struct acs acs = acs_of(o, bridge);

	if (!topo_is_port(fn))
		return false;
	if (!acs.present)
		return true;
	if (acs.cap & TOPO_ACS_UF)
		return !(acs.ctrl & TOPO_ACS_UF);
	return fn->kind == TOPO_DOWNSTREAM ||
	       !(o->assume & ORACLE_ASSUME_RP_UF);
}

/*
 * 6.12.1.1, ACS Enhanced: bridges whose own memory a request is let through to
 * when it comes up into @port. Without the enhanced capability nothing is said
 * about it (00b: direct access).
 */
static u64 port_memory(const struct oracle *o, unsigned int port)
{
	const struct topo_fn *fn = fn_of(o, port);
	struct acs acs = acs_of(o, port);
	u16 ctrl = 0;
	u64 open = 0;

	if (acs.cap & TOPO_ACS_ENHANCED)
		ctrl = fn->ctrl;
	if (!(ctrl & TOPO_ACS_DSP_MEM))
		open = (o->mates[port] & o->ports) | BIT_ULL(port);
	if (!(ctrl & TOPO_ACS_USP_MEM) && fn->kind == TOPO_DOWNSTREAM)
		open |= BIT_ULL(fn->parent);
	return open;
}

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
static void arrive(struct flood *f, unsigned int bridge, u8 from)
{
	if (blocks(f->o, bridge, f->packet))
		return;
	if (topo_is_port(fn_of(f->o, bridge)))
		f->claimants |= port_memory(f->o, bridge);
	if (sends_back(f->o, bridge)) {
		f->claimants |= f->o->below[bridge];
		enter(f, f->o->below[bridge], from);
	}
	leave(f, bridge, from);
}

/* Packets leave @i on its primary side. */
static void follow_up(struct flood *f, unsigned int i)
{
	const struct topo_fn *fn = fn_of(f->o, i);
	u64 turned = turn(f->o, i, f->packet);

	enter(f, turned, state_of(i, false));
	if (!topo_is_port(fn)) {
		f->claimants |= turned;
		if (place_of(f->o, i) > PLACE_LINK)
			f->claimants |= BIT_ULL(fn->parent);
	}
	if (fn->parent == TOPO_ROOT_BUS)
		f->at_rc = true;
	else
		arrive(f, fn->parent, state_of(i, false));
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

/*
 * Requester IDs. Buses are told apart by the index of their bridge, which may
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
	u32 theirs;

	if (own_rid(fn) == id)
		return true;
	if (fn->flags & TOPO_ALIAS &&
	    rid(fn->parent, fn->bus_off, fn->alias) == id)
		return true;
	for (up = fn->parent; up != TOPO_ROOT_BUS; up = t->fn[up].parent)
		if (takes_over(t, up, &theirs) && theirs == id)
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

static void find_shared_ids(struct oracle *o)
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
	o->mates[i] = bus;
	switch (place_of(o, i)) {
	case PLACE_ROOT:
		o->device[i] = in_same_device(o, i, bus);
		if (o->assume & ORACLE_ASSUME_RC)
			o->mates[i] = o->device[i];
		break;
	case PLACE_LINK:
		o->device[i] = bus;
		break;
	default:
		break;
	}
}

/* Who is on which bus, and connected with whom there. */
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
		if (!topo_is_bridge(fn))
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
	find_shared_ids(o);
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
