#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # what bats sets
#
# acs-guard --dump, on dumps of the tests' virtual machine: the verdicts are those that the
# module gave there.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
judge=$BATS_TEST_DIRNAME/judge

setup_file() {
	"$top/scripts/lib/deps" build vm dumps
	tool=$("$top/scripts/tool" --sanitize)
	export tool
	live=$BATS_FILE_TMPDIR/live
	export live
	boot_machine
}

# Dumps of the virtual machine, and what the guard said there: NAME, NAME.live and
# NAME.groups in $live, see tests/vm/guest/dump.
boot_machine() {
	local release kernel module out=$BATS_FILE_TMPDIR/machine

	release=$("$top/scripts/lib/kernel" --release)
	kernel=$("$top/scripts/lib/kernel" "$release")
	module=$("$top/scripts/lib/build" "$release")
	mkdir -- "$out" "$live"
	"$top/tests/vm/initrd" --kernel "$kernel" --release "$release" --module "$module" \
		--out "$out/initrd"
	# It must not keep the descriptors on which bats waits.
	"$top/tests/vm/boot" --kernel "$kernel" --release "$release" --initrd "$out/initrd" \
		--out "$out" --run dump --timeout 600 >"$out/said" 3>&- 4>&-
	rm -- "$out/initrd"
	awk -v dir="$live" '
		/^begin / { file = dir "/" $2; to = file ".packed"; next }
		/^live$/ { to = file ".live"; next }
		/^end$/ { to = ""; next }
		to == file ".live" && /^\// { print >(file ".groups"); next }
		to { print >to }' "$out/said"
	for packed in "$live"/*.packed; do
		base64 -d -- "$packed" | gunzip >"${packed%.packed}"
	done
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

@test "dumps of the virtual machine get the verdicts that the guard gave there" {
	local state strict

	[ "$(ls "$live"/*.live | wc -l)" -eq 4 ]
	for state in start controls-off virtual-functions strict; do
		strict=0
		[ "$state" != strict ] || strict=1
		"$judge" --set "strict=$strict" --groups "$live/$state.groups" "$live/$state" >lines 2>notes
		# With words, lspci tells the rest.
		[ ! -s notes ]
		# isolated, and the reason in parts: "REASON BLOCKER: words (lacks FLAGS)"
		awk -F '\t' -v OFS='\t' '{
			reason = $3; blocker = missing = "-"
			if (match(reason, /\(lacks [A-Z,]+\)$/)) missing = substr(reason, RSTART + 7, RLENGTH - 8)
			if (reason != "isolated") { blocker = reason; sub(/^[a-z-]+ /, "", blocker); sub(/: .*/, "", blocker) }
			sub(/ .*/, "", reason)
			print $1, $2, reason, blocker, missing, $4
		}' "$live/$state.live" >wanted
		[ "$(wc -l <wanted)" -ge 40 ]
		tail -n +2 lines | cut -f 1,4-8 | diff wanted - || {
			echo "$state: '<' is what the guard said there, '>' what the tool says"
			return 1
		}
	done
	grep -q $'^\tRegion 0: Memory at .*\\[size=' "$live/strict"
	"$judge" --set strict=1 "$live/start" 2>&1 >lines | grep -q 'it is not known whether .* has memory'
	# The states do differ.
	[ "$(sort "$live/start.live" "$live/controls-off.live" | uniq -u | wc -l)" -ge 6 ]
	[ "$(wc -l <"$live/virtual-functions.live")" -eq "$(($(wc -l <"$live/start.live") + 4))" ]
}

@test "unit=group: with the groups of the virtual machine" {
	"$judge" --set unit=group --groups "$live/start.groups" "$live/start" >lines
	head -n 1 lines | grep -q $'\tpeers\tstatus$'
	status_of() { awk -F '\t' -v bdf="$1" '$1 == bdf { print $9 }' lines; }
	# GOOD_NIC; T9 and T10, which the test 45-unit binds there; T1, T21, which it does not.
	[ "$(status_of 0000:01:00.0)" = ok ]
	[ "$(status_of 0000:07:00.0)" = group ]
	[ "$(status_of 0000:08:00.1)" = group ]
	[ "$(status_of 0000:04:00.0)" = refused ]
	[ "$(status_of 0000:0f:00.0)" = refused ]

	# Without groups, unit=group is bad input.
	run "$judge" --set unit=group "$live/start"
	[ "$status" -eq 2 ]
	[[ $output == *--groups* ]]
	# What is not in the list has none.
	grep -v 0000:08:00.1 "$live/start.groups" >groups
	"$judge" --set unit=group --groups groups "$live/start" >lines
	[ "$(status_of 0000:08:00.0)$(status_of 0000:08:00.1)" = refusedrefused ]
	# As iommu_groups lists them, or address and number.
	sed 's|.*/iommu_groups/\([0-9]*\)/devices/\(.*\)|\2 \1|' "$live/start.groups" >groups
	"$judge" --set unit=group --groups groups "$live/start" >lines
	[ "$(status_of 0000:08:00.1)" = group ]
}

@test "words of the virtual machine isolate nothing that the guard refuses there" {
	local state

	for state in start controls-off virtual-functions strict; do
		lspci -F "$live/$state" -D -vvnn 2>/dev/null >text
		"$judge" text >lines 2>notes
		[ "$(wc -l <lines)" -ge 40 ]
		! awk -F '\t' 'NR == FNR { isolated[$1] = $2; next }
			$4 == 1 && isolated[$1] == 0 && $1 != "bdf" { print $1 " is isolated by words only" }' \
			"$live/$state.live" lines | grep . || false
	done
}
