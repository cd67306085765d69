#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # each test is a subshell; what bats and
# fake-sysfs.sh set
#
# Verdicts of the tool's own where the module is not loaded, exceptions for a group, the
# checklist, surveys, folded trees.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
# shellcheck source=machine.sh
. "$BATS_TEST_DIRNAME/machine.sh"

setup_file() {
	"$top/scripts/lib/deps" dumps
	tool=$("$top/scripts/tool" --sanitize)
	export tool
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	fake=$BATS_TEST_TMPDIR/fake
	acs_guard=$tool
	# shellcheck source=../fake-sysfs.sh
	. "$BATS_TEST_DIRNAME/../fake-sysfs.sh"
	make_machine
	: >"$fake/dev/kmsg"
	unset NO_COLOR LC_ALL LC_CTYPE SUDO_USER
	export LANG=C.UTF-8
}

# "tool" is a variable of judge, and a function of fake-sysfs.sh.
guard() {
	tool "$@"
}

# says TEXT...: the output has each.
says() {
	local text

	for text; do
		[[ $output == *"$text"* ]] || {
			echo "not said: $text, but: $output"
			return 1
		}
	done
}

unload() {
	rm -rf -- "$fake/sys/module" "$fake"/sys/bus/pci/devices/*/acs_guard
}

@test "without the module: the verdicts of the engine, headed \"not enforced\", and 2" {
	configs
	unload
	run --separate-stderr guard
	[ "$status" -eq 2 ]
	says 'NOT ENFORCED' 'REFUSED       │  └─ 04:00.0' 'OK         └─ 01:00.0' 'WEAK PORT' '2 REFUSED, 0 EXCEPTION, 3 OK'
	[ "${#stderr_lines[@]}" -eq 1 ]
	run guard --json
	jq -e '.enforced == false and .source == "engine" and .refused == 2' <<<"${output%acs-guard:*}"
	run guard explain 04:00.0
	[ "$status" -eq 2 ]
	says 'NOT ENFORCED' REFUSED 'no-acs: this port has no ACS' '05:00.0 Ethernet'
	run guard list
	[ "$status" -eq 0 ]
	says $'0000:04:00.0\t8086:10d3\tendpoint\t0\tno-acs\t0000:03:00.0\tSV,RR,CR,UF\t0000:05:00.0'
}

@test "without the module, and rights: what needs registers is unreadable, and a line names root" {
	local file

	configs
	unload
	for file in "$fake"/sys/bus/pci/devices/*/config; do
		truncate -s 64 "$file"
	done
	run --separate-stderr guard list
	[ "$status" -eq 0 ]
	# The list has a capability list of which nothing is known.
	says $'0000:01:00.0\t8086:10d3\t-\t0\tunreadable'
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"only root can read"* ]]
	# No number depends on registers.
	run --separate-stderr guard metrics
	[ "$status" -eq 0 ]
	says 'acs_guard_loaded 0'
	[ -z "$stderr" ]
}

@test "list: with unit=group, what an exception lets bind is not called refused" {
	echo group >"$fake/sys/module/acs_guard/parameters/unit"
	echo 1 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	run guard list
	[ "$status" -eq 0 ]
	[ "$(awk -F '\t' '$4 == 0 { print $1, $NF }' <<<"$output")" = \
		$'0000:04:00.0 exception\n0000:05:00.0 refused' ]
}

@test "without an IOMMU nothing is isolated" {
	configs
	unload
	ungroup
	rmdir "$fake/sys/kernel/iommu_groups"
	run guard list
	[ "$(cut -f 5 <<<"$output" | sort -u | grep -v reason)" = no-iommu ]
}

@test "--verify: the module and the tool agree; a difference is reported" {
	configs
	run guard --verify
	[ "$status" -eq 1 ]
	# Of ports and the switch the fake module says "isolated".
	says '0000:03:00.0 differs'
	verdict 0000:03:00.0 'sibling-port 0000:03:01.0: words (lacks SV,RR,CR,UF)'
	verdict 0000:03:01.0 'sibling-port 0000:03:00.0: words (lacks SV,RR,CR,UF)'
	run guard --verify
	[ "$status" -eq 0 ]
	says 'agree about all 11 functions'
	unload
	run guard --verify
	[ "$status" -eq 2 ]
}

@test "explain: with the module, a hot-plug slot that unit=group does not help against is named to root" {
	local file

	ungroup 14 15
	group 14 0000:04:00.0 0000:05:00.0
	# Without registers nothing is known of slots.
	run guard explain 04:00.0
	[[ $output != *unit=group* ]]
	configs
	run guard explain 04:00.0
	[[ $output != *unit=group* ]]
	config 0000:03:01.0 id=104c:8233 type=6 buses=05-05 slot=hotplug
	run guard explain 04:00.0
	[ "$status" -eq 1 ]
	says 'unit=group would not allow it, because of the hot-plug slot below 03:01.0:' \
		'All DMA between them and any other device that is'
	group_isolated 0000:04:00.0 1
	run guard explain 04:00.0
	says 'unit=group would allow it'
	[[ $output != *hot-plug* ]]
	group_isolated 0000:04:00.0 0
	for file in "$fake"/sys/bus/pci/devices/*/config; do
		truncate -s 64 "$file"
	done
	run guard explain 04:00.0
	[ "$status" -eq 1 ]
	says 'unit=group would not allow it. If a hot-plug slot is the reason'
}

@test "explain --json: the ports whose slots stand against unit=group; null where they are not known" {
	local file

	# blocking VALUE: of 04:00.0
	blocking() {
		run guard explain 04:00.0 --json
		jq -c .group_blocking_slots <<<"$output"
		jq -e "has(\"group_blocking_slots\") and .group_blocking_slots == $1" <<<"$output"
	}
	ungroup 14 15
	group 14 0000:04:00.0 0000:05:00.0
	blocking null
	configs
	blocking '[]'
	config 0000:03:01.0 id=104c:8233 type=6 buses=05-05 slot=hotplug
	blocking '["0000:03:01.0"]'
	jq -e '[.choices[].text | select(contains("hot-plug"))] | length == 1' <<<"$output"
	# What is isolated, a port, and what unit=group would allow, have no such slot.
	run guard explain 01:00.0 --json
	jq -e '.group_blocking_slots == []' <<<"$output"
	run guard explain 03:01.0 --json
	jq -e '.group_blocking_slots == []' <<<"$output"
	group_isolated 0000:04:00.0 1
	blocking '[]'
	older_module
	blocking null
	group_isolated 0000:04:00.0 0
	for file in "$fake"/sys/bus/pci/devices/*/config; do
		truncate -s 64 "$file"
	done
	blocking null
	# Another peer is the reason: that takes no registers.
	verdict 0000:04:00.0 "no-acs 0000:03:00.0: $no_acs" 0000:05:00.0 0000:01:00.0
	blocking '[]'
}

@test "allow --group: all functions of the group, one reason, all or nothing" {
	ungroup 13 14 15
	group 14 0000:04:00.0 0000:05:00.0 0000:03:01.0
	run guard allow --group 14 --reason 'one card'
	[ "$status" -eq 0 ]
	says 'Exception made for 04:00.0' 'Exception made for 05:00.0' 'acs-guard revoke 05:00.0'
	for bdf in 0000:04:00.0 0000:05:00.0; do
		[ "$(cat "$fake/sys/bus/pci/devices/$bdf/acs_guard/permissive")" = 1 ]
		grep -q "exception for $bdf (8086:10d3) by .*: one card\$" "$fake/dev/kmsg"
	done
	[ "$(cat "$fake/sys/bus/pci/devices/0000:03:01.0/acs_guard/permissive")" = 0 ]
	guard revoke 04:00.0
	guard revoke 05:00.0

	# The second one does not take it: the first one loses it again, and no file is left.
	rm "$fake/sys/bus/pci/devices/0000:05:00.0/acs_guard/permissive"
	ln -s /dev/null "$fake/sys/bus/pci/devices/0000:05:00.0/acs_guard/permissive"
	run guard allow --group 14 --persist --reason 'one card'
	[ "$status" -eq 2 ]
	says 'nothing was changed'
	[ "$(cat "$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive")" = 0 ]
	[ -z "$(find "$fake/etc" -type f)" ]
}

@test "allow --group --persist: an entry for each; --json; bad numbers" {
	ungroup 14 15
	group 14 0000:04:00.0 0000:05:00.0
	run guard --json allow --group=14 --persist --reason both
	jq -e '.group == 14 and ([.exceptions[].bdf] | sort) == ["0000:04:00.0", "0000:05:00.0"]' <<<"$output"
	grep -qE '^options acs_guard permissive=[^,]+@8086:10d3,[^,]+@8086:10d3$' "$fake/etc/modprobe.d/acs-guard-exceptions.conf"
	run guard allow --group 10 --reason x
	[ "$status" -eq 0 ]
	says 'No function of IOMMU group 10 needs an exception, because each is isolated or a bridge; none was made.'
	for number in x -1 '' 99999999999 1x 77; do
		run guard allow --group "$number" --reason x
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	run guard allow 04:00.0 --group 14 --reason x
	[ "$status" -eq 2 ]
}

@test "explain ends with what stands between the device and a guest" {
	ungroup 10 11 12 13 14 15
	group 10 0000:01:00.0 0000:05:00.0
	echo 'flr bus' >"$fake/sys/devices/pci0000:00/0000:00:02.0/0000:01:00.0/reset_method"
	echo '0x00000000000a0000 0x00000000000bffff direct' >"$fake/sys/kernel/iommu_groups/10/reserved_regions"
	run guard explain 01:00.0
	says 'Ready to assign?' 'yes      isolated' 'yes      an IOMMU translates' 'no       IOMMU group 10 is viable' \
		'drivers of the host have 05:00.0 (e1000e)' 'yes      it can be reset: flr bus' \
		'no       firmware reserves no memory' 'no       the host does not use it: network up: eth0'
	run guard explain 01:00.0 --json
	jq -e '[.ready[].answer] == ["yes", "yes", "no", "yes", "no", "no"]' <<<"$output"
	# Of a dump hardly anything is known.
	switch_machine >dump
	run guard --dump dump explain 04:00.0 --json
	jq -e '[.ready[].answer] == ["no", "unknown", "unknown", "unknown", "unknown", "unknown"]' <<<"$output"
}

@test "tree and graph fold functions of the chipset; --all does not" {
	local fn

	for fn in 0 1 2 3 4 5; do
		pci 0000:00:14.$fn 8086:1234 088000
	done
	guard_all
	run guard
	says '00:00.0 to 00:14.5 7 functions of the chipset: 7 OK, 0 REFUSED'
	[[ $output != *00:14.3* ]]
	run guard graph
	says '"chipset 0000:00:00.0" [label="00:00.0 to 00:14.5\n7 functions of the chipset\n7 OK, 0 REFUSED"' 'rankdir=LR'
	run guard --all
	says 00:14.3
	[[ $output != *chipset* ]]
	run guard graph --all
	[[ $output != *chipset* ]]
	# An exception, a refused bind: not folded away.
	verdict 0000:00:14.3 'multifunction 0000:00:14.3: words (lacks RR,CR)'
	echo 2 >"$fake/sys/bus/pci/devices/0000:00:14.3/acs_guard/denied"
	run guard
	says 'REFUSED    00:14.3'
}

@test "survey: a line a machine, totals, disagreement with the kernel's groups; one bad file" {
	switch_machine >one
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0
	} >two
	echo nonsense >three
	lspci -F one -D -vvnn 2>/dev/null | sed '/^0000:04:00.0/s/$/\n\tIOMMU group: 7/' >four
	run --separate-stderr guard survey one two three four
	[ "$status" -eq 2 ]
	[ "$stderr" = "acs-guard: three:1: this is no line of lspci -xxxx or -vvv" ]
	says $'one\t3\t1\t2\t-\tno-acs=2' $'two\t1\t1\t0\t-\t-' \
		'# four 0000:04:00.0: IOMMU group 7 is its own, and it is refused: ' \
		'# 3 machines judged, 1 dump could not be read; 7 functions'
	run --separate-stderr guard --json survey one two
	jq -e '.total.functions == 4 and .total.refused["no-acs"] == 2 and (.machines | length) == 2 and
		(.devices | length) == 9 and .failed == 0 and .total.group_isolated == null' <<<"$output"
	run --separate-stderr guard --json survey four
	jq -e '.total.group_isolated == 0' <<<"$output"
	run guard survey
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "survey: a function is alone in its IOMMU group if no other member can be exposed" {
	{
		device 00:00.0 class=060000 id=1022:1482
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 00:1e.0 class=060401 buses=05-06
		device 01:00.0 type=0
		device 05:01.0 type=0 class=060400 buses=06-06
		device 06:00.0
	} >bytes
	# Group 1: with a dummy host bridge and a Root Port; 2: with a bridge that may issue DMA itself.
	lspci -F bytes -D -vvnn -xxxx 2>/dev/null |
		sed -E 's/^0000:0[01]:0.*/&\n\tIOMMU group: 1/; s/^0000:0(0:1e|5:01|6:00).*/&\n\tIOMMU group: 2/' >machine
	run --separate-stderr guard survey machine
	echo "$output"
	[ "$status" -eq 0 ]
	says '# the kernel'"'"'s IOMMU groups, where they are known: alone and isolated 1, alone and refused 0, shared and isolated 1, shared and refused 1'
	says '# machine 0000:00:00.0: IOMMU group 1 is shared, and it is isolated'
	[[ $output != *'01:00.0: IOMMU group'* && $output != *'06:00.0: IOMMU group'* ]]
}

@test "generate about a dump; commands for this machine only refuse a dump in one line" {
	switch_machine >dump
	run guard --dump dump generate
	[ "$status" -eq 0 ]
	says '# REFUSED: no-acs 0000:03:00.0' 'DEVPATH=="*/pci0000:00/0000:00:03.0/????:??:00.0/????:??:00.0/????:??:00.0"'
	for command in metrics watch 'allow 04:00.0 --reason x' 'revoke 04:00.0'; do
		# shellcheck disable=SC2086 # words
		run guard --dump dump $command
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
}
