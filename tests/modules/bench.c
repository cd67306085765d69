// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what does a verdict cost?
 *
 * A module for the stock kernel, in a virtual machine that counts instructions
 * (QEMU's -icount shift=0): there the cycle counter goes on by one an
 * instruction, which is checked.  As it is loaded it measures the guard's own
 * engine, side by side with what the kernel has for the same question, and
 * writes down what it finds, a result a line:
 *
 *	=	ROW	CASE	SUBJECT	VALUE	UNIT
 *
 * with tabs between (other lines begin with "#").  It does not load if
 * something is not as it has to be: a verdict, what is counted, the kernel's
 * function, a cost of nothing.
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

/* The first finds the caches of the emulated processor cold, some a timer. */
#define REPEATS 32

static char *out = "/run/bench";
module_param(out, charp, 0);
MODULE_PARM_DESC(out, "where the results go");

static char *bdf = "";
module_param(bdf, charp, 0);
MODULE_PARM_DESC(bdf, "measure the verdict about this device only");

static char *name = "";
module_param(name, charp, 0);
MODULE_PARM_DESC(name, "and call the case so, in row 4");

static unsigned int functions;
module_param(functions, uint, 0);
MODULE_PARM_DESC(functions, "a machine of so many, which stays; its verdicts");

static bool widths;
module_param(widths, bool, 0);
MODULE_PARM_DESC(widths, "verdicts about ever wider devices and switches");

/* ---- Output ---- */

#define OUT_SIZE 0x10000

static char *out_buf;
static unsigned int out_len;

/**
 * bench_print() - write down some of a result
 * @fmt: as printf() has it
 */
void bench_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out_len += vscnprintf(out_buf + out_len, OUT_SIZE - out_len, fmt, args);
	va_end(args);
}

/**
 * bench_fail() - say why there is no result
 * @fmt: as printf() has it
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
 * bench_result() - write down a result
 * @row: of the table
 * @name: of the case
 * @subject: what was measured
 * @value: how much it took
 * @unit: of what
 *
 * Return: 0, or -EINVAL if it took nothing.
 */
int bench_result(unsigned int row, const char *name, const char *subject,
		 u64 value, const char *unit)
{
	bench_print("=\t%u\t%s\t%s\t%llu\t%s\n", row, name, subject, value,
		    unit);
	return value ? 0 : bench_fail("%s: %s: 0 %s", name, subject, unit);
}

static int write_out(void)
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

/* What is measured together with each job. */
static u64 overhead;

static void run_nothing(struct bench_job *job)
{
}

/* Of which there is one: a copy for a job that is known would cost it less. */
static noinline __noclone u64 least(struct bench_job *job)
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
 * bench_cost() - how many instructions does it take?
 * @job: that; run some times, so it must not end anything
 *
 * Return: the least it took, without the call itself.
 */
u64 bench_cost(struct bench_job *job)
{
	return least(job) - overhead;
}

/* Two instructions a round. */
static void run_loop(unsigned long rounds)
{
	asm volatile("1: dec %0; jnz 1b" : "+r"(rounds));
}

static void run_short(struct bench_job *job)
{
	run_loop(100);
}

static void run_long(struct bench_job *job)
{
	run_loop(1100);
}

static int check_counter(void)
{
	struct bench_job nothing = { .run = run_nothing };
	struct bench_job few = { .run = run_short };
	struct bench_job many = { .run = run_long };
	const u64 counted = least(&many) - least(&few);

	if (counted != 2000)
		return bench_fail("2000 instructions are counted as %llu",
				  counted);
	overhead = least(&nothing);
	return 0;
}

/* ---- Allocations ---- */

static struct task_struct *watched;
static unsigned int allocations;

static void count_allocation(void)
{
	if (current == watched)
		allocations++;
}

static void see_kmalloc(void *data, unsigned long call_site, const void *ptr,
			size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags,
			int node)
{
	count_allocation();
}

static void see_cache(void *data, unsigned long call_site, const void *ptr,
		      struct kmem_cache *s, gfp_t gfp_flags, int node)
{
	count_allocation();
}

static void see_page(void *data, struct page *page, unsigned int order,
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

/* That of pages is not exported. */
static int watch(void)
{
	int err;

	err = tracepoint_probe_register(page_tracepoint, see_page, NULL);
	err = err ?: register_trace_kmalloc(see_kmalloc, NULL);
	err = err ?: register_trace_kmem_cache_alloc(see_cache, NULL);
	allocations = 0;
	WRITE_ONCE(watched, current);
	return err;
}

static void end_watch(void)
{
	WRITE_ONCE(watched, NULL);
	unregister_trace_kmem_cache_alloc(see_cache, NULL);
	unregister_trace_kmalloc(see_kmalloc, NULL);
	tracepoint_probe_unregister(page_tracepoint, see_page, NULL);
	tracepoint_synchronize_unregister();
}

/**
 * bench_allocations() - how often does it allocate memory?
 * @job: that; run once
 *
 * Return: the number of allocations, by slab and by page; those that it would
 * have were there no cache of the slab's own are not seen.
 */
unsigned int bench_allocations(struct bench_job *job)
{
	int err = watch();

	job->run(job);
	end_watch();
	return err ? UINT_MAX : allocations;
}

static void run_three(struct bench_job *job)
{
	static struct kmem_cache *cache;

	kfree(kmalloc(100, GFP_KERNEL));
	free_page(__get_free_page(GFP_KERNEL));
	cache = names_cachep;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
}

static int check_allocations(void)
{
	struct bench_job nothing = { .run = run_nothing };
	struct bench_job three = { .run = run_three };
	unsigned int counted;

	for_each_kernel_tracepoint(find_page_tracepoint, NULL);
	if (!page_tracepoint)
		return bench_fail("the kernel has no tracepoint mm_page_alloc");
	counted = bench_allocations(&nothing);
	if (counted)
		return bench_fail("no allocation is counted as %u", counted);
	/* The slab may need a page for it. */
	counted = bench_allocations(&three);
	if (counted < 3 || counted > 5)
		return bench_fail("3 allocations are counted as %u", counted);
	return 0;
}

/* ---- The kernel's own ---- */

static bool (*path_enabled)(struct pci_dev *start, struct pci_dev *end,
			    u16 acs_flags);

/**
 * bench_path_enabled() - pci_acs_path_enabled() of the kernel
 * @pdev: the function
 * @flags: PCI_ACS_*
 *
 * Return: what that says about the way from @pdev to the root.
 */
bool bench_path_enabled(struct pci_dev *pdev, u16 flags)
{
	return path_enabled(pdev, NULL, flags);
}

/* It is not exported; a probe tells where it is. */
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

/* ---- What is asked for ---- */

static int run(void)
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

/* Does something that prints, and has that written. */
static int with_output(int (*what)(void))
{
	int err;

	out_buf = kvmalloc(OUT_SIZE, GFP_KERNEL);
	if (!out_buf)
		return -ENOMEM;
	out_len = 0;
	err = what();
	err = err ?: write_out();
	kvfree(out_buf);
	return err;
}

static bool accounting;

static int set_memory(const char *val, const struct kernel_param *kp)
{
	bool on;
	int err = kstrtobool(val, &on);

	if (err || on == accounting)
		return err ?: -EINVAL;
	accounting = on;
	return on ? bench_begin_memory() : with_output(bench_end_memory);
}

static const struct kernel_param_ops memory_ops = {
	.set = set_memory,
};

module_param_cb(memory, &memory_ops, NULL, 0200);
MODULE_PARM_DESC(memory, "1: note allocations; 0: say what is left of them");

static int __init bench_init(void)
{
	int err = with_output(run);

	if (err)
		bench_take_down();
	return err;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	if (accounting)
		bench_end_memory();
	bench_take_down();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("What a verdict of acs_guard costs");
MODULE_LICENSE("GPL");
