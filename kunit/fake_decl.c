// SPDX-License-Identifier: GPL-2.0-only
/*
 * Declarations of the functions of a fake host: check, shrink and print them
 */
#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_host_private.h"

int fake_reject(const struct fake_dev *decl, const char *why)
{
	pr_err("\"%.*s\": %s\n", FAKE_NAME_LEN, decl->name, why);
	return -EINVAL;
}

static int check_acs(const struct fake_dev *decl, const struct fake_acs *acs)
{
	if (acs->layout > 2)
		return fake_reject(decl, "no such ACS layout");
	if (acs->at && (acs->at & 3 || acs->at < PCI_CFG_SPACE_SIZE ||
			acs->at + fake_acs_len(acs) > CFG_SIZE))
		return fake_reject(decl, "ACS capability cannot be there");
	if (acs->at > PCI_CFG_SPACE_SIZE && acs->at < PCI_CFG_SPACE_SIZE + 8)
		return fake_reject(decl,
				   "ACS capability overlaps the first one");
	return 0;
}

static int check_bars(const struct fake_dev *decl)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(decl->bar); i++) {
		if (!decl->bar[i])
			continue;
		if (!is_power_of_2(decl->bar[i]) || decl->bar[i] < 16 ||
		    decl->bar[i] > SZ_16M)
			return fake_reject(decl, "invalid size of a BAR");
		if (i >= 2 && fake_decl_is_bridge(decl))
			return fake_reject(decl,
					   "a bridge has at most two BARs");
	}
	return 0;
}

static int check_vfs(const struct fake_dev *decl)
{
	const struct fake_vfs *vfs = &decl->vfs;

	if (!vfs->total)
		return vfs->on ?
			       fake_reject(decl, "more VFs on than there are") :
			       0;
	if (decl->raw || fake_decl_is_bridge(decl) || !fake_decl_is_pcie(decl))
		return fake_reject(decl, "cannot have VFs");
	if (vfs->total > FAKE_MAX_VFS)
		return fake_reject(decl, "too many VFs");
	if (vfs->on > vfs->total)
		return fake_reject(decl, "more VFs on than there are");
	return check_acs(decl, &vfs->acs);
}

static int check_raw(const struct fake_dev *decl)
{
	if (!decl->raw)
		return 0;
	if (decl->raw_len < PCI_STD_HEADER_SIZEOF || decl->raw_len > CFG_SIZE)
		return fake_reject(decl,
				   "config space image of a wrong length");
	return 0;
}

int fake_decl_check(const struct fake_dev *decl)
{
	int err;

	if (strnlen(decl->name, FAKE_NAME_LEN) == FAKE_NAME_LEN ||
	    strnlen(decl->up, FAKE_NAME_LEN) == FAKE_NAME_LEN)
		return fake_reject(decl, "name too long");
	if (!*decl->name || strchr(decl->name, '.'))
		return fake_reject(decl, "not a name");
	if (decl->slot > 31 || decl->fn > 7)
		return fake_reject(decl, "no such device and function number");
	if (decl->type > FAKE_PCI_BRIDGE)
		return fake_reject(decl, "no such type");
	err = check_raw(decl);
	if (err)
		return err;
	err = check_acs(decl, &decl->acs);
	if (err)
		return err;
	err = check_bars(decl);
	if (err)
		return err;
	return check_vfs(decl);
}

/**
 * fake_decl_drop() - remove a function, and those below it
 * @decl: the functions; the remaining ones move to the front
 * @n: the number of functions
 * @i: the index of the function to remove
 *
 * The rest is a valid declaration, so a failing test can be shrunk: remove
 * functions as long as the test still fails.
 *
 * Return: the number of remaining functions.
 */
unsigned int fake_decl_drop(struct fake_dev *decl, unsigned int n,
			    unsigned int i)
{
	const struct fake_dev gone = decl[i];
	unsigned int k;

	memmove(decl + i, decl + i + 1, (n - i - 1) * sizeof(*decl));
	n--;
	/* Functions are declared after the bridge above them. */
	for (k = i; k < n;) {
		if (strcmp(decl[k].up, gone.name))
			k++;
		else
			n = fake_decl_drop(decl, n, k);
	}
	return n;
}

struct decl_text {
	char *buf;
	size_t size;
	size_t len;
};

static __printf(2, 3) void add_text(struct decl_text *o, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	o->len += vscnprintf(o->buf + o->len, o->size - o->len, fmt, args);
	va_end(args);
}

static void add_type(struct decl_text *o, u8 type)
{
	static const char *const names[] = {
		[FAKE_EP] = "FAKE_EP",
		[FAKE_LEGACY] = "FAKE_LEGACY",
		[FAKE_RP] = "FAKE_RP",
		[FAKE_UP] = "FAKE_UP",
		[FAKE_DP] = "FAKE_DP",
		[FAKE_PCIE_TO_PCI] = "FAKE_PCIE_TO_PCI",
		[FAKE_PCI_TO_PCIE] = "FAKE_PCI_TO_PCIE",
		[FAKE_RCIEP] = "FAKE_RCIEP",
		[FAKE_RCEC] = "FAKE_RCEC",
		[FAKE_PCI] = "FAKE_PCI",
		[FAKE_PCI_BRIDGE] = "FAKE_PCI_BRIDGE",
	};

	if (type < ARRAY_SIZE(names) && names[type])
		add_text(o, ", %s", names[type]);
	else
		add_text(o, ", 0x%x", type);
}

static void add_flags(struct decl_text *o, const char *what, u32 flags)
{
	static const char *const names[] = {
		"FAKE_MFD",	   "FAKE_ARI",	    "FAKE_HOTPLUG",
		"FAKE_ABSENT",	   "FAKE_MASTER",   "FAKE_PM",
		"FAKE_ATS",	   "FAKE_ATS_ON",   "FAKE_CXL",
		"FAKE_CXL_ON",	   "FAKE_CFG256",   "FAKE_EXT_CUT",
		"FAKE_EXT_LOOP",   "FAKE_CAP_LOOP", "FAKE_NO_SLOT",
		"FAKE_ODD_HEADER",
	};
	const char *sep = " = ";
	unsigned int i;

	if (!flags)
		return;
	add_text(o, ", %s", what);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(flags & BIT(i)))
			continue;
		add_text(o, "%s%s", sep, names[i]);
		sep = " | ";
	}
}

static void add_number(struct decl_text *o, const char *what, u32 val,
		       const char *fmt)
{
	if (!val)
		return;
	add_text(o, ", %s = ", what);
	add_text(o, *fmt == 'x' ? "0x%x" : "%u", val);
}

static void add_acs(struct decl_text *o, const char *what,
		    const struct fake_acs *acs)
{
	if (!acs->layout)
		return;
	add_text(o, ", %s = FAKE_ACS%s(0x%x, 0x%x", what,
		 acs->layout == 2 ? "_PCH" : "", acs->cap, acs->ctrl);
	add_number(o, ".rw", acs->rw, "x");
	add_number(o, ".at", acs->at, "x");
	add_number(o, ".egress", acs->egress, "x");
	add_text(o, ")");
}

static void add_bars(struct decl_text *o, const u32 *bar)
{
	unsigned int i, n = 6;

	while (n && !bar[n - 1])
		n--;
	for (i = 0; i < n; i++)
		add_text(o, "%s0x%x", i ? ", " : ", .bar = { ", bar[i]);
	if (n)
		add_text(o, " }");
}

static void add_vfs_text(struct decl_text *o, const struct fake_vfs *vfs)
{
	if (!vfs->total)
		return;
	add_number(o, ".vfs.total", vfs->total, "u");
	add_number(o, ".vfs.on", vfs->on, "u");
	add_number(o, ".vfs.offset", vfs->offset, "u");
	add_number(o, ".vfs.stride", vfs->stride, "u");
	add_flags(o, ".vfs.flags", vfs->flags);
	add_acs(o, ".vfs.acs", &vfs->acs);
	add_number(o, ".vfs.group", vfs->group, "u");
}

/**
 * fake_dev_print() - print the declaration of a function as C source
 * @buf: the text
 * @size: the size of @buf; 512 is enough for any function
 * @decl: the function
 *
 * An image (.raw) is not printed.
 *
 * Return: the length, less than @size.
 */
int fake_dev_print(char *buf, size_t size, const struct fake_dev *decl)
{
	struct decl_text o = { .buf = buf, .size = size };

	add_text(&o, "{ \"%.*s\", \"%.*s\", %u, %u", FAKE_NAME_LEN - 1,
		 decl->name, FAKE_NAME_LEN - 1, decl->up, decl->slot, decl->fn);
	add_type(&o, decl->type);
	add_flags(&o, ".flags", decl->flags);
	add_acs(&o, ".acs", &decl->acs);
	add_number(&o, ".vendor", decl->vendor, "x");
	add_number(&o, ".device", decl->device, "x");
	add_number(&o, ".class", decl->class, "x");
	add_bars(&o, decl->bar);
	add_number(&o, ".sec", decl->sec, "u");
	add_number(&o, ".sub", decl->sub, "u");
	add_vfs_text(&o, &decl->vfs);
	if (decl->alias)
		add_text(&o, ", .alias = FAKE_ALIAS(%u, %u)",
			 PCI_SLOT(decl->alias & 0xff), PCI_FUNC(decl->alias));
	add_number(&o, ".group", decl->group, "u");
	add_text(&o, " },");
	return o.len;
}

/**
 * fake_decl_print() - print declarations to the log as C source
 * @decl: the functions
 * @n: the number of functions
 */
void fake_decl_print(const struct fake_dev *decl, unsigned int n)
{
	char *buf = kmalloc(512, GFP_KERNEL);
	unsigned int i;

	for (i = 0; buf && i < n; i++) {
		fake_dev_print(buf, 512, decl + i);
		pr_info("\t%s\n", buf);
	}
	kfree(buf);
}
