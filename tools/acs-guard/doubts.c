// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what a dump does not tell about its functions
 *
 * Nothing is guessed.  What a dump contradicts itself in is an error; a function
 * that it does not tell enough of is blind, and the engine calls it unreadable.
 */
#include "dump.h"
#include "registers.h"

/* Shown where nothing answers: the ID of no vendor. */
#define NO_ID 0xfffefffe

#define CLASS_OTHER_BRIDGE 0x0680
#define CLASS_NONE 0xff0000
#define CLASS_PCI_BRIDGE 0x060400
#define VENDOR_MICROSEMI 0x11f8

/* As words behind a name. */
const char *and_more(unsigned int count)
{
	static char words[32];

	if (count < 2)
		return "";
	snprintf(words, sizeof(words), " and %u more", count - 1);
	return words;
}

/**
 * struct remark - several functions with the same doubt
 * @first: the first of them
 * @count: how many
 */
struct remark {
	const struct function *first;
	unsigned int count;
};

static void count_one(struct remark *remark, const struct function *fn)
{
	if (!remark->count++)
		remark->first = fn;
}

/* A note with the functions of @remark, if any, between @before and @after. */
static void note_remark(struct machine *machine, const struct remark *remark,
			const char *before, const char *after)
{
	if (remark->first)
		machine_note(machine, remark->first, "%s%s%s%s", before,
			     acs_guard_name(remark->first->bdf).text,
			     and_more(remark->count), after);
}

static void make_typeless(struct function *fn)
{
	fn->flags |= FN_BLIND | FN_TYPELESS;
}

/* Its header is not known, or is none: none is made up. */
static void make_faceless(struct function *fn)
{
	make_typeless(fn);
	fn->len = HEADER_SIZE;
	memset(fn->cfg, 0, HEADER_SIZE);
	if (!(fn->flags & FN_TEXT))
		fn->class = CLASS_NONE;
}

static void read_identity(struct function *fn)
{
	if (fn->flags & FN_TEXT)
		return;
	if (!is_virtual(fn) || answers(fn))
		fn->id = reg(fn, PCI_VENDOR_ID, 4);
	fn->class = reg(fn, PCI_CLASS_PROG, 1) | reg(fn, PCI_CLASS_DEVICE, 2)
							 << 8;
}

/*
 * A virtual function has no ID of its own, but its PF says which it is (most
 * that are emulated do have one).
 */
static void assess(struct function *fn)
{
	read_identity(fn);
	if (!answers(fn) && !is_virtual(fn)) {
		fn->id = NO_ID;
		fn->flags |= FN_NO_ANSWER;
		make_faceless(fn);
		return;
	}
	if (header_type_of(fn) > PCI_HEADER_TYPE_CARDBUS ||
	    (is_virtual(fn) && header_type_of(fn) != PCI_HEADER_TYPE_NORMAL))
		make_faceless(fn);
	else if (kind_of(fn) == KIND_UNKNOWN)
		make_typeless(fn);
	if (fn->flags & FN_NO_CLASS && has_bridge_header(fn))
		fn->class = CLASS_PCI_BRIDGE;
	if (fn->flags & FN_CUT)
		make_blind(fn);
	/* The requester IDs of these are in their memory. */
	if (vendor_of(fn) == VENDOR_MICROSEMI &&
	    fn->class >> 8 == CLASS_OTHER_BRIDGE)
		make_blind(fn);
}

void assess_functions(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		assess(&machine->fns[i]);
}

/*
 * What a broken list contains is not known, and some programs follow a circle
 * for ever.
 */
void cut_broken_lists(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (kind_of(fn) < 0 || !has_broken_list(fn))
			continue;
		fn->len = PCI_CFG_SPACE_SIZE;
		fn->flags |= FN_BROKEN;
	}
}

/* The registers of the header again, and again: as the PCI core finds it. */
static bool is_aliased(const struct function *fn)
{
	const unsigned int header = reg(fn, 0, 4);
	unsigned int at;

	for (at = PCI_CFG_SPACE_SIZE; at < CFG_SIZE; at += PCI_CFG_SPACE_SIZE)
		if (reg(fn, at, 4) != header)
			return false;
	return true;
}

/* 7.7.8.2: it begins with a header, be that all zeroes. */
static bool lacks_extended(const struct function *fn)
{
	return kind_of(fn) != KIND_CONVENTIONAL &&
	       (fn->len < CFG_SIZE ||
		reg(fn, PCI_CFG_SPACE_SIZE, 4) == U32_MAX || is_aliased(fn));
}

/* Has lspci read the extended capabilities of any function of a domain? */
static bool lists_extended(const struct machine *machine, u32 domain)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (domain_of(&machine->fns[i]) == domain &&
		    machine->fns[i].flags & FN_LISTS_EXTENDED)
			return true;
	return false;
}

/**
 * doubt_unlisted() - doubt that there are no extended capabilities
 * @machine: the machine
 *
 * Words do not tell an empty list of extended capabilities from one that cannot
 * be read.  If lspci has read the list of another function of the domain, it
 * had the rights to: then the doubt matters only where the registers do.
 */
void doubt_unlisted(struct machine *machine)
{
	bool listed = false;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (!i || domain_of(fn) != domain_of(fn - 1))
			listed = lists_extended(machine, domain_of(fn));
		if (!(fn->flags & FN_TEXT) || fn->flags & FN_LISTS_EXTENDED)
			continue;
		if (listed)
			fn->flags |= FN_UNLISTED;
		else if (fn->len > PCI_CFG_SPACE_SIZE)
			fn->len = PCI_CFG_SPACE_SIZE;
	}
}

/**
 * look_for_extended() - mark functions whose extended capabilities are unknown
 * @machine: functions that have none for the kernel either are marked
 *
 * Whether there is nothing, lspci was not asked, or had no right to read, makes
 * no difference: what of such a function is on is not known.  The capabilities
 * in a broken list are not known either.
 */
void look_for_extended(struct machine *machine)
{
	struct remark lacking = {};
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (fn->flags & FN_NOT_EXTENDED)
			continue;
		if (fn->flags & FN_BROKEN) {
			fn->flags |= FN_BLIND;
			continue;
		}
		if (!lacks_extended(fn))
			continue;
		fn->flags |= FN_BLIND | FN_NOT_EXTENDED;
		count_one(&lacking, fn);
	}
	if (lacking.first)
		machine_note(machine, lacking.first,
			     "no extended capabilities of %s%s (%s as root?)",
			     acs_guard_name(lacking.first->bdf).text,
			     and_more(lacking.count),
			     lacking.first->flags & FN_TEXT ? "lspci -vvnn" :
							      "lspci -xxxx");
}

/* ---- memory ---- */

static bool is_in_switch(const struct function *fn)
{
	return kind_of(fn) == PCI_EXP_TYPE_UPSTREAM ||
	       kind_of(fn) == PCI_EXP_TYPE_DOWNSTREAM;
}

/*
 * A BAR that reads zero may have 32 bits and no address, which only words tell.
 * What is below a port of a switch asks whether the port has memory (S2): it is
 * taken to have some.  Whether a host bridge has some is asked where it may be
 * one that does nothing, and that has none while it answers to none.
 */
static bool may_have_memory(const struct machine *machine,
			    const struct function *fn)
{
	if (machine->sized && fn->memory != MEMORY_UNTOLD)
		return fn->memory == MEMORY_SOME;
	return is_in_switch(fn) || reg(fn, PCI_COMMAND, 2) & PCI_COMMAND_MEMORY;
}

/*
 * A BAR that is there reads zero only if it is of 32 bits.  The header of a
 * CardBus bridge has no second one.
 */
static bool shows_memory(const struct function *fn)
{
	const bool has_second = header_type_of(fn) != PCI_HEADER_TYPE_CARDBUS;
	const unsigned int first = reg(fn, PCI_BASE_ADDRESS_0, 4);
	const unsigned int second =
		has_second ? reg(fn, PCI_BASE_ADDRESS_1, 4) : 0;

	return (first && !(first & PCI_BASE_ADDRESS_SPACE_IO)) ||
	       (second && !(second & PCI_BASE_ADDRESS_SPACE_IO));
}

void look_for_memory(struct machine *machine, bool strict)
{
	struct remark untold = {};
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (!may_have_memory(machine, fn))
			continue;
		fn->flags |= FN_MEMORY;
		if (is_in_switch(fn) && fn->memory != MEMORY_SOME &&
		    !shows_memory(fn))
			count_one(&untold, fn);
	}
	if (strict)
		note_remark(machine, &untold, "it is not known whether ",
			    " has memory (lspci -vv -xxxx shows it)");
}

/* ---- words ---- */

/**
 * note_words() - remark on what words leave open
 * @machine: all functions are there
 */
void note_words(struct machine *machine)
{
	struct remark unnamed = {}, cut = {}, strange = {};
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (!(fn->flags & FN_TEXT))
			continue;
		if (fn->flags & FN_CUT)
			count_one(&cut, fn);
		if (fn->flags & (FN_NO_VENDOR | FN_NO_DEVICE))
			count_one(&unnamed, fn);
		if (fn->flags & FN_NO_LAYOUT)
			count_one(&strange, fn);
	}
	note_remark(machine, &cut, "the text about ", " is cut off");
	note_remark(
		machine, &strange, "ACS of ",
		" is unreadable: there is no number, the list of names here does not have this Root Port, and lspci misreads the ACS registers of some of Intel's; lspci -nn -vv shows numbers");
	note_remark(
		machine, &unnamed, "no numbers for ",
		": devices with known faults (quirks) are looked up by name, so a verdict can be wrong if lspci there has other names than the list here; lspci -vvnn shows numbers");
	if (machine->skipped)
		machine_note(machine, &machine->fns[0],
			     "%u of lspci's own complaints passed over",
			     machine->skipped);
}

/**
 * note_unreadable() - note registers that the text of lspci does not show
 * @machine: all functions have been judged
 */
void note_unreadable(struct machine *machine)
{
	struct remark lacking = {};
	size_t i;

	for (i = 0; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		/* A function with FN_BLIND has a note already. */
		if ((fn->flags & (FN_TEXT | FN_BLIND)) == FN_TEXT &&
		    fn->answer.blocker == fn->bdf &&
		    !strcmp(fn->answer.reason, "unreadable"))
			count_one(&lacking, fn);
	}
	note_remark(
		machine, &lacking, "the text does not show all registers of ",
		" that verdicts depend on; only lspci -xxxx shows them, as root");
}
