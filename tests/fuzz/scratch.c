// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the input of a fuzzer as files in memory
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

void fuzz_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

/**
 * scratch_folder() - the folder that the script has made for this run
 */
const char *scratch_folder(void)
{
	const char *folder = getenv("ACS_GUARD_FUZZ_FOLDER");

	if (!folder)
		die("ACS_GUARD_FUZZ_FOLDER is not set; run: scripts/fuzz-native");
	return folder;
}

static void fill(int fd, const u8 *bytes, size_t len)
{
	fuzz_check(!ftruncate(fd, 0));
	fuzz_check(pwrite(fd, bytes, len, 0) == (ssize_t)len);
}

/**
 * scratch_write() - write a file
 * @path: its path
 * @bytes: its contents
 * @len: how many
 */
void scratch_write(const char *path, const u8 *bytes, size_t len)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	fuzz_check(fd >= 0);
	fill(fd, bytes, len);
	close(fd);
}

/**
 * scratch_stdin() - let standard input have these bytes
 * @bytes: the bytes
 * @len: how many
 */
void scratch_stdin(const u8 *bytes, size_t len)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("input", MFD_CLOEXEC);
		fuzz_check(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	}
	fill(fd, bytes, len);
	fuzz_check(!lseek(fd, 0, SEEK_SET));
}

/**
 * scratch_no_output() - drop what commands print
 */
void scratch_no_output(void)
{
	fuzz_check(freopen("/dev/null", "w", stdout));
}
