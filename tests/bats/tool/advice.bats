#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# acs-guard explain: advice about machines of dumps.

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

# explain BDF [OPTION VALUE]...: the text as one line, in the file "text".
explain() {
	"$judge" "${@:2}" --explain "$1" dump | tr -s ' \n' ' ' >text
}

# says TEXT...: the text has each.
says() {
	local wanted

	for wanted; do
		grep -qF -- "$wanted" text || {
			echo "not said: $wanted"
			cat text
			return 1
		}
	done
}

# says_not TEXT
says_not() {
	! grep -F -- "$1" text || false
}

# A card of two functions behind a switch whose other port has the slot of $1.
switch_with_slot() {
	device 00:03.0 type=4 buses=02-05 acs=1f/1d
	device 02:00.0 type=5 buses=03-05
	device 03:00.0 type=6 buses=04-04
	# shellcheck disable=SC2086 # words
	device 03:01.0 type=6 buses=05-05 $1
	device 04:00.0 type=0 multi=1
	device 04:00.1 type=0 multi=1
}

@test "a hot-plug slot is the reason why unit=group does not help: it is named" {
	switch_with_slot slot=hotplug >dump
	printf '%s\n' '04:00.0 1' '04:00.1 1' >groups
	explain 04:00.0 --groups groups
	says 'unit=group would not allow it, because of the hot-plug slot below 03:01.0:' \
		'any other device that is present today passes the IOMMU. A card that is plugged in later below 03:01.0'
	explain 04:00.0 --groups groups --set unit=group
	says 'unit=group does not allow it, because of the hot-plug slot below 03:01.0:'
	explain 04:00.0 --groups groups --json
	says '"group_blocking_slots":[ "0000:03:01.0" ]'

	says '"iommu":true'
	explain 04:00.0 --json
	says '"iommu":null'

	# Cards of a slot that is not for that go nowhere while the machine runs.
	switch_with_slot slot=1 >dump
	explain 04:00.0 --groups groups
	says 'unit=group would allow it' 'any other device that is present today passes the IOMMU.' \
		'(commands are for root, on that machine)' 'echo group > /sys/module/acs_guard/parameters/unit'
	says_not hot-plug
	# The port of this card has no ACS: what it sends reaches a slot below a port that has.
	switch_with_slot 'slot=hotplug acs=1f/1d' >dump
	explain 04:00.0 --groups groups
	says 'hot-plug slot below 03:01.0'
}

@test "a hot-plug slot is not named where other peers, or the function itself, are the reason" {
	{
		switch_with_slot slot=hotplug
		device 05:00.0 type=0
	} >dump
	printf '%s\n' '04:00.0 1' '04:00.1 1' '05:00.0 2' >groups
	explain 04:00.0 --groups groups
	says_not 'unit=group would not'
	# It is a choice all the same.
	says 'Hand all of 04:00.0, 04:00.1, 05:00.0 to one' 'below 03:01.0'
	# Without groups it is not known, and how to get them is said.
	explain 04:00.0
	says 'Whether unit=group would allow it is not known, because this dump has no IOMMU groups.' \
		'find /sys/kernel/iommu_groups -type l >groups' '--groups groups'
	says_not 'unit=group would not'
}

@test "a function on a switch's internal bus: neither a slot nor a list of groups would help" {
	{
		device 00:03.0 type=4 buses=02-05 acs=1f/1d
		device 02:00.0 type=5 buses=03-05
		device 03:00.0 type=0
		device 03:01.0 type=6 buses=05-05 slot=hotplug
	} >dump
	printf '%s\n' '03:00.0 1' >groups
	explain 03:00.0 --groups groups
	# The port is the first reason, and the function itself is another.
	says sibling-port
	says_not 'unit=group'
	explain 03:00.0
	says_not 'unit=group'
}

@test "multifunction: of ports, and of a card" {
	{
		device 00:1c.0 type=4 multi=1 buses=01-01 slot=1
		device 00:1c.1 type=4 multi=1 buses=02-02 acs=1f/1d
		device 02:00.0 type=0
	} >dump
	explain 02:00.0
	says 'Why The ports of one device can pass DMA to each other inside the device'
	{
		device 00:1c.0 type=4 buses=02-02 acs=1f/1d
		device 02:00.0 type=0 multi=1
		device 02:00.1 type=0 multi=1
	} >dump
	explain 02:00.0
	says 'Why The functions of one card can send DMA to each other inside the card'
}

@test "strict=1: what is exposed is memory; both causes of translation have a remedy" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0 ats=1
	} >dump
	explain 01:00.0 --set strict=1
	says translation 'exposed The whole machine: each guest and the host itself.' \
		'ACS Translation Blocking; for CXL.cache, for one that switches CXL off'
	says_not 'No device that is present'
}

@test "acs-disabled: the IOMMU first, since Linux switches ACS on with it; the move of the card last" {
	{
		device 00:03.0 type=4 buses=02-05 acs=1f/1d
		device 02:00.0 type=5 buses=03-05
		device 03:00.0 type=6 buses=04-04 acs=1f/0
		device 03:01.0 type=6 buses=05-05 acs=1f/0
		device 04:00.0 type=0
		device 05:00.0 type=0
	} >dump
	explain 04:00.0
	says '1. Switch the IOMMU on There are no IOMMU groups in this dump: was the IOMMU on?' \
		'2. Switch ACS on at 03:00.0' '3. A firmware setting' '4. Move the card'
	# A list of groups shows that it was on.
	printf '%s\n' '04:00.0 1' '05:00.0 1' >groups
	explain 04:00.0 --groups groups
	says 'Switch ACS on at 03:00.0'
	says_not 'Switch the IOMMU on'
	# A list that lacks the function shows nothing.
	echo '05:00.0 1' >groups
	explain 04:00.0 --groups groups
	says '1. Switch the IOMMU on Where it is on, Linux switches ACS on at boot.'
	says_not 'no IOMMU groups'
}

@test "a bridge of an unknown type is exposed like a device, and offered to no guest" {
	{
		device 00:1e.0 class=060401 buses=05-06
		device 05:00.0
		device 05:01.0 type=0 class=060400 buses=06-06
	} >dump
	explain 05:00.0
	says 'REFUSED' '05:01.0 PCI bridge' \
		'Hand all devices that can reach each other to one guest: not possible now 05:01.0 is a bridge, which no guest can get.'
	says_not 'to one and the same guest'
}

@test "unit=group: its members are those that can be exposed, bridges of an unknown type among them" {
	{
		device 00:00.0 class=060000 id=1022:1482
		device 00:1e.0 class=060401 buses=05-06
		device 05:00.0
		device 05:01.0 type=0 class=060400 buses=06-06
	} >dump
	printf '%s\n' '00:00.0 3' '00:1e.0 3' '05:00.0 3' '05:01.0 3' >groups
	explain 05:00.0 --groups groups
	says 'all of group 3 (05:00.0, 05:01.0) to one owner'
}

@test "unit=group: a function that did not answer is named, where it is the reason" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0 multi=1
		device 01:00.1 type=0 multi=1
		device 02:00.0 | sed 's/^02:00.0 .*/02:00.0 SD Host controller: Genesys Logic/; s/ [0-9a-f][0-9a-f]/ ff/g'
	} >dump
	printf '%s\n' '01:00.0 1' '01:00.1 1' '02:00.0 2' >groups
	explain 01:00.0 --groups groups
	says 'Whether unit=group would allow it is not known: 02:00.0 did not answer in this dump' \
		'echo on > /sys/bus/pci/devices/0000:02:00.0/power/control'
	# Another group is the reason.
	printf '%s\n' '01:00.0 1' '01:00.1 3' '02:00.0 2' >groups
	explain 01:00.0 --groups groups
	says REFUSED
	says_not 'would allow it is not known'
}

@test "a dump lacks registers: what it lacks, and how to dump it" {
	{
		device 00:02.0 type=4 buses=01-01 acs=1f/1d
		device 01:00.0 type=0 multi=1
		device 01:00.1 type=0 multi=1 acs=c/c
	} >whole
	# A dump of the card alone.
	sed -n '/^01:00/,$p' whole >dump
	explain 01:00.0
	says 'unreadable: the bridge above it is not in this dump' \
		'The bridge above 01:00.0 is not in this dump. On that machine, as root, run: lspci -xxxx, without -s.' \
		'Not all exposed devices are known, because the bridge above it is not in this dump.' \
		'What is exposed to 01:00.0 is not known'
	says_not 'No device that is present'
	says_not 'and any other device that is present today passes the IOMMU'
	# It was asleep.
	sed '/^01:00.1/,/^$/s/ [0-9a-f][0-9a-f]/ ff/g' whole >dump
	explain 01:00.0
	says 'Dump it again 01:00.1 did not answer in this dump: it was asleep or gone.' \
		'echo on > /sys/bus/pci/devices/0000:01:00.1/power/control'
	# Words do not tell an empty list of extended capabilities from one that was not read.
	lspci -F whole -vvnn 2>/dev/null >dump
	"$judge" dump >lines 2>notes
	grep -q 'note: the text does not show all registers of 0000:01:00.0 that .*; only lspci -xxxx' notes
	explain 01:00.0
	says 'This text does not show the registers of 01:00.0 that the verdict depends on'
}
