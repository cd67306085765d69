// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: a function that the kernel does not list, as a node of the engine
 *
 * Such a function has no struct pci_dev.  It has a number on a bus, below a
 * bridge that the kernel lists or that is hidden itself, and a record
 * (hidden.h).  A record affects a verdict only if its bus is there and the
 * kernel does not list the function again.
 *
 * Context of all functions here: within acs_topology_read_lock().
 */
#include <linux/pci.h>

#include "engine.h"
#include "hidden.h"
#include "node.h"
#include "pci_dev.h"
#include "power.h"
#include "topology_lock.h"

static struct acs_guard_hidden *find_record(u64 bdf)
{
	struct acs_guard_hidden *hidden = NULL;

	while ((hidden = acs_guard_next_hidden(hidden)))
		if (hidden->bdf == bdf)
			break;
	return hidden;
}

/* Return: the function or the record with that address, or none. */
static struct acs_node find_node(u64 bdf)
{
	const struct acs_node node = acs_node_of(acs_guard_find_listed(bdf));

	if (!acs_node_exists(node))
		return acs_node_of_hidden(find_record(bdf));
	return node;
}

/* Is @hidden on the root bus of a domain that a function owns? */
static bool is_at_owned_root(const struct acs_guard_hidden *hidden)
{
	return hidden->parent != ACS_GUARD_NO_PARENT &&
	       hidden->parent >> 16 != hidden->bdf >> 16;
}

/* Is @hidden on the root bus of its domain? */
static bool is_at_root(const struct acs_guard_hidden *hidden)
{
	return hidden->parent == ACS_GUARD_NO_PARENT ||
	       is_at_owned_root(hidden);
}

bool acs_node_hidden_is_on_root_bus(struct acs_node node)
{
	return is_at_root(acs_node_record(node));
}

/**
 * acs_node_hidden_bridge() - the bridge above a function that is not listed
 * @node: the function
 *
 * Return: none on a root bus, or if the bridge is not known any more.
 */
struct acs_node acs_node_hidden_bridge(struct acs_node node)
{
	return is_at_root(acs_node_record(node)) ?
		       acs_node_none() :
		       find_node(acs_node_record(node)->parent);
}

/*
 * The topmost hidden element of the path of @hidden: its bus is there.  If
 * buses were renumbered, the addresses of old records may be those of other
 * functions by now, or lead in a circle.
 *
 * Return: NULL if the path leads to no function that is there.
 */
static struct acs_guard_hidden *topmost_hidden(struct acs_guard_hidden *hidden)
{
	unsigned int depth = 0;

	while (hidden->parent != ACS_GUARD_NO_PARENT &&
	       !acs_guard_find_listed(hidden->parent)) {
		hidden = find_record(hidden->parent);
		if (!hidden || !hidden->bridge || ++depth > ACS_GUARD_MAX_DEPTH)
			return NULL;
	}
	return hidden;
}

struct acs_node acs_node_hidden_real_dma(struct acs_node node)
{
	const struct acs_guard_hidden *top =
		topmost_hidden(acs_node_record(node));
	struct pci_dev *above;

	if (!top || top->parent == ACS_GUARD_NO_PARENT)
		return acs_node_none();
	above = acs_guard_find_listed(top->parent);
	if (!above || is_at_root(top))
		return acs_node_of(above);
	return acs_node_of(acs_guard_real_dma_dev(above));
}

/*
 * The bus that @hidden is on, with a reference on its device; NULL if there is
 * none, if the numbers do not match any more, or if no function keeps the bus:
 * the driver of a real DMA device may remove its domain at any time, and what
 * reads configuration space there goes with the domain.  Only the removal of a
 * listed function waits for topology readers.
 */
static struct pci_bus *get_bus(const struct acs_guard_hidden *hidden,
			       const struct acs_guard_reader *reader)
{
	struct pci_dev *parent;
	struct pci_bus *bus;

	if (hidden->parent == ACS_GUARD_NO_PARENT) {
		bus = acs_guard_get_root_bus(reader->device);
	} else if (is_at_owned_root(hidden)) {
		bus = acs_guard_get_root_bus_at(hidden->bdf);
	} else {
		parent = acs_guard_find_listed(hidden->parent);
		bus = parent ? acs_guard_get_bus_below(parent) : NULL;
	}
	/* A rescan that renumbers a bus lists all that is on it. */
	if (bus && !acs_guard_is_on(bus, hidden->bdf)) {
		put_device(&bus->dev);
		return NULL;
	}
	return bus;
}

static bool read_id(const struct acs_guard_hidden *hidden, struct pci_bus *bus,
		    u32 *id)
{
	return acs_guard_answers(bus, (u8)hidden->bdf, id);
}

/* Return: true as well if what is above @hidden is asleep. */
static bool may_answer(struct acs_guard_hidden *hidden, struct pci_bus *bus,
		       struct acs_guard_reader *reader)
{
	const struct acs_node node = acs_node_of_hidden(hidden);
	struct device *held;
	bool awake, there = true;
	u32 id;

	awake = acs_node_hold(node, reader, &held);
	if (awake)
		there = acs_guard_may_be_there(hidden,
					       read_id(hidden, bus, &id));
	acs_node_unhold(node, reader, held, awake);
	return there;
}

/*
 * May @hidden send DMA, although its bus was not found?  The domain of a real
 * DMA device may still be there.  A bridge has no bus for a moment while the
 * kernel adds or removes the bridge, which has no record of its own then.
 */
static bool may_be_there_unread(const struct acs_guard_hidden *hidden)
{
	struct pci_dev *parent;
	struct pci_bus *bus;
	bool there;

	if (is_at_owned_root(hidden))
		return acs_guard_has_bus(hidden->bdf);
	if (hidden->parent == ACS_GUARD_NO_PARENT)
		return false;
	parent = acs_guard_find_listed(hidden->parent);
	if (!parent || !acs_guard_is_bridge(parent))
		return false;
	bus = acs_guard_get_bus_below(parent);
	if (!bus)
		return true;
	/* The kernel may have added it just now. */
	there = acs_guard_is_on(bus, hidden->bdf);
	put_device(&bus->dev);
	return there;
}

/* Is it a function that the kernel does not list, but that may send DMA? */
static bool is_there(struct acs_guard_hidden *hidden,
		     struct acs_guard_reader *reader)
{
	struct acs_guard_hidden *top = topmost_hidden(hidden);
	struct pci_bus *bus;
	bool there;

	if (!top)
		return false;
	bus = get_bus(top, reader);
	if (!bus)
		return may_be_there_unread(top);
	/* If @top has just been listed, those below it still count. */
	if (acs_guard_is_listed(bus, top->bdf))
		there = top != hidden;
	else
		there = may_answer(top, bus, reader);
	put_device(&bus->dev);
	return there;
}

/**
 * acs_node_hidden_is_online() - does a function that is not listed answer?
 * @node: the function
 * @reader: the reader
 *
 * Return: true if the function of the record answers.  Below a bridge that is
 * hidden as well, nothing can be read; then the result is whether the registers
 * could be read when the function was hidden.
 */
bool acs_node_hidden_is_online(struct acs_node node,
			       struct acs_guard_reader *reader)
{
	const struct acs_guard_hidden *hidden = acs_node_record(node);
	struct pci_bus *bus = get_bus(hidden, reader);
	struct device *held;
	bool awake, online;
	u32 id;

	if (!bus)
		return hidden->readable;
	awake = acs_node_hold(node, reader, &held);
	online = awake && read_id(hidden, bus, &id) && id == hidden->id;
	acs_node_unhold(node, reader, held, awake);
	/* Otherwise acs_node_release() notes it, after the registers are read. */
	if (!online || !hidden->acs_cap)
		acs_guard_note_readable(acs_node_record(node), online);
	put_device(&bus->dev);
	return online;
}

/* Read the copy of the ACS registers in the record. */
static bool read_record(const struct acs_guard_hidden *hidden,
			unsigned int where, u32 *value)
{
	if (!hidden->readable || !hidden->acs_cap)
		return false;
	if (where == hidden->acs_cap)
		*value = PCI_EXT_CAP_ID_ACS;
	else if (where == hidden->acs_cap + PCI_ACS_CAP)
		*value = (u32)hidden->ctrl << 16 | hidden->cap;
	else
		*value = hidden->ctrl;
	return true;
}

/**
 * acs_node_hidden_read() - read a dword of a function that is not listed
 * @node: the function
 * @reader: the reader
 * @where: the offset
 * @value: the dword
 *
 * Return: false if the read fails or returns all ones, or if another function
 * answers.
 */
bool acs_node_hidden_read(struct acs_node node, struct acs_guard_reader *reader,
			  unsigned int where, u32 *value)
{
	const struct acs_guard_hidden *hidden = acs_node_record(node);
	struct pci_bus *bus = get_bus(hidden, reader);
	bool read;
	u32 id;

	if (!bus)
		return read_record(hidden, where, value);
	read = read_id(hidden, bus, &id) && id == hidden->id &&
	       acs_guard_read_at(bus, (u8)hidden->bdf, where, value);
	put_device(&bus->dev);
	return read;
}

static bool is_on_same_bus(const struct acs_guard_hidden *hidden, u64 bdf)
{
	return hidden->bdf >> 8 == bdf >> 8;
}

static bool is_below(const struct acs_guard_hidden *hidden, u64 bdf)
{
	return hidden->parent == bdf;
}

static bool is_any(const struct acs_guard_hidden *hidden, u64 bdf)
{
	return true;
}

/*
 * The node of a record, or none.  A rescan may list the function after the
 * listed functions were visited, so it is visited here, perhaps for the second
 * time.
 */
static struct acs_node node_of(struct acs_guard_hidden *hidden,
			       struct acs_guard_reader *reader)
{
	return is_there(hidden, reader) ?
		       acs_node_of_hidden(hidden) :
		       acs_node_of(acs_guard_find_listed(hidden->bdf));
}

typedef bool (*is_wanted_fn)(const struct acs_guard_hidden *hidden, u64 bdf);

static int visit(is_wanted_fn is_wanted, u64 bdf,
		 struct acs_guard_reader *reader, acs_node_fn visitor,
		 void *data)
{
	struct acs_guard_hidden *hidden = NULL;
	struct acs_node node;
	int done;

	while ((hidden = acs_guard_next_hidden(hidden))) {
		if (!is_wanted(hidden, bdf))
			continue;
		node = node_of(hidden, reader);
		done = acs_node_exists(node) ? visitor(node, data) : 0;
		if (done)
			return done;
	}
	return 0;
}

int acs_node_visit_hidden_on_bus(struct acs_node node,
				 struct acs_guard_reader *reader,
				 acs_node_fn visitor, void *data)
{
	return visit(is_on_same_bus, acs_node_bdf(node), reader, visitor, data);
}

int acs_node_visit_hidden_below(struct acs_node node,
				struct acs_guard_reader *reader,
				acs_node_fn visitor, void *data)
{
	return visit(is_below, acs_node_bdf(node), reader, visitor, data);
}

int acs_node_visit_hidden(struct acs_guard_reader *reader, acs_node_fn visitor,
			  void *data)
{
	return visit(is_any, 0, reader, visitor, data);
}
