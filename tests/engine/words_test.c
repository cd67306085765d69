// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: names and sentences, as the log and sysfs have them
 */
#include "engine.h"
#include "suites.h"

#define BLOCKER ACS_GUARD_BDF(0x12345, 0x67, 0x0f)

static const struct acs_guard_verdict isolated = {
	.reason = ACS_GUARD_ISOLATED,
	.blocker = BLOCKER,
	.missing = PCI_ACS_SV,
	.hidden = true,
};

static const struct acs_guard_verdict alias = {
	.reason = ACS_GUARD_ALIAS,
	.blocker = BLOCKER,
};

static const struct acs_guard_verdict disabled = {
	.reason = ACS_GUARD_ACS_DISABLED,
	.blocker = BLOCKER,
	.missing = PCI_ACS_RR | PCI_ACS_CR,
	.hidden = true,
};

static void flags_have_names(struct kunit *test)
{
	static const struct {
		u16 flags;
		const char *text;
	} cases[] = {
		{ 0, "-" },
		{ PCI_ACS_SV, "SV" },
		{ PCI_ACS_TB, "TB" },
		{ PCI_ACS_RR | PCI_ACS_CR, "RR,CR" },
		{ PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF,
		  "SV,RR,CR,UF" },
		{ PCI_ACS_DT, "DT" },
		{ 0x7f, "SV,TB,RR,CR,UF,EC,DT" },
		{ 0xff80, "-" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_TRUE(test,
				  !strcmp(acs_guard_flags(cases[i].flags).text,
					  cases[i].text));
}

/* clang-format off */
static const char alias_line[] =
	"alias 12345:67:01.7: has the same requester ID, so the IOMMU cannot tell the two apart";
static const char disabled_line[] =
	"acs-disabled 12345:67:01.7: this port has ACS, but not all of it is switched on";
static const char lacks[] = " (lacks RR,CR)";
static const char rescan[] =
	"; the kernel does not list it, and a rescan brings it back: echo 1 > /sys/bus/pci/rescan";

/* clang-format on */

static void explanation_is_one_line(struct kunit *test)
{
	char line[256], wanted[256];
	int len;

	len = acs_guard_explain(&isolated, line, sizeof(line));
	KUNIT_EXPECT_TRUE(test, !strcmp(line, "isolated"));
	KUNIT_EXPECT_EQ(test, len, (int)strlen(line));

	len = acs_guard_explain(&alias, line, sizeof(line));
	KUNIT_EXPECT_TRUE(test, !strcmp(line, alias_line));
	KUNIT_EXPECT_EQ(test, len, (int)strlen(line));

	snprintf(wanted, sizeof(wanted), "%s%s%s", disabled_line, lacks,
		 rescan);
	len = acs_guard_explain(&disabled, line, sizeof(line));
	KUNIT_EXPECT_TRUE(test, !strcmp(line, wanted));
	KUNIT_EXPECT_EQ(test, len, (int)strlen(line));
}

/* What does not fit is cut off, and the end is always there. */
static void explanation_fits_its_buffer(struct kunit *test)
{
	char line[256], whole[256];
	const size_t length =
		(size_t)acs_guard_explain(&disabled, whole, sizeof(whole));
	size_t size, len;

	for (size = 1; size <= length + 1; size++) {
		memset(line, '!', sizeof(line));
		len = (size_t)acs_guard_explain(&disabled, line, size);
		KUNIT_EXPECT_EQ(test, len, size - 1);
		KUNIT_EXPECT_EQ(test, line[len], '\0');
		KUNIT_EXPECT_EQ(test, line[size], '!');
		KUNIT_EXPECT_TRUE(test, !strncmp(line, whole, len));
	}
	memset(line, '!', sizeof(line));
	KUNIT_EXPECT_EQ(test, acs_guard_explain(&disabled, line, 0), 0);
	KUNIT_EXPECT_EQ(test, *line, '!');
}

/* The longest explanation is not longer than callers have room for. */
static void each_reason_has_words(struct kunit *test)
{
	struct acs_guard_verdict verdict = {
		.blocker = ACS_GUARD_BDF(U32_MAX, 0xff, 0xff),
		.missing = PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF,
		.hidden = true,
	};
	unsigned int reason;
	char line[256];
	int len;

	for (reason = 0; reason < ACS_GUARD_ISOLATED; reason++) {
		verdict.reason = reason;
		len = acs_guard_explain(&verdict, line, sizeof(line));
		KUNIT_EXPECT_TRUE(test, len < (int)sizeof(line) - 1);
		KUNIT_EXPECT_TRUE(test, *acs_guard_reason_name(reason));
		KUNIT_EXPECT_TRUE(test, *acs_guard_reason_text(reason));
		KUNIT_EXPECT_TRUE(test,
				  strstr(line, acs_guard_reason_text(reason)));
	}
	KUNIT_EXPECT_FALSE(test, *acs_guard_reason_text(ACS_GUARD_ISOLATED));
}

static void settings_have_names(struct kunit *test)
{
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, !strcmp(acs_guard_mode_names[ACS_GUARD_AUDIT],
					"audit"));
	KUNIT_EXPECT_TRUE(test, !strcmp(acs_guard_unit_names[ACS_GUARD_GROUP],
					"group"));
	KUNIT_EXPECT_TRUE(test,
			  !strcmp(acs_guard_action_name(ACS_GUARD_WOULD_DENY),
				  "would-deny"));
	for (i = 0; i < ACS_GUARD_NUM_ACTIONS; i++)
		KUNIT_EXPECT_TRUE(test, *acs_guard_action_name(i));
}

static struct kunit_case words_cases[] = {
	KUNIT_CASE(flags_have_names),
	KUNIT_CASE(explanation_is_one_line),
	KUNIT_CASE(explanation_fits_its_buffer),
	KUNIT_CASE(each_reason_has_words),
	KUNIT_CASE(settings_have_names),
	{ 0 },
};

struct kunit_suite words_suite = {
	.name = "words",
	.test_cases = words_cases,
};
