// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what the host itself does with its devices
 *
 * Disks and network interfaces are found in sysfs directly, and mounts by
 * libmount.  libudev would do for the disks and interfaces, but it takes no
 * path outside /sys (udev_device_new_from_syspath() fails with EINVAL), and the
 * tests run this code on a copy of sysfs.
 */
#include <dirent.h>
#include <libmount/libmount.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "output.h"
#include "sysfs.h"

/* Disks are made of disks; no deeper than this. */
#define MAX_STACK 16

/**
 * struct use - what uses a disk
 * @machine: the machine
 * @mount: where it is mounted; NULL: swap
 * @depth: how many disks above the one that is looked at
 */
struct use {
	struct machine *machine;
	const char *mount;
	unsigned int depth;
};

/* Is @line one of the lines of @list? */
static bool has_line(const char *list, const char *line)
{
	const size_t len = strlen(line);
	const char *at;

	for (at = list; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, line, len) && (!at[len] || at[len] == '\n'))
			return true;
	}
	return false;
}

static const char *add_line(struct machine *machine, const char *list,
			    const char *line)
{
	if (!list)
		return arena_copy(&machine->arena, line, strlen(line));
	if (has_line(list, line))
		return list;
	return arena_print(&machine->arena, "%s\n%s", list, line);
}

static void add_use(const struct use *use, u64 bdf)
{
	struct function *fn = machine_find(use->machine, bdf);

	if (!fn)
		return;
	if (use->mount)
		fn->mounts = add_line(use->machine, fn->mounts, use->mount);
	else
		fn->swap = true;
}

static void add_owners(struct use *use, const char *path);

/* All disks that a disk is made of. */
static void add_slaves(struct use *use, const char *dir, const char *slaves_in)
{
	char path[PATH_MAX], inner[PATH_MAX + 256];
	struct dirent *entry;
	DIR *slaves;

	if (snprintf(path, sizeof(path), "%s/%s", dir, slaves_in) >=
	    (int)sizeof(path))
		return;
	slaves = opendir(path);
	if (!slaves)
		return;
	while ((entry = readdir(slaves))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		add_owners(use, inner);
	}
	closedir(slaves);
}

/* NVMe with several paths has a folder apart, with links to its controllers. */
static void add_controllers(struct use *use, const char *dir)
{
	const char *start = strstr(dir, "/nvme-subsys");
	char subsystem[PATH_MAX], inner[PATH_MAX + 256], real[PATH_MAX];
	struct dirent *entry;
	const char *end;
	DIR *all;
	u64 bdf;

	/* ".../nvme-subsystem/nvme-subsys0/nvme0n1": up to the subsystem. */
	while ((end = strstr(start + 1, "/nvme-subsys")))
		start = end;
	end = strchr(start + 1, '/');
	snprintf(subsystem, sizeof(subsystem), "%.*s",
		 end ? (int)(end - dir) : (int)strlen(dir), dir);
	all = opendir(subsystem);
	if (!all)
		return;
	while ((entry = readdir(all))) {
		if (!starts(entry->d_name, "nvme"))
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", subsystem,
			 entry->d_name);
		if (realpath(inner, real) && last_bdf(real, &bdf))
			add_use(use, bdf);
	}
	closedir(all);
}

static void add_owners(struct use *use, const char *path)
{
	char dir[PATH_MAX];
	u64 bdf;

	if (use->depth == MAX_STACK || !realpath(path, dir))
		return;
	use->depth++;
	add_slaves(use, dir, "slaves");
	/* A partition is made of what its disk is made of. */
	add_slaves(use, dir, "../slaves");
	if (strstr(dir, "/nvme-subsystem/"))
		add_controllers(use, dir);
	else if (last_bdf(dir, &bdf))
		add_use(use, bdf);
	use->depth--;
}

/* The folder of /dev/mapper/NAME. */
static bool find_mapped(const char *name, char *path)
{
	char line[256];
	struct dirent *entry;
	bool found = false;
	DIR *all;

	snprintf(path, PATH_MAX, "%s/class/block", roots()->sysfs);
	all = opendir(path);
	if (!all)
		return false;
	while (!found && (entry = readdir(all))) {
		if (!starts(entry->d_name, "dm-"))
			continue;
		found = read_first_line_of(line, sizeof(line),
					   "%s/class/block/%s/dm/name",
					   roots()->sysfs, entry->d_name) &&
			!strcmp(line, name);
		if (found)
			snprintf(path, PATH_MAX, "%s/class/block/%s",
				 roots()->sysfs, entry->d_name);
	}
	closedir(all);
	return found;
}

/* The folder of /dev/sda1. */
static bool find_block(const char *source, char *path)
{
	if (!source || !starts(source, "/dev/"))
		return false;
	if (starts(source, "/dev/mapper/"))
		return find_mapped(source + 12, path);
	snprintf(path, PATH_MAX, "%s/class/block/%s", roots()->sysfs,
		 source + 5);
	return true;
}

static void read_mount(struct machine *machine, struct libmnt_fs *fs)
{
	const dev_t number = mnt_fs_get_devno(fs);
	const char *target = mnt_fs_get_target(fs);
	struct use use = { .machine = machine };
	char path[PATH_MAX];

	if (!target)
		return;
	use.mount = tidy(&machine->arena, target);
	/* File systems of several disks have a number of their own. */
	if (!major(number)) {
		if (!find_block(mnt_fs_get_source(fs), path))
			return;
	} else {
		snprintf(path, sizeof(path), "%s/dev/block/%u:%u",
			 roots()->sysfs, major(number), minor(number));
	}
	add_owners(&use, path);
}

static void read_swap(struct machine *machine, struct libmnt_fs *fs)
{
	struct use use = { .machine = machine };
	char path[PATH_MAX];

	if (find_block(mnt_fs_get_source(fs), path))
		add_owners(&use, path);
}

/* A line that is not understood is passed over. */
static int pass_over(struct libmnt_table *table, const char *file, int line)
{
	(void)table;
	(void)file;
	(void)line;
	return 1;
}

static void read_table(struct machine *machine, const char *name, bool swaps)
{
	struct libmnt_table *table = mnt_new_table();
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;
	char path[PATH_MAX];
	int err;

	if (!table || !iter)
		die_of_memory();
	snprintf(path, sizeof(path), "%s/%s", roots()->proc, name);
	mnt_table_set_parser_errcb(table, pass_over);
	err = swaps ? mnt_table_parse_swaps(table, path) :
		      mnt_table_parse_file(table, path);
	while (err >= 0 && !mnt_table_next_fs(table, iter, &fs)) {
		if (swaps)
			read_swap(machine, fs);
		else
			read_mount(machine, fs);
	}
	mnt_free_iter(iter);
	mnt_unref_table(table);
}

static bool is_up(const char *name)
{
	char line[32];

	return (read_first_line_of(line, sizeof(line),
				   "%s/class/net/%s/operstate", roots()->sysfs,
				   name) &&
		!strcmp(line, "up")) ||
	       (read_first_line_of(line, sizeof(line),
				   "%s/class/net/%s/carrier", roots()->sysfs,
				   name) &&
		!strcmp(line, "1"));
}

static void read_net(struct machine *machine, const char *name)
{
	char path[PATH_MAX], real[PATH_MAX];
	struct function *fn;
	u64 bdf;

	snprintf(path, sizeof(path), "%s/class/net/%s/device", roots()->sysfs,
		 name);
	if (!is_up(name) || !realpath(path, real) || !last_bdf(real, &bdf))
		return;
	fn = machine_find(machine, bdf);
	if (fn)
		fn->nets = add_line(machine, fn->nets, name);
}

static void read_nets(struct machine *machine)
{
	char path[PATH_MAX];
	struct dirent **names;
	int count, i;

	snprintf(path, sizeof(path), "%s/class/net", roots()->sysfs);
	count = scandir(path, &names, NULL, alphasort);
	for (i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.')
			read_net(machine, names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

/**
 * host_read() - find out which devices the host itself uses
 * @machine: this machine; nothing is found out about a dump
 */
void host_read(struct machine *machine)
{
	if (machine->source == SOURCE_DUMP)
		return;
	read_table(machine, "self/mountinfo", false);
	read_table(machine, "swaps", true);
	read_nets(machine);
}

/* Lines as one line, with commas. */
static void add_list(struct text *text, const char *lines)
{
	for (; *lines; lines++)
		if (*lines == '\n')
			text_add(text, ", ");
		else
			text_add_bytes(text, lines, 1);
}

/**
 * uses_of() - what the host does with a function, in words
 * @machine: the machine
 * @fn: the function
 *
 * Return: "" if it does nothing with it.
 */
const char *uses_of(struct machine *machine, const struct function *fn)
{
	struct text text = {};
	const char *words;

	if (!fn->mounts && !fn->swap && !fn->nets)
		return "";
	if (fn->mounts) {
		text_add(&text, has_line(fn->mounts, "/") ?
					"host root disk here (" :
					"disk in use here (");
		add_list(&text, fn->mounts);
		text_add(&text, ")");
	}
	if (fn->swap)
		text_add(&text, "%sswap here", text.len ? ", " : "");
	if (fn->nets) {
		text_add(&text, "%snetwork up: ", text.len ? ", " : "");
		add_list(&text, fn->nets);
	}
	words = tidy(&machine->arena, text_get(&text));
	text_free(&text);
	return words;
}
