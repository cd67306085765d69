/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: a function of the model as the engine sees it
 *
 * What each of these does is said in module/node.h, where the kernel is the
 * engine's home.
 */
#ifndef ACS_GUARD_NODE_H
#define ACS_GUARD_NODE_H

#include "model.h"

/**
 * struct acs_guard_reader - what reads functions
 * @machine: of this machine
 * @facts: the facts of a function are asked for, be they evidence or not
 */
struct acs_guard_reader {
	const struct machine *machine;
	bool facts;
};

/**
 * struct acs_node - a function, or none if @fn is NULL
 * @machine: the machine that the function is part of
 * @fn: the function
 */
struct acs_node {
	const struct machine *machine;
	const struct function *fn;
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
bool acs_node_has_slot(struct acs_node node);
bool acs_node_has_memory(struct acs_node node);
bool acs_node_has_resources(struct acs_node node);
bool acs_node_shares_id(struct acs_node a, struct acs_node b);

static inline struct acs_node acs_node_number(const struct machine *machine,
					      int number)
{
	return (struct acs_node){ machine, function_at(machine, number) };
}

static inline struct acs_node acs_node_none(void)
{
	return (struct acs_node){ NULL, NULL };
}

static inline bool acs_node_exists(struct acs_node node)
{
	return node.fn;
}

/* Functions that are not listed are known to the kernel only. */
static inline bool acs_node_is_listed(struct acs_node node)
{
	return true;
}

static inline bool acs_node_is_same(struct acs_node a, struct acs_node b)
{
	return a.fn == b.fn;
}

static inline u64 acs_node_bdf(struct acs_node node)
{
	return node.fn->bdf;
}

static inline u8 acs_node_devfn(struct acs_node node)
{
	return devfn_of(node.fn);
}

static inline bool acs_node_same_bus(struct acs_node a, struct acs_node b)
{
	return a.fn->bdf >> 8 == b.fn->bdf >> 8;
}

static inline bool acs_node_is_virtual(struct acs_node node)
{
	return is_virtual(node.fn);
}

static inline struct acs_node acs_node_physfn(struct acs_node node)
{
	return is_virtual(node.fn) ?
		       acs_node_number(node.machine, node.fn->pf) :
		       node;
}

static inline struct acs_node acs_node_bridge(struct acs_node node)
{
	return acs_node_number(node.machine, acs_node_physfn(node).fn->up);
}

static inline bool acs_node_is_on_root_bus(struct acs_node node)
{
	return acs_node_physfn(node).fn->up == NONE;
}

static inline struct acs_node acs_node_real_dma(struct acs_node node)
{
	return acs_node_number(node.machine, node.fn->real_dma_dev);
}

/* Does it look like a bridge, be it to where nothing is? */
static inline bool acs_node_is_bridge(struct acs_node node)
{
	const u8 header = node.fn->cfg[PCI_HEADER_TYPE] & 0x7f;

	return header == PCI_HEADER_TYPE_BRIDGE ||
	       header == PCI_HEADER_TYPE_CARDBUS;
}

/*
 * A bridge whose capabilities a dump does not tell may be another kind of
 * function, so it is taken for one that others are exposed to.
 */
static inline bool acs_node_is_unexplored(struct acs_node node)
{
	return node.fn->flags & FN_TYPELESS;
}

static inline bool acs_node_is_used(struct acs_node node)
{
	return node.fn->below != NONE;
}

static inline u8 acs_node_type(struct acs_node node)
{
	return node.fn->type;
}

static inline u16 acs_node_vendor(struct acs_node node)
{
	return vendor_of(node.fn);
}

static inline u16 acs_node_device(struct acs_node node)
{
	return device_of(node.fn);
}

static inline u16 acs_node_class(struct acs_node node)
{
	return (u16)(node.fn->class >> 8);
}

static inline bool acs_node_is_extended(struct acs_node node)
{
	return node.fn->len == CFG_SIZE &&
	       !(node.fn->flags & (FN_NOT_EXTENDED | FN_UNLISTED));
}

/*
 * A virtual function may have ACS registers of its own: those of its PF are no
 * answer if it is not known whether it has.
 */
static inline u16 acs_node_acs(struct acs_node node)
{
	if (is_virtual(node.fn) && node.fn->flags & FN_BLIND &&
	    !acs_node_is_extended(node))
		return PCI_CFG_SPACE_SIZE;
	return node.fn->acs;
}

static inline bool acs_node_has_hotplug(struct acs_node node)
{
	return node.fn->flags & FN_HOTPLUG;
}

/* All functions are known, so a look at the bus costs little. */
static inline bool acs_node_is_single(struct acs_node node)
{
	return false;
}

static inline bool acs_node_is_online(struct acs_node node,
				      struct acs_guard_reader *reader)
{
	return reader->facts || !(node.fn->flags & FN_BLIND);
}

static inline bool acs_node_hold(struct acs_node node,
				 struct acs_guard_reader *reader,
				 struct device **held)
{
	*held = NULL;
	return true;
}

static inline void acs_node_release(struct acs_node node,
				    struct acs_guard_reader *reader,
				    struct device *held, bool readable)
{
}

/* R14 is not asked of a dump. */
static inline bool acs_node_has_iommu(struct acs_node node)
{
	return node.machine->source == SOURCE_DUMP || node.fn->flags & FN_IOMMU;
}

static inline int acs_node_group(struct acs_node node)
{
	return node.fn->group;
}

#endif /* ACS_GUARD_NODE_H */
