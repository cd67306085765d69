// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the machine that the tests of the walks use, one at a time
 */
#include "test_home.h"
#include "trees_machine.h"

struct topo tree_topo;
struct topo_fn tree_fns[MAX_TREE];
struct machine_access tree_access;
struct machine tree_machine;
struct acs_guard_reader tree_reader = { &tree_machine };

/**
 * tree_judge() - the verdict about a function
 * @i: the function
 * @strict: S1 to S3 apply as well
 */
struct acs_guard_verdict tree_judge(int i, bool strict)
{
	const struct acs_guard_policy policy = { .strict = strict };
	struct acs_guard_verdict verdict;

	memset(&verdict, 0xff, sizeof(verdict));
	acs_guard_judge_path(acs_node_number(&tree_machine, i), &policy,
			     &tree_reader, &verdict);
	return verdict;
}

static void discard(struct acs_guard_visitor *visitor)
{
	struct visits *visits = container_of(visitor, struct visits, visitor);

	memset(visits->of, 0, sizeof(visits->of));
	visits->all = 0;
}

static void count_peer(struct acs_guard_visitor *visitor, struct acs_node peer)
{
	struct visits *visits = container_of(visitor, struct visits, visitor);

	visits->of[peer.i]++;
	visits->all++;
}

/**
 * tree_visit_peers() - visit the peers of a function
 * @i: the function
 *
 * Return: how often each was visited.
 */
struct visits tree_visit_peers(int i)
{
	struct visits visits = {
		.visitor.start = discard,
		.visitor.visit = count_peer,
	};

	acs_guard_search_peers(acs_node_number(&tree_machine, i), &tree_reader,
			       &visits.visitor);
	return visits;
}

/**
 * tree_stays_in_group() - are all peers of a function in its IOMMU group?
 * @i: the function
 */
bool tree_stays_in_group(int i)
{
	return acs_guard_stays_in_group(acs_node_number(&tree_machine, i),
					&tree_reader);
}

/**
 * tree_use_topo() - begin with a machine that tree_topo describes
 */
void tree_use_topo(void)
{
	tree_access = (struct machine_access){ 0 };
	tree_machine =
		(struct machine){ .topo = &tree_topo, .access = &tree_access };
}

/**
 * tree_begin() - begin with a machine without functions, see tree_add()
 */
void tree_begin(void)
{
	memset(tree_fns, 0, sizeof(tree_fns));
	tree_access = (struct machine_access){ 0 };
	tree_machine =
		(struct machine){ .tree = tree_fns, .access = &tree_access };
}

/**
 * tree_add() - add a function
 * @parent: the bridge above it, or %TOPO_ROOT_BUS
 * @kind: its kind; ports have all of ACS enabled
 * @devfn: its number
 *
 * Return: the function.
 */
int tree_add(int parent, enum topo_kind kind, u8 devfn)
{
	struct topo_fn *fn = &tree_fns[tree_machine.tree_size];
	const bool is_port = kind == TOPO_ROOT_PORT || kind == TOPO_DOWNSTREAM;

	*fn = (struct topo_fn){
		.parent = (s8)parent,
		.kind = (u8)kind,
		.devfn = devfn,
		.flags = is_port ? TOPO_ACS : 0,
		.cap = is_port ? 0x5f : 0,
		.ctrl = is_port ? 0x1d : 0,
	};
	return (int)tree_machine.tree_size++;
}

/**
 * tree_add_bridges() - add bridges below each other
 * @top: the Root Port or Downstream Port above them
 * @nr: how many
 *
 * Return: the lowest.
 */
int tree_add_bridges(int top, unsigned int nr)
{
	for (; nr > 1; nr -= 2)
		top = tree_add(tree_add(top, TOPO_UPSTREAM, 0), TOPO_DOWNSTREAM,
			       0);
	return nr ? tree_add(top, TOPO_PCIE_TO_PCI, 0) : top;
}

/**
 * tree_add_deep() - add a function that is isolated
 * @depth: how many bridges are above it
 * @slot: the device number of the topmost
 *
 * Return: the function.
 */
int tree_add_deep(unsigned int depth, u8 slot)
{
	const int root =
		tree_add(TOPO_ROOT_BUS, TOPO_ROOT_PORT, TOPO_DEVFN(slot, 0));

	return tree_add(tree_add_bridges(root, depth - 1),
			depth % 2 ? TOPO_ENDPOINT : TOPO_CONV, 0);
}
