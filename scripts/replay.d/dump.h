/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a dump of configuration space, as scripts/replay reads it
 */
#ifndef DUMP_H
#define DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../../kunit/replay_format.h"

#define CFG_SIZE 4096
#define HEADER_SIZE 64

/* What a dump says in words of the memory that a function has. */
enum memory { MEMORY_UNTOLD, MEMORY_NONE, MEMORY_SOME };

/**
 * struct fn - one function
 * @out: what the replay module gets; its numbers of others are those of the
 *	sorted dump
 * @cfg: its bytes, @out.len of them
 * @file: where it was read
 * @line: and in which line of that; 0: a raw file
 * @memory: what words say of its memory
 * @broken: its list of extended capabilities is, and was cut away
 */
struct fn {
	struct replay_fn out;
	__u8 *cfg;
	const char *file;
	unsigned long line;
	enum memory memory;
	bool broken;
};

/**
 * struct dump - one machine
 * @fns: its functions
 * @nr: how many
 * @room: for how many there is room
 * @sized: words in it name sizes, so they are those of a kernel that knows
 * @strict: the rules S1 to S3 will be asked for, too
 * @notes: what is to be said if the dump makes sense; see remark()
 */
struct dump {
	struct fn *fns;
	size_t nr;
	size_t room;
	bool sized;
	bool strict;
	FILE *notes;
};

/* Of an address in words; one of a few static ones. */
const char *name_of(const struct fn *fn);

/* One line on standard error; what is false can be returned at once. */
__printf(3, 4) bool wrong(const char *file, unsigned long line,
			  const char *format, ...);

/* The same with "note:", but kept until it is known that the dump makes sense. */
__printf(3, 4) void remark(const struct dump *dump, const struct fn *fn,
			   const char *format, ...);

bool build_tree(struct dump *dump);
struct fn *find_fn(const struct dump *dump, __u32 domain, unsigned int bus,
		   unsigned int devfn);

#endif /* DUMP_H */
