// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: dumps of other machines
 *
 * A dump is the output of lspci ("-": standard input), a file "config" in a
 * folder named by an address, such a folder, or a folder of such.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dump.h"
#include "quirks.h"
#include "registers.h"

/* ---- raw files ---- */

/* Opening a pipe would wait. */
static int open_regular(struct machine *machine, const char *path)
{
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat facts;

	if (fd < 0 || fstat(fd, &facts))
		machine_wrong(machine, path, 0, "%s", strerror(errno));
	else if (!S_ISREG(facts.st_mode))
		machine_wrong(machine, path, 0, "this is no regular file");
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Return: how much was read, at most @size, or negative. */
static ssize_t read_all(int fd, u8 *bytes, size_t size)
{
	size_t have = 0;
	ssize_t len;

	while (have < size) {
		len = read(fd, bytes + have, size - have);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -1;
		if (!len)
			break;
		have += (size_t)len;
	}
	return (ssize_t)have;
}

static bool read_raw(struct machine *machine, u64 bdf, const char *path)
{
	const int fd = open_regular(machine, path);
	u8 bytes[CFG_SIZE + 1];
	struct function *fn;
	ssize_t len;

	if (fd < 0)
		return false;
	len = read_all(fd, bytes, sizeof(bytes));
	close(fd);
	if (len < 0)
		return machine_wrong(machine, path, 0, "%s", strerror(errno));
	if (len > CFG_SIZE)
		return machine_wrong(machine, path, 0, "more than %d bytes",
				     CFG_SIZE);
	fn = machine_add(machine, bdf,
			 arena_copy(&machine->arena, path, strlen(path)), 0);
	if (!fn)
		return false;
	fn->len = (u16)len;
	fn->cfg = arena_get(&machine->arena, (size_t)len);
	memcpy(fn->cfg, bytes, (size_t)len);
	return hex_is_whole(machine, fn);
}

/* The address that the last part of a path is. */
static bool is_named_by_bdf(const char *path, u64 *bdf)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return take_bdf(&name, bdf) && !*name;
}

static bool read_folder_of(struct machine *machine, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[PATH_MAX];
	bool fine = true;
	size_t found = 0;
	u64 bdf;

	if (!dir)
		return machine_wrong(machine, folder, 0, "%s", strerror(errno));
	while (fine && (entry = readdir(dir))) {
		if (!is_named_by_bdf(entry->d_name, &bdf))
			continue;
		found++;
		if (snprintf(path, sizeof(path), "%s/%s/config", folder,
			     entry->d_name) >= (int)sizeof(path))
			fine = machine_wrong(machine, folder, 0,
					     "the path is too long");
		else
			fine = read_raw(machine, bdf, path);
	}
	closedir(dir);
	if (fine && !found)
		return machine_wrong(
			machine, folder, 0,
			"no folder in it is named after a device, such as 0000:00:1f.0; to read dumps in it: acs-guard survey %s/*",
			folder);
	return fine;
}

/* ---- any path ---- */

/* A folder's, or a file's, own name is that of its path from the root. */
static bool read_path(struct machine *machine, const char *path)
{
	char real[PATH_MAX], config[PATH_MAX + 8];
	struct stat facts;
	char *last;
	u64 bdf;

	if (!strcmp(path, "-"))
		return hex_read(machine, path);
	if (stat(path, &facts))
		return machine_wrong(machine, path, 0, "%s", strerror(errno));
	/* A pipe without a name has no real path. */
	if (!realpath(path, real)) {
		if (!S_ISDIR(facts.st_mode) && !S_ISREG(facts.st_mode))
			return hex_read(machine, path);
		return machine_wrong(machine, path, 0, "%s", strerror(errno));
	}
	if (S_ISDIR(facts.st_mode)) {
		if (!is_named_by_bdf(real, &bdf))
			return read_folder_of(machine, path);
		snprintf(config, sizeof(config), "%s/config", path);
		return read_raw(machine, bdf, config);
	}
	last = strrchr(real, '/');
	if (last && !strcmp(last, "/config")) {
		*last = '\0';
		if (is_named_by_bdf(real, &bdf))
			return read_raw(machine, bdf, path);
	}
	return hex_read(machine, path);
}

/* What has a type that leads down, for set_pcie_port_type(). */
static bool is_downstream(const struct function *fn)
{
	return fn->type == PCI_EXP_TYPE_ROOT_PORT ||
	       fn->type == PCI_EXP_TYPE_DOWNSTREAM ||
	       fn->type == PCI_EXP_TYPE_PCIE_BRIDGE;
}

/**
 * correct_port_types() - what the PCI core makes of impossible types of ports
 * @machine: the types are those of the registers
 *
 * A Downstream Port right below another, or an Upstream Port right below
 * another, has the wrong type.  set_pcie_port_type() wants to give it the other
 * one, but does not shift it, so that an endpoint comes out of it; the module
 * sees that.
 */
void correct_port_types(struct machine *machine)
{
	const struct function *above;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		above = function_at(machine, fn->up);
		if (!above)
			continue;
		if ((fn->type == PCI_EXP_TYPE_DOWNSTREAM &&
		     is_downstream(above)) ||
		    (fn->type == PCI_EXP_TYPE_UPSTREAM &&
		     above->type == PCI_EXP_TYPE_UPSTREAM))
			fn->type = PCI_EXP_TYPE_ENDPOINT;
	}
}

/* Does extended configuration space of what is below lead through a bridge? */
static bool passes_extended(const struct function *bridge)
{
	/* Then nothing counts that is below it. */
	if (bridge->flags & FN_TYPELESS)
		return true;
	switch (bridge->type) {
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_UPSTREAM:
	case PCI_EXP_TYPE_DOWNSTREAM:
		return true;
	default:
		return pcix_is_fast(bridge);
	}
}

/*
 * As pci_bridge_child_ext_cfg_accessible(): the PCI core does not even try
 * below such a bridge.
 */
static void cut_below_bridges(struct machine *machine)
{
	const struct function *above, *pf;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		pf = is_virtual(fn) ? function_at(machine, fn->pf) : fn;
		for (above = function_at(machine, pf->up);
		     above && passes_extended(above);)
			above = function_at(machine, above->up);
		if (!above)
			continue;
		fn->flags |= FN_NOT_EXTENDED;
		fn->acs = 0;
	}
}

/**
 * dump_understand() - work out what the bytes of all functions tell
 * @machine: sorted, each address once
 * @strict: rules S1 to S3 will be asked for
 *
 * Return: false if the dump contradicts itself.
 */
bool dump_understand(struct machine *machine, bool strict)
{
	size_t i;

	cut_broken_lists(machine);
	find_vfs(machine);
	assess_functions(machine);
	doubt_unlisted(machine);
	look_for_memory(machine, strict);
	if (!place_buses(machine))
		return false;
	for (i = 0; i < machine->count; i++)
		read_kind(&machine->fns[i]);
	correct_port_types(machine);
	cut_below_bridges(machine);
	look_for_extended(machine);
	doubt_vfs(machine);
	find_owners(machine);
	quirks_apply(machine);
	note_words(machine);
	machine_link(machine);
	return true;
}

/**
 * dump_read() - read a machine from dumps
 * @machine: the machine, initialised
 * @request: which dumps
 *
 * Return: false if they make no sense; machine->error says why.
 */
bool dump_read(struct machine *machine, const struct dump_request *request)
{
	const char *first = request->paths[0];
	size_t i;

	for (i = 0; i < request->count; i++)
		if (!read_path(machine, request->paths[i]))
			return false;
	if (!machine_sort(machine,
			  strcmp(first, "-") ? first : "standard input"))
		return false;
	if (request->groups && !groups_read(machine, request->groups))
		return false;
	return dump_understand(machine, request->strict);
}
