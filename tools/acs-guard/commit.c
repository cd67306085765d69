// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: how the files of exceptions are written: both or none
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exceptions.h"

/*
 * The limits of the module's permissive=; a longer list would keep it from
 * being loaded.
 */
#define MAX_EXCEPTIONS 64
#define MAX_PARAMETER 2047

/**
 * struct staged - a file that is written and not yet in its place
 * @path: its place
 * @fresh: where it is now; "" if the file is to go away
 * @old: another name of the file that is in its place, or ""
 */
struct staged {
	const char *path;
	char fresh[PATH_MAX + 8];
	char old[PATH_MAX + 16];
};

static struct staged rules, conf;

/* Async-signal-safe: what was made on the way, and is not in its place. */
static void clean_up(void)
{
	if (*rules.fresh)
		unlink(rules.fresh);
	if (*rules.old)
		unlink(rules.old);
	if (*conf.fresh)
		unlink(conf.fresh);
}

static void clean_up_and_end(int number)
{
	clean_up();
	_exit(128 + number);
}

static void make_folder(const char *path)
{
	char folder[PATH_MAX], *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	*strrchr(folder, '/') = '\0';
	for (slash = folder + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(folder, 0755);
		*slash = '/';
	}
	if (mkdir(folder, 0755) && errno != EEXIST)
		die("cannot make %s: %s; nothing was changed", folder,
		    strerror(errno));
}

/**
 * exceptions_lock() - keep others from changing the files
 *
 * A second run would lose what the first has added.  The lock ends with the
 * program.
 */
void exceptions_lock(void)
{
	char folder[PATH_MAX];
	int fd;

	make_folder(rules_path());
	snprintf(folder, sizeof(folder), "%s", rules_path());
	*strrchr(folder, '/') = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB))
		die("another acs-guard is changing %s; nothing was changed",
		    rules_path());
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	ssize_t written;

	while (len) {
		written = write(fd, bytes, len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

/* Written out beside @path, and on the disk.  Without a text: no file. */
static void stage(struct staged *staged, const char *path,
		  const struct text *text)
{
	bool fine;
	int fd, err;

	staged->path = path;
	if (!text->len)
		return;
	make_folder(path);
	snprintf(staged->fresh, sizeof(staged->fresh), "%s.XXXXXX", path);
	fd = mkstemp(staged->fresh);
	if (fd < 0) {
		*staged->fresh = '\0';
		die("cannot write %s: %s; nothing was changed", path,
		    strerror(errno));
	}
	fine = write_all(fd, text->bytes, text->len) &&
	       write_all(fd, "\n", 1) && !fchmod(fd, 0644) && !fsync(fd);
	err = errno;
	close(fd);
	if (!fine)
		die("cannot write %s: %s; nothing was changed", path,
		    strerror(err));
}

/**
 * exceptions_stage() - write both files beside their places
 * @exceptions: the entries
 *
 * Ends the program if that does not work.
 */
void exceptions_stage(const struct exceptions *exceptions)
{
	struct sigaction action = { .sa_handler = clean_up_and_end };
	struct text rules_text = {}, conf_text = {};
	const char *list;

	if (exceptions->count > MAX_EXCEPTIONS)
		die("the module takes %d exceptions at most; nothing was changed",
		    MAX_EXCEPTIONS);
	exceptions_write(exceptions, &rules_text, &conf_text);
	list = strrchr(text_get(&conf_text), '=');
	if (list && strlen(list + 1) > MAX_PARAMETER)
		die("the list of exceptions gets longer than the module takes; nothing was changed");

	atexit(clean_up);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	stage(&rules, rules_path(), &rules_text);
	stage(&conf, conf_path(), &conf_text);
	text_free(&rules_text);
	text_free(&conf_text);
}

static void sync_folder(const char *path)
{
	char folder[PATH_MAX];
	int fd;

	snprintf(folder, sizeof(folder), "%s", path);
	*strrchr(folder, '/') = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* In one step; or, if there is to be no file, take it away. */
static bool place_file(struct staged *staged)
{
	if (*staged->fresh) {
		if (rename(staged->fresh, staged->path))
			return false;
		*staged->fresh = '\0';
	} else if (unlink(staged->path) && errno != ENOENT) {
		return false;
	}
	sync_folder(staged->path);
	return true;
}

static bool keep_old(struct staged *staged)
{
	snprintf(staged->old, sizeof(staged->old), "%s.old", staged->path);
	unlink(staged->old);
	if (!link(staged->path, staged->old))
		return true;
	*staged->old = '\0';
	return errno == ENOENT;
}

static void restore(struct staged *staged)
{
	if (!*staged->old)
		unlink(staged->path);
	else if (!rename(staged->old, staged->path))
		*staged->old = '\0';
}

/**
 * exceptions_commit() - put both files in place, or leave both as they were
 *
 * Return: why it did not work; NULL if it did.
 */
const char *exceptions_commit(void)
{
	const char *complaint;

	if (!keep_old(&rules) || !place_file(&rules))
		return strerror(errno);
	if (place_file(&conf))
		return NULL;
	complaint = strerror(errno);
	restore(&rules);
	return complaint;
}
