/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: where traffic can pass from one device to another without the IOMMU
 */
#ifndef ACS_GUARD_BYPASS_H
#define ACS_GUARD_BYPASS_H

#include "model.h"

/**
 * struct hidden - a peer that the kernel does not list
 * @bdf: its address
 * @parent: the bridge of its bus, or %NONE
 * @placed: its bus is known
 * @red: the link to the bridge can carry such traffic
 */
struct hidden {
	u64 bdf;
	int parent;
	bool placed;
	bool red;
};

/**
 * struct pair - two functions that reach each other inside one card
 * @a: the one with the lower address
 * @b: the other
 */
struct pair {
	u64 a;
	u64 b;
};

/**
 * struct bypass - all such places of a machine
 * @red: by function, the link to what is above it
 * @peers_unknown: by function, its peers are not known
 * @pairs: inside cards
 * @nr_pairs: how many
 * @pair_room: how many there is memory for
 * @hidden: peers that are not listed, in the order of their addresses
 * @nr_hidden: how many
 * @hidden_room: how many there is memory for
 */
struct bypass {
	bool *red;
	bool *peers_unknown;
	struct pair *pairs;
	size_t nr_pairs;
	size_t pair_room;
	struct hidden *hidden;
	size_t nr_hidden;
	size_t hidden_room;
};

void bypass_find(struct bypass *bypass, struct machine *machine);
void bypass_thin_out(struct bypass *bypass);
void bypass_free(struct bypass *bypass);

#endif /* ACS_GUARD_BYPASS_H */
