/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: verdicts of the engine
 */
#ifndef ACS_GUARD_JUDGE_H
#define ACS_GUARD_JUDGE_H

#include "model.h"

/**
 * struct acs_facts - the ACS registers of a function
 * @readable: they can be read, or are known not to be there
 * @acs: there are such
 * @cap: ACS Capability Register
 * @ctrl: ACS Control Register
 */
struct acs_facts {
	bool readable;
	bool acs;
	u16 cap;
	u16 ctrl;
};

/* More are not named. */
#define MAX_EXPOSED_SLOTS 64

/**
 * struct exposed_slots - the hot-plug slots that are exposed to a function
 * @bdf: the ports that have the slots, @count of them
 * @count: how many
 */
struct exposed_slots {
	u64 bdf[MAX_EXPOSED_SLOTS];
	size_t count;
};

void judge_machine(struct machine *machine);
void judge_function(struct machine *machine, struct function *fn);
bool can_be_exposed(const struct machine *machine, const struct function *fn);
bool blames(const struct function *fn);
void find_statuses(struct machine *machine);
const struct peers *peers_of(struct machine *machine, struct function *fn);
struct acs_facts acs_facts_of(const struct machine *machine,
			      const struct function *fn);

/* exposed_slots.c */
void exposed_slots(const struct machine *machine, const struct function *fn,
		   struct exposed_slots *slots);

/* sysfs.c: the module's answers */
void sysfs_read_peers(struct machine *machine, struct function *fn,
		      struct peers *peers);

#endif /* ACS_GUARD_JUDGE_H */
