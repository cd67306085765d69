// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searches for peers during which the path of a hidden function changes
 *
 * A walk looks up the bridge above a hidden function by its address, each time
 * anew.  UML has one processor and no preemption, so another
 * thread runs during a walk only if the walk sleeps: Kbuild links the calls of
 * acs_guard_find_listed() to a function that sleeps first.
 */
#include <linux/completion.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "guard.h"
#include "removal_test.h"
#include "sleepy_host.h"

/* In ticks: longer than a bridge takes to leave, or enter, the kernel's lists. */
#define CHANGE_TIME 5

/* clang-format off */
/* A bind of ep0 is refused, because of dp0; its peer is ep1. */
static const struct fake_dev hidden_path_host[] = {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP, .group = 1 },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
};

/* A bind of f0 is refused, because of f1. */
static const struct fake_dev hidden_card_host[] = {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP },
	{ "f1", "rp", 0, 1, FAKE_EP },
};

/* clang-format on */

/**
 * struct path_change - a change of dp1, begun by a walk
 * @work: makes the change
 * @end: the change is complete; a removal waits for the walk first
 * @host: the host of dp1
 * @change: the change
 * @walker: the thread that walks
 * @lookup: the lookup of @walker at which the change begins, counted from 1; 0
 *	once the change has begun
 * @err: the result of @change
 */
static struct path_change {
	struct work_struct work;
	struct completion end;
	struct fake_host *host;
	take_fn change;
	const struct task_struct *walker;
	unsigned int lookup;
	int err;
} path_change;

static void path_change_work(struct work_struct *work)
{
	path_change.err = path_change.change(path_change.host, "dp1");
	complete(&path_change.end);
}

struct pci_dev *__real_acs_guard_find_listed(u64 bdf);
struct pci_dev *__wrap_acs_guard_find_listed(u64 bdf);

struct pci_dev *__wrap_acs_guard_find_listed(u64 bdf)
{
	if (path_change.walker == current && path_change.lookup &&
	    !--path_change.lookup) {
		queue_work(system_unbound_wq, &path_change.work);
		wait_for_completion_timeout(&path_change.end, CHANGE_TIME);
	}
	return __real_acs_guard_find_listed(bdf);
}

/**
 * struct path_case - a change of dp1 while ep1 is hidden
 * @hidden: the function that is hidden, with those below it
 * @change: the change
 */
struct path_case {
	const char *hidden;
	take_fn change;
};

static int rescan_all(struct fake_host *host, const char *name)
{
	fake_host_rescan(host);
	return 0;
}

static void change_at(struct fake_host *host, take_fn change,
		      unsigned int lookup)
{
	INIT_WORK(&path_change.work, path_change_work);
	init_completion(&path_change.end);
	path_change.host = host;
	path_change.change = change;
	path_change.lookup = lookup;
	path_change.walker = current;
}

/* Return: false if the walks made fewer lookups than were to be made. */
static bool has_changed(struct kunit *test)
{
	path_change.walker = NULL;
	if (path_change.lookup)
		return false;
	flush_work(&path_change.work);
	KUNIT_EXPECT_EQ(test, path_change.err, 0);
	return true;
}

/* Return: false if the walks made fewer than @lookup lookups. */
static bool change_path_at(struct kunit *test, const struct path_case *path,
			   unsigned int lookup)
{
	struct fake_host *host = GUARD_UP(test, hidden_path_host);
	struct pci_dev *ep0 = guard_get(test, host, "ep0");
	bool changed;

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, path->hidden), 0);
	change_at(host, path->change, lookup);
	run_walks(ep0);
	changed = has_changed(test);
	if (changed)
		KUNIT_EXPECT_FALSE(test, guard_isolated(ep0));
	guard_down(test);
	return changed;
}

/* The bridge above a hidden peer goes or comes at each lookup in turn. */
void hidden_path_changes(struct kunit *test)
{
	static const struct path_case paths[] = {
		{ "ep1", fake_host_pull },
		{ "ep1", fake_host_unplug },
		{ "ep1", fake_host_hide },
		{ "dp1", rescan_all },
	};
	unsigned int i, lookup;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		lookup = 1;
		while (change_path_at(test, &paths[i], lookup))
			lookup++;
		/* The searches for peers, and for what is outside the group. */
		KUNIT_EXPECT_GT(test, lookup, 16u);
	}
}

/* Return: false if the verdict made fewer than @lookup lookups. */
static bool list_again_at(struct kunit *test, unsigned int lookup)
{
	struct fake_host *host = GUARD_UP(test, hidden_card_host);
	struct pci_dev *f0 = guard_get(test, host, "f0");
	bool changed, isolated;

	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	change_at(host, rescan_all, lookup);
	isolated = guard_isolated(f0);
	changed = has_changed(test);
	if (isolated)
		KUNIT_FAIL(test, "isolated, if listed again at lookup %u",
			   lookup);
	guard_down(test);
	return changed;
}

/* A hidden function is listed again after the listed ones were visited. */
void hidden_function_returns(struct kunit *test)
{
	unsigned int lookup = 1;

	while (list_again_at(test, lookup))
		lookup++;
	KUNIT_EXPECT_GT(test, lookup, 2u);
}
