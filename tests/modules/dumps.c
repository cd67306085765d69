// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of random machines, with the module's verdicts
 *
 * The PCI core scans each machine on a fake host, as the kernel in User Mode
 * Linux would a real one.  Then this module writes the configuration space of
 * all functions, and what acs_guard says about them, to a file.  tests/dumps/
 * gives the tool the one, and compares what it says with the other
 * (scripts/check-dumps).
 *
 * A machine here has no hidden functions: lspci does not list them either.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include "dumps.h"
#include "examine.h"
#include "format.h"
#include "node.h"
#include "topo_host.h"

static unsigned long long first_seed = 1;
module_param_named(seed, first_seed, ullong, 0444);
MODULE_PARM_DESC(seed, "seed of the first random machine");

static unsigned int hosts = 300;
module_param(hosts, uint, 0444);
MODULE_PARM_DESC(hosts, "how many random machines");

static char *out = "/out/dumps";
module_param(out, charp, 0444);
MODULE_PARM_DESC(out, "the file for the machines");

#define OUT_SIZE SZ_4M
#define FIRST_VMD_DOMAIN 0x10000

/* Too large for the stack, and there is one machine at a time. */
static struct topo topo;
static struct topo_host host = { .change = dumps_change };
static u32 vmd_domain[TOPO_MAX];
static u64 peers[TOPO_MAX];
static struct acs_guard_policy policy;
static u8 *out_buf;
static size_t out_len;

/* Return: memory for @size bytes more; there is always enough. */
static void *out_add(size_t size)
{
	void *at = out_buf + out_len;

	if (WARN_ON(out_len + size > OUT_SIZE))
		return out_buf;
	out_len += size;
	return memset(at, 0, size);
}

static int out_write(struct file *file, loff_t *pos)
{
	const ssize_t len = kernel_write(file, out_buf, out_len, pos);

	return len == out_len ? 0 : len < 0 ? (int)len : -EIO;
}

/* ---- addresses as Linux gives them ---- */

static bool has_domain(unsigned int vmd)
{
	unsigned int i;

	for (i = 0; i < topo.nr; i++)
		if (topo_domain(&topo, i) == (int)vmd)
			return true;
	return false;
}

/* Linux numbers these domains as it finds the endpoints: by their addresses. */
static void number_domains(struct dumped_machine *head)
{
	unsigned int i, j;

	for (i = 0; i < topo.nr; i++) {
		if (!(topo.fn[i].flags & TOPO_VMD))
			continue;
		if (!has_domain(i))
			head->flags |= DUMPED_NO_DOMAIN;
		vmd_domain[i] = FIRST_VMD_DOMAIN;
		for (j = 0; j < topo.nr; j++)
			vmd_domain[i] += topo.fn[j].flags & TOPO_VMD &&
					 has_domain(j) &&
					 host.bdf[j] < host.bdf[i];
	}
}

static u64 address_of(unsigned int i)
{
	const int vmd = topo_domain(&topo, i);
	const u64 domain = vmd == TOPO_ROOT_BUS ? 0 : vmd_domain[vmd];

	return domain << 16 | (host.bdf[i] & 0xffff);
}

static u64 address_at(u64 bdf)
{
	const int i = topo_host_find(&host, &topo, bdf);

	return i < 0 ? bdf : address_of(i);
}

/* ---- one function ---- */

static bool is_offline(struct pci_dev *pdev)
{
	u32 value;

	return pci_read_config_dword(pdev, PCI_COMMAND, &value) ||
	       PCI_POSSIBLE_ERROR(value);
}

static void add_config(struct pci_dev *pdev, struct dumped_fn *fn)
{
	struct dumped_dword *dword;
	unsigned int where;
	u32 value;

	for (where = 0; where < fn->cfg_size; where += 4) {
		pci_read_config_dword(pdev, where, &value);
		if (!value)
			continue;
		dword = out_add(sizeof(*dword));
		dword->where = where;
		dword->value = value;
		fn->nr_dwords++;
	}
}

static void add_peers(struct pci_dev *pdev,
		      const struct acs_guard_verdict *verdict,
		      struct dumped_fn *fn)
{
	struct acs_guard_peers found = {
		.room = ARRAY_SIZE(peers),
		.bdf = peers,
	};
	u64 *peer;
	unsigned int i;

	acs_guard_find_peers(pdev, verdict, &found);
	for (i = 0; i < found.count; i++) {
		peer = out_add(sizeof(*peer));
		*peer = address_at(peers[i]);
		fn->nr_peers++;
	}
}

static u8 memory_of(const struct pci_dev *pdev)
{
	unsigned int i;
	u8 memory = 0;

	for (i = 0; i <= PCI_STD_RESOURCE_END; i++)
		if (pci_resource_flags(pdev, i) & IORESOURCE_MEM)
			memory |= BIT(i);
	return memory;
}

static void describe(struct pci_dev *pdev, unsigned int i, struct dumped_fn *fn)
{
	const u64 parent = acs_guard_parent(pdev);

	fn->bdf = address_of(i);
	fn->parent = parent == ACS_GUARD_NO_PARENT ? parent :
						     address_at(parent);
	fn->pf = address_at(acs_guard_bdf(pci_physfn(pdev)));
	fn->id = (u32)pdev->device << 16 | pdev->vendor;
	fn->class = pdev->class;
	fn->type = acs_node_type(acs_node_of(pdev));
	fn->group = acs_node_group(acs_node_of(pdev));
	fn->cfg_size = pdev->cfg_size;
	fn->memory = memory_of(pdev);
	fn->offline = is_offline(pdev);
}

static void add_function(unsigned int i)
{
	struct pci_dev *pdev = host.pdev[i];
	struct dumped_fn *fn = out_add(sizeof(*fn));
	struct acs_guard_verdict verdict;
	struct acs_guard_function facts;

	describe(pdev, i, fn);
	facts = acs_guard_facts(pdev);
	fn->readable = facts.readable;
	if (facts.readable && facts.acs) {
		fn->acs = true;
		fn->cap = facts.cap;
		fn->ctrl = facts.ctrl;
	}
	acs_guard_examine(pdev, &policy, &verdict);
	fn->reason = verdict.reason;
	fn->missing = verdict.missing;
	if (verdict.reason != ACS_GUARD_ISOLATED)
		fn->blocker = address_at(verdict.blocker);
	fn->in_group = acs_guard_in_group(pdev, &verdict);
	add_peers(pdev, &verdict, fn);
	if (!fn->offline)
		add_config(pdev, fn);
}

/* ---- one machine ---- */

static void add_machine(u64 seed)
{
	struct dumped_machine *head;
	unsigned int i;

	out_len = 0;
	head = out_add(sizeof(*head));
	head->magic = DUMPED_MAGIC;
	head->nr = topo.nr;
	head->seed = seed;
	policy.strict = seed >> 1 & 1;
	head->strict = policy.strict;
	number_domains(head);
	for (i = 0; i < topo.nr; i++)
		add_function(i);
}

/* Below a port of the wrong type, the PCI core may not find all functions. */
static bool create_host(u64 seed)
{
	dumps_begin(seed);
	return topo_random_to_be_found(&topo, seed,
				       TOPO_GEN_ALL & ~TOPO_GEN_HIDDEN) &&
	       !topo_host_create(&host, &topo,
				 seed & 1 ? MACHINE_OFFLINE : MACHINE_ALL_ONES);
}

static int dump_machines(struct file *file)
{
	unsigned int left = hosts;
	u64 seed = first_seed;
	loff_t pos = 0;
	int err = 0;

	for (; left && !err; seed++) {
		if (create_host(seed)) {
			add_machine(seed);
			err = out_write(file, &pos);
			left--;
		}
		err = topo_host_destroy(&host) ?: err;
		cond_resched();
	}
	return err;
}

static int __init dumps_init(void)
{
	struct file *file = filp_open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	out_buf = vmalloc(OUT_SIZE);
	err = out_buf ? dump_machines(file) : -ENOMEM;
	vfree(out_buf);
	return filp_close(file, NULL) ?: err;
}
module_init(dumps_init);

static void __exit dumps_exit(void)
{
}
module_exit(dumps_exit);

MODULE_DESCRIPTION("Dumps of random machines, with the verdicts of acs_guard");
MODULE_LICENSE("GPL");
