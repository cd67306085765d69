// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: fuzzes the reader of what lspci prints, bytes and words
 */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	scratch_no_output();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	scratch_stdin(data, size);
	check_dump("-", NULL, size & 1);
	return 0;
}
