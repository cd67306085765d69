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

/*
 * The bridge above @fn, or the PF of @fn, vanished while the list was read: the
 * path from @fn to the root is not known.
 */
static void lose_path(struct machine *machine, struct function *fn)
{
	fn->flags |= FN_BLIND;
	machine->lost = true;
}

/* Until here, @pf is as sysfs_read_functions() has left it. */
static void find_pfs(struct machine *machine)
{
	const struct function *pf;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (fn->pf == NONE)
			continue;
		pf = machine_find(machine,
				  (fn->bdf & ~0xffffULL) | (u64)fn->pf);
		fn->pf = pf ? number_of(machine, pf) : NONE;
		if (!pf)
			lose_path(machine, fn);
	}
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
	if (!last || !is_full_bdf(last + 1, &bdf))
		return;
	found = machine_find(machine, bdf);
	if (found)
		*(own_domain ? &fn->real_dma_dev : &fn->up) =
			number_of(machine, found);
	else
		lose_path(machine, fn);
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
		fn->real_dma_dev = at->real_dma_dev;
	}
}

static void read_tree(struct machine *machine)
{
	size_t i;

	find_pfs(machine);
	for (i = 0; i < machine->count; i++)
		if (!is_virtual(&machine->fns[i]))
			find_above(machine, &machine->fns[i]);
	spread_owners(machine);
}

/* ---- IOMMU groups ---- */

/**
 * sysfs_read_iommus() - find out which functions an IOMMU translates for
 * @machine: this machine
 *
 * VFIO makes groups where there is no IOMMU, too.
 */
void sysfs_read_iommus(struct machine *machine)
{
	const struct group *group;
	char name[32];
	int number;
	size_t i;

	for (i = 0; i < machine->nr_groups; i++) {
		group = &machine->groups[i];
		if (read_first_line_of(name, sizeof(name),
				       "%s/kernel/iommu_groups/%d/name",
				       roots()->sysfs, group->number) &&
		    !strcmp(name, "vfio-noiommu"))
			continue;
		for (number = group->first; number != NONE;
		     number = machine->fns[number].next_in_group)
			machine->fns[number].flags |= FN_IOMMU;
	}
}

static bool has_groups(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/kernel/iommu_groups", roots()->sysfs);
	return !access(path, F_OK);
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
	sysfs_read_functions(machine);
	machine_sort(machine, "sysfs");
	read_tree(machine);
	machine->groups_known = has_groups();
	machine_link(machine);
	if (machine->source == SOURCE_ENGINE) {
		sysfs_read_iommus(machine);
		sysfs_read_configs(machine);
	}
}
