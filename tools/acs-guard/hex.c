// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the output of lspci, with bytes or without
 *
 * Nothing is guessed: bytes are whole and in order, or the file is no dump.
 * Complaints that lspci itself has printed between its lines are passed over,
 * and a line that such a complaint cuts in two is joined.
 */
#include <ctype.h>
#include <stdarg.h>

#include "dump.h"
#include "lines.h"
#include "names.h"
#include "registers.h"
#include "verbose.h"

#define BYTES_A_LINE 16

/* "100: 01 02 ... 10" */
#define HEX_LINE_LEN (BYTES_A_LINE * 3)

/**
 * struct listing - a file of lspci that is being read
 * @machine: where functions go
 * @lines: the file
 * @open: a function has begun: the last one
 * @has_bytes: a function of this file has bytes
 * @has_details: a function without bytes has more than a name
 * @wordless: the first function without bytes, and its line; %NONE
 * @cut: the beginning of a line that a complaint has cut in two
 * @cfg: the bytes of the function
 * @len: how many
 * @words: the words about the function
 */
struct listing {
	struct machine *machine;
	struct lines lines;
	bool open;
	bool has_bytes;
	bool has_details;
	int wordless;
	struct text cut;
	u8 cfg[CFG_SIZE];
	u16 len;
	struct words words;
};

static const u8 nibbles[256] = {
	/* One more than the value, so that all others are 0. */
	['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static struct function *current_of(const struct listing *listing)
{
	return &listing->machine->fns[listing->machine->count - 1];
}

__attribute__((__format__(__printf__, 2, 3))) static bool
wrong_line(struct listing *listing, const char *format, ...)
{
	va_list args;
	char words[256];

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return machine_wrong(listing->machine, listing->lines.name,
			     listing->lines.number, "%s", words);
}

/**
 * hex_is_whole() - does a function end where a reader may stop?
 * @machine: the machine
 * @fn: the function
 *
 * Return: false if not, which is a complaint.
 */
bool hex_is_whole(struct machine *machine, const struct function *fn)
{
	switch (fn->len) {
	case HEADER_SIZE:
	case 128:
	case PCI_CFG_SPACE_SIZE:
	case CFG_SIZE:
		return true;
	case 0:
		return machine_wrong(machine, fn->file, fn->line,
				     "%s has no bytes (lspci -xxxx?)",
				     acs_guard_name(fn->bdf).text);
	default:
		return machine_wrong(machine, fn->file, fn->line,
				     "%s is cut off after %u bytes",
				     acs_guard_name(fn->bdf).text, fn->len);
	}
}

static bool end_with_bytes(struct listing *listing, struct function *fn)
{
	fn->len = listing->len;
	if (!hex_is_whole(listing->machine, fn))
		return false;
	fn->flags &= ~(u32)(FN_NO_VENDOR | FN_NO_DEVICE | FN_NO_CLASS |
			    FN_NO_LAYOUT);
	fn->cfg = arena_get(&listing->machine->arena, fn->len);
	memcpy(fn->cfg, listing->cfg, fn->len);
	listing->has_bytes = true;
	return true;
}

static bool end_function(struct listing *listing)
{
	struct function *fn;

	if (!listing->open)
		return true;
	listing->open = false;
	fn = current_of(listing);
	if (listing->len)
		return end_with_bytes(listing, fn);
	if (listing->wordless == NONE)
		listing->wordless = number_of(listing->machine, fn);
	listing->has_details |= listing->words.details;
	synthesize(&listing->words, listing->machine, fn);
	return true;
}

/* A file has bytes of all functions, or words about them. */
static bool end_listing(struct listing *listing)
{
	struct function *fn;

	if (!end_function(listing))
		return false;
	fn = function_at(listing->machine, listing->wordless);
	if (!fn || (listing->has_details && !listing->has_bytes))
		return true;
	fn->len = 0;
	return hex_is_whole(listing->machine, fn);
}

/* ---- bytes ---- */

/*
 * The sixteen bytes of a line, each with a blank before it.
 *
 * Return: what is behind them, or NULL.
 */
static const char *take_bytes(const char *at, u8 *bytes)
{
	unsigned int i;

	for (i = 0; i < BYTES_A_LINE; i++, at += 3) {
		unsigned int high, low;

		if (at[0] != ' ')
			return NULL;
		high = nibbles[(u8)at[1]];
		if (!high)
			return NULL;
		low = nibbles[(u8)at[2]];
		if (!low)
			return NULL;
		bytes[i] = (u8)((high - 1) << 4 | (low - 1));
	}
	return at;
}

static bool read_bytes(struct listing *listing, const char *at,
		       unsigned long offset)
{
	const struct acs_guard_name name =
		listing->open ? acs_guard_name(current_of(listing)->bdf) :
				(struct acs_guard_name){};

	if (!listing->open)
		return wrong_line(
			listing,
			"bytes without a function's address before them");
	if (listing->len == CFG_SIZE)
		return wrong_line(listing, "%s has more than %d bytes",
				  name.text, CFG_SIZE);
	if (offset != listing->len)
		return wrong_line(listing, "bytes at %03lx of %s, not at %03x",
				  offset, name.text, listing->len);
	at = take_bytes(at, listing->cfg + listing->len);
	if (!at)
		return wrong_line(listing, "not 16 bytes at %03lx of %s",
				  offset, name.text);
	at += strspn(at, " \t");
	if (*at)
		return wrong_line(listing, "not only bytes at %03lx of %s",
				  offset, name.text);
	listing->len = (u16)(listing->len + BYTES_A_LINE);
	return true;
}

/* Nearly all lines of a dump; false for any other, which is read slowly. */
static bool read_quickly(struct listing *listing, const char *line, size_t len)
{
	unsigned int offset = 0, digits;
	const char *end;

	for (digits = 0; digits < 3 && nibbles[(u8)line[digits]]; digits++)
		offset = offset << 4 | (nibbles[(u8)line[digits]] - 1U);
	if (digits < 2 || len != digits + 1 + HEX_LINE_LEN ||
	    line[digits] != ':' || !listing->open || offset != listing->len ||
	    offset + BYTES_A_LINE > CFG_SIZE)
		return false;
	end = take_bytes(line + digits + 1, listing->cfg + offset);
	if (!end || *end)
		return false;
	listing->len = (u16)(offset + BYTES_A_LINE);
	return true;
}

/* ---- lines ---- */

static bool is_first_line(const char *line, u64 *bdf, const char **rest)
{
	const char *at = line;

	if (!take_bdf(&at, bdf) || (*at && !isblank((unsigned char)*at)))
		return false;
	*rest = at;
	return true;
}

static bool read_line(struct listing *listing, const char *line)
{
	const char *at = line;
	unsigned long offset;
	struct function *fn;
	u64 bdf;

	if (isblank((unsigned char)*line) && listing->open)
		words_line(&listing->words, listing->machine,
			   current_of(listing), line);
	if (!*line || isblank((unsigned char)*line) || *line == '#')
		return true;
	if (take_hex(&at, 3, &offset) && at - line >= 2 && *at == ':' &&
	    at[1] == ' ')
		return read_bytes(listing, at + 1, offset);
	if (!is_first_line(line, &bdf, &at))
		return wrong_line(listing,
				  "this is no line of lspci -xxxx or -vvv");
	if (!end_function(listing))
		return false;
	fn = machine_add(listing->machine, bdf, listing->lines.name,
			 listing->lines.number);
	if (!fn)
		return false;
	words_begin(&listing->words, listing->machine, fn, at);
	listing->open = true;
	listing->len = 0;
	return true;
}

/* ---- complaints of lspci itself ---- */

static const char *find_complaint(const char *line)
{
	const char *at = strstr(line, "pcilib: ");

	if (!at && starts(line, "lspci: "))
		at = line;
	return at;
}

/* What was cut off, and goes on nowhere. */
static bool read_cut(struct listing *listing)
{
	bool fine = true;

	if (!listing->cut.len)
		return true;
	if (listing->open)
		current_of(listing)->flags |= FN_CUT;
	fine = read_line(listing, text_get(&listing->cut));
	if (listing->open)
		current_of(listing)->flags |= FN_CUT;
	listing->cut.len = 0;
	return fine;
}

static bool read_slowly(struct listing *listing, const char *line, size_t len)
{
	const char *complaint = find_complaint(line), *rest;
	bool fine;
	u64 bdf;

	if (complaint) {
		listing->machine->skipped++;
		text_add_bytes(&listing->cut, line, (size_t)(complaint - line));
		if (listing->cut.len < MAX_LINE)
			return true;
		return wrong_line(listing, "a line of more than %d characters",
				  MAX_LINE - 1);
	}
	if (!listing->cut.len)
		return read_line(listing, line);
	/* Of a line that begins a function, no other line is a part. */
	if (is_first_line(line, &bdf, &rest))
		return read_cut(listing) && read_line(listing, line);
	text_add_bytes(&listing->cut, line, len);
	fine = read_line(listing, text_get(&listing->cut));
	listing->cut.len = 0;
	return fine;
}

static bool read_listing(struct listing *listing)
{
	char *line;
	size_t len;

	while ((line = lines_next(&listing->lines, &len))) {
		if (!listing->cut.len && read_quickly(listing, line, len))
			continue;
		if (!read_slowly(listing, line, len))
			return false;
	}
	if (listing->machine->error || !read_cut(listing))
		return false;
	/* The last line of a text that was cut off is not whole. */
	if (listing->lines.unterminated && listing->open && !listing->len)
		current_of(listing)->flags |= FN_CUT;
	return end_listing(listing);
}

/**
 * hex_read() - read a file of lspci's
 * @machine: where functions go
 * @path: the file; "-" is standard input
 *
 * Return: false if it makes no sense; machine->error says why.
 */
bool hex_read(struct machine *machine, const char *path)
{
	static struct listing listing;
	bool fine;

	listing = (struct listing){ .machine = machine, .wordless = NONE };
	if (!lines_open(&listing.lines, machine, path))
		return false;
	fine = read_listing(&listing);
	lines_close(&listing.lines);
	text_free(&listing.cut);
	return fine;
}
