// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that another thread removes during a walk.  This is for a kernel
 * with KASAN.  UML has one processor and no preemption, so the walk is made to
 * sleep at each bridge that it resumes (sleepy_host.c).
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "guard.h"
#include "removal_test.h"
#include "sleepy_host.h"
#include "suites.h"

/* Return: false if there were fewer than @nth naps. */
static bool remove_at_nap(struct kunit *test, const struct removal_scene *scene,
			  const char *name, unsigned int nth)
{
	struct pci_dev *pdev = pci_dev_get(guard_get(test, removal.host, name));
	const bool before = guard_isolated(pdev);

	/* Let all that verdicts and rechecks have resumed suspend again. */
	acs_guard_end_rechecks();
	schedule_timeout_uninterruptible(5);
	removal.at = nth;
	run_walks(pdev);
	if (removal.at) {
		removal.at = 0;
		pci_dev_put(pdev);
		return false;
	}
	flush_work(&removal.work);
	KUNIT_EXPECT_EQ(test, removal.err, 0);
	KUNIT_EXPECT_TRUE_MSG(test,
			      removal.ended || removal.waits || scene->resumes,
			      "%s: the removal of %s waits for resume %u", name,
			      removal.victim, nth);
	if (!pdev->is_virtfn)
		run_walks(pdev);
	pci_dev_put(pdev);

	KUNIT_ASSERT_EQ(test, fake_host_plug(removal.host, removal.victim), 0);
	pdev = guard_get(test, removal.host, name);
	KUNIT_EXPECT_EQ(test, guard_isolated(pdev), before);
	return true;
}

/* Surprise removals and orderly ones, in turn. */
static unsigned int remove_each(struct kunit *test,
				const struct removal_scene *scene,
				const char *name)
{
	unsigned int i, nth, removals = 0;

	for (i = 0; scene->victims[i]; i++) {
		removal.victim = scene->victims[i];
		for (nth = 1;; nth++) {
			removal.take = (i + nth) & 1 ? fake_host_pull :
						       fake_host_unplug;
			if (!remove_at_nap(test, scene, name, nth))
				break;
			removals++;
		}
		/* Otherwise no removal was during a walk. */
		KUNIT_EXPECT_GT_MSG(test, nth, 2u, "%s, %s removed", name,
				    removal.victim);
	}
	return removals;
}

static void remove_in(struct kunit *test, const struct removal_scene *scene)
{
	unsigned int i, removals = 0;

	removal.host = sleepy_up(test, scene);
	removal.takes = scene->takes;
	for (i = 0; scene->judged[i]; i++)
		removals += remove_each(test, scene, scene->judged[i]);
	sleepy_down(test);
	kunit_info(test, "%u removals, each in the middle of a walk", removals);
}

static void removed_at_each_nap(struct kunit *test)
{
	remove_in(test, &removal_scenes[0]);
}

static void removed_at_each_nap_exposed(struct kunit *test)
{
	remove_in(test, &removal_scenes[1]);
}

/* The search for peers has further naps. */
static void removed_at_each_nap_shared(struct kunit *test)
{
	remove_in(test, &removal_scenes[2]);
}

/* Return: false if there were fewer than @nth naps. */
static bool remove_in_resume(struct kunit *test, take_fn take, unsigned int nth,
			     enum acs_guard_reason reason)
{
	struct acs_guard_verdict verdict;
	struct pci_dev *f0;
	u64 f1;
	bool napped;

	removal.host = sleepy_up(test, &removal_scenes[2]);
	removal.takes = removal_scenes[2].takes;
	removal.victim = "f1";
	removal.take = take;
	f0 = guard_get(test, removal.host, "f0");
	f1 = acs_guard_bdf(guard_get(test, removal.host, "f1"));
	guard_examine(f0, &verdict);
	KUNIT_EXPECT_EQ(test, verdict.reason, ACS_GUARD_MULTIFUNCTION);
	KUNIT_EXPECT_EQ(test, verdict.blocker, f1);
	schedule_timeout_uninterruptible(5);

	removal.ended = false;
	removal.at = nth;
	guard_examine(f0, &verdict);
	napped = !removal.at;
	removal.at = 0;
	if (napped) {
		flush_work(&removal.work);
		KUNIT_EXPECT_EQ(test, removal.err, 0);
		KUNIT_EXPECT_TRUE_MSG(test, removal.ended,
				      "the removal of f1 waits for resume %u",
				      nth);
		KUNIT_EXPECT_EQ_MSG(test, verdict.reason, reason, "resume %u",
				    nth);
		if (reason != ACS_GUARD_ISOLATED)
			KUNIT_EXPECT_EQ(test, verdict.blocker, f1);
	}
	sleepy_down(test);
	return napped;
}

/*
 * The verdict on f0 resumes each bridge above it, and f1 is removed during one
 * of the resumes.  The resume waits for the end of the removal, so the removal
 * must not wait for the resume.  The verdict is that after the removal.
 */
static void removed_while_resume_blocks(struct kunit *test)
{
	static const struct {
		take_fn take;
		enum acs_guard_reason reason;
	} ways[] = {
		{ fake_host_pull, ACS_GUARD_ISOLATED },
		/* f1 may be in reset. */
		{ fake_host_unplug, ACS_GUARD_UNREADABLE },
		{ fake_host_hide, ACS_GUARD_MULTIFUNCTION },
	};
	unsigned int i, nth;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		nth = 1;
		while (remove_in_resume(test, ways[i].take, nth,
					ways[i].reason))
			nth++;
		/* The resumes of rp, up and dp0. */
		KUNIT_EXPECT_EQ(test, nth - 1, 3u);
	}
}

static int hide_and_count(struct fake_host *host, const char *name)
{
	const int err = fake_host_hide(host, name);

	fake_host_reset_counts(host);
	return err;
}

/* Return: false if there were fewer than @nth naps. */
static bool hide_at_load(struct kunit *test, unsigned int nth)
{
	bool napped;

	removal.host = sleepy_up(test, &removal_scenes[2]);
	removal.takes = removal_scenes[2].takes;
	removal.victim = "dp0";
	removal.take = hide_and_count;
	acs_guard_stop();
	schedule_timeout_uninterruptible(5);

	removal.at = nth;
	KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
	napped = !removal.at;
	removal.at = 0;
	if (napped) {
		flush_work(&removal.work);
		KUNIT_EXPECT_EQ(test, removal.err, 0);
		KUNIT_EXPECT_TRUE_MSG(test, removal.ended || removal.waits,
				      "the removal of dp0 waits for resume %u",
				      nth);
		KUNIT_EXPECT_EQ_MSG(test,
				    fake_host_reads(removal.host, "f0",
						    FAKE_ALL_REGS),
				    0u, "resume %u", nth);
	}
	sleepy_down(test);
	return napped;
}

/*
 * The search for hidden functions at load resumes each bridge.  After the
 * removal of a bridge its host bridge may be removed as well, so nothing is
 * read below it.
 */
static void removed_while_loading(struct kunit *test)
{
	unsigned int nth = 1;

	while (hide_at_load(test, nth))
		nth++;
	/* At least the resumes of the four bridges. */
	KUNIT_EXPECT_GT(test, nth, 4u);
}

static int end_rechecks(struct fake_host *host, const char *name)
{
	acs_guard_end_rechecks();
	nap_count = 0;
	return 0;
}

/*
 * Rechecks are stopped while one of them resumes a bridge.  Then it finds a
 * hidden function that does not answer.  That is an event, which must not start
 * another recheck.
 */
static void rechecks_end(struct kunit *test)
{
	struct fake_host *host = sleepy_up(test, &removal_scenes[2]);

	removal.host = host;
	removal.takes = 5;
	removal.victim = "";
	removal.take = end_rechecks;
	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "f1"), 0);
	msleep(5000);

	/* Between the first recheck after an event, and the second. */
	acs_guard_recheck_soon();
	msleep(600);
	fake_host_fault(host, "f1", FAKE_ONES);
	removal.at = 1;
	msleep(2000);
	KUNIT_EXPECT_EQ(test, removal.at, 0u);
	flush_work(&removal.work);
	msleep(5000);
	KUNIT_EXPECT_EQ(test, nap_count, 0u);
	removal.at = 0;
	sleepy_down(test);
}

#define REMOVAL_ROUNDS 4

static unsigned int removal_rounds;

static int remove_and_plug(void *data)
{
	const struct removal_scene *scene = data;
	struct fake_host *host = removal.host;
	unsigned int i;
	int err = 0;

	while (removal_rounds < REMOVAL_ROUNDS && !err) {
		for (i = 0; scene->victims[i] && !err; i++) {
			const char *victim = scene->victims[i];

			err = (removal_rounds + i) & 1 ?
				      fake_host_pull(host, victim) :
				      fake_host_unplug(host, victim);
			schedule_timeout_uninterruptible(1 + i % 3);
			err = err ?: fake_host_plug(host, victim);
		}
		removal_rounds++;
	}
	removal_rounds = REMOVAL_ROUNDS;
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible(1);
	return err;
}

/* Walks, and removals by another thread, in loops. */
static void walk_meanwhile(struct kunit *test,
			   const struct removal_scene *scene)
{
	struct task_struct *other;
	struct pci_dev *pdev;
	unsigned int asked = 0, i;

	removal.host = sleepy_up(test, scene);
	removal_rounds = 0;
	other = kthread_run(remove_and_plug, (void *)scene, "remove_and_plug");
	KUNIT_ASSERT_FALSE(test, IS_ERR(other));
	while (READ_ONCE(removal_rounds) < REMOVAL_ROUNDS) {
		for (i = 0; i < scene->n; i++) {
			/* No other thread runs until the reference is taken. */
			pdev = fake_host_dev(removal.host, scene->decl[i].name);
			if (!pci_dev_get(pdev))
				continue;
			run_walks(pdev);
			pci_dev_put(pdev);
			asked++;
		}
		schedule_timeout_uninterruptible(1);
	}
	KUNIT_EXPECT_EQ(test, kthread_stop(other), 0);
	/* Fewer than rounds: a walk waits for each resume that is under way. */
	KUNIT_EXPECT_GT(test, asked, (REMOVAL_ROUNDS - 1) * scene->n);
	KUNIT_EXPECT_GT(test, nap_count, REMOVAL_ROUNDS * scene->n);
	kunit_info(test, "%u rounds of removals, %u times asked, %u naps",
		   REMOVAL_ROUNDS, asked, nap_count);
	sleepy_down(test);
}

static void removed_all_the_time(struct kunit *test)
{
	walk_meanwhile(test, &removal_scenes[0]);
}

static void removed_all_the_time_exposed(struct kunit *test)
{
	walk_meanwhile(test, &removal_scenes[1]);
}

/* clang-format off */
#define TOPOLOGY(_title, ...) { .run_case = further_reads_fail, .name = _title },
#define GROUPED(...)

static struct kunit_case removal_cases[] = {
	KUNIT_CASE(removed_at_each_nap),
	KUNIT_CASE(removed_at_each_nap_exposed),
	KUNIT_CASE(removed_at_each_nap_shared),
	KUNIT_CASE(removed_while_resume_blocks),
	KUNIT_CASE(removed_while_loading),
	KUNIT_CASE(rechecks_end),
	KUNIT_CASE(removed_all_the_time),
	KUNIT_CASE(removed_all_the_time_exposed),
	KUNIT_CASE(hidden_path_changes),
	KUNIT_CASE(hidden_function_returns),
#include "topology_list.h"
	{},
};

/* clang-format on */

struct kunit_suite removal_suite = {
	.name = "acs_guard_removal",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = removal_cases,
};
