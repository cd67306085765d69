// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: parse the module's parameters, and match drivers and devices
 *
 * A parameter is accepted as a whole or not at all: if a word is invalid, one
 * line in the log names it, and the load or the write fails.  The tables are
 * written once, before the first device is checked, and only read afterwards.
 */
#include <linux/ctype.h>
#include <linux/glob.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "engine.h"
#include "match.h"
#include "pci_dev.h"

#define DEVICE_CHARS "0123456789abcdefABCDEF:./@"

/**
 * struct driver_glob - one glob of drivers=
 * @text: the glob
 * @last: the character in which all matching names end, or 0 if there is none
 */
struct driver_glob {
	char text[ACS_GUARD_MAX_WORD];
	char last;
};

static struct driver_glob driver_globs[ACS_GUARD_MAX_DRIVERS];
static unsigned int num_driver_globs;

static struct acs_guard_pattern device_patterns[ACS_GUARD_MAX_DEVICES];
static unsigned int num_device_patterns;

/* Log why @word is invalid.  It may contain any byte, so escape it. */
static int reject_word(const char *param, const char *word, const char *why)
{
	pr_err("%s=: '%*pE' %s\n", param,
	       (int)strnlen(word, ACS_GUARD_MAX_WORD), word, why);
	return -EINVAL;
}

/* The same for a parameter of one word, perhaps with a newline at its end. */
static int reject_only_word(const char *param, const char *text,
			    const char *why)
{
	const size_t len = strcspn(text, "\n");
	char word[ACS_GUARD_MAX_WORD];

	strscpy(word, text, min(sizeof(word), len + 1));
	return reject_word(param, word, why);
}

/**
 * acs_guard_parse_mode() - parse the parameter mode=
 * @text: one word, perhaps with a newline at its end
 *
 * Return: an enum acs_guard_mode, or -EINVAL after a line in the log.
 */
int acs_guard_parse_mode(const char *text)
{
	const int mode = sysfs_match_string(acs_guard_mode_names, text);

	if (mode >= 0)
		return mode;
	return reject_only_word("mode", text,
				"is no mode: use enforce or audit");
}

/**
 * acs_guard_parse_unit() - parse the parameter unit=
 * @text: one word, perhaps with a newline at its end
 *
 * Return: an enum acs_guard_unit, or -EINVAL after a line in the log.
 */
int acs_guard_parse_unit(const char *text)
{
	const int unit = sysfs_match_string(acs_guard_unit_names, text);

	if (unit >= 0)
		return unit;
	return reject_only_word("unit", text,
				"is no unit: use function or group");
}

/* Return: 0 or 1, or -EINVAL after a line in the log. */
static int parse_digit(const char *param, const char *text)
{
	static const char *const words[] = { "0", "1" };
	const int digit = sysfs_match_string(words, text);

	if (digit >= 0)
		return digit;
	return reject_only_word(param, text, "is neither 0 nor 1");
}

/**
 * acs_guard_parse_strict() - parse the parameter strict=
 * @text: one word, perhaps with a newline at its end
 *
 * Return: 0 or 1, or -EINVAL after a line in the log.
 */
int acs_guard_parse_strict(const char *text)
{
	return parse_digit("strict", text);
}

/**
 * acs_guard_parse_lock() - parse the parameter lock=
 * @text: one word, perhaps with a newline at its end
 *
 * Return: 0 or 1, or -EINVAL after a line in the log.
 */
int acs_guard_parse_lock(const char *text)
{
	return parse_digit("lock", text);
}

/**
 * acs_guard_parse_recheck() - parse the parameter recheck=
 * @text: one word, perhaps with a newline at its end
 *
 * Return: 0, or -EINVAL after a line in the log.
 */
int acs_guard_parse_recheck(const char *text)
{
	if (sysfs_streq(text, "1"))
		return 0;
	return reject_only_word("recheck", text, "is not 1");
}

/**
 * acs_guard_parse_period() - parse the parameter recheck_period=
 * @text: one word, perhaps with a newline at its end
 *
 * Return: seconds, or -EINVAL after a line in the log.
 */
int acs_guard_parse_period(const char *text)
{
	unsigned int seconds;

	if (isdigit(*text) && !kstrtouint(text, 10, &seconds) &&
	    seconds <= ACS_GUARD_MAX_PERIOD)
		return seconds;
	return reject_only_word("recheck_period", text,
				"is no number of seconds from 0 to 86400");
}

/**
 * struct word_list - a parameter that is a list of words
 * @param: its name
 * @separators: the characters that separate words
 * @max: the largest number of words
 * @parse: parses one word and stores the result at @index; false if invalid
 * @syntax: the message for a word that @parse rejects
 */
struct word_list {
	const char *param;
	const char *separators;
	unsigned int max;
	bool (*parse)(const char *word, unsigned int index);
	const char *syntax;
};

/* Return: the number of words, or -EINVAL after a line in the log. */
static int parse_list(const struct word_list *list, const char *text)
{
	char word[ACS_GUARD_MAX_WORD];
	unsigned int index = 0;
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, list->separators);
		strscpy(word, text, min(sizeof(word), len + 1));
		if (len >= sizeof(word))
			return reject_word(list->param, word, "is too long");
		if (index == list->max)
			return reject_word(list->param, word,
					   "does not fit: the list is full");
		if (!list->parse(word, index++))
			return reject_word(list->param, word, list->syntax);
		if (!text[len])
			return index;
	}
}

/* No driver's name contains a blank, so such a glob would match nothing. */
static bool parse_driver(const char *word, unsigned int index)
{
	struct driver_glob *glob = &driver_globs[index];
	const char *c;

	for (c = word; *c; c++) {
		if (!isascii(*c) || !isgraph(*c))
			return false;
		glob->last = strchr("*?]\\", *c) ? 0 : *c;
	}
	strscpy(glob->text, word, sizeof(glob->text));
	return *word;
}

/**
 * acs_guard_parse_drivers() - parse the parameter drivers=
 * @text: globs, separated by commas
 *
 * Return: 0, or -EINVAL after a line in the log.
 */
int acs_guard_parse_drivers(const char *text)
{
	static const struct word_list list = {
		.param = "drivers",
		.separators = ",",
		.max = ACS_GUARD_MAX_DRIVERS,
		.parse = parse_driver,
		.syntax = "is no driver name or glob",
	};
	const int count = parse_list(&list, text);

	if (count < 0)
		return count;
	num_driver_globs = count;
	return 0;
}

/**
 * acs_guard_guards_name() - check a driver's name against drivers=
 * @name: the driver's name
 *
 * Return: true if one of the globs matches.
 */
bool acs_guard_guards_name(const char *name)
{
	const struct driver_glob *glob = driver_globs;
	const size_t len = strlen(name);
	const char last = len ? name[len - 1] : 0;

	/* Each bind of the machine gets here, and a glob with * takes long. */
	for (; glob < driver_globs + num_driver_globs; glob++)
		if ((!glob->last || glob->last == last) &&
		    glob_match(glob->text, name))
			return true;
	return false;
}

/**
 * acs_guard_is_guarded() - check whether a driver is guarded on a function
 * @pdev: the function
 * @drv: a driver that is bound to @pdev, or about to be
 *
 * A driver with driver_managed_dma gives functions to guests, unless it is
 * pcieport, which binds to ports for the kernel's own services.
 *
 * Context: any.  Each bind of a PCI driver gets here.
 * Return: true if a bind has to be decided.
 */
bool acs_guard_is_guarded(struct pci_dev *pdev, struct device_driver *drv)
{
	if (to_pci_driver(drv)->driver_managed_dma &&
	    !acs_guard_has_services(pdev))
		return true;
	return acs_guard_guards_name(drv->name);
}

/* vvvv:dddd[:ssss:ssss].  0 and ffff are wildcards elsewhere; reject them. */
static bool parse_id(const char *word, struct acs_guard_pattern *pattern)
{
	u16 *id = pattern->id;
	int used = 0, i;

	pattern->num_ids = 2;
	if (sscanf(word, "%4hx:%4hx%n", &id[0], &id[1], &used) != 2)
		return false;
	if (word[used]) {
		word += used;
		used = 0;
		pattern->num_ids = 4;
		if (sscanf(word, ":%4hx:%4hx%n", &id[2], &id[3], &used) != 2)
			return false;
	}
	for (i = 0; i < 2; i++)
		if (!id[i] || id[i] == U16_MAX)
			return false;
	return !word[used];
}

static bool add_devfn(struct acs_guard_pattern *pattern, unsigned int slot,
		      unsigned int func)
{
	if (pattern->num_devfn == ARRAY_SIZE(pattern->devfn) || slot > 0x1f ||
	    func > 7)
		return false;
	pattern->devfn[pattern->num_devfn++] = PCI_DEVFN(slot, func);
	return true;
}

/*
 * [dddd:]bb:dd.f[/dd.f]*, as in the kernel's own parameters, and optionally @
 * and the ID that the device at this path must have.
 */
static bool parse_path(const char *word, struct acs_guard_pattern *pattern)
{
	unsigned int slot, func;
	int used = 0;

	if (sscanf(word, "%8x:%2hhx:%2x.%1x%n", &pattern->domain, &pattern->bus,
		   &slot, &func, &used) != 4) {
		pattern->domain = 0;
		if (sscanf(word, "%2hhx:%2x.%1x%n", &pattern->bus, &slot, &func,
			   &used) != 3)
			return false;
	}
	while (add_devfn(pattern, slot, func)) {
		word += used;
		if (!*word)
			return true;
		if (*word == '@')
			return parse_id(word + 1, pattern);
		if (sscanf(word, "/%2x.%1x%n", &slot, &func, &used) != 2)
			return false;
	}
	return false;
}

static bool parse_device(const char *word, unsigned int index)
{
	struct acs_guard_pattern pattern = {
		.by_id = str_has_prefix(word, "pci:"),
	};
	const char *spec = pattern.by_id ? word + strlen("pci:") : word;

	/* sscanf() skips blanks, signs and 0x. */
	if (spec[strspn(spec, DEVICE_CHARS)])
		return false;
	if (pattern.by_id ? !parse_id(spec, &pattern) :
			    !parse_path(spec, &pattern))
		return false;
	device_patterns[index] = pattern;
	return true;
}

/**
 * acs_guard_parse_permissive() - parse the parameter permissive=
 * @text: devices, separated by commas or semicolons, or an empty string
 *
 * Return: 0, or -EINVAL after a line in the log.
 */
int acs_guard_parse_permissive(const char *text)
{
	static const struct word_list list = {
		.param = "permissive",
		.separators = ",;",
		.max = ACS_GUARD_MAX_DEVICES,
		.parse = parse_device,
		.syntax =
			"is no device: use [dddd:]bb:dd.f[/dd.f]...[@vvvv:dddd] or pci:vvvv:dddd[:ssss:ssss]",
	};
	int count;

	if (!*text)
		return 0;

	count = parse_list(&list, text);
	if (count < 0)
		return count;
	num_device_patterns = count;
	return 0;
}

/* The exception is for another device at the same path. */
static void warn_changed(struct pci_dev *pdev,
			 const struct acs_guard_pattern *pattern)
{
	const struct acs_guard_ids ids = acs_guard_ids(pdev);

	pr_warn("permissive=: no exception for %s: it is %04x:%04x, and the exception was for %04x:%04x\n",
		acs_guard_name(acs_guard_bdf(pdev)).text, ids.id[0], ids.id[1],
		pattern->id[0], pattern->id[1]);
}

static bool matches_id(struct pci_dev *pdev,
		       const struct acs_guard_pattern *pattern)
{
	const struct acs_guard_ids ids = acs_guard_ids(pdev);

	return !memcmp(ids.id, pattern->id,
		       pattern->num_ids * sizeof(*pattern->id));
}

/* Is @pdev at the path of @pattern? */
static bool matches_path(struct pci_dev *pdev,
			 const struct acs_guard_pattern *pattern)
{
	unsigned int i = pattern->num_devfn;

	/* Above a virtual function is the bridge of its PF. */
	while (pdev && i--) {
		const u64 bdf = acs_guard_bdf(pdev);

		if ((u8)bdf != pattern->devfn[i])
			return false;
		if (!i)
			return bdf == ACS_GUARD_BDF(pattern->domain,
						    pattern->bus, (u8)bdf);
		pdev = acs_guard_bridge_of(pdev);
	}
	return false;
}

/**
 * acs_guard_matches() - check a function against a word of permissive=
 * @pdev: the function; the caller holds it
 * @pattern: the word
 *
 * Return: true if the function has the ID and the path that @pattern gives.
 */
bool acs_guard_matches(struct pci_dev *pdev,
		       const struct acs_guard_pattern *pattern)
{
	if (pattern->num_ids && !matches_id(pdev, pattern))
		return false;
	return pattern->by_id || matches_path(pdev, pattern);
}

/**
 * acs_guard_starts_permissive() - check a function against permissive=
 * @pdev: the function; the caller holds a reference
 *
 * Logs a warning if a pattern's path matches, but not its ID.
 *
 * Return: true if one of the patterns matches.
 */
bool acs_guard_starts_permissive(struct pci_dev *pdev)
{
	const struct acs_guard_pattern *pattern;

	for (pattern = device_patterns;
	     pattern < device_patterns + num_device_patterns; pattern++) {
		if (acs_guard_matches(pdev, pattern))
			return true;
		if (pattern->num_ids && !pattern->by_id &&
		    matches_path(pdev, pattern))
			warn_changed(pdev, pattern);
	}
	return false;
}
