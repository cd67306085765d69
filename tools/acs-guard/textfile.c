// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: standard output as a file that other programs read
 *
 * A reader finds the old file or the new one, and never a part of one.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "textfile.h"
#include "util.h"

static const char *target;

/* Beside its place until it is complete; then "". */
static char fresh[PATH_MAX];

/* Async-signal-safe. */
static void clean_up(void)
{
	if (*fresh)
		unlink(fresh);
}

static void clean_up_and_end(int number)
{
	clean_up();
	_exit(128 + number);
}

static void check_path(const char *path)
{
	const size_t len = strlen(path);

	if (has_control(path))
		die("--output: the name of the file must not contain control characters");
	if (!len || path[len - 1] == '/')
		die("--output needs the name of a file");
	/* node_exporter reads names that end in .prom; this one does not. */
	if (snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) >=
	    (int)sizeof(fresh)) {
		*fresh = '\0';
		die("the name of the file is too long");
	}
}

/**
 * textfile_begin() - have standard output written to a file
 * @path: its name; remains valid until textfile_end()
 *
 * Ends the program if that does not work.
 */
void textfile_begin(const char *path)
{
	struct sigaction action = { .sa_handler = clean_up_and_end };
	int fd;

	check_path(path);
	target = path;
	fd = mkstemp(fresh);
	if (fd < 0) {
		*fresh = '\0';
		die("cannot write %s: %s", path, strerror(errno));
	}
	atexit(clean_up);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	if (dup2(fd, STDOUT_FILENO) < 0)
		die("cannot write %s: %s", path, strerror(errno));
	/* If standard output was closed, it is standard output. */
	if (fd != STDOUT_FILENO)
		close(fd);
}

/**
 * textfile_end() - put the file in its place, in one step
 *
 * Ends the program if that does not work; what was in the place remains.
 */
void textfile_end(void)
{
	if (fflush(stdout) || ferror(stdout) || fchmod(STDOUT_FILENO, 0644) ||
	    fsync(STDOUT_FILENO) || rename(fresh, target))
		die("cannot write %s: %s", target, strerror(errno));
	*fresh = '\0';
}
