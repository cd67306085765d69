// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the words of "lspci -vv"
 *
 * lspci 3.1 to 3.13 are understood.  A line that says nothing about isolation is
 * passed over; a capability with an unknown name is one that no rule is about,
 * since those that rules are about have had one name in all these versions.
 */
#include <ctype.h>
#include <stdlib.h>

#include "names.h"
#include "output.h"
#include "verbose.h"

/* ---- the first line ---- */

static bool take_word(const char **text, const char *word)
{
	if (!starts(*text, word))
		return false;
	*text += strlen(word);
	return true;
}

static bool take_id(const char **text, unsigned long *id)
{
	const char *at = *text;

	if (!take_hex(&at, 4, id) || at - *text != 4)
		return false;
	*text = at;
	return true;
}

/* "[8086:1533]", the last one; moves *@end before it. */
static bool find_ids(const char *text, const char **end, u32 *id)
{
	const char *at, *found = NULL;
	unsigned long vendor, device;

	for (at = strchr(text, '['); at && at < *end;
	     at = strchr(at + 1, '[')) {
		const char *inner = at + 1;

		if (take_id(&inner, &vendor) && *inner++ == ':' &&
		    take_id(&inner, &device) && *inner == ']') {
			*id = (u32)(device << 16 | vendor);
			found = at;
		}
	}
	if (!found)
		return false;
	*end = found;
	return true;
}

/* "Vendor Device", without numbers: what is known of them all the same. */
static void identify(struct function *fn, const char *text, size_t len)
{
	unsigned long vendor, device;
	const char *at;

	at = text;
	/* Where lspci has no name of the vendor: "Device 8086:a112". */
	if (len == 16 && take_word(&at, "Device ") && take_id(&at, &vendor) &&
	    *at++ == ':' && take_id(&at, &device)) {
		fn->id = (u32)(device << 16 | vendor);
		return;
	}
	fn->flags |= FN_NO_VENDOR | FN_NO_DEVICE;
	if (names_is_intel(text, len)) {
		fn->id = PCI_VENDOR_ID_INTEL;
		fn->flags &= ~FN_NO_VENDOR;
	}
	if (len < 11 || strncmp(text + len - 11, "Device ", 7))
		return;
	at = text + len - 4;
	if (!take_id(&at, &device))
		return;
	fn->id |= (u32)device << 16;
	fn->flags &= ~FN_NO_DEVICE;
}

/* Of "(rev 01)" and "(prog-if 30 [XHCI])", at the end. */
static const char *strip_suffixes(struct words *words, const char *text)
{
	const char *end = text + strlen(text), *at;
	unsigned long value;

	for (at = text; (at = strstr(at, " (rev ")); at++) {
		const char *number = at + 6;

		if (!take_hex(&number, 2, &value) || *number != ')')
			continue;
		words->rev_ff = value == 0xff;
		end = at;
		break;
	}
	at = strstr(text, " (prog-if ");
	if (at) {
		const char *number = at + 10;

		if (take_hex(&number, 2, &value))
			words->prog_if = (u8)value;
		if (at < end)
			end = at;
	}
	return end;
}

static void set_class(const struct words *words, struct function *fn,
		      unsigned long code)
{
	fn->class = (u32)code << 8 | words->prog_if;
	fn->flags &= ~FN_NO_CLASS;
}

static void read_name(struct words *words, struct machine *machine,
		      struct function *fn, const char *text)
{
	const char *end = strip_suffixes(words, text), *at = text, *colon;
	unsigned long code, vendor, device;

	/* "0200: 8086:1533", as lspci -n has it. */
	if (take_id(&at, &code) && take_word(&at, ": ") &&
	    take_id(&at, &vendor) && *at++ == ':' && take_id(&at, &device)) {
		fn->id = (u32)(device << 16 | vendor);
		set_class(words, fn, code);
		return;
	}
	colon = strstr(text, ": ");
	if (!colon || colon >= end)
		return;
	fn->class_words =
		arena_copy(&machine->arena, text, (size_t)(colon - text));
	at = colon + 2;
	/* The name is empty. */
	if (end < at)
		end = at;
	/* "Ethernet controller [0200]: ... [8086:1533]" */
	if (colon - text > 7 && colon[-1] == ']' && colon[-6] == '[') {
		const char *number = colon - 5;

		if (take_id(&number, &code)) {
			set_class(words, fn, code);
			fn->class_words =
				arena_copy(&machine->arena, text,
					   (size_t)(colon - 7 - text));
		}
	} else if (names_class_of(fn->class_words, &code)) {
		set_class(words, fn, code);
	}
	if (find_ids(at, &end, &fn->id)) {
		while (end > at && end[-1] == ' ')
			end--;
	} else {
		identify(fn, at, (size_t)(end - at));
	}
	fn->words = arena_copy(&machine->arena, at, (size_t)(end - at));
}

/**
 * words_begin() - begin to read about a function
 * @words: nothing so far
 * @machine: the machine
 * @fn: the function
 * @name: the rest of its first line
 */
void words_begin(struct words *words, struct machine *machine,
		 struct function *fn, const char *name)
{
	*words = (struct words){
		.pcie_flags = NOT_GIVEN,
		.hotplug = NOT_GIVEN,
		.acs_cap = NOT_GIVEN,
		.acs_ctrl = NOT_GIVEN,
		.vf_enable = NOT_GIVEN,
		.vf_count = NOT_GIVEN,
		.vf_offset = NOT_GIVEN,
		.vf_stride = NOT_GIVEN,
		.cxl_ctrl = NOT_GIVEN,
	};
	fn->flags |= FN_NO_CLASS;
	fn->class = 0xff0000;
	name += strspn(name, " \t");
	if (*name)
		read_name(words, machine, fn, name);
	else
		fn->flags |= FN_NO_VENDOR | FN_NO_DEVICE;
}

/* ---- the header ---- */

/* "Memory at fe000000 (64-bit, prefetchable) [size=32M]" */
static void read_bar(struct words *words, const char *text, unsigned int nr)
{
	const bool memory = starts(text, "Memory at ");
	unsigned long address = 0;
	u32 value;

	if (nr >= MAX_WORDS_BARS || (!memory && !starts(text, "I/O ports at ")))
		return;
	words->bars = nr + 1;
	/* The kernel knows of it, and the register does not show it. */
	if (strstr(text, "[virtual]"))
		return;
	text += memory ? 10 : 13;
	take_hex(&text, 16, &address);
	value = memory ? (u32)address & ~0xfu : (u32)address & ~3u;
	if (!memory) {
		words->bar[nr] = value | PCI_BASE_ADDRESS_SPACE_IO;
		return;
	}
	if (strstr(text, ", prefetchable)"))
		value |= PCI_BASE_ADDRESS_MEM_PREFETCH;
	if (strstr(text, "(64-bit,")) {
		value |= PCI_BASE_ADDRESS_MEM_TYPE_64;
		words->bars++;
		if (nr + 1 < MAX_WORDS_BARS)
			words->bar[nr + 1] = (u32)((u64)address >> 32);
	}
	words->bar[nr] = value;
}

/*
 * With -v lspci names all memory that the kernel knows of, that to which no
 * address was given as well, after a line of flags.  (When it reads a dump, it
 * knows no sizes; what it says of memory then counts for nothing.)
 */
static void read_memory(struct machine *machine, struct function *fn,
			const char *line)
{
	if (starts(line, "Region "))
		line = words_behind(line, ':');
	if (*line == '[')
		line = words_behind(line, ']');
	if (!starts(line, "Memory at "))
		return;
	fn->memory = MEMORY_SOME;
	if (strstr(line, "[size="))
		machine->sized = true;
}

/* "Subsystem: Adaptec 3405 [9005:02bb]"; without numbers it is not known. */
static void read_subsystem(struct words *words, const char *line)
{
	const char *end = line + strlen(line);

	find_ids(line, &end, &words->subsystem);
}

static void read_buses(struct words *words, const char *line)
{
	static const char *const names[] = { "primary=", "secondary=",
					     "subordinate=" };
	unsigned long number;
	size_t i;

	words->is_bridge = true;
	words->cardbus = strstr(line, "CardBus latency");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		const char *at = strstr(line, names[i]);

		if (at)
			at += strlen(names[i]);
		if (!at || !take_hex(&at, 2, &number))
			words->no_header = true;
		else
			words->bus[i] = (u8)number;
	}
}

static void read_control(struct words *words, const char *line)
{
	words->details = true;
	if (words_have_sign(line, "Mem"))
		words->command |= PCI_COMMAND_MEMORY;
	if (words_have_sign(line, "BusMaster"))
		words->command |= PCI_COMMAND_MASTER;
}

/* "Flags: bus master, fast devsel, latency 0, IRQ 16": less than -vv tells. */
static void read_flags(struct words *words, const char *line)
{
	words->details = true;
	words->command |= PCI_COMMAND_MEMORY;
	if (strstr(line, "bus master"))
		words->command |= PCI_COMMAND_MASTER;
}

static void read_group(struct machine *machine, struct function *fn,
		       const char *number)
{
	char *end;
	const long group = strtol(number, &end, 10);

	if (end == number || group < 0 || group > INT_MAX)
		return;
	fn->group = (int)group;
	machine->groups_known = true;
}

static void read_status(struct words *words, const char *line)
{
	words->status_given = true;
	words->cap_list = words_have_sign(line, "Cap");
}

/* "!!! Unknown header type 7f" */
static void read_bad_header(struct words *words, const char *line)
{
	words->details = true;
	words->no_header = true;
}

static void read_capabilities(struct words *words, const char *line)
{
	words_capability(words, line + 14);
}

static void read_region(struct words *words, const char *line)
{
	if (isdigit((unsigned char)line[7]))
		read_bar(words, words_behind(line, ':'),
			 (unsigned int)line[7] - '0');
}

static void read_next_bar(struct words *words, const char *line)
{
	read_bar(words, line, words->bars);
}

/* What is said of the machine, and not of the registers. */
static void read_facts(struct machine *machine, struct function *fn,
		       const char *line)
{
	if (starts(line, "IOMMU group: "))
		read_group(machine, fn, line + 13);
	else if (starts(line, "Kernel driver in use: "))
		fn->driver = tidy(&machine->arena, line + 22);
	else if (starts(line, "Control: ") || starts(line, "Flags: "))
		fn->memory = MEMORY_NONE;
	read_memory(machine, fn, line);
}

static void read_header(struct words *words, struct machine *machine,
			struct function *fn, const char *line)
{
	static const struct {
		const char *start;
		void (*read)(struct words *words, const char *line);
	} readers[] = {
		{ "Control: ", read_control },
		{ "Flags: ", read_flags },
		{ "Status: ", read_status },
		{ "Bus: ", read_buses },
		{ "Subsystem: ", read_subsystem },
		{ "Capabilities: ", read_capabilities },
		{ "!!! ", read_bad_header },
		{ "Region ", read_region },
		{ "Memory at ", read_next_bar },
		{ "I/O ports at ", read_next_bar },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(readers); i++)
		if (starts(line, readers[i].start))
			readers[i].read(words, line);
	read_facts(machine, fn, line);
}

/**
 * words_line() - read an indented line
 * @words: what is known so far
 * @machine: the machine
 * @fn: the function that the line is about
 * @line: the line
 */
void words_line(struct words *words, struct machine *machine,
		struct function *fn, const char *line)
{
	if (*line != '\t')
		return;
	if (line[1] != '\t')
		read_header(words, machine, fn, line + 1);
	else
		words_detail(words, line + strspn(line, "\t "));
}
