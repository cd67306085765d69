/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where packets go in a PCI hierarchy.
 *
 * The oracle follows packets element by element, each component routing them as
 * the PCI Express Base Specification says it does, and notes whom they can
 * reach without passing the root complex's translation agent. It knows no rules
 * about isolation; those are what it is there to check.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "topo.h"

/**
 * enum oracle_packet - the kinds of packets that are routed differently
 * @ORACLE_REQUEST: memory request with an untranslated address
 * @ORACLE_TRANSLATED: memory request whose AT field says "translated"
 * @ORACLE_COMPLETION: completion with Relaxed Ordering clear
 * @ORACLE_PACKETS: how many there are
 */
enum oracle_packet {
	ORACLE_REQUEST,
	ORACLE_TRANSLATED,
	ORACLE_COMPLETION,
	ORACLE_PACKETS
};

/*
 * What the oracle takes for granted although no specification demands it of
 * the hardware. Each can be left out, to see what hangs on it.
 *
 * ORACLE_ASSUME_RC: what arrives at the root complex from a port or from an
 * integrated endpoint goes to the translation agent, not sideways to another
 * device of the root bus. (1.3.1 leaves peer-to-peer between hierarchies to the
 * implementation; the VT-d specification, 3.16, has it decoded after
 * translation only.)
 *
 * ORACLE_ASSUME_SRIOV: in a device with VFs in which no function has any
 * peer-to-peer control, no packet goes straight from or to a VF. (7.7.11: an
 * SR-IOV device outside of the root complex that has internal peer-to-peer
 * transactions is required to have ACS. So this holds for packets of no
 * integrated endpoint.)
 *
 * ORACLE_ASSUME_RP_UF: a Root Port that has ACS but does not implement Upstream
 * Forwarding behaves as if it were enabled. (6.12.1.1 demands it only where the
 * root complex supports Redirected Request Validation.)
 */
#define ORACLE_ASSUME_RC BIT(0)
#define ORACLE_ASSUME_SRIOV BIT(1)
#define ORACLE_ASSUME_RP_UF BIT(2)
#define ORACLE_ASSUME_ALL GENMASK(2, 0)

/**
 * struct oracle - what the oracle has to say about a topology
 * @assume: the assumptions in use
 * @functions: what counts as a function: neither bridge nor dummy
 * @route: by kind of packet and issuer, the functions reached without the
 *	translation agent
 * @share: by function, the functions that it shares a requester ID with
 * @memory: by function, the ports and bridges whose own memory a request from
 *	it reaches without the translation agent
 * @at_rc: the functions whose translated requests arrive at the root complex
 * @t: the topology
 * @ports: Root Ports and Switch Downstream Ports
 * @vfs: virtual functions
 * @bars: what has memory BARs
 * @below: by bridge, what is on its secondary bus
 * @device: by function, the other functions of its device
 * @on_bus: by function, the others on the bus that it issues on
 *
 * Sets of functions are masks of BIT_ULL(index). From @t on it is internal.
 */
struct oracle {
	u32 assume;
	u64 functions;
	u64 route[ORACLE_PACKETS][TOPO_MAX];
	u64 share[TOPO_MAX];
	u64 memory[TOPO_MAX];
	u64 at_rc;

	const struct topo *t;
	u64 ports;
	u64 vfs;
	u64 bars;
	u64 below[TOPO_MAX];
	u64 device[TOPO_MAX];
	u64 on_bus[TOPO_MAX];
};

/**
 * struct oracle_element - one station of a packet
 * @fn: where
 * @down: it came from above, else from below (or it was issued here)
 */
struct oracle_element {
	u8 fn;
	bool down;
};

#define ORACLE_ELEMENTS (2 * TOPO_MAX)

void oracle_find_shared_ids(struct oracle *o);
void oracle_run(struct oracle *o, const struct topo *t, u32 assume);
u64 oracle_reach(const struct oracle *o, unsigned int from);
u64 oracle_peers(const struct oracle *o, unsigned int i);
unsigned int oracle_trace(const struct oracle *o, enum oracle_packet packet,
			  unsigned int from, unsigned int to,
			  struct oracle_element *elements);

#endif /* ORACLE_H */
