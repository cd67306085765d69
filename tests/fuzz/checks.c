// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what holds for each dump, be it a machine or not
 */
#include "fuzz.h"
#include "json.h"
#include "judge.h"
#include "list.h"
#include "registers.h"
#include "survey.h"
#include "tool.h"

/* A terminal and a log show it as it is. */
static void check_line(const char *line)
{
	for (; *line; line++)
		fuzz_check((unsigned char)*line >= ' ' && *line != 0x7f);
}

static void check_complaint(const struct machine *machine)
{
	fuzz_check(machine->error);
	check_line(machine->error);
}

/* R13 does not count it: a bridge, or perhaps a dummy host bridge. */
static bool is_aside(const struct function *fn)
{
	return has_bridge_header(fn) || is_port(fn) ||
	       fn->class >> 8 == PCI_CLASS_BRIDGE_HOST;
}

static void check_group(const struct machine *machine,
			const struct function *fn)
{
	const struct function *member;
	int number = machine_first_in_group(machine, fn->group);

	for (; number != NONE; number = member->next_in_group) {
		member = function_at(machine, number);
		fuzz_check(member == fn || is_aside(member));
	}
}

/* R9: what cannot be read is not isolated. */
static void check_answer(const struct machine *machine,
			 const struct function *fn)
{
	const struct answer *answer = &fn->answer;

	fuzz_check(answer->judged);
	fuzz_check(answer->isolated == !strcmp(answer->reason, "isolated"));
	fuzz_check(answer->isolated ||
		   (answer->has_blocker &&
		    machine_find(machine, answer->blocker)));
	if (!answer->isolated)
		return;
	fuzz_check(!(fn->flags & (FN_BLIND | FN_NO_ANSWER)));
	if (fn->group != NONE && !is_aside(fn))
		check_group(machine, fn);
}

static void check_peers(struct machine *machine, struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	size_t i;

	fuzz_check(!fn->answer.isolated || !peers->count);
	for (i = 0; i < peers->count; i++) {
		fuzz_check(machine_find(machine, peers->bdf[i]));
		fuzz_check(peers->bdf[i] != fn->bdf);
		fuzz_check(!i || peers->bdf[i - 1] < peers->bdf[i]);
	}
}

static void check_words(const struct machine *machine)
{
	const char *note = text_get(&machine->notes);

	for (; *note; note++)
		fuzz_check((unsigned char)*note >= ' ' || *note == '\n');
}

static void check_machine(struct machine *machine)
{
	struct survey survey = {};
	size_t i;

	fuzz_check(!machine->error && machine->count);
	check_words(machine);
	survey_count(&survey, machine);
	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		fuzz_check(!i || fn[-1].bdf < fn->bdf);
		check_answer(machine, fn);
		check_peers(machine, fn);
		list_function(machine, fn);
		json_object_put(list_json(machine, fn));
	}
}

/**
 * check_dump() - read a dump, judge it, and look at the result
 * @path: the dump
 * @groups: the list of IOMMU groups, or NULL
 * @strict: judge it with strict=1
 */
void check_dump(const char *path, const char *groups, bool strict)
{
	const struct options options = {
		.groups = groups,
		.strict = strict ? "1" : "0",
	};
	struct machine machine;

	if (read_dump(&machine, &options, &path, 1))
		check_machine(&machine);
	else
		check_complaint(&machine);
	machine_free(&machine);
}
