// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: memory of an arena, each piece by itself
 *
 * The tool takes many pieces from one block, and ASan cannot see where one of
 * them ends.  The linker puts these functions in the place of the tool's.
 */
#include <stdlib.h>

#include "fuzz.h"

/**
 * struct piece - one piece of memory
 * @next: the one before it
 * @bytes: the memory
 */
struct piece {
	struct piece *next;
	char bytes[] __attribute__((__aligned__(16)));
};

void *__wrap_arena_get(struct arena *arena, size_t size);
void __wrap_arena_free(struct arena *arena);

void *__wrap_arena_get(struct arena *arena, size_t size)
{
	struct piece *piece = calloc(1, sizeof(*piece) + size);

	if (!piece)
		die_of_memory();
	piece->next = (struct piece *)arena->chunk;
	arena->chunk = (struct arena_chunk *)piece;
	return piece->bytes;
}

void __wrap_arena_free(struct arena *arena)
{
	struct piece *piece;

	while ((piece = (struct piece *)arena->chunk)) {
		arena->chunk = (struct arena_chunk *)piece->next;
		free(piece);
	}
}
