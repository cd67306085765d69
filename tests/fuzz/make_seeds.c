// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: first inputs for fuzzers whose input has a form
 *
 * usage: make_seeds FOLDER DUMP...
 *
 * Writes to FOLDER/records a file for each dump, and one for some of the small
 * machines of the enumeration of tests/engine; to FOLDER/exceptions what the
 * tool itself writes.
 */
#include <stdlib.h>

#include "dump.h"
#include "exceptions.h"
#include "topo.h"

#define MAX_SIZE 4
/* More is no help to a fuzzer. */
#define MAX_FUNCTIONS 48
#define CAP_PCIE 0x40
#define CAP_ACS 0x100

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
	if (!topo_is_bridge(fn))
		return;
	bytes[PCI_HEADER_TYPE] |= PCI_HEADER_TYPE_BRIDGE;
	bytes[PCI_PRIMARY_BUS] = bus;
	bytes[PCI_SECONDARY_BUS] = bus_of[i];
	bytes[PCI_SUBORDINATE_BUS] = last;
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
	if (!(fn->flags & TOPO_ACS))
		return;
	put(bytes, CAP_ACS, 4, PCI_EXT_CAP_ID_ACS | 1 << 16);
	put(bytes, CAP_ACS + PCI_ACS_CAP, 2, fn->cap);
	put(bytes, CAP_ACS + PCI_ACS_CTRL, 2, fn->ctrl);
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

static void write_topo(const char *folder, const struct topo *t,
		       unsigned int nr)
{
	FILE *file = seed_open(folder, "records/small", nr);
	unsigned int i;

	number_buses(t, TOPO_ROOT_BUS, 0);
	for (i = 0; i < t->nr; i++) {
		const int up = t->fn[i].parent;
		const u8 bus = up == TOPO_ROOT_BUS ? 0 : bus_of[up];
		u8 bytes[CFG_SIZE] = {};

		make_header(t, i, bytes, bus,
			    topo_is_bridge(&t->fn[i]) ? last_below(t, i) : 0);
		make_capabilities(&t->fn[i], bytes);
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
			write_topo(folder, &topo, (unsigned int)walk.count);
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
	write_exceptions(argv[1], 1);
	write_exceptions(argv[1], ARRAY_SIZE(samples));
	for (i = 2; i < argc; i++)
		write_dump(argv[1], argv[i], (unsigned int)i);
	return 0;
}
