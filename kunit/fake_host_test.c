// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the fake host: is what is declared what the PCI core sees?
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "fake_host.h"
#include "suites.h"

#define MAX_HOSTS 4
#define GOOD 0x1d /* SV, RR, CR, UF */
#define FUZZ_SEED 5

static unsigned int num_hosts = 200;
module_param_named(fake_hosts, num_hosts, uint, 0444);
MODULE_PARM_DESC(fake_hosts, "hosts whose registers are noise");

/* What a test has brought up; fake_exit() takes it down. */
struct hosts {
	struct fake_host *host[MAX_HOSTS];
	unsigned int nr;
	unsigned int devs; /* PCI devices before the test */
};

static unsigned int count_devs(void)
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
	hosts->devs = count_devs();
	test->priv = hosts;
	return 0;
}

static void drop(struct kunit *test)
{
	struct hosts *hosts = test->priv;

	while (hosts->nr)
		KUNIT_EXPECT_EQ(test,
				fake_host_destroy(hosts->host[--hosts->nr]), 0);
	KUNIT_EXPECT_EQ(test, count_devs(), hosts->devs);
}

static void fake_exit(struct kunit *test)
{
	drop(test);
}

static struct fake_host *make_below(struct kunit *test,
				    const struct fake_dev *decl, unsigned int n,
				    struct pci_dev *parent)
{
	struct hosts *hosts = test->priv;
	struct fake_host *host = fake_host_create_below(decl, n, parent);

	KUNIT_ASSERT_FALSE(test, IS_ERR(host));
	KUNIT_ASSERT_LT(test, hosts->nr, (unsigned int)MAX_HOSTS);
	hosts->host[hosts->nr++] = host;
	return host;
}

static struct fake_host *make(struct kunit *test, const struct fake_dev *decl,
			      unsigned int n)
{
	return make_below(test, decl, n, NULL);
}

static struct pci_dev *get(struct kunit *test, struct fake_host *host,
			   const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	KUNIT_ASSERT_NOT_NULL_MSG(test, pdev, "%s is not there", name);
	KUNIT_EXPECT_STREQ(test, fake_host_name(pdev), name);
	return pdev;
}

static u16 word(struct pci_dev *pdev, int where)
{
	u16 val;

	pci_read_config_word(pdev, where, &val);
	return val;
}

static u32 dword(struct pci_dev *pdev, int where)
{
	u32 val;

	pci_read_config_dword(pdev, where, &val);
	return val;
}

/* The switch of isolation topology T1, with everything that is usual. */
static const struct fake_dev sw[] = {
	{ "rp", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x5f, GOOD) },
	{ "up", "rp", 0, 0, FAKE_UP },
	{ "dp0", "up", 0, 0, FAKE_DP },
	{ "dp1", "up", 1, 0, FAKE_DP },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
};

/* ---- What a function is ---- */

static const struct fake_dev all_types[] = {
	{ "ep", "", 1, 0, FAKE_EP },
	{ "leg", "", 2, 0, FAKE_LEGACY },
	{ "rp", "", 3, 0, FAKE_RP },
	{ "up", "rp", 0, 0, FAKE_UP },
	{ "dp", "up", 0, 0, FAKE_DP },
	{ "p2p", "dp", 0, 0, FAKE_PCIE_TO_PCI },
	{ "conv", "p2p", 4, 0, FAKE_PCI },
	{ "rcep", "", 4, 0, FAKE_RCIEP },
	{ "rcec", "", 5, 0, FAKE_RCEC },
	{ "odd", "", 6, 0, 0xb },
	{ "pci", "", 7, 0, FAKE_PCI },
	{ "br", "", 8, 0, FAKE_PCI_BRIDGE },
	{ "rev", "br", 2, 0, FAKE_PCI_TO_PCIE },
	{ "cep", "rev", 0, 0, FAKE_EP },
};

static void fake_types(struct kunit *test)
{
	struct fake_host *host = make(test, all_types, ARRAY_SIZE(all_types));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_types); i++) {
		const struct fake_dev *decl = &all_types[i];
		struct pci_dev *pdev = get(test, host, decl->name);
		bool bridge = pci_is_bridge(pdev);
		/* No extended config cycle gets through a conventional bus. */
		bool extended = pci_is_pcie(pdev) &&
				strcmp(decl->name, "rev") &&
				strcmp(decl->name, "cep");

		KUNIT_EXPECT_EQ(test, pci_is_pcie(pdev), decl->type <= 0xf);
		if (pci_is_pcie(pdev))
			KUNIT_EXPECT_EQ(test, pci_pcie_type(pdev),
					(int)decl->type);
		KUNIT_EXPECT_EQ(test, bridge,
				(decl->type >= 4 && decl->type <= 8) ||
					decl->type == FAKE_PCI_BRIDGE);
		KUNIT_EXPECT_EQ(test, !!pdev->subordinate, bridge);
		KUNIT_EXPECT_EQ(test, pdev->vendor, FAKE_VENDOR);
		KUNIT_EXPECT_EQ(test, pdev->device, FAKE_DEVICE + decl->type);
		KUNIT_EXPECT_FALSE(test, pdev->multifunction);
		KUNIT_EXPECT_PTR_EQ(test, pci_upstream_bridge(pdev),
				    *decl->up ? get(test, host, decl->up) :
						NULL);
		KUNIT_EXPECT_EQ(test, pdev->cfg_size,
				extended ? PCI_CFG_SPACE_EXP_SIZE :
					   PCI_CFG_SPACE_SIZE);
	}
}

static void fake_identity(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "gpu", "", 2, 0, FAKE_RCIEP, .vendor = 0x8086,
		  .device = 0x1234, .class = 0x030000 },
		{ "host", "", 3, 0, FAKE_PCI, .class = 0x060000 },
		{ "on", "", 4, 0, FAKE_PCI, .class = 0x060000,
		  .flags = FAKE_MASTER },
		{ "rcec", "", 5, 0, FAKE_RCEC },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev = get(test, host, "gpu");

	KUNIT_EXPECT_EQ(test, pdev->vendor, 0x8086);
	KUNIT_EXPECT_EQ(test, pdev->device, 0x1234);
	KUNIT_EXPECT_EQ(test, pdev->class, 0x030000u);
	KUNIT_EXPECT_EQ(test, get(test, host, "rcec")->class, 0x080700u);

	pdev = get(test, host, "host");
	KUNIT_EXPECT_EQ(test, pdev->class >> 8, (u32)PCI_CLASS_BRIDGE_HOST);
	KUNIT_EXPECT_FALSE(test, word(pdev, PCI_STATUS) & PCI_STATUS_CAP_LIST);
	KUNIT_EXPECT_FALSE(test, word(pdev, PCI_COMMAND) & PCI_COMMAND_MASTER);
	pdev = get(test, host, "on");
	KUNIT_EXPECT_TRUE(test, word(pdev, PCI_COMMAND) & PCI_COMMAND_MASTER);
}

static void fake_multifunction(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "a0", "", 1, 0, FAKE_RCIEP },
		{ "a2", "", 1, 2, FAKE_RCIEP },
		{ "a6", "", 1, 6, FAKE_RCIEP },
		{ "b0", "", 2, 0, FAKE_RCIEP, .flags = FAKE_MFD },
		{ "c0", "", 3, 0, FAKE_RCIEP },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_TRUE(test, get(test, host, "a0")->multifunction);
	KUNIT_EXPECT_TRUE(test, get(test, host, "a2")->multifunction);
	KUNIT_EXPECT_EQ(test, get(test, host, "a6")->devfn, PCI_DEVFN(1, 6));
	KUNIT_EXPECT_TRUE(test, get(test, host, "b0")->multifunction);
	KUNIT_EXPECT_FALSE(test, get(test, host, "c0")->multifunction);
}

static void fake_ari(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_ARI },
		{ "f0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI | FAKE_MFD },
		{ "f8", "rp", 1, 0, FAKE_EP, .flags = FAKE_ARI },
		{ "f255", "rp", 31, 7, FAKE_EP, .flags = FAKE_ARI },
		{ "deaf", "", 2, 0, FAKE_RP },
		{ "g0", "deaf", 0, 0, FAKE_EP, .flags = FAKE_ARI },
		{ "g8", "deaf", 1, 0, FAKE_EP, .flags = FAKE_ARI },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_TRUE(test, get(test, host, "rp")->ari_enabled);
	KUNIT_EXPECT_EQ(test, get(test, host, "f8")->devfn, 8u);
	KUNIT_EXPECT_EQ(test, get(test, host, "f255")->devfn, 255u);
	KUNIT_EXPECT_FALSE(test, get(test, host, "deaf")->ari_enabled);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "g8"));
}

static void fake_bus_numbers(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "z", "", 9, 0, FAKE_RP },
		{ "rp", "", 1, 0, FAKE_RP },
		{ "up", "rp", 0, 0, FAKE_UP },
		{ "dp0", "up", 0, 0, FAKE_DP },
		{ "dp1", "up", 1, 0, FAKE_DP },
		{ "far", "", 10, 0, FAKE_RP, .sec = 0x40, .sub = 0x4f },
		{ "ep", "far", 0, 0, FAKE_EP },
	};
	static const struct {
		const char *name;
		u8 sec, sub;
	} want[] = {
		{ "rp", 1, 4 },	 { "up", 2, 4 }, { "dp0", 3, 3 },
		{ "dp1", 4, 4 }, { "z", 5, 5 },	 { "far", 0x40, 0x4f },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		struct pci_bus *bus =
			get(test, host, want[i].name)->subordinate;

		KUNIT_ASSERT_NOT_NULL(test, bus);
		KUNIT_EXPECT_EQ(test, bus->number, want[i].sec);
		KUNIT_EXPECT_EQ(test, bus->busn_res.end,
				(resource_size_t)want[i].sub);
	}
	KUNIT_EXPECT_EQ(test, get(test, host, "ep")->bus->number, 0x40);
}

static void fake_bars(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "up", "rp", 0, 0, FAKE_UP, .bar = { 0x1000 } },
		{ "dp", "up", 0, 0, FAKE_DP },
		{ "ep", "dp", 0, 0, FAKE_EP, .bar = { 0x10000, 0, 16 } },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *ep = get(test, host, "ep");

	KUNIT_EXPECT_EQ(test, pci_resource_len(get(test, host, "up"), 0),
			(resource_size_t)0x1000);
	KUNIT_EXPECT_EQ(test, pci_resource_len(ep, 0),
			(resource_size_t)0x10000);
	KUNIT_EXPECT_EQ(test, pci_resource_len(ep, 2), (resource_size_t)16);
	KUNIT_EXPECT_EQ(test, pci_resource_len(ep, 1), (resource_size_t)0);
	KUNIT_EXPECT_EQ(test, (resource_size_t)dword(ep, PCI_BASE_ADDRESS_0),
			pci_resource_start(ep, 0));
	KUNIT_EXPECT_EQ(test, pci_enable_device(ep), 0);
	pci_disable_device(ep);
}

/* ---- Capabilities ---- */

static void fake_acs_words(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "std", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x5f, 0x11) },
		{ "ec", "", 2, 0, FAKE_RP,
		  .acs = FAKE_ACS(0x203f, 0x21, .egress = 0xcafe) },
		{ "big", "", 3, 0, FAKE_RP, .acs = FAKE_ACS(0x1ffd, 0) },
		{ "rw", "", 4, 0, FAKE_RP,
		  .acs = FAKE_ACS(0x5f, 0x01, .rw = 0x1c) },
		{ "empty", "", 5, 0, FAKE_RCIEP, .acs = FAKE_ACS(0, 0) },
		{ "none", "", 6, 0, FAKE_RP },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(decl); i++) {
		pdev = get(test, host, decl[i].name);
		KUNIT_EXPECT_EQ(test, pdev->acs_cap,
				fake_host_ext_cap(host, decl[i].name,
						  PCI_EXT_CAP_ID_ACS));
		KUNIT_EXPECT_EQ(test, !!pdev->acs_cap, !!decl[i].acs.layout);
		if (!pdev->acs_cap)
			continue;
		KUNIT_EXPECT_EQ(test, word(pdev, pdev->acs_cap + PCI_ACS_CAP),
				decl[i].acs.cap);
	}
	pdev = get(test, host, "std");
	KUNIT_EXPECT_EQ(test, word(pdev, pdev->acs_cap + PCI_ACS_CTRL), 0x11);
	pci_write_config_word(pdev, pdev->acs_cap + PCI_ACS_CTRL, 0x7f);
	KUNIT_EXPECT_EQ(test, word(pdev, pdev->acs_cap + PCI_ACS_CTRL), 0x11);

	pdev = get(test, host, "rw");
	pci_write_config_word(pdev, pdev->acs_cap + PCI_ACS_CTRL, 0x7f);
	KUNIT_EXPECT_EQ(test, word(pdev, pdev->acs_cap + PCI_ACS_CTRL), 0x1d);

	pdev = get(test, host, "ec");
	KUNIT_EXPECT_EQ(test, dword(pdev, pdev->acs_cap + 8), 0xcafeu);
}

static void fake_acs_changes(struct kunit *test)
{
	struct fake_host *host = make(test, sw, ARRAY_SIZE(sw));
	struct pci_dev *pdev = get(test, host, "rp");

	fake_host_set_acs(host, "rp", 0);
	KUNIT_EXPECT_EQ(test, word(pdev, pdev->acs_cap + PCI_ACS_CTRL), 0);
	KUNIT_EXPECT_EQ(test, word(pdev, pdev->acs_cap + PCI_ACS_CAP), 0x5f);
	fake_host_set_acs(host, "rp", 0xffff);
	KUNIT_EXPECT_EQ(test, dword(pdev, pdev->acs_cap + PCI_ACS_CAP),
			0xffff005fu);
}

static void fake_acs_pch(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 0x1c, 0, FAKE_RP, .acs = FAKE_ACS_PCH(0x0f, 0x0d),
		  .vendor = 0x8086, .device = 0xa110 },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev = get(test, host, "rp");

	KUNIT_ASSERT_NE(test, pdev->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, dword(pdev, pdev->acs_cap + 4), 0x0fu);
	KUNIT_EXPECT_EQ(test, dword(pdev, pdev->acs_cap + 8), 0x0du);
	fake_host_set_acs(host, "rp", 0x01);
	KUNIT_EXPECT_EQ(test, dword(pdev, pdev->acs_cap + 4), 0x0fu);
	KUNIT_EXPECT_EQ(test, dword(pdev, pdev->acs_cap + 8), 0x01u);
}

static void fake_acs_places(struct kunit *test)
{
	static const u16 places[] = { 0x100, 0x108, 0x10c, 0x148, 0xbc4, 0xff8 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct fake_dev decl[] = {
			{ "rp", "", 1, 0, FAKE_RCIEP,
			  .flags = FAKE_ATS | FAKE_CXL,
			  .acs = FAKE_ACS(0x1d, 0x0c, .at = places[i]) },
		};
		struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
		struct pci_dev *pdev = get(test, host, "rp");

		KUNIT_EXPECT_EQ(test, pdev->acs_cap, places[i]);
		KUNIT_EXPECT_EQ(test, dword(pdev, places[i] + 4), 0x000c001du);
		KUNIT_EXPECT_NE(test, pdev->ats_cap, 0);
		KUNIT_EXPECT_NE(test,
				pci_find_dvsec_capability(pdev, 0x1e98, 0), 0);
		drop(test);
	}
}

/* Lists that end early, never or at once must neither hang nor crash. */
static void fake_bad_lists(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "cut", "", 1, 0, FAKE_RP, .flags = FAKE_EXT_CUT,
		  .acs = FAKE_ACS(0x5f, GOOD) },
		{ "loop", "", 2, 0, FAKE_RP, .flags = FAKE_EXT_LOOP,
		  .acs = FAKE_ACS(0x5f, GOOD) },
		{ "circle", "", 3, 0, FAKE_RP, .flags = FAKE_EXT_LOOP },
		{ "short", "", 4, 0, FAKE_RP, .flags = FAKE_CFG256,
		  .acs = FAKE_ACS(0x5f, GOOD) },
		{ "caps", "", 5, 0, FAKE_RP, .flags = FAKE_CAP_LOOP | FAKE_PM },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev;

	KUNIT_EXPECT_EQ(test, get(test, host, "cut")->acs_cap, 0);
	pdev = get(test, host, "cut");
	KUNIT_EXPECT_NE(test,
			pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_VNDR), 0);
	KUNIT_EXPECT_NE(test, get(test, host, "loop")->acs_cap, 0);
	pdev = get(test, host, "loop");
	KUNIT_EXPECT_EQ(test, pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_ATS),
			0);
	KUNIT_EXPECT_EQ(test, get(test, host, "circle")->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, fake_host_ext_cap(host, "circle", 0x7), 0);
	pdev = get(test, host, "short");
	KUNIT_EXPECT_EQ(test, pdev->cfg_size, PCI_CFG_SPACE_SIZE);
	KUNIT_EXPECT_EQ(test, pdev->acs_cap, 0);
	pdev = get(test, host, "caps");
	KUNIT_EXPECT_NE(test, pdev->pm_cap, 0);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, PCI_CAP_ID_MSI), 0);
}

static void fake_other_caps(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "plain", "", 1, 0, FAKE_RCIEP },
		{ "ats", "", 2, 0, FAKE_RCIEP, .flags = FAKE_ATS | FAKE_PM },
		{ "on", "", 3, 0, FAKE_RCIEP, .flags = FAKE_ATS_ON },
		{ "cxl", "", 4, 0, FAKE_RCIEP, .flags = FAKE_CXL },
		{ "cache", "", 5, 0, FAKE_RCIEP, .flags = FAKE_CXL_ON },
		{ "slot", "", 6, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev = get(test, host, "plain");
	u16 at;

	KUNIT_EXPECT_EQ(test, pdev->ats_cap, 0);
	KUNIT_EXPECT_EQ(test, pdev->pm_cap, 0);
	KUNIT_EXPECT_EQ(test, pci_find_dvsec_capability(pdev, 0x1e98, 0), 0);

	pdev = get(test, host, "ats");
	KUNIT_ASSERT_NE(test, pdev->ats_cap, 0);
	KUNIT_EXPECT_EQ(test, word(pdev, pdev->ats_cap + PCI_ATS_CTRL), 0);
	KUNIT_EXPECT_NE(test, pdev->pm_cap, 0);
	KUNIT_EXPECT_EQ(test, pci_set_power_state(pdev, PCI_D3hot), 0);
	KUNIT_EXPECT_EQ(test,
			word(pdev, pdev->pm_cap + PCI_PM_CTRL) &
				PCI_PM_CTRL_STATE_MASK,
			3);
	KUNIT_EXPECT_EQ(test, pci_set_power_state(pdev, PCI_D0), 0);
	KUNIT_EXPECT_TRUE(test, pdev->current_state == PCI_D0);

	pdev = get(test, host, "on");
	KUNIT_EXPECT_TRUE(test, word(pdev, pdev->ats_cap + PCI_ATS_CTRL) &
					PCI_ATS_CTRL_ENABLE);

	pdev = get(test, host, "cxl");
	at = pci_find_dvsec_capability(pdev, 0x1e98, 0);
	KUNIT_ASSERT_NE(test, at, 0);
	KUNIT_EXPECT_EQ(test, word(pdev, at + 0xa), 1);
	KUNIT_EXPECT_EQ(test, word(pdev, at + 0xc), 0);
	pdev = get(test, host, "cache");
	at = pci_find_dvsec_capability(pdev, 0x1e98, 0);
	KUNIT_EXPECT_EQ(test, word(pdev, at + 0xc), 1);

	KUNIT_EXPECT_TRUE(test, get(test, host, "slot")->is_hotplug_bridge);
}

/* ---- Virtual functions ---- */

static const struct fake_dev pfs[] = {
	{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_ARI,
	  .acs = FAKE_ACS(0x5f, GOOD) },
	{ "pf0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, .vfs.total = 8,
	  .vfs.on = 2, .vfs.acs = FAKE_ACS(0x0c, 0x04), .vfs.flags = FAKE_ATS },
	{ "pf1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ARI, .vfs.total = 8 },
	{ "far", "", 2, 0, FAKE_RP },
	{ "pf2", "far", 0, 0, FAKE_EP, .vfs.total = 4, .vfs.on = 4,
	  .vfs.offset = 254, .vfs.stride = 1 },
	{ "rp3", "", 3, 0, FAKE_RP },
	{ "ep", "rp3", 0, 0, FAKE_EP },
};

static void fake_vfs_declared(struct kunit *test)
{
	struct fake_host *host = make(test, pfs, ARRAY_SIZE(pfs));
	struct pci_dev *pf = get(test, host, "pf0");
	struct pci_dev *vf = get(test, host, "pf0.vf1");

	KUNIT_EXPECT_TRUE(test, pf->is_physfn);
	KUNIT_EXPECT_EQ(test, pci_num_vf(pf), 2);
	KUNIT_EXPECT_EQ(test, pci_sriov_get_totalvfs(pf), 8);
	KUNIT_EXPECT_TRUE(test, vf->is_virtfn);
	KUNIT_EXPECT_PTR_EQ(test, pci_physfn(vf), pf);
	KUNIT_EXPECT_EQ(test, vf->devfn, 17u);
	KUNIT_EXPECT_EQ(test, pci_pcie_type(vf), PCI_EXP_TYPE_ENDPOINT);
	KUNIT_EXPECT_EQ(test, dword(vf, PCI_VENDOR_ID), U32_MAX);
	KUNIT_EXPECT_EQ(test, vf->vendor, FAKE_VENDOR);
	KUNIT_ASSERT_NE(test, vf->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, word(vf, vf->acs_cap + PCI_ACS_CTRL), 0x04);
	KUNIT_EXPECT_NE(test, vf->ats_cap, 0);
	KUNIT_EXPECT_EQ(test, pf->acs_cap, 0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf0.vf2"));
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf1.vf0"));
}

static void fake_vfs_far(struct kunit *test)
{
	struct fake_host *host = make(test, pfs, ARRAY_SIZE(pfs));
	struct pci_dev *pf = get(test, host, "pf2");
	struct pci_dev *vf = get(test, host, "pf2.vf3");

	KUNIT_EXPECT_PTR_EQ(test, get(test, host, "pf2.vf1")->bus, pf->bus);
	KUNIT_EXPECT_EQ(test, vf->bus->number, pf->bus->number + 1);
	KUNIT_EXPECT_NULL(test, vf->bus->self);
	KUNIT_EXPECT_PTR_EQ(test, pci_upstream_bridge(vf),
			    get(test, host, "far"));
	KUNIT_EXPECT_EQ(test, get(test, host, "ep")->bus->number,
			pf->bus->number + 2);
}

/* The most there can be: more than the rest of a bus has room for. */
static void fake_vfs_most(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "pf", "rp", 0, 0, FAKE_EP, .vfs.total = FAKE_MAX_VFS,
		  .vfs.on = FAKE_MAX_VFS },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pf = get(test, host, "pf");

	KUNIT_EXPECT_EQ(test, pci_num_vf(pf), FAKE_MAX_VFS);
	KUNIT_EXPECT_PTR_EQ(test, pci_physfn(get(test, host, "pf.vf255")), pf);
}

/* Who answers is known by heart, but not longer than it is true. */
static void fake_places(struct kunit *test)
{
	struct fake_host *host = make(test, pfs, ARRAY_SIZE(pfs));
	struct pci_dev *far = get(test, host, "far");
	struct pci_dev *pf = get(test, host, "pf2");
	struct pci_dev *vf = get(test, host, "pf2.vf3");
	const u32 buses = dword(far, PCI_PRIMARY_BUS);
	const u32 id = dword(pf, PCI_VENDOR_ID);
	const u32 list = dword(vf, PCI_CAPABILITY_LIST);
	const int ctrl = fake_host_ext_cap(host, "pf2", PCI_EXT_CAP_ID_SRIOV) +
			 PCI_SRIOV_CTRL;
	const u16 on = word(pf, ctrl);

	KUNIT_ASSERT_NE(test, id, U32_MAX);
	KUNIT_ASSERT_NE(test, list, U32_MAX);

	pci_write_config_dword(far, PCI_PRIMARY_BUS, 0);
	KUNIT_EXPECT_EQ(test, dword(pf, PCI_VENDOR_ID), U32_MAX);
	pci_write_config_dword(far, PCI_PRIMARY_BUS, buses);
	KUNIT_EXPECT_EQ(test, dword(pf, PCI_VENDOR_ID), id);

	pci_write_config_word(pf, ctrl, on & ~PCI_SRIOV_CTRL_VFE);
	KUNIT_EXPECT_EQ(test, dword(vf, PCI_CAPABILITY_LIST), U32_MAX);
	pci_write_config_word(pf, ctrl, on);
	KUNIT_EXPECT_EQ(test, dword(vf, PCI_CAPABILITY_LIST), list);

	fake_host_poke(host, "far", PCI_SUBORDINATE_BUS, 1, 0);
	KUNIT_EXPECT_EQ(test, dword(vf, PCI_CAPABILITY_LIST), U32_MAX);
	fake_host_poke(host, "far", PCI_PRIMARY_BUS, 4, buses);
	KUNIT_EXPECT_EQ(test, dword(vf, PCI_CAPABILITY_LIST), list);
}

/* Through a driver and sysfs, as an administrator does it. */
static void fake_vfs_sysfs(struct kunit *test)
{
	struct fake_host *host = make(test, pfs, ARRAY_SIZE(pfs));
	struct pci_dev *pf = get(test, host, "pf1");
	char buf[16];

	KUNIT_ASSERT_EQ(test,
			fake_host_write(host, "pf1", "driver_override",
					"pci-pf-stub"),
			0);
	KUNIT_ASSERT_EQ(test, fake_host_bind(host, "pf1", "pci-pf-stub"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_write(host, "pf1", "sriov_numvfs", "3"),
			0);
	KUNIT_EXPECT_EQ(test, pci_num_vf(pf), 3);
	KUNIT_EXPECT_EQ(test, get(test, host, "pf1.vf2")->devfn, 34u);
	KUNIT_EXPECT_EQ(test, fake_host_write(host, "pf1", "sriov_numvfs", "0"),
			0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf1.vf2"));
	KUNIT_EXPECT_EQ(test, fake_host_write(host, "pf1", "sriov_numvfs", "8"),
			0);
	KUNIT_EXPECT_GT(test,
			fake_host_read(host, "pf1", "sriov_numvfs", buf,
				       sizeof(buf)),
			0);
	KUNIT_EXPECT_STREQ(test, buf, "8\n");
}

/* ---- Reads: counted, and going wrong ---- */

static void fake_counts(struct kunit *test)
{
	struct fake_host *host = make(test, sw, ARRAY_SIZE(sw));
	struct pci_dev *rp = get(test, host, "rp");

	KUNIT_EXPECT_GT(test, fake_host_total_reads(host), 0u);
	fake_host_reset_counts(host);
	dword(rp, rp->acs_cap + 4);
	word(rp, rp->acs_cap + 6);
	word(rp, PCI_STATUS);
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
	struct fake_host *host = make(test, sw, ARRAY_SIZE(sw));
	struct pci_dev *rp = get(test, host, "rp");
	struct pci_dev *up = get(test, host, "up");
	u32 val;

	fake_host_fault(host, "rp", FAKE_ONES);
	KUNIT_EXPECT_EQ(test, pci_read_config_dword(rp, 0, &val), 0);
	KUNIT_EXPECT_EQ(test, val, U32_MAX);
	KUNIT_EXPECT_EQ(test, word(rp, rp->acs_cap + PCI_ACS_CTRL), 0xffff);
	KUNIT_EXPECT_EQ(test, word(up, 0), FAKE_VENDOR);
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
	KUNIT_EXPECT_EQ(test, word(rp, 0), FAKE_VENDOR);

	fake_host_fault_at(host, "rp", rp->acs_cap + 6, FAKE_ONES);
	KUNIT_EXPECT_EQ(test, dword(rp, rp->acs_cap + 4), U32_MAX);
	KUNIT_EXPECT_EQ(test, dword(rp, rp->acs_cap + 8), 0u);
	fake_host_fault_at(host, "rp", rp->acs_cap + 6, FAKE_OK);
	KUNIT_EXPECT_EQ(test, dword(rp, rp->acs_cap + 4), 0x1d005fu);
}

static void fake_fail_nth(struct kunit *test)
{
	struct fake_host *host = make(test, sw, ARRAY_SIZE(sw));
	struct pci_dev *rp = get(test, host, "rp");
	unsigned int nth;

	for (nth = 1; nth < 5; nth++) {
		unsigned int i;

		fake_host_fail_nth(host, nth, FAKE_ERROR);
		for (i = 1; i <= 3; i++)
			KUNIT_EXPECT_EQ(test, word(rp, 0) == 0xffff, i == nth);
		KUNIT_EXPECT_EQ(test, fake_host_failed(host), nth <= 3);
	}
	fake_host_fail_nth(host, 0, FAKE_OK);
	KUNIT_EXPECT_EQ(test, word(rp, 0), FAKE_VENDOR);
	KUNIT_EXPECT_FALSE(test, fake_host_failed(host));
}

static void fake_poke_after(struct kunit *test)
{
	struct fake_host *host = make(test, sw, ARRAY_SIZE(sw));
	struct pci_dev *rp = get(test, host, "rp");
	int ctrl = rp->acs_cap + PCI_ACS_CTRL;

	fake_host_poke_after(host, 2, "rp", ctrl, 2, 0);
	KUNIT_EXPECT_EQ(test, word(rp, ctrl), GOOD);
	KUNIT_EXPECT_EQ(test, word(rp, ctrl), GOOD);
	KUNIT_EXPECT_EQ(test, word(rp, ctrl), 0);
	fake_host_poke_after(host, 1, "rp", ctrl, 2, 1);
	fake_host_poke_after(host, 0, "rp", ctrl, 2, 1);
	KUNIT_EXPECT_EQ(test, word(rp, ctrl), 0);
	KUNIT_EXPECT_EQ(test, word(rp, ctrl), 0);
}

/* ---- Hosts ---- */

static void fake_two_hosts(struct kunit *test)
{
	struct fake_host *a = make(test, sw, ARRAY_SIZE(sw));
	struct fake_host *b = make(test, sw, ARRAY_SIZE(sw));
	struct pci_dev *a_rp = get(test, a, "rp");
	struct pci_dev *b_rp = get(test, b, "rp");

	KUNIT_EXPECT_NE(test, pci_domain_nr(a_rp->bus),
			pci_domain_nr(b_rp->bus));
	KUNIT_EXPECT_PTR_NE(test, a_rp, b_rp);
	KUNIT_EXPECT_PTR_EQ(test, fake_host_bus(a), a_rp->bus);
	fake_host_set_acs(a, "rp", 0);
	KUNIT_EXPECT_EQ(test, word(a_rp, a_rp->acs_cap + PCI_ACS_CTRL), 0);
	KUNIT_EXPECT_EQ(test, word(b_rp, b_rp->acs_cap + PCI_ACS_CTRL), GOOD);
}

static void fake_below(struct kunit *test)
{
	static const struct fake_dev vmd[] = {
		{ "vmd", "", 5, 5, FAKE_RCIEP },
		{ "f0", "", 5, 0, FAKE_RCIEP },
	};
	struct fake_host *host = make(test, vmd, ARRAY_SIZE(vmd));
	struct pci_dev *parent = get(test, host, "vmd");
	struct pci_dev *ep;

	host = make_below(test, sw, ARRAY_SIZE(sw), parent);
	ep = get(test, host, "ep0");
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

/* Whoever holds a device a little longer delays the end, and can still read. */
static void fake_destroy_waits(struct kunit *test)
{
	struct fake_host *host = fake_host_create(sw, ARRAY_SIZE(sw));
	struct late_put late;

	KUNIT_ASSERT_FALSE(test, IS_ERR(host));
	late.pdev = pci_dev_get(get(test, host, "ep0"));
	INIT_DELAYED_WORK_ONSTACK(&late.work, put_late);
	schedule_delayed_work(&late.work, HZ);
	KUNIT_EXPECT_EQ(test, fake_host_destroy(host), 0);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&late.work));
	flush_delayed_work(&late.work);
	destroy_delayed_work_on_stack(&late.work);
	KUNIT_EXPECT_EQ(test, fake_host_destroy(NULL), 0);
}

/* ---- Plugging ---- */

static void fake_plug(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
		{ "up", "rp", 0, 0, FAKE_UP, .flags = FAKE_ABSENT },
		{ "dp", "up", 3, 0, FAKE_DP },
		{ "pf", "dp", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 1 },
		{ "rp2", "", 2, 0, FAKE_RP, .flags = FAKE_ARI },
		{ "f0", "rp2", 0, 0, FAKE_EP, .flags = FAKE_ARI },
		{ "f1", "rp2", 0, 1, FAKE_EP, .flags = FAKE_ARI | FAKE_ABSENT },
		{ "f8", "rp2", 1, 0, FAKE_EP, .flags = FAKE_ARI },
		{ "conv", "", 3, 0, FAKE_PCI, .flags = FAKE_ABSENT },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	unsigned int devs = count_devs();

	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "up"));
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf"));
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), 0);
	KUNIT_EXPECT_EQ(test, get(test, host, "pf")->bus->number, 3);
	KUNIT_EXPECT_TRUE(test, get(test, host, "pf.vf0")->is_virtfn);
	KUNIT_EXPECT_EQ(test, count_devs(), devs + 4);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), -EINVAL);

	get(test, host, "f8");
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "f1"), 0);
	get(test, host, "f1");
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "conv"), 0);
	get(test, host, "conv");

	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "up"), 0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf"));
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "up"), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "pf"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "f1"), 0);
	get(test, host, "f0");
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "pf"), 0);
	get(test, host, "pf.vf0");
}

static void fake_pull(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
		{ "up", "rp", 0, 0, FAKE_UP, .acs = FAKE_ACS(0x5f, 0) },
		{ "dp", "up", 3, 0, FAKE_DP },
		{ "pf", "dp", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *up = pci_dev_get(get(test, host, "up"));

	KUNIT_EXPECT_EQ(test, fake_host_pull(host, "up"), 0);
	KUNIT_EXPECT_EQ(test, dword(up, up->acs_cap + 4), U32_MAX);
	KUNIT_EXPECT_TRUE(test, pci_channel_offline(up));
	pci_dev_put(up);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf.vf1"));
	KUNIT_EXPECT_EQ(test, fake_host_pull(host, "up"), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), 0);
	KUNIT_EXPECT_EQ(test,
			dword(get(test, host, "pf.vf1"), PCI_CAPABILITY_LIST),
			0x40u);
}

/* ---- Drivers ---- */

static const char *driver_of(struct fake_host *host, const char *name)
{
	struct pci_dev *pdev = fake_host_dev(host, name);

	return pdev && pdev->dev.driver ? pdev->dev.driver->name : "-";
}

static bool has_slot(struct kunit *test, struct fake_host *host,
		     const char *name)
{
	return get(test, host, name)->pcie_flags_reg & PCI_EXP_FLAGS_SLOT;
}

static void fake_slots(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "up", "rp", 0, 0, FAKE_UP },
		{ "dp0", "up", 0, 0, FAKE_DP },
		{ "dp1", "up", 1, 0, FAKE_DP, .flags = FAKE_NO_SLOT },
		{ "dp2", "up", 2, 0, FAKE_DP, .flags = FAKE_HOTPLUG },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_TRUE(test, has_slot(test, host, "rp"));
	KUNIT_EXPECT_FALSE(test, has_slot(test, host, "up"));
	KUNIT_EXPECT_TRUE(test, has_slot(test, host, "dp0"));
	KUNIT_EXPECT_FALSE(test, has_slot(test, host, "dp1"));
	KUNIT_EXPECT_TRUE(test, has_slot(test, host, "dp2"));
	KUNIT_EXPECT_FALSE(test, get(test, host, "dp0")->is_hotplug_bridge);
	KUNIT_EXPECT_TRUE(test, get(test, host, "dp2")->is_hotplug_bridge);
}

/* What is hidden answers where it was, and a rescan finds it again. */
static void fake_hide(struct kunit *test)
{
	struct fake_host *host = make(test, sw, ARRAY_SIZE(sw));
	char before[24], after[24];
	struct pci_bus *bus;
	unsigned int devfn;
	u32 id;

	bus = get(test, host, "dp0")->bus;
	devfn = get(test, host, "dp0")->devfn;
	KUNIT_ASSERT_EQ(test,
			fake_host_address(host, "ep0", before, sizeof(before)),
			0);
	KUNIT_EXPECT_STREQ(test, pci_name(get(test, host, "ep0")), before);
	KUNIT_ASSERT_EQ(test, fake_host_hide(host, "dp0"), 0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "dp0"));
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "ep0"));
	KUNIT_EXPECT_EQ(test, fake_host_hide(host, "dp0"), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "dp0"), -EINVAL);

	pci_bus_read_config_dword(bus, devfn, PCI_VENDOR_ID, &id);
	KUNIT_EXPECT_EQ(test, id & 0xffff, FAKE_VENDOR);
	fake_host_address(host, "ep0", after, sizeof(after));
	KUNIT_EXPECT_STREQ(test, after, before);
	KUNIT_EXPECT_STREQ(test, fake_host_name_at(host, after), "ep0");
	KUNIT_EXPECT_NULL(test, fake_host_name_at(host, "fa00:00:1f.7"));
	KUNIT_EXPECT_NULL(test, fake_host_name_at(host, "0000:00:01.0"));

	fake_host_rescan(host);
	KUNIT_EXPECT_STREQ(test, pci_name(get(test, host, "ep0")), before);
}

static void fake_bind(struct kunit *test)
{
	struct fake_host *host = make(test, sw, ARRAY_SIZE(sw));
	int err;

	KUNIT_EXPECT_STREQ(test, driver_of(host, "ep0"), "-");
	KUNIT_EXPECT_STREQ(test, driver_of(host, "rp"), "pcieport");
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), -ENODEV);
	err = fake_host_write(host, "ep0", "driver_override", "pci-stub");
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), 0);
	KUNIT_EXPECT_STREQ(test, driver_of(host, "ep0"), "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep0"), 0);
	KUNIT_EXPECT_STREQ(test, driver_of(host, "ep0"), "-");
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep0"), 0);
	KUNIT_EXPECT_STREQ(test, driver_of(host, "ep0"), "pci-stub");
	KUNIT_EXPECT_STREQ(test, driver_of(host, "ep1"), "-");
}

static int group_id(struct kunit *test, struct fake_host *host,
		    const char *name)
{
	struct iommu_group *group =
		iommu_group_get(&get(test, host, name)->dev);
	int id = -1;

	if (group)
		id = iommu_group_id(group);
	iommu_group_put(group);
	return id;
}

static void fake_groups(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .group = 1 },
		{ "up", "rp", 0, 0, FAKE_UP, .group = 1 },
		{ "dp", "up", 0, 0, FAKE_DP, .group = 2 },
		{ "pf", "dp", 0, 0, FAKE_EP, .group = 3, .vfs.total = 2,
		  .vfs.on = 2, .vfs.group = 3 },
		{ "ep", "", 2, 0, FAKE_RCIEP },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct fake_host *other = make(test, decl, ARRAY_SIZE(decl));
	int rp = group_id(test, host, "rp");
	int pf = group_id(test, host, "pf");

	if (!IS_ENABLED(CONFIG_IOMMU_API))
		kunit_skip(test, "no CONFIG_IOMMU_API");
	KUNIT_EXPECT_GE(test, rp, 0);
	KUNIT_EXPECT_EQ(test, rp, group_id(test, host, "up"));
	KUNIT_EXPECT_NE(test, rp, group_id(test, host, "dp"));
	KUNIT_EXPECT_NE(test, rp, pf);
	KUNIT_EXPECT_EQ(test, pf, group_id(test, host, "pf.vf0"));
	KUNIT_EXPECT_NE(test, pf, group_id(test, host, "pf.vf1"));
	KUNIT_EXPECT_EQ(test, group_id(test, host, "ep"), -1);
	KUNIT_EXPECT_NE(test, rp, group_id(test, other, "rp"));
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "pf"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "pf"), 0);
	KUNIT_EXPECT_EQ(test, pf, group_id(test, host, "pf"));
}

static void fake_alias(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(1, 1) },
		{ "b", "", 1, 1, FAKE_RCIEP },
		{ "c", "", 0, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(0, 0) },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *a = get(test, host, "a");

	KUNIT_ASSERT_NOT_NULL(test, a->dma_alias_mask);
	KUNIT_EXPECT_TRUE(test, test_bit(PCI_DEVFN(1, 1), a->dma_alias_mask));
	KUNIT_EXPECT_EQ(test, bitmap_weight(a->dma_alias_mask, 256), 1u);
	KUNIT_EXPECT_NULL(test, get(test, host, "b")->dma_alias_mask);
	KUNIT_EXPECT_TRUE(test,
			  test_bit(0, get(test, host, "c")->dma_alias_mask));
}

/* ---- Images ---- */

static u8 *image_of(struct kunit *test, struct fake_host *host,
		    const char *name)
{
	u8 *image = kunit_kzalloc(test, 4096, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, image);
	for (i = 0; i < 4096; i++)
		image[i] = fake_host_peek(host, name, i, 1);
	return image;
}

/* The images of one host make another that looks the same. */
static void fake_raw(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x5f, GOOD) },
		{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS,
		  .bar = { 0x2000 } },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));
	u8 *rp = image_of(test, host, "rp");
	u8 *ep = image_of(test, host, "ep");
	struct fake_dev raw[] = {
		{ "rp", "", 7, 0, .raw = rp, .raw_len = 4096 },
		{ "ep", "rp", 0, 0, .raw = ep, .raw_len = 4096 },
		{ "old", "", 8, 0, .raw = rp, .raw_len = 256 },
	};
	struct pci_dev *pdev;

	host = make(test, raw, ARRAY_SIZE(raw));
	pdev = get(test, host, "rp");
	KUNIT_EXPECT_EQ(test, pci_pcie_type(pdev), PCI_EXP_TYPE_ROOT_PORT);
	KUNIT_ASSERT_NE(test, pdev->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, dword(pdev, pdev->acs_cap + 4), 0x1d005fu);
	pdev = get(test, host, "ep");
	KUNIT_EXPECT_NE(test, pdev->ats_cap, 0);
	KUNIT_EXPECT_GE(test, pci_resource_len(pdev, 0),
			(resource_size_t)0x2000);
	pdev = get(test, host, "old");
	KUNIT_EXPECT_EQ(test, pdev->cfg_size, PCI_CFG_SPACE_SIZE);
	KUNIT_EXPECT_EQ(test, pdev->acs_cap, 0);
}

/* ---- Nonsense ---- */

static void fake_refused(struct kunit *test)
{
	static const u8 image[64];
	static const struct fake_dev one[] = {
		{ "", "", 0, 0, FAKE_RP },
		{ "a.b", "", 0, 0, FAKE_RP },
		{ "twelve_chars", "", 0, 0, FAKE_RP },
		{ "a", "nobody", 0, 0, FAKE_RP },
		{ "a", "a", 0, 0, FAKE_RP },
		{ "a", "", 32, 0, FAKE_RP },
		{ "a", "", 0, 8, FAKE_RP },
		{ "a", "", 0, 0, 0x12 },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0x102) },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0x104) },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0x40) },
		{ "a", "", 0, 0, FAKE_RP, .acs = FAKE_ACS(0, 0, .at = 0xffc) },
		{ "a", "", 0, 0, FAKE_RP,
		  .acs = FAKE_ACS(0x20, 0, .at = 0xff0) },
		{ "a", "", 0, 0, FAKE_RP, .acs = { .layout = 3 } },
		{ "a", "", 0, 0, FAKE_RP, .bar = { 0, 0, 4096 } },
		{ "a", "", 0, 0, FAKE_EP, .bar = { 8 } },
		{ "a", "", 0, 0, FAKE_EP, .bar = { 4097 } },
		{ "a", "", 0, 0, FAKE_EP, .bar = { 0x80000000 } },
		{ "a", "", 0, 0, FAKE_EP, .vfs.on = 1 },
		{ "a", "", 0, 0, FAKE_EP, .vfs.total = 1, .vfs.on = 2 },
		{ "a", "", 0, 0, FAKE_EP, .vfs.total = FAKE_MAX_VFS + 1 },
		{ "a", "", 0, 0, FAKE_RP, .vfs.total = 1 },
		{ "a", "", 0, 0, FAKE_PCI, .vfs.total = 1 },
		{ "a", "", 0, 0, FAKE_EP, .vfs.total = 2,
		  .vfs.stride = 0xffff },
		{ "a", "", 0, 0, FAKE_EP, .raw = image, .raw_len = 63 },
		{ "a", "", 0, 0, FAKE_EP, .raw = image, .raw_len = 4097 },
	};
	static const struct fake_dev two[][2] = {
		{ { "a", "", 0, 0 }, { "a", "", 1, 0 } },
		{ { "a", "", 1, 0 }, { "b", "", 1, 0 } },
		{ { "a", "", 1, 0 }, { "b", "a", 1, 0 } },
		{ { "a", "b", 1, 0 }, { "b", "", 1, 0, FAKE_RP } },
		{ { "a", "", 0, 0, .vfs.total = 1, .vfs.offset = 8 },
		  { "b", "", 1, 0 } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(one); i++)
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR(fake_host_create(&one[i], 1)),
				    (long)-EINVAL, "one[%u]", i);
	for (i = 0; i < ARRAY_SIZE(two); i++)
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR(fake_host_create(two[i], 2)),
				    (long)-EINVAL, "two[%u]", i);
	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(one, 0)), (long)-EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(one, FAKE_MAX_FNS + 1)),
			(long)-EINVAL);
}

/* Bus numbers that make no sense are taken: the PCI core has to cope. */
static void fake_crossed_buses(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "back", "", 1, 0, FAKE_RP, .sec = 9, .sub = 3 },
		{ "ep0", "back", 0, 0, FAKE_EP },
		{ "same", "", 2, 0, FAKE_RP, .sec = 0x20, .sub = 0x2f },
		{ "ep1", "same", 0, 0, FAKE_EP },
		{ "too", "", 3, 0, FAKE_RP, .sec = 0x20, .sub = 0x2f },
		{ "ep2", "too", 0, 0, FAKE_EP },
		{ "outer", "", 4, 0, FAKE_RP, .sec = 0x30, .sub = 0x31 },
		{ "inner", "outer", 0, 0, FAKE_UP, .sec = 0x50, .sub = 0x60 },
		{ "ep3", "inner", 0, 0, FAKE_DP },
	};
	static const struct fake_dev full[] = {
		{ "back", "", 1, 0, FAKE_RP, .sec = 9, .sub = 3 },
		{ "last", "", 5, 0, FAKE_RP, .sec = 0xff, .sub = 0xff },
	};
	/* No bus for the VFs of the second PF: the first has its own already. */
	static const struct fake_dev no_bus[] = {
		{ "rp0", "", 1, 0, FAKE_RP },
		{ "pf0", "rp0", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
		{ "rp1", "", 2, 0, FAKE_RP, .sec = 2, .sub = 2 },
		{ "pf1", "rp1", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2,
		  .vfs.offset = 300 },
	};
	struct fake_host *host = make(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(no_bus, 4)),
			(long)-ENOMEM);
	get(test, host, "ep0");
	KUNIT_EXPECT_GT(test, get(test, host, "back")->subordinate->number, 9);
	KUNIT_EXPECT_EQ(test, PTR_ERR(fake_host_create(full, 2)),
			(long)-EINVAL);
}

/* A chain as deep as is allowed, and one deeper. */
static void fake_depth(struct kunit *test)
{
	struct fake_dev *decl;
	unsigned int i;

	decl = kunit_kcalloc(test, FAKE_MAX_DEPTH + 1, sizeof(*decl),
			     GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, decl);
	for (i = 0; i <= FAKE_MAX_DEPTH; i++) {
		snprintf(decl[i].name, FAKE_NAME_LEN, "b%u", i);
		if (i)
			strscpy(decl[i].up, decl[i - 1].name, FAKE_NAME_LEN);
		decl[i].type = i ? FAKE_UP + (i + 1) % 2 : FAKE_RP;
	}
	KUNIT_EXPECT_EQ(test,
			PTR_ERR(fake_host_create(decl, FAKE_MAX_DEPTH + 1)),
			(long)-EINVAL);
	get(test, make(test, decl, FAKE_MAX_DEPTH),
	    decl[FAKE_MAX_DEPTH - 1].name);
}

/* Images of noise, with a header that lets the PCI core go on reading. */
static void fake_noise(struct kunit *test)
{
	u8 *image = kunit_kzalloc(test, 4096, GFP_KERNEL);
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, image);
	kunit_info(test, "seed %d, %u hosts\n", FUZZ_SEED, num_hosts);
	prandom_seed_state(&rnd, FUZZ_SEED);
	for (i = 0; i < num_hosts; i++) {
		struct fake_dev decl[] = {
			{ "rp", "", 1, 0, FAKE_RP },
			{ "x", "rp", 0, 0, .raw = image, .raw_len = 4096 },
			{ "ep", "rp", 1, 0, FAKE_EP },
			{ "y", "", 2, 0, .raw = image, .raw_len = 4096 },
			{ "z", "", 3, 0, .raw = image, .raw_len = 256 },
		};

		prandom_bytes_state(&rnd, image, 4096);
		image[PCI_HEADER_TYPE] &= 0x81;
		image[PCI_STATUS] |= PCI_STATUS_CAP_LIST;
		if (image[PCI_HEADER_TYPE] & 1) {
			image[PCI_CLASS_DEVICE] = 0x04;
			image[PCI_CLASS_DEVICE + 1] = 0x06;
		}
		/* Half of them with a list to follow, real ID and all. */
		if (i & 1) {
			image[PCI_CAPABILITY_LIST] = 0x40;
			image[0x40] = PCI_CAP_ID_EXP;
			image[0x100] = prandom_u32_state(&rnd) % 0x30;
			image[0x101] = 0;
		}
		make(test, decl, ARRAY_SIZE(decl));
		drop(test);
	}
}

/* ---- In print ---- */

#define LINE(...)                                        \
	{                                                \
		{ __VA_ARGS__ }, "{ " #__VA_ARGS__ " }," \
	}

/* The source text of a declaration is what is printed for it. */
static void fake_print(struct kunit *test)
{
	static const struct {
		struct fake_dev decl;
		const char *text;
	} lines[] = {
		LINE("rp", "", 1, 0, FAKE_RP),
		LINE("x", "", 31, 7, 0xb),
		LINE("rp", "", 1, 0, FAKE_RP, .flags = FAKE_MFD | FAKE_CAP_LOOP,
		     .acs = FAKE_ACS(0x5f, 0x1d)),
		LINE("a", "b", 0, 0, FAKE_PCI,
		     .acs = FAKE_ACS_PCH(0xf, 0x0, .rw = 0xf), .vendor = 0x8086,
		     .device = 0xa110, .class = 0x60400),
		LINE("a", "b", 0, 0, FAKE_DP,
		     .acs = FAKE_ACS(0x3f, 0x1d, .at = 0x148, .egress = 0x1),
		     .bar = { 0x1000, 0x0, 0x10 }, .sec = 3, .sub = 4),
		LINE("pf", "b", 0, 0, FAKE_EP, .vfs.total = 8, .vfs.on = 2,
		     .vfs.offset = 16, .vfs.stride = 2, .vfs.flags = FAKE_ATS,
		     .vfs.acs = FAKE_ACS(0xc, 0x4), .vfs.group = 7,
		     .alias = FAKE_ALIAS(1, 2), .group = 5),
	};
	char buf[512];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		int len = fake_dev_print(buf, sizeof(buf), &lines[i].decl);

		KUNIT_EXPECT_STREQ(test, buf, lines[i].text);
		KUNIT_EXPECT_EQ(test, len, (int)strlen(lines[i].text));
	}
	KUNIT_EXPECT_EQ(test, fake_dev_print(buf, 8, &lines[0].decl), 7);
	KUNIT_EXPECT_STREQ(test, buf, "{ \"rp\",");
}

/* A subtree is left out, wherever its members are in the array. */
static void fake_drop(struct kunit *test)
{
	struct fake_dev decl[] = {
		{ "a", "", 1, 0, FAKE_RP },
		{ "b", "", 2, 0, FAKE_RP },
		{ "aa", "a", 0, 0, FAKE_UP },
		{ "ba", "b", 0, 0, FAKE_EP },
		{ "aaa", "aa", 0, 0, FAKE_DP },
		{ "aab", "aa", 1, 0, FAKE_DP },
		{ "c", "", 3, 0, FAKE_RP },
		{ "aaaa", "aaa", 0, 0, FAKE_EP },
	};
	unsigned int n = fake_decl_drop(decl, ARRAY_SIZE(decl), 4);

	KUNIT_EXPECT_EQ(test, n, 6u);
	KUNIT_EXPECT_STREQ(test, decl[5].name, "c");
	n = fake_decl_drop(decl, n, 0);
	KUNIT_ASSERT_EQ(test, n, 3u);
	KUNIT_EXPECT_STREQ(test, decl[0].name, "b");
	KUNIT_EXPECT_STREQ(test, decl[1].name, "ba");
	KUNIT_EXPECT_STREQ(test, decl[2].name, "c");
	get(test, make(test, decl, n), "ba");
}

/* ---- How long it takes ---- */

/* A host with one switch that has @n downstream ports, half of them used. */
static void speed(struct kunit *test, unsigned int n)
{
	const unsigned int hosts = num_hosts / 10 ?: 1;
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
		make(test, decl, nr);
		drop(test);
	}
	kunit_info(test, "a host of %u functions: %lld us, up and down\n", nr,
		   ktime_us_delta(ktime_get(), start) / hosts);
}

static void fake_speed(struct kunit *test)
{
	speed(test, 2);
	speed(test, 8);
	speed(test, 40);
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
