/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the face of the engine
 *
 * The engine judges a function of a machine.  It is compiled into the module,
 * into the tool and into tests, and knows no kernel: it sees the machine as
 * nodes (node.h), which each of these homes supplies.
 *
 *   function.c  the facts of one function: its type, its ACS registers
 *   path.c      which functions affect the verdict, level by level upwards
 *   verdict.c   the rules
 *   peers.c     which functions are exposed to which
 *   words.c     the words of the contract, and of an explanation
 *
 * "The device" below is always F, the function that is judged.  Section
 * numbers are those of the PCI Express Base Specification.
 */
#ifndef ACS_GUARD_ENGINE_H
#define ACS_GUARD_ENGINE_H

#include "contract.h"

struct acs_node;
struct acs_guard_reader;

/*
 * A path with more bridges than this is not understood, and refused.  It only
 * keeps a walk finite: each bridge uses up one of a domain's 256 buses.
 */
#define ACS_GUARD_MAX_DEPTH 64

/* A function without a PCI Express capability; above all PCI_EXP_TYPE_*. */
#define ACS_GUARD_TYPE_CONVENTIONAL 0x10

/**
 * struct acs_guard_function - the facts of one function that rules ask for
 * @bdf: its address
 * @vendor: its vendor ID
 * @type: PCI_EXP_TYPE_* (7.5.3.2), or %ACS_GUARD_TYPE_CONVENTIONAL
 * @readable: what was asked for could be read; false makes the rest void
 * @acs: has an ACS Extended Capability (7.7.11)
 * @cap: ACS Capability register; only if @acs
 * @ctrl: ACS Control register, read at this verdict; only if @acs
 */
struct acs_guard_function {
	u64 bdf;
	u16 vendor;
	u8 type;
	bool readable;
	bool acs;
	u16 cap;
	u16 ctrl;
};

/**
 * enum acs_guard_role - what a function is to the device being judged
 * @ACS_GUARD_DEVICE: F itself
 * @ACS_GUARD_DEVICE_MATE: another function of F's device, virtual or not
 * @ACS_GUARD_BRIDGE: a bridge of any kind above F
 * @ACS_GUARD_BRIDGE_MATE: another function of that bridge's device
 * @ACS_GUARD_SIBLING: another function on a switch-internal bus of the path
 * @ACS_GUARD_SHARED_ID: another function that has F's requester ID
 * @ACS_GUARD_GROUP_MEMBER: another function of F's IOMMU group, neither a
 *	bridge nor a dummy host bridge; at place %ACS_GUARD_LAST_PLACE
 * @ACS_GUARD_LOST: where a path became deeper than %ACS_GUARD_MAX_DEPTH
 */
enum acs_guard_role {
	ACS_GUARD_DEVICE,
	ACS_GUARD_DEVICE_MATE,
	ACS_GUARD_BRIDGE,
	ACS_GUARD_BRIDGE_MATE,
	ACS_GUARD_SIBLING,
	ACS_GUARD_SHARED_ID,
	ACS_GUARD_GROUP_MEMBER,
	ACS_GUARD_LOST,
};

/* Above every level of a path: R13 is asked last. */
#define ACS_GUARD_LAST_PLACE (ACS_GUARD_MAX_DEPTH + 1)

/**
 * struct acs_guard_hop - one function that has a say, and where it stands
 * @fn: its facts
 * @role: what it is to F
 * @place: 0 for F's own place, counted upward; a port's place includes what
 *	stands beside it
 * @shared: the device that @fn belongs to has other functions
 * @only_virtual: as far as F is concerned, what @fn shares its device with is
 *	virtual functions, or @fn is one
 * @internal: @fn is on a switch-internal bus
 * @crowded: @fn is the topmost conventional bridge above F, and there is
 *	another function than F below it
 * @ats: F, or its PF, has an ATS capability, on or off; asked at ports, and
 *	only if the policy is strict, as are the next three
 * @upstream_memory: the Upstream Port of @fn's switch has memory of its own
 * @sibling_memory: another Downstream Port of @fn's switch has
 * @cxl_cache: @fn has CXL.cache enabled
 * @hidden: the kernel does not list @fn, which answers all the same; or, with
 *	@crowded, a function that crowds it is of that kind
 * @no_iommu: no IOMMU translates the DMA of @fn; only if @role is
 *	%ACS_GUARD_DEVICE
 */
struct acs_guard_hop {
	struct acs_guard_function fn;
	enum acs_guard_role role;
	unsigned int place;
	bool shared;
	bool only_virtual;
	bool internal;
	bool crowded;
	bool ats;
	bool upstream_memory;
	bool sibling_memory;
	bool cxl_cache;
	bool hidden;
	bool no_iommu;
};

/**
 * struct acs_guard_policy - how much is demanded
 * @strict: S1 to S3 as well
 */
struct acs_guard_policy {
	bool strict;
};

/**
 * struct acs_guard_verdict - the answer about one function
 * @reason: %ACS_GUARD_ISOLATED, or the first rule that fails
 * @blocker: the function whose register or nature fails; void if isolated
 * @missing: PCI_ACS_* flags that @blocker lacks, 0 if that is not the matter
 * @hidden: the kernel does not list @blocker; a rescan brings it back
 * @root_port: @blocker is a Root Port
 * @order: place and rank of the failure; this and the rest is verdict.c's own
 * @beyond_group: something fails that one owner for the whole IOMMU group does
 *	not make good
 * @place: the place being heard
 * @admits: a function of the device there admits to peer-to-peer traffic
 * @silent: the first function there that fails if one does
 * @silent_order: its place and rank
 * @silent_hidden: the kernel does not list @silent
 * @hidden_silent: nor another one there that fails if @silent does
 */
struct acs_guard_verdict {
	enum acs_guard_reason reason;
	u64 blocker;
	u16 missing;
	bool hidden;
	bool root_port;
	unsigned int order;
	bool beyond_group;
	bool admits;
	unsigned int place;
	unsigned int silent_order;
	u64 silent;
	bool silent_hidden;
	bool hidden_silent;
};

/**
 * enum acs_guard_ground - what the paths of two functions meet on
 * @ACS_GUARD_APART: nothing below the root complex
 * @ACS_GUARD_ONE_DEVICE: two functions of one device
 * @ACS_GUARD_SWITCH: a switch-internal bus
 * @ACS_GUARD_SEGMENT: a conventional bus, or one identity
 */
enum acs_guard_ground {
	ACS_GUARD_APART,
	ACS_GUARD_ONE_DEVICE,
	ACS_GUARD_SWITCH,
	ACS_GUARD_SEGMENT,
};

/**
 * struct acs_guard_meeting - where the paths of two functions meet
 * @ground: what they meet on
 * @mine: the function there through which F's traffic passes, or F
 * @theirs: the function there through which the other's passes, or the other
 * @only_virtual: @mine or @theirs is a virtual function
 * @admits: a function of that device admits to peer-to-peer traffic; only if
 *	@only_virtual
 * @sent_back: a port above both sends what goes upstream back down
 * @mine_blocked: a port below @mine stops F's translated requests
 * @theirs_blocked: a port below @theirs stops those of the other
 *
 * All but @ground is void unless that is %ACS_GUARD_ONE_DEVICE or
 * %ACS_GUARD_SWITCH: nothing else depends on registers.
 */
struct acs_guard_meeting {
	enum acs_guard_ground ground;
	struct acs_guard_function mine;
	struct acs_guard_function theirs;
	bool only_virtual;
	bool admits;
	bool sent_back;
	bool mine_blocked;
	bool theirs_blocked;
};

/* verdict.c */

void acs_guard_verdict_begin(struct acs_guard_verdict *verdict, u64 bdf);
void acs_guard_verdict_step(struct acs_guard_verdict *verdict,
			    const struct acs_guard_policy *policy,
			    const struct acs_guard_hop *hop);
void acs_guard_verdict_end(struct acs_guard_verdict *verdict);
bool acs_guard_admits(const struct acs_guard_function *fn);
bool acs_guard_sends_back(const struct acs_guard_function *port);
bool acs_guard_blocks(const struct acs_guard_function *port);
bool acs_guard_exposed(const struct acs_guard_meeting *meeting);

/**
 * struct acs_guard_circumstances - what else a decision rests on
 * @in_group: whom the function is exposed to is all in its own IOMMU group,
 *	and the policy lets that count
 * @permissive: its administrator's word
 * @mode: whether refusals are meant
 */
struct acs_guard_circumstances {
	bool in_group;
	bool permissive;
	enum acs_guard_mode mode;
};

enum acs_guard_action
acs_guard_decide(const struct acs_guard_verdict *verdict,
		 const struct acs_guard_circumstances *circumstances);

/* function.c */

struct acs_guard_function acs_guard_function_of(struct acs_node node,
						struct acs_guard_reader *reader,
						bool registers);
bool acs_guard_is_dummy(struct acs_node node, struct acs_guard_reader *reader);
bool acs_guard_can_be_exposed(struct acs_node node,
			      struct acs_guard_reader *reader);
bool acs_guard_may_have_ats(struct acs_node node,
			    struct acs_guard_reader *reader);
bool acs_guard_may_have_cxl_cache(struct acs_node node,
				  struct acs_guard_reader *reader);

/* path.c */

void acs_guard_judge_path(struct acs_node node,
			  const struct acs_guard_policy *policy,
			  struct acs_guard_reader *reader,
			  struct acs_guard_verdict *verdict);

/* peers.c */

/**
 * struct acs_guard_visitor - receives the peers of a function; to be embedded
 * @start: discards what was visited before: all peers are visited once more
 * @visit: called for each peer, in no order; a peer may come twice
 */
struct acs_guard_visitor {
	void (*start)(struct acs_guard_visitor *visitor);
	void (*visit)(struct acs_guard_visitor *visitor, struct acs_node peer);
};

/* How many peers a report names; the rest are counted. */
#define ACS_GUARD_NAMED_PEERS 8

/**
 * struct acs_guard_peers - the peers of a function
 * @visitor: peers.c's own
 * @count: how many there are
 * @room: how many addresses @bdf has room for
 * @bdf: the lowest addresses among them, in order
 */
struct acs_guard_peers {
	struct acs_guard_visitor visitor;
	unsigned int count;
	unsigned int room;
	u64 *bdf;
};

void acs_guard_search_peers(struct acs_node node,
			    struct acs_guard_reader *reader,
			    struct acs_guard_visitor *visitor);
bool acs_guard_stays_in_group(struct acs_node node,
			      struct acs_guard_reader *reader);
void acs_guard_peers_init(struct acs_guard_peers *peers);

/* words.c */

/**
 * struct acs_guard_flags - ACS flags in words, made by acs_guard_flags()
 * @text: room for all names, the commas between them and the end
 */
struct acs_guard_flags {
	char text[24];
};

extern const char *const acs_guard_mode_names[ACS_GUARD_NUM_MODES];
extern const char *const acs_guard_unit_names[ACS_GUARD_NUM_UNITS];

const char *acs_guard_action_name(enum acs_guard_action action);
const char *acs_guard_reason_name(enum acs_guard_reason reason);
const char *acs_guard_reason_text(enum acs_guard_reason reason);
struct acs_guard_flags acs_guard_flags(u16 flags);
int acs_guard_explain(const struct acs_guard_verdict *verdict, char *buf,
		      size_t size);

#endif /* ACS_GUARD_ENGINE_H */
