// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that vanishes while acs-guard reads it, as surprise removal does it.
 *
 * Loaded with LD_PRELOAD.  Counts the calls of the program that are about the
 * function VANISH_BDF.  Before call number VANISH_AT, deletes all of the paths
 * in VANISH_PATHS (with | between them; folders with their content); from then
 * on, a file of the function that is open gives ENODEV.  If there are fewer
 * calls, creates the file VANISH_NEVER.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_FDS 1024

static bool of_function[MAX_FDS];
static unsigned long calls;
static bool gone, busy;

#define REAL(name) ((typeof(name) *)dlsym(RTLD_NEXT, #name))

static int remove_one(const char *path, const struct stat *facts, int type,
		      struct FTW *where)
{
	(void)facts;
	(void)type;
	(void)where;
	return remove(path) && errno != ENOENT;
}

static void vanish(void)
{
	char paths[8192], *rest = paths, *path;

	snprintf(paths, sizeof(paths), "%s", getenv("VANISH_PATHS"));
	while ((path = strsep(&rest, "|")))
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	gone = true;
}

static void count_call(void)
{
	if (busy || gone)
		return;
	busy = true;
	if (++calls == strtoul(getenv("VANISH_AT"), NULL, 10))
		vanish();
	busy = false;
}

static bool names_it(const char *path)
{
	return !busy && strstr(path, getenv("VANISH_BDF"));
}

static bool is_of_function(int fd)
{
	return !busy && fd >= 0 && fd < MAX_FDS && of_function[fd];
}

static void note_path(const char *path)
{
	if (names_it(path))
		count_call();
}

static void note_path_at(int dir, const char *path)
{
	if (names_it(path) || is_of_function(dir))
		count_call();
}

static int keep_fd(int fd, bool its)
{
	if (fd >= 0 && fd < MAX_FDS)
		of_function[fd] = its;
	return fd;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	int mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, int) : 0;
	va_end(args);
	note_path(path);
	return keep_fd(REAL(open)(path, flags, mode), names_it(path));
}

int openat(int dir, const char *path, int flags, ...)
{
	const bool its = names_it(path) || is_of_function(dir);
	va_list args;
	int mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, int) : 0;
	va_end(args);
	note_path_at(dir, path);
	return keep_fd(REAL(openat)(dir, path, flags, mode), its);
}

FILE *fopen(const char *path, const char *mode)
{
	note_path(path);
	return REAL(fopen)(path, mode);
}

ssize_t readlinkat(int dir, const char *path, char *target, size_t size)
{
	note_path_at(dir, path);
	return REAL(readlinkat)(dir, path, target, size);
}

char *realpath(const char *path, char *target)
{
	note_path(path);
	return REAL(realpath)(path, target);
}

int access(const char *path, int mode)
{
	note_path(path);
	return REAL(access)(path, mode);
}

int faccessat(int dir, const char *path, int mode, int flags)
{
	note_path_at(dir, path);
	return REAL(faccessat)(dir, path, mode, flags);
}

int close(int fd)
{
	keep_fd(fd, false);
	return REAL(close)(fd);
}

ssize_t read(int fd, void *buf, size_t size)
{
	if (is_of_function(fd))
		count_call();
	if (gone && is_of_function(fd)) {
		errno = ENODEV;
		return -1;
	}
	return REAL(read)(fd, buf, size);
}

ssize_t pread(int fd, void *buf, size_t size, off_t at)
{
	if (is_of_function(fd))
		count_call();
	if (gone && is_of_function(fd)) {
		errno = ENODEV;
		return -1;
	}
	return REAL(pread)(fd, buf, size, at);
}

ssize_t write(int fd, const void *buf, size_t size)
{
	if (is_of_function(fd))
		count_call();
	if (gone && is_of_function(fd)) {
		errno = ENODEV;
		return -1;
	}
	return REAL(write)(fd, buf, size);
}

__attribute__((destructor)) static void note_end(void)
{
	const int fd = gone ? -1 :
			      REAL(open)(getenv("VANISH_NEVER"),
					 O_CREAT | O_WRONLY, 0600);

	if (fd >= 0)
		close(fd);
}
