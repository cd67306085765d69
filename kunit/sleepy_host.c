// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fake host whose bridges suspend, and are slow to resume: a walk sleeps at
 * each bridge that it resumes, and another thread can remove a function
 */
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "guard.h"
#include "node.h"
#include "sleepy_host.h"

/* pcieport does not bind to this class, so these bridges can be suspended. */
#define SLEEPY .class = 0x068000

/* clang-format off */
static const struct fake_dev sleepy_devices[] = {
	{ "rp",     "",    1, 0, FAKE_RP, ON, SLEEPY },
	{ "up",     "rp",  0, 0, FAKE_UP, APART, SLEEPY },
	{ "beside", "rp",  0, 1, FAKE_EP, APART },
	{ "dp0",    "up",  0, 0, FAKE_DP, ON, SLEEPY },
	{ "dp1",    "up",  1, 0, FAKE_DP, ON, SLEEPY },
	{ "f0",     "dp0", 0, 0, FAKE_EP, APART },
	{ "f1",     "dp0", 0, 1, FAKE_EP, APART },
	{ "one",    "dp1", 0, 0, FAKE_EP },
};

/* f0 has peers; a VF holds no reference to its PF. */
static const struct fake_dev exposed_devices[] = {
	{ "rp",     "",    1, 0, FAKE_RP, ON, SLEEPY },
	{ "up",     "rp",  0, 0, FAKE_UP, SLEEPY },
	{ "dp0",    "up",  0, 0, FAKE_DP, ON, SLEEPY },
	{ "dp1",    "up",  1, 0, FAKE_DP, SLEEPY },
	{ "f0",     "dp0", 0, 0, FAKE_EP },
	{ "pf",     "dp1", 0, 0, FAKE_EP, APART, .vfs.total = 1, .vfs.on = 1,
	  .vfs.acs = FAKE_ACS(0x0c, 0x0c) },
};

/* f0 is not isolated, only because of f1. */
static const struct fake_dev shared_devices[] = {
	{ "rp",  "",    1, 0, FAKE_RP, ON, SLEEPY },
	{ "up",  "rp",  0, 0, FAKE_UP, SLEEPY },
	{ "dp0", "up",  0, 0, FAKE_DP, ON, SLEEPY },
	{ "dp1", "up",  1, 0, FAKE_DP, ON, SLEEPY },
	{ "f0",  "dp0", 0, 0, FAKE_EP, APART },
	{ "f1",  "dp0", 0, 1, FAKE_EP },
};

/* clang-format on */

/* In ticks: longer than any removal takes. */
#define RESUME_TIME (10 * HZ)

/* clang-format off */
const struct removal_scene removal_scenes[3] = {
	{ sleepy_devices, ARRAY_SIZE(sleepy_devices), { "f0", "one" },
	  { "f0", "f1", "one", "beside", "dp0", "dp1", "up", "rp" }, 3 * HZ },
	{ exposed_devices, ARRAY_SIZE(exposed_devices), { "f0" }, { "pf", "dp1" }, 3 * HZ,
	  .resumes = true },
	{ shared_devices, ARRAY_SIZE(shared_devices), { "f0" }, { "f1", "dp1" }, RESUME_TIME },
};

/* clang-format on */

struct removal removal;

unsigned int nap_count;

static void removal_work(struct work_struct *work)
{
	removal.err = removal.take(removal.host, removal.victim);
	complete(&removal.end);
}

static int suspend_bridge(struct device *dev)
{
	return 0;
}

static bool is_part_of(struct pci_dev *pdev, const char *victim)
{
	for (; pdev; pdev = pci_upstream_bridge(pdev))
		if (!strcmp(fake_host_name(pdev), victim))
			return true;
	return false;
}

static void start_removal(struct pci_dev *bridge)
{
	removal.waits = is_part_of(bridge, removal.victim);
	reinit_completion(&removal.end);
	queue_work(system_unbound_wq, &removal.work);
	removal.ended =
		wait_for_completion_timeout(&removal.end, removal.takes);
}

static int resume_bridge_slowly(struct device *dev)
{
	nap_count++;
	if (removal.at && !--removal.at)
		start_removal(to_pci_dev(dev));
	schedule_timeout_uninterruptible(2);
	return 0;
}

static struct dev_pm_domain slow_domain = {
	.ops = {
		.runtime_suspend = suspend_bridge,
		.runtime_resume = resume_bridge_slowly,
	},
};

/* Allows runtime PM of all functions; bridges are slow to resume. */
static int set_up_sleepy_device(struct notifier_block *nb, unsigned long event,
				void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	if (event != BUS_NOTIFY_ADD_DEVICE || !fake_host_name(pdev))
		return NOTIFY_DONE;
	if (acs_guard_is_bridge(pdev))
		dev_pm_domain_set(&pdev->dev, &slow_domain);
	pm_runtime_allow(&pdev->dev);
	return NOTIFY_DONE;
}

static struct notifier_block sleepy_block = { .notifier_call =
						      set_up_sleepy_device };

struct fake_host *sleepy_up(struct kunit *test,
			    const struct removal_scene *scene)
{
	struct fake_host *host;

	nap_count = 0;
	removal.at = 0;
	INIT_WORK(&removal.work, removal_work);
	init_completion(&removal.end);
	KUNIT_ASSERT_EQ(test,
			bus_register_notifier(&pci_bus_type, &sleepy_block), 0);
	host = guard_up(test, scene->decl, scene->n * sizeof(*scene->decl),
			NULL);
	return host;
}

void sleepy_down(struct kunit *test)
{
	guard_down(test);
	bus_unregister_notifier(&pci_bus_type, &sleepy_block);
}

/* Lets functions suspend, so that the walk resumes them again. */
static void start_slowly(struct acs_guard_visitor *visitor)
{
	schedule_timeout_uninterruptible(2);
}

static void visit_slowly(struct acs_guard_visitor *visitor,
			 struct acs_node peer)
{
	schedule_timeout_uninterruptible(2);
}

/*
 * Each walk for @pdev, to which the caller has a reference.  That is enough,
 * even if @pdev is removed.  For a VF the caller must also delay the end of the
 * removal, as a device lock or an open attribute does, because a removed VF has
 * no PF.
 */
void run_walks(struct pci_dev *pdev)
{
	struct pci_dev *pf = pci_dev_get(pci_physfn(pdev));
	struct acs_guard_verdict verdict;
	struct acs_guard_subject subject;
	struct acs_guard_visitor visitor = {
		.start = start_slowly,
		.visit = visit_slowly,
	};

	guard_examine(pdev, &verdict);
	schedule_timeout_uninterruptible(2);
	acs_guard_visit_peers(pdev, &verdict, &visitor);
	acs_guard_in_group(pdev, &verdict);
	acs_guard_describe(pdev, &subject);
	pci_dev_put(pf);
}
