#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2154,SC2238 # each test is a subshell; what bats sets; a
# file named cut
#
# acs-guard --dump with the text of lspci -vv: what bytes would show is not known better by
# their words, and what words leave open is never taken for good.

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
}

# text_of DUMP [OPTION]: as lspci prints it, which wants a word behind an address.
text_of() {
	sed 's/^[0-9a-f:]*\.[0-7]$/& x/' "$1" >named
	lspci -F named -D "${2:--vvnn}" 2>errors
}

# verdict_of BDF [FILE]: "REASON BLOCKER MISSING"
verdict_of() {
	awk -F '\t' -v bdf="$1" '$1 == bdf { print $5, $6, $7 }' "${2:-lines}"
}

# expect_verdict BDF TEXT
expect_verdict() {
	local got

	got=$(verdict_of "$1")
	[ "$got" = "$2" ] && return
	echo "$1: wanted '$2', got '$got'"
	return 1
}

# no_laxer BYTES TEXT: functions that bytes refuse, words do not isolate; counts those that
# have the same verdict. Where bytes end early, or are all ones, words do not show it: if such
# registers are asked for, they are unknown then, too, and the verdict about a function that
# is alone does not depend on them.
no_laxer() {
	! awk -F '\t' 'NR == FNR { isolated[$1] = $4 || $5 == "unreadable"; next }
		$4 == 1 && isolated[$1] != 1 { print FILENAME ": " $1 " is isolated by words only" }' "$1" "$2" | grep . || false
	same=$((same + $(awk -F '\t' 'NR == FNR { verdict[$1] = $5 $6 $7; next }
		FNR > 1 && verdict[$1] == $5 $6 $7' "$1" "$2" | wc -l)))
	all=$((all + $(wc -l <"$1") - 1))
}

@test "real machines: words isolate nothing that bytes refuse, and mostly say the same" {
	local dump same=0 all=0

	for dump in "$real"/*; do
		text_of "$dump" >text
		"$judge" "$dump" >bytes 2>notes || continue
		"$judge" text >words 2>notes
		no_laxer bytes words
	done
	echo "# $same of $all verdicts are the same" >&3
	[ $((same * 100)) -ge $((all * 80)) ]
}

@test "400 mutated dumps: words isolate nothing that bytes refuse" {
	local dump same=0 all=0 seed=${ACS_GUARD_SEED:-$RANDOM}

	echo "# seed $seed" >&3
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -o mutate "$here"/mutate*.c
	mkdir dumps
	./mutate "$seed" 0 400 dumps "$real"/{tree-*,PCI-X-bridges-and-domains,cap-vc-and-rcl} >dark
	for dump in dumps/*; do
		"$judge" "$dump" >bytes 2>notes || continue
		# The only failure of lspci that is passed over: a list leads to bytes that the dump lacks.
		text_of "$dump" >text || {
			grep -q 'Internal bug: Accessing non-read configuration byte' errors
			continue
		}
		"$judge" text >words 2>notes || continue
		no_laxer bytes words
	done
	[ "$all" -ge 500 ]
}

@test "one machine in words: -vv, -vvnn, -vvv, with domains or not" {
	{
		device 00:00.0 class=060000
		device 00:03.0 type=4 buses=02-05 acs=1f/1d
		device 02:00.0 type=5 buses=03-05 ats=1
		device 03:00.0 type=6 buses=04-04 acs=1f/19
		device 03:01.0 type=6 buses=05-05 acs=1f/1d
		device 04:00.0 type=0 multi=1 acs=c/c
		device 04:00.1 type=0 multi=1 acs=c/8
		device 05:00.0 type=0 ats=1
	} >dump
	"$judge" dump >wanted
	for option in -vvnn -vvvnn -nvv; do
		text_of dump $option >text
		"$judge" text 2>notes | diff wanted -
		sed 's/^0000://' text | "$judge" - 2>notes | diff wanted -
		sed 's/$/\r/' text | "$judge" - 2>notes | diff wanted -
	done
	# Without numbers, IDs are not known; that is said, and what it means for verdicts.
	text_of dump -vv >text
	"$judge" text 2>notes | cut -f 1,3- | diff <(cut -f 1,3- wanted) -
	grep -q 'no numbers for 0000:00:00.0 and 7 more: .* a verdict can be wrong if .* other names' notes
}

@test "of two ACS capabilities the first counts, in words as in bytes" {
	{
		device 00:03.0 type=4 slot=1 buses=02-02 acs=1f/0
		device 02:00.0 type=0
	} >dump
	"$judge" dump >wanted
	text_of dump -vvnn | sed '/ACSCtl:/a\
	Capabilities: [148 v1] Access Control Services\
		ACSCap:	SrcValid+ TransBlk+ ReqRedir+ CmpltRedir+ UpstreamFwd+ EgressCtrl- DirectTrans-\
		ACSCtl:	SrcValid+ TransBlk+ ReqRedir+ CmpltRedir+ UpstreamFwd+ EgressCtrl- DirectTrans-' >text
	[ "$(grep -c ACSCtl: text)" -eq 2 ]
	"$judge" text 2>notes | diff wanted -
	grep -q acs-disabled wanted
}

@test "no name in a dump steers the terminal" {
	{
		device 00:03.0 type=4 buses=02-02
		device 02:00.0 type=0
	} >dump
	text_of dump -vvnn >text
	printf '\tKernel driver in use: e1000e\033[2K\033[1GOK  02:00.0 fine\n' >>text
	"$tool" --dump text >tree || [ $? -eq 1 ]
	grep -q e1000e tree
	! grep -q $'\033' tree || false
	! "$tool" survey $'te\nxt' >out 2>errors || false
	[ ! -s out ]
	grep -q 'must not contain control characters' errors
}

@test "capabilities that lspci was not allowed to read: nothing is isolated" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 00:03.0 type=4 buses=02-02 acs=1f/1d
		device 01:00.0 type=0
	} >dump
	text_of dump | awk '/^\tCapabilities: / { if (!denied++) print "\tCapabilities: <access denied>"; next }
		/^\t\t/ { next } /^[0-9a-f]/ { denied = 0 } { print }' >text
	"$judge" text >lines 2>notes
	expect_verdict 0000:00:02.0 'unreadable 0000:00:02.0 -'
	expect_verdict 0000:01:00.0 'unreadable 0000:01:00.0 -'
	# Only that of the port.
	text_of dump | awk '/^0000:00:02/ { port = 1 } /^0000:0(0:03|1)/ { port = 0 }
		port && /^\tCapabilities: / { if (!denied++) print "\tCapabilities: <access denied>"; next }
		port && /^\t\t/ { next } { print }' >text
	"$judge" text >lines 2>notes
	expect_verdict 0000:01:00.0 'unreadable 0000:00:02.0 -'
	# The list of a bridge was left out: it is no conventional bridge for that.
	text_of dump | awk '/^0000:00:02/ { port = 1 } /^0000:0(0:03|1)/ { port = 0 }
		port && (/^\tCapabilities: / || /^\t\t/) { next } { print }' >text
	"$judge" text >lines 2>notes
	expect_verdict 0000:01:00.0 'unreadable 0000:00:02.0 -'
}

@test "no list of extended capabilities anywhere: nothing is isolated" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0
	} >dump
	text_of dump | awk '/^\tCapabilities: \[1..( v[0-9]+)?\]/ { skip = 1; next } /^\t[^\t]/ || /^[0-9a-f]/ { skip = 0 } !skip' >text
	"$judge" text >lines 2>notes
	[ "$(cut -f 5 lines | sort -u | xargs)" = 'reason unreadable' ]
	grep -q 'no extended capabilities of 0000:00:02.0 and 1 more (lspci -vvnn as root?)' notes
}

@test "ports with dwords: lspci misreads their control, so it is not known" {
	{
		device 00:1c.0 id=8086:a112 type=4 buses=01-01 acs=f/0
		device 01:00.0 type=0
	} >dump
	text_of dump >text
	"$judge" text >lines 2>notes
	expect_verdict 0000:01:00.0 'unreadable 0000:00:1c.0 -'
}

@test "names without numbers: a Root Port that our list does not have may be one with dwords" {
	local port

	{
		device 00:1c.0 id=8086:a112 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0
	} >dump
	text_of dump -vv >text
	grep -q 'Intel Corporation 100 Series/C230 Series Chipset Family PCI Express Root Port #3' text
	# as_port NAME: what lspci with another list of names prints for the port.
	as_port() {
		sed "/^0000:00:1c.0/s/: .*/: $1/" text >named
		"$judge" named >lines 2>notes
	}
	"$judge" text >lines
	expect_verdict 0000:01:00.0 'unreadable 0000:00:1c.0 -'
	for port in 'Intel Corporation Sunrise Point-H PCIe Controller #3' 'Intel Corp. 100 Series Root Port' \
		'Intel 100 Series Root Port' 'Fictitious Vendor Root Port' 'Fictitious Vendor Device 1234'; do
		as_port "$port"
		expect_verdict 0000:01:00.0 'unreadable 0000:00:1c.0 -'
		grep -q 'note: ACS of 0000:00:1c.0 is unreadable: there is no number, .* lspci -nn -vv shows numbers' notes
	done
	# Numbers tell: with -nn, and where lspci there has no name.
	for port in 'Intel Corporation Sunrise Point-H PCIe Controller #3 [8086:a112]' 'Device 8086:a112' \
		'Intel Corporation Device a112'; do
		as_port "$port"
		expect_verdict 0000:01:00.0 'unreadable 0000:00:1c.0 -'
		! grep 'ACS of' notes || false
	done
	for port in 'Intel Corporation New Root Port [8086:1234]' 'Device 8086:1234' 'Intel Corporation Device 1234' \
		'Intel Corporation Xeon E7 v2\/Xeon E5 v2\/Core i7 PCI Express Root Port 1a' \
		'Red Hat, Inc. QEMU PCIe Root port' 'Advanced Micro Devices, Inc. [AMD] New Root Port'; do
		as_port "$port"
		expect_verdict 0000:01:00.0 'isolated - -'
		! grep 'ACS of' notes || false
	done
	# Without a list of names none of these is known.
	ACS_GUARD_PCI_IDS=/dev/null "$judge" named >lines
	expect_verdict 0000:01:00.0 'unreadable 0000:00:1c.0 -'
	# Bytes beside the words have the number.
	sed 's/^[0-9a-f:]*\.[0-7]$/& x/' dump >bytes
	lspci -F bytes -D -vv -xxxx 2>/dev/null >text
	as_port 'Intel Corporation Sunrise Point-H PCIe Controller #3'
	[ ! -s notes ]
	# Other ports have no such layout.
	sed '1,/^0000:01/s/Root Port (Slot/Downstream Port (Slot/' <(text_of dump -vv) >text
	grep -q 'Downstream Port (Slot' text
	as_port 'Fictitious Vendor Port'
	! grep 'ACS of' notes || false
}

@test "a quirk that depends on the subsystem: words with its numbers tell, others do not" {
	local subsystem

	{
		device 00:01.0 type=9 acs=c/c
		device 00:06.0 id=9005:0285 type=9 acs=c/c
	} >dump
	for subsystem in '' 'Adaptec 3405' 'Adaptec 3405 [9005:02bb]' 'Adaptec 3805 [9005:02bc]' 'Adaptec [9005:0285'; do
		text_of dump | sed "/^0000:00:06.0/s/\$/\n\tSubsystem: $subsystem/" >text
		"$judge" text >lines
		expect_verdict 0000:00:01.0 'alias 0000:00:06.0 -'
	done
	text_of dump | sed '/^0000:00:06.0/s/$/\n\tSubsystem: Adaptec 2200S (Vulcan) [9005:0285]/' >text
	"$judge" text >lines
	expect_verdict 0000:00:01.0 'isolated - -'
}

@test "IOMMU groups in words are the groups" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 00:03.0 type=4 buses=02-02 acs=1f/1d
		device 01:00.0 type=0
		device 02:00.0 type=0
	} >dump
	text_of dump | sed '/^0000:0[12]:00.0/s/$/\n\tIOMMU group: 5/' >text
	"$judge" text >lines
	expect_verdict 0000:01:00.0 'iommu-group 0000:02:00.0 -'
	"$judge" --set unit=group text >lines
	[ "$(awk -F '\t' '$1 == "0000:01:00.0" { print $9 }' lines)" = group ]
	run "$judge" --set unit=group <(text_of dump)
	[ "$status" -eq 2 ]
}

@test "two dumps whose lines are interleaved: one line, 2" {
	switch_machine >dump
	device 06:00.0 type=0 >other
	while [ "$(wc -l <other)" -lt "$(wc -l <dump)" ]; do
		device 06:00.0 type=0 >>other
	done
	paste -d '\n' dump other >mixed
	run "$judge" mixed
	echo "$output"
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "complaints of lspci between lines, and in the middle of one" {
	local complaint='pcilib: sysfs_read_vpd: read failed: No such device'

	switch_machine >dump
	"$judge" dump >wanted
	sed "300s/\$/\n$complaint/" dump >cut
	"$judge" cut 2>notes | diff wanted -
	grep -q "note: 1 of lspci's own complaints passed over" notes
	# Bytes that it cuts in two; twice in one line.
	sed "300s/^\(.\{20\}\)/\1$complaint\n/" dump >cut
	"$judge" cut 2>notes | diff wanted -
	sed "300s/^\(.\{20\}\)/\1$complaint\n$complaint\n/" dump >cut
	"$judge" cut 2>notes | diff wanted -
	# The rest of the line is lost.
	sed "300s/^\(.\{20\}\).*/\1$complaint/" dump >cut
	run "$judge" cut
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	# Words: joined as well, or, where they are lost, the function is not known any more.
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 00:03.0 type=4 buses=02-02 acs=1f/1d
		device 01:00.0 type=0
	} >dump
	text_of dump >text
	"$judge" text >wanted
	sed "s/^\(\tCapabilities: \[40\] Ex\)/\1$complaint\n/" text >cut
	"$judge" cut 2>notes | diff wanted -
	awk -v complaint="$complaint" '/ACSCap/ && !n++ { print "\t\tACSC" complaint; next } /^0000:00:03/ { n = 2 } n == 1 && /^\t|^$/ { next } { print }' text >cut
	"$judge" cut >lines 2>notes
	expect_verdict 0000:01:00.0 'unreadable 0000:00:02.0 -'
	grep -q 'the text about 0000:00:02.0 is cut off' notes
}

@test "words of a virtual function that does not answer isolate nothing" {
	{
		device 00:05.0 id=8086:0010 type=9 vfs=1,8,8
		echo '00:06.0 Device'
		for ((i = 0; i < 256; i++)); do
			printf '%02x:%s\n' $((i * 16)) "$(printf ' ff%.0s' {1..16})"
		done
	} >dump
	text_of dump >text
	grep -q 'Unknown header type 7f' text
	"$judge" text >lines
	expect_verdict 0000:00:06.0 'unreadable 0000:00:06.0 -'
}

@test "words that are cut off: the last function is not known" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0
	} >dump
	text_of dump >text
	"$judge" text >lines
	expect_verdict 0000:01:00.0 'isolated - -'
	head -c -30 text >cut
	"$judge" cut >lines 2>notes
	expect_verdict 0000:01:00.0 'unreadable 0000:01:00.0 -'
}

@test "names of functions without details are no dump" {
	switch_machine >dump
	lspci -F dump -nnk >names 2>/dev/null
	run "$judge" names
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == 'acs-guard: names:1: 0000:00:00.0 has no bytes (lspci -xxxx?)' ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "virtual functions of which only the name of the capability is known" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0 vfs=1,1,1
		device 01:00.1 id=8086:1234 type=0 ats=1
	} >dump
	text_of dump >text
	"$judge" text >lines
	expect_verdict 0000:01:00.1 'isolated - -'
	grep -v -e IOVCtl -e 'Initial VFs' -e 'VF offset' text >less
	"$judge" less >lines 2>notes
	[[ $(verdict_of 0000:01:00.1) != isolated* ]]
	grep -q 'it is not known which virtual functions 0000:01:00.0 has' notes
}

@test "a name that is empty is no name" {
	printf '%s\n\tControl: I/O+ Mem+ BusMaster+\n' '0000:00:01.0 VGA [0300]: (prog-if 00' \
		'0000:00:02.0 Ethernet controller: (rev 01) (prog-if 00' >dump
	"$judge" dump >lines 2>notes
	expect_verdict 0000:00:01.0 'isolated - -'
	expect_verdict 0000:00:02.0 'isolated - -'
}

@test "machines that people have shown: a verdict or one line for each" {
	local folder=${ACS_GUARD_REAL_MACHINES:-$top/../shared/real-machines} file

	[ -d "$folder" ] || skip "no machines to look at"
	for file in "$folder"/*/*; do
		run --separate-stderr "$tool" --dump "$file" list
		case $status in
		0) [ "${#lines[@]}" -gt 1 ] ;;
		2) [ "${#stderr_lines[@]}" -eq 1 ] && [ -z "$output" ] ;;
		*) false ;;
		esac
		[[ $output$stderr != *$'\e'* ]]
	done
	"$tool" survey "$folder"/*/* >out 2>notes || [ $? -eq 2 ]
	[ "$(grep -c "^[^#]" out)" -ge 45 ]
}

@test "names in any bytes steer no terminal, and break neither JSON nor the picture" {
	printf '00:01.0 Ethernet controller: Caf\xe9 \xc3\xa9 \x1b[31m \xc2\x9b31m \xe2\x80\xae "q" \xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80 end\n\tControl: I/O-\n\tCapabilities: [40] Express (v2) Endpoint, MSI 00\n\n' >dump
	LC_ALL=C.UTF-8 "$tool" --dump dump >shown 2>/dev/null || [ "$?" -eq 1 ]
	# UTF-8 that only shows itself stays; Latin-1, ESC, CSI, the other direction: question marks.
	grep -qF 'Caf? é ?[31m ??31m ??? "q" ????????? end' shown
	iconv -f UTF-8 -t UTF-8 shown | diff shown -
	LC_ALL=C "$tool" --dump dump >shown 2>/dev/null || [ "$?" -eq 1 ]
	! LC_ALL=C grep -q '[^ -~]' shown || false
	LC_ALL=C.UTF-8 "$tool" --dump dump --json 2>/dev/null | iconv -f UTF-8 -t UTF-8 | jq -e '.devices[0].name | contains("\"q\"")'
	LC_ALL=C.UTF-8 "$tool" --dump dump graph 2>/dev/null >dot
	dot -Tsvg dot 2>complaints >/dev/null
	[ ! -s complaints ]
}
