/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fake host whose bridges suspend, and are slow to resume
 */
#ifndef SLEEPY_HOST_H
#define SLEEPY_HOST_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/workqueue.h>

#include "fake_host.h"

/**
 * struct removal_scene - a host with removals
 * @decl: the functions
 * @n: the number of functions
 * @judged: the functions that walks are for
 * @victims: the functions to remove
 * @takes: the time of a removal that does not wait, in ticks; of VFs: 1 s
 * @resumes: the removal itself resumes functions: VFs are removed while their
 *PF is awake
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
 * struct removal - the removal of a function during the resume of a bridge
 * @work: the removal
 * @host: the host of the function
 * @victim: the function
 * @take: removes it
 * @at: the number of the nap (resume) at which the removal begins, or 0
 * @takes: the time that the nap waits for the end of the removal, in ticks
 * @end: the removal is complete
 * @ended: the removal was complete at the end of the nap
 * @waits: the removal has to wait for the resume, because it removes the bridge
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
			    const struct removal_scene *scene);
void sleepy_down(struct kunit *test);
void run_walks(struct pci_dev *pdev);

#endif /* SLEEPY_HOST_H */
