/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A neutral description of a PCI hierarchy, for tests.
 *
 * A topology is an array of functions. It says what the hardware is and how its
 * registers are set, and nothing of what anybody concludes from that. The
 * oracle (oracle.h) computes from it where packets can go; a test turns it into
 * whatever the code under test wants to be fed with.
 *
 * Nothing here allocates, sleeps or takes locks; memory is the caller's.
 */
#ifndef TOPO_H
#define TOPO_H

#include "test_home.h"

#define TOPO_MAX 64   /* functions; one bit each in a u64 */
#define TOPO_DEPTH 16 /* most bridges above a function */
#define TOPO_ROOT_BUS (-1)
#define TOPO_LINE 256 /* room for one line of topo_print() */

#define TOPO_DEVFN(dev, fn) ((u8)((dev) << 3 | (fn)))
#define TOPO_DEV(devfn) ((devfn) >> 3)
#define TOPO_FN(devfn) ((devfn) % 8)

/*
 * What a function is. Up to 0xa this is the Device/Port Type field of the PCI
 * Express Capabilities register (7.5.3.2), which lists each type for one kind
 * of header. A function with the header of the other kind is unknown.
 */
enum topo_kind {
	TOPO_ENDPOINT = 0x0,
	TOPO_LEGACY = 0x1, /* legacy endpoint */
	TOPO_ROOT_PORT = 0x4,
	TOPO_UPSTREAM = 0x5,
	TOPO_DOWNSTREAM = 0x6,
	TOPO_PCIE_TO_PCI = 0x7,
	TOPO_PCI_TO_PCIE = 0x8,
	TOPO_INTEGRATED = 0x9, /* root complex integrated endpoint */
	TOPO_COLLECTOR = 0xa,  /* root complex event collector */
	TOPO_UNKNOWN = 0x10,   /* header type 0, a type not listed for it */
	TOPO_UNKNOWN_BRIDGE,   /* header type 1, a type not listed for it */
	TOPO_CONV,	       /* no PCIe capability, header type 0 */
	TOPO_CONV_BRIDGE,      /* no PCIe capability, header type 1 */
	TOPO_KINDS
};

/* ACS Capability and Control registers (7.7.11.2, 7.7.11.3) */
#define TOPO_ACS_SV BIT(0)
#define TOPO_ACS_TB BIT(1)
#define TOPO_ACS_RR BIT(2)
#define TOPO_ACS_CR BIT(3)
#define TOPO_ACS_UF BIT(4)
#define TOPO_ACS_EC BIT(5)
#define TOPO_ACS_DT BIT(6)
#define TOPO_ACS_ENHANCED BIT(7) /* capability only */
#define TOPO_ACS_IOB BIT(7)	 /* control only, as are the next three */
#define TOPO_ACS_DSP_MEM (BIT(8) | BIT(9))
#define TOPO_ACS_USP_MEM (BIT(10) | BIT(11))
#define TOPO_ACS_UNCLAIMED BIT(12)
#define TOPO_ACS_ENH_CTRL                                     \
	(TOPO_ACS_IOB | TOPO_ACS_DSP_MEM | TOPO_ACS_USP_MEM | \
	 TOPO_ACS_UNCLAIMED)

/* the controls by which a function declares peer-to-peer support */
#define TOPO_ACS_P2P (TOPO_ACS_RR | TOPO_ACS_CR | TOPO_ACS_EC | TOPO_ACS_DT)
/* what a port, and what another function, needs on */
#define TOPO_ACS_PORT (TOPO_ACS_SV | TOPO_ACS_RR | TOPO_ACS_CR | TOPO_ACS_UF)
#define TOPO_ACS_FUNC (TOPO_ACS_RR | TOPO_ACS_CR)

/* struct topo_fn, flags */
#define TOPO_ACS BIT(0)	       /* has an ACS capability */
#define TOPO_VF BIT(1)	       /* virtual function, of .vf_of */
#define TOPO_ALIAS BIT(2)      /* also issues as .alias, on its own bus */
#define TOPO_INTEL BIT(3)      /* vendor ID 8086 */
#define TOPO_DUMMY BIT(4)      /* class 0600, no capabilities, no BARs */
#define TOPO_MASTER BIT(5)     /* Bus Master on (matters for TOPO_DUMMY) */
#define TOPO_BAR BIT(6)	       /* has memory BARs of its own */
#define TOPO_ATS BIT(7)	       /* has an ATS capability */
#define TOPO_ARI BIT(8)	       /* port: the device below uses ARI */
#define TOPO_SLOT BIT(9)       /* port: its slot is hot-plug capable */
#define TOPO_VMD BIT(10)       /* VMD endpoint: a domain of its own below it */
#define TOPO_DWORD BIT(11)     /* ACS registers laid out as dwords */
#define TOPO_MFBIT BIT(12)     /* multi-function bit, even if alone */
#define TOPO_CXL_CACHE BIT(13) /* CXL.cache enabled */
#define TOPO_UNREADABLE \
	BIT(14)		     /* software cannot read it; packets do not care */
#define TOPO_NO_SLOT BIT(15) /* port: Slot Implemented is clear */
#define TOPO_HIDDEN \
	BIT(16) /* the kernel does not list it; packets do not care */
#define TOPO_DECLARES BIT(17) /* TOPO_UNKNOWN*: has the type .declares */
#define TOPO_FLAGS 18

/**
 * struct topo_fn - one function
 * @parent: index of the bridge it is below, or TOPO_ROOT_BUS; parents come
 *	first in the array. A VF has its PF's parent.
 * @vf_of: with TOPO_VF, the index of its PF; otherwise 0
 * @kind: enum topo_kind; a VF has its PF's
 * @devfn: device and function number on its bus
 * @bus_off: VF only: by how much its bus number exceeds its PF's
 * @alias: with TOPO_ALIAS, a devfn on its own bus, whether anything is there
 *	or not; otherwise 0
 * @declares: with TOPO_DECLARES, a type that belongs to the other header;
 *	without, an unknown function has a reserved type
 * @group: IOMMU group, 0 for none; no matter to packets
 * @flags: TOPO_ACS and so on
 * @cap: ACS Capability register; 0 without TOPO_ACS
 * @ctrl: ACS Control register, as the hardware obeys it; 0 without TOPO_ACS
 */
struct topo_fn {
	s8 parent;
	u8 vf_of;
	u8 kind;
	u8 devfn;
	u8 bus_off;
	u8 alias;
	u8 declares;
	u16 group;
	u32 flags;
	u16 cap;
	u16 ctrl;
};

/**
 * struct topo - a hierarchy below one root complex
 * @nr: functions in use
 * @fn: the functions
 */
struct topo {
	u8 nr;
	struct topo_fn fn[TOPO_MAX];
};

static inline bool topo_is_virtual(const struct topo_fn *fn)
{
	return fn->flags & TOPO_VF;
}

static inline bool topo_is_conventional(const struct topo_fn *fn)
{
	return fn->kind == TOPO_CONV || fn->kind == TOPO_CONV_BRIDGE;
}

/* topo.c */
#define TOPO_TYPE_RESERVED 0xb
#define TOPO_TYPE_NONE 0x10 /* no PCI Express capability */

bool topo_is_bridge(const struct topo_fn *fn);
bool topo_only_forwards(const struct topo_fn *fn);
u8 topo_type(const struct topo_fn *fn);
bool topo_is_port(const struct topo_fn *fn);
bool topo_has_ari(const struct topo_fn *fn);
bool topo_is_inert(const struct topo_fn *fn);
unsigned int topo_first_vf(const struct topo *t, unsigned int pf);
bool topo_is_unused(const struct topo *t, unsigned int i);
bool topo_can_hide(const struct topo *t, unsigned int i);
int topo_domain(const struct topo *t, unsigned int i);
bool topo_same_bus(const struct topo_fn *a, const struct topo_fn *b);
unsigned int topo_depth(const struct topo *t, unsigned int i);
const char *topo_invalid(const struct topo *t);

/* topo_print.c */
const char *topo_kind_name(unsigned int kind);
int topo_print(const struct topo *t, unsigned int i, char *buf, size_t size);

/* topo_random.c */
#define TOPO_GEN_VF BIT(0)     /* virtual functions */
#define TOPO_GEN_VF_ACS BIT(1) /* ... with ACS words of their own */
#define TOPO_GEN_ALIAS BIT(2)  /* requester ID aliases */
#define TOPO_GEN_VMD BIT(3)
#define TOPO_GEN_INTERNAL BIT(4) /* non-ports on switch-internal buses */
#define TOPO_GEN_UNKNOWN BIT(5)	 /* reserved types, event collectors */
#define TOPO_GEN_UNREADABLE BIT(6)
#define TOPO_GEN_ODD_ACS BIT(7) /* ACS on types that must not have it */
#define TOPO_GEN_CONV BIT(8)	/* conventional bridges and functions */
#define TOPO_GEN_NO_SLOT BIT(9) /* ports without a slot */
#define TOPO_GEN_HIDDEN BIT(10) /* functions that the kernel does not list */
#define TOPO_GEN_GROUP BIT(11)	/* IOMMU groups */
#define TOPO_GEN_ALL GENMASK(11, 0)

void topo_random(struct topo *t, u64 seed, u32 features);

/* topo_enum.c */
#define TOPO_ENUM_MAX 6 /* functions and ports */
#define TOPO_ENUM_NODES (2 * TOPO_ENUM_MAX)

/**
 * enum topo_words - which ACS words the walk tries
 * @TOPO_WORDS_HERE: those that differ in effect where they are: an empty port
 *	needs one only, a function alone in its device as well
 * @TOPO_WORDS_EFFECT: all that differ in effect somewhere
 * @TOPO_WORDS_ALL: also other registers to the same effect
 */
enum topo_words {
	TOPO_WORDS_HERE,
	TOPO_WORDS_EFFECT,
	TOPO_WORDS_ALL,
};

/**
 * struct topo_enum - a walk over all small topologies
 * @max: most functions and ports
 * @slots: most devices on the root bus
 * @words: enum topo_words
 * @len: nodes in the current shape
 * @depth: per node in preorder, its depth
 * @kind: per node, an index into the table of node kinds
 * @word: per node, an index into its table of ACS words
 * @takes: per node, the set of those that it takes
 * @count: topologies handed out
 * @shapes: shapes they came from
 *
 * To be treated as opaque, but for @count and @shapes.
 */
struct topo_enum {
	u8 max;
	u8 slots;
	u8 words;
	u8 len;
	u8 depth[TOPO_ENUM_NODES];
	u8 kind[TOPO_ENUM_NODES];
	u8 word[TOPO_ENUM_NODES];
	u32 takes[TOPO_ENUM_NODES];
	u64 count;
	u32 shapes;
};

void topo_enum_start(struct topo_enum *e, unsigned int max, unsigned int slots,
		     enum topo_words words);
bool topo_enum_next(struct topo_enum *e, struct topo *t);
bool topo_enum_variant(const struct topo *t, unsigned int nth, struct topo *to);

/* topo_fit.c */
void topo_fit(struct topo *t);
bool topo_can_be_found(const struct topo *t);
bool topo_random_to_be_found(struct topo *t, u64 seed, u32 features);

/* topo_shrink.c */
typedef bool (*topo_test_fn)(const struct topo *t, void *ctx);

unsigned int topo_shrink(struct topo *t, struct topo *scratch,
			 topo_test_fn fails, void *ctx);

#endif /* TOPO_H */
