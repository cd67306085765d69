// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark of acs_guard: the cost of a verdict
 *
 * This module is for a stock kernel in a virtual machine that counts
 * instructions (QEMU's -icount shift=0).  There the cycle counter increases by
 * one with each instruction; the module checks that.  When it is loaded, it
 * measures the engine of acs_guard and the kernel's function for the same
 * question, and writes a line for each result:
 *
 *	=	ROW	CASE	SUBJECT	VALUE	UNIT
 *
 * The separators are tabs; other lines begin with "#".  The module fails to
 * load if a check fails: a verdict is not the expected one, the counters are
 * wrong, the kernel's function is not found, or a cost is zero.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timex.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#include "bench.h"

/* In the first run the caches are cold; a timer interrupts some others. */
#define REPEATS 32

static char *out = "/run/bench";
module_param(out, charp, 0);
MODULE_PARM_DESC(out, "the file for the results");

static char *bdf = "";
module_param(bdf, charp, 0);
MODULE_PARM_DESC(bdf, "measure only the verdict on this device");

static char *name = "";
module_param(name, charp, 0);
MODULE_PARM_DESC(name, "the case of bdf= in row 4");

static unsigned int functions;
module_param(functions, uint, 0);
MODULE_PARM_DESC(functions, "add and measure a machine of this size");

static bool widths;
module_param(widths, bool, 0);
MODULE_PARM_DESC(widths, "measure devices and switches of growing width");

/* ---- Output ---- */

#define OUT_SIZE 0x10000

static char *out_buf;
static unsigned int out_len;

/**
 * bench_print() - add to the output
 * @fmt: as of printf()
 */
void bench_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out_len += vscnprintf(out_buf + out_len, OUT_SIZE - out_len, fmt, args);
	va_end(args);
}

/**
 * bench_fail() - log why there is no result
 * @fmt: as of printf()
 *
 * Return: -EINVAL.
 */
int bench_fail(const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	pr_err("%pV\n", &vaf);
	va_end(args);
	return -EINVAL;
}

/**
 * bench_result() - add a result to the output
 * @row: the row of the table
 * @name: the case
 * @subject: what was measured
 * @value: the cost
 * @unit: the unit of @value
 *
 * Return: 0, or -EINVAL if @value is 0.
 */
int bench_result(unsigned int row, const char *name, const char *subject,
		 u64 value, const char *unit)
{
	bench_print("=\t%u\t%s\t%s\t%llu\t%s\n", row, name, subject, value,
		    unit);
	return value ? 0 : bench_fail("%s: %s: 0 %s", name, subject, unit);
}

static int write_output(void)
{
	struct file *file = filp_open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	loff_t pos = 0;
	ssize_t len;

	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_write(file, out_buf, out_len, &pos);
	filp_close(file, NULL);
	return len == out_len ? 0 : -EIO;
}

/* ---- Instructions ---- */

/* The cost of an empty job, which is part of each measurement. */
static u64 job_overhead;

static void run_empty_job(struct bench_job *job)
{
}

/* Not cloned: a clone for a constant job would make that job cheaper. */
static noinline __noclone u64 least_cost(struct bench_job *job)
{
	u64 best = U64_MAX;
	unsigned int i;

	for (i = 0; i < REPEATS; i++) {
		const cycles_t start = get_cycles();

		job->run(job);
		best = min_t(u64, best, get_cycles() - start);
	}
	return best;
}

/**
 * bench_cost() - count the instructions of a job
 * @job: the job, which is run several times
 *
 * Return: the lowest count, without the call of @job->run.
 */
u64 bench_cost(struct bench_job *job)
{
	return least_cost(job) - job_overhead;
}

/* Two instructions a round. */
static void run_loop(unsigned long rounds)
{
	asm volatile("1: dec %0; jnz 1b" : "+r"(rounds));
}

static void run_short_loop(struct bench_job *job)
{
	run_loop(100);
}

static void run_long_loop(struct bench_job *job)
{
	run_loop(1100);
}

static int check_counter(void)
{
	struct bench_job nothing = { .run = run_empty_job };
	struct bench_job few = { .run = run_short_loop };
	struct bench_job many = { .run = run_long_loop };
	const u64 counted = least_cost(&many) - least_cost(&few);

	if (counted != 2000)
		return bench_fail("2000 instructions are counted as %llu",
				  counted);
	job_overhead = least_cost(&nothing);
	return 0;
}

/* ---- Allocations ---- */

static struct task_struct *watched_task;
static unsigned int allocation_count;

static void count_allocation(void)
{
	if (current == watched_task)
		allocation_count++;
}

static void trace_kmalloc_alloc(void *data, unsigned long call_site,
				const void *ptr, size_t bytes_req,
				size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	count_allocation();
}

static void trace_cache_alloc(void *data, unsigned long call_site,
			      const void *ptr, struct kmem_cache *s,
			      gfp_t gfp_flags, int node)
{
	count_allocation();
}

static void trace_page_alloc(void *data, struct page *page, unsigned int order,
			     gfp_t gfp_flags, int migratetype)
{
	count_allocation();
}

static struct tracepoint *page_tracepoint;

static void find_page_tracepoint(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "mm_page_alloc"))
		page_tracepoint = tp;
}

/* The tracepoint of page allocations is not exported. */
static int watch_allocations(void)
{
	int err;

	err = tracepoint_probe_register(page_tracepoint, trace_page_alloc,
					NULL);
	err = err ?: register_trace_kmalloc(trace_kmalloc_alloc, NULL);
	err = err ?: register_trace_kmem_cache_alloc(trace_cache_alloc, NULL);
	allocation_count = 0;
	WRITE_ONCE(watched_task, current);
	return err;
}

static void unwatch_allocations(void)
{
	WRITE_ONCE(watched_task, NULL);
	unregister_trace_kmem_cache_alloc(trace_cache_alloc, NULL);
	unregister_trace_kmalloc(trace_kmalloc_alloc, NULL);
	tracepoint_probe_unregister(page_tracepoint, trace_page_alloc, NULL);
	tracepoint_synchronize_unregister();
}

/**
 * bench_allocations() - count the memory allocations of a job
 * @job: the job, which is run once
 *
 * Return: the number of allocations of slab objects and of pages; UINT_MAX if
 * they could not be counted.
 */
unsigned int bench_allocations(struct bench_job *job)
{
	int err = watch_allocations();

	job->run(job);
	unwatch_allocations();
	return err ? UINT_MAX : allocation_count;
}

static struct kmem_cache *object_cache;

static void run_object_allocation(void)
{
	kmem_cache_free(object_cache,
			kmem_cache_alloc(object_cache, GFP_KERNEL));
}

static void run_three_allocations(struct bench_job *job)
{
	kfree(kmalloc(100, GFP_KERNEL));
	free_page(__get_free_page(GFP_KERNEL));
	run_object_allocation();
}

static int check_allocations(void)
{
	struct bench_job nothing = { .run = run_empty_job };
	struct bench_job three = { .run = run_three_allocations };
	unsigned int counted;

	for_each_kernel_tracepoint(find_page_tracepoint, NULL);
	if (!page_tracepoint)
		return bench_fail("the kernel has no tracepoint mm_page_alloc");
	counted = bench_allocations(&nothing);
	if (counted)
		return bench_fail("0 allocations are counted as %u", counted);
	object_cache = kmem_cache_create("acs_guard_bench", 4096, 0, 0, NULL);
	if (!object_cache)
		return -ENOMEM;
	/* The first object of a cache needs a page, and the others may. */
	run_object_allocation();
	counted = bench_allocations(&three);
	kmem_cache_destroy(object_cache);
	if (counted < 3 || counted > 5)
		return bench_fail("3 allocations are counted as %u", counted);
	return 0;
}

/* ---- The kernel's function ---- */

static bool (*path_enabled)(struct pci_dev *start, struct pci_dev *end,
			    u16 acs_flags);

/**
 * bench_path_enabled() - call pci_acs_path_enabled()
 * @pdev: the function
 * @flags: PCI_ACS_*
 *
 * Return: its result for the path from @pdev to the root bus.
 */
bool bench_path_enabled(struct pci_dev *pdev, u16 flags)
{
	return path_enabled(pdev, NULL, flags);
}

/* The function is not exported; a kprobe finds its address. */
static int find_path_enabled(void)
{
	struct kprobe probe = { .symbol_name = "pci_acs_path_enabled" };
	int err;

	err = register_kprobe(&probe);
	if (err)
		return bench_fail("no pci_acs_path_enabled(): error %d", err);
	path_enabled = (void *)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

/* ---- Parameters ---- */

static int measure_by_params(void)
{
	int err;

	err = check_counter();
	err = err ?: check_allocations();
	err = err ?: find_path_enabled();
	if (err)
		return err;
	if (*bdf)
		return bench_device(*name ? name : bdf, bdf);
	if (widths)
		return bench_widths();
	return functions ? bench_machine(functions) : bench_verdicts();
}

/* Calls @measure, and writes the output to the file. */
static int with_output(int (*measure)(void))
{
	int err;

	out_buf = kvmalloc(OUT_SIZE, GFP_KERNEL);
	if (!out_buf)
		return -ENOMEM;
	out_len = 0;
	err = measure();
	err = err ?: write_output();
	kvfree(out_buf);
	return err;
}

static bool memory_accounted;

static int set_memory_param(const char *val, const struct kernel_param *kp)
{
	bool on;
	int err = kstrtobool(val, &on);

	if (err || on == memory_accounted)
		return err ?: -EINVAL;
	memory_accounted = on;
	return on ? bench_begin_memory() : with_output(bench_end_memory);
}

static const struct kernel_param_ops memory_param_ops = {
	.set = set_memory_param,
};

module_param_cb(memory, &memory_param_ops, NULL, 0200);
MODULE_PARM_DESC(memory,
		 "1: record allocations; 0: print those that are not freed");

static int __init bench_init(void)
{
	int err = with_output(measure_by_params);

	if (err)
		bench_take_down();
	return err;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	if (memory_accounted)
		bench_end_memory();
	bench_take_down();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("Benchmark of acs_guard");
MODULE_LICENSE("GPL");
