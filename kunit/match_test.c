// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of match.c: the words of the module's parameters
 *
 * Its tables are the module's, and other suites live with what is left in
 * them: each test ends with the drivers that are guarded by default, and with a
 * permissive device that exists nowhere.
 */
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/prandom.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "acs_guard.h"
#include "compat.h"
#include "suites.h"

#define DEFAULT_DRIVERS "vfio-pci,pci-stub,*[-_]vfio[-_]pci"
#define NOWHERE "dead0000:00:00.0"
#define NOWHERE_DOMAIN 0xdead0000

#define MAX_TEXT 4096
#define SEED 11

static unsigned int rounds = 100000;
module_param_named(match_rounds, rounds, uint, 0444);
MODULE_PARM_DESC(match_rounds, "texts that are nonsense");

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

static const struct word words[] = {
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
	/* What comes after the end is not part of it. */
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
	/* More than a line of the log repeats. */
	{ "0123456789012345678901234567890123456789012345678901234567890123456789",
	  BAD, BAD, BAD },
};

static void one_word(struct kunit *test)
{
	const struct word *word;

	for (word = words; word < words + ARRAY_SIZE(words); word++) {
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_mode(word->text),
				    word->mode, "mode=%s", word->text);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_unit(word->text),
				    word->unit, "unit=%s", word->text);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_parse_strict(word->text),
				    word->strict, "strict=%s", word->text);
		/* Two more that are 0 or 1, and one that is 1. */
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

#define CHARS_62 \
	"12345678901234567890123456789012345678901234567890123456789012"

static const struct {
	const char *text;
	bool good;
} driver_lists[] = {
	{ DEFAULT_DRIVERS, true },
	{ "a", true },
	{ "a,b", true },
	{ "a;b", true }, /* one glob; only a comma stands between drivers */
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

static void expect_devices(struct kunit *test, const char *text, bool good)
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
} names[] = {
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
	/* Only what was given last counts, all of it and nothing more. */
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

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		expect_drivers(test, names[i].drivers, true);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_guards_name(names[i].name),
				    names[i].guarded, "drivers=%s name %s",
				    names[i].drivers, names[i].name);
	}
}

/* @num times @word, with @separator between. */
static const char *repeat(struct kunit *test, const char *word,
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

	expect_drivers(test, repeat(test, "a", ",", drivers), true);
	expect_drivers(test, repeat(test, "a", ",", drivers + 1), false);
	expect_devices(test, repeat(test, NOWHERE, ";", devices), true);
	expect_devices(test, repeat(test, NOWHERE, ",", devices + 1), false);
}

/* permissive= */

static const char *const good_devices[] = {
	"",
	"00:00.0",
	"3:0.0",
	"ff:1f.7",
	"FF:1F.7",
	"0000:03:00.0",
	"0:3:0.0",
	"10000:03:00.0",
	"ffffffff:ff:1f.7",
	"00:1c.0/00.0",
	"00:1c.0/0.0/02.0/0.0/1.0/2.0/3.0/4.7", /* eight of them */
	"dead0000:00:1c.0/00.0/02.0/00.0",
	"pci:8086:10fb",
	"pci:1:1",
	"pci:fffe:fffe",
	"pci:8086:0001:0000:0000",
	"pci:8086:10fb:ffff:ffff",
	"pci:aBcD:EF01:1af4:1100",
	"00:1c.0@8086:10fb",
	"dead0000:00:1c.0/00.0/02.0/00.0@1:fffe",
	"0:3:0.0@8086:10fb:ffff:0000",
	NOWHERE "," NOWHERE,
	NOWHERE ";" NOWHERE ",pci:8086:10fb",
	NOWHERE "\0;;",
};

static const char *const bad_devices[] = {
	/* words that are not there */
	",",
	";",
	NOWHERE ",",
	NOWHERE ";",
	"," NOWHERE,
	NOWHERE ",," NOWHERE,
	NOWHERE ";," NOWHERE,
	/* blanks, signs, prefixes, all of which sscanf() would take */
	" ",
	" 00:00.0",
	"00:00.0 ",
	"00: 00.0",
	"00:00. 0",
	NOWHERE ", " NOWHERE,
	"00:00.0\n",
	"\n",
	"-1:00.0",
	"+1:00.0",
	"0x0:00.0",
	"0000:0x3:00.0",
	"00:0x0.0",
	"00:00.-0",
	"pci: 8086:10fb",
	"pci:0x8086:10fb",
	"pci:-1:10fb",
	/* numbers out of range, or with too many digits */
	"100:00.0",
	"003:00.0",
	"00:20.0",
	"00:ff.0",
	"00:000.0",
	"00:00.8",
	"00:00.f",
	"00:00.00",
	"100000000:00:00.0",
	"000000000:00:00.0",
	"0000:100:00.0",
	"0000:00:20.0",
	"0000:00:00.8",
	"0000:00:00.0/20.0",
	"0000:00:00.0/00.8",
	"pci:18086:10fb",
	"pci:8086:010fb",
	"pci:8086:10fb:11af4:1100",
	"pci:8086:10fb:1af4:11000",
	/* what the kernel takes for "any" */
	"pci:0:10fb",
	"pci:0000:10fb",
	"pci:8086:0",
	"pci:ffff:10fb",
	"pci:8086:ffff",
	"pci:0:0",
	"*",
	"*:00.0",
	"00:*.0",
	"00:00.*",
	"pci:8086:*",
	/* parts that are missing, or too many */
	"0",
	"00",
	"00:",
	"00:00",
	"00:00.",
	"00.0",
	":00.0",
	"0000:00:00",
	"0000:00:00.",
	"0000::00.0",
	":00:00.0",
	"0:0:0:0.0",
	"00:00.0.0",
	"00:00.0:0",
	"00:00.0/",
	"00:00.0//00.0",
	"00:00.0/00",
	"00:00.0/00.",
	"00:00.0/00:00.0",
	"/00.0",
	"00:1c.0/0.0/02.0/0.0/1.0/2.0/3.0/4.7/5.0", /* nine of them */
	"pci",
	"pci:",
	"pci:8086",
	"pci:8086:",
	"pci::10fb",
	"pci:8086:10fb:",
	"pci:8086:10fb:1af4",
	"pci:8086:10fb:1af4:",
	"pci:8086:10fb::1100",
	"pci:8086:10fb:1af4:1100:",
	"pci:8086:10fb:1af4:1100:0",
	"pci:8086:10fb/00.0",
	"pci:8086.10fb",
	"pci:8086:10fb@8086:10fb",
	/* an ID after the path, and there alone */
	"00:1c.0@",
	"@8086:10fb",
	"00:1c.0@8086",
	"00:1c.0@8086:",
	"00:1c.0@8086:10fb:1af4",
	"00:1c.0@8086:10fb@8086:10fb",
	"00:1c.0@8086:10fb/00.0",
	"00:1c.0@/00.0",
	"00:1c.0/@8086:10fb",
	"00:1c.0 @8086:10fb",
	"00:1c.0@ 8086:10fb",
	"00:1c.0@pci:8086:10fb",
	"00:1c.0@0:10fb",
	"00:1c.0@8086:ffff",
	"00:1c.0@18086:10fb",
	"PCI:8086:10fb",
	"pci:pci:8086:10fb",
	"pci00:00.0",
	/* what is no device at all */
	"all",
	"1",
	"vfio-pci",
	"g0:00.0",
	"00:00.0\x80",
	"\xff\xfe",
	"%s%n",
	CHARS_62 "3",
	CHARS_62 "34",
	/* only the last, or only the middle one, is bad */
	NOWHERE "," NOWHERE ",00:00.8",
	NOWHERE ",00:20.0;" NOWHERE,
	/* only what is too long is */
	NOWHERE
	",0000000000000000000000000000000000000000000000000000000000:00.0",
};

static void device_words(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good_devices); i++)
		expect_devices(test, good_devices[i], true);
	for (i = 0; i < ARRAY_SIZE(bad_devices); i++)
		expect_devices(test, bad_devices[i], false);
}

/**
 * struct lineage - four functions in a row that no bus has
 * @bus: what they are on
 * @dev: a Root Port, a switch and an endpoint: 00:1c.0/00.0/02.0/1f.7
 * @sysdata: of all the buses
 */
struct lineage {
	struct acs_guard_sysdata sysdata;
	struct pci_bus bus[4];
	struct pci_dev dev[4];
};

static struct pci_dev *make_path(struct kunit *test)
{
	static const u8 numbers[] = { 0, 5, 6, 0xa7 };
	static const u8 devfns[] = { PCI_DEVFN(0x1c, 0), PCI_DEVFN(0, 0),
				     PCI_DEVFN(2, 0), PCI_DEVFN(0x1f, 7) };
	struct lineage *path = kunit_kzalloc(test, sizeof(*path), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, path);
	acs_guard_set_sysdata(&path->sysdata, (int)NOWHERE_DOMAIN, NULL);
	for (i = 0; i < ARRAY_SIZE(path->dev); i++) {
		path->bus[i].number = numbers[i];
		acs_guard_set_domain(&path->bus[i], &path->sysdata,
				     (int)NOWHERE_DOMAIN);
		path->bus[i].parent = i ? &path->bus[i - 1] : NULL;
		path->bus[i].self = i ? &path->dev[i - 1] : NULL;
		path->dev[i].bus = &path->bus[i];
		path->dev[i].devfn = devfns[i];
	}
	path->dev[3].vendor = 0x1af4;
	path->dev[3].device = 0x1041;
	path->dev[3].subsystem_vendor = 0x1af5;
	path->dev[3].subsystem_device = 0x1100;
	return &path->dev[3];
}

static const struct {
	const char *text;
	bool named;
} patterns[] = {
	{ "dead0000:a7:1f.7", true },
	{ "DEAD0000:A7:1F.7", true },
	{ "dead0000:06:02.0/1f.7", true },
	{ "dead0000:6:2.0/1f.7", true },
	{ "dead0000:00:1c.0/00.0/02.0/1f.7", true },
	{ NOWHERE ",dead0000:a7:1f.7", true },
	{ "dead0000:a7:1f.7;" NOWHERE, true },
	{ NOWHERE, false },
	{ "dead0001:a7:1f.7", false },
	{ "0000:a7:1f.7", false },
	{ "a7:1f.7", false },
	{ "dead0000:a6:1f.7", false },
	{ "dead0000:a7:1e.7", false },
	{ "dead0000:a7:1f.6", false },
	{ "dead0000:00:1c.0", false },
	{ "dead0000:06:02.0", false },
	{ "dead0000:00:1c.0/00.0/02.0", false },
	{ "dead0000:00:1c.0/00.0/1f.7", false },
	{ "dead0000:00:1c.0/00.0/02.0/00.0/1f.7", false },
	{ "dead0000:00:1c.0/01.0/02.0/1f.7", false },
	{ "dead0000:01:1c.0/00.0/02.0/1f.7", false },
	{ "dead0000:a7:02.0/1f.7", false },
	{ "dead0000:a7:1f.7@1af4:1041", true },
	{ "dead0000:00:1c.0/00.0/02.0/1f.7@1AF4:1041", true },
	{ "dead0000:a7:1f.7@1af4:1041:1af5:1100", true },
	{ "dead0000:a7:1f.7@1af4:1042,pci:1af4:1041", true },
	{ "dead0000:a7:1f.7@1af5:1041", false },
	{ "dead0000:a7:1f.7@1af4:1042", false },
	{ "dead0000:a7:1f.7@1af4:1041:1af5:1101", false },
	{ "dead0000:a7:1f.6@1af4:1041", false },
	{ "dead0000:06:02.0@1af4:1041", false },
	{ NOWHERE "@1af4:1041", false },
	{ "pci:1af4:1041", true },
	{ "pci:1AF4:1041:1AF5:1100", true },
	{ NOWHERE ";pci:1af4:1041", true },
	{ "pci:1af5:1041", false },
	{ "pci:1af4:1042", false },
	{ "pci:1041:1af4", false },
	{ "pci:1af4:1041:1af4:1100", false },
	{ "pci:1af4:1041:1af5:1101", false },
	{ "pci:1af4:1041:0:0", false },
	{ "pci:1af4:1041:ffff:ffff", false },
};

static void named_devices(struct kunit *test)
{
	struct pci_dev *pdev = make_path(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		const char *text = patterns[i].text;

		expect_devices(test, text, true);
		KUNIT_EXPECT_EQ_MSG(test, acs_guard_starts_permissive(pdev),
				    patterns[i].named, "permissive=%s", text);
	}
	/* What could not be understood changes nothing about who is named. */
	expect_devices(test, NOWHERE, true);
	expect_devices(test, NOWHERE ",dead0000:a7:1f.7,", false);
	KUNIT_EXPECT_FALSE(test, acs_guard_starts_permissive(pdev));
}

/* Nonsense.  What is a word is said once more, digit by digit. */

static bool take_hex(const char **text, unsigned int max_digits, u32 *value)
{
	static const char hex[] = "0123456789abcdef";
	unsigned int digits = 0;
	const char *digit;

	*value = 0;
	for (; digits < max_digits && **text; digits++, (*text)++) {
		digit = strchr(hex, tolower(**text));
		if (!digit)
			break;
		*value = *value << 4 | (digit - hex);
	}
	return digits;
}

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool take_devfn(const char **text)
{
	u32 slot, func;

	return take_hex(text, 2, &slot) && take(text, '.') &&
	       take_hex(text, 1, &func) && slot < 32 && func < 8;
}

static bool is_path_from(const char *word)
{
	unsigned int num = 1;
	u32 bus;

	if (!take_hex(&word, 2, &bus) || !take(&word, ':') ||
	    !take_devfn(&word))
		return false;
	for (; take(&word, '/'); num++)
		if (!take_devfn(&word))
			return false;
	return !*word && num <= 8;
}

static bool is_path(const char *word)
{
	const char *rest = word;
	u32 domain;

	if (take_hex(&rest, 8, &domain) && take(&rest, ':') &&
	    is_path_from(rest))
		return true;
	return is_path_from(word);
}

static bool is_id(const char *word)
{
	u32 id[4];
	int i;

	for (i = 0; i < 4; i++) {
		if (!take_hex(&word, 4, &id[i]))
			return false;
		if (i < 2 && (id[i] == 0 || id[i] == 0xffff))
			return false;
		if (i & 1 && !*word)
			return true;
		if (!take(&word, ':'))
			return false;
	}
	return false;
}

static bool is_device(const char *word)
{
	return strncmp(word, "pci:", 4) ? is_path(word) : is_id(word + 4);
}

static bool is_driver(const char *word)
{
	if (!*word)
		return false;
	for (; *word; word++)
		if (*word <= ' ' || *word >= 0x7f)
			return false;
	return true;
}

static bool is_list(const char *text, const char *separators, unsigned int max,
		    bool (*is_word)(const char *word))
{
	char word[ACS_GUARD_MAX_WORD] = {};
	unsigned int num = 0;
	size_t len;

	do {
		len = strcspn(text, separators);
		if (len >= sizeof(word) || ++num > max)
			return false;
		memcpy(word, text, len);
		word[len] = '\0';
		if (!is_word(word))
			return false;
		text += len;
	} while (*text++);
	return true;
}

/* Pieces of which nonsense is made that looks like sense. */
static const char *const pieces[] = {
	"0",
	"1f",
	"1c",
	"7",
	":",
	":",
	".",
	".",
	"/",
	",",
	";",
	"pci:",
	"0000",
	"8086",
	"00:",
	"00.0",
	"a",
	"-",
	"ffff",
	"0x",
	" ",
	"\n",
	"*",
	"[",
	"]",
	"\\",
	"g",
	"8",
	"10fb",
	"\xff",
	"dead0000:00:00.0",
	"vfio-pci",
	CHARS_62,
};

static void add_piece(struct rnd_state *rnd, char *text, size_t size)
{
	const u32 which = prandom_u32_state(rnd);
	size_t len = strlen(text);
	char any[] = { which >> 16, '\0' };

	/* One in eight is any byte; what does not fit is cut off. */
	if (which % 8)
		strlcat(text, pieces[which / 8 % ARRAY_SIZE(pieces)], size);
	else
		strlcat(text, any, size);
	/* Numbers and what stands between them: a word, more often than not. */
	if (which >> 30 == 0 && len)
		text[len] = '\0';
}

/*
 * Text in memory of just its size, so that KASAN sees a byte read beyond; and
 * sometimes long.
 */
static char *make_nonsense(struct kunit *test, struct rnd_state *rnd,
			   char *buffer)
{
	const u32 bits = prandom_u32_state(rnd);
	unsigned int num = bits & 15;

	if (bits >> 24 == 0)
		num *= 16;
	buffer[0] = '\0';
	while (num--)
		add_piece(rnd, buffer, MAX_TEXT);
	return kstrdup(buffer, GFP_KERNEL);
}

static bool check_nonsense(const char *text)
{
	const bool devices =
		!*text || is_list(text, ",;", ACS_GUARD_MAX_DEVICES, is_device);
	const bool drivers =
		is_list(text, ",", ACS_GUARD_MAX_DRIVERS, is_driver);

	return acs_guard_parse_permissive(text) == (devices ? 0 : -EINVAL) &&
	       acs_guard_parse_drivers(text) == (drivers ? 0 : -EINVAL) &&
	       acs_guard_parse_mode(text) == -EINVAL &&
	       acs_guard_parse_unit(text) == -EINVAL;
}

static void nonsense(struct kunit *test)
{
	const int level = console_loglevel;
	unsigned int i, good = 0;
	struct rnd_state rnd;
	char *buffer, *text;

	buffer = kunit_kzalloc(test, MAX_TEXT, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	prandom_seed_state(&rnd, SEED);

	/* Each refusal is a line in the log; a console need not show it. */
	console_loglevel = CONSOLE_LOGLEVEL_SILENT;
	for (i = 0; i < rounds; i++) {
		text = make_nonsense(test, &rnd, buffer);
		if (!text)
			break;
		if (!check_nonsense(text))
			KUNIT_FAIL(test, "round %u: %s", i, text);
		good += !acs_guard_parse_permissive(text);
		kfree(text);
	}
	console_loglevel = level;

	KUNIT_EXPECT_EQ(test, i, rounds);
	/* Nonsense that is never understood would test but half of it. */
	KUNIT_EXPECT_GT(test, good, rounds / 100);
	kunit_info(test, "seed %d: %u of %d texts name devices", SEED, good,
		   rounds);
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
