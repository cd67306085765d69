// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that are unreadable, the number of reads of a verdict, and its
 * memory allocations: none
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#include "guard.h"
#include "registers_test.h"

/* ---- Functions that cannot be read ---- */

/* clang-format off */
/* A function of each kind that affects the verdict; all are isolated. */
static const struct fake_dev good_host[] = {
	{ "rp",   "",    1, 0, FAKE_RP, ON },
	{ "up",   "rp",  0, 0, FAKE_UP, APART },
	{ "beside", "rp", 0, 1, FAKE_EP, APART },
	{ "dp0",  "up",  0, 0, FAKE_DP, ON },
	{ "dp1",  "up",  1, 0, FAKE_DP, ON },
	{ "f0",   "dp0", 0, 0, FAKE_EP, APART },
	{ "f1",   "dp0", 0, 1, FAKE_EP, APART },
	{ "one",  "dp1", 0, 0, FAKE_EP },
};

/* clang-format on */

/* R9: a function in an error state is unreadable, even if it answers. */
void disconnected(struct kunit *test)
{
	static const char *const deciders[] = { "rp",  "up", "beside", "dp0",
						"dp1", "f0", "f1" };
	struct fake_host *host = GUARD_UP(test, good_host);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(deciders); i++) {
		struct pci_dev *pdev = guard_get(test, host, deciders[i]);

		expect_verdict(test, host, "f0", "isolated", NULL, NULL,
			       "before");
		pdev->error_state = pci_channel_io_perm_failure;
		expect_verdict(test, host, "f0", "unreadable", deciders[i],
			       NULL, "perm_failure");
		pdev->error_state = pci_channel_io_frozen;
		expect_verdict(test, host, "f0", "unreadable", deciders[i],
			       NULL, "frozen");
		pdev->error_state = pci_channel_io_normal;
	}
	expect_verdict(test, host, "f0", "isolated", NULL, NULL, "after");
}

/* R9: a function in D3cold, which runtime PM cannot resume. */
void d3cold(struct kunit *test)
{
	static const char *const deciders[] = { "rp",  "up", "beside", "dp0",
						"dp1", "f0", "f1" };
	struct fake_host *host = GUARD_UP(test, good_host);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(deciders); i++) {
		struct pci_dev *pdev = guard_get(test, host, deciders[i]);
		const pci_power_t state = pdev->current_state;

		pm_runtime_forbid(&pdev->dev);
		pdev->current_state = PCI_D3cold;
		expect_verdict(test, host, "f0", "unreadable", deciders[i],
			       NULL, "D3cold");
		pdev->current_state = PCI_D3hot;
		expect_verdict(test, host, "f0", "isolated", NULL, NULL,
			       "D3hot");
		pdev->current_state = state;
		pm_runtime_allow(&pdev->dev);
	}
}

/* A peer port, a sibling function or a port above is removed and plugged in. */
void pulled(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good_host);

	KUNIT_ASSERT_EQ(test, fake_host_pull(host, "dp1"), 0);
	expect_verdict(test, host, "f0", "isolated", NULL, NULL, "dp1 pulled");
	KUNIT_ASSERT_EQ(test, fake_host_plug(host, "dp1"), 0);
	expect_verdict(test, host, "one", "isolated", NULL, NULL,
		       "dp1 plugged");
	KUNIT_ASSERT_EQ(test, fake_host_pull(host, "f1"), 0);
	expect_verdict(test, host, "f0", "isolated", NULL, NULL, "f1 pulled");
	KUNIT_ASSERT_EQ(test, fake_host_pull(host, "rp"), 0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "f0"));
	KUNIT_ASSERT_EQ(test, fake_host_plug(host, "rp"), 0);
	expect_verdict(test, host, "f0", "isolated", NULL, NULL, "rp plugged");
}

/* A reference to a function that was pulled: it is not isolated. */
void pulled_but_held(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good_host);
	struct pci_dev *f0 = pci_dev_get(guard_get(test, host, "f0"));
	u16 at = f0->acs_cap;
	u32 value;

	KUNIT_ASSERT_NE(test, at, 0);
	KUNIT_ASSERT_EQ(test, fake_host_pull(host, "dp0"), 0);
	pci_read_config_dword(f0, at, &value);
	KUNIT_EXPECT_EQ(test, value, U32_MAX);
	KUNIT_EXPECT_FALSE(test, guard_isolated(f0));
	pci_dev_put(f0);
}

/* ---- Number of reads ---- */

/**
 * struct read_count - the expected reads of a verdict
 * @name: the function that the verdict is about
 * @total: the number of reads of all functions
 * @of: a function that affects the verdict
 * @its: the number of reads of @of
 */
struct read_count {
	const char *name;
	unsigned int total;
	const char *of;
	unsigned int its;
};

static void expect_counts(struct kunit *test, struct fake_host *host,
			  const struct read_count *counts, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		const struct read_count *read_count = &counts[i];
		u16 at = fake_host_ext_cap(host, read_count->of,
					   PCI_EXT_CAP_ID_ACS);
		unsigned int of;

		fake_host_reset_counts(host);
		guard_isolated(guard_get(test, host, read_count->name));
		KUNIT_EXPECT_EQ_MSG(test, fake_host_total_reads(host),
				    read_count->total, "%s", read_count->name);
		of = fake_host_reads(host, read_count->of, FAKE_ALL_REGS);
		KUNIT_EXPECT_EQ_MSG(test, of, read_count->its, "%s, %s",
				    read_count->name, read_count->of);
		if (of == 1)
			KUNIT_EXPECT_EQ(test,
					fake_host_reads(host, read_count->of,
							at + PCI_ACS_CAP),
					1u);
		KUNIT_EXPECT_EQ(test, fake_host_total_writes(host), 0u);
	}
}

/* One dword of each function that affects the verdict. */
void reads_one_each(struct kunit *test)
{
	/* clang-format off */
	static const struct read_count counts[] = {
		/* f0, f1, dp0, dp1, up, beside, rp */
		{ "f0", 7, "f0", 1 },
		{ "f0", 7, "f1", 1 },
		{ "f0", 7, "dp0", 1 },
		{ "f0", 7, "dp1", 1 },
		{ "f0", 7, "up", 1 },
		{ "f0", 7, "beside", 1 },
		{ "f0", 7, "rp", 1 },
		/* all but f0 and f1 */
		{ "one", 5, "one", 0 },
		{ "one", 5, "dp0", 1 },
		/* beside, up, rp */
		{ "beside", 3, "rp", 1 },
	};
	/* clang-format on */
	struct fake_host *host = GUARD_UP(test, good_host);

	expect_counts(test, host, counts, ARRAY_SIZE(counts));
}

void reads_on_root_bus(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "ie", "", 1, 0, FAKE_RCIEP },
		{ "rp", "", 2, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP },
	};
	static const struct read_count counts[] = {
		{ "ie", 0, "ie", 0 },
		{ "ep", 1, "ep", 0 },
		{ "ep", 1, "rp", 1 },
	};

	expect_counts(test, GUARD_UP(test, decl), counts, ARRAY_SIZE(counts));
}

void reads_more_often(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 2, 0, FAKE_RP, .vendor = 0x8086, .device = 0xa110,
		  .acs = FAKE_ACS_PCH(0x0f, 0x0d) },
		{ "f0", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0, 0) },
		{ "f1", "rp", 0, 1, FAKE_EP, APART },
		{ "f2", "rp", 0, 2, FAKE_EP },
	};
	static const struct read_count counts[] = {
		/* the dword layout */
		{ "f0", 6, "rp", 2 },
		/* An empty capability: the header, and the dword once more. */
		{ "f0", 6, "f0", 3 },
		{ "f0", 6, "f1", 1 },
		/* Without ACS nothing is read. */
		{ "f0", 6, "f2", 0 },
	};

	expect_counts(test, GUARD_UP(test, decl), counts, ARRAY_SIZE(counts));
}

void reads_virtual(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 2, 0, FAKE_RP, ON },
		{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 2, .vfs.on = 2,
		  .vfs.acs = FAKE_ACS(0x0c, 0x0c) },
	};
	static const struct read_count counts[] = {
		{ "pf", 4, "pf", 1 },
		{ "pf.vf0", 4, "pf.vf0", 1 },
		{ "pf.vf0", 4, "pf.vf1", 1 },
		{ "pf.vf0", 4, "pf", 1 },
	};

	expect_counts(test, GUARD_UP(test, decl), counts, ARRAY_SIZE(counts));
}

/* ---- No allocation ---- */

/* The task whose allocations are counted, and the last call site. */
struct allocation_watch {
	const struct task_struct *task;
	unsigned int allocations;
	unsigned long last;
};

static void count_allocation(struct allocation_watch *allocation_watch,
			     unsigned long call_site)
{
	if (current != allocation_watch->task || in_interrupt())
		return;
	allocation_watch->allocations++;
	allocation_watch->last = call_site;
}

static void trace_kmalloc_alloc(void *data, unsigned long call_site,
				const void *ptr, size_t bytes_req,
				size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	count_allocation(data, call_site);
}

static void trace_cache_alloc(void *data, unsigned long call_site,
			      const void *ptr, struct kmem_cache *s,
			      gfp_t gfp_flags, int node)
{
	count_allocation(data, call_site);
}

void no_allocation(struct kunit *test)
{
	static struct allocation_watch allocation_watch;
	struct fake_host *host = GUARD_UP(test, good_host);
	struct pci_dev *pdev = guard_get(test, host, "f0");
	unsigned int examining, control;
	void *probe;
	int err;

	allocation_watch = (struct allocation_watch){};
	err = register_trace_kmalloc(trace_kmalloc_alloc, &allocation_watch);
	KUNIT_ASSERT_EQ(test, err, 0);
	err = register_trace_kmem_cache_alloc(trace_cache_alloc,
					      &allocation_watch);
	KUNIT_EXPECT_EQ(test, err, 0);
	allocation_watch.task = current;

	guard_isolated(pdev);
	fake_host_set_acs(host, "dp1", 0);
	guard_isolated(pdev);
	examining = allocation_watch.allocations;
	if (examining)
		kunit_err(test, "by %pS\n", (void *)allocation_watch.last);
	probe = kmalloc(1, GFP_KERNEL);
	control = allocation_watch.allocations - examining;

	unregister_trace_kmem_cache_alloc(trace_cache_alloc, &allocation_watch);
	unregister_trace_kmalloc(trace_kmalloc_alloc, &allocation_watch);
	tracepoint_synchronize_unregister();
	kfree(probe);
	KUNIT_EXPECT_EQ(test, examining, 0u);
	/* A debug kernel makes further allocations. */
	KUNIT_EXPECT_GE(test, control, 1u);
}
