// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host, while it is up: registers, faults and counts
 */
#include <linux/bug.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "fake_host_private.h"

/* ---- While it is up: registers ---- */

/**
 * fake_host_peek() - look at a register, without a config cycle
 * @host: the host
 * @name: the function
 * @where: offset
 * @size: 1, 2 or 4 bytes
 *
 * Return: what a read would give if nothing were wrong; nothing is counted.
 */
u32 fake_host_peek(struct fake_host *host, const char *name, u16 where, u8 size)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	unsigned long flags;
	u32 val;

	if (!fn || WARN_ON(size > 4 || where + size > CFG_SIZE))
		return U32_MAX;
	raw_spin_lock_irqsave(&host->lock, flags);
	val = fake_cfg_get(fn, where, size);
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return val;
}

/**
 * fake_host_poke() - change a register, read-only bits and all
 * @host: the host
 * @name: the function
 * @where: offset
 * @size: 1, 2 or 4 bytes
 * @val: what reads are to give from now on
 *
 * As hardware changes a register, and as setpci does as far as Linux can
 * tell: the PCI core is not told.  Works on functions that are absent.
 */
void fake_host_poke(struct fake_host *host, const char *name, u16 where,
		    u8 size, u32 val)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	unsigned long flags;

	if (!fn || WARN_ON(size > 4 || where + size > CFG_SIZE))
		return;
	raw_spin_lock_irqsave(&host->lock, flags);
	fake_cfg_change(host, fn, where, size, val);
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/**
 * fake_host_poke_after() - change a register after so many reads
 * @host: the host
 * @nth: the change comes when this many reads of any function, from now on,
 *       have had their answer; 0: not at all.  One change a host, the last
 *       named.
 * @name: the function
 * @where: offset
 * @size: 1, 2 or 4 bytes
 * @val: what reads are to give from then on
 *
 * For what happens when a register is not the same the second time.
 */
void fake_host_poke_after(struct fake_host *host, unsigned int nth,
			  const char *name, u16 where, u8 size, u32 val)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	unsigned long flags;

	if (!fn || WARN_ON(size > 4 || where + size > CFG_SIZE))
		return;
	raw_spin_lock_irqsave(&host->lock, flags);
	host->poke_in = nth;
	host->poke_fn = fn;
	host->poke_where = where;
	host->poke_size = size;
	host->poke_val = val;
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/* Under the lock: follow the list, as far as it can be long. */
static u16 find_ext_cap(const struct fake_fn *fn, u16 id)
{
	unsigned int ttl = (CFG_SIZE - PCI_CFG_SPACE_SIZE) / 8;
	unsigned int at = PCI_CFG_SPACE_SIZE;

	while (at >= PCI_CFG_SPACE_SIZE && ttl--) {
		u32 header = fake_cfg_get(fn, at, 4);

		if (PCI_EXT_CAP_ID(header) == id)
			return at;
		at = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/**
 * fake_host_ext_cap() - where an extended capability is
 * @host: the host
 * @name: the function
 * @id: PCI_EXT_CAP_ID_ACS and so on
 *
 * Return: its offset, 0 if the function's list does not lead to one.
 */
u16 fake_host_ext_cap(struct fake_host *host, const char *name, u16 id)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	unsigned long flags;
	u16 at;

	if (!fn)
		return 0;
	raw_spin_lock_irqsave(&host->lock, flags);
	at = find_ext_cap(fn, id);
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return at;
}

/**
 * fake_host_set_acs() - change an ACS control word, wherever it is
 * @host: the host
 * @name: a function declared with ACS
 * @ctrl: the new control word
 */
void fake_host_set_acs(struct fake_host *host, const char *name, u16 ctrl)
{
	struct fake_fn *fn = fake_fn_get(host, name);

	if (!fn || WARN_ON(!fn->acs))
		return;
	fake_host_poke(host, name,
		       fn->acs + (fn->decl.acs.layout == 2 ? 8 : PCI_ACS_CTRL),
		       2, ctrl);
}

/* ---- While it is up: faults ---- */

/**
 * fake_host_fault() - let all reads of a function fail
 * @host: the host
 * @name: the function; what is below it goes on to answer
 * @how: how they fail, FAKE_OK: not any more.  Writes are lost meanwhile.
 */
void fake_host_fault(struct fake_host *host, const char *name,
		     enum fake_fault how)
{
	struct fake_fn *fn = fake_fn_get(host, name);

	if (fn)
		WRITE_ONCE(fn->fault, how);
}

/**
 * fake_host_fault_at() - let reads of one dword of a function fail
 * @host: the host
 * @name: the function
 * @where: an offset in that dword; one dword a function, the last named
 * @how: how they fail, FAKE_OK: not any more
 */
void fake_host_fault_at(struct fake_host *host, const char *name, u16 where,
			enum fake_fault how)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	unsigned long flags;

	if (!fn)
		return;
	raw_spin_lock_irqsave(&host->lock, flags);
	fn->fault_dword = where / 4;
	fn->fault_at = how;
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

static void arm_read_fault(struct fake_host *host, unsigned int nth,
			   enum fake_fault how, bool on)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&host->lock, flags);
	host->fail_in = nth;
	host->fail_how = how;
	host->fail_on = on;
	host->failed = false;
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/**
 * fake_host_fail_nth() - let one of the reads to come fail
 * @host: the host
 * @nth: which: 1 is the next one of any function; 0: none, after all
 * @how: how it fails
 */
void fake_host_fail_nth(struct fake_host *host, unsigned int nth,
			enum fake_fault how)
{
	arm_read_fault(host, nth, how, false);
}

/**
 * fake_host_fail_from() - let one of the reads to come fail, and all after it
 * @host: the host
 * @nth: which is the first, as in fake_host_fail_nth(); 0: none, after all
 * @how: how they fail
 */
void fake_host_fail_from(struct fake_host *host, unsigned int nth,
			 enum fake_fault how)
{
	arm_read_fault(host, nth, how, true);
}

/**
 * fake_host_failed() - has the read come that was to fail, or the first of them?
 * @host: the host
 *
 * Return: true once it has.  A loop over @nth ends at the first false: there
 * were fewer reads.
 */
bool fake_host_failed(struct fake_host *host)
{
	return READ_ONCE(host->failed);
}

/* ---- While it is up: counts ---- */

/**
 * fake_host_reads() - how often a function was read
 * @host: the host
 * @name: the function
 * @where: an offset in the dword that is meant, or FAKE_ALL_REGS
 *
 * Return: the count since the host came up or fake_host_reset_counts().
 */
unsigned int fake_host_reads(struct fake_host *host, const char *name,
			     int where)
{
	struct fake_fn *fn = fake_fn_get(host, name);
	unsigned int sum = 0;
	unsigned long flags;
	unsigned int i;

	if (!fn || WARN_ON(where >= CFG_SIZE))
		return 0;
	raw_spin_lock_irqsave(&host->lock, flags);
	for (i = 0; i < CFG_DWORDS; i++)
		if (where < 0 || i == where / 4)
			sum += fn->reads[i];
	raw_spin_unlock_irqrestore(&host->lock, flags);
	return sum;
}

/**
 * fake_host_total_reads() - how often any function was read
 * @host: the host
 *
 * Return: the count since the host came up or fake_host_reset_counts();
 * reads of places where nothing is do not count.
 */
unsigned int fake_host_total_reads(struct fake_host *host)
{
	return READ_ONCE(host->reads);
}

/**
 * fake_host_total_writes() - how often any function was written to
 * @host: the host
 *
 * Return: as fake_host_total_reads().
 */
unsigned int fake_host_total_writes(struct fake_host *host)
{
	return READ_ONCE(host->writes);
}

/**
 * fake_host_reset_counts() - begin to count anew
 * @host: the host
 */
void fake_host_reset_counts(struct fake_host *host)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&host->lock, flags);
	host->reads = 0;
	host->writes = 0;
	for (i = 0; i < host->nr_fns; i++)
		memset(host->fns[i]->reads, 0, sizeof(host->fns[i]->reads));
	raw_spin_unlock_irqrestore(&host->lock, flags);
}
