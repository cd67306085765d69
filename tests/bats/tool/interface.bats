#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # each test is a subshell; what bats and
# fake-sysfs.sh set
#
# The commands and options of acs-guard, as its source has them, are those of --help, of the
# manual and of the completion.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..

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
	export LC_ALL=C.UTF-8
	commands >commands
	options >options
}

# What the source compares words with.
commands() {
	grep -oE '\{ "[a-z]+", run_' "$top/tools/acs-guard/main.c" | cut -d '"' -f 2 | sort
}

options() {
	cat "$top"/tools/acs-guard/*.c | grep -oE '"--[a-z]+=?"' | tr -d '"=' | sort -u
}

# same FILE FILE: shows what one lacks.
same() {
	diff -u "$1" "$2"
}

# completes LINE: what bash would offer, one a line.
completes() {
	COMP_LINE=$1 COMP_POINT=${#1} ACS_GUARD_SYSFS=$fake/sys bash -c '
		. "$0"
		COMP_WORDBREAKS=" :="
		_acs_guard
		printf "%s\n" "${COMPREPLY[@]}"' "$top/scripts/packaging/acs-guard.completion" | LC_ALL=C sort
}

# offers LINE WORD...: just these.
offers() {
	completes "$1" >offered
	shift
	printf '%s\n' "$@" | LC_ALL=C sort >wanted
	same wanted offered
}

# From a heading of the manual to the next one, without the backslashes of dashes.
section() {
	sed 's/\\-/-/g; s/\\f[BIPR]//g' "$top/Documentation/acs-guard.8" |
		awk -v name="$1" '/^\.SH / { inside = $0 == ".SH " name; next } inside'
}

# The line behind each .TP and .TQ: what is explained.
tags() {
	section "$1" | awk 'tag { print } { tag = /^\.T[PQ]/ }'
}

@test "the source names commands and options" {
	[ "$(wc -l <commands)" -ge 10 ]
	[ "$(wc -l <options)" -ge 13 ]
	grep -qx survey commands
	grep -qxe --verify options
}

@test "each of them does what it says: the tool knows it" {
	while read -r command; do
		run tool "$command" --nonsense </dev/null
		[[ $output != *'there is no command'* ]]
	done <commands
	run tool nonsense
	[[ $output == *'there is no command'* ]]
	run tool 04:00.0
	[[ $output == *"there is no command '04:00.0'; about a device: acs-guard explain 04:00.0" ]]
}

@test "--help has all commands and options, and no other" {
	tool --help >help
	sed -nE 's/^  ([a-z]+)( .*|$)/\1/p' help | sort -u >found
	same commands found
	grep -oE -e '--[a-z]+' help | sort -u >found
	same options found
}

@test "the manual explains all commands and options, and no other" {
	tags COMMANDS | sed -nE 's/^(\.B[IR]? *)?([a-z]+)\b.*/\2/p' | grep -v '^acs_' | sort -u >found
	same commands found
	{
		tags OPTIONS
		tags COMMANDS
	} | grep -oE -e '--[a-z]+' | sort -u >found
	same options found
}

@test "the synopsis of the manual has all commands and options, and no other" {
	section SYNOPSIS >synopsis
	sed -E 's/ \\\|\\ +/ /g; s/\\ / /g' synopsis | grep -oE '[a-z-]+' | grep -v '^-' |
		grep -Fxf commands | sort -u >found
	same commands found
	grep -oE -e '--[a-z]+' synopsis | sort -u >found
	same options found
}

@test "the completion offers all commands and options, and no other" {
	completes 'acs-guard ' | grep -v '^-' >found
	same commands found
	{
		completes 'acs-guard '
		while read -r command; do
			completes "acs-guard $command --"
		done <commands
	} | grep '^-' | sort -u >found
	same options found
}

@test "the pages name all commands and options" {
	while read -r word; do
		grep -qE -e "\`\`[^\`]*$word\b|acs-guard .*$word\b" "$top/Documentation/tool.rst" || {
			echo "tool.rst lacks $word"
			return 1
		}
	done < <(cat commands options | grep -vxe --help -e --version)
}

@test "completion: devices that a command can be about" {
	echo 1 >"$fake/sys/bus/pci/devices/0000:05:00.0/acs_guard/permissive"
	offers 'acs-guard ex' explain
	offers 'acs-guard explain 04' 04:00.0
	# Bash has set "04:" aside already.
	offers 'acs-guard explain 04:' 00.0
	offers 'acs-guard --json explain 0000:04:0' 00.0
	offers 'acs-guard revoke ' --json 05:00.0
	completes 'acs-guard allow ' >offered
	grep -qx 04:00.0 offered
	! grep -qx 05:00.0 offered || false
	offers 'acs-guard graph --s' --set --svg
}

@test "completion: values of options, and files" {
	touch dump-one dump-two
	offers 'acs-guard --dump dump-' dump-one dump-two
	offers 'acs-guard --dump dump-one explain --d' --dump
	offers 'acs-guard --dump dump-one ex' explain
	offers 'acs-guard survey dump-o' dump-one
	offers 'acs-guard --groups dump-t' dump-two
	offers 'acs-guard metrics --output dump-t' dump-two
	offers 'acs-guard --set unit' unit=function unit=group
	offers 'acs-guard --set unit=' function group
	offers 'acs-guard --set s' strict=0 strict=1
	offers 'acs-guard allow --group 1' 1 10 11 12 13 14 15
	offers 'acs-guard allow 04:00.0 --reason ' ''
}
