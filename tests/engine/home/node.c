// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: a function of a described machine, as the engine sees it
 *
 * Its configuration space is made up as it is read.
 */
#include "node.h"

/* Where the extended capabilities are; the first is one that no rule is about. */
#define FIRST 0x100
#define ACS 0x140
#define ATS 0x160
#define CXL 0x180

#define CXL_VENDOR 0x1e98

static bool is_conventional(struct acs_node node)
{
	return acs_node_type(node) == 0x10;
}

/**
 * acs_node_acs() - where the ACS Extended Capability of a function is
 * @node: the function
 */
u16 acs_node_acs(struct acs_node node)
{
	return acs_node_has(node, TOPO_ACS) && !is_conventional(node) ? ACS : 0;
}

static u32 header(u16 id, u32 next)
{
	return next << 20 | 1u << 16 | id;
}

static u32 extended_header(struct acs_node node, unsigned int where)
{
	const u32 cxl = acs_node_has(node, TOPO_CXL_CACHE) ? CXL : 0;
	const u32 ats = acs_node_has(node, TOPO_ATS) ? ATS : cxl;
	const u32 acs = acs_node_acs(node) ? ACS : ats;

	switch (where) {
	case FIRST:
		return acs ? header(PCI_EXT_CAP_ID_VNDR, acs) : 0;
	case ACS:
		return header(PCI_EXT_CAP_ID_ACS, ats);
	case ATS:
		return header(PCI_EXT_CAP_ID_ATS, cxl);
	default:
		return header(PCI_EXT_CAP_ID_DVSEC, 0);
	}
}

static u32 acs_registers(struct acs_node node, unsigned int where)
{
	const struct topo_fn *fn = acs_node_fn_of(node);

	if (fn->flags & TOPO_UNREADABLE)
		return U32_MAX;
	if (where == ACS + 8)
		return fn->ctrl;
	/* With the dword layout the word at +6 is the upper half. */
	return fn->cap | (fn->flags & TOPO_DWORD ? 0 : (u32)fn->ctrl << 16);
}

static u32 extended(struct acs_node node, unsigned int where)
{
	switch (where) {
	case FIRST:
	case ACS:
	case ATS:
	case CXL:
		return extended_header(node, where);
	case ACS + 4:
	case ACS + 8:
		return acs_registers(node, where);
	case CXL + 4:
		return CXL_VENDOR;
	case CXL + 8:
		return 0;
	default:
		return 1;
	}
}

static u32 described(struct acs_node node, unsigned int where)
{
	const struct machine_access *access = node.machine->access;
	u32 value;

	if (where >= FIRST)
		return access && access->packed ?
			       header(PCI_EXT_CAP_ID_VNDR, where + 8) :
			       extended(node, where);
	switch (where) {
	case PCI_VENDOR_ID:
		return (u32)acs_node_device(node) << 16 | acs_node_vendor(node);
	case PCI_COMMAND:
		value = acs_node_has(node, TOPO_MASTER) ? PCI_COMMAND_MASTER :
							  0;
		if (!acs_node_has(node, TOPO_DUMMY))
			value |= (u32)PCI_STATUS_CAP_LIST << 16;
		return value;
	case PCI_CLASS_REVISION:
		return (u32)acs_node_class(node) << 16;
	default:
		return 0;
	}
}

/* The fault that applies to a read, or NULL; counts the read. */
static const struct machine_fault *fault_of(struct machine_access *access,
					    int i, int where)
{
	const struct machine_fault *fault, *found = NULL;
	unsigned int nr;

	access->reads++;
	for (nr = 0; nr < access->faults; nr++) {
		fault = &access->fault[nr];
		if ((fault->fn != MACHINE_ANY && fault->fn != i) ||
		    (fault->where != MACHINE_ANY && fault->where != where))
			continue;
		access->seen[nr]++;
		if (!found && (!fault->nth || fault->nth == access->seen[nr]))
			found = fault;
	}
	return found;
}

/**
 * acs_node_read() - read a dword of configuration space
 * @node: the function
 * @reader: of the same machine
 * @where: the offset
 * @value: the dword
 *
 * Return: false if the read fails.
 */
bool acs_node_read(struct acs_node node, struct acs_guard_reader *reader,
		   unsigned int where, u32 *value)
{
	struct machine_access *access = node.machine->access;
	const struct machine_fault *fault =
		access ? fault_of(access, node.i, (int)where) : NULL;

	assert(reader->machine == node.machine);
	*value = fault ? fault->value : described(node, where);
	return !fault || !fault->fails;
}

/* The real DMA device, or the root bus; also for what is below itself. */
static struct acs_node behind(struct acs_node node)
{
	unsigned int left = machine_size(node.machine);

	for (; !acs_node_is_on_root_bus(node);
	     node.i = acs_node_fn_of(node)->parent)
		if (acs_node_is_orphan(node) || !left--)
			return acs_node_number(node.machine, TOPO_ROOT_BUS);
	node.i = acs_node_fn_of(node)->parent;
	return node;
}

/**
 * acs_node_real_dma() - the function that a whole domain is behind
 * @node: a function of that domain
 *
 * Return: that function, or none.
 */
struct acs_node acs_node_real_dma(struct acs_node node)
{
	const struct acs_node vmd = behind(node);

	return vmd.i == TOPO_ROOT_BUS || node.machine->domains ?
		       acs_node_none() :
		       vmd;
}

/* Visit what has @parent, or all if @any. */
static int visit_all(const struct machine *machine, int parent, bool any,
		     acs_node_fn visit, void *data)
{
	int i, done;

	for (i = 0; i < (int)machine_size(machine); i++) {
		if (!any && machine_fn(machine, i)->parent != parent)
			continue;
		done = visit(acs_node_number(machine, i), data);
		if (done)
			return done;
	}
	return 0;
}

/**
 * acs_node_is_used() - is a function below a bridge?
 * @node: the bridge
 */
bool acs_node_is_used(struct acs_node node)
{
	int i;

	for (i = 0; i < (int)machine_size(node.machine); i++)
		if (machine_fn(node.machine, i)->parent == node.i)
			return true;
	return false;
}

int acs_node_visit_bus(struct acs_node node, struct acs_guard_reader *reader,
		       acs_node_fn visit, void *data)
{
	assert(reader->machine == node.machine);
	return visit_all(node.machine, acs_node_fn_of(node)->parent, false,
			 visit, data);
}

int acs_node_visit_below(struct acs_node node, struct acs_guard_reader *reader,
			 acs_node_fn visit, void *data)
{
	assert(reader->machine == node.machine);
	return visit_all(node.machine, node.i, false, visit, data);
}

int acs_node_visit_all(struct acs_guard_reader *reader, acs_node_fn visit,
		       void *data)
{
	return visit_all(reader->machine, 0, true, visit, data);
}

int acs_node_visit_group(struct acs_node node, acs_node_fn visit, void *data)
{
	const int group = acs_node_group(node);
	int i, done;

	for (i = 0; group >= 0 && i < (int)machine_size(node.machine); i++) {
		if (acs_node_group(acs_node_number(node.machine, i)) != group)
			continue;
		done = visit(acs_node_number(node.machine, i), data);
		if (done)
			return done;
	}
	return 0;
}
