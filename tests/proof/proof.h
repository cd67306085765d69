/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what all proofs use
 *
 * CBMC takes a function without a body for one that returns any value, and
 * tries all of them at once.  "make prove" runs it.  scripts/prove reads in
 * the comment of a proof:
 *   Proof:      what is proved
 *   bound:      of the input
 *   source:     the files of the engine, if the proof does not include them
 *   include:    further folders with headers
 *   contracts:  a file with invariants of loops, which replace a bound
 *   option:     of CBMC
 *   run:        macros; a run of CBMC for each such line
 *   quick:      the proof takes seconds
 */
#ifndef ACS_GUARD_PROOF_H
#define ACS_GUARD_PROOF_H

#include "engine.h"

#define assume(condition) __CPROVER_assume(condition)
#define prove(condition, text) __CPROVER_assert(condition, text)

u64 nondet_u64(void);
u32 nondet_u32(void);
u16 nondet_u16(void);
u8 nondet_u8(void);

/* A variable of type bool that has no value yet may be neither 0 nor 1. */
static inline bool any_bool(void)
{
	return nondet_u8() & 1;
}

static inline struct acs_guard_function any_function(void)
{
	return (struct acs_guard_function){
		.bdf = nondet_u64(),
		.vendor = nondet_u16(),
		.type = nondet_u8(),
		.readable = any_bool(),
		.acs = any_bool(),
		.cap = nondet_u16(),
		.ctrl = nondet_u16(),
	};
}

/* An element with any facts, also with facts that no walk finds together. */
static inline struct acs_guard_element any_element(void)
{
	const struct acs_guard_element element = {
		.fn = any_function(),
		.role = nondet_u32(),
		.level = nondet_u32(),
		.shared = any_bool(),
		.only_virtual = any_bool(),
		.internal = any_bool(),
		.shared_segment = any_bool(),
		.ats = any_bool(),
		.upstream_memory = any_bool(),
		.sibling_memory = any_bool(),
		.cxl_cache = any_bool(),
		.hidden = any_bool(),
		.no_iommu = any_bool(),
	};

	assume(element.role <= ACS_GUARD_PATH_UNKNOWN);
	assume(element.level <= ACS_GUARD_LAST_LEVEL);
	return element;
}

static inline struct acs_guard_policy any_policy(void)
{
	return (struct acs_guard_policy){ .strict = any_bool() };
}

/* No failure yet, as acs_guard_verdict_begin() has it. */
#define NO_FAILURE U32_MAX

/*
 * A verdict after any number of any elements, and more: the proofs need of its
 * fields only that no step has made the reason ACS_GUARD_ISOLATED.
 */
static inline struct acs_guard_verdict any_verdict(void)
{
	const struct acs_guard_verdict verdict = {
		.reason = nondet_u32(),
		.blocker = nondet_u64(),
		.missing = nondet_u16(),
		.hidden = any_bool(),
		.root_port = any_bool(),
		.order = nondet_u32(),
		.beyond_group = any_bool(),
		.p2p = any_bool(),
		.level = nondet_u32(),
		.trusted_order = nondet_u32(),
		.trusted = nondet_u64(),
		.trusted_hidden = any_bool(),
		.hidden_trusted = any_bool(),
	};

	assume(verdict.reason != ACS_GUARD_ISOLATED);
	assume(verdict.level <= ACS_GUARD_LAST_LEVEL);
	return verdict;
}

static inline bool has_failed(const struct acs_guard_verdict *verdict)
{
	return verdict->order != NO_FAILURE;
}

#endif /* ACS_GUARD_PROOF_H */
