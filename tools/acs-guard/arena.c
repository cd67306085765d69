// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: memory of an arena
 *
 * A file of its own, so that the fuzzers can take each piece from the C library
 * instead (tests/fuzz/pieces.c).
 */
#include <stdlib.h>

#include "util.h"

#define CHUNK_SIZE 0x10000

/**
 * struct arena_chunk - a piece of memory of an arena
 * @next: the piece before it
 * @bytes: the memory
 */
struct arena_chunk {
	struct arena_chunk *next;
	char bytes[];
};

/**
 * arena_get() - memory that lives as long as its arena
 * @arena: the arena
 * @size: how much
 *
 * Return: zeroed memory, aligned for any type.
 */
void *arena_get(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->chunk;
	char *memory;

	size = (size + 15) & ~(size_t)15;
	if (!chunk || arena->used + size > CHUNK_SIZE) {
		const size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		chunk = malloc(sizeof(*chunk) + 16 + room);
		if (!chunk)
			die_of_memory();
		chunk->next = arena->chunk;
		arena->chunk = chunk;
		arena->used = 0;
	}
	memory = chunk->bytes + (-(uintptr_t)chunk->bytes & 15) + arena->used;
	arena->used += size;
	memset(memory, 0, size);
	return memory;
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *chunk;

	while ((chunk = arena->chunk)) {
		arena->chunk = chunk->next;
		free(chunk);
	}
	arena->used = 0;
}
