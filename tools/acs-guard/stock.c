// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the machine that a command is about
 */
#include <stdlib.h>

#include "dump.h"
#include "judge.h"
#include "sysfs.h"
#include "tool.h"

static void apply_settings(struct machine *machine,
			   const struct options *options)
{
	if (options->unit)
		machine->settings.unit = options->unit;
	machine->settings.strict = options->strict &&
				   !strcmp(options->strict, "1");
}

/**
 * read_dump() - read and judge the machine of a dump
 * @machine: is initialised
 * @options: how
 * @paths: its files
 * @count: how many
 *
 * Return: false if the dump makes no sense; machine->error says why.
 */
bool read_dump(struct machine *machine, const struct options *options,
	       const char *const *paths, size_t count)
{
	const struct dump_request request = {
		.paths = paths,
		.count = count,
		.groups = options->groups,
		.strict = options->strict && !strcmp(options->strict, "1"),
	};

	machine_init(machine, SOURCE_DUMP);
	apply_settings(machine, options);
	if (!dump_read(machine, &request))
		return false;
	if (!strcmp(machine->settings.unit, "group") && !machine->groups_known)
		return machine_wrong(
			machine, paths[0], 0,
			"unit=group needs the IOMMU groups of that machine: --groups FILE, which \"find /sys/kernel/iommu_groups -type l >FILE\" writes there");
	judge_machine(machine);
	note_unreadable(machine);
	return true;
}

/**
 * print_notes() - print the remarks about a dump
 * @machine: the dump
 */
void print_notes(const struct machine *machine)
{
	const char *line = text_get(&machine->notes), *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		say("%.*s", (int)(end - line), line);
}

/**
 * read_stock() - read the machine that a command is about, and judge it
 * @machine: is initialised
 * @options: which machine
 *
 * Ends the program if there is none.
 */
void read_stock(struct machine *machine, const struct options *options)
{
	if (!options->nr_dumps) {
		sysfs_read_machine(machine);
		if (machine->source == SOURCE_ENGINE && !machine->no_configs)
			judge_machine(machine);
		else
			find_statuses(machine);
		if (machine->cut_configs && !machine->no_configs)
			say("only root can read configuration space: verdicts that depend on it are \"unreadable\"");
		return;
	}
	if (!read_dump(machine, options, options->dumps, options->nr_dumps))
		die("%s", machine->error);
}

/**
 * take_stock() - the same, with the remarks about a dump
 * @machine: is initialised
 * @options: which machine
 */
void take_stock(struct machine *machine, const struct options *options)
{
	read_stock(machine, options);
	print_notes(machine);
}

bool is_loaded(const struct machine *machine)
{
	return machine->source == SOURCE_MODULE;
}

/* Is what is said to be refused really refused? */
bool is_enforced(const struct machine *machine)
{
	return is_loaded(machine) && !strcmp(machine->settings.mode, "enforce");
}

/**
 * short_name() - an address, without a domain that is the only one
 * @machine: the machine
 * @bdf: the address
 *
 * Return: the address, in memory that later calls use again.
 */
const char *short_name(const struct machine *machine, u64 bdf)
{
	static struct acs_guard_name names[8];
	static unsigned int next;
	struct acs_guard_name *name = &names[next++ % ARRAY_SIZE(names)];

	*name = acs_guard_name(bdf);
	return machine->one_domain && starts(name->text, "0000:") ?
		       name->text + 5 :
		       name->text;
}

const char *status_name(enum status status)
{
	static const char *const names[] = {
		[STATUS_UNKNOWN] = "unknown",
		[STATUS_PORT] = "port",
		[STATUS_OK] = "ok",
		[STATUS_REFUSED] = "refused",
		[STATUS_EXCEPTION] = "exception",
		[STATUS_GROUP] = "group",
	};

	return names[status];
}
