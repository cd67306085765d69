// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: text for a terminal
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "output.h"

/* Text is wrapped at this column. */
#define WIDTH 96

struct style style = {
	.red = "",
	.green = "",
	.yellow = "",
	.dim = "",
	.bold = "",
	.plain = "",
	.bar = "|  ",
	.tee = "|- ",
	.elbow = "`- ",
};

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static bool is_utf8(void)
{
	const char *locale = setting("LC_ALL");

	if (!locale)
		locale = setting("LC_CTYPE");
	if (!locale)
		locale = setting("LANG");
	return locale &&
	       (strcasestr(locale, ".utf-8") || strcasestr(locale, ".utf8"));
}

/**
 * set_up_output() - find out what standard output can show
 */
void set_up_output(void)
{
	const char *term = setting("TERM");

	if (is_utf8()) {
		style.utf8 = true;
		style.bar = "│  ";
		style.tee = "├─ ";
		style.elbow = "└─ ";
	}
	if (!isatty(STDOUT_FILENO) || setting("NO_COLOR") || !term ||
	    !strcmp(term, "dumb"))
		return;
	style.red = "\033[1;31m";
	style.green = "\033[32m";
	style.yellow = "\033[1;33m";
	style.dim = "\033[2m";
	style.bold = "\033[1m";
	style.plain = "\033[0m";
}

/*
 * A character of UTF-8 that only shows itself: no control character, and none
 * that changes the direction or the place of others.
 *
 * Return: its length; 0 for anything else.
 */
static size_t shown_length(const unsigned char *at)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = *at < 0x80 ? 1 : *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : 2, i;
	u32 code = len == 1 ? *at : *at & (0x7fU >> len);

	if (len > 1 && (*at < 0xc0 || *at >= 0xf8))
		return 0;
	for (i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	if (code < ' ' || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
	    (code >= 0x200b && code < 0x2010) ||
	    (code >= 0x2028 && code < 0x202f) ||
	    (code >= 0x2060 && code < 0x2070) || code == 0xfeff)
		return 0;
	return len;
}

/**
 * tidy() - text of unknown origin, so that it steers no terminal and ends no
 * line
 * @arena: where the result lives
 * @text: the text
 */
const char *tidy(struct arena *arena, const char *text)
{
	char *copy = arena_copy(arena, text, strlen(text)), *at = copy;
	size_t len;

	while (*at) {
		len = shown_length((const unsigned char *)at);
		if (!len || (len > 1 && !style.utf8)) {
			*at = '?';
			len = 1;
		}
		at += len;
	}
	return copy;
}

static void wrap(const char *indent, const char *text)
{
	static const char blanks[] = { ' ', '\n', '\0' };
	size_t column = 0, len;

	while (*(text += strspn(text, blanks))) {
		len = strcspn(text, blanks);
		if (column && column + len >= WIDTH) {
			putchar('\n');
			column = 0;
		}
		if (column)
			column += (size_t)printf(" %.*s", (int)len, text);
		else
			column = (size_t)printf("%s%.*s", indent, (int)len,
						text);
		text += len;
	}
	putchar('\n');
}

/**
 * para() - print a paragraph, wrapped at blanks
 * @indent: what each line begins with
 * @format: the text
 */
void para(const char *indent, const char *format, ...)
{
	va_list args;
	char *line;
	int len;

	va_start(args, format);
	len = vasprintf(&line, format, args);
	va_end(args);
	if (len < 0)
		die_of_memory();
	wrap(indent, line);
	free(line);
}
