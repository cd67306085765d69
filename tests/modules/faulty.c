// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: a module with faults, one a load
 *
 * For kernels that find bugs by themselves (scripts/check-debug): an instrument
 * that is silent about these would be silent about the guard's, too.
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
MODULE_PARM_DESC(fault, "which one");

/* Only by READ_ONCE() and WRITE_ONCE(): the compiler is not to see through it. */
static void *hidden;

/* Lockdep: the order of two locks, once in each way. */
static void lock_inversion(void)
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
static void sleep_under_lock(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	WRITE_ONCE(hidden, kmalloc(8, GFP_KERNEL));
	spin_unlock(&lock);
	kfree(READ_ONCE(hidden));
}

static void no_callback(struct timer_list *timer)
{
}

/* DEBUG_OBJECTS: memory is freed with a timer in it that is to go off. */
static void free_timer(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, no_callback, 0);
	mod_timer(timer, jiffies + 60 * HZ);
	kfree(timer);
}

/* DEBUG_NOTIFIERS: a callback that is no code. */
static void bad_notifier(void)
{
	static ATOMIC_NOTIFIER_HEAD(head);
	static struct notifier_block block;

	block.notifier_call = (notifier_fn_t)&block;
	atomic_notifier_chain_register(&head, &block);
	atomic_notifier_call_chain(&head, 0, NULL);
}

/* UBSAN */
static void shift_too_far(void)
{
	unsigned long by = BITS_PER_LONG;

	OPTIMIZER_HIDE_VAR(by);
	WRITE_ONCE(hidden, (void *)(1UL << by));
}

/* A slab's whole object, and of a size that few others have. */
#define LEAK_SIZE 4096

/* kmemleak; more than one, for a stale word may still point to the last. */
static void leak(void)
{
	int i;

	for (i = 0; i < 16; i++)
		WRITE_ONCE(hidden, kmalloc(LEAK_SIZE, GFP_KERNEL));
	WRITE_ONCE(hidden, NULL);
}

/* KASAN */
static void use_after_free(void)
{
	u8 *byte = kmalloc(32, GFP_KERNEL);

	if (!byte)
		return;
	WRITE_ONCE(hidden, byte);
	kfree(byte);
	byte = READ_ONCE(hidden);
	pr_info("freed memory holds %u\n", READ_ONCE(byte[3]));
}

static unsigned long shared;

static int count(void *unused)
{
	while (!kthread_should_stop()) {
		shared++;
		barrier();
		cond_resched();
	}
	return 0;
}

/* KCSAN: two threads add to a variable, with no lock. */
static void race(void)
{
	struct task_struct *one = kthread_run(count, NULL, "acs_faulty/1");
	struct task_struct *two = kthread_run(count, NULL, "acs_faulty/2");

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
	{ "lock-inversion", lock_inversion },
	{ "sleep-under-lock", sleep_under_lock },
	{ "free-timer", free_timer },
	{ "bad-notifier", bad_notifier },
	{ "shift-too-far", shift_too_far },
	{ "leak", leak },
	{ "use-after-free", use_after_free },
	{ "race", race },
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

MODULE_DESCRIPTION("Faults that a debug kernel has to find");
MODULE_LICENSE("GPL");
