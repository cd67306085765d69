// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark of acs_guard: memory by owner
 *
 * Between begin and end each slab allocation is recorded with its call site,
 * and the record is dropped when the memory is freed.  The rest is attributed
 * by call site: to acs_guard (its entries and their index), to sysfs for the
 * attributes of acs_guard, or to others.  Page allocations are not recorded.
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

/* In place of the address of freed memory: a search continues behind it. */
#define CHUNK_FREED ((const void *)1)

struct chunk {
	const void *at;
	u32 size;
	u32 site;
};

/* A call site.  A helper allocates for its caller, which is the site then. */
struct site {
	unsigned long at;
	bool helper;
	unsigned int chunks;
	size_t bytes;
};

static struct chunk *chunk_table;
static unsigned int chunk_slots; /* in use, those of freed memory included */
static struct site sites[MAX_SITES];
static unsigned int num_sites;
static bool record_overflow;
static DEFINE_RAW_SPINLOCK(record_lock);

static bool has_prefix(const char *symbol, const char *const *names,
		       unsigned int n)
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
	return has_prefix(symbol, names, ARRAY_SIZE(names));
}

static struct site *find_call_site(unsigned long at)
{
	unsigned int i;

	for (i = 0; i < num_sites; i++)
		if (sites[i].at == at)
			return &sites[i];
	if (num_sites == MAX_SITES) {
		record_overflow = true;
		return &sites[0];
	}
	sites[num_sites] = (struct site){ .at = at, .helper = is_helper(at) };
	return &sites[num_sites++];
}

/* The call site that the memory is for: the caller of a helper. */
static struct site *responsible_site(unsigned long at)
{
	struct site *site = find_call_site(at);
	unsigned long stack[16];
	unsigned int n, i;

	if (!site->helper)
		return site;
	n = stack_trace_save(stack, ARRAY_SIZE(stack), 0);
	for (i = 0; i < n && stack[i] != at; i++)
		;
	while (i < n && site->helper)
		site = find_call_site(stack[i++]);
	return site;
}

static void record_chunk(unsigned long call_site, const void *at, size_t size)
{
	u32 i = hash_ptr(at, TABLE_BITS);
	unsigned long flags;
	struct site *site;

	if (!at)
		return;
	raw_spin_lock_irqsave(&record_lock, flags);
	if (chunk_slots < TABLE_SIZE / 2) {
		while (chunk_table[i].at && chunk_table[i].at != CHUNK_FREED)
			i = (i + 1) % TABLE_SIZE;
		chunk_slots += !chunk_table[i].at;
		site = responsible_site(call_site);
		site->chunks++;
		site->bytes += size;
		chunk_table[i] = (struct chunk){ at, size, site - sites };
	} else {
		record_overflow = true;
	}
	raw_spin_unlock_irqrestore(&record_lock, flags);
}

static void drop_chunk(const void *at)
{
	u32 i = hash_ptr(at, TABLE_BITS);
	unsigned long flags;

	if (!at)
		return;
	raw_spin_lock_irqsave(&record_lock, flags);
	while (chunk_table[i].at && chunk_table[i].at != at)
		i = (i + 1) % TABLE_SIZE;
	if (chunk_table[i].at) {
		sites[chunk_table[i].site].chunks--;
		sites[chunk_table[i].site].bytes -= chunk_table[i].size;
		chunk_table[i].at = CHUNK_FREED;
	}
	raw_spin_unlock_irqrestore(&record_lock, flags);
}

static void trace_kmalloc_alloc(void *data, unsigned long call_site,
				const void *ptr, size_t bytes_req,
				size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	record_chunk(call_site, ptr, bytes_alloc);
}

static void trace_cache_alloc(void *data, unsigned long call_site,
			      const void *ptr, struct kmem_cache *s,
			      gfp_t gfp_flags, int node)
{
	record_chunk(call_site, ptr, kmem_cache_size(s));
}

static void trace_kmalloc_free(void *data, unsigned long call_site,
			       const void *ptr)
{
	drop_chunk(ptr);
}

static void trace_cache_free(void *data, unsigned long call_site,
			     const void *ptr, const struct kmem_cache *s)
{
	drop_chunk(ptr);
}

/**
 * bench_begin_memory() - start to record allocations
 *
 * Return: 0 or a negative errno.
 */
int bench_begin_memory(void)
{
	int err;

	chunk_table = kvcalloc(TABLE_SIZE, sizeof(*chunk_table), GFP_KERNEL);
	if (!chunk_table)
		return -ENOMEM;
	chunk_slots = 0;
	num_sites = 0;
	record_overflow = false;
	err = register_trace_kfree(trace_kmalloc_free, NULL);
	err = err ?: register_trace_kmem_cache_free(trace_cache_free, NULL);
	err = err ?: register_trace_kmalloc(trace_kmalloc_alloc, NULL);
	return err ?: register_trace_kmem_cache_alloc(trace_cache_alloc, NULL);
}

static void stop_recording(void)
{
	unregister_trace_kmem_cache_alloc(trace_cache_alloc, NULL);
	unregister_trace_kmalloc(trace_kmalloc_alloc, NULL);
	unregister_trace_kmem_cache_free(trace_cache_free, NULL);
	unregister_trace_kfree(trace_kmalloc_free, NULL);
	tracepoint_synchronize_unregister();
	kvfree(chunk_table);
}

/* ---- Owners ---- */

enum owner { GUARD, SYSFS, OTHER, NUM_OWNERS };

static enum owner owner_of(const char *symbol)
{
	/* Functions that grow an index of acs_guard. */
	static const char *const index[] = { "xas_", "__xa_", "bucket_table_",
					     "rhashtable_" };
	/* The inode numbers of kernfs are in a radix tree. */
	static const char *const sysfs[] = { "kernfs_", "__kernfs_", "sysfs_",
					     "radix_tree_node_alloc" };

	if (strstr(symbol, "[acs_guard]") ||
	    has_prefix(symbol, index, ARRAY_SIZE(index)))
		return GUARD;
	return has_prefix(symbol, sysfs, ARRAY_SIZE(sysfs)) ? SYSFS : OTHER;
}

/**
 * bench_end_memory() - stop to record, and print what is not freed
 *
 * Return: 0, or -EINVAL if acs_guard or sysfs has nothing, or if there were
 * more allocations than records.
 */
int bench_end_memory(void)
{
	size_t bytes[NUM_OWNERS] = {};
	char symbol[KSYM_SYMBOL_LEN];
	unsigned int i;

	stop_recording();
	if (record_overflow)
		return bench_fail("there were more allocations than records");
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
		return bench_fail("acs_guard or sysfs has no memory");
	return 0;
}
