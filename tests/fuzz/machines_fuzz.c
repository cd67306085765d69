// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: fuzzes the engine; the oracle of tests/engine judges
 *
 * The generator of random machines takes its decisions from the input, so that
 * the fuzzer finds what leads on.  All are machines that can exist.
 */
#include <kunit/test.h>

#include "ask.h"
#include "topo_random.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

u32 __wrap_random_below(struct gen *g, u32 n);
bool __wrap_random_chance(struct gen *g, u32 percent);
bool __wrap_random_feature(struct gen *g, u32 feature, u32 percent);

static const u8 *tape, *tape_end;

/* The linker puts these in the place of random numbers. */
u32 __wrap_random_below(struct gen *g, u32 n)
{
	u32 value;

	/* At its end the machine is complete, and no chance is taken any more. */
	if (tape == tape_end || !n) {
		g->target = g->t->nr;
		return n ? n - 1 : 0;
	}
	value = *tape++;
	if (n > 0x100 && tape < tape_end)
		value |= (u32)*tape++ << 8;
	return value % n;
}

bool __wrap_random_chance(struct gen *g, u32 percent)
{
	return __wrap_random_below(g, 100) < percent;
}

bool __wrap_random_feature(struct gen *g, u32 feature, u32 percent)
{
	return g->features & feature && __wrap_random_chance(g, percent);
}

/* For compare_print_tally(), which nothing here calls. */
void kunit_print(const char *format, ...)
{
}

static void print_topo(const struct topo *t)
{
	char line[TOPO_LINE];
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		topo_print(t, i, line, sizeof(line));
		fprintf(stderr, "%s\n", line);
	}
}

static void examine_strictly(struct compare *c)
{
	const struct topo *t = c->machine.topo;
	u64 isolated = 0, todo;

	for (todo = c->oracle.functions; todo; todo &= todo - 1) {
		const unsigned int i = __ffs64(todo);

		if (t->fn[i].flags & TOPO_HIDDEN ||
		    examine_strict(c, i, &isolated))
			continue;
		fprintf(stderr, "function %u: strict, but not sound\n", i);
		print_topo(t);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct compare compare;
	static struct topo topo;
	static struct tally tally;
	enum disagreement how;

	if (!size)
		return 0;
	compare.machine.loss = *data & 1 ? MACHINE_OFFLINE : MACHINE_ALL_ONES;
	tape = data + 1;
	tape_end = data + size;
	topo_random(&topo, 0, TOPO_GEN_ALL);
	if (topo_invalid(&topo))
		return 0;
	how = examine_topo(&compare, &topo, &tally);
	if (how == AGREED) {
		examine_strictly(&compare);
		return 0;
	}
	fprintf(stderr, "function %u: %s\n", compare.fn, compare_how(how));
	print_topo(&topo);
	abort();
}
