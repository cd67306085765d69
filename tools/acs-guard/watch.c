// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard watch: decisions of the module, as they are made
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decision.h"
#include "permissive.h"
#include "sysfs.h"
#include "tool.h"

/* A record of the log is no longer. */
#define MAX_RECORD 8192

static bool has(const char *text, const char *part)
{
	return strstr(text, part);
}

static void read_message(const char *message, bool json)
{
	struct decision decision = {};

	if (!starts(message, "acs_guard: "))
		return;
	message += 11;
	if (starts(message, "action=")) {
		decision_parse(&decision, message);
		decision_print(&decision, json);
		decision_clear(&decision);
		return;
	}
	/* The second line of a decision says the same in words. */
	if (!has(message, " is not isolated: ") &&
	    !has(message, " is no longer isolated: "))
		print_log_note(message, json);
}

/*
 * "4,101,5001,-;message": what processes write into the log has a facility, 8
 * or more, and is not the kernel's.
 */
static void read_record(char *record, bool json)
{
	char *message = strchr(record, ';');

	if (!message || !isdigit((unsigned char)record[0]) || record[0] > '7' ||
	    record[1] != ',')
		return;
	message++;
	message[strcspn(message, "\n")] = '\0';
	read_message(message, json);
}

/* A file in the place of the log has lines; all of them are read. */
static void watch_file(int fd, bool json)
{
	FILE *file = fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;

	while (file && getline(&line, &room, file) >= 0)
		read_record(line, json);
	free(line);
	if (file)
		fclose(file);
}

/* The kernel's log, from now on: one record a read. */
static void watch_log(int fd, bool json)
{
	char record[MAX_RECORD + 1];
	ssize_t len;

	lseek(fd, 0, SEEK_END);
	for (;;) {
		len = read(fd, record, MAX_RECORD);
		/* Records were overwritten before they could be read. */
		if (len < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (len <= 0)
			die("the kernel's log cannot be read: %s",
			    len ? strerror(errno) : "it has ended");
		record[len] = '\0';
		read_record(record, json);
	}
}

/* ---- uevents, for ordinary users ---- */

static void read_property(struct decision *decision, const char *line,
			  bool json)
{
	u64 bdf;

	if (starts(line, "DEVPATH=") && last_bdf(line + 8, &bdf))
		decision_add(decision, "dev", acs_guard_name(bdf).text);
	else if (starts(line, "ACS_GUARD="))
		decision_add(decision, "action", line + 10);
	else if (starts(line, "ACS_GUARD_REASON="))
		decision_add(decision, "reason", line + 17);
	if (*line)
		return;
	decision_print(decision, json);
	decision_clear(decision);
}

static void watch_events(bool json)
{
	struct decision decision = {};
	char *line = NULL;
	size_t room = 0;
	FILE *events;

	events = popen(
		"exec stdbuf -oL udevadm monitor --kernel --property --subsystem-match=pci",
		"re");
	if (!events)
		die("udevadm cannot be started: %s", strerror(errno));
	while (getline(&line, &room, events) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		read_property(&decision, line, json);
	}
	decision_clear(&decision);
	free(line);
	pclose(events);
}

int run_watch(const struct options *options, int argc, char **argv)
{
	struct machine machine;
	char path[PATH_MAX];
	struct stat facts;
	int fd;

	if (argc)
		die("watch takes no argument");
	machine_init(&machine, SOURCE_MODULE);
	if (!sysfs_read_settings(&machine))
		say("the module acs_guard is not loaded; waiting for it");
	machine_free(&machine);
	snprintf(path, sizeof(path), "%s/kmsg", roots()->dev);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &facts) && S_ISCHR(facts.st_mode))
		watch_log(fd, options->json);
	else if (fd >= 0)
		watch_file(fd, options->json);
	else if (has_program("udevadm"))
		watch_events(options->json);
	else
		die("cannot watch: %s is root's to read, and there is no udevadm",
		    path);
	return EXIT_FINE;
}
