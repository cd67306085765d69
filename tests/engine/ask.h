/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the engine asked about a described machine, for the comparison
 * with the oracle
 */
#ifndef ASK_H
#define ASK_H

#include "compare.h"
#include "node.h"

u64 ask_peers(struct acs_node node, struct acs_guard_reader *reader);
void examine_judge(struct compare *c, unsigned int i,
		   const struct acs_guard_policy *policy,
		   struct acs_guard_verdict *verdict);
void examine(struct compare *c, unsigned int i);
bool examine_strict(struct compare *c, unsigned int i, u64 *isolated);
enum disagreement examine_topo(struct compare *c, const struct topo *t,
			       struct tally *tally);

#endif /* ASK_H */
