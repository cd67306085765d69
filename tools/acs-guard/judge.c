// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: verdicts of the engine
 */
#include <stdlib.h>

#include "engine.h"
#include "judge.h"
#include "node.h"

/* The module names as many, and counts the rest. */
#define NAMED_PEERS 4096

/* ---- one function ---- */

static struct acs_node node_of(const struct machine *machine,
			       const struct function *fn)
{
	return (struct acs_node){ machine, fn };
}

/*
 * A function of a dump that does not answer may be a bridge: peers of any
 * function may be behind it.  The kernel knows what is behind which bridge.
 */
static const struct function *find_unanswered(const struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (machine->fns[i].flags & FN_NO_ANSWER &&
		    !machine->fns[i].path)
			return &machine->fns[i];
	return NULL;
}

/* What unit=group makes of a verdict. */
static void judge_group(const struct machine *machine, struct function *fn,
			const struct acs_guard_verdict *verdict)
{
	struct acs_guard_reader reader = { .machine = machine };
	struct answer *answer = &fn->answer;

	answer->group_isolated = true;
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return;
	answer->group_isolated =
		fn->group != NONE && !verdict->beyond_group && !machine->lost &&
		acs_guard_stays_in_group(node_of(machine, fn), &reader);
	if (!answer->group_isolated)
		return;
	answer->group_unanswered = find_unanswered(machine);
	answer->group_isolated = !answer->group_unanswered;
}

static void add_missing(struct machine *machine, struct answer *answer,
			u16 missing)
{
	const struct acs_guard_flags flags = acs_guard_flags(missing);

	answer->missing =
		arena_copy(&machine->arena, flags.text, strlen(flags.text));
	answer->words = arena_print(&machine->arena, "%s (lacks %s)",
				    answer->words, answer->missing);
}

/**
 * judge_function() - let the engine judge a function
 * @machine: the machine
 * @fn: the function; its answer is filled in
 */
void judge_function(struct machine *machine, struct function *fn)
{
	const struct acs_guard_policy policy = {
		.strict = machine->settings.strict,
	};
	struct acs_guard_reader reader = { .machine = machine };
	struct answer *answer = &fn->answer;
	struct acs_guard_verdict verdict;
	const char *text;

	acs_guard_judge_path(node_of(machine, fn), &policy, &reader, &verdict);
	text = acs_guard_reason_text(verdict.reason);
	*answer = (struct answer){
		.judged = true,
		.isolated = verdict.reason == ACS_GUARD_ISOLATED,
		.reason = acs_guard_reason_name(verdict.reason),
		.blocker = verdict.blocker,
		.has_blocker = verdict.reason != ACS_GUARD_ISOLATED,
		.missing = "",
		.words = text,
		.group_isolated = UNTOLD,
		.beyond_group = verdict.beyond_group,
	};
	if (verdict.missing)
		add_missing(machine, answer, verdict.missing);
	/* Without groups it is not known. */
	if (machine->groups_known)
		judge_group(machine, fn, &verdict);
}

/**
 * can_be_exposed() - can a function be a peer of another?
 * @machine: the machine; configuration space has been read
 * @fn: the function
 *
 * Return: false for bridges that only forward, and for dummy host bridges.
 */
bool can_be_exposed(const struct machine *machine, const struct function *fn)
{
	struct acs_guard_reader reader = { .machine = machine };

	return acs_guard_can_be_exposed(node_of(machine, fn), &reader);
}

/* ---- all functions ---- */

static bool is_excused(struct machine *machine, struct function *fn)
{
	const struct peers *peers;
	size_t i;

	if (fn->answer.group_isolated != UNTOLD)
		return fn->answer.group_isolated;
	/* An older module: does all that it can reach share its IOMMU group? */
	if (fn->group == NONE)
		return false;
	peers = peers_of(machine, fn);
	for (i = 0; i < peers->count; i++) {
		const struct function *peer =
			machine_find(machine, peers->bdf[i]);

		if (!peer || peer->group != fn->group)
			return false;
	}
	return !peers->unnamed && !peers->unknown;
}

static enum status status_of(struct machine *machine, struct function *fn)
{
	const struct answer *answer = &fn->answer;

	if (!answer->judged)
		return STATUS_UNKNOWN;
	if (is_port(fn))
		return STATUS_PORT;
	if (answer->permissive)
		return STATUS_EXCEPTION;
	if (answer->isolated)
		return STATUS_OK;
	if (!strcmp(machine->settings.unit, "group") && is_excused(machine, fn))
		return STATUS_GROUP;
	return STATUS_REFUSED;
}

/**
 * blames() - is a function not isolated because of another, or of itself?
 * @fn: the function
 */
bool blames(const struct function *fn)
{
	return fn->answer.judged && !fn->answer.isolated &&
	       fn->answer.has_blocker && !is_port(fn);
}

static void blame(struct machine *machine, const struct function *fn)
{
	struct function *blocker = machine_find(machine, fn->answer.blocker);

	if (blocker)
		blocker->weak = fn->answer.words;
}

/**
 * find_statuses() - decide what each function is reported to be
 * @machine: all functions have answers
 */
void find_statuses(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		fn->status = status_of(machine, fn);
		if (blames(fn))
			blame(machine, fn);
	}
}

/**
 * judge_machine() - let the engine judge all functions
 * @machine: the machine
 */
void judge_machine(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		judge_function(machine, &machine->fns[i]);
	find_statuses(machine);
}

/* ---- peers ---- */

static int compare(const void *a, const void *b)
{
	const u64 first = *(const u64 *)a, second = *(const u64 *)b;

	return first < second ? -1 : first > second;
}

static void search_peers(struct machine *machine, struct function *fn,
			 struct peers *peers)
{
	static u64 bdf[NAMED_PEERS];
	struct acs_guard_reader reader = { .machine = machine };
	struct acs_guard_peers found = { .room = NAMED_PEERS, .bdf = bdf };

	/* As the module, which does not ask about what is isolated. */
	if (!fn->answer.judged || fn->answer.isolated)
		return;
	acs_guard_peers_init(&found);
	acs_guard_search_peers(node_of(machine, fn), &reader, &found.visitor);
	peers->count = found.count < found.room ? found.count : found.room;
	peers->unnamed = found.count - (unsigned int)peers->count;
	peers->unknown = machine->lost || fn->flags & FN_NO_BRIDGE;
	peers->bdf = malloc(peers->count * sizeof(*bdf) + 1);
	if (!peers->bdf)
		die_of_memory();
	memcpy(peers->bdf, bdf, peers->count * sizeof(*bdf));
}

/**
 * peers_of() - the functions that are exposed to a function
 * @machine: the machine
 * @fn: the function
 *
 * Return: them in the order of their addresses; kept for the next call.
 */
const struct peers *peers_of(struct machine *machine, struct function *fn)
{
	if (fn->peers)
		return fn->peers;
	fn->peers = arena_get(&machine->arena, sizeof(*fn->peers));
	if (machine->source == SOURCE_MODULE)
		sysfs_read_peers(machine, fn, fn->peers);
	else
		search_peers(machine, fn, fn->peers);
	if (fn->peers->count)
		qsort(fn->peers->bdf, fn->peers->count, sizeof(*fn->peers->bdf),
		      compare);
	return fn->peers;
}

/**
 * acs_facts_of() - the ACS registers of a function
 * @machine: the machine
 * @fn: the function, whose registers may be known even if what is above is not
 */
struct acs_facts acs_facts_of(const struct machine *machine,
			      const struct function *fn)
{
	struct acs_guard_reader reader = { .machine = machine, .facts = true };
	const struct acs_guard_function facts =
		acs_guard_function_of(node_of(machine, fn), &reader, true);

	return (struct acs_facts){
		.readable = facts.readable,
		.acs = facts.acs,
		.cap = facts.cap,
		.ctrl = facts.ctrl,
	};
}
