// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: fuzzes the reader of lists of IOMMU groups, on a small machine
 */
#include "fuzz.h"

/* Three conventional functions and a host bridge, 64 bytes of each. */
static const char machine_text[] =
	"00:00.0 Host bridge\n"
	"00: 86 80 c0 29 00 00 00 00 00 00 00 06 00 00 00 00\n"
	"10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"30: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n\n"
	"00:01.0 Ethernet controller\n"
	"00: 86 80 01 00 06 00 00 00 00 00 00 02 00 00 00 00\n"
	"10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"30: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n\n"
	"00:02.0 Ethernet controller\n"
	"00: 86 80 02 00 06 00 00 00 00 00 00 02 00 00 00 00\n"
	"10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"30: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n";

static char path[256];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	scratch_no_output();
	snprintf(path, sizeof(path), "%s/machine", scratch_folder());
	scratch_write(path, (const u8 *)machine_text, sizeof(machine_text) - 1);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	scratch_stdin(data, size);
	check_dump(path, "-", false);
	return 0;
}
