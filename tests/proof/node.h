/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a function of the machine of a proof, as the engine sees it
 *
 * All that is below other functions than those of the path is one node.
 */
#ifndef ACS_GUARD_NODE_H
#define ACS_GUARD_NODE_H

#include "path_machine.h"

struct acs_node {
	const struct path_fn *fn;
};

/**
 * struct acs_guard_reader - what reads functions
 * @held: how many functions are held
 */
struct acs_guard_reader {
	int held;
};

struct device;

typedef int (*acs_node_fn)(struct acs_node node, void *data);

bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value);
int acs_node_visit_bus(struct acs_node node, struct acs_guard_reader *reader,
		       acs_node_fn visit, void *data);
int acs_node_visit_below(struct acs_node node, struct acs_guard_reader *reader,
			 acs_node_fn visit, void *data);
int acs_node_visit_all(struct acs_guard_reader *reader, acs_node_fn visit,
		       void *data);
int acs_node_visit_group(struct acs_node node, acs_node_fn visit, void *data);

static inline struct acs_node acs_node_none(void)
{
	return (struct acs_node){ NULL };
}

static inline struct acs_node acs_node_of(const struct path_fn *fn)
{
	return (struct acs_node){ fn };
}

static inline bool acs_node_exists(struct acs_node node)
{
	return node.fn;
}

/* On the path or beside it? */
static inline bool acs_node_is_beside(struct acs_node node)
{
	return node.fn->level < LEVELS;
}

static inline bool acs_node_is_same(struct acs_node a, struct acs_node b)
{
	return a.fn == b.fn;
}

static inline bool acs_node_is_listed(struct acs_node node)
{
	return !node.fn->hidden;
}

static inline u64 acs_node_bdf(struct acs_node node)
{
	return ACS_GUARD_BDF(0, node.fn->level, node.fn->k);
}

static inline u8 acs_node_devfn(struct acs_node node)
{
	return node.fn->devfn;
}

static inline bool acs_node_same_bus(struct acs_node a, struct acs_node b)
{
	return a.fn->level == b.fn->level;
}

static inline bool acs_node_is_virtual(struct acs_node node)
{
	return node.fn->is_virtual;
}

static inline struct acs_node acs_node_physfn(struct acs_node node)
{
	return acs_node_of(machine_pf(node.fn));
}

static inline bool acs_node_is_on_root_bus(struct acs_node node)
{
	return node.fn == &machine_vmd || node.fn->level == machine.levels - 1;
}

/* Nothing asks for the bridge above what is below another function. */
static inline struct acs_node acs_node_bridge(struct acs_node node)
{
	if (acs_node_is_on_root_bus(node))
		return acs_node_none();
	return acs_node_of(machine_function(node.fn->level + 1, 0));
}

static inline bool acs_node_is_bridge(struct acs_node node)
{
	return node.fn->bridge;
}

static inline bool acs_node_is_unexplored(struct acs_node node)
{
	return false;
}

static inline u8 acs_node_type(struct acs_node node)
{
	return node.fn->type;
}

static inline u16 acs_node_vendor(struct acs_node node)
{
	return node.fn->vendor;
}

static inline u16 acs_node_device(struct acs_node node)
{
	return node.fn->device;
}

static inline u16 acs_node_class(struct acs_node node)
{
	return node.fn->host_bridge ? PCI_CLASS_BRIDGE_HOST : 0;
}

static inline u16 acs_node_acs(struct acs_node node)
{
	return node.fn->acs ? node.fn->acs_at : 0;
}

static inline bool acs_node_is_extended(struct acs_node node)
{
	return node.fn->extended;
}

static inline bool acs_node_has_slot(struct acs_node node)
{
	return node.fn->slot;
}

static inline bool acs_node_has_hotplug(struct acs_node node)
{
	return node.fn->slot;
}

static inline bool acs_node_is_used(struct acs_node node)
{
	return node.fn->used;
}

static inline bool acs_node_has_memory(struct acs_node node)
{
	return node.fn->memory;
}

static inline bool acs_node_has_resources(struct acs_node node)
{
	return node.fn->memory;
}

static inline bool acs_node_is_single(struct acs_node node)
{
	return acs_node_is_beside(node) && machine.single[node.fn->level];
}

static inline bool acs_node_shares_id(struct acs_node a, struct acs_node b)
{
	return acs_node_same_bus(a, b) && a.fn != b.fn &&
	       machine_share_alias(a.fn->level, a.fn->k, b.fn->k);
}

static inline struct acs_node acs_node_real_dma(struct acs_node node)
{
	return acs_node_of(machine.vmd ? &machine_vmd : NULL);
}

static inline bool acs_node_is_online(struct acs_node node,
				      struct acs_guard_reader *reader)
{
	return !node.fn->offline;
}

static inline bool acs_node_hold(struct acs_node node,
				 struct acs_guard_reader *reader,
				 struct device **held)
{
	*held = NULL;
	reader->held++;
	return !node.fn->asleep;
}

static inline void acs_node_release(struct acs_node node,
				    struct acs_guard_reader *reader,
				    struct device *held, bool readable)
{
	reader->held--;
}

static inline bool acs_node_has_iommu(struct acs_node node)
{
	return machine.iommu;
}

static inline int acs_node_group(struct acs_node node)
{
	return node.fn->in_group ? 1 : -1;
}

#endif /* ACS_GUARD_NODE_H */
