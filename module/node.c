// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: struct pci_dev as a node of the engine
 *
 * Finds functions and reads registers for the engine, and judges nothing.
 *
 * Lifetimes, without a lock of the PCI core: see pci_dev.h.  Functions beside
 * the path are found among the children of the bridge of a bus; the driver core
 * holds each child while it is visited.  The PF of another function, and the
 * host bridge of a domain, are valid until the removal of the function is over,
 * and the removal waits for topology readers.
 *
 * Because a removal waits for topology readers, they never resume a device: see
 * power.c.
 */
#include <linux/bitmap.h>
#include <linux/pci.h>

#include "hidden.h"
#include "node.h"
#include "pci_dev.h"
#include "topology_lock.h"

#define NUM_DEVFNS 256

/**
 * acs_node_has_memory() - check whether a function has memory BARs
 * @node: the function
 *
 * Return: whether the PCI core found any; for a function that is not listed,
 * whether its record has any.
 */
bool acs_node_has_memory(struct acs_node node)
{
	struct pci_dev *bridge;
	int i;

	if (!acs_node_is_listed(node))
		return acs_node_record(node)->memory;

	bridge = acs_node_pdev(node);
	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (pci_resource_len(bridge, i) &&
		    pci_resource_flags(bridge, i) & IORESOURCE_MEM)
			return true;
	return false;
}

/**
 * acs_node_has_resources() - check whether a function has BARs of any kind
 * @node: the function
 *
 * Return: whether the PCI core found any; false if the function is not
 * listed; the caller reads its registers.
 */
bool acs_node_has_resources(struct acs_node node)
{
	int i;

	for (i = 0; acs_node_is_listed(node) && i < PCI_STD_NUM_BARS; i++)
		if (pci_resource_len(acs_node_pdev(node), i))
			return true;
	return false;
}

/**
 * acs_node_aliases_meet() - check whether two functions share a requester ID
 * @a: a function
 * @b: another; one of the two has aliases
 *
 * Return: as acs_node_shares_id().
 */
bool acs_node_aliases_meet(struct acs_node a, struct acs_node b)
{
	const unsigned long *of_a = acs_node_aliases(a);
	const unsigned long *of_b = acs_node_aliases(b);

	if (!acs_node_same_bus(a, b))
		return false;
	if (of_a && test_bit(acs_node_devfn(b), of_a))
		return true;
	if (of_b && test_bit(acs_node_devfn(a), of_b))
		return true;
	return of_a && of_b && bitmap_intersects(of_a, of_b, NUM_DEVFNS);
}

/**
 * acs_node_real_dma() - get the real DMA device of a domain
 * @node: a function of that domain
 *
 * As pci_real_dma_dev() for what is below a VMD endpoint: DMA of @node has the
 * requester ID of that function.
 *
 * Return: that function, or none.
 */
struct acs_node acs_node_real_dma(struct acs_node node)
{
	if (!acs_node_is_listed(node))
		return acs_node_hidden_real_dma(node);
	return acs_node_of(acs_guard_real_dma_dev(acs_node_pdev(node)));
}

static int find_function(struct device *dev, void *data)
{
	return dev_is_pci(dev);
}

/**
 * acs_node_is_used() - check whether there is a function below a bridge
 * @node: the bridge
 *
 * Return: true also if that is unknown.
 */
bool acs_node_is_used(struct acs_node node)
{
	if (acs_node_is_unexplored(node))
		return true;
	if (acs_node_is_listed(node) &&
	    device_for_each_child(&acs_node_pdev(node)->dev, NULL,
				  find_function))
		return true;
	return acs_guard_hides_below(acs_node_bdf(node));
}

/**
 * struct iteration - a visit of several functions
 * @visit: called for each
 * @data: for @visit
 */
struct iteration {
	acs_node_fn visit;
	void *data;
};

static int visit_function(struct device *dev, void *data)
{
	const struct iteration *iteration = data;

	return dev_is_pci(dev) ? iteration->visit(acs_node_of(to_pci_dev(dev)),
						  iteration->data) :
				 0;
}

/* A child of a function: a function, or the host bridge of a domain. */
static int visit_below(struct device *dev, void *data)
{
	return dev_is_pci(dev) ?
		       visit_function(dev, data) :
		       device_for_each_child(dev, data, visit_function);
}

/**
 * acs_node_visit_bus() - visit the functions on the bus of a function
 * @node: the function, not a virtual one
 * @reader: the reader of the functions
 * @visit: called for each function there, @node among them, and for each
 *	virtual function of a PF there; not zero ends the visit
 * @data: for @visit
 *
 * Context: within acs_topology_read_lock().
 * Return: 0, or what @visit has returned.
 */
int acs_node_visit_bus(struct acs_node node, struct acs_guard_reader *reader,
		       acs_node_fn visit, void *data)
{
	struct iteration iteration = { .visit = visit, .data = data };
	int done;

	if (!acs_node_is_listed(node))
		return 0;
	done = device_for_each_child(acs_node_pdev(node)->bus->bridge,
				     &iteration, visit_function);
	if (!done && acs_guard_hides_any())
		done = acs_node_visit_hidden_on_bus(node, reader, visit, data);
	return done;
}

/**
 * acs_node_visit_below() - visit the functions right below a function
 * @node: the function: a bridge, or the function that a domain is behind
 * @reader: the reader of the functions
 * @visit: called for each function on the bus below @node; not zero ends the
 *	visit
 * @data: for @visit
 *
 * Context: within acs_topology_read_lock().
 * Return: 0, or what @visit has returned.
 */
int acs_node_visit_below(struct acs_node node, struct acs_guard_reader *reader,
			 acs_node_fn visit, void *data)
{
	struct iteration iteration = { .visit = visit, .data = data };
	int done = 0;

	if (acs_node_is_listed(node))
		done = device_for_each_child(&acs_node_pdev(node)->dev,
					     &iteration, visit_below);
	if (!done && acs_guard_hides_any())
		done = acs_node_visit_hidden_below(node, reader, visit, data);
	return done;
}

/**
 * acs_node_visit_all() - visit all functions of the machine
 * @reader: the reader of the functions
 * @visit: called for each; not zero ends the visit
 * @data: for @visit
 *
 * Context: within acs_topology_read_lock().
 * Return: 0, or what @visit has returned.
 */
int acs_node_visit_all(struct acs_guard_reader *reader, acs_node_fn visit,
		       void *data)
{
	struct pci_dev *pdev = NULL;
	int done;

	for_each_pci_dev(pdev) {
		done = visit(acs_node_of(pdev), data);
		if (done) {
			pci_dev_put(pdev);
			return done;
		}
	}
	return acs_node_visit_hidden(reader, visit, data);
}
