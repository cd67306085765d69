// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the files of exceptions that last
 *
 * Two files, each with one entry for an exception: a udev rule, for a machine
 * that runs, and a parameter for the module, for devices that are there before
 * udev.  Both go by the location of the device and by its ID: another card in
 * that location gets nothing.  The files belong to this tool alone; if one does
 * not read as it was written here, nothing is done.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <regex.h>
#include <stdlib.h>
#include <unistd.h>

#include "exceptions.h"
#include "sysfs.h"

#define RULES_HEAD                                                                                        \
	"# Exceptions of acs_guard, written by \"acs-guard allow --persist\". To change this file, use\n" \
	"# acs-guard allow and acs-guard revoke; its other half is in modprobe.d."
#define CONF_HEAD                                                                                   \
	"# Written by acs-guard, with its exceptions in udev/rules.d. The last line of this kind\n" \
	"# counts: keep no other \"options acs_guard permissive=\"."
#define CONF_OPTION "\noptions acs_guard permissive="

static const char entry_pattern[] =
	"^# exception ([0-9a-f]+:[0-9a-f]+:[0-9a-f]+\\.[0-7]) place=([0-9a-f:./]+) "
	"id=([0-9a-f]{4}:[0-9a-f]{4}) by=([^ ]+) on=([^ ]+) reason: (.+)$";

#define NUM_FIELDS 6

static const char *etc_path(const char *name, char *buf)
{
	if (!*buf)
		snprintf(buf, PATH_MAX, "%s/%s", roots()->etc, name);
	return buf;
}

const char *rules_path(void)
{
	static char path[PATH_MAX];

	return etc_path("udev/rules.d/04-acs-guard-exceptions.rules", path);
}

const char *conf_path(void)
{
	static char path[PATH_MAX];

	return etc_path("modprobe.d/acs-guard-exceptions.conf", path);
}

/* ---- entries ---- */

static void free_entry(struct exception *entry)
{
	free(entry->bdf);
	free(entry->location);
	free(entry->id);
	free(entry->by);
	free(entry->on);
	free(entry->reason);
}

void exceptions_free(struct exceptions *exceptions)
{
	size_t i;

	for (i = 0; i < exceptions->count; i++)
		free_entry(&exceptions->list[i]);
	free(exceptions->list);
	*exceptions = (struct exceptions){};
}

static void copy_entry(struct exception *to, const struct exception *from)
{
	to->bdf = copy_text(from->bdf);
	to->location = copy_text(from->location);
	to->id = copy_text(from->id);
	to->by = copy_text(from->by);
	to->on = copy_text(from->on);
	to->reason = copy_text(from->reason);
}

/* The caller fills it in. */
static struct exception *add_slot(struct exceptions *exceptions)
{
	exceptions->list = grow(exceptions->list, &exceptions->room,
				exceptions->count + 1,
				sizeof(*exceptions->list));
	return &exceptions->list[exceptions->count++];
}

/**
 * exceptions_put() - add an entry, in place of one for the same device
 * @exceptions: the entries
 * @exception: the entry, which is copied
 */
void exceptions_put(struct exceptions *exceptions,
		    const struct exception *exception)
{
	size_t i;

	for (i = 0; i < exceptions->count; i++)
		if (!strcmp(exceptions->list[i].location, exception->location))
			break;
	if (i < exceptions->count)
		free_entry(&exceptions->list[i]);
	else
		add_slot(exceptions);
	copy_entry(&exceptions->list[i], exception);
}

static bool is_entry_of(struct machine *machine, const struct exception *entry,
			const struct function *fn, const char *bdf)
{
	const struct function *there =
		function_in_place(machine, entry->location);

	return there ? there == fn : !strcmp(entry->bdf, bdf);
}

/**
 * exceptions_drop() - remove the entries for a device
 * @exceptions: the entries
 * @machine: this machine
 * @fn: the device, or NULL if it is not there
 * @bdf: its address
 *
 * Addresses change with the numbers of buses: an entry goes by its address only
 * if no device is at its location.
 *
 * Return: how many there were.
 */
size_t exceptions_drop(struct exceptions *exceptions, struct machine *machine,
		       const struct function *fn, const char *bdf)
{
	size_t i, kept = 0, count = exceptions->count;

	for (i = 0; i < count; i++) {
		struct exception *entry = &exceptions->list[i];

		if (is_entry_of(machine, entry, fn, bdf))
			free_entry(entry);
		else
			exceptions->list[kept++] = *entry;
	}
	exceptions->count = kept;
	return count - kept;
}

/**
 * exceptions_write() - the texts of both files
 * @exceptions: the entries
 * @rules: the udev rules; empty if there are no entries
 * @conf: the parameter of the module; likewise
 */
void exceptions_write(const struct exceptions *exceptions, struct text *rules,
		      struct text *conf)
{
	size_t i;

	if (!exceptions->count)
		return;
	text_add(rules, "%s", RULES_HEAD);
	text_add(conf, "%s%s", CONF_HEAD, CONF_OPTION);
	for (i = 0; i < exceptions->count; i++) {
		const struct exception *entry = &exceptions->list[i];

		text_add(
			rules,
			"\n# exception %s place=%s id=%s by=%s on=%s reason: %s\n",
			entry->bdf, entry->location, entry->id, entry->by,
			entry->on, entry->reason);
		add_rule(rules, entry->location, entry->id);
		text_add(conf, "%s%s@%s", i ? "," : "", entry->location,
			 entry->id);
	}
}

/* ---- files ---- */

/*
 * A file without its last newline; a NUL ends it.
 *
 * Return: false if there is no such file.
 */
static bool read_file(const char *path, struct text *text)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char bytes[4096];
	ssize_t len;

	if (fd < 0 && errno == ENOENT)
		return false;
	if (fd < 0)
		die("%s cannot be read", path);
	text_add(text, "%s", "");
	while ((len = read(fd, bytes, sizeof(bytes))) > 0)
		text_add_bytes(text, bytes, (size_t)len);
	close(fd);
	if (len < 0)
		die("%s cannot be read", path);
	text->len = strlen(text->bytes);
	if (text->len && text->bytes[text->len - 1] == '\n')
		text->bytes[--text->len] = '\0';
	return true;
}

static char *copy_match(const char *line, const regmatch_t *match)
{
	return copy_bytes(line + match->rm_so,
			  (size_t)(match->rm_eo - match->rm_so));
}

static void parse_entry(struct exceptions *exceptions, const regex_t *pattern,
			const char *line)
{
	regmatch_t match[NUM_FIELDS + 1];
	struct exception *entry;

	if (regexec(pattern, line, NUM_FIELDS + 1, match, 0))
		return;
	entry = add_slot(exceptions);
	entry->bdf = copy_match(line, &match[1]);
	entry->location = copy_match(line, &match[2]);
	entry->id = copy_match(line, &match[3]);
	entry->by = copy_match(line, &match[4]);
	entry->on = copy_match(line, &match[5]);
	entry->reason = copy_match(line, &match[6]);
}

static void parse_entries(struct exceptions *exceptions, const char *text)
{
	char *copy = copy_text(text), *rest = copy, *line;
	regex_t pattern;

	if (regcomp(&pattern, entry_pattern, REG_EXTENDED))
		die_of_memory();
	while ((line = strsep(&rest, "\n")))
		parse_entry(exceptions, &pattern, line);
	regfree(&pattern);
	free(copy);
}

/**
 * exceptions_parse() - read the entries from the udev rules
 * @exceptions: the entries
 *
 * Return: false if the file is not as it would be written here.
 */
bool exceptions_parse(struct exceptions *exceptions)
{
	struct text text = {}, rules = {}, conf = {};
	bool same;

	*exceptions = (struct exceptions){};
	if (!read_file(rules_path(), &text))
		return true;
	parse_entries(exceptions, text_get(&text));
	exceptions_write(exceptions, &rules, &conf);
	same = text.len && !strcmp(text_get(&text), text_get(&rules));
	text_free(&text);
	text_free(&rules);
	text_free(&conf);
	return same;
}

static void refuse_file(const char *path)
{
	die("%s is not as acs-guard wrote it (half-written, or changed by hand); repair or remove it first",
	    path);
}

/**
 * exceptions_match_conf() - check that the parameter has the entries of the
 * rules
 * @exceptions: the entries of the udev rules
 *
 * Return: false if the file has others, or is not as it would be written here.
 * True also without a file: the next change writes it again.
 */
bool exceptions_match_conf(const struct exceptions *exceptions)
{
	struct text text = {}, rules = {}, conf = {};
	bool same;

	if (!read_file(conf_path(), &text))
		return true;
	exceptions_write(exceptions, &rules, &conf);
	same = text.len && !strcmp(text_get(&text), text_get(&conf));
	text_free(&text);
	text_free(&rules);
	text_free(&conf);
	return same;
}

/**
 * exceptions_load() - read the entries, to change them
 * @exceptions: the entries
 *
 * Ends the program if one of the files is not as it was written, or if the two
 * do not match.
 */
void exceptions_load(struct exceptions *exceptions)
{
	if (!exceptions_parse(exceptions))
		refuse_file(rules_path());
	if (!exceptions_match_conf(exceptions))
		refuse_file(conf_path());
}

/* ---- parameters that other files set ---- */

/* The next line of modprobe's: a backslash at the end joins two. */
static bool next_option(FILE *file, struct text *line)
{
	char *part = NULL;
	size_t room = 0;
	bool any = false;
	size_t len;

	line->len = 0;
	text_add(line, "%s", "");
	while (getline(&part, &room, file) >= 0) {
		any = true;
		part[strcspn(part, "\n")] = '\0';
		len = strlen(part);
		if (!len || part[len - 1] != '\\') {
			text_add(line, "%s", part);
			break;
		}
		text_add_bytes(line, part, len - 1);
	}
	free(part);
	return any;
}

static void check_file(const char *path, const regex_t *pattern)
{
	struct text line = {};
	const char *start;
	FILE *file;

	if (!strcmp(path, conf_path()))
		return;
	file = fopen(path, "re");
	if (!file)
		return;
	while (next_option(file, &line)) {
		start = text_get(&line) + strspn(text_get(&line), " \t");
		if (!regexec(pattern, start, 0, NULL, 0))
			die("%s sets permissive= for acs_guard already, and the module uses only one such line: move its devices here with allow --persist, or add this one there",
			    path);
	}
	fclose(file);
	text_free(&line);
}

static void check_folder(const char *parent, const char *folder,
			 const regex_t *pattern)
{
	char path[PATH_MAX];
	glob_t found;
	size_t i;

	snprintf(path, sizeof(path), "%s/%s/*.conf", parent, folder);
	if (glob(path, 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		check_file(found.gl_pathv[i], pattern);
	globfree(&found);
}

/**
 * exceptions_check_others() - look for a permissive= of the administrator's own
 *
 * Of two, only the last would count: ends the program if there is one.
 */
void exceptions_check_others(void)
{
	static const char *const folders[] = {
		"run/modprobe.d",
		"usr/local/lib/modprobe.d",
		"usr/lib/modprobe.d",
		"lib/modprobe.d",
	};
	char path[PATH_MAX], line[8192];
	regex_t pattern, words;
	size_t i;

	if (regcomp(&pattern,
		    "^options[ \t]+acs[-_]guard[ \t](.*[ \t])?permissive=",
		    REG_EXTENDED | REG_NOSUB) ||
	    regcomp(&words, "(^|[ \t\"])acs[-_]guard\\.permissive=",
		    REG_EXTENDED | REG_NOSUB))
		die_of_memory();
	check_folder(roots()->etc, "modprobe.d", &pattern);
	for (i = 0; i < ARRAY_SIZE(folders); i++)
		check_folder(roots()->root, folders[i], &pattern);
	regfree(&pattern);
	snprintf(path, sizeof(path), "%s/cmdline", roots()->proc);
	if (read_first_line(path, line, sizeof(line)) &&
	    !regexec(&words, line, 0, NULL, 0))
		die("the kernel's command line sets acs_guard.permissive= already, and the module uses only one such list");
	regfree(&words);
}
