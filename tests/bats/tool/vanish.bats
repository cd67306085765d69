#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # each test is a subshell; what bats and
# fake-sysfs.sh set
#
# A device that vanishes while acs-guard reads it, at each call that is about it (vanish.c):
# one clear line or the documented status, nothing half done, no verdict "isolated".

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
here=$BATS_TEST_DIRNAME
# shellcheck source=machine.sh
. "$BATS_TEST_DIRNAME/machine.sh"

setup_file() {
	# Without sanitizers, which take most of the time of so many runs.
	program=$("$top/scripts/tool")
	# As the tool, whose calls are those for large files.
	gcc -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -O2 -Wall -Wextra -Werror -fPIC -shared -o "$BATS_FILE_TMPDIR/vanish.so" \
		"$here/vanish.c" -ldl
	vanish=$BATS_FILE_TMPDIR/vanish.so
	export program vanish
}

setup() {
	[ -z "${ACS_GUARD_TOOL-}" ] || skip 'what runs the tool is another program'
	cd "$BATS_TEST_TMPDIR" || exit
	acs_guard=$program
	fake=$BATS_TEST_TMPDIR/fake
	# shellcheck source=../fake-sysfs.sh
	. "$BATS_TEST_DIRNAME/../fake-sysfs.sh"
	make_machine
	: >"$fake/dev/kmsg"
	unset NO_COLOR LC_ALL LC_CTYPE SUDO_USER
	export LANG=C.UTF-8
	bdf=0000:04:00.0
	devices=$(readlink -- "$fake/sys/bus/pci/devices/$bdf")
	configs
	drive "$bdf" nvme
	keep_original
}

# What vanishes, below $fake; and a copy of all.
keep_original() {
	rm -rf -- original
	cp -a fake original
	paths=("sys/${devices#../../../}" "sys/bus/pci/devices/$bdf" "sys/kernel/iommu_groups/14/devices/$bdf"
		"sys/bus/pci/drivers/nvme/$bdf")
}

unload() {
	rm -rf -- fake/sys/module fake/sys/bus/pci/devices/*/acs_guard
	keep_original
}

# vanishing N ARGUMENT...: the tool, while the function vanishes at the call with that number.
# Sets status, output, errors; fails if there are not as many calls.
vanishing() {
	local at=$1

	shift
	rm -rf -- fake/etc/* never
	: >fake/dev/kmsg
	rm -rf -- "${paths[@]/#/fake/}"
	(cd original && cp -a --parents -- "${paths[@]}" ../fake)
	status=0
	LD_PRELOAD=$vanish VANISH_AT=$at VANISH_BDF=$bdf \
		VANISH_PATHS=$(printf "$fake/%s|" "${paths[@]}") VANISH_NEVER=$PWD/never ACS_GUARD_SYSFS=$fake/sys \
		ACS_GUARD_PROC=$fake/proc ACS_GUARD_ETC=$fake/etc ACS_GUARD_DEV=$fake/dev ACS_GUARD_ROOT=$fake \
		ACS_GUARD_PCI_IDS=$fake/pci.ids "$acs_guard" "$@" >out 2>err || status=$?
	output=$(cat out) errors=$(cat err)
	[ ! -e never ] || return 1
	[ ! -L "fake/${paths[1]}" ] && [ ! -e "fake/${paths[0]}" ] || {
		echo 'it did not vanish'
		exit 1
	}
}

complain() {
	printf '%s\n' "$*: status $status" "$output" "stderr: $errors"
	return 1
}

# at_each_call STATUSES CHECK ARGUMENT...: at least ten calls; each time the tool ends with one of
# these, with one line to stderr if with 2, and CHECK succeeds.
at_each_call() {
	local statuses=$1 check=$2 at

	shift 2
	for ((at = 1; at < 500; at++)); do
		vanishing "$at" "$@" || break
		[[ " $statuses " == *" $status "* ]] || complain "$at $*"
		[ "$(wc -l <err)" -eq "$((status == 2))" ] || complain "$at $*, lines"
		[[ -z $errors || $errors == 'acs-guard: '* ]] || complain "$at $*, words"
		"$check" || complain "$at $*, $check"
	done
	echo "# $*: $((at - 1)) calls"
	[ "$at" -gt 10 ]
	[ "$at" -lt 500 ]
}

# --- what must not be said ------------------------------------------------------------------

# The module is loaded: what ends with 2 has printed nothing.
nothing_half() {
	[ "$status" -ne 2 ] || [ -z "$output" ]
}

not_ok() {
	! grep -E "^OK .*${bdf#0000:}" out || return 1
}

none_isolated() {
	! grep -P "^$bdf\t[^\t]*\t[^\t]*\t1\t" out || return 1
}

none_isolated_json() {
	jq -e '[.. | objects | select(.bdf? == "0000:04:00.0" and (.isolated? == true or .status? == "ok"))] == []' out >/dev/null
}

# list: each function that is refused here has its peer named, or "?".
tells_peers() {
	none_isolated && ! grep -P "^$bdf\t[^\t]*\t[^\t]*\t0\t.*\t-\$" out || return 1
}

tells_peers_json() {
	none_isolated_json && jq -e '[.devices[] | select(.bdf == "0000:04:00.0" and .peers == [])] == []' out >/dev/null
}

# Either nothing, or with the device that is exposed.
names_peer() {
	nothing_half && { [ -z "$output" ] || grep -q '^ *05:00.0 ' out; } && ! grep 'No device that is present' out
}

names_peer_json() {
	nothing_half && { [ -z "$output" ] || jq -e '.isolated == false and [.peers[].bdf] == ["0000:05:00.0"]' out >/dev/null; }
}

# Of the neighbour, which stays: that it is alone must not be what a vanished device makes of it.
peer_is_refused() {
	grep -q '^REFUSED' out && ! grep -e 'OK: it is isolated' -e 'too many of them' out
}

metric_is_whole() {
	! grep "acs_guard_isolated{device=\"$bdf\",id=\"8086:10d3\"} 1" out || return 1
	# What holds for all is not left out for one that vanished.
	grep -q '^acs_guard_refused_group_isolated ' out && grep -q 'acs_guard_group_isolated{device="0000:05:00.0"' out
}

# Both files or none, nothing beside them, and what they say was done.
exception_is_whole() {
	local count

	nothing_half || return 1
	count=$(find fake/etc -type f | wc -l)
	case $status in
	0) [[ $output == *'Exception made'* && $count -eq $1 ]] ;;
	2) [[ $errors == *"$bdf"* && $count -eq 0 ]] && [ ! -s fake/dev/kmsg ] ;;
	esac
}

until_reboot() {
	exception_is_whole 0
}

lasting() {
	exception_is_whole 2
}

# --- the commands ---------------------------------------------------------------------------

@test "vanish: tree, list, generate, metrics, graph: the device is not there, or refused" {
	at_each_call '1' not_ok tree
	at_each_call '1' none_isolated_json tree --json
	at_each_call '0' tells_peers list
	at_each_call '0' tells_peers_json list --json
	at_each_call '0' nothing_half generate
	at_each_call '0' metric_is_whole metrics
	at_each_call '0' nothing_half metrics --json
	at_each_call '0' nothing_half graph
	at_each_call '0' none_isolated_json graph --json
}

@test "vanish: explain ends with one line, or with all that is exposed" {
	at_each_call '1 2' names_peer explain 04:00.0
	at_each_call '1 2' names_peer_json explain 04:00.0 --json
}

@test "vanish: explain of the neighbour: it stays refused" {
	at_each_call '1' peer_is_refused explain 05:00.0
}

@test "vanish: allow makes an exception as a whole, or none" {
	at_each_call '0 2' until_reboot allow 04:00.0 --reason x
	at_each_call '0 2' lasting allow 04:00.0 --reason x --persist
	at_each_call '0 2' nothing_half allow --group 14 --reason x
}

@test "vanish: without the module, a device without registers isolates nothing" {
	unload
	# The module that is not loaded is the one line.
	at_each_call '2' not_ok tree
	at_each_call '0' none_isolated list
	at_each_call '0' none_isolated_json list --json
	at_each_call '2' not_ok explain 05:00.0
}

@test "vanish: a port that is gone, or gives no registers, isolates nothing below it" {
	local port file

	unload
	for port in 0000:00:02.0 0000:00:03.0 0000:03:00.0; do
		for file in 0 10 100 255; do
			rm -rf -- fake
			cp -a original fake
			truncate -s "$file" "fake/sys/bus/pci/devices/$port/config"
			tool list >out
			bdf=0000:01:00.0
			[ "$port" != 0000:00:02.0 ] || none_isolated
			bdf=0000:04:00.0
			none_isolated
		done
		rm "fake/sys/bus/pci/devices/$port"
		tool list >out
		bdf=0000:01:00.0
		[ "$port" != 0000:00:02.0 ] || none_isolated
		bdf=0000:04:00.0
		none_isolated
	done
}

# explain_refused BDF: the output of explain is in "out". Without the module it exits with 2.
explain_refused() {
	local status=0

	tool explain "$1" >out 2>&1 || status=$?
	[ "$status" -eq 2 ]
	grep -q '^REFUSED: ' out
}

# exposed_to_unknown BDF: it is refused, unit=group too, and its peers are not known.
exposed_to_unknown() {
	jq -e --arg bdf "$1" '.devices[] | select(.bdf == $bdf) |
		.isolated == false and .group_isolated == false and .peers == null' out >/dev/null || {
		jq -c --arg bdf "$1" '.devices[] | select(.bdf == $bdf)' out
		return 1
	}
}

@test "vanish: what is exposed to devices below a port that is gone is not known" {
	local port

	unload
	for port in 0000:00:02.0 0000:00:03.0 0000:02:00.0 0000:03:00.0; do
		rm -rf -- fake
		cp -a original fake
		rm "fake/sys/bus/pci/devices/$port"
		tool list --json >out
		if [ "$port" = 0000:00:02.0 ]; then
			exposed_to_unknown 0000:01:00.0
		else
			exposed_to_unknown 0000:04:00.0
			exposed_to_unknown 0000:05:00.0
			explain_refused 05:00.0
			grep -q 'Not all exposed devices are known' out
			grep -q 'exposed to 05:00.0 cannot be read' out
			! grep 'No device that is present' out || return 1
			tool explain 05:00.0 --json 2>/dev/null | jq -e '.more_peers == null'
			# Without an IOMMU, that is not all.
			rm -r fake/sys/kernel/iommu_groups fake/sys/bus/pci/devices/*/iommu_group
			explain_refused 05:00.0
			grep -q 'The whole machine: each guest' out
			grep -q 'Not all exposed devices are known' out
		fi
	done
}

@test "vanish: a virtual function whose physical function is gone is not isolated" {
	pci 0000:00:02.0/0000:01:00.1 8086:10ca 020000
	group 20 0000:01:00.1
	config 0000:01:00.1 id=8086:10ca type=0
	ln -s ../0000:01:00.0 fake/sys/bus/pci/devices/0000:01:00.1/physfn
	unload
	rm fake/sys/bus/pci/devices/0000:01:00.0
	tool list --json >out
	exposed_to_unknown 0000:01:00.1
}
