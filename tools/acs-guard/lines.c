// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: lines of a file that another program has written
 *
 * A file may be a pipe, may be no text, and may have no end.  What is kept of
 * it is bounded.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lines.h"

#define BUFFER_SIZE (0x100000 + MAX_LINE)

/* Dumps of the largest machines have 100 MB. */
#define MAX_TOTAL (4ULL << 30)
/* Those of 65,536 functions have 17 million. */
#define MAX_LINES (64UL << 20)

/**
 * lines_open() - begin to read a file
 * @lines: to be closed by lines_close(), if this succeeds
 * @machine: where complaints go
 * @path: the file; "-" is standard input
 *
 * Return: false if the file cannot be opened.
 */
bool lines_open(struct lines *lines, struct machine *machine, const char *path)
{
	const bool is_stdin = !strcmp(path, "-");

	*lines = (struct lines){
		.machine = machine,
		.name = is_stdin ? "standard input" : path,
		.fd = is_stdin ? STDIN_FILENO :
				 open(path, O_RDONLY | O_CLOEXEC),
	};
	if (lines->fd < 0)
		return machine_wrong(machine, path, 0, "%s", strerror(errno));
	lines->buf = malloc(BUFFER_SIZE);
	if (!lines->buf)
		die_of_memory();
	return true;
}

void lines_close(struct lines *lines)
{
	free(lines->buf);
	if (lines->fd != STDIN_FILENO)
		close(lines->fd);
}

/* Return: false if the file cannot be read. */
static bool fill(struct lines *lines)
{
	ssize_t len;

	memmove(lines->buf, lines->buf + lines->start,
		lines->end - lines->start);
	lines->end -= lines->start;
	lines->start = 0;
	do
		len = read(lines->fd, lines->buf + lines->end,
			   BUFFER_SIZE - 1 - lines->end);
	while (len < 0 && errno == EINTR);
	if (len < 0)
		return machine_wrong(lines->machine, lines->name, 0, "%s",
				     strerror(errno));
	lines->eof = !len;
	lines->end += (size_t)len;
	lines->total += (size_t)len;
	if (lines->total > MAX_TOTAL)
		return machine_wrong(lines->machine, lines->name, 0,
				     "more than %llu bytes", MAX_TOTAL);
	return true;
}

static char *take(struct lines *lines, char *newline, size_t *len)
{
	char *line = lines->buf + lines->start, *cut;

	*len = (size_t)(newline - line);
	*newline = '\0';
	if (++lines->number > MAX_LINES) {
		machine_wrong(lines->machine, lines->name, lines->number,
			      "more than %lu lines", MAX_LINES);
		return NULL;
	}
	lines->start += *len + !lines->unterminated;
	if (memchr(line, '\0', *len < MAX_LINE ? *len : MAX_LINE - 1)) {
		machine_wrong(lines->machine, lines->name, lines->number,
			      "this is no text");
		return NULL;
	}
	if (*len >= MAX_LINE) {
		machine_wrong(lines->machine, lines->name, lines->number,
			      "a line of more than %d characters",
			      MAX_LINE - 1);
		return NULL;
	}
	cut = memchr(line, '\r', *len);
	if (cut) {
		*cut = '\0';
		*len = (size_t)(cut - line);
	}
	return line;
}

static char *find_newline(const struct lines *lines, size_t from)
{
	return memchr(lines->buf + from, '\n', lines->end - from);
}

/**
 * lines_next() - the next line
 * @lines: the file
 * @len: the length of the line
 *
 * Return: the line without its end, which the caller may change, until the
 * next call; NULL at the end of the file, and if there is a complaint.
 */
char *lines_next(struct lines *lines, size_t *len)
{
	char *newline = find_newline(lines, lines->start);

	while (!newline) {
		const size_t had = lines->end - lines->start;

		if (had >= MAX_LINE ||
		    (had && memchr(lines->buf + lines->start, '\0', had))) {
			/* Too long, or no text: no need to wait for its end. */
			lines->unterminated = true;
			return take(lines, lines->buf + lines->end, len);
		}
		if (lines->eof || !fill(lines))
			break;
		newline = find_newline(lines, had);
	}
	if (newline)
		return take(lines, newline, len);
	if (lines->machine->error || lines->start == lines->end)
		return NULL;
	lines->unterminated = true;
	return take(lines, lines->buf + lines->end, len);
}
