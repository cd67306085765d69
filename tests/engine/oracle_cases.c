// SPDX-License-Identifier: GPL-2.0-only
/*
 * Topologies whose routes are known, to test the oracle with.
 *
 * The expected peers are worked out by hand, from what the packets do, and the
 * comment says what that is. T<n> are the topologies of the project's list, as
 * far as they concern routes; the rest are single points of the specification.
 */
#include "oracle_cases.h"

/* clang-format off */
#define FN(up, k, dev, fn, ...) \
	{ .parent = (up), .kind = TOPO_##k, \
	  .devfn = TOPO_DEVFN(dev, fn), ##__VA_ARGS__ }
/* clang-format on */
#define WORDS(c, x) .flags = TOPO_ACS, .cap = (c), .ctrl = (x)
#define WORDS_AND(f, c, x) .flags = TOPO_ACS | (f), .cap = (c), .ctrl = (x)
#define FLAGS(f) .flags = (f)

/* words of ports */
#define GOOD WORDS(0x5f, TOPO_ACS_PORT)
#define GOOD_BUT(off) WORDS(0x5f, TOPO_ACS_PORT & ~(off))
#define GOOD_AND(on) WORDS(0x7f, TOPO_ACS_PORT | (on))
#define NO_RR WORDS(0x1b, 0x19)
#define NO_CR WORDS(0x17, 0x15)
#define NO_UF WORDS(0x4f, 0x0d)

/* words of other functions */
#define F_GOOD WORDS(TOPO_ACS_FUNC, TOPO_ACS_FUNC)
#define F_EMPTY WORDS(0, 0)
#define F_OFF WORDS(TOPO_ACS_FUNC, 0)

/* sets of functions */
#define P1(a) BIT_ULL(a)
#define P2(a, b) (P1(a) | P1(b))
#define P3(a, b, c) (P2(a, b) | P1(c))
#define P4(a, b, c, d) (P3(a, b, c) | P1(d))

/* function 0, a good root port, and 1, the upstream port of a switch below it */
#define ROOT FN(-1, ROOT_PORT, 1, 0, GOOD)
#define UP FN(0, UPSTREAM, 0, 0)

const struct oracle_case oracle_cases[] = {
#include "oracle_topologies.h"
#include "oracle_points.h"
};

const unsigned int oracle_cases_nr = ARRAY_SIZE(oracle_cases);

/**
 * oracle_case_topo - make the topology of a case
 * @c: case
 * @t: where to
 */
void oracle_case_topo(const struct oracle_case *c, struct topo *t)
{
	memset(t, 0, sizeof(*t));
	t->nr = c->nr;
	memcpy(t->fn, c->fn, c->nr * sizeof(*c->fn));
}

/**
 * oracle_case_wrong - compare what the oracle says with what is known
 * @c: case
 * @o: after oracle_run() on its topology
 *
 * Return: what differs, or NULL.
 */
const char *oracle_case_wrong(const struct oracle_case *c,
			      const struct oracle *o)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++) {
		if (!(o->functions & BIT_ULL(i)))
			continue;
		if (oracle_peers(o, i) != c->peers[i])
			return "peers";
		if (c->strict && o->memory[i] != c->memory[i])
			return "memory";
	}
	if (c->strict && o->at_rc != c->at_rc)
		return "translated requests at the root complex";
	return NULL;
}
