// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the facts
 *
 * The only reader of struct pci_dev and of configuration space.  It finds the
 * functions that have a say about a device, reads of each what the rules ask
 * for, and hands them on one by one.  It judges nothing and allocates nothing.
 *
 * Lifetimes, without a lock of the PCI core's: whoever calls holds the device
 * (its lock, a reference, or an attribute of it that is in use).  A device
 * holds its bus and a bus the bridge above it, so the way up stands.  What is
 * beside the path is found among the children of a bus's bridge; the driver
 * core holds each of them while it is looked at.
 *
 * Registers that software can change are read anew each time.  Where a
 * capability lies, and of what type a function is, cannot be changed by
 * software; the PCI core's copy of that is used.
 */
#include <linux/bitmap.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "acs_guard.h"

/* Conventional bridges nest deeper than this nowhere that is understood. */
#define MAX_NESTING 8

/* All device and function numbers of a bus. */
#define NUM_DEVFNS 256

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
	if (!value && !is_there(pdev))
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

/*
 * Registers can be read in any state but D3cold, if the bridges above are up:
 * only from there is a device woken, for what resumes has side effects (a guest
 * is told of it).  Nothing goes to sleep until put_awake().
 */
static void get_awake(struct pci_dev *pdev)
{
	struct device *dev = &pdev->dev;

	if (dev->parent)
		pm_runtime_get_sync(dev->parent);
	pm_runtime_get_noresume(dev);
	pm_runtime_barrier(dev);
	if (pdev->current_state == PCI_D3cold)
		pm_runtime_resume(dev);
}

static void put_awake(struct pci_dev *pdev)
{
	struct device *dev = &pdev->dev;

	pm_runtime_put(dev);
	if (dev->parent)
		pm_runtime_put(dev->parent);
}

static bool read_awake(struct pci_dev *pdev, struct acs_guard_function *fn)
{
	bool readable;

	get_awake(pdev);
	readable = pdev->current_state != PCI_D3cold &&
		   !pci_channel_offline(pdev) && read_acs_registers(pdev, fn);
	put_awake(pdev);
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

/*
 * AMD Zen has a host bridge that does nothing in the slot of its root ports.
 * It is one only while it cannot act: no capability, no BAR, no Bus Master.
 */
static bool is_dummy(struct pci_dev *pdev)
{
	u32 value;

	if (!pci_is_root_bus(pdev->bus) ||
	    pdev->class >> 8 != PCI_CLASS_BRIDGE_HOST)
		return false;
	if (pci_read_config_dword(pdev, PCI_COMMAND, &value))
		return false;
	if (value & (PCI_COMMAND_MASTER | PCI_STATUS_CAP_LIST << 16))
		return false;
	return !has_base_address(pdev);
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
 * @segment: the topmost conventional bridge of the path, or NULL
 * @place: how far up @node is
 * @mates: how many other functions @node's device has
 * @verdict: where the facts go
 */
struct walk {
	struct pci_dev *device;
	struct pci_dev *node;
	struct pci_dev *above;
	struct pci_dev *segment;
	unsigned int place;
	unsigned int mates;
	struct acs_guard_verdict *verdict;
};

static void step(struct walk *walk, struct pci_dev *pdev, bool registers,
		 struct acs_guard_hop *hop)
{
	hop->fn = function_of(pdev, registers);
	hop->place = walk->place;
	acs_guard_verdict_step(walk->verdict, hop);
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

static void step_mate(struct walk *walk, struct pci_dev *pdev)
{
	struct acs_guard_hop hop = {
		.role = walk->place ? ACS_GUARD_BRIDGE_MATE :
				      ACS_GUARD_DEVICE_MATE,
	};

	if (walk->device->is_virtfn && !walk->place) {
		if (!pdev->is_physfn)
			return;
		hop.role = ACS_GUARD_PF;
	}
	step(walk, pdev, true, &hop);
}

static void step_sibling(struct walk *walk, struct pci_dev *pdev)
{
	struct acs_guard_hop hop = {
		.role = ACS_GUARD_SIBLING,
		.shared = same_slot(walk->node, pdev),
		.internal = true,
	};

	step(walk, pdev, true, &hop);
}

static void step_alias(struct walk *walk, struct pci_dev *pdev)
{
	struct acs_guard_hop hop = { .role = ACS_GUARD_SHARED_ID };

	step(walk, pdev, false, &hop);
}

/* A child of the bridge whose bus @data is at; most are none of its business. */
static int visit_neighbour(struct device *dev, void *data)
{
	struct walk *walk = data;
	struct pci_dev *pdev;

	if (!dev_is_pci(dev))
		return 0;

	pdev = to_pci_dev(dev);
	if (pdev == walk->node || pdev->bus != walk->node->bus ||
	    pdev->is_virtfn)
		return 0;

	if (!walk->place && shares_id(walk->device, pdev))
		step_alias(walk, pdev);

	if (is_type(walk->above, PCI_EXP_TYPE_UPSTREAM)) {
		walk->mates += same_slot(walk->node, pdev);
		step_sibling(walk, pdev);
		return 0;
	}

	/* What shares a conventional segment is all one, see is_crowded(). */
	if (is_conventional(walk->above) ||
	    !same_device(walk->node, walk->above, pdev) || is_dummy(pdev))
		return 0;

	walk->mates++;
	step_mate(walk, pdev);
	return 0;
}

static void step_virtual(struct walk *walk)
{
	struct acs_guard_hop vf = { .role = ACS_GUARD_VF };
	struct acs_guard_hop pf = {
		.role = ACS_GUARD_PF,
		.internal = is_type(walk->above, PCI_EXP_TYPE_UPSTREAM),
	};

	if (shares_id(walk->device, walk->node))
		step_alias(walk, walk->node);
	step(walk, walk->device, true, &vf);
	step(walk, walk->node, true, &pf);
}

static void step_node(struct walk *walk)
{
	struct acs_guard_hop hop = {
		.role = walk->place ? ACS_GUARD_BRIDGE : ACS_GUARD_DEVICE,
		.shared = walk->mates,
		.internal = is_type(walk->above, PCI_EXP_TYPE_UPSTREAM),
		.crowded = walk->node == walk->segment &&
			   is_crowded(walk->node, walk->device),
	};
	const bool registers = walk->mates ||
			       (walk->place && is_port(walk->node));

	step(walk, walk->node, registers, &hop);
}

static void visit_place(struct walk *walk)
{
	walk->mates = 0;
	walk->above = pci_upstream_bridge(walk->node);
	device_for_each_child(walk->node->bus->bridge, walk, visit_neighbour);

	if (walk->device->is_virtfn && !walk->place)
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

/**
 * acs_guard_examine() - judge a function by its registers of this moment
 * @pdev: the function; the caller holds it
 * @verdict: the answer
 *
 * Reads one dword of configuration space a function that has a say: each port
 * above @pdev, each port beside one of those on a switch-internal bus, and the
 * functions of multi-function devices.  Does not allocate.
 *
 * Context: process context; may sleep (wakes devices for a read).  May be
 * called with the device lock held; takes no lock of the PCI core's.
 */
void acs_guard_examine(struct pci_dev *pdev, struct acs_guard_verdict *verdict)
{
	struct walk walk = {
		.device = pdev,
		.node = pci_physfn(pdev),
		.segment = topmost_conventional(pdev),
		.verdict = verdict,
	};
	struct pci_dev *owner;

	acs_guard_verdict_begin(verdict, acs_guard_bdf(pdev));
	for (;;) {
		visit_place(&walk);
		if (!walk.above)
			break;
		if (++walk.place > ACS_GUARD_MAX_DEPTH)
			return give_up(&walk);
		walk.node = walk.above;
	}
	if (!pci_is_root_bus(walk.node->bus))
		return give_up(&walk);

	walk.place = 0;
	owner = domain_owner(pdev);
	if (owner)
		step_alias(&walk, owner);
	acs_guard_verdict_end(verdict);
}

static unsigned int depth_of(struct pci_dev *pdev)
{
	unsigned int depth = 0;

	while (depth <= ACS_GUARD_MAX_DEPTH) {
		pdev = pci_upstream_bridge(pdev);
		if (!pdev)
			break;
		depth++;
	}
	return depth;
}

static struct pci_dev *climb(struct pci_dev *pdev, unsigned int levels)
{
	while (levels--)
		pdev = pci_upstream_bridge(pdev);
	return pdev;
}

/* Is it one requester ID for both, by whatever cause?  R1, R12. */
static bool share_identity(struct pci_dev *a, struct pci_dev *b)
{
	struct pci_dev *segment = topmost_conventional(a);
	struct pci_dev *owner_a = domain_owner(a);
	struct pci_dev *owner_b = domain_owner(b);

	if (segment && segment == topmost_conventional(b))
		return true;
	if (owner_a && (owner_a == b || owner_a == owner_b))
		return true;
	return owner_b == a || shares_id(a, b);
}

static enum acs_guard_ground ground_of(struct pci_dev *a, struct pci_dev *b)
{
	struct pci_dev *above = pci_upstream_bridge(a);

	if (is_type(above, PCI_EXP_TYPE_UPSTREAM))
		return ACS_GUARD_SWITCH;
	return same_device(a, above, b) ? ACS_GUARD_ONE_DEVICE :
					  ACS_GUARD_APART;
}

/**
 * acs_guard_meet() - where do the paths of two functions meet?
 * @pdev: one function; the caller holds it
 * @other: another function; the caller holds it
 * @meeting: the answer
 *
 * Context: as acs_guard_examine().
 */
void acs_guard_meet(struct pci_dev *pdev, struct pci_dev *other,
		    struct acs_guard_meeting *meeting)
{
	struct pci_dev *a = pci_physfn(pdev), *b = pci_physfn(other);
	const unsigned int depth_a = depth_of(a), depth_b = depth_of(b);

	meeting->ground = ACS_GUARD_SEGMENT;
	if (share_identity(pdev, other))
		return;

	a = climb(a, depth_a - min(depth_a, depth_b));
	b = climb(b, depth_b - min(depth_a, depth_b));
	while (a && b && a->bus != b->bus) {
		a = pci_upstream_bridge(a);
		b = pci_upstream_bridge(b);
	}

	meeting->ground = ACS_GUARD_APART;
	if (!a || !b)
		return;

	meeting->ground = a == b ? ACS_GUARD_VIRTUAL : ground_of(a, b);
	if (meeting->ground == ACS_GUARD_APART)
		return;
	if (pdev->is_virtfn && a == pci_physfn(pdev) &&
	    meeting->ground == ACS_GUARD_ONE_DEVICE)
		meeting->ground = ACS_GUARD_VIRTUAL;
	if (meeting->ground == ACS_GUARD_VIRTUAL)
		return;

	meeting->mine = function_of(a, true);
	meeting->theirs = function_of(b, true);
}

/**
 * acs_guard_next_function() - go through all functions that can be exposed
 * @from: the last one, whose reference is given up, or NULL to start
 *
 * Bridges and dummy host bridges are passed over: they issue and take nothing
 * of their own that counts.
 *
 * Context: process context.
 * Return: the next function, with a reference, or NULL at the end.
 */
struct pci_dev *acs_guard_next_function(struct pci_dev *from)
{
	struct pci_dev *pdev = from;

	do {
		pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, pdev);
	} while (pdev && (acs_guard_is_bridge(pdev) || is_dummy(pdev)));
	return pdev;
}

/**
 * acs_guard_describe() - what a report says about the function itself
 * @pdev: the function; the caller holds it
 * @subject: the answer
 */
void acs_guard_describe(struct pci_dev *pdev, struct acs_guard_subject *subject)
{
	struct iommu_group *group = iommu_group_get(&pdev->dev);

	*subject = (struct acs_guard_subject){
		.bdf = acs_guard_bdf(pdev),
		.vendor = pdev->vendor,
		.device = pdev->device,
		.group = group ? iommu_group_id(group) : -1,
		.kobj = &pdev->dev.kobj,
	};
	iommu_group_put(group);
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

static bool matches_path(struct pci_dev *pdev,
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
	return pattern->by_id ? matches_id(pdev, pattern) :
				matches_path(pdev, pattern);
}
