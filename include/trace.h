/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the tracepoint acs_guard:acs_guard_decision
 *
 * The keys of the log's line, so that what is known of the one can be used with
 * the other, filters included.  Words are arrays: they are short, events are
 * rare, and an array is written the same way in every kernel.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM acs_guard

#if !defined(ACS_GUARD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ACS_GUARD_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/types.h>

struct acs_guard_told;

/* clang-format off */
TRACE_EVENT(acs_guard_decision,
	    TP_PROTO(const struct acs_guard_told *told),
	    TP_ARGS(told),
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
	    TP_fast_assign(strscpy_pad(__entry->action, told->action,
				       sizeof(__entry->action));
			   strscpy_pad(__entry->dev, told->dev.text,
				       sizeof(__entry->dev));
			   __entry->vendor = told->vendor;
			   __entry->device = told->device;
			   strscpy_pad(__entry->driver, told->driver,
				       sizeof(__entry->driver));
			   strscpy_pad(__entry->reason, told->reason,
				       sizeof(__entry->reason));
			   strscpy_pad(__entry->blocker, told->blocker.text,
				       sizeof(__entry->blocker));
			   strscpy_pad(__entry->missing, told->missing.text,
				       sizeof(__entry->missing));
			   __entry->group = told->group;
			   __entry->peers = told->peers;
			   strscpy_pad(__entry->mode, told->mode,
				       sizeof(__entry->mode));
			   __entry->uid = told->uid;
			   __entry->pid = told->pid;
			   strscpy_pad(__entry->comm, told->comm,
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
