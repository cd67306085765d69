// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the fake host: the PCI core finds the functions as they are declared
 */
#include <linux/pci.h>
#include <linux/string.h>

#include "fake_host_test.h"

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

void fake_types(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, all_types, ARRAY_SIZE(all_types));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_types); i++) {
		const struct fake_dev *decl = &all_types[i];
		struct pci_dev *pdev = get_fn(test, host, decl->name);
		bool bridge = pci_is_bridge(pdev);
		/* A conventional bus does not forward extended config cycles. */
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
				    *decl->up ? get_fn(test, host, decl->up) :
						NULL);
		KUNIT_EXPECT_EQ(test, pdev->cfg_size,
				extended ? PCI_CFG_SPACE_EXP_SIZE :
					   PCI_CFG_SPACE_SIZE);
	}
}

void fake_identity(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "gpu", "", 2, 0, FAKE_RCIEP, .vendor = 0x8086,
		  .device = 0x1234, .class = 0x030000 },
		{ "host", "", 3, 0, FAKE_PCI, .class = 0x060000 },
		{ "on", "", 4, 0, FAKE_PCI, .class = 0x060000,
		  .flags = FAKE_MASTER },
		{ "rcec", "", 5, 0, FAKE_RCEC },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev = get_fn(test, host, "gpu");

	KUNIT_EXPECT_EQ(test, pdev->vendor, 0x8086);
	KUNIT_EXPECT_EQ(test, pdev->device, 0x1234);
	KUNIT_EXPECT_EQ(test, pdev->class, 0x030000u);
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "rcec")->class, 0x080700u);

	pdev = get_fn(test, host, "host");
	KUNIT_EXPECT_EQ(test, pdev->class >> 8, (u32)PCI_CLASS_BRIDGE_HOST);
	KUNIT_EXPECT_FALSE(test,
			   read_word(pdev, PCI_STATUS) & PCI_STATUS_CAP_LIST);
	KUNIT_EXPECT_FALSE(test,
			   read_word(pdev, PCI_COMMAND) & PCI_COMMAND_MASTER);
	pdev = get_fn(test, host, "on");
	KUNIT_EXPECT_TRUE(test,
			  read_word(pdev, PCI_COMMAND) & PCI_COMMAND_MASTER);
}

void fake_multifunction(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "a0", "", 1, 0, FAKE_RCIEP },
		{ "a2", "", 1, 2, FAKE_RCIEP },
		{ "a6", "", 1, 6, FAKE_RCIEP },
		{ "b0", "", 2, 0, FAKE_RCIEP, .flags = FAKE_MFD },
		{ "c0", "", 3, 0, FAKE_RCIEP },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_TRUE(test, get_fn(test, host, "a0")->multifunction);
	KUNIT_EXPECT_TRUE(test, get_fn(test, host, "a2")->multifunction);
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "a6")->devfn, PCI_DEVFN(1, 6));
	KUNIT_EXPECT_TRUE(test, get_fn(test, host, "b0")->multifunction);
	KUNIT_EXPECT_FALSE(test, get_fn(test, host, "c0")->multifunction);
}

void fake_ari(struct kunit *test)
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
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_TRUE(test, get_fn(test, host, "rp")->ari_enabled);
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "f8")->devfn, 8u);
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "f255")->devfn, 255u);
	KUNIT_EXPECT_FALSE(test, get_fn(test, host, "deaf")->ari_enabled);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "g8"));
}

void fake_bus_numbers(struct kunit *test)
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
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		struct pci_bus *bus =
			get_fn(test, host, want[i].name)->subordinate;

		KUNIT_ASSERT_NOT_NULL(test, bus);
		KUNIT_EXPECT_EQ(test, bus->number, want[i].sec);
		KUNIT_EXPECT_EQ(test, bus->busn_res.end,
				(resource_size_t)want[i].sub);
	}
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "ep")->bus->number, 0x40);
}

void fake_bars(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "up", "rp", 0, 0, FAKE_UP, .bar = { 0x1000 } },
		{ "dp", "up", 0, 0, FAKE_DP },
		{ "ep", "dp", 0, 0, FAKE_EP, .bar = { 0x10000, 0, 16 } },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *ep = get_fn(test, host, "ep");

	KUNIT_EXPECT_EQ(test, pci_resource_len(get_fn(test, host, "up"), 0),
			(resource_size_t)0x1000);
	KUNIT_EXPECT_EQ(test, pci_resource_len(ep, 0),
			(resource_size_t)0x10000);
	KUNIT_EXPECT_EQ(test, pci_resource_len(ep, 2), (resource_size_t)16);
	KUNIT_EXPECT_EQ(test, pci_resource_len(ep, 1), (resource_size_t)0);
	KUNIT_EXPECT_EQ(test,
			(resource_size_t)read_dword(ep, PCI_BASE_ADDRESS_0),
			pci_resource_start(ep, 0));
	KUNIT_EXPECT_EQ(test, pci_enable_device(ep), 0);
	pci_disable_device(ep);
}

/* ---- Capabilities ---- */

void fake_acs_words(struct kunit *test)
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
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(decl); i++) {
		pdev = get_fn(test, host, decl[i].name);
		KUNIT_EXPECT_EQ(test, pdev->acs_cap,
				fake_host_ext_cap(host, decl[i].name,
						  PCI_EXT_CAP_ID_ACS));
		KUNIT_EXPECT_EQ(test, !!pdev->acs_cap, !!decl[i].acs.layout);
		if (!pdev->acs_cap)
			continue;
		KUNIT_EXPECT_EQ(test,
				read_word(pdev, pdev->acs_cap + PCI_ACS_CAP),
				decl[i].acs.cap);
	}
	pdev = get_fn(test, host, "std");
	KUNIT_EXPECT_EQ(test, read_word(pdev, pdev->acs_cap + PCI_ACS_CTRL),
			0x11);
	pci_write_config_word(pdev, pdev->acs_cap + PCI_ACS_CTRL, 0x7f);
	KUNIT_EXPECT_EQ(test, read_word(pdev, pdev->acs_cap + PCI_ACS_CTRL),
			0x11);

	pdev = get_fn(test, host, "rw");
	pci_write_config_word(pdev, pdev->acs_cap + PCI_ACS_CTRL, 0x7f);
	KUNIT_EXPECT_EQ(test, read_word(pdev, pdev->acs_cap + PCI_ACS_CTRL),
			0x1d);

	pdev = get_fn(test, host, "ec");
	KUNIT_EXPECT_EQ(test, read_dword(pdev, pdev->acs_cap + 8), 0xcafeu);
}

void fake_acs_changes(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	struct pci_dev *pdev = get_fn(test, host, "rp");

	fake_host_set_acs(host, "rp", 0);
	KUNIT_EXPECT_EQ(test, read_word(pdev, pdev->acs_cap + PCI_ACS_CTRL), 0);
	KUNIT_EXPECT_EQ(test, read_word(pdev, pdev->acs_cap + PCI_ACS_CAP),
			0x5f);
	fake_host_set_acs(host, "rp", 0xffff);
	KUNIT_EXPECT_EQ(test, read_dword(pdev, pdev->acs_cap + PCI_ACS_CAP),
			0xffff005fu);
}

void fake_acs_pch(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 0x1c, 0, FAKE_RP, .acs = FAKE_ACS_PCH(0x0f, 0x0d),
		  .vendor = 0x8086, .device = 0xa110 },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev = get_fn(test, host, "rp");

	KUNIT_ASSERT_NE(test, pdev->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, read_dword(pdev, pdev->acs_cap + 4), 0x0fu);
	KUNIT_EXPECT_EQ(test, read_dword(pdev, pdev->acs_cap + 8), 0x0du);
	fake_host_set_acs(host, "rp", 0x01);
	KUNIT_EXPECT_EQ(test, read_dword(pdev, pdev->acs_cap + 4), 0x0fu);
	KUNIT_EXPECT_EQ(test, read_dword(pdev, pdev->acs_cap + 8), 0x01u);
}

void fake_acs_places(struct kunit *test)
{
	static const u16 places[] = { 0x100, 0x108, 0x10c, 0x148, 0xbc4, 0xff8 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct fake_dev decl[] = {
			{ "rp", "", 1, 0, FAKE_RCIEP,
			  .flags = FAKE_ATS | FAKE_CXL,
			  .acs = FAKE_ACS(0x1d, 0x0c, .at = places[i]) },
		};
		struct fake_host *host =
			make_host(test, decl, ARRAY_SIZE(decl));
		struct pci_dev *pdev = get_fn(test, host, "rp");

		KUNIT_EXPECT_EQ(test, pdev->acs_cap, places[i]);
		KUNIT_EXPECT_EQ(test, read_dword(pdev, places[i] + 4),
				0x000c001du);
		KUNIT_EXPECT_NE(test, pdev->ats_cap, 0);
		KUNIT_EXPECT_NE(test,
				pci_find_dvsec_capability(pdev, 0x1e98, 0), 0);
		drop_hosts(test);
	}
}

/* Lists that end early, in a loop or at once do no harm. */
void fake_bad_lists(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "cut", "", 1, 0, FAKE_RP, .flags = FAKE_EXT_CUT,
		  .acs = FAKE_ACS(0x5f, ACS_GOOD) },
		{ "loop", "", 2, 0, FAKE_RP, .flags = FAKE_EXT_LOOP,
		  .acs = FAKE_ACS(0x5f, ACS_GOOD) },
		{ "circle", "", 3, 0, FAKE_RP, .flags = FAKE_EXT_LOOP },
		{ "short", "", 4, 0, FAKE_RP, .flags = FAKE_CFG256,
		  .acs = FAKE_ACS(0x5f, ACS_GOOD) },
		{ "caps", "", 5, 0, FAKE_RP, .flags = FAKE_CAP_LOOP | FAKE_PM },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev;

	KUNIT_EXPECT_EQ(test, get_fn(test, host, "cut")->acs_cap, 0);
	pdev = get_fn(test, host, "cut");
	KUNIT_EXPECT_NE(test,
			pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_VNDR), 0);
	KUNIT_EXPECT_NE(test, get_fn(test, host, "loop")->acs_cap, 0);
	pdev = get_fn(test, host, "loop");
	KUNIT_EXPECT_EQ(test, pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_ATS),
			0);
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "circle")->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, fake_host_ext_cap(host, "circle", 0x7), 0);
	pdev = get_fn(test, host, "short");
	KUNIT_EXPECT_EQ(test, pdev->cfg_size, PCI_CFG_SPACE_SIZE);
	KUNIT_EXPECT_EQ(test, pdev->acs_cap, 0);
	pdev = get_fn(test, host, "caps");
	KUNIT_EXPECT_NE(test, pdev->pm_cap, 0);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, PCI_CAP_ID_MSI), 0);
}

void fake_other_caps(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "plain", "", 1, 0, FAKE_RCIEP },
		{ "ats", "", 2, 0, FAKE_RCIEP, .flags = FAKE_ATS | FAKE_PM },
		{ "on", "", 3, 0, FAKE_RCIEP, .flags = FAKE_ATS_ON },
		{ "cxl", "", 4, 0, FAKE_RCIEP, .flags = FAKE_CXL },
		{ "cache", "", 5, 0, FAKE_RCIEP, .flags = FAKE_CXL_ON },
		{ "slot", "", 6, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pdev = get_fn(test, host, "plain");
	u16 at;

	KUNIT_EXPECT_EQ(test, pdev->ats_cap, 0);
	KUNIT_EXPECT_EQ(test, pdev->pm_cap, 0);
	KUNIT_EXPECT_EQ(test, pci_find_dvsec_capability(pdev, 0x1e98, 0), 0);

	pdev = get_fn(test, host, "ats");
	KUNIT_ASSERT_NE(test, pdev->ats_cap, 0);
	KUNIT_EXPECT_EQ(test, read_word(pdev, pdev->ats_cap + PCI_ATS_CTRL), 0);
	KUNIT_EXPECT_NE(test, pdev->pm_cap, 0);
	KUNIT_EXPECT_EQ(test, pci_set_power_state(pdev, PCI_D3hot), 0);
	KUNIT_EXPECT_EQ(test,
			read_word(pdev, pdev->pm_cap + PCI_PM_CTRL) &
				PCI_PM_CTRL_STATE_MASK,
			3);
	KUNIT_EXPECT_EQ(test, pci_set_power_state(pdev, PCI_D0), 0);
	KUNIT_EXPECT_TRUE(test, pdev->current_state == PCI_D0);

	pdev = get_fn(test, host, "on");
	KUNIT_EXPECT_TRUE(test, read_word(pdev, pdev->ats_cap + PCI_ATS_CTRL) &
					PCI_ATS_CTRL_ENABLE);

	pdev = get_fn(test, host, "cxl");
	at = pci_find_dvsec_capability(pdev, 0x1e98, 0);
	KUNIT_ASSERT_NE(test, at, 0);
	KUNIT_EXPECT_EQ(test, read_word(pdev, at + 0xa), 1);
	KUNIT_EXPECT_EQ(test, read_word(pdev, at + 0xc), 0);
	pdev = get_fn(test, host, "cache");
	at = pci_find_dvsec_capability(pdev, 0x1e98, 0);
	KUNIT_EXPECT_EQ(test, read_word(pdev, at + 0xc), 1);

	KUNIT_EXPECT_TRUE(test, get_fn(test, host, "slot")->is_hotplug_bridge);
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

/* A host that is declared by the images of another looks the same. */
void fake_raw(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x5f, ACS_GOOD) },
		{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS,
		  .bar = { 0x2000 } },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	u8 *rp = image_of(test, host, "rp");
	u8 *ep = image_of(test, host, "ep");
	struct fake_dev raw[] = {
		{ "rp", "", 7, 0, .raw = rp, .raw_len = 4096 },
		{ "ep", "rp", 0, 0, .raw = ep, .raw_len = 4096 },
		{ "old", "", 8, 0, .raw = rp, .raw_len = 256 },
	};
	struct pci_dev *pdev;

	host = make_host(test, raw, ARRAY_SIZE(raw));
	pdev = get_fn(test, host, "rp");
	KUNIT_EXPECT_EQ(test, pci_pcie_type(pdev), PCI_EXP_TYPE_ROOT_PORT);
	KUNIT_ASSERT_NE(test, pdev->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, read_dword(pdev, pdev->acs_cap + 4), 0x1d005fu);
	pdev = get_fn(test, host, "ep");
	KUNIT_EXPECT_NE(test, pdev->ats_cap, 0);
	KUNIT_EXPECT_GE(test, pci_resource_len(pdev, 0),
			(resource_size_t)0x2000);
	pdev = get_fn(test, host, "old");
	KUNIT_EXPECT_EQ(test, pdev->cfg_size, PCI_CFG_SPACE_SIZE);
	KUNIT_EXPECT_EQ(test, pdev->acs_cap, 0);
}
