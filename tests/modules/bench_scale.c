// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark of acs_guard: machines of any size
 *
 * Each machine has the same few subjects, whose verdicts are measured, and a
 * load of other hosts that do not affect these verdicts.  The other hosts are
 * alike: a switch with 32 ports without ACS and an endpoint below each, and a
 * PF that does not isolate its 256 virtual functions.  The last host has the
 * remainder, in the same proportion.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "bench.h"
#include "fake_host.h"
#include "sysfs.h"

#define MAX_HOSTS 64
#define MAX_PORTS 32
#define MAX_VFS FAKE_MAX_VFS

/* Two Root Ports, an Upstream Port and a PF. */
#define FRAME 4
#define FULL_HOST (FRAME + 2 * MAX_PORTS + MAX_VFS)

static struct fake_host *hosts[MAX_HOSTS];
static unsigned int num_hosts;

/* The first host of the load. */
static unsigned int load_ports;
static unsigned int load_vfs;

static const struct fake_dev subjects[] = {
	{ "rp0", "", 1, 0, FAKE_RP, .acs = BENCH_GOOD },
	{ "ep", "rp0", 0, 0, FAKE_EP },
	{ "rp1", "", 2, 0, FAKE_RP, .acs = BENCH_GOOD },
	{ "up", "rp1", 0, 0, FAKE_UP },
	{ "dp", "up", 0, 0, FAKE_DP, .acs = BENCH_GOOD },
	{ "below", "dp", 0, 0, FAKE_EP },
	{ "rp2", "", 3, 0, FAKE_RP, .flags = FAKE_ARI, .acs = BENCH_GOOD },
	{ "pf", "rp2", 0, 0, FAKE_EP, .flags = FAKE_ARI, .vfs.total = 2,
	  .vfs.on = 2 },
};

#define NUM_SUBJECTS (ARRAY_SIZE(subjects) + 2)

static int add_host(const struct fake_dev *decl, unsigned int n)
{
	struct fake_host *host;

	if (num_hosts == MAX_HOSTS)
		return bench_fail("more than %d hosts", MAX_HOSTS);
	host = fake_host_create(decl, n);
	if (IS_ERR(host))
		return bench_fail("no host: error %ld", PTR_ERR(host));
	hosts[num_hosts++] = host;
	return 0;
}

/* A switch with @ports Downstream Ports, and an endpoint below each. */
static unsigned int declare_switch(struct fake_dev *decl, unsigned int ports,
				   const struct fake_acs *acs)
{
	static const struct fake_dev frame[] = {
		{ "rp0", "", 1, 0, FAKE_RP, .acs = BENCH_GOOD },
		{ "up", "rp0", 0, 0, FAKE_UP },
	};
	unsigned int i, n = ARRAY_SIZE(frame);

	memcpy(decl, frame, sizeof(frame));
	for (i = 0; i < ports; i++) {
		struct fake_dev *dp = &decl[n++], *ep = &decl[n++];

		*dp = (struct fake_dev){ "", "up", i, 0, FAKE_DP, .acs = *acs };
		*ep = (struct fake_dev){ "", "", 0, 0, FAKE_EP };
		snprintf(dp->name, FAKE_NAME_LEN, "dp%u", i);
		snprintf(ep->up, FAKE_NAME_LEN, "dp%u", i);
		snprintf(ep->name, FAKE_NAME_LEN, "ep%u", i);
	}
	return n;
}

static unsigned int declare_vfs(struct fake_dev *decl, unsigned int vfs,
				const struct fake_acs *acs)
{
	static const struct fake_dev both[] = {
		{ "rp1", "", 2, 0, FAKE_RP, .flags = FAKE_ARI,
		  .acs = BENCH_GOOD },
		{ "pf", "rp1", 0, 0, FAKE_EP, .flags = FAKE_ARI },
	};

	memcpy(decl, both, sizeof(both));
	decl[1].acs = *acs;
	decl[1].vfs.total = vfs;
	decl[1].vfs.on = vfs;
	return ARRAY_SIZE(both);
}

static const struct fake_acs acs_good = BENCH_GOOD;
static const struct fake_acs acs_none;
/* Declares peer-to-peer support (6.12.1.2), and redirects nothing. */
static const struct fake_acs acs_p2p = FAKE_ACS(PCI_ACS_RR | PCI_ACS_CR, 0);

static int add_load_host(unsigned int functions)
{
	struct fake_dev *decl;
	unsigned int n, ports, vfs;
	int err;

	decl = kvcalloc(FRAME + 2 * MAX_PORTS, sizeof(*decl), GFP_KERNEL);
	if (!decl)
		return -ENOMEM;
	ports = (functions - FRAME) * MAX_PORTS / (2 * MAX_PORTS + MAX_VFS);
	ports = max(ports, 1U);
	vfs = functions - FRAME - 2 * ports;
	if (num_hosts == 1) {
		load_ports = ports;
		load_vfs = vfs;
	}
	n = declare_switch(decl, ports, &acs_none);
	n += declare_vfs(decl + n, vfs, &acs_p2p);
	err = add_host(decl, n);
	kvfree(decl);
	return err;
}

static int add_load_hosts(unsigned int functions)
{
	int err = 0;

	while (functions && !err) {
		unsigned int n = min_t(unsigned int, functions, FULL_HOST);

		/* The remainder has to be enough for a host. */
		if (functions > n && functions - n < FRAME + 3)
			n -= FRAME + 3;
		if (n < FRAME + 3)
			return bench_fail("no host has %u functions", n);
		err = add_load_host(n);
		functions -= n;
	}
	return err;
}

/* ---- Verdicts ---- */

static int measure_subject(const char *name, struct fake_host *host,
			   const char *fn, const char *subject,
			   enum acs_guard_reason reason)
{
	struct bench_verdict bv = { .job.run = bench_examine };
	u64 cost;

	bv.pdev = fake_host_dev(host, fn);
	if (!bv.pdev)
		return bench_fail("%s: there is no %s", name, fn);
	cost = bench_cost(&bv.job);
	if (bv.verdict.reason != reason)
		return bench_fail("%s: %s: reason %d instead of %d", name, fn,
				  bv.verdict.reason, reason);
	return bench_result(5, name, subject, cost, "instructions");
}

static int measure_machine(const char *name)
{
	int err;

	err = measure_subject(name, hosts[0], "ep", "verdict endpoint",
			      ACS_GUARD_ISOLATED);
	if (!err)
		err = measure_subject(name, hosts[0], "below",
				      "verdict below a switch",
				      ACS_GUARD_ISOLATED);
	if (!err)
		err = measure_subject(name, hosts[0], "pf.vf1", "verdict VF",
				      ACS_GUARD_ISOLATED);
	if (err || num_hosts == 1)
		return err;
	err = measure_subject(name, hosts[1], "ep0",
			      "verdict denied below a switch",
			      ACS_GUARD_NO_ACS);
	if (!err)
		err = measure_subject(name, hosts[1], "pf.vf1",
				      "verdict denied VF",
				      ACS_GUARD_MULTIFUNCTION);
	return err;
}

/* ---- Width of a device or switch ---- */

static int measure_width(const char *name, const struct fake_dev *decl,
			 unsigned int n, const char *fn, const char *subject)
{
	int err = add_host(decl, n);

	acs_guard_registry_init(&acs_guard_attributes);
	acs_guard_add_entries();
	if (!err)
		err = measure_subject(name, hosts[0], fn, subject,
				      ACS_GUARD_ISOLATED);
	acs_guard_remove_entries();
	return bench_take_down() ?: err;
}

static int measure_vfs(unsigned int vfs)
{
	struct fake_dev decl[2];
	char name[32];

	snprintf(name, sizeof(name), "%u VFs", vfs);
	return measure_width(name, decl, declare_vfs(decl, vfs, &acs_none),
			     "pf.vf0", "verdict VF");
}

static int measure_ports(unsigned int ports)
{
	struct fake_dev *decl;
	char name[32];
	int err;

	decl = kvcalloc(FRAME + 2 * MAX_PORTS, sizeof(*decl), GFP_KERNEL);
	if (!decl)
		return -ENOMEM;
	snprintf(name, sizeof(name), "switch of %u ports", ports);
	err = measure_width(name, decl, declare_switch(decl, ports, &acs_good),
			    "ep0", "verdict below a switch");
	kvfree(decl);
	return err;
}

/**
 * bench_widths() - measure verdicts on devices and switches of growing width
 *
 * Return: 0 or a negative errno.
 */
int bench_widths(void)
{
	unsigned int n;
	int err = 0;

	for (n = 1; n <= MAX_VFS && !err; n *= 4)
		err = measure_vfs(n);
	for (n = 1; n <= MAX_PORTS && !err; n *= 2)
		err = measure_ports(n);
	return err;
}

/* For the script: two functions that have many peers, and how many. */
static void print_load(struct fake_host *host)
{
	bench_print("#\tport\t%s\n", pci_name(fake_host_dev(host, "ep0")));
	bench_print("#\tports\t%u\n", load_ports);
	bench_print("#\tvf\t%s\n", pci_name(fake_host_dev(host, "pf.vf1")));
	bench_print("#\tvfs\t%u\n", load_vfs);
}

static unsigned int count_functions(void)
{
	struct pci_dev *pdev = NULL;
	unsigned int n = 0;

	for_each_pci_dev(pdev)
		n++;
	return n;
}

/**
 * bench_machine() - add a machine, and measure its verdicts
 * @functions: the number of functions to add
 *
 * The machine is there until bench_take_down().
 *
 * Return: 0 or a negative errno.
 */
int bench_machine(unsigned int functions)
{
	const unsigned int before = count_functions();
	char name[32];
	int err;

	if (functions < NUM_SUBJECTS)
		return bench_fail("%u functions are too few", functions);
	err = add_host(subjects, ARRAY_SIZE(subjects));
	err = err ?: add_load_hosts(functions - NUM_SUBJECTS);
	if (err)
		return err;
	if (count_functions() != before + functions)
		return bench_fail("%u functions instead of %u",
				  count_functions() - before, functions);

	snprintf(name, sizeof(name), "%u functions", functions);
	bench_print("#\tall\t%u\n", count_functions());
	if (num_hosts > 1)
		print_load(hosts[1]);
	/* Remove the entries: acs_guard, if loaded later, adds its own. */
	acs_guard_registry_init(&acs_guard_attributes);
	acs_guard_add_entries();
	err = measure_machine(name);
	acs_guard_remove_entries();
	return err;
}

/**
 * bench_take_down() - remove the machine
 *
 * Return: 0 or a negative errno.
 */
int bench_take_down(void)
{
	int err = 0;

	while (num_hosts)
		err = fake_host_destroy(hosts[--num_hosts]) ?: err;
	return err;
}
