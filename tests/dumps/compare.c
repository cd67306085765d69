// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tool's answers beside the module's
 */
#include <string.h>

#include "dumps.h"
#include "judge.h"
#include "list.h"
#include "tool.h"

const char *const field_names[NUM_FIELDS] = {
	[FIELD_type] = "type",	       [FIELD_id] = "id",
	[FIELD_class] = "class",       [FIELD_parent] = "parent",
	[FIELD_isolated] = "isolated", [FIELD_reason] = "reason",
	[FIELD_blocker] = "blocker",   [FIELD_missing] = "missing",
	[FIELD_group] = "group",       [FIELD_in_group] = "in_group",
	[FIELD_peers] = "peers",       [FIELD_acs] = "acs",
};

/* ---- one function ---- */

static bool same_peers(const struct peers *peers, const struct dumped *fn)
{
	size_t i;
	unsigned int k;

	if (peers->unnamed || peers->count != fn->is.nr_peers)
		return false;
	/* The tool's are in order. */
	for (i = 0; i < peers->count; i++) {
		for (k = 0; k < fn->is.nr_peers; k++)
			if (fn->peers[k] == peers->bdf[i])
				break;
		if (k == fn->is.nr_peers)
			return false;
	}
	return true;
}

/* lspci names seven capabilities, and their controls. */
#define ACS_WORDS                                                         \
	(PCI_ACS_SV | PCI_ACS_TB | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF | \
	 PCI_ACS_EC | PCI_ACS_DT)

static bool same_acs(const struct machine *machine, const struct function *fn,
		     const struct dumped *dumped, bool text)
{
	const struct acs_facts facts = acs_facts_of(machine, fn);
	const u16 mask = text ? ACS_WORDS : 0xffff;

	if (facts.readable != dumped->is.readable)
		return false;
	if (!facts.readable)
		return true;
	return facts.acs == dumped->is.acs &&
	       (!facts.acs || (!((facts.cap ^ dumped->is.cap) & mask) &&
			       !((facts.ctrl ^ dumped->is.ctrl) & mask)));
}

static u64 parent_of(const struct machine *machine, const struct function *fn)
{
	return fn->parent == NONE ? UINT64_MAX :
				    function_at(machine, fn->parent)->bdf;
}

/* Return: a bit for each field that differs. */
static u32 compare_function(struct machine *machine, struct function *fn,
			    const struct dumped *dumped, bool text)
{
	const struct dumped_fn *is = &dumped->is;
	const bool isolated = is->reason == ACS_GUARD_ISOLATED;
	const struct answer *answer = &fn->answer;
	u32 diff = 0;

	if (fn->flags & FN_TYPELESS || fn->type != is->type)
		diff |= BIT(FIELD_type);
	if (!has_id(fn) || vendor_of(fn) != (is->id & 0xffff) ||
	    device_of(fn) != is->id >> 16)
		diff |= BIT(FIELD_id);
	if (!has_class(fn) || fn->class != is->class)
		diff |= BIT(FIELD_class);
	if (parent_of(machine, fn) != is->parent)
		diff |= BIT(FIELD_parent);
	if (answer->isolated != isolated)
		diff |= BIT(FIELD_isolated);
	if (!answer->judged ||
	    strcmp(answer->reason, acs_guard_reason_name(is->reason)))
		diff |= BIT(FIELD_reason);
	if (answer->has_blocker == isolated ||
	    (!isolated && answer->blocker != is->blocker))
		diff |= BIT(FIELD_blocker);
	if (strcmp(answer->missing,
		   is->missing ? acs_guard_flags(is->missing).text : ""))
		diff |= BIT(FIELD_missing);
	if (fn->group != (is->group < 0 ? NONE : is->group))
		diff |= BIT(FIELD_group);
	if (answer->group_isolated != is->in_group)
		diff |= BIT(FIELD_in_group);
	if (!same_peers(peers_of(machine, fn), dumped))
		diff |= BIT(FIELD_peers);
	if (!same_acs(machine, fn, dumped, text))
		diff |= BIT(FIELD_acs);
	return diff;
}

static void report(const struct machine_dump *dump, struct function *fn,
		   const struct dumped *dumped, u32 diff)
{
	const struct dumped_fn *is = &dumped->is;
	unsigned int i;

	printf("# seed %llu%s, doubts %x of %x: %s differs in",
	       (unsigned long long)dump->is.seed,
	       dump->is.strict ? " (strict)" : "", dumped->doubts, dump->doubts,
	       acs_guard_name(is->bdf).text);
	for (i = 0; i < NUM_FIELDS; i++)
		if (diff & BIT(i))
			printf(" %s", field_names[i]);
	printf("\n#   module: type %x, %08x, %s %s %s, %u peers, group %d\n",
	       is->type, is->id, acs_guard_reason_name(is->reason),
	       acs_guard_name(is->blocker).text,
	       acs_guard_flags(is->missing).text, is->nr_peers, is->in_group);
	printf("#   tool:   type %x, %08x, %s %s %s, %zu peers, group %d, flags %x\n",
	       fn->type, fn->id, fn->answer.reason,
	       acs_guard_name(fn->answer.blocker).text, fn->answer.missing,
	       fn->peers ? fn->peers->count : 0, fn->answer.group_isolated,
	       fn->flags);
}

/* ---- what may differ ---- */

#define IDENTITY (BIT(FIELD_type) | BIT(FIELD_id) | BIT(FIELD_class))
#define BLAME (BIT(FIELD_reason) | BIT(FIELD_blocker) | BIT(FIELD_missing))

/*
 * What the tool must answer where a dump lacks a fact.  A function that shares
 * its group with an unreadable one is refused for that group.  The kernel still
 * knows the type of a function that does not answer; a dump does not.
 */
static bool explains_reason(const struct machine_dump *dump,
			    const struct function *fn)
{
	const char *reason = fn->answer.reason;

	return !strcmp(reason, "unreadable") ||
	       !strcmp(reason, "iommu-group") ||
	       (dump->doubts & DOUBT_MEMORY &&
		!strcmp(reason, "port-memory")) ||
	       (dump->doubts & DOUBT_OFFLINE && !fn->answer.isolated);
}

/* Where a bridge, a PF or a domain is not known, what is beyond is not either. */
static bool hides_peers(const struct machine_dump *dump)
{
	return dump->doubts & (DOUBT_OFFLINE | DOUBT_DOMAIN);
}

static bool names_all(const struct peers *peers, const struct dumped *fn)
{
	unsigned int k;
	size_t i;

	for (k = 0; k < fn->is.nr_peers; k++) {
		for (i = 0; i < peers->count; i++)
			if (fn->peers[k] == peers->bdf[i])
				break;
		if (i == peers->count)
			return false;
	}
	return true;
}

/* Words that list no ACS are no proof that there is none. */
static bool leaves_out_acs(const struct machine_dump *dump,
			   const struct machine *machine,
			   const struct function *fn)
{
	return dump->text && !acs_facts_of(machine, fn).readable;
}

/* The PCI core corrects the type of a port by that of the port above. */
static u32 corrected_type(const struct machine_dump *dump,
			  const struct dumped *dumped)
{
	return dump->doubts & DOUBT_OFFLINE &&
			       dumped->is.type == PCI_EXP_TYPE_ENDPOINT ?
		       BIT(FIELD_type) :
		       0;
}

/*
 * Whatever a dump does not tell, the tool allows nothing that the module
 * refuses, and the tool says why.
 */
static bool may_differ(const struct machine_dump *dump,
		       const struct dumped *dumped,
		       const struct machine *machine, const struct function *fn,
		       u32 diff)
{
	const bool isolated = dumped->is.reason == ACS_GUARD_ISOLATED;

	if (!dump->doubts || diff & BIT(FIELD_group))
		return false;
	if ((fn->answer.isolated && !isolated) ||
	    (fn->answer.group_isolated && !dumped->is.in_group))
		return false;
	if (diff & IDENTITY && !(dumped->doubts & DOUBT_OFFLINE) &&
	    (diff & IDENTITY) != corrected_type(dump, dumped))
		return false;
	if (diff & BIT(FIELD_acs) && !(dumped->doubts & ~DOUBT_MEMORY) &&
	    !leaves_out_acs(dump, machine, fn))
		return false;
	if (diff & BIT(FIELD_parent) && !hides_peers(dump))
		return false;
	if (diff & BLAME && !explains_reason(dump, fn))
		return false;
	return !(diff & BIT(FIELD_peers)) || hides_peers(dump) ||
	       names_all(fn->peers, dumped);
}

static unsigned int first_doubt(const struct machine_dump *dump,
				const struct function *fn)
{
	unsigned int doubts = dump->doubts;

	if (doubts & ~DOUBT_MEMORY && strcmp(fn->answer.reason, "port-memory"))
		doubts &= ~DOUBT_MEMORY;
	else
		doubts = DOUBT_MEMORY;
	return (unsigned int)__builtin_ctz(doubts);
}

/* ---- one machine ---- */

static void count_function(const struct machine_dump *dump,
			   const struct dumped *dumped,
			   const struct machine *machine,
			   const struct function *fn, u32 diff,
			   struct tally *tally)
{
	unsigned int i;

	tally->functions++;
	tally->virtual += dumped->is.pf != dumped->is.bdf;
	if (!diff) {
		tally->isolated += fn->answer.isolated;
	} else if (may_differ(dump, dumped, machine, fn, diff)) {
		tally->allowed[first_doubt(dump, fn)]++;
	} else {
		tally->wrong++;
		for (i = 0; i < NUM_FIELDS; i++)
			tally->fields[i] += diff >> i & 1;
	}
}

static void compare_all(const struct machine_dump *dump,
			struct machine *machine, struct tally *tally,
			unsigned long max_reports)
{
	const unsigned long wrong = tally->wrong;
	unsigned int i;
	u32 diff;

	for (i = 0; i < dump->is.nr; i++) {
		const struct dumped *dumped = &dump->fns[i];
		struct function *fn = machine_find(machine, dumped->is.bdf);

		if (!fn) {
			tally->wrong++;
			continue;
		}
		diff = compare_function(machine, fn, dumped, dump->text);
		count_function(dump, dumped, machine, fn, diff, tally);
		if (tally->wrong > wrong && diff && wrong < max_reports &&
		    !may_differ(dump, dumped, machine, fn, diff))
			report(dump, fn, dumped, diff);
	}
}

/**
 * compare_machine() - let the tool judge a dump, and compare
 * @dump: the machine
 * @tally: counts
 * @max_reports: how many differences to print
 */
void compare_machine(const struct machine_dump *dump, struct tally *tally,
		     unsigned long max_reports)
{
	const char *const paths[] = { dump->raw ? "raw" : "dump" };
	const struct options options = {
		.groups = "groups",
		.strict = dump->is.strict ? "1" : "0",
	};
	struct machine machine;

	tally->machines++;
	tally->texts += dump->text;
	tally->exact += !dump->doubts;
	if (read_dump(&machine, &options, paths, 1)) {
		compare_all(dump, &machine, tally, max_reports);
	} else if (tally->unread++ < max_reports) {
		printf("# seed %llu: %s\n", (unsigned long long)dump->is.seed,
		       machine.error);
	}
	machine_free(&machine);
}
