// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that affect a verdict, as the PCI core lists them: sibling
 * functions, requester IDs, and functions that come and go
 */
#include <linux/pci.h>

#include "guard.h"
#include "registers_test.h"

/* R1: below too many nested bridges there may be another function. */
void deep_nesting(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "top", "rp", 0, 0, FAKE_PCIE_TO_PCI },
		{ "card", "top", 1, 0, FAKE_PCI },
		{ "b0", "top", 2, 0, FAKE_PCI_BRIDGE },
		{ "b1", "b0", 0, 0, FAKE_PCI_BRIDGE },
		{ "b2", "b1", 0, 0, FAKE_PCI_BRIDGE },
		{ "b3", "b2", 0, 0, FAKE_PCI_BRIDGE },
		{ "b4", "b3", 0, 0, FAKE_PCI_BRIDGE },
		{ "b5", "b4", 0, 0, FAKE_PCI_BRIDGE },
		{ "b6", "b5", 0, 0, FAKE_PCI_BRIDGE },
		{ "b7", "b6", 0, 0, FAKE_PCI_BRIDGE },
		{ "b8", "b7", 0, 0, FAKE_PCI_BRIDGE },
	};
	/* Without the last bridge, which is one too many. */
	struct fake_host *host =
		guard_up(test, decl, sizeof(decl) - sizeof(decl[0]), NULL);

	expect_verdict(test, host, "card", "isolated", NULL, NULL, "control");
	guard_down(test);
	host = GUARD_UP(test, decl);
	expect_verdict(test, host, "card", "conventional", "top", NULL,
		       "too deep");
	guard_down(test);
}

/* permissive=: a pattern longer than the path of a device does not match. */
void pattern_longer_than_path(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "ep", "", 1, 0, FAKE_RCIEP },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	struct pci_dev *pdev = guard_get(test, host, "ep");
	struct acs_guard_pattern pattern = {
		.domain = pci_domain_nr(pdev->bus),
		.bus = pdev->bus->number,
		.devfn = { pdev->devfn, pdev->devfn },
		.num_devfn = 1,
	};

	KUNIT_EXPECT_TRUE(test, acs_guard_matches(pdev, &pattern));
	pattern.num_devfn = 2;
	KUNIT_EXPECT_FALSE(test, acs_guard_matches(pdev, &pattern));
	guard_down(test);
}

/* R7: for VFs inside a switch, the verdict names the PF. */
void internal_vfs(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "up", "rp", 0, 0, FAKE_UP },
		{ "dp", "up", 0, 0, FAKE_DP, ON },
		{ "ep", "dp", 0, 0, FAKE_EP },
		{ "pf", "up", 1, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect_verdict(test, host, "ep", "internal-function", "pf", NULL,
		       "beside");
	expect_verdict(test, host, "pf.vf1", "internal-function", "pf", NULL,
		       "itself");
	guard_down(test);
}

/* R12: aliases of a dummy host bridge, and of two conventional bridges. */
void other_aliases(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "dummy", "", 1, 0, FAKE_PCI, ZEN_DUMMY },
		{ "ep", "", 2, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(1, 0) },
		{ "b1", "", 3, 0, FAKE_PCI_BRIDGE, .alias = FAKE_ALIAS(20, 0) },
		{ "c1", "b1", 0, 0, FAKE_PCI },
		{ "b2", "", 4, 0, FAKE_PCI_BRIDGE, .alias = FAKE_ALIAS(20, 0) },
		{ "c2", "b2", 0, 0, FAKE_PCI },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect_verdict(test, host, "ep", "isolated", NULL, NULL,
		       "names a dummy");
	guard_expect(test, host,
		     &(struct guard_want){ "c1", "alias", "b2", NULL, "c2" },
		     "two bridges, one ghost");
	guard_down(test);
}

/* R12: an alias that is the ID of a VF. */
void virtual_alias(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "pf", "", 1, 0, FAKE_RCIEP, APART, .vfs.total = 2,
		  .vfs.on = 2, .vfs.offset = 16 },
		{ "other", "", 20, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(3, 0) },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	guard_expect(test, host,
		     &(struct guard_want){ "pf.vf0", "alias", "other", NULL,
					   "other" },
		     "another has its ID");
	expect_verdict(test, host, "pf.vf1", "isolated", NULL, NULL,
		       "no function has its ID");
	guard_down(test);
}

/* R5: a sibling function of a Root Port is plugged in, and removed. */
void sibling_function_appears(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP },
		{ "other", "", 1, 1, FAKE_RCIEP, .flags = FAKE_ABSENT },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		expect_verdict(test, host, "ep", "isolated", NULL, NULL,
			       "alone");
		KUNIT_ASSERT_EQ(test, fake_host_plug(host, "other"), 0);
		guard_expect(test, host,
			     &(struct guard_want){ "ep", "multifunction",
						   "other", "RR,CR", "other" },
			     "beside another");
		KUNIT_ASSERT_EQ(test, fake_host_pull(host, "other"), 0);
	}
	guard_down(test);
}

/* The same, with the sibling function there at load and unload. */
void sibling_function_stays(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "other", "", 1, 1, FAKE_RCIEP },
		{ "ep", "rp", 0, 0, FAKE_EP },
	};
	static const struct guard_want want = { "ep", "multifunction", "other",
						"RR,CR", "other" };
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		guard_expect(test, host, &want, "beside another");
		acs_guard_stop();
		KUNIT_ASSERT_EQ(test, acs_guard_start(), 0);
		guard_expect(test, host, &want, "still");
		KUNIT_ASSERT_EQ(test, fake_host_pull(host, "other"), 0);
		expect_verdict(test, host, "ep", "isolated", NULL, NULL,
			       "alone");
		KUNIT_ASSERT_EQ(test, fake_host_plug(host, "other"), 0);
	}
	guard_down(test);
}

/* Peers are found deeper than the walk of the subtree recurses. */
void deep_peers(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "u1", "rp", 0, 0, FAKE_UP },
		{ "d1", "u1", 0, 0, FAKE_DP, ON },
		{ "u2", "d1", 0, 0, FAKE_UP },
		{ "d2", "u2", 0, 0, FAKE_DP, ON },
		{ "u3", "d2", 0, 0, FAKE_UP },
		{ "d3", "u3", 0, 0, FAKE_DP, ON },
		{ "u4", "d3", 0, 0, FAKE_UP },
		{ "d4", "u4", 0, 0, FAKE_DP, ON },
		{ "u5", "d4", 0, 0, FAKE_UP },
		{ "d5", "u5", 0, 0, FAKE_DP, ON },
		{ "u6", "d5", 0, 0, FAKE_UP },
		{ "d6", "u6", 0, 0, FAKE_DP, ON },
		{ "u7", "d6", 0, 0, FAKE_UP },
		{ "d7", "u7", 0, 0, FAKE_DP, ON },
		{ "u8", "d7", 0, 0, FAKE_UP },
		{ "d8", "u8", 0, 0, FAKE_DP, ON },
		{ "u9", "d8", 0, 0, FAKE_UP },
		{ "a", "u9", 1, 0, FAKE_DP },
		{ "b", "u9", 2, 0, FAKE_DP },
		{ "ep0", "a", 0, 0, FAKE_EP },
		{ "ep1", "b", 0, 0, FAKE_EP },
		{ "far", "u1", 1, 0, FAKE_DP, ON },
		{ "ep2", "far", 0, 0, FAKE_EP },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	guard_expect(test, host,
		     &(struct guard_want){ "ep0", "no-acs", "a", "SV,RR,CR,UF",
					   "ep1" },
		     "nineteen bridges down");
	expect_verdict(test, host, "ep2", "isolated", NULL, NULL, "three down");
	guard_down(test);
}

/*
 * R8: whether a device declares peer-to-peer support is read again where paths
 * join at another device, although a function below was read for its own device
 * before.
 */
void declares_p2p_twice(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "nic", "", 1, 1, FAKE_RCIEP, .vfs.total = 1, .vfs.on = 1,
		  .vfs.offset = 16 },
		{ "nic2", "", 1, 2, FAKE_RCIEP, .acs = FAKE_ACS(0x0c, 0) },
		{ "pf", "rp", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	guard_expect(test, host,
		     &(struct guard_want){ "pf.vf0", "multifunction", "nic",
					   "RR,CR", "nic nic.vf0 nic2" },
		     "beside the port above");
	guard_down(test);
}

/* R12: an alias of no function matters only if another has the same alias. */
void ghost_aliases(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(20, 0) },
		{ "b", "", 2, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(21, 0) },
		{ "c", "", 3, 0, FAKE_RCIEP },
		{ "d", "", 4, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(22, 0) },
		{ "e", "", 5, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(22, 0) },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect_verdict(test, host, "a", "isolated", NULL, NULL,
		       "a ghost of its own");
	expect_verdict(test, host, "b", "isolated", NULL, NULL, "another");
	expect_verdict(test, host, "c", "isolated", NULL, NULL, "none");
	guard_expect(test, host,
		     &(struct guard_want){ "d", "alias", "e", NULL, "e" },
		     "the same ghost");
	guard_down(test);
}

/* R9: a function that is not read need not be readable. */
void short_endpoints(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp0", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "one", "rp0", 0, 0, FAKE_EP, .flags = FAKE_CFG256 },
		{ "rp1", "", 2, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "f0", "rp1", 0, 0, FAKE_EP, .flags = FAKE_CFG256 },
		{ "f1", "rp1", 0, 1, FAKE_EP, .acs = FAKE_ACS(0, 0) },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect_verdict(test, host, "one", "isolated", NULL, NULL, "alone");
	expect_verdict(test, host, "f0", "unreadable", "f0", NULL,
		       "one of two");
	expect_verdict(test, host, "f1", "unreadable", "f0", NULL, "the other");
	guard_start_with(ACS_GUARD_FUNCTION, true);
	expect_verdict(test, host, "one", "translation", "one", NULL,
		       "strict=1");
}
