/* SPDX-License-Identifier: GPL-2.0-only */
/* Topologies whose routes are known, to test the oracle with. */
#ifndef ORACLE_CASES_H
#define ORACLE_CASES_H

#include "oracle.h"

#define CASE_MAX 12 /* functions in one */

/**
 * struct oracle_case - a topology and where its packets go
 * @name: topology in the list of topologies, or what it shows
 * @nr: number of functions
 * @fn: functions
 * @peers: by function, the peers as worked out by hand; 0 for bridges
 * @memory: by function, the bridges whose memory it reaches
 * @at_rc: functions whose translated requests arrive at the root complex
 * @strict: @memory and @at_rc are to be compared, too
 */
struct oracle_case {
	const char *name;
	u8 nr;
	struct topo_fn fn[CASE_MAX];
	u64 peers[CASE_MAX];
	u64 memory[CASE_MAX];
	u64 at_rc;
	bool strict;
};

extern const struct oracle_case oracle_cases[];
extern const unsigned int oracle_cases_nr;

void oracle_case_topo(const struct oracle_case *c, struct topo *t);
const char *oracle_case_wrong(const struct oracle_case *c,
			      const struct oracle *o);

#endif /* ORACLE_CASES_H */
