// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: the engine reads no register outside of configuration space, and its
 * search of the list of extended capabilities ends, whatever the function
 * returns
 *
 * Each read returns any value, also twice at the same offset, or fails.  So
 * the list may lead back to an earlier element.  The ACS capability is at any
 * dword of extended configuration space: search.c proves this of hidden
 * functions; for others, the offset is the kernel's.
 *
 * registers.json has an invariant of the search: the offset is that of a dword
 * in configuration space, and the counter "left" is 480 at most, as many as
 * there is room for.  CBMC shows that it holds before the search and after any
 * one step from any state in which it holds, and that each step decreases
 * "left".
 *
 * quick: yes
 * bound: none: an induction over the elements of the list
 * source: module/engine/read_function.c
 * contracts: registers.json
 * option: --unwindset has_base_address.0:7
 * run: -DPATH_LEVELS=1 -DVIRTUAL_F=0
 */
#include "any_machine.h"
#include "node.h"
#include "proof.h"

struct path_machine machine = { .levels = 1 };
struct path_fn machine_a0;

bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value)
{
	prove(where <= PCI_CFG_SPACE_EXP_SIZE - 4, "within 4,096 bytes");
	prove(!(where & 3), "at a dword");
	*value = nondet_u32();
	return any_bool();
}

static void read_all(struct acs_node node, struct acs_guard_reader *reader)
{
	struct acs_guard_function fn;

	acs_guard_read_function(node, reader, any_bool(), &fn);
	acs_guard_translation_of(node, reader);
	acs_guard_is_dummy(node, reader);
	prove(!reader->held, "a function that was held is released");
}

int main(void)
{
	const struct acs_node node = acs_node_of(&machine_a0);
	struct acs_guard_reader reader = {};

	machine_a0 = any_machine_fn();
	machine_a0.acs_at = nondet_u16() & 0xffc;
	machine_a0.is_virtual = false;
	machine_a0.level = 0;
	assume(machine_a0.acs_at >= PCI_CFG_SPACE_SIZE);

	read_all(node, &reader);
	return 0;
}
