// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of match.c: the words of module parameters
 *
 * Other suites use the same settings, so each test ends with the default
 * drivers, and with a permissive device that does not exist.
 */
#include <linux/ctype.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "engine.h"
#include "match.h"
#include "match_test.h"
#include "suites.h"

static void match_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, acs_guard_parse_drivers(DEFAULT_DRIVERS), 0);
	KUNIT_EXPECT_EQ(test, acs_guard_parse_permissive(NOWHERE), 0);
}

/* Parameters of one word. */

struct word {
	const char *text;
	int mode;
	int unit;
	int strict;
};

#define BAD (-EINVAL)

static const struct word word_cases[] = {
	{ "enforce", ACS_GUARD_ENFORCE, BAD, BAD },
	{ "enforce\n", ACS_GUARD_ENFORCE, BAD, BAD },
	{ "audit", ACS_GUARD_AUDIT, BAD, BAD },
	{ "audit\n", ACS_GUARD_AUDIT, BAD, BAD },
	{ "function", BAD, ACS_GUARD_FUNCTION, BAD },
	{ "function\n", BAD, ACS_GUARD_FUNCTION, BAD },
	{ "group", BAD, ACS_GUARD_GROUP, BAD },
	{ "group\n", BAD, ACS_GUARD_GROUP, BAD },
	{ "0", BAD, BAD, 0 },
	{ "1", BAD, BAD, 1 },
	{ "1\n", BAD, BAD, 1 },
	/* The text ends at NUL. */
	{ "audit\0enforce", ACS_GUARD_AUDIT, BAD, BAD },
	{ "", BAD, BAD, BAD },
	{ "\n", BAD, BAD, BAD },
	{ " ", BAD, BAD, BAD },
	{ "enforce ", BAD, BAD, BAD },
	{ " enforce", BAD, BAD, BAD },
	{ "enforce\n\n", BAD, BAD, BAD },
	{ "\nenforce", BAD, BAD, BAD },
	{ "enforce\naudit", BAD, BAD, BAD },
	{ "enforce,audit", BAD, BAD, BAD },
	{ "Enforce", BAD, BAD, BAD },
	{ "ENFORCE", BAD, BAD, BAD },
	{ "enforc", BAD, BAD, BAD },
	{ "enforced", BAD, BAD, BAD },
	{ "off", BAD, BAD, BAD },
	{ "functions", BAD, BAD, BAD },
	{ "Group", BAD, BAD, BAD },
	{ "group ", BAD, BAD, BAD },
	{ "2", BAD, BAD, BAD },
	{ "00", BAD, BAD, BAD },
	{ "01", BAD, BAD, BAD },
	{ "-1", BAD, BAD, BAD },
	{ "+1", BAD, BAD, BAD },
	{ "0x1", BAD, BAD, BAD },
	{ "1 ", BAD, BAD, BAD },
	{ "1\n\n", BAD, BAD, BAD },
	{ "y", BAD, BAD, BAD },
	{ "on", BAD, BAD, BAD },
	{ "true", BAD, BAD, BAD },
	{ "\x80\xff%s%n", BAD, BAD, BAD },
	/* Too long for a line of the log. */
	{ "0123456789012345678901234567890123456789012345678901234567890123456789",
	  BAD, BAD, BAD },
};

static void one_word(struct kunit *test)
{
	const struct word *word;

	for (word = word_cases; word < word_cases + ARRAY_SIZE(word_cases);
	     word++) {
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_mode(word->text),
				    word->mode, "mode=%s", word->text);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_unit(word->text),
				    word->unit, "unit=%s", word->text);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_strict(word->text),
				    word->strict, "strict=%s", word->text);
		/* lock= accepts 0 and 1, recheck= accepts 1. */
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_lock(word->text),
				    word->strict, "lock=%s", word->text);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_recheck(word->text),
				    word->strict == 1 ? 0 : -EINVAL,
				    "recheck=%s", word->text);
	}
}

static const struct {
	const char *text;
	int seconds;
} periods[] = {
	{ "0", 0 },
	{ "1", 1 },
	{ "3600\n", 3600 },
	{ "007", 7 },
	{ "86400", 86400 },
	{ "86401", -EINVAL },
	{ "4294967295", -EINVAL },
	{ "4294967296", -EINVAL },
	{ "18446744073709551617", -EINVAL },
	{ "-1", -EINVAL },
	{ "+1", -EINVAL },
	{ " 1", -EINVAL },
	{ "1 ", -EINVAL },
	{ "1\n\n", -EINVAL },
	{ "1s", -EINVAL },
	{ "0x1", -EINVAL },
	{ "", -EINVAL },
	{ "\n", -EINVAL },
};

static void period(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(periods); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    acs_guard_parse_period(periods[i].text),
				    periods[i].seconds, "recheck_period='%s'",
				    periods[i].text);
}

/* drivers= */

static const struct {
	const char *text;
	bool good;
} driver_lists[] = {
	{ DEFAULT_DRIVERS, true },
	{ "a", true },
	{ "a,b", true },
	{ "a;b", true }, /* one glob: only a comma separates drivers */
	{ "*", true },
	{ "[", true },
	{ "\\", true },
	{ "vfio-pci\0,,", true },
	{ CHARS_62 "3", true },
	{ "a," CHARS_62 "3,b", true },
	{ CHARS_62 "34", false },
	{ "a," CHARS_62 "34,b", false },
	{ "", false },
	{ ",", false },
	{ "a,", false },
	{ ",a", false },
	{ "a,,b", false },
	{ " ", false },
	{ "a b", false },
	{ "a, b", false },
	{ " a", false },
	{ "a\n", false },
	{ "a\tb", false },
	{ "a\x01", false },
	{ "a\x7f", false },
	{ "\x80", false },
	{ "vfio\xa0pci", false },
	{ "\xff", false },
};

static void expect_drivers(struct kunit *test, const char *text, bool good)
{
	const int err = acs_guard_parse_drivers(text);

	KUNIT_EXPECT_EQ_MSG(test, err, good ? 0 : -EINVAL, "drivers=%s", text);
}

void expect_devices(struct kunit *test, const char *text, bool good)
{
	const int err = acs_guard_parse_permissive(text);

	KUNIT_EXPECT_EQ_MSG(test, err, good ? 0 : -EINVAL, "permissive=%s",
			    text);
}

static void driver_words(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(driver_lists); i++)
		expect_drivers(test, driver_lists[i].text,
			       driver_lists[i].good);
}

static const struct {
	const char *drivers;
	const char *name;
	bool guarded;
} name_cases[] = {
	{ DEFAULT_DRIVERS, "vfio-pci", true },
	{ DEFAULT_DRIVERS, "pci-stub", true },
	{ DEFAULT_DRIVERS, "mlx5_vfio_pci", true },
	{ DEFAULT_DRIVERS, "hisi-acc-vfio-pci", true },
	{ DEFAULT_DRIVERS, "nvgrace-gpu-vfio-pci", true },
	{ DEFAULT_DRIVERS, "a-vfio_pci", true },
	{ DEFAULT_DRIVERS, "-vfio-pci", true },
	{ DEFAULT_DRIVERS, "vfio_pci", false },
	{ DEFAULT_DRIVERS, "xvfio-pci", false },
	{ DEFAULT_DRIVERS, "vfio-pci2", false },
	{ DEFAULT_DRIVERS, "vfio-pc", false },
	{ DEFAULT_DRIVERS, "mlx5_vfio_pci_x", false },
	{ DEFAULT_DRIVERS, "pci-stub ", false },
	{ DEFAULT_DRIVERS, "pci-pf-stub", false },
	{ DEFAULT_DRIVERS, "VFIO-PCI", false },
	{ DEFAULT_DRIVERS, "nvme", false },
	{ DEFAULT_DRIVERS, "", false },
	/* Only the last list is in effect. */
	{ "a,b,c", "c", true },
	{ "a,b,c", "vfio-pci", false },
	{ "a", "a", true },
	{ "a", "b", false },
	{ "a", "c", false },
	{ "*", "nvme", true },
	{ "?", "a", true },
	{ "?", "ab", false },
	{ "?", "", false },
	{ "v*o", "vfio", true },
	{ "v*o", "vfiox", false },
	{ "[!a]b", "cb", true },
	{ "[!a]b", "ab", false },
	{ "[a-c]x", "bx", true },
	{ "[a-c]x", "dx", false },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "vf*", "vfio", true },
	{ "vfi?", "vfio", true },
	{ "vfi[n-p]", "vfio", true },
	{ "vfio\\", "vfio", true },
	{ "vfi[o", "vfi[o", true },
	{ "*o", "vfix", false },
	{ "x," CHARS_62 "3", CHARS_62 "3", true },
	{ "x," CHARS_62 "3", CHARS_62, false },
};

static void guarded_names(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(name_cases); i++) {
		expect_drivers(test, name_cases[i].drivers, true);
		KUNIT_EXPECT_EQ_MSG(test,
				    acs_guard_guards_name(name_cases[i].name),
				    name_cases[i].guarded, "drivers=%s name %s",
				    name_cases[i].drivers, name_cases[i].name);
	}
}

/* Return: @num times @word, separated by @separator. */
static const char *repeat_word(struct kunit *test, const char *word,
			       const char *separator, unsigned int num)
{
	char *text = kunit_kzalloc(test, MAX_TEXT, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	while (num--) {
		strlcat(text, word, MAX_TEXT);
		if (num)
			strlcat(text, separator, MAX_TEXT);
	}
	return text;
}

static void too_many(struct kunit *test)
{
	const unsigned int drivers = ACS_GUARD_MAX_DRIVERS;
	const unsigned int devices = ACS_GUARD_MAX_DEVICES;

	expect_drivers(test, repeat_word(test, "a", ",", drivers), true);
	expect_drivers(test, repeat_word(test, "a", ",", drivers + 1), false);
	expect_devices(test, repeat_word(test, NOWHERE, ";", devices), true);
	expect_devices(test, repeat_word(test, NOWHERE, ",", devices + 1),
		       false);
}

static struct kunit_case match_cases[] = {
	KUNIT_CASE(one_word),
	KUNIT_CASE(period),
	KUNIT_CASE(driver_words),
	KUNIT_CASE(guarded_names),
	KUNIT_CASE(too_many),
	KUNIT_CASE(device_words),
	KUNIT_CASE(named_devices),
	KUNIT_CASE(nonsense),
	{},
};

struct kunit_suite match_suite = {
	.name = "acs_guard_match",
	.exit = match_exit,
	.test_cases = match_cases,
};
