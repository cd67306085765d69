// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: configuration space of this machine, by sysfs
 *
 * Where the kernel knows more than registers tell (which functions are virtual,
 * what is above what), sysfs has said so already.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dump.h"
#include "quirks.h"
#include "registers.h"
#include "sysfs.h"

/* IORESOURCE_MEM of the kernel. */
#define RESOURCE_MEMORY 0x200

/* The kernel's pci_dev->cfg_size is the size of the file. */
static off_t read_config(struct machine *machine, struct function *fn)
{
	char path[PATH_MAX];
	u8 bytes[CFG_SIZE];
	struct stat facts;
	ssize_t len;
	int fd;

	fn->cfg = arena_get(&machine->arena, HEADER_SIZE);
	memset(fn->cfg, 0xff, HEADER_SIZE);
	snprintf(path, sizeof(path), "%s/config", fn->path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (fstat(fd, &facts))
		facts.st_size = 0;
	len = pread(fd, bytes, sizeof(bytes), 0);
	close(fd);
	if (len < HEADER_SIZE)
		return facts.st_size;
	fn->len = (u16)(len & ~3);
	fn->cfg = arena_get(&machine->arena, fn->len);
	memcpy(fn->cfg, bytes, fn->len);
	return facts.st_size;
}

static bool is_unreadable(const struct function *fn)
{
	return fn->len < HEADER_SIZE ||
	       (reg(fn, PCI_VENDOR_ID, 4) == U32_MAX && !is_virtual(fn)) ||
	       reg(fn, PCI_COMMAND, 4) == U32_MAX;
}

/*
 * A BAR that reads zero may be there, with no address; the kernel knows.
 * "resource" has a line for each: start, end and flags.
 */
static bool has_memory(const struct function *fn)
{
	const bool is_bridge = header_type_of(fn) == PCI_HEADER_TYPE_BRIDGE;
	unsigned int left = is_bridge ? 2 : 6;
	unsigned long long start, end, flags;
	char path[PATH_MAX];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/resource", fn->path);
	file = fopen(path, "re");
	if (!file)
		return has_bridge_header(fn) ||
		       reg(fn, PCI_COMMAND, 2) & PCI_COMMAND_MEMORY;
	while (left-- &&
	       fscanf(file, "%llx %llx %llx", &start, &end, &flags) == 3)
		found |= flags & RESOURCE_MEMORY;
	fclose(file);
	return found;
}

/* Return: whether rights were not enough to read all of it. */
static bool read_function(struct machine *machine, struct function *fn)
{
	const off_t size = read_config(machine, fn);
	/* Without rights 64 bytes can be read, or 128. */
	const bool cut = fn->len < size || fn->len < PCI_CFG_SPACE_SIZE;

	if (is_unreadable(fn) || header_type_of(fn) > PCI_HEADER_TYPE_CARDBUS ||
	    kind_of(fn) == KIND_UNKNOWN)
		fn->flags |= FN_BLIND | FN_TYPELESS;
	else if (cut && kind_of(fn) != KIND_CONVENTIONAL)
		fn->flags |= FN_BLIND | FN_NOT_EXTENDED;
	if (has_broken_list(fn))
		fn->flags |= FN_BLIND | FN_BROKEN;
	if (has_memory(fn))
		fn->flags |= FN_MEMORY;
	/* Any user can read a header; without one, the function has vanished. */
	return cut && fn->len;
}

/**
 * sysfs_read_configs() - read the configuration space of all functions
 * @machine: this machine; what is above what is known
 */
void sysfs_read_configs(struct machine *machine)
{
	size_t i;

	machine->no_configs = true;
	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		machine->cut_configs |= read_function(machine, fn);
		machine->no_configs &= fn->len < HEADER_SIZE;
		read_kind(fn);
	}
	correct_port_types(machine);
	quirks_apply(machine);
}
