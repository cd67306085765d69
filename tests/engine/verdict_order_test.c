// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: which of several failures a verdict names
 */
#include "suites.h"
#include "verdict_check.h"

/**
 * struct failure - a function that fails one rule
 * @turn: when that rule is asked; the same for what comes from one rule
 * @element: the function
 */
struct failure {
	unsigned int turn;
	struct acs_guard_element element;
};

static const struct failure failures[] = {
	{ 0, { .role = ACS_GUARD_DEVICE, .no_iommu = true } },
	{ 0,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = COLLECTOR, .readable = true },
	    .shared = true,
	    .no_iommu = true } },
	{ 1, { .role = ACS_GUARD_DEVICE } },
	{ 1, { .role = ACS_GUARD_BRIDGE_SIBLING } },
	{ 2, ELEMENT(DEVICE, COLLECTOR) },
	{ 2, ELEMENT(PATH_UNKNOWN, ROOT_PORT) },
	{ 3, ELEMENT(SHARED_ID, ENDPOINT) },
	{ 4,
	  { .role = ACS_GUARD_BRIDGE,
	    .fn = { .type = TO_PCI, .readable = true },
	    .shared_segment = true } },
	{ 5,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = ENDPOINT, .readable = true },
	    .shared = true } },
	{ 5,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = ENDPOINT, .readable = true, WORDS(RR, 0) },
	    .shared = true,
	    .only_virtual = true } },
	{ 6, ELEMENT(DEVICE_SIBLING, ENDPOINT) },
	{ 6, ELEMENT(BRIDGE_SIBLING, ENDPOINT) },
	{ 7, ELEMENT(BRIDGE, ROOT_PORT) },
	{ 7, ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD, SV)) },
	{ 7, ELEMENT(BRIDGE, ROOT_PORT, WORDS(SV | RR, SV | RR)) },
	{ 8, ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | EC, GOOD | EC)) },
	{ 8, ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | DT, GOOD | DT)) },
	{ 9,
	  { .role = ACS_GUARD_PEER_PORT,
	    .fn = { .type = DOWNSTREAM, .readable = true },
	    .internal = true } },
	{ 10,
	  { .role = ACS_GUARD_PEER_PORT,
	    .fn = { .type = ENDPOINT, .readable = true },
	    .internal = true } },
	{ 11,
	  { .role = ACS_GUARD_BRIDGE,
	    .fn = { .type = ROOT_PORT, .readable = true, WORDS(GOOD, GOOD) },
	    .ats = true } },
	{ 12,
	  { .role = ACS_GUARD_BRIDGE,
	    .fn = { .type = ROOT_PORT, .readable = true, WORDS(GOOD, GOOD) },
	    .sibling_memory = true } },
	{ 13,
	  { .role = ACS_GUARD_DEVICE,
	    .fn = { .type = ENDPOINT, .readable = true },
	    .cxl_cache = true } },
	{ 14, ELEMENT(GROUP_MEMBER, ENDPOINT) },
	{ 14, { .role = ACS_GUARD_GROUP_MEMBER } },
};

/* The order of elements makes no difference. */
static void expect_first(struct kunit *test,
			 const struct acs_guard_element *first,
			 const struct acs_guard_element *second)
{
	const struct acs_guard_verdict wanted =
		judge_elements(&strict_policy, first, 1);
	struct acs_guard_verdict verdict;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		const struct acs_guard_element elements[] = {
			i ? *second : *first, i ? *first : *second
		};

		verdict = judge_elements(&strict_policy, elements, 2);
		KUNIT_EXPECT_EQ(test, verdict.blocker, first->fn.bdf);
		KUNIT_EXPECT_EQ(test, verdict.reason, wanted.reason);
		KUNIT_EXPECT_EQ(test, verdict.missing, wanted.missing);
		KUNIT_EXPECT_EQ(test, verdict.root_port, wanted.root_port);
	}
}

/* Every two failures: by level, then by turn, then by address. */
static void every_pair(struct kunit *test)
{
	const u64 low = ACS_GUARD_BDF(0, 1, 0), high = ACS_GUARD_BDF(1, 0, 0);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(failures); i++)
		for (j = 0; j < ARRAY_SIZE(failures); j++) {
			struct acs_guard_element a = failures[i].element;
			struct acs_guard_element b = failures[j].element;

			a.fn.bdf = high;
			b.fn.bdf = low;
			a.level = 1;
			b.level = 2;
			expect_first(test, &a, &b);

			a.level = ACS_GUARD_MAX_DEPTH;
			b.level = ACS_GUARD_MAX_DEPTH + 1;
			expect_first(test, &a, &b);

			a.level = 0;
			b.level = 0;
			if (failures[i].turn < failures[j].turn)
				expect_first(test, &a, &b);
			if (failures[i].turn == failures[j].turn)
				expect_first(test, &b, &a);
		}
}

#define NUM_ELEMENTS 5
#define NUM_PATHS 400
#define SEED 3

/* Elements that fail no rule, or only because of others. */
static const struct acs_guard_element others[] = {
	ELEMENT(BRIDGE, ROOT_PORT, WORDS(GOOD | TB, GOOD | TB)),
	ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(RR | CR, RR | CR)),
	ELEMENT(BRIDGE_SIBLING, ENDPOINT, WORDS(EC | RR | CR, RR | CR)),
	ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(0, 0)),
	{ .role = ACS_GUARD_PEER_PORT,
	  .fn = { .type = DOWNSTREAM, .readable = true, WORDS(GOOD, GOOD) },
	  .internal = true },
	{ .role = ACS_GUARD_DEVICE,
	  .fn = { .type = ENDPOINT, .readable = true },
	  .shared = true,
	  .only_virtual = true },
	{ .role = ACS_GUARD_DEVICE_SIBLING,
	  .fn = { .type = ENDPOINT, .readable = true },
	  .only_virtual = true },
	{ .role = ACS_GUARD_BRIDGE_SIBLING,
	  .fn = { .type = LEGACY, .readable = true },
	  .only_virtual = true },
	{ .role = ACS_GUARD_BRIDGE_SIBLING,
	  .fn = { .type = INTEGRATED, .readable = true },
	  .only_virtual = true },
	{ .role = ACS_GUARD_DEVICE,
	  .fn = { .type = INTEGRATED, .readable = true, .vendor = 0x8086 },
	  .shared = true,
	  .only_virtual = true },
	{ .role = ACS_GUARD_DEVICE,
	  .fn = { .type = ENDPOINT, .readable = true, WORDS(RR, 0) } },
};

/* SplitMix64, its upper half */
static u32 next_random(u64 *rnd)
{
	u64 z = *rnd += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z >> 32;
}

static void random_element(u64 *rnd, unsigned int index,
			   struct acs_guard_element *element)
{
	const u32 bits = next_random(rnd);
	const u32 which = next_random(rnd);

	*element = bits & 1 ? failures[which % ARRAY_SIZE(failures)].element :
			      others[which % ARRAY_SIZE(others)];
	element->level = bits >> 1 & 1;
	element->hidden = !(bits >> 5 & 3);
	/* One function, one failure: no address comes twice. */
	element->fn.bdf = ACS_GUARD_BDF(bits >> 2 & 1, bits >> 3 & 3, index);
}

static void expect_same(struct kunit *test,
			const struct acs_guard_element *elements,
			const struct acs_guard_policy *policy)
{
	const struct acs_guard_verdict got =
		judge_elements(policy, elements, NUM_ELEMENTS);
	const struct acs_guard_verdict wanted =
		model_verdict(policy, elements, NUM_ELEMENTS);

	if (likely(verdicts_agree(&got, &wanted)))
		return;
	complain(test, &got, &wanted);
}

/* The elements of a level come one after the other. */
static bool is_walk(const struct acs_guard_element *elements)
{
	unsigned int i, j;

	for (i = 2; i < NUM_ELEMENTS; i++)
		for (j = 0; j + 1 < i; j++)
			if (elements[i].level == elements[j].level &&
			    elements[i].level != elements[i - 1].level)
				return false;
	return true;
}

/* All orders of @elements from @from on. */
static void permute(struct kunit *test, struct acs_guard_element *elements,
		    unsigned int from)
{
	unsigned int i;

	if (from == NUM_ELEMENTS) {
		if (!is_walk(elements))
			return;
		expect_same(test, elements, &normal_policy);
		expect_same(test, elements, &strict_policy);
		return;
	}
	for (i = from; i < NUM_ELEMENTS; i++) {
		swap(elements[from], elements[i]);
		permute(test, elements, from + 1);
		swap(elements[from], elements[i]);
	}
}

static void any_order(struct kunit *test)
{
	static struct acs_guard_element elements[NUM_ELEMENTS];
	u64 rnd = SEED;
	unsigned int i, j;

	if (skip_after_failure(test))
		return;
	for (i = 0; i < NUM_PATHS; i++) {
		for (j = 0; j < NUM_ELEMENTS; j++)
			random_element(&rnd, j, &elements[j]);
		permute(test, elements, 0);
	}
}

/* A failure that is not named still counts for the group. */
static void unnamed_beyond_group(struct kunit *test)
{
	struct acs_guard_element elements[] = {
		ELEMENT(BRIDGE, ROOT_PORT),
		ELEMENT(PEER_PORT, ENDPOINT),
	};
	struct acs_guard_verdict got;

	got = judge_elements(&normal_policy, elements, 1);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);

	elements[1].internal = true;
	elements[1].level = 7;
	got = judge_elements(&normal_policy, elements, 2);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);

	swap(elements[0], elements[1]);
	got = judge_elements(&normal_policy, elements, 2);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);
}

/* No failure of a function that the kernel does not list is excused. */
static void every_hidden_failure(struct kunit *test)
{
	const struct acs_guard_element good = {
		.role = ACS_GUARD_PEER_PORT,
		.fn = { .type = DOWNSTREAM,
			.readable = true,
			WORDS(GOOD, GOOD) },
		.internal = true,
		.hidden = true,
	};
	struct acs_guard_verdict got = judge_elements(&strict_policy, &good, 1);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_ISOLATED);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);

	for (i = 0; i < ARRAY_SIZE(failures); i++) {
		struct acs_guard_element element = failures[i].element;

		got = judge_elements(&strict_policy, &element, 1);
		KUNIT_EXPECT_FALSE(test, got.hidden);
		element.hidden = true;
		got = judge_elements(&strict_policy, &element, 1);
		KUNIT_EXPECT_TRUE(test, got.beyond_group);
		KUNIT_EXPECT_EQ(test, got.hidden, !element.shared_segment);
		KUNIT_EXPECT_EQ(test, got.root_port,
				element.fn.type == ROOT_PORT);
	}
}

/* R8: a function is trusted until another declares peer-to-peer support. */
static void hidden_among_virtual(struct kunit *test)
{
	struct acs_guard_element elements[] = {
		ELEMENT(DEVICE_SIBLING, ENDPOINT, WORDS(RR | CR, RR | CR)),
		ELEMENT(DEVICE_SIBLING, ENDPOINT),
		ELEMENT(DEVICE_SIBLING, ENDPOINT),
		ELEMENT(BRIDGE, ROOT_PORT),
	};
	struct acs_guard_verdict got;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(elements); i++)
		elements[i].fn.bdf = SOME_BDF + i;
	elements[1].only_virtual = true;
	elements[2].only_virtual = true;
	elements[2].hidden = true;

	got = judge_elements(&normal_policy, elements, 3);
	KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF + 1);
	KUNIT_EXPECT_FALSE(test, got.hidden);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);

	swap(elements[1].fn.bdf, elements[2].fn.bdf);
	got = judge_elements(&normal_policy, elements, 4);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_MULTIFUNCTION);
	KUNIT_EXPECT_EQ(test, got.blocker, SOME_BDF + 1);
	KUNIT_EXPECT_TRUE(test, got.hidden);
	KUNIT_EXPECT_FALSE(test, got.root_port);
	KUNIT_EXPECT_TRUE(test, got.beyond_group);

	/* The first declared it; and the next level is another one. */
	elements[3].level = 1;
	got = judge_elements(&normal_policy, &elements[1], 3);
	KUNIT_EXPECT_EQ(test, got.reason, ACS_GUARD_NO_ACS);
	KUNIT_EXPECT_FALSE(test, got.hidden);
	KUNIT_EXPECT_TRUE(test, got.root_port);
	KUNIT_EXPECT_FALSE(test, got.beyond_group);
}

static struct kunit_case verdict_order_cases[] = {
	KUNIT_CASE(every_pair),
	KUNIT_CASE(unnamed_beyond_group),
	KUNIT_CASE(every_hidden_failure),
	KUNIT_CASE(hidden_among_virtual),
	KUNIT_CASE(any_order),
	{ 0 },
};

struct kunit_suite verdict_order_suite = {
	.name = "verdict_order",
	.test_cases = verdict_order_cases,
};
