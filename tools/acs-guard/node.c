// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: a function of the model as the engine sees it
 */
#include "node.h"
#include "quirks.h"
#include "registers.h"

/**
 * acs_node_read() - read a dword of configuration space
 * @node: the function
 * @reader: of the same machine
 * @where: the offset
 * @value: the dword
 *
 * Return: false for what is not known.
 */
bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value)
{
	*value = U32_MAX;
	if (where + 4 > node.fn->len)
		return false;
	*value = reg(node.fn, where, 4);
	return true;
}

static int visit_buses(const struct machine *machine, int bus, bool all,
		       acs_node_fn visit, void *data)
{
	int number, done;

	for (; bus != NONE; bus = machine->buses[bus].next_below) {
		for (number = machine->buses[bus].first; number != NONE;
		     number = machine->fns[number].next_on_bus) {
			done = visit(acs_node_number(machine, number), data);
			if (done)
				return done;
		}
		if (!all)
			break;
	}
	return 0;
}

int acs_node_visit_bus(struct acs_node node, struct acs_guard_reader *reader,
		       acs_node_fn visit, void *data)
{
	return visit_buses(node.machine, node.fn->bus, false, visit, data);
}

int acs_node_visit_below(struct acs_node node, struct acs_guard_reader *reader,
			 acs_node_fn visit, void *data)
{
	return visit_buses(node.machine, node.fn->below, true, visit, data);
}

int acs_node_visit_all(struct acs_guard_reader *reader, acs_node_fn visit,
		       void *data)
{
	size_t i;
	int done;

	for (i = 0; i < reader->machine->count; i++) {
		done = visit(acs_node_number(reader->machine, (int)i), data);
		if (done)
			return done;
	}
	return 0;
}

int acs_node_visit_group(struct acs_node node, acs_node_fn visit, void *data)
{
	const struct function *member;
	int number, done;

	for (number = machine_first_in_group(node.machine, node.fn->group);
	     number != NONE; number = member->next_in_group) {
		member = function_at(node.machine, number);
		done = visit(acs_node_number(node.machine, number), data);
		if (done)
			return done;
	}
	return 0;
}

bool acs_node_has_slot(struct acs_node node)
{
	const unsigned int at = pcie_cap_of(node.fn);

	return at > 1 &&
	       reg(node.fn, at + PCI_EXP_FLAGS, 2) & PCI_EXP_FLAGS_SLOT;
}

static unsigned int num_bars(const struct function *fn)
{
	switch (header_type_of(fn)) {
	case PCI_HEADER_TYPE_NORMAL:
		return 6;
	case PCI_HEADER_TYPE_BRIDGE:
		return 2;
	case PCI_HEADER_TYPE_CARDBUS:
		return 1;
	default:
		return 0;
	}
}

static bool is_wide(u32 bar)
{
	return (bar &
		(PCI_BASE_ADDRESS_SPACE | PCI_BASE_ADDRESS_MEM_TYPE_MASK)) ==
	       PCI_BASE_ADDRESS_MEM_TYPE_64;
}

/* Has it a BAR that is there, or may be, and that is memory if @memory? */
static bool has_bar(const struct function *fn, bool memory)
{
	const unsigned int count = num_bars(fn);
	unsigned int i;
	u32 bar;

	if (fn->flags & FN_MEMORY && count)
		return true;
	for (i = 0; i < count; i++) {
		bar = reg(fn, PCI_BASE_ADDRESS_0 + 4 * i, 4);
		if (bar && !(memory && bar & PCI_BASE_ADDRESS_SPACE_IO))
			return true;
		/* The upper half of an address is no BAR of its own. */
		i += is_wide(bar);
	}
	return false;
}

bool acs_node_has_memory(struct acs_node node)
{
	return has_bar(node.fn, true);
}

bool acs_node_has_resources(struct acs_node node)
{
	return has_bar(node.fn, false);
}

static bool names(const struct function *fn, u8 devfn)
{
	return fn->aliases && fn->aliases[devfn / 32] & 1u << devfn % 32;
}

/* Quirks are known by IDs, and a function that does not answer has none. */
static bool may_have_any_id(const struct function *fn)
{
	return fn->flags & FN_NO_ANSWER;
}

/**
 * acs_node_shares_id() - may two functions have a requester ID in common?
 * @a: a function
 * @b: another
 */
bool acs_node_shares_id(struct acs_node a, struct acs_node b)
{
	unsigned int i;

	if (!acs_node_same_bus(a, b))
		return false;
	if (may_have_any_id(a.fn) || may_have_any_id(b.fn))
		return true;
	if (names(a.fn, devfn_of(b.fn)) || names(b.fn, devfn_of(a.fn)))
		return true;
	if (!a.fn->aliases || !b.fn->aliases)
		return false;
	for (i = 0; i < ALIAS_WORDS; i++)
		if (a.fn->aliases[i] & b.fn->aliases[i])
			return true;
	return false;
}
