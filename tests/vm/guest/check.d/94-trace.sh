# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tracepoint, through tracefs: it says what the log says, to those who ask, and
# only what they ask for.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard
trace
trace_off

# begin_traced NAME: a test that starts with an empty log and an empty trace.
begin_traced() {
	begin "$1"
	echo >"$tracing/trace"
}

# expect_trace KEY=VALUE...: the log has a decision with these, and the trace has all
# that the log has, in the same words.
expect_trace() {
	expect_decision "$@"
	expect_equal "what was traced" "$(logged)" "$(traced)"
}

begin_traced "no bind: nothing is traced"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_decision action=deny
expect_equal "what was traced" '' "$(traced)"
end

begin "the fields have the names of the log's keys"
for field in action dev driver reason blocker missing group peers mode uid pid comm; do
	expect_command grep -qE "field:.*[ ]$field(\[[0-9]+\])?;" "$tracepoint/format"
done
end

trace

begin_traced "a refusal"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_trace action=deny "dev=$(address_of T1_A)" "id=$(id_of T1_A)" driver=vfio-pci reason=no-acs
end

begin_traced "the setting of permissive, a bind that it allows, and its end"
attempt "$(sys T1_A)/acs_guard/permissive" 1
expect_trace action=set-permissive
attempt "$pci/drivers/vfio-pci/bind" "$(address_of T1_A)"
expect_success
expect_trace action=allow-permissive
attempt "$(sys T1_A)/acs_guard/permissive" 0
expect_trace action=clear-permissive
end
unbind_and_clear T1_A

begin_traced "an isolated card, of which the log says nothing"
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_no_decision
expect_equal "what was traced" '' "$(traced)"
end

# No process has found it: uid, pid and comm do not apply.
begin_traced "a drift, found by the guard itself"
echo 1 >"$parameters/recheck_period"
setpci -s "$(address_of GOOD_PORT)" ECAP_ACS+6.w=0000
expect_command wait_until 30 is_logged action=drift
expect_trace action=drift "dev=$(address_of GOOD_NIC)" reason=acs-disabled uid=- pid=- comm=-
echo 0 >"$parameters/recheck_period"
setpci -s "$(address_of GOOD_PORT)" ECAP_ACS+6.w=001d
end
unbind_and_clear GOOD_NIC

begin_traced "what mode=audit lets pass"
echo audit >"$parameters/mode"
bind_by_bind T10_A vfio-pci
expect_success
expect_trace action=would-deny mode=audit
echo enforce >"$parameters/mode"
end
unbind_and_clear T10_A

# More than the log prints of one device.
begin_traced "all that comes is traced, however fast"
override T9 vfio-pci
asked=30
while [ "$asked" -gt 0 ]; do
	attempt "$pci/drivers/vfio-pci/bind" "$(address_of T9)"
	asked=$((asked - 1))
done
expect_equal "refusals traced" 30 "$(traced | grep -c "^action=deny dev=$(address_of T9) ")"
take_log
decisions action=deny
expect
[ "$found_count" -lt 30 ] || problem "the log was not limited: this shows nothing"
end
no_override T9

# What is asked of two devices while the filter is set.
everything() {
	local name

	for name in T1_A T10_A; do
		attempt "$(sys "$name")/acs_guard/permissive" 1
		attempt "$(sys "$name")/acs_guard/permissive" 0
		bind_by_bind "$name" vfio-pci
		no_override "$name"
	done
}

# filtered WHAT FILTER KEY=VALUE...: of everything, what passes is what has these.
filtered() {
	local what=$1 filter=$2

	shift 2
	# The log prints so much of one device and no more.
	unguard
	guard
	begin "a filter by $what"
	trace "$filter"
	everything
	take_log
	decisions
	expect_equal "decisions logged" 6 "$found_count"
	expect
	decisions "$@"
	[ "$found_count" -gt 0 ] || problem "the log has nothing with $*"
	expect_equal "what was traced" "$(logged "$@")" "$(traced)"
	end
}

filtered action 'action == "deny"' action=deny
filtered address "dev == \"$(address_of T10_A)\"" "dev=$(address_of T10_A)"
filtered "reason, driver, numbers and process" \
	'reason == "no-acs" && driver ~ "vfio*" && vendor == 0x8086 && peers > 0 && uid == 0 && comm != "nobody"' \
	action=deny reason=no-acs

begin "a filter that nothing passes"
trace 'action == "allow-group" || uid == 1000 || dev ~ "ffff:*"'
everything
expect_equal "what was traced" '' "$(traced)"
end

begin "the guard can be unloaded while a process traces, and starts untraced"
trace
expect_command rmmod acs_guard
expect_command test ! -e "$tracepoint"
guard
expect_equal enable 0 "$(cat "$tracepoint/enable")"
end
fresh
