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

#define CFG 4096
#define MAX_BASE 256
#define MAX_FNS 40

/* So many in a row are of the same dump. */
#define STRETCH 50

struct fn {
	unsigned int domain;
	unsigned int bus;
	unsigned int devfn;
	unsigned int len;
	unsigned char cfg[CFG];
};

static struct fn base[MAX_BASE], fns[MAX_FNS];
static unsigned int nr_base, nr;
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

/* ---- registers ---- */

static unsigned int get(const struct fn *fn, unsigned int at, unsigned int size)
{
	unsigned int value = 0;

	while (size--)
		value = value << 8 | fn->cfg[at + size];
	return value;
}

static void put(struct fn *fn, unsigned int at, unsigned int size,
		unsigned int value)
{
	for (; size--; value >>= 8)
		fn->cfg[at++] = value;
}

static bool is_bridge(const struct fn *fn)
{
	const unsigned int type = fn->cfg[0x0e] & 0x7f;

	return fn->cfg[0] + fn->cfg[1] != 2 * 0xff && (type == 1 || type == 2);
}

static unsigned int find_cap(const struct fn *fn, unsigned int id)
{
	unsigned int left = 48, at;

	if (!(fn->cfg[6] & 0x10))
		return 0;
	at = (fn->cfg[0x0e] & 0x7f) == 2 ? 0x14 : 0x34;
	for (at = fn->cfg[at] & ~3; at >= 0x40 && at < fn->len && left--;
	     at = fn->cfg[at + 1] & ~3)
		if (fn->cfg[at] == id)
			return at;
	return 0;
}

static unsigned int find_ext(const struct fn *fn, unsigned int id)
{
	unsigned int at = 0x100, left = 480;

	while (fn->len == CFG && at >= 0x100 && left--) {
		if ((get(fn, at, 4) & 0xffff) == id)
			return at;
		at = get(fn, at, 4) >> 20 & ~3;
	}
	return 0;
}

/* 0 to 15, or -1 for a conventional one */
static int type_of(const struct fn *fn)
{
	const unsigned int at = find_cap(fn, 0x10);

	return at ? fn->cfg[at + 2] >> 4 : -1;
}

static bool is_port(const struct fn *fn)
{
	return type_of(fn) == 4 || type_of(fn) == 6;
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

/* ---- who cannot be isolated? ---- */

static const struct fn *bridge_to(const struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < nr && fn->bus; i++)
		if (fns[i].domain == fn->domain && is_bridge(&fns[i]) &&
		    fns[i].cfg[0x19] == fn->bus && fns[i].bus < fn->bus)
			return &fns[i];
	return NULL;
}

/* Nothing, or not what counts, can be read of it. */
static bool is_dark(const struct fn *fn)
{
	if (get(fn, 0, 2) == 0xffff || !get(fn, 0, 4))
		return true;
	/* A list of capabilities that leads to where nothing was recorded. */
	if (fn->len < 256 && fn->cfg[6] & 0x10 && !find_cap(fn, 0x10) &&
	    fn->cfg[0x34] >= fn->len)
		return true;
	if (type_of(fn) < 0)
		return false;
	return fn->len < CFG || get(fn, 0x100, 4) == 0xffffffff;
}

static bool is_acs_dark(const struct fn *fn)
{
	const unsigned int at = find_ext(fn, 0x0d);

	return at && at + 8 <= CFG &&
	       (get(fn, at + 4, 2) == 0xffff || get(fn, at + 6, 2) == 0xffff);
}

static unsigned int rid_of(const struct fn *fn)
{
	return fn->bus << 8 | fn->devfn;
}

/* Has @pf virtual functions on, of which @fn is one? */
static bool is_vf_of(const struct fn *fn, const struct fn *pf)
{
	const unsigned int at = find_ext(pf, 0x10);
	unsigned int nth, count;

	if (!at || at + 0x20 > CFG || pf->domain != fn->domain ||
	    !(pf->cfg[at + 8] & 1))
		return false;
	count = get(pf, at + 0x10, 2);
	for (nth = 0; nth < count; nth++)
		if (rid_of(fn) == rid_of(pf) + get(pf, at + 0x14, 2) +
					  nth * get(pf, at + 0x16, 2))
			return true;
	return false;
}

static const struct fn *pf_of(const struct fn *fn)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (&fns[i] != fn && is_vf_of(fn, &fns[i]))
			return &fns[i];
	return NULL;
}

/* A dummy host bridge does not count. */
static bool is_host_bridge(const struct fn *fn)
{
	return get(fn, 0x0a, 2) == 0x0600;
}

static const char *why_not(const struct fn *fn)
{
	const struct fn *pf = pf_of(fn), *above = bridge_to(pf ? pf : fn), *at;
	unsigned int i, siblings = 0, dark = is_dark(fn);

	if (!pf && get(fn, 0, 2) == 0xffff)
		return "it does not answer";
	if (pf && is_dark(pf))
		return "its PF cannot be read";
	for (at = above; at; at = bridge_to(at))
		if (is_port(at) && (is_dark(at) || is_acs_dark(at)))
			return "a port above cannot be read";
	if (pf)
		return NULL;
	for (i = 0; i < nr; i++) {
		at = &fns[i];
		if (at == fn || at->domain != fn->domain ||
		    at->bus != fn->bus || is_host_bridge(at) || pf_of(at))
			continue;
		if (!(above && is_port(above)) &&
		    at->devfn >> 3 != fn->devfn >> 3)
			continue;
		siblings++;
		dark |= is_dark(at);
	}
	if (siblings && dark)
		return "one of several, not all of which can be read";
	return NULL;
}

static void print_function(unsigned int number)
{
	const char *why;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		why = why_not(&fns[i]);
		if (why)
			printf("%u\t%04x:%02x:%02x.%x\t%s\n", number,
			       fns[i].domain, fns[i].bus, fns[i].devfn >> 3,
			       fns[i].devfn & 7, why);
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
