// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of match.c: lists of random words, which a second parser checks
 */
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/prandom.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "engine.h"
#include "match.h"
#include "match_test.h"

#define SEED 11

static unsigned int nonsense_rounds = 100000;
module_param_named(match_rounds, nonsense_rounds, uint, 0444);
MODULE_PARM_DESC(match_rounds, "texts that are nonsense");

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

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool take_devfn(const char **text)
{
	u32 slot, func;

	return take_hex(text, 2, &slot) && take_char(text, '.') &&
	       take_hex(text, 1, &func) && slot < 32 && func < 8;
}

static bool is_path_from(const char *word)
{
	unsigned int num = 1;
	u32 bus;

	if (!take_hex(&word, 2, &bus) || !take_char(&word, ':') ||
	    !take_devfn(&word))
		return false;
	for (; take_char(&word, '/'); num++)
		if (!take_devfn(&word))
			return false;
	return !*word && num <= 8;
}

static bool is_path(const char *word)
{
	const char *rest = word;
	u32 domain;

	if (take_hex(&rest, 8, &domain) && take_char(&rest, ':') &&
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
		if (!take_char(&word, ':'))
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

/* Random texts are made of these pieces, so that some are valid. */
static const char *const nonsense_pieces[] = {
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

	/* One piece in eight is a random byte; a long text is cut off. */
	if (which % 8)
		strlcat(text,
			nonsense_pieces[which / 8 % ARRAY_SIZE(nonsense_pieces)],
			size);
	else
		strlcat(text, any, size);
	/* One piece in four is dropped. */
	if (which >> 30 == 0 && len)
		text[len] = '\0';
}

/*
 * A text, sometimes a long one, in memory of its exact size, so that KASAN
 * finds a read behind its end.
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

void nonsense(struct kunit *test)
{
	const int level = console_loglevel;
	unsigned int i, good = 0;
	struct rnd_state rnd;
	char *buffer, *text;

	buffer = kunit_kzalloc(test, MAX_TEXT, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	prandom_seed_state(&rnd, SEED);

	/* Each rejected text is logged; the console does not show it. */
	console_loglevel = CONSOLE_LOGLEVEL_SILENT;
	for (i = 0; i < nonsense_rounds; i++) {
		text = make_nonsense(test, &rnd, buffer);
		if (!text)
			break;
		if (!check_nonsense(text))
			KUNIT_FAIL(test, "round %u: %s", i, text);
		good += !acs_guard_parse_permissive(text);
		kfree(text);
	}
	console_loglevel = level;

	KUNIT_EXPECT_EQ(test, i, nonsense_rounds);
	/* The test needs valid texts, too. */
	KUNIT_EXPECT_GT(test, good, nonsense_rounds / 100);
	kunit_info(test, "seed %d: %u of %d texts name devices", SEED, good,
		   nonsense_rounds);
}
