/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: reports to the log, to audit, to tracing and to udev
 */
#ifndef ACS_GUARD_REPORT_H
#define ACS_GUARD_REPORT_H

#include <linux/types.h>

struct acs_guard_decision;

void acs_guard_report(const struct acs_guard_decision *decision);
void acs_guard_report_unprinted(u64 bdf, unsigned int decisions);
void acs_guard_report_setting(const char *name, const char *from,
			      const char *to);
void acs_guard_report_locked(const char *what);

#endif /* ACS_GUARD_REPORT_H */
