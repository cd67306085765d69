/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: memory, text and messages, for all files of the tool
 */
#ifndef ACS_GUARD_UTIL_H
#define ACS_GUARD_UTIL_H

#include "contract.h"

#define EXIT_FINE 0
#define EXIT_REFUSED 1
#define EXIT_ERROR 2

#define FORMAT(format, first) \
	__attribute__((__format__(__printf__, format, first)))

/**
 * struct text - a string that grows
 * @bytes: the string, with a NUL behind it; NULL while nothing was added
 * @len: its length
 * @room: how much memory there is
 */
struct text {
	char *bytes;
	size_t len;
	size_t room;
};

FORMAT(2, 3) void text_add(struct text *text, const char *format, ...);
void text_add_bytes(struct text *text, const char *bytes, size_t len);
const char *text_get(const struct text *text);
void text_free(struct text *text);

/**
 * struct arena - memory that is freed all at once
 * @chunk: the newest piece
 * @used: how much of it is in use
 */
struct arena {
	struct arena_chunk *chunk;
	size_t used;
};

void *arena_get(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *bytes, size_t len);
FORMAT(2, 3)
char *arena_print(struct arena *arena, const char *format, ...);
void arena_free(struct arena *arena);

char *copy_bytes(const char *bytes, size_t len);
char *copy_text(const char *text);
void *grow(void *array, size_t *room, size_t needed, size_t size);

FORMAT(1, 2) void say(const char *format, ...);
FORMAT(1, 2) __attribute__((__noreturn__)) void die(const char *format, ...);
__attribute__((__noreturn__)) void die_of_memory(void);

bool take_hex(const char **text, unsigned int digits, unsigned long *value);
bool take_bdf(const char **text, u64 *bdf);
bool is_full_bdf(const char *text, u64 *bdf);
bool has_control(const char *text);
const char *printable(const char *text);
u64 bdf_of_argument(const char *text);

static inline bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

#endif /* ACS_GUARD_UTIL_H */
