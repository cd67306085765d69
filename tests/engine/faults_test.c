// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the facts of one function, from registers that read well or badly
 */
#include "node.h"
#include "suites.h"

/* Where the home has the extended capabilities of a function. */
#define FIRST 0x100
#define ACS 0x140
#define ATS 0x160
#define CXL 0x180
#define CTRL (CXL + 0x0c)

#define ONES U32_MAX
#define HEADER(id, next) ((u32)(next) << 20 | 1u << 16 | (id))

/* The device ID of Intel's first root port with the layout of dwords. */
#define PCH 0xa110

#define GOOD .cap = 0x5f, .ctrl = 0x1d
#define BOTH (ACS_GUARD_ATS | ACS_GUARD_CXL_CACHE)
#define PORT .kind = TOPO_ROOT_PORT, .flags = TOPO_ACS
#define PCH_PORT \
	.kind = TOPO_ROOT_PORT, .flags = TOPO_ACS | TOPO_INTEL | TOPO_DWORD

#define READS(...)                            \
	.access = { .fault = { __VA_ARGS__ }, \
		    .faults = ARRAY_SIZE(     \
			    ((struct machine_fault[]){ __VA_ARGS__ })) }
/* The dword at @at reads as @is, each time or the nth time. */
/* clang-format off */
#define AT(at, is) { .fn = 0, .where = (at), .value = (is) }
#define NTH(at, n, is) { .fn = 0, .where = (at), .nth = (n), .value = (is) }
#define FAILS(at) { .fn = 0, .where = (at), .fails = true }
#define FAILS_NTH(at, n) { .fn = 0, .where = (at), .nth = (n), .fails = true }
/* clang-format on */

static struct topo topo;
static struct machine_access access;
static struct machine machine = { .topo = &topo, .access = &access };
static struct acs_guard_reader reader = { &machine };

/**
 * struct fact - one function, how it is read, and what is found out
 * @name: what is special about it
 * @fn: the function
 * @access: how it is read
 * @offline: it is disconnected
 * @want: its facts, or that it is what is asked for
 * @found: %ACS_GUARD_ATS and %ACS_GUARD_CXL_CACHE, as expected
 * @cap: its ACS Capability register
 * @ctrl: its ACS Control register
 */
struct fact {
	const char *name;
	struct topo_fn fn;
	struct machine_access access;
	bool offline;
	bool want;
	unsigned int found;
	u16 cap;
	u16 ctrl;
};

/* Function 0, and its virtual function, number 1. */
static struct acs_node prepare(const struct fact *fact)
{
	memset(&topo, 0, sizeof(topo));
	topo.nr = 2;
	topo.fn[0] = fact->fn;
	topo.fn[0].parent = TOPO_ROOT_BUS;
	topo.fn[0].devfn = TOPO_DEVFN(3, 1);
	topo.fn[1] = topo.fn[0];
	topo.fn[1].flags |= TOPO_VF;
	topo.fn[1].devfn = TOPO_DEVFN(4, 0);
	access = fact->access;
	machine.loss = MACHINE_ALL_ONES;
	if (fact->offline) {
		machine.loss = MACHINE_OFFLINE;
		topo.fn[0].flags |= TOPO_UNREADABLE;
	}
	return acs_node_number(&machine, 0);
}

static void describe(const struct fact *fact, char *desc)
{
	strscpy(desc, fact->name, KUNIT_PARAM_DESC_SIZE);
}

static void expect_released(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, access.held, 0);
}

/* clang-format off */
static const struct fact registers[] = {
	{ "a good port", { PORT, GOOD }, .want = true,
	  .cap = 0x5f, .ctrl = 0x1d },
	{ "no answer", { PORT, GOOD }, READS(FAILS(ACS + 4)) },
	{ "all ones", { PORT, GOOD }, READS(AT(ACS + 4, ONES)) },
	{ "a capability of ones", { PORT, GOOD },
	  READS(AT(ACS + 4, 0x001dffff)) },
	{ "controls of ones", { PORT, GOOD }, READS(AT(ACS + 4, 0xffff005f)) },
	{ "one bit short of ones", { PORT, GOOD },
	  READS(AT(ACS + 4, 0xfffefffe)), .want = true,
	  .cap = 0xfffe, .ctrl = 0xfffe },
	{ "an empty capability", { PORT }, .want = true },
	{ "zeroes, and no header", { PORT }, READS(AT(ACS, 0)) },
	{ "zeroes, and a header of ones", { PORT }, READS(AT(ACS, ONES)) },
	{ "zeroes, and half a header of ones", { PORT },
	  READS(AT(ACS, 0xffff000d)) },
	{ "zeroes, and another header", { PORT },
	  READS(AT(ACS, HEADER(PCI_EXT_CAP_ID_ATS, 0))) },
	{ "zeroes, and no answer for the header", { PORT },
	  READS(FAILS(ACS)) },
	{ "zeroes once", { PORT, GOOD }, READS(NTH(ACS + 4, 1, 0)),
	  .want = true, .cap = 0x5f, .ctrl = 0x1d },
	{ "zeroes, then no answer", { PORT, GOOD },
	  READS(NTH(ACS + 4, 1, 0), FAILS_NTH(ACS + 4, 2)) },
	{ "zeroes, then ones", { PORT, GOOD },
	  READS(NTH(ACS + 4, 1, 0), NTH(ACS + 4, 2, ONES)) },
	{ "no header, but registers", { PORT, GOOD }, READS(AT(ACS, 0)),
	  .want = true, .cap = 0x5f, .ctrl = 0x1d },
	{ "dwords", { PCH_PORT, GOOD }, .want = true,
	  .cap = 0x5f, .ctrl = 0x1d },
	{ "dwords, the upper half of the second", { PCH_PORT, GOOD },
	  READS(AT(ACS + 8, 0x1234000d)), .want = true,
	  .cap = 0x5f, .ctrl = 0x0d },
	{ "dwords, no answer for the second", { PCH_PORT, GOOD },
	  READS(FAILS(ACS + 8)) },
	{ "dwords, the second of ones", { PCH_PORT, GOOD },
	  READS(AT(ACS + 8, ONES)) },
	{ "dwords, the second half of ones", { PCH_PORT, GOOD },
	  READS(AT(ACS + 8, 0xffff001d)) },
	{ "offline", { PORT, GOOD }, .offline = true },
	{ "not to be kept powered", { PORT, GOOD },
	  .access.hold_fails = true },
	{ "no extended space", { PORT, GOOD }, .access.not_extended = true },
	{ "no extended space, conventional", { .kind = TOPO_CONV },
	  .access.not_extended = true, .want = true },
	{ "no capability", { .kind = TOPO_ROOT_PORT }, READS(FAILS(MACHINE_ANY)),
	  .want = true },
};

/* clang-format on */

KUNIT_ARRAY_PARAM(registers, registers, describe)

static void acs_registers(struct kunit *test)
{
	const struct fact *fact = test->param_value;
	const struct acs_node node = prepare(fact);
	const struct acs_guard_function fn =
		acs_guard_function_of(node, &reader, true);

	KUNIT_EXPECT_EQ(test, fn.readable, fact->want);
	KUNIT_EXPECT_EQ(test, fn.bdf, acs_node_bdf(node));
	KUNIT_EXPECT_EQ(test, fn.vendor, acs_node_vendor(node));
	KUNIT_EXPECT_EQ(test, fn.type, acs_node_type(node));
	if (fact->want) {
		KUNIT_EXPECT_EQ(test, fn.acs, !!(fact->fn.flags & TOPO_ACS));
		KUNIT_EXPECT_EQ(test, fn.cap, fact->cap);
		KUNIT_EXPECT_EQ(test, fn.ctrl, fact->ctrl);
	}
	expect_released(test);
	KUNIT_EXPECT_EQ(test, access.unreadable,
			fact->fn.flags & TOPO_ACS && !fact->want &&
				!fact->offline && !fact->access.not_extended);

	/* Without its registers all that matters is that it is there. */
	prepare(fact);
	KUNIT_EXPECT_EQ(test,
			acs_guard_function_of(node, &reader, false).readable,
			!fact->offline);
	KUNIT_EXPECT_EQ(test, access.reads, 0);
}

/**
 * struct layout - a device ID of Intel's
 * @device: the ID
 * @dwords: its ACS registers are laid out as dwords
 */
struct layout {
	u16 device;
	bool dwords;
};

static const struct layout layouts[] = {
	{ 0xa10f, false }, { 0xa110, true },  { 0xa111, true },
	{ 0xa11f, true },  { 0xa120, false }, { 0xa166, false },
	{ 0xa167, true },  { 0xa168, true },  { 0xa16a, true },
	{ 0xa16b, false }, { 0xa28f, false }, { 0xa290, true },
	{ 0xa291, true },  { 0xa29f, true },  { 0xa2a0, false },
	{ 0xa2e6, false }, { 0xa2e7, true },  { 0xa2e8, true },
	{ 0xa2ee, true },  { 0xa2ef, false }, { 0x9d0f, false },
	{ 0x9d10, true },  { 0x9d11, true },  { 0x9d1b, true },
	{ 0x9d1c, false },
};

static bool reads_dwords(u16 device, u32 flags, u8 kind)
{
	const struct fact fact = {
		.fn = { .kind = kind, .flags = TOPO_ACS | flags, GOOD },
		.access.fault = { AT(ACS + 8, 0x0d) },
		.access.faults = 1,
		.access.device = device,
	};

	return acs_guard_function_of(prepare(&fact), &reader, true).ctrl ==
	       0x0d;
}

static void acs_layout(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(layouts); i++)
		if (reads_dwords(layouts[i].device, TOPO_INTEL,
				 TOPO_ROOT_PORT) != layouts[i].dwords)
			KUNIT_FAIL(test, "8086:%04x", layouts[i].device);
	KUNIT_EXPECT_FALSE(test, reads_dwords(PCH, 0, TOPO_ROOT_PORT));
	KUNIT_EXPECT_FALSE(test, reads_dwords(PCH, TOPO_INTEL, TOPO_ENDPOINT));
}

/* clang-format off */
static const struct fact ats[] = {
	{ "none", { .flags = TOPO_ACS } },
	{ "one", { .flags = TOPO_ATS }, .found = ACS_GUARD_ATS },
	{ "one, behind another capability", { .flags = TOPO_ACS | TOPO_ATS },
	  .found = ACS_GUARD_ATS },
	{ "the first", {}, READS(AT(FIRST, HEADER(PCI_EXT_CAP_ID_ATS, 0))),
	  .found = ACS_GUARD_ATS },
	{ "no list", {} },
	{ "no list, and no answer", {}, READS(FAILS(PCI_VENDOR_ID)),
	  .found = BOTH },
	{ "no list, and another vendor", {},
	  READS(AT(PCI_VENDOR_ID, 0x56781235)), .found = BOTH },
	{ "no list, and another device", {},
	  READS(AT(PCI_VENDOR_ID, 0x56791234)), .found = BOTH },
	{ "the list does not read", { .flags = TOPO_ACS },
	  READS(FAILS(FIRST)), .found = BOTH },
	{ "the list reads as ones", { .flags = TOPO_ACS },
	  READS(AT(FIRST, ONES)), .found = BOTH },
	{ "its second header does not read", { .flags = TOPO_ACS },
	  READS(FAILS(ACS)), .found = BOTH },
	{ "its second header reads as ones", { .flags = TOPO_ACS },
	  READS(AT(ACS, ONES)), .found = BOTH },
	{ "its second header reads as zeroes", { .flags = TOPO_ACS },
	  READS(AT(ACS, 0)), .found = BOTH },
	{ "a header that is nearly of ones", { .flags = TOPO_ACS },
	  READS(AT(ACS, 0x000ffffe)) },
	{ "reserved bits of the way to the next", {},
	  READS(AT(FIRST, HEADER(PCI_EXT_CAP_ID_VNDR, ATS | 3))),
	  .found = ACS_GUARD_ATS },
	{ "a way to what is no extended capability", {},
	  READS(AT(FIRST, HEADER(PCI_EXT_CAP_ID_VNDR, 0xfc)),
		AT(0xfc, HEADER(PCI_EXT_CAP_ID_ATS, 0))) },
	{ "a loop to the start", {},
	  READS(AT(FIRST, HEADER(PCI_EXT_CAP_ID_VNDR, FIRST))),
	  .found = BOTH },
	{ "a loop further on", { .flags = TOPO_ACS },
	  READS(AT(ACS, HEADER(PCI_EXT_CAP_ID_ACS, ACS))), .found = BOTH },
	{ "as many as there is room for", {}, .access.packed = true },
	{ "conventional", { .kind = TOPO_CONV }, READS(FAILS(MACHINE_ANY)) },
	{ "no extended space", {}, .access.not_extended = true, .found = BOTH },
	{ "no extended space, conventional", { .kind = TOPO_CONV },
	  .access.not_extended = true },
	{ "offline", { .flags = TOPO_ACS }, .offline = true, .found = BOTH },
	{ "not to be kept powered", {}, .access.hold_fails = true,
	  .found = BOTH },
};

static const struct fact cxl_cache[] = {
	{ "only ATS", { .flags = TOPO_ACS | TOPO_ATS }, .found = ACS_GUARD_ATS },
	{ "on", { .flags = TOPO_CXL_CACHE }, .found = ACS_GUARD_CXL_CACHE },
	{ "off", { .flags = TOPO_CXL_CACHE }, READS(AT(CTRL, 0)) },
	{ "off, all else on", { .flags = TOPO_CXL_CACHE },
	  READS(AT(CTRL, 0xfffffffe)) },
	{ "its control does not read", { .flags = TOPO_CXL_CACHE },
	  READS(FAILS(CTRL)), .found = ACS_GUARD_CXL_CACHE },
	{ "its control reads as ones", { .flags = TOPO_CXL_CACHE },
	  READS(AT(CTRL, ONES)), .found = ACS_GUARD_CXL_CACHE },
	{ "the vendor does not read", { .flags = TOPO_CXL_CACHE },
	  READS(FAILS(CXL + 4), AT(CTRL, 0)), .found = ACS_GUARD_CXL_CACHE },
	{ "the vendor reads as ones", { .flags = TOPO_CXL_CACHE },
	  READS(AT(CXL + 4, ONES), AT(CTRL, 0)), .found = ACS_GUARD_CXL_CACHE },
	{ "half of the vendor's dword reads as ones",
	  { .flags = TOPO_CXL_CACHE },
	  READS(AT(CXL + 4, 0xffff1e98), AT(CTRL, 0)), .found = ACS_GUARD_CXL_CACHE },
	{ "the ID does not read", { .flags = TOPO_CXL_CACHE },
	  READS(FAILS(CXL + 8), AT(CTRL, 0)), .found = ACS_GUARD_CXL_CACHE },
	{ "the ID reads as ones", { .flags = TOPO_CXL_CACHE },
	  READS(AT(CXL + 8, ONES), AT(CTRL, 0)), .found = ACS_GUARD_CXL_CACHE },
	{ "another vendor", { .flags = TOPO_CXL_CACHE },
	  READS(AT(CXL + 4, 0x1e99)) },
	{ "another ID", { .flags = TOPO_CXL_CACHE }, READS(AT(CXL + 8, 1)) },
	{ "the ID, with a register above it", { .flags = TOPO_CXL_CACHE },
	  READS(AT(CXL + 4, 0x00121e98), AT(CXL + 8, 0x00010000)),
	  .found = ACS_GUARD_CXL_CACHE },
	{ "no room for its registers", {},
	  READS(AT(FIRST, HEADER(PCI_EXT_CAP_ID_VNDR, 0xffc)),
		AT(0xffc, HEADER(PCI_EXT_CAP_ID_DVSEC, 0)), AT(0x1000, 0x1e99)),
	  .found = ACS_GUARD_CXL_CACHE },
	{ "another ID, in the last register", {},
	  READS(AT(FIRST, HEADER(PCI_EXT_CAP_ID_VNDR, 0xff4)),
		AT(0xff4, HEADER(PCI_EXT_CAP_ID_DVSEC, 0)), AT(0xff8, 0x1e98),
		AT(0xffc, 1)) },
	{ "the same in another capability", { .flags = TOPO_CXL_CACHE },
	  READS(AT(CXL, HEADER(PCI_EXT_CAP_ID_VNDR, 0))) },
};

/* clang-format on */

KUNIT_ARRAY_PARAM(ats, ats, describe)
KUNIT_ARRAY_PARAM(cxl_cache, cxl_cache, describe)

static void translation(struct kunit *test)
{
	const struct fact *fact = test->param_value;
	const struct acs_node node = prepare(fact);

	KUNIT_EXPECT_EQ(test, acs_guard_translation_of(node, &reader),
			fact->found);
	expect_released(test);
	KUNIT_EXPECT_EQ(test, access.unreadable,
			fact->offline || fact->access.hold_fails);
	/* A list leads to no more capabilities than there is room for. */
	KUNIT_EXPECT_TRUE(test, access.reads <= 2 * 480);
	if (access.packed)
		KUNIT_EXPECT_EQ(test, access.reads, 2 * 480);
}

/* The list is read twice, so that one wrong read hides nothing. */
static void one_wrong_read(struct kunit *test)
{
	struct fact fact = { .fn.flags = TOPO_ACS | TOPO_ATS | TOPO_CXL_CACHE };
	unsigned int reads, nth;

	KUNIT_EXPECT_EQ(test, acs_guard_translation_of(prepare(&fact), &reader),
			BOTH);
	reads = access.reads;
	KUNIT_EXPECT_TRUE(test, reads > 1);
	fact.access.faults = 1;
	for (nth = 1; nth <= reads; nth++) {
		fact.access.fault[0] =
			(struct machine_fault){ MACHINE_ANY, MACHINE_ANY, nth };
		if (acs_guard_translation_of(prepare(&fact), &reader) != BOTH)
			KUNIT_FAIL(test, "read %u hid a capability", nth);
	}
}

/* A virtual function reads as having no vendor. */
static void virtual_answers(struct kunit *test)
{
	const struct acs_node vf = acs_node_number(&machine, 1);
	struct fact fact = { .access.faults = 1 };

	fact.access.fault[0] =
		(struct machine_fault){ 1, PCI_VENDOR_ID, .value = ONES };
	prepare(&fact);
	KUNIT_EXPECT_EQ(test, acs_guard_translation_of(vf, &reader), 0);
	fact.access.fault[0].fn = 0;
	prepare(&fact);
	KUNIT_EXPECT_EQ(test, acs_guard_translation_of(vf, &reader), BOTH);
}

#define DUMMY .kind = TOPO_CONV, .flags = TOPO_DUMMY
#define BAR(i) (PCI_BASE_ADDRESS_0 + 4 * (i))

/* clang-format off */
static const struct fact dummies[] = {
	{ "a dummy", { DUMMY }, .want = true },
	{ "with I/O and memory on", { DUMMY }, READS(AT(PCI_COMMAND, 3)),
	  .want = true },
	{ "another class", { .kind = TOPO_CONV }, READS(AT(PCI_COMMAND, 0)) },
	{ "of another class by now", { DUMMY },
	  READS(AT(PCI_CLASS_REVISION, 0x06040000)) },
	{ "a class of ones", { DUMMY }, READS(AT(PCI_CLASS_REVISION, ONES)) },
	{ "a class of zeroes", { DUMMY }, READS(AT(PCI_CLASS_REVISION, 0)) },
	{ "with a revision", { DUMMY },
	  READS(AT(PCI_CLASS_REVISION, 0x06000012)), .want = true },
	{ "with memory", { .kind = TOPO_CONV, .flags = TOPO_DUMMY | TOPO_BAR } },
	{ "with Bus Master on",
	  { .kind = TOPO_CONV, .flags = TOPO_DUMMY | TOPO_MASTER } },
	{ "Bus Master comes on", { DUMMY },
	  READS(NTH(PCI_COMMAND, 2, PCI_COMMAND_MASTER)) },
	{ "Bus Master goes off", { DUMMY },
	  READS(NTH(PCI_COMMAND, 1, PCI_COMMAND_MASTER)) },
	{ "with capabilities", { DUMMY }, READS(AT(PCI_COMMAND, 0x00100000)) },
	{ "with capabilities at first", { DUMMY },
	  READS(NTH(PCI_COMMAND, 1, 0x00100000)) },
	{ "a first BAR", { DUMMY }, READS(AT(BAR(0), 1)) },
	{ "a second BAR", { DUMMY }, READS(AT(BAR(1), 1)) },
	{ "a third BAR", { DUMMY }, READS(AT(BAR(2), 1)) },
	{ "a fourth BAR", { DUMMY }, READS(AT(BAR(3), 1)) },
	{ "a fifth BAR", { DUMMY }, READS(AT(BAR(4), 1)) },
	{ "a sixth BAR", { DUMMY }, READS(AT(BAR(5), 1)) },
	{ "what comes after the BARs", { DUMMY }, READS(AT(BAR(6), 1)),
	  .want = true },
};

/* clang-format on */

KUNIT_ARRAY_PARAM(dummies, dummies, describe)

static void is_dummy(struct kunit *test)
{
	const struct fact *fact = test->param_value;
	const struct acs_node node = prepare(fact);

	KUNIT_EXPECT_EQ(test, acs_guard_is_dummy(node, &reader), fact->want);
	prepare(fact);
	KUNIT_EXPECT_EQ(test, acs_guard_can_be_exposed(node, &reader),
			!fact->want);
}

/* Idle twice, the class, and six BARs. */
static void dummy_unread(struct kunit *test)
{
	struct fact fact = { .fn = { DUMMY } };
	unsigned int nth;

	acs_guard_is_dummy(prepare(&fact), &reader);
	KUNIT_EXPECT_EQ(test, access.reads, 9);
	fact.access.faults = 1;
	for (nth = 1; nth <= 9; nth++) {
		fact.access.fault[0] = (struct machine_fault){ MACHINE_ANY,
							       MACHINE_ANY, nth,
							       .fails = true };
		if (acs_guard_is_dummy(prepare(&fact), &reader))
			KUNIT_FAIL(test, "read %u fails", nth);
		fact.access.fault[0].fails = false;
		fact.access.fault[0].value = ONES;
		if (acs_guard_is_dummy(prepare(&fact), &reader))
			KUNIT_FAIL(test, "read %u is of ones", nth);
	}
}

static void bridges_are_exposed(struct kunit *test)
{
	const struct fact fact = { .fn = { PORT } };
	const struct acs_node node = prepare(&fact);

	KUNIT_EXPECT_FALSE(test, acs_guard_can_be_exposed(node, &reader));
	machine.unexplored = 1;
	KUNIT_EXPECT_TRUE(test, acs_guard_can_be_exposed(node, &reader));
	machine.unexplored = 0;
}

static struct kunit_case faults_cases[] = {
	KUNIT_CASE_PARAM(acs_registers, registers_gen_params),
	KUNIT_CASE(acs_layout),
	KUNIT_CASE_PARAM(translation, ats_gen_params),
	KUNIT_CASE_PARAM(translation, cxl_cache_gen_params),
	KUNIT_CASE(one_wrong_read),
	KUNIT_CASE(virtual_answers),
	KUNIT_CASE_PARAM(is_dummy, dummies_gen_params),
	KUNIT_CASE(dummy_unread),
	KUNIT_CASE(bridges_are_exposed),
	{ 0 },
};

struct kunit_suite faults_suite = {
	.name = "faults",
	.test_cases = faults_cases,
};
