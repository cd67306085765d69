#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154,SC2094,SC2238 # what bats sets; a variable and a file of one name; a file named dot
#
# acs-guard --dump: dumps of real machines, of machines that never were, and of what is no
# dump. The program is compiled with sanitizers.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
judge=$BATS_TEST_DIRNAME/judge
here=$BATS_TEST_DIRNAME
# shellcheck source=machine.sh
. "$BATS_TEST_DIRNAME/machine.sh"

setup_file() {
	"$top/scripts/lib/deps" dumps
	tool=$("$top/scripts/tool" --sanitize)
	export tool
	real=$("$here/real-dumps")
	export real
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export TMPDIR=$BATS_TEST_TMPDIR
}

# --- helpers --------------------------------------------------------------------------

# The last field of each line is a list, in the order in which the module has come across
# it; that may be any.
sort_peers() {
	awk '{
		n = split($NF, peer, ",")
		for (i = 2; i <= n; i++)
			for (k = i; k > 1 && peer[k] < peer[k - 1]; k--) { x = peer[k]; peer[k] = peer[k - 1]; peer[k - 1] = x }
		$NF = peer[1]
		for (i = 2; i <= n; i++) $NF = $NF "," peer[i]
		print
	}'
}

# verdict_of BDF [FILE]: of the lines of list: "REASON BLOCKER MISSING PEERS".
verdict_of() {
	awk -F '\t' -v bdf="$1" '$1 == bdf { print $5, $6, $7, $8 }' "${2:-lines}" | sort_peers
}

# expect_verdict BDF TEXT
expect_verdict() {
	local got

	got=$(verdict_of "$1")
	[ "$got" = "$2" ] && return
	echo "$1: wanted '$2', got '$got'"
	return 1
}

# Exit 2 and one line of the error, which has all the words.
expect_refusal() {
	local word

	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ] || {
		echo "${#lines[@]} lines: $output"
		return 1
	}
	for word; do
		[[ $output == *"$word"* ]] || {
			echo "no '$word' in: $output"
			return 1
		}
	done
}

# As one of the words in which lspci decodes: of each function "BDF TYPE", and, if it has
# ACS, "CAP CTRL" by flags. On Intel's chipsets whose ACS is laid out as dwords (their
# erratum), lspci takes half of the capability for the control: that is read apart.
lspci_decodes() {
	lspci -F "$1" -D -nn -vvv 2>/dev/null | awk -v dump="$1" '
		function flags(text,   i, n, word, out) {
			n = split(text, word, " ")
			for (i = 2; i <= n; i++) if (word[i] ~ /[+]$/) out = out substr(word[i], 1, length(word[i]) - 1) ","
			return out "."
		}
		function show() { if (bdf) print bdf, type, cap, ctrl }
		/^[0-9a-f]+:[0-9a-f]+:/ {
			show()
			bdf = $1; type = "Conventional"; cap = ctrl = "-"
			dword = /\[8086:(a11[0-9a-f]|a16[7-9a]|a29[0-9a-f]|a2e[7-9a-e]|9d1[0-9ab])\]/
		}
		/^\tCapabilities: .* Express \(v[0-9]+\)/ {
			type = $0
			sub(/.*Express \(v[0-9]+\) /, "", type); sub(/( \(Slot.\))?(, .*)?$/, "", type)
			gsub(/ /, "_", type)
		}
		/^\t\tACSCap:/ { cap = flags($0) }
		/^\t\tACSCtl:/ {
			ctrl = flags($0)
			if (dword && type == "Root_Port") {
				command = "setpci -A dump -O dump.name=" dump " -s " bdf " ECAP_ACS+8.w"
				command | getline value; close(command)
				ctrl = "word:" value
			}
		}
		END { show() }'
}

# The same of the tool.
tool_decodes() {
	jq -r --arg dump "$1" '
		def names: ["SrcValid", "TransBlk", "ReqRedir", "CmpltRedir", "UpstreamFwd", "EgressCtrl", "DirectTrans"];
		def hex: explode | reduce .[] as $c (0; . * 16 + (if $c > 57 then $c - 87 else $c - 48 end));
		def flags: hex as $v | [range(7) | select($v / pow(2; .) | floor % 2 == 1) | names[.] + ","] | join("") + ".";
		def dword: .id | test("^8086:(a11[0-9a-f]|a16[7-9a]|a29[0-9a-f]|a2e[7-9a-e]|9d1[0-9ab])$");
		{"endpoint": "Endpoint", "legacy-endpoint": "Legacy_Endpoint", "root-port": "Root_Port",
		 "upstream-port": "Upstream_Port", "downstream-port": "Downstream_Port",
		 "pcie-to-pci-bridge": "PCI-Express_to_PCI/PCI-X_Bridge",
		 "pci-to-pcie-bridge": "PCI/PCI-X_to_PCI-Express_Bridge",
		 "integrated-endpoint": "Root_Complex_Integrated_Endpoint",
		 "event-collector": "Root_Complex_Event_Collector",
		 "conventional": "Conventional", "conventional-bridge": "Conventional"} as $types |
		.devices[] | select(.dump == $dump) |
		[.bdf, $types[.type] // .type] +
		(if (.acs | type) != "object" then ["-", "-"]
		 elif dword and .type == "root-port" then [(.acs.cap | flags), "word:" + .acs.ctrl]
		 else [(.acs.cap | flags), (.acs.ctrl | flags)] end) | join(" ")' json
}

# expect_decoded DUMP...
expect_decoded() {
	local dump

	"$judge" --each --json "$@" >json 2>notes
	for dump; do
		lspci_decodes "$dump" | sort >wanted
		[ -s wanted ]
		tool_decodes "$dump" | sort | diff wanted - || {
			echo "of $dump lspci says '<', the tool '>'"
			return 1
		}
		cat wanted >>decoded
	done
}

# --- real machines ----------------------------------------------------------------------

@test "types, ACS capabilities and controls of real machines are decoded as lspci does" {
	expect_decoded "$real"/*
	# Those of Debian 12 have so many, of so many kinds.
	[ "$(wc -l <decoded)" -ge 140 ]
	[ "$(cut -d ' ' -f 3 decoded | grep -vc '^-$')" -ge 11 ]
	[ "$(cut -d ' ' -f 2 decoded | sort -u | wc -l)" -ge 9 ]
}

@test "trees of real machines get the verdicts that follow from the rules" {
	local name wanted

	for wanted in "$here"/verdicts/*; do
		name=${wanted##*/}
		"$judge" "$real/$name" >lines
		grep -vE '^(#|$)' "$wanted" | sed 's/ isolated$/ isolated - - -/' | sort >wanted
		[ -s wanted ]
		tail -n +2 lines | awk -F '\t' '{ print $1, $5, $6, $7, $8 }' | sort_peers | sort | diff wanted - || {
			echo "$name: '<' follows from the rules, '>' is what the tool says"
			return 1
		}
		awk -F '\t' 'NR > 1 && $4 != ($5 == "isolated")' lines | diff /dev/null -
	done
}

# expect_derived DUMP: the tool comes to what derive, which shares nothing with it, comes to.
expect_derived() {
	"$here/derive" "$1" | sort >wanted
	[ -s wanted ]
	"$judge" "$1" | tail -n +2 | awk -F '\t' '{ print $1, $5, $6, $7, $8 }' | sort_peers | sort | diff wanted - || {
		echo "of $1 lspci's words and the rules give '<', the tool gives '>'"
		return 1
	}
}

@test "a second reading of the rules, from lspci's words, comes to the same verdicts" {
	local wanted

	for wanted in "$here"/verdicts/*; do
		expect_derived "$real/${wanted##*/}"
	done
	switch_machine >dump
	expect_derived dump
	# A switch that keeps its cards apart; EC, DT without TB and with it; UF of the root port.
	for acs in 1f/1d 3f/3d 5f/5d 5f/5f 1f/0d 1d/1d 1b/19; do
		{
			device 00:03.0 type=4 buses=02-05 acs=1f/1d
			device 02:00.0 type=5 buses=03-05
			device 03:00.0 type=6 buses=04-04 acs=1f/1d
			device 03:01.0 type=6 buses=05-05 acs=$acs
			device 04:00.0 type=0 multi=1 acs=0/0
			device 04:00.1 type=0 multi=1 acs=c/c
			device 05:00.0 type=0
		} >dump
		expect_derived dump
		sed 's/^100: 0d 00 01 00 1f 00 1d 00/100: 0d 00 01 00 0f 00 0d 00/' dump >second
		expect_derived second
		sed '/^00:03.0/,/^02/s/^100: 0d 00 01 00 1f 00 1d 00/100: 0d 00 01 00 1f 00 0d 00/' dump >second
		expect_derived second
	done
	# Ports without a slot and with nothing below, and the same with a slot.
	for slot in '' slot=1; do
		unused_ports "$slot" >dump
		expect_derived dump
	done
}

# unused_ports [slot=1]: a root port and a downstream port without ACS, nothing below, beside
# good ones with cards (T38, and the same in a switch).
unused_ports() {
	device 00:1c.0 type=4 buses=01-01 multi=1 ${1:+"$1"}
	device 00:1c.1 type=4 buses=02-02 acs=1f/1d multi=1
	device 00:03.0 type=4 buses=03-06 acs=1f/1d
	device 02:00.0 type=0
	device 03:00.0 type=5 buses=04-06
	device 04:00.0 type=6 buses=05-05 acs=1f/1d
	device 04:01.0 type=6 buses=06-06 ${1:+"$1"}
	device 05:00.0 type=0
}

@test "a port without a slot and with nothing below is passed over" {
	unused_ports >dump
	"$judge" dump >lines
	expect_verdict 0000:02:00.0 'isolated - - -'
	expect_verdict 0000:05:00.0 'isolated - - -'
	# What is plugged in there tomorrow is not known today.
	unused_ports slot=1 >dump
	"$judge" dump >lines
	expect_verdict 0000:02:00.0 'multifunction 0000:00:1c.0 RR,CR -'
	expect_verdict 0000:05:00.0 'sibling-port 0000:04:01.0 SV,RR,CR,UF -'
	# Something is below.
	{
		unused_ports
		device 01:00.0 type=0
		device 06:00.0 type=0
	} >dump
	"$judge" dump >lines
	expect_verdict 0000:02:00.0 'multifunction 0000:00:1c.0 RR,CR 0000:01:00.0'
	expect_verdict 0000:05:00.0 'sibling-port 0000:04:01.0 SV,RR,CR,UF 0000:06:00.0'
}

@test "a port that implements only a part of ACS is distinguished from one where ACS is off" {
	ports() { # ACS: of both downstream ports
		device 00:03.0 type=4 buses=02-05 acs=1f/1d
		device 02:00.0 type=5 buses=03-05
		device 03:00.0 type=6 buses=04-04 acs="$1"
		device 03:01.0 type=6 buses=05-05 acs="$1"
		device 04:00.0 type=0
		device 05:00.0 type=0
	}
	# Thunderbolt 3 (T43); RR on a downstream port, UF on one (T26); off (T31).
	while read -r acs wanted; do
		ports "$acs" >dump
		"$judge" dump >lines
		expect_verdict 0000:04:00.0 "$wanted"
		expect_derived dump
	done <<'END'
13/11 acs-incomplete 0000:03:00.0 RR,CR 0000:05:00.0
1b/19 acs-incomplete 0000:03:00.0 RR 0000:05:00.0
0f/0d acs-incomplete 0000:03:00.0 UF -
1f/1c acs-disabled 0000:03:00.0 SV -
1f/00 acs-disabled 0000:03:00.0 SV,RR,CR,UF 0000:05:00.0
END
}

@test "IOMMU groups of a dump: functions that share one are not isolated; without groups none is checked" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 00:03.0 type=4 buses=02-02 acs=1f/1d
		device 01:00.0 type=0
		device 02:00.0 type=0
	} >dump
	"$judge" dump >lines
	expect_verdict 0000:01:00.0 'isolated - - -'
	printf '%s\n' '00:02.0 1' '00:03.0 1' '01:00.0 1' '02:00.0 2' >groups
	"$judge" --groups groups dump >lines
	expect_verdict 0000:01:00.0 'isolated - - -'
	printf '%s\n' '00:02.0 1' '00:03.0 1' '01:00.0 1' '02:00.0 1' >groups
	"$judge" --groups groups dump >lines
	expect_verdict 0000:01:00.0 'iommu-group 0000:02:00.0 - 0000:02:00.0'
	"$judge" --set unit=group --groups groups dump >lines
	[ "$(awk -F '\t' '$1 == "0000:01:00.0" { print $9 }' lines)" = group ]
	"$judge" --json --groups groups dump | jq -e '.devices[2] | .group_isolated and (.isolated | not)'
	"$judge" --json dump | jq -e '.devices[2].group_isolated == null'
	"$judge" --groups groups --explain 01:00.0 dump >text
	grep -q 'unit=group would allow it' text
}

@test "dumps of which little is known have a note, and nothing in them is isolated" {
	# One port of 256 bytes; a downstream port, an endpoint, a card whose bridge is missing.
	for name in cap-MSI-mapping cap-dpc cap-l1-pm cap-rebar cap-multicast; do
		"$judge" "$real/$name" >lines 2>notes
		[ "$(wc -l <lines)" -eq 2 ]
		[ "$(cut -f 4,5 lines | tail -n 1)" = $'0\tunreadable' ]
		grep -q 'note: no' notes
	done
}

# --- forms of input ------------------------------------------------------------------------

# raw FOLDER: the switch machine as files of sysfs.
raw() {
	switch_machine | awk -v dir="$1" '
		/^[0-9a-f]+:[0-9a-f]+\./ { file = dir "/0000:" $1 "/config"; system("mkdir -p " dir "/0000:" $1) }
		/^[0-9a-f]+: / { for (i = 2; i <= 17; i++) printf "\\x%s", $i >(file ".hex") }'
	for file in "$1"/*/config.hex; do
		printf '%b' "$(cat "$file")" >"${file%.hex}"
		rm "$file"
	done
}

@test "a dump may come as text, through a pipe, or as raw files" {
	switch_machine >dump
	"$judge" dump >wanted
	[ "$(wc -l <wanted)" -eq 8 ]
	[ "$(head -n 1 wanted)" = $'bdf\tid\ttype\tisolated\treason\tblocker\tmissing\tpeers' ]
	"$judge" - <dump | diff wanted -
	raw folder
	"$judge" folder | diff wanted -
	"$judge" folder/*/config | diff wanted -
	"$judge" folder/* | diff wanted -
	(cd folder/0000:05:00.0 && "$judge" config ../0000:0[0-4]*/config) | diff wanted -
	# Some of it in each form.
	sed '/^04:00/,$d' dump | "$judge" - folder/0000:0[45]* | diff wanted -
}

@test "a dump may have domains or not, words or not, carriage returns, -vvv between" {
	switch_machine >dump
	"$judge" dump >wanted
	sed 's/^\(..:..\..\).*/0000:\1 Words [about]: it/' dump | "$judge" - | diff wanted -
	sed 's/^\(..:..\..\).*/\1/' dump | "$judge" - | diff wanted -
	sed 's/$/\r/; s/^[0-9a-f]*:/\U&/' dump | "$judge" - | diff wanted -
	sed 's/^\(..:..\..\).*/&\n\tControl: I\/O- Mem+\n\tCapabilities: [40] Express/' dump | "$judge" - | diff wanted -
	sed '/^$/d' dump | "$judge" - | diff wanted -
	# In another domain, and in two at once.
	sed 's/^\(..:..\..\)/a5:\1/' dump >second
	sed 's/0000:/00a5:/g' wanted | sed 1d >wanted.second
	"$judge" second | sed 1d | diff wanted.second -
	"$judge" second dump | diff <(cat wanted wanted.second) -
	# The order does not matter.
	tac dump | awk 'BEGIN { RS = "" } { n = split($0, line, "\n"); for (i = n; i; i--) print line[i]; print "" }' |
		"$judge" - | diff wanted -
}

@test "64, 256 and 4096 bytes: what was not read is not isolated" {
	cut_to() { # BDF LENGTH
		awk -v bdf="$1" -v length_wanted="$2" '
			/^..:..\../ { of = $1; n = 0 }
			/^[0-9a-f]+: / { if (of == bdf && n++ >= length_wanted / 16) next }
			{ print }'
	}
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 00:03.0 type=4 buses=02-02 acs=1f/1d
		device 01:00.0 type=0
		device 02:00.0 type=0 multi=1 acs=0/0
		device 02:00.1 type=0 multi=1 acs=0/0
	} >dump
	"$judge" dump >lines
	[ "$(cut -f 4 lines | sort | uniq -c | xargs)" = '5 1 1 isolated' ]

	# A port: itself, and what is below it. What the others have is another matter.
	cut_to 00:02.0 256 <dump | "$judge" - >lines
	expect_verdict 0000:00:02.0 'unreadable 0000:00:02.0 - -'
	expect_verdict 0000:01:00.0 'unreadable 0000:00:02.0 - -'
	expect_verdict 0000:00:03.0 'isolated - - -'
	expect_verdict 0000:02:00.0 'isolated - - -'
	# A card, though it is alone and its neighbours have all that can be read.
	cut_to 01:00.0 256 <dump | "$judge" - >lines 2>notes
	expect_verdict 0000:01:00.0 'unreadable 0000:01:00.0 - -'
	[ "$(cut -f 4 lines | sort | uniq -c | xargs)" = '1 0 4 1 1 isolated' ]
	[ "$(cat notes)" = 'acs-guard: standard input:517: note: no extended capabilities of 0000:01:00.0 (lspci -xxxx as root?)' ]
	# The same in 4096 bytes: where no function has answered, nothing is known.
	awk '/^01:00.0/ { card = 1 } /^02/ { card = 0 }
		card && /^[1-9a-f][0-9a-f][0-9a-f]:/ { gsub(/ 00/, " ff") } { print }' dump | "$judge" - >lines
	expect_verdict 0000:01:00.0 'unreadable 0000:01:00.0 - -'
	# One of two functions: both.
	cut_to 02:00.1 256 <dump | "$judge" - >lines
	expect_verdict 0000:02:00.0 'unreadable 0000:02:00.1 - 0000:02:00.1'
	expect_verdict 0000:02:00.1 'unreadable 0000:02:00.1 - 0000:02:00.0'
	expect_verdict 0000:01:00.0 'isolated - - -'
	# 64 bytes do not even say what it is.
	cut_to 01:00.0 64 <dump | "$judge" - >lines
	expect_verdict 0000:01:00.0 'unreadable 0000:01:00.0 - -'
	[ "$(awk -F '\t' '$1 == "0000:01:00.0" { print $3 }' lines)" = - ]
	# All of it, made without rights, or with -xxx.
	for length in 64 256; do
		for bdf in 00:02.0 00:03.0 01:00.0 02:00.0 02:00.1; do
			echo "$bdf"
		done | while read -r bdf; do
			cut_to "$bdf" "$length" <dump | awk -v bdf="$bdf" 'BEGIN { RS = "" } index($0, bdf) == 1 { print $0 "\n" }'
		done >short
		"$judge" short >lines 2>notes
		[ "$(cut -f 4,5 lines | sort | uniq -c | xargs)" = '5 0 unreadable 1 isolated reason' ]
		[ "$(cat notes)" = "acs-guard: short:1: note: no extended capabilities of 0000:00:02.0 and 4 more (lspci -xxxx as root?)" ]
	done
	# Conventional functions have no more.
	{
		device 00:01.0 len=64
		device 00:04.0 len=256
	} | "$judge" - >lines
	[ "$(cut -f 3,4 lines | tail -n 2 | sort -u)" = $'conventional\t1' ]
}

# --- hierarchies ---------------------------------------------------------------------------

@test "raw files that an ordinary user copied: zeroes are no capabilities" {
	local file

	raw folder
	"$judge" folder >whole
	for file in folder/*/config; do
		truncate -s 64 "$file"
		truncate -s 4096 "$file"
	done
	"$judge" folder >padded
	[ "$(cut -f 1 whole)" = "$(cut -f 1 padded)" ]
	# Those whose PCIe capability cannot be found any more.
	[ -n "$(awk -F '\t' '$3 !~ /conventional|type/' whole)" ]
	[ -z "$(awk -F '\t' 'NR == FNR { type[$1] = $3; next }
		type[$1] !~ /conventional|type/ && $4 != 0' whole padded)" ]
}

@test "a second root bus: by what is on it; without that, its bridge is missing" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0
		device 80:02.0 type=4 buses=81-81 acs=1f/1d
		device 81:00.0 type=0
	} >dump
	"$judge" dump >lines 2>notes
	expect_verdict 0000:81:00.0 'isolated - - -'
	[ ! -s notes ]
	# Its root port is not in the dump. It is a card, and cards have a port above.
	awk 'BEGIN { RS = "" } !/^80:/ { print $0 "\n" }' dump >less
	"$judge" less >lines 2>notes
	expect_verdict 0000:81:00.0 'unreadable 0000:81:00.0 - ?'
	expect_verdict 0000:01:00.0 'isolated - - -'
	[ "$(cat notes)" = "acs-guard: less:517: note: no bridge leads to bus 0000:81" ]
	# The same, of a switch: what is below is no better known.
	switch_machine | awk 'BEGIN { RS = "" } !/^00:03/ { print $0 "\n" }' | "$judge" - >lines 2>notes
	for bdf in 02:00.0 03:00.0 04:00.0; do
		[ "$(awk -F '\t' -v bdf="0000:$bdf" '$1 == bdf { print $4 }' lines)" = 0 ]
	done
	expect_verdict 0000:02:00.0 'unreadable 0000:02:00.0 - ?'
}

@test "functions that a scan would not find are there all the same" {
	{
		# No function 0; a device number below a port; a bridge whose primary bus is wrong.
		device 00:05.3 type=9
		device 00:02.0 type=4 buses=01-01 acs=1f/1d | sed 's/^10: .*/10: 00 00 00 00 00 00 00 00 07 01 01 00 00 00 00 00/'
		device 01:03.0 type=0
	} >dump
	"$judge" dump >lines
	[ "$(wc -l <lines)" -eq 4 ]
	expect_verdict 0000:01:03.0 'isolated - - -'
	expect_verdict 0000:00:05.3 'isolated - - -'
}

@test "virtual functions: by their PF's capability, on its bus or the next" {
	vf() { # BDF LENGTH
		device "$1" id=ffff:ffff type=0 "${@:2}"
	}
	{
		device 00:02.0 type=4 buses=01-02 acs=1f/1d
		device 00:03.0 type=4 buses=03-03
		device 01:00.0 type=0 vfs=2,ff,1
		vf 01:1f.7
		vf 02:00.0
		device 03:00.0 type=0 vfs=1,10,1
		vf 03:02.0
	} >dump
	"$judge" dump >lines 2>notes
	[ ! -s notes ]
	for bdf in 01:00.0 01:1f.7 02:00.0; do
		expect_verdict "0000:$bdf" 'isolated - - -'
	done
	[ "$(awk -F '\t' '$1 == "0000:02:00.0" { print $2, $3 }' lines)" = '8086:1234 endpoint' ]
	expect_verdict 0000:03:02.0 'no-acs 0000:00:03.0 SV,RR,CR,UF 0000:03:00.0'

	# A PF that redirects, and does not (T12).
	sed '/^01:00.0/,/^$/d' dump >without
	{
		cat without
		device 01:00.0 type=0 acs=c/0 vfs=2,ff,1
	} | "$judge" - >lines
	expect_verdict 0000:02:00.0 'multifunction 0000:01:00.0 RR,CR 0000:01:00.0,0000:01:1f.7'
	# The dump does not show their PF: its capabilities were not read, or it is not in the dump.
	for pf in "$(device 01:00.0 type=0 len=256)" ''; do
		{
			cat without
			printf '%s\n' "$pf"
		} | "$judge" - >lines 2>notes
		expect_verdict 0000:02:00.0 'unreadable 0000:02:00.0 - ?'
		[[ $(verdict_of 0000:01:1f.7) == unreadable* ]]
	done
	# In a root complex nothing obliges a device without ACS (T40); Intel's are obliged.
	{
		device 00:05.0 id=1b36:0010 type=9 vfs=2,8,8
		device 00:06.0 id=1b36:0010 type=9
		device 00:07.0 id=1b36:0010 type=9
	} >integrated
	"$judge" integrated >lines
	expect_verdict 0000:00:05.0 'multifunction 0000:00:05.0 RR,CR 0000:00:06.0,0000:00:07.0'
	expect_verdict 0000:00:07.0 'multifunction 0000:00:07.0 RR,CR 0000:00:05.0,0000:00:06.0'
	{
		device 00:05.0 id=8086:0010 type=9 vfs=2,8,8
		device 00:06.0 id=8086:0010 type=9
		device 00:07.0 id=8086:0010 type=9
	} | "$judge" - >lines
	expect_verdict 0000:00:07.0 'isolated - - -'
	# Some that are emulated have IDs; on a root bus, slots say nothing of whose they are.
	{
		device 00:05.0 id=1b36:0010 type=9 acs=c/0 vfs=2,8,8
		device 00:06.0 id=1b36:0010 type=9
		device 00:07.0 id=1b36:0010 type=9
		device 00:08.0 id=1b36:0010 type=9 bar=fe000000
	} >integrated
	"$judge" integrated >lines
	expect_verdict 0000:00:07.0 'multifunction 0000:00:05.0 RR,CR 0000:00:05.0,0000:00:06.0'
	sed '/^00:05.0/,/^00:06/{/^[1-9a-f][0-9a-f][0-9a-f]:/d}' integrated | "$judge" - >lines
	expect_verdict 0000:00:05.0 'unreadable 0000:00:05.0 - -'
	expect_verdict 0000:00:07.0 'unreadable 0000:00:07.0 - -'
	# A virtual function has no BARs.
	expect_verdict 0000:00:08.0 'isolated - - -'
	# Some are missing.
	sed '/^02:00.0/,/^$/d' dump | "$judge" - >lines 2>notes
	[[ $(verdict_of 0000:01:00.0) == unreadable* ]]
	[[ $(verdict_of 0000:01:1f.7) == unreadable* ]]
	grep -q 'note: 1 virtual functions of 0000:01:00.0 are not in the dump' notes
}

@test "a domain behind a VMD endpoint: one requester for all; the dump has to contain the endpoint" {
	{
		device 00:0e.0 id=8086:9a0b class=010400
		device 10000:e0:06.0 type=4 buses=e1-e1 acs=1f/1d
		device 10000:e1:00.0 type=0
	} >dump
	"$judge" dump >lines 2>notes
	[ ! -s notes ]
	expect_verdict 10000:e1:00.0 'alias 0000:00:0e.0 - 0000:00:0e.0'
	expect_verdict 0000:00:0e.0 'alias 10000:e0:06.0 - 10000:e1:00.0'
	# Two endpoints for one domain; none.
	{
		cat dump
		device 00:0f.0 id=8086:9a0b class=010400
	} | "$judge" - >lines
	for bdf in 0000:00:0e.0 0000:00:0f.0 10000:e1:00.0; do
		[[ $(verdict_of "$bdf") == unreadable* ]]
	done
	sed '/^00:0e/,/^$/d' dump | "$judge" - >lines
	[[ $(verdict_of 10000:e1:00.0) == unreadable* ]]
}

@test "a list of extended capabilities that leads in a circle, or to nothing, is not followed" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d ats=1
		device 01:00.0 type=0
	} >dump
	"$judge" dump >lines
	expect_verdict 0000:01:00.0 'isolated - - -'
	# In place of the second, one of the vendor's own, which the PCI core of 6.1 looks for
	# among all that there are; behind it comes the first again.
	sed '/^100: /s/0f 00 01 00/0b 00 01 10/' dump >circle
	[ "$(diff dump circle | wc -l)" -eq 4 ]
	"$judge" circle >lines
	expect_verdict 0000:01:00.0 'unreadable 0000:00:02.0 - -'
	sed '/^100: /s/0f 00 01 00/ff ff ff ff/' dump | "$judge" - >lines
	expect_verdict 0000:01:00.0 'unreadable 0000:00:02.0 - -'
}

# Below a bridge from conventional PCI, the kernel reads 256 bytes.
@test "a broken list of extended capabilities counts only where the kernel reads it" {
	{
		device 00:02.0 type=8 buses=01-01
		device 01:00.0 type=0 acs=1f/1d ats=1
	} | sed '/^100: /s/0f 00 01 00/0b 00 01 10/' >circle
	grep -q '^100: .*0b 00 01 10' circle
	"$judge" circle >lines
	expect_verdict 0000:01:00.0 'isolated - - -'
	device 01:00.1 type=0 acs=1f/1d | cat circle - | "$judge" - >lines
	[[ $(verdict_of 0000:01:00.0) != isolated* ]]
	[[ $(verdict_of 0000:01:00.1) != isolated* ]]
}

@test "strict=1 asks for more" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0 ats=1
	} >dump
	"$judge" --set strict=0 dump >lines
	expect_verdict 0000:01:00.0 'isolated - - -'
	"$judge" --set strict=1 dump >lines
	expect_verdict 0000:01:00.0 'translation 0000:00:02.0 - -'
}

@test "strict=1: memory of a switch's ports, which a register of zero does not deny" {
	# with_words [BDF]: with the text of lspci -v, which shows memory without an address there.
	with_words() {
		awk -v bdf="${1-}" '
			/^..:..\.. / {
				print; print "\tFlags: bus master, fast devsel"
				if ($1 == bdf) print "\tMemory at <unassigned> (32-bit, non-prefetchable) [size=4K]"
				if (/^04/) print "\tRegion 0: Memory at fe000000 (32-bit, non-prefetchable) [size=128K]"
				next
			}
			{ print }' dump
	}
	local bdf

	{
		device 00:03.0 type=4 buses=02-05 acs=1f/1d
		device 02:00.0 type=5 buses=03-05
		device 03:00.0 type=6 buses=04-04 acs=1f/1d
		device 03:01.0 type=6 buses=05-05 acs=1f/1d
		device 04:00.0 type=0 bar=fe000000
	} >dump
	"$judge" dump >lines 2>notes
	expect_verdict 0000:04:00.0 'isolated - - -'
	[ ! -s notes ]
	# No line states that there is none.
	"$judge" --set strict=1 dump >lines 2>notes
	[[ $(verdict_of 0000:04:00.0) == 'port-memory 0000:03:00.0 '* ]]
	[ "$(cat notes)" = 'acs-guard: dump:259: note: it is not known whether 0000:02:00.0 and 2 more has memory (lspci -vv -xxxx shows it)' ]
	# The kernel there has.
	with_words | "$judge" --set strict=1 - >lines 2>notes
	expect_verdict 0000:04:00.0 'isolated - - -'
	[ ! -s notes ]
	# It has some: of the port above the switch, or beside the one above the card.
	for bdf in 02:00.0 03:01.0; do
		with_words $bdf | "$judge" --set strict=1 - >lines 2>notes
		[[ $(verdict_of 0000:04:00.0) == 'port-memory 0000:03:00.0 '* ]]
	done
	# A port with the header of a CardBus bridge has a BAR, too.
	cardbus() {
		sed '/^02:00.0/,/^10:/{ s/^\(00: .*\) 04 06 00 00 01 00$/\1 07 06 00 00 02 00/
			s/^\(10: 00 00 00 00\) 00/\1 40/ }'
	}
	with_words 02:00.0 | cardbus | "$judge" --set strict=1 - >lines
	[[ $(verdict_of 0000:04:00.0) == 'port-memory 0000:03:00.0 '* ]]
	cardbus <dump | "$judge" --set strict=1 - >lines 2>notes
	[[ $(cat notes) == *'it is not known whether 0000:02:00.0 and 2 more has memory'* ]]
	# The memory of the port above the card itself does not matter.
	with_words 03:00.0 | "$judge" --set strict=1 - >lines
	expect_verdict 0000:04:00.0 'isolated - - -'
	# Words of a dump that was read again know nothing of sizes.
	with_words | sed 's/ \[size=.*//' | "$judge" --set strict=1 - >lines 2>notes
	[[ $(verdict_of 0000:04:00.0) == port-memory* ]]
	# What the registers show needs no words; nor is it asked where it is blocked.
	with_words | sed '/^02:00.0/,/^10:/s/^10: 00 00 00 00/10: 00 00 00 fd/' | "$judge" --set strict=1 - >lines
	[[ $(verdict_of 0000:04:00.0) == port-memory* ]]
	sed '/^03:00.0/,/^04/s/^100: 0d 00 01 00 1f 00 1d 00/100: 0d 00 01 00 9f 00 1d 05/' dump |
		"$judge" --set strict=1 - >lines
	expect_verdict 0000:04:00.0 'isolated - - -'
}

@test "a host bridge that does nothing beside a root port: by all that is known of it" {
	zen() { # COMMAND [WORDS]
		device 00:01.0 class=060000 multi=1 command="$1" | sed "1s/\$/${2-}/"
		device 00:01.1 type=4 buses=01-01 acs=1f/1d multi=1
		device 01:00.0 type=0 bar=fe000000 |
			sed '1s/$/\n\tFlags: fast devsel\n\tMemory at fe000000 (32-bit, non-prefetchable) [size=4K]/'
	}
	# T24: no BAR that shows, no memory that it answers to, no Bus Master.
	zen 0 | "$judge" - >lines
	expect_verdict 0000:01:00.0 'isolated - - -'
	zen 4 | "$judge" - >lines
	expect_verdict 0000:01:00.0 'multifunction 0000:00:01.0 RR,CR 0000:00:01.0'
	# It answers to some memory, and its registers do not show to which.
	zen 2 | "$judge" - >lines
	expect_verdict 0000:01:00.0 'multifunction 0000:00:01.0 RR,CR 0000:00:01.0'
	zen 2 '\n\tFlags: fast devsel' | "$judge" - >lines
	expect_verdict 0000:01:00.0 'isolated - - -'
	# It has some, and was given no address for it.
	zen 0 '\n\tFlags: fast devsel\n\tMemory at <unassigned> (32-bit, non-prefetchable) [disabled] [size=4K]' |
		"$judge" - >lines
	expect_verdict 0000:01:00.0 'multifunction 0000:00:01.0 RR,CR 0000:00:01.0'
}

# --- other output ------------------------------------------------------------------------------

@test "what did not answer has no ID and no class" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 id=ffff:ffff type=0
		device 01:00.1 id=fffe:fffe type=0
	} | sed '/^01:00.0/,/^$/s/ [0-9a-f][0-9a-f]/ ff/g' >dump
	"$judge" dump >lines
	[ "$(cut -f 1-5 lines | sed -n 3,4p)" = $'0000:01:00.0\t-\t-\t0\tunreadable\n0000:01:00.1\tfffe:fffe\tendpoint\t0\tunreadable' ]
	"$judge" --json dump | jq -e '.devices[1] | .id == null and .class == null and .type == null and .reason == "unreadable"'
	"$judge" --graph dump >dot
	grep -q '0000:01:00.0' dot
	! grep -q 'fffe:fffe.*0000:01:00.0' dot || false
	"$judge" --explain 01:00.0 dump >text
	grep -q '^REFUSED' text
	! grep '^01:00.0' text | grep -q fffe || false
}

@test "--json says the same, and where ACS is" {
	switch_machine >dump
	"$judge" dump >lines
	"$judge" --json dump >json
	jq -r '"bdf id type isolated reason blocker missing peers",
		(.devices[] | [.bdf, .id, .type, (if .isolated then "1" else "0" end), .reason, .blocker // "-",
		(.missing | join(",") | if . == "" then "-" else . end),
		(.peers | join(",") | if . == "" then "-" else . end)] | join(" "))' json |
		diff <(tr '\t' ' ' <lines) -
	jq -e '.unit == "function" and .strict == false and .devices[1].acs == {"cap": "001f", "ctrl": "001d"} and
		.devices[5].parent == "0000:03:00.0" and .devices[5].acs == null and
		.devices[5].explanation == "this port has no ACS, so it may pass DMA on to a neighbour (lacks SV,RR,CR,UF)"' json
}

@test "--graph and --explain: what acs-guard would show there" {
	switch_machine >dump
	"$judge" --graph dump >dot
	[ "$(head -n 1 dot)" = 'graph acs_guard {' ]
	[ "$(tail -n 1 dot)" = '}' ]
	grep -q '"0000:03:00.0" -- "0000:04:00.0" \[color="#e00000"' dot
	grep -q '"iommu" -- "0000:00:03.0"$' dot
	"$judge" --explain 4:0.0 dump >text 2>errors
	[ ! -s errors ]
	grep -q '^REFUSED: it is not isolated' text
	grep -q '^    03:00.0 ' text
	grep -q '^    05:00.0 ' text
	# Nothing has happened to a dump, and no driver is known there.
	! grep -E 'was refused|Give it back|drivers_probe' text || false
	"$judge" --explain 00:03.0 dump >text
	run "$judge" --explain 07:00.0 dump
	expect_refusal '07:00.0: there is no such function in the dump; with the same dump, acs-guard list shows those that are'
	run "$judge" --explain nonsense dump
	[ "$status" -eq 2 ]
}

# command_of_tree [OPTION VALUE]...: the command that the tree ends with
command_of_tree() {
	run -1 --separate-stderr "$tool" "$@"
	sed -n 's/.*Why, and what to do: acs-guard //p' <<<"$output"
}

@test "the tree ends with a command about the same dump, and a card that people hand out" {
	local words

	{
		switch_machine
		device 00:14.0 class=0c0330 multi=1
		device 00:14.1 class=0c0330 multi=1
	} >dump
	cp dump "it's mine"
	printf '%s\n' '04:00.0 1' '05:00.0 2' >groups
	[ "$(command_of_tree --dump dump)" = '--dump dump explain 04:00.0' ]
	[ "$(command_of_tree --dump - <dump)" = '--dump - explain 04:00.0 <FILE' ]
	words=$(command_of_tree --set strict=1 --set unit=group --groups groups "--dump=it's mine")
	[ "$words" = "--set unit=group --set strict=1 --groups groups --dump 'it'\\''s mine' explain 04:00.0" ]
	eval "run -1 --separate-stderr \"\$tool\" $words"
	[[ $output == '04:00.0 '*REFUSED* ]]
}

@test "--each: several machines, and one that is none" {
	switch_machine >one
	device 00:01.0 >two
	echo nonsense >three
	run --separate-stderr "$judge" --each one three two
	[ "$status" -eq 2 ]
	[ "$stderr" = "acs-guard: three:1: this is no line of lspci -xxxx or -vvv" ]
	[ "${lines[0]}" = $'dump\tbdf\tid\ttype\tisolated\treason\tblocker\tmissing\tpeers' ]
	[ "$(printf '%s\n' "${lines[@]:1}" | cut -f 1 | uniq -c | xargs)" = '7 one 1 two' ]
}

@test "notes wait until it is known that the dump makes sense" {
	{
		device 00:02.0 type=4 buses=01-01 len=256
		device 01:00.0 type=0 vfs=2,10,1
		device 05:00.0 type=0
	} >noted
	"$judge" noted 2>&1 >lines | sed 's/^.* note: //' >notes
	[ "$(sort notes)" = "2 virtual functions of 0000:01:00.0 are not in the dump
no bridge leads to bus 0000:05
no extended capabilities of 0000:00:02.0 (lspci -xxxx as root?)" ] || {
		cat notes
		false
	}
	{
		cat noted
		device 0001:00:01.0 type=4 buses=01-01
		device 0001:00:02.0 type=4 buses=01-01
		device 0001:01:00.0 type=0
	} >bad
	run "$judge" bad
	expect_refusal '0001:00:02.0 leads to bus 01, as 0001:00:01.0 does'
	run "$judge" --explain 07:00.0 noted
	expect_refusal '07:00.0: there is no such function'
	# With --each, each line names its dump.
	run --separate-stderr "$judge" --each noted bad
	[ "$status" -eq 2 ]
	[ "$(grep -c '^acs-guard: noted:.* note: ' <<<"$stderr")" -eq 3 ]
	[ "$(grep -v '^acs-guard: noted:' <<<"$stderr" | grep -c '^acs-guard: bad:')" -eq 1 ]
}

@test "a name that begins with a dash" {
	switch_machine >-dump
	"$judge" -- -dump >lines
	[ "$(wc -l <lines)" -eq 8 ]
	"$judge" --json -- -dump - </dev/null | jq -e '.devices | length == 7'
	run "$judge" -- -dump --json
	expect_refusal 'acs-guard: --json:'
	run "$judge" ''
	expect_refusal '--dump needs the name of a file'
	"$judge" ./-dump | diff lines -
	[ "$("$tool" survey --list -- -dump | wc -l)" -eq 8 ]
	run "$tool" survey -dump
	expect_refusal "has no option '-dump' (a file of that name: ./-dump)"
}

# --- bad input ---------------------------------------------------------------------------------

@test "bad options" {
	run "$judge" --explain nonsense dump
	expect_refusal 'is no address'
	run "$judge" $'a\nb'
	expect_refusal "control character"
	run "$judge" --groups $'a\nb' dump
	expect_refusal "control character"
	device 00:01.0 >dump
	for words in '--set unit=card dump' '--set mode=audit dump' '--set strict dump' '--what dump' '--set' \
		'--groups missing dump' '--groups dump'; do
		# shellcheck disable=SC2086 # several words
		run "$judge" $words
		expect_refusal acs-guard:
	done
	run "$judge" missing
	expect_refusal missing
	mkdir empty
	run "$judge" empty
	expect_refusal empty 0000:00:1f.0
	"$tool" --help | grep -q '^usage: acs-guard'
	for words in 'allow 00:01.0 --reason x' 'revoke 00:01.0' metrics watch --verify; do
		# shellcheck disable=SC2086 # several words
		run "$tool" --dump dump $words
		expect_refusal acs-guard:
	done
}

@test "what is no dump: exit 2 and one line, with its number" {
	switch_machine >dump
	bad() { # WORDS...: what is in bad
		run "$judge" bad
		expect_refusal 'acs-guard: bad:' "$@"
	}
	: >bad
	bad 'no PCI function'
	printf '\n\n' >bad
	bad 'no PCI function'
	sed '5s/^30: /50: /' dump >bad
	bad 'bad:5: bytes at 050'
	sed 5d dump >bad
	bad 'bad:5: bytes at 040'
	sed '5s/ 00$//' dump >bad
	bad 'bad:5: not 16 bytes at 030'
	sed '5s/ 00$/ 0/' dump >bad
	bad 'bad:5: not 16 bytes at 030'
	sed '5s/ 00$/ 0g/' dump >bad
	bad 'bad:5: not 16 bytes'
	sed '5s/$/ 00/' dump >bad
	bad 'bad:5: not only bytes'
	sed '5s/.*/what is this/' dump >bad
	bad 'bad:5: this is no line'
	sed '1s/.*/00:20.0 device 32/' dump >bad
	bad 'bad:1: this is no line'
	sed '1s/.*/00:00.8 function 8/' dump >bad
	bad 'bad:1: this is no line'
	sed 1d dump >bad
	bad 'bad:1: bytes without a function'\''s address before them'
	# Cut off, in a line, and after one.
	head -c 5000 dump >bad
	bad 'not 16 bytes'
	head -n 100 dump >bad
	bad 'bad:1: 0000:00:00.0 is cut off after'
	lspci -F dump >bad 2>/dev/null
	bad 'bad:1: 0000:00:00.0 has no bytes'
	{
		cat dump
		echo 'ff0: 00'
	} >bad
	bad 'bad:1807: 0000:05:00.0 has more than 4096 bytes'
	{
		device 00:01.0
		echo '1000: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	} | sed '/^$/d' >bad
	bad bad:258:
	# Twice.
	cat dump dump >bad
	bad 'bad:1807: 0000:00:00.0 for the second time'
	{
		device 0000:00:01.0
		device 00:01.0
	} >bad
	bad '0000:00:01.0 for the second time'
	# Raw files.
	mkdir -p raw/0000:00:01.0
	head -c 300 /dev/zero >raw/0000:00:01.0/config
	run "$judge" raw
	expect_refusal 'config: 0000:00:01.0 is cut off after 300 bytes'
	head -c 5000 /dev/zero >raw/0000:00:01.0/config
	run "$judge" raw
	expect_refusal 'more than 4096 bytes'
	rm raw/0000:00:01.0/config
	run "$judge" raw
	expect_refusal 'raw/0000:00:01.0/config'
}

@test "what never ends: pipes for files, and lines" {
	mkdir -p raw/0000:00:01.0
	mkfifo raw/0000:00:01.0/config
	for path in raw raw/0000:00:01.0 raw/0000:00:01.0/config; do
		run timeout 30 "$judge" $path
		expect_refusal 'raw/0000:00:01.0/config: this is no regular file'
	done
	rm raw/0000:00:01.0/config
	mkdir raw/0000:00:01.0/config
	run "$judge" raw
	expect_refusal 'raw/0000:00:01.0/config: this is no regular file'
	# A pipe with another name is a dump as any other.
	switch_machine >dump
	"$judge" dump >wanted
	mkfifo pipe
	cat dump >pipe &
	timeout 60 "$judge" pipe | diff wanted -

	# Not all of it is in memory before it is found out. Sanitizers need more than that.
	plain=$("$top/scripts/tool")
	export plain
	# In emulation 67 million lines take a while, and QEMU reserves all 4 GB of 32 bits.
	patience=60${ACS_GUARD_TOOL:+0}
	memory=$((${ACS_GUARD_TOOL:+5} + 1))000000
	limited() { (ulimit -v "$memory" && tool=$plain timeout "$patience" "$judge" "$@"); }
	run limited /dev/zero
	expect_refusal 'acs-guard: /dev/zero:1: this is no text'
	run limited - < <(tr '\0' x </dev/zero)
	expect_refusal 'acs-guard: standard input:1: a line of more than 65535 characters'
	run limited --groups <(
		echo
		tr '\0' ' ' </dev/zero
	) dump
	expect_refusal ':2: a line of more than 65535 characters'
	# Lines that say nothing, for ever.
	run limited - < <(yes '')
	expect_refusal 'acs-guard: standard input:67108865: more than 67108864 lines'
	# Words may be long.
	{
		sed -n 1p dump
		printf '\t%060000d\n' 0
		sed 1d dump
	} | "$judge" - | diff wanted -
}

@test "10 MB of noise" {
	# The tool passes over empty lines and comments, and names the line behind them. So how the
	# noise begins is not left to chance.
	{
		printf 'x'
		head -c 10000000 /dev/urandom
	} >noise
	run "$judge" noise
	expect_refusal 'acs-guard: noise:1: '
	{
		printf '\n#\nx'
		head -c 10000000 /dev/urandom
	} >noise
	run "$judge" noise
	expect_refusal 'acs-guard: noise:3: '
	head -c 10000000 /dev/zero >noise
	run "$judge" noise
	expect_refusal 'acs-guard: noise:1: '
	head -c 10000000 /dev/urandom | base64 >noise
	run "$judge" noise
	expect_refusal 'acs-guard: noise:'
	# The same behind what makes sense.
	{
		switch_machine
		head -c 10000000 /dev/urandom | tr -d '\n'
	} >noise
	run "$judge" - <noise
	expect_refusal 'acs-guard: standard input:1807: '
}

@test "buses that do not nest, overlap, or lead back" {
	bad() { # WORDS...: with a bridge or two on standard input
		{
			cat
			device 00:01.0 type=4 buses=01-03
			device 01:00.0 type=1
		} >bad
		run "$judge" bad
		expect_refusal 'acs-guard: bad:' "$@"
	}
	device 00:02.0 type=4 buses=01-01 | bad '0000:00:02.0 leads to bus 01, as 0000:00:01.0 does'
	{
		device 00:02.0 type=4 buses=02-05
		device 02:00.0 type=0
	} | bad '0000:00:01.0 overlaps 0000:00:02.0: both have bus 02'
	{
		device 00:02.0 type=4 buses=04-04
		device 04:00.0 type=5 buses=05-05
		device 05:00.0 type=6 buses=06-06
		device 06:00.0 type=0
	} | bad '0000:04:00.0 leads to bus 05, 0000:00:02.0 above does not'
	{
		device 00:02.0 type=4 buses=04-05
		device 04:00.0 type=5 buses=01-05
	} | bad '0000:04:00.0 leads back to bus 01'
	{
		device 00:02.0 type=4 buses=05-04
		device 05:00.0 type=0
	} | bad '0000:00:02.0 leads to bus 05, and its last is 04'
	# A bridge with nothing behind it may have any numbers.
	{
		device 00:02.0 type=4 buses=09-05
		device 00:03.0 type=4 buses=00-00
		device 00:04.0 type=4 buses=07-07
		device 00:05.0 type=4 buses=07-07
	} | "$judge" - >lines
	[ "$(cut -f 4 lines | sort | uniq -c | xargs)" = '4 1 1 isolated' ]
}

@test "a list of IOMMU groups that names none is noted" {
	device 00:02.0 type=0 >dump
	: >groups
	run --separate-stderr "$tool" --groups groups --dump dump list
	[ "$stderr" = 'acs-guard: dump:1: note: groups names no IOMMU group; the IOMMU of that machine may be off' ]
	echo '00:02.0 1' >groups
	run --separate-stderr "$tool" --groups groups --dump dump list
	[ -z "$stderr" ]
}

@test "IOMMU groups that make no sense" {
	switch_machine >dump
	bad() {
		printf '%s\n' "$1" >groups
		run "$judge" --set unit=group --groups groups dump
		expect_refusal "acs-guard: groups:$2"
	}
	bad nonsense '1: not an address'
	bad '04:00.0' '1: not an address'
	bad '04:00.0 x' '1: not an address'
	bad '04:00.0 -1' '1: not an address'
	bad $'# text\n04:00.0 1 2' '2: not an address'
	bad '09:00.0 1' '1: there is no 0000:09:00.0 in the dump'
	bad $'04:00.0 1\n04:00.0 2' '2: 0000:04:00.0 has been in IOMMU group 1'
	bad '/sys/kernel/iommu_groups/x/devices/0000:04:00.0' '1: not an address'
	run "$judge" --groups missing dump
	expect_refusal missing
	# Without a list: how to make one.
	run "$judge" --set unit=group dump
	expect_refusal '--groups FILE' 'find /sys/kernel/iommu_groups -type l >FILE'
}

# --- mutations -----------------------------------------------------------------------------------

# fuzz FIRST COUNT: mutated dumps from number FIRST on. Leaves what cannot be isolated in
# dark, all verdicts in lines.
fuzz() {
	rm -rf dumps
	mkdir dumps
	./mutate "$seed" "$1" "$2" dumps "$real"/{tree-*,PCI-X-bridges-and-domains,cap-vc-and-rcl,cap-aer-root,cap-exp-lnkcap2} >dark
	status=0
	(cd dumps && "$judge" --each [0-9]*) >lines 2>errors || status=$?
	[ "$status" -eq 2 ] || {
		echo "seed $seed, $2 dumps from $1 on: exit $status"
		tail -n 60 errors
		return 1
	}
	! grep -vE "^acs-guard: ([0-9]+(\.cut)?:)" errors || false
	# Lines are whole, and functions are isolated if and only if that is the reason.
	! awk -F '\t' 'NR > 1 && (NF != 9 || $5 != ($6 == "isolated"))' lines | grep . || false
	! awk -F '\t' 'NR == FNR { why[$1 " " $2] = $3; next }
		$1 " " $2 in why && $5 == 1 { print "seed " seed ", dump " $1 ": " $2 ": " why[$1 " " $2] }' \
		"seed=$seed" dark lines | grep . || false
	# Who knows less, does not allow more.
	! awk -F '\t' 'NR == FNR { if ($5 == 0) refused[$1 ".cut " $2]; next }
		$1 " " $2 in refused && $5 == 1 { print "seed " seed ", dump " $1 ": " $2 " was refused before" }' \
		lines "seed=$seed" lines | grep . || false
	compared=$((compared + $(awk -F '\t' 'NR == FNR { if ($5 == 0) refused[$1 ".cut " $2]; next }
		$1 " " $2 in refused' lines lines | wc -l)))
	understood=$((understood + $(cut -f 1 lines | tail -n +2 | uniq | wc -l)))
	looked_at=$((looked_at + $(awk -F '\t' 'NR == FNR { why[$1 " " $2]; next } $1 " " $2 in why' dark lines | wc -l)))
}

@test "12,000 mutated dumps: no crash, and nothing is isolated that rests on what cannot be read" {
	seed=${ACS_GUARD_SEED:-$RANDOM} understood=0 looked_at=0 compared=0
	echo "# seed $seed" >&3
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -o mutate "$here"/mutate*.c
	for first in 0 3000 6000 9000; do
		fuzz "$first" 3000
	done
	echo "# $understood understood, of $looked_at functions it is known that they cannot be isolated, $compared were refused before some of the dump was cut away" >&3
	[ "$understood" -ge 6000 ]
	[ "$looked_at" -ge 1000 ]
	[ "$compared" -ge 1000 ]
}

@test "a folder of dumps is no dump: the message names survey" {
	mkdir dumps
	switch_machine >dumps/one
	run --separate-stderr "$tool" --dump dumps list
	[ "$status" -eq 2 ]
	[ "$stderr" = 'acs-guard: dumps: no folder in it is named after a device, such as 0000:00:1f.0; to read dumps in it: acs-guard survey dumps/*' ]
	run "$tool" survey dumps/*
	[ "$status" -eq 0 ]
}
