/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one component does with a packet; between files of the oracle.
 */
#ifndef ORACLE_ROUTE_H
#define ORACLE_ROUTE_H

#include "oracle.h"

/* How functions on a bus are connected with each other. */
enum bus_kind {
	BUS_ROOT,   /* inside the root complex: by device */
	BUS_LINK,   /* one end of a link: one device */
	BUS_SWITCH, /* internal bus of a switch */
	BUS_SHARED, /* wires that connect all functions */
};

static inline const struct topo_fn *oracle_fn(const struct oracle *o,
					      unsigned int i)
{
	return &o->t->fn[i];
}

enum bus_kind oracle_bus_kind_of(const struct oracle *o, unsigned int i);
u64 oracle_turn(const struct oracle *o, unsigned int i,
		enum oracle_packet packet);
bool oracle_blocks(const struct oracle *o, unsigned int bridge,
		   enum oracle_packet packet);
bool oracle_lacks_uf(const struct oracle *o, unsigned int bridge);
u64 oracle_port_memory(const struct oracle *o, unsigned int port);

#endif /* ORACLE_ROUTE_H */
