// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: the lock between searches of the topology and removals
 *
 * A section of sleepable RCU.  A removal waits for the sections under way once
 * the kernel has unlisted the function, so what a section finds is valid until
 * its end.
 */
#include <linux/srcu.h>

#include "topology_lock.h"

/* A section writes to no cache line that CPUs share. */
DEFINE_STATIC_SRCU(topology_srcu);

/**
 * acs_topology_read_lock() - keep functions that are found valid
 *
 * A section resumes no device, and waits for no lock that a remover may hold:
 * the removal of a function waits for the end of the section.
 *
 * Return: the index for acs_topology_read_unlock().
 */
int acs_topology_read_lock(void)
{
	const int idx = srcu_read_lock(&topology_srcu);

	/* Sparse expects lock and unlock in one function; these are two. */
	__release(&topology_srcu);
	return idx;
}

/**
 * acs_topology_read_unlock() - the end of acs_topology_read_lock()
 * @idx: what that returned
 */
void acs_topology_read_unlock(int idx)
{
	__acquire(&topology_srcu);
	srcu_read_unlock(&topology_srcu, idx);
}

/**
 * acs_topology_synchronize() - wait for the sections under way
 *
 * After BUS_NOTIFY_REMOVED_DEVICE of a function, no later section finds it.
 * After this call, no section uses it.
 *
 * Context: process context; sleeps.
 */
void acs_topology_synchronize(void)
{
	synchronize_srcu_expedited(&topology_srcu);
}
