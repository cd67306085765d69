// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the verdict about one element, by hand
 */
#include "suites.h"
#include "verdict_check.h"

struct example {
	const char *name;
	struct acs_guard_element element;
	enum acs_guard_reason reason;
	u16 missing;
	bool beyond;
	bool shared;
	bool internal;
	bool shared_segment;
	bool only_virtual;
};

static const struct example examples[] = {
	{ "R10 alone on a root bus", ELEMENT(DEVICE, INTEGRATED),
	  ACS_GUARD_ISOLATED },
	{ "R10 alone, without PCIe capability", ELEMENT(DEVICE, CONVENTIONAL),
	  ACS_GUARD_ISOLATED },
	{ "R11 event collector", ELEMENT(DEVICE, COLLECTOR),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R11 type 2", ELEMENT(DEVICE, 2), ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R11 endpoint above", ELEMENT(BRIDGE, ENDPOINT),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R11 downstream port without a switch",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD, GOOD)),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
	{ "R12 alias", ELEMENT(SHARED_ID, ENDPOINT), ACS_GUARD_ALIAS },
	{ "R1 one card", ELEMENT(BRIDGE, TO_PCI), ACS_GUARD_ISOLATED },
	{ "R1 two cards", ELEMENT(BRIDGE, TO_PCI), ACS_GUARD_CONVENTIONAL,
	  .shared_segment = true },
	{ "R2 good root port", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD)),
	  ACS_GUARD_ISOLATED },
	{ "R2 good downstream port",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD, GOOD)), ACS_GUARD_ISOLATED,
	  .internal = true },
	{ "R2 no ACS", ELEMENT(BRIDGE, ROOT_PORT), ACS_GUARD_NO_ACS, GOOD },
	{ "R2 all off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, 0)),
	  ACS_GUARD_ACS_DISABLED, GOOD },
	{ "R2 SV off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~SV)),
	  ACS_GUARD_ACS_DISABLED, SV },
	{ "R2 RR off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~RR)),
	  ACS_GUARD_ACS_DISABLED, RR },
	{ "R2 CR off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~CR)),
	  ACS_GUARD_ACS_DISABLED, CR },
	{ "R2 UF off", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD & ~UF)),
	  ACS_GUARD_ACS_DISABLED, UF },
	{ "R2 root port, SV not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(0, GOOD)), ACS_GUARD_ACS_INCOMPLETE,
	  SV },
	{ "R2 root port, RR and CR not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV, SV)), ACS_GUARD_ISOLATED },
	{ "R2 root port, CR not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | RR, SV | RR)),
	  ACS_GUARD_ACS_INCOMPLETE, CR },
	{ "R2 root port, UF not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | RR | CR, GOOD)),
	  ACS_GUARD_ISOLATED },
	{ "R2 downstream port, RR not there",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD & ~RR, GOOD)),
	  ACS_GUARD_ACS_INCOMPLETE, RR, .internal = true },
	{ "R2 root port, EC there, RR not",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | EC, SV)),
	  ACS_GUARD_ACS_INCOMPLETE, RR | CR },
	{ "R2 downstream port, UF not there",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD & ~UF, GOOD)),
	  ACS_GUARD_ACS_INCOMPLETE, UF, .internal = true },
	{ "R2 downstream port, RR not there, UF off",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(GOOD & ~RR, SV | CR)),
	  ACS_GUARD_ACS_INCOMPLETE, RR | UF, .internal = true },
	{ "R2 downstream port, SV and UF only",
	  ELEMENT(BRIDGE, DOWNSTREAM, WORDS(0x13, 0x11)),
	  ACS_GUARD_ACS_INCOMPLETE, RR | CR, .internal = true },
	{ "R2 no port of that kind", ELEMENT(BRIDGE, UPSTREAM),
	  ACS_GUARD_ISOLATED },
	{ "R3 EC on", ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | EC, GOOD | EC)),
	  ACS_GUARD_EGRESS_DIRECT },
	{ "R3 EC there, off",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | EC, GOOD)),
	  ACS_GUARD_ISOLATED },
	{ "R3 DT on", ELEMENT(BRIDGE, ROOT_PORT, WORDS(0x7f, GOOD | DT)),
	  ACS_GUARD_DIRECT_TRANSLATED },
	{ "R3 DT and TB on",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(0x7f, GOOD | DT | TB)),
	  ACS_GUARD_ISOLATED },
	{ "R3 DT on, TB not there",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | DT, GOOD | DT | TB)),
	  ACS_GUARD_DIRECT_TRANSLATED },
	{ "R4 no ACS, one of several", ELEMENT(DEVICE, ENDPOINT),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 empty ACS", ELEMENT(DEVICE, ENDPOINT, WORDS(0, 0)),
	  ACS_GUARD_ISOLATED, .shared = true },
	{ "R4 RR off", ELEMENT(DEVICE, ENDPOINT, WORDS(RR | CR, CR)),
	  ACS_GUARD_MULTIFUNCTION, RR, .shared = true },
	{ "R4 CR off", ELEMENT(DEVICE, ENDPOINT, WORDS(RR | CR, RR)),
	  ACS_GUARD_MULTIFUNCTION, CR, .shared = true },
	{ "R4 CR not there", ELEMENT(DEVICE, ENDPOINT, WORDS(RR, RR)),
	  ACS_GUARD_MULTIFUNCTION, CR, .shared = true },
	{ "R4 EC there, RR not", ELEMENT(DEVICE, ENDPOINT, WORDS(EC, 0)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 DT there, RR not", ELEMENT(DEVICE, ENDPOINT, WORDS(DT, 0)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 EC on", ELEMENT(DEVICE, ENDPOINT, WORDS(0x2c, 0x2c)),
	  ACS_GUARD_MULTIFUNCTION, .shared = true },
	{ "R4 DT on", ELEMENT(DEVICE, ENDPOINT, WORDS(0x4e, 0x4e)),
	  ACS_GUARD_MULTIFUNCTION, .shared = true },
	{ "R4 SV and UF do not matter",
	  ELEMENT(DEVICE, ENDPOINT, WORDS(0x1d, 0x0c)), ACS_GUARD_ISOLATED,
	  .shared = true },
	{ "R4 Intel, integrated", ELEMENT(DEVICE, INTEGRATED, .vendor = 0x8086),
	  ACS_GUARD_ISOLATED, .shared = true },
	{ "R4 Intel, a card", ELEMENT(DEVICE, ENDPOINT, .vendor = 0x8086),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 integrated, not Intel's",
	  ELEMENT(DEVICE, INTEGRATED, .vendor = 0x1022),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R4 sibling", ELEMENT(DEVICE_SIBLING, ENDPOINT),
	  ACS_GUARD_MULTIFUNCTION, RR | CR },
	{ "R4 sibling, a port, SV off",
	  ELEMENT(DEVICE_SIBLING, ROOT_PORT, WORDS(GOOD, RR | CR)),
	  ACS_GUARD_ISOLATED },
	{ "R5 port with a sibling without ACS",
	  ELEMENT(BRIDGE_SIBLING, ENDPOINT), ACS_GUARD_MULTIFUNCTION, RR | CR },
	{ "R5 sibling is a port, SV off",
	  ELEMENT(BRIDGE_SIBLING, ROOT_PORT, WORDS(GOOD, GOOD & ~SV)),
	  ACS_GUARD_MULTIFUNCTION },
	{ "R5 sibling is a port, EC there, RR not",
	  ELEMENT(BRIDGE_SIBLING, ROOT_PORT, WORDS(SV | EC, SV)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR },
	{ "R5 sibling is a port, EC on",
	  ELEMENT(BRIDGE_SIBLING, ROOT_PORT, WORDS(GOOD | EC, GOOD | EC)),
	  ACS_GUARD_MULTIFUNCTION },
	{ "R5 upstream port, one of several", ELEMENT(BRIDGE, UPSTREAM),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R5 bridge to PCI, one of several", ELEMENT(BRIDGE, TO_PCI),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R5 root port, one of several",
	  ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, GOOD)), ACS_GUARD_ISOLATED,
	  .shared = true },
	{ "R6 sibling without ACS", ELEMENT(PEER_PORT, DOWNSTREAM),
	  ACS_GUARD_SIBLING_PORT, GOOD, .internal = true },
	{ "R6 sibling, UF off",
	  ELEMENT(PEER_PORT, DOWNSTREAM, WORDS(GOOD, 0xd)),
	  ACS_GUARD_SIBLING_PORT, UF, .internal = true },
	{ "R6 sibling, EC on",
	  ELEMENT(PEER_PORT, DOWNSTREAM, WORDS(GOOD | EC, GOOD | EC)),
	  ACS_GUARD_SIBLING_PORT, .internal = true },
	{ "R6 sibling in the same slot", ELEMENT(PEER_PORT, DOWNSTREAM),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .internal = true, .shared = true },
	{ "R7 endpoint in a switch", ELEMENT(DEVICE, ENDPOINT, WORDS(0, 0)),
	  ACS_GUARD_INTERNAL_FUNCTION, 0, true, .internal = true },
	{ "R7 endpoint beside a port", ELEMENT(PEER_PORT, ENDPOINT),
	  ACS_GUARD_INTERNAL_FUNCTION, 0, true, .internal = true },
	{ "R7 hidden by R4", ELEMENT(DEVICE, ENDPOINT), ACS_GUARD_MULTIFUNCTION,
	  RR | CR, true, .internal = true, .shared = true },
	{ "R5 bridge to PCI claims ACS",
	  ELEMENT(BRIDGE, TO_PCI, WORDS(RR | CR, RR | CR)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true },
	{ "R8 no ACS is trusted", ELEMENT(DEVICE, ENDPOINT), ACS_GUARD_ISOLATED,
	  .shared = true, .only_virtual = true },
	{ "R8 empty ACS", ELEMENT(DEVICE, ENDPOINT, WORDS(0, 0)),
	  ACS_GUARD_ISOLATED, .shared = true, .only_virtual = true },
	{ "R8 RR off", ELEMENT(DEVICE, ENDPOINT, WORDS(RR, CR)),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true,
	  .only_virtual = true },
	{ "R8 in a Root Complex", ELEMENT(DEVICE, INTEGRATED),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .shared = true,
	  .only_virtual = true },
	{ "R8 in a Root Complex, Intel",
	  ELEMENT(DEVICE, INTEGRATED, .vendor = 0x8086), ACS_GUARD_ISOLATED,
	  .shared = true, .only_virtual = true },
	{ "R8 sibling in a Root Complex", ELEMENT(DEVICE_SIBLING, INTEGRATED),
	  ACS_GUARD_MULTIFUNCTION, RR | CR, .only_virtual = true },
	{ "R8 sibling without ACS", ELEMENT(DEVICE_SIBLING, ENDPOINT),
	  ACS_GUARD_ISOLATED, .only_virtual = true },
	{ "R8 sibling, CR off",
	  ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(RR | CR, RR)),
	  ACS_GUARD_MULTIFUNCTION, CR, .only_virtual = true },
	{ "R13 another function of the group", ELEMENT(GROUP_MEMBER, ENDPOINT),
	  ACS_GUARD_IOMMU_GROUP },
	{ "R13 one that cannot be read",
	  { .role = ACS_GUARD_GROUP_MEMBER, .fn.bdf = SOME_BDF },
	  ACS_GUARD_IOMMU_GROUP },
	{ "R14 no IOMMU",
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .bdf = SOME_BDF, .type = ENDPOINT, .readable = true },
	    .no_iommu = true },
	  ACS_GUARD_NO_IOMMU,
	  0,
	  true },
	{ "R14 no IOMMU, and nothing can be read",
	  { .role = ACS_GUARD_DEVICE, .fn.bdf = SOME_BDF, .no_iommu = true },
	  ACS_GUARD_NO_IOMMU,
	  0,
	  true },
	{ "too deep", ELEMENT(PATH_UNKNOWN, ROOT_PORT, WORDS(GOOD, GOOD)),
	  ACS_GUARD_UNKNOWN_TYPE, 0, true },
};

static void name_example(const struct example *example, char *name)
{
	strscpy(name, example->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(example, examples, name_example);

static void by_hand(struct kunit *test)
{
	const struct example *example = test->param_value;
	struct acs_guard_element element = example->element;
	struct acs_guard_verdict got;

	element.shared = example->shared;
	element.internal = example->internal;
	element.shared_segment = example->shared_segment;
	element.only_virtual = example->only_virtual;
	got = judge_elements(&normal_policy, &element, 1);

	KUNIT_EXPECT_EQ(test, got.reason, example->reason);
	KUNIT_EXPECT_EQ(test, got.beyond_group, example->beyond);
	if (example->reason != ACS_GUARD_ISOLATED) {
		KUNIT_EXPECT_EQ(test, got.missing, example->missing);
		KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF);
	}
	check_element(test, &normal_policy, &element);
	check_element(test, &strict_policy, &element);
}

static struct kunit_case rules_cases[] = {
	KUNIT_CASE_PARAM(by_hand, example_gen_params),
	{ 0 },
};

struct kunit_suite rules_suite = {
	.name = "rules",
	.test_cases = rules_cases,
};
