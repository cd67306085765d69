#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # each test is a subshell; what bats and
# fake-sysfs.sh set
#
# The two files of lasting exceptions: what does not belong together, what happens while they are
# changed, and devices whose addresses have changed.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
here=$BATS_TEST_DIRNAME

setup_file() {
	"$top/scripts/lib/deps" dumps
	# Without sanitizers, which want to be loaded first.
	program=$("$top/scripts/tool")
	meanwhile=$BATS_FILE_TMPDIR/meanwhile.so
	gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -fPIC -shared -o "$meanwhile" "$here/meanwhile.c" -ldl
	export program meanwhile
}

setup() {
	[ -z "${ACS_GUARD_TOOL-}" ] || skip 'what runs the tool is another program'
	cd "$BATS_TEST_TMPDIR" || exit
	acs_guard=$program
	fake=$BATS_TEST_TMPDIR/fake
	rules=$fake/etc/udev/rules.d/04-acs-guard-exceptions.rules
	conf=$fake/etc/modprobe.d/acs-guard-exceptions.conf
	# shellcheck source=../fake-sysfs.sh
	. "$BATS_TEST_DIRNAME/../fake-sysfs.sh"
	make_machine
	mkdir -p "${rules%/*}"
	: >"$fake/dev/kmsg"
	unset NO_COLOR LC_ALL LC_CTYPE SUDO_USER
	export LANG=C.UTF-8
	export fake acs_guard
}

permissive() {
	cat "$fake/sys/bus/pci/devices/0000:$1/acs_guard/permissive"
}

# meanwhile FUNCTION COMMAND ARGUMENT...: the tool, and COMMAND before its first call of FUNCTION.
# Sets status, output, stderr.
meanwhile() {
	local at=$1

	{
		declare -f tool
		printf '%s\n' "$2"
	} >command
	shift 2
	LD_PRELOAD=$meanwhile MEANWHILE_AT=$at MEANWHILE="bash -e '$PWD/command'" run --separate-stderr tool "$@"
	echo "status $status"$'\n'"$output"$'\n'"stderr: $stderr"
}

# refuses TEXT ARGUMENT...
refuses() {
	local text=$1

	shift
	run --separate-stderr tool "$@"
	echo "status $status"$'\n'"$output"$'\n'"stderr: $stderr"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "acs-guard: "*"$text"* ]]
}

@test "exceptions: a parameter without its rules is named, and nothing is said to be revoked" {
	tool allow 04:00.0 --persist --reason x
	rm -- "$rules"
	cp -- "$conf" kept
	refuses "$conf is not as acs-guard wrote it" revoke 04:00.0
	refuses "$conf is not as acs-guard wrote it" allow 05:00.0 --persist --reason x
	[ "$(permissive 04:00.0)" = 1 ]
	[ "$(permissive 05:00.0)" = 0 ]
	cmp kept "$conf"
	run tool
	[[ $(tr '\n' ' ' <<<"$output") == *"$conf is not as acs-guard wrote it"* ]]
	rm -- "$conf"
	tool revoke 04:00.0
	[ "$(permissive 04:00.0)" = 0 ]
}

@test "exceptions: a parameter with other devices than the rules is named" {
	tool allow 04:00.0 --persist --reason x
	sed -i 's/10d3/1533/' "$conf"
	refuses "$conf is not as acs-guard wrote it" revoke 04:00.0
	# Without it, the next change writes it again.
	rm -- "$conf"
	tool allow 05:00.0 --persist --reason x
	grep -q '^options acs_guard permissive=[^,]*@8086:10d3,[^,]*@8086:10d3$' "$conf"
	run tool
	[[ $output != *'is not as acs-guard wrote it'* ]]
}

@test "exceptions: a signal ends no change between its parts" {
	local signal kill

	for signal in INT TERM HUP; do
		kill="kill -$signal \"\$MEANWHILE_PID\""
		meanwhile rename "$kill" allow 04:00.0 --persist --reason x
		[ "$status" -eq 0 ]
		[ "$(permissive 04:00.0)" = 1 ]
		[ -e "$rules" ] && [ -e "$conf" ]
		meanwhile rename "$kill" allow 05:00.0 --persist --reason x
		[ "$status" -eq 0 ]
		meanwhile rename "$kill" revoke 05:00.0
		[ "$status" -eq 0 ]
		[ "$(permissive 05:00.0)" = 0 ]
		meanwhile fsync "$kill" revoke 04:00.0
		[ "$status" -eq 0 ]
		[ "$(permissive 04:00.0)" = 0 ]
		[ -z "$(find "$fake/etc" -type f)" ]
	done
}

@test "exceptions: two that change the same device: what the later one says is so" {
	tool allow 05:00.0 --persist --reason x
	meanwhile flock 'tool allow 04:00.0 --persist --reason x >other' revoke 04:00.0
	[ "$status" -eq 0 ]
	[[ $(cat other) == 'Exception made for 04:00.0 '* ]]
	[[ $output == 'The exception for 04:00.0 is revoked. It is removed '* ]]
	[ "$(permissive 04:00.0)" = 0 ]
	! grep -q ' 0000:04:00.0 ' "$rules" || false

	tool allow 04:00.0 --reason x
	meanwhile flock 'tool revoke 04:00.0 >other' allow 04:00.0 --persist --reason x
	[ "$status" -eq 0 ]
	[[ $(cat other) == 'The exception for 04:00.0 is revoked.'* ]]
	[[ $output == 'Exception made for 04:00.0 '* ]]
	[ "$(permissive 04:00.0)" = 1 ]
	grep -q ' 0000:04:00.0 ' "$rules"

	# The files are made meanwhile.
	tool revoke 04:00.0
	tool revoke 05:00.0
	meanwhile flock 'tool allow 04:00.0 --persist --reason x >other' revoke 04:00.0
	[ "$status" -eq 0 ]
	[ "$(permissive 04:00.0)" = 0 ]
	[ -z "$(find "$fake/etc" -type f)" ]
}

@test "exceptions: after buses were renumbered, revoke removes the entry of the device, and no other" {
	tool allow 04:00.0 --persist --reason 'four today'
	tool allow 05:00.0 --persist --reason 'five today'
	sed -i 's/^\(# exception 0000:\)04/\106/; s/^\(# exception 0000:\)05/\104/; s/^\(# exception 0000:\)06/\105/' "$rules"
	tool revoke 04:00.0
	grep -q 'five today' "$rules"
	! grep -q 'four today' "$rules" || false
	grep -q '^options acs_guard permissive=0000:00:03.0/00.0/01.0/00.0@8086:10d3$' "$conf"
	[ "$(permissive 04:00.0)" = 0 ]
	[ "$(permissive 05:00.0)" = 1 ]
}

@test "exceptions: revoke warns of the parameter that the module has only if that names the device" {
	tool allow 04:00.0 --persist --reason x
	tool allow 05:00.0 --persist --reason x
	echo '0000:00:03.0/00.0/01.0/00.0@8086:10d3,0000:00:1f.0@8086:2918' >"$fake/sys/module/acs_guard/parameters/permissive"
	run tool revoke 04:00.0
	[[ $output != *'was loaded with it'* ]]
	run tool revoke 05:00.0
	[[ $output == *'was loaded with it'* ]]
	for form in pci:8086:10d3 00:03.0/00.0/00.0/00.0 0000:00:03.0/00.0/00.0/00.0; do
		tool allow 04:00.0 --persist --reason x
		echo "0000:00:1f.0,$form" >"$fake/sys/module/acs_guard/parameters/permissive"
		run tool revoke 04:00.0
		[[ $output == *'was loaded with it'* ]]
	done
}

@test "exceptions: an ordinary user who cannot see the files gets the list all the same" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can be another user'
	tool allow 04:00.0 --persist --reason x
	cp -- "$acs_guard" .
	chmod -R a+rX "$BATS_RUN_TMPDIR" "$fake"
	for change in 'chmod 0700 ${conf%/*}' 'chmod 0700 ${rules%/*}' 'chmod 0600 $conf'; do
		chmod -R a+rX "$fake/etc"
		eval "$change"
		run setpriv --reuid=65534 --regid=65534 --clear-groups env ACS_GUARD_SYSFS="$fake/sys" ACS_GUARD_PROC="$fake/proc" \
			ACS_GUARD_ETC="$fake/etc" ACS_GUARD_DEV="$fake/dev" ACS_GUARD_ROOT="$fake" \
			ACS_GUARD_PCI_IDS="$fake/pci.ids" ./acs-guard
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == *EXCEPTION*04:00.0* ]]
		[[ $output != *'cannot be read'* && $output != *'is not as acs-guard wrote it'* ]]
	done
}

@test "exceptions: where standard output is full, it is said that the change was made" {
	for command in 'allow 04:00.0 --reason x' 'allow 04:00.0 --persist --reason x' 'revoke 04:00.0'; do
		status=0
		# shellcheck disable=SC2086 # words
		tool $command >/dev/full 2>err || status=$?
		[ "$status" -eq 2 ]
		[ "$(cat err)" = 'acs-guard: standard output cannot be written; the change was made' ]
	done
	status=0
	tool list >/dev/full 2>err || status=$?
	[ "$(cat err)" = 'acs-guard: standard output cannot be written' ]
}

@test "exceptions: a permissive= on the kernel's command line, in each form that kmod takes" {
	local form

	for form in 'acs_guard.permissive=01:00.0' 'quiet acs-guard.permissive=01:00.0' '"acs_guard.permissive=01:00.0"'; do
		echo "$form" >"$fake/proc/cmdline"
		refuses "command line" allow 04:00.0 --persist --reason x
	done
	echo 'not_acs_guard.permissive=01:00.0' >"$fake/proc/cmdline"
	tool allow 04:00.0 --persist --reason x
}
