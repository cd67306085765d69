// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts while a bridge is asleep.  A bridge in D3cold does not answer, nor
 * do the functions below it; a bridge in D3hot answers, but the functions below
 * it do not (PCIe 6.0, 5.3.1.4).  A verdict resumes the bridge for the time of
 * the reads.  If that fails, no function whose verdict needs the bridge is
 * isolated.
 *
 * A PM domain of the test switches the power, as platform firmware does.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "guard.h"
#include "suites.h"

/* pcieport does not bind to this class, so these bridges can be suspended. */
#define SLEEPY .class = 0x068000, .flags = FAKE_PM

/* clang-format off */
static const struct fake_dev power_decl[] = {
	{ "rp",     "",    1, 0, FAKE_RP, ON, SLEEPY },
	{ "up",     "rp",  0, 0, FAKE_UP, APART, SLEEPY },
	{ "beside", "rp",  0, 1, FAKE_EP, APART, .flags = FAKE_PM },
	{ "dp0",    "up",  0, 0, FAKE_DP, ON, SLEEPY },
	{ "dp1",    "up",  1, 0, FAKE_DP, ON, SLEEPY },
	{ "f0",     "dp0", 0, 0, FAKE_EP, APART, .flags = FAKE_PM },
	{ "f1",     "dp0", 0, 1, FAKE_EP, APART, .flags = FAKE_PM },
	{ "one",    "dp1", 0, 0, FAKE_EP, .flags = FAKE_PM },
};

/* clang-format on */

/**
 * enum condition - the result of a resume
 * @SOUND: the bridge resumes
 * @STUCK: the power cannot be switched on, and the resume fails
 * @DEAD: the resume succeeds, but the bridge does not answer
 */
enum condition { SOUND, STUCK, DEAD };

/* The number of attempts to suspend a bridge. */
#define TRIES 100

/*
 * The bridge whose power is switched, and all functions.  These are kept because
 * the kernel may save registers that read as all ones and restore them later;
 * then a bridge has wrong bus numbers, and no function is at its address.
 */
static struct {
	struct fake_host *host;
	struct pci_dev *all[ARRAY_SIZE(power_decl)];
	struct pci_dev *pdev;
	const char *name;
	pci_power_t low;
	enum condition condition;
	unsigned int wakings;
} bridge;

static bool is_declared_below(const char *name, const char *top)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(power_decl); i++)
		if (!strcmp(power_decl[i].name, name))
			return !strcmp(power_decl[i].up, top) ||
			       (*power_decl[i].up &&
				is_declared_below(power_decl[i].up, top));
	return false;
}

static int mark_cold(struct pci_dev *pdev, void *unused)
{
	pdev->current_state = PCI_D3cold;
	return 0;
}

/* As the PCI core does when a bridge leaves D3cold, but without a delay. */
static int request_resume(struct pci_dev *pdev, void *unused)
{
	pm_request_resume(&pdev->dev);
	return 0;
}

static void set_answers(enum fake_fault how)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(power_decl); i++)
		if (is_declared_below(power_decl[i].name, bridge.name) ||
		    (bridge.low == PCI_D3cold &&
		     !strcmp(power_decl[i].name, bridge.name)))
			fake_host_fault(bridge.host, power_decl[i].name, how);
}

static int switch_off(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	const int err = pci_bus_type.pm->runtime_suspend(dev);

	if (err)
		return err;
	set_answers(FAKE_ONES);
	pdev->current_state = bridge.low;
	if (bridge.low == PCI_D3cold)
		pci_walk_bus(pdev->subordinate, mark_cold, NULL);
	return 0;
}

static int switch_on(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	int err;

	bridge.wakings++;
	if (bridge.condition == STUCK)
		return -EIO;
	if (bridge.condition == SOUND)
		set_answers(FAKE_OK);
	err = pci_bus_type.pm->runtime_resume(dev);
	pdev->current_state = PCI_D0;
	if (bridge.low == PCI_D3cold)
		pci_walk_bus(pdev->subordinate, request_resume, NULL);
	return err;
}

static struct dev_pm_domain power_domain = {
	.ops = {
		.runtime_suspend = switch_off,
		.runtime_resume = switch_on,
	},
};

static void allow_all(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(power_decl); i++) {
		struct device *dev = &bridge.all[i]->dev;

		KUNIT_ASSERT_NULL(test, dev->driver);
		pm_runtime_allow(dev);
	}
}

/* The kernel may poll for wake-up events now. */
static void put_to_sleep(struct device *dev)
{
	unsigned int left = TRIES;

	while (left--) {
		pm_runtime_barrier(dev);
		pm_runtime_suspend(dev);
		if (pm_runtime_suspended(dev))
			return;
		schedule_timeout_uninterruptible(1);
	}
}

/* The functions below first; vfio-pci forbids runtime PM when it is unbound. */
static void sleep_all(struct kunit *test)
{
	unsigned int i = ARRAY_SIZE(power_decl);

	allow_all(test);
	while (i--) {
		struct device *dev = &bridge.all[i]->dev;

		put_to_sleep(dev);
		KUNIT_ASSERT_TRUE_MSG(test, pm_runtime_suspended(dev),
				      "%s is awake", power_decl[i].name);
	}
}

static struct fake_host *power_up(struct kunit *test, const char *name,
				  pci_power_t low, enum condition condition)
{
	struct fake_host *host = GUARD_UP(test, power_decl);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(power_decl); i++)
		bridge.all[i] = guard_get(test, host, power_decl[i].name);
	bridge.host = host;
	bridge.pdev = guard_get(test, host, name);
	bridge.name = name;
	bridge.low = low;
	bridge.condition = condition;
	device_lock(&bridge.pdev->dev);
	dev_pm_domain_set(&bridge.pdev->dev, &power_domain);
	device_unlock(&bridge.pdev->dev);
	sleep_all(test);
	bridge.wakings = 0;
	return host;
}

/* After a failed resume, only this lets the kernel try again. */
static void mend_bridge(void)
{
	struct device *dev = &bridge.pdev->dev;

	bridge.condition = SOUND;
	pm_runtime_disable(dev);
	if (pm_runtime_status_suspended(dev))
		pm_runtime_set_suspended(dev);
	pm_runtime_enable(dev);
}

/* All functions resume, and stay so. */
static void power_down(struct kunit *test)
{
	unsigned int i;

	mend_bridge();
	set_answers(FAKE_OK);
	for (i = 0; i < ARRAY_SIZE(power_decl); i++)
		pm_runtime_forbid(&bridge.all[i]->dev);
	guard_down(test);
}

/* Does the verdict on @name read the bridge, or functions below it? */
static bool matters(const char *name, pci_power_t low)
{
	/* In D3hot the bridge answers; a single function below it is not read. */
	if (low == PCI_D3hot)
		return is_declared_below(name, bridge.name) &&
		       (strcmp(name, "one") || strcmp(bridge.name, "dp1"));
	return true;
}

static const char *const bridges[] = { "rp", "up", "dp0", "dp1" };
static const char *const judged[] = { "f0", "one" };

static void expect_truth(struct kunit *test, const char *name, u16 ctrl,
			 bool isolated)
{
	struct fake_host *host = bridge.host;

	fake_host_set_acs(host, bridge.name, ctrl);
	sleep_all(test);
	KUNIT_EXPECT_EQ_MSG(test, guard_isolated(guard_get(test, host, name)),
			    isolated, "%s, %s in state %d, control %04x", name,
			    bridge.name, bridge.low, ctrl);
}

/* The verdict resumes the bridge, and is the same as without D3. */
static void expect_woken(struct kunit *test, pci_power_t low)
{
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(bridges); i++) {
		const char *name = bridges[i];
		const u16 good = strcmp(name, "up") ? 0x1d : 0x0c;

		power_up(test, name, low, SOUND);
		for (k = 0; k < ARRAY_SIZE(judged); k++) {
			bridge.wakings = 0;
			expect_truth(test, judged[k], good, true);
			KUNIT_EXPECT_EQ_MSG(test, bridge.wakings > 0,
					    matters(judged[k], low),
					    "%s, %s in state %d", judged[k],
					    name, low);
			expect_truth(test, judged[k], 0, false);
			expect_truth(test, judged[k], good, true);
		}
		/* All functions can suspend again. */
		sleep_all(test);
		power_down(test);
	}
}

static void d3cold_wakes(struct kunit *test)
{
	expect_woken(test, PCI_D3cold);
}

static void d3hot_parent_wakes(struct kunit *test)
{
	expect_woken(test, PCI_D3hot);
}

static void expect_unreadable(struct kunit *test, pci_power_t low,
			      enum condition condition)
{
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(bridges); i++) {
		struct fake_host *host =
			power_up(test, bridges[i], low, condition);

		for (k = 0; k < ARRAY_SIZE(judged); k++) {
			const char *want = matters(judged[k], low) ?
						   "unreadable" :
						   "isolated";
			struct acs_guard_verdict verdict;
			const char *got;

			guard_examine(guard_get(test, host, judged[k]),
				      &verdict);
			got = acs_guard_reason_name(verdict.reason);
			KUNIT_EXPECT_STREQ_MSG(test, got, want,
					       "%s, %s, state %d, condition %d",
					       judged[k], bridges[i], low,
					       condition);
		}
		power_down(test);
	}
}

static void d3cold_stuck(struct kunit *test)
{
	expect_unreadable(test, PCI_D3cold, STUCK);
}

static void d3cold_dead(struct kunit *test)
{
	expect_unreadable(test, PCI_D3cold, DEAD);
}

static void d3hot_parent_stuck(struct kunit *test)
{
	expect_unreadable(test, PCI_D3hot, STUCK);
}

static void d3hot_parent_dead(struct kunit *test)
{
	expect_unreadable(test, PCI_D3hot, DEAD);
}

/*
 * The search for hidden functions reads nothing below a bridge that cannot be
 * resumed, until it can.
 */
static void search_below_stuck(struct kunit *test)
{
	struct fake_host *host = power_up(test, "dp0", PCI_D3hot, SOUND);
	struct pci_dev **f0 = &bridge.all[5], **f1 = &bridge.all[6];
	struct acs_guard_verdict verdict;

	KUNIT_EXPECT_EQ(test, fake_host_hide(host, "f1"), 0);
	*f1 = *f0;
	sleep_all(test);
	bridge.condition = STUCK;
	acs_guard_stop();
	fake_host_reset_counts(host);
	KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
	KUNIT_EXPECT_EQ(test, fake_host_reads(host, "f1", FAKE_ALL_REGS), 0U);

	/* Longer than the time to the first attempt, and to the second. */
	msleep(2500);
	KUNIT_EXPECT_EQ(test, fake_host_reads(host, "f1", FAKE_ALL_REGS), 0U);
	KUNIT_EXPECT_FALSE(test, acs_guard_has_hidden(acs_guard_bdf(*f0) + 1));

	/* A function below that may be there is no less a danger meanwhile. */
	acs_guard_end_rechecks();
	mend_bridge();
	guard_examine(*f0, &verdict);
	KUNIT_EXPECT_STREQ(test, acs_guard_reason_name(verdict.reason),
			   "unreadable");
	KUNIT_EXPECT_EQ(test, verdict.blocker, acs_guard_bdf(bridge.pdev));
	KUNIT_EXPECT_EQ(test, acs_guard_recheck(), 0);
	KUNIT_EXPECT_TRUE(test, guard_isolated(*f0));
	KUNIT_EXPECT_GT(test, fake_host_reads(host, "f1", FAKE_ALL_REGS), 0U);
	KUNIT_EXPECT_TRUE(test, acs_guard_has_hidden(acs_guard_bdf(*f0) + 1));

	fake_host_rescan(host);
	*f1 = guard_get(test, host, "f1");
	power_down(test);
}

/* The same for a bind, which resumes bridges above, but not those beside. */
static void binds(struct kunit *test)
{
	static const pci_power_t states[] = { PCI_D3hot, PCI_D3cold };
	struct fake_host *host;
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(bridges); i++) {
		for (k = 0; k < ARRAY_SIZE(states); k++) {
			host = power_up(test, bridges[i], states[k], SOUND);
			guard_expect_bind(test, host, "f0", true, "asleep");
			fake_host_set_acs(host, bridges[i], 0);
			sleep_all(test);
			guard_expect_bind(test, host, "f0", false,
					  "asleep, ACS off");
			power_down(test);
		}
	}

	/* The bind is refused as long as the bridge is unreadable. */
	host = power_up(test, "dp1", PCI_D3cold, STUCK);
	guard_expect_bind(test, host, "f0", false, "stuck");
	mend_bridge();
	guard_expect_bind(test, host, "f0", true, "mended");
	power_down(test);
}

static int resume_slowly(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);

	fake_host_set_acs(bridge.host, "f1", 0);
	pdev->current_state = PCI_D0;
	msleep(200);
	fake_host_set_acs(bridge.host, "f1", 0x0c);
	return 0;
}

static int suspend_hot(struct device *dev)
{
	to_pci_dev(dev)->current_state = PCI_D3hot;
	return 0;
}

static struct dev_pm_domain slow_domain = {
	.ops = {
		.runtime_suspend = suspend_hot,
		.runtime_resume = resume_slowly,
	},
};

/* The PCI core restores ACS late in a resume, when the device is in D0. */
static void resume_under_way(struct kunit *test)
{
	struct pci_dev *f0, *f1;
	struct device *dev;

	power_up(test, "rp", PCI_D3hot, SOUND);
	f0 = bridge.all[5];
	f1 = bridge.all[6];
	dev = &f1->dev;
	device_lock(dev);
	dev_pm_domain_set(dev, &slow_domain);
	device_unlock(dev);
	pm_runtime_get_sync(&bridge.all[3]->dev);
	pm_runtime_resume(dev);
	put_to_sleep(dev);
	KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(dev));

	pm_request_resume(dev);
	while (READ_ONCE(dev->power.runtime_status) == RPM_SUSPENDED)
		msleep(20);
	KUNIT_EXPECT_EQ(test, READ_ONCE(dev->power.runtime_status),
			RPM_RESUMING);
	KUNIT_EXPECT_TRUE(test, guard_isolated(f0));

	pm_runtime_put(&bridge.all[3]->dev);
	device_lock(dev);
	dev_pm_domain_set(dev, NULL);
	device_unlock(dev);
	power_down(test);
}

static struct kunit_case power_cases[] = {
	KUNIT_CASE(d3cold_wakes),
	KUNIT_CASE(d3cold_stuck),
	KUNIT_CASE(d3cold_dead),
	KUNIT_CASE(d3hot_parent_wakes),
	KUNIT_CASE(d3hot_parent_stuck),
	KUNIT_CASE(d3hot_parent_dead),
	KUNIT_CASE(search_below_stuck),
	KUNIT_CASE(resume_under_way),
	KUNIT_CASE(binds),
	{},
};

struct kunit_suite power_suite = {
	.name = "acs_guard_power",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = power_cases,
};
