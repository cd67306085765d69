// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark: who holds how much memory?
 *
 * Between begin and end each allocation of the slab's is noted, with who asked
 * for it, and struck out when it is freed.  What is left is told by the place
 * that asked: the guard's own (its entries, and the index of them), that of
 * sysfs for its attributes, and what has nothing to do with it.  Whole pages
 * beyond the slab's are not seen.
 */
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#include "bench.h"

#define TABLE_BITS 20
#define TABLE_SIZE BIT(TABLE_BITS)
#define MAX_SITES 256

/* Of what was freed: the search goes on behind it. */
#define FREED ((const void *)1)

struct chunk {
	const void *at;
	u32 size;
	u32 site;
};

/* Of one that only asks for somebody else, what is behind it on the stack. */
struct site {
	unsigned long at;
	bool helper;
	unsigned int chunks;
	size_t bytes;
};

static struct chunk *table;
static unsigned int used; /* of the table, what was freed included */
static struct site sites[MAX_SITES];
static unsigned int num_sites;
static bool overflow;
static DEFINE_RAW_SPINLOCK(lock);

static bool starts(const char *symbol, const char *const *names, unsigned int n)
{
	while (n--)
		if (str_has_prefix(symbol, names[n]))
			return true;
	return false;
}

static bool is_helper(unsigned long at)
{
	static const char *const names[] = { "kvmalloc_node", "kstrdup",
					     "kmemdup", "kvasprintf" };
	char symbol[KSYM_SYMBOL_LEN];

	sprint_symbol(symbol, at);
	return starts(symbol, names, ARRAY_SIZE(names));
}

static struct site *find_site(unsigned long at)
{
	unsigned int i;

	for (i = 0; i < num_sites; i++)
		if (sites[i].at == at)
			return &sites[i];
	if (num_sites == MAX_SITES) {
		overflow = true;
		return &sites[0];
	}
	sites[num_sites] = (struct site){ .at = at, .helper = is_helper(at) };
	return &sites[num_sites++];
}

/* Who asked, for itself? */
static struct site *site_of(unsigned long at)
{
	struct site *site = find_site(at);
	unsigned long stack[16];
	unsigned int n, i;

	if (!site->helper)
		return site;
	n = stack_trace_save(stack, ARRAY_SIZE(stack), 0);
	for (i = 0; i < n && stack[i] != at; i++)
		;
	while (i < n && site->helper)
		site = find_site(stack[i++]);
	return site;
}

static void note(unsigned long call_site, const void *at, size_t size)
{
	u32 i = hash_ptr(at, TABLE_BITS);
	unsigned long flags;
	struct site *site;

	if (!at)
		return;
	raw_spin_lock_irqsave(&lock, flags);
	if (used < TABLE_SIZE / 2) {
		while (table[i].at && table[i].at != FREED)
			i = (i + 1) % TABLE_SIZE;
		used += !table[i].at;
		site = site_of(call_site);
		site->chunks++;
		site->bytes += size;
		table[i] = (struct chunk){ at, size, site - sites };
	} else {
		overflow = true;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
}

static void strike_out(const void *at)
{
	u32 i = hash_ptr(at, TABLE_BITS);
	unsigned long flags;

	if (!at)
		return;
	raw_spin_lock_irqsave(&lock, flags);
	while (table[i].at && table[i].at != at)
		i = (i + 1) % TABLE_SIZE;
	if (table[i].at) {
		sites[table[i].site].chunks--;
		sites[table[i].site].bytes -= table[i].size;
		table[i].at = FREED;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
}

static void see_kmalloc(void *data, unsigned long call_site, const void *ptr,
			size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags,
			int node)
{
	note(call_site, ptr, bytes_alloc);
}

static void see_cache(void *data, unsigned long call_site, const void *ptr,
		      struct kmem_cache *s, gfp_t gfp_flags, int node)
{
	note(call_site, ptr, kmem_cache_size(s));
}

static void see_kfree(void *data, unsigned long call_site, const void *ptr)
{
	strike_out(ptr);
}

static void see_cache_free(void *data, unsigned long call_site, const void *ptr,
			   const struct kmem_cache *s)
{
	strike_out(ptr);
}

/**
 * bench_begin_memory() - account for what is allocated from now on
 *
 * Return: 0 or a negative errno.
 */
int bench_begin_memory(void)
{
	int err;

	table = kvcalloc(TABLE_SIZE, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	used = 0;
	num_sites = 0;
	overflow = false;
	err = register_trace_kfree(see_kfree, NULL);
	err = err ?: register_trace_kmem_cache_free(see_cache_free, NULL);
	err = err ?: register_trace_kmalloc(see_kmalloc, NULL);
	return err ?: register_trace_kmem_cache_alloc(see_cache, NULL);
}

static void stop(void)
{
	unregister_trace_kmem_cache_alloc(see_cache, NULL);
	unregister_trace_kmalloc(see_kmalloc, NULL);
	unregister_trace_kmem_cache_free(see_cache_free, NULL);
	unregister_trace_kfree(see_kfree, NULL);
	tracepoint_synchronize_unregister();
	kvfree(table);
}

/* ---- Whose is it? ---- */

enum owner { GUARD, SYSFS, OTHER, NUM_OWNERS };

static enum owner owner_of(const char *symbol)
{
	/* What makes an index of the guard's grow. */
	static const char *const index[] = { "xas_", "__xa_", "bucket_table_",
					     "rhashtable_" };
	/* Its inode numbers come from a radix tree. */
	static const char *const sysfs[] = { "kernfs_", "__kernfs_", "sysfs_",
					     "radix_tree_node_alloc" };

	if (strstr(symbol, "[acs_guard]") ||
	    starts(symbol, index, ARRAY_SIZE(index)))
		return GUARD;
	return starts(symbol, sysfs, ARRAY_SIZE(sysfs)) ? SYSFS : OTHER;
}

/**
 * bench_end_memory() - what is left of what was allocated?
 *
 * Return: 0, or a negative errno: the guard has nothing, or too much was going
 * on to be noted.
 */
int bench_end_memory(void)
{
	size_t bytes[NUM_OWNERS] = {};
	char symbol[KSYM_SYMBOL_LEN];
	unsigned int i;

	stop();
	if (overflow)
		return bench_fail("more allocations than there is room for");
	for (i = 0; i < num_sites; i++) {
		if (!sites[i].chunks)
			continue;
		sprint_symbol(symbol, sites[i].at);
		bytes[owner_of(symbol)] += sites[i].bytes;
		bench_print("#\tsite\t%u\t%zu\t%s\n", sites[i].chunks,
			    sites[i].bytes, symbol);
	}
	bench_print("#\tguard\t%zu\n#\tsysfs\t%zu\n#\tother\t%zu\n",
		    bytes[GUARD], bytes[SYSFS], bytes[OTHER]);
	if (!bytes[GUARD] || !bytes[SYSFS])
		return bench_fail("nothing of the guard's is left");
	return 0;
}
