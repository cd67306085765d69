// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: memory, text and messages
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>

#include "util.h"

void die_of_memory(void)
{
	fputs("acs-guard: out of memory\n", stderr);
	exit(EXIT_ERROR);
}

static void *must(void *memory)
{
	if (!memory)
		die_of_memory();
	return memory;
}

/**
 * copy_bytes() - a copy of a part of a text, to be freed by the caller
 * @bytes: the part
 * @len: its length; less if a NUL comes first
 */
char *copy_bytes(const char *bytes, size_t len)
{
	char *copy = strndup(bytes, len);

	if (!copy)
		die_of_memory();
	return copy;
}

char *copy_text(const char *text)
{
	return copy_bytes(text, strlen(text));
}

/**
 * grow() - make room in an array
 * @array: the array, or NULL
 * @room: how many elements it has room for
 * @needed: how many are needed
 * @size: of one element
 *
 * Return: the array, which may have moved; new elements are not initialised.
 */
void *grow(void *array, size_t *room, size_t needed, size_t size)
{
	if (needed <= *room)
		return array;
	*room = 2 * needed + 16;
	return must(realloc(array, *room * size));
}

char *arena_copy(struct arena *arena, const char *bytes, size_t len)
{
	char *copy = arena_get(arena, len + 1);

	memcpy(copy, bytes, len);
	return copy;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *line;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	line = arena_get(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(line, (size_t)len + 1, format, args);
	va_end(args);
	return line;
}

static void text_reserve(struct text *text, size_t more)
{
	text->bytes = grow(text->bytes, &text->room, text->len + more + 1, 1);
}

void text_add_bytes(struct text *text, const char *bytes, size_t len)
{
	text_reserve(text, len);
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	text->bytes[text->len] = '\0';
}

void text_add(struct text *text, const char *format, ...)
{
	va_list args;
	int len;

	text_reserve(text, 80);
	va_start(args, format);
	len = vsnprintf(text->bytes + text->len, text->room - text->len, format,
			args);
	va_end(args);
	if ((size_t)len >= text->room - text->len) {
		text_reserve(text, (size_t)len);
		va_start(args, format);
		vsnprintf(text->bytes + text->len, text->room - text->len,
			  format, args);
		va_end(args);
	}
	text->len += (size_t)len;
}

const char *text_get(const struct text *text)
{
	return text->bytes ? text->bytes : "";
}

void text_free(struct text *text)
{
	free(text->bytes);
	*text = (struct text){};
}

static void vsay(const char *format, va_list args)
{
	fflush(stdout);
	fputs("acs-guard: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
}

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
	exit(EXIT_ERROR);
}

static unsigned int hex_digit(char c)
{
	return isdigit((unsigned char)c) ?
		       (unsigned int)(c - '0') :
		       (unsigned int)((c | 0x20) - 'a') + 10;
}

/**
 * take_hex() - read a hexadecimal number
 * @text: moved behind the number
 * @digits: how many digits it has at most
 * @value: the number
 *
 * Return: false if there is no digit.
 */
bool take_hex(const char **text, unsigned int digits, unsigned long *value)
{
	unsigned int i;

	*value = 0;
	for (i = 0; i < digits && isxdigit((unsigned char)(*text)[i]); i++)
		*value = *value << 4 | hex_digit((*text)[i]);
	*text += i;
	return i;
}

static bool take_char(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	++*text;
	return true;
}

/**
 * take_bdf() - read an address, with or without a domain
 * @text: moved behind the address if there is one
 * @bdf: the address
 *
 * Return: false if there is none.
 */
bool take_bdf(const char **text, u64 *bdf)
{
	unsigned long domain = 0, bus, slot, fn;
	const char *at = *text;

	if (!take_hex(&at, 8, &bus) || !take_char(&at, ':') ||
	    !take_hex(&at, 2, &slot))
		return false;
	if (take_char(&at, ':')) {
		domain = bus;
		bus = slot;
		if (!take_hex(&at, 2, &slot))
			return false;
	}
	if (!take_char(&at, '.') || !take_hex(&at, 1, &fn) || bus > 0xff ||
	    slot > 0x1f || fn > 7)
		return false;
	*bdf = ACS_GUARD_BDF(domain, bus, slot << 3 | fn);
	*text = at;
	return true;
}

/**
 * is_full_bdf() - is a text an address as sysfs writes it?
 * @text: the text, all of it
 * @bdf: the address
 */
bool is_full_bdf(const char *text, u64 *bdf)
{
	const char *colon = strchr(text, ':'), *at;

	/* "dddd:bb:dd.f", and a domain of more digits begins with no zero. */
	if (!colon || colon - text < 4 || strlen(colon) != 8 ||
	    (colon - text > 4 && *text == '0'))
		return false;
	for (at = text; *at; at++)
		if (isupper((unsigned char)*at))
			return false;
	at = text;
	return take_bdf(&at, bdf) && !*at;
}

/* A control character can end a line, or change what a terminal shows. */
bool has_control(const char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			return true;
	return false;
}

/**
 * printable() - a word of the command line, for a message
 * @text: the word
 *
 * Return: its first 127 characters, with a question mark for each that cannot
 * be printed; good until the next call.
 */
const char *printable(const char *text)
{
	static char shown[128];
	size_t i;

	for (i = 0; i < sizeof(shown) - 1 && text[i]; i++)
		shown[i] = isprint((unsigned char)text[i]) ? text[i] : '?';
	shown[i] = '\0';
	return shown;
}

/**
 * bdf_of_argument() - the address that a user has typed
 * @text: such as 4:0.0, 04:00.0 or 0000:04:00.0
 *
 * Return: the address; ends the program if @text is none.
 */
u64 bdf_of_argument(const char *text)
{
	const char *at = text;
	u64 bdf;

	if (take_bdf(&at, &bdf) && !*at)
		return bdf;
	die("'%s' is no address of a PCI device; they look like 04:00.0, or 0000:04:00.0 (device 00 to 1f, function 0 to 7)",
	    printable(text));
}
