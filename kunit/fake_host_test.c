// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the fake host: creation and removal of hosts, counts of reads, and
 * faults
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "fake_host_test.h"
#include "suites.h"

#define MAX_HOSTS 4

unsigned int noise_hosts = 200;
module_param_named(fake_hosts, noise_hosts, uint, 0444);
MODULE_PARM_DESC(fake_hosts, "hosts whose registers are noise");

/* The hosts of a test, which fake_exit() removes. */
struct hosts {
	struct fake_host *host[MAX_HOSTS];
	unsigned int nr;
	unsigned int devs; /* PCI devices before the test */
};

unsigned int count_devices(void)
{
	struct pci_dev *pdev = NULL;
	unsigned int nr = 0;

	for_each_pci_dev(pdev)
		nr++;
	return nr;
}

static int fake_init(struct kunit *test)
{
	struct hosts *hosts = kunit_kzalloc(test, sizeof(*hosts), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, hosts);
	hosts->devs = count_devices();
	test->priv = hosts;
	return 0;
}

void drop_hosts(struct kunit *test)
{
	struct hosts *hosts = test->priv;

	while (hosts->nr)
		KUNIT_EXPECT_EQ(test,
				fake_host_destroy(hosts->host[--hosts->nr]), 0);
	KUNIT_EXPECT_EQ(test, count_devices(), hosts->devs);
}

static void fake_exit(struct kunit *test)
{
	drop_hosts(test);
}

static struct fake_host *make_host_below(struct kunit *test,
					 const struct fake_dev *decl,
					 unsigned int n, struct pci_dev *parent)
{
	struct hosts *hosts = test->priv;
	struct fake_host *host = fake_host_create_below(decl, n, parent);

	KUNIT_ASSERT_FALSE(test, IS_ERR(host));
	KUNIT_ASSERT_LT(test, hosts->nr, (unsigned int)MAX_HOSTS);
	hosts->host[hosts->nr++] = host;
	return host;
}

struct fake_host *make_host(struct kunit *test, const struct fake_dev *decl,
			    unsigned int n)
{
	return make_host_below(test, decl, n, NULL);
}

struct pci_dev *get_fn(struct kunit *test, struct fake_host *host,
		       const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	KUNIT_ASSERT_NOT_NULL_MSG(test, pdev, "%s is not there", name);
	KUNIT_EXPECT_STREQ(test, fake_host_name(pdev), name);
	return pdev;
}

u16 read_word(struct pci_dev *pdev, int where)
{
	u16 val;

	pci_read_config_word(pdev, where, &val);
	return val;
}

u32 read_dword(struct pci_dev *pdev, int where)
{
	u32 val;

	pci_read_config_dword(pdev, where, &val);
	return val;
}

/* The switch of topology T1. */
const struct fake_dev switch_host[6] = {
	{ "rp", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x5f, ACS_GOOD) },
	{ "up", "rp", 0, 0, FAKE_UP },
	{ "dp0", "up", 0, 0, FAKE_DP },
	{ "dp1", "up", 1, 0, FAKE_DP },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
};

/* ---- Reads: counted, and going wrong ---- */

static void fake_counts(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	struct pci_dev *rp = get_fn(test, host, "rp");

	KUNIT_EXPECT_GT(test, fake_host_total_reads(host), 0u);
	fake_host_reset_counts(host);
	read_dword(rp, rp->acs_cap + 4);
	read_word(rp, rp->acs_cap + 6);
	read_word(rp, PCI_STATUS);
	KUNIT_EXPECT_EQ(test, fake_host_reads(host, "rp", rp->acs_cap + 4), 2u);
	KUNIT_EXPECT_EQ(test, fake_host_reads(host, "rp", rp->acs_cap + 8), 0u);
	KUNIT_EXPECT_EQ(test, fake_host_reads(host, "rp", PCI_COMMAND), 1u);
	KUNIT_EXPECT_EQ(test, fake_host_reads(host, "rp", FAKE_ALL_REGS), 3u);
	KUNIT_EXPECT_EQ(test, fake_host_reads(host, "up", FAKE_ALL_REGS), 0u);
	KUNIT_EXPECT_EQ(test, fake_host_total_reads(host), 3u);
	KUNIT_EXPECT_EQ(test, fake_host_total_writes(host), 0u);
	pci_write_config_byte(rp, PCI_CACHE_LINE_SIZE, 0x10);
	KUNIT_EXPECT_EQ(test, fake_host_total_writes(host), 1u);
	KUNIT_EXPECT_EQ(test,
			fake_host_peek(host, "rp", PCI_CACHE_LINE_SIZE, 1),
			0x10u);
	KUNIT_EXPECT_EQ(test, fake_host_total_reads(host), 3u);
}

static void fake_faults(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	struct pci_dev *rp = get_fn(test, host, "rp");
	struct pci_dev *up = get_fn(test, host, "up");
	u32 val;

	fake_host_fault(host, "rp", FAKE_ONES);
	KUNIT_EXPECT_EQ(test, pci_read_config_dword(rp, 0, &val), 0);
	KUNIT_EXPECT_EQ(test, val, U32_MAX);
	KUNIT_EXPECT_EQ(test, read_word(rp, rp->acs_cap + PCI_ACS_CTRL),
			0xffff);
	KUNIT_EXPECT_EQ(test, read_word(up, 0), FAKE_VENDOR);
	pci_write_config_byte(rp, PCI_CACHE_LINE_SIZE, 0x10);
	KUNIT_EXPECT_EQ(test,
			fake_host_peek(host, "rp", PCI_CACHE_LINE_SIZE, 1), 0u);
	fake_host_fault(host, "rp", FAKE_ERROR);
	KUNIT_EXPECT_NE(test, pci_read_config_dword(rp, 0, &val), 0);
	KUNIT_EXPECT_EQ(test, val, U32_MAX);
	fake_host_fault(host, "rp", FAKE_ZERO);
	KUNIT_EXPECT_EQ(test, pci_read_config_dword(rp, 0, &val), 0);
	KUNIT_EXPECT_EQ(test, val, 0u);
	fake_host_fault(host, "rp", FAKE_OK);
	KUNIT_EXPECT_EQ(test, read_word(rp, 0), FAKE_VENDOR);

	fake_host_fault_at(host, "rp", rp->acs_cap + 6, FAKE_ONES);
	KUNIT_EXPECT_EQ(test, read_dword(rp, rp->acs_cap + 4), U32_MAX);
	KUNIT_EXPECT_EQ(test, read_dword(rp, rp->acs_cap + 8), 0u);
	fake_host_fault_at(host, "rp", rp->acs_cap + 6, FAKE_OK);
	KUNIT_EXPECT_EQ(test, read_dword(rp, rp->acs_cap + 4), 0x1d005fu);
}

static void fake_fail_nth(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	struct pci_dev *rp = get_fn(test, host, "rp");
	unsigned int nth;

	for (nth = 1; nth < 5; nth++) {
		unsigned int i;

		fake_host_fail_nth(host, nth, FAKE_ERROR);
		for (i = 1; i <= 3; i++)
			KUNIT_EXPECT_EQ(test, read_word(rp, 0) == 0xffff,
					i == nth);
		KUNIT_EXPECT_EQ(test, fake_host_failed(host), nth <= 3);
	}
	fake_host_fail_nth(host, 0, FAKE_OK);
	KUNIT_EXPECT_EQ(test, read_word(rp, 0), FAKE_VENDOR);
	KUNIT_EXPECT_FALSE(test, fake_host_failed(host));
}

static void fake_poke_after(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	struct pci_dev *rp = get_fn(test, host, "rp");
	int ctrl = rp->acs_cap + PCI_ACS_CTRL;

	fake_host_poke_after(host, 2, "rp", ctrl, 2, 0);
	KUNIT_EXPECT_EQ(test, read_word(rp, ctrl), ACS_GOOD);
	KUNIT_EXPECT_EQ(test, read_word(rp, ctrl), ACS_GOOD);
	KUNIT_EXPECT_EQ(test, read_word(rp, ctrl), 0);
	fake_host_poke_after(host, 1, "rp", ctrl, 2, 1);
	fake_host_poke_after(host, 0, "rp", ctrl, 2, 1);
	KUNIT_EXPECT_EQ(test, read_word(rp, ctrl), 0);
	KUNIT_EXPECT_EQ(test, read_word(rp, ctrl), 0);
}

/* ---- Hosts ---- */

static void fake_two_hosts(struct kunit *test)
{
	struct fake_host *a =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	struct fake_host *b =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	struct pci_dev *a_rp = get_fn(test, a, "rp");
	struct pci_dev *b_rp = get_fn(test, b, "rp");

	KUNIT_EXPECT_NE(test, pci_domain_nr(a_rp->bus),
			pci_domain_nr(b_rp->bus));
	KUNIT_EXPECT_PTR_NE(test, a_rp, b_rp);
	KUNIT_EXPECT_PTR_EQ(test, fake_host_bus(a), a_rp->bus);
	fake_host_set_acs(a, "rp", 0);
	KUNIT_EXPECT_EQ(test, read_word(a_rp, a_rp->acs_cap + PCI_ACS_CTRL), 0);
	KUNIT_EXPECT_EQ(test, read_word(b_rp, b_rp->acs_cap + PCI_ACS_CTRL),
			ACS_GOOD);
}

static void fake_below(struct kunit *test)
{
	static const struct fake_dev vmd[] = {
		{ "vmd", "", 5, 5, FAKE_RCIEP },
		{ "f0", "", 5, 0, FAKE_RCIEP },
	};
	struct fake_host *host = make_host(test, vmd, ARRAY_SIZE(vmd));
	struct pci_dev *parent = get_fn(test, host, "vmd");
	struct pci_dev *ep;

	host = make_host_below(test, switch_host, ARRAY_SIZE(switch_host),
			       parent);
	ep = get_fn(test, host, "ep0");
	KUNIT_EXPECT_PTR_EQ(test, pci_find_host_bridge(ep->bus)->dev.parent,
			    &parent->dev);
	KUNIT_EXPECT_NE(test, pci_domain_nr(ep->bus),
			pci_domain_nr(parent->bus));
}

struct late_put {
	struct delayed_work work;
	struct pci_dev *pdev;
};

static void put_late(struct work_struct *work)
{
	struct late_put *late = container_of(work, struct late_put, work.work);

	pci_dev_put(late->pdev);
}

/* A reference to a device delays the end of its host. */
static void fake_destroy_waits(struct kunit *test)
{
	struct fake_host *host =
		fake_host_create(switch_host, ARRAY_SIZE(switch_host));
	struct late_put late;

	KUNIT_ASSERT_FALSE(test, IS_ERR(host));
	late.pdev = pci_dev_get(get_fn(test, host, "ep0"));
	INIT_DELAYED_WORK_ONSTACK(&late.work, put_late);
	schedule_delayed_work(&late.work, HZ);
	KUNIT_EXPECT_EQ(test, fake_host_destroy(host), 0);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&late.work));
	flush_delayed_work(&late.work);
	destroy_delayed_work_on_stack(&late.work);
	KUNIT_EXPECT_EQ(test, fake_host_destroy(NULL), 0);
}

/* ---- How long it takes ---- */

/* A host with a switch that has @n Downstream Ports, half of them in use. */
static void measure_speed(struct kunit *test, unsigned int n)
{
	const unsigned int hosts = noise_hosts / 10 ?: 1;
	struct fake_dev *decl =
		kunit_kcalloc(test, 2 + n * 3 / 2, sizeof(*decl), GFP_KERNEL);
	unsigned int nr = 0;
	ktime_t start;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, decl);
	decl[nr++] = (struct fake_dev){ "rp", "", 1, 0, FAKE_RP };
	decl[nr++] = (struct fake_dev){ "up", "rp", 0, 0, FAKE_UP };
	for (i = 0; i < n; i++) {
		struct fake_dev *dp = &decl[nr++];

		*dp = (struct fake_dev){ "", "up", i % 32, i / 32, FAKE_DP };
		snprintf(dp->name, FAKE_NAME_LEN, "dp%u", i);
		if (i & 1)
			continue;
		decl[nr] = (struct fake_dev){ "", "", 0, 0, FAKE_EP };
		snprintf(decl[nr].name, FAKE_NAME_LEN, "ep%u", i);
		strscpy(decl[nr++].up, dp->name, FAKE_NAME_LEN);
	}
	start = ktime_get();
	for (i = 0; i < hosts; i++) {
		make_host(test, decl, nr);
		drop_hosts(test);
	}
	kunit_info(test, "a host of %u functions: %lld us, up and down\n", nr,
		   ktime_us_delta(ktime_get(), start) / hosts);
}

static void fake_speed(struct kunit *test)
{
	measure_speed(test, 2);
	measure_speed(test, 8);
	measure_speed(test, 40);
}

static struct kunit_case fake_host_cases[] = {
	KUNIT_CASE(fake_types),		KUNIT_CASE(fake_identity),
	KUNIT_CASE(fake_multifunction), KUNIT_CASE(fake_ari),
	KUNIT_CASE(fake_bus_numbers),	KUNIT_CASE(fake_bars),
	KUNIT_CASE(fake_acs_words),	KUNIT_CASE(fake_acs_changes),
	KUNIT_CASE(fake_acs_pch),	KUNIT_CASE(fake_acs_places),
	KUNIT_CASE(fake_bad_lists),	KUNIT_CASE(fake_other_caps),
	KUNIT_CASE(fake_vfs_declared),	KUNIT_CASE(fake_vfs_far),
	KUNIT_CASE(fake_vfs_sysfs),	KUNIT_CASE(fake_vfs_most),
	KUNIT_CASE(fake_places),	KUNIT_CASE(fake_counts),
	KUNIT_CASE(fake_faults),	KUNIT_CASE(fake_fail_nth),
	KUNIT_CASE(fake_poke_after),	KUNIT_CASE(fake_two_hosts),
	KUNIT_CASE(fake_below),		KUNIT_CASE(fake_destroy_waits),
	KUNIT_CASE(fake_plug),		KUNIT_CASE(fake_pull),
	KUNIT_CASE(fake_slots),		KUNIT_CASE(fake_hide),
	KUNIT_CASE(fake_bind),		KUNIT_CASE(fake_groups),
	KUNIT_CASE(fake_alias),		KUNIT_CASE(fake_raw),
	KUNIT_CASE(fake_refused),	KUNIT_CASE(fake_crossed_buses),
	KUNIT_CASE(fake_depth),		KUNIT_CASE(fake_noise),
	KUNIT_CASE(fake_print),		KUNIT_CASE(fake_drop),
	KUNIT_CASE(fake_speed),		{}
};

struct kunit_suite fake_host_suite = {
	.name = "fake_host",
	.init = fake_init,
	.exit = fake_exit,
	.test_cases = fake_host_cases,
};
