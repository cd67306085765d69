// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: this machine, as sysfs shows it
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "judge.h"
#include "sysfs.h"

static const char *environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value ? value : otherwise;
}

const struct roots *roots(void)
{
	static struct roots found;

	if (!found.sysfs)
		found = (struct roots){
			.sysfs = environment("ACS_GUARD_SYSFS", "/sys"),
			.proc = environment("ACS_GUARD_PROC", "/proc"),
			.etc = environment("ACS_GUARD_ETC", "/etc"),
			.dev = environment("ACS_GUARD_DEV", "/dev"),
			.root = environment("ACS_GUARD_ROOT", ""),
		};
	return &found;
}

/* ---- files ---- */

/**
 * sysfs_read_line() - read the first line of a file
 * @dir: a folder
 * @path: the file, relative to @dir
 * @line: the line
 * @size: how much memory there is
 *
 * Return: false if it cannot be read, or is empty.
 */
bool sysfs_read_line(int dir, const char *path, char *line, size_t size)
{
	const int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	*line = '\0';
	if (fd < 0)
		return false;
	len = read(fd, line, size - 1);
	close(fd);
	if (len < 0)
		return false;
	line[len] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return len;
}

bool read_first_line(const char *path, char *line, size_t size)
{
	return sysfs_read_line(AT_FDCWD, path, line, size);
}

/**
 * read_first_line_of() - read the first line of a file
 * @line: the line
 * @size: how much memory there is
 * @format: the path
 *
 * Return: false if it cannot be read, or is empty.
 */
bool read_first_line_of(char *line, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	return read_first_line(path, line, size);
}

/**
 * last_bdf() - the PCI function that something in sysfs belongs to
 * @path: its path
 * @bdf: the function
 *
 * Return: false if there is none.
 */
bool last_bdf(const char *path, u64 *bdf)
{
	char part[32];
	const char *end = path + strlen(path), *start;
	bool last = false;

	while (!last) {
		for (start = end; start > path && start[-1] != '/';)
			start--;
		last = start == path;
		if ((size_t)(end - start) < sizeof(part)) {
			memcpy(part, start, (size_t)(end - start));
			part[end - start] = '\0';
			if (is_full_bdf(part, bdf))
				return true;
		}
		end = start - 1;
	}
	return false;
}

/**
 * is_hidden() - is a function named by the module, but not listed by the kernel?
 * @machine: the machine
 * @bdf: the function
 *
 * A function that was added since sysfs was read is not hidden.
 */
bool is_hidden(const struct machine *machine, u64 bdf)
{
	char path[PATH_MAX];

	if (machine->source == SOURCE_DUMP || machine_find(machine, bdf))
		return false;
	snprintf(path, sizeof(path), "%s/bus/pci/devices/%s", roots()->sysfs,
		 acs_guard_name(bdf).text);
	return access(path, F_OK);
}

/* ---- functions ---- */

static bool read_number(int dir, const char *name, unsigned long *value)
{
	char line[32];
	char *end;

	if (!sysfs_read_line(dir, name, line, sizeof(line)))
		return false;
	*value = strtoul(line, &end, 16);
	return end != line;
}

static const char *link_at(struct machine *machine, int dir, const char *name)
{
	char target[PATH_MAX];
	const ssize_t len = readlinkat(dir, name, target, sizeof(target) - 1);
	const char *last;

	if (len < 0)
		return NULL;
	target[len] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	return arena_copy(&machine->arena, last, strlen(last));
}

/* In the folder of the function, which may vanish meanwhile. */
static void read_function(struct machine *machine, u64 bdf, int dir)
{
	unsigned long vendor, device, code;
	struct function *fn;
	char link[64], path[PATH_MAX];
	ssize_t len;

	if (!read_number(dir, "vendor", &vendor) ||
	    !read_number(dir, "device", &device) ||
	    !read_number(dir, "class", &code))
		return;
	/* The folder itself, without the links that lead there. */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return;
	fn = machine_add(machine, bdf, "sysfs", 0);
	if (!fn)
		die("%s", machine->error);
	fn->id = (u32)(device << 16 | (vendor & 0xffff));
	fn->class = (u32)code;
	fn->path = arena_copy(&machine->arena, path, (size_t)len);
	fn->driver = link_at(machine, dir, "driver");
	if (machine->source == SOURCE_MODULE)
		sysfs_read_answer(machine, fn, dir);
}

static void read_functions(struct machine *machine)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int dir;
	u64 bdf;
	DIR *all;

	snprintf(path, sizeof(path), "%s/bus/pci/devices", roots()->sysfs);
	all = opendir(path);
	if (!all)
		die("there are no PCI devices in %s (is sysfs mounted?)", path);
	while ((entry = readdir(all))) {
		if (!is_full_bdf(entry->d_name, &bdf))
			continue;
		dir = openat(dirfd(all), entry->d_name,
			     O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			continue;
		read_function(machine, bdf, dir);
		close(dir);
	}
	closedir(all);
	if (!machine->count)
		die("there are no PCI devices in %s", path);
	machine_sort(machine, "sysfs");
}

/* The function above, across the root bus of a VMD endpoint's domain too. */
static void find_above(struct machine *machine, struct function *fn)
{
	char *above = arena_copy(&machine->arena, fn->path, strlen(fn->path));
	char *last = strrchr(above, '/');
	bool own_domain = false;
	struct function *found;
	u64 bdf;

	if (last)
		*last = '\0';
	last = strrchr(above, '/');
	if (last && starts(last, "/pci")) {
		*last = '\0';
		own_domain = true;
		last = strrchr(above, '/');
	}
	found = last && is_full_bdf(last + 1, &bdf) ?
			machine_find(machine, bdf) :
			NULL;
	if (found)
		*(own_domain ? &fn->owner : &fn->up) =
			number_of(machine, found);
}

static void find_pf(struct machine *machine, struct function *fn)
{
	char path[PATH_MAX], target[PATH_MAX];
	const struct function *pf;
	ssize_t len;
	u64 bdf;

	snprintf(path, sizeof(path), "%s/physfn", fn->path);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return;
	target[len] = '\0';
	pf = last_bdf(target, &bdf) ? machine_find(machine, bdf) : NULL;
	if (pf && pf != fn)
		fn->pf = number_of(machine, pf);
}

/* A domain is behind the VMD endpoint that its root bus is below. */
static void spread_owners(struct machine *machine)
{
	const struct function *at;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		for (at = is_virtual(fn) ? function_at(machine, fn->pf) : fn;
		     at->up != NONE;)
			at = function_at(machine, at->up);
		fn->owner = at->owner;
	}
}

static void read_tree(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		find_pf(machine, &machine->fns[i]);
	for (i = 0; i < machine->count; i++)
		if (!is_virtual(&machine->fns[i]))
			find_above(machine, &machine->fns[i]);
	spread_owners(machine);
}

/* ---- IOMMU groups ---- */

static void join_group(struct machine *machine, DIR *groups, const char *number)
{
	char path[PATH_MAX], name[32];
	struct dirent *entry;
	struct function *fn;
	bool iommu;
	DIR *members;
	u64 bdf;
	int dir;

	snprintf(path, sizeof(path), "%s/name", number);
	/* VFIO makes such groups where there is no IOMMU. */
	iommu = !sysfs_read_line(dirfd(groups), path, name, sizeof(name)) ||
		strcmp(name, "vfio-noiommu");
	snprintf(path, sizeof(path), "%s/devices", number);
	dir = openat(dirfd(groups), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	members = dir < 0 ? NULL : fdopendir(dir);
	if (!members)
		return;
	while ((entry = readdir(members))) {
		fn = is_full_bdf(entry->d_name, &bdf) ?
			     machine_find(machine, bdf) :
			     NULL;
		if (!fn)
			continue;
		fn->group = atoi(number);
		if (iommu)
			fn->flags |= FN_IOMMU;
	}
	closedir(members);
}

static void read_groups(struct machine *machine)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *groups;

	snprintf(path, sizeof(path), "%s/kernel/iommu_groups", roots()->sysfs);
	groups = opendir(path);
	if (!groups)
		return;
	while ((entry = readdir(groups)))
		if (entry->d_name[0] != '.')
			join_group(machine, groups, entry->d_name);
	closedir(groups);
	machine->groups_known = true;
}

/**
 * sysfs_read_machine() - read this machine
 * @machine: is initialised
 *
 * Ends the program if there are no PCI functions.
 */
void sysfs_read_machine(struct machine *machine)
{
	machine_init(machine, SOURCE_MODULE);
	if (!sysfs_read_settings(machine))
		machine->source = SOURCE_ENGINE;
	read_functions(machine);
	read_tree(machine);
	read_groups(machine);
	machine_link(machine);
	if (machine->source == SOURCE_ENGINE)
		sysfs_read_configs(machine);
}
