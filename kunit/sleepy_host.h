/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fake host whose bridges sleep, and take their time to wake
 */
#ifndef SLEEPY_HOST_H
#define SLEEPY_HOST_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/workqueue.h>

#include "fake_host.h"

/**
 * struct removal_scene - where removals take place
 * @decl: the functions
 * @n: how many
 * @judged: those who are asked about
 * @victims: those who go
 * @takes: how long that takes if nobody is in the way; virtual functions: 1 s
 * @resumes: that takes resumes of its own: virtual functions go while their PF
 *	is awake
 */
struct removal_scene {
	const struct fake_dev *decl;
	unsigned int n;
	const char *judged[3];
	const char *victims[9];
	unsigned int takes;
	bool resumes;
};

typedef int (*take_fn)(struct fake_host *host, const char *name);

/**
 * struct removal - the removal of a function, begun by the resume of a bridge
 * @work: the removal
 * @host: the host of the function
 * @victim: the function
 * @take: removes it
 * @at: the nap at which the removal begins, or 0
 * @takes: how long that nap waits for the end of the removal
 * @end: the removal has come to its end
 * @ended: that was so at the end of the nap
 * @waits: the removal has to wait for the resume: the bridge goes with @victim
 * @err: the result of @take
 */
struct removal {
	struct work_struct work;
	struct fake_host *host;
	const char *victim;
	take_fn take;
	unsigned int at;
	unsigned int takes;
	struct completion end;
	bool ended;
	bool waits;
	int err;
};

extern struct removal removal;

extern const struct removal_scene removal_scenes[3];
extern unsigned int nap_count;

struct fake_host *sleepy_up(struct kunit *test,
			    const struct removal_scene *removal_scene);
void sleepy_down(struct kunit *test);
void run_walks(struct pci_dev *pdev);

#endif /* SLEEPY_HOST_H */
