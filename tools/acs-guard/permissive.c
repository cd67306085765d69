// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what allow and revoke have in common
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "json.h"
#include "permissive.h"
#include "sysfs.h"

static bool changed;

static void permissive_path(const struct function *fn, char *path)
{
	snprintf(path, PATH_MAX, "%s/bus/pci/devices/%s/acs_guard/permissive",
		 roots()->sysfs, acs_guard_name(fn->bdf).text);
}

static bool is_removed(const struct function *fn)
{
	return fn->path && access(fn->path, F_OK);
}

static const char *failure_of(const struct function *fn, const char *otherwise)
{
	return is_removed(fn) ? "the device was removed" : otherwise;
}

/**
 * permissive_write() - make or revoke an exception
 * @fn: the function
 * @value: true makes one
 *
 * Return: why that did not work; NULL if it did.
 */
const char *permissive_write(const struct function *fn, bool value)
{
	const char *text = value ? "1\n" : "0\n";
	char path[PATH_MAX], line[8];
	ssize_t written;
	int fd, err;

	permissive_path(fn, path);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return failure_of(fn, strerror(errno));
	written = write(fd, text, 2);
	err = errno;
	if (close(fd) && written >= 0) {
		written = -1;
		err = errno;
	}
	if (written < 0)
		return failure_of(fn, strerror(err));
	if (read_first_line(path, line, sizeof(line)) && line[0] == text[0])
		return NULL;
	return failure_of(fn, value ? "the module did not accept 1" :
				      "the module did not accept 0");
}

/**
 * permissive_read() - read once more whether there is an exception
 * @fn: the function, whose answer.permissive is updated
 *
 * For a caller that has just taken the lock on the files.
 */
void permissive_read(struct function *fn)
{
	char path[PATH_MAX], line[8];

	permissive_path(fn, path);
	fn->answer.permissive = read_first_line(path, line, sizeof(line)) &&
				!strcmp(line, "1");
}

bool permissive_is_writable(const struct function *fn)
{
	char path[PATH_MAX];

	permissive_path(fn, path);
	return !access(path, W_OK);
}

/**
 * need_present() - end the program if a function of this machine has vanished
 * @fn: the function
 */
void need_present(const struct function *fn)
{
	if (is_removed(fn))
		die("PCI device %s was removed while it was read; acs-guard shows those that are present",
		    acs_guard_name(fn->bdf).text);
}

void need_power(const struct function *fn, const char *command)
{
	if (permissive_is_writable(fn))
		return;
	need_present(fn);
	die("that needs root: sudo acs-guard %s ...", command);
}

void need_module(const struct machine *machine, const char *otherwise)
{
	if (machine->source == SOURCE_ENGINE)
		die("the module acs_guard is not loaded: %s (modprobe acs_guard)",
		    otherwise);
}

/**
 * who_asks() - the user who makes an exception
 *
 * Return: a name that is one word.
 */
const char *who_asks(void)
{
	static char name[64];
	const char *user = getenv("SUDO_USER");
	const struct passwd *entry;
	char *at;

	entry = user && *user ? NULL : getpwuid(geteuid());
	if (user && *user)
		snprintf(name, sizeof(name), "%s", user);
	else if (entry)
		snprintf(name, sizeof(name), "%s", entry->pw_name);
	else
		snprintf(name, sizeof(name), "uid-%u", geteuid());
	for (at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("._-", *at))
			*at = '_';
	return name;
}

/**
 * hold_signals() - let no signal end the program between two parts of a change
 *
 * SIGINT, SIGTERM and SIGHUP stay pending until the program exits.
 */
void hold_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Was something changed, and logged? */
bool has_changed(void)
{
	return changed;
}

/**
 * log_change() - log what was done, where the kernel's own line about it goes
 * @line: what was done
 */
void log_change(const char *line)
{
	char path[PATH_MAX];
	FILE *file;
	bool fine;

	changed = true;
	snprintf(path, sizeof(path), "%s/kmsg", roots()->dev);
	file = access(path, F_OK) ? NULL : fopen(path, "ae");
	if (file) {
		fprintf(file, "<5>acs-guard: %s\n", line);
		fine = !fclose(file);
		if (fine)
			return;
	}
	openlog("acs-guard", 0, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "%s", line);
	closelog();
}

bool has_program(const char *name)
{
	const char *at = getenv("PATH"), *end;
	char path[PATH_MAX];

	for (; at && *at; at = *end ? end + 1 : end) {
		end = at + strcspn(at, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)(end - at), at,
			 name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

/* The initramfs has copies of its own, which the tool does not make anew. */
void hint_initramfs(void)
{
	static const char line[] =
		"The initramfs has a copy that is not changed yet; to make it again:";

	if (has_program("update-initramfs"))
		printf("%s update-initramfs -u\n", line);
	else if (has_program("dracut"))
		printf("%s dracut --force\n", line);
	else
		puts("If this machine has an initramfs, make it again: it has a copy that is not changed yet.");
}

struct json_object *json_outcome(u64 bdf, const struct outcome *outcome)
{
	struct json_object *object = json_object_new_object();

	json_put(object, "bdf", json_bdf(bdf));
	json_put_bool(object, "permissive", outcome->permissive);
	json_put_bool(object, "persistent", outcome->persistent);
	json_put_bool(object, "changed", outcome->changed);
	json_put_text(object, "reason", outcome->reason);
	return object;
}

/**
 * find_device() - the function that is meant
 * @machine: the machine
 * @bdf: its address
 *
 * Ends the program if it is not there.
 */
struct function *find_device(struct machine *machine, u64 bdf)
{
	struct function *fn = machine_find(machine, bdf);

	if (!fn && machine->source == SOURCE_DUMP)
		die("%s: there is no such function in the dump; with the same dump, acs-guard list shows those that are",
		    acs_guard_name(bdf).text);
	if (!fn)
		die("there is no PCI device %s (it may have been removed); acs-guard shows those that are present",
		    acs_guard_name(bdf).text);
	return fn;
}
