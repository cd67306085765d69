// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the facts of one function
 *
 * Registers that software can change are read for each verdict.  The offset of
 * a capability and the type of a function do not change; each home supplies
 * them.
 */
#include "acs.h"
#include "engine.h"
#include "node.h"

/* How many extended capabilities configuration space has room for. */
#define MAX_EXT_CAPS ((PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8)

#define NUM_BASE_ADDRESSES 6

/* The CXL DVSEC for devices, and the enable bit that S3 depends on. */
#define CXL_VENDOR 0x1e98
#define CXL_DEVICE_DVSEC 0
#define CXL_DEVICE_CTRL 0x0c
#define CXL_CACHE_ENABLE BIT(0)

/*
 * The ACS registers of Root Ports of Intel's 100 and 200 series chipsets are
 * dwords: the control register is at +8, the offset of the Egress Control
 * Vector of other functions.
 */
static bool has_dword_acs(struct acs_node node)
{
	const u16 device = acs_node_device(node);

	if (acs_node_vendor(node) != PCI_VENDOR_ID_INTEL ||
	    acs_node_type(node) != PCI_EXP_TYPE_ROOT_PORT)
		return false;
	return (device >= 0xa110 && device <= 0xa11f) ||
	       (device >= 0xa167 && device <= 0xa16a) ||
	       (device >= 0xa290 && device <= 0xa29f) ||
	       (device >= 0xa2e7 && device <= 0xa2ee) ||
	       (device >= 0x9d10 && device <= 0x9d1b);
}

/*
 * Read a dword of a capability.  A capability that begins near the end of
 * configuration space may have no room for its registers; what is beyond the
 * end may be another function's (7.2.2).
 */
static bool read_dword(struct acs_node node, struct acs_guard_reader *reader,
		       unsigned int where, u32 *value)
{
	return where <= PCI_CFG_SPACE_EXP_SIZE - sizeof(*value) &&
	       acs_node_read(node, reader, where, value);
}

/*
 * Read one dword.  A read of a device that is gone or in reset returns all
 * ones, in the dword or in one of its two registers.  An ACS register with all
 * bits set (7.7.11.2, 7.7.11.3) is taken for such an answer, too.
 */
static bool read_registers(struct acs_node node,
			   struct acs_guard_reader *reader, unsigned int where,
			   u32 *value)
{
	if (!read_dword(node, reader, where, value))
		return false;
	return (u16)*value != U16_MAX && *value >> 16 != U16_MAX;
}

/*
 * All zeroes are an empty capability, or the answer of some devices in reset.
 * In reset the header of the capability is zero as well.
 */
static bool has_acs_header(struct acs_node node,
			   struct acs_guard_reader *reader)
{
	u32 header;

	return read_registers(node, reader, acs_node_acs(node), &header) &&
	       (u16)header == PCI_EXT_CAP_ID_ACS;
}

/* 7.7.11: the capability and control registers are in one dword. */
static bool read_acs_registers(struct acs_node node,
			       struct acs_guard_reader *reader,
			       struct acs_guard_function *fn)
{
	const unsigned int where = acs_node_acs(node) + PCI_ACS_CAP;
	u32 value;

	if (!read_registers(node, reader, where, &value))
		return false;
	/* The device may have come out of reset between two of these reads. */
	if (!value && (!has_acs_header(node, reader) ||
		       !read_registers(node, reader, where, &value)))
		return false;

	fn->cap = (u16)value;
	fn->ctrl = (u16)(value >> 16);
	if (!has_dword_acs(node))
		return true;

	if (!read_registers(node, reader, where + 4, &value))
		return false;
	fn->ctrl = (u16)value;
	return true;
}

static bool read_acs_awake(struct acs_node node,
			   struct acs_guard_reader *reader,
			   struct acs_guard_function *fn)
{
	struct device *held;
	const bool readable = acs_node_hold(node, reader, &held) &&
			      read_acs_registers(node, reader, fn);

	acs_node_release(node, reader, held, readable);
	return readable;
}

static void read_acs(struct acs_node node, struct acs_guard_reader *reader,
		     struct acs_guard_function *fn)
{
	if (!fn->readable || fn->type == ACS_GUARD_TYPE_CONVENTIONAL)
		return;

	/* Capabilities that cannot be reached may be there. */
	if (!acs_node_is_extended(node)) {
		fn->readable = false;
		return;
	}

	fn->acs = acs_node_acs(node);
	if (fn->acs)
		fn->readable = read_acs_awake(node, reader, fn);
}

/* 7.5.3.2: the types of functions with the header of a bridge, and without. */
#define BRIDGE_TYPES                                                   \
	(BIT(PCI_EXP_TYPE_ROOT_PORT) | BIT(PCI_EXP_TYPE_UPSTREAM) |    \
	 BIT(PCI_EXP_TYPE_DOWNSTREAM) | BIT(PCI_EXP_TYPE_PCI_BRIDGE) | \
	 BIT(PCI_EXP_TYPE_PCIE_BRIDGE))
#define OTHER_TYPES                                               \
	(BIT(PCI_EXP_TYPE_ENDPOINT) | BIT(PCI_EXP_TYPE_LEG_END) | \
	 BIT(PCI_EXP_TYPE_RC_END))

/* R11: nothing is known of a function whose type contradicts its header. */
static inline u8 type_of(struct acs_node node)
{
	const u32 contradictory = acs_node_is_bridge(node) ? OTHER_TYPES :
							     BRIDGE_TYPES;
	const u8 type = acs_node_type(node);

	return type < ACS_GUARD_TYPE_CONVENTIONAL && contradictory & BIT(type) ?
		       ACS_GUARD_TYPE_CONTRADICTORY :
		       type;
}

/**
 * acs_guard_read_function() - read the facts of one function
 * @node: the function
 * @reader: what reads it
 * @registers: also read its ACS registers
 * @fn: receives the facts; with @fn->readable false if a read fails
 */
void acs_guard_read_function(struct acs_node node,
			     struct acs_guard_reader *reader, bool registers,
			     struct acs_guard_function *fn)
{
	*fn = (struct acs_guard_function){
		.bdf = acs_node_bdf(node),
		.vendor = acs_node_vendor(node),
		.type = type_of(node),
		.readable = acs_node_is_online(node, reader),
	};

	if (registers)
		read_acs(node, reader, fn);
}

/**
 * acs_guard_function_of() - the facts of one function, by value
 * @node: the function
 * @reader: what reads it
 * @registers: also read its ACS registers
 *
 * Return: as acs_guard_read_function().
 */
struct acs_guard_function acs_guard_function_of(struct acs_node node,
						struct acs_guard_reader *reader,
						bool registers)
{
	struct acs_guard_function fn;

	acs_guard_read_function(node, reader, registers, &fn);
	return fn;
}

/* Does @node answer?  The ID of a virtual function is that of its PF. */
static bool answers(struct acs_node node, struct acs_guard_reader *reader)
{
	u32 id;

	node = acs_node_physfn(node);
	return acs_node_read(node, reader, PCI_VENDOR_ID, &id) &&
	       (u16)id == acs_node_vendor(node) &&
	       id >> 16 == acs_node_device(node);
}

/* CXL 3.0, 8.1.3: the DVSEC for devices, with CXL.cache enabled. */
static bool is_cxl_cache(struct acs_node node, struct acs_guard_reader *reader,
			 unsigned int pos)
{
	u32 vendor, id, ctrl;

	if (!read_registers(node, reader, pos + PCI_DVSEC_HEADER1, &vendor) ||
	    !read_dword(node, reader, pos + PCI_DVSEC_HEADER2, &id) ||
	    id == U32_MAX)
		return true;
	if ((u16)vendor != CXL_VENDOR || (u16)id != CXL_DEVICE_DVSEC)
		return false;
	return !read_dword(node, reader, pos + CXL_DEVICE_CTRL, &ctrl) ||
	       ctrl & CXL_CACHE_ENABLE;
}

#define ANY_TRANSLATION (ACS_GUARD_ATS | ACS_GUARD_CXL_CACHE)

/* Read the list of extended capabilities once. */
static unsigned int find_translation(struct acs_node node,
				     struct acs_guard_reader *reader)
{
	unsigned int pos = PCI_CFG_SPACE_SIZE, left = MAX_EXT_CAPS, found = 0;
	u32 header;

	for (; pos >= PCI_CFG_SPACE_SIZE; pos = header >> 20 & 0xffc) {
		if (!left-- || !acs_node_read(node, reader, pos, &header) ||
		    header == U32_MAX)
			return ANY_TRANSLATION;
		/* A zero header is an empty list, but only at the start. */
		if (!header &&
		    (pos != PCI_CFG_SPACE_SIZE || !answers(node, reader)))
			return ANY_TRANSLATION;
		if ((u16)header == PCI_EXT_CAP_ID_ATS)
			found |= ACS_GUARD_ATS;
		else if ((u16)header == PCI_EXT_CAP_ID_DVSEC &&
			 is_cxl_cache(node, reader, pos))
			found |= ACS_GUARD_CXL_CACHE;
	}
	return found;
}

/**
 * acs_guard_translation_of() - find what may use addresses that no IOMMU
 *	translates  (S1, S3)
 * @node: the function
 * @reader: what reads it
 *
 * The list of capabilities is read twice, so that one wrong read hides none.
 * Whether ATS is enabled makes no difference.
 *
 * Return: %ACS_GUARD_ATS if the function has an ATS capability;
 * %ACS_GUARD_CXL_CACHE if CXL.cache is enabled, or its registers cannot be
 * read; both if the list cannot be read; 0 for a conventional function.
 */
unsigned int acs_guard_translation_of(struct acs_node node,
				      struct acs_guard_reader *reader)
{
	unsigned int found = ANY_TRANSLATION;
	struct device *held;
	bool awake;

	if (acs_node_type(node) == ACS_GUARD_TYPE_CONVENTIONAL)
		return 0;

	awake = acs_node_hold(node, reader, &held);
	if (awake && acs_node_is_extended(node) &&
	    acs_node_is_online(node, reader))
		found = find_translation(node, reader) |
			find_translation(node, reader);
	/* Resuming it again would not help: a list that does not read refuses. */
	acs_node_release(node, reader, held, awake);
	return found;
}

static bool has_base_address(struct acs_node node,
			     struct acs_guard_reader *reader)
{
	unsigned int i;
	u32 value;

	if (acs_node_has_resources(node))
		return true;
	for (i = 0; i < NUM_BASE_ADDRESSES; i++)
		if (!acs_node_read(node, reader, PCI_BASE_ADDRESS_0 + 4 * i,
				   &value) ||
		    value)
			return true;
	return false;
}

static bool is_idle(struct acs_node node, struct acs_guard_reader *reader)
{
	const u32 busy = PCI_COMMAND_MASTER | (u32)PCI_STATUS_CAP_LIST << 16;
	u32 value;

	return acs_node_read(node, reader, PCI_COMMAND, &value) &&
	       !(value & busy);
}

/* In reset a function may read as zeroes, and look idle. */
static bool is_still_host_bridge(struct acs_node node,
				 struct acs_guard_reader *reader)
{
	u32 value;

	return acs_node_read(node, reader, PCI_CLASS_REVISION, &value) &&
	       value >> 16 == PCI_CLASS_BRIDGE_HOST;
}

/*
 * The command register is read twice, and the class in between, so that one
 * wrong read is not enough.  In its own stack frame, since few functions are
 * host bridges.
 */
static noinline_for_stack bool is_inert(struct acs_node node,
					struct acs_guard_reader *reader)
{
	return acs_node_is_on_root_bus(node) && is_idle(node, reader) &&
	       is_still_host_bridge(node, reader) &&
	       !has_base_address(node, reader) && is_idle(node, reader);
}

/**
 * acs_guard_is_dummy() - is a function a dummy host bridge?
 * @node: the function
 * @reader: what reads it
 *
 * AMD Zen has a host bridge without a purpose in the device of its Root Ports.
 * A host bridge is a dummy only while it can issue and receive nothing: it has
 * no capability and no BAR, and Bus Master is off.  A host bridge with a PCI
 * Express capability has capabilities, whatever the status register says.
 */
bool acs_guard_is_dummy(struct acs_node node, struct acs_guard_reader *reader)
{
	return acs_node_class(node) == PCI_CLASS_BRIDGE_HOST &&
	       acs_node_type(node) == ACS_GUARD_TYPE_CONVENTIONAL &&
	       is_inert(node, reader);
}

/**
 * acs_guard_only_forwards() - does a function only forward what others issue?
 * @node: the function
 *
 * Return: true for a bridge of a known type (R11), unless functions below it
 * are unknown.
 */
bool acs_guard_only_forwards(struct acs_node node)
{
	const struct acs_guard_function fn = { .type = type_of(node) };

	return acs_node_is_bridge(node) && acs_fn_is_known(&fn) &&
	       !acs_node_is_unexplored(node);
}

/**
 * acs_guard_can_be_exposed() - can a function be a peer of another?
 * @node: the function
 * @reader: what reads it
 *
 * Return: false for dummy host bridges, and for functions that only forward.
 */
bool acs_guard_can_be_exposed(struct acs_node node,
			      struct acs_guard_reader *reader)
{
	if (acs_node_is_bridge(node))
		return !acs_guard_only_forwards(node);
	return !acs_guard_is_dummy(node, reader);
}
