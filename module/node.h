/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a PCI function as the engine sees it
 *
 * The engine (module/engine/) works out what affects the verdict, and knows no
 * struct pci_dev.  It asks about nodes; each home of the engine has a header of
 * this name.  In the kernel a node is a function that the kernel lists, or the
 * record of one that it does not list (hidden.h).
 *
 * A node that the engine finds is valid until acs_topology_read_unlock();
 * node.c says why.
 */
#ifndef ACS_GUARD_NODE_H
#define ACS_GUARD_NODE_H

#include <linux/pci.h>

#include "engine.h"
#include "hidden.h"
#include "iommu.h"
#include "pci_dev.h"
#include "unsearched.h"

/**
 * struct acs_node - a function, or none
 * @address: the address of its struct pci_dev, plus %ACS_NODE_LISTED, if the
 *	kernel lists it; otherwise that of its record; 0 if there is none
 *
 * One word, since the engine passes nodes by value in the path of each verdict.
 * acs_node_none() counts as not listed.  If a function here is called with it
 *by mistake, acs_node_record() warns, or the return value leads to a refusal.
 */
struct acs_node {
	unsigned long address;
};

/* No struct begins at an odd address. */
#define ACS_NODE_LISTED 1UL

/**
 * typedef acs_node_fn - called for each of several nodes
 * @node: one of them
 * @data: what the caller of the iteration passed
 *
 * Return: 0 to go on, anything else to end the iteration.
 */
typedef int (*acs_node_fn)(struct acs_node node, void *data);

static inline struct acs_node acs_node_none(void)
{
	return (struct acs_node){};
}

/**
 * acs_node_of() - the node of a function that the kernel lists
 * @pdev: the function, or NULL
 *
 * Return: none if @pdev is NULL.
 */
static inline struct acs_node acs_node_of(struct pci_dev *pdev)
{
	if (!pdev)
		return acs_node_none();
	return (struct acs_node){ (unsigned long)pdev + ACS_NODE_LISTED };
}

/**
 * acs_node_of_hidden() - the node of a function that the kernel does not list
 * @hidden: its record, or NULL
 *
 * Return: none if @hidden is NULL.
 */
static inline struct acs_node
acs_node_of_hidden(struct acs_guard_hidden *hidden)
{
	return (struct acs_node){ (unsigned long)hidden };
}

static inline bool acs_node_exists(struct acs_node node)
{
	return node.address;
}

/* False if there is none. */
static inline bool acs_node_is_listed(struct acs_node node)
{
	return node.address & ACS_NODE_LISTED;
}

/* Only if the kernel lists @node. */
static inline struct pci_dev *acs_node_pdev(struct acs_node node)
{
	return (struct pci_dev *)(node.address - ACS_NODE_LISTED);
}

/**
 * acs_node_record() - the record of a function that the kernel does not list
 * @node: the function
 *
 * Return: its record; a record of a function that cannot be read if there is
 * none, which is a bug of the caller.
 */
static inline struct acs_guard_hidden *acs_node_record(struct acs_node node)
{
	return likely(acs_node_exists(node)) ?
		       (struct acs_guard_hidden *)node.address :
		       acs_guard_missing_record();
}

static inline bool acs_node_is_same(struct acs_node a, struct acs_node b)
{
	return a.address == b.address;
}

/* Out of line: what few verdicts need, and what reads configuration space. */
struct acs_node acs_node_hidden_bridge(struct acs_node node);
struct acs_node acs_node_hidden_real_dma(struct acs_node node);
bool acs_node_hidden_is_on_root_bus(struct acs_node node);
bool acs_node_hidden_read(struct acs_node node, struct acs_guard_reader *reader,
			  unsigned int where, u32 *value);
int acs_node_visit_hidden_on_bus(struct acs_node node,
				 struct acs_guard_reader *reader,
				 acs_node_fn visitor, void *data);
int acs_node_visit_hidden_below(struct acs_node node,
				struct acs_guard_reader *reader,
				acs_node_fn visitor, void *data);
int acs_node_visit_hidden(struct acs_guard_reader *reader, acs_node_fn visitor,
			  void *data);
bool acs_node_aliases_meet(struct acs_node a, struct acs_node b);
struct acs_node acs_node_real_dma(struct acs_node node);
bool acs_node_is_used(struct acs_node node);
bool acs_node_has_memory(struct acs_node node);
bool acs_node_has_resources(struct acs_node node);
bool acs_node_hidden_is_online(struct acs_node node,
			       struct acs_guard_reader *reader);
bool acs_node_hold(struct acs_node node, struct acs_guard_reader *reader,
		   struct device **held);
void acs_node_unhold(struct acs_node node, struct acs_guard_reader *reader,
		     struct device *held, bool readable);
int acs_node_visit_bus(struct acs_node node, struct acs_guard_reader *reader,
		       acs_node_fn visit, void *data);
int acs_node_visit_below(struct acs_node node, struct acs_guard_reader *reader,
			 acs_node_fn visit, void *data);
int acs_node_visit_all(struct acs_guard_reader *reader, acs_node_fn visit,
		       void *data);
int acs_node_visit_group(struct acs_node node, acs_node_fn visit, void *data);

/**
 * acs_node_bdf() - the address of a function, as ACS_GUARD_BDF() makes it
 * @node: the function
 */
static inline u64 acs_node_bdf(struct acs_node node)
{
	const struct pci_dev *pdev;

	if (!acs_node_is_listed(node))
		return acs_node_record(node)->bdf;
	pdev = acs_node_pdev(node);
	return ACS_GUARD_BDF(pci_domain_nr(pdev->bus), pdev->bus->number,
			     pdev->devfn);
}

/**
 * acs_node_devfn() - the number of a function on its bus
 * @node: the function
 */
static inline u8 acs_node_devfn(struct acs_node node)
{
	return acs_node_is_listed(node) ? acs_node_pdev(node)->devfn :
					  (u8)acs_node_record(node)->bdf;
}

/**
 * acs_node_same_bus() - are two functions on the same bus?
 * @a: a function
 * @b: another
 */
static inline bool acs_node_same_bus(struct acs_node a, struct acs_node b)
{
	if (acs_node_is_listed(a) && acs_node_is_listed(b))
		return acs_node_pdev(a)->bus == acs_node_pdev(b)->bus;
	return acs_node_bdf(a) >> 8 == acs_node_bdf(b) >> 8;
}

static inline bool acs_node_is_virtual(struct acs_node node)
{
	return acs_node_is_listed(node) && acs_node_pdev(node)->is_virtfn;
}

/**
 * acs_node_physfn() - the PF of a virtual function
 * @node: any function
 *
 * Return: @node itself if it is not virtual.
 */
static inline struct acs_node acs_node_physfn(struct acs_node node)
{
	return acs_node_is_virtual(node) ?
		       acs_node_of(pci_physfn(acs_node_pdev(node))) :
		       node;
}

/**
 * acs_node_bridge() - the bridge right above a function, or above its PF
 * @node: the function
 *
 * Return: none for a function on a root bus.
 */
static inline struct acs_node acs_node_bridge(struct acs_node node)
{
	return acs_node_is_listed(node) ?
		       acs_node_of(pci_upstream_bridge(acs_node_pdev(node))) :
		       acs_node_hidden_bridge(node);
}

/* Is no bridge above a function? */
static inline bool acs_node_is_on_root_bus(struct acs_node node)
{
	return acs_node_is_listed(node) ?
		       pci_is_root_bus(acs_node_pdev(node)->bus) :
		       acs_node_hidden_is_on_root_bus(node);
}

/**
 * acs_node_is_bridge() - does a function have a bus below it, of any kind?
 * @node: the function
 */
static inline bool acs_node_is_bridge(struct acs_node node)
{
	return acs_node_is_listed(node) ?
		       acs_guard_is_bridge(acs_node_pdev(node)) :
		       acs_node_record(node)->bridge;
}

/**
 * acs_node_is_unexplored() - is it unknown what is below a bridge?
 * @node: the bridge
 */
static inline bool acs_node_is_unexplored(struct acs_node node)
{
	return acs_node_is_listed(node) ?
		       acs_guard_is_unsearched(acs_node_pdev(node)) :
		       acs_node_record(node)->deep;
}

/**
 * acs_node_type() - the type of a function, which its header may contradict
 * @node: the function
 *
 * Return: PCI_EXP_TYPE_*, %ACS_GUARD_TYPE_CONVENTIONAL, or, only if the kernel
 * does not list @node, %ACS_GUARD_TYPE_UNKNOWN.
 */
static inline u8 acs_node_type(struct acs_node node)
{
	if (!acs_node_is_listed(node))
		return acs_node_record(node)->type;
	return pci_is_pcie(acs_node_pdev(node)) ?
		       pci_pcie_type(acs_node_pdev(node)) :
		       ACS_GUARD_TYPE_CONVENTIONAL;
}

static inline u16 acs_node_vendor(struct acs_node node)
{
	return acs_node_is_listed(node) ? acs_node_pdev(node)->vendor :
					  (u16)acs_node_record(node)->id;
}

static inline u16 acs_node_device(struct acs_node node)
{
	return acs_node_is_listed(node) ? acs_node_pdev(node)->device :
					  acs_node_record(node)->id >> 16;
}

/* Base class and subclass, as kept when the function was listed. */
static inline u16 acs_node_class(struct acs_node node)
{
	return acs_node_is_listed(node) ? acs_node_pdev(node)->class >> 8 :
					  PCI_CLASS_NOT_DEFINED;
}

/**
 * acs_node_acs() - where the ACS Extended Capability of a function is
 * @node: the function
 *
 * Return: its offset in configuration space, or 0 if there is none.
 */
static inline u16 acs_node_acs(struct acs_node node)
{
	return acs_node_is_listed(node) ? acs_node_pdev(node)->acs_cap :
					  acs_node_record(node)->acs_cap;
}

/* Can extended configuration space be read? */
static inline bool acs_node_is_extended(struct acs_node node)
{
	return acs_node_is_listed(node) ?
		       acs_node_pdev(node)->cfg_size >= PCI_CFG_SPACE_EXP_SIZE :
		       acs_node_record(node)->extended;
}

/* 7.5.3.2, Slot Implemented, of a port. */
static inline bool acs_node_has_slot(struct acs_node node)
{
	return acs_node_is_listed(node) ?
		       pcie_caps_reg(acs_node_pdev(node)) & PCI_EXP_FLAGS_SLOT :
		       acs_node_record(node)->slot;
}

/* May something be plugged in below a bridge while the machine runs? */
static inline bool acs_node_has_hotplug(struct acs_node node)
{
	return acs_node_is_listed(node) ?
		       acs_node_pdev(node)->is_hotplug_bridge :
		       acs_node_record(node)->hotplug;
}

/**
 * acs_node_is_single() - is it known that a function is alone in its device?
 * @node: the function, which the kernel lists
 *
 * The PCI core looks for further functions of a device only if function 0 has
 * the Multi-Function Device bit set (7.5.1.1.9).  Not so on powerpc and sparc:
 * where functions come from the device tree, the bit is not read, and the field
 * is zero for each of them.
 *
 * Return: false as well if that is unknown; the caller then visits the bus.
 */
static inline bool acs_node_is_single(struct acs_node node)
{
	if (IS_ENABLED(CONFIG_PPC) || IS_ENABLED(CONFIG_SPARC))
		return false;
	return acs_node_is_listed(node) &&
	       !acs_node_pdev(node)->multifunction &&
	       !PCI_FUNC(acs_node_pdev(node)->devfn) && !acs_guard_hides_any();
}

static inline const unsigned long *acs_node_aliases(struct acs_node node)
{
	return acs_node_is_listed(node) ? acs_node_pdev(node)->dma_alias_mask :
					  acs_node_record(node)->aliases;
}

/**
 * acs_node_shares_id() - do two functions have a requester ID in common?
 * @a: a function
 * @b: another
 *
 * R12: the one issues requests with the ID of the other, or both with that of a
 * third.
 */
static inline bool acs_node_shares_id(struct acs_node a, struct acs_node b)
{
	/* Few functions have aliases, and each verdict asks about many. */
	return (acs_node_aliases(a) || acs_node_aliases(b)) &&
	       acs_node_aliases_meet(a, b);
}

/**
 * acs_node_read() - read a dword of configuration space
 * @node: the function, held by acs_node_hold() if it may sleep
 * @reader: what reads it
 * @where: the offset
 * @value: the dword
 *
 * Return: false if the read fails.
 */
static inline bool acs_node_read(struct acs_node node,
				 struct acs_guard_reader *reader,
				 unsigned int where, u32 *value)
{
	if (!acs_node_is_listed(node))
		return acs_node_hidden_read(node, reader, where, value);
	return !pci_read_config_dword(acs_node_pdev(node), where, value);
}

/*
 * Is nothing known that keeps a function from answering?  A bridge below which
 * hidden functions were not searched for counts as offline, so that no function
 * below that bridge is isolated.
 */
static inline bool acs_node_is_online(struct acs_node node,
				      struct acs_guard_reader *reader)
{
	return acs_node_is_listed(node) ?
		       !pci_channel_offline(acs_node_pdev(node)) &&
			       !acs_guard_is_unsearched(acs_node_pdev(node)) :
		       acs_node_hidden_is_online(node, reader);
}

/**
 * acs_node_release() - the end of acs_node_hold(), after registers were read
 * @node: the function
 * @reader: the reader
 * @held: what acs_node_hold() has filled in
 * @readable: whether the read succeeded; if not, resuming the function may help
 */
static inline void acs_node_release(struct acs_node node,
				    struct acs_guard_reader *reader,
				    struct device *held, bool readable)
{
	if (!acs_node_is_listed(node))
		acs_guard_note_readable(acs_node_record(node), readable);
	acs_node_unhold(node, reader, held, readable);
}

static inline bool acs_node_has_iommu(struct acs_node node)
{
	return acs_node_is_listed(node) &&
	       acs_guard_has_iommu(acs_node_pdev(node));
}

/**
 * acs_node_group() - the IOMMU group of a function
 * @node: the function
 *
 * Return: the group's number, or negative if it has none.
 */
static inline int acs_node_group(struct acs_node node)
{
	return acs_node_is_listed(node) ? acs_guard_group(acs_node_pdev(node)) :
					  -1;
}

#endif /* ACS_GUARD_NODE_H */
