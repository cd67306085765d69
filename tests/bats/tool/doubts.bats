#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# acs-guard --dump: functions that do not answer, and what they hide. The machines are
# those that scripts/check-dumps has found, made as small as they go.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
judge=$BATS_TEST_DIRNAME/judge
# shellcheck source=machine.sh
. "$BATS_TEST_DIRNAME/machine.sh"

setup_file() {
	tool=$("$top/scripts/tool" --sanitize)
	export tool
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# expect_verdict BDF "REASON BLOCKER"
expect_verdict() {
	local got

	got=$(awk -F '\t' -v bdf="$1" '$1 == bdf { print $5, $6 }' lines)
	[ "$got" = "$2" ] && return
	echo "$1: wanted '$2', got '$got'"
	return 1
}

# reads_as_ones BDF: each byte of the function is ff
reads_as_ones() {
	echo "$1 Device"
	awk 'BEGIN {
		for (i = 0; i < 4096; i += 16)
			printf "%02x: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff\n", i
		print ""
	}'
}

@test "a bridge that is cut off before its capabilities counts as a function of a shared segment" {
	segment() {
		{
			device 00:1e.0 len=256 buses=01-02
			device 01:00.0 len=256
			device 01:01.0 type=7 "len=$1" buses=02-02
		} | "$judge" - >lines
	}
	segment 256
	expect_verdict 0000:01:00.0 'isolated -'
	segment 64
	expect_verdict 0000:01:00.0 'conventional 0000:00:1e.0'
}

@test "a bridge that does not answer: those above it overlap with none below" {
	{
		device 00:00.0 type=4 buses=01-04 acs=1f/1d
		reads_as_ones 01:00.0
		device 02:00.0 type=6 buses=03-03 acs=1f/1d
		device 02:01.0 type=6 buses=04-04 acs=1f/1d
		device 03:00.0 type=0
		device 04:00.0 type=0
	} >dump
	"$judge" dump >lines
	expect_verdict 0000:03:00.0 'unreadable 0000:02:00.0'
	expect_verdict 0000:04:00.0 'unreadable 0000:02:01.0'
}

@test "below a conventional bridge there is no more to read than the kernel reads" {
	{
		device 00:00.0 type=4 buses=01-04 acs=1f/1d
		device 01:00.0 type=7 buses=02-04
		device 02:00.0 type=8 buses=03-04
		device 03:00.0 type=0 len=256
	} >dump
	"$judge" dump >lines 2>notes
	expect_verdict 0000:03:00.0 'isolated -'
	[ ! -s notes ]
	# It may be able to ask for translations, and that matters only then.
	"$judge" --set strict=1 dump >lines
	expect_verdict 0000:03:00.0 'translation 0000:03:00.0'
}

@test "a virtual function that does not answer may have ACS of its own" {
	{
		device 00:00.0 type=4 buses=01-02 acs=1f/1d
		device 01:00.0 type=0 acs=2c/2c vfs=1,100,1
		reads_as_ones 02:00.0
	} >dump
	"$judge" dump >lines
	expect_verdict 0000:01:00.0 'unreadable 0000:02:00.0'
	expect_verdict 0000:02:00.0 'unreadable 0000:02:00.0'
}

@test "a function that does not answer may use the requester ID of another on its bus" {
	{
		device 00:00.0 type=4 buses=01-01 acs=1f/1d
		device 00:01.0 type=9 id=fa5e:0001
		reads_as_ones 00:02.0
		device 01:00.0 type=0
	} >dump
	"$judge" dump >lines
	expect_verdict 0000:00:01.0 'unreadable 0000:00:02.0'
	# The requests of a card do not bear an ID of the root bus.
	expect_verdict 0000:01:00.0 'isolated -'
}

@test "a function that does not answer may be a bridge with peers: no group allows a bind" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0 multi=1
		device 01:00.1 type=0 multi=1
	} >dump
	printf '%s\n' '01:00.0 1' '01:00.1 1' >groups
	allowed() {
		"$judge" --json --groups groups "$@" |
			jq -r '.devices[] | select(.bdf == "0000:01:00.0") | .group_isolated'
	}
	[ "$(allowed dump)" = true ]
	reads_as_ones 00:03.0 >>dump
	[ "$(allowed dump)" = false ]
}
