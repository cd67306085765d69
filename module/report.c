// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what the world is told
 *
 * The one place that puts a decision into words: the kernel's log, the audit
 * trail, a tracepoint and a uevent, all from the same facts.  Nothing here
 * decides anything, and nothing here can fail a bind or make it wait.
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

#include "acs_guard.h"

#define ESCAPE_FLAGS                                                  \
	(ESCAPE_NAP | ESCAPE_APPEND | ESCAPE_SPACE | ESCAPE_SPECIAL | \
	 ESCAPE_HEX)

#define DEVICES "/sys/bus/pci/devices/"
#define PARAMETERS "/sys/module/acs_guard/parameters/"

/*
 * A printk record holds about 1000 bytes, its prefix included; and no stack
 * frame is to hold more than 1024.
 */
#define MAX_LINE 832

/**
 * struct acs_guard_told - what the tracepoint tells, with the log's keys
 * @action: what happened
 * @dev: the function
 * @vendor: its vendor ID
 * @device: its device ID
 * @driver: the driver concerned, escaped; "-" if there is none
 * @reason: the rule that fails
 * @blocker: at which function; "-" if none fails
 * @missing: the ACS controls that it lacks; "-" if there is none
 * @group: the IOMMU group; -1 if there is none
 * @peers: how many functions are exposed
 * @mode: the mode then in force
 * @uid: who asked; -1 if it was the kernel itself
 * @pid: by which process; -1 likewise
 * @comm: by the name of, escaped; "-" likewise
 */
struct acs_guard_told {
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
static const char root_port_words[] =
	", but nothing shows that the root complex does not pass its DMA to another port";
static const char group_words[] =
	" unit=group would allow it, since it shares with its own IOMMU group only: echo group > ";

/* clang-format on */

static void print_explanation(struct seq_buf *s,
			      const struct acs_guard_verdict *verdict)
{
	char *buf;
	const size_t size = seq_buf_get_buf(s, &buf);

	seq_buf_commit(s, acs_guard_explain(verdict, buf, size));
}

/* Whatever a name from outside holds, it stays one value of one line. */
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

static bool somebody_asks(void)
{
	return !(current->flags & PF_KTHREAD);
}

/* Who asks, as far as that is somebody; comm goes by other ways, see below. */
static void print_asker(struct seq_buf *s)
{
	const bool somebody = somebody_asks();

	print_optional(s, "uid", somebody,
		       from_kuid(&init_user_ns, current_uid()));
	print_optional(s, "pid", somebody, task_tgid_nr(current));
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

/*
 * The line's stable keys, all but comm.  Audit's tools know action, id and mode
 * from elsewhere and would translate their values; there they get @prefix.
 */
static void print_facts(struct seq_buf *s, const struct acs_guard_event *event,
			const char *prefix)
{
	const struct acs_guard_subject *subject = &event->subject;

	seq_buf_printf(s, "%saction=%s", prefix,
		       acs_guard_action_name(event->action));
	seq_buf_printf(s, " dev=%s", acs_guard_name(subject->bdf).text);
	seq_buf_printf(s, " %sid=%04x:%04x driver=", prefix, subject->vendor,
		       subject->device);
	if (event->driver)
		print_escaped(s, event->driver, "\" =\\");
	else
		seq_buf_printf(s, "-");
	print_verdict(s, &event->verdict);
	print_optional(s, "group", subject->group >= 0, subject->group);
	seq_buf_printf(s, " peers=%u %smode=%s", event->peers.count, prefix,
		       acs_guard_mode_names[event->mode]);
	print_asker(s);
}

static void print_name_of_asker(struct seq_buf *s)
{
	char comm[TASK_COMM_LEN];

	print_escaped(s, get_task_comm(comm, current), "\"=\\");
}

static void print_comm(struct seq_buf *s)
{
	if (!somebody_asks()) {
		seq_buf_printf(s, " comm=-");
		return;
	}
	seq_buf_printf(s, " comm=\"");
	print_name_of_asker(s);
	seq_buf_printf(s, "\"");
}

/* As audit does it: what could be mistaken for another field goes as hex. */
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
 * The audit trail gets the same facts.  With GFP_NOWAIT a full backlog costs a
 * record, which audit counts as lost, and not a minute of somebody's bind.  The
 * record stands alone for the same reason: given the caller's audit_context(),
 * audit would add records about the system call at its end, and those do wait.
 * What they would say of who it was is in this one: auid and ses.
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
	if (somebody_asks())
		audit_comm(ab);
	else
		audit_log_format(ab, "-");
	audit_log_end(ab);
}

/* A function of its own: its memory is taken only while somebody traces. */
static noinline_for_stack void fill_trace(const struct acs_guard_event *event)
{
	const struct acs_guard_subject *subject = &event->subject;
	const struct acs_guard_verdict *verdict = &event->verdict;
	struct acs_guard_told told = {
		.action = acs_guard_action_name(event->action),
		.dev = acs_guard_name(subject->bdf),
		.vendor = subject->vendor,
		.device = subject->device,
		.driver = "-",
		.reason = acs_guard_reason_name(verdict->reason),
		.blocker = { "-" },
		.missing = { "-" },
		.group = max(subject->group, -1),
		.peers = event->peers.count,
		.mode = acs_guard_mode_names[event->mode],
		.uid = -1,
		.pid = -1,
		.comm = "-",
	};
	struct seq_buf s;

	if (event->driver) {
		seq_buf_init(&s, told.driver, sizeof(told.driver));
		print_escaped(&s, event->driver, "\" =\\");
	}
	if (verdict->reason != ACS_GUARD_ISOLATED) {
		told.blocker = acs_guard_name(verdict->blocker);
		told.missing = acs_guard_flags(verdict->missing);
	}
	if (somebody_asks()) {
		told.uid = from_kuid(&init_user_ns, current_uid());
		told.pid = task_tgid_nr(current);
		seq_buf_init(&s, told.comm, sizeof(told.comm));
		print_name_of_asker(&s);
	}
	trace_acs_guard_decision(&told);
}

static void send_trace(const struct acs_guard_event *event)
{
	if (trace_acs_guard_decision_enabled())
		fill_trace(event);
}

static void send_uevent(const struct acs_guard_event *event)
{
	char action[32], reason[32];
	char *env[3] = { action, reason };

	snprintf(action, sizeof(action), "ACS_GUARD=%s",
		 acs_guard_action_name(event->action));
	snprintf(reason, sizeof(reason), "ACS_GUARD_REASON=%s",
		 acs_guard_reason_name(event->verdict.reason));
	kobject_uevent_env(event->subject.kobj, KOBJ_CHANGE, env);
}

/*
 * What the root complex does with a request between two of its ports, no
 * register tells (1.3.1); so a Root Port without ACS is refused though nothing
 * is known to be beside it.
 */
static void print_no_peers(struct seq_buf *s,
			   const struct acs_guard_verdict *verdict)
{
	seq_buf_printf(s, "No peer is known");
	if (verdict->root_port)
		seq_buf_printf(s, "%s", root_port_words);
	seq_buf_printf(s, ".");
}

static void print_peers(struct seq_buf *s, const struct acs_guard_event *event)
{
	const struct acs_guard_peers *peers = &event->peers;
	const unsigned int named =
		min_t(unsigned int, peers->count, ACS_GUARD_NAMED_PEERS);
	unsigned int i;

	if (event->verdict.reason == ACS_GUARD_NO_IOMMU)
		return;
	if (!peers->count)
		return print_no_peers(s, &event->verdict);

	seq_buf_printf(s, "It and %s", acs_guard_name(event->peer[0]).text);
	for (i = 1; i < named; i++)
		seq_buf_printf(s, ", %s", acs_guard_name(event->peer[i]).text);
	if (peers->count > named)
		seq_buf_printf(s, " and %u more", peers->count - named);
	seq_buf_printf(s, " can send DMA to each other past the IOMMU.");
}

/* What to do, in commands that can be copied; what is safest comes first. */
static void print_ways_out(struct seq_buf *s,
			   const struct acs_guard_event *event, const char *dev)
{
	seq_buf_printf(s, " To give it back to its own driver:");
	seq_buf_printf(s, " echo > " DEVICES "%s/driver_override;", dev);
	seq_buf_printf(s, " echo %s > /sys/bus/pci/drivers_probe.", dev);
	if (event->group_allows)
		seq_buf_printf(s, "%s" PARAMETERS "unit.", group_words);
	seq_buf_printf(s, " To accept the risk for this device:");
	seq_buf_printf(s, " echo 1 > " DEVICES "%s/acs_guard/permissive", dev);
}

static void print_way_back(struct seq_buf *s, const char *dev)
{
	seq_buf_printf(s, " It stays bound. To take it away from its user:");
	seq_buf_printf(s, " echo %s > " DEVICES "%s/driver/unbind", dev, dev);
}

/* A second line in plain words, for those who have to do something now. */
static noinline_for_stack void log_advice(const struct acs_guard_event *event)
{
	const struct acs_guard_name name = acs_guard_name(event->subject.bdf);
	const bool drift = event->action == ACS_GUARD_DRIFT;
	char line[MAX_LINE];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "%s is %s isolated: ", name.text,
		       drift ? "no longer" : "not");
	print_explanation(&s, &event->verdict);
	seq_buf_printf(&s, ". ");
	print_peers(&s, event);
	if (drift)
		print_way_back(&s, name.text);
	else
		print_ways_out(&s, event, name.text);
	pr_warn("%s\n", line);
}

static noinline_for_stack void log_facts(const struct acs_guard_event *event)
{
	char line[MAX_LINE];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	print_facts(&s, event, "");
	print_comm(&s);
	pr_warn("%s\n", line);
}

static void log_event(const struct acs_guard_event *event)
{
	log_facts(event);
	if (event->action == ACS_GUARD_DENY || event->action == ACS_GUARD_DRIFT)
		log_advice(event);
}

/*
 * Somebody who tries in a loop must not drown what others have to say.  What
 * happens once, or by an administrator's hand, is always printed.
 */
static bool is_repeatable(enum acs_guard_action action)
{
	switch (action) {
	case ACS_GUARD_DENY:
	case ACS_GUARD_ALLOW_GROUP:
	case ACS_GUARD_ALLOW_PERMISSIVE:
	case ACS_GUARD_WOULD_DENY:
		return true;
	default:
		return false;
	}
}

/* A decision tells the mode that made it, though another be in force by now. */
static enum acs_guard_mode mode_of(enum acs_guard_action action)
{
	if (action == ACS_GUARD_DENY)
		return ACS_GUARD_ENFORCE;
	if (action == ACS_GUARD_WOULD_DENY)
		return ACS_GUARD_AUDIT;
	return acs_guard_settings().mode;
}

/**
 * acs_guard_event_init() - collect what a report says
 * @event: the report
 * @pdev: the function it is about; the caller holds it
 * @action: what happened
 * @verdict: what acs_guard_examine() found
 * @driver: the driver concerned, or NULL; has to stand until it is reported
 *
 * Context: process context; may sleep, to wake what peers are read from.  Not
 * within acs_topology_read_lock().
 */
void acs_guard_event_init(struct acs_guard_event *event, struct pci_dev *pdev,
			  enum acs_guard_action action,
			  const struct acs_guard_verdict *verdict,
			  const char *driver)
{
	*event = (struct acs_guard_event){
		.action = action,
		.verdict = *verdict,
		.peers.room = ARRAY_SIZE(event->peer),
		.peers.bdf = event->peer,
		.driver = driver,
		.mode = mode_of(action),
	};
	acs_guard_describe(pdev, &event->subject);
	acs_guard_find_peers(pdev, verdict, &event->peers);
}

static noinline_for_stack void audit_event(const struct acs_guard_event *event)
{
	char line[MAX_LINE];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	print_facts(&s, event, "acs_");
	send_audit(line);
}

/**
 * acs_guard_report_event() - tell the log, the audit trail, tracers and udev
 * @pdev: the function it is about; the caller has a reference
 * @event: what to tell
 *
 * After a refusal or a drift a second line of the log says it in plain words.
 * What comes too fast is not printed, but counted; the audit trail, tracers and
 * udev get it all the same.
 *
 * Context: process context; may sleep for memory, but waits for no listener.
 */
void acs_guard_report_event(struct pci_dev *pdev,
			    const struct acs_guard_event *event)
{
	audit_event(event);
	send_trace(event);
	if (!is_repeatable(event->action) || acs_guard_may_print(pdev))
		log_event(event);
	send_uevent(event);
}

/**
 * acs_guard_report() - collect and report, in one go
 * @pdev: the function it is about; the caller holds it
 * @action: what happened
 * @verdict: what acs_guard_examine() found
 * @driver: the driver concerned, or NULL
 *
 * Context: as acs_guard_event_init() and acs_guard_report_event().
 */
void acs_guard_report(struct pci_dev *pdev, enum acs_guard_action action,
		      const struct acs_guard_verdict *verdict,
		      const char *driver)
{
	struct acs_guard_event event;

	acs_guard_event_init(&event, pdev, action, verdict, driver);
	acs_guard_report_event(pdev, &event);
}

/**
 * acs_guard_report_unprinted() - tell how much was not printed
 * @pdev: the function it was about
 * @decisions: how many lines, each with what belongs to it
 */
void acs_guard_report_unprinted(struct pci_dev *pdev, unsigned int decisions)
{
	pr_warn("%s: %u decisions were not logged, having come too fast\n",
		acs_guard_name(acs_guard_bdf(pdev)).text, decisions);
}

/**
 * acs_guard_report_setting() - tell that a setting was changed
 * @name: its name
 * @from: what it was
 * @to: what it is now
 */
void acs_guard_report_setting(const char *name, const char *from,
			      const char *to)
{
	char line[256];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "acs_%s=%s acs_%s_before=%s", name, to, name, from);
	print_asker(&s);
	send_audit(line);

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "%s=%s (was %s)", name, to, from);
	print_asker(&s);
	print_comm(&s);
	pr_warn("%s\n", line);
}

/**
 * acs_guard_report_locked() - tell that somebody tried to change what is locked
 * @what: that
 */
void acs_guard_report_locked(const char *what)
{
	static DEFINE_RATELIMIT_STATE(printed, 5 * HZ, 10);
	char line[256];
	struct seq_buf s;

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "acs_locked=\"%s\"", what);
	print_asker(&s);
	send_audit(line);

	if (!__ratelimit(&printed))
		return;
	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "locked until reboot: refused to change %s", what);
	print_asker(&s);
	print_comm(&s);
	pr_warn("%s\n", line);
}
