// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes at random to every file of the guard's that can be written, reads at
 * random from every one that can be read, and keeps its own account of what
 * each write must have come to.
 *
 * usage: fuzz SEED WRITES LOCK DEVICE...
 *   LOCK    0: leave the parameter "lock" alone; 1: last, try that as well,
 *           which is for good
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

/* The longest write and read. */
#define MAX_LENGTH 8192

#define MAX_FILES 256

/**
 * struct kind - what a file takes, in the words of Documentation/admin-guide.rst
 * @name: the file's name
 * @words: what it takes, value by value; NULL if it takes a number
 * @shown: what it then shows, value by value; NULL if it cannot be read
 * @is_parameter: ends at a NUL, as a C string
 * @frozen: keeps its value once "lock" is set
 */
struct kind {
	const char *name;
	const char *const *words;
	const char *const *shown;
	bool is_parameter;
	bool frozen;
};

/* As many words mean 0 as mean 1: the first half, the second half. */
static const char *const switch_words[] = { "0", "n",  "off", "1",
					    "y", "on", NULL };
static const char *const switch_shown[] = { "0\n", "1\n" };
static const char *const mode_words[] = { "enforce", "audit", NULL };
static const char *const mode_shown[] = { "enforce\n", "audit\n" };
static const char *const unit_words[] = { "function", "group", NULL };
static const char *const unit_shown[] = { "function\n", "group\n" };
static const char *const trigger_words[] = { "1", NULL };

static const struct kind kinds[] = {
	{ "permissive", switch_words, switch_shown, false, true },
	{ "mode", mode_words, mode_shown, true, true },
	{ "unit", unit_words, unit_shown, true, true },
	{ "recheck", trigger_words, NULL, true, false },
	{ "recheck_period", NULL, NULL, true, true },
};

/* Seconds: a day. */
#define MAX_NUMBER 86400

/**
 * struct target - a file
 * @path: its path
 * @kind: what it takes; NULL if it cannot be written
 * @value: what it should be set to
 * @readable: it can be read
 */
struct target {
	char path[MAX_PATH];
	const struct kind *kind;
	unsigned long long value;
	bool readable;
};

static struct target targets[MAX_FILES];
static unsigned int num_targets;
static struct target *writable[MAX_FILES], *readable[MAX_FILES];
static unsigned int num_writable, num_readable;

static unsigned char bytes[MAX_LENGTH];
static size_t length;
static struct random source;

/* --- the account --- */

/* One line feed at the end is none of the word's. */
static bool is_word(const char *word, const unsigned char *data, size_t len)
{
	if (len && data[len - 1] == '\n')
		len--;
	return len == strlen(word) && !memcmp(data, word, len);
}

/* Digits, and perhaps a line feed. */
static bool is_number(const unsigned char *data, size_t len,
		      unsigned long long *value)
{
	size_t i;

	if (len && data[len - 1] == '\n')
		len--;
	if (!len)
		return false;
	*value = 0;
	for (i = 0; i < len; i++) {
		if (data[i] < '0' || data[i] > '9')
			return false;
		*value = *value * 10 + data[i] - '0';
		if (*value > MAX_NUMBER)
			return false;
	}
	return true;
}

/* Return: should @kind take this, and as what? */
static bool takes(const struct kind *kind, const unsigned char *data,
		  size_t len, unsigned long long *value)
{
	const unsigned char *nul = memchr(data, '\0', len);
	unsigned int i, count = 0;

	if (kind->is_parameter && nul)
		len = nul - data;
	if (!kind->words)
		return is_number(data, len, value);
	while (kind->words[count])
		count++;
	for (i = 0; i < count; i++)
		if (is_word(kind->words[i], data, len))
			break;
	*value = count > 1 ? 2 * i / count : i;
	return i < count;
}

static void show_write(const struct target *target, off_t offset)
{
	size_t i;

	printf("write of %zu bytes at %lld to %s:", length, (long long)offset,
	       target->path);
	for (i = 0; i < length && i < 64; i++)
		printf(" %02x", bytes[i]);
	putchar('\n');
}

static void check_state(struct target *target)
{
	const char *const *shown = target->kind->shown;
	char text[PAGE], number_text[32];
	const char *wanted;

	if (!target->readable)
		return;
	snprintf(number_text, sizeof(number_text), "%llu\n", target->value);
	wanted = shown ? shown[target->value] : number_text;
	if (get(target->path, text, sizeof(text)) < 0 || strcmp(text, wanted))
		die("%s is '%s', should be '%s'", target->path, text, wanted);
}

/* --- what is written --- */

static void fill(size_t len)
{
	size_t i;

	length = len;
	for (i = 0; i < len; i++)
		bytes[i] = any(&source);
}

/* A word that some file takes, whatever file this is for. */
static void fill_word(void)
{
	const struct kind *kind = &kinds[one_of(&source, ARRAY_SIZE(kinds))];
	unsigned int count = 0;

	if (!kind->words) {
		length =
			sprintf((char *)bytes, "%ju",
				(uintmax_t)any(&source) >> one_of(&source, 64));
		return;
	}
	while (kind->words[count])
		count++;
	length = sprintf((char *)bytes, "%s",
			 kind->words[one_of(&source, count)]);
}

static void append(char c)
{
	bytes[length++] = c;
}

static void prepend(char c)
{
	memmove(bytes + 1, bytes, length++);
	bytes[0] = c;
}

/* Nearly what would be right, which is where a parser is wrong. */
static void spoil(void)
{
	static const char few[] = { '\n', '\0', ' ', '0', '1', '-', '+', '\t' };

	switch (one_of(&source, 6)) {
	case 0:
		append(few[one_of(&source, sizeof(few))]);
		break;
	case 1:
		prepend(few[one_of(&source, sizeof(few))]);
		break;
	case 2:
		bytes[one_of(&source, length)] ^= 1 << one_of(&source, 8);
		break;
	case 3:
		length = one_of(&source, length + 1);
		break;
	case 4:
		append('\0');
		while (length < MAX_LENGTH && one_of(&source, 64))
			append(any(&source));
		break;
	case 5:
		append('\n');
		append(few[one_of(&source, sizeof(few))]);
		break;
	}
}

static void choose_bytes(void)
{
	const unsigned int way = one_of(&source, 8);

	if (way == 0)
		fill(one_of(&source, MAX_LENGTH + 1));
	else if (way == 1)
		fill(one_of(&source, 9));
	else
		fill_word();
	if (way == 2 || way == 3)
		append('\n');
	if (way == 4 || way == 5)
		spoil();
}

static off_t choose_offset(void)
{
	switch (one_of(&source, 8)) {
	case 0:
		return one_of(&source, 3 * PAGE);
	case 1:
		return any(&source) >> (1 + one_of(&source, 60));
	case 2:
		return -(off_t)one_of(&source, PAGE);
	default:
		return 0;
	}
}

static bool write_once(struct target *target, bool locked)
{
	const off_t offset = choose_offset();
	const int fd = open_file(target->path, O_WRONLY);
	unsigned long long value;
	bool wanted;
	ssize_t got, expected;

	choose_bytes();
	/* The kernel takes a page at most, and none of nothing. */
	expected = length < PAGE ? length : PAGE;
	wanted = length && offset >= 0 &&
		 takes(target->kind, bytes, expected, &value);
	if (wanted && locked && target->kind->frozen && value != target->value)
		wanted = false;
	/* The end of such a write is nowhere. */
	if (offset > INT64_MAX - (off_t)length)
		wanted = false;
	got = pwrite(fd, bytes, length, offset);
	close(fd);

	if (wanted)
		target->value = value;
	if (wanted ? got != expected : got > 0) {
		show_write(target, offset);
		die("returned %zd (%s), and should have %s", got,
		    got < 0 ? strerror(errno) : "bytes",
		    wanted ? "been taken" : "failed");
	}
	check_state(target);
	return wanted;
}

/* --- reads --- */

/* Any part of a file is that part of the whole. */
static void read_once(const struct target *target)
{
	static char whole[MAX_LENGTH], part[MAX_LENGTH];
	const size_t len = one_of(&source, MAX_LENGTH + 1);
	const off_t offset = choose_offset();
	ssize_t size, got, expected;
	int fd;

	size = get(target->path, whole, sizeof(whole));
	if (size < 0)
		die("%s cannot be read: %s", target->path, strerror(-size));
	fd = open_file(target->path, O_RDONLY);
	got = pread(fd, part, len, offset);
	close(fd);
	if (offset < 0 || offset > INT64_MAX - (off_t)len) {
		if (got >= 0)
			die("%s: read at %lld", target->path,
			    (long long)offset);
		return;
	}
	expected = offset < size ? size - offset : 0;
	if (expected > (ssize_t)len)
		expected = len;
	/* The kernel may give less, but what it gives is right. */
	if (got < 0 || got > expected || (expected && !got) ||
	    memcmp(part, whole + (got ? offset : 0), got))
		die("%s: read of %zu bytes at %lld gave %zd", target->path, len,
		    (long long)offset, got);
}

/* --- the files --- */

static const struct kind *kind_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	die("a file that can be written, and that this program knows nothing of: %s",
	    name);
}

static void add_file(const char *folder, const char *name)
{
	struct target *target = &targets[num_targets++];
	char text[PAGE];
	struct stat status;

	if (num_targets == MAX_FILES)
		die("too many files");
	snprintf(target->path, sizeof(target->path), "%s/%s", folder, name);
	if (stat(target->path, &status))
		die("%s: %s", target->path, strerror(errno));
	if (status.st_mode & 0222) {
		target->kind = kind_of(name);
		writable[num_writable++] = target;
	} else if (open(target->path, O_WRONLY) >= 0) {
		die("%s can be opened for writing", target->path);
	}
	if (!(status.st_mode & 0444))
		return;
	target->readable = true;
	readable[num_readable++] = target;
	if (!target->kind)
		return;
	/* From here on it is as this program's account says. */
	get(target->path, text, sizeof(text));
	if (!target->kind->words)
		target->value = parse_number(strtok(text, "\n"));
	else
		target->value = strcmp(text, target->kind->shown[0]) != 0;
	check_state(target);
}

static void add_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	if (!dir)
		die("no folder %s", folder);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "lock"))
			add_file(folder, entry->d_name);
	closedir(dir);
}

static void fuzz(unsigned long long writes, bool locked)
{
	unsigned long long taken = 0, reads = 0, i;
	unsigned int j;

	for (i = 0; i < writes; i++) {
		taken += write_once(writable[one_of(&source, num_writable)],
				    locked);
		if (one_of(&source, 4))
			continue;
		read_once(readable[one_of(&source, num_readable)]);
		reads++;
	}
	for (j = 0; j < num_writable; j++)
		check_state(writable[j]);
	printf("%llu writes to %u files%s, %llu of them taken; %llu reads of %u files\n",
	       writes, num_writable, locked ? " under lock" : "", taken, reads,
	       num_readable);
}

/* Words that are none do not lock; then it is locked, and nothing changes. */
static void fuzz_lock(unsigned long long writes)
{
	static const char *const bad[] = { "2", "-1", "10", "x", "", " 1" };
	char text[PAGE];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (bad[i][0] && !put(PARAMETERS "/lock", bad[i]))
			die("lock took '%s'", bad[i]);
	get(PARAMETERS "/lock", text, sizeof(text));
	if (text[0] != '0')
		die("lock is '%s'", text);
	must_put(PARAMETERS "/lock", "1");
	fuzz(writes, true);
	if (put(PARAMETERS "/lock", "0") != -EPERM)
		die("lock can be taken back");
	if (!syscall(SYS_delete_module, "acs_guard", O_NONBLOCK))
		die("what is locked can be unloaded");
	get(PARAMETERS "/lock", text, sizeof(text));
	if (text[0] != '1')
		die("lock is '%s'", text);
}

int main(int argc, char **argv)
{
	unsigned long long writes;
	int i;

	if (argc < 5)
		die("usage: fuzz SEED WRITES LOCK DEVICE...");
	seed_random(&source, parse_number(argv[1]));
	writes = parse_number(argv[2]);
	for (i = 4; i < argc; i++)
		add_folder(path(PCI "/devices/%s/acs_guard", argv[i]));
	add_folder(PARAMETERS);
	printf("seed %s\n", argv[1]);
	fuzz(writes, false);
	if (parse_number(argv[3]))
		fuzz_lock(writes / 10);
	return 0;
}
