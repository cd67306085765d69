// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: fuzzes the engine on arbitrary configuration space
 *
 * The input is records as in folder_fuzz.c; bytes that are missing are zero.
 * The tool reads them, and the engine judges.  From the same bytes a
 * description of the hardware is made for the oracle of tests/engine: a
 * function that the engine calls isolated must have no route; one that it calls
 * isolated with strict=1 must also violate none of S1 to S3.  Where the
 * description is of no machine that can exist, only the sanitizers judge.
 */
#include <stdlib.h>

#include "dump.h"
#include "fuzz.h"
#include "judge.h"
#include "oracle.h"
#include "quirks.h"
#include "registers.h"
#include "strict.h"

#define RECORD_HEADER 4

/* CXL 3.0, 8.1.3: the DVSEC for CXL devices */
#define CXL_VENDOR 0x1e98
#define CXL_CTRL 0x0c
#define CXL_CACHE_ENABLE BIT(0)

static u64 compared, seen, isolated, strictly;

/* ---- the machine, as the tool has it ---- */

static bool add_record(struct machine *machine, const u8 *data, size_t len)
{
	const u64 bdf = (u64)data[0] << 8 | data[1];
	struct function *fn = machine_add(machine, bdf, "input", 1);

	if (!fn)
		return false;
	fn->len = CFG_SIZE;
	fn->cfg = arena_get(&machine->arena, CFG_SIZE);
	memcpy(fn->cfg, data + RECORD_HEADER, len < CFG_SIZE ? len : CFG_SIZE);
	return true;
}

static bool read_records(struct machine *machine, const u8 *data, size_t size)
{
	size_t len;

	while (size > RECORD_HEADER && machine->count < TOPO_MAX) {
		len = data[2] | (size_t)data[3] << 8;
		if (len > size - RECORD_HEADER)
			len = size - RECORD_HEADER;
		if (!add_record(machine, data, len))
			return false;
		data += RECORD_HEADER + len;
		size -= RECORD_HEADER + len;
	}
	return machine->count && machine_sort(machine, "input") &&
	       dump_understand(machine, false);
}

/* ---- the same, for the oracle ---- */

struct extended {
	unsigned int acs;
	bool ats, cxl_cache;
};

static bool is_cxl_cache(const struct function *fn, unsigned int dvsec)
{
	return dvsec + CXL_CTRL + 2 <= CFG_SIZE &&
	       reg(fn, dvsec + PCI_DVSEC_HEADER1, 2) == CXL_VENDOR &&
	       !reg(fn, dvsec + PCI_DVSEC_HEADER2, 2) &&
	       reg(fn, dvsec + CXL_CTRL, 2) & CXL_CACHE_ENABLE;
}

/* For ACS the first one counts, as in pci_find_ext_capability(). */
static struct extended find_extended(const struct function *fn)
{
	unsigned int where = 0x100, left = (CFG_SIZE - 0x100) / 8, id;
	struct extended found = {};
	u32 header;

	for (; left && where >= 0x100; left--) {
		header = reg(fn, where, 4);
		if (!header || header == U32_MAX)
			break;
		id = header & 0xffff;
		if (id == PCI_EXT_CAP_ID_ACS && !found.acs)
			found.acs = where;
		found.ats |= id == PCI_EXT_CAP_ID_ATS;
		found.cxl_cache |= id == PCI_EXT_CAP_ID_DVSEC &&
				   is_cxl_cache(fn, where);
		where = header >> 20 & 0xffc;
	}
	return found;
}

static void describe_acs(const struct function *fn, unsigned int where,
			 struct topo_fn *to)
{
	unsigned int ctrl;

	if (!where)
		return;
	ctrl = where + (to->kind == TOPO_ROOT_PORT && quirks_has_dwords(fn) ?
				8 :
				PCI_ACS_CTRL);
	if (ctrl + 2 > CFG_SIZE)
		return;
	to->flags |= TOPO_ACS;
	to->cap = (u16)reg(fn, where + PCI_ACS_CAP, 2);
	to->ctrl = (u16)reg(fn, ctrl, 2);
}

static void describe_extended(const struct function *fn, struct topo_fn *to)
{
	const struct extended found = find_extended(fn);

	if (fn->type == TYPE_CONVENTIONAL || fn->flags & FN_NOT_EXTENDED)
		return;
	describe_acs(fn, found.acs, to);
	/* Any other function with ATS or CXL.cache is refused, or a bridge. */
	if (to->kind != TOPO_ENDPOINT && to->kind != TOPO_LEGACY &&
	    to->kind != TOPO_INTEGRATED)
		return;
	to->flags |= found.ats ? TOPO_ATS : 0;
	to->flags |= found.cxl_cache ? TOPO_CXL_CACHE : 0;
}

/*
 * S2 is about the memory of the ports of switches.  The tool assumes that each
 * of these has some, since a BAR that reads zero may be one of memory.
 */
static void describe_memory(const struct function *fn, struct topo_fn *to)
{
	const unsigned int count =
		header_type_of(fn) == PCI_HEADER_TYPE_BRIDGE ? 2 : 1;
	unsigned int bar, value;

	for (bar = 0; bar < count; bar++) {
		value = reg(fn, PCI_BASE_ADDRESS_0 + 4 * bar, 4);
		if (value && !(value & PCI_BASE_ADDRESS_SPACE_IO))
			to->flags |= TOPO_BAR;
	}
}

/* 7.5.3.2: which types are listed for which header */
static u8 kind_for(const struct function *fn)
{
	const bool is_bridge = has_bridge_header(fn);

	if (fn->type == TYPE_CONVENTIONAL)
		return is_bridge ? TOPO_CONV_BRIDGE : TOPO_CONV;
	switch (fn->type) {
	case TOPO_ROOT_PORT:
	case TOPO_UPSTREAM:
	case TOPO_DOWNSTREAM:
	case TOPO_PCIE_TO_PCI:
	case TOPO_PCI_TO_PCIE:
		return is_bridge ? fn->type : TOPO_UNKNOWN;
	case TOPO_ENDPOINT:
	case TOPO_LEGACY:
	case TOPO_INTEGRATED:
	case TOPO_COLLECTOR:
		return is_bridge ? TOPO_UNKNOWN_BRIDGE : fn->type;
	default:
		return is_bridge ? TOPO_UNKNOWN_BRIDGE : TOPO_UNKNOWN;
	}
}

static bool is_dummy(const struct function *fn)
{
	unsigned int bar;

	if (fn->class >> 8 != PCI_CLASS_BRIDGE_HOST || fn->up != NONE ||
	    fn->type != TYPE_CONVENTIONAL || has_bridge_header(fn) ||
	    reg(fn, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST)
		return false;
	for (bar = 0; bar < 6; bar++)
		if (reg(fn, PCI_BASE_ADDRESS_0 + 4 * bar, 4))
			return false;
	return true;
}

/* Return: false if the oracle knows nothing that has these. */
static bool describe_alias(const struct function *fn, struct topo_fn *to)
{
	unsigned int devfn, count = 0;

	if (!fn->aliases)
		return true;
	for (devfn = 0; devfn < 256; devfn++) {
		if (!(fn->aliases[devfn / 32] >> devfn % 32 & 1))
			continue;
		to->flags |= TOPO_ALIAS;
		to->alias = (u8)devfn;
		count++;
	}
	return count <= 1;
}

static bool describe(const struct machine *machine, const struct function *fn,
		     struct topo_fn *to)
{
	*to = (struct topo_fn){
		.parent = TOPO_ROOT_BUS,
		.kind = kind_for(fn),
		.devfn = devfn_of(fn),
	};
	describe_extended(fn, to);
	describe_memory(fn, to);
	if (vendor_of(fn) == PCI_VENDOR_ID_INTEL)
		to->flags |= TOPO_INTEL;
	if (is_dummy(fn)) {
		to->flags = TOPO_DUMMY;
		if (reg(fn, PCI_COMMAND, 2) & PCI_COMMAND_MASTER)
			to->flags |= TOPO_MASTER;
	}
	return describe_alias(fn, to);
}

/* Where each function of the machine is in the description. */
static u8 index_of[TOPO_MAX];

static void describe_vf(const struct machine *machine,
			const struct function *fn, struct topo_fn *to)
{
	const struct function *pf = function_at(machine, fn->pf);

	to->flags |= TOPO_VF;
	to->vf_of = index_of[fn->pf];
	to->bus_off = (u8)(bus_number_of(fn) - bus_number_of(pf));
}

/* Are the function above, and a PF, in the description? */
static bool is_next(const struct machine *machine, const struct function *fn,
		    const bool *done)
{
	if (is_virtual(fn))
		return done[fn->pf];
	return fn->up == NONE || done[fn->up];
}

static bool place_one(const struct machine *machine, const struct function *fn,
		      struct topo *t)
{
	const struct function *on =
		is_virtual(fn) ? function_at(machine, fn->pf) : fn;
	struct topo_fn *to = &t->fn[t->nr];

	if (!describe(machine, fn, to))
		return false;
	if (on->up != NONE) {
		to->parent = (s8)index_of[on->up];
		/* Function numbers above 7 below a port: it forwards ARI. */
		if (topo_is_port(&t->fn[index_of[on->up]]) &&
		    TOPO_DEV(devfn_of(fn)))
			t->fn[index_of[on->up]].flags |= TOPO_ARI;
	}
	if (is_virtual(fn))
		describe_vf(machine, fn, to);
	index_of[number_of(machine, fn)] = t->nr++;
	return true;
}

/* Return: false if no machine can be like that, or the oracle knows none. */
static bool describe_all(const struct machine *machine, struct topo *t)
{
	bool done[TOPO_MAX] = {};
	unsigned int before;
	int root = NONE;
	size_t i;

	t->nr = 0;
	do {
		before = t->nr;
		for (i = 0; i < machine->count; i++) {
			const struct function *fn = &machine->fns[i];

			if (done[i] || !is_next(machine, fn, done))
				continue;
			/* One root bus. */
			if (fn->up == NONE && !is_virtual(fn)) {
				if (root != NONE && root != bus_number_of(fn))
					return false;
				root = bus_number_of(fn);
			}
			if (!place_one(machine, fn, t))
				return false;
			done[i] = true;
		}
	} while (t->nr != before);
	return t->nr == machine->count && !topo_invalid(t);
}

static void print_topo(const struct topo *t)
{
	char line[TOPO_LINE];
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		topo_print(t, i, line, sizeof(line));
		fprintf(stderr, "%s\n", line);
	}
}

static void fail(const struct topo *t, unsigned int i, const char *how)
{
	fprintf(stderr, "function %u is isolated, %s\n", i, how);
	print_topo(t);
	abort();
}

static void compare(const struct machine *machine, const bool *strict)
{
	static struct oracle oracle;
	static struct topo topo;
	size_t i;

	if (!describe_all(machine, &topo))
		return;
	compared++;
	oracle_run(&oracle, &topo, ORACLE_ASSUME_ALL);
	for (i = 0; i < machine->count; i++) {
		if (!machine->fns[i].answer.isolated ||
		    !(oracle.functions & BIT_ULL(index_of[i])))
			continue;
		isolated++;
		if (oracle_peers(&oracle, index_of[i]))
			fail(&topo, index_of[i], "and has peers");
		strictly += strict[i];
		if (strict[i] && !strict_is_sound(&oracle, index_of[i]))
			fail(&topo, index_of[i],
			     "with strict=1, and violates S1, S2 or S3");
	}
}

/* The second pass leaves the answers for the default settings. */
static void judge_both(struct machine *machine, bool *strict)
{
	size_t i;

	machine->settings.strict = true;
	judge_machine(machine);
	for (i = 0; i < machine->count; i++)
		strict[i] = machine->fns[i].answer.isolated;
	machine->settings.strict = false;
	judge_machine(machine);
	for (i = 0; i < machine->count; i++)
		if (strict[i] && !machine->fns[i].answer.isolated) {
			fprintf(stderr, "%s is isolated with strict=1 only\n",
				acs_guard_name(machine->fns[i].bdf).text);
			abort();
		}
}

static void report(void)
{
	fprintf(stderr,
		"%llu of %llu inputs were machines for the oracle, with %llu isolated functions, %llu with strict=1\n",
		compared, seen, isolated, strictly);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	atexit(report);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	bool strict[TOPO_MAX];
	struct machine machine;

	seen++;
	machine_init(&machine, SOURCE_DUMP);
	if (read_records(&machine, data, size)) {
		judge_both(&machine, strict);
		compare(&machine, strict);
	}
	machine_free(&machine);
	return 0;
}
