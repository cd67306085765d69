// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: PCI host bridges whose config space is a dump of another machine's
 *
 * The PCI core makes a struct pci_dev of each function, as it does anywhere;
 * its search for functions is left out.  That would stop where the dump's
 * machine knew better (no function 0, a slot below a port), or give bridges new
 * numbers.
 */
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "pci_dev.h"
#include "compat.h"
#include "replay_host.h"

#define LAST_BUS 255
#define NUM_BARS 6

/* What a BAR of unknown size is taken for. */
#define ANY_MEMORY 0x1000
#define ANY_IO 0x10
#define MOST_MEMORY 0x100000
#define MOST_IO 0x100

/**
 * struct replay_root - a host bridge
 * @sysdata: what bus->sysdata points to
 * @replay: the dump
 * @bridge: the bridge
 * @busn: its bus numbers
 * @open: config reads are answered
 */
struct replay_root {
	struct acs_guard_sysdata sysdata;
	struct replay *replay;
	struct pci_host_bridge *bridge;
	struct resource busn;
	bool open;
};

/* ---- Config cycles ---- */

static struct replay_root *root_of(const struct pci_bus *bus)
{
	return container_of(bus->sysdata, struct replay_root, sysdata);
}

static struct replay_node *node_at(struct pci_bus *bus, unsigned int devfn)
{
	const u64 bdf = ACS_GUARD_BDF(pci_domain_nr(bus), bus->number, devfn);

	return xa_load(&root_of(bus)->replay->by_bdf, bdf);
}

static u32 get_bytes(const u8 *from, unsigned int size)
{
	u32 val = 0;

	while (size--)
		val = val << 8 | from[size];
	return val;
}

static unsigned int num_bars(const struct replay_node *node)
{
	switch (node->served[PCI_HEADER_TYPE] & 0x7f) {
	case PCI_HEADER_TYPE_NORMAL:
		return NUM_BARS;
	case PCI_HEADER_TYPE_BRIDGE:
		return 2;
	default:
		return 0;
	}
}

static u32 bar_of(const struct replay_node *node, unsigned int nr)
{
	return get_bytes(node->served + PCI_BASE_ADDRESS_0 + 4 * nr, 4);
}

static bool is_wide(u32 bar)
{
	return (bar &
		(PCI_BASE_ADDRESS_SPACE | PCI_BASE_ADDRESS_MEM_TYPE_MASK)) ==
	       PCI_BASE_ADDRESS_MEM_TYPE_64;
}

/* Is it the upper half of the one before? */
static bool is_upper(const struct replay_node *node, unsigned int nr)
{
	bool upper = false;
	unsigned int i;

	for (i = 0; i < nr; i++)
		upper = !upper && is_wide(bar_of(node, i));
	return upper;
}

/*
 * What a BAR answers when it is asked for its size.  A dump does not say that:
 * it is as large as its address allows, within reason.  It matters only
 * whether there is one, and for those that read zero that is said elsewhere.
 */
static u32 bar_size(const struct replay_node *node, unsigned int nr)
{
	const u32 bar = bar_of(node, nr);
	u32 size;

	if (is_upper(node, nr))
		return U32_MAX;
	if (bar & PCI_BASE_ADDRESS_SPACE_IO) {
		size = bar & PCI_BASE_ADDRESS_IO_MASK;
		size = size ? min_t(u32, size & -size, MOST_IO) : ANY_IO;
		return ~(size - 1) | (bar & ~PCI_BASE_ADDRESS_IO_MASK);
	}
	if (!bar && !(node->fn->flags & REPLAY_MEMORY))
		return 0;
	size = bar & PCI_BASE_ADDRESS_MEM_MASK;
	size = size ? min_t(u32, size & -size, MOST_MEMORY) : ANY_MEMORY;
	return ~(size - 1) | (bar & ~PCI_BASE_ADDRESS_MEM_MASK);
}

static u32 serve(const struct replay_node *node, unsigned int where,
		 unsigned int size)
{
	const unsigned int nr = (where - PCI_BASE_ADDRESS_0) / 4;

	if (where >= node->fn->len)
		return GENMASK(size * 8 - 1, 0);
	if (where < 4)
		return node->fn->id >> where * 8 & GENMASK(size * 8 - 1, 0);
	if (where >= PCI_BASE_ADDRESS_0 && nr < num_bars(node) && size == 4 &&
	    node->sizing & BIT(nr))
		return bar_size(node, nr);
	return get_bytes(node->served + where, size);
}

static int replay_read(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *val)
{
	const struct replay_node *node = node_at(bus, devfn);

	*val = GENMASK(size * 8 - 1, 0);
	if (!node || !root_of(bus)->open)
		return PCIBIOS_DEVICE_NOT_FOUND;
	*val = serve(node, where, size);
	return PCIBIOS_SUCCESSFUL;
}

/* A write of (nearly) all ones asks for a size, any other ends the question. */
static void note_sizing(struct replay_node *node, int where, u32 val)
{
	const unsigned int nr = (where - PCI_BASE_ADDRESS_0) / 4;

	if (where < PCI_BASE_ADDRESS_0 || nr >= num_bars(node))
		return;
	if (val >= 0xfffffff0)
		node->sizing |= BIT(nr);
	else
		node->sizing &= ~BIT(nr);
}

static int replay_write(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 val)
{
	struct replay_node *node = node_at(bus, devfn);

	if (!node)
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (size == 4)
		note_sizing(node, where, val);
	if (!node->replay->writable)
		return PCIBIOS_SUCCESSFUL;
	for (; size-- && where < node->fn->len; val >>= 8)
		node->served[where++] = val;
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops replay_ops = {
	.read = replay_read,
	.write = replay_write,
};

/* ---- Up ---- */

static bool is_on_root_bus(const struct replay_node *node)
{
	return node->fn->up == REPLAY_NONE && node->fn->pf == REPLAY_NONE;
}

/* The bus numbers of a host bridge: as far as the next one of its domain. */
static unsigned int last_bus(const struct replay *replay, unsigned int i)
{
	const struct replay_fn *fn = replay->nodes[i].fn;

	for (i++; i < replay->nr; i++) {
		const struct replay_fn *next = replay->nodes[i].fn;

		if (next->domain != fn->domain)
			break;
		if (next->bus != fn->bus && is_on_root_bus(&replay->nodes[i]))
			return next->bus - 1;
	}
	return LAST_BUS;
}

/* The domain behind a VMD endpoint has a host bridge that is its child. */
static struct device *owner_of(const struct replay *replay, unsigned int i)
{
	const u32 owner = replay->nodes[i].fn->owner;

	return owner == REPLAY_NONE ? NULL : &replay->nodes[owner].pdev->dev;
}

static int add_root(struct replay *replay, unsigned int i)
{
	const struct replay_fn *fn = replay->nodes[i].fn;
	struct pci_host_bridge *bridge;
	struct replay_root *root;
	int err;

	bridge = pci_alloc_host_bridge(sizeof(*root));
	if (!bridge)
		return -ENOMEM;
	root = pci_host_bridge_priv(bridge);
	root->replay = replay;
	root->bridge = bridge;
	root->busn.name = "bus numbers of a dump";
	root->busn.start = fn->bus;
	root->busn.end = last_bus(replay, i);
	root->busn.flags = IORESOURCE_BUS;
	pci_add_resource(&bridge->windows, &root->busn);
	acs_guard_set_sysdata(&root->sysdata, fn->domain, NULL);
	bridge->sysdata = &root->sysdata;
	bridge->ops = &replay_ops;
	bridge->busnr = fn->bus;
	bridge->domain_nr = fn->domain;
	bridge->dev.parent = owner_of(replay, i);
	err = pci_scan_root_bus_bridge(bridge);
	if (err) {
		pci_free_host_bridge(bridge);
		return err;
	}
	root->open = true;
	replay->nodes[i].root = bridge->bus;
	return 0;
}

/*
 * The bus of a virtual function is its PF's, or one of the buses after that to
 * which no bridge leads.
 */
static struct pci_bus *virtual_bus(struct replay *replay, unsigned int i)
{
	struct replay_node *node = &replay->nodes[i];
	struct pci_bus *bus = replay->nodes[node->fn->pf].pdev->bus;
	struct pci_bus *found;

	if (bus->number == node->fn->bus)
		return bus;
	found = pci_find_bus(node->fn->domain, node->fn->bus);
	if (found)
		return found;
	node->own_bus = pci_add_new_bus(bus, NULL, node->fn->bus);
	return node->own_bus;
}

static struct pci_bus *bus_of(struct replay *replay, unsigned int i)
{
	const struct replay_fn *fn = replay->nodes[i].fn;

	if (fn->pf != REPLAY_NONE)
		return virtual_bus(replay, i);
	if (fn->up != REPLAY_NONE)
		return replay->nodes[fn->up].pdev->subordinate;
	while (replay->nodes[i].fn->bus == fn->bus && !replay->nodes[i].root)
		i--;
	return replay->nodes[i].root;
}

/* Virtual functions on a bus of their own are children of their PF's bridge. */
static struct pci_dev *make_device(struct replay *replay, unsigned int i,
				   struct pci_bus *bus)
{
	const struct replay_fn *fn = replay->nodes[i].fn;
	struct device *bridge = bus->bridge;
	struct pci_dev *pdev;

	if (fn->pf != REPLAY_NONE)
		bus->bridge = replay->nodes[fn->pf].pdev->bus->bridge;
	pdev = pci_scan_single_device(bus, fn->devfn);
	bus->bridge = bridge;
	return pdev;
}

static int add_bus_below(struct replay_node *node)
{
	struct pci_dev *pdev = node->pdev;
	struct pci_bus *bus;

	if (!(node->fn->flags & REPLAY_LEADS))
		return 0;
	bus = pci_add_new_bus(pdev->bus, pdev, node->served[PCI_SECONDARY_BUS]);
	if (!bus)
		return -ENOMEM;
	bus->busn_res.end = node->served[PCI_SUBORDINATE_BUS];
	return 0;
}

static int add_function(struct replay *replay, unsigned int i)
{
	struct replay_node *node = &replay->nodes[i];
	struct pci_bus *bus = bus_of(replay, i);

	if (!bus)
		return -ENOMEM;
	node->pdev = make_device(replay, i, bus);
	if (!node->pdev) {
		const u64 bdf = ACS_GUARD_BDF(node->fn->domain, node->fn->bus,
					      node->fn->devfn);

		pr_err("%s: the PCI core takes it for nothing\n",
		       acs_guard_name(bdf).text);
		return -ENODEV;
	}
	return add_bus_below(node);
}

static bool needs_root(const struct replay *replay, unsigned int i)
{
	const struct replay_node *node = &replay->nodes[i];

	if (!is_on_root_bus(node))
		return false;
	while (i-- && replay->nodes[i].fn->domain == node->fn->domain &&
	       replay->nodes[i].fn->bus == node->fn->bus)
		if (is_on_root_bus(&replay->nodes[i]))
			return false;
	return true;
}

/*
 * What says it has virtual functions of its own cannot be one: the PCI core has
 * another use for the same field.
 */
static void make_virtual(struct replay *replay, struct replay_node *node)
{
	struct pci_dev *pdev = node->pdev;

	if (node->fn->pf == REPLAY_NONE)
		return;
	if (pdev->is_physfn) {
		pdev->error_state = pci_channel_io_perm_failure;
		return;
	}
	pdev->physfn = pci_dev_get(replay->nodes[node->fn->pf].pdev);
	pdev->is_virtfn = 1;
}

static int join_group(struct replay *replay, struct replay_node *node)
{
	const int nr = node->fn->group;
	struct iommu_group *group;
	int err;

	if (nr < 0)
		return 0;
	group = xa_load(&replay->groups, nr);
	if (!group) {
		group = iommu_group_alloc();
		if (IS_ERR(group))
			return PTR_ERR(group);
		err = xa_err(xa_store(&replay->groups, nr, group, GFP_KERNEL));
		if (err) {
			iommu_group_put(group);
			return err;
		}
	}
	err = iommu_group_add_device(group, &node->pdev->dev);
	node->in_group = !err;
	return err;
}

static int index_nodes(struct replay *replay)
{
	unsigned int i;
	int err = 0;

	xa_init(&replay->by_bdf);
	xa_init(&replay->groups);
	for (i = 0; i < replay->nr && !err; i++) {
		struct replay_node *node = &replay->nodes[i];
		const u64 bdf = ACS_GUARD_BDF(node->fn->domain, node->fn->bus,
					      node->fn->devfn);

		node->replay = replay;
		node->served = kmemdup(node->given, node->fn->len, GFP_KERNEL);
		if (!node->served)
			return -ENOMEM;
		err = xa_err(xa_store(&replay->by_bdf, bdf, node, GFP_KERNEL));
	}
	return err;
}

/**
 * replay_create() - bring a dump up
 * @replay: the dump; of its nodes @fn and @given are set, the rest is zero
 *
 * No driver gets a chance, and nothing is blind yet, see replay_make_blind().
 *
 * Return: 0, or an error; replay_destroy() is due in any case.
 */
int replay_create(struct replay *replay)
{
	unsigned int i;
	int err;

	err = index_nodes(replay);
	pci_lock_rescan_remove();
	for (i = 0; i < replay->nr && !err; i++) {
		if (needs_root(replay, i))
			err = add_root(replay, i);
		if (!err)
			err = add_function(replay, i);
	}
	for (i = 0; i < replay->nr && !err; i++) {
		make_virtual(replay, &replay->nodes[i]);
		err = join_group(replay, &replay->nodes[i]);
	}
	pci_unlock_rescan_remove();
	return err;
}

/**
 * replay_make_blind() - from now on nothing can be read of what is blind
 * @replay: the dump
 */
void replay_make_blind(struct replay *replay)
{
	unsigned int i;

	for (i = 0; i < replay->nr; i++)
		if (replay->nodes[i].fn->flags & REPLAY_BLIND)
			replay->nodes[i].pdev->error_state =
				pci_channel_io_perm_failure;
}

/* ---- Down ---- */

static void remove_function(struct replay_node *node)
{
	struct pci_dev *pdev = node->pdev;

	if (node->in_group)
		iommu_group_remove_device(&pdev->dev);
	if (pdev->is_virtfn) {
		pdev->is_virtfn = 0;
		pci_dev_put(pdev->physfn);
		pdev->physfn = NULL;
	}
	pci_stop_and_remove_bus_device(pdev);
}

static void remove_root(struct pci_bus *bus)
{
	struct pci_host_bridge *bridge = to_pci_host_bridge(bus->bridge);

	pci_stop_root_bus(bus);
	pci_remove_root_bus(bus);
	pci_free_host_bridge(bridge);
}

/* A virtual bus goes with the first function that was put there, so last. */
static void remove_all(struct replay *replay)
{
	unsigned int i = replay->nr;

	while (i--) {
		struct replay_node *node = &replay->nodes[i];

		if (node->pdev)
			remove_function(node);
		if (node->own_bus)
			pci_remove_bus(node->own_bus);
		if (node->root)
			remove_root(node->root);
	}
}

/**
 * replay_destroy() - take a dump down
 * @replay: the dump
 */
void replay_destroy(struct replay *replay)
{
	struct iommu_group *group;
	unsigned long nr;
	unsigned int i;

	pci_lock_rescan_remove();
	remove_all(replay);
	pci_unlock_rescan_remove();
	xa_for_each(&replay->groups, nr, group)
		iommu_group_put(group);
	xa_destroy(&replay->groups);
	xa_destroy(&replay->by_bdf);
	for (i = 0; i < replay->nr; i++)
		kfree(replay->nodes[i].served);
}

/* ---- The check ---- */

/**
 * struct span - bytes that have to stand as recorded
 * @start: the first
 * @end: after the last
 */
struct span {
	unsigned int start;
	unsigned int end;
};

/* As long as the capability may be, its slot and root registers included. */
#define PCIE_CAP_LEN 0x3c

static unsigned int acs_len(const struct replay_node *node)
{
	const u16 cap =
		get_bytes(node->given + node->pdev->acs_cap + PCI_ACS_CAP, 2);

	/* +8 may be a dword of controls, too. */
	if (!(cap & PCI_ACS_EC))
		return PCI_ACS_EGRESS_CTL_V + 4;
	return PCI_ACS_EGRESS_CTL_V + DIV_ROUND_UP(cap >> 8 ?: 256, 32) * 4;
}

static unsigned int check_span(struct replay_node *node,
			       const struct span *span, replay_tell_fn tell)
{
	const unsigned int end = min(span->end, node->fn->len);
	unsigned int where, changed = 0;
	u8 now;

	for (where = span->start; where < end; where++) {
		if (!pci_read_config_byte(node->pdev, where, &now) &&
		    now == node->given[where])
			continue;
		tell(node, where, now);
		changed++;
	}
	return changed;
}

static unsigned int check_node(struct replay_node *node, replay_tell_fn tell)
{
	const struct pci_dev *pdev = node->pdev;
	/* What it was asked to be called is no register of its own. */
	struct span header = { PCI_COMMAND, PCI_STD_HEADER_SIZEOF };
	struct span pcie = { pdev->pcie_cap, pdev->pcie_cap + PCIE_CAP_LEN };
	struct span acs = { pdev->acs_cap };
	unsigned int changed;

	changed = check_span(node, &header, tell);
	if (pdev->pcie_cap)
		changed += check_span(node, &pcie, tell);
	if (pdev->acs_cap) {
		acs.end = acs.start + acs_len(node);
		changed += check_span(node, &acs, tell);
	}
	return changed;
}

/**
 * replay_check() - do registers still stand as they were recorded?
 * @replay: the dump, nothing of it blind yet
 * @tell: called for each byte that does not
 *
 * Reads each byte that the dump gave for headers, bus numbers among them, and
 * for PCI Express and ACS capabilities, in the way in which the guard reads.
 *
 * Return: how many bytes have changed.
 */
unsigned int replay_check(struct replay *replay, replay_tell_fn tell)
{
	unsigned int i, changed = 0;

	for (i = 0; i < replay->nr; i++)
		changed += check_node(&replay->nodes[i], tell);
	return changed;
}

static void attack_byte(struct pci_dev *pdev, unsigned int where)
{
	u8 value;

	pci_read_config_byte(pdev, where, &value);
	pci_write_config_byte(pdev, where, ~value);
}

/**
 * replay_attack() - try to change what has to stand as it was recorded
 * @replay: the dump
 *
 * For a test of the two calls above: an ACS control, a Device Control, the bus
 * numbers of a bridge, of each function.
 */
void replay_attack(struct replay *replay)
{
	unsigned int i;

	for (i = 0; i < replay->nr; i++) {
		struct pci_dev *pdev = replay->nodes[i].pdev;

		if (pdev->acs_cap)
			attack_byte(pdev, pdev->acs_cap + PCI_ACS_CTRL);
		if (pdev->pcie_cap)
			attack_byte(pdev, pdev->pcie_cap + PCI_EXP_DEVCTL);
		if (acs_guard_is_bridge(pdev))
			attack_byte(pdev, PCI_SECONDARY_BUS);
	}
}
