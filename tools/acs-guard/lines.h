/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: lines of a file that another program has written
 */
#ifndef ACS_GUARD_LINES_H
#define ACS_GUARD_LINES_H

#include "model.h"

/* No line of lspci, or of a list of groups, comes near. */
#define MAX_LINE 0x10000

/**
 * struct lines - a text file that is being read
 * @machine: where complaints go
 * @name: the name of the file, for complaints
 * @fd: the file
 * @number: the number of the line that was read last
 * @unterminated: the last line of the file has no newline
 * @buf: what was read and not yet taken; @start to @end
 * @start: see @buf
 * @end: see @buf
 * @total: how much was read
 * @eof: there is no more
 */
struct lines {
	struct machine *machine;
	const char *name;
	int fd;
	unsigned long number;
	bool unterminated;
	char *buf;
	size_t start;
	size_t end;
	u64 total;
	bool eof;
};

bool lines_open(struct lines *lines, struct machine *machine, const char *path);
char *lines_next(struct lines *lines, size_t *len);
void lines_close(struct lines *lines);

#endif /* ACS_GUARD_LINES_H */
