// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard_faulty: a module with known faults, one for each load
 *
 * For kernels with debug options (scripts/check-debug).  A tool that does not
 * report a fault here would not report the same fault in acs_guard.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "the name of the fault");

/* Only for READ_ONCE() and WRITE_ONCE(), which are not optimized away. */
static void *opaque_pointer;

/* PROVE_LOCKING: two locks are taken in both orders. */
static void commit_lock_inversion(void)
{
	static DEFINE_MUTEX(a);
	static DEFINE_MUTEX(b);

	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
	mutex_lock(&b);
	mutex_lock(&a);
	mutex_unlock(&a);
	mutex_unlock(&b);
}

/* DEBUG_ATOMIC_SLEEP */
static void commit_sleep_under_lock(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	WRITE_ONCE(opaque_pointer, kmalloc(8, GFP_KERNEL));
	spin_unlock(&lock);
	kfree(READ_ONCE(opaque_pointer));
}

static void do_nothing_timer(struct timer_list *timer)
{
}

/* DEBUG_OBJECTS: memory that has an active timer is freed. */
static void commit_free_timer(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, do_nothing_timer, 0);
	mod_timer(timer, jiffies + 60 * HZ);
	kfree(timer);
}

/* DEBUG_NOTIFIERS: the address of a callback is not in the code. */
static void commit_bad_notifier(void)
{
	static ATOMIC_NOTIFIER_HEAD(head);
	static struct notifier_block block;

	block.notifier_call = (notifier_fn_t)&block;
	atomic_notifier_chain_register(&head, &block);
	atomic_notifier_call_chain(&head, 0, NULL);
}

/* UBSAN */
static void commit_shift_too_far(void)
{
	unsigned long by = BITS_PER_LONG;

	OPTIMIZER_HIDE_VAR(by);
	WRITE_ONCE(opaque_pointer, (void *)(1UL << by));
}

/* A size that few other objects have. */
#define LEAK_SIZE 4096

/* kmemleak: several leaks, because a stale pointer to the last may be left. */
static void commit_leak(void)
{
	int i;

	for (i = 0; i < 16; i++)
		WRITE_ONCE(opaque_pointer, kmalloc(LEAK_SIZE, GFP_KERNEL));
	WRITE_ONCE(opaque_pointer, NULL);
}

/* KASAN */
static void commit_use_after_free(void)
{
	u8 *byte = kmalloc(32, GFP_KERNEL);

	if (!byte)
		return;
	WRITE_ONCE(opaque_pointer, byte);
	kfree(byte);
	byte = READ_ONCE(opaque_pointer);
	pr_info("freed memory holds %u\n", READ_ONCE(byte[3]));
}

static unsigned long shared_counter;

static int count_shared(void *unused)
{
	while (!kthread_should_stop()) {
		shared_counter++;
		barrier();
		cond_resched();
	}
	return 0;
}

/* KCSAN: two threads add to a variable without a lock. */
static void commit_race(void)
{
	struct task_struct *one =
		kthread_run(count_shared, NULL, "acs_faulty/1");
	struct task_struct *two =
		kthread_run(count_shared, NULL, "acs_faulty/2");

	msleep(10000);
	if (!IS_ERR(one))
		kthread_stop(one);
	if (!IS_ERR(two))
		kthread_stop(two);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "lock-inversion", commit_lock_inversion },
	{ "sleep-under-lock", commit_sleep_under_lock },
	{ "free-timer", commit_free_timer },
	{ "bad-notifier", commit_bad_notifier },
	{ "shift-too-far", commit_shift_too_far },
	{ "leak", commit_leak },
	{ "use-after-free", commit_use_after_free },
	{ "race", commit_race },
};

static int __init faulty_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (strcmp(fault, faults[i].name))
			continue;
		faults[i].commit();
		return 0;
	}
	pr_err("no such fault: %s\n", fault);
	return -EINVAL;
}
module_init(faulty_init);

static void __exit faulty_exit(void)
{
}
module_exit(faulty_exit);

MODULE_DESCRIPTION("Known faults, to be found by debug kernels");
MODULE_LICENSE("GPL");
