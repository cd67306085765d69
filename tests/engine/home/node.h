/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a function of a described machine, as the engine sees it
 */
#ifndef ACS_GUARD_NODE_H
#define ACS_GUARD_NODE_H

#include "machine.h"

/**
 * struct acs_node - a function, or none if @machine is NULL
 * @machine: the machine that the function is part of
 * @i: the function
 */
struct acs_node {
	const struct machine *machine;
	int i;
};

struct acs_guard_reader;
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
struct acs_node acs_node_real_dma(struct acs_node node);
u16 acs_node_acs(struct acs_node node);
bool acs_node_is_used(struct acs_node node);

/**
 * struct acs_guard_reader - what reads functions
 * @machine: of this machine
 */
struct acs_guard_reader {
	const struct machine *machine;
};

static inline const struct topo_fn *acs_node_fn_of(struct acs_node node)
{
	return machine_fn(node.machine, (unsigned int)node.i);
}

static inline struct acs_node acs_node_none(void)
{
	return (struct acs_node){ NULL, 0 };
}

static inline struct acs_node acs_node_number(const struct machine *machine,
					      int i)
{
	return (struct acs_node){ machine, i };
}

static inline bool acs_node_exists(struct acs_node node)
{
	return node.machine;
}

static inline bool acs_node_has(struct acs_node node, u32 flag)
{
	return acs_node_fn_of(node)->flags & flag;
}

static inline bool acs_node_is_listed(struct acs_node node)
{
	return !acs_node_has(node, TOPO_HIDDEN);
}

static inline bool acs_node_is_same(struct acs_node a, struct acs_node b)
{
	return a.machine == b.machine && a.i == b.i;
}

static inline u64 acs_node_bdf(struct acs_node node)
{
	return machine_bdf_of(acs_node_fn_of(node));
}

static inline u8 acs_node_devfn(struct acs_node node)
{
	return acs_node_fn_of(node)->devfn;
}

static inline bool acs_node_same_bus(struct acs_node a, struct acs_node b)
{
	return topo_same_bus(acs_node_fn_of(a), acs_node_fn_of(b));
}

static inline bool acs_node_is_virtual(struct acs_node node)
{
	return acs_node_has(node, TOPO_VF);
}

static inline struct acs_node acs_node_physfn(struct acs_node node)
{
	if (acs_node_is_virtual(node))
		node.i = acs_node_fn_of(node)->vf_of;
	return node;
}

static inline bool acs_node_is_on_root_bus(struct acs_node node)
{
	const int up = acs_node_fn_of(node)->parent;

	return up == TOPO_ROOT_BUS ||
	       machine_fn(node.machine, (unsigned int)up)->flags & TOPO_VMD;
}

/* What is below itself has lost its bridge. */
static inline bool acs_node_is_orphan(struct acs_node node)
{
	return acs_node_fn_of(node)->parent == node.i;
}

/* Counts the looks at the paths of functions that are not listed. */
static inline bool acs_node_is_cut_off(struct acs_node node)
{
	struct machine_access *access = node.machine->access;

	if (!access || acs_node_is_listed(node))
		return false;
	access->looks++;
	return access->looks >= access->lost_from &&
	       access->looks < access->found_from;
}

static inline struct acs_node acs_node_bridge(struct acs_node node)
{
	if (acs_node_is_on_root_bus(node) || acs_node_is_orphan(node) ||
	    acs_node_is_cut_off(node))
		return acs_node_none();
	node.i = acs_node_fn_of(node)->parent;
	return node;
}

static inline bool acs_node_is_bridge(struct acs_node node)
{
	return topo_is_bridge(acs_node_fn_of(node));
}

static inline bool acs_node_is_unexplored(struct acs_node node)
{
	return node.i < TOPO_MAX && node.machine->unexplored & BIT_ULL(node.i);
}

static inline u8 acs_node_type(struct acs_node node)
{
	return topo_type(acs_node_fn_of(node));
}

static inline u16 acs_node_vendor(struct acs_node node)
{
	return acs_node_has(node, TOPO_INTEL) ? PCI_VENDOR_ID_INTEL : 0x1234;
}

static inline u16 acs_node_device(struct acs_node node)
{
	const struct machine_access *access = node.machine->access;

	if (access && access->device)
		return access->device;
	return acs_node_has(node, TOPO_DWORD) ? 0xa110 : 0x5678;
}

static inline u16 acs_node_class(struct acs_node node)
{
	return acs_node_has(node, TOPO_DUMMY) ? PCI_CLASS_BRIDGE_HOST : 0x0200;
}

static inline bool acs_node_is_extended(struct acs_node node)
{
	if (node.machine->access && node.machine->access->not_extended)
		return false;
	return !node.machine->cut ||
	       !machine_is_cut(node.machine->topo, (unsigned int)node.i);
}

static inline bool acs_node_has_slot(struct acs_node node)
{
	return !acs_node_has(node, TOPO_NO_SLOT);
}

static inline bool acs_node_has_hotplug(struct acs_node node)
{
	return acs_node_has(node, TOPO_SLOT);
}

static inline bool acs_node_has_memory(struct acs_node node)
{
	return acs_node_has(node, TOPO_BAR);
}

static inline bool acs_node_has_resources(struct acs_node node)
{
	return acs_node_has_memory(node);
}

static inline bool acs_node_is_single(struct acs_node node)
{
	return node.i < TOPO_MAX && node.machine->single & BIT_ULL(node.i);
}

static inline bool acs_node_names(struct acs_node a, struct acs_node b)
{
	return acs_node_has(a, TOPO_ALIAS) &&
	       acs_node_fn_of(a)->alias == acs_node_devfn(b);
}

static inline bool acs_node_shares_id(struct acs_node a, struct acs_node b)
{
	if (!acs_node_same_bus(a, b))
		return false;
	if (acs_node_names(a, b) || acs_node_names(b, a))
		return true;
	return acs_node_has(a, TOPO_ALIAS) && acs_node_has(b, TOPO_ALIAS) &&
	       acs_node_fn_of(a)->alias == acs_node_fn_of(b)->alias;
}

static inline bool acs_node_is_online(struct acs_node node,
				      struct acs_guard_reader *reader)
{
	(void)reader;
	return !machine_is_offline(node.machine, (unsigned int)node.i);
}

static inline bool acs_node_hold(struct acs_node node,
				 struct acs_guard_reader *reader,
				 struct device **held)
{
	struct machine_access *access = node.machine->access;

	*held = NULL;
	if (access)
		access->held++;
	return acs_node_is_online(node, reader) &&
	       !(access && access->hold_fails);
}

static inline void acs_node_release(struct acs_node node,
				    struct acs_guard_reader *reader,
				    struct device *held, bool readable)
{
	struct machine_access *access = node.machine->access;

	(void)reader;
	(void)held;
	if (!access)
		return;
	access->held--;
	access->unreadable += !readable;
}

static inline bool acs_node_has_iommu(struct acs_node node)
{
	return !node.machine->no_iommu;
}

/* The first group has number 0. */
static inline int acs_node_group(struct acs_node node)
{
	return acs_node_fn_of(node)->group - 1;
}

#endif /* ACS_GUARD_NODE_H */
