// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one component does with a packet, as the specification says; where it
 * leaves a choice, see oracle.c.
 */
#include "oracle_route.h"

/* The ACS registers that a function's packets are subject to. */
struct acs {
	bool present;
	u16 cap;
	u16 ctrl;
};

/**
 * oracle_bus_kind_of - how a function is connected with others on its bus
 * @o: the oracle
 * @i: the function
 */
enum bus_kind oracle_bus_kind_of(const struct oracle *o, unsigned int i)
{
	const struct topo_fn *up;

	if (oracle_fn(o, i)->parent == TOPO_ROOT_BUS)
		return BUS_ROOT;

	up = oracle_fn(o, oracle_fn(o, i)->parent);
	if (up->flags & TOPO_VMD)
		return BUS_ROOT;
	switch (up->kind) {
	case TOPO_ROOT_PORT:
	case TOPO_DOWNSTREAM:
	case TOPO_PCI_TO_PCIE:
		return BUS_LINK;
	case TOPO_UPSTREAM:
		return BUS_SWITCH;
	default:
		return BUS_SHARED;
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
	const struct topo_fn *fn = oracle_fn(o, i);
	struct acs acs = {};

	if (fn->flags & TOPO_VF && !(fn->flags & TOPO_ACS))
		fn = oracle_fn(o, fn->vf_of);
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
	u16 p2p = TOPO_ACS_EC | TOPO_ACS_DT;

	if (!acs->present)
		return true;
	switch (packet) {
	case ORACLE_COMPLETION:
		if (acs->cap & TOPO_ACS_CR)
			return !(acs->ctrl & TOPO_ACS_CR);
		return must || acs->cap & (p2p | TOPO_ACS_RR);
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
	return must || acs->cap & p2p;
}

/* Does any function of the device of @i declare peer-to-peer support? */
static bool device_has_p2p(const struct oracle *o, unsigned int i)
{
	u64 todo = o->device[i] | BIT_ULL(i);
	struct acs acs;

	for (; todo; todo &= todo - 1) {
		i = __ffs64(todo);
		acs = acs_of(o, i);
		if (!topo_is_port(oracle_fn(o, i)) && acs.cap & TOPO_ACS_P2P)
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
	const struct topo_fn *fn = oracle_fn(o, i);
	struct acs acs = acs_of(o, i);

	/* VT-d specification, 3.16: only after translation */
	if (fn->kind == TOPO_INTEGRATED && fn->flags & TOPO_INTEL)
		return 0;
	if (acs.present)
		return goes_straight(&acs, packet, false) ? o->on_bus[i] : 0;
	if (!(o->assume & ORACLE_ASSUME_SRIOV) || fn->kind == TOPO_INTEGRATED ||
	    device_has_p2p(o, i))
		return o->on_bus[i];
	return fn->flags & TOPO_VF ? 0 : o->on_bus[i] & ~o->vfs;
}

/**
 * oracle_turn - the functions that a packet enters from a function on its bus
 * @o: the oracle
 * @i: the function
 * @packet: the kind of the packet
 *
 * What a packet that leaves @i on its primary side enters there, without going
 * any further up.
 */
u64 oracle_turn(const struct oracle *o, unsigned int i,
		enum oracle_packet packet)
{
	const struct topo_fn *fn = oracle_fn(o, i);
	struct acs acs;

	/* 6.12.1.1: the port is where the paths to its peers part */
	if (topo_is_port(fn)) {
		acs = acs_of(o, i);
		if (!goes_straight(&acs, packet, fn->kind == TOPO_DOWNSTREAM))
			return 0;
		return o->on_bus[i];
	}
	switch (oracle_bus_kind_of(o, i)) {
	case BUS_ROOT:
	case BUS_LINK:
		return turn_in_device(o, i, packet);
	default:
		/*
		 * A shared bus controls nothing. On the internal bus of a
		 * switch there should be ports only (1.3.3); the specification
		 * says nothing about packets of other functions.
		 */
		return o->on_bus[i];
	}
}

/**
 * oracle_blocks - does a packet from below end at a bridge?
 * @o: the oracle
 * @bridge: a bridge
 * @packet: the kind of the packet
 *
 * 6.12.1.1, ACS Translation Blocking: an ACS Violation, the packet ends here
 */
bool oracle_blocks(const struct oracle *o, unsigned int bridge,
		   enum oracle_packet packet)
{
	struct acs acs = acs_of(o, bridge);

	return packet == ORACLE_TRANSLATED &&
	       topo_is_port(oracle_fn(o, bridge)) && acs.ctrl & TOPO_ACS_TB;
}

/**
 * oracle_lacks_uf - may a packet that goes up through a bridge come down there?
 * @o: the oracle
 * @bridge: a bridge
 *
 * 6.12.1.1, ACS Upstream Forwarding: a packet from below that is meant for
 * something below, because a component further down has redirected it upwards,
 * is passed on upwards. Without that the specification leaves open where it
 * goes. Direct Translated P2P does not override it (7.7.11.3).
 */
bool oracle_lacks_uf(const struct oracle *o, unsigned int bridge)
{
	const struct topo_fn *fn = oracle_fn(o, bridge);
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

/* 7.7.11.3, the two bits of a Memory Target Access Control: 01b or 10b. */
static bool is_closed(u16 ctrl, u16 mask)
{
	return ctrl & mask && (ctrl & mask) != mask;
}

/**
 * oracle_port_memory - bridges whose memory a request from below reaches
 * @o: the oracle
 * @port: a port
 *
 * 6.12.1.1, ACS Enhanced: bridges whose own memory a request is let through to
 * when it comes up into @port. Without the enhanced capability nothing is said
 * about it (00b: direct access). 11b is reserved, and counts as 00b.
 */
u64 oracle_port_memory(const struct oracle *o, unsigned int port)
{
	const struct topo_fn *fn = oracle_fn(o, port);
	struct acs acs = acs_of(o, port);
	u16 ctrl = 0;
	u64 open = 0;

	if (acs.cap & TOPO_ACS_ENHANCED)
		ctrl = fn->ctrl;
	if (!is_closed(ctrl, TOPO_ACS_DSP_MEM))
		open = (o->on_bus[port] & o->ports) | BIT_ULL(port);
	if (!is_closed(ctrl, TOPO_ACS_USP_MEM) && fn->kind == TOPO_DOWNSTREAM)
		open |= BIT_ULL(fn->parent);
	return open;
}
