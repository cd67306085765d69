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

#include <linux/bitmap.h>
#include <linux/pci.h>

#include "engine.h"
#include "hidden.h"
#include "iommu.h"
#include "pci_dev.h"

/**
 * struct acs_node - a function, or none if both are NULL
 * @pdev: the function, if the kernel lists it
 * @hidden: its record, if the kernel does not list it
 */
struct acs_node {
	struct pci_dev *pdev;
	struct acs_guard_hidden *hidden;
};

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

static inline struct acs_node acs_node_of(struct pci_dev *pdev)
{
	return (struct acs_node){ .pdev = pdev };
}

static inline bool acs_node_exists(struct acs_node node)
{
	return node.pdev || node.hidden;
}

static inline bool acs_node_is_listed(struct acs_node node)
{
	return node.pdev;
}

static inline bool acs_node_is_same(struct acs_node a, struct acs_node b)
{
	return a.pdev == b.pdev && a.hidden == b.hidden;
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
struct acs_node acs_node_real_dma(struct acs_node node);
bool acs_node_is_on_root_bus(struct acs_node node);
bool acs_node_is_used(struct acs_node node);
bool acs_node_has_memory(struct acs_node node);
bool acs_node_has_resources(struct acs_node node);
bool acs_node_hidden_is_online(struct acs_node node,
			       struct acs_guard_reader *reader);
bool acs_node_hold(struct acs_node node, struct acs_guard_reader *reader,
		   struct device **held);
void acs_node_let_go(struct acs_node node, struct acs_guard_reader *reader,
		     struct device *held, bool readable);
bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value);
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
	return node.pdev ? acs_guard_bdf(node.pdev) : node.hidden->bdf;
}

/**
 * acs_node_devfn() - the number of a function on its bus
 * @node: the function
 */
static inline u8 acs_node_devfn(struct acs_node node)
{
	return node.pdev ? node.pdev->devfn : (u8)node.hidden->bdf;
}

/**
 * acs_node_same_bus() - are two functions on the same bus?
 * @a: a function
 * @b: another
 */
static inline bool acs_node_same_bus(struct acs_node a, struct acs_node b)
{
	if (a.pdev && b.pdev)
		return a.pdev->bus == b.pdev->bus;
	return acs_node_bdf(a) >> 8 == acs_node_bdf(b) >> 8;
}

static inline bool acs_node_is_virtual(struct acs_node node)
{
	return node.pdev && node.pdev->is_virtfn;
}

/**
 * acs_node_physfn() - the PF of a virtual function
 * @node: any function
 *
 * Return: @node itself if it is not virtual.
 */
static inline struct acs_node acs_node_physfn(struct acs_node node)
{
	return node.pdev ? acs_node_of(pci_physfn(node.pdev)) : node;
}

/**
 * acs_node_bridge() - the bridge right above a function, or above its PF
 * @node: the function
 *
 * Return: none for a function on a root bus.
 */
static inline struct acs_node acs_node_bridge(struct acs_node node)
{
	return node.pdev ? acs_node_of(pci_upstream_bridge(node.pdev)) :
			   acs_node_hidden_bridge(node);
}

/**
 * acs_node_is_bridge() - does a function have a bus below it, of any kind?
 * @node: the function
 */
static inline bool acs_node_is_bridge(struct acs_node node)
{
	return node.pdev ? acs_guard_is_bridge(node.pdev) : node.hidden->bridge;
}

/**
 * acs_node_is_unexplored() - is it unknown what is below a bridge?
 * @node: the bridge
 */
static inline bool acs_node_is_unexplored(struct acs_node node)
{
	return !node.pdev && node.hidden->deep;
}

/**
 * acs_node_type() - PCI_EXP_TYPE_*, or %ACS_GUARD_TYPE_CONVENTIONAL
 * @node: the function
 */
static inline u8 acs_node_type(struct acs_node node)
{
	if (!node.pdev)
		return node.hidden->type;
	return pci_is_pcie(node.pdev) ? pci_pcie_type(node.pdev) :
					ACS_GUARD_TYPE_CONVENTIONAL;
}

static inline u16 acs_node_vendor(struct acs_node node)
{
	return node.pdev ? node.pdev->vendor : (u16)node.hidden->id;
}

static inline u16 acs_node_device(struct acs_node node)
{
	return node.pdev ? node.pdev->device : node.hidden->id >> 16;
}

/* Base class and subclass, as kept when the function was listed. */
static inline u16 acs_node_class(struct acs_node node)
{
	return node.pdev ? node.pdev->class >> 8 : PCI_CLASS_NOT_DEFINED;
}

/**
 * acs_node_acs() - where the ACS Extended Capability of a function is
 * @node: the function
 *
 * Return: its offset in configuration space, or 0 if there is none.
 */
static inline u16 acs_node_acs(struct acs_node node)
{
	return node.pdev ? node.pdev->acs_cap : node.hidden->acs_cap;
}

/* Can extended configuration space be read? */
static inline bool acs_node_is_extended(struct acs_node node)
{
	return node.pdev ? node.pdev->cfg_size >= PCI_CFG_SPACE_EXP_SIZE :
			   node.hidden->extended;
}

/* 7.5.3.2, Slot Implemented, of a port. */
static inline bool acs_node_has_slot(struct acs_node node)
{
	return node.pdev ? pcie_caps_reg(node.pdev) & PCI_EXP_FLAGS_SLOT :
			   node.hidden->slot;
}

/* May something be plugged in below a bridge while the machine runs? */
static inline bool acs_node_has_hotplug(struct acs_node node)
{
	return node.pdev ? node.pdev->is_hotplug_bridge : node.hidden->hotplug;
}

/**
 * acs_node_is_single() - is it known that a function is alone in its device?
 * @node: the function, which the kernel lists
 *
 * The PCI core looks for further functions of a device only if function 0 has
 * the Multi-Function Device bit set (7.5.1.1.9).
 */
static inline bool acs_node_is_single(struct acs_node node)
{
	return node.pdev && !node.pdev->multifunction &&
	       !PCI_FUNC(node.pdev->devfn) && !acs_guard_next_hidden(NULL);
}

static inline const unsigned long *acs_node_aliases(struct acs_node node)
{
	return node.pdev ? node.pdev->dma_alias_mask : node.hidden->aliases;
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
	const unsigned long *of_a = acs_node_aliases(a);
	const unsigned long *of_b = acs_node_aliases(b);

	if ((!of_a && !of_b) || !acs_node_same_bus(a, b))
		return false;
	if (of_a && test_bit(acs_node_devfn(b), of_a))
		return true;
	if (of_b && test_bit(acs_node_devfn(a), of_b))
		return true;
	return of_a && of_b && bitmap_intersects(of_a, of_b, 256);
}

/* Is nothing known that keeps a function from answering? */
static inline bool acs_node_is_online(struct acs_node node,
				      struct acs_guard_reader *reader)
{
	return node.pdev ? !pci_channel_offline(node.pdev) :
			   acs_node_hidden_is_online(node, reader);
}

/**
 * acs_node_release() - the end of acs_node_hold(), after registers were read
 * @node: the function
 * @reader: what has read it
 * @held: what acs_node_hold() has filled in
 * @readable: whether the read succeeded; if not, resuming the function may help
 */
static inline void acs_node_release(struct acs_node node,
				    struct acs_guard_reader *reader,
				    struct device *held, bool readable)
{
	if (node.hidden)
		acs_guard_note_readable(node.hidden, readable);
	acs_node_let_go(node, reader, held, readable);
}

static inline bool acs_node_has_iommu(struct acs_node node)
{
	return node.pdev && acs_guard_has_iommu(node.pdev);
}

/**
 * acs_node_group() - the IOMMU group of a function
 * @node: the function
 *
 * Return: the group's number, or negative if it has none.
 */
static inline int acs_node_group(struct acs_node node)
{
	return node.pdev ? acs_guard_group(node.pdev) : -1;
}

#endif /* ACS_GUARD_NODE_H */
