// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: reports to the log, to audit, to tracing and to udev
 *
 * All four get the same facts: those of a decision, and the calling process.
 * No function here decides anything, fails a bind or makes a bind wait.
 */
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>
#include <linux/string_helpers.h>
#include <linux/uidgid.h>

#include "decision.h"
#include "engine.h"
#include "report.h"

#define ESCAPE_FLAGS                                                  \
	(ESCAPE_NAP | ESCAPE_APPEND | ESCAPE_SPACE | ESCAPE_SPECIAL | \
	 ESCAPE_HEX)

#define DEVICES "/sys/bus/pci/devices/"
#define PARAMETERS "/sys/module/acs_guard/parameters/"

/*
 * A printk record holds about 1000 bytes with its prefix, and the limit of a
 * stack frame is 1024 bytes.
 */
#define MAX_LINE 832

/**
 * struct acs_guard_trace - the fields of the tracepoint, with the keys of the
 * log
 * @action: what happened
 * @dev: the function
 * @vendor: its vendor ID
 * @device: its device ID
 * @driver: the name of the driver, escaped; "-" if there is none
 * @reason: the rule that fails
 * @blocker: the function at which the rule fails; "-" if none fails
 * @missing: the ACS controls that @blocker lacks; "-" if there is none
 * @group: the IOMMU group; -1 if there is none
 * @peers: the number of peers
 * @mode: the mode in force at that time
 * @uid: the user of the calling process; -1 for a kernel thread
 * @pid: the calling process; -1 for a kernel thread
 * @comm: the name of the calling process, escaped; "-" for a kernel thread
 */
struct acs_guard_trace {
	const char *action;
	struct acs_guard_name dev;
	u16 vendor;
	u16 device;
	char driver[64];
	const char *reason;
	struct acs_guard_name blocker;
	struct acs_guard_flags missing;
	int group;
	unsigned int peers;
	const char *mode;
	s64 uid;
	pid_t pid;
	char comm[64];
};

#define CREATE_TRACE_POINTS
#include "trace.h"

/* clang-format off */
static const char no_peers_text[] =
	" No other device is known that it could reach, or that could reach it";
static const char root_port_text[] =
	", but nothing shows that the root complex does not pass its DMA to another port";
static const char group_text[] =
	" If one guest gets its whole IOMMU group, set unit=group for all devices: echo group > ";

/* clang-format on */

static void print_explanation(struct seq_buf *s,
			      const struct acs_guard_verdict *verdict)
{
	char *buf;
	const size_t size = seq_buf_get_buf(s, &buf);

	seq_buf_commit(s, acs_guard_explain(verdict, buf, size));
}

/* A name from outside may contain any byte: keep it one value of one line. */
static void print_escaped(struct seq_buf *s, const char *text,
			  const char *special)
{
	char escaped[4 * 64 + 1];
	size_t len;

	len = string_escape_mem(text, strnlen(text, 64), escaped,
				sizeof(escaped) - 1, ESCAPE_FLAGS, special);
	escaped[min(len, sizeof(escaped) - 1)] = '\0';
	seq_buf_printf(s, "%s", escaped);
}

static void print_optional(struct seq_buf *s, const char *key, bool given,
			   long long value)
{
	if (given)
		seq_buf_printf(s, " %s=%lld", key, value);
	else
		seq_buf_printf(s, " %s=-", key);
}

/* A kernel thread acts for no user. */
static bool is_process(void)
{
	return !(current->flags & PF_KTHREAD);
}

/* The calling process.  Each kind of report has a format of its own for comm. */
static void print_process(struct seq_buf *s)
{
	print_optional(s, "uid", is_process(),
		       from_kuid(&init_user_ns, current_uid()));
	print_optional(s, "pid", is_process(), task_tgid_nr(current));
}

static void print_verdict(struct seq_buf *s,
			  const struct acs_guard_verdict *verdict)
{
	seq_buf_printf(s, " reason=%s", acs_guard_reason_name(verdict->reason));
	if (verdict->reason == ACS_GUARD_ISOLATED) {
		seq_buf_printf(s, " blocker=- missing=-");
		return;
	}
	seq_buf_printf(s, " blocker=%s missing=%s",
		       acs_guard_name(verdict->blocker).text,
		       acs_guard_flags(verdict->missing).text);
}

static void print_driver(struct seq_buf *s, const char *driver)
{
	if (*driver)
		print_escaped(s, driver, "\" =\\");
	else
		seq_buf_printf(s, "-");
}

/*
 * The stable keys of the log line, except comm.  The tools of audit translate
 * the values of the keys action, id and mode, so audit gets them with @prefix.
 */
static void print_facts(struct seq_buf *s,
			const struct acs_guard_decision *decision,
			const char *prefix)
{
	const struct acs_guard_subject *subject = &decision->subject;

	seq_buf_printf(s, "%saction=%s", prefix,
		       acs_guard_action_name(decision->action));
	seq_buf_printf(s, " dev=%s", acs_guard_name(subject->bdf).text);
	seq_buf_printf(s, " %sid=%04x:%04x driver=", prefix, subject->vendor,
		       subject->device);
	print_driver(s, decision->driver);
	print_verdict(s, &decision->verdict);
	print_optional(s, "group", subject->group >= 0, subject->group);
	seq_buf_printf(s, " peers=%u %smode=%s", decision->num_peers, prefix,
		       acs_guard_mode_names[decision->mode]);
	print_process(s);
}

static void print_comm_text(struct seq_buf *s)
{
	char comm[TASK_COMM_LEN];

	print_escaped(s, get_task_comm(comm, current), "\"=\\");
}

static void print_comm(struct seq_buf *s)
{
	if (!is_process()) {
		seq_buf_printf(s, " comm=-");
		return;
	}
	seq_buf_printf(s, " comm=\"");
	print_comm_text(s);
	seq_buf_printf(s, "\"");
}

/* As audit does: in hexadecimal if the name could be taken for a field. */
static void audit_comm(struct audit_buffer *ab)
{
	char comm[TASK_COMM_LEN];
	const char *c;

	get_task_comm(comm, current);
	for (c = comm; *c; c++)
		if (*c == '"' || !isascii(*c) || !isgraph(*c))
			break;

	if (*c)
		audit_log_format(ab, "%*phN", (int)strlen(comm), comm);
	else
		audit_log_format(ab, "\"%s\"", comm);
}

/*
 * With GFP_NOWAIT, a full backlog loses a record, which audit counts, and does
 * not make the bind wait for a minute.  For the same reason the record has no
 * audit_context(): with the context of the caller, audit would add records at
 * the end of the system call, and those do wait.  The record has what they
 * would add about the process: auid and ses.
 */
static void send_audit(const char *facts)
{
	struct audit_buffer *ab;

	if (!audit_enabled)
		return;

	ab = audit_log_start(NULL, GFP_NOWAIT, AUDIT_KERNEL_OTHER);
	if (!ab)
		return;
	audit_log_format(ab, "acs_guard: %s auid=%u ses=%u comm=", facts,
			 from_kuid(&init_user_ns, audit_get_loginuid(current)),
			 audit_get_sessionid(current));
	if (is_process())
		audit_comm(ab);
	else
		audit_log_format(ab, "-");
	audit_log_end(ab);
}

/* A function of its own, so that its frame is used only while tracing is on. */
static noinline_for_stack void
fill_trace(const struct acs_guard_decision *decision)
{
	const struct acs_guard_subject *subject = &decision->subject;
	const struct acs_guard_verdict *verdict = &decision->verdict;
	struct acs_guard_trace record = {
		.action = acs_guard_action_name(decision->action),
		.dev = acs_guard_name(subject->bdf),
		.vendor = subject->vendor,
		.device = subject->device,
		.reason = acs_guard_reason_name(verdict->reason),
		.blocker = { "-" },
		.missing = { "-" },
		.group = max(subject->group, -1),
		.peers = decision->num_peers,
		.mode = acs_guard_mode_names[decision->mode],
		.uid = -1,
		.pid = -1,
		.comm = "-",
	};
	struct seq_buf s;

	seq_buf_init(&s, record.driver, sizeof(record.driver));
	print_driver(&s, decision->driver);
	if (verdict->reason != ACS_GUARD_ISOLATED) {
		record.blocker = acs_guard_name(verdict->blocker);
		record.missing = acs_guard_flags(verdict->missing);
	}
	if (is_process()) {
		record.uid = from_kuid(&init_user_ns, current_uid());
		record.pid = task_tgid_nr(current);
		seq_buf_init(&s, record.comm, sizeof(record.comm));
		print_comm_text(&s);
	}
	trace_acs_guard_decision(&record);
}

static void send_trace(const struct acs_guard_decision *decision)
{
	if (trace_acs_guard_decision_enabled())
		fill_trace(decision);
}

static void send_uevent(const struct acs_guard_decision *decision)
{
	char action[32], reason[32];
	char *env[3] = { action, reason };

	snprintf(action, sizeof(action), "ACS_GUARD=%s",
		 acs_guard_action_name(decision->action));
	snprintf(reason, sizeof(reason), "ACS_GUARD_REASON=%s",
		 acs_guard_reason_name(decision->verdict.reason));
	kobject_uevent_env(decision->subject.kobj, KOBJ_CHANGE, env);
}

/*
 * No register shows whether the root complex passes requests from one of its
 * ports to another (1.3.1).  So a Root Port without ACS is refused even if no
 * function beside it is known.
 */
static void print_no_peers(struct seq_buf *s,
			   const struct acs_guard_verdict *verdict)
{
	seq_buf_printf(s, "%s", no_peers_text);
	if (verdict->root_port)
		seq_buf_printf(s, "%s", root_port_text);
	seq_buf_printf(s, ".");
}

/*
 * Is a list without peers worth a sentence?  For some reasons what is exposed
 * is memory, which the explanation names, or is not known.
 */
static bool shows_peers(enum acs_guard_reason reason)
{
	return reason != ACS_GUARD_NO_IOMMU && reason != ACS_GUARD_UNREADABLE &&
	       reason != ACS_GUARD_TRANSLATION &&
	       reason != ACS_GUARD_PORT_MEMORY;
}

static void print_peers(struct seq_buf *s,
			const struct acs_guard_decision *decision)
{
	const unsigned int count = decision->num_peers;
	const unsigned int named =
		min_t(unsigned int, count, ACS_GUARD_NAMED_PEERS);
	unsigned int i;

	if (!count) {
		if (shows_peers(decision->verdict.reason))
			print_no_peers(s, &decision->verdict);
		return;
	}

	seq_buf_printf(s, " It and %s", acs_guard_name(decision->peer[0]).text);
	for (i = 1; i < named; i++)
		seq_buf_printf(s, ", %s",
			       acs_guard_name(decision->peer[i]).text);
	if (count > named)
		seq_buf_printf(s, " and %u more", count - named);
	seq_buf_printf(s, " can send DMA to each other past the IOMMU.");
}

/* Commands that can be copied; the safest first. */
static void print_ways_out(struct seq_buf *s,
			   const struct acs_guard_decision *decision,
			   const char *dev)
{
	seq_buf_printf(s, " To give it back to its own driver:");
	seq_buf_printf(s, " echo > " DEVICES "%s/driver_override;", dev);
	seq_buf_printf(s, " echo %s > /sys/bus/pci/drivers_probe.", dev);
	if (decision->group_allows)
		seq_buf_printf(s, "%s" PARAMETERS "unit.", group_text);
	seq_buf_printf(s, " To accept the risk for this device:");
	seq_buf_printf(s, " echo 1 > " DEVICES "%s/acs_guard/permissive", dev);
}

static void print_way_back(struct seq_buf *s, const char *dev)
{
	seq_buf_printf(s, " It stays bound. To take it away from its user:");
	seq_buf_printf(s, " echo %s > " DEVICES "%s/driver/unbind", dev, dev);
}

/* The second line, in plain words. */
static noinline_for_stack void
log_advice(const struct acs_guard_decision *decision)
{
	const struct acs_guard_name name =
		acs_guard_name(decision->subject.bdf);
	const bool drift = decision->action == ACS_GUARD_DRIFT;
	char line[MAX_LINE];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "%s is %s isolated: ", name.text,
		       drift ? "no longer" : "not");
	print_explanation(&s, &decision->verdict);
	seq_buf_printf(&s, ".");
	print_peers(&s, decision);
	if (drift)
		print_way_back(&s, name.text);
	else
		print_ways_out(&s, decision, name.text);
	pr_warn("%s\n", line);
}

static noinline_for_stack void
log_facts(const struct acs_guard_decision *decision)
{
	char line[MAX_LINE];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	print_facts(&s, decision, "");
	print_comm(&s);
	pr_warn("%s\n", line);
}

static void log_decision(const struct acs_guard_decision *decision)
{
	log_facts(decision);
	if (decision->action == ACS_GUARD_DENY ||
	    decision->action == ACS_GUARD_DRIFT)
		log_advice(decision);
}

static noinline_for_stack void
send_audit_decision(const struct acs_guard_decision *decision)
{
	char line[MAX_LINE];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	print_facts(&s, decision, "acs_");
	send_audit(line);
}

/**
 * acs_guard_report() - report a decision to the log, audit, tracing and udev
 * @decision: the decision; the caller holds its function
 *
 * After a refusal or a drift, a second line of the log explains it in plain
 * words.  If too many decisions about the function have been logged, the log
 * gets a count only, some seconds later.
 *
 * Context: process context; may sleep for memory, but waits for no listener.
 */
void acs_guard_report(const struct acs_guard_decision *decision)
{
	send_audit_decision(decision);
	send_trace(decision);
	if (!decision->unprinted)
		log_decision(decision);
	send_uevent(decision);
}

/**
 * acs_guard_report_unprinted() - report how many decisions were not logged
 * @bdf: the address of the function that the decisions were about
 * @decisions: their number
 */
void acs_guard_report_unprinted(u64 bdf, unsigned int decisions)
{
	pr_warn("%s: %u decisions were not logged, because too many came within seconds\n",
		acs_guard_name(bdf).text, decisions);
}

/**
 * acs_guard_report_setting() - report a change of a setting
 * @name: the name of the setting
 * @from: its old value
 * @to: its new value
 */
void acs_guard_report_setting(const char *name, const char *from,
			      const char *to)
{
	char line[256];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "acs_%s=%s acs_%s_before=%s", name, to, name, from);
	print_process(&s);
	send_audit(line);

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "%s=%s (was %s)", name, to, from);
	print_process(&s);
	print_comm(&s);
	pr_warn("%s\n", line);
}

/**
 * acs_guard_report_locked() - report an attempt to change a frozen setting
 * @what: what the calling process tried to change
 */
void acs_guard_report_locked(const char *what)
{
	static DEFINE_RATELIMIT_STATE(printed, 5 * HZ, 10);
	char line[256];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "acs_locked=\"%s\"", what);
	print_process(&s);
	send_audit(line);

	if (!__ratelimit(&printed))
		return;
	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "locked until reboot: refused to change %s", what);
	print_process(&s);
	print_comm(&s);
	pr_warn("%s\n", line);
}
