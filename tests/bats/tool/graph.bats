#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell; what bats sets
#
# The picture of acs-guard graph: that large machines can be looked at.

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
	export LANG=C.UTF-8
}

# width_of DUMP [OPTION...]: in pixels, of which there are 96 in 72 points.
width_of() {
	"$tool" --dump "$@" graph --svg 2>/dev/null |
		sed -n 's/^<svg width="\([0-9]*\)pt".*/\1/p' | awk '{ print int($1 * 96 / 72) }'
}

# is_narrow DUMP [OPTION...]
is_narrow() {
	local width

	width=$(width_of "$@")
	[ -n "$width" ] && [ "$width" -le 2000 ] && return
	echo "$*: ${width:-no} pixels"
	return 1
}

# Twelve switches, one below the other, each with a card beside the next.
deep_machine() {
	local level bus

	device 00:01.0 type=4 buses=01-40 acs=1f/1d
	for ((level = 0; level < 12; level++)); do
		bus=$((1 + 3 * level))
		device "$(printf '%02x:00.0' "$bus")" type=5 "buses=$(printf '%02x-40' $((bus + 1)))"
		device "$(printf '%02x:00.0' $((bus + 1)))" type=6 "buses=$(printf '%02x-%02x' $((bus + 2)) $((bus + 2)))"
		device "$(printf '%02x:01.0' $((bus + 1)))" type=6 "buses=$(printf '%02x-40' $((bus + 3)))"
		device "$(printf '%02x:00.0' $((bus + 2)))" type=0
	done
}

# As a server has them: four buses with 100 functions of the chipset, and 40 cards.
wide_machine() {
	local bus fn slot

	for bus in 00 7f ff fe; do
		for ((fn = 0; fn < 100; fn++)); do
			device "$(printf '%s:%02x.%d' "$bus" $((8 + fn / 8)) $((fn % 8)))" class=088000 multi=1 len=256
		done
	done
	for ((slot = 0; slot < 40; slot++)); do
		device "$(printf '80:%02x.%d' $((slot / 8)) $((slot % 8)))" type=4 multi=1 "buses=$(printf '%02x-%02x' $((129 + slot)) $((129 + slot)))"
		device "$(printf '%02x:00.0' $((129 + slot)))" type=0
	done
}

@test "no picture is wider than 2,000 pixels" {
	local file

	deep_machine >deep
	is_narrow deep
	wide_machine >wide
	is_narrow wide
	is_narrow wide --all
	for file in "${ACS_GUARD_REAL_MACHINES:-$top/../shared/real-machines}"/*/*; do
		[ -f "$file" ] || continue
		"$tool" --dump "$file" list >/dev/null 2>&1 || [ "$?" -ne 2 ] || continue
		is_narrow "$file"
	done
}

@test "functions of the chipset are a box a bus, beside others of that bus" {
	wide_machine >wide
	run "$tool" --dump wide graph
	[ "$(grep -c 'label="[^"]*100 functions of the chipset' <<<"$output")" -eq 4 ]
	[[ $output == *'"chipset 0000:7f:08.0" [label="7f:08.0 to 7f:14.3\n100 functions of the chipset\n'* ]]
	[[ $output == *'"iommu" -- "chipset 0000:7f:08.0"'* ]]
	[[ $output != *'"0000:7f:09.0"'* ]]
}

@test "functions of a card that reach each other are a chain, not all pairs" {
	local fn

	{
		device 00:01.0 type=4 buses=01-01 acs=1f/1d
		for fn in 0 1 2 3 4; do
			device "01:00.$fn" type=0 multi=1
		done
	} >card
	"$tool" --dump card graph 2>/dev/null >dot
	[ "$(grep 'constraint=false' dot | cut -d '"' -f 2,4 | tr '"' ' ')" = \
		$'0000:01:00.0 0000:01:00.1\n0000:01:00.1 0000:01:00.2\n0000:01:00.2 0000:01:00.3\n0000:01:00.3 0000:01:00.4' ]
	# For programs, each pair.
	"$tool" --dump card graph --json 2>/dev/null | jq -e '[.edges[] | select(.bypass)] | length == 10'
}

@test "cards that meet in the device of their ports: red up to the ports, and between these" {
	{
		device 00:01.0 type=4 multi=1 buses=01-01
		device 00:01.1 type=4 multi=1 buses=02-02 acs=1f/1d
		device 01:00.0 type=0
		device 02:00.0 type=0
	} >ports
	"$tool" --dump ports graph 2>/dev/null >dot
	grep -q '"0000:00:01.0" -- "0000:00:01.1" \[color="#e00000".*constraint=false' dot
	grep -q '"0000:00:01.0" -- "0000:01:00.0" \[color="#e00000"' dot
	grep -q '"0000:00:01.1" -- "0000:02:00.0" \[color="#e00000"' dot
	! grep -q '"0000:01:00.0" -- "0000:02:00.0"' dot || false
}

@test "a refused function to which nothing red leads has the reason in its box" {
	{
		device 00:02.0 type=0 len=64
		device 00:05.0 type=9 class=088000 multi=1 len=256
		device 00:05.2 type=9 class=088000 multi=1
	} >dump
	"$tool" --dump dump graph 2>/dev/null >dot
	grep -q '^\s"0000:00:05.2" \[label="00:05.2  REFUSED\\n[^"]*\\nbecause of 00:05.0"' dot
	grep -q '^\s"0000:00:02.0" \[label="00:02.0  REFUSED\\n[^"]*\\nits registers cannot' dot
}

@test "a card is a card, though its class is one of the chipset's" {
	local fn

	{
		device 00:01.0 type=4 buses=01-01
		for fn in 0 1 2 3; do
			device "01:00.$fn" type=0 multi=1 class=068000
		done
	} >dump
	"$tool" --dump dump graph 2>/dev/null >dot
	grep -q '"0000:01:00.2" -- "0000:01:00.3" \[color="#e00000"' dot
	! grep -q chipset dot || false
}

@test "peers that cannot be read: the box states that they are not known" {
	device 01:00.0 type=0 >card
	"$tool" --dump card graph 2>/dev/null >dot
	grep -q '"0000:01:00.0" \[.*! its peers are not known' dot
	"$tool" --dump card graph --json 2>/dev/null |
		jq -e '.nodes | map(.peers_known) == [false]'
}
