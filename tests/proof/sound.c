// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof: a function that is isolated has no route to or from another function,
 * shares its requester ID with none, and is translated
 *
 * The engine walks any machine around one path, and reads its registers.  If
 * the verdict is isolated, the packet model of route.c finds no way from F to
 * another function of the machine or back, for any kind of packet.  No other
 * function is in the IOMMU group.
 *
 * bound: 1 to 4 levels of up to 3 functions, one below each other bridge;
 * bound: any type, ACS words, IDs, aliases, group, policy, failing reads;
 * bound: one physical function at the lowest level
 * source: module/engine/rules.c module/engine/path.c
 * source: module/engine/conventional.c
 * source: module/engine/read_function.c
 * source: tests/proof/path_machine.c tests/proof/route.c
 * option: --unwindset find_translation.0:3,acs_guard_topmost_conventional.0:6
 * run: -DPATH_LEVELS=1 -DVIRTUAL_F=0
 * run: -DPATH_LEVELS=1 -DVIRTUAL_F=1
 * run: -DPATH_LEVELS=2 -DVIRTUAL_F=0
 * run: -DPATH_LEVELS=2 -DVIRTUAL_F=1
 * run: -DPATH_LEVELS=3 -DVIRTUAL_F=0 --object-bits 9
 * run: -DPATH_LEVELS=3 -DVIRTUAL_F=1 --object-bits 9
 * run: -DPATH_LEVELS=4 -DVIRTUAL_F=0 --object-bits 9
 * run: -DPATH_LEVELS=4 -DVIRTUAL_F=1 --object-bits 9
 */
#include "any_machine.h"
#include "node.h"
#include "proof.h"

static bool shares_group(void)
{
	unsigned int level, k;

	if (machine_is_dummy(0, machine.f))
		return false;
	for (level = 0; level < machine.levels; level++)
		for (k = 0; k < WIDTH; k++)
			if ((level || k != machine.f) &&
			    machine_function(level, k)->exists &&
			    machine_function(level, k)->in_group &&
			    !route_only_forwards(machine_function(level, k)) &&
			    !machine_is_dummy(level, k))
				return true;
	return false;
}

int main(void)
{
	const struct acs_guard_policy policy = any_policy();
	struct acs_guard_reader reader = {};
	struct acs_guard_verdict verdict;

	make_any_machine();
	acs_guard_judge_path(acs_node_of(machine_function(0, VIRTUAL_F)),
			     &policy, &reader, &verdict);
	prove(!reader.held, "each function that was held is released");
	if (verdict.reason != ACS_GUARD_ISOLATED)
		return 0;
	prove(!route_exists(), "isolated: no route either way");
	prove(!route_shares_id(), "isolated: no shared requester ID");
	prove(!shares_group(), "isolated: alone in its IOMMU group");
	prove(machine.iommu, "isolated: an IOMMU translates");
	return 0;
}
