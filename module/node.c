// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: struct pci_dev as a node of the engine
 *
 * The reader of struct pci_dev.  It finds functions and reads registers for the
 * engine, and judges nothing.
 *
 * Lifetimes, without a lock of the PCI core's: the caller holds the device (its
 * device lock while a driver binds or is bound, an attribute of it that is in
 * use, or, if it is no virtual function, a reference).  A device holds its bus,
 * and a bus the bridge above it, so the way up is valid.  What is beside the
 * path is found among the children of the bridge of a bus; the driver core
 * holds each child while it is visited.  What that does not hold (the PF of
 * another function, the host bridge of a domain) is valid until the removal of
 * the function is over, and the removal waits for walks.
 *
 * Because a removal waits for walks, a walk never resumes a device: see
 * power.c.
 */
#include <linux/pci.h>
#include <linux/srcu.h>

#include "acs_guard.h"
#include "node.h"

/* Walks under way, see above; entering one shares no cache line. */
DEFINE_STATIC_SRCU(walks);

/**
 * acs_guard_hold_functions() - keep what functions found elsewhere point to
 *
 * The removal of a function waits for the end of such a section.  So inside of
 * it nothing waits for a lock that a remover may hold, and nothing resumes a
 * device.
 *
 * Return: to be passed to acs_guard_let_go_functions().
 */
int acs_guard_hold_functions(void)
{
	const int hold = srcu_read_lock(&walks);

	/* Sparse wants lock and unlock in one function; these are two. */
	__release(&walks);
	return hold;
}

/**
 * acs_guard_let_go_functions() - the end of acs_guard_hold_functions()
 * @hold: what that returned
 */
void acs_guard_let_go_functions(int hold)
{
	__acquire(&walks);
	srcu_read_unlock(&walks, hold);
}

/**
 * acs_guard_await_walks() - wait for the walks that are under way
 *
 * After a function's BUS_NOTIFY_REMOVED_DEVICE no walk finds it any more, and
 * from the end of this on none looks at it.
 *
 * Context: process context; waits.
 */
void acs_guard_await_walks(void)
{
	synchronize_srcu_expedited(&walks);
}

u64 acs_guard_bdf(const struct pci_dev *pdev)
{
	return ACS_GUARD_BDF(pci_domain_nr(pdev->bus), pdev->bus->number,
			     pdev->devfn);
}

bool acs_guard_is_bridge(const struct pci_dev *pdev)
{
	return pdev->hdr_type == PCI_HEADER_TYPE_BRIDGE ||
	       pdev->hdr_type == PCI_HEADER_TYPE_CARDBUS;
}

/**
 * acs_guard_has_services() - is it there for ports, and not for data?
 * @pdev: the function
 *
 * Return: true for bridges of any kind and Root Complex Event Collectors, which
 * the kernel's own pcieport takes.
 */
bool acs_guard_has_services(struct pci_dev *pdev)
{
	return acs_guard_is_bridge(pdev) ||
	       (pci_is_pcie(pdev) && pci_pcie_type(pdev) == PCI_EXP_TYPE_RC_EC);
}

/**
 * acs_node_has_memory() - has a function memory BARs?
 * @node: the function
 *
 * Return: whether the PCI core found any.
 */
bool acs_node_has_memory(struct acs_node node)
{
	struct pci_dev *bridge = node.pdev;
	int i;

	if (!bridge)
		return node.hidden->memory;

	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (pci_resource_len(bridge, i) &&
		    pci_resource_flags(bridge, i) & IORESOURCE_MEM)
			return true;
	return false;
}

/**
 * acs_node_has_resources() - has a function BARs of any kind?
 * @node: the function
 *
 * Return: whether the PCI core found any.
 */
bool acs_node_has_resources(struct acs_node node)
{
	int i;

	for (i = 0; node.pdev && i < PCI_STD_NUM_BARS; i++)
		if (pci_resource_len(node.pdev, i))
			return true;
	return false;
}

/*
 * The function that a whole domain hides behind (a VMD endpoint), or NULL:
 * such a host bridge is a child of that function.
 */
static struct pci_dev *domain_owner(struct pci_dev *pdev)
{
	struct pci_bus *bus = pdev->bus;
	struct device *parent;

	while (!pci_is_root_bus(bus))
		bus = bus->parent;

	parent = bus->bridge->parent;
	return parent && dev_is_pci(parent) ? to_pci_dev(parent) : NULL;
}

/**
 * acs_node_real_dma() - the function that a whole domain is behind
 * @node: a function of that domain
 *
 * As pci_real_dma_dev() for what is below a VMD endpoint: DMA of @node has the
 * requester ID of that function.
 *
 * Return: that function, or none.
 */
struct acs_node acs_node_real_dma(struct acs_node node)
{
	return node.pdev ? acs_node_of(domain_owner(node.pdev)) :
			   acs_node_hidden_real_dma(node);
}

/**
 * acs_node_is_on_root_bus() - is no bridge above a function?
 * @node: the function
 */
bool acs_node_is_on_root_bus(struct acs_node node)
{
	return node.pdev ? pci_is_root_bus(node.pdev->bus) :
			   acs_node_hidden_is_on_root_bus(node);
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
bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value)
{
	if (!node.pdev)
		return acs_node_hidden_read(node, reader, where, value);
	return !pci_read_config_dword(node.pdev, where, value);
}

static int find_function(struct device *dev, void *data)
{
	return dev_is_pci(dev);
}

/**
 * acs_node_is_used() - is a function below a bridge?
 * @node: the bridge
 *
 * Return: true as well if that is not known.
 */
bool acs_node_is_used(struct acs_node node)
{
	if (!node.pdev && node.hidden->deep)
		return true;
	if (node.pdev &&
	    device_for_each_child(&node.pdev->dev, NULL, find_function))
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
 * @reader: what reads the functions
 * @visit: called for each function there, @node among them, and for each
 *	virtual function of a PF there; not zero ends the visit
 * @data: for @visit
 *
 * Context: within acs_guard_hold_functions().
 * Return: 0, or what @visit has returned.
 */
int acs_node_visit_bus(struct acs_node node, struct acs_guard_reader *reader,
		       acs_node_fn visit, void *data)
{
	struct iteration iteration = { .visit = visit, .data = data };
	int done;

	if (!node.pdev)
		return 0;
	done = device_for_each_child(node.pdev->bus->bridge, &iteration,
				     visit_function);
	if (!done && acs_guard_next_hidden(NULL))
		done = acs_node_visit_hidden_on_bus(node, reader, visit, data);
	return done;
}

/**
 * acs_node_visit_below() - visit the functions right below a function
 * @node: the function: a bridge, or the function that a domain is behind
 * @reader: what reads the functions
 * @visit: called for each function on the bus below @node; not zero ends the
 *	visit
 * @data: for @visit
 *
 * Context: within acs_guard_hold_functions().
 * Return: 0, or what @visit has returned.
 */
int acs_node_visit_below(struct acs_node node, struct acs_guard_reader *reader,
			 acs_node_fn visit, void *data)
{
	struct iteration iteration = { .visit = visit, .data = data };
	int done = 0;

	if (node.pdev)
		done = device_for_each_child(&node.pdev->dev, &iteration,
					     visit_below);
	if (!done && acs_guard_next_hidden(NULL))
		done = acs_node_visit_hidden_below(node, reader, visit, data);
	return done;
}

/**
 * acs_node_visit_all() - visit all functions of the machine
 * @reader: what reads the functions
 * @visit: called for each; not zero ends the visit
 * @data: for @visit
 *
 * Context: within acs_guard_hold_functions().
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

static int find_bus(struct device *dev, void *data)
{
	struct pci_bus **bus = data;

	if (!dev->class || strcmp(dev->class->name, "pci_bus"))
		return 0;
	*bus = to_pci_bus(get_device(dev));
	return 1;
}

static int find_domain(struct device *dev, void *data)
{
	return dev_is_pci(dev) ? 0 : device_for_each_child(dev, data, find_bus);
}

/**
 * acs_guard_get_bus_below() - the bus right below a function
 * @bridge: the function: a bridge, or one that a domain is behind; the caller
 *	holds it
 *
 * A pointer to that bus in @bridge would not stand: nothing that a caller can
 * hold keeps the PCI core from removing the bus.
 *
 * Return: the bus, with a reference on its device; NULL if there is none.
 */
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge)
{
	struct pci_bus *bus = NULL;

	if (!device_for_each_child(&bridge->dev, &bus, find_bus))
		device_for_each_child(&bridge->dev, &bus, find_domain);
	return bus;
}

static int find_address(struct device *dev, void *data)
{
	return dev_is_pci(dev) &&
	       acs_guard_bdf(to_pci_dev(dev)) == *(const u64 *)data;
}

/**
 * acs_guard_find_listed() - find a function that the kernel lists
 * @bdf: its address
 *
 * Context: within acs_guard_hold_functions(), and valid until its end.
 * Return: the function, without a reference; NULL if there is none.
 */
struct pci_dev *acs_guard_find_listed(u64 bdf)
{
	struct pci_dev *pdev =
		pci_get_domain_bus_and_slot(bdf >> 16, (u8)(bdf >> 8), (u8)bdf);

	pci_dev_put(pdev);
	return pdev;
}

/**
 * acs_guard_is_listed() - is a function among the children of a bridge?
 * @bridge: the device of the bridge or host bridge; the caller holds it
 * @bdf: the address of the function
 */
bool acs_guard_is_listed(struct device *bridge, u64 bdf)
{
	return device_for_each_child(bridge, &bdf, find_address);
}

static int find_device(struct device *dev, void *data)
{
	const u64 bdf = *(const u64 *)data;

	return dev_is_pci(dev) && !to_pci_dev(dev)->is_virtfn &&
	       acs_guard_bdf(to_pci_dev(dev)) >> 3 == bdf >> 3 &&
	       to_pci_dev(dev)->multifunction;
}

/**
 * acs_guard_lists_device() - is a function of a multi-function device listed?
 * @bridge: the device of the bridge or host bridge; the caller holds it
 * @bdf: the address of any function of the device, listed or not
 */
bool acs_guard_lists_device(struct device *bridge, u64 bdf)
{
	return device_for_each_child(bridge, &bdf, find_device);
}

/**
 * acs_guard_record() - what is kept of a function that is about to go
 * @pdev: the function, not a virtual one; the caller holds it
 * @record: where to keep it
 *
 * Context: process context.  Resumes nothing: the caller holds what a resume
 * may wait for.
 */
void acs_guard_record(struct pci_dev *pdev, struct acs_guard_hidden *record)
{
	struct acs_guard_reader reader = { .device = pdev };
	const struct acs_guard_function fn =
		acs_guard_function_of(acs_node_of(pdev), &reader, true);

	record->bdf = fn.bdf;
	record->parent = acs_guard_parent(pdev);
	record->id = (u32)pdev->device << 16 | pdev->vendor;
	record->type = fn.type;
	record->bridge = acs_guard_is_bridge(pdev);
	record->slot = !pci_is_pcie(pdev) ||
		       pcie_caps_reg(pdev) & PCI_EXP_FLAGS_SLOT;
	record->hotplug = pdev->is_hotplug_bridge;
	record->extended = pdev->cfg_size >= PCI_CFG_SPACE_EXP_SIZE;
	record->memory = acs_node_has_memory(acs_node_of(pdev));
	record->acs_cap = pci_is_pcie(pdev) ? pdev->acs_cap : 0;
	record->readable = fn.readable;
	record->cap = fn.cap;
	record->ctrl = fn.ctrl;
	acs_guard_let_sleep(&reader);
}

/**
 * acs_guard_parent() - what is right above a function, be it in another domain
 * @pdev: the function; the caller holds it
 *
 * Return: the address of that bridge, or of the function that the whole domain
 * is behind; %ACS_GUARD_NO_PARENT if there is none.
 */
u64 acs_guard_parent(struct pci_dev *pdev)
{
	struct pci_dev *above = pci_upstream_bridge(pdev);

	if (!above)
		above = domain_owner(pdev);
	return above ? acs_guard_bdf(above) : ACS_GUARD_NO_PARENT;
}

/**
 * acs_guard_describe() - what a report says about the function itself
 * @pdev: the function; the caller holds it
 * @subject: the answer
 */
void acs_guard_describe(struct pci_dev *pdev, struct acs_guard_subject *subject)
{
	*subject = (struct acs_guard_subject){
		.bdf = acs_guard_bdf(pdev),
		.vendor = pdev->vendor,
		.device = pdev->device,
		.group = acs_guard_group(pdev),
		.kobj = &pdev->dev.kobj,
	};
}
