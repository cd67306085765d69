# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# No process fetches the audit records, and the backlog is full: binds are judged all the
# same, without waiting, and each record that did not fit is counted as lost.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

times=100

kauditd_pid() {
	grep -lx kauditd /proc/[0-9]*/comm | sed -nE 's,^/proc/([0-9]+)/comm$,\1,p'
}

# Nothing else may be recorded from here on: it would be counted, too.
begin "auditd runs, then is stopped; the backlog is small, and a process that waits for it waits long"
rm -f /var/log/audit/audit.log
expect_command start_auditd
auditctl -b 4 --backlog_wait_time 60000 >/dev/null
expect_equal "the backlog's limit" 4 "$(audit_status backlog_limit)"
expect_equal "how long to wait" 60000 "$(audit_status backlog_wait_time)"
daemon=$(auditd_pid)
kill -STOP "$daemon"
end
lost_before=$(audit_status lost)
waited_before=$(audit_status backlog_wait_time_actual)

# Who asks goes before the thread that empties the backlog: both are tied to one
# processor, and the one has a real-time priority. If it waited for a place, the other
# would run and make one, and nothing would be lost. (That no other record comes with
# a decision's, and waits, is shown in 95-audit.)
begin "$times binds in a row are refused while the backlog is full"
taskset -p 1 "$(kauditd_pid)" >/dev/null
override T1_A vfio-pci
# shellcheck disable=SC2016 # for the inner shell
expect_command chrt -f 50 taskset 1 sh -c '
	left=$3
	while [ "$left" -gt 0 ]; do
		{ echo "$1" >"$2"; } 2>/dev/null
		left=$((left - 1))
	done
	true' - "$(address_of T1_A)" "$pci/drivers/vfio-pci/bind" "$times"
expect_driver T1_A none
expect_attribute T1_A denied "$times"
expect_command grep -qE '^State:.*T' "/proc/$daemon/status"
lost=$(($(audit_status lost) - lost_before))
expect
[ "$lost" -gt 0 ] || problem "nothing was lost: the backlog was not full, or a process waited for it"
expect_equal "time that anybody waited for the backlog" "$waited_before" "$(audit_status backlog_wait_time_actual)"
end

begin_keeping_log "the kernel's log says that records were lost"
take_log
expect_command grep -q '^audit: audit_lost=' "$log"
end
no_override T1_A

accounted() {
	records "acs_action=deny dev=$(address_of T1_A) " >/dev/null || return 1
	written=$(grep -c . /run/records)
	[ $((written + $(audit_status lost) - lost_before)) -ge "$times" ]
}

begin "auditd goes on: what it writes and what auditctl -s calls lost is all there was"
kill -CONT "$daemon"
expect_command wait_until 20 accounted
accounted || true
lost=$(($(audit_status lost) - lost_before))
expect_equal "written and lost" "$times" $((written + lost))
expect
[ "$written" -gt 0 ] || problem "nothing was written"
end

begin "and the next refusal is in the audit log again"
bind_by_bind T10_A vfio-pci
expect_error 'Operation not permitted'
expect_command wait_until 10 records "acs_action=deny dev=$(address_of T10_A) "
end
no_override T10_A

auditctl -b 64 --backlog_wait_time 60000 >/dev/null
taskset -p 3 "$(kauditd_pid)" >/dev/null
begin "auditd ends on request"
expect_command stop_auditd
end
fresh
