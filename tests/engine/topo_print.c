// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neutral description of a PCI hierarchy: printing.
 */
#include "topo.h"

static const char *const kind_names[TOPO_KINDS] = {
	[TOPO_ENDPOINT] = "TOPO_ENDPOINT",
	[TOPO_LEGACY] = "TOPO_LEGACY",
	[TOPO_ROOT_PORT] = "TOPO_ROOT_PORT",
	[TOPO_UPSTREAM] = "TOPO_UPSTREAM",
	[TOPO_DOWNSTREAM] = "TOPO_DOWNSTREAM",
	[TOPO_PCIE_TO_PCI] = "TOPO_PCIE_TO_PCI",
	[TOPO_PCI_TO_PCIE] = "TOPO_PCI_TO_PCIE",
	[TOPO_INTEGRATED] = "TOPO_INTEGRATED",
	[TOPO_COLLECTOR] = "TOPO_COLLECTOR",
	[TOPO_UNKNOWN] = "TOPO_UNKNOWN",
	[TOPO_UNKNOWN_BRIDGE] = "TOPO_UNKNOWN_BRIDGE",
	[TOPO_CONV] = "TOPO_CONV",
	[TOPO_CONV_BRIDGE] = "TOPO_CONV_BRIDGE",
};

static const char *const flag_names[TOPO_FLAGS] = {
	"TOPO_ACS",    "TOPO_VF",	 "TOPO_ALIAS",	    "TOPO_INTEL",
	"TOPO_DUMMY",  "TOPO_MASTER",	 "TOPO_BAR",	    "TOPO_ATS",
	"TOPO_ARI",    "TOPO_SLOT",	 "TOPO_VMD",	    "TOPO_DWORD",
	"TOPO_MFBIT",  "TOPO_CXL_CACHE", "TOPO_UNREADABLE", "TOPO_NO_SLOT",
	"TOPO_HIDDEN", "TOPO_DECLARES",
};

/**
 * topo_kind_name - a kind in words
 * @kind: enum topo_kind
 *
 * Return: its name in C, or "?".
 */
const char *topo_kind_name(unsigned int kind)
{
	if (kind >= TOPO_KINDS || !kind_names[kind])
		return "?";
	return kind_names[kind];
}

static int print_flags(const struct topo_fn *fn, char *buf, size_t size)
{
	const char *sep = ", .flags = ";
	unsigned int bit;
	int len = 0;

	for (bit = 0; bit < TOPO_FLAGS; bit++) {
		if (!(fn->flags & BIT(bit)))
			continue;
		len += scnprintf(buf + len, size - len, "%s%s", sep,
				 flag_names[bit]);
		sep = " | ";
	}
	return len;
}

/**
 * topo_print - one function as a C initialiser
 * @t: topology
 * @i: function
 * @buf: where to
 * @size: room there, TOPO_LINE or more to be sure that nothing is cut off
 *
 * The lines for all functions in turn are an initialiser for struct topo's @fn.
 *
 * Return: characters written, without the final 0.
 */
int topo_print(const struct topo *t, unsigned int i, char *buf, size_t size)
{
	const struct topo_fn *fn = &t->fn[i];
	int len;

	len = scnprintf(buf, size,
			"[%u] = { .parent = %d, .kind = %s, .devfn = 0x%02x", i,
			fn->parent, topo_kind_name(fn->kind), fn->devfn);
	len += print_flags(fn, buf + len, size - len);
	if (fn->flags & TOPO_ACS)
		len += scnprintf(buf + len, size - len,
				 ", .cap = 0x%04x, .ctrl = 0x%04x", fn->cap,
				 fn->ctrl);
	if (fn->flags & TOPO_VF)
		len += scnprintf(buf + len, size - len,
				 ", .vf_of = %u, .bus_off = %u", fn->vf_of,
				 fn->bus_off);
	if (fn->flags & TOPO_ALIAS)
		len += scnprintf(buf + len, size - len, ", .alias = 0x%02x",
				 fn->alias);
	if (fn->flags & TOPO_DECLARES)
		len += scnprintf(buf + len, size - len, ", .declares = 0x%x",
				 fn->declares);
	if (fn->group)
		len += scnprintf(buf + len, size - len, ", .group = %u",
				 fn->group);
	len += scnprintf(buf + len, size - len, " },");
	return len;
}
