// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: first inputs for fuzzers whose input has a form
 *
 * usage: make_seeds FOLDER DUMP...
 *
 * Writes to FOLDER/records a file for each dump, and one for some of the small
 * machines of the enumeration of tests/engine and for each rule of strict=1; to
 * FOLDER/exceptions what the tool itself writes.
 */
#include <stdlib.h>

#include "dump.h"
#include "exceptions.h"
#include "topo.h"

#define MAX_SIZE 4
/* More is no help to a fuzzer. */
#define MAX_FUNCTIONS 48
#define CAP_PCIE 0x40
/* Offsets of the extended capabilities; CAP_CXL: the DVSEC for CXL devices */
#define CAP_ACS 0x100
#define CAP_ATS 0x120
#define CAP_CXL 0x140
#define CXL_VENDOR 0x1e98
#define CXL_CTRL 0x0c
#define CXL_CACHE_ENABLE 1

static void put(u8 *bytes, unsigned int where, unsigned int size, u32 value)
{
	for (; size; size--, value >>= 8)
		bytes[where++] = (u8)value;
}

static FILE *seed_open(const char *folder, const char *kind, unsigned int nr)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s-%u", folder, kind, nr);
	file = fopen(path, "we");
	if (!file)
		die("%s cannot be written", path);
	return file;
}

/* Zeros at the end are not written. */
static void write_record(FILE *file, u8 bus, u8 devfn, const u8 *bytes,
			 unsigned int len)
{
	u8 head[4] = { bus, devfn };

	while (len && !bytes[len - 1])
		len--;
	put(head, 2, 2, len);
	fwrite(head, sizeof(head), 1, file);
	fwrite(bytes, 1, len, file);
}

/* ---- dumps ---- */

static void write_dump(const char *folder, const char *path, unsigned int nr)
{
	const struct dump_request request = { .paths = &path, .count = 1 };
	struct machine machine;
	FILE *file;
	size_t i;

	machine_init(&machine, SOURCE_DUMP);
	if (dump_read(&machine, &request)) {
		file = seed_open(folder, "records/dump", nr);
		for (i = 0; i < machine.count && i < MAX_FUNCTIONS; i++)
			write_record(file, bus_number_of(&machine.fns[i]),
				     devfn_of(&machine.fns[i]),
				     machine.fns[i].cfg, machine.fns[i].len);
		fclose(file);
	}
	machine_free(&machine);
}

/* ---- small machines ---- */

static u8 bus_of[TOPO_MAX];

static u32 class_of(const struct topo_fn *fn)
{
	if (topo_is_bridge(fn))
		return 0x060400;
	return fn->flags & TOPO_DUMMY ? 0x060000 : 0x020000;
}

static void make_header(const struct topo *t, unsigned int i, u8 *bytes, u8 bus,
			u8 last)
{
	const struct topo_fn *fn = &t->fn[i];

	put(bytes, PCI_VENDOR_ID, 2,
	    fn->flags & TOPO_INTEL ? PCI_VENDOR_ID_INTEL : 0x1234);
	put(bytes, PCI_DEVICE_ID, 2, 1 + i);
	put(bytes, PCI_COMMAND, 2, PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY);
	put(bytes, PCI_CLASS_PROG, 3, class_of(fn));
	bytes[PCI_HEADER_TYPE] = fn->flags & TOPO_MFBIT ? 0x80 : 0;
	if (fn->flags & TOPO_BAR)
		put(bytes, PCI_BASE_ADDRESS_0, 4, 0xfe000000);
	if (!topo_is_bridge(fn))
		return;
	bytes[PCI_HEADER_TYPE] |= PCI_HEADER_TYPE_BRIDGE;
	bytes[PCI_PRIMARY_BUS] = bus;
	bytes[PCI_SECONDARY_BUS] = bus_of[i];
	bytes[PCI_SUBORDINATE_BUS] = last;
}

/* Appends to the list, which begins at CAP_ACS with ACS or something else. */
static void add_extended(u8 *bytes, unsigned int where, unsigned int id)
{
	static unsigned int last;

	if (where != CAP_ACS)
		put(bytes, last + 2, 2, bytes[last + 2] | where << 4);
	put(bytes, where, 4, id | 1 << 16);
	last = where;
}

static void make_extended(const struct topo_fn *fn, u8 *bytes)
{
	if (!(fn->flags & (TOPO_ACS | TOPO_ATS | TOPO_CXL_CACHE)))
		return;
	add_extended(bytes, CAP_ACS,
		     fn->flags & TOPO_ACS ? PCI_EXT_CAP_ID_ACS :
					    PCI_EXT_CAP_ID_DSN);
	if (fn->flags & TOPO_ACS) {
		put(bytes, CAP_ACS + PCI_ACS_CAP, 2, fn->cap);
		put(bytes, CAP_ACS + PCI_ACS_CTRL, 2, fn->ctrl);
	}
	if (fn->flags & TOPO_ATS)
		add_extended(bytes, CAP_ATS, PCI_EXT_CAP_ID_ATS);
	if (fn->flags & TOPO_CXL_CACHE) {
		add_extended(bytes, CAP_CXL, PCI_EXT_CAP_ID_DVSEC);
		put(bytes, CAP_CXL + PCI_DVSEC_HEADER1, 2, CXL_VENDOR);
		put(bytes, CAP_CXL + CXL_CTRL, 2, CXL_CACHE_ENABLE);
	}
}

static void make_capabilities(const struct topo_fn *fn, u8 *bytes)
{
	if (topo_is_conventional(fn))
		return;
	put(bytes, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	bytes[PCI_CAPABILITY_LIST] = CAP_PCIE;
	bytes[CAP_PCIE] = PCI_CAP_ID_EXP;
	put(bytes, CAP_PCIE + PCI_EXP_FLAGS, 2,
	    2 | (u32)topo_type(fn) << 4 |
		    (fn->flags & TOPO_NO_SLOT ? 0 : PCI_EXP_FLAGS_SLOT));
	make_extended(fn, bytes);
}

/* Gives numbers to the buses below @parent.  Returns the last one. */
static u8 number_buses(const struct topo *t, int parent, u8 last)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		if (t->fn[i].parent != parent || !topo_is_bridge(&t->fn[i]))
			continue;
		bus_of[i] = ++last;
		last = number_buses(t, (int)i, last);
	}
	return last;
}

static u8 last_below(const struct topo *t, unsigned int i)
{
	u8 last = bus_of[i];
	unsigned int j;

	for (j = 0; j < t->nr; j++)
		if (t->fn[j].parent == (int)i && topo_is_bridge(&t->fn[j]))
			last = last_below(t, j);
	return last;
}

static bool is_plain(const struct topo *t)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (t->fn[i].flags & (TOPO_VF | TOPO_DWORD | TOPO_VMD))
			return false;
	return true;
}

/**
 * struct change - registers that no description has
 * @fn: of which function
 * @where: their offset
 * @size: bytes; 0: nothing is changed
 * @value: what they contain
 */
struct change {
	u8 fn;
	u8 where;
	u8 size;
	u32 value;
};

static void write_topo(const char *folder, const char *kind, unsigned int nr,
		       const struct topo *t, const struct change *changes)
{
	FILE *file = seed_open(folder, kind, nr);
	const struct change *change;
	unsigned int i;

	number_buses(t, TOPO_ROOT_BUS, 0);
	for (i = 0; i < t->nr; i++) {
		const int up = t->fn[i].parent;
		const u8 bus = up == TOPO_ROOT_BUS ? 0 : bus_of[up];
		u8 bytes[CFG_SIZE] = {};

		make_header(t, i, bytes, bus,
			    topo_is_bridge(&t->fn[i]) ? last_below(t, i) : 0);
		make_capabilities(&t->fn[i], bytes);
		for (change = changes; change && change->size; change++)
			if (change->fn == i)
				put(bytes, change->where, change->size,
				    change->value);
		write_record(file, bus, t->fn[i].devfn, bytes, CFG_SIZE);
	}
	fclose(file);
}

/* One of many is enough: the fuzzer finds those between. */
static void write_small(const char *folder)
{
	static struct topo_enum walk;
	static struct topo topo;

	topo_enum_start(&walk, MAX_SIZE, TOPO_ENUM_MAX, TOPO_WORDS_HERE);
	while (topo_enum_next(&walk, &topo))
		if (walk.count % 97 == 0 && is_plain(&topo))
			write_topo(folder, "records/small",
				   (unsigned int)walk.count, &topo, NULL);
}

/* ---- refused by one rule of strict=1, isolated without it ---- */

#define GOOD_PORT(type, up, at, flags_)                             \
	{                                                           \
		.kind = TOPO_##type, .parent = (up), .devfn = (at), \
		.flags = TOPO_ACS | (flags_), .cap = TOPO_ACS_PORT, \
		.ctrl = TOPO_ACS_PORT                               \
	}
#define OTHER(type, up, flags_)                                        \
	{                                                              \
		.kind = TOPO_##type, .parent = (up), .flags = (flags_) \
	}

static const struct topo by_strict_rules[] = {
	{ 2, { GOOD_PORT(ROOT_PORT, -1, 0, 0), OTHER(ENDPOINT, 0, TOPO_ATS) } },
	{ 4,
	  { GOOD_PORT(ROOT_PORT, -1, 0, 0), OTHER(UPSTREAM, 0, TOPO_BAR),
	    GOOD_PORT(DOWNSTREAM, 1, 0, 0), OTHER(ENDPOINT, 2, 0) } },
	{ 5,
	  { GOOD_PORT(ROOT_PORT, -1, 0, 0), OTHER(UPSTREAM, 0, 0),
	    GOOD_PORT(DOWNSTREAM, 1, 0, 0),
	    GOOD_PORT(DOWNSTREAM, 1, 8, TOPO_BAR), OTHER(ENDPOINT, 2, 0) } },
	{ 2,
	  { GOOD_PORT(ROOT_PORT, -1, 0, 0),
	    OTHER(ENDPOINT, 0, TOPO_CXL_CACHE) } },
};

/* The Upstream Port has the header of a CardBus bridge. */
static const struct change cardbus[] = {
	{ 1, PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_CARDBUS },
	{ 1, PCI_CLASS_DEVICE, 2, 0x0607 },
	{ 1, PCI_CB_CAPABILITY_LIST, 1, CAP_PCIE },
	{},
};

static void write_strict(const char *folder)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(by_strict_rules); i++)
		write_topo(folder, "records/strict", i, &by_strict_rules[i],
			   NULL);
	write_topo(folder, "records/cardbus", 0, &by_strict_rules[1], cardbus);
}

/* ---- exceptions ---- */

static const struct exception samples[] = {
	{ "0000:04:00.0", "0000:00:1c.0/00.0/01.0/00.0", "8086:10d3", "root",
	  "2026-01-01T00:00:00Z", "one guest has both" },
	{ "0000:05:00.1", "0000:05:00.1", "1234:abcd", "admin",
	  "2026-02-03T04:05:06Z", "it is trusted" },
};

static void write_exceptions(const char *folder, unsigned int count)
{
	FILE *file = seed_open(folder, "exceptions/some", count);
	struct exceptions exceptions = {};
	struct text rules = {}, conf = {};
	unsigned int i;

	for (i = 0; i < count; i++)
		exceptions_put(&exceptions, &samples[i]);
	exceptions_write(&exceptions, &rules, &conf);
	fwrite(text_get(&rules), 1, rules.len, file);
	fputc('\0', file);
	fwrite(text_get(&conf), 1, conf.len, file);
	fclose(file);
	exceptions_free(&exceptions);
	text_free(&rules);
	text_free(&conf);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 2)
		die("usage: make_seeds FOLDER DUMP...");
	write_small(argv[1]);
	write_strict(argv[1]);
	write_exceptions(argv[1], 1);
	write_exceptions(argv[1], ARRAY_SIZE(samples));
	for (i = 2; i < argc; i++)
		write_dump(argv[1], argv[i], (unsigned int)i);
	return 0;
}
