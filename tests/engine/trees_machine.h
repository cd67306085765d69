/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the machine that the tests of the walks use, one at a time
 */
#ifndef TREES_MACHINE_H
#define TREES_MACHINE_H

#include "engine.h"
#include "node.h"

#define MAX_TREE 120

/**
 * struct visits - counts how often a function is visited as a peer
 * @visitor: for acs_guard_search_peers()
 * @of: by function
 * @all: altogether
 */
struct visits {
	struct acs_guard_visitor visitor;
	unsigned int of[MAX_TREE];
	unsigned int all;
};

extern struct topo tree_topo;
extern struct topo_fn tree_fns[MAX_TREE];
extern struct machine_access tree_access;
extern struct machine tree_machine;
extern struct acs_guard_reader tree_reader;

struct acs_guard_verdict tree_judge(int i, bool strict);
struct visits tree_visit_peers(int i);
bool tree_stays_in_group(int i);
void tree_use_topo(void);
void tree_begin(void);
int tree_add(int parent, enum topo_kind kind, u8 devfn);
int tree_add_bridges(int top, unsigned int nr);
int tree_add_deep(unsigned int depth, u8 slot);

#endif /* TREES_MACHINE_H */
