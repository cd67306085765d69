// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the fake host: virtual functions, hot-plug, drivers and groups
 */
#include <linux/iommu.h>
#include <linux/pci.h>

#include "fake_host_test.h"
#include "guard.h"

/* ---- Virtual functions ---- */

static const struct fake_dev pf_host[] = {
	{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_ARI,
	  .acs = FAKE_ACS(0x5f, ACS_GOOD) },
	{ "pf0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, .vfs.total = 8,
	  .vfs.on = 2, .vfs.acs = FAKE_ACS(0x0c, 0x04), .vfs.flags = FAKE_ATS },
	{ "pf1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ARI, .vfs.total = 8 },
	{ "far", "", 2, 0, FAKE_RP },
	{ "pf2", "far", 0, 0, FAKE_EP, .vfs.total = 4, .vfs.on = 4,
	  .vfs.offset = 254, .vfs.stride = 1 },
	{ "rp3", "", 3, 0, FAKE_RP },
	{ "ep", "rp3", 0, 0, FAKE_EP },
};

void fake_vfs_declared(struct kunit *test)
{
	struct fake_host *host = make_host(test, pf_host, ARRAY_SIZE(pf_host));
	struct pci_dev *pf = get_fn(test, host, "pf0");
	struct pci_dev *vf = get_fn(test, host, "pf0.vf1");

	KUNIT_EXPECT_TRUE(test, pf->is_physfn);
	KUNIT_EXPECT_EQ(test, pci_num_vf(pf), 2);
	KUNIT_EXPECT_EQ(test, pci_sriov_get_totalvfs(pf), 8);
	KUNIT_EXPECT_TRUE(test, vf->is_virtfn);
	KUNIT_EXPECT_PTR_EQ(test, pci_physfn(vf), pf);
	KUNIT_EXPECT_EQ(test, vf->devfn, 17u);
	KUNIT_EXPECT_EQ(test, pci_pcie_type(vf), PCI_EXP_TYPE_ENDPOINT);
	KUNIT_EXPECT_EQ(test, read_dword(vf, PCI_VENDOR_ID), U32_MAX);
	KUNIT_EXPECT_EQ(test, vf->vendor, FAKE_VENDOR);
	KUNIT_ASSERT_NE(test, vf->acs_cap, 0);
	KUNIT_EXPECT_EQ(test, read_word(vf, vf->acs_cap + PCI_ACS_CTRL), 0x04);
	KUNIT_EXPECT_NE(test, vf->ats_cap, 0);
	KUNIT_EXPECT_EQ(test, pf->acs_cap, 0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf0.vf2"));
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf1.vf0"));
}

void fake_vfs_far(struct kunit *test)
{
	struct fake_host *host = make_host(test, pf_host, ARRAY_SIZE(pf_host));
	struct pci_dev *pf = get_fn(test, host, "pf2");
	struct pci_dev *vf = get_fn(test, host, "pf2.vf3");

	KUNIT_EXPECT_PTR_EQ(test, get_fn(test, host, "pf2.vf1")->bus, pf->bus);
	KUNIT_EXPECT_EQ(test, vf->bus->number, pf->bus->number + 1);
	KUNIT_EXPECT_NULL(test, vf->bus->self);
	KUNIT_EXPECT_PTR_EQ(test, pci_upstream_bridge(vf),
			    get_fn(test, host, "far"));
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "ep")->bus->number,
			pf->bus->number + 2);
}

/* The maximum number of VFs, which do not fit on one bus with their PF. */
void fake_vfs_most(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "pf", "rp", 0, 0, FAKE_EP, .vfs.total = FAKE_MAX_VFS,
		  .vfs.on = FAKE_MAX_VFS },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *pf = get_fn(test, host, "pf");

	KUNIT_EXPECT_EQ(test, pci_num_vf(pf), FAKE_MAX_VFS);
	KUNIT_EXPECT_PTR_EQ(test, pci_physfn(get_fn(test, host, "pf.vf255")),
			    pf);
}

/* The cache of addresses is invalidated when the routing changes. */
void fake_places(struct kunit *test)
{
	struct fake_host *host = make_host(test, pf_host, ARRAY_SIZE(pf_host));
	struct pci_dev *far = get_fn(test, host, "far");
	struct pci_dev *pf = get_fn(test, host, "pf2");
	struct pci_dev *vf = get_fn(test, host, "pf2.vf3");
	const u32 buses = read_dword(far, PCI_PRIMARY_BUS);
	const u32 id = read_dword(pf, PCI_VENDOR_ID);
	const u32 list = read_dword(vf, PCI_CAPABILITY_LIST);
	const int ctrl = fake_host_ext_cap(host, "pf2", PCI_EXT_CAP_ID_SRIOV) +
			 PCI_SRIOV_CTRL;
	const u16 on = read_word(pf, ctrl);

	KUNIT_ASSERT_NE(test, id, U32_MAX);
	KUNIT_ASSERT_NE(test, list, U32_MAX);

	pci_write_config_dword(far, PCI_PRIMARY_BUS, 0);
	KUNIT_EXPECT_EQ(test, read_dword(pf, PCI_VENDOR_ID), U32_MAX);
	pci_write_config_dword(far, PCI_PRIMARY_BUS, buses);
	KUNIT_EXPECT_EQ(test, read_dword(pf, PCI_VENDOR_ID), id);

	pci_write_config_word(pf, ctrl, on & ~PCI_SRIOV_CTRL_VFE);
	KUNIT_EXPECT_EQ(test, read_dword(vf, PCI_CAPABILITY_LIST), U32_MAX);
	pci_write_config_word(pf, ctrl, on);
	KUNIT_EXPECT_EQ(test, read_dword(vf, PCI_CAPABILITY_LIST), list);

	fake_host_poke(host, "far", PCI_SUBORDINATE_BUS, 1, 0);
	KUNIT_EXPECT_EQ(test, read_dword(vf, PCI_CAPABILITY_LIST), U32_MAX);
	fake_host_poke(host, "far", PCI_PRIMARY_BUS, 4, buses);
	KUNIT_EXPECT_EQ(test, read_dword(vf, PCI_CAPABILITY_LIST), list);
}

/* VFs are enabled by a driver and sysfs, as an administrator does it. */
void fake_vfs_sysfs(struct kunit *test)
{
	struct fake_host *host = make_host(test, pf_host, ARRAY_SIZE(pf_host));
	struct pci_dev *pf = get_fn(test, host, "pf1");
	char buf[16];

	KUNIT_ASSERT_EQ(test,
			fake_host_write(host, "pf1", "driver_override",
					"pci-pf-stub"),
			0);
	KUNIT_ASSERT_EQ(test, fake_host_bind(host, "pf1", "pci-pf-stub"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_write(host, "pf1", "sriov_numvfs", "3"),
			0);
	KUNIT_EXPECT_EQ(test, pci_num_vf(pf), 3);
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "pf1.vf2")->devfn, 34u);
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

/* ---- Plugging ---- */

void fake_plug(struct kunit *test)
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
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	unsigned int devs = count_devices();

	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "up"));
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf"));
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), 0);
	KUNIT_EXPECT_EQ(test, get_fn(test, host, "pf")->bus->number, 3);
	KUNIT_EXPECT_TRUE(test, get_fn(test, host, "pf.vf0")->is_virtfn);
	KUNIT_EXPECT_EQ(test, count_devices(), devs + 4);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), -EINVAL);

	get_fn(test, host, "f8");
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "f1"), 0);
	get_fn(test, host, "f1");
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "conv"), 0);
	get_fn(test, host, "conv");

	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "up"), 0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf"));
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "up"), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "pf"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "f1"), 0);
	get_fn(test, host, "f0");
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "pf"), 0);
	get_fn(test, host, "pf.vf0");
}

void fake_pull(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
		{ "up", "rp", 0, 0, FAKE_UP, .acs = FAKE_ACS(0x5f, 0) },
		{ "dp", "up", 3, 0, FAKE_DP },
		{ "pf", "dp", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *up = pci_dev_get(get_fn(test, host, "up"));

	KUNIT_EXPECT_EQ(test, fake_host_pull(host, "up"), 0);
	KUNIT_EXPECT_EQ(test, read_dword(up, up->acs_cap + 4), U32_MAX);
	KUNIT_EXPECT_TRUE(test, pci_channel_offline(up));
	pci_dev_put(up);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "pf.vf1"));
	KUNIT_EXPECT_EQ(test, fake_host_pull(host, "up"), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "up"), 0);
	KUNIT_EXPECT_EQ(test,
			read_dword(get_fn(test, host, "pf.vf1"),
				   PCI_CAPABILITY_LIST),
			0x40u);
}

/* ---- Drivers ---- */

static bool has_slot(struct kunit *test, struct fake_host *host,
		     const char *name)
{
	return get_fn(test, host, name)->pcie_flags_reg & PCI_EXP_FLAGS_SLOT;
}

void fake_slots(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "up", "rp", 0, 0, FAKE_UP },
		{ "dp0", "up", 0, 0, FAKE_DP },
		{ "dp1", "up", 1, 0, FAKE_DP, .flags = FAKE_NO_SLOT },
		{ "dp2", "up", 2, 0, FAKE_DP, .flags = FAKE_HOTPLUG },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));

	KUNIT_EXPECT_TRUE(test, has_slot(test, host, "rp"));
	KUNIT_EXPECT_FALSE(test, has_slot(test, host, "up"));
	KUNIT_EXPECT_TRUE(test, has_slot(test, host, "dp0"));
	KUNIT_EXPECT_FALSE(test, has_slot(test, host, "dp1"));
	KUNIT_EXPECT_TRUE(test, has_slot(test, host, "dp2"));
	KUNIT_EXPECT_FALSE(test, get_fn(test, host, "dp0")->is_hotplug_bridge);
	KUNIT_EXPECT_TRUE(test, get_fn(test, host, "dp2")->is_hotplug_bridge);
}

/* A hidden function answers at the same address, and a rescan finds it. */
void fake_hide(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	char before[24], after[24];
	struct pci_bus *bus;
	unsigned int devfn;
	u32 id;

	bus = get_fn(test, host, "dp0")->bus;
	devfn = get_fn(test, host, "dp0")->devfn;
	KUNIT_ASSERT_EQ(test,
			fake_host_address(host, "ep0", before, sizeof(before)),
			0);
	KUNIT_EXPECT_STREQ(test, pci_name(get_fn(test, host, "ep0")), before);
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
	KUNIT_EXPECT_STREQ(test, pci_name(get_fn(test, host, "ep0")), before);
}

void fake_bind(struct kunit *test)
{
	struct fake_host *host =
		make_host(test, switch_host, ARRAY_SIZE(switch_host));
	int err;

	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep0"), "-");
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "rp"), "pcieport");
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), -ENODEV);
	err = fake_host_write(host, "ep0", "driver_override", "pci-stub");
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep0", "pci-stub"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep0"), "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep0"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep0"), "-");
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep0"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep0"), "pci-stub");
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep1"), "-");
}

static int group_id(struct kunit *test, struct fake_host *host,
		    const char *name)
{
	struct iommu_group *group =
		iommu_group_get(&get_fn(test, host, name)->dev);
	int id = -1;

	if (group)
		id = iommu_group_id(group);
	iommu_group_put(group);
	return id;
}

void fake_groups(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .group = 1 },
		{ "up", "rp", 0, 0, FAKE_UP, .group = 1 },
		{ "dp", "up", 0, 0, FAKE_DP, .group = 2 },
		{ "pf", "dp", 0, 0, FAKE_EP, .group = 3, .vfs.total = 2,
		  .vfs.on = 2, .vfs.group = 3 },
		{ "ep", "", 2, 0, FAKE_RCIEP },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct fake_host *other = make_host(test, decl, ARRAY_SIZE(decl));
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

void fake_alias(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(1, 1) },
		{ "b", "", 1, 1, FAKE_RCIEP },
		{ "c", "", 0, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(0, 0) },
	};
	struct fake_host *host = make_host(test, decl, ARRAY_SIZE(decl));
	struct pci_dev *a = get_fn(test, host, "a");

	KUNIT_ASSERT_NOT_NULL(test, a->dma_alias_mask);
	KUNIT_EXPECT_TRUE(test, test_bit(PCI_DEVFN(1, 1), a->dma_alias_mask));
	KUNIT_EXPECT_EQ(test, bitmap_weight(a->dma_alias_mask, 256), 1u);
	KUNIT_EXPECT_NULL(test, get_fn(test, host, "b")->dma_alias_mask);
	KUNIT_EXPECT_TRUE(test,
			  test_bit(0, get_fn(test, host, "c")->dma_alias_mask));
}
