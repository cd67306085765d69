// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: lists of IOMMU groups
 */
#include <ctype.h>
#include <stdlib.h>

#include "dump.h"
#include "lines.h"

/* ".../iommu_groups/7/devices/0000:00:1f.0" or "0000:00:1f.0 7" */
static bool take_group(const char *line, u64 *bdf, long *group)
{
	const char *path = strstr(line, "/iommu_groups/");
	char *end;

	if (path) {
		path += strlen("/iommu_groups/");
		*group = strtol(path, &end, 10);
		if (end == path || !starts(end, "/devices/"))
			return false;
		line = end + 9;
		return take_bdf(&line, bdf) && !line[strspn(line, " \t")];
	}
	line += strspn(line, " \t");
	if (!take_bdf(&line, bdf) || !isblank((unsigned char)*line))
		return false;
	*group = strtol(line, &end, 10);
	return end != line && !end[strspn(end, " \t")];
}

static bool read_group(struct machine *machine, const struct lines *lines,
		       const char *line)
{
	struct function *fn;
	long group;
	u64 bdf;

	if (!line[strspn(line, " \t")] || *line == '#')
		return true;
	if (!take_group(line, &bdf, &group) || group < 0 || group > INT_MAX)
		return machine_wrong(machine, lines->name, lines->number,
				     "not an address and an IOMMU group");
	fn = machine_find(machine, bdf);
	if (!fn)
		return machine_wrong(machine, lines->name, lines->number,
				     "there is no %s in the dump",
				     acs_guard_name(bdf).text);
	if (fn->group != NONE && fn->group != group)
		return machine_wrong(machine, lines->name, lines->number,
				     "%s has been in IOMMU group %d before",
				     acs_guard_name(bdf).text, fn->group);
	fn->group = (int)group;
	return true;
}

/* An empty list: find prints nothing where the IOMMU is off. */
static void note_no_groups(struct machine *machine, const char *path)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (machine->fns[i].group != NONE)
			return;
	if (machine->count)
		machine_note(
			machine, &machine->fns[0],
			"%s names no IOMMU group; the IOMMU of that machine may be off",
			path);
}

/**
 * groups_read() - read a list of IOMMU groups
 * @machine: the dump, sorted
 * @path: the list
 *
 * Return: false if it makes no sense.
 */
bool groups_read(struct machine *machine, const char *path)
{
	struct lines lines;
	bool fine = true;
	size_t len;
	char *line;

	if (!lines_open(&lines, machine, path))
		return false;
	while (fine && (line = lines_next(&lines, &len)))
		fine = read_group(machine, &lines, line);
	lines_close(&lines);
	machine->groups_known = true;
	if (fine)
		note_no_groups(machine, path);
	return fine && !machine->error;
}
