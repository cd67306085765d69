/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: what crosses files
 *
 * The driver core announces a bind; hook.c asks topology.c for the facts of
 * the device's path; verdict.c judges them against the policy; report.c says
 * what came of it; hook.c lets the bind be, or refuses it.
 *
 * "The device" below is always F, the function that a driver wants.  Section
 * numbers are those of the PCI Express Base Specification.
 */
#ifndef ACS_GUARD_H
#define ACS_GUARD_H

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/pci_regs.h>
#include <linux/types.h>

struct device;
struct device_driver;
struct kobject;
struct pci_bus;
struct pci_dev;
struct seq_buf;

/*
 * An address as one number that sorts as lspci does: domain, bus, device and
 * function.  The domain has 32 bits; VMD and Hyper-V use more than 16.
 */
#define ACS_GUARD_BDF(domain, bus, devfn) \
	(((u64)(u32)(domain) << 16) | ((u64)(u8)(bus) << 8) | (u8)(devfn))

/**
 * struct acs_guard_name - an address in words, made by acs_guard_name()
 * @text: dddd:bb:dd.f
 */
struct acs_guard_name {
	char text[24];
};

/**
 * acs_guard_name() - an address as lspci -D writes it
 * @bdf: the address, made by ACS_GUARD_BDF()
 *
 * Return: the text, by value: pass acs_guard_name(bdf).text to a "%s".
 */
static inline struct acs_guard_name acs_guard_name(u64 bdf)
{
	struct acs_guard_name name;

	snprintf(name.text, sizeof(name.text), "%04x:%02x:%02x.%x",
		 (u32)(bdf >> 16), (u8)(bdf >> 8), (u8)bdf >> 3, (u8)bdf & 7);
	return name;
}

/*
 * A path with more bridges than this is not understood, and refused.  It only
 * keeps a walk finite: each bridge uses up one of a domain's 256 buses.
 */
#define ACS_GUARD_MAX_DEPTH 64

/**
 * enum acs_guard_reason - why a function is, or is not, isolated
 * @ACS_GUARD_UNREADABLE: R9, a register that is needed cannot be read
 * @ACS_GUARD_UNKNOWN_TYPE: R11, a kind of function that is not understood
 * @ACS_GUARD_ALIAS: R12, shares a requester ID with another function
 * @ACS_GUARD_CONVENTIONAL: R1, shares a conventional PCI segment
 * @ACS_GUARD_MULTIFUNCTION: R4, R5, R8, functions of one device are not kept
 *	apart (6.12.1.2)
 * @ACS_GUARD_NO_ACS: R2, a port without ACS (6.12.1.1)
 * @ACS_GUARD_ACS_INCOMPLETE: R2, a port that does not implement all required
 *	ACS controls; no setting changes that
 * @ACS_GUARD_ACS_DISABLED: R2, a port that implements all required ACS
 *	controls, and not all of them are on
 * @ACS_GUARD_EGRESS_DIRECT: R3, P2P Egress Control may send requests straight
 *	to a peer
 * @ACS_GUARD_DIRECT_TRANSLATED: R3, Direct Translated P2P is on, Translation
 *	Blocking is not
 * @ACS_GUARD_SIBLING_PORT: R6, another downstream port of the switch fails
 *	R2 or R3
 * @ACS_GUARD_INTERNAL_FUNCTION: R7, something other than a port on a
 *	switch-internal bus
 * @ACS_GUARD_TRANSLATION: S1, S3, strict only: translated requests are taken
 *	at their word
 * @ACS_GUARD_PORT_MEMORY: S2, strict only: the memory of a switch's own ports
 *	can be reached
 * @ACS_GUARD_IOMMU_GROUP: R13, shares its IOMMU group with another function
 * @ACS_GUARD_NO_IOMMU: R14, no IOMMU translates its DMA
 * @ACS_GUARD_ISOLATED: no rule fails
 * @ACS_GUARD_NUM_REASONS: how many there are
 *
 * Zero is a refusal, so memory that was never filled in cannot be a yes.
 */
enum acs_guard_reason {
	ACS_GUARD_UNREADABLE,
	ACS_GUARD_UNKNOWN_TYPE,
	ACS_GUARD_ALIAS,
	ACS_GUARD_CONVENTIONAL,
	ACS_GUARD_MULTIFUNCTION,
	ACS_GUARD_NO_ACS,
	ACS_GUARD_ACS_INCOMPLETE,
	ACS_GUARD_ACS_DISABLED,
	ACS_GUARD_EGRESS_DIRECT,
	ACS_GUARD_DIRECT_TRANSLATED,
	ACS_GUARD_SIBLING_PORT,
	ACS_GUARD_INTERNAL_FUNCTION,
	ACS_GUARD_TRANSLATION,
	ACS_GUARD_PORT_MEMORY,
	ACS_GUARD_IOMMU_GROUP,
	ACS_GUARD_NO_IOMMU,
	ACS_GUARD_ISOLATED,
	ACS_GUARD_NUM_REASONS,
};

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
	u16 order;
	bool beyond_group;
	bool admits;
	u16 place;
	u16 silent_order;
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
 * enum acs_guard_mode - whether refusals are meant
 * @ACS_GUARD_ENFORCE: they are
 * @ACS_GUARD_AUDIT: they are only logged
 */
enum acs_guard_mode {
	ACS_GUARD_ENFORCE,
	ACS_GUARD_AUDIT,
};

/**
 * enum acs_guard_unit - what has to be isolated
 * @ACS_GUARD_FUNCTION: each function
 * @ACS_GUARD_GROUP: each IOMMU group, which VFIO gives to one owner
 */
enum acs_guard_unit {
	ACS_GUARD_FUNCTION,
	ACS_GUARD_GROUP,
};

/**
 * enum acs_guard_action - what became of a request, or what happened
 * @ACS_GUARD_DENY: the bind is refused
 * @ACS_GUARD_ALLOW: the function is isolated; nothing to say
 * @ACS_GUARD_ALLOW_GROUP: not isolated, but shares only with its own group
 * @ACS_GUARD_ALLOW_PERMISSIVE: not isolated, bound by its administrator's word
 * @ACS_GUARD_WOULD_DENY: not isolated, bound because mode=audit
 * @ACS_GUARD_PRESENT: not isolated, and bound before the guard came
 * @ACS_GUARD_VETO_LOST: refused, yet bound: the guard takes it back
 * @ACS_GUARD_DRIFT: was isolated when it was bound, and is not any more
 * @ACS_GUARD_SET_PERMISSIVE: permissive was set
 * @ACS_GUARD_CLEAR_PERMISSIVE: permissive was cleared
 * @ACS_GUARD_NUM_ACTIONS: how many there are
 */
enum acs_guard_action {
	ACS_GUARD_DENY,
	ACS_GUARD_ALLOW,
	ACS_GUARD_ALLOW_GROUP,
	ACS_GUARD_ALLOW_PERMISSIVE,
	ACS_GUARD_WOULD_DENY,
	ACS_GUARD_PRESENT,
	ACS_GUARD_VETO_LOST,
	ACS_GUARD_DRIFT,
	ACS_GUARD_SET_PERMISSIVE,
	ACS_GUARD_CLEAR_PERMISSIVE,
	ACS_GUARD_NUM_ACTIONS,
};

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

/* topology.c */

/**
 * struct acs_guard_subject - what a report says about the function itself
 * @bdf: its address
 * @vendor: its vendor ID
 * @device: its device ID
 * @group: its IOMMU group, or negative if it has none
 * @kobj: its kobject
 */
struct acs_guard_subject {
	u64 bdf;
	u16 vendor;
	u16 device;
	int group;
	struct kobject *kobj;
};

/**
 * struct acs_guard_sleepers - what a walk found asleep; topology.c's own
 * @dev: devices whose registers could not be read, with a reference
 * @parent: by device, what has to be active for that, with a reference
 * @num: how many of them
 * @woken: how many of these are in use and resumed
 *
 * To be zeroed before the first walk.  What there is no room for counts as
 * unreadable.
 */
struct acs_guard_sleepers {
	struct device *dev[16];
	struct device *parent[16];
	unsigned int num;
	unsigned int woken;
};

/**
 * struct acs_guard_rest - what acs_guard_hold_resets() holds; topology.c's own
 * @held: whose configuration access is held, each once and with a reference
 * @num_held: how many of them
 */
struct acs_guard_rest {
	struct pci_dev *held[4];
	unsigned int num_held;
};

/**
 * struct acs_guard_side - one function, on the way to meet others; topology.c's
 *	own
 * @pdev: the function
 * @segment: the topmost conventional bridge above it, or NULL
 * @owner: the function that its domain is behind, or NULL
 * @front: who gives it its requester ID
 * @depth: how many bridges and owners are above it
 * @sleepers: what has been found asleep
 * @node: where it was last met, it or one above; the rest is about that
 * @fn: the facts of who speaks for it there
 * @blocked: a port below @node stops its translated requests
 * @sent_back: a port above @node sends what goes upstream back down
 * @asked: @admits is known
 * @admits: a function of @node's device admits to peer-to-peer traffic
 */
struct acs_guard_side {
	struct pci_dev *pdev;
	struct pci_dev *segment;
	struct pci_dev *owner;
	struct pci_dev *front;
	unsigned int depth;
	struct acs_guard_sleepers *sleepers;
	struct pci_dev *node;
	struct acs_guard_function fn;
	bool blocked;
	bool sent_back;
	bool asked;
	bool admits;
};

struct acs_guard_pattern;
struct acs_guard_hidden;

void acs_guard_examine(struct pci_dev *pdev,
		       const struct acs_guard_policy *policy,
		       struct acs_guard_verdict *verdict);
bool acs_guard_hold_resets(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_rest *rest);
void acs_guard_let_resets(struct acs_guard_rest *rest);
bool acs_guard_wake(struct acs_guard_sleepers *sleepers);
void acs_guard_let_sleep(struct acs_guard_sleepers *sleepers);
void acs_guard_take_side(struct acs_guard_side *side, struct pci_dev *pdev,
			 struct acs_guard_sleepers *sleepers);
void acs_guard_meet(struct acs_guard_side *side, struct pci_dev *other,
		    struct acs_guard_meeting *meeting);
bool acs_guard_meet_hidden(struct acs_guard_side *side,
			   struct acs_guard_hidden *hidden,
			   struct acs_guard_meeting *meeting);
bool acs_guard_visit_all(int (*visit)(struct pci_dev *pdev, void *data),
			 void *data);
bool acs_guard_visit_near(struct pci_dev *pdev,
			  int (*visit)(struct pci_dev *pdev, void *data),
			  void *data);
bool acs_guard_can_be_exposed(struct pci_dev *pdev);
bool acs_guard_has_slot(struct pci_dev *pdev);
int acs_guard_hold_functions(void);
void acs_guard_let_go_functions(int hold);
void acs_guard_await_walks(void);
void acs_guard_describe(struct pci_dev *pdev,
			struct acs_guard_subject *subject);
struct acs_guard_function acs_guard_facts(struct pci_dev *pdev);
u64 acs_guard_bdf(const struct pci_dev *pdev);
u64 acs_guard_parent(struct pci_dev *pdev);
bool acs_guard_is_port(struct pci_dev *pdev);
bool acs_guard_is_listed(struct device *bridge, u64 bdf);
bool acs_guard_lists_device(struct device *bridge, u64 bdf);
struct pci_bus *acs_guard_get_bus_below(struct pci_dev *bridge);
void acs_guard_record(struct pci_dev *pdev, struct acs_guard_hidden *record);
bool acs_guard_is_bridge(const struct pci_dev *pdev);
bool acs_guard_has_services(struct pci_dev *pdev);
bool acs_guard_is_at(struct pci_dev *pdev,
		     const struct acs_guard_pattern *pattern);
bool acs_guard_matches(struct pci_dev *pdev,
		       const struct acs_guard_pattern *pattern);

/* hidden.c */

/* Above what is on the root bus of a domain that is behind no function. */
#define ACS_GUARD_NO_PARENT U64_MAX

/**
 * struct acs_guard_hidden - a function that the kernel does not list
 * @node: one of the records
 * @bdf: its address
 * @parent: the address of what is right above it, or %ACS_GUARD_NO_PARENT
 * @id: the first dword of its configuration space: vendor and device ID
 * @type: as in struct acs_guard_function
 * @bridge: it has a bus below it
 * @deep: and what is on that is not known
 * @slot: it is no port, or a port that implements a slot (7.5.3.2)
 * @hotplug: it has a hot-plug slot, or may have one
 * @extended: its extended configuration space can be read
 * @dword: its ACS registers are laid out as dwords
 * @memory: it has memory of its own
 * @readable: @cap and @ctrl could be read when it went
 * @acs_cap: where its ACS capability is, or 0
 * @cap: ACS Capability register when it went
 * @ctrl: ACS Control register when it went
 * @silent_since: the first time, in jiffies, that it did not answer since it
 * last did, or 0
 * @unreadable_since: the same for the first time that it could not be read
 * @useless: it did not answer, or was listed again, at the last look of
 * acs_guard_forget_gone()
 * @since: since which look, in jiffies
 * @aliases: the function numbers it also issues requests as, or NULL
 */
struct acs_guard_hidden {
	struct list_head node;
	u64 bdf;
	u64 parent;
	u32 id;
	u8 type;
	bool bridge;
	bool deep;
	bool slot;
	bool hotplug;
	bool extended;
	bool dword;
	bool memory;
	bool readable;
	u16 acs_cap;
	u16 cap;
	u16 ctrl;
	unsigned long silent_since;
	unsigned long unreadable_since;
	bool useless;
	unsigned long since;
	unsigned long *aliases;
};

struct acs_guard_hidden *
acs_guard_next_hidden(const struct acs_guard_hidden *hidden);
bool acs_guard_may_be_there(struct acs_guard_hidden *hidden, bool answered);
void acs_guard_note_readable(struct acs_guard_hidden *hidden, bool readable);
bool acs_guard_may_be_in_reset(u64 bdf);
bool acs_guard_answers(struct pci_bus *bus, u8 devfn, u32 *id);
bool acs_guard_hides_below(u64 bdf);
void acs_guard_hide(struct pci_dev *pdev);
void acs_guard_look_for_hidden(void);
bool acs_guard_forget_gone(void);
void acs_guard_forget_hidden(void);

/* iommu.c */

bool acs_guard_has_iommu(struct pci_dev *pdev);

/* group.c */

int acs_guard_group(struct pci_dev *pdev);
void acs_guard_visit_group(struct pci_dev *pdev,
			   int (*visit)(struct pci_dev *pdev, void *data),
			   void *data);

/* peers.c */

/**
 * struct acs_guard_visitor - who wants to see all peers; to be embedded
 * @start: what was visited before does not count: they are visited once more
 * @visit: called for each of them with its address; @peer is NULL if the kernel
 *	does not list it
 */
struct acs_guard_visitor {
	void (*start)(struct acs_guard_visitor *visitor);
	void (*visit)(struct acs_guard_visitor *visitor, u64 bdf,
		      struct pci_dev *peer);
};

/* How many peers a report names; the rest are counted. */
#define ACS_GUARD_NAMED_PEERS 8

/**
 * struct acs_guard_peers - who is exposed to a function, and it to them
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

void acs_guard_visit_peers(struct pci_dev *pdev,
			   const struct acs_guard_verdict *verdict,
			   struct acs_guard_visitor *visitor);
bool acs_guard_in_group(struct pci_dev *pdev,
			const struct acs_guard_verdict *verdict);
void acs_guard_find_peers(struct pci_dev *pdev,
			  const struct acs_guard_verdict *verdict,
			  struct acs_guard_peers *peers);

/* match.c */

#define ACS_GUARD_MAX_WORD 64 /* bytes of a word, its end included */
#define ACS_GUARD_MAX_DRIVERS 32
#define ACS_GUARD_MAX_DEVICES 64
#define ACS_GUARD_MAX_PERIOD 86400 /* seconds: a day */

/**
 * struct acs_guard_pattern - one device of the parameter permissive=
 * @by_id: names a kind of device by @id, not one by its path
 * @id: vendor, device, subsystem vendor and subsystem device
 * @num_ids: how many of @id were given: 2 or 4, or, with a path, perhaps none
 * @domain: of the path
 * @bus: of the path's first function
 * @devfn: the functions of the path, topmost first
 * @num_devfn: how many of @devfn were given
 */
struct acs_guard_pattern {
	bool by_id;
	u16 id[4];
	u8 num_ids;
	u32 domain;
	u8 bus;
	u8 devfn[8];
	u8 num_devfn;
};

int acs_guard_parse_mode(const char *text);
int acs_guard_parse_unit(const char *text);
int acs_guard_parse_strict(const char *text);
int acs_guard_parse_lock(const char *text);
int acs_guard_parse_recheck(const char *text);
int acs_guard_parse_period(const char *text);
int acs_guard_parse_drivers(const char *text);
int acs_guard_parse_permissive(const char *text);
bool acs_guard_guards_name(const char *name);
bool acs_guard_starts_permissive(struct pci_dev *pdev);

/* policy.c */

extern const char *const acs_guard_mode_names[2];
extern const char *const acs_guard_unit_names[2];

/**
 * struct acs_guard_settings - what holds for all devices
 * @mode: whether refusals are meant
 * @unit: what has to be isolated
 * @policy: how much is demanded
 * @period: seconds from one recheck to the next, or 0
 * @locked: nobody's word counts any more
 */
struct acs_guard_settings {
	enum acs_guard_mode mode;
	enum acs_guard_unit unit;
	struct acs_guard_policy policy;
	unsigned int period;
	bool locked;
};

struct acs_guard_settings acs_guard_settings(void);
void acs_guard_start_with(const struct acs_guard_settings *settings);
int acs_guard_set_mode(enum acs_guard_mode mode);
int acs_guard_set_unit(enum acs_guard_unit unit);
int acs_guard_set_period(unsigned int seconds);
int acs_guard_set_lock(bool lock);
void acs_guard_started(void);
int acs_guard_set_permissive(struct pci_dev *pdev, bool permissive);

/* report.c */

/**
 * struct acs_guard_event - one thing to report, by value
 * @action: what happened
 * @subject: the function it happened to
 * @verdict: what was found about that
 * @peers: who is exposed
 * @peer: the first of them
 * @driver: the driver concerned, or NULL
 * @mode: the mode then in force
 * @group_allows: with unit=group the bind would have been allowed
 */
struct acs_guard_event {
	enum acs_guard_action action;
	struct acs_guard_subject subject;
	struct acs_guard_verdict verdict;
	struct acs_guard_peers peers;
	u64 peer[ACS_GUARD_NAMED_PEERS];
	const char *driver;
	enum acs_guard_mode mode;
	bool group_allows;
};

void acs_guard_event_init(struct acs_guard_event *event, struct pci_dev *pdev,
			  enum acs_guard_action action,
			  const struct acs_guard_verdict *verdict,
			  const char *driver);
void acs_guard_report_event(struct pci_dev *pdev,
			    const struct acs_guard_event *event);
void acs_guard_report(struct pci_dev *pdev, enum acs_guard_action action,
		      const struct acs_guard_verdict *verdict,
		      const char *driver);
void acs_guard_report_unprinted(struct pci_dev *pdev, unsigned int decisions);
void acs_guard_report_setting(const char *name, const char *from,
			      const char *to);
void acs_guard_report_locked(const char *what);
const char *acs_guard_reason_name(enum acs_guard_reason reason);
void acs_guard_explain(const struct acs_guard_verdict *verdict,
		       struct seq_buf *s);

/* entry.c */

/**
 * enum acs_guard_standing - how a bound function stands with the guard
 * @ACS_GUARD_UNVOUCHED: no guarded driver has it, or has it by somebody's word
 * @ACS_GUARD_VOUCHED: it was isolated when it was bound, or when the guard
 *	came, or exposed to its own group only and that counted
 * @ACS_GUARD_SUSPECT: it was, and was not when last looked at
 * @ACS_GUARD_DRIFTED: that has been told
 */
enum acs_guard_standing {
	ACS_GUARD_UNVOUCHED,
	ACS_GUARD_VOUCHED,
	ACS_GUARD_SUSPECT,
	ACS_GUARD_DRIFTED,
};

void acs_guard_add_entry(struct pci_dev *pdev);
void acs_guard_retire_entry(struct pci_dev *pdev);
void acs_guard_remove_entry(struct pci_dev *pdev);
void acs_guard_add_entries(void);
void acs_guard_remove_entries(void);
bool acs_guard_is_permissive(struct pci_dev *pdev);
int acs_guard_keep_permissive(struct pci_dev *pdev, bool permissive);
enum acs_guard_standing acs_guard_standing(struct pci_dev *pdev);
void acs_guard_keep_standing(struct pci_dev *pdev,
			     enum acs_guard_standing standing);
void acs_guard_settle(struct pci_dev *pdev, unsigned int round);
bool acs_guard_is_settled(struct pci_dev *pdev, unsigned int round);
void acs_guard_count_denied(struct pci_dev *pdev);
unsigned int acs_guard_denied(struct pci_dev *pdev);
bool acs_guard_may_print(struct pci_dev *pdev);

/* hook.c */

int acs_guard_hook_init(void);
void acs_guard_hook_exit(void);
enum acs_guard_action acs_guard_judge(struct pci_dev *pdev,
				      struct device_driver *drv,
				      struct acs_guard_verdict *verdict);

/**
 * enum acs_guard_look - what comes of a look at a function
 * @ACS_GUARD_SETTLED: nothing to tell
 * @ACS_GUARD_LOOK_AGAIN: it has to be looked at once more
 * @ACS_GUARD_HAS_DRIFTED: it is not isolated any more, and that is to be told
 */
enum acs_guard_look {
	ACS_GUARD_SETTLED,
	ACS_GUARD_LOOK_AGAIN,
	ACS_GUARD_HAS_DRIFTED,
};

unsigned int
acs_guard_look_round(unsigned int round,
		     enum acs_guard_look (*look)(struct pci_dev *pdev,
						 struct device_driver *drv,
						 struct acs_guard_verdict *v));

void acs_guard_report_present(void);

/* drift.c */

int acs_guard_recheck(void);
void acs_guard_recheck_soon(void);
void acs_guard_report_present_soon(void);
void acs_guard_patrol(unsigned int seconds);
void acs_guard_end_rechecks(void);

/* sysfs.c */

int acs_guard_sysfs_add(struct pci_dev *pdev);
void acs_guard_sysfs_remove(struct pci_dev *pdev);

#endif /* ACS_GUARD_H */
