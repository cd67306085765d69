/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the tracepoint acs_guard:acs_guard_decision
 *
 * The fields have the keys of the log line.  Strings are arrays: they are
 * short, events are rare, and all kernels declare arrays in the same way.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM acs_guard

#if !defined(ACS_GUARD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ACS_GUARD_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/types.h>

struct acs_guard_trace;

/* clang-format off */
TRACE_EVENT(acs_guard_decision,
	    TP_PROTO(const struct acs_guard_trace *record),
	    TP_ARGS(record),
	    TP_STRUCT__entry(__array(char, action, 24)
			     __array(char, dev, 24)
			     __field(u16, vendor)
			     __field(u16, device)
			     __array(char, driver, 64)
			     __array(char, reason, 24)
			     __array(char, blocker, 24)
			     __array(char, missing, 16)
			     __field(int, group)
			     __field(unsigned int, peers)
			     __array(char, mode, 8)
			     __field(s64, uid)
			     __field(int, pid)
			     __array(char, comm, 64)),
	    TP_fast_assign(strscpy_pad(__entry->action, record->action,
				       sizeof(__entry->action));
			   strscpy_pad(__entry->dev, record->dev.text,
				       sizeof(__entry->dev));
			   __entry->vendor = record->vendor;
			   __entry->device = record->device;
			   strscpy_pad(__entry->driver, record->driver,
				       sizeof(__entry->driver));
			   strscpy_pad(__entry->reason, record->reason,
				       sizeof(__entry->reason));
			   strscpy_pad(__entry->blocker, record->blocker.text,
				       sizeof(__entry->blocker));
			   strscpy_pad(__entry->missing, record->missing.text,
				       sizeof(__entry->missing));
			   __entry->group = record->group;
			   __entry->peers = record->peers;
			   strscpy_pad(__entry->mode, record->mode,
				       sizeof(__entry->mode));
			   __entry->uid = record->uid;
			   __entry->pid = record->pid;
			   strscpy_pad(__entry->comm, record->comm,
				       sizeof(__entry->comm));),
	    TP_printk("action=%s dev=%s id=%04x:%04x driver=%s reason=%s blocker=%s missing=%s group=%d peers=%u mode=%s uid=%lld pid=%d comm=\"%s\"",
		      __entry->action, __entry->dev, __entry->vendor,
		      __entry->device, __entry->driver, __entry->reason,
		      __entry->blocker, __entry->missing, __entry->group,
		      __entry->peers, __entry->mode, __entry->uid, __entry->pid,
		      __entry->comm)
);
/* clang-format on */

#endif /* ACS_GUARD_TRACE_H */

/* This file, as the kernel's tracing finds it: by the module's own -I. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
