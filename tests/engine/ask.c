// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the engine asked about a described machine, for the comparison
 * with the oracle
 */
#include "ask.h"
#include "node.h"
#include "strict.h"

/**
 * struct collector - receives peers
 * @visitor: for acs_guard_search_peers()
 * @peers: the peers
 */
struct collector {
	struct acs_guard_visitor visitor;
	u64 peers;
};

static void discard(struct acs_guard_visitor *visitor)
{
	container_of(visitor, struct collector, visitor)->peers = 0;
}

static void collect(struct acs_guard_visitor *visitor, struct acs_node peer)
{
	container_of(visitor, struct collector, visitor)->peers |=
		BIT_ULL(peer.i);
}

/**
 * ask_peers() - the peers of a function
 * @node: the function
 * @reader: of its machine
 *
 * Return: a bit for each peer; all bits if the engine does not begin a list.
 */
u64 ask_peers(struct acs_node node, struct acs_guard_reader *reader)
{
	struct collector collector = {
		.visitor.start = discard,
		.visitor.visit = collect,
		.peers = U64_MAX,
	};

	acs_guard_search_peers(node, reader, &collector.visitor);
	return collector.peers;
}

/**
 * examine_judge() - the verdict about a function
 * @c: the comparison, prepared
 * @i: the function
 * @policy: what is asked for
 * @verdict: receives the verdict
 */
void examine_judge(struct compare *c, unsigned int i,
		   const struct acs_guard_policy *policy,
		   struct acs_guard_verdict *verdict)
{
	struct acs_guard_reader reader = { &c->machine };

	acs_guard_judge_path(acs_node_number(&c->machine, (int)i), policy,
			     &reader, verdict);
}

/**
 * examine() - the verdict about a function, its peers, and whether unit=group
 * excuses it
 * @c: the comparison, prepared; receives all three
 * @i: the function
 */
void examine(struct compare *c, unsigned int i)
{
	static const struct acs_guard_policy lenient;
	struct acs_guard_reader reader = { &c->machine };
	const struct acs_node node = acs_node_number(&c->machine, (int)i);
	bool in_group;

	c->fn = i;
	examine_judge(c, i, &lenient, &c->verdict);
	c->peers = 0;
	if (c->verdict.reason != ACS_GUARD_ISOLATED)
		c->peers = ask_peers(node, &reader);
	in_group = c->verdict.reason != ACS_GUARD_ISOLATED &&
		   acs_guard_stays_in_group(node, &reader);
	c->excused = compare_excuses(c, in_group);
}

/**
 * examine_strict() - check the verdict with strict=1
 * @c: the comparison, prepared
 * @i: the function
 * @isolated: is increased if it is isolated
 *
 * Return: true if the function is refused; otherwise, whether it is isolated
 * without strict=1, too, and violates none of S1 to S3.
 */
bool examine_strict(struct compare *c, unsigned int i, u64 *isolated)
{
	static const struct acs_guard_policy lenient;
	static const struct acs_guard_policy strict = { .strict = true };
	struct acs_guard_verdict verdict;

	examine_judge(c, i, &strict, &verdict);
	if (verdict.reason != ACS_GUARD_ISOLATED)
		return true;
	++*isolated;
	examine_judge(c, i, &lenient, &verdict);
	return verdict.reason == ACS_GUARD_ISOLATED &&
	       strict_is_sound(&c->oracle, i);
}

/**
 * examine_topo() - compare the engine with the oracle on a topology
 * @c: the comparison; its machine says what cannot be read
 * @t: a valid topology
 * @tally: counts what is compared
 *
 * Return: how they disagree about the first function about which they do;
 * @c is about that function then.
 */
enum disagreement examine_topo(struct compare *c, const struct topo *t,
			       struct tally *tally)
{
	enum disagreement how;
	u64 todo;

	compare_prepare(c, t);
	tally->topologies++;
	for (todo = c->oracle.functions; todo; todo &= todo - 1) {
		const unsigned int i = __ffs64(todo);

		if (t->fn[i].flags & TOPO_HIDDEN) {
			tally->hidden++;
			continue;
		}
		examine(c, i);
		how = compare_function(c, i, tally);
		if (how != AGREED)
			return how;
	}
	return AGREED;
}
