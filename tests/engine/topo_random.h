/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files that make random topologies.
 */
#ifndef TOPO_RANDOM_H
#define TOPO_RANDOM_H

#include "topo.h"

/**
 * struct gen - a topology in the making
 * @t: the topology
 * @state: of the random numbers
 * @features: TOPO_GEN_*
 * @target: how many functions it shall have
 * @faults: percentage of ACS words with a fault
 * @unfilled: bridges that nothing has been put below yet
 * @devices: devices on the root bus
 */
struct gen {
	struct topo *t;
	u64 state;
	u32 features;
	u8 target;
	u8 faults;
	u64 unfilled;
	u8 devices;
};

u32 random_below(struct gen *g, u32 n);
bool random_chance(struct gen *g, u32 percent);
bool random_feature(struct gen *g, u32 feature, u32 percent);
void random_no_acs(struct topo_fn *fn);
void random_words(struct gen *g, struct topo_fn *fn);

#endif /* TOPO_RANDOM_H */
