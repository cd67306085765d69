#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # each test is a subshell; what bats and
# fake-sysfs.sh set
#
# What watches many machines: the timer that writes the numbers of "acs-guard metrics", and the
# alerts about them.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
packaging=$top/scripts/packaging
rules=$packaging/prometheus-rules.yml
service=$packaging/acs-guard-metrics.service
timer=$packaging/acs-guard-metrics.timer

setup_file() {
	"$top/scripts/lib/deps" dumps
	program=$("$top/scripts/tool" --sanitize)
	export program
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	acs_guard=$program
	fake=$BATS_TEST_TMPDIR/fake
	# shellcheck source=../fake-sysfs.sh
	. "$BATS_TEST_DIRNAME/../fake-sysfs.sh"
	make_machine
}

# expressions: those of the rules, a line each.
expressions() {
	awk '/^ +expr:/ { inside = 1; sub(/^ +expr:/, "") } /^ +(for|labels):/ { inside = 0 } inside' "$rules"
}

@test "alerts: the rules can be read, and fire when they are to, and only then" {
	promtool=$("$top/scripts/lib/promtool")
	cp -- "$rules" "$BATS_TEST_DIRNAME/prometheus-rules-test.yml" .
	"$promtool" check rules prometheus-rules.yml
	"$promtool" test rules prometheus-rules-test.yml
}

@test "alerts: each has a test in which it fires, and one in which it does not" {
	sed -n 's/^ *- alert: //p' "$rules" | sort >alerts
	[ "$(wc -l <alerts)" -ge 6 ]
	tests=$BATS_TEST_DIRNAME/prometheus-rules-test.yml
	sed -n 's/.*alertname: \(\w*\), exp_alerts: \[\].*/\1/p' "$tests" | sort -u >quiet
	diff alerts quiet
	sed -n 's/^ *alertname: \(\w*\)$/\1/p' "$tests" | sort -u >fire
	diff alerts fire
}

@test "alerts: the numbers that they are about are those that the tool prints" {
	tool metrics | sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' | sort >printed
	expressions | grep -oE 'acs_guard_\w+' | sort -u >used
	[ "$(wc -l <used)" -ge 4 ]
	[ -z "$(comm -13 printed used)" ]
}

@test "alerts: the page explains each of them, and each number" {
	tool metrics | sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' >names
	sed -n 's/^ *- alert: //p' "$rules" >>names
	while read -r name; do
		grep -qF "\`\`$name\`\`" "$top/Documentation/monitoring.rst" || {
			echo "monitoring.rst lacks $name"
			return 1
		}
	done <names
}

# settings KEY: its values in the service.
settings() {
	sed -n "s/^$1=//p" "$service"
}

@test "the service: what it starts writes the file, as the tool's metrics" {
	command=$(settings ExecStart)
	[[ $command == 'acs-guard '* ]]
	DIRECTORY=$BATS_TEST_TMPDIR/textfile
	mkdir -- "$DIRECTORY"
	eval "tool ${command#acs-guard }"
	[ "$(ls "$DIRECTORY")" = acs_guard.prom ]
	tool metrics | cmp - "$DIRECTORY/acs_guard.prom"
	# The alert finds the file by this name.
	expressions | grep -qF 'acs_guard[.]prom'
}

@test "the service: it may write to its folder, and to no other; it has no capability" {
	[ "$(settings ReadWritePaths)" = "-$(settings Environment | sed 's/^DIRECTORY=//')" ]
	[ "$(settings ProtectSystem)" = strict ]
	grep -qx 'CapabilityBoundingSet=' "$service"
	grep -qx 'NoNewPrivileges=yes' "$service"
}

@test "the alert about old numbers waits until the timer has failed three times" {
	[ "$(sed -n 's/^OnCalendar=//p' "$timer")" = '*:0/5' ]
	[ "$(expressions | sed -n 's/.*node_textfile_mtime.* > //p')" -ge 1200 ]
}

@test "systemd understands both units, and calls the service's exposure low" {
	command -v systemd-analyze >/dev/null || skip 'there is no systemd-analyze'
	# Here the program is in no folder that systemd looks into.
	sed "s|^ExecStart=acs-guard |ExecStart=$program |" "$service" >acs-guard-metrics.service
	cp -- "$timer" .
	run systemd-analyze verify --man=no ./acs-guard-metrics.service ./acs-guard-metrics.timer
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$timer")"
	# In tenths.
	systemd-analyze security --offline=yes --threshold=15 "$service"
}
