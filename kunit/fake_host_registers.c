// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake host: access to registers, faults, and counts of accesses
 */
#include <linux/bug.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "fake_host_private.h"

/* ---- While it is up: registers ---- */

/**
 * fake_host_peek() - get a register without a config cycle
 * @host: the host
 * @name: the function
 * @where: the offset
 * @size: 1, 2 or 4 bytes
 *
 * Faults have no effect, and the access is not counted.
 *
 * Return: the value.
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
 * fake_host_poke() - set a register, including its read-only bits
 * @host: the host
 * @name: the function, which may be absent
 * @where: the offset
 * @size: 1, 2 or 4 bytes
 * @val: the value
 *
 * As a change by hardware, or by setpci: the PCI core does not notice.
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
 * fake_host_poke_after() - set a register after a number of reads
 * @host: the host
 * @nth: the register is set after this many further reads of any function; 0:
 *       never
 * @name: the function
 * @where: the offset
 * @size: 1, 2 or 4 bytes
 * @val: the value
 *
 * For registers that change between two reads.  A later call replaces an
 * earlier one.
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

/**
 * fake_host_call_after() - call a function after a number of reads
 * @host: the host
 * @nth: it is called after this many further reads of any function; 0: never
 * @call: the function, which cannot sleep, and uses no host
 * @data: what is passed to it
 *
 * A later call replaces an earlier one.
 */
void fake_host_call_after(struct fake_host *host, unsigned int nth,
			  void (*call)(void *data), void *data)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&host->lock, flags);
	host->call_in = nth;
	host->call = call;
	host->call_data = data;
	raw_spin_unlock_irqrestore(&host->lock, flags);
}

/* With the lock held; also ends for a list that is a loop. */
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
 * fake_host_ext_cap() - find an extended capability
 * @host: the host
 * @name: the function
 * @id: PCI_EXT_CAP_ID_*
 *
 * Return: its offset, or 0 if it is not in the list.
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
 * fake_host_set_acs() - set the ACS control register of a function
 * @host: the host
 * @name: a function declared with ACS
 * @ctrl: the value
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
 * fake_host_fault() - let all accesses to a function fail
 * @host: the host
 * @name: the function; those below it still answer
 * @how: how reads fail; writes are lost.  FAKE_OK ends the fault.
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
 * @where: an offset in the dword; a later call replaces an earlier one
 * @how: how the reads fail; FAKE_OK ends the fault
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
 * fake_host_fail_nth() - let one of the next reads fail
 * @host: the host
 * @nth: the number of the read, of any function: 1 is the next one; 0: none
 * @how: how the read fails
 */
void fake_host_fail_nth(struct fake_host *host, unsigned int nth,
			enum fake_fault how)
{
	arm_read_fault(host, nth, how, false);
}

/**
 * fake_host_fail_from() - let one of the next reads fail, and all later reads
 * @host: the host
 * @nth: the number of the first read, as in fake_host_fail_nth()
 * @how: how the reads fail
 */
void fake_host_fail_from(struct fake_host *host, unsigned int nth,
			 enum fake_fault how)
{
	arm_read_fault(host, nth, how, true);
}

/**
 * fake_host_failed() - has the read number @nth failed?
 * @host: the host
 *
 * For fake_host_fail_nth() and fake_host_fail_from().  A loop over @nth ends
 * when the result is false.
 *
 * Return: false if there were fewer reads.
 */
bool fake_host_failed(struct fake_host *host)
{
	return READ_ONCE(host->failed);
}

/* ---- While it is up: counts ---- */

/**
 * fake_host_reads() - count the reads of a function
 * @host: the host
 * @name: the function
 * @where: an offset in the dword to count, or FAKE_ALL_REGS
 *
 * Return: the count since the creation of the host, or since
 * fake_host_reset_counts().
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
 * fake_host_total_reads() - count the reads of all functions
 * @host: the host
 *
 * Return: as fake_host_reads(); reads of empty addresses are not counted.
 */
unsigned int fake_host_total_reads(struct fake_host *host)
{
	return READ_ONCE(host->reads);
}

/**
 * fake_host_total_writes() - count the writes to all functions
 * @host: the host
 *
 * Return: as fake_host_total_reads().
 */
unsigned int fake_host_total_writes(struct fake_host *host)
{
	return READ_ONCE(host->writes);
}

/**
 * fake_host_reset_counts() - set all counts to 0
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
