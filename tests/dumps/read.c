// SPDX-License-Identifier: GPL-2.0-only
/*
 * Machines that the module has judged
 */
#include <string.h>

#include "dumps.h"

static void read_bytes(FILE *file, void *bytes, size_t size)
{
	if (size && fread(bytes, size, 1, file) != 1)
		die("the file of machines is cut off");
}

static void put_dword(u8 *at, u32 value)
{
	unsigned int i;

	for (i = 0; i < 4; i++, value >>= 8)
		at[i] = (u8)value;
}

static void read_function(FILE *file, struct dumped *fn)
{
	struct dumped_dword dword;
	unsigned int i;

	read_bytes(file, &fn->is, sizeof(fn->is));
	if (fn->is.nr_peers > MAX_DUMPED || fn->is.cfg_size > CFG_SIZE)
		die("a function of too many bytes, or peers");
	read_bytes(file, fn->peers, fn->is.nr_peers * sizeof(*fn->peers));
	memset(fn->cfg, fn->is.offline ? 0xff : 0, sizeof(fn->cfg));
	for (i = 0; i < fn->is.nr_dwords; i++) {
		read_bytes(file, &dword, sizeof(dword));
		if (dword.where > CFG_SIZE - 4)
			die("a register beyond configuration space");
		put_dword(fn->cfg + dword.where, dword.value);
	}
}

/**
 * read_machine() - read the next machine
 * @file: the file
 * @dump: the machine
 *
 * Return: false at the end of the file.
 */
bool read_machine(FILE *file, struct machine_dump *dump)
{
	unsigned int i;

	if (fread(&dump->is, sizeof(dump->is), 1, file) != 1)
		return false;
	if (dump->is.magic != DUMPED_MAGIC || !dump->is.nr ||
	    dump->is.nr > MAX_DUMPED)
		die("this is no file of machines");
	for (i = 0; i < dump->is.nr; i++)
		read_function(file, &dump->fns[i]);
	dump->words = dump->is.seed & 4;
	dump->raw = dump->is.seed % 8 == 3;
	dump->text = dump->is.seed % 8 == 1;
	dump->boast = false;
	find_doubts(dump);
	return true;
}

/**
 * config_of() - read a register
 * @fn: the function
 * @where: its offset
 * @size: how many bytes it has
 */
u32 config_of(const struct dumped *fn, unsigned int where, unsigned int size)
{
	u32 value = 0;

	while (size--)
		value = value << 8 | fn->cfg[where + size];
	return value;
}
