#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The benchmark's table: what is missed, malformed or no longer measured must not look
# like a target that is met. No machine is needed.
#
# usage: bats tests/bats/bench.bats

bats_require_minimum_version 1.5.0

setup() {
	bench=$(dirname -- "$(dirname -- "$BATS_TEST_DIRNAME")")/scripts/bench
	log=$BATS_TEST_TMPDIR/log
	: >"$log"
}

# line ROW CASE SUBJECT VALUE UNIT
line() {
	printf '=\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$log"
}

# binds WITHOUT WITH: of pci-stub; those of the others meet their targets.
binds() {
	line 2 pci-stub 'without acs_guard' "$1" instructions
	line 2 pci-stub 'with acs_guard' "$2" instructions
	line 2 vfio-pci 'without acs_guard' 300000 instructions
	line 2 vfio-pci 'with acs_guard' 300000 instructions
	line 2 'not guarded' 'without acs_guard' 50000 instructions
	line 2 'not guarded' 'with acs_guard' "${3-50200}" instructions
}

@test "bench: a table of targets that are met" {
	printf '# words\nother words\n' >>"$log"
	binds 50000 50500
	run "$bench" --table "$log"
	[ "$status" -eq 0 ]
	[[ $output == *'6 figures, 3 held against a target, 0 targets missed' ]]
	[[ $output =~ pci-stub\ +with\ acs_guard\ +50,500\ +instructions\ +1\.01\ +53,024\ +met ]]
}

@test "bench: one instruction too many is a target missed" {
	binds 50000 53025
	run "$bench" --table "$log"
	[ "$status" -eq 1 ]
	[[ $output =~ 53,025\ .*MISSED.*' 1 targets missed' ]]
	: >"$log"
	binds 50000 50000 50301
	run "$bench" --table "$log"
	[ "$status" -eq 1 ]
}

@test "bench: a bound of its own, and one that the case names" {
	line 1 'depth 3' pci_acs_path_enabled 900 instructions
	line 1 'depth 3' acs_guard_examine 900 instructions
	line 1 'denied depth 3' pci_acs_path_enabled 900 instructions
	line 1 'denied depth 3' acs_guard_examine 900 instructions
	line 1 'PCH root port' acs_guard_examine 2 reads
	line 1 'depth 3' acs_guard_examine 0 allocations
	cp "$log" "$log.base"
	line 1 'depth 3' acs_guard_examine 3 reads
	run "$bench" --table "$log"
	[ "$status" -eq 0 ]
	cp "$log.base" "$log"
	line 1 'depth 3' acs_guard_examine 4 reads
	run "$bench" --table "$log"
	[ "$status" -eq 1 ]
}

@test "bench: a target that nothing was measured for is missed" {
	binds 50000 50000
	sed -i '/not guarded/d' "$log"
	run "$bench" --table "$log"
	[ "$status" -eq 1 ]
	[[ $output == *'row 2: nothing was measured for'* ]]
}

@test "bench: a figure with nothing beside it is missed" {
	binds 50000 50000
	sed -i '/pci-stub.*without/d' "$log"
	run "$bench" --table "$log"
	[ "$status" -eq 1 ]
	[[ $output == *'nothing beside it'* ]]
}

@test "bench: a line that is no result is named, and ends the table" {
	local bad

	for bad in '=\t2\tcase\tsubject\t5' '=\t8\tcase\tsubject\t5\tunit' '=\t2\tcase\tsubject\tfive\tunit' \
		'=\t2\tcase\tsubject\t\tunit' '=\t2\t\tsubject\t5\tunit' '=\t2\tcase\tsub"ject\t5\tunit' '=2' \
		'=\t2\tcase\tsubject\t5\tunit\tmore'; do
		: >"$log"
		binds 50000 50000
		# shellcheck disable=SC2059 # a format is what these are
		printf "$bad\n" >>"$log"
		run "$bench" --table "$log"
		[ "$status" -eq 1 ]
		[[ $output == *'bench: line 7: no'* || $output == *'bench: line 7: there is no such row'* ]]
	done
}

@test "bench: a result that is printed twice is an error" {
	binds 50000 50000
	line 2 pci-stub 'with acs_guard' 60000 instructions
	run "$bench" --table "$log"
	[ "$status" -eq 1 ]
	[[ $output == *'printed twice'* ]]
}

@test "bench: markdown has what the targets mark, and nothing else" {
	binds 50000 50000
	line 2 'not marked' 'with acs_guard' 1 instructions
	line 6 'locks of the module' 'a refusal' 3 'times taken'
	line 6 "locks of the module's own" '9 allowed binds to pci-stub' 0 'times taken'
	run "$bench" --markdown "$log"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 6 ]
	[[ ${lines[0]} == '| row | case '* && ${lines[1]} == '| --- | --- '* ]]
	[[ $output != *'not marked'* ]]
	line 1 'denied depth 1' acs_guard_examine 0 allocations
	run "$bench" --markdown "$log"
	[[ $output != *denied* ]]
}

@test "bench: csv has the same lines as markdown, each cell in quotes" {
	binds 50000 50000
	line 2 'not marked' 'with acs_guard' 1 instructions
	run "$bench" --csv "$log"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = '"row","case","subject","value","unit","ratio","at most","target"' ]
	[[ ${lines[1]} == '"2","pci-stub","with acs_guard","50,000","instructions",'* ]]
	[[ $output != *'not marked'* ]]
	[ "$(head -n 1 "${bench%/scripts/bench}/Documentation/performance.csv")" = "${lines[0]}" ]
}

@test "bench: bad input gets one line" {
	local words

	for words in '--only 8' '--only 1,,2' '--only' '--table /nowhere/log' '--what x'; do
		# shellcheck disable=SC2086 # words
		run "$bench" $words
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
}
