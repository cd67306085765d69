#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/lib/stages, which runs the parts of .ci/run and of "make check-all".

stages=$BATS_TEST_DIRNAME/../../scripts/lib/stages

# rows: the last lines of the output, one a stage, without the times.
rows() {
	printf '%s\n' "${lines[@]: -$1}" | sed -E 's/ +[0-9]+ min [0-9]{2} s */ /; s/ $//'
}

@test "stages: each says how long it took, and so do all together" {
	run "$stages" one true two 'echo words; true'
	[ "$status" -eq 0 ]
	[ "$(rows 3)" = "$(printf '%s\n' 'one passed' 'two passed' 'all stages')" ]
	[[ $output == *'# stage: two: echo words; true'$'\n'words$'\n'* ]]
}

@test "stages: after one that fails the others run, and all fails" {
	run "$stages" one 'exit 3' two true
	[ "$status" -eq 1 ]
	[ "$(rows 3)" = "$(printf '%s\n' 'one FAILED' 'two passed' 'all stages')" ]
}

@test "stages: a command runs in the checkout" {
	cd /
	run "$stages" one 'test -f Makefile && test -x scripts/lib/stages'
	[ "$status" -eq 0 ]
}
