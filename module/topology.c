// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the facts
 *
 * The reader of struct pci_dev and, with hidden.c, of configuration space.  It
 * finds the functions that affect the verdict about a device, reads of each
 * what the rules ask for, and hands them on one by one.  It judges nothing and
 * allocates nothing.
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
 * Because a removal waits for walks, a walk never resumes a device: the resume
 * callback of another driver may wait for a lock that the remover holds (pciehp
 * holds its reset lock).  A walk that needs a sleeping device notes it and
 * counts it as unreadable; after the walk, and outside of what removals wait
 * for, the device is resumed and the walk starts again (struct
 * acs_guard_sleepers).
 *
 * Registers that software can change are read anew each time.  Where a
 * capability lies, and of what type a function is, cannot be changed by
 * software; the PCI core's copy of that is used.
 */
#include <linux/bitmap.h>
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
static bool read_config(struct pci_bus *bus, u8 devfn, int where, u32 *value)
{
	if (pci_bus_read_config_dword(bus, devfn, where, value))
		return false;
	return (u16)*value != U16_MAX && *value >> 16 != U16_MAX;
}

/**
 * struct acs_place - where the ACS capability of a function is
 * @bus: its bus
 * @devfn: its number there
 * @cap: the capability, not 0
 * @dword: its registers are laid out as dwords
 */
struct acs_place {
	struct pci_bus *bus;
	u8 devfn;
	u16 cap;
	bool dword;
};

/*
 * All zeroes is an empty capability, or what some devices answer in reset: then
 * the capability's header is zero as well.
 */
static bool is_there(const struct acs_place *at)
{
	u32 header;

	return read_config(at->bus, at->devfn, at->cap, &header) &&
	       PCI_EXT_CAP_ID(header) == PCI_EXT_CAP_ID_ACS;
}

/* 7.7.11: the capability and control registers, by one read of the dword. */
static bool read_acs_registers(const struct acs_place *at,
			       struct acs_guard_function *fn)
{
	const int where = at->cap + PCI_ACS_CAP;
	u32 value;

	if (!read_config(at->bus, at->devfn, where, &value))
		return false;
	/* The device may have come out of reset between two of these reads. */
	if (!value &&
	    (!is_there(at) || !read_config(at->bus, at->devfn, where, &value)))
		return false;

	fn->cap = value;
	fn->ctrl = value >> 16;
	if (!at->dword)
		return true;

	if (!read_config(at->bus, at->devfn, where + 4, &value))
		return false;
	fn->ctrl = value;
	return true;
}

/* Is nothing known to keep @dev, a bridge of any kind, from its children? */
static bool is_up(struct device *dev)
{
	return !pm_runtime_enabled(dev) &&
	       (!dev_is_pci(dev) || to_pci_dev(dev)->current_state == PCI_D0 ||
		to_pci_dev(dev)->current_state == PCI_UNKNOWN);
}

/* Return: a device whose runtime PM is held at active, or NULL; see @awake. */
static struct device *hold_awake(struct pci_dev *pdev, bool *awake)
{
	struct device *parent = pdev->dev.parent;

	*awake = true;
	/* An active device keeps its parent active: no bridge ignores children.
	 */
	if (acs_guard_hold_active(&pdev->dev))
		return &pdev->dev;
	/* Registers can be read in any state but D3cold, if bridges are up. */
	if (pdev->current_state != PCI_D3cold) {
		if (!parent || is_up(parent))
			return NULL;
		if (acs_guard_hold_active(parent))
			return parent;
	}
	*awake = false;
	return NULL;
}

/* For acs_guard_wake(); not a second time, for then resuming did not help. */
static void note_sleeper(struct acs_guard_sleepers *sleepers,
			 struct device *dev, struct device *parent)
{
	unsigned int i;

	for (i = 0; i < sleepers->num; i++)
		if (sleepers->dev[i] == dev && sleepers->parent[i] == parent)
			return;
	if (sleepers->num == ARRAY_SIZE(sleepers->dev))
		return;
	sleepers->dev[sleepers->num] = get_device(dev);
	sleepers->parent[sleepers->num++] = get_device(parent);
}

/**
 * acs_guard_wake() - resume what a walk has found asleep
 * @sleepers: the devices, in use until acs_guard_let_sleep()
 *
 * From D3cold only is a device itself resumed, for that has side effects (a
 * guest is told of it); its bridges always are.
 *
 * Context: process context; may sleep.  Not within acs_guard_hold_functions().
 * Return: true if there is a device that the walk has found asleep for the
 * first time, so the walk has to be repeated.
 */
bool acs_guard_wake(struct acs_guard_sleepers *sleepers)
{
	const unsigned int first = sleepers->woken;
	unsigned int i;

	for (i = first; i < sleepers->num; i++) {
		if (sleepers->parent[i])
			pm_runtime_get_sync(sleepers->parent[i]);
		pm_runtime_get_noresume(sleepers->dev[i]);
		pm_runtime_barrier(sleepers->dev[i]);
		if (to_pci_dev(sleepers->dev[i])->current_state == PCI_D3cold)
			pm_runtime_resume(sleepers->dev[i]);
	}
	sleepers->woken = sleepers->num;
	return sleepers->num > first;
}

/**
 * acs_guard_let_sleep() - the end of the use of what acs_guard_wake() resumed
 * @sleepers: the devices
 */
void acs_guard_let_sleep(struct acs_guard_sleepers *sleepers)
{
	while (sleepers->num) {
		const unsigned int i = --sleepers->num;

		if (i < sleepers->woken) {
			pm_runtime_put(sleepers->dev[i]);
			if (sleepers->parent[i])
				pm_runtime_put(sleepers->parent[i]);
		}
		put_device(sleepers->parent[i]);
		put_device(sleepers->dev[i]);
	}
}

static bool read_awake(struct pci_dev *pdev,
		       struct acs_guard_sleepers *sleepers,
		       struct acs_guard_function *fn)
{
	const struct acs_place at = {
		.bus = pdev->bus,
		.devfn = pdev->devfn,
		.cap = pdev->acs_cap,
		.dword = has_dword_acs(pdev),
	};
	struct device *held;
	bool readable;

	held = hold_awake(pdev, &readable);
	readable = readable && pdev->current_state != PCI_D3cold &&
		   !pci_channel_offline(pdev) && read_acs_registers(&at, fn);
	if (held)
		pm_runtime_put(held);
	else if (!readable)
		note_sleeper(sleepers, &pdev->dev, pdev->dev.parent);
	return readable;
}

static void read_acs(struct pci_dev *pdev, struct acs_guard_sleepers *sleepers,
		     struct acs_guard_function *fn)
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
		fn->readable = read_awake(pdev, sleepers, fn);
}

/* The facts of @pdev; those in its ACS registers only if @registers. */
static struct acs_guard_function
function_of(struct pci_dev *pdev, struct acs_guard_sleepers *sleepers,
	    bool registers)
{
	struct acs_guard_function fn = {
		.bdf = acs_guard_bdf(pdev),
		.vendor = pdev->vendor,
		.type = function_type(pdev),
		.readable = !pci_channel_offline(pdev),
	};

	if (registers)
		read_acs(pdev, sleepers, &fn);
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
	struct acs_guard_sleepers sleepers = {};
	struct acs_guard_function fn;

	do {
		fn = function_of(pdev, &sleepers, true);
	} while (acs_guard_wake(&sleepers));
	acs_guard_let_sleep(&sleepers);
	return fn;
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
	if (!read_config(pdev->bus, pdev->devfn, pos + PCI_DVSEC_HEADER1,
			 &vendor) ||
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

static int find_bus(struct device *dev, void *data)
{
	struct pci_bus **bus = data;

	if (!dev->class || strcmp(dev->class->name, "pci_bus"))
		return 0;
	*bus = to_pci_bus(get_device(dev));
	return 1;
}

/**
 * acs_guard_get_bus_below() - the bus right below a bridge
 * @bridge: the bridge; the caller holds it
 *
 * A pointer to that bus in @bridge would not stand: nothing that a caller can
 * hold keeps the PCI core from removing the bus.
 *
 * Return: the bus, with a reference on its device; NULL if there is none.
 */
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge)
{
	struct pci_bus *bus = NULL;

	device_for_each_child(&bridge->dev, &bus, find_bus);
	return bus;
}

static int find_address(struct device *dev, void *data)
{
	return dev_is_pci(dev) &&
	       acs_guard_bdf(to_pci_dev(dev)) == *(const u64 *)data;
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

static bool is_on_bus(const struct acs_guard_hidden *hidden,
		      struct pci_bus *bus)
{
	return hidden->bdf >> 8 ==
	       ACS_GUARD_BDF(pci_domain_nr(bus), bus->number, 0) >> 8;
}

/* What was kept of a function when it went. */
static struct acs_guard_function
kept_facts(const struct acs_guard_hidden *hidden)
{
	return (struct acs_guard_function){
		.bdf = hidden->bdf,
		.vendor = hidden->id,
		.type = hidden->type,
		.readable = hidden->readable,
		.acs = hidden->acs_cap,
		.cap = hidden->cap,
		.ctrl = hidden->ctrl,
	};
}

/*
 * The facts of a function that the kernel does not list.  Of one whose bridge
 * is asleep nothing is known, not even whether it is there.
 *
 * Return: false if nothing has answered at its address for longer than a reset
 * takes; before that, it is there and cannot be read.
 */
static bool read_hidden(struct pci_bus *bus, struct acs_guard_hidden *hidden,
			struct acs_guard_sleepers *sleepers,
			struct acs_guard_function *fn)
{
	struct device *bridge = bus->self ? &bus->self->dev : NULL;
	const struct acs_place at = {
		.bus = bus,
		.devfn = hidden->bdf,
		.cap = hidden->acs_cap,
		.dword = hidden->dword,
	};
	bool held, there, answered;
	u32 id;

	*fn = kept_facts(hidden);
	fn->readable = false;
	held = bridge && acs_guard_hold_active(bridge);
	if (bridge && !held && !is_up(bridge)) {
		note_sleeper(sleepers, bridge, bridge);
		return true;
	}

	answered = acs_guard_answers(bus, at.devfn, &id);
	if (answered && id == hidden->id) {
		if (hidden->type == ACS_GUARD_TYPE_CONVENTIONAL)
			fn->readable = true;
		else if (hidden->extended)
			fn->readable = !at.cap || read_acs_registers(&at, fn);
	}
	acs_guard_note_readable(hidden, fn->readable);
	there = acs_guard_may_be_there(hidden, answered);
	if (held)
		pm_runtime_put(bridge);
	return there;
}

/* As shares_id(), for a function that the kernel does not list. */
static bool shares_hidden_id(const struct pci_dev *pdev,
			     const struct acs_guard_hidden *hidden)
{
	if (!is_on_bus(hidden, pdev->bus))
		return false;
	if (pdev->dma_alias_mask &&
	    test_bit((u8)hidden->bdf, pdev->dma_alias_mask))
		return true;
	if (hidden->aliases && test_bit(pdev->devfn, hidden->aliases))
		return true;
	return pdev->dma_alias_mask && hidden->aliases &&
	       bitmap_intersects(pdev->dma_alias_mask, hidden->aliases,
				 NUM_DEVFNS);
}

/*
 * Is @hidden a function, or a bridge with functions below it?  Old records may
 * lead in a circle, if bridges were renumbered meanwhile.
 */
static bool has_functions(const struct acs_guard_hidden *hidden,
			  unsigned int nesting)
{
	const struct acs_guard_hidden *below = NULL;

	if (!hidden->bridge || hidden->deep || nesting == MAX_NESTING)
		return true;
	while ((below = acs_guard_next_hidden(below)))
		if (below->parent == hidden->bdf &&
		    has_functions(below, nesting + 1))
			return true;
	return false;
}

/* R1: is there, below @bridge, a function that the kernel does not list? */
static bool has_hidden_below(struct pci_dev *bridge,
			     struct acs_guard_sleepers *sleepers)
{
	const u64 bdf = acs_guard_bdf(bridge);
	struct acs_guard_hidden *hidden = NULL;
	struct acs_guard_function fn;
	struct pci_bus *bus;
	bool found = false;

	if (!acs_guard_hides_below(bdf))
		return false;
	bus = acs_guard_get_bus_below(bridge);
	if (!bus)
		return true;
	while (!found && (hidden = acs_guard_next_hidden(hidden)))
		found = hidden->parent == bdf && has_functions(hidden, 0) &&
			!acs_guard_is_listed(&bridge->dev, hidden->bdf) &&
			read_hidden(bus, hidden, sleepers, &fn);
	put_device(&bus->dev);
	return found;
}

/**
 * struct segment - a search for functions on a shared conventional segment
 * @device: the function that is to be alone there
 * @sleepers: what the search finds asleep
 * @nesting: how many bridges below the topmost one the search is
 * @listed: another function is there, or may be
 * @hidden: one that the kernel does not list is there, or may be
 */
struct segment {
	const struct pci_dev *device;
	struct acs_guard_sleepers *sleepers;
	unsigned int nesting;
	bool listed;
	bool hidden;
};

static int search_segment(struct device *dev, void *data);

/* What is below @bridge, listed or not. */
static void search_below(struct segment *segment, struct pci_dev *bridge)
{
	if (segment->nesting > MAX_NESTING) {
		segment->listed = true;
		return;
	}
	segment->nesting++;
	device_for_each_child(&bridge->dev, segment, search_segment);
	segment->nesting--;
	segment->hidden |= has_hidden_below(bridge, segment->sleepers);
}

static int search_segment(struct device *dev, void *data)
{
	struct segment *segment = data;
	struct pci_dev *pdev;

	if (!dev_is_pci(dev))
		return 0;

	pdev = to_pci_dev(dev);
	if (pdev == segment->device)
		return 0;
	if (acs_guard_is_bridge(pdev))
		search_below(segment, pdev);
	else
		segment->listed = true;
	return 0;
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
 * @numbers: the numbers there of functions that the kernel lists, if there are
 *	others
 * @segment: the topmost conventional bridge of the path, or NULL
 * @front: who gives @device its requester ID
 * @place: how far up @node is
 * @mates: how many other functions @node's device has
 * @vfs: how many virtual functions it has, @device aside
 * @sibling_memory: another Downstream Port beside @node has memory of its own
 * @ats: @device, or its PF, has an ATS capability
 * @translated: an IOMMU translates the DMA of @device
 * @policy: how much is demanded; what only a strict one asks for, costs only
 *	then
 * @sleepers: what the walk finds asleep
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
	DECLARE_BITMAP(numbers, NUM_DEVFNS);
	struct pci_dev *segment;
	struct pci_dev *front;
	unsigned int place;
	unsigned int mates;
	unsigned int vfs;
	bool sibling_memory;
	bool ats;
	bool translated;
	const struct acs_guard_policy *policy;
	struct acs_guard_sleepers *sleepers;
	struct acs_guard_verdict *verdict;
};

static void step(struct walk *walk, struct pci_dev *pdev, bool registers,
		 struct acs_guard_hop *hop)
{
	hop->fn = function_of(pdev, walk->sleepers, registers);
	hop->place = walk->place;
	acs_guard_verdict_step(walk->verdict, walk->policy, hop);
}

static bool same_slot(const struct pci_dev *a, const struct pci_dev *b)
{
	return PCI_SLOT(a->devfn) == PCI_SLOT(b->devfn);
}

/*
 * Is the function of number @devfn, on the same bus as @node, one of the same
 * device?  A link leads to one device, whose functions may use all numbers
 * (ARI, 6.13).
 */
static bool same_device(const struct pci_dev *node, struct pci_dev *above,
			u8 devfn)
{
	return is_port(above) || PCI_SLOT(node->devfn) == PCI_SLOT(devfn);
}

static int find_function(struct device *dev, void *data)
{
	return dev_is_pci(dev);
}

/*
 * R5 and R6 pass over a port that implements no slot (7.5.3.2) and has nothing
 * below it: it issues nothing, and nothing can be plugged in there.
 */
static bool is_unused(struct pci_dev *port)
{
	return is_port(port) && !(pcie_caps_reg(port) & PCI_EXP_FLAGS_SLOT) &&
	       !device_for_each_child(&port->dev, NULL, find_function) &&
	       !acs_guard_hides_below(acs_guard_bdf(port));
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

	if (walk->place && is_unused(pdev))
		return;
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
	if (walk->place && is_type(pdev, PCI_EXP_TYPE_DOWNSTREAM) &&
	    is_unused(pdev))
		return;
	walk->mates += hop.shared;
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
	if (!pdev->is_virtfn)
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
	if (pdev->bus == walk->node->bus)
		__set_bit(pdev->devfn, walk->numbers);
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

/*
 * Is it known that no other function on the bus affects the verdict?  The PCI
 * core looks for further functions of a device only if function 0 has the
 * Multi-Function Device bit set (7.5.1.1.9).
 */
static bool needs_no_look(const struct walk *walk)
{
	if (walk->bearer || walk->internal || walk->link ||
	    acs_guard_next_hidden(NULL))
		return false;
	return walk->conventional ||
	       (!walk->node->multifunction && !PCI_FUNC(walk->node->devfn));
}

/* The same as step_mate() and step_sibling(), for what the kernel hides. */
static void step_hidden(struct walk *walk,
			const struct acs_guard_hidden *hidden,
			const struct acs_guard_function *fn)
{
	const bool slot = PCI_SLOT(hidden->bdf) == PCI_SLOT(walk->node->devfn);
	const bool port =
		fn->type == PCI_EXP_TYPE_DOWNSTREAM ||
		(fn->type == PCI_EXP_TYPE_ROOT_PORT && !walk->internal);
	struct acs_guard_hop hop = {
		.fn = *fn,
		.place = walk->place,
		.hidden = true,
	};

	if (walk->internal) {
		hop.role = ACS_GUARD_SIBLING;
		hop.shared = slot;
		hop.internal = true;
		if (fn->type == PCI_EXP_TYPE_DOWNSTREAM)
			walk->sibling_memory |= hidden->memory;
	} else {
		hop.role = walk->place ? ACS_GUARD_BRIDGE_MATE :
					 ACS_GUARD_DEVICE_MATE;
		hop.only_virtual = is_virtual_walk(walk);
	}
	if (port && walk->place && !hidden->slot && !hidden->deep &&
	    !acs_guard_hides_below(hidden->bdf))
		return;
	walk->mates += walk->internal ? slot : 1;
	acs_guard_verdict_step(walk->verdict, walk->policy, &hop);
}

static void step_hidden_alias(struct walk *walk,
			      const struct acs_guard_hidden *hidden)
{
	const struct acs_guard_hop hop = {
		.fn.bdf = hidden->bdf,
		.fn.type = hidden->type,
		.fn.readable = true,
		.role = ACS_GUARD_SHARED_ID,
		.place = walk->place,
		.hidden = true,
	};

	acs_guard_verdict_step(walk->verdict, walk->policy, &hop);
}

static noinline_for_stack void visit_hidden(struct walk *walk,
					    struct acs_guard_hidden *hidden)
{
	const bool alias = walk->bearer &&
			   shares_hidden_id(walk->bearer, hidden);
	const bool beside =
		!walk->conventional &&
		(walk->internal || walk->link ||
		 PCI_SLOT(hidden->bdf) == PCI_SLOT(walk->node->devfn));
	struct acs_guard_function fn;

	if ((!alias && !beside) ||
	    !read_hidden(walk->node->bus, hidden, walk->sleepers, &fn))
		return;
	if (alias)
		step_hidden_alias(walk, hidden);
	if (beside)
		step_hidden(walk, hidden, &fn);
}

/* What is on the bus of @walk's node and not among its bridge's children. */
static void visit_all_hidden(struct walk *walk)
{
	struct acs_guard_hidden *hidden = NULL;

	while ((hidden = acs_guard_next_hidden(hidden)))
		if (is_on_bus(hidden, walk->node->bus) &&
		    !test_bit((u8)hidden->bdf, walk->numbers) &&
		    (u8)hidden->bdf != walk->node->devfn)
			visit_hidden(walk, hidden);
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
	if (needs_no_look(walk))
		return;

	bitmap_zero(walk->numbers, NUM_DEVFNS);
	device_for_each_child(walk->node->bus->bridge, walk, visit_neighbour);
	visit_all_hidden(walk);
}

static bool may_have_awake(struct walk *walk, struct pci_dev *pdev,
			   bool (*wanted)(struct pci_dev *pdev, int pos,
					  u32 header))
{
	struct device *held;
	bool awake, may;

	held = hold_awake(pdev, &awake);
	if (!awake)
		note_sleeper(walk->sleepers, &pdev->dev, pdev->dev.parent);
	may = !awake || may_have(pdev, wanted);
	if (held)
		pm_runtime_put(held);
	return may;
}

/* The facts that only S1 to S3 ask for. */
static void add_strict_facts(struct walk *walk, struct acs_guard_hop *hop)
{
	if (!walk->policy->strict)
		return;
	if (!walk->place) {
		walk->ats = may_have_awake(walk, walk->device, is_ats) ||
			    may_have_awake(walk, walk->node, is_ats);
		hop->cxl_cache = may_have_awake(walk, walk->node, is_cxl_cache);
		return;
	}
	if (!is_port(walk->node))
		return;

	hop->ats = walk->ats;
	hop->sibling_memory = walk->sibling_memory;
	hop->upstream_memory = walk->internal && has_memory(walk->above);
}

/* R1: is F alone below the topmost conventional bridge above it? */
static void add_segment_facts(struct walk *walk, struct acs_guard_hop *hop)
{
	struct segment segment = {
		.device = walk->device,
		.sleepers = walk->sleepers,
	};

	if (walk->node != walk->segment)
		return;
	search_below(&segment, walk->node);
	hop->crowded = segment.listed || segment.hidden;
	hop->hidden = segment.hidden;
}

static void step_node(struct walk *walk)
{
	struct acs_guard_hop hop = {
		.role = walk->place ? ACS_GUARD_BRIDGE : ACS_GUARD_DEVICE,
		.shared = walk->mates || walk->vfs,
		.only_virtual = !walk->mates,
		.internal = walk->internal,
		.no_iommu = !walk->place && !walk->translated,
	};
	const bool registers = hop.shared ||
			       (walk->place && is_port(walk->node));

	add_segment_facts(walk, &hop);
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
		.no_iommu = !walk->translated,
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

static int find_root_bus(struct device *dev, void *data)
{
	return dev->class && !strcmp(dev->class->name, "pci_bus");
}

static int find_domain(struct device *dev, void *data)
{
	return device_for_each_child(dev, NULL, find_root_bus);
}

/*
 * The same for functions of such a domain that the kernel does not list, as
 * long as the domain is there.
 */
static void visit_hidden_domain(struct walk *walk)
{
	const struct acs_guard_hidden *hidden = NULL;

	if (!acs_guard_next_hidden(NULL) || acs_guard_is_bridge(walk->device) ||
	    !device_for_each_child(&walk->device->dev, NULL, find_domain))
		return;
	while ((hidden = acs_guard_next_hidden(hidden)))
		if (hidden->parent == acs_guard_bdf(walk->device) &&
		    hidden->bdf >> 16 != hidden->parent >> 16)
			step_hidden_alias(walk, hidden);
}

static int step_group_member(struct pci_dev *pdev, void *data)
{
	struct walk *walk = data;
	struct acs_guard_hop hop = { .role = ACS_GUARD_GROUP_MEMBER };

	if (pdev != walk->device && acs_guard_can_be_exposed(pdev))
		step(walk, pdev, false, &hop);
	return 0;
}

/* R13: who else is in the IOMMU group? */
static void visit_group(struct walk *walk)
{
	if (!acs_guard_can_be_exposed(walk->device))
		return;
	walk->place = ACS_GUARD_LAST_PLACE;
	acs_guard_visit_group(walk->device, step_group_member, walk);
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
	visit_hidden_domain(walk);
	visit_group(walk);
	acs_guard_verdict_end(walk->verdict);
}

/* Judges what is awake; what is not, is "unreadable" and in @sleepers. */
static noinline_for_stack void
examine_awake(struct pci_dev *pdev, const struct acs_guard_policy *policy,
	      struct acs_guard_sleepers *sleepers,
	      struct acs_guard_verdict *verdict)
{
	struct pci_dev *segment = topmost_conventional(pdev);
	struct walk walk = {
		.device = pdev,
		.node = pci_physfn(pdev),
		.segment = segment,
		.front = front_of(pdev, domain_owner(pdev), segment),
		.translated = acs_guard_has_iommu(pdev),
		.policy = policy,
		.sleepers = sleepers,
		.verdict = verdict,
	};

	acs_guard_verdict_begin(verdict, acs_guard_bdf(pdev));
	climb_to_root(&walk);
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
	struct acs_guard_sleepers sleepers = {};
	int hold;

	do {
		hold = acs_guard_hold_functions();
		examine_awake(pdev, policy, &sleepers, verdict);
		acs_guard_let_go_functions(hold);
	} while (acs_guard_wake(&sleepers));
	acs_guard_let_sleep(&sleepers);
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
	rest->held[rest->num_held++] = pci_dev_get(pdev);
	return true;
}

static bool hold_blocker_reset(struct acs_guard_rest *rest, u64 bdf)
{
	struct pci_dev *blocker = get_by_bdf(bdf);
	const bool held = blocker && hold_reset(rest, blocker) &&
			  hold_reset(rest, pci_physfn(blocker));

	pci_dev_put(blocker);
	return held;
}

/**
 * acs_guard_hold_resets() - are a function, and its blocker, not in reset?
 * @pdev: the function; its device lock is held
 * @verdict: about @pdev; its blocker is left out if the kernel does not list
 *it, since then nothing can reset it alone
 * @rest: to be passed to acs_guard_let_resets()
 *
 * If they are not, nothing resets one of them, or the PF of one, until
 * acs_guard_let_resets(), but for error recovery.  Waits for nothing.
 *
 * Context: process context; between the two calls one verdict at most, since
 * others give up, or wait with their config accesses, when they find this held.
 * Return: false if one of them is in reset, or gone, and nothing is held.
 */
bool acs_guard_hold_resets(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_rest *rest)
{
	/* Only until what is held has references: a VF does not keep its PF. */
	const int hold = acs_guard_hold_functions();
	bool held;

	*rest = (struct acs_guard_rest){};
	held = hold_reset(rest, pdev) && hold_reset(rest, pci_physfn(pdev)) &&
	       (verdict->hidden || hold_blocker_reset(rest, verdict->blocker));
	acs_guard_let_go_functions(hold);
	if (!held)
		acs_guard_let_resets(rest);
	return held;
}

/**
 * acs_guard_let_resets() - the end of acs_guard_hold_resets()
 * @rest: what that filled in
 */
void acs_guard_let_resets(struct acs_guard_rest *rest)
{
	while (rest->num_held) {
		struct pci_dev *pdev = rest->held[--rest->num_held];

		pci_cfg_access_unlock(pdev);
		pci_dev_put(pdev);
	}
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

static enum acs_guard_ground ground_of(struct pci_dev *a, u8 devfn)
{
	struct pci_dev *above = pci_upstream_bridge(a);

	if (is_type(above, PCI_EXP_TYPE_UPSTREAM))
		return ACS_GUARD_SWITCH;
	/* What any other bridge keeps apart, nobody knows. */
	if (above && !is_port(above))
		return ACS_GUARD_SEGMENT;
	return same_device(a, above, devfn) ? ACS_GUARD_ONE_DEVICE :
					      ACS_GUARD_APART;
}

/* Is there a port above @pdev that sends back down what comes up? */
static bool is_sent_back(struct pci_dev *pdev,
			 struct acs_guard_sleepers *sleepers)
{
	struct acs_guard_function port;

	while ((pdev = next_above(pdev))) {
		if (!is_port(pdev))
			continue;
		port = function_of(pdev, sleepers, true);
		if (acs_guard_sends_back(&port))
			return true;
	}
	return false;
}

/* Return: nonzero if @dev is of the device that @data stands at, and admits. */
static int find_admission(struct device *dev, void *data)
{
	struct acs_guard_side *side = data;
	struct pci_dev *node = side->node, *pdev;
	struct acs_guard_function fn;

	if (!dev_is_pci(dev))
		return 0;
	pdev = to_pci_dev(dev);
	if (pci_physfn(pdev)->bus != node->bus ||
	    !same_device(node, pci_upstream_bridge(node),
			 pci_physfn(pdev)->devfn))
		return 0;

	fn = function_of(pdev, side->sleepers, true);
	return acs_guard_admits(&fn);
}

/* The same for functions that the kernel does not list. */
static bool find_hidden_admission(struct acs_guard_side *side)
{
	struct pci_dev *node = side->node;
	struct acs_guard_hidden *hidden = NULL;
	struct acs_guard_function fn;

	while ((hidden = acs_guard_next_hidden(hidden)))
		if (is_on_bus(hidden, node->bus) &&
		    same_device(node, pci_upstream_bridge(node),
				(u8)hidden->bdf) &&
		    !acs_guard_is_listed(node->bus->bridge, hidden->bdf) &&
		    read_hidden(node->bus, hidden, side->sleepers, &fn) &&
		    acs_guard_admits(&fn))
			return true;
	return false;
}

/* Does a port on the way from @pdev to @node stop translated requests? */
static bool is_blocked(struct pci_dev *pdev, struct pci_dev *node,
		       struct acs_guard_sleepers *sleepers)
{
	struct acs_guard_function port;

	for (pdev = pci_physfn(pdev); pdev != node; pdev = next_above(pdev)) {
		if (!is_port(pdev))
			continue;
		port = function_of(pdev, sleepers, true);
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
	side->fn =
		function_of(standing(side->pdev, node), side->sleepers, true);
	side->blocked = is_blocked(side->pdev, node, side->sleepers);
	side->sent_back = is_sent_back(node, side->sleepers);
	side->asked = false;
}

static bool device_admits(struct acs_guard_side *side)
{
	struct device *bridge = side->node->bus->bridge;

	if (!side->asked)
		side->admits =
			device_for_each_child(bridge, side, find_admission) ||
			find_hidden_admission(side);
	side->asked = true;
	return side->admits;
}

/* The facts of @side at @a, where its path meets another's. */
static void meet_at(struct acs_guard_side *side, struct pci_dev *a,
		    bool other_is_virtual, struct acs_guard_meeting *meeting)
{
	stand_at(side, a);
	meeting->mine = side->fn;
	meeting->mine_blocked = side->blocked;
	meeting->only_virtual = stands_virtual(side->pdev, a) ||
				other_is_virtual;
	meeting->admits = meeting->only_virtual && device_admits(side);
	meeting->sent_back = side->sent_back;
}

/**
 * acs_guard_take_side() - get ready to see whom a function meets
 * @side: to be passed to acs_guard_meet()
 * @pdev: the function; the caller holds it
 * @sleepers: what is found asleep
 *
 * Context: within acs_guard_hold_functions(), and @side is of no use after it.
 */
void acs_guard_take_side(struct acs_guard_side *side, struct pci_dev *pdev,
			 struct acs_guard_sleepers *sleepers)
{
	struct pci_dev *segment = topmost_conventional(pdev);
	struct pci_dev *owner = domain_owner(pdev);

	*side = (struct acs_guard_side){
		.pdev = pdev,
		.segment = segment,
		.owner = owner,
		.front = front_of(pdev, owner, segment),
		.depth = depth_of(pci_physfn(pdev)),
		.sleepers = sleepers,
	};
}

/*
 * Where the path of @side meets that of @other, or of what is below @other.
 *
 * Return: what stands there on the other path, with all but @theirs of @meeting
 * filled in; NULL if they do not meet, or no register matters.
 */
static struct pci_dev *meet_path(struct acs_guard_side *side,
				 struct pci_dev *other,
				 struct acs_guard_meeting *meeting)
{
	struct pci_dev *pf = pci_physfn(side->pdev);
	struct pci_dev *a = pf, *b = pci_physfn(other);
	const unsigned int depth_b = depth_of(b);
	const unsigned int common = min(side->depth, depth_b);

	/* Nor is it known where they meet if one is too far down to count. */
	meeting->ground = ACS_GUARD_SEGMENT;
	if (max(side->depth, depth_b) > ACS_GUARD_MAX_DEPTH)
		return NULL;

	a = climb(a, side->depth - common);
	b = climb(b, depth_b - common);
	while (a && b && a->bus != b->bus) {
		a = next_above(a);
		b = next_above(b);
	}

	/* One above the other do not meet; one and its PF are one device. */
	meeting->ground = ACS_GUARD_APART;
	if (!a || !b || (a == b && (a != pf || b != pci_physfn(other))))
		return NULL;

	meeting->ground = ground_of(a, b->devfn);
	if (meeting->ground == ACS_GUARD_APART)
		return NULL;
	meet_at(side, a, stands_virtual(other, b), meeting);
	meeting->theirs_blocked = is_blocked(other, b, side->sleepers);
	return b;
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
	struct pci_dev *b;

	meeting->ground = ACS_GUARD_SEGMENT;
	if (share_identity(side, other))
		return;
	b = meet_path(side, other, meeting);
	if (b)
		meeting->theirs =
			function_of(standing(other, b), side->sleepers, true);
}

/**
 * struct hidden_path - the path of a function that the kernel does not list
 * @function: the function
 * @top: the topmost element of the path that the kernel does not list either
 * @segment: the topmost conventional bridge among those elements, or NULL
 * @blocked: a port among them, below @top, stops translated requests
 * @above: what is above @top, with a reference, or NULL
 * @bus: the bus of @top, with a reference on its device, or NULL
 */
struct hidden_path {
	struct acs_guard_hidden *function;
	struct acs_guard_hidden *top;
	const struct acs_guard_hidden *segment;
	bool blocked;
	struct pci_dev *above;
	struct pci_bus *bus;
};

static struct acs_guard_hidden *find_hidden(u64 bdf)
{
	struct acs_guard_hidden *hidden = NULL;

	while ((hidden = acs_guard_next_hidden(hidden)))
		if (hidden->bdf == bdf)
			break;
	return hidden;
}

static void add_to_path(struct hidden_path *path,
			const struct acs_guard_hidden *hidden)
{
	const struct acs_guard_function fn = kept_facts(hidden);

	if (hidden->type == ACS_GUARD_TYPE_CONVENTIONAL ||
	    hidden->type == PCI_EXP_TYPE_PCI_BRIDGE ||
	    hidden->type == PCI_EXP_TYPE_PCIE_BRIDGE)
		path->segment = hidden;
	/* Whether it blocks what meets it, a meeting asks by itself. */
	if ((fn.type == PCI_EXP_TYPE_ROOT_PORT ||
	     fn.type == PCI_EXP_TYPE_DOWNSTREAM) &&
	    acs_guard_blocks(&fn))
		path->blocked = true;
}

/* Return: false if @hidden is not there, with nothing held. */
static bool get_hidden_path(struct pci_dev *root,
			    struct acs_guard_hidden *hidden,
			    struct hidden_path *path)
{
	unsigned int depth = 0;
	struct acs_guard_hidden *bridge;

	*path = (struct hidden_path){ .function = hidden, .top = hidden };
	while (path->top->parent != ACS_GUARD_NO_PARENT) {
		path->above = get_by_bdf(path->top->parent);
		if (path->above)
			break;
		bridge = find_hidden(path->top->parent);
		/* Old records may name what is another function by now. */
		if (!bridge || !bridge->bridge || ++depth > ACS_GUARD_MAX_DEPTH)
			return false;
		if (path->top != hidden)
			add_to_path(path, path->top);
		path->top = bridge;
	}
	if (path->top != hidden && path->top->bridge &&
	    path->top->type != PCI_EXP_TYPE_ROOT_PORT &&
	    path->top->type != PCI_EXP_TYPE_DOWNSTREAM)
		add_to_path(path, path->top);

	if (path->above && !acs_guard_is_bridge(path->above) &&
	    path->top->bdf >> 16 == path->top->parent >> 16) {
		pci_dev_put(path->above);
		return false;
	}
	if (path->above)
		path->bus = acs_guard_get_bus_below(path->above);
	else if (is_on_bus(path->top, root->bus))
		path->bus = to_pci_bus(get_device(&root->bus->dev));
	return true;
}

static void put_hidden_path(struct hidden_path *path)
{
	if (path->bus)
		put_device(&path->bus->dev);
	pci_dev_put(path->above);
}

/* The topmost conventional bridge from @bridge on upwards. */
static struct pci_dev *topmost_from(struct pci_dev *bridge)
{
	struct pci_dev *topmost = bridge ? topmost_conventional(bridge) : NULL;

	return topmost || !is_conventional(bridge) ? topmost : bridge;
}

/* As share_identity(). */
static bool share_hidden_identity(const struct acs_guard_side *side,
				  const struct hidden_path *path)
{
	struct pci_dev *above = path->above, *owner = NULL, *segment = NULL;
	const struct acs_guard_hidden *front = path->function;

	if (above && acs_guard_is_bridge(above)) {
		owner = domain_owner(above);
		segment = topmost_from(above);
	} else if (above) {
		owner = above;
	}
	if (segment && segment == side->segment)
		return true;
	if (owner && (owner == side->owner || owner == side->pdev))
		return true;
	if (shares_hidden_id(side->pdev, path->function))
		return true;
	if (owner)
		return shares_id(side->front, owner);
	if (segment && !is_type(segment, PCI_EXP_TYPE_PCI_BRIDGE))
		return shares_id(side->front, segment);
	if (!segment && path->segment &&
	    path->segment->type != PCI_EXP_TYPE_PCI_BRIDGE)
		front = path->segment;
	return shares_hidden_id(side->front, front);
}

/* The element of the path of @side that is on @bus, or NULL. */
static struct pci_dev *element_on(struct acs_guard_side *side,
				  const struct pci_bus *bus)
{
	struct pci_dev *pdev = pci_physfn(side->pdev);
	unsigned int depth = 0;

	while (pdev && pdev->bus != bus && depth++ < ACS_GUARD_MAX_DEPTH)
		pdev = next_above(pdev);
	return pdev && pdev->bus == bus ? pdev : NULL;
}

/* Return: false if @path's function is not there. */
static bool meet_hidden_path(struct acs_guard_side *side,
			     const struct hidden_path *path,
			     struct acs_guard_meeting *meeting)
{
	struct acs_guard_function top = kept_facts(path->top);
	struct pci_dev *a, *b;

	top.readable = false;
	if (path->bus &&
	    !read_hidden(path->bus, path->top, side->sleepers, &top))
		return false;
	meeting->ground = ACS_GUARD_SEGMENT;
	if (share_hidden_identity(side, path))
		return true;

	a = path->bus ? element_on(side, path->bus) : NULL;
	if (a) {
		meeting->ground = ground_of(a, (u8)path->top->bdf);
		if (meeting->ground == ACS_GUARD_APART)
			return true;
		meet_at(side, a, false, meeting);
		meeting->theirs = top;
		meeting->theirs_blocked = path->blocked;
		return true;
	}
	meeting->ground = ACS_GUARD_APART;
	if (!path->above)
		return true;
	b = meet_path(side, path->above, meeting);
	if (!b)
		return true;
	meeting->theirs = function_of(b, side->sleepers, true);
	meeting->theirs_blocked |=
		path->blocked ||
		(path->top != path->function && acs_guard_blocks(&top));
	return true;
}

/**
 * acs_guard_meet_hidden() - where does one meet a function that is not listed?
 * @side: one function, with what has been read for it so far
 * @hidden: the other
 * @meeting: the answer
 *
 * Context: as acs_guard_meet().
 * Return: false if @hidden is not there (any more), or is listed again.
 */
bool acs_guard_meet_hidden(struct acs_guard_side *side,
			   struct acs_guard_hidden *hidden,
			   struct acs_guard_meeting *meeting)
{
	struct pci_dev *root = pci_physfn(side->pdev), *above;
	struct hidden_path path;
	bool met = false;

	while ((above = next_above(root)))
		root = above;
	if (!get_hidden_path(root, hidden, &path))
		return false;
	/* A rescan that renumbers a bus lists all that is on it. */
	if (!path.bus ||
	    (is_on_bus(path.top, path.bus) &&
	     !acs_guard_is_listed(path.bus->bridge, path.top->bdf)))
		met = meet_hidden_path(side, &path, meeting);
	put_hidden_path(&path);
	return met;
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
	struct acs_guard_sleepers sleepers = {};
	const struct acs_guard_function fn = function_of(pdev, &sleepers, true);

	record->bdf = fn.bdf;
	record->parent = acs_guard_parent(pdev);
	record->id = (u32)pdev->device << 16 | pdev->vendor;
	record->type = fn.type;
	record->bridge = acs_guard_is_bridge(pdev);
	record->slot = !pci_is_pcie(pdev) ||
		       pcie_caps_reg(pdev) & PCI_EXP_FLAGS_SLOT;
	record->hotplug = acs_guard_has_slot(pdev);
	record->extended = pdev->cfg_size >= PCI_CFG_SPACE_EXP_SIZE;
	record->dword = has_dword_acs(pdev);
	record->memory = has_memory(pdev);
	record->acs_cap = pci_is_pcie(pdev) ? pdev->acs_cap : 0;
	record->readable = fn.readable;
	record->cap = fn.cap;
	record->ctrl = fn.ctrl;
	acs_guard_let_sleep(&sleepers);
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
	struct pci_dev *above = next_above(pdev);

	return above ? acs_guard_bdf(above) : ACS_GUARD_NO_PARENT;
}

/**
 * acs_guard_is_port() - is it a Root Port or a Switch Downstream Port?
 * @pdev: the function
 */
bool acs_guard_is_port(struct pci_dev *pdev)
{
	return is_port(pdev);
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

/**
 * acs_guard_visit_all() - go through all functions that the kernel lists
 * @visit: called for each of them; returns 1 to end it, or 0
 * @data: for @visit
 *
 * Context: process context, within acs_guard_hold_functions().
 * Return: whether @visit has ended it.
 */
bool acs_guard_visit_all(int (*visit)(struct pci_dev *pdev, void *data),
			 void *data)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		if (visit(pdev, data)) {
			pci_dev_put(pdev);
			return true;
		}
	}
	return false;
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
 * however large the machine is.  One that is being added is met once its parent
 * lists it, a moment after its uevent.
 *
 * Context: process context, within acs_guard_hold_functions().  A function may
 * be visited twice if another comes or goes meanwhile, or if the tree is too
 * deep for a walk.
 * Return: whether @visit has ended it.
 */
bool acs_guard_visit_near(struct pci_dev *pdev,
			  int (*visit)(struct pci_dev *pdev, void *data),
			  void *data)
{
	const int done = tour_nearby(pdev, visit, data);

	return done == TOO_DEEP ? acs_guard_visit_all(visit, data) : done;
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
