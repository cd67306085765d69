// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the guard, and what must hold of it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults.h"

__printf(1, 2) __noreturn void wrong(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	die("%s, allocation %u: %s", op->name, round_number, text);
}

const char *driver(void)
{
	return op->stub ? "pci-stub" : "vfio-pci";
}

/* A file of the driver's. */
const char *at_driver(const char *name)
{
	return path(PCI "/drivers/%s/%s", driver(), name);
}

bool is_loaded(void)
{
	return exists(MODULE "/parameters/mode");
}

int unload_guard(void)
{
	return syscall(SYS_delete_module, "acs_guard", O_NONBLOCK) ? -errno : 0;
}

int load_from(int ko)
{
	return syscall(SYS_finit_module, ko, "", 0) ? -errno : 0;
}

void be_unloaded(void)
{
	if (is_loaded() && unload_guard())
		wrong("the guard cannot be unloaded");
}

void be_loaded(void)
{
	int ko;

	if (is_loaded())
		return;
	ko = open_file(KO, O_RDONLY);
	if (load_from(ko))
		wrong("the guard cannot be loaded");
	close(ko);
}

const char *attribute(const char *device, const char *name)
{
	return path(PCI "/devices/%s/acs_guard/%s", device, name);
}

bool has_attributes(const char *device)
{
	return exists(path(PCI "/devices/%s/acs_guard", device));
}

/* All of them, or none. */
void check_attributes(const char *device)
{
	static const char *const names[] = { "permissive", "isolated", "reason",
					     "peers", "denied" };
	char text[PAGE];
	unsigned int i;

	if (!has_attributes(device))
		return;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (get(attribute(device, names[i]), text, sizeof(text)) < 0)
			wrong("%s has attributes, but no %s", device, names[i]);
}

void check_value(const char *name, const char *wanted)
{
	char text[PAGE];

	if (get(name, text, sizeof(text)) < 0 ||
	    strncmp(text, wanted, strlen(wanted)))
		wrong("%s is '%s', not '%s'", name, text, wanted);
}

void check_driver(const char *device, const char *wanted)
{
	const char *name = driver_of(device);

	if (strcmp(name, wanted))
		wrong("driver of %s: %s, not %s", device, name, wanted);
}

void take_driver(const char *device)
{
	const char *name = driver_of(device);

	if (strcmp(name, "none"))
		must_put(path(PCI "/drivers/%s/unbind", name), device);
}

void unbind_all(void)
{
	DIR *dir = opendir(at_driver(""));
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "0000:", 5))
			must_put(at_driver("unbind"), entry->d_name);
	if (dir)
		closedir(dir);
}

/* How often @device was refused; -1 if the guard is not loaded. */
long denied(const char *device)
{
	char text[32];

	if (get(attribute(device, "denied"), text, sizeof(text)) < 1)
		return -1;
	return strtol(text, NULL, 10);
}

/*
 * It is refused as ever, in the words of a refusal: the one before left neither
 * a PM domain nor anything else behind.
 */
void check_refusal(void)
{
	const long before = denied(bad);
	int err;

	check_driver(bad, "none");
	set_override(bad, "vfio-pci");
	err = put(VFIO "/bind", bad);
	check_driver(bad, "none");
	set_override(bad, "");
	if (err != -EPERM)
		wrong("then a bind without a failure: %s", strerror(-err));
	if (before >= 0 && denied(bad) != before + 1)
		wrong("a refusal was not counted");
	check_value(path(PCI "/devices/%s/power/runtime_enabled", bad),
		    "forbidden");
}

void check_guarding(void)
{
	check_refusal();
	check_attributes(bad);
	check_attributes(good);
	if (has_attributes(bad))
		check_value(attribute(bad, "isolated"), "0");
	if (has_attributes(good))
		check_value(attribute(good, "isolated"), "1");
}
