/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmark of acs_guard: what its files share
 */
#ifndef BENCH_H
#define BENCH_H

#include <linux/types.h>

#include "examine.h"
#include "pci_dev.h"
#include "registry.h"

struct pci_dev;

/**
 * struct bench_job - something whose cost is measured
 * @run: does it once; the job is embedded in what @run works on
 */
struct bench_job {
	void (*run)(struct bench_job *job);
};

/**
 * struct bench_verdict - a verdict whose cost is measured
 * @job: gets the verdict
 * @pdev: the function
 * @policy: of acs_guard_examine()
 * @verdict: the result of acs_guard_examine()
 * @enabled: the result of pci_acs_path_enabled()
 */
struct bench_verdict {
	struct bench_job job;
	struct pci_dev *pdev;
	struct acs_guard_policy policy;
	struct acs_guard_verdict verdict;
	bool enabled;
};

/* bench.c */

u64 bench_cost(struct bench_job *job);
unsigned int bench_allocations(struct bench_job *job);
bool bench_path_enabled(struct pci_dev *pdev, u16 flags);
__printf(1, 2) int bench_fail(const char *fmt, ...);
__printf(1, 2) void bench_print(const char *fmt, ...);
int bench_result(unsigned int row, const char *name, const char *subject,
		 u64 value, const char *unit);

/* bench_verdict.c */

/* ACS of a port: each required control is implemented and enabled. */
#define BENCH_GOOD FAKE_ACS(0x5f, 0x1d)

void bench_examine(struct bench_job *job);
int bench_verdicts(void);
int bench_device(const char *name, const char *bdf);

/* bench_scale.c */

int bench_machine(unsigned int functions);
int bench_widths(void);
int bench_take_down(void);

/* bench_memory.c */

int bench_begin_memory(void);
int bench_end_memory(void);

#endif /* BENCH_H */
