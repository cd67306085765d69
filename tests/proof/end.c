// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: the search of the list of extended capabilities comes to an end,
 * whatever the function returns
 *
 * Each read returns any value, also twice at the same offset, or fails.  So
 * the list may lead back to where it was.  registers.c proves that the search
 * stays within configuration space, and that nothing is undefined.  The search
 * counts down from the number of capabilities that there is room for.  The
 * time that CBMC takes grows faster than the square of this number: seconds
 * for 16, a minute for 60, more than half an hour for 480.
 *
 * bound: room for 16 and for 60 extended capabilities, in place of 480
 * unchecked: all but the ends of loops
 * option: --no-standard-checks --unwinding-assertions --object-bits 12
 * run: -DROOM=16 --unwindset find_translation.0:17
 * run: -DROOM=60 --unwindset find_translation.0:61
 */
#define PATH_LEVELS 1
#define VIRTUAL_F 0
#include "any_machine.h"
#include "node.h"
#include "proof.h"

#define CFG_SPACE_WITH(capabilities) (PCI_CFG_SPACE_SIZE + 8 * (capabilities))
static_assert(CFG_SPACE_WITH(480) == PCI_CFG_SPACE_EXP_SIZE);
#undef PCI_CFG_SPACE_EXP_SIZE
#define PCI_CFG_SPACE_EXP_SIZE CFG_SPACE_WITH(ROOM)
#include "read_function.c"

struct path_machine machine = { .levels = 1 };
struct path_fn machine_a0;

bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value)
{
	*value = nondet_u32();
	return any_bool();
}

int main(void)
{
	const struct acs_node node = acs_node_of(&machine_a0);
	struct acs_guard_reader reader = {};

	machine_a0 = any_machine_fn();
	find_translation(node, &reader);
	return 0;
}
