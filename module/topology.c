// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the facts
 *
 * The only reader of struct pci_dev and of configuration space.  It finds the
 * functions that have a say about a device, reads of each what the rules ask
 * for, and hands them on one by one.  It judges nothing and allocates nothing.
 *
 * Lifetimes, without a lock of the PCI core's: whoever calls holds the device
 * (its lock while it has a driver or gets one, an attribute of it that is in
 * use, or, if it is no virtual function, a reference).  A device
 * holds its bus and a bus the bridge above it, so the way up stands.  What is
 * beside the path is found among the children of a bus's bridge; the driver
 * core holds each of them while it is looked at.  What that does not hold (the
 * PF of somebody's virtual function, the host bridge of somebody's domain)
 * stays until the removal of the function is over, and that waits for walks.
 *
 * Registers that software can change are read anew each time.  Where a
 * capability lies, and of what type a function is, cannot be changed by
 * software; the PCI core's copy of that is used.
 */
#include <linux/bitmap.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/srcu.h>

#include "acs_guard.h"
#include "compat.h"

/* Conventional bridges nest deeper than this nowhere that is understood. */
#define MAX_NESTING 8

/* A tour of what is below a root bus recurses, on the kernel's small stack. */
#define MAX_RECURSION 16

/* As many extended capabilities as there is room for. */
#define MAX_EXT_CAPS ((PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8)

/* CXL's DVSEC for devices, and what S3 asks of it. */
#define CXL_VENDOR 0x1e98
#define CXL_DEVICE_DVSEC 0
#define CXL_DEVICE_CTRL 0x0c
#define CXL_CACHE_ENABLE BIT(0)

/* All device and function numbers of a bus. */
#define NUM_DEVFNS 256

/* Walks under way, see above; entering one shares no cache line. */
DEFINE_STATIC_SRCU(walks);

/**
 * acs_guard_hold_functions() - keep what functions found elsewhere point to
 *
 * Inside it nothing may wait for somebody who adds or removes a device.
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

static u8 function_type(struct pci_dev *pdev)
{
	return pci_is_pcie(pdev) ? pci_pcie_type(pdev) :
				   ACS_GUARD_TYPE_CONVENTIONAL;
}

static bool is_type(struct pci_dev *pdev, u8 type)
{
	return pdev && function_type(pdev) == type;
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
	return acs_guard_is_bridge(pdev) || is_type(pdev, PCI_EXP_TYPE_RC_EC);
}

static bool is_port(struct pci_dev *pdev)
{
	return is_type(pdev, PCI_EXP_TYPE_ROOT_PORT) ||
	       is_type(pdev, PCI_EXP_TYPE_DOWNSTREAM);
}

/* Does a conventional bus begin or end at @bridge?  R1. */
static bool is_conventional(struct pci_dev *bridge)
{
	return is_type(bridge, ACS_GUARD_TYPE_CONVENTIONAL) ||
	       is_type(bridge, PCI_EXP_TYPE_PCI_BRIDGE) ||
	       is_type(bridge, PCI_EXP_TYPE_PCIE_BRIDGE);
}

/*
 * Root ports of Intel's 100, 200 and 300 series chipsets lay ACS out as
 * dwords: the control register is at +8, where others have the egress vector.
 */
static bool has_dword_acs(struct pci_dev *pdev)
{
	if (pdev->vendor != PCI_VENDOR_ID_INTEL ||
	    !is_type(pdev, PCI_EXP_TYPE_ROOT_PORT))
		return false;

	switch (pdev->device) {
	case 0xa110 ... 0xa11f:
	case 0xa167 ... 0xa16a:
	case 0xa290 ... 0xa29f:
	case 0xa2e7 ... 0xa2ee:
	case 0x9d10 ... 0x9d1b:
		return true;
	default:
		return false;
	}
}

/*
 * One dword.  All ones, in the whole or in a register of it, is what a device
 * that is gone or in reset answers: no ACS register has all its bits
 * implemented (7.7.11.2, 7.7.11.3).
 */
static bool read_config(struct pci_dev *pdev, int where, u32 *value)
{
	if (pci_read_config_dword(pdev, where, value))
		return false;
	return (u16)*value != U16_MAX && *value >> 16 != U16_MAX;
}

/*
 * All zeroes is an empty capability, or what some devices answer in reset: then
 * the capability's header is zero as well.
 */
static bool is_there(struct pci_dev *pdev)
{
	u32 header;

	return read_config(pdev, pdev->acs_cap, &header) &&
	       PCI_EXT_CAP_ID(header) == PCI_EXT_CAP_ID_ACS;
}

/* 7.7.11: the capability and control registers, by one read of the dword. */
static bool read_acs_registers(struct pci_dev *pdev,
			       struct acs_guard_function *fn)
{
	u32 value;

	if (!read_config(pdev, pdev->acs_cap + PCI_ACS_CAP, &value))
		return false;
	/* The device may have come out of reset between two of these reads. */
	if (!value && (!is_there(pdev) ||
		       !read_config(pdev, pdev->acs_cap + PCI_ACS_CAP, &value)))
		return false;

	fn->cap = value;
	fn->ctrl = value >> 16;
	if (!has_dword_acs(pdev))
		return true;

	if (!read_config(pdev, pdev->acs_cap + PCI_ACS_CAP + 4, &value))
		return false;
	fn->ctrl = value;
	return true;
}

/**
 * struct awake - what is kept from going to sleep
 * @dev: a device
 * @parent: its parent, or NULL
 */
struct awake {
	struct device *dev;
	struct device *parent;
};

/*
 * Registers can be read in any state but D3cold, if the bridges above are up:
 * only from there is a device woken, for what resumes has side effects (a guest
 * is told of it).  Nothing goes to sleep until put_awake().
 *
 * Return: who is held: the device, and, unless it is active and so keeps its
 * parent up by itself (no bridge ignores its children), that.
 */
static struct awake get_awake(struct pci_dev *pdev)
{
	struct device *dev = &pdev->dev;
	struct awake held = { .dev = dev };

	if (acs_guard_hold_active(dev))
		return held;

	held.parent = dev->parent;
	if (held.parent)
		pm_runtime_get_sync(held.parent);
	pm_runtime_get_noresume(dev);
	pm_runtime_barrier(dev);
	if (pdev->current_state == PCI_D3cold)
		pm_runtime_resume(dev);
	return held;
}

static void put_awake(struct awake held)
{
	pm_runtime_put(held.dev);
	if (held.parent)
		pm_runtime_put(held.parent);
}

static bool read_awake(struct pci_dev *pdev, struct acs_guard_function *fn)
{
	const struct awake held = get_awake(pdev);
	const bool readable = pdev->current_state != PCI_D3cold &&
			      !pci_channel_offline(pdev) &&
			      read_acs_registers(pdev, fn);

	put_awake(held);
	return readable;
}

static void read_acs(struct pci_dev *pdev, struct acs_guard_function *fn)
{
	if (!fn->readable || !pci_is_pcie(pdev))
		return;

	/* No way to the extended capabilities is no proof of their absence. */
	if (pdev->cfg_size < PCI_CFG_SPACE_EXP_SIZE) {
		fn->readable = false;
		return;
	}

	fn->acs = pdev->acs_cap;
	if (fn->acs)
		fn->readable = read_awake(pdev, fn);
}

/* The facts of @pdev; those in its ACS registers only if @registers. */
static struct acs_guard_function function_of(struct pci_dev *pdev,
					     bool registers)
{
	struct acs_guard_function fn = {
		.bdf = acs_guard_bdf(pdev),
		.vendor = pdev->vendor,
		.type = function_type(pdev),
		.readable = !pci_channel_offline(pdev),
	};

	if (registers)
		read_acs(pdev, &fn);
	return fn;
}

/**
 * acs_guard_facts() - the facts of one function, its ACS registers among them
 * @pdev: the function; the caller holds it
 *
 * Context: process context; may sleep (wakes the device for a read).
 */
struct acs_guard_function acs_guard_facts(struct pci_dev *pdev)
{
	return function_of(pdev, true);
}

/* Does it answer?  A virtual function has no ID of its own to ask for. */
static bool answers(struct pci_dev *pdev)
{
	u32 id;

	pdev = pci_physfn(pdev);
	return !pci_read_config_dword(pdev, PCI_VENDOR_ID, &id) &&
	       id == ((u32)pdev->device << 16 | pdev->vendor);
}

/*
 * Has @pdev an extended capability that is @wanted?  Unlike the PCI core's own
 * search, a list that cannot be read to its end may hold it.
 */
static bool may_have(struct pci_dev *pdev,
		     bool (*wanted)(struct pci_dev *pdev, int pos, u32 header))
{
	int pos = PCI_CFG_SPACE_SIZE, left = MAX_EXT_CAPS;
	u32 header;

	if (!pci_is_pcie(pdev))
		return false;
	if (pdev->cfg_size < PCI_CFG_SPACE_EXP_SIZE ||
	    pci_channel_offline(pdev))
		return true;

	for (; pos >= PCI_CFG_SPACE_SIZE; pos = PCI_EXT_CAP_NEXT(header)) {
		if (!left-- || pci_read_config_dword(pdev, pos, &header) ||
		    PCI_POSSIBLE_ERROR(header))
			return true;
		/* No header at all is an empty list, but only at its start. */
		if (!header)
			return pos != PCI_CFG_SPACE_SIZE || !answers(pdev);
		if (wanted(pdev, pos, header))
			return true;
	}
	return false;
}

/* S1: on or off. */
static bool is_ats(struct pci_dev *pdev, int pos, u32 header)
{
	return PCI_EXT_CAP_ID(header) == PCI_EXT_CAP_ID_ATS;
}

/* S3: CXL 3.0, 8.1.3: the DVSEC for devices, with CXL.cache enabled. */
static bool is_cxl_cache(struct pci_dev *pdev, int pos, u32 header)
{
	u32 vendor, id;
	u16 ctrl;

	if (PCI_EXT_CAP_ID(header) != PCI_EXT_CAP_ID_DVSEC)
		return false;
	if (!read_config(pdev, pos + PCI_DVSEC_HEADER1, &vendor) ||
	    pci_read_config_dword(pdev, pos + PCI_DVSEC_HEADER2, &id) ||
	    PCI_POSSIBLE_ERROR(id))
		return true;
	if (PCI_DVSEC_HEADER1_VID(vendor) != CXL_VENDOR ||
	    PCI_DVSEC_HEADER2_ID(id) != CXL_DEVICE_DVSEC)
		return false;
	return pci_read_config_word(pdev, pos + CXL_DEVICE_CTRL, &ctrl) ||
	       ctrl & CXL_CACHE_ENABLE;
}

/* S2: memory of a bridge's own, as far as the PCI core found any. */
static bool has_memory(struct pci_dev *bridge)
{
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (pci_resource_len(bridge, i) &&
		    pci_resource_flags(bridge, i) & IORESOURCE_MEM)
			return true;
	return false;
}

static bool has_base_address(struct pci_dev *pdev)
{
	u32 value;
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		if (pci_resource_len(pdev, i))
			return true;
		if (pci_read_config_dword(pdev, PCI_BASE_ADDRESS_0 + 4 * i,
					  &value) ||
		    value)
			return true;
	}
	return false;
}

static bool is_idle(struct pci_dev *pdev)
{
	u32 value;

	return !pci_read_config_dword(pdev, PCI_COMMAND, &value) &&
	       !(value & (PCI_COMMAND_MASTER | PCI_STATUS_CAP_LIST << 16));
}

/* In reset it reads as nothing, which would look idle. */
static bool is_still_host_bridge(struct pci_dev *pdev)
{
	u32 value;

	return !pci_read_config_dword(pdev, PCI_CLASS_REVISION, &value) &&
	       value >> 16 == PCI_CLASS_BRIDGE_HOST;
}

/*
 * AMD Zen has a host bridge that does nothing in the slot of its root ports.
 * It is one only while it cannot act: no capability, no BAR, no Bus Master.
 * Idleness is asked for twice, and that it is there at all in between, so that
 * one read that went wrong is not enough.
 */
static bool is_dummy(struct pci_dev *pdev)
{
	return pci_is_root_bus(pdev->bus) &&
	       pdev->class >> 8 == PCI_CLASS_BRIDGE_HOST && is_idle(pdev) &&
	       is_still_host_bridge(pdev) && !has_base_address(pdev) &&
	       is_idle(pdev);
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

/* Do two functions of one bus have a requester ID in common?  See R12. */
static bool shares_id(const struct pci_dev *a, const struct pci_dev *b)
{
	if (a->bus != b->bus)
		return false;
	if (a->dma_alias_mask && test_bit(b->devfn, a->dma_alias_mask))
		return true;
	if (b->dma_alias_mask && test_bit(a->devfn, b->dma_alias_mask))
		return true;
	return a->dma_alias_mask && b->dma_alias_mask &&
	       bitmap_intersects(a->dma_alias_mask, b->dma_alias_mask,
				 NUM_DEVFNS);
}

static struct pci_dev *topmost_conventional(struct pci_dev *pdev)
{
	struct pci_dev *bridge, *topmost = NULL;
	unsigned int depth = 0;

	for (bridge = pci_upstream_bridge(pdev);
	     bridge && depth++ < ACS_GUARD_MAX_DEPTH;
	     bridge = pci_upstream_bridge(bridge))
		if (is_conventional(bridge))
			topmost = bridge;
	return topmost;
}

/*
 * The function with whose requester ID traffic of @pdev leaves the bus that
 * function is on: a bridge between two conventional buses, or between a
 * conventional bus above and PCI Express below, is the requester for all that
 * is below it, as a VMD endpoint is.  (A PCIe-to-PCI bridge uses an ID of its
 * secondary bus, which nobody outside of that has.)
 */
static struct pci_dev *front_of(struct pci_dev *pdev, struct pci_dev *owner,
				struct pci_dev *segment)
{
	if (owner)
		return owner;
	if (!segment || is_type(segment, PCI_EXP_TYPE_PCI_BRIDGE))
		return pdev;
	return segment;
}

/* What is above, be it the owner of a domain. */
static struct pci_dev *next_above(struct pci_dev *pdev)
{
	struct pci_dev *above = pci_upstream_bridge(pdev);

	return above ? above : domain_owner(pdev);
}

/**
 * struct crowd - a search for company below a conventional bridge
 * @device: the function that would like to be alone there
 * @nesting: how many bridges below that bridge the search is
 */
struct crowd {
	const struct pci_dev *device;
	unsigned int nesting;
};

/* Return: nonzero if @dev, or something below it, is another function. */
static int find_company(struct device *dev, void *data)
{
	struct crowd *crowd = data;
	struct pci_dev *pdev;
	int found;

	if (!dev_is_pci(dev))
		return 0;

	pdev = to_pci_dev(dev);
	if (pdev == crowd->device)
		return 0;
	if (!acs_guard_is_bridge(pdev))
		return 1;
	if (crowd->nesting == MAX_NESTING)
		return 1;

	crowd->nesting++;
	found = device_for_each_child(dev, crowd, find_company);
	crowd->nesting--;
	return found;
}

static bool is_crowded(struct pci_dev *bridge, const struct pci_dev *device)
{
	struct crowd crowd = { .device = device };

	return device_for_each_child(&bridge->dev, &crowd, find_company);
}

/**
 * struct walk - one walk from a device up to the root complex
 * @device: the device being judged
 * @node: the function of the path that is being looked at; at place 0 the
 *	device, or the PF of one that is virtual
 * @above: the bridge above @node, or NULL
 * @internal: they are on a switch-internal bus
 * @conventional: they are on a conventional bus
 * @link: they are on a link, which leads to one device
 * @bearer: whose requester ID others there must not have, or NULL
 * @segment: the topmost conventional bridge of the path, or NULL
 * @front: who gives @device its requester ID
 * @place: how far up @node is
 * @mates: how many other functions @node's device has
 * @vfs: how many virtual functions it has, @device aside
 * @sibling_memory: another Downstream Port beside @node has memory of its own
 * @ats: @device, or its PF, has an ATS capability
 * @policy: how much is demanded; what only a strict one asks for, costs only
 *	then
 * @verdict: where the facts go
 */
struct walk {
	struct pci_dev *device;
	struct pci_dev *node;
	struct pci_dev *above;
	bool internal;
	bool conventional;
	bool link;
	const struct pci_dev *bearer;
	struct pci_dev *segment;
	struct pci_dev *front;
	unsigned int place;
	unsigned int mates;
	unsigned int vfs;
	bool sibling_memory;
	bool ats;
	const struct acs_guard_policy *policy;
	struct acs_guard_verdict *verdict;
};

static void step(struct walk *walk, struct pci_dev *pdev, bool registers,
		 struct acs_guard_hop *hop)
{
	hop->fn = function_of(pdev, registers);
	hop->place = walk->place;
	acs_guard_verdict_step(walk->verdict, walk->policy, hop);
}

static bool same_slot(const struct pci_dev *a, const struct pci_dev *b)
{
	return PCI_SLOT(a->devfn) == PCI_SLOT(b->devfn);
}

/*
 * Is @pdev, on the same bus as @node, a function of the same device?  A link
 * leads to one device, whose functions may use all numbers (ARI, 6.13).
 */
static bool same_device(const struct pci_dev *node, struct pci_dev *above,
			const struct pci_dev *pdev)
{
	return is_port(above) || same_slot(node, pdev);
}

/*
 * 6.12.1.2: a virtual function without ACS has no peer-to-peer traffic but what
 * its PF's registers control, if that has any.
 */
static struct pci_dev *speaker(struct pci_dev *pdev)
{
	struct pci_dev *pf = pci_physfn(pdev);

	return pdev->acs_cap || !pf->acs_cap ? pdev : pf;
}

static bool is_virtual_walk(const struct walk *walk)
{
	return walk->device->is_virtfn && !walk->place;
}

static void step_mate(struct walk *walk, struct pci_dev *pdev)
{
	struct acs_guard_hop hop = {
		.role = walk->place ? ACS_GUARD_BRIDGE_MATE :
				      ACS_GUARD_DEVICE_MATE,
		.only_virtual = pdev->is_virtfn || is_virtual_walk(walk),
	};

	if (pdev->is_virtfn)
		walk->vfs++;
	else
		walk->mates++;
	if (speaker(pdev) == pdev)
		step(walk, pdev, true, &hop);
}

static void step_sibling(struct walk *walk, struct pci_dev *pdev)
{
	struct acs_guard_hop hop = {
		.role = ACS_GUARD_SIBLING,
		.shared = same_slot(walk->node, pdev),
		.internal = true,
	};

	if (walk->policy->strict && is_type(pdev, PCI_EXP_TYPE_DOWNSTREAM) &&
	    has_memory(pdev))
		walk->sibling_memory = true;
	step(walk, pdev, true, &hop);
}

static void step_alias(struct walk *walk, struct pci_dev *pdev)
{
	struct acs_guard_hop hop = { .role = ACS_GUARD_SHARED_ID };

	step(walk, pdev, false, &hop);
}

/*
 * Does @pdev, on the bus of @walk's node or below the same bridge, have a say
 * there?  A virtual function may have another bus; its PF tells where it is.
 * What shares a conventional segment is all one, see is_crowded().
 */
static bool is_beside(const struct walk *walk, struct pci_dev *pdev)
{
	struct pci_dev *pf = pci_physfn(pdev);

	if (walk->conventional || pf->bus != walk->node->bus)
		return false;
	return walk->internal || walk->link || same_slot(walk->node, pf);
}

/* On a switch-internal bus; virtual functions go with their PF. */
static void visit_internal(struct walk *walk, struct pci_dev *pdev)
{
	if (pdev->is_virtfn)
		return;
	walk->mates += same_slot(walk->node, pdev);
	step_sibling(walk, pdev);
}

/* Apart from the question who is one, since most are not. */
static noinline_for_stack void visit_company(struct walk *walk,
					     struct pci_dev *pdev)
{
	if (walk->bearer && shares_id(walk->bearer, pdev) && !is_dummy(pdev))
		step_alias(walk, pdev);
	if (!is_beside(walk, pdev))
		return;
	if (walk->internal)
		visit_internal(walk, pdev);
	else if (!is_dummy(pdev))
		step_mate(walk, pdev);
}

/* A child of the bridge whose bus @data is at; most are none of its business. */
static int visit_neighbour(struct device *dev, void *data)
{
	struct walk *walk = data;
	struct pci_dev *pdev;

	if (!dev_is_pci(dev))
		return 0;

	pdev = to_pci_dev(dev);
	if (pdev == walk->node || pdev == walk->device)
		return 0;
	if (walk->bearer || is_beside(walk, pdev))
		visit_company(walk, pdev);
	return 0;
}

/*
 * R12: a function bears its own requester ID where it stands, and that of its
 * front where that puts its own in the place.
 */
static const struct pci_dev *bearer_of(const struct walk *walk)
{
	if (!walk->place)
		return walk->device;
	return walk->node == walk->front ? walk->front : NULL;
}

/* Is it known that nobody on the bus has a say? */
static bool needs_no_look(const struct walk *walk)
{
	if (walk->bearer || walk->internal || walk->link)
		return false;
	return walk->conventional || acs_guard_stands_alone(walk->node);
}

/* Where does @walk stand, and beside whom? */
static void arrive(struct walk *walk)
{
	struct pci_dev *above = pci_upstream_bridge(walk->node);

	walk->mates = 0;
	walk->vfs = 0;
	walk->sibling_memory = false;
	walk->above = above;
	walk->internal = is_type(above, PCI_EXP_TYPE_UPSTREAM);
	walk->conventional = is_conventional(above);
	walk->link = is_port(above);
	walk->bearer = bearer_of(walk);
	if (!needs_no_look(walk))
		device_for_each_child(walk->node->bus->bridge, walk,
				      visit_neighbour);
}

static bool may_have_awake(struct pci_dev *pdev,
			   bool (*wanted)(struct pci_dev *pdev, int pos,
					  u32 header))
{
	const struct awake held = get_awake(pdev);
	const bool may = may_have(pdev, wanted);

	put_awake(held);
	return may;
}

/* The facts that only S1 to S3 ask for. */
static void add_strict_facts(struct walk *walk, struct acs_guard_hop *hop)
{
	if (!walk->policy->strict)
		return;
	if (!walk->place) {
		walk->ats = may_have_awake(walk->device, is_ats) ||
			    may_have_awake(walk->node, is_ats);
		hop->cxl_cache = may_have_awake(walk->node, is_cxl_cache);
		return;
	}
	if (!is_port(walk->node))
		return;

	hop->ats = walk->ats;
	hop->sibling_memory = walk->sibling_memory;
	hop->upstream_memory = walk->internal && has_memory(walk->above);
}

static void step_node(struct walk *walk)
{
	struct acs_guard_hop hop = {
		.role = walk->place ? ACS_GUARD_BRIDGE : ACS_GUARD_DEVICE,
		.shared = walk->mates || walk->vfs,
		.only_virtual = !walk->mates,
		.internal = walk->internal,
		.crowded = walk->node == walk->segment &&
			   is_crowded(walk->node, walk->device),
	};
	const bool registers = hop.shared ||
			       (walk->place && is_port(walk->node));

	add_strict_facts(walk, &hop);
	step(walk, walk->node, registers, &hop);
}

/* F is a virtual function: its PF stands where F does, and has a say. */
static void step_virtual(struct walk *walk)
{
	const bool speaks = speaker(walk->device) == walk->device;
	struct acs_guard_hop vf = {
		.role = ACS_GUARD_DEVICE,
		.shared = speaks,
		.only_virtual = true,
	};
	struct acs_guard_hop pf = {
		.role = ACS_GUARD_DEVICE_MATE,
		.only_virtual = true,
		.internal = walk->internal,
	};

	if (shares_id(walk->device, walk->node))
		step_alias(walk, walk->node);
	add_strict_facts(walk, &pf);
	step(walk, walk->device, speaks, &vf);
	step(walk, walk->node, true, &pf);
}

static void visit_place(struct walk *walk)
{
	arrive(walk);
	if (is_virtual_walk(walk))
		step_virtual(walk);
	else
		step_node(walk);
}

/* The walk cannot go on: name the place, and leave the verdict without end. */
static void give_up(struct walk *walk)
{
	struct acs_guard_hop hop = { .role = ACS_GUARD_LOST };

	step(walk, walk->node, false, &hop);
}

static int visit_tenant(struct device *dev, void *data)
{
	if (dev_is_pci(dev) && !to_pci_dev(dev)->is_virtfn)
		step_alias(data, to_pci_dev(dev));
	return 0;
}

/*
 * R12 from the other side: a host bridge among the children of the device being
 * judged, and what is on the root bus of the domain behind it.
 */
static int visit_domain(struct device *dev, void *data)
{
	return dev_is_pci(dev) ? 0 :
				 device_for_each_child(dev, data, visit_tenant);
}

static void climb_to_root(struct walk *walk)
{
	struct pci_dev *owner;

	for (;;) {
		visit_place(walk);
		if (!walk->above)
			break;
		if (++walk->place > ACS_GUARD_MAX_DEPTH)
			return give_up(walk);
		walk->node = walk->above;
	}
	if (!pci_is_root_bus(walk->node->bus))
		return give_up(walk);

	walk->place = 0;
	owner = domain_owner(walk->device);
	if (owner)
		step_alias(walk, owner);
	device_for_each_child(&walk->device->dev, walk, visit_domain);
	acs_guard_verdict_end(walk->verdict);
}

/**
 * acs_guard_examine() - judge a function by its registers of this moment
 * @pdev: the function; the caller holds it
 * @policy: how much is demanded
 * @verdict: the answer
 *
 * Reads one dword of configuration space a function that has a say (and, with a
 * strict policy, the lists of extended capabilities of @pdev): each port above
 * @pdev, each port beside one of those on a switch-internal bus, and the
 * functions of multi-function devices.  Does not allocate.
 *
 * Context: process context; may sleep (wakes devices for a read).  May be
 * called with the device lock held; takes no lock of the PCI core's.
 */
void acs_guard_examine(struct pci_dev *pdev,
		       const struct acs_guard_policy *policy,
		       struct acs_guard_verdict *verdict)
{
	struct pci_dev *segment = topmost_conventional(pdev);
	struct walk walk = {
		.device = pdev,
		.node = pci_physfn(pdev),
		.segment = segment,
		.front = front_of(pdev, domain_owner(pdev), segment),
		.policy = policy,
		.verdict = verdict,
	};
	const int hold = acs_guard_hold_functions();

	acs_guard_verdict_begin(verdict, acs_guard_bdf(pdev));
	climb_to_root(&walk);
	acs_guard_let_go_functions(hold);
}

static struct pci_dev *get_by_bdf(u64 bdf)
{
	return pci_get_domain_bus_and_slot(bdf >> 16, (u8)(bdf >> 8), (u8)bdf);
}

static bool hold_reset(struct acs_guard_rest *rest, struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < rest->num_held; i++)
		if (rest->held[i] == pdev)
			return true;
	/* Error recovery holds nothing that could be tried. */
	if (pdev->error_state == pci_channel_io_frozen ||
	    !pci_cfg_access_trylock(pdev))
		return false;
	rest->held[rest->num_held++] = pdev;
	return true;
}

/**
 * acs_guard_hold_resets() - are a function, and who is to blame, not in reset?
 * @pdev: the function; its device lock is held
 * @blocker: the address of who is to blame
 * @rest: to be passed to acs_guard_let_resets()
 *
 * If they are not, nobody resets one of them, or the PF of one, until
 * acs_guard_let_resets(), but for error recovery.  Waits for nobody.
 *
 * Context: process context, within acs_guard_hold_functions(); between the two
 * calls one verdict at most, since others give up, or wait with their config
 * accesses, when they find this held.
 * Return: false if one of them is in reset, or gone, and nothing is held.
 */
bool acs_guard_hold_resets(struct pci_dev *pdev, u64 blocker,
			   struct acs_guard_rest *rest)
{
	*rest = (struct acs_guard_rest){ .blocker = get_by_bdf(blocker) };
	if (rest->blocker && hold_reset(rest, pdev) &&
	    hold_reset(rest, pci_physfn(pdev)) &&
	    hold_reset(rest, rest->blocker) &&
	    hold_reset(rest, pci_physfn(rest->blocker)))
		return true;

	acs_guard_let_resets(rest);
	return false;
}

/**
 * acs_guard_let_resets() - the end of acs_guard_hold_resets()
 * @rest: what that filled in
 */
void acs_guard_let_resets(struct acs_guard_rest *rest)
{
	while (rest->num_held)
		pci_cfg_access_unlock(rest->held[--rest->num_held]);
	pci_dev_put(rest->blocker);
	rest->blocker = NULL;
}

static unsigned int depth_of(struct pci_dev *pdev)
{
	unsigned int depth = 0;

	while (depth <= ACS_GUARD_MAX_DEPTH) {
		pdev = next_above(pdev);
		if (!pdev)
			break;
		depth++;
	}
	return depth;
}

static struct pci_dev *climb(struct pci_dev *pdev, unsigned int levels)
{
	while (levels--)
		pdev = next_above(pdev);
	return pdev;
}

/* Is it one requester ID for both, by whatever cause?  R1, R12. */
static bool share_identity(const struct acs_guard_side *side,
			   struct pci_dev *other)
{
	struct pci_dev *segment = topmost_conventional(other);
	struct pci_dev *owner = domain_owner(other);

	if (segment && segment == side->segment)
		return true;
	if (side->owner && (side->owner == other || side->owner == owner))
		return true;
	return owner == side->pdev || shares_id(side->pdev, other) ||
	       shares_id(side->front, front_of(other, owner, segment));
}

static enum acs_guard_ground ground_of(struct pci_dev *a, struct pci_dev *b)
{
	struct pci_dev *above = pci_upstream_bridge(a);

	if (is_type(above, PCI_EXP_TYPE_UPSTREAM))
		return ACS_GUARD_SWITCH;
	/* What any other bridge keeps apart, nobody knows. */
	if (above && !is_port(above))
		return ACS_GUARD_SEGMENT;
	return same_device(a, above, b) ? ACS_GUARD_ONE_DEVICE :
					  ACS_GUARD_APART;
}

/* Is there a port above @pdev that sends back down what comes up? */
static bool is_sent_back(struct pci_dev *pdev)
{
	struct acs_guard_function port;

	while ((pdev = next_above(pdev))) {
		if (!is_port(pdev))
			continue;
		port = function_of(pdev, true);
		if (acs_guard_sends_back(&port))
			return true;
	}
	return false;
}

/* Return: nonzero if @dev is of the device that @data is of, and admits. */
static int find_admission(struct device *dev, void *data)
{
	struct pci_dev *node = data, *pdev;
	struct acs_guard_function fn;

	if (!dev_is_pci(dev))
		return 0;
	pdev = to_pci_dev(dev);
	if (pci_physfn(pdev)->bus != node->bus ||
	    !same_device(node, pci_upstream_bridge(node), pci_physfn(pdev)))
		return 0;

	fn = function_of(pdev, true);
	return acs_guard_admits(&fn);
}

/* Does a port on the way from @pdev to @node stop translated requests? */
static bool is_blocked(struct pci_dev *pdev, struct pci_dev *node)
{
	struct acs_guard_function port;

	for (pdev = pci_physfn(pdev); pdev != node; pdev = next_above(pdev)) {
		if (!is_port(pdev))
			continue;
		port = function_of(pdev, true);
		if (acs_guard_blocks(&port))
			return true;
	}
	return false;
}

static bool stands_virtual(struct pci_dev *pdev, struct pci_dev *node)
{
	return pdev->is_virtfn && node == pci_physfn(pdev);
}

/* Where paths meet stands the function itself, or who speaks for it. */
static struct pci_dev *standing(struct pci_dev *pdev, struct pci_dev *node)
{
	return node == pci_physfn(pdev) ? speaker(pdev) : node;
}

/* The facts of one side as it stands at @node; read once for all it meets. */
static void stand_at(struct acs_guard_side *side, struct pci_dev *node)
{
	if (side->node == node)
		return;
	side->node = node;
	side->fn = function_of(standing(side->pdev, node), true);
	side->blocked = is_blocked(side->pdev, node);
	side->sent_back = is_sent_back(node);
	side->asked = false;
}

static bool device_admits(struct acs_guard_side *side)
{
	struct device *bridge = side->node->bus->bridge;

	if (!side->asked)
		side->admits = device_for_each_child(bridge, side->node,
						     find_admission);
	side->asked = true;
	return side->admits;
}

/* The facts of two functions that meet as @a and @b, on one bus. */
static void meet_at(struct acs_guard_side *side, struct pci_dev *a,
		    struct pci_dev *other, struct pci_dev *b,
		    struct acs_guard_meeting *meeting)
{
	stand_at(side, a);
	meeting->mine = side->fn;
	meeting->theirs = function_of(standing(other, b), true);
	meeting->mine_blocked = side->blocked;
	meeting->theirs_blocked = is_blocked(other, b);
	meeting->only_virtual = stands_virtual(side->pdev, a) ||
				stands_virtual(other, b);
	meeting->admits = meeting->only_virtual && device_admits(side);
	meeting->sent_back = side->sent_back;
}

/**
 * acs_guard_take_side() - get ready to see whom a function meets
 * @side: to be passed to acs_guard_meet()
 * @pdev: the function; the caller holds it
 *
 * Context: within acs_guard_hold_functions(), and @side is of no use after it.
 */
void acs_guard_take_side(struct acs_guard_side *side, struct pci_dev *pdev)
{
	struct pci_dev *segment = topmost_conventional(pdev);
	struct pci_dev *owner = domain_owner(pdev);

	*side = (struct acs_guard_side){
		.pdev = pdev,
		.segment = segment,
		.owner = owner,
		.front = front_of(pdev, owner, segment),
		.depth = depth_of(pci_physfn(pdev)),
	};
}

/**
 * acs_guard_meet() - where do the paths of two functions meet?
 * @side: one function, with what has been read for it so far
 * @other: another function; the caller holds it
 * @meeting: the answer
 *
 * Context: as acs_guard_examine(), within acs_guard_hold_functions().
 */
void acs_guard_meet(struct acs_guard_side *side, struct pci_dev *other,
		    struct acs_guard_meeting *meeting)
{
	struct pci_dev *pf = pci_physfn(side->pdev);
	struct pci_dev *a = pf, *b = pci_physfn(other);
	const unsigned int depth_b = depth_of(b);
	const unsigned int common = min(side->depth, depth_b);

	/* Nor is it known where they meet if one is too far down to count. */
	meeting->ground = ACS_GUARD_SEGMENT;
	if (share_identity(side, other) ||
	    max(side->depth, depth_b) > ACS_GUARD_MAX_DEPTH)
		return;

	a = climb(a, side->depth - common);
	b = climb(b, depth_b - common);
	while (a && b && a->bus != b->bus) {
		a = next_above(a);
		b = next_above(b);
	}

	/* One above the other do not meet; one and its PF are one device. */
	meeting->ground = ACS_GUARD_APART;
	if (!a || !b || (a == b && (a != pf || b != pci_physfn(other))))
		return;

	meeting->ground = ground_of(a, b);
	if (meeting->ground != ACS_GUARD_APART)
		meet_at(side, a, other, b, meeting);
}

/**
 * struct tour - a look at all functions that another may meet
 * @root: the topmost function of that one's path, be it in another domain
 * @device: that one
 * @visit: called for each; not zero ends the tour
 * @data: for @visit
 * @nesting: how far below the root bus it is
 */
struct tour {
	struct pci_dev *root;
	struct pci_dev *device;
	int (*visit)(struct pci_dev *pdev, void *data);
	void *data;
	unsigned int nesting;
};

/* No answer of a visitor's: the tour would need too much stack. */
#define TOO_DEEP 2

static int tour_below(struct device *dev, void *data);

/* A child of a host bridge below a function; of anything else it has none. */
static int tour_tenant(struct device *dev, void *data)
{
	return dev_is_pci(dev) ? tour_below(dev, data) : 0;
}

static int tour_children(struct device *dev, struct tour *tour)
{
	if (dev_is_pci(dev))
		return device_for_each_child(dev, tour, tour_below);
	return device_for_each_child(dev, tour, tour_tenant);
}

static int tour_below(struct device *dev, void *data)
{
	struct tour *tour = data;
	int done = 0;

	if (tour->nesting == MAX_RECURSION)
		return TOO_DEEP;
	if (dev_is_pci(dev))
		done = tour->visit(to_pci_dev(dev), tour->data);
	if (done)
		return done;

	tour->nesting++;
	done = tour_children(dev, tour);
	tour->nesting--;
	return done;
}

/* Can what is below one function of a root bus meet what is below another? */
static bool are_akin(struct pci_dev *root, struct pci_dev *pdev)
{
	struct pci_dev *pf = pci_physfn(pdev);

	return (pf->bus == root->bus && same_slot(pf, root)) ||
	       shares_id(root, pdev);
}

/* A child of the host bridge. */
static int tour_root(struct device *dev, void *data)
{
	struct tour *tour = data;

	if (!dev_is_pci(dev) || (!are_akin(tour->root, to_pci_dev(dev)) &&
				 !shares_id(tour->device, to_pci_dev(dev))))
		return 0;
	return tour_below(dev, data);
}

static int tour_nearby(struct pci_dev *pdev,
		       int (*visit)(struct pci_dev *pdev, void *data),
		       void *data)
{
	struct pci_dev *root = pci_physfn(pdev), *above;
	struct tour tour = { .device = pdev, .visit = visit, .data = data };

	while ((above = next_above(root)))
		root = above;
	tour.root = root;
	return device_for_each_child(root->bus->bridge, &tour, tour_root);
}

static int pass_by(struct pci_dev *pdev, void *data)
{
	return 0;
}

static int tour_machine(int (*visit)(struct pci_dev *pdev, void *data),
			void *data)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		if (visit(pdev, data)) {
			pci_dev_put(pdev);
			return 1;
		}
	}
	return 0;
}

/**
 * acs_guard_visit_near() - go through all functions that one may meet
 * @pdev: that one; the caller holds it
 * @visit: called for each of them, bridges and @pdev among them, and for some
 *	that it does not meet; returns 1 to end it, or 0
 * @data: for @visit
 *
 * Paths meet below one function of a root bus, or below two of one device or
 * with a requester ID in common there.  What is below others is passed over,
 * however large the machine is (and though it be too deep to be understood).
 * One that is being added is met once its parent lists it, a moment after its
 * uevent.
 *
 * Context: process context, within acs_guard_hold_functions().  A function may
 * be visited twice if another comes or goes meanwhile.
 * Return: whether @visit has ended it.
 */
bool acs_guard_visit_near(struct pci_dev *pdev,
			  int (*visit)(struct pci_dev *pdev, void *data),
			  void *data)
{
	int done = tour_nearby(pdev, pass_by, NULL);

	if (done != TOO_DEEP)
		done = tour_nearby(pdev, visit, data);
	if (done == TOO_DEEP)
		done = tour_machine(visit, data);
	return done;
}

/**
 * acs_guard_can_be_exposed() - does it issue or take anything that counts?
 * @pdev: the function; the caller holds it
 *
 * Return: false for bridges and dummy host bridges.
 */
bool acs_guard_can_be_exposed(struct pci_dev *pdev)
{
	return !acs_guard_is_bridge(pdev) && !is_dummy(pdev);
}

/**
 * acs_guard_has_slot() - may something be plugged in below it?
 * @pdev: the function; the caller holds it
 *
 * Return: true for a bridge with a hot-plug slot.
 */
bool acs_guard_has_slot(struct pci_dev *pdev)
{
	return pdev->is_hotplug_bridge;
}

/**
 * acs_guard_group() - the IOMMU group of a function
 * @pdev: the function; the caller holds it
 *
 * Return: the group's number, or negative if it has none.
 */
int acs_guard_group(struct pci_dev *pdev)
{
	struct iommu_group *group = iommu_group_get(&pdev->dev);
	const int id = group ? iommu_group_id(group) : -1;

	iommu_group_put(group);
	return id;
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

static bool matches_id(const struct pci_dev *pdev,
		       const struct acs_guard_pattern *pattern)
{
	if (pdev->vendor != pattern->id[0] || pdev->device != pattern->id[1])
		return false;
	return pattern->num_ids == 2 ||
	       (pdev->subsystem_vendor == pattern->id[2] &&
		pdev->subsystem_device == pattern->id[3]);
}

/**
 * acs_guard_is_at() - is this function in the place that a parameter names?
 * @pdev: the function; the caller holds it
 * @pattern: the parameter's word, with a path
 */
bool acs_guard_is_at(struct pci_dev *pdev,
		     const struct acs_guard_pattern *pattern)
{
	unsigned int i = pattern->num_devfn;

	/* A virtual function's own number says nothing about its path. */
	while (pdev && i--) {
		if (pdev->devfn != pattern->devfn[i])
			return false;
		if (!i)
			return pdev->bus->number == pattern->bus &&
			       pci_domain_nr(pdev->bus) == pattern->domain;
		pdev = pci_upstream_bridge(pdev);
	}
	return false;
}

/**
 * acs_guard_matches() - is this the device that a parameter names?
 * @pdev: the function; the caller holds it
 * @pattern: the parameter's word for it
 */
bool acs_guard_matches(struct pci_dev *pdev,
		       const struct acs_guard_pattern *pattern)
{
	if (pattern->num_ids && !matches_id(pdev, pattern))
		return false;
	return pattern->by_id || acs_guard_is_at(pdev, pattern);
}
