// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: fuzzes the reader of folders of raw configuration space
 *
 * The input is records: bus, devfn, length (two bytes, little-endian), and as
 * many bytes of configuration space.  A file has a length that the kernel
 * gives, 64, 256 or 4096 bytes, with zeros at the end; with the highest bit of
 * the length set, it has the length itself.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define MAX_FUNCTIONS 12
#define RECORD_HEADER 4
#define PATH_SIZE 256
#define EXACT 0x8000

/* Where the functions are of which a file was made. */
struct record {
	char folder[PATH_SIZE];
	char file[PATH_SIZE + 8];
};

static struct record records[MAX_FUNCTIONS];

static void write_config(const char *path, const u8 *bytes, size_t len)
{
	u8 whole[CFG_SIZE] = {};

	if (len > CFG_SIZE)
		len = CFG_SIZE;
	memcpy(whole, bytes, len);
	scratch_write(path, whole,
		      len <= HEADER_SIZE ? HEADER_SIZE :
		      len <= 256	 ? 256 :
					   CFG_SIZE);
}

/* Return: how much of @data the record takes. */
static size_t make_record(struct record *record, const u8 *data, size_t size)
{
	const size_t word = data[2] | (size_t)data[3] << 8;
	size_t len = word & ~(size_t)EXACT;

	snprintf(record->folder, sizeof(record->folder),
		 "%s/folder/0000:%02x:%02x.%x", scratch_folder(), data[0],
		 data[1] >> 3, data[1] % 8);
	snprintf(record->file, sizeof(record->file), "%s/config",
		 record->folder);
	if (len > size - RECORD_HEADER)
		len = size - RECORD_HEADER;
	fuzz_check(!mkdir(record->folder, 0700) || errno == EEXIST);
	if (word & EXACT)
		scratch_write(record->file, data + RECORD_HEADER, len);
	else
		write_config(record->file, data + RECORD_HEADER, len);
	return RECORD_HEADER + len;
}

static void remove_records(unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		unlink(records[i].file);
		rmdir(records[i].folder);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char path[PATH_SIZE];

	scratch_no_output();
	snprintf(path, sizeof(path), "%s/folder", scratch_folder());
	fuzz_check(!mkdir(path, 0700) || errno == EEXIST);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int count = 0;
	char path[PATH_SIZE];
	size_t taken;

	for (; count < MAX_FUNCTIONS && size >= RECORD_HEADER; count++) {
		taken = make_record(&records[count], data, size);
		data += taken;
		size -= taken;
	}
	snprintf(path, sizeof(path), "%s/folder", scratch_folder());
	check_dump(path, NULL, count & 1);
	remove_records(count);
	return 0;
}
