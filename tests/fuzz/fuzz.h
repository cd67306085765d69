/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what the fuzzers of the tool share
 *
 *   arena.c    memory, so that ASan knows each piece
 *   scratch.c  input as files
 *   checks.c   what holds for each machine that was read
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "model.h"

/* Ends the run, so that the input is kept, unless @condition holds. */
#define fuzz_check(condition)                                        \
	do {                                                         \
		if (!(condition))                                    \
			fuzz_failed(__FILE__, __LINE__, #condition); \
	} while (0)

__attribute__((__noreturn__)) void fuzz_failed(const char *file, int line,
					       const char *condition);

/* scratch.c */
const char *scratch_folder(void);
void scratch_write(const char *path, const u8 *bytes, size_t len);
void scratch_stdin(const u8 *bytes, size_t len);
void scratch_no_output(void);

/* checks.c */
void check_dump(const char *path, const char *groups, bool strict);

/* What libFuzzer calls. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif /* FUZZ_H */
