// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutated dumps for acs-guard --dump: of a good one, a few functions with what
 * is above them, and some bytes, numbers or lines of that changed.
 *
 * usage: mutate SEED FIRST COUNT FOLDER DUMP...
 *
 * Writes FOLDER/N for N from FIRST on, COUNT dumps, each of one DUMP; the same
 * SEED and N give the same dump.  Beside some is an N.cut, some functions of
 * which end early: what is refused in N must not be isolated there.  On
 * standard output: "N BDF WHY" for each function that cannot be isolated, since
 * something that counts for it cannot be read.  That is worked out here in the
 * simplest way, by what the bytes say, and is not all.
 */
#include <ctype.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"

#define MAX_BASE 256

/* So many in a row are of the same dump. */
#define STRETCH 50

struct fn fns[MAX_FNS];
unsigned int nr;

static struct fn base[MAX_BASE];
static unsigned int nr_base;
static __u64 state;

/* ---- chance ---- */

static __u64 any(void)
{
	__u64 x = state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static unsigned int one_of(unsigned int count)
{
	return any() % count;
}

static struct fn *any_fn(void)
{
	return &fns[one_of(nr)];
}

/* ---- a good dump, and some of it ---- */

static bool take_address(const char *line, struct fn *fn)
{
	unsigned int slot, function;

	*fn = (struct fn){};
	if (sscanf(line, "%x:%x:%x.%x", &fn->domain, &fn->bus, &slot,
		   &function) != 4) {
		fn->domain = 0;
		if (sscanf(line, "%x:%x.%x", &fn->bus, &slot, &function) != 3)
			return false;
	}
	fn->devfn = slot << 3 | function;
	return true;
}

static void read_base(const char *path)
{
	FILE *file = fopen(path, "r");
	struct fn address, *last = NULL;
	unsigned int at, byte;
	char line[4096], *text;
	int used, i;

	if (!file) {
		perror(path);
		exit(1);
	}
	nr_base = 0;
	while (fgets(line, sizeof(line), file)) {
		if (take_address(line, &address)) {
			last = nr_base < MAX_BASE ? &base[nr_base++] : NULL;
			if (last)
				*last = address;
		} else if (last && isxdigit((unsigned char)*line) &&
			   sscanf(line, "%x:%n", &at, &used) == 1 &&
			   at + 16 <= CFG) {
			text = line + used;
			for (i = 0; i < 16; i++, text += 3)
				if (sscanf(text, " %x", &byte) == 1)
					last->cfg[at + i] = byte;
			last->len = at + 16;
		}
	}
	fclose(file);
}

static bool is_chosen(const struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (fns[i].domain == fn->domain && fns[i].bus == fn->bus &&
		    fns[i].devfn == fn->devfn)
			return true;
	return false;
}

static void choose(const struct fn *fn)
{
	unsigned int i;

	if (nr == MAX_FNS || is_chosen(fn))
		return;
	fns[nr++] = *fn;
	for (i = 0; i < nr_base; i++)
		if (base[i].domain == fn->domain && is_bridge(&base[i]) &&
		    base[i].cfg[0x19] == fn->bus && fn->bus)
			choose(&base[i]);
}

static int by_address(const void *a, const void *b)
{
	const struct fn *one = a, *two = b;

	if (one->domain != two->domain)
		return one->domain < two->domain ? -1 : 1;
	if (one->bus != two->bus)
		return one->bus < two->bus ? -1 : 1;
	return (int)one->devfn - (int)two->devfn;
}

static void choose_some(void)
{
	unsigned int wanted = 1 + one_of(6);

	nr = 0;
	while (wanted--)
		choose(&base[one_of(nr_base)]);
	qsort(fns, nr, sizeof(*fns), by_address);
}

/* ---- mutations ---- */

static void cut(struct fn *fn)
{
	static const unsigned int lengths[] = { 64, 128, 256, 256, 256 };
	const unsigned int len = lengths[one_of(5)];

	if (fn->len > len)
		fn->len = len;
}

static void spoil_acs(struct fn *fn)
{
	static const unsigned int values[] = { 0xffff, 0x0000, 0x001d,
					       0x003d, 0x005d, 0xff1d };
	const unsigned int at = find_ext(fn, 0x0d);

	if (at && at + 12 <= CFG)
		put(fn, at + 4 + 2 * one_of(3), 2, values[one_of(6)]);
}

static void spoil_vfs(struct fn *fn)
{
	const unsigned int at = find_ext(fn, 0x10);

	if (at && at + 0x20 <= CFG)
		put(fn, at + 8 + 2 * one_of(10), 2,
		    one_of(2) ? one_of(16) : any());
}

static void spoil_list(struct fn *fn)
{
	const unsigned int at = find_ext(fn, 1 + one_of(0x2f));

	if (at)
		put(fn, at, 4, one_of(3) ? any() : 0xffffffff);
	else
		put(fn, 0x100, 4, one_of(3) ? any() : 0xffffffff);
}

static void spoil_buses(struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < nr && !is_bridge(fn); i++)
		fn = &fns[i];
	fn->cfg[0x18 + one_of(3)] = one_of(2) ? one_of(8) : any();
}

static void spoil_type(struct fn *fn)
{
	const unsigned int at = find_cap(fn, 0x10);

	if (at)
		fn->cfg[at + 2] = one_of(16) << 4 | 2;
}

static void move(struct fn *fn)
{
	if (one_of(2))
		fn->devfn = one_of(4) ? one_of(256) : any_fn()->devfn;
	else if (one_of(2))
		fn->bus = one_of(4) ? one_of(256) : any_fn()->bus;
	else
		fn->domain = one_of(3) ? one_of(3) : 0x10000 + one_of(3);
}

static void drop(struct fn *fn)
{
	if (nr > 1)
		*fn = fns[--nr];
}

static void mutate(void)
{
	struct fn *fn = any_fn();
	unsigned int at;

	switch (one_of(15)) {
	case 0:
		fn->cfg[one_of(0x40)] ^= 1 << one_of(8);
		break;
	case 1:
		fn->cfg[one_of(0x100)] = any();
		break;
	case 2:
		fn->cfg[0x100 + one_of(0x200)] = any();
		break;
	case 3:
		for (at = 0; at < CFG; at++)
			if (!one_of(200))
				fn->cfg[at] = any();
		break;
	case 4:
		memset(fn->cfg, one_of(2) ? 0xff : 0, CFG);
		break;
	case 5:
		memset(fn->cfg + 4 * one_of(CFG / 4 - 16), 0xff, 64);
		break;
	case 6:
	case 7:
		cut(fn);
		break;
	case 8:
	case 9:
		spoil_acs(fn);
		break;
	case 10:
		spoil_vfs(fn);
		break;
	case 11:
		spoil_list(fn);
		break;
	case 12:
		spoil_buses(fn);
		break;
	case 13:
		spoil_type(fn);
		break;
	default:
		one_of(2) ? move(fn) : drop(fn);
	}
}

/* ---- text ---- */

/* Lines may be lost, come twice, end early, or be something else. */
static void write_line(FILE *file, char *line, bool spoil)
{
	const size_t len = strlen(line);

	if (spoil && !one_of(300)) {
		switch (one_of(5)) {
		case 0:
			return;
		case 1:
			fputs(line, file);
			break;
		case 2:
			line[one_of(len)] = '\0';
			break;
		case 3:
			line[one_of(len)] = any();
			break;
		default:
			fputs("some words\n", file);
		}
	}
	fputs(line, file);
}

static void write_dump(const char *path, bool spoil)
{
	FILE *file = fopen(path, "w");
	unsigned int i, at, k, used;
	char line[128];

	if (!file) {
		perror(path);
		exit(1);
	}
	for (i = 0; i < nr; i++) {
		snprintf(line, sizeof(line), "%04x:%02x:%02x.%x\n",
			 fns[i].domain, fns[i].bus, fns[i].devfn >> 3,
			 fns[i].devfn & 7);
		write_line(file, line, spoil);
		for (at = 0; at < fns[i].len; at += 16) {
			used = snprintf(line, sizeof(line), "%02x:", at);
			for (k = 0; k < 16; k++)
				used += snprintf(line + used,
						 sizeof(line) - used, " %02x",
						 fns[i].cfg[at + k]);
			snprintf(line + used, sizeof(line) - used, "\n");
			write_line(file, line, spoil);
		}
	}
	if (spoil && !one_of(4))
		fprintf(file, "%lx", (unsigned long)any());
	if (fclose(file)) {
		perror(path);
		exit(1);
	}
}

/* The same with less of some functions: who knows less, must not allow more. */
static void write_cut(const char *folder, unsigned int number)
{
	unsigned int left = 1 + one_of(3);
	char path[512];

	while (left--)
		cut(any_fn());
	snprintf(path, sizeof(path), "%s/%u.cut", folder, number);
	write_dump(path, false);
}

int main(int argc, char **argv)
{
	const char *name, *last = NULL;
	unsigned int number, first, count, left;
	char path[512];
	bool spoil;

	if (argc < 6)
		return 1;
	first = atoi(argv[2]);
	count = atoi(argv[3]);
	for (number = first; number < first + count; number++) {
		state = strtoull(argv[1], NULL, 0) * 1000003 + number;
		name = argv[5 + number / STRETCH % (argc - 5)];
		if (name != last)
			read_base(name);
		last = name;
		choose_some();
		for (left = 1 + one_of(4); left; left--)
			mutate();
		spoil = !one_of(8);
		snprintf(path, sizeof(path), "%s/%u", argv[4], number);
		write_dump(path, spoil);
		if (!spoil)
			print_function(number);
		if (!spoil && !one_of(3))
			write_cut(argv[4], number);
	}
	return 0;
}
