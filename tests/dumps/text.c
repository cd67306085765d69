// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of machines: what lspci prints, and a copy of sysfs
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dumps.h"

static FILE *create(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		die("%s: %s", path, strerror(errno));
	return file;
}

static void finish(FILE *file, const char *path)
{
	if (fclose(file))
		die("%s: %s", path, strerror(errno));
}

/* ---- lspci ---- */

static void print_regions(FILE *file, const struct dumped *fn)
{
	unsigned int i;
	u32 bar;

	fprintf(file, "\tControl: I/O- Mem- BusMaster-\n");
	for (i = 0; i < 6; i++) {
		if (!(fn->is.memory & BIT(i)))
			continue;
		bar = config_of(fn, PCI_BASE_ADDRESS_0 + 4 * i, 4);
		if (bar & ~0xfu)
			fprintf(file, "\tRegion %u: Memory at %08x", i,
				bar & ~0xfu);
		else
			fprintf(file, "\tRegion %u: Memory at <unassigned>", i);
		fprintf(file, " (32-bit, non-prefetchable) [size=4K]\n");
	}
}

static void print_line(FILE *file, const u8 *bytes, unsigned int where)
{
	static const char digits[] = "0123456789abcdef";
	char line[3 * 16 + 2], *at = line;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		*at++ = ' ';
		*at++ = digits[bytes[i] >> 4];
		*at++ = digits[bytes[i] & 15];
	}
	*at++ = '\n';
	*at = '\0';
	fprintf(file, "%02x:%s", where, line);
}

static void print_function(FILE *file, const struct dumped *fn, bool words)
{
	unsigned int where;

	fprintf(file, "%s %04x: %04x:%04x\n", acs_guard_name(fn->is.bdf).text,
		config_of(fn, PCI_CLASS_DEVICE, 2),
		config_of(fn, PCI_VENDOR_ID, 2),
		config_of(fn, PCI_DEVICE_ID, 2));
	if (words && !fn->is.offline)
		print_regions(file, fn);
	for (where = 0; where < fn->is.cfg_size; where += 16)
		print_line(file, fn->cfg + where, where);
	fputc('\n', file);
}

static void write_text(const struct machine_dump *dump, const char *path)
{
	FILE *file = create(path);
	unsigned int i;

	for (i = 0; i < dump->is.nr; i++)
		print_function(file, &dump->fns[i], dump->words);
	finish(file, path);
}

/* What lspci itself says of the bytes. */
static void write_words(const struct machine_dump *dump)
{
	write_text(dump, "bytes");
	if (system("lspci -D -F bytes -vvnn >dump 2>/dev/null") ||
	    (dump->boast && system("sed -i '/ACSCtl:/y/-/+/' dump")))
		die("lspci cannot read the dump of seed %llu",
		    (unsigned long long)dump->is.seed);
}

/* ---- sysfs ---- */

static void make_folder(const char *path)
{
	if (mkdir(path, 0755))
		die("%s: %s", path, strerror(errno));
}

static void write_raw(const struct machine_dump *dump)
{
	char path[64];
	unsigned int i;
	FILE *file;

	make_folder("raw");
	for (i = 0; i < dump->is.nr; i++) {
		const struct dumped *fn = &dump->fns[i];
		const struct acs_guard_name name = acs_guard_name(fn->is.bdf);

		snprintf(path, sizeof(path), "raw/%s", name.text);
		make_folder(path);
		snprintf(path, sizeof(path), "raw/%s/config", name.text);
		file = create(path);
		fwrite(fn->cfg, fn->is.cfg_size, 1, file);
		finish(file, path);
	}
}

static void write_groups(const struct machine_dump *dump, const char *path)
{
	FILE *file = create(path);
	unsigned int i;

	for (i = 0; i < dump->is.nr; i++)
		if (dump->fns[i].is.group >= 0)
			fprintf(file, "%s %d\n",
				acs_guard_name(dump->fns[i].is.bdf).text,
				dump->fns[i].is.group);
	finish(file, path);
}

/**
 * write_dump() - write the dump of a machine, and its IOMMU groups
 * @dump: the machine
 *
 * They go into the current folder: "dump" is a file, "raw" a folder that must
 * not be there, "groups" the list.
 */
void write_dump(const struct machine_dump *dump)
{
	if (dump->raw)
		write_raw(dump);
	else if (dump->text)
		write_words(dump);
	else
		write_text(dump, "dump");
	write_groups(dump, "groups");
}
