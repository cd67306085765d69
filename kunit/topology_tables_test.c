// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every topology of the table of rules (tests/engine/topology_list.h): the real
 * PCI core scans it, the verdicts are shown in sysfs, and the real driver core
 * binds drivers; also with several kinds of IOMMU groups
 *
 * R1 to R14 and S1 to S3 are the rules.
 */
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "guard.h"
#include "topology_test.h"

/* With the default parameters, and with strict=1. */
static void judge_functions(struct kunit *test, const struct topology *topology,
			    bool strict)
{
	const char *when = strict ? "strict=1" : "unit=function";
	struct fake_host *host;
	const struct answer *answer;

	host = topology_up(test, topology);
	guard_start_with(ACS_GUARD_FUNCTION, strict);
	for (answer = topology->answers; answer->want.name; answer++) {
		struct guard_want want = answer->want;

		if (strict && answer->strict) {
			want.reason = answer->strict;
			want.blocker = answer->at;
		}
		guard_expect(test, host, &want, when);
		guard_expect_bind(test, host, want.name,
				  !strcmp(want.reason, "isolated"), when);
	}
	guard_down(test);
}

static const char *const groupings[] = {
	[NO_GROUPS] = "no groups",
	[ONE_GROUP] = "one group",
	[OWN_GROUPS] = "own groups",
};

static struct fake_host *up_in_groups(struct kunit *test,
				      const struct topology *topology,
				      enum grouping grouping)
{
	static struct fake_dev is[MAX_FUNCTIONS];
	const unsigned int n = topology_size(topology);
	unsigned int i;

	memcpy(is, topology->is, sizeof(is));
	for (i = 0; i < n && grouping != NO_GROUPS; i++) {
		is[i].group = grouping == ONE_GROUP ? 1 : i + 1;
		is[i].vfs.group = grouping == ONE_GROUP ? 1 : 100 * (i + 1);
	}
	return guard_up(test, is, n * sizeof(*is), NULL);
}

static bool is_dummy(const struct topology *topology, const char *name)
{
	unsigned int i;

	for (i = 0; i < topology_size(topology); i++) {
		const struct fake_dev *is = &topology->is[i];

		if (!strcmp(is->name, name))
			return is->class == 0x060000 && !is->flags &&
			       !is->bar[0];
	}
	return false;
}

/* R11: the type of such a bridge is not known, so it may issue something. */
static bool only_forwards(const struct topology *topology, struct pci_dev *pdev)
{
	const char *name = fake_host_name(pdev);
	unsigned int i;

	for (i = 0; i < topology_size(topology); i++)
		if (!strcmp(topology->is[i].name, name) &&
		    topology->is[i].flags & FAKE_ODD_HEADER)
			return false;
	return acs_guard_is_bridge(pdev);
}

static bool share_group(struct pci_dev *a, struct pci_dev *b)
{
	struct iommu_group *of_a = iommu_group_get(&a->dev);
	struct iommu_group *of_b = iommu_group_get(&b->dev);
	const bool same = of_a && of_a == of_b;

	iommu_group_put(of_a);
	iommu_group_put(of_b);
	return same;
}

#define MAX_NAMES 32

/* Sorted names, each once. */
struct names {
	const char *name[MAX_NAMES];
	unsigned int nr;
};

static void add_name(struct names *names, const char *name)
{
	unsigned int at = names->nr;

	while (at && strcmp(names->name[at - 1], name) > 0)
		at--;
	if (at && !strcmp(names->name[at - 1], name))
		return;
	memmove(&names->name[at + 1], &names->name[at],
		(names->nr - at) * sizeof(*names->name));
	names->name[at] = name;
	names->nr++;
}

/* Adds the names in @peers. */
static void add_peers(struct kunit *test, struct names *names,
		      const char *peers)
{
	char *copy = kunit_kzalloc(test, GUARD_LINE, GFP_KERNEL), *name;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	strscpy(copy, peers, GUARD_LINE);
	while ((name = strsep(&copy, " ")))
		add_name(names, name);
}

/* R13: adds other members of the group.  Return: the first of them, or NULL. */
static const char *add_members(struct kunit *test,
			       const struct topology *topology,
			       struct fake_host *host, const char *name,
			       struct names *names)
{
	struct pci_dev *pdev = guard_get(test, host, name), *other = NULL;
	const char *first = NULL;
	u64 lowest = U64_MAX;

	if (is_dummy(topology, name))
		return NULL;
	for_each_pci_dev(other) {
		const char *found = fake_host_name(other);

		if (other == pdev || !share_group(pdev, other) ||
		    only_forwards(topology, other) || is_dummy(topology, found))
			continue;
		add_name(names, found);
		if (acs_guard_bdf(other) >= lowest)
			continue;
		lowest = acs_guard_bdf(other);
		first = found;
	}
	return first;
}

static const char *join_names(struct kunit *test, const struct names *names)
{
	char *text = kunit_kzalloc(test, GUARD_LINE, GFP_KERNEL);
	unsigned int i, len = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; i < names->nr; i++)
		len += scnprintf(text + len, GUARD_LINE - len, "%s%s",
				 i ? " " : "", names->name[i]);
	return text;
}

/*
 * R13 is the last rule, so it is the reason only for functions that would be
 * isolated.  The other members of the group are peers in any case.
 */
static struct guard_want want_in_groups(struct kunit *test,
					const struct topology *topology,
					struct fake_host *host,
					const struct answer *answer)
{
	struct guard_want want = answer->want;
	struct names names = {};
	const char *member;

	if (want.peers)
		add_peers(test, &names, want.peers);
	member = add_members(test, topology, host, want.name, &names);
	if (answer_isolated(answer) && member) {
		want.reason = "iommu-group";
		want.blocker = member;
	}
	if (names.nr)
		want.peers = join_names(test, &names);
	return want;
}

/*
 * unit=group does not change verdicts, but groups may: see want_in_groups().  A
 * function without a group is never excused.  If each function has a group of
 * its own, only functions without peers are excused.  Violations of S1 to S3
 * are not excused.
 */
static void judge_groups(struct kunit *test, const struct topology *topology,
			 enum grouping grouping, bool strict)
{
	struct fake_host *host = up_in_groups(test, topology, grouping);
	const struct answer *answer;

	guard_start_with(ACS_GUARD_GROUP, strict);
	for (answer = topology->answers; answer->want.name; answer++) {
		bool excused = answer->excused && grouping != NO_GROUPS;

		if (grouping == OWN_GROUPS && answer->want.peers)
			excused = false;
		if (!strict) {
			const struct guard_want want =
				want_in_groups(test, topology, host, answer);

			guard_expect(test, host, &want, groupings[grouping]);
		}
		guard_expect_bind(test, host, answer->want.name,
				  (excused || answer_isolated(answer)) &&
					  !(strict && answer->strict),
				  groupings[grouping]);
	}
	guard_down(test);
}

void topology_case(struct kunit *test)
{
	const struct topology *topology = topology_named(test->name);

	KUNIT_ASSERT_NOT_NULL(test, topology);
	judge_functions(test, topology, false);
	judge_functions(test, topology, true);
	judge_groups(test, topology, NO_GROUPS, false);
	judge_groups(test, topology, ONE_GROUP, false);
	judge_groups(test, topology, OWN_GROUPS, false);
	judge_groups(test, topology, ONE_GROUP, true);
}

void grouped_case(struct kunit *test)
{
	const struct topology *topology = topology_named(test->name);
	const struct answer *answer;
	struct fake_host *host;

	KUNIT_ASSERT_NOT_NULL(test, topology);
	host = topology_up(test, topology);
	guard_start_with(ACS_GUARD_GROUP, false);
	for (answer = topology->answers; answer->want.name; answer++)
		guard_expect_bind(test, host, answer->want.name,
				  answer->excused || answer_isolated(answer),
				  "unit=group");
}
