/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the verdict held against the oracle
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "engine.h"
#include "machine.h"
#include "oracle.h"

/**
 * enum caution - why a function is refused that nothing can get at today
 * @CAUTION_UNREADABLE: R9, a register that the answer hangs on is not known
 * @CAUTION_UNKNOWN_TYPE: R11, nor what such a function does with packets
 * @CAUTION_INTERNAL: R7, nor what something else than a port does on the
 *	internal bus of a switch
 * @CAUTION_SOURCE: R2, R6, only Source Validation is missing: a forged
 *	requester ID is no route, but the IOMMU goes by it
 * @CAUTION_FORWARD: R2, R6, only Upstream Forwarding is missing (or Source
 *	Validation too), where today nothing is redirected that could be sent
 *	back to F: there is nothing else below that port, or F is not
 * @CAUTION_EMPTY: R2 to R6, what is weak has no function beside it, or none
 *	below it, until one is plugged in
 * @CAUTION_BLOCKED: R3 to R6, only translated requests may go straight there,
 *	and Translation Blocking further down stops those that come that way
 * @CAUTION_BRIDGE_ID: R12, the ID is shared with a bridge, which is no peer
 *	of any function
 * @CAUTION_GROUP: R13, the kernel has another function in the same group
 * @CAUTION_NONE: none of these, so the refusal is wrong; also their number
 */
enum caution {
	CAUTION_UNREADABLE,
	CAUTION_UNKNOWN_TYPE,
	CAUTION_INTERNAL,
	CAUTION_SOURCE,
	CAUTION_FORWARD,
	CAUTION_EMPTY,
	CAUTION_BLOCKED,
	CAUTION_BRIDGE_ID,
	CAUTION_GROUP,
	CAUTION_NONE,
};

/**
 * enum disagreement - how the verdict can be wrong
 * @AGREED: it is not
 * @UNSOUND: "isolated", and yet the oracle finds a peer
 * @GROUP_SHARED: "isolated", and yet the kernel has another function in the
 *same group
 * @WRONG_EXCUSE: excused by unit=group, and yet the oracle finds a peer that is
 *	not listed, or not in the group
 * @WRONG_PEERS: other peers than the oracle's
 * @NEEDLESS: a refusal that neither a peer nor caution accounts for
 * @LAX: isolated with strict=1, and yet not without it, or S1, S2 or S3 is
 *	violated
 */
enum disagreement {
	AGREED,
	UNSOUND,
	GROUP_SHARED,
	WRONG_EXCUSE,
	WRONG_PEERS,
	NEEDLESS,
	LAX,
};

/**
 * struct tally - what was compared
 * @topologies: how many
 * @functions: how many in these
 * @isolated: how many of these are
 * @hidden: how many are hidden, and so not judged
 * @excused: how many are not isolated, and excused by unit=group
 * @exposed: how many are refused and have peers
 * @cautious: how many are refused and have none, by enum caution
 */
struct tally {
	u64 topologies;
	u64 functions;
	u64 isolated;
	u64 hidden;
	u64 excused;
	u64 exposed;
	u64 cautious[CAUTION_NONE];
};

/**
 * struct compare - one comparison, and its outcome
 * @machine: the machine; @machine.topo is set by compare_prepare()
 * @true_peers: by function, the oracle's
 * @seen_peers: the same, if all that cannot be read were as bad as can be, and
 *	no virtual function trusted: then the verdict may go as far as that
 * @unreadable: there is something that cannot be read
 * @fn: the function that the rest is about: the first that is wrong
 * @verdict: about it
 * @peers: the verdict's peers of it
 * @excused: with unit=group it may be bound
 * @oracle: scratch
 * @seen: scratch
 *
 * It is large: not for the stack.
 */
struct compare {
	struct machine machine;
	u64 true_peers[TOPO_MAX];
	u64 seen_peers[TOPO_MAX];
	bool unreadable;
	unsigned int fn;
	struct acs_guard_verdict verdict;
	u64 peers;
	bool excused;
	struct oracle oracle;
	struct topo seen;
};

struct kunit;

void compare_prepare(struct compare *c, const struct topo *t);
bool compare_excuses(const struct compare *c, bool in_group);
enum disagreement compare_function(struct compare *c, unsigned int i,
				   struct tally *tally);
u64 compare_digest(const struct compare *c, u64 digest);
const char *compare_how(enum disagreement how);
const char *compare_caution_name(enum caution caution);
void compare_print_tally(struct kunit *test, const struct tally *tally);

#endif /* COMPARE_H */
