// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the functions of this machine, as sysfs lists them
 *
 * A machine may have thousands, and each file that is opened costs the kernel
 * more than all else that is done about a function.  So no attribute is read
 * that another tells, and no long path is looked up that is known.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "sysfs.h"

/* "pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00" and a newline. */
#define MAX_ALIAS 64

/**
 * struct listing - the folder of all functions, while it is read
 * @dir: bus/pci/devices
 * @parent: the folder above that of the last function
 * @parent_dir: the same, open; negative if there is none
 * @fn_dir: the folder of the function, open; negative if it has vanished
 *
 * A function is a link there.  To follow it, the kernel looks up each part of a
 * long path, so @parent is tried first: many functions have the same.
 */
struct listing {
	int dir;
	char parent[PATH_MAX];
	int parent_dir;
	int fn_dir;
};

/* From "../../../devices/pci0000:00/0000:00:01.0", the absolute path above. */
static bool find_parent(struct listing *listing, const char *name)
{
	char target[PATH_MAX];
	const char *at = target, *last;
	const ssize_t len =
		readlinkat(listing->dir, name, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	while (starts(at, "../"))
		at += 3;
	last = strrchr(at, '/');
	return at != target && last &&
	       snprintf(listing->parent, sizeof(listing->parent), "%s/%.*s",
			roots()->sysfs, (int)(last - at),
			at) < (int)sizeof(listing->parent);
}

static void close_dir(int *dir)
{
	if (*dir >= 0)
		close(*dir);
	*dir = -1;
}

static void open_function(struct listing *listing, const char *name)
{
	const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

	close_dir(&listing->fn_dir);
	if (listing->parent_dir >= 0)
		listing->fn_dir = openat(listing->parent_dir, name, flags);
	if (listing->fn_dir >= 0)
		return;
	close_dir(&listing->parent_dir);
	if (!find_parent(listing, name))
		return;
	listing->parent_dir = open(listing->parent, flags);
	if (listing->parent_dir >= 0)
		listing->fn_dir = openat(listing->parent_dir, name, flags);
}

/* Return: the target's last part; NULL if there is no such link. */
static const char *read_link(int dir, const char *name, char *target)
{
	const ssize_t len = readlinkat(dir, name, target, PATH_MAX - 1);
	const char *last;

	if (len < 0)
		return NULL;
	target[len] = '\0';
	last = strrchr(target, '/');
	return last ? last + 1 : target;
}

/* A number of "pci:v00008086d000010D3sv...", with a name before it. */
static bool take_part(const char **text, const char *name, unsigned int digits,
		      unsigned long *value)
{
	if (!starts(*text, name))
		return false;
	*text += strlen(name);
	return take_hex(text, digits, value);
}

/* One attribute with what else is in three: the IDs, and the class. */
static bool read_identity(int dir, u32 *id, u32 *class)
{
	unsigned long vendor, device, base, sub, interface;
	char alias[MAX_ALIAS];
	const char *at = alias;

	if (!sysfs_read_line(dir, "modalias", alias, sizeof(alias)) ||
	    !take_part(&at, "pci:v", 8, &vendor) ||
	    !take_part(&at, "d", 8, &device))
		return false;
	/* Digits are capitals. */
	at = strstr(at, "bc");
	if (!at || !take_part(&at, "bc", 2, &base) ||
	    !take_part(&at, "sc", 2, &sub) ||
	    !take_part(&at, "i", 2, &interface))
		return false;
	*id = (u32)((device & 0xffff) << 16 | (vendor & 0xffff));
	*class = (u32)(base << 16 | sub << 8 | interface);
	return true;
}

static char *path_below(struct machine *machine, const char *parent,
			const char *name)
{
	const size_t size = strlen(parent) + strlen(name) + 2;
	char *path = arena_get(&machine->arena, size);

	snprintf(path, size, "%s/%s", parent, name);
	return path;
}

static void read_links(struct machine *machine, struct function *fn, int dir)
{
	char target[PATH_MAX];
	const char *last = read_link(dir, "driver", target);
	u64 pf;

	if (last)
		fn->driver = arena_copy(&machine->arena, last, strlen(last));
	last = read_link(dir, "iommu_group", target);
	if (last)
		fn->group = atoi(last);
	last = read_link(dir, "physfn", target);
	if (last && is_full_bdf(last, &pf) && pf != fn->bdf)
		fn->pf = (int)(pf & 0xffff);
}

/* The function may vanish meanwhile. */
static void read_function(struct machine *machine, struct listing *listing,
			  const struct acs_guard_name *name, u64 bdf)
{
	struct function *fn;
	u32 id, class;

	open_function(listing, name->text);
	if (listing->fn_dir < 0 || !read_identity(listing->fn_dir, &id, &class))
		return;
	fn = machine_add(machine, bdf, "sysfs", 0);
	if (!fn)
		die("%s", machine->error);
	fn->id = id;
	fn->class = class;
	fn->path = path_below(machine, listing->parent, name->text);
	read_links(machine, fn, listing->fn_dir);
	if (machine->source != SOURCE_MODULE ||
	    sysfs_read_answer(machine, fn, listing->fn_dir))
		return;
	/* Half of a function that vanished is none. */
	if (faccessat(listing->fn_dir, "modalias", F_OK, 0))
		machine->count--;
}

/**
 * struct entry_name - an entry of the folder of all functions
 * @bdf: the address
 * @name: the same as text
 */
struct entry_name {
	u64 bdf;
	struct acs_guard_name name;
};

static int compare_names(const void *a, const void *b)
{
	const struct entry_name *first = a, *second = b;

	return first->bdf < second->bdf ? -1 : first->bdf > second->bdf;
}

/* Return: all functions, in the order of their addresses. */
static struct entry_name *list_functions(DIR *all, size_t *count)
{
	struct entry_name *list = NULL, *last;
	struct dirent *entry;
	size_t room = 0;
	u64 bdf;

	*count = 0;
	while ((entry = readdir(all))) {
		if (!is_full_bdf(entry->d_name, &bdf))
			continue;
		list = grow(list, &room, *count + 1, sizeof(*list));
		last = &list[(*count)++];
		last->bdf = bdf;
		memcpy(last->name.text, entry->d_name,
		       strlen(entry->d_name) + 1);
	}
	if (*count)
		qsort(list, *count, sizeof(*list), compare_names);
	return list;
}

static DIR *open_functions(void)
{
	char path[PATH_MAX];
	DIR *all;

	snprintf(path, sizeof(path), "%s/bus/pci/devices", roots()->sysfs);
	all = opendir(path);
	if (!all)
		die("there are no PCI devices in %s (is sysfs mounted?)", path);
	return all;
}

/**
 * sysfs_require() - end the program if sysfs has no folder of PCI devices
 */
void sysfs_require(void)
{
	closedir(open_functions());
}

/**
 * sysfs_read_functions() - read what sysfs lists of all functions
 * @machine: is empty
 *
 * Of a virtual function, @pf becomes the address of its PF in the domain of
 * both.  Ends the program if there are no functions.
 */
void sysfs_read_functions(struct machine *machine)
{
	struct listing listing = { .parent_dir = -1, .fn_dir = -1 };
	struct entry_name *list;
	size_t count, i;
	DIR *all;

	all = open_functions();
	list = list_functions(all, &count);
	listing.dir = dirfd(all);
	for (i = 0; i < count; i++)
		read_function(machine, &listing, &list[i].name, list[i].bdf);
	free(list);
	close_dir(&listing.fn_dir);
	close_dir(&listing.parent_dir);
	closedir(all);
	if (!machine->count)
		die("there are no PCI devices in %s/bus/pci/devices",
		    roots()->sysfs);
}
