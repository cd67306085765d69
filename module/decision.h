/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: a decision, by value
 */
#ifndef ACS_GUARD_DECISION_H
#define ACS_GUARD_DECISION_H

#include "engine.h"
#include "pci_dev.h"

/* The log shows at most 64 characters of a driver's name. */
#define ACS_GUARD_DRIVER_NAME 65

/**
 * struct acs_guard_decision - a decision or an event, with all that a report
 *	says about it
 * @action: what was decided, or what happened
 * @mode: the mode in force at that time
 * @group_allows: unit=group would allow the bind
 * @unprinted: too many decisions about this function: the log gets only a count
 * @subject: the function
 * @verdict: the verdict on the function
 * @num_peers: the number of its peers
 * @peer: the lowest addresses of its peers
 * @driver: the name of the driver, or "" if there is none
 *
 * A plain %ACS_GUARD_ALLOW is not reported, and has @action, @mode and @verdict
 * only.
 */
struct acs_guard_decision {
	enum acs_guard_action action;
	enum acs_guard_mode mode;
	bool group_allows;
	bool unprinted;
	struct acs_guard_subject subject;
	struct acs_guard_verdict verdict;
	unsigned int num_peers;
	u64 peer[ACS_GUARD_NAMED_PEERS];
	char driver[ACS_GUARD_DRIVER_NAME];
};

#endif /* ACS_GUARD_DECISION_H */
