// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: reads what scripts/replay is given, and makes of it what the
 * replay module takes (kunit/replay_format.h).
 *
 * usage: dump [-e] [-s] [-g GROUPS] [-x BDF] OUT DUMP...
 *
 * A DUMP is the output of "lspci -xxxx" ("-": standard input), a file "config"
 * in a folder named by an address, such a folder, or a folder of such.  All
 * together are one machine, or, with -e, each is one.  -s says that rules S1 to
 * S3 will be asked for, -x that this function has to be there.
 *
 * Exit status: 0; 2: of some dump, at least, sense could not be made, as one
 * line on standard error says, the only one about it.  OUT has that one without
 * functions then.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dump.h"

#define BYTES_A_LINE 16

/* No line of lspci's, or of groups, comes near. */
#define MAX_LINE 0x10000

/* ---- what every part needs ---- */

static void say(FILE *to, const char *file, unsigned long line,
		const char *kind, const char *format, va_list args)
{
	fprintf(to, "replay: %s:", file);
	if (line)
		fprintf(to, "%lu:", line);
	fprintf(to, " %s", kind);
	vfprintf(to, format, args);
	fputc('\n', to);
}

bool wrong(const char *file, unsigned long line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(stderr, file, line, "", format, args);
	va_end(args);
	return false;
}

void remark(const struct dump *dump, const struct fn *fn, const char *format,
	    ...)
{
	va_list args;

	va_start(args, format);
	say(dump->notes, fn->file, fn->line, "note: ", format, args);
	va_end(args);
}

static void *must(void *memory)
{
	if (memory)
		return memory;
	fputs("replay: no memory\n", stderr);
	exit(1);
}

const char *name_of(const struct fn *fn)
{
	static char names[4][24];
	static unsigned int next;
	char *name = names[next++ % 4];

	snprintf(name, sizeof(names[0]), "%04x:%02x:%02x.%x", fn->out.domain,
		 fn->out.bus, fn->out.devfn >> 3, fn->out.devfn & 7);
	return name;
}

static unsigned int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* A hexadecimal number of up to @digits digits; moves @text behind it. */
static bool take_hex(const char **text, unsigned int digits, unsigned long *to)
{
	unsigned int i;

	*to = 0;
	for (i = 0; i < digits && isxdigit((unsigned char)(*text)[i]); i++)
		*to = *to << 4 | hex_digit((*text)[i]);
	*text += i;
	return i;
}

static bool take_char(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	++*text;
	return true;
}

/* [dddd:]bb:dd.f; moves @text behind it. */
static bool take_bdf(const char **text, struct replay_fn *to)
{
	unsigned long domain = 0, bus, slot, fn;

	if (!take_hex(text, 8, &bus) || !take_char(text, ':') ||
	    !take_hex(text, 2, &slot))
		return false;
	if (take_char(text, ':')) {
		domain = bus;
		bus = slot;
		if (!take_hex(text, 2, &slot))
			return false;
	}
	if (!take_char(text, '.') || !take_hex(text, 1, &fn) || bus > 0xff ||
	    slot > 0x1f || fn > 7)
		return false;
	to->domain = domain;
	to->bus = bus;
	to->devfn = slot << 3 | fn;
	return true;
}

/* ---- lines ---- */

enum line { LINE_END, LINE, LINE_BAD };

/*
 * The next line of @file, without its end, to @line, which has room for
 * MAX_LINE characters.  What is no text, or has no end, is not read on.
 */
static enum line next_line(FILE *file, const char *name, unsigned long number,
			   char *line)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(file)) != EOF && c != '\n') {
		if (len == MAX_LINE - 1) {
			wrong(name, number, "a line of more than %d characters",
			      MAX_LINE - 1);
			return LINE_BAD;
		}
		if (!c) {
			wrong(name, number, "this is no text");
			return LINE_BAD;
		}
		line[len++] = c;
	}
	if (ferror(file)) {
		wrong(name, 0, "%s", strerror(errno));
		return LINE_BAD;
	}
	line[len] = '\0';
	line[strcspn(line, "\r")] = '\0';
	return c == EOF && !len ? LINE_END : LINE;
}

/* ---- functions ---- */

static struct fn *add_fn(struct dump *dump, const struct replay_fn *at,
			 const char *file, unsigned long line)
{
	struct fn *fn;
	size_t size;

	if (dump->nr == dump->room) {
		dump->room = 2 * dump->room + 64;
		size = dump->room * sizeof(*dump->fns);
		dump->fns = must(realloc(dump->fns, size));
	}
	fn = &dump->fns[dump->nr++];
	*fn = (struct fn){ .out = *at, .file = file, .line = line };
	fn->out.up = REPLAY_NONE;
	fn->out.pf = REPLAY_NONE;
	fn->out.owner = REPLAY_NONE;
	fn->out.group = -1;
	fn->cfg = must(malloc(CFG_SIZE));
	return fn;
}

/* It ends where somebody may stop reading: there is nothing in between. */
static bool is_whole(struct fn *fn)
{
	switch (fn->out.len) {
	case HEADER_SIZE:
	case 128:
	case 256:
	case CFG_SIZE:
		fn->cfg = must(realloc(fn->cfg, fn->out.len));
		return true;
	case 0:
		return wrong(fn->file, fn->line,
			     "%s has no bytes (lspci -xxxx?)", name_of(fn));
	default:
		return wrong(fn->file, fn->line, "%s is cut off after %u bytes",
			     name_of(fn), fn->out.len);
	}
}

/* ---- text ---- */

/**
 * struct text - a file of lspci's being read
 * @dump: where functions go
 * @name: of the file
 * @line: the number of the line
 * @open: a function has begun: the last one
 */
struct text {
	struct dump *dump;
	const char *name;
	unsigned long line;
	bool open;
};

static bool end_function(struct text *text)
{
	if (!text->open)
		return true;
	text->open = false;
	return is_whole(&text->dump->fns[text->dump->nr - 1]);
}

/* OFFSET: and sixteen bytes */
static bool read_bytes(struct text *text, const char *line,
		       unsigned long offset)
{
	unsigned long byte;
	struct fn *fn;
	int i;

	if (!text->open)
		return wrong(text->name, text->line,
			     "bytes, but of which function?");
	fn = &text->dump->fns[text->dump->nr - 1];
	if (fn->out.len == CFG_SIZE)
		return wrong(text->name, text->line,
			     "%s has more than %d bytes", name_of(fn),
			     CFG_SIZE);
	if (offset != fn->out.len)
		return wrong(text->name, text->line,
			     "bytes at %03lx of %s, not at %03x", offset,
			     name_of(fn), fn->out.len);

	for (i = 0; i < BYTES_A_LINE; i++) {
		const char *start = line + 1;

		if (!take_char(&line, ' ') || !take_hex(&line, 2, &byte) ||
		    line - start != 2)
			return wrong(text->name, text->line,
				     "not 16 bytes at %03lx of %s", offset,
				     name_of(fn));
		fn->cfg[fn->out.len++] = byte;
	}
	line += strspn(line, " \t");
	if (*line)
		return wrong(text->name, text->line,
			     "not only bytes at %03lx of %s", offset,
			     name_of(fn));
	return true;
}

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* What is behind the first @end in @text, and the blanks after it. */
static const char *behind(const char *text, char end)
{
	const char *at = strchr(text, end);

	return at ? at + 1 + strspn(at + 1, " ") : text;
}

/*
 * One indented line of words.  With -v lspci names all memory that the kernel
 * knows of, that to which no address was given as well, after a line of flags.
 * (Of a dump it knows no sizes; what it says of that again counts for nothing.)
 */
static void read_words(struct text *text, const char *line)
{
	struct fn *fn;

	if (!text->open || *line++ != '\t')
		return;
	fn = &text->dump->fns[text->dump->nr - 1];
	if (starts(line, "Flags: ") || starts(line, "Control: "))
		fn->memory = MEMORY_NONE;
	if (starts(line, "Region "))
		line = behind(line, ':');
	if (*line == '[')
		line = behind(line, ']');
	if (!starts(line, "Memory at "))
		return;
	fn->memory = MEMORY_SOME;
	if (strstr(line, "[size="))
		text->dump->sized = true;
}

static bool read_line(struct text *text, const char *line)
{
	const char *at = line;
	unsigned long offset;
	struct replay_fn bdf = {};

	if (isblank((unsigned char)*line))
		read_words(text, line);
	if (!*line || isblank((unsigned char)*line) || *line == '#')
		return true;
	if (take_hex(&at, 3, &offset) && at - line >= 2 &&
	    take_char(&at, ':') && *at == ' ')
		return read_bytes(text, at, offset);
	at = line;
	if (!take_bdf(&at, &bdf) || (*at && !isblank((unsigned char)*at)))
		return wrong(text->name, text->line,
			     "this is no line of lspci's");
	if (!end_function(text))
		return false;
	add_fn(text->dump, &bdf, text->name, text->line);
	text->open = true;
	return true;
}

static bool read_lines(struct text *text, FILE *file)
{
	static char line[MAX_LINE];
	enum line got;

	while ((got = next_line(file, text->name, ++text->line, line)) == LINE)
		if (!read_line(text, line))
			return false;
	return got == LINE_END && end_function(text);
}

static bool read_text(struct dump *dump, const char *path)
{
	const bool is_stdin = !strcmp(path, "-");
	struct text text = { .dump = dump,
			     .name = is_stdin ? "standard input" : path };
	FILE *file = is_stdin ? stdin : fopen(path, "r");
	bool fine;

	if (!file)
		return wrong(path, 0, "%s", strerror(errno));
	fine = read_lines(&text, file);
	if (!is_stdin)
		fclose(file);
	return fine;
}

/* ---- raw files ---- */

/* A pipe would be waited for. */
static FILE *open_regular(const char *path)
{
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat facts;

	if (fd < 0 || fstat(fd, &facts))
		wrong(path, 0, "%s", strerror(errno));
	else if (!S_ISREG(facts.st_mode))
		wrong(path, 0, "this is no regular file");
	else
		return must(fdopen(fd, "r"));
	if (fd >= 0)
		close(fd);
	return NULL;
}

static bool read_raw(struct dump *dump, const struct replay_fn *bdf,
		     const char *path)
{
	FILE *file = open_regular(path);
	struct fn *fn;
	bool fine;

	if (!file)
		return false;
	fn = add_fn(dump, bdf, must(strdup(path)), 0);
	fn->out.len = fread(fn->cfg, 1, CFG_SIZE, file);
	fine = !ferror(file);
	if (!fine)
		wrong(path, 0, "%s", strerror(errno));
	else if (fgetc(file) != EOF)
		fine = wrong(path, 0, "more than %d bytes", CFG_SIZE);
	fclose(file);
	return fine && is_whole(fn);
}

/* The address that the last part of a path is. */
static bool is_named_by_bdf(const char *path, struct replay_fn *bdf)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	*bdf = (struct replay_fn){};
	return take_bdf(&name, bdf) && !*name;
}

static bool read_folder_of(struct dump *dump, const char *folder)
{
	DIR *dir = opendir(folder);
	struct replay_fn bdf;
	struct dirent *entry;
	char path[PATH_MAX];
	bool fine = true;
	size_t found = 0;

	if (!dir)
		return wrong(folder, 0, "%s", strerror(errno));
	while (fine && (entry = readdir(dir))) {
		if (!is_named_by_bdf(entry->d_name, &bdf))
			continue;
		found++;
		if (snprintf(path, sizeof(path), "%s/%s/config", folder,
			     entry->d_name) >= (int)sizeof(path))
			fine = wrong(folder, 0, "the path is too long");
		else
			fine = read_raw(dump, &bdf, path);
	}
	closedir(dir);
	if (fine && !found)
		return wrong(folder, 0,
			     "no folder in it is named 0000:00:1f.0 or so");
	return fine;
}

/* A folder's, or a file's, own name is that of its path from the root. */
static bool read_dump(struct dump *dump, const char *path)
{
	struct replay_fn bdf;
	char real[PATH_MAX], config[PATH_MAX + 8];
	struct stat facts;
	char *last;

	if (!strcmp(path, "-"))
		return read_text(dump, path);
	if (stat(path, &facts))
		return wrong(path, 0, "%s", strerror(errno));
	/* A pipe without a name has no real path. */
	if (!realpath(path, real)) {
		if (!S_ISDIR(facts.st_mode) && !S_ISREG(facts.st_mode))
			return read_text(dump, path);
		return wrong(path, 0, "%s", strerror(errno));
	}
	if (S_ISDIR(facts.st_mode)) {
		if (!is_named_by_bdf(real, &bdf))
			return read_folder_of(dump, path);
		snprintf(config, sizeof(config), "%s/config", path);
		return read_raw(dump, &bdf, config);
	}
	last = strrchr(real, '/');
	if (last && !strcmp(last, "/config")) {
		*last = '\0';
		if (is_named_by_bdf(real, &bdf))
			return read_raw(dump, &bdf, path);
	}
	return read_text(dump, path);
}

/* ---- IOMMU groups ---- */

/* ".../iommu_groups/7/devices/0000:00:1f.0" or "0000:00:1f.0 7" */
static bool take_group(const char *line, struct replay_fn *bdf, long *group)
{
	const char *path = strstr(line, "/iommu_groups/");
	char *end;

	*bdf = (struct replay_fn){};
	if (path) {
		path += strlen("/iommu_groups/");
		*group = strtol(path, &end, 10);
		if (end == path || strncmp(end, "/devices/", 9))
			return false;
		line = end + 9;
		return take_bdf(&line, bdf) && !line[strspn(line, " \t")];
	}
	line += strspn(line, " \t");
	if (!take_bdf(&line, bdf) || !isblank((unsigned char)*line))
		return false;
	*group = strtol(line, &end, 10);
	return end != line && !end[strspn(end, " \t")];
}

static bool read_group(struct dump *dump, const char *name,
		       unsigned long number, const char *line)
{
	struct fn *fn, named = {};
	struct replay_fn bdf;
	long group;

	if (!line[strspn(line, " \t")] || *line == '#')
		return true;
	if (!take_group(line, &bdf, &group) || group < 0 || group > INT_MAX)
		return wrong(name, number, "not an address and an IOMMU group");
	fn = find_fn(dump, bdf.domain, bdf.bus, bdf.devfn);
	named.out = bdf;
	if (!fn)
		return wrong(name, number, "there is no %s in the dump",
			     name_of(&named));
	if (fn->out.group >= 0 && fn->out.group != group)
		return wrong(name, number,
			     "%s has been in IOMMU group %d before",
			     name_of(fn), fn->out.group);
	fn->out.group = group;
	return true;
}

static bool read_groups(struct dump *dump, const char *path)
{
	static char line[MAX_LINE];
	unsigned long number = 0;
	enum line got = LINE;
	bool fine = true;
	FILE *file;

	if (!path)
		return true;
	file = fopen(path, "r");
	if (!file)
		return wrong(path, 0, "%s", strerror(errno));
	while (fine && (got = next_line(file, path, ++number, line)) == LINE)
		fine = read_group(dump, path, number, line);
	fclose(file);
	return fine && got == LINE_END;
}

/* ---- all of it ---- */

static __u64 order_of(const struct fn *fn)
{
	return (__u64)fn->out.domain << 16 | fn->out.bus << 8 | fn->out.devfn;
}

static int compare(const void *a, const void *b)
{
	const struct fn *first = a, *second = b;

	if (order_of(first) != order_of(second))
		return order_of(first) < order_of(second) ? -1 : 1;
	/* The second of two that are the same is the one to complain of. */
	return first->line < second->line ? -1 : first->line > second->line;
}

struct fn *find_fn(const struct dump *dump, __u32 domain, unsigned int bus,
		   unsigned int devfn)
{
	const struct fn key = {
		.out = { .domain = domain, .bus = bus, .devfn = devfn },
	};
	size_t from = 0, to = dump->nr;

	while (from < to) {
		const size_t middle = (from + to) / 2;

		if (order_of(&dump->fns[middle]) < order_of(&key))
			from = middle + 1;
		else
			to = middle;
	}
	return from < dump->nr && order_of(&dump->fns[from]) == order_of(&key) ?
		       &dump->fns[from] :
		       NULL;
}

static bool sort_dump(struct dump *dump, const char *path)
{
	size_t i;

	if (!dump->nr)
		return wrong(path, 0, "there is no PCI function in it");
	qsort(dump->fns, dump->nr, sizeof(*dump->fns), compare);
	for (i = 1; i < dump->nr; i++) {
		const struct fn *one = &dump->fns[i - 1], *two = &dump->fns[i];

		if (order_of(one) == order_of(two))
			return wrong(two->file, two->line,
				     "%s for the second time", name_of(two));
	}
	return true;
}

/**
 * struct wish - what is wanted beside the dumps
 * @groups: a file of IOMMU groups, or NULL
 * @wanted: the address of a function that has to be there, or NULL
 * @strict: see struct dump
 */
struct wish {
	const char *groups;
	const char *wanted;
	bool strict;
};

static bool has_wanted(const struct dump *dump, const char *wanted)
{
	struct replay_fn bdf = {};
	const char *at = wanted;

	if (!wanted || (take_bdf(&at, &bdf) && !*at &&
			find_fn(dump, bdf.domain, bdf.bus, bdf.devfn)))
		return true;
	return wrong(wanted, 0, "there is no such function in the dump");
}

/* Return: whether it could be understood. */
static bool understand(struct dump *dump, char **paths, int count,
		       const struct wish *wish)
{
	const char *first = strcmp(paths[0], "-") ? paths[0] : "standard input";
	int n;

	for (n = 0; n < count; n++)
		if (!read_dump(dump, paths[n]))
			return false;
	return sort_dump(dump, first) && read_groups(dump, wish->groups) &&
	       has_wanted(dump, wish->wanted) && build_tree(dump);
}

/* Return: whether it could be understood; that it could be written is a must. */
static bool convert(char **paths, int count, const struct wish *wish, FILE *out)
{
	struct dump dump = { .strict = wish->strict };
	struct replay_head head = { .magic = REPLAY_MAGIC };
	size_t i, size;
	char *notes;
	bool fine;

	dump.notes = must(open_memstream(&notes, &size));
	fine = understand(&dump, paths, count, wish);
	if (fclose(dump.notes))
		must(NULL);
	if (fine)
		fputs(notes, stderr);
	free(notes);

	head.nr = fine ? dump.nr : 0;
	fwrite(&head, sizeof(head), 1, out);
	for (i = 0; i < dump.nr; i++) {
		if (fine) {
			fwrite(&dump.fns[i].out, sizeof(dump.fns[i].out), 1,
			       out);
			fwrite(dump.fns[i].cfg, dump.fns[i].out.len, 1, out);
		}
		free(dump.fns[i].cfg);
	}
	free(dump.fns);
	return fine;
}

static bool convert_all(char **paths, int count, const struct wish *wish,
			bool each, FILE *out)
{
	bool fine = true;
	int n;

	if (!each)
		return convert(paths, count, wish, out);
	for (n = 0; n < count; n++)
		if (!convert(paths + n, 1, wish, out))
			fine = false;
	return fine;
}

int main(int argc, char **argv)
{
	struct wish wish = {};
	bool each = false, fine;
	FILE *out;
	int opt;

	while ((opt = getopt(argc, argv, "esg:x:")) != -1) {
		if (opt == 'e')
			each = true;
		else if (opt == 's')
			wish.strict = true;
		else if (opt == 'g')
			wish.groups = optarg;
		else if (opt == 'x')
			wish.wanted = optarg;
		else
			return 1;
	}
	if (argc - optind < 2)
		return 1;
	out = fopen(argv[optind], "w");
	if (!out) {
		wrong(argv[optind], 0, "%s", strerror(errno));
		return 1;
	}
	fine = convert_all(argv + optind + 1, argc - optind - 1, &wish, each,
			   out);
	if (ferror(out) | fclose(out)) {
		wrong(argv[optind], 0, "%s", strerror(errno));
		return 1;
	}
	return fine ? 0 : 2;
}
