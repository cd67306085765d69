/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the interface of the engine
 *
 * The engine judges one function of a machine.  The same source is compiled
 * into the module, into the tool and into tests; it depends on nothing of the
 * kernel.  It sees the machine as nodes (node.h), which each of these homes
 * supplies.
 *
 *   read_function.c  the facts of one function: its type, its ACS registers
 *   acs.h            what these registers enforce
 *   path.c           which functions affect the verdict, level by level upwards
 *   conventional.c   the conventional buses above a function
 *   rules.c          the rules about a function and its path
 *   action.c         from a verdict to a decision about a bind
 *   ancestor.c       where two paths join
 *   pair_rules.c     the rules about a pair of functions
 *   peers.c          which functions are exposed to a function
 *   words.c          names and sentences for reasons and flags
 *
 * Rules are apart from walks: acs.h, rules.c, action.c and pair_rules.c take
 * facts by value, and do not see a node.
 *
 * "F" and "the device" below are the function that is judged.  Section numbers
 * are those of the PCI Express Base Specification.
 */
#ifndef ACS_GUARD_ENGINE_H
#define ACS_GUARD_ENGINE_H

#include "contract.h"

struct acs_node;
struct acs_guard_reader;

/*
 * A function below more bridges than this is refused.  The limit only keeps a
 * walk finite: a domain has 256 buses, and each bridge uses up one of them.
 */
#define ACS_GUARD_MAX_DEPTH 64

/* A function without a PCI Express capability; above all PCI_EXP_TYPE_*. */
#define ACS_GUARD_TYPE_CONVENTIONAL 0x10

/* Of a function whose type and header contradict each other (7.5.3.2). */
#define ACS_GUARD_TYPE_CONTRADICTORY 0x11

/* Of a function that the kernel does not list, and whose type cannot be read. */
#define ACS_GUARD_TYPE_UNKNOWN 0x12

/**
 * struct acs_guard_function - the facts of one function that the rules need
 * @bdf: its address
 * @vendor: its vendor ID
 * @type: PCI_EXP_TYPE_* (7.5.3.2), %ACS_GUARD_TYPE_CONVENTIONAL,
 *	%ACS_GUARD_TYPE_CONTRADICTORY or %ACS_GUARD_TYPE_UNKNOWN
 * @readable: all that was to be read could be read; if false, the rest is void
 * @acs: it has an ACS Extended Capability (7.7.11)
 * @cap: ACS Capability register; only if @acs
 * @ctrl: ACS Control register as read for this verdict; only if @acs
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
 * enum acs_guard_role - what an element of the path is to F
 * @ACS_GUARD_DEVICE: F itself
 * @ACS_GUARD_DEVICE_SIBLING: another function of F's device, virtual or not
 * @ACS_GUARD_BRIDGE: a bridge of any kind above F
 * @ACS_GUARD_BRIDGE_SIBLING: another function of that bridge's device
 * @ACS_GUARD_PEER_PORT: another function on a switch-internal bus of the path
 * @ACS_GUARD_SHARED_ID: another function that has F's requester ID
 * @ACS_GUARD_GROUP_MEMBER: another function of F's IOMMU group, neither a
 *	bridge nor a dummy host bridge; at level %ACS_GUARD_LAST_LEVEL
 * @ACS_GUARD_PATH_UNKNOWN: the path above this function is deeper than
 *	%ACS_GUARD_MAX_DEPTH, or does not lead to a root bus
 */
enum acs_guard_role {
	ACS_GUARD_DEVICE,
	ACS_GUARD_DEVICE_SIBLING,
	ACS_GUARD_BRIDGE,
	ACS_GUARD_BRIDGE_SIBLING,
	ACS_GUARD_PEER_PORT,
	ACS_GUARD_SHARED_ID,
	ACS_GUARD_GROUP_MEMBER,
	ACS_GUARD_PATH_UNKNOWN,
};

/* Above every level of a path, so that R13 comes last. */
#define ACS_GUARD_LAST_LEVEL (ACS_GUARD_MAX_DEPTH + 1)

/**
 * struct acs_guard_element - one function that affects the verdict
 * @fn: its facts
 * @role: what it is to F
 * @level: 0 for F and the functions on F's bus, counted upwards; the functions
 *	on the bus of a bridge have the level of that bridge
 * @shared: the device of @fn has other functions
 * @only_virtual: @fn is a virtual function, or all other functions of its
 *	device that matter to F are
 * @internal: @fn is on a switch-internal bus
 * @shared_segment: @fn is the topmost conventional bridge above F, and another
 *	function than F is below @fn
 * @ats: F, or its PF, has an ATS capability, enabled or not; only at ports, and
 *	only if the policy is strict, as are the next three
 * @upstream_memory: the Upstream Port of @fn's switch has memory of its own
 * @sibling_memory: another Downstream Port of @fn's switch has
 * @cxl_cache: @fn has CXL.cache enabled
 * @hidden: the kernel does not list @fn, which answers all the same; with
 *	@shared_segment, another function on the segment is of that kind
 * @no_iommu: no IOMMU translates the DMA of @fn; only if @role is
 *	%ACS_GUARD_DEVICE
 */
struct acs_guard_element {
	struct acs_guard_function fn;
	enum acs_guard_role role;
	unsigned int level;
	bool shared;
	bool only_virtual;
	bool internal;
	bool shared_segment;
	bool ats;
	bool upstream_memory;
	bool sibling_memory;
	bool cxl_cache;
	bool hidden;
	bool no_iommu;
};

/**
 * struct acs_guard_policy - which rules apply
 * @strict: S1 to S3 as well
 */
struct acs_guard_policy {
	bool strict;
};

/**
 * struct acs_guard_verdict - the answer about one function
 * @reason: %ACS_GUARD_ISOLATED, or the first rule that fails
 * @blocker: the function that fails the rule; void if isolated
 * @missing: PCI_ACS_* flags that @blocker lacks, 0 if the rule is not about
 *	flags
 * @hidden: the kernel does not list @blocker; a rescan brings it back
 * @root_port: @blocker is a Root Port
 * @order: level and rank of the failure; rules.c's own, as is the rest but
 *	@beyond_group
 * @beyond_group: a rule fails that stays violated if one owner has the whole
 *	IOMMU group
 * @p2p: a function of the device at @level declares peer-to-peer support
 * @level: the level of the last element
 * @trusted_order: level and rank of the failure of @trusted
 * @trusted: the first function at @level that fails if @p2p
 * @trusted_hidden: the kernel does not list @trusted
 * @hidden_trusted: the kernel does not list one of the functions at @level
 *	that fail if @p2p
 */
struct acs_guard_verdict {
	enum acs_guard_reason reason;
	u64 blocker;
	u16 missing;
	bool hidden;
	bool root_port;
	unsigned int order;
	bool beyond_group;
	bool p2p;
	unsigned int level;
	unsigned int trusted_order;
	u64 trusted;
	bool trusted_hidden;
	bool hidden_trusted;
};

/**
 * enum acs_guard_ancestor_kind - what the common ancestor of two paths is
 * @ACS_GUARD_APART: there is none below the root complex
 * @ACS_GUARD_ONE_DEVICE: the device that both functions belong to
 * @ACS_GUARD_SWITCH: a switch-internal bus
 * @ACS_GUARD_SEGMENT: a conventional bus, or one requester ID
 */
enum acs_guard_ancestor_kind {
	ACS_GUARD_APART,
	ACS_GUARD_ONE_DEVICE,
	ACS_GUARD_SWITCH,
	ACS_GUARD_SEGMENT,
};

/**
 * struct acs_guard_peer_path - one end of a pair: the path of one function
 *	below the common ancestor
 * @fn: the topmost function of the path, whose ACS registers apply
 * @blocked: a port below @fn blocks translated requests of the path
 */
struct acs_guard_peer_path {
	struct acs_guard_function fn;
	bool blocked;
};

/**
 * struct acs_guard_common_ancestor - where the paths of two functions join
 * @kind: what joins them
 * @own: the path of F
 * @other: the path of the other function
 * @only_virtual: one of the two functions at the ancestor is virtual
 * @p2p: a function of their device declares peer-to-peer support; only if
 *	@only_virtual
 * @lacks_uf: a port above both lacks Upstream Forwarding
 *
 * Only %ACS_GUARD_ONE_DEVICE and %ACS_GUARD_SWITCH depend on registers; with
 * any other @kind the rest is void.
 */
struct acs_guard_common_ancestor {
	enum acs_guard_ancestor_kind kind;
	struct acs_guard_peer_path own;
	struct acs_guard_peer_path other;
	bool only_virtual;
	bool p2p;
	bool lacks_uf;
};

/* rules.c */

void acs_guard_verdict_begin(struct acs_guard_verdict *verdict, u64 bdf);
void acs_guard_verdict_step(struct acs_guard_verdict *verdict,
			    const struct acs_guard_policy *policy,
			    const struct acs_guard_element *element);
void acs_guard_verdict_end(struct acs_guard_verdict *verdict);

/* pair_rules.c */

bool acs_guard_lacks_uf(const struct acs_guard_function *port);
bool acs_guard_blocks_translated(const struct acs_guard_function *port);
bool acs_guard_exposed(const struct acs_guard_common_ancestor *ancestor);

/* action.c */

/**
 * struct acs_guard_allowance - what may allow a function that is not isolated
 * @in_group: all peers of the function are in its own IOMMU group, and the unit
 *	is the group
 * @permissive: the administrator has made an exception for the function
 * @mode: whether refusals are enforced
 */
struct acs_guard_allowance {
	bool in_group;
	bool permissive;
	enum acs_guard_mode mode;
};

enum acs_guard_action
acs_guard_decide(const struct acs_guard_verdict *verdict,
		 const struct acs_guard_allowance *allowance);

/* read_function.c */

void acs_guard_read_function(struct acs_node node,
			     struct acs_guard_reader *reader, bool registers,
			     struct acs_guard_function *fn);
struct acs_guard_function acs_guard_function_of(struct acs_node node,
						struct acs_guard_reader *reader,
						bool registers);
bool acs_guard_is_dummy(struct acs_node node, struct acs_guard_reader *reader);
bool acs_guard_only_forwards(struct acs_node node);
bool acs_guard_can_be_exposed(struct acs_node node,
			      struct acs_guard_reader *reader);

/* With these a function can use addresses that no IOMMU translates. */
#define ACS_GUARD_ATS BIT(0)
#define ACS_GUARD_CXL_CACHE BIT(1)

unsigned int acs_guard_translation_of(struct acs_node node,
				      struct acs_guard_reader *reader);

/* path.c */

void acs_guard_judge_path(struct acs_node node,
			  const struct acs_guard_policy *policy,
			  struct acs_guard_reader *reader,
			  struct acs_guard_verdict *verdict);

/* peers.c */

/**
 * struct acs_guard_visitor - receives the peers of a function; to be embedded
 * @start: discards all earlier visits: the search begins again
 * @visit: called for each peer, in no order; twice if another function appears
 *	or goes meanwhile
 */
struct acs_guard_visitor {
	void (*start)(struct acs_guard_visitor *visitor);
	void (*visit)(struct acs_guard_visitor *visitor, struct acs_node peer);
};

/* How many peers a report names; the others are counted. */
#define ACS_GUARD_NAMED_PEERS 8

/**
 * struct acs_guard_peers - the peers of a function
 * @visitor: peers.c's own
 * @count: how many peers there are
 * @room: how many addresses @bdf has room for
 * @bdf: the lowest addresses of peers, in order
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
