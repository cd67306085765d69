// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the machine of a proof: visits of functions, reads of registers
 */
#include "any_machine.h"
#include "node.h"
#include "proof.h"

/* Root Ports of Intel's 100 and 200 series chipsets; see Linux, quirks.c. */
static bool has_dword_registers(const struct path_fn *fn)
{
	const u16 id = fn->device;

	return fn->vendor == PCI_VENDOR_ID_INTEL &&
	       fn->type == PCI_EXP_TYPE_ROOT_PORT &&
	       ((id >= 0xa110 && id <= 0xa11f) ||
		(id >= 0xa167 && id <= 0xa16a) ||
		(id >= 0xa290 && id <= 0xa29f) ||
		(id >= 0xa2e7 && id <= 0xa2ee) ||
		(id >= 0x9d10 && id <= 0x9d1b));
}

static u32 header_of(const struct path_fn *fn, unsigned int where)
{
	switch (where) {
	case PCI_VENDOR_ID:
		return fn->vendor | (u32)fn->device << 16;
	case PCI_COMMAND:
		return fn->command;
	case PCI_CLASS_REVISION:
		return fn->host_bridge ? PCI_CLASS_BRIDGE_HOST << 16 : 0;
	case PCI_CFG_SPACE_SIZE:
		return fn->ext_id ? fn->ext_id | 1 << 16 : 0;
	case PCI_CFG_SPACE_SIZE + PCI_DVSEC_HEADER1:
		return fn->dvsec_vendor;
	case PCI_CFG_SPACE_SIZE + PCI_DVSEC_HEADER2:
		return fn->dvsec_id;
	case PCI_CFG_SPACE_SIZE + 0xc:
		return fn->dvsec_ctrl;
	default:
		return fn->bars;
	}
}

static u32 register_of(const struct path_fn *fn, unsigned int where)
{
	const bool dwords = has_dword_registers(fn);

	switch (where) {
	case ACS_OFFSET:
		return PCI_EXT_CAP_ID_ACS | 1 << 16;
	case ACS_OFFSET + PCI_ACS_CAP:
		return fn->cap | (dwords ? 0 : (u32)fn->ctrl << 16);
	case ACS_OFFSET + PCI_ACS_CAP + 4:
		return dwords ? fn->ctrl : fn->beyond;
	default:
		return header_of(fn, where);
	}
}

bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value)
{
	const struct path_fn *fn = node.fn;

	prove(where <= PCI_CFG_SPACE_EXP_SIZE - 4 && !(where & 3),
	      "a read is within configuration space");
	*value = fn->lost ? U32_MAX : register_of(fn, where);
	return true;
}

static int visit_level(unsigned int level, acs_node_fn visit, void *data)
{
	unsigned int k;
	int done;

	for (k = 0; k < WIDTH; k++) {
		if (!machine_function(level, k)->exists)
			continue;
		done = visit(acs_node_of(machine_function(level, k)), data);
		if (done)
			return done;
	}
	return 0;
}

int acs_node_visit_bus(struct acs_node node, struct acs_guard_reader *reader,
		       acs_node_fn visit, void *data)
{
	return visit_level(node.fn->level, visit, data);
}

int acs_node_visit_below(struct acs_node node, struct acs_guard_reader *reader,
			 acs_node_fn visit, void *data)
{
	const struct path_fn *fn = node.fn;

	if (!acs_node_is_beside(node))
		return 0;
	if (fn->level && !fn->k)
		return visit_level(fn->level - 1, visit, data);
	if (!fn->level && fn->k == machine.f ? !machine.domain : !fn->used)
		return 0;
	return visit(acs_node_of(&machine_below), data);
}

int acs_node_visit_group(struct acs_node node, acs_node_fn visit, void *data)
{
	unsigned int level, k;
	int done;

	for (level = 0; level < machine.levels; level++)
		for (k = 0; k < WIDTH; k++) {
			if (!machine_function(level, k)->exists ||
			    !machine_function(level, k)->in_group)
				continue;
			done = visit(acs_node_of(machine_function(level, k)),
				     data);
			if (done)
				return done;
		}
	return 0;
}
