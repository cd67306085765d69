// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ACS registers of a function: where they are, and what they contain
 */
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "guard.h"
#include "registers_test.h"
#include "suites.h"

/* @reason, @blocker and @missing as in the attribute "reason". */
void expect_verdict(struct kunit *test, struct fake_host *host,
		    const char *name, const char *reason, const char *blocker,
		    const char *missing, const char *when)
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
	KUNIT_EXPECT_EQ_MSG(test, verdict.missing, guard_flags(missing),
			    "%s, %s", name, when);
}

/* ---- Offsets and layouts ---- */

/* Intel's 100, 200 and 300 series, first and last device of each range. */
static const u16 pch_ranges[][2] = {
	{ 0xa110, 0xa11f }, { 0xa167, 0xa16a }, { 0xa290, 0xa29f },
	{ 0xa2e7, 0xa2ee }, { 0x9d10, 0x9d1b },
};

/* A Root Port with this ID and layout: is the endpoint below it isolated? */
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
	expect_verdict(test, host, "ep", isolated ? "isolated" : "acs-disabled",
		       "rp", "SV,RR,CR", when);
	guard_down(test);
}

/*
 * In the wrong layout the control register reads as 0: the dword at +4 has no
 * control bits in the one, and at +8 is the egress vector in the other.
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

/* The device ID has a meaning at Root Ports only. */
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

	expect_verdict(test, host, "ep", "isolated", NULL, NULL,
		       "downstream port");
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
		expect_verdict(test, host, "ep", "isolated", NULL, NULL, "on");
		fake_host_set_acs(host, "rp", 0x1c);
		expect_verdict(test, host, "ep", "acs-disabled", "rp", "SV",
			       "SV off");
		fake_host_set_acs(host, "rp", 0xffff);
		expect_verdict(test, host, "ep", "unreadable", "rp", NULL,
			       "all ones");
		guard_down(test);
	}
}

/* A malformed list may hide ACS, but a function without ACS gets none. */
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
		expect_verdict(test, host, "ep", lists[i].reason, "rp",
			       lists[i].missing, when);
		guard_down(test);
	}
}

/* S1: an endpoint with a malformed list, or that is absent, may have ATS. */
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
	expect_verdict(test, host, "ep", "isolated", NULL, NULL, "control");
	expect_verdict(test, host, "loop", "translation", "loop", NULL, "loop");

	guard_get(test, host, "ep")->error_state = pci_channel_io_perm_failure;
	expect_verdict(test, host, "ep", "unreadable", "ep", NULL, "gone");
	guard_get(test, host, "ep")->error_state = pci_channel_io_normal;

	guard_start_with(ACS_GUARD_FUNCTION, false);
	guard_down(test);
}

/* S1: after a header of zeroes the list may go on. */
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
	expect_verdict(test, host, "ep", "isolated", NULL, NULL, "control");
	fake_host_fault_at(host, "ep", last, FAKE_ZERO);
	expect_verdict(test, host, "ep", "translation", "ep", NULL,
		       "cut short");
	guard_start_with(ACS_GUARD_FUNCTION, false);
	guard_down(test);
}

/* S3 applies to the DVSEC of CXL, not to another one. */
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
	expect_verdict(test, host, "ep", "translation", "ep", NULL, "control");
	fake_host_poke(host, "ep", dvsec + 4, 2, 0x1234);
	expect_verdict(test, host, "ep", "isolated", NULL, NULL,
		       "another vendor's");
	fake_host_poke(host, "ep", dvsec + 4, 2, vendor);
	fake_host_poke(host, "ep", dvsec + 8, 2, 3);
	expect_verdict(test, host, "ep", "isolated", NULL, NULL,
		       "another DVSEC");
	guard_start_with(ACS_GUARD_FUNCTION, false);
	guard_down(test);
}

/* ---- Contents ---- */

/**
 * struct acs_words - contents of the ACS registers
 * @cap: ACS Capability register
 * @ctrl: ACS Control register
 * @missing: the missing flags as in the log, or NULL
 */
struct acs_words {
	u16 cap;
	u16 ctrl;
	const char *missing;
};

/* clang-format off */
/* Without each capability bit in turn, then each control bit (6.12.1.1). */
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
	/* EC or DT is implemented, so RR and CR are required. */
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

/* "acs-incomplete" if a missing flag is not implemented. */
static const char *port_reason(const struct acs_words *words)
{
	return guard_flags(words->missing) & ~words->cap ? "acs-incomplete" :
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
		expect_verdict(test, host, "ep",
			       words[i].missing ?
				       reason ?: port_reason(&words[i]) :
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
		{ "ep1", "dp", 0, 1, FAKE_EP, .acs = FAKE_ACS(0, 0) },
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
	expect_words(test, host, "ep1", endpoint, ARRAY_SIZE(endpoint),
		     "multifunction");
}

/* Each topology of the table, while reads fail. */
/* clang-format off */
#define TOPOLOGY(_title, ...) { .run_case = some_reads_fail, .name = _title },
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
	KUNIT_CASE(pattern_longer_than_path),
	KUNIT_CASE(internal_vfs),
	KUNIT_CASE(other_aliases),
	KUNIT_CASE(virtual_alias),
	KUNIT_CASE(ghost_aliases),
	KUNIT_CASE(sibling_function_appears),
	KUNIT_CASE(sibling_function_stays),
	KUNIT_CASE(deep_peers),
	KUNIT_CASE(declares_p2p_twice),
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
	KUNIT_CASE(permissive_exceptions),
	KUNIT_CASE(replug),
	KUNIT_CASE(guard_reloaded),
	KUNIT_CASE(removal_under_way),
	KUNIT_CASE(addition_fails),
	KUNIT_CASE(hidden_reads_fail),
	KUNIT_CASE(hidden_lists_loop),
	KUNIT_CASE(audit_mode),
	KUNIT_CASE(foreign_domain),
	KUNIT_CASE(runtime_pm_restored),
	KUNIT_CASE(next_driver_binds),
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
