// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark of acs_guard: one verdict, and the kernel's function
 */
#include <linux/err.h>
#include <linux/pci.h>

#include "bench.h"
#include "fake_host.h"
#include "sysfs.h"

/* The flags that the kernel requires when it makes groups (REQ_ACS_FLAGS). */
#define GROUP_FLAGS (PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF)

/* As BENCH_GOOD, but nothing is enabled. */
#define ACS_OFF FAKE_ACS(0x5f, 0)

/* ACS that isolates one of several functions of a device. */
#define ACS_APART FAKE_ACS(PCI_ACS_RR | PCI_ACS_CR, PCI_ACS_RR | PCI_ACS_CR)

static struct bench_verdict *to_verdict(struct bench_job *job)
{
	return container_of(job, struct bench_verdict, job);
}

/**
 * bench_examine() - get the verdict of acs_guard
 * @job: part of a struct bench_verdict
 */
void bench_examine(struct bench_job *job)
{
	struct bench_verdict *bv = to_verdict(job);

	acs_guard_examine(bv->pdev, &bv->policy, &bv->verdict);
}

static void run_path_enabled(struct bench_job *job)
{
	struct bench_verdict *bv = to_verdict(job);

	bv->enabled = bench_path_enabled(bv->pdev, GROUP_FLAGS);
}

static void run_read(struct bench_job *job)
{
	struct bench_verdict *bv = to_verdict(job);

	u32 value;

	pci_read_config_dword(bv->pdev, PCI_VENDOR_ID, &value);
}

static int verdict_result(const char *name, const char *subject, u64 value,
			  const char *unit)
{
	return bench_result(1, name, subject, value, unit);
}

/**
 * struct verdict_case - a verdict to be measured
 * @name: the case
 * @decl: the functions
 * @n: the number of functions
 * @subject: the function that the verdict is about
 * @reads: the expected number of configuration reads
 * @reason: the expected verdict
 * @enabled: the expected result of pci_acs_path_enabled()
 */
struct verdict_case {
	const char *name;
	const struct fake_dev *decl;
	unsigned int n;
	const char *subject;
	unsigned int reads;
	enum acs_guard_reason reason;
	bool enabled;
};

static int expect_verdict(const struct verdict_case *vc,
			  struct bench_verdict *bv)
{
	if (bv->verdict.reason != vc->reason)
		return bench_fail("%s: reason %d instead of %d", vc->name,
				  bv->verdict.reason, vc->reason);
	return 0;
}

static int measure_examine(struct fake_host *host,
			   const struct verdict_case *vc,
			   struct bench_verdict *bv)
{
	const char *subject = bv->policy.strict ? "acs_guard_examine strict" :
						  "acs_guard_examine";
	unsigned int reads, allocations;
	int err;

	bv->job.run = bench_examine;
	fake_host_reset_counts(host);
	bench_examine(&bv->job);
	reads = fake_host_total_reads(host);
	err = expect_verdict(vc, bv);
	if (!err && !bv->policy.strict && reads != vc->reads)
		err = bench_fail("%s: %u config reads instead of %u", vc->name,
				 reads, vc->reads);
	if (err)
		return err;

	allocations = bench_allocations(&bv->job);
	if (allocations)
		return bench_fail("%s: %u allocations", vc->name, allocations);
	bench_print("=\t1\t%s\t%s\t%u\tallocations\n", vc->name, subject,
		    allocations);
	err = verdict_result(vc->name, subject, reads, "reads");
	if (err)
		return err;
	return verdict_result(vc->name, subject, bench_cost(&bv->job),
			      "instructions");
}

static int measure_path_enabled(struct fake_host *host,
				const struct verdict_case *vc,
				struct bench_verdict *bv)
{
	unsigned int reads;
	int err;

	bv->job.run = run_path_enabled;
	fake_host_reset_counts(host);
	run_path_enabled(&bv->job);
	reads = fake_host_total_reads(host);
	if (bv->enabled != vc->enabled)
		return bench_fail("%s: path enabled %d instead of %d", vc->name,
				  bv->enabled, vc->enabled);
	err = verdict_result(vc->name, "pci_acs_path_enabled", reads, "reads");
	if (err)
		return err;
	return verdict_result(vc->name, "pci_acs_path_enabled",
			      bench_cost(&bv->job), "instructions");
}

static int measure_host(struct fake_host *host, const struct verdict_case *vc)
{
	struct bench_verdict bv = { .pdev = fake_host_dev(host, vc->subject) };
	int err;

	if (!bv.pdev)
		return bench_fail("%s: there is no %s", vc->name, vc->subject);
	err = measure_path_enabled(host, vc, &bv);
	if (!err)
		err = measure_examine(host, vc, &bv);
	if (err)
		return err;
	bv.policy.strict = true;
	return measure_examine(host, vc, &bv);
}

static int measure_case(const struct verdict_case *vc)
{
	struct fake_host *host = fake_host_create(vc->decl, vc->n);
	int err;

	if (IS_ERR(host))
		return bench_fail("%s: no host: error %ld", vc->name,
				  PTR_ERR(host));
	acs_guard_registry_init(&acs_guard_attributes);
	acs_guard_add_entries();
	err = measure_host(host, vc);
	acs_guard_remove_entries();
	return fake_host_destroy(host) ?: err;
}

/* ---- The cases ---- */

#define MAX_DEPTH 8

/*
 * @depth ports that affect the verdict: a Root Port, and @depth - 1 switches
 * with one Downstream Port each.
 */
static int measure_depth(unsigned int depth, bool good)
{
	static struct fake_dev decl[2 * MAX_DEPTH] = {
		{ "rp", "", 1, 0, FAKE_RP, .acs = BENCH_GOOD },
	};
	struct verdict_case vc = {
		.decl = decl,
		.n = 1,
		.subject = "ep",
		.reads = depth,
		.reason = good ? ACS_GUARD_ISOLATED : ACS_GUARD_ACS_DISABLED,
		.enabled = good,
	};
	static const struct fake_dev more[] = {
		{ "", "", 0, 0, FAKE_UP },
		{ "", "", 0, 0, FAKE_DP, .acs = BENCH_GOOD },
		{ "ep", "", 0, 0, FAKE_EP },
	};
	char name[16] = "rp", text[32];
	unsigned int i;

	decl[0].acs = good ? (struct fake_acs)BENCH_GOOD :
			     (struct fake_acs)ACS_OFF;
	for (i = 1; i < depth; i++) {
		decl[vc.n] = more[0];
		strscpy(decl[vc.n].up, name, FAKE_NAME_LEN);
		snprintf(decl[vc.n].name, FAKE_NAME_LEN, "up%u", i);
		decl[vc.n + 1] = more[1];
		strscpy(decl[vc.n + 1].up, decl[vc.n].name, FAKE_NAME_LEN);
		snprintf(decl[vc.n + 1].name, FAKE_NAME_LEN, "dp%u", i);
		strscpy(name, decl[vc.n + 1].name, sizeof(name));
		vc.n += 2;
	}
	decl[vc.n] = more[2];
	strscpy(decl[vc.n].up, name, FAKE_NAME_LEN);
	vc.n++;
	snprintf(text, sizeof(text), "%sdepth %u", good ? "" : "denied ",
		 depth);
	vc.name = text;
	return measure_case(&vc);
}

static int measure_depths(bool good)
{
	unsigned int depth;
	int err = 0;

	for (depth = 1; depth <= MAX_DEPTH && !err; depth++)
		err = measure_depth(depth, good);
	return err;
}

static const struct fake_dev pch[] = {
	{ "rp", "", 1, 0, FAKE_RP, .acs = FAKE_ACS_PCH(0xf, 0xf),
	  .vendor = PCI_VENDOR_ID_INTEL, .device = 0xa110 },
	{ "ep", "rp", 0, 0, FAKE_EP },
};

static const struct fake_dev two[] = {
	{ "rp", "", 1, 0, FAKE_RP, .acs = BENCH_GOOD },
	{ "f0", "rp", 0, 0, FAKE_EP, .acs = ACS_APART },
	{ "f1", "rp", 0, 1, FAKE_EP, .acs = ACS_APART },
};

static const struct fake_dev eight[] = {
	{ "rp", "", 1, 0, FAKE_RP, .acs = BENCH_GOOD },
	{ "f0", "rp", 0, 0, FAKE_EP, .acs = ACS_APART },
	{ "f1", "rp", 0, 1, FAKE_EP, .acs = ACS_APART },
	{ "f2", "rp", 0, 2, FAKE_EP, .acs = ACS_APART },
	{ "f3", "rp", 0, 3, FAKE_EP, .acs = ACS_APART },
	{ "f4", "rp", 0, 4, FAKE_EP, .acs = ACS_APART },
	{ "f5", "rp", 0, 5, FAKE_EP, .acs = ACS_APART },
	{ "f6", "rp", 0, 6, FAKE_EP, .acs = ACS_APART },
	{ "f7", "rp", 0, 7, FAKE_EP, .acs = ACS_APART },
};

static const struct fake_dev virtual[] = {
	{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_ARI, .acs = BENCH_GOOD },
	{ "pf", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, .acs = ACS_APART,
	  .vfs.total = 4, .vfs.on = 4 },
};

static const struct fake_dev no_acs[] = {
	{ "rp", "", 1, 0, FAKE_RP, .flags = FAKE_ARI, .acs = BENCH_GOOD },
	{ "pf", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, .vfs.total = 4,
	  .vfs.on = 4 },
};

static const struct fake_dev wide[] = {
	{ "rp", "", 1, 0, FAKE_RP, .acs = BENCH_GOOD },
	{ "up", "rp", 0, 0, FAKE_UP },
	{ "dp0", "up", 0, 0, FAKE_DP, .acs = BENCH_GOOD },
	{ "dp1", "up", 1, 0, FAKE_DP, .acs = BENCH_GOOD },
	{ "dp2", "up", 2, 0, FAKE_DP, .acs = BENCH_GOOD },
	{ "dp3", "up", 3, 0, FAKE_DP, .acs = BENCH_GOOD },
	{ "ep", "dp0", 0, 0, FAKE_EP },
};

/* All are isolated. */
static const struct verdict_case width_cases[] = {
	{ "PCH root port", pch, ARRAY_SIZE(pch), "ep", 2 },
	{ "2 functions", two, ARRAY_SIZE(two), "f1", 3 },
	{ "8 functions", eight, ARRAY_SIZE(eight), "f1", 9 },
	{ "VF of a PF with ACS", virtual, ARRAY_SIZE(virtual), "pf.vf1", 2 },
	{ "VF of a PF without ACS", no_acs, ARRAY_SIZE(no_acs), "pf.vf1", 1 },
	{ "PF with ACS and 4 VFs", virtual, ARRAY_SIZE(virtual), "pf", 2 },
	{ "switch of 4 ports", wide, ARRAY_SIZE(wide), "ep", 5 },
};

static int measure_widths(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(width_cases) && !err; i++) {
		struct verdict_case vc = width_cases[i];

		vc.reason = ACS_GUARD_ISOLATED;
		vc.enabled = true;
		err = measure_case(&vc);
	}
	return err;
}

/* The cost of one read of the fake host, the lower limit of a read. */
static int measure_read(void)
{
	struct fake_host *host = fake_host_create(pch, ARRAY_SIZE(pch));
	struct bench_verdict bv = { .job.run = run_read };
	int err;

	if (IS_ERR(host))
		return PTR_ERR(host);
	bv.pdev = fake_host_dev(host, "ep");
	err = bv.pdev ?
		      verdict_result("one config read", "pci_read_config_dword",
				     bench_cost(&bv.job), "instructions") :
		      -ENODEV;
	return fake_host_destroy(host) ?: err;
}

/**
 * bench_verdicts() - measure the cost of one verdict in each case
 *
 * Return: 0 or a negative errno.
 */
int bench_verdicts(void)
{
	int err;

	err = measure_read();
	err = err ?: measure_depths(true);
	err = err ?: measure_depths(false);
	return err ?: measure_widths();
}

/* ---- A device of the machine ---- */

/**
 * bench_device() - measure the cost of the verdict on a real device
 * @name: the case
 * @bdf: the address of the device, as in 0000:04:00.0
 *
 * Return: 0 or a negative errno.
 */
int bench_device(const char *name, const char *bdf)
{
	struct bench_verdict bv = { .job.run = bench_examine };
	unsigned int domain, bus, slot, fn;
	int err;

	if (sscanf(bdf, "%x:%x:%x.%x", &domain, &bus, &slot, &fn) != 4)
		return bench_fail("'%s' is not an address", bdf);
	bv.pdev = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, fn));
	if (!bv.pdev)
		return bench_fail("there is no %s", bdf);
	acs_guard_registry_init(&acs_guard_attributes);
	acs_guard_add_entries();
	err = bench_result(4, name, "acs_guard_examine", bench_cost(&bv.job),
			   "instructions");
	acs_guard_remove_entries();
	bv.job.run = run_path_enabled;
	if (!err)
		err = bench_result(4, name, "pci_acs_path_enabled",
				   bench_cost(&bv.job), "instructions");
	pci_dev_put(bv.pdev);
	return err;
}
