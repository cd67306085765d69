# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# A process may call itself what it likes: in the log, the audit log, the trace and
# the uevents it stays one value of one line, and nothing that it says is believed.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci

begin "all receivers of reports listen"
rm -f /var/log/audit/audit.log
expect_command start_auditd
guard
trace
monitor_uevents || problem "udevadm monitor receives no event: $(cat /run/monitor)"
end

# ask_as FORMAT: a process of this name, in printf's escapes, asks for T1_A.
ask_as() {
	at T1_A
	# shellcheck disable=SC2016 # for the inner shell
	attempt_command sh -c '
		printf "$1" >/proc/$$/comm
		{ echo "$2" >"$3"; } 2>&1' - "$1" "$at_address" "$pci/drivers/vfio-pci/bind" >/run/error.text
	IFS= read -r write_error </run/error.text || true
}

# called WHAT FORMAT LOGGED: how the log shows the name.
called() {
	local hex pid line before

	begin "$1: it is a name in the log, and nothing else"
	echo >"$tracing/trace"
	before=$(uevents T1_A | grep -c . || true)
	override T1_A vfio-pci
	ask_as "$2"
	expect_error 'Operation not permitted'
	expect_refusal T1_A vfio-pci
	expect_count 1
	expect_equal name "$3" "${found##* comm=}"
	line=$found
	end

	begin_keeping_log "$1: in the trace, the same"
	expect_equal "what was traced" "${line#acs_guard: }" "$(traced)"
	end

	# What has nothing but plain characters is quoted, all else is in hexadecimal.
	begin_keeping_log "$1: in the audit log, one field of one record"
	# shellcheck disable=SC2059 # a format is what it is
	hex=$(printf "$2" | od -An -tx1 | tr -d ' \n')
	pid=${line##* pid=}
	pid=${pid%% *}
	expect
	wait_until 10 records " pid=$pid " || problem "no record of process $pid"
	expect_equal "records of it" 1 "$(grep -c . /run/records)"
	expect_command grep -qE "^type=KERNEL_OTHER msg=audit\([0-9.:]+\): acs_guard: acs_action=deny .* ses=[0-9]+ comm=$hex\$" /run/records
	end

	begin_keeping_log "$1: in the uevent, no part of it"
	expect_command wait_until 10 has_more_events_than "$before"
	expect_equal "the event" 'ACTION=change ACS_GUARD=deny ACS_GUARD_REASON=no-acs' \
		"$(uevents T1_A | tail -n +$((before + 1)))"
	end
	no_override T1_A
}

has_more_events_than() {
	[ "$(uevents T1_A | grep -c .)" -gt "$1" ]
}

called 'x" action=allow' 'x" action=allow' '"x\" action\x3dallow"'
called 'a line feed, and what looks like a line' 'a\nacs_guard: ac' '"a\nacs_guard: ac"'
called 'backslashes' 'a\\n\\x22\\" b=c' '"a\\n\\x22\\\" b\x3dc"'
called 'bytes that are no UTF-8' 'a\377\300\200\342' '"a\xff\xc0\x80\xe2"'
called 'control characters' 'a\033[2Jb\rc\001\177' '"a\e[2Jb\rc\x01\x7f"'

# The control: a name that needs no care is shown as it is, in the audit log, too.
begin "an ordinary name is shown as it is"
override T1_A vfio-pci
ask_as 'plain-name'
expect_decision action=deny 'comm="plain-name"'
expect_command wait_until 10 records ' comm="plain-name"'
end
no_override T1_A

trace_off
kill "$monitor"
wait "$monitor" || true
begin "auditd ends on request"
expect_command stop_auditd
end
fresh
