// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the verdict held against the oracle
 *
 * Four properties, for every function of a topology that the kernel lists.
 * Sound: a function that is isolated has no peers, and is alone in its IOMMU
 * group.  Peers: they are the oracle's, no more, no less, listed or not.
 * Excused by unit=group: all peers are in the function's group.  Complete: a
 * function that is refused has peers, or is refused out of a caution that is on
 * the list, for a reason that can be seen in the topology itself.
 */
#include <kunit/test.h>

#include "compare.h"

static const char *const caution_names[CAUTION_NONE] = {
	[CAUTION_UNREADABLE] = "unreadable (R9)",
	[CAUTION_UNKNOWN_TYPE] = "unknown type (R11)",
	[CAUTION_INTERNAL] = "internal function (R7)",
	[CAUTION_SOURCE] = "only SV missing (R2, R6)",
	[CAUTION_FORWARD] = "only UF missing, nothing comes back (R2, R6)",
	[CAUTION_EMPTY] = "weak, with nothing there today (R2 to R6)",
	[CAUTION_BLOCKED] = "direct translated, blocked below (R3 to R6)",
	[CAUTION_BRIDGE_ID] = "ID of a bridge (R12)",
	[CAUTION_GROUP] = "shared group (R13)",
};

static const char *const how_names[] = {
	[AGREED] = "agreed",
	[UNSOUND] = "isolated, but the oracle finds a way",
	[GROUP_SHARED] = "isolated, but not alone in its IOMMU group",
	[WRONG_EXCUSE] = "excused, but the oracle finds a way out of the group",
	[WRONG_PEERS] = "other peers than the oracle's",
	[NEEDLESS] = "refused for no reason on the list",
	[LAX] = "isolated with strict=1, against S1, S2 or S3",
};

/**
 * compare_how() - a disagreement in words
 * @how: the disagreement
 */
const char *compare_how(enum disagreement how)
{
	return how_names[how];
}

/**
 * compare_caution_name() - a class of caution in words
 * @caution: the class
 */
const char *compare_caution_name(enum caution caution)
{
	return caution_names[caution];
}

/* oracle_peers() of all functions, in one go. */
static void find_peers(const struct oracle *o, u64 *peers)
{
	u64 todo, reach;
	unsigned int i;

	memset(peers, 0, TOPO_MAX * sizeof(*peers));
	for (todo = o->functions; todo; todo &= todo - 1) {
		i = __ffs64(todo);
		reach = oracle_reach(o, i);
		peers[i] |= reach | o->share[i];
		for (; reach; reach &= reach - 1)
			peers[__ffs64(reach)] |= BIT_ULL(i);
	}
}

/*
 * What cannot be read might be anything: take it to have all controls, all of
 * them off, and no declaration.  Returns false if there is no such thing.
 */
static bool spoil_unreadable(const struct machine *machine, struct topo *t)
{
	bool found = false;
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		if (t->fn[i].flags & TOPO_VF && !(t->fn[i].flags & TOPO_ACS) &&
		    machine_is_unreadable(machine, t->fn[i].vf_of))
			t->fn[i].flags &= ~TOPO_INTEL;
		if (!machine_is_unreadable(machine, i))
			continue;
		t->fn[i].flags |= TOPO_ACS;
		t->fn[i].flags &= ~(TOPO_INTEL | TOPO_DWORD);
		t->fn[i].cap = TOPO_ACS_PORT | TOPO_ACS_P2P;
		t->fn[i].ctrl = 0;
		found = true;
	}
	return found;
}

/**
 * compare_prepare() - ask the oracle about a topology
 * @c: the comparison
 * @t: a valid topology; must stay as long as @c is in use
 */
void compare_prepare(struct compare *c, const struct topo *t)
{
	c->machine.topo = t;
	c->seen = *t;
	c->unreadable = spoil_unreadable(&c->machine, &c->seen);
	if (c->unreadable) {
		oracle_run(&c->oracle, &c->seen,
			   ORACLE_ASSUME_ALL & ~ORACLE_ASSUME_SRIOV);
		find_peers(&c->oracle, c->seen_peers);
	}
	oracle_run(&c->oracle, t, ORACLE_ASSUME_ALL);
	find_peers(&c->oracle, c->true_peers);
	if (!c->unreadable)
		memcpy(c->seen_peers, c->true_peers, sizeof(c->seen_peers));
}

/* Is @i at or below @top? */
static bool is_in_tree(const struct topo *t, int i, int top)
{
	while (i != TOPO_ROOT_BUS && i != top)
		i = t->fn[i].parent;
	return i == top;
}

/* The functions at or below any of @tops. */
static u64 functions_in(const struct compare *c, u64 tops)
{
	const struct topo *t = c->machine.topo;
	u64 in = tops;
	unsigned int i;

	/* parents come first */
	for (i = 0; i < t->nr; i++)
		if (t->fn[i].parent != TOPO_ROOT_BUS &&
		    in & BIT_ULL(t->fn[i].parent))
			in |= BIT_ULL(i);
	return in & c->oracle.functions;
}

/*
 * Is there a function that @blocker, being weak, could let reach @i, or back?
 * Virtual functions that are trusted (ORACLE_ASSUME_SRIOV) do not count, if
 * there is anything else that @blocker has to be apart from.
 */
static bool has_reachable(const struct compare *c, unsigned int i, int blocker)
{
	const u64 on_bus = c->oracle.on_bus[blocker];
	const u64 others = on_bus & ~c->oracle.vfs;

	if (!is_in_tree(c->machine.topo, i, blocker))
		return functions_in(c, BIT_ULL(blocker));
	return functions_in(c, others ? others : on_bus);
}

/* Do translated requests of @from end at a port below @top? */
static bool is_blocked(const struct topo *t, int from, int top)
{
	int up;

	for (up = from; up != top; up = t->fn[up].parent)
		if (topo_is_port(&t->fn[up]) && t->fn[up].ctrl & TOPO_ACS_TB)
			return true;
	return false;
}

/* Are those of all blocked that could turn round at @blocker to or from @i? */
static bool all_blocked(const struct compare *c, unsigned int i, int blocker)
{
	const struct topo *t = c->machine.topo;
	u64 todo = functions_in(c, BIT_ULL(blocker));

	if (is_in_tree(t, i, blocker))
		todo = BIT_ULL(i);
	for (; todo; todo &= todo - 1)
		if (!is_blocked(t, __ffs64(todo), blocker))
			return false;
	return true;
}

static bool only_direct_translated(const struct topo_fn *fn)
{
	const u16 flags = TOPO_ACS_FUNC | TOPO_ACS_EC | TOPO_ACS_DT;

	return (fn->ctrl & flags) == (TOPO_ACS_FUNC | TOPO_ACS_DT);
}

static enum caution caution_at(const struct compare *c, unsigned int i, int b)
{
	const struct topo_fn *fn = &c->machine.topo->fn[b];

	if (!has_reachable(c, i, b))
		return CAUTION_EMPTY;
	if (only_direct_translated(fn) && all_blocked(c, i, b))
		return CAUTION_BLOCKED;
	return CAUTION_NONE;
}

/* R5: at a port beside a bridge; what is missing is not known. */
static enum caution caution_at_sibling(const struct compare *c, unsigned int i,
				       int b)
{
	const struct topo_fn *fn = &c->machine.topo->fn[b];
	const bool direct =
		fn->ctrl & TOPO_ACS_EC ||
		(fn->ctrl & TOPO_ACS_DT && !(fn->ctrl & TOPO_ACS_TB));

	if (c->verdict.missing || direct || !topo_is_port(fn))
		return caution_at(c, i, b);
	return fn->ctrl & TOPO_ACS_SV ? CAUTION_FORWARD : CAUTION_SOURCE;
}

/* R2, R3, R6: a port is weak. */
static enum caution caution_at_port(const struct compare *c, unsigned int i,
				    int b)
{
	const u16 missing = c->verdict.missing;
	const bool above = is_in_tree(c->machine.topo, i, b);

	if (missing == TOPO_ACS_SV)
		return CAUTION_SOURCE;
	if (missing && !(missing & TOPO_ACS_FUNC) &&
	    !(above && functions_in(c, BIT_ULL(b)) & ~BIT_ULL(i)))
		return CAUTION_FORWARD;
	return caution_at(c, i, b);
}

/* The functions in the IOMMU group of @i, itself included. */
static u64 group_of(const struct compare *c, unsigned int i)
{
	const struct topo *t = c->machine.topo;
	u64 todo = c->oracle.functions;
	u64 group = 0;

	for (; t->fn[i].group && todo; todo &= todo - 1)
		if (t->fn[__ffs64(todo)].group == t->fn[i].group)
			group |= BIT_ULL(__ffs64(todo));
	return group;
}

/* R5, R6: nothing comes from @b, a port beside a bridge above @i, nor will. */
static bool is_harmless(const struct compare *c, unsigned int i, int b)
{
	const struct topo *t = c->machine.topo;

	return (c->verdict.reason == ACS_GUARD_MULTIFUNCTION ||
		c->verdict.reason == ACS_GUARD_SIBLING_PORT) &&
	       topo_is_unused(t, b) && t->fn[b].parent != t->fn[i].parent;
}

static bool is_unknown(const struct topo_fn *fn)
{
	return fn->kind == TOPO_COLLECTOR || fn->kind == TOPO_UNKNOWN ||
	       fn->kind == TOPO_UNKNOWN_BRIDGE;
}

/* What accounts for a refusal, if @i has no peers? */
static enum caution caution_of(const struct compare *c, unsigned int i)
{
	const int b = machine_find(c->machine.topo, c->verdict.blocker);
	const struct topo_fn *fn;

	if (b < 0 || is_harmless(c, i, b))
		return CAUTION_NONE;
	fn = &c->machine.topo->fn[b];
	switch (c->verdict.reason) {
	case ACS_GUARD_UNREADABLE:
		return machine_is_unreadable(&c->machine, b) ?
			       CAUTION_UNREADABLE :
			       CAUTION_NONE;
	case ACS_GUARD_UNKNOWN_TYPE:
		return is_unknown(fn) ? CAUTION_UNKNOWN_TYPE : CAUTION_NONE;
	case ACS_GUARD_ALIAS:
		return topo_is_bridge(fn) ? CAUTION_BRIDGE_ID : CAUTION_NONE;
	case ACS_GUARD_INTERNAL_FUNCTION:
		return fn->kind != TOPO_DOWNSTREAM ? CAUTION_INTERNAL :
						     CAUTION_NONE;
	case ACS_GUARD_MULTIFUNCTION:
		return caution_at_sibling(c, i, b);
	case ACS_GUARD_IOMMU_GROUP:
		return group_of(c, i) & BIT_ULL(b) ? CAUTION_GROUP :
						     CAUTION_NONE;
	case ACS_GUARD_NO_ACS:
	case ACS_GUARD_ACS_INCOMPLETE:
	case ACS_GUARD_ACS_DISABLED:
	case ACS_GUARD_EGRESS_DIRECT:
	case ACS_GUARD_DIRECT_TRANSLATED:
	case ACS_GUARD_SIBLING_PORT:
		return caution_at_port(c, i, b);
	default:
		return CAUTION_NONE;
	}
}

static bool is_needless(struct compare *c, unsigned int i, struct tally *tally)
{
	enum caution caution;

	if (c->true_peers[i]) {
		tally->exposed++;
		return false;
	}
	caution = caution_of(c, i);
	if (caution == CAUTION_NONE)
		return true;
	tally->cautious[caution]++;
	return false;
}

/**
 * compare_excuses() - may a function be bound with unit=group?
 * @c: the comparison; its verdict is about the function
 * @in_group: it is exposed to its own group only
 */
bool compare_excuses(const struct compare *c, bool in_group)
{
	const struct acs_guard_allowance allowance = {
		.in_group = in_group,
		.mode = ACS_GUARD_ENFORCE,
	};

	return acs_guard_decide(&c->verdict, &allowance) ==
	       ACS_GUARD_ALLOW_GROUP;
}

/**
 * compare_function() - hold the verdict about a function against the oracle
 * @c: the comparison, prepared; its verdict, peers and excuse are about @i
 * @i: a function, not a bridge
 * @tally: the counts to add to
 */
enum disagreement compare_function(struct compare *c, unsigned int i,
				   struct tally *tally)
{
	const bool isolated = c->verdict.reason == ACS_GUARD_ISOLATED;

	tally->functions++;
	if (isolated && c->true_peers[i])
		return UNSOUND;
	if (isolated && group_of(c, i) & ~BIT_ULL(i))
		return GROUP_SHARED;
	if (c->excused && c->true_peers[i] & ~group_of(c, i))
		return WRONG_EXCUSE;
	tally->excused += c->excused;
	if (c->true_peers[i] & ~c->peers)
		return WRONG_PEERS;
	if (c->peers & ~(c->seen_peers[i] | group_of(c, i)))
		return WRONG_PEERS;
	if (!isolated && is_needless(c, i, tally))
		return NEEDLESS;
	tally->isolated += isolated;
	return AGREED;
}

static u64 fold(u64 digest, u64 value)
{
	unsigned int i;

	/* FNV-1a */
	for (i = 0; i < 64; i += 8) {
		digest ^= value >> i & 0xff;
		digest *= 0x100000001b3;
	}
	return digest;
}

/**
 * compare_digest() - fold all fields of a verdict into one number
 * @c: the comparison
 * @digest: of the verdicts before
 *
 * What is void is left out.  So is the blocker that has the lowest address of
 * several, where buses are numbered by the PCI core.
 */
u64 compare_digest(const struct compare *c, u64 digest)
{
	const struct acs_guard_verdict *verdict = &c->verdict;

	digest = fold(digest, c->fn);
	digest = fold(digest, verdict->reason);
	digest = fold(digest, c->peers);
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return digest;
	if (verdict->reason != ACS_GUARD_IOMMU_GROUP)
		digest = fold(digest, verdict->blocker);
	digest = fold(digest, verdict->missing);
	digest = fold(digest, verdict->beyond_group);
	digest = fold(digest, verdict->hidden);
	digest = fold(digest, verdict->root_port);
	return fold(digest, c->excused);
}

/**
 * compare_print_tally() - print what the comparisons of a test were about
 * @test: the test
 * @tally: the numbers
 */
void compare_print_tally(struct kunit *test, const struct tally *tally)
{
	unsigned int caution;

	kunit_info(test, "%llu functions in %llu machines", tally->functions,
		   tally->topologies);
	kunit_info(test, "%llu isolated, %llu refused with peers",
		   tally->isolated, tally->exposed);
	kunit_info(test, "%llu hidden, %llu excused by unit=group",
		   tally->hidden, tally->excused);
	for (caution = 0; caution < CAUTION_NONE; caution++)
		kunit_info(test, "caution: %llu %s", tally->cautious[caution],
			   compare_caution_name(caution));
}
