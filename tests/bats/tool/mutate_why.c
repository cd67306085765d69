// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers of a dump, and which functions cannot be isolated by them.
 */
#include <stdbool.h>
#include <stdio.h>

#include "mutate.h"

/* ---- registers ---- */

unsigned int get(const struct fn *fn, unsigned int at, unsigned int size)
{
	unsigned int value = 0;

	while (size--)
		value = value << 8 | fn->cfg[at + size];
	return value;
}

void put(struct fn *fn, unsigned int at, unsigned int size, unsigned int value)
{
	for (; size--; value >>= 8)
		fn->cfg[at++] = value;
}

bool is_bridge(const struct fn *fn)
{
	const unsigned int type = fn->cfg[0x0e] & 0x7f;

	return fn->cfg[0] + fn->cfg[1] != 2 * 0xff && (type == 1 || type == 2);
}

unsigned int find_cap(const struct fn *fn, unsigned int id)
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

unsigned int find_ext(const struct fn *fn, unsigned int id)
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
int type_of(const struct fn *fn)
{
	const unsigned int at = find_cap(fn, 0x10);

	return at ? fn->cfg[at + 2] >> 4 : -1;
}

bool is_port(const struct fn *fn)
{
	return type_of(fn) == 4 || type_of(fn) == 6;
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

void print_function(unsigned int number)
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
