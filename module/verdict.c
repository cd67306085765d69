// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the rules
 *
 * Facts in, verdict out.  Nothing here reads a device, takes a lock, allocates
 * or looks at anything but its arguments; all of it may run in any context.
 * Each rule is one small function.  What no rule knows is refused.
 *
 * The rules rest on the PCI Express Base Specification, section 6.12 (Access
 * Control Services) and 7.7.11 (its registers).
 */
#include <linux/kernel.h>
#include <linux/pci_ids.h>

#include "acs_guard.h"

#define PORT_FLAGS (PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF)
#define REDIRECT_FLAGS (PCI_ACS_RR | PCI_ACS_CR)

/*
 * What fails first is named: the lowest place, there the lowest rank, there
 * the lowest address.  A rank is the rule's turn at its place.
 */
enum rank {
	RANK_UNREADABLE,
	RANK_UNKNOWN_TYPE,
	RANK_ALIAS,
	RANK_CONVENTIONAL,
	RANK_MULTIFUNCTION_SELF, /* F is named before its slot-mates */
	RANK_MULTIFUNCTION,
	RANK_PORT_FLAGS,
	RANK_PORT_DIRECT,
	RANK_SIBLING_PORT,
	RANK_INTERNAL_FUNCTION,
	NUM_RANKS,
};

#define ORDER_NONE U16_MAX
static_assert((ACS_GUARD_MAX_DEPTH + 2) * NUM_RANKS < ORDER_NONE);

struct finding {
	enum acs_guard_reason reason;
	enum rank rank;
	u16 missing;
};

static const struct finding nothing = { .reason = ACS_GUARD_ISOLATED };

/* A Root Port or a Switch Downstream Port: what 6.12.1.1 is about. */
static bool is_port(const struct acs_guard_function *fn)
{
	return fn->type == PCI_EXP_TYPE_ROOT_PORT ||
	       fn->type == PCI_EXP_TYPE_DOWNSTREAM;
}

/* R11.  A Root Complex Event Collector is as foreign as a reserved type. */
static bool is_known(const struct acs_guard_function *fn)
{
	switch (fn->type) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_UPSTREAM:
	case PCI_EXP_TYPE_DOWNSTREAM:
	case PCI_EXP_TYPE_PCI_BRIDGE:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
	case PCI_EXP_TYPE_RC_END:
	case ACS_GUARD_TYPE_CONVENTIONAL:
		return true;
	default:
		return false;
	}
}

/*
 * R11 for what is above F: of a bridge that says it is an endpoint, or of a
 * Switch Downstream Port outside of a switch, nobody knows what it does.
 */
static bool is_known_here(const struct acs_guard_hop *hop)
{
	if (hop->role == ACS_GUARD_LOST || !is_known(&hop->fn))
		return false;
	if (hop->role != ACS_GUARD_BRIDGE)
		return true;

	switch (hop->fn.type) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
	case PCI_EXP_TYPE_RC_END:
		return false;
	case PCI_EXP_TYPE_DOWNSTREAM:
		return hop->internal;
	default:
		return true;
	}
}

/*
 * 6.12.1.1: SV is mandatory at every port, RR and CR at a Switch Downstream
 * Port, CR wherever RR is implemented.  Any other flag that is not implemented
 * is hard-wired, or there is no such traffic.
 */
static u16 port_missing(const struct acs_guard_function *fn)
{
	u16 must;

	if (!fn->acs)
		return PORT_FLAGS;

	must = (fn->cap & PORT_FLAGS) | PCI_ACS_SV;
	if (fn->type == PCI_EXP_TYPE_DOWNSTREAM)
		must |= REDIRECT_FLAGS;
	if (fn->cap & PCI_ACS_RR)
		must |= PCI_ACS_CR;
	return must & ~(fn->cap & fn->ctrl);
}

/*
 * 6.12.1.2: in a multi-function device RR and CR may be left out where there
 * is no peer-to-peer traffic, which EC or DT, if implemented, deny.
 */
static u16 function_missing(const struct acs_guard_function *fn)
{
	u16 must;

	if (!fn->acs)
		return REDIRECT_FLAGS;

	must = fn->cap & REDIRECT_FLAGS;
	if (fn->cap & PCI_ACS_RR)
		must |= PCI_ACS_CR;
	if (fn->cap & (PCI_ACS_EC | PCI_ACS_DT) ||
	    fn->type == PCI_EXP_TYPE_DOWNSTREAM)
		must |= REDIRECT_FLAGS;
	return must & ~(fn->cap & fn->ctrl);
}

/*
 * 7.7.11.3: with EC on, a clear bit of the egress control vector sends a
 * request straight to the peer, whatever RR says.
 */
static bool egress_direct(const struct acs_guard_function *fn)
{
	return fn->acs && fn->ctrl & PCI_ACS_EC;
}

/* 6.12.3: with DT on, translated requests go straight, unless TB stops them. */
static bool direct_translated(const struct acs_guard_function *fn)
{
	return fn->acs && fn->ctrl & PCI_ACS_DT &&
	       !(fn->cap & fn->ctrl & PCI_ACS_TB);
}

/* R2 and R3 as one question. */
static bool port_fails(const struct acs_guard_function *fn)
{
	return port_missing(fn) || egress_direct(fn) || direct_translated(fn);
}

/*
 * R4.  The VT-d specification, 3.16, obliges Intel's integrated endpoints to
 * send all their DMA to the remapping hardware.
 */
static bool function_fails(const struct acs_guard_function *fn)
{
	if (fn->type == PCI_EXP_TYPE_RC_END &&
	    fn->vendor == PCI_VENDOR_ID_INTEL)
		return false;
	if (function_missing(fn))
		return true;
	return fn->ctrl & (PCI_ACS_EC | PCI_ACS_DT);
}

/* R4 and R5: does @fn, one of several functions, let them reach each other? */
static bool mate_fails(const struct acs_guard_hop *hop)
{
	if (hop->role == ACS_GUARD_DEVICE || hop->role == ACS_GUARD_DEVICE_MATE)
		return function_fails(&hop->fn);
	return is_port(&hop->fn) ? port_fails(&hop->fn) :
				   function_fails(&hop->fn);
}

/* R4, R5 and R8: is @fn one of several functions that R4 asks about? */
static bool multifunction_fails(const struct acs_guard_hop *hop)
{
	const struct acs_guard_function *fn = &hop->fn;

	switch (hop->role) {
	case ACS_GUARD_DEVICE:
	case ACS_GUARD_SIBLING:
		return hop->shared && mate_fails(hop);
	case ACS_GUARD_DEVICE_MATE:
	case ACS_GUARD_BRIDGE_MATE:
		return mate_fails(hop);
	case ACS_GUARD_BRIDGE:
		return hop->shared && !is_port(fn) && function_fails(fn);
	case ACS_GUARD_VF:
	case ACS_GUARD_PF:
		/* 6.12.1.2: with peer-to-peer paths inside, it would have ACS */
		return fn->acs && function_fails(fn);
	default:
		return false;
	}
}

static struct finding multifunction(const struct acs_guard_hop *hop)
{
	const bool self = hop->role == ACS_GUARD_DEVICE ||
			  hop->role == ACS_GUARD_VF;

	return (struct finding){
		.reason = ACS_GUARD_MULTIFUNCTION,
		.rank = self ? RANK_MULTIFUNCTION_SELF : RANK_MULTIFUNCTION,
		.missing = function_missing(&hop->fn),
	};
}

/* R2 and R3 at a port above F. */
static struct finding judge_port(const struct acs_guard_function *fn)
{
	const u16 missing = port_missing(fn);

	if (missing)
		return (struct finding){
			.reason = fn->acs ? ACS_GUARD_ACS_DISABLED :
					    ACS_GUARD_NO_ACS,
			.rank = RANK_PORT_FLAGS,
			.missing = missing,
		};
	if (egress_direct(fn))
		return (struct finding){
			.reason = ACS_GUARD_EGRESS_DIRECT,
			.rank = RANK_PORT_DIRECT,
		};
	if (direct_translated(fn))
		return (struct finding){
			.reason = ACS_GUARD_DIRECT_TRANSLATED,
			.rank = RANK_PORT_DIRECT,
		};
	return nothing;
}

/* R6 and R7: what stands on a switch-internal bus, beside the path or on it. */
static struct finding judge_internal(const struct acs_guard_hop *hop)
{
	const struct acs_guard_function *fn = &hop->fn;

	if (fn->type != PCI_EXP_TYPE_DOWNSTREAM)
		return (struct finding){
			.reason = ACS_GUARD_INTERNAL_FUNCTION,
			.rank = RANK_INTERNAL_FUNCTION,
		};
	if (hop->role == ACS_GUARD_SIBLING && port_fails(fn))
		return (struct finding){
			.reason = ACS_GUARD_SIBLING_PORT,
			.rank = RANK_SIBLING_PORT,
			.missing = port_missing(fn),
		};
	return nothing;
}

/* The first rule that @hop fails, in the order in which rules are asked. */
static struct finding judge(const struct acs_guard_hop *hop)
{
	const struct acs_guard_function *fn = &hop->fn;
	struct finding found = nothing;

	if (!fn->readable)
		return (struct finding){ ACS_GUARD_UNREADABLE,
					 RANK_UNREADABLE };
	if (!is_known_here(hop))
		return (struct finding){ ACS_GUARD_UNKNOWN_TYPE,
					 RANK_UNKNOWN_TYPE };
	if (hop->role == ACS_GUARD_SHARED_ID)
		return (struct finding){ ACS_GUARD_ALIAS, RANK_ALIAS };
	if (hop->crowded)
		return (struct finding){ ACS_GUARD_CONVENTIONAL,
					 RANK_CONVENTIONAL };
	if (multifunction_fails(hop))
		return multifunction(hop);
	if (hop->role == ACS_GUARD_BRIDGE && is_port(fn))
		found = judge_port(fn);
	if (found.reason == ACS_GUARD_ISOLATED && hop->internal)
		found = judge_internal(hop);
	return found;
}

/**
 * acs_guard_verdict_begin() - start to judge a function
 * @verdict: where the answer grows
 * @bdf: the function
 *
 * Until acs_guard_verdict_end() the answer is "unreadable", so a walk that is
 * given up has been refused.
 */
void acs_guard_verdict_begin(struct acs_guard_verdict *verdict, u64 bdf)
{
	*verdict = (struct acs_guard_verdict){
		.reason = ACS_GUARD_UNREADABLE,
		.blocker = bdf,
		.order = ORDER_NONE,
	};
}

/**
 * acs_guard_verdict_step() - take one more function into account
 * @verdict: begun by acs_guard_verdict_begin()
 * @hop: the function, and where it stands
 *
 * Steps may come in any order: what fails first is worked out, not what was
 * seen first.
 */
void acs_guard_verdict_step(struct acs_guard_verdict *verdict,
			    const struct acs_guard_hop *hop)
{
	const struct finding found = judge(hop);
	u16 order;

	if (found.reason == ACS_GUARD_ISOLATED)
		return;

	order = hop->place * NUM_RANKS + found.rank;
	if (order > verdict->order)
		return;
	if (order == verdict->order && hop->fn.bdf >= verdict->blocker)
		return;

	verdict->reason = found.reason;
	verdict->blocker = hop->fn.bdf;
	verdict->missing = found.missing;
	verdict->order = order;
}

/**
 * acs_guard_verdict_end() - every function on the path has been heard
 * @verdict: holds the answer from now on
 *
 * Only for a walk that reached the root complex: this is the one place from
 * which "isolated" can come.
 */
void acs_guard_verdict_end(struct acs_guard_verdict *verdict)
{
	if (verdict->order == ORDER_NONE)
		verdict->reason = ACS_GUARD_ISOLATED;
}

/* Can requests or completions turn round at @fn, past the root complex? */
static bool lets_turn(const struct acs_guard_function *fn,
		      enum acs_guard_ground ground)
{
	if (!fn->readable || !is_known(fn))
		return true;
	if (is_port(fn))
		return port_missing(fn) & REDIRECT_FLAGS || egress_direct(fn) ||
		       direct_translated(fn);
	return ground == ACS_GUARD_SWITCH || function_fails(fn);
}

/**
 * acs_guard_exposed() - can either of two functions reach the other?
 * @meeting: where their paths meet; in a tree there is one such place
 * @verdict: what was found about the first of them
 *
 * Return: true if a packet from one can reach the other without passing the
 * root complex, or if the two share a requester ID.
 */
bool acs_guard_exposed(const struct acs_guard_meeting *meeting,
		       const struct acs_guard_verdict *verdict)
{
	switch (meeting->ground) {
	case ACS_GUARD_APART:
		return false;
	case ACS_GUARD_ONE_DEVICE:
	case ACS_GUARD_SWITCH:
		return lets_turn(&meeting->mine, meeting->ground) ||
		       lets_turn(&meeting->theirs, meeting->ground);
	case ACS_GUARD_VIRTUAL:
		/* R8: all of the device, if anything fails at its own place */
		return verdict->order < NUM_RANKS;
	default:
		return true;
	}
}

/**
 * acs_guard_decide() - what becomes of a bind
 * @verdict: about the function
 * @permissive: its administrator's word
 * @mode: whether refusals are meant
 *
 * The verdict comes first, whether it is enforced last.
 *
 * Return: %ACS_GUARD_ALLOW, %ACS_GUARD_ALLOW_PERMISSIVE,
 * %ACS_GUARD_WOULD_DENY or %ACS_GUARD_DENY.
 */
enum acs_guard_action acs_guard_decide(const struct acs_guard_verdict *verdict,
				       bool permissive,
				       enum acs_guard_mode mode)
{
	if (verdict->reason == ACS_GUARD_ISOLATED)
		return ACS_GUARD_ALLOW;
	if (permissive)
		return ACS_GUARD_ALLOW_PERMISSIVE;
	if (mode == ACS_GUARD_AUDIT)
		return ACS_GUARD_WOULD_DENY;
	return ACS_GUARD_DENY;
}
