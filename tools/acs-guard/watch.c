// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard watch: decisions of the module, as they are made
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decision.h"
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

static void read_event(struct udev_device *event, bool json)
{
	const char *action = udev_device_get_property_value(event, "ACS_GUARD");
	const char *reason =
		udev_device_get_property_value(event, "ACS_GUARD_REASON");
	struct decision decision = {};
	u64 bdf;

	if (!action || !last_bdf(udev_device_get_devpath(event), &bdf))
		return;
	decision_add(&decision, "dev", acs_guard_name(bdf).text);
	decision_add(&decision, "action", action);
	if (reason)
		decision_add(&decision, "reason", reason);
	decision_print(&decision, json);
	decision_clear(&decision);
}

/* Events of the kernel, not those that udevd sends on once its rules have run. */
static struct udev_monitor *open_monitor(struct udev *udev)
{
	struct udev_monitor *monitor =
		udev ? udev_monitor_new_from_netlink(udev, "kernel") : NULL;

	if (!monitor ||
	    udev_monitor_filter_add_match_subsystem_devtype(monitor, "pci",
							    NULL) < 0 ||
	    udev_monitor_enable_receiving(monitor) < 0)
		die("cannot watch: only root can read %s/kmsg, and uevents cannot be received: %s",
		    roots()->dev, strerror(errno));
	return monitor;
}

static void watch_events(bool json)
{
	struct udev_monitor *monitor = open_monitor(udev_new());
	struct pollfd ready = {
		.fd = udev_monitor_get_fd(monitor),
		.events = POLLIN,
	};
	struct udev_device *event;

	for (;;) {
		if (poll(&ready, 1, -1) < 0 && errno != EINTR)
			die("uevents cannot be received: %s", strerror(errno));
		/* NULL: of another subsystem, or some were lost. */
		event = udev_monitor_receive_device(monitor);
		if (!event)
			continue;
		read_event(event, json);
		udev_device_unref(event);
	}
}

int run_watch(const struct options *options, int argc, char **argv)
{
	struct machine machine;
	char path[PATH_MAX];
	struct stat facts;
	int fd;

	if (argc)
		die("watch takes no argument");
	sysfs_require();
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
	else
		watch_events(options->json);
	return EXIT_FINE;
}
