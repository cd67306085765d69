// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what would the guard say about that machine?
 *
 * A module for the kernel of the KUnit suites.  As it is loaded it reads dumps
 * of configuration space that scripts/replay has made ready, brings one after
 * the other up as host bridges, lets the guard's own engine judge each
 * function, and writes down what it says.
 *
 * What is written, in lines of fields with tabs between: "dump" before each;
 * "!", address, offset, recorded and read value for each byte that did not
 * stand; a line a function, see print_function(); "end" after each.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "examine.h"
#include "iommu.h"
#include "pci_dev.h"
#include "replay_host.h"

static char *in = "/input";
module_param(in, charp, 0);
MODULE_PARM_DESC(in, "where the dumps are");

static char *out = "/out/verdicts";
module_param(out, charp, 0);
MODULE_PARM_DESC(out, "where the verdicts go");

static bool strict;
module_param(strict, bool, 0);
MODULE_PARM_DESC(strict, "as the guard's");

static bool attack;
module_param(attack, bool, 0);
MODULE_PARM_DESC(attack, "try to change what has to stand (for a test)");

static bool writable;
module_param(writable, bool, 0);
MODULE_PARM_DESC(writable, "let that come true (for a test)");

/* ---- Output ---- */

#define OUT_SIZE 0x10000

/* What has been printed and is not in the file yet; one error is kept. */
static struct file *out_file;
static char *out_buf;
static unsigned int out_len;
static loff_t out_pos;
static int out_err;

static void flush_out(void)
{
	ssize_t len;

	if (!out_err && out_len) {
		len = kernel_write(out_file, out_buf, out_len, &out_pos);
		if (len != out_len)
			out_err = len < 0 ? len : -EIO;
	}
	out_len = 0;
}

/* Of one call no more than a few hundred bytes. */
static __printf(1, 2) void print(const char *fmt, ...)
{
	va_list args;

	if (out_len > OUT_SIZE - 512)
		flush_out();
	va_start(args, fmt);
	out_len += vscnprintf(out_buf + out_len, OUT_SIZE - out_len, fmt, args);
	va_end(args);
}

static int open_out(void)
{
	out_buf = kmalloc(OUT_SIZE, GFP_KERNEL);
	if (!out_buf)
		return -ENOMEM;
	out_file = filp_open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (!IS_ERR(out_file))
		return 0;
	kfree(out_buf);
	return PTR_ERR(out_file);
}

static int close_out(void)
{
	flush_out();
	filp_close(out_file, NULL);
	kfree(out_buf);
	return out_err;
}

/* ---- One function ---- */

static const char *type_name(u8 type)
{
	static const char *const names[] = {
		[PCI_EXP_TYPE_ENDPOINT] = "endpoint",
		[PCI_EXP_TYPE_LEG_END] = "legacy-endpoint",
		[PCI_EXP_TYPE_ROOT_PORT] = "root-port",
		[PCI_EXP_TYPE_UPSTREAM] = "upstream-port",
		[PCI_EXP_TYPE_DOWNSTREAM] = "downstream-port",
		[PCI_EXP_TYPE_PCI_BRIDGE] = "pcie-to-pci-bridge",
		[PCI_EXP_TYPE_PCIE_BRIDGE] = "pci-to-pcie-bridge",
		[PCI_EXP_TYPE_RC_END] = "integrated-endpoint",
		[PCI_EXP_TYPE_RC_EC] = "event-collector",
		[ACS_GUARD_TYPE_CONVENTIONAL] = "conventional",
	};

	return type < ARRAY_SIZE(names) ? names[type] : NULL;
}

static void print_type(const struct replay_node *node, u8 type)
{
	const char *name = type_name(type);

	if (node->fn->flags & REPLAY_TYPELESS)
		print("\t-");
	else if (!name)
		print("\tunknown-%x", type);
	else if (type == ACS_GUARD_TYPE_CONVENTIONAL &&
		 acs_guard_is_bridge(node->pdev))
		print("\tconventional-bridge");
	else
		print("\t%s", name);
}

static void print_peers(struct pci_dev *pdev,
			const struct acs_guard_verdict *verdict)
{
	static u64 bdf[4096];
	struct acs_guard_peers peers = {
		.room = ARRAY_SIZE(bdf),
		.bdf = bdf,
	};
	unsigned int i;

	acs_guard_find_peers(pdev, verdict, &peers);
	for (i = 0; i < min(peers.count, peers.room); i++)
		print("%c%s", i ? ',' : '\t', acs_guard_name(bdf[i]).text);
	if (!peers.count)
		print("\t-");
}

/* In the words of scripts/acs-guard, if the unit is the group. */
static const char *standing(struct pci_dev *pdev,
			    const struct acs_guard_verdict *verdict)
{
	const struct acs_guard_allowance group = {
		.in_group = verdict->reason != ACS_GUARD_ISOLATED &&
			    acs_guard_group(pdev) >= 0 &&
			    acs_guard_in_group(pdev, verdict),
	};

	switch (acs_guard_decide(verdict, &group)) {
	case ACS_GUARD_ALLOW:
		return "ok";
	case ACS_GUARD_ALLOW_GROUP:
		return "group";
	default:
		return "refused";
	}
}

static void print_verdict(struct pci_dev *pdev)
{
	const struct acs_guard_policy policy = { .strict = strict };
	struct acs_guard_verdict verdict;
	char words[256];

	acs_guard_examine(pdev, &policy, &verdict);
	acs_guard_explain(&verdict, words, sizeof(words));

	print("\t%d\t%s", verdict.reason == ACS_GUARD_ISOLATED,
	      acs_guard_reason_name(verdict.reason));
	print("\t%s", verdict.reason == ACS_GUARD_ISOLATED ?
			      "-" :
			      acs_guard_name(verdict.blocker).text);
	print("\t%s", acs_guard_flags(verdict.missing).text);
	print_peers(pdev, &verdict);
	print("\t%s\t%s", standing(pdev, &verdict), words);
}

/* What is above, across the root bus of a VMD endpoint's domain too, or "-". */
static void print_above(const struct replay *replay,
			const struct replay_node *node)
{
	const struct replay_fn *fn = node->fn;
	u32 up = fn->up;

	if (fn->pf != REPLAY_NONE)
		up = replay->nodes[fn->pf].fn->up;
	if (up == REPLAY_NONE)
		up = fn->owner;
	print("\t%s",
	      up == REPLAY_NONE ?
		      "-" :
		      acs_guard_name(acs_guard_bdf(replay->nodes[up].pdev))
			      .text);
}

/* What did not answer has not said who it is. */
static void print_id(const struct replay_fn *fn)
{
	if (fn->flags & REPLAY_SILENT)
		print("\t-");
	else
		print("\t%04x:%04x", fn->id & U16_MAX, fn->id >> 16);
}

static void print_class(const struct replay_node *node)
{
	if (node->fn->flags & REPLAY_SILENT)
		print("\t-");
	else
		print("\t%06x", node->pdev->class);
}

/*
 * bdf, id, type, isolated, reason, blocker, missing, peers; then status, reason
 * in words, class, what is above, ACS capability and control ("?": cannot be
 * read), IOMMU group or negative, bus below.
 */
static void print_function(const struct replay *replay,
			   const struct replay_node *node,
			   const struct acs_guard_function *facts)
{
	struct pci_dev *pdev = node->pdev;

	print("%s", acs_guard_name(facts->bdf).text);
	print_id(node->fn);
	print_type(node, facts->type);
	print_verdict(pdev);
	print_class(node);
	print_above(replay, node);
	if (!facts->readable)
		print("\t?\t?");
	else if (!facts->acs)
		print("\t-\t-");
	else
		print("\t%04x\t%04x", facts->cap, facts->ctrl);
	print("\t%d", node->fn->group);
	if (acs_guard_is_bridge(pdev))
		print("\t%u\n", node->given[PCI_SECONDARY_BUS]);
	else
		print("\t-\n");
}

/* ---- One dump ---- */

static void tell(const struct replay_node *node, unsigned int where, u8 now)
{
	print("!\t%s\t%03x\t%02x\t%02x\n", pci_name(node->pdev), where,
	      node->given[where], now);
}

/* Capabilities are facts of the dump, even where nothing above is known. */
static struct acs_guard_function *gather(const struct replay *replay)
{
	struct acs_guard_function *facts;
	unsigned int i;

	facts = kvcalloc(replay->nr, sizeof(*facts), GFP_KERNEL);
	for (i = 0; facts && i < replay->nr; i++)
		facts[i] = acs_guard_facts(replay->nodes[i].pdev);
	return facts;
}

static int judge(struct replay *replay)
{
	struct acs_guard_function *facts;
	unsigned int i;

	if (attack)
		replay_attack(replay);
	if (replay_check(replay, tell))
		return 0;
	facts = gather(replay);
	if (!facts)
		return -ENOMEM;
	replay_make_blind(replay);
	for (i = 0; i < replay->nr; i++) {
		print_function(replay, &replay->nodes[i], &facts[i]);
		cond_resched();
	}
	kvfree(facts);
	return 0;
}

static int replay_one(struct replay *replay)
{
	int err;

	print("dump\n");
	err = replay_create(replay);
	if (!err)
		err = judge(replay);
	replay_destroy(replay);
	print("end\n");
	return err;
}

/* ---- All dumps ---- */

/* Take @size bytes of what is left, or NULL. */
static const void *take(const u8 **at, const u8 *end, size_t size)
{
	const u8 *start = *at;

	if (end - start < size)
		return NULL;
	*at += size;
	return start;
}

static int take_function(struct replay *replay, unsigned int i, const u8 **at,
			 const u8 *end)
{
	struct replay_node *node = &replay->nodes[i];
	const struct replay_fn *fn = take(at, end, sizeof(*fn));

	if (!fn || fn->len < PCI_STD_HEADER_SIZEOF || fn->len & 3 ||
	    fn->len > PCI_CFG_SPACE_EXP_SIZE)
		return -EINVAL;
	if ((fn->up != REPLAY_NONE && fn->up >= i) ||
	    (fn->pf != REPLAY_NONE && fn->pf >= i) ||
	    (fn->owner != REPLAY_NONE && fn->owner >= i))
		return -EINVAL;
	node->fn = fn;
	node->given = take(at, end, fn->len);
	return node->given ? 0 : -EINVAL;
}

static int take_dump(const u8 **at, const u8 *end)
{
	const struct replay_head *head = take(at, end, sizeof(*head));
	struct replay replay = { .writable = writable };
	unsigned int i;
	int err = 0;

	if (!head || head->magic != REPLAY_MAGIC)
		return -EINVAL;
	replay.nr = head->nr;
	replay.nodes = kvcalloc(replay.nr, sizeof(*replay.nodes), GFP_KERNEL);
	if (!replay.nodes)
		return -ENOMEM;
	for (i = 0; i < replay.nr && !err; i++)
		err = take_function(&replay, i, at, end);
	if (!err)
		err = replay_one(&replay);
	kvfree(replay.nodes);
	return err;
}

static int take_dumps(const u8 *at, size_t size)
{
	const u8 *const end = at + size;
	int err;

	err = open_out();
	if (err)
		return err;
	while (at < end && !err)
		err = take_dump(&at, end);
	return close_out() ?: err;
}

/* This kernel's own bus is empty, and is where the dump's 0000:00 has to be. */
static void __init make_room(void)
{
	struct pci_bus *bus;

	pci_lock_rescan_remove();
	while ((bus = pci_find_next_bus(NULL))) {
		pci_stop_root_bus(bus);
		pci_remove_root_bus(bus);
	}
	pci_unlock_rescan_remove();
}

static int __init replay_init(void)
{
	void *dumps = NULL;
	ssize_t size;
	int err;

	size = kernel_read_file_from_path(in, 0, &dumps, INT_MAX, NULL,
					  READING_UNKNOWN);
	if (size < 0)
		return size;
	make_room();
	err = take_dumps(dumps, size);
	vfree(dumps);
	return err;
}
module_init(replay_init);

static void __exit replay_exit(void)
{
}
module_exit(replay_exit);

MODULE_DESCRIPTION("acs_guard's verdicts about a dump of another machine");
MODULE_LICENSE("GPL");
