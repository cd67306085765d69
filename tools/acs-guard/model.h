/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: the model of a machine
 *
 * Readers fill it in: from dumps (dump.h), from sysfs (sysfs.h).  Then it is
 * complete, and commands only look at it.
 */
#ifndef ACS_GUARD_MODEL_H
#define ACS_GUARD_MODEL_H

#include "contract.h"
#include "util.h"

#define CFG_SIZE 4096
#define HEADER_SIZE 64

/* No function, no bus, no group. */
#define NONE (-1)

/* A function without a PCI Express capability, as engine.h has it. */
#define TYPE_CONVENTIONAL 0x10

/**
 * enum source - what a machine was read from
 * @SOURCE_MODULE: sysfs of this machine; the module is loaded and has judged
 * @SOURCE_ENGINE: sysfs of this machine; the module is not loaded
 * @SOURCE_DUMP: a dump of any machine
 */
enum source {
	SOURCE_MODULE,
	SOURCE_ENGINE,
	SOURCE_DUMP,
};

/**
 * enum memory - what a dump says in words of the memory BARs of a function
 * @MEMORY_UNTOLD: nothing
 * @MEMORY_NONE: there are none
 * @MEMORY_SOME: there are some
 */
enum memory {
	MEMORY_UNTOLD,
	MEMORY_NONE,
	MEMORY_SOME,
};

/**
 * enum status - what a function is reported to be, as printed in front of it
 * @STATUS_UNKNOWN: nothing has judged it
 * @STATUS_PORT: a PCI bridge, which is not handed out
 * @STATUS_OK: isolated
 * @STATUS_REFUSED: not isolated, and no exception
 * @STATUS_EXCEPTION: its administrator made an exception
 * @STATUS_GROUP: not isolated; may bind, since its unit is its IOMMU group
 */
enum status {
	STATUS_UNKNOWN,
	STATUS_PORT,
	STATUS_OK,
	STATUS_REFUSED,
	STATUS_EXCEPTION,
	STATUS_GROUP,
};

/* What the module did not say. */
#define UNTOLD (-1)

/**
 * struct peers - the functions that are exposed to a function
 * @bdf: their addresses in order, @count of them
 * @count: how many are named
 * @unnamed: how many more there are
 * @unknown: there may be others: a function vanished while they were read, or
 *	the bridge above is not in the dump
 */
struct peers {
	u64 *bdf;
	size_t count;
	unsigned int unnamed;
	bool unknown;
};

/**
 * struct answer - the verdict about a function, by the module or the engine
 * @judged: there is one; without it, the rest is void
 * @isolated: the function is isolated
 * @reason: the name of the reason
 * @blocker: the function whose register or nature fails; if @has_blocker
 * @has_blocker: @blocker is known
 * @missing: the ACS controls that @blocker lacks, separated by commas, or ""
 * @words: the reason in words
 * @group_isolated: may bind with unit=group, or %UNTOLD
 * @group_unanswered: the function of a dump that is the only reason why
 *	@group_isolated is false, because it did not answer; or NULL
 * @beyond_group: the engine found a rule that unit=group does not relax; the
 *	module does not say
 * @permissive: there is an exception for the function
 * @denied: how often a bind was refused
 */
struct answer {
	bool judged;
	bool isolated;
	const char *reason;
	u64 blocker;
	bool has_blocker;
	const char *missing;
	const char *words;
	int group_isolated;
	const struct function *group_unanswered;
	bool beyond_group;
	bool permissive;
	unsigned long denied;
};

/* Registers of it are no evidence: it, or what is above it, is not known. */
#define FN_BLIND BIT(0)
/* Its type is not known. */
#define FN_TYPELESS BIT(1)
/* It is a bridge to a bus that has functions. */
#define FN_LEADS BIT(2)
/* It did not answer: it has no ID and no class. */
#define FN_NO_ANSWER BIT(3)
/* A BAR of it that reads zero may be memory without an address. */
#define FN_MEMORY BIT(4)
/* Its list of extended capabilities is broken. */
#define FN_BROKEN BIT(5)
/* It was read as text; what bytes there are were made of that. */
#define FN_TEXT BIT(6)
/* Text, and the words name no vendor ID; likewise for the device ID. */
#define FN_NO_VENDOR BIT(7)
#define FN_NO_DEVICE BIT(8)
/* Its extended configuration space cannot be read. */
#define FN_NOT_EXTENDED BIT(9)
/* Text, and it is cut off. */
#define FN_CUT BIT(10)
/* Text, and the kind of the function is not known. */
#define FN_NO_CLASS BIT(11)
/* Text that lists extended capabilities. */
#define FN_LISTS_EXTENDED BIT(12)
/* An IOMMU translates its DMA. */
#define FN_IOMMU BIT(13)
/* A port whose slot takes devices while the machine runs. */
#define FN_HOTPLUG BIT(14)
/* Text that lists no extended capabilities, while other functions have some. */
#define FN_UNLISTED BIT(15)
/* Text, and its name does not tell where its ACS Control Register is. */
#define FN_NO_LAYOUT BIT(16)
/* The bridge above it is not in the dump. */
#define FN_NO_BRIDGE BIT(17)

/**
 * struct function - one PCI function
 * @bdf: its address
 * @id: its device ID, 16 bits, and its vendor ID, as the register has them
 * @class: its class code, 24 bits
 * @flags: FN_*
 * @cfg: its configuration space, @len bytes; what is unknown reads all ones
 * @len: how much of it is known
 * @acs: where its ACS Extended Capability is, or 0
 * @type: PCI_EXP_TYPE_*, or %TYPE_CONVENTIONAL
 * @memory: what a dump says in words of its memory
 * @up: the bridge above it, or %NONE
 * @pf: the PF of a virtual function, or %NONE
 * @real_dma_dev: the VMD endpoint that its domain is behind, or %NONE
 * @group: its IOMMU group, or %NONE
 * @bus: the bus that it is on, a virtual function that of its PF
 * @below: the first bus below it, or %NONE
 * @next_on_bus: another function of @bus, or %NONE
 * @next_in_group: another function of @group, or %NONE
 * @parent: the function above it, be it in another domain, or %NONE
 * @first_child: the first function right below it, or %NONE
 * @next_child: another function with the same @parent, or %NONE
 * @aliases: a bit for each devfn whose requester ID it also uses, or NULL
 * @driver: the driver that is bound to it, or NULL
 * @words: its name in the words of a dump, or NULL
 * @class_words: the name of its class there
 * @path: its folder in sysfs, or NULL
 * @file: where it was read
 * @line: in which line; 0 for a raw file
 * @answer: the verdict
 * @status: what it is reported to be
 * @mounts: what is mounted from its disks, a name a line, or NULL
 * @nets: its network interfaces that are up, a name a line, or NULL
 * @swap: there is swap on its disks
 * @weak: it is the reason why others are not isolated: that, in words; or NULL
 * @peers: its peers, or NULL if they were not asked for
 */
struct function {
	u64 bdf;
	u32 id;
	u32 class;
	u32 flags;
	u8 *cfg;
	u16 len;
	u16 acs;
	u8 type;
	enum memory memory;
	int up;
	int pf;
	int real_dma_dev;
	int group;
	int bus;
	int below;
	int next_on_bus;
	int next_in_group;
	int parent;
	int first_child;
	int next_child;
	const u32 *aliases;
	const char *driver;
	const char *words;
	const char *class_words;
	const char *path;
	const char *file;
	unsigned long line;
	struct answer answer;
	enum status status;
	const char *mounts;
	const char *nets;
	bool swap;
	const char *weak;
	struct peers *peers;
};

/**
 * struct bus - one bus
 * @first: a function on it
 * @next_below: another bus below the same function, or %NONE
 */
struct bus {
	int first;
	int next_below;
};

/**
 * struct group - one IOMMU group
 * @number: its number
 * @first: a member
 */
struct group {
	int number;
	int first;
};

/**
 * struct settings - the module's, or those that a dump is judged with
 * @mode: enforce or audit, or "" if it is not known
 * @unit: function or group
 * @strict: rules S1 to S3 are asked for
 * @locked: settings are locked until reboot
 * @drivers: the guarded drivers, globs separated by commas
 */
struct settings {
	const char *mode;
	const char *unit;
	bool strict;
	bool locked;
	const char *drivers;
};

/**
 * struct machine - one machine
 * @source: what it was read from
 * @fns: its functions, in the order of their addresses once it is complete
 * @count: how many
 * @room: how many there is memory for
 * @buses: its buses
 * @nr_buses: how many
 * @bus_room: how many there is memory for
 * @groups: its IOMMU groups, in the order of their numbers
 * @nr_groups: how many
 * @group_room: how many there is memory for
 * @groups_known: IOMMU groups are known, be there none
 * @first_root: the first function without a parent
 * @settings: of the module
 * @arena: what all of this is made of
 * @error: a complaint, or NULL
 * @notes: remarks about doubtful input, a line each
 * @sized: words of the dump name the sizes of BARs, as a running kernel does
 * @one_domain: all functions are in domain 0, which is left out then
 * @no_configs: no configuration space of this machine can be read
 * @cut_configs: only a part can, for lack of rights
 * @lost: the bridge or the PF of a function vanished while sysfs was read; any
 *	function may have more peers than were found
 * @named: the function that was named last, or NULL
 * @name: its name
 * @skipped: lines of lspci's own complaints that were passed over
 */
struct machine {
	enum source source;
	struct function *fns;
	size_t count;
	size_t room;
	struct bus *buses;
	size_t nr_buses;
	size_t bus_room;
	struct group *groups;
	size_t nr_groups;
	size_t group_room;
	bool groups_known;
	int first_root;
	struct settings settings;
	struct arena arena;
	const char *error;
	struct text notes;
	bool sized;
	bool one_domain;
	bool no_configs;
	bool cut_configs;
	bool lost;
	const struct function *named;
	const char *name;
	unsigned int skipped;
};

void machine_init(struct machine *machine, enum source source);
void machine_free(struct machine *machine);
struct function *machine_add(struct machine *machine, u64 bdf, const char *file,
			     unsigned long line);
FORMAT(4, 5)
bool machine_wrong(struct machine *machine, const char *file,
		   unsigned long line, const char *format, ...);
FORMAT(3, 4)
void machine_note(struct machine *machine, const struct function *fn,
		  const char *format, ...);
struct function *machine_find(const struct machine *machine, u64 bdf);
bool machine_sort(struct machine *machine, const char *file);
void machine_link(struct machine *machine);
int machine_first_in_group(const struct machine *machine, int number);

static inline int number_of(const struct machine *machine,
			    const struct function *fn)
{
	return (int)(fn - machine->fns);
}

static inline struct function *function_at(const struct machine *machine,
					   int number)
{
	return number == NONE ? NULL : &machine->fns[number];
}

static inline bool is_virtual(const struct function *fn)
{
	return fn->pf != NONE;
}

/* A PCI-to-PCI bridge, as users understand it: a function for other functions. */
static inline bool is_port(const struct function *fn)
{
	return fn->class >> 8 == 0x0604;
}

static inline u16 vendor_of(const struct function *fn)
{
	return (u16)fn->id;
}

static inline u16 device_of(const struct function *fn)
{
	return (u16)(fn->id >> 16);
}

static inline u32 domain_of(const struct function *fn)
{
	return (u32)(fn->bdf >> 16);
}

static inline u8 bus_number_of(const struct function *fn)
{
	return (u8)(fn->bdf >> 8);
}

static inline u8 devfn_of(const struct function *fn)
{
	return (u8)fn->bdf;
}

#endif /* ACS_GUARD_MODEL_H */
