// SPDX-License-Identifier: GPL-2.0-only
/*
 * What dumps do not tell of machines, though their kernels know it
 */
#include "dumps.h"

#define MAX_CAPS 48

const char *const doubt_names[NUM_DOUBTS] = {
	"of functions that do not answer",
	"behind which VMD endpoint a domain is",
	"of extended configuration space that the kernel cannot reach",
	"of broken lists of capabilities",
	"of the memory of ports (strict=1)",
	"of registers that words leave out",
};

static bool has_loop(const struct dumped *fn)
{
	unsigned int at = PCI_CAPABILITY_LIST, left = MAX_CAPS;

	if (!(config_of(fn, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return false;
	for (at = config_of(fn, at, 1); at >= HEADER_SIZE;
	     at = config_of(fn, at + 1, 1))
		if (!left--)
			return true;
	return false;
}

static bool has_extended_loop(const struct dumped *fn)
{
	unsigned int at = PCI_CFG_SPACE_SIZE, left = CFG_SIZE / 4;

	if (fn->is.cfg_size < CFG_SIZE || config_of(fn, at, 4) == U32_MAX)
		return false;
	for (; at >= PCI_CFG_SPACE_SIZE;
	     at = config_of(fn, at, 4) >> 20 & 0xffc)
		if (!left--)
			return true;
	return false;
}

static bool is_bridge(const struct dumped *fn)
{
	return (config_of(fn, PCI_HEADER_TYPE, 1) & 0x7f) ==
	       PCI_HEADER_TYPE_BRIDGE;
}

static bool is_offline(const struct machine_dump *dump, const struct dumped *fn)
{
	unsigned int i;

	for (i = 0; i < dump->is.nr; i++)
		if (dump->fns[i].is.bdf == fn->is.pf)
			return dump->fns[i].is.offline || fn->is.offline;
	return true;
}

/* Only the size of a BAR shows that the words are those of a kernel. */
static bool tells_memory(const struct machine_dump *dump)
{
	unsigned int i;

	for (i = 0; i < dump->is.nr; i++)
		if (dump->words && !dump->raw && dump->fns[i].is.memory)
			return true;
	return false;
}

static u32 doubts_of(const struct machine_dump *dump, const struct dumped *fn)
{
	u32 doubts = 0;

	if (is_offline(dump, fn))
		return DOUBT_OFFLINE;
	if (fn->is.type != TYPE_CONVENTIONAL && fn->is.cfg_size < CFG_SIZE)
		doubts |= DOUBT_CUT;
	if (has_loop(fn) || has_extended_loop(fn))
		doubts |= DOUBT_BROKEN;
	if (dump->is.strict && is_bridge(fn) && !fn->is.memory &&
	    !tells_memory(dump))
		doubts |= DOUBT_MEMORY;
	return doubts;
}

/**
 * find_doubts() - find what the dump of a machine does not tell
 * @dump: the machine
 */
void find_doubts(struct machine_dump *dump)
{
	unsigned int i;

	dump->doubts = dump->is.flags & DUMPED_NO_DOMAIN ? DOUBT_DOMAIN : 0;
	if (dump->text)
		dump->doubts |= DOUBT_TEXT;
	for (i = 0; i < dump->is.nr; i++) {
		dump->fns[i].doubts = doubts_of(dump, &dump->fns[i]);
		dump->doubts |= dump->fns[i].doubts;
	}
}
