// SPDX-License-Identifier: GPL-2.0-only
/*
 * What engine/function.c reads, down to the dword: where ACS is, what it says
 * when hardware misbehaves, and how little is read; and what becomes of the
 * guard's entries while devices, drivers and the guard itself come and go.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#include "guard.h"
#include "suites.h"

static u16 flags_of(const char *missing)
{
	if (!missing)
		return 0;
	return (strstr(missing, "SV") ? PCI_ACS_SV : 0) |
	       (strstr(missing, "RR") ? PCI_ACS_RR : 0) |
	       (strstr(missing, "CR") ? PCI_ACS_CR : 0) |
	       (strstr(missing, "UF") ? PCI_ACS_UF : 0);
}

/* Written as words, in the order of the attributes of a verdict. */
static void expect(struct kunit *test, struct fake_host *host, const char *name,
		   const char *reason, const char *blocker, const char *missing,
		   const char *when)
{
	struct acs_guard_verdict verdict;

	guard_examine(guard_get(test, host, name), &verdict);
	KUNIT_EXPECT_STREQ_MSG(test, acs_guard_reason_name(verdict.reason),
			       reason, "%s, %s", name, when);
	if (verdict.reason == ACS_GUARD_ISOLATED || !blocker)
		return;
	KUNIT_EXPECT_EQ_MSG(test, verdict.blocker,
			    acs_guard_bdf(guard_get(test, host, blocker)),
			    "%s, %s", name, when);
	KUNIT_EXPECT_EQ_MSG(test, verdict.missing, flags_of(missing), "%s, %s",
			    name, when);
}

/* ---- Where the registers are ---- */

/* Intel's 100, 200 and 300 series, first and last device of each range. */
static const u16 pch_ranges[][2] = {
	{ 0xa110, 0xa11f }, { 0xa167, 0xa16a }, { 0xa290, 0xa29f },
	{ 0xa2e7, 0xa2ee }, { 0x9d10, 0x9d1b },
};

/* A root port of this ID and layout, and what is then said of its endpoint. */
static void expect_layout(struct kunit *test, u16 vendor, u16 device,
			  struct fake_acs acs, bool isolated)
{
	const struct fake_dev decl[] = {
		{ "rp", "", 0x1c, 0, FAKE_RP, .vendor = vendor,
		  .device = device, .acs = acs },
		{ "ep", "rp", 0, 0, FAKE_EP },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	char when[32];

	snprintf(when, sizeof(when), "%04x:%04x, layout %u", vendor, device,
		 acs.layout);
	expect(test, host, "ep", isolated ? "isolated" : "acs-disabled", "rp",
	       "SV,RR,CR", when);
	guard_down(test);
}

/*
 * A port that is read in the wrong layout has a control word of 0: the dword at
 * +4 has none, and at +8 others have their egress vector, if anything.
 */
static void dword_layout(struct kunit *test)
{
	const struct fake_acs dword = FAKE_ACS_PCH(0x0f, 0x0d);
	const struct fake_acs off = FAKE_ACS_PCH(0x0f, 0);
	const struct fake_acs word = FAKE_ACS(0x0f, 0x0d);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pch_ranges); i++) {
		const u16 first = pch_ranges[i][0], last = pch_ranges[i][1];
		u16 id;

		for (id = first; id <= last; id++)
			expect_layout(test, 0x8086, id, dword, true);
		expect_layout(test, 0x8086, first, off, false);
		expect_layout(test, 0x8086, last, off, false);
		expect_layout(test, 0x8086, first, word, false);
		expect_layout(test, 0x8086, last, word, false);

		expect_layout(test, 0x8086, first - 1, dword, false);
		expect_layout(test, 0x8086, last + 1, dword, false);
		expect_layout(test, 0x8086, first - 1, word, true);
		expect_layout(test, 0x8086, last + 1, word, true);

		expect_layout(test, FAKE_VENDOR, first, dword, false);
		expect_layout(test, FAKE_VENDOR, first, word, true);
	}
}

/* A device ID means nothing at another type of function. */
static void dword_layout_elsewhere(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "up", "rp", 0, 0, FAKE_UP },
		{ "dp", "up", 0, 0, FAKE_DP, .vendor = 0x8086, .device = 0xa110,
		  .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "ep", "dp", 0, 0, FAKE_EP },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect(test, host, "ep", "isolated", NULL, NULL, "downstream port");
}

static void acs_offsets(struct kunit *test)
{
	static const u16 offsets[] = { 0x100, 0x108, 0x148, 0x1fc,
				       0x404, 0xf00, 0xff8 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		const struct fake_dev decl[] = {
			{ "rp", "", 1, 0, FAKE_RP,
			  .acs = FAKE_ACS(0x1f, 0x1d, .at = offsets[i]) },
			{ "ep", "rp", 0, 0, FAKE_EP },
		};
		struct fake_host *host = GUARD_UP(test, decl);
		struct pci_dev *rp = guard_get(test, host, "rp");

		KUNIT_EXPECT_EQ(test, rp->acs_cap, offsets[i]);
		expect(test, host, "ep", "isolated", NULL, NULL, "on");
		fake_host_set_acs(host, "rp", 0x1c);
		expect(test, host, "ep", "acs-disabled", "rp", "SV", "SV off");
		fake_host_set_acs(host, "rp", 0xffff);
		expect(test, host, "ep", "unreadable", "rp", NULL, "all ones");
		guard_down(test);
	}
}

/* A list that cannot be followed hides ACS, or does not; it never invents it. */
static void bad_lists(struct kunit *test)
{
	static const struct {
		u32 flags;
		struct fake_acs acs;
		const char *reason;
		const char *missing;
	} lists[] = {
		{ 0, FAKE_ACS(0x1f, 0x1d), "isolated" },
		{ FAKE_EXT_CUT, FAKE_ACS(0x1f, 0x1d), "no-acs", "SV,RR,CR,UF" },
		{ FAKE_EXT_LOOP, FAKE_ACS(0x1f, 0x1d), "isolated" },
		{ FAKE_EXT_LOOP, {}, "no-acs", "SV,RR,CR,UF" },
		{ FAKE_CAP_LOOP, FAKE_ACS(0x1f, 0x1d), "isolated" },
		{ FAKE_CFG256, FAKE_ACS(0x1f, 0x1d), "unreadable" },
		{ FAKE_CFG256, {}, "unreadable" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct fake_dev decl[] = {
			{ "rp", "", 1, 0, FAKE_RP, .flags = lists[i].flags,
			  .acs = lists[i].acs },
			{ "ep", "rp", 0, 0, FAKE_EP },
		};
		struct fake_host *host = GUARD_UP(test, decl);
		char when[32];

		snprintf(when, sizeof(when), "list %u", i);
		expect(test, host, "ep", lists[i].reason, "rp",
		       lists[i].missing, when);
		guard_down(test);
	}
}

/* S1: an endpoint whose list cannot be followed, or that is gone, may have ATS.
 */
static void strict_lists(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP },
		{ "rp2", "", 2, 0, FAKE_RP, ON },
		{ "loop", "rp2", 0, 0, FAKE_EP, .flags = FAKE_EXT_LOOP },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	guard_start_with(ACS_GUARD_FUNCTION, true);
	expect(test, host, "ep", "isolated", NULL, NULL, "control");
	expect(test, host, "loop", "translation", "loop", NULL, "loop");

	guard_get(test, host, "ep")->error_state = pci_channel_io_perm_failure;
	expect(test, host, "ep", "unreadable", "ep", NULL, "gone");
	guard_get(test, host, "ep")->error_state = pci_channel_io_normal;

	guard_start_with(ACS_GUARD_FUNCTION, false);
	guard_down(test);
}

/* S1: a list that ends before its end may have gone on. */
static void strict_zero_header(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI | FAKE_CXL },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	const u16 last =
		max(fake_host_ext_cap(host, "ep", PCI_EXT_CAP_ID_ARI),
		    fake_host_ext_cap(host, "ep", PCI_EXT_CAP_ID_DVSEC));

	guard_start_with(ACS_GUARD_FUNCTION, true);
	expect(test, host, "ep", "isolated", NULL, NULL, "control");
	fake_host_fault_at(host, "ep", last, FAKE_ZERO);
	expect(test, host, "ep", "translation", "ep", NULL, "cut short");
	guard_start_with(ACS_GUARD_FUNCTION, false);
	guard_down(test);
}

/* S3 asks for CXL's own DVSEC, not for anybody else's. */
static void strict_dvsec(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_CXL_ON },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	const u16 dvsec = fake_host_ext_cap(host, "ep", PCI_EXT_CAP_ID_DVSEC);
	const u16 vendor = fake_host_peek(host, "ep", dvsec + 4, 2);

	guard_start_with(ACS_GUARD_FUNCTION, true);
	expect(test, host, "ep", "translation", "ep", NULL, "control");
	fake_host_poke(host, "ep", dvsec + 4, 2, 0x1234);
	expect(test, host, "ep", "isolated", NULL, NULL, "another vendor's");
	fake_host_poke(host, "ep", dvsec + 4, 2, vendor);
	fake_host_poke(host, "ep", dvsec + 8, 2, 3);
	expect(test, host, "ep", "isolated", NULL, NULL, "another DVSEC");
	guard_start_with(ACS_GUARD_FUNCTION, false);
	guard_down(test);
}

/* R1: bridges that nest deeper than is understood are no proof of solitude. */
static void deep_nesting(struct kunit *test)
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
	/* The last one is one too many. */
	struct fake_host *host =
		guard_up(test, decl, sizeof(decl) - sizeof(decl[0]), NULL);

	expect(test, host, "card", "isolated", NULL, NULL, "control");
	guard_down(test);
	host = GUARD_UP(test, decl);
	expect(test, host, "card", "conventional", "top", NULL, "too deep");
	guard_down(test);
}

/* permissive=: a path that is longer than the way to the root names nobody. */
static void paths(struct kunit *test)
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

/* R7: virtual functions inside a switch go with their PF, which is named. */
static void internal_vfs(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "up", "rp", 0, 0, FAKE_UP },
		{ "dp", "up", 0, 0, FAKE_DP, ON },
		{ "ep", "dp", 0, 0, FAKE_EP },
		{ "pf", "up", 1, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect(test, host, "ep", "internal-function", "pf", NULL, "beside");
	expect(test, host, "pf.vf1", "internal-function", "pf", NULL, "itself");
	guard_down(test);
}

/* R12: a dummy shares with nobody; a conventional bridge for all below it. */
static void other_aliases(struct kunit *test)
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

	expect(test, host, "ep", "isolated", NULL, NULL, "names a dummy");
	guard_expect(test, host,
		     &(struct guard_want){ "c1", "alias", "b2", NULL, "c2" },
		     "two bridges, one ghost");
	guard_down(test);
}

/* R12: the ID of a virtual function, which is in no slot of its PF's. */
static void virtual_alias(struct kunit *test)
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
	expect(test, host, "pf.vf1", "isolated", NULL, NULL, "nobody has");
	guard_down(test);
}

/* R5: a root port that had its slot for itself gets company, and loses it. */
static void company_comes(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP },
		{ "mate", "", 1, 1, FAKE_RCIEP, .flags = FAKE_ABSENT },
	};
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		expect(test, host, "ep", "isolated", NULL, NULL, "alone");
		KUNIT_ASSERT_EQ(test, fake_host_plug(host, "mate"), 0);
		guard_expect(test, host,
			     &(struct guard_want){ "ep", "multifunction",
						   "mate", "RR,CR", "mate" },
			     "in company");
		KUNIT_ASSERT_EQ(test, fake_host_pull(host, "mate"), 0);
	}
	guard_down(test);
}

/* The same with company that was there before the guard, and while it went. */
static void company_stays(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, ON },
		{ "mate", "", 1, 1, FAKE_RCIEP },
		{ "ep", "rp", 0, 0, FAKE_EP },
	};
	static const struct guard_want want = { "ep", "multifunction", "mate",
						"RR,CR", "mate" };
	struct fake_host *host = GUARD_UP(test, decl);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		guard_expect(test, host, &want, "in company");
		acs_guard_hook_exit();
		KUNIT_ASSERT_EQ(test, acs_guard_hook_init(), 0);
		guard_expect(test, host, &want, "still");
		KUNIT_ASSERT_EQ(test, fake_host_pull(host, "mate"), 0);
		expect(test, host, "ep", "isolated", NULL, NULL, "alone");
		KUNIT_ASSERT_EQ(test, fake_host_plug(host, "mate"), 0);
	}
	guard_down(test);
}

/* Who is exposed is found as well where a search may not recurse any more. */
static void deep_peers(struct kunit *test)
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
	expect(test, host, "ep2", "isolated", NULL, NULL, "three down");
	guard_down(test);
}

/*
 * R8: whether a device admits is asked anew where paths meet at another one,
 * though a function below has been asked about its own device before.
 */
static void admits_twice(struct kunit *test)
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

/* R12: an alias that names nobody is harmless, unless another names it too. */
static void ghost_aliases(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(20, 0) },
		{ "b", "", 2, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(21, 0) },
		{ "c", "", 3, 0, FAKE_RCIEP },
		{ "d", "", 4, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(22, 0) },
		{ "e", "", 5, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(22, 0) },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect(test, host, "a", "isolated", NULL, NULL, "a ghost of its own");
	expect(test, host, "b", "isolated", NULL, NULL, "another");
	expect(test, host, "c", "isolated", NULL, NULL, "none");
	guard_expect(test, host,
		     &(struct guard_want){ "d", "alias", "e", NULL, "e" },
		     "the same ghost");
	guard_down(test);
}

/* R9: a function that nothing has to be read of may hide what it likes. */
static void short_endpoints(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp0", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "one", "rp0", 0, 0, FAKE_EP, .flags = FAKE_CFG256 },
		{ "rp1", "", 2, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "f0", "rp1", 0, 0, FAKE_EP, .flags = FAKE_CFG256 },
		{ "f1", "rp1", 0, 1, FAKE_EP, .acs = FAKE_ACS(0, 0) },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect(test, host, "one", "isolated", NULL, NULL, "alone");
	expect(test, host, "f0", "unreadable", "f0", NULL, "one of two");
	expect(test, host, "f1", "unreadable", "f0", NULL, "the other");
	guard_start_with(ACS_GUARD_FUNCTION, true);
	expect(test, host, "one", "translation", "one", NULL, "strict=1");
}

/* ---- What they say ---- */

/**
 * struct acs_words - a pair of words, and what is missing of it
 * @cap: ACS Capability register
 * @ctrl: ACS Control register
 * @missing: as in the log; NULL if nothing is
 */
struct acs_words {
	u16 cap;
	u16 ctrl;
	const char *missing;
};

/* clang-format off */
/* Each capability bit absent in turn, then each control bit off (6.12.1.1). */
static const struct acs_words root_port[] = {
	{ 0x1f, 0x1d },
	{ 0x1e, 0x1d, "SV" },
	{ 0x1d, 0x1d },
	{ 0x1b, 0x1d },
	{ 0x17, 0x1d, "CR" },
	{ 0x0f, 0x1d },
	{ 0x13, 0x1d },
	{ 0x01, 0x1d },
	{ 0x00, 0x1d, "SV" },
	{ 0x1f, 0x1c, "SV" },
	{ 0x1f, 0x1f },
	{ 0x1f, 0x19, "RR" },
	{ 0x1f, 0x15, "CR" },
	{ 0x1f, 0x0d, "UF" },
	{ 0x1f, 0x00, "SV,RR,CR,UF" },
	/* EC or DT implemented: RR and CR are not to be left out. */
	{ 0x5b, 0x1d, "RR" },
	{ 0x53, 0x1d, "RR,CR" },
	{ 0x33, 0x1d, "RR,CR" },
};

static const struct acs_words downstream_port[] = {
	{ 0x1f, 0x1d },
	{ 0x1e, 0x1d, "SV" },
	{ 0x1d, 0x1d },
	{ 0x1b, 0x1d, "RR" },
	{ 0x17, 0x1d, "CR" },
	{ 0x0f, 0x1d, "UF" },
	{ 0x00, 0x1d, "SV,RR,CR,UF" },
	{ 0x1f, 0x1c, "SV" },
	{ 0x1f, 0x1f },
	{ 0x1f, 0x19, "RR" },
	{ 0x1f, 0x15, "CR" },
	{ 0x1f, 0x0d, "UF" },
	{ 0x1f, 0x00, "SV,RR,CR,UF" },
};

/* One of several functions (6.12.1.2). */
static const struct acs_words endpoint[] = {
	{ 0x0c, 0x0c },
	{ 0x0c, 0x08, "RR" },
	{ 0x0c, 0x04, "CR" },
	{ 0x0c, 0x00, "RR,CR" },
	{ 0x04, 0x04, "CR" },
	{ 0x08, 0x08 },
	{ 0x08, 0x00, "CR" },
	{ 0x00, 0x00 },
	{ 0x13, 0x00 },
	{ 0x20, 0x00, "RR,CR" },
	{ 0x40, 0x00, "RR,CR" },
	{ 0x2c, 0x0c },
	{ 0x4c, 0x0c },
};

/* clang-format on */

/* A port is disabled, unless something that it lacks is not implemented. */
static const char *port_reason(const struct acs_words *words)
{
	return flags_of(words->missing) & ~words->cap ? "acs-incomplete" :
							"acs-disabled";
}

/* @reason: NULL at a port */
static void expect_words(struct kunit *test, struct fake_host *host,
			 const char *blocker, const struct acs_words *words,
			 unsigned int n, const char *reason)
{
	const u16 at = fake_host_ext_cap(host, blocker, PCI_EXT_CAP_ID_ACS);
	char when[32];
	unsigned int i;

	for (i = 0; i < n; i++) {
		fake_host_poke(host, blocker, at + 4, 4,
			       words[i].ctrl << 16 | words[i].cap);
		snprintf(when, sizeof(when), "cap %04x, ctrl %04x",
			 words[i].cap, words[i].ctrl);
		expect(test, host, "ep",
		       words[i].missing ? reason ?: port_reason(&words[i]) :
					  "isolated",
		       blocker, words[i].missing, when);
	}
}

static void every_bit(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "up", "rp", 0, 0, FAKE_UP },
		{ "dp", "up", 0, 0, FAKE_DP, .acs = FAKE_ACS(0x1f, 0x1d) },
		{ "ep", "dp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0, 0) },
		{ "mate", "dp", 0, 1, FAKE_EP, .acs = FAKE_ACS(0, 0) },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect_words(test, host, "rp", root_port, ARRAY_SIZE(root_port), NULL);
	guard_down(test);

	host = GUARD_UP(test, decl);
	expect_words(test, host, "dp", downstream_port,
		     ARRAY_SIZE(downstream_port), NULL);
	guard_down(test);

	host = GUARD_UP(test, decl);
	expect_words(test, host, "ep", endpoint, ARRAY_SIZE(endpoint),
		     "multifunction");
	guard_down(test);

	host = GUARD_UP(test, decl);
	expect_words(test, host, "mate", endpoint, ARRAY_SIZE(endpoint),
		     "multifunction");
}

/* ---- Reads that go wrong ---- */

/* Is there nothing above @pdev to which it matters whether @pdev has ATS? */
static bool is_ats_no_matter(struct pci_dev *pdev)
{
	u16 cap, ctrl;

	while ((pdev = pci_upstream_bridge(pci_physfn(pdev)))) {
		const int type = pci_pcie_type(pdev);

		if (type != PCI_EXP_TYPE_ROOT_PORT &&
		    type != PCI_EXP_TYPE_DOWNSTREAM)
			continue;
		pci_read_config_word(pdev, pdev->acs_cap + PCI_ACS_CAP, &cap);
		pci_read_config_word(pdev, pdev->acs_cap + PCI_ACS_CTRL, &ctrl);
		if (!(cap & ctrl & PCI_ACS_TB))
			return false;
	}
	return true;
}

/*
 * Let each read of a verdict fail in turn.  Whatever it was for, the answer is
 * not "isolated"; and the next one is as before.  But with strict=1 it may have
 * been for ATS alone, which without a port that lets translations pass, is no
 * matter.
 */
static void fail_each_read(struct kunit *test, struct fake_host *host,
			   const char *name, enum fake_fault how, bool strict)
{
	struct pci_dev *pdev = guard_get(test, host, name);
	const bool excused = strict && is_ats_no_matter(pdev);
	const bool before = guard_isolated(pdev);
	unsigned int nth;
	bool isolated;

	for (nth = 1;; nth++) {
		fake_host_fail_nth(host, nth, how);
		isolated = guard_isolated(pdev);
		if (!fake_host_failed(host))
			break;
		KUNIT_EXPECT_FALSE_MSG(test, isolated && !excused,
				       "%s, strict=%u: read %u as %u", name,
				       strict, nth, how);
	}
	fake_host_fail_nth(host, 0, FAKE_OK);
	KUNIT_EXPECT_EQ(test, isolated, before);
}

/*
 * A read of zeroes, in the midst of good ones: somebody comes out of reset.
 * Zeroes may be what there is, but they make nobody isolated who is not.
 */
static void zero_each_read(struct kunit *test, struct fake_host *host,
			   const char *name)
{
	struct pci_dev *pdev = guard_get(test, host, name);
	const bool before = guard_isolated(pdev);
	unsigned int nth;
	bool isolated;

	for (nth = 1;; nth++) {
		fake_host_fail_nth(host, nth, FAKE_ZERO);
		isolated = guard_isolated(pdev);
		if (!fake_host_failed(host))
			break;
		KUNIT_EXPECT_FALSE_MSG(test, isolated && !before,
				       "%s: read %u as zeroes", name, nth);
	}
	fake_host_fail_nth(host, 0, FAKE_OK);
}

/* All reads of one function fail: that is never to anybody's advantage. */
static void fail_each_function(struct kunit *test, struct fake_host *host,
			       const struct topology *topology,
			       const char *name, enum fake_fault how)
{
	struct pci_dev *pdev = guard_get(test, host, name);
	const bool before = guard_isolated(pdev);
	unsigned int i;

	for (i = 0; i < topology_size(topology); i++) {
		const char *victim = topology->is[i].name;
		unsigned int reads;
		bool isolated;

		fake_host_reset_counts(host);
		fake_host_fault(host, victim, how);
		isolated = guard_isolated(pdev);
		reads = fake_host_total_reads(host);
		reads = reads ? fake_host_reads(host, victim, FAKE_ALL_REGS) :
				0;
		fake_host_fault(host, victim, FAKE_OK);
		KUNIT_EXPECT_FALSE_MSG(test, isolated && (reads || !before),
				       "%s, fault %u of %s", name, how, victim);
	}
}

static void faults_case(struct kunit *test)
{
	const struct topology *topology = topology_named(test->name);
	const struct answer *answer;
	struct fake_host *host;
	unsigned int strict;

	KUNIT_ASSERT_NOT_NULL(test, topology);
	host = topology_up(test, topology);
	for (strict = 0; strict < 2; strict++) {
		guard_start_with(ACS_GUARD_FUNCTION, strict);
		for (answer = topology->answers; answer->want.name; answer++) {
			const char *name = answer->want.name;

			fail_each_read(test, host, name, FAKE_ONES, strict);
			fail_each_read(test, host, name, FAKE_ERROR, strict);
			if (!strict)
				zero_each_read(test, host, name);
			fail_each_function(test, host, topology, name,
					   FAKE_ONES);
			fail_each_function(test, host, topology, name,
					   FAKE_ERROR);
			fail_each_function(test, host, topology, name,
					   FAKE_ZERO);
		}
	}
}

/* clang-format off */
/* Something of each kind that decides, all of it as it should be. */
static const struct fake_dev good[] = {
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

/* R9: marked as gone, though it answers; then again as it was. */
static void disconnected(struct kunit *test)
{
	static const char *const deciders[] = { "rp",  "up", "beside", "dp0",
						"dp1", "f0", "f1" };
	struct fake_host *host = GUARD_UP(test, good);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(deciders); i++) {
		struct pci_dev *pdev = guard_get(test, host, deciders[i]);

		expect(test, host, "f0", "isolated", NULL, NULL, "before");
		pdev->error_state = pci_channel_io_perm_failure;
		expect(test, host, "f0", "unreadable", deciders[i], NULL,
		       "perm_failure");
		pdev->error_state = pci_channel_io_frozen;
		expect(test, host, "f0", "unreadable", deciders[i], NULL,
		       "frozen");
		pdev->error_state = pci_channel_io_normal;
	}
	expect(test, host, "f0", "isolated", NULL, NULL, "after");
}

/* R9: in D3cold, and nobody can wake it (its runtime PM is not in use). */
static void d3cold(struct kunit *test)
{
	static const char *const deciders[] = { "rp",  "up", "beside", "dp0",
						"dp1", "f0", "f1" };
	struct fake_host *host = GUARD_UP(test, good);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(deciders); i++) {
		struct pci_dev *pdev = guard_get(test, host, deciders[i]);
		const pci_power_t state = pdev->current_state;

		pm_runtime_forbid(&pdev->dev);
		pdev->current_state = PCI_D3cold;
		expect(test, host, "f0", "unreadable", deciders[i], NULL,
		       "D3cold");
		pdev->current_state = PCI_D3hot;
		expect(test, host, "f0", "isolated", NULL, NULL, "D3hot");
		pdev->current_state = state;
		pm_runtime_allow(&pdev->dev);
	}
}

/* The link of a sibling, or of what is above, goes, and comes back. */
static void pulled(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good);

	KUNIT_ASSERT_EQ(test, fake_host_pull(host, "dp1"), 0);
	expect(test, host, "f0", "isolated", NULL, NULL, "dp1 pulled");
	KUNIT_ASSERT_EQ(test, fake_host_plug(host, "dp1"), 0);
	expect(test, host, "one", "isolated", NULL, NULL, "dp1 plugged");
	KUNIT_ASSERT_EQ(test, fake_host_pull(host, "f1"), 0);
	expect(test, host, "f0", "isolated", NULL, NULL, "f1 pulled");
	KUNIT_ASSERT_EQ(test, fake_host_pull(host, "rp"), 0);
	KUNIT_EXPECT_NULL(test, fake_host_dev(host, "f0"));
	KUNIT_ASSERT_EQ(test, fake_host_plug(host, "rp"), 0);
	expect(test, host, "f0", "isolated", NULL, NULL, "rp plugged");
}

/* Somebody who still holds a function that was pulled is told nothing good. */
static void pulled_but_held(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, good);
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

/* ---- How much is read ---- */

/**
 * struct count - how many reads one verdict makes
 * @name: the function that is judged
 * @total: of all functions
 * @of: one of those that decide
 * @its: how many of the reads are its
 */
struct count {
	const char *name;
	unsigned int total;
	const char *of;
	unsigned int its;
};

static void expect_counts(struct kunit *test, struct fake_host *host,
			  const struct count *counts, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		const struct count *count = &counts[i];
		u16 at = fake_host_ext_cap(host, count->of, PCI_EXT_CAP_ID_ACS);
		unsigned int of;

		fake_host_reset_counts(host);
		guard_isolated(guard_get(test, host, count->name));
		KUNIT_EXPECT_EQ_MSG(test, fake_host_total_reads(host),
				    count->total, "%s", count->name);
		of = fake_host_reads(host, count->of, FAKE_ALL_REGS);
		KUNIT_EXPECT_EQ_MSG(test, of, count->its, "%s, %s", count->name,
				    count->of);
		if (of == 1)
			KUNIT_EXPECT_EQ(test,
					fake_host_reads(host, count->of,
							at + PCI_ACS_CAP),
					1u);
		KUNIT_EXPECT_EQ(test, fake_host_total_writes(host), 0u);
	}
}

/* One dword of each that decides; nothing of an endpoint that is alone. */
static void reads_one_each(struct kunit *test)
{
	/* clang-format off */
	static const struct count counts[] = {
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
	struct fake_host *host = GUARD_UP(test, good);

	expect_counts(test, host, counts, ARRAY_SIZE(counts));
}

static void reads_on_root_bus(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "ie", "", 1, 0, FAKE_RCIEP },
		{ "rp", "", 2, 0, FAKE_RP, ON },
		{ "ep", "rp", 0, 0, FAKE_EP },
	};
	static const struct count counts[] = {
		{ "ie", 0, "ie", 0 },
		{ "ep", 1, "ep", 0 },
		{ "ep", 1, "rp", 1 },
	};

	expect_counts(test, GUARD_UP(test, decl), counts, ARRAY_SIZE(counts));
}

static void reads_more_often(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 2, 0, FAKE_RP, .vendor = 0x8086, .device = 0xa110,
		  .acs = FAKE_ACS_PCH(0x0f, 0x0d) },
		{ "f0", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0, 0) },
		{ "f1", "rp", 0, 1, FAKE_EP, APART },
		{ "f2", "rp", 0, 2, FAKE_EP },
	};
	static const struct count counts[] = {
		/* its dword layout */
		{ "f0", 6, "rp", 2 },
		/* An empty capability: its header, and once more the dword. */
		{ "f0", 6, "f0", 3 },
		{ "f0", 6, "f1", 1 },
		/* There is nothing to read of a function without ACS. */
		{ "f0", 6, "f2", 0 },
	};

	expect_counts(test, GUARD_UP(test, decl), counts, ARRAY_SIZE(counts));
}

static void reads_virtual(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 2, 0, FAKE_RP, ON },
		{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 2, .vfs.on = 2,
		  .vfs.acs = FAKE_ACS(0x0c, 0x0c) },
	};
	static const struct count counts[] = {
		{ "pf", 4, "pf", 1 },
		{ "pf.vf0", 4, "pf.vf0", 1 },
		{ "pf.vf0", 4, "pf.vf1", 1 },
		{ "pf.vf0", 4, "pf", 1 },
	};

	expect_counts(test, GUARD_UP(test, decl), counts, ARRAY_SIZE(counts));
}

/* ---- No allocation ---- */

/* Who is watched, and what was seen of it. */
struct watch {
	const struct task_struct *task;
	unsigned int allocations;
	unsigned long last;
};

static void saw(struct watch *watch, unsigned long call_site)
{
	if (current != watch->task || in_interrupt())
		return;
	watch->allocations++;
	watch->last = call_site;
}

static void saw_kmalloc(void *data, unsigned long call_site, const void *ptr,
			size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags,
			int node)
{
	saw(data, call_site);
}

static void saw_cache_alloc(void *data, unsigned long call_site,
			    const void *ptr, struct kmem_cache *s,
			    gfp_t gfp_flags, int node)
{
	saw(data, call_site);
}

static void no_allocation(struct kunit *test)
{
	static struct watch watch;
	struct fake_host *host = GUARD_UP(test, good);
	struct pci_dev *pdev = guard_get(test, host, "f0");
	unsigned int examining, control;
	void *probe;
	int err;

	watch = (struct watch){};
	err = register_trace_kmalloc(saw_kmalloc, &watch);
	KUNIT_ASSERT_EQ(test, err, 0);
	err = register_trace_kmem_cache_alloc(saw_cache_alloc, &watch);
	KUNIT_EXPECT_EQ(test, err, 0);
	watch.task = current;

	guard_isolated(pdev);
	fake_host_set_acs(host, "dp1", 0);
	guard_isolated(pdev);
	examining = watch.allocations;
	if (examining)
		kunit_err(test, "by %pS\n", (void *)watch.last);
	probe = kmalloc(1, GFP_KERNEL);
	control = watch.allocations - examining;

	unregister_trace_kmem_cache_alloc(saw_cache_alloc, &watch);
	unregister_trace_kmalloc(saw_kmalloc, &watch);
	tracepoint_synchronize_unregister();
	kfree(probe);
	KUNIT_EXPECT_EQ(test, examining, 0u);
	/* A debug kernel allocates what it needs to know about it, too. */
	KUNIT_EXPECT_GE(test, control, 1u);
}

/* ---- Coming and going ---- */

/* clang-format off */
static const struct fake_dev bad[] = {
	{ "rp", "",   1, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
	{ "ep", "rp", 0, 0, FAKE_EP },
};

/* clang-format on */

static void expect_permissive(struct kunit *test, struct fake_host *host,
			      const char *text)
{
	char buf[8];

	fake_host_read(host, "ep", "acs_guard/permissive", buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, text);
}

static int set_permissive(struct fake_host *host, const char *text)
{
	return fake_host_write(host, "ep", "acs_guard/permissive", text);
}

/* permissive counts from the next bind on, and until it is taken back. */
static void permissive(struct kunit *test)
{
	static const char *const nonsense[] = { "2",	"10",  "yes",
						"true", "1 0", "-1" };
	struct fake_host *host = GUARD_UP(test, bad);
	unsigned int i;

	expect_permissive(test, host, "0\n");
	guard_expect_bind(test, host, "ep", false, "permissive 0");
	for (i = 0; i < ARRAY_SIZE(nonsense); i++)
		KUNIT_EXPECT_EQ_MSG(test, set_permissive(host, nonsense[i]),
				    -EINVAL, "'%s'", nonsense[i]);
	expect_permissive(test, host, "0\n");

	KUNIT_EXPECT_EQ(test, set_permissive(host, "1\n"), 0);
	expect_permissive(test, host, "1\n");
	guard_expect_bind(test, host, "ep", true, "permissive 1");
	expect(test, host, "ep", "no-acs", "rp", "SV,RR,CR,UF", "permissive 1");

	guard_override(test, host, "ep", "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"), 0);
	KUNIT_EXPECT_EQ(test, set_permissive(host, "0"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "pci-stub");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	guard_expect_bind(test, host, "ep", false, "permissive 0 again");
}

/* A replugged device is another device, whatever was said of the last one. */
static void replug(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad);
	unsigned int i;

	for (i = 0; i < 10; i++) {
		expect_permissive(test, host, "0\n");
		guard_expect_bind(test, host, "ep", false, "plugged");
		if (i & 1) {
			KUNIT_EXPECT_EQ(test, set_permissive(host, "1"), 0);
			guard_override(test, host, "ep", "pci-stub");
			KUNIT_EXPECT_EQ(test,
					fake_host_bind(host, "ep", "pci-stub"),
					0);
		}
		KUNIT_ASSERT_EQ(test,
				i & 2 ? fake_host_pull(host, "ep") :
					fake_host_unplug(host, "ep"),
				0);
		KUNIT_ASSERT_EQ(test, fake_host_plug(host, "ep"), 0);
	}
}

/* The guard goes and comes: while it is away nothing is refused. */
static void hundred_times(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad);
	char buf[8];
	unsigned int i;

	guard_override(test, host, "ep", "pci-stub");
	for (i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"),
				-EPERM);
		acs_guard_hook_exit();
		KUNIT_EXPECT_NULL(test,
				  guard_get(test, host, "ep")->dev.pm_domain);
		KUNIT_EXPECT_EQ(test,
				fake_host_read(host, "ep", "acs_guard/isolated",
					       buf, sizeof(buf)),
				-ENOENT);
		KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"),
				0);
		if (i & 1)
			KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
		KUNIT_ASSERT_EQ(test, acs_guard_hook_init(), 0);
		expect_permissive(test, host, "0\n");
		/* What was bound before the guard came stays so. */
		if (!(i & 1))
			KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	}
}

/* mode=audit refuses nothing, at the moment of the bind. */
static void audit_mode(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad);

	acs_guard_set_mode(ACS_GUARD_AUDIT);
	guard_expect_bind(test, host, "ep", true, "audit");
	acs_guard_set_mode(ACS_GUARD_ENFORCE);
	guard_expect_bind(test, host, "ep", false, "enforce");
}

static unsigned int activations;

static int activate(struct device *dev)
{
	activations++;
	return 0;
}

static void set_domain(struct pci_dev *pdev, struct dev_pm_domain *domain)
{
	device_lock(&pdev->dev);
	dev_pm_domain_set(&pdev->dev, domain);
	device_unlock(&pdev->dev);
}

/* Somebody's own PM domain is lent for the refusal, and not asked meanwhile. */
static void foreign_domain(struct kunit *test)
{
	static struct dev_pm_domain foreign = { .activate = activate };
	struct fake_host *host = GUARD_UP(test, bad);
	struct pci_dev *pdev = guard_get(test, host, "ep");

	foreign.ops = *pci_bus_type.pm;
	set_domain(pdev, &foreign);
	guard_override(test, host, "ep", "pci-stub");
	activations = 0;
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"), -EPERM);
	KUNIT_EXPECT_PTR_EQ(test, pdev->dev.pm_domain, &foreign);
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), -EINVAL);
	KUNIT_EXPECT_PTR_EQ(test, pdev->dev.pm_domain, &foreign);
	KUNIT_EXPECT_EQ(test, activations, 0u);

	KUNIT_EXPECT_EQ(test, set_permissive(host, "1"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "pci-stub"), 0);
	KUNIT_EXPECT_EQ(test, activations, 1u);
	KUNIT_EXPECT_PTR_EQ(test, pdev->dev.pm_domain, &foreign);
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	set_domain(pdev, NULL);
}

/* Runtime PM is as it was: neither left disabled nor enabled twice. */
static void runtime_pm_restored(struct kunit *test)
{
	struct fake_host *host = GUARD_UP(test, bad);
	struct device *dev = &guard_get(test, host, "ep")->dev;
	const unsigned int depth = dev->power.disable_depth;

	guard_expect_bind(test, host, "ep", false, "runtime PM");
	KUNIT_EXPECT_EQ(test, (unsigned int)dev->power.disable_depth, depth);
}

/* ---- Matched by ID ---- */

#define MATCHED 0x1d1d

static int take_it(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return 0;
}

static const struct pci_device_id matched[] = {
	{ PCI_DEVICE(FAKE_VENDOR, MATCHED) },
	{},
};

static struct pci_driver guarded_driver = {
	.name = "test-vfio-pci",
	.id_table = matched,
	.probe = take_it,
};

static struct pci_driver managed_driver = {
	.name = "test_managed",
	.id_table = matched,
	.probe = take_it,
	.driver_managed_dma = true,
};

static struct pci_driver next_driver = {
	.name = "test_next",
	.id_table = matched,
	.probe = take_it,
};

/* Without an owner: KUnit runs before this module is known to sysfs. */
static int add_driver(struct pci_driver *driver)
{
	return __pci_register_driver(driver, NULL, NULL);
}

/*
 * Without an override, a refusal is this driver's failure: the next has its
 * turn, at a search and at hot-plug.  With one it is the end of the search.
 */
static void next_driver_has_its_turn(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rp", "", 1, 0, FAKE_RP },
		{ "ep", "rp", 0, 0, FAKE_EP, .device = MATCHED },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	KUNIT_ASSERT_EQ(test, add_driver(&guarded_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");
	KUNIT_EXPECT_EQ(test, add_driver(&managed_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");
	KUNIT_EXPECT_EQ(test, add_driver(&next_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "test_next");

	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "test-vfio-pci"),
			-EPERM);
	KUNIT_EXPECT_EQ(test, fake_host_bind(host, "ep", "test_managed"),
			-EPERM);
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "test_next");
	KUNIT_EXPECT_EQ(test, fake_host_unplug(host, "ep"), 0);
	KUNIT_EXPECT_EQ(test, fake_host_plug(host, "ep"), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "test_next");

	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "ep"), 0);
	guard_override(test, host, "ep", "test_managed");
	KUNIT_EXPECT_EQ(test, fake_host_probe(host, "ep"), -EINVAL);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "ep"), "-");

	pci_unregister_driver(&next_driver);
	pci_unregister_driver(&managed_driver);
	pci_unregister_driver(&guarded_driver);
}

/*
 * pcieport takes Root Complex Event Collectors as it takes ports, and manages
 * DMA itself.  Who names it in drivers= has said what is meant.
 */
static void event_collector(struct kunit *test)
{
	static const struct fake_dev decl[] = {
		{ "rcec", "", 5, 0, FAKE_RCEC, .device = MATCHED },
	};
	struct fake_host *host = GUARD_UP(test, decl);

	expect(test, host, "rcec", "unknown-type", "rcec", NULL, "collector");
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "rcec"), "pcieport");
	KUNIT_EXPECT_EQ(test, fake_host_unbind(host, "rcec"), 0);
	KUNIT_ASSERT_EQ(test, add_driver(&guarded_driver), 0);
	KUNIT_EXPECT_STREQ(test, guard_driver(host, "rcec"), "-");
	pci_unregister_driver(&guarded_driver);
}

/* Each topology once more, with its reads failing. */
/* clang-format off */
#define TOPOLOGY(_title, ...) { .run_case = faults_case, .name = _title },
#define GROUPED(...)

static struct kunit_case registers_cases[] = {
	KUNIT_CASE(dword_layout),
	KUNIT_CASE(dword_layout_elsewhere),
	KUNIT_CASE(acs_offsets),
	KUNIT_CASE(bad_lists),
	KUNIT_CASE(strict_lists),
	KUNIT_CASE(strict_zero_header),
	KUNIT_CASE(strict_dvsec),
	KUNIT_CASE(deep_nesting),
	KUNIT_CASE(paths),
	KUNIT_CASE(internal_vfs),
	KUNIT_CASE(other_aliases),
	KUNIT_CASE(virtual_alias),
	KUNIT_CASE(ghost_aliases),
	KUNIT_CASE(company_comes),
	KUNIT_CASE(company_stays),
	KUNIT_CASE(deep_peers),
	KUNIT_CASE(admits_twice),
	KUNIT_CASE(short_endpoints),
	KUNIT_CASE(every_bit),
	KUNIT_CASE(disconnected),
	KUNIT_CASE(d3cold),
	KUNIT_CASE(pulled),
	KUNIT_CASE(pulled_but_held),
	KUNIT_CASE(reads_one_each),
	KUNIT_CASE(reads_on_root_bus),
	KUNIT_CASE(reads_more_often),
	KUNIT_CASE(reads_virtual),
	KUNIT_CASE(no_allocation),
	KUNIT_CASE(permissive),
	KUNIT_CASE(replug),
	KUNIT_CASE(hundred_times),
	KUNIT_CASE(audit_mode),
	KUNIT_CASE(foreign_domain),
	KUNIT_CASE(runtime_pm_restored),
	KUNIT_CASE(next_driver_has_its_turn),
	KUNIT_CASE(event_collector),
#include "topology_list.h"
	{},
};

/* clang-format on */

struct kunit_suite registers_suite = {
	.name = "acs_guard_registers",
	.init = guard_init,
	.exit = guard_exit,
	.test_cases = registers_cases,
};
