// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the engine against the oracle, on machines that are described
 *
 * On all small machines, with every way to hide a part of them, and on many
 * random ones.  A machine that fails is made smaller, and printed.
 */
#include "controls.h"
#include "ask.h"
#include "suites.h"

#define CONTROL_MACHINES 20000

static const struct acs_guard_policy lenient;

/* All of it is too large for the stack, and the tests run one by one. */
static struct compare compare;
static struct topo topo, scratch;
static struct tally tally, ignored;

static blind_fn blind;

/* The linker puts this between the walk and the rules. */
void __wrap_acs_guard_verdict_step(struct acs_guard_verdict *verdict,
				   const struct acs_guard_policy *policy,
				   const struct acs_guard_element *element)
{
	struct acs_guard_element seen = *element;

	if (!blind || !blind(&seen))
		__real_acs_guard_verdict_step(verdict, policy, &seen);
}

static void judge(unsigned int i, const struct acs_guard_policy *policy,
		  struct acs_guard_verdict *verdict)
{
	examine_judge(&compare, i, policy, verdict);
}

static enum disagreement compare_topo(const struct topo *t, struct tally *to)
{
	return examine_topo(&compare, t, to);
}

static bool fails_alike(const struct topo *t, void *how)
{
	return compare_topo(t, &ignored) == *(const enum disagreement *)how;
}

static void print_disagreement(struct kunit *test, const struct topo *t)
{
	const struct acs_guard_verdict *verdict = &compare.verdict;
	char line[TOPO_LINE];
	unsigned int i;

	kunit_err(test, "%u: reason %d, blocker %d, missing 0x%x", compare.fn,
		  (int)verdict->reason, machine_find(t, verdict->blocker),
		  verdict->missing);
	kunit_err(test, "its peers 0x%llx, the oracle's 0x%llx", compare.peers,
		  compare.true_peers[compare.fn]);
	for (i = 0; i < t->nr; i++) {
		topo_print(t, i, line, sizeof(line));
		kunit_err(test, "%s", line);
	}
}

/* Return: false if the verdict and the oracle disagree about @topo. */
static bool agrees(struct kunit *test, unsigned long long nth)
{
	enum disagreement how = compare_topo(&topo, &tally);

	if (how == AGREED)
		return true;
	topo_shrink(&topo, &scratch, fails_alike, &how);
	compare_topo(&topo, &ignored);
	KUNIT_FAIL(test, "number %llu: %s", nth, compare_how(how));
	print_disagreement(test, &topo);
	return false;
}

static void begin(enum machine_loss loss)
{
	memset(&tally, 0, sizeof(tally));
	compare.machine.no_iommu = false;
	compare.machine.loss = loss;
	compare.machine.cut = false;
	blind = NULL;
}

static void small(struct kunit *test)
{
	static struct topo_enum walk;

	begin(MACHINE_ALL_ONES);
	topo_enum_start(&walk, lengths.enum_size, TOPO_ENUM_MAX,
			TOPO_WORDS_HERE);
	while (lengths.enum_size && topo_enum_next(&walk, &topo))
		if (!agrees(test, walk.count))
			break;
	kunit_info(test, "all %llu machines of up to %u functions", walk.count,
		   lengths.enum_size);
	compare_print_tally(test, &tally);
}

/* Every way to hide something, and to take slots away from empty ports. */
static bool variants_agree(struct kunit *test, const struct topo *all,
			   unsigned long long nth)
{
	unsigned int variant;

	for (variant = 1; variant < BIT(all->nr); variant++)
		if (topo_enum_variant(all, variant, &topo) &&
		    !agrees(test, nth))
			return false;
	return true;
}

static void small_hidden(struct kunit *test)
{
	static struct topo_enum walk;
	static struct topo all;

	begin(MACHINE_ALL_ONES);
	topo_enum_start(&walk, lengths.hidden_size, TOPO_ENUM_MAX,
			TOPO_WORDS_HERE);
	while (lengths.hidden_size && topo_enum_next(&walk, &all))
		if (!variants_agree(test, &all, walk.count))
			break;
	kunit_info(test, "%llu machines of up to %u functions, partly hidden",
		   walk.count, lengths.hidden_size);
	compare_print_tally(test, &tally);
}

/* R14: without an IOMMU nothing is isolated, whatever else there is. */
static void no_iommu(struct kunit *test)
{
	struct acs_guard_verdict verdict;
	unsigned int i;
	u64 seed;

	begin(MACHINE_ALL_ONES);
	compare.machine.no_iommu = true;
	compare.machine.topo = &topo;
	for (seed = 1; seed <= 100; seed++) {
		topo_random(&topo, seed, TOPO_GEN_ALL);
		for (i = 0; i < topo.nr; i++) {
			judge(i, &lenient, &verdict);
			KUNIT_EXPECT_EQ(test, verdict.reason,
					ACS_GUARD_NO_IOMMU);
			KUNIT_EXPECT_EQ(test, verdict.blocker,
					machine_bdf(&topo, i));
			KUNIT_EXPECT_TRUE(test, verdict.beyond_group);
		}
	}
}

static void random_machines(struct kunit *test)
{
	u64 seed;

	begin(MACHINE_ALL_ONES);
	for (seed = lengths.first_seed;
	     seed < lengths.first_seed + lengths.random; seed++) {
		compare.machine.loss = seed & 1 ? MACHINE_OFFLINE :
						  MACHINE_ALL_ONES;
		topo_random(&topo, seed, TOPO_GEN_ALL);
		if (!agrees(test, seed))
			break;
	}
	kunit_info(test, "%u random machines from seed %llu", lengths.random,
		   lengths.first_seed);
	compare_print_tally(test, &tally);
}

/* The same with strict=1: LAX about the first function about which it is. */
static enum disagreement compare_strict(u64 *isolated)
{
	u64 todo;

	compare_prepare(&compare, &topo);
	for (todo = compare.oracle.functions; todo; todo &= todo - 1) {
		const unsigned int i = __ffs64(todo);

		if (topo.fn[i].flags & TOPO_HIDDEN ||
		    examine_strict(&compare, i, isolated))
			continue;
		examine(&compare, i);
		return LAX;
	}
	return AGREED;
}

static void strict_machines(struct kunit *test)
{
	u64 seed, isolated = 0;

	begin(MACHINE_ALL_ONES);
	for (seed = lengths.first_seed;
	     seed < lengths.first_seed + lengths.random; seed++) {
		topo_random(&topo, seed, TOPO_GEN_ALL);
		if (compare_strict(&isolated) == AGREED)
			continue;
		KUNIT_FAIL(test, "seed %llu: %s", seed, compare_how(LAX));
		print_disagreement(test, &topo);
		return;
	}
	/* Of a few machines, none may be. */
	KUNIT_EXPECT_TRUE(test, isolated || lengths.random < 100);
	kunit_info(test, "%llu isolated with strict=1", isolated);
}

static u64 digest_machine(u64 digest)
{
	u64 todo;

	compare_prepare(&compare, &topo);
	for (todo = compare.oracle.functions; todo; todo &= todo - 1) {
		if (topo.fn[__ffs64(todo)].flags & TOPO_HIDDEN)
			continue;
		examine(&compare, __ffs64(todo));
		digest = compare_digest(&compare, digest);
	}
	return digest;
}

/* The same digest as the KUnit suite prints, of the same machines. */
static void both_homes(struct kunit *test)
{
	u64 seed = lengths.first_seed, digest = 0;
	unsigned int done = 0;

	begin(MACHINE_ALL_ONES);
	compare.machine.cut = true;
	for (; done < lengths.hosts; seed++) {
		if (!topo_random_to_be_found(&topo, seed, TOPO_GEN_ALL))
			continue;
		compare.machine.loss = seed & 1 ? MACHINE_OFFLINE :
						  MACHINE_ALL_ONES;
		digest = digest_machine(digest);
		done++;
	}
	kunit_info(test, "seeds %llu to %llu: digest %016llx",
		   lengths.first_seed, seed - 1, digest);
}

/* How the verdict about @topo is wrong, in the way that @control asks about. */
static enum disagreement disagreement_of(const struct control *control)
{
	u64 isolated = 0;

	return control->how == LAX ? compare_strict(&isolated) :
				     compare_topo(&topo, &tally);
}

/* A verdict that does not know a rule is found to be wrong. */
static void without_rules(struct kunit *test)
{
	unsigned int i;
	u64 seed;

	for (i = 0; i < controls_nr; i++) {
		begin(MACHINE_ALL_ONES);
		blind = controls[i].blind;
		for (seed = 1; seed <= CONTROL_MACHINES; seed++) {
			topo_random(&topo, seed, TOPO_GEN_ALL);
			if (disagreement_of(&controls[i]) == controls[i].how)
				break;
		}
		if (seed > CONTROL_MACHINES)
			KUNIT_FAIL(test, "without %s nothing is noticed",
				   controls[i].name);
		kunit_info(test, "without %s: wrong at seed %llu",
			   controls[i].name, seed);
	}
	blind = NULL;
}

static struct kunit_case machines_cases[] = {
	KUNIT_CASE(without_rules),   KUNIT_CASE(no_iommu),
	KUNIT_CASE(small),	     KUNIT_CASE(small_hidden),
	KUNIT_CASE(random_machines), KUNIT_CASE(strict_machines),
	KUNIT_CASE(both_homes),	     { 0 },
};

struct kunit_suite machines_suite = {
	.name = "machines",
	.test_cases = machines_cases,
};
