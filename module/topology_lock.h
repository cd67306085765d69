/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the lock between searches of the topology and removals
 */
#ifndef ACS_GUARD_TOPOLOGY_LOCK_H
#define ACS_GUARD_TOPOLOGY_LOCK_H

int acs_topology_read_lock(void);
void acs_topology_read_unlock(int idx);
void acs_topology_synchronize(void);

#endif /* ACS_GUARD_TOPOLOGY_LOCK_H */
