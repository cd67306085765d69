#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC1003,SC2016,SC2030,SC2031,SC2154 # each test is a subshell, and is meant
# to be; what bats sets
#
# acs-guard, on machines that are made here out of folders and links; that
# they are like real ones, 93-tool.sh shows in the virtual machine.
#
# usage: bats tests/bats/tool/tool.bats

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..

setup_file() {
	"$top/scripts/lib/deps" dumps
	program=$("$top/scripts/tool" --sanitize)
	export program
}

setup() {
	acs_guard=$program
	fake=$BATS_TEST_TMPDIR/fake
	rules=$fake/etc/udev/rules.d/04-acs-guard-exceptions.rules
	conf=$fake/etc/modprobe.d/acs-guard-exceptions.conf
	# shellcheck source=../fake-sysfs.sh
	. "$BATS_TEST_DIRNAME/../fake-sysfs.sh"
	make_machine
	: >"$fake/dev/kmsg"
	unset NO_COLOR LC_ALL LC_CTYPE SUDO_USER
	export LANG=C.UTF-8
}

# runs STATUS ARGUMENT...: the tool ends so, and says nothing to stderr if all is well.
runs() {
	local wanted=$1

	shift
	run --separate-stderr tool "$@"
	echo "status $status, wanted $wanted"$'\n'"$output"$'\n'"stderr: ${stderr-}"
	[ "$status" -eq "$wanted" ]
	[ "$status" -eq 2 ] || [ -z "$stderr" ]
}

# refuses TEXT ARGUMENT...: one line to stderr, with TEXT in it, nothing to stdout.
refuses() {
	local text=$1

	shift
	runs 2 "$@"
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "acs-guard: "*"$text"* ]]
}

# says TEXT...: the output has each.
says() {
	local text

	for text; do
		[[ $output == *"$text"* ]] || {
			echo "not said: $text"
			return 1
		}
	done
}

# comes_before TEXT TEXT: in the output, both there.
comes_before() {
	says "$1" "$2"
	[[ ${output%%"$2"*} == *"$1"* ]] || {
		echo "not in this order: $1; $2"
		return 1
	}
}

# holds FILTER: jq finds it to be so.
holds() {
	jq -e "$1" <<<"$output" >/dev/null || {
		echo "does not hold: $1"
		return 1
	}
}

attribute() {
	cat "$fake/sys/bus/pci/devices/$1/acs_guard/$2"
}

# All that a command may change.
state() {
	(cd -- "$fake" && find etc -type f -exec cat -- {} + -exec ls -- {} + && cat sys/bus/pci/devices/*/acs_guard/permissive)
}

# changes_nothing COMMAND...
changes_nothing() {
	local before

	before=$(state)
	"$@"
	[ "$(state)" = "$before" ]
}

unload() {
	rm -rf -- "$fake/sys/module" "$fake"/sys/bus/pci/devices/*/acs_guard
}

# Where root may write anything, run as another user; where not, there is nothing to do.
as_nobody() {
	if [ "$(id -u)" -eq 0 ]; then
		chmod -R a+rX "$BATS_RUN_TMPDIR" "$fake"
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# --- tree ------------------------------------------------------------------------------

@test "tree: each device has its word, the weak ports are marked, and it ends with 1" {
	runs 1
	[[ ${lines[2]} == 'OK         00:00.0 Host bridge: Intel '* ]]
	says 'OK         └─ 01:00.0 Ethernet controller: Intel 82574L Gigabit Network Connection [e1000e, group 10]' \
		'WEAK PORT     ├─ 03:00.0 PCI bridge: Texas Instruments XIO3130 PCI Express Switch (Downstream)' \
		'this port has no ACS' \
		'REFUSED       │  └─ 04:00.0 Ethernet controller: Intel 82574L Gigabit Network Connection [no driver, group 14]' \
		'2 REFUSED, 0 EXCEPTION, 3 OK.' 'acs-guard explain 04:00.0'
	[ "$(grep -c '^WEAK PORT' <<<"$output")" -eq 2 ]
	runs 1 tree
}

@test "tree: nothing refused ends with 0, and nothing is marked" {
	verdict 0000:04:00.0 isolated
	verdict 0000:05:00.0 isolated
	runs 0
	says '0 REFUSED, 0 EXCEPTION, 5 OK.'
	[[ $output != *'WEAK PORT'* ]]
}

@test "tree: disks that are mounted, swap, and networks that are up, are flagged" {
	echo '/dev/sda2 partition 1 0 -2' >>"$fake/proc/swaps"
	runs 1
	says '! host root disk here (/, /boot), swap here' '! network up: eth0'
	[[ $output != *lo0* ]]
}

@test "tree: a disk is found through LVM on md on partitions of two controllers" {
	pci 0000:00:1f.5 8086:2926 010601 ahci
	guard_all
	block 8:16 pci0000:00/0000:00:1f.5/ata9/host9/target/block/sdb
	block 8:17 pci0000:00/0000:00:1f.5/ata9/host9/target/block/sdb/sdb1
	block 9:0 virtual/block/md0
	block 259:0 virtual/block/md0/md0p1
	made_of md0 sda2 sdb1
	block 253:7 virtual/block/dm-7
	made_of dm-7 md0p1
	mounted '21 1 253:7 / /srv rw - xfs /dev/mapper/vg-srv rw'
	runs 0 --json
	holds '[.devices[] | select(.mounts == ["/srv"]) | .bdf] == ["0000:00:1f.2", "0000:00:1f.5"]'
}

@test "tree: NVMe with several paths, and a file system with a number of its own, are found" {
	local subsystem=$fake/sys/devices/virtual/nvme-subsystem/nvme-subsys0

	pci 0000:00:02.0/0000:01:00.1 8086:f1a8 010802 nvme
	guard_all
	mkdir -p "$fake/sys/devices/pci0000:00/0000:00:02.0/0000:01:00.1/nvme/nvme0" "$subsystem"
	ln -s "$fake/sys/devices/pci0000:00/0000:00:02.0/0000:01:00.1/nvme/nvme0" "$subsystem/nvme0"
	block 259:1 virtual/nvme-subsystem/nvme-subsys0/nvme0n1
	block 259:2 virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p1
	mounted '21 1 0:35 / /data rw - btrfs /dev/nvme0n1p1 rw'
	runs 0 --json
	holds '[.devices[] | select(.mounts == ["/data"]) | .bdf] == ["0000:01:00.1"]'
}

@test "tree: colour only on a terminal, and not with NO_COLOR" {
	runs 1
	[[ $output != *$'\e'* ]]
	export -f tool
	# script(1) runs its command by $SHELL, and dash would drop the function.
	export fake acs_guard TERM=xterm SHELL=/bin/bash
	run script -qec 'bash -c "tool tree"' /dev/null
	[[ $output == *$'\e[1;31mREFUSED'* ]]
	NO_COLOR=1 run script -qec 'bash -c "tool tree"' /dev/null
	[[ $output == *REFUSED* && $output != *$'\e'* ]]
}

@test "tree: plain ASCII where the locale is not UTF-8" {
	LANG=C runs 1
	says 'REFUSED       |  `- 04:00.0'
	[ -z "$(LC_ALL=C tr -d '\n -~' <<<"$output")" ]
	mounted $'21 1 253:0 / /f\xc3\xbcr rw - ext4 /dev/dm-0 rw'
	LC_ALL=POSIX runs 1
	[ -z "$(LC_ALL=C tr -d '\n -~' <<<"$output")" ]
}

@test "tree: no device's name controls the terminal, or breaks JSON" {
	mounted '21 1 253:0 / /a\033[31m"b\134\040c\012d'$'\xff rw - ext4 /dev/dm-0 rw'
	runs 1
	[[ $output != *$'\e'* ]]
	runs 1 --json
	holds '.devices[] | select(.bdf == "0000:00:1f.2") | .mounts == ["/a?[31m\"b\\ c?d?"]'
}

@test "tree: the heading names mode=audit, the lock and an IOMMU that is off" {
	echo audit >"$fake/sys/module/acs_guard/parameters/mode"
	echo 1 >"$fake/sys/module/acs_guard/parameters/lock"
	runs 1
	says 'only logs (mode=audit)' 'locked until reboot'
	ungroup
	rmdir "$fake/sys/kernel/iommu_groups"
	runs 1
	says 'The IOMMU is off'
}

@test "tree: with unit=group, GROUP marks what the module lets bind" {
	echo group >"$fake/sys/module/acs_guard/parameters/unit"
	group_isolated 0000:04:00.0 1
	runs 1
	says 'GROUP         │  └─ 04:00.0' 'REFUSED          └─ 05:00.0' '1 REFUSED, 0 EXCEPTION, 3 OK, 1 GROUP'
	runs 0 explain 04:00.0
	says 'So it can be handed to a guest, together with its group.'
	# A slot, say, is no peer, and forbids it all the same.
	ungroup 14 15
	group 14 0000:04:00.0 0000:05:00.0
	group_isolated 0000:04:00.0 0
	runs 1
	says 'REFUSED       │  └─ 04:00.0' '2 REFUSED'
}

@test "tree: how many of the refused would bind with unit=group" {
	group_isolated 0000:04:00.0 1
	runs 1
	says '2 REFUSED, 0 EXCEPTION, 3 OK.' 'With unit=group, 1 of the 2 refused would bind'
	runs 1 --json
	holds '.refused == 2 and .refused_group_isolated == 1'
	holds '[.devices[] | select(.group_isolated | not) | .bdf] == ["0000:05:00.0"]'
	group_isolated 0000:04:00.0 0
	runs 1
	[[ $output != *unit=group* ]]
	runs 1 --json
	holds '.refused_group_isolated == 0'
	# An exception is not refused.
	group_isolated 0000:04:00.0 1
	echo 1 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	runs 1 --json
	holds '.refused == 1 and .refused_group_isolated == 0'
}

@test "tree: an older module does not say what unit=group would allow, nor does the tool" {
	older_module
	runs 1
	[[ $output != *unit=group* ]]
	runs 1 --json
	holds '.refused_group_isolated == null and ([.devices[] | .group_isolated] | unique) == [null, true]'
	runs 1 explain 04:00.0
	[[ $output != *unit=group* ]]
}

@test "tree: an older module, with unit=group: GROUP is what is exposed to its own group only" {
	older_module
	echo group >"$fake/sys/module/acs_guard/parameters/unit"
	runs 1
	says 'REFUSED       │  └─ 04:00.0'
	ungroup 14 15
	group 14 0000:04:00.0 0000:05:00.0
	runs 0
	says 'GROUP         │  └─ 04:00.0' '2 GROUP'
	echo '+7 more' >>"$fake/sys/bus/pci/devices/0000:05:00.0/acs_guard/peers"
	runs 1
	says 'REFUSED          └─ 05:00.0'
}

@test "tree: what is handed out though it is refused, is called out" {
	drive 0000:04:00.0 vfio-pci
	runs 1
	says '! in use by vfio-pci although it is not isolated' '1 not isolated, yet in use by a guarded driver'
	rm "$fake/sys/bus/pci/drivers/vfio-pci/0000:04:00.0"
	drive 0000:04:00.0 mlx5_vfio_pci
	runs 1
	says '! in use by mlx5_vfio_pci although it is not isolated'
}

@test "tree: without the module, all that sysfs says, \"not enforced\", and 2" {
	unload
	runs 2
	says 'NOT ENFORCED' '04:00.0 Ethernet controller' 'host root disk here'
	[[ $output != *REFUSED* && $output != *'OK '* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	runs 2 --json
	holds '.enforced == false and .module.loaded == false and ([.devices[].status] | unique) == ["unknown"]'
}

@test "tree: without the list of names, numbers" {
	rm "$fake/pci.ids"
	runs 1
	says '04:00.0 class 0200: device 8086:10d3'
}

@test "tree: a second domain makes addresses long; VMD's own root bus hangs below it" {
	pci 0000:00:0e.0 8086:9a0b 010400 vmd
	pci pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:01.0 8086:9a09 060400 pcieport
	pci pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:01.0/10000:e1:00.0 8086:0b60 010802 nvme
	guard_all
	verdict 10000:e1:00.0 'alias 0000:00:0e.0: has the same requester ID' 0000:00:0e.0
	runs 1
	says 'OK         0000:00:00.0' '10000:e1:00.0' 'acs-guard explain 10000:e1:00.0'
	runs 1 --json
	holds '[.devices[] | select(.parent == "0000:00:0e.0") | .bdf] == ["10000:e0:01.0"]'
}

@test "tree --json: valid, with the facts of each device" {
	runs 1 --json
	holds '.enforced and .module.mode == "enforce" and .iommu and .refused == 2 and (.devices | length) == 11'
	holds '.devices[] | select(.bdf == "0000:04:00.0") | .status == "refused" and .isolated == false and
		.reason == "no-acs" and .blocker == "0000:03:00.0" and .missing == ["SV", "RR", "CR", "UF"] and
		.iommu_group == 14 and .driver == null and .id == "8086:10d3" and .parent == "0000:03:00.0"'
	holds '[.devices[] | select(.weak_port) | .bdf] == ["0000:03:00.0", "0000:03:01.0"]'
	holds '.devices[] | select(.bdf == "0000:01:00.0") | .status == "ok" and .interfaces == ["eth0"]'
}

@test "tree: a device without an answer is not shown as OK; a removed one is not shown" {
	rm -r "$fake/sys/bus/pci/devices/0000:01:00.0/acs_guard"
	rm "$fake/sys/devices/pci0000:00/0000:00:00.0/modalias"
	runs 1
	says 'REFUSED    └─ 01:00.0' '3 REFUSED, 0 EXCEPTION, 1 OK'
	[[ $output != *00:00.0\ Host* ]]
	# What is below a port that has gone meanwhile is there still.
	rm "$fake/sys/bus/pci/devices/0000:00:02.0"
	runs 1
	says 'REFUSED    01:00.0'
}

@test "tree: a hidden function for which others are refused is named, and how to get it back" {
	pci 0000:00:02.0/0000:01:00.1 8086:10d3 020000
	guard_all
	hide 0000:01:00.1
	verdict 0000:01:00.0 "multifunction 0000:01:00.1: $one_of_several; the kernel does not list it" 0000:01:00.1
	runs 1
	says '! 01:00.1 is hidden: not listed by the kernel.' 'echo 1 > /sys/bus/pci/rescan'
	runs 1 --json
	holds '.devices[] | select(.bdf == "0000:01:00.0") | .blocker == "0000:01:00.1" and .missing == ["RR", "CR"] and (.hidden | not)'
}

# --- explain -----------------------------------------------------------------------------

@test "explain: what, why, who is exposed, and what can be done, with addresses long and short" {
	local address

	echo 2 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/denied"
	echo vfio-pci >"$fake/sys/bus/pci/devices/0000:04:00.0/driver_override"
	net eth1 0000:05:00.0 unknown
	echo 1 >"$fake/sys/class/net/eth1/carrier"
	for address in 04:00.0 4:0.0 0000:04:00.0 0:4:0.0; do
		runs 1 explain "$address"
		says 'REFUSED: it is not isolated' 'refused 2 times' \
			'03:00.0 PCI bridge: Texas Instruments' 'no-acs: this port has no ACS' 'SV  Source Validation' 'UF  ' \
			'05:00.0 Ethernet controller: Intel 82574L Gigabit Network Connection [e1000e, group 15] ! network up: eth1' \
			'vfio-pci is still set as its only driver' 'echo > /sys/bus/pci/devices/0000:04:00.0/driver_override' \
			'echo 0000:04:00.0 > /sys/bus/pci/drivers_probe' '00:04.0 (slot 3)' 'firmware' \
			'not possible now' 'could no longer use 05:00.0: network up: eth1' 'acs-guard allow 04:00.0 --reason'
	done
}

@test "explain: both to one guest, where the host uses neither" {
	runs 1 explain 05:00.0
	says 'Hand all of 05:00.0, 04:00.0 to one and the same guest' 'acs-guard allow 04:00.0' 'acs-guard allow 05:00.0'
	[[ $output != *'Give it back'* ]]
}

@test "explain: what is handed out already is taken away first" {
	drive 0000:04:00.0 vfio-pci
	runs 1 explain 04:00.0
	says 'vfio-pci is bound to it nevertheless' 'echo 0000:04:00.0 > /sys/bus/pci/devices/0000:04:00.0/driver/unbind'
}

@test "explain: every reason has its words, and more than four thousand peers do no harm" {
	local reason reasons

	reasons=$(sed -nE 's/^\t\[ACS_GUARD_[A-Z_]*\] = \{ "([a-z-]+)",.*/\1/p' "$top/module/engine/words.c" | grep -vx isolated)
	[ "$(wc -l <<<"$reasons")" -ge 13 ]
	for reason in $reasons; do
		verdict 0000:04:00.0 "$reason 0000:03:00.0: words of the kernel" 0000:05:00.0
		echo '+4321 more' >>"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/peers"
		runs 1 explain 04:00.0
		says "$reason: words of the kernel." 'and 4321 more' 'Accept the risk' 'hardly possible'
	done
}

@test "explain: states that no device is exposed today" {
	verdict 0000:04:00.0 "no-acs 0000:03:00.0: $no_acs"
	runs 1 explain 04:00.0
	says 'No device that is present today'
	[[ $output != *'Hand all'* ]]
}

@test "explain: does not claim that a root port without known peers exposes nothing" {
	local reason

	for reason in no-acs acs-incomplete acs-disabled; do
		verdict 0000:01:00.0 "$reason 0000:00:02.0: words (lacks RR)"
		runs 1 explain 01:00.0
		says 'No other device is known that it could reach, or that could reach it, but nothing shows that' 'does not pass its DMA to another port.'
		[[ $output != *'No device that is present'* ]]
	done
	# What may come next to the root port is another matter.
	verdict 0000:01:00.0 "multifunction 0000:00:02.0: words (lacks RR)"
	runs 1 explain 01:00.0
	says 'No device that is present today'
}

@test "explain: acs-disabled: how to switch it on, with the bits that are off" {
	verdict 0000:04:00.0 'acs-disabled 0000:03:00.0: words of the kernel (lacks SV,RR,CR,UF)' 0000:05:00.0
	runs 1 explain 04:00.0
	says 'setpci -s 0000:03:00.0 ECAP_ACS+6.w=1d:1d' 'pci=config_acs=111x1@0000:03:00.0' '6.11' 'device tree' \
		'A firmware setting'
	verdict 0000:04:00.0 'acs-disabled 0000:03:00.0: words of the kernel (lacks RR,CR)' 0000:05:00.0
	runs 1 explain 04:00.0
	says 'setpci -s 0000:03:00.0 ECAP_ACS+6.w=c:c' 'pci=config_acs=x11xx@0000:03:00.0'
	# Intel's ports with another layout.
	identity "$fake/sys/bus/pci/devices/0000:00:02.0" 8086:a112 060400
	verdict 0000:01:00.0 'acs-disabled 0000:00:02.0: words of the kernel (lacks SV)'
	runs 1 explain 01:00.0
	says 'setpci -s 0000:00:02.0 ECAP_ACS+8.l=1:1'
	[[ $output != *config_acs* ]]
}

@test "explain: acs-incomplete: no setting changes it, and none is offered" {
	verdict 0000:04:00.0 'acs-incomplete 0000:03:00.0: words of the kernel (lacks RR,CR)' 0000:05:00.0
	runs 1 explain 04:00.0
	says 'No setting changes that' 'Thunderbolt 3' 'RR  Request Redirect' 'Move the card to another slot'
	[[ $output != *setpci* && $output != *'A firmware setting'* ]]
}

@test "explain: iommu-group: the kernel does not keep the two apart, and unit=group would allow it" {
	ungroup 14 15
	group 14 0000:04:00.0 0000:05:00.0 0000:03:00.0
	verdict 0000:04:00.0 'iommu-group 0000:05:00.0: words of the kernel' 0000:05:00.0
	group_isolated 0000:04:00.0 1
	runs 1 explain 04:00.0
	says 'The kernel puts devices that it cannot keep apart' 'It shares its IOMMU group with each of these' \
		'group 14 (04:00.0, 05:00.0)'
	comes_before 'unit=group would allow it' 'Accept the risk'
	[[ $output != *'past the IOMMU. A guest'* ]]
}

@test "explain: no-iommu: all memory is exposed; which switch to look for" {
	ungroup
	rmdir "$fake/sys/kernel/iommu_groups"
	verdict 0000:04:00.0 'no-iommu 0000:04:00.0: words of the kernel'
	runs 1 explain 04:00.0
	says 'no IOMMU restricts its DMA' 'The whole machine' 'Switch the IOMMU on' VT-d AMD-Vi SMMU intel_iommu=on 'no-IOMMU mode'
	[[ $output != *'No device that is present'* && $output != *neighbour* ]]
}

@test "explain: offers unit=group first where it would allow the bind, and nowhere else" {
	ungroup 14 15
	group 14 0000:04:00.0 0000:05:00.0
	group_isolated 0000:04:00.0 1
	net eth1 0000:05:00.0 up
	runs 1 explain 04:00.0
	says '1. Give the whole IOMMU group to one guest' 'because it is exposed to its own IOMMU group only' 'group 14 (04:00.0, 05:00.0)' \
		'The host could no longer use 05:00.0: network up: eth1.' 'options acs_guard unit=group'
	comes_before 'echo group > /sys/module/acs_guard/parameters/unit' 'acs-guard allow 04:00.0'
	runs 1 explain 04:00.0 --json
	holds '[.choices[].choice] | first == "group" and last == "exception"'
	holds '.group_isolated and .choices[0].commands == ["echo group > /sys/module/acs_guard/parameters/unit"]'
	runs 1 explain 05:00.0
	[[ $output != *unit=group* ]]
	echo 1 >"$fake/sys/module/acs_guard/parameters/lock"
	runs 1 explain 04:00.0
	says 'acs_guard unit=group" into a file' 'settings are locked until'
	[[ $output != *'echo group >'* ]]
}

@test "explain: peers that are hidden are shown, and how to get them back" {
	hide 0000:05:00.0
	verdict 0000:04:00.0 "no-acs 0000:03:00.0: $no_acs" 0000:05:00.0 0000:00:1f.2
	runs 1 explain 04:00.0
	says '    05:00.0 hidden: not listed by the kernel' 'Let the kernel list what is hidden: 05:00.0' \
		'echo 1 > /sys/bus/pci/rescan' 'no guest can get these: 05:00.0.'
	comes_before '    00:1f.2 SATA' '    05:00.0 hidden'
	runs 1 explain 04:00.0 --json
	holds '[.peers[] | [.bdf, .hidden, .status]] == [["0000:00:1f.2", false, "ok"], ["0000:05:00.0", true, "hidden"]]'
	runs 0 allow 04:00.0 --reason x
	says '    05:00.0 hidden: not listed by the kernel'
	# It is to blame itself.
	verdict 0000:04:00.0 'sibling-port 0000:03:02.0: words (lacks RR); more words'
	echo 0 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	runs 1 explain 04:00.0
	says '    03:02.0 hidden: not listed by the kernel' 'sibling-port: words; more words.' 'RR  Request' \
		'what is hidden: 03:02.0' 'plugged in below 00:04.0 (slot 3). acs-guard'
}

@test "explain, allow: peers are in the order of addresses, whatever the order of the module" {
	local command

	# Nothing is there of the last two domains: it is hidden.
	verdict 0000:04:00.0 "no-acs 0000:03:00.0: $no_acs" 0000:05:00.0 10000:01:00.0 0000:00:1f.2 2000:01:00.0 0000:01:00.0
	runs 1 explain 04:00.0 --json
	holds '[.peers[].bdf] == ["0000:00:1f.2", "0000:01:00.0", "0000:05:00.0", "2000:01:00.0", "10000:01:00.0"]'
	for command in explain 'allow --reason x'; do
		# shellcheck disable=SC2086 # words
		run tool $command 04:00.0
		comes_before '    00:1f.2 ' '    01:00.0 '
		comes_before '    01:00.0 ' '    05:00.0 '
		comes_before '    05:00.0 ' '    2000:01:00.0 '
		comes_before '    2000:01:00.0 ' '    10000:01:00.0 '
	done
	# All of a guest's: it first, then the others.
	verdict 0000:04:00.0 "no-acs 0000:03:00.0: $no_acs" 0000:05:00.0 0000:00:00.0
	verdict 0000:05:00.0 isolated
	echo 0 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	runs 1 explain 04:00.0
	says 'Hand all of 04:00.0, 00:00.0, 05:00.0 to'
}

@test "explain: an isolated device ends with 0, an exception too, a weak port with 1" {
	runs 0 explain 01:00.0
	says 'OK: it is isolated'
	echo 1 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	runs 0 explain 04:00.0
	says 'EXCEPTION' '05:00.0 Ethernet' 'acs-guard revoke 04:00.0'
	[[ $output != *'What you can do'* ]]
	runs 1 explain 03:01.0
	says 'WEAK PORT' '05:00.0 Ethernet'
	runs 0 explain 03:00.0
	runs 0 explain 00:02.0
	says 'no device is refused because of it'
}

@test "explain: without the module it does not judge" {
	unload
	runs 2 explain 04:00.0
	says 'NOT ENFORCED' 'group 14'
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "explain --json: the device, its peers, the choices" {
	runs 1 explain 04:00.0 --json
	holds '.bdf == "0000:04:00.0" and .status == "refused" and [.peers[].bdf] == ["0000:05:00.0"] and .more_peers == 0'
	holds '[.choices[] | select(.commands == ["acs-guard allow 04:00.0 --reason \"...\""])] | length == 1'
	runs 0 --json explain 01:00.0
	holds '.peers == [] and .choices == []'
}

@test "explain --json: a device without a verdict has no choices" {
	rm -r "$fake/sys/module/acs_guard" "$fake"/sys/bus/pci/devices/*/acs_guard
	runs 2 explain 04:00.0 --json
	holds '.choices == []'
}

# --- allow, revoke -------------------------------------------------------------------------

@test "allow: permissive is set, the reason goes to the log, and the exposed devices are named" {
	runs 0 allow 04:00.0 --reason 'one guest has both'
	says 'Exception made for 04:00.0' '05:00.0 Ethernet' 'acs-guard revoke 04:00.0'
	[ "$(attribute 0000:04:00.0 permissive)" = 1 ]
	[ "$(attribute 0000:05:00.0 permissive)" = 0 ]
	grep -q '^<5>acs-guard: exception for 0000:04:00.0 (8086:10d3) by .*: one guest has both$' "$fake/dev/kmsg"
	[ -z "$(find "$fake/etc" -type f)" ]
	runs 1
	says 'EXCEPTION     │  └─ 04:00.0' '1 REFUSED, 1 EXCEPTION, 3 OK'
	runs 0 allow 04:00.0 --reason again
	says '04:00.0 Ethernet controller: ' 'has an exception already;'
	grep -q ' by .*: again$' "$fake/dev/kmsg"
	runs 0 --json allow 04:00.0 --reason again
	holds '.permissive and (.changed | not)'
	runs 0 revoke 04:00.0
	[ "$(attribute 0000:04:00.0 permissive)" = 0 ]
	runs 0 revoke 04:00.0
	says 'has no exception'
	runs 0 --json allow 04:00.0 --reason again
	holds '.permissive and .changed'
}

@test "allow: what is isolated, or a port, gets no exception" {
	runs 0 allow 01:00.0 --reason x
	says 'needs no exception'
	[ "$(attribute 0000:01:00.0 permissive)" = 0 ]
	changes_nothing refuses 'is a port' allow 03:00.0 --reason x
}

@test "allow --persist: a rule by place and ID, a parameter with both, and revoke takes them away" {
	runs 0 allow 04:00.0 --persist --reason 'one guest has both'
	[ "$(attribute 0000:04:00.0 permissive)" = 1 ]
	grep -qxF 'options acs_guard permissive=0000:00:03.0/00.0/00.0/00.0@8086:10d3' "$conf"
	grep -qF 'DEVPATH=="*/pci0000:00/0000:00:03.0/????:??:00.0/????:??:00.0/????:??:00.0", ATTR{vendor}=="0x8086", ATTR{device}=="0x10d3", TEST=="acs_guard/permissive", ATTR{acs_guard/permissive}="1"' "$rules"
	[ "$(grep -c 'no exception for' "$rules")" -eq 2 ]
	grep -qE '^# exception 0000:04:00.0 .* by=[^ ]+ on=[0-9-]+T[0-9:]+Z reason: one guest has both$' "$rules"
	runs 0 explain 04:00.0
	says 'It is made again at each boot, made by' 'one guest has both'

	runs 0 allow 05:00.0 --reason=both --persist --json
	holds '.bdf == "0000:05:00.0" and .permissive and .persistent and .changed and .reason == "both"'
	grep -qxF 'options acs_guard permissive=0000:00:03.0/00.0/00.0/00.0@8086:10d3,0000:00:03.0/00.0/01.0/00.0@8086:10d3' "$conf"
	# Twice is once.
	runs 0 allow 04:00.0 --persist --reason again
	[ "$(grep -c '^# exception' "$rules")" -eq 2 ]
	[ "$(find "$fake/etc" -type f | wc -l)" -eq 2 ]

	runs 0 revoke 04:00.0
	[ "$(attribute 0000:04:00.0 permissive)" = 0 ]
	grep -qxF 'options acs_guard permissive=0000:00:03.0/00.0/01.0/00.0@8086:10d3' "$conf"
	runs 0 revoke 05:00.0 --json
	holds '.permissive == false and .changed'
	[ -z "$(find "$fake/etc" -type f)" ]
}

@test "allow --persist: it says that the initramfs has to be made anew, and how" {
	local bin=$BATS_TEST_TMPDIR/bin command

	mkdir -- "$bin"
	for command in bash cat id ln mkdir mktemp mv rm chmod sync flock; do
		ln -s -- "$(command -v "$command")" "$bin"
	done
	# Of update-initramfs and dracut, none; the one; both.
	PATH=$bin runs 0 allow 04:00.0 --persist --reason x
	says 'If this machine has an initramfs, make it again:'
	printf '#!/bin/sh\nexit 1\n' >"$bin/dracut"
	chmod +x "$bin/dracut"
	PATH=$bin runs 0 allow 04:00.0 --persist --reason x
	says 'The initramfs has a copy that is not changed yet; to make it again: dracut --force'
	cp -- "$bin/dracut" "$bin/update-initramfs"
	PATH=$bin runs 0 revoke 04:00.0
	says 'The initramfs has a copy that is not changed yet; to make it again: update-initramfs -u'
}

@test "allow --persist: a device on a root bus, and one of VMD's" {
	pci 0000:00:0e.0 8086:9a0b 010400 vmd
	pci pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:01.0 8086:9a09 060400 pcieport
	pci pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:01.0/10000:e1:00.0 8086:0b60 010802 nvme
	guard_all
	verdict 10000:e1:00.0 'alias 0000:00:0e.0: words'
	verdict 0000:00:0e.0 'alias 10000:e1:00.0: words'
	runs 0 allow 10000:e1:00.0 --persist --reason x
	runs 0 allow 00:0e.0 --persist --reason x
	grep -qxF 'options acs_guard permissive=10000:e0:01.0/00.0@8086:0b60,0000:00:0e.0@8086:9a0b' "$conf"
	grep -qF 'DEVPATH=="*/pci10000:e0/10000:e0:01.0/?????:??:00.0"' "$rules"
	grep -qF 'DEVPATH=="*/pci0000:00/0000:00:0e.0"' "$rules"
}

@test "allow --persist: another card in the place is not taken for it, and tree names both" {
	runs 0 allow 04:00.0 --persist --reason 'for the old card'
	echo 0 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	identity "$fake/sys/bus/pci/devices/0000:04:00.0" 8086:1533 020000
	runs 1
	says 'was for an 8086:10d3; now 8086:1533 is there, at' 'REFUSED       │  └─ 04:00.0'
	runs 1 --json
	holds '.unmatched_exceptions | length == 1'
	rm "$fake/sys/bus/pci/devices/0000:04:00.0"
	runs 1
	says 'has no device today'
	runs 0 revoke 04:00.0
	[ -z "$(find "$fake/etc" -type f)" ]
}

@test "a reason can be no rule: quotes and backslashes are replaced, a second line refused" {
	changes_nothing refuses 'one line' allow 04:00.0 --persist --reason $'x\nACTION=="add", RUN+="/bin/sh"'
	changes_nothing refuses 'one line' allow 04:00.0 --persist --reason $'x\rACTION=="add"'
	changes_nothing refuses 'needs a reason' allow 04:00.0 --persist --reason ' '
	changes_nothing refuses 'longer than 200' allow 04:00.0 --persist --reason "$(printf '%0201d' 0)"
	runs 0 allow 04:00.0 --persist --reason '", RUN+="/bin/sh" $attr{x} %k \'
	[ "$(grep -vc '^#' "$rules")" -eq 3 ]
	[ "$(grep -c '"/bin/sh"' "$rules")" -eq 0 ]
	[[ $(grep '^# exception' "$rules") != *\\* ]]
	runs 0 revoke 04:00.0
}

@test "allow: bad words on the command line" {
	changes_nothing refuses 'needs a reason' allow 04:00.0
	changes_nothing refuses 'needs a text' allow 04:00.0 --reason
	changes_nothing refuses 'no option' allow 04:00.0 --forever --reason x
	changes_nothing refuses 'one device' allow 04:00.0 05:00.0 --reason x
	changes_nothing refuses 'address of a device' allow --reason x
	changes_nothing refuses 'no PCI device' allow 09:00.0 --reason x
	changes_nothing refuses 'no PCI device' revoke 09:00.0
	changes_nothing refuses 'address of one device' revoke
	changes_nothing refuses 'takes no --all' revoke --all
	changes_nothing refuses 'takes no --all' list --all
	changes_nothing refuses 'takes no --persist' revoke 04:00.0 --persist
	changes_nothing refuses '--reason may be given once' allow 04:00.0 --reason x --reason=y
	changes_nothing refuses '--group may be given once' allow --group 1 --group 2 --reason x
	changes_nothing refuses '--verify takes no command' --verify allow 04:00.0 --reason x
	# An option's name is a reason, too.
	runs 0 allow 04:00.0 --reason --json
	grep -q ': --json$' "$fake/dev/kmsg"
}

@test "allow, revoke: an ordinary user gets the advice to be root, and can still read" {
	[ -z "${ACS_GUARD_TOOL-}" ] || skip 'what runs the tool is where only root can read'
	# A checkout may be where only root can read.
	cp -- "$acs_guard" "$BATS_TEST_TMPDIR/acs-guard"
	acs_guard=$BATS_TEST_TMPDIR/acs-guard
	export -f tool
	export fake acs_guard
	run as_nobody bash -c 'tool >/dev/null'
	[ "$status" -eq 1 ]
	chmod 444 "$fake"/sys/bus/pci/devices/*/acs_guard/permissive
	for command in 'allow 04:00.0 --reason x' 'allow 04:00.0 --persist --reason x'; do
		run as_nobody bash -c "tool $command 2>&1"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		says 'needs root'
	done
	[ -z "$(find "$fake/etc" -type f)" ]
	chmod 644 "$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	echo 1 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	chmod 444 "$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	run as_nobody bash -c "tool revoke 04:00.0 2>&1"
	[ "$status" -eq 2 ]
	says 'needs root'
}

@test "allow, revoke: no module, no attribute that takes it, settings that are locked" {
	# As the kernel does: what is written is not kept.
	rm "$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	ln -s /dev/null "$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	changes_nothing refuses 'cannot make an exception for 0000:04:00.0' allow 04:00.0 --persist --reason x
	echo 1 >"$fake/sys/module/acs_guard/parameters/lock"
	changes_nothing refuses 'locked until reboot' allow 04:00.0 --persist --reason x
	[ -z "$(find "$fake/etc" -type f)" ]
	unload
	refuses 'not loaded' allow 04:00.0 --reason x
	refuses 'not loaded' revoke 04:00.0
}

@test "allow --persist: a disk that is full changes nothing" {
	runs 0 allow 05:00.0 --persist --reason x
	# No file may grow: like a full disk, but for the number of the error.
	full() (
		trap '' XFSZ
		ulimit -f 0
		tool "$@" 2>&1
	)
	changes_nothing run full allow 04:00.0 --persist --reason x
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"cannot write $rules"*'nothing was changed'* ]]
	[ "$(find "$fake/etc" -type f | wc -l)" -eq 2 ]
}

# full_disk LIMIT: runs the tool with no free page or inode in the file system of /etc, then with
# one, and so on until the tool succeeds. Prints the output of each run. In a mount namespace of
# its own, so that nothing stays mounted. Fails if a run that fails changes a file.
full_disk() {
	unshare --mount --propagation private bash -c '
		set -e
		state() {
			find . -type f -printf "%P %s %m\n" -exec cat {} + | sort && cat "$fake"/sys/bus/pci/devices/*/acs_guard/permissive
		}
		limit=$1
		shift
		cp -a -- "$ACS_GUARD_ETC" old
		mount -t tmpfs -o size=1m,nr_inodes=99 none "$ACS_GUARD_ETC"
		cp -a old/. "$ACS_GUARD_ETC"
		cd -- "$ACS_GUARD_ETC"
		before=$(state)
		for free in 0 1 2 3 4; do
			case $limit in
			size) mount -o "remount,size=$(($(df --output=used . | tail -n 1) + 4 * free))k" . ;;
			nr_inodes) mount -o "remount,nr_inodes=$(($(df --output=iused . | tail -n 1) + free))" . ;;
			esac
			! "$@" 2>&1 || break
			[ "$(state)" = "$before" ]
		done' bash "$1" "$acs_guard" allow 04:00.0 --persist --reason x
}

@test "allow --persist: where the file system is full, nothing is changed, whatever still fits" {
	local limit

	[ "$(id -u)" -eq 0 ] || skip 'only root can mount one'
	cd "$BATS_TEST_TMPDIR"
	runs 0 allow 05:00.0 --persist --reason x
	export fake ACS_GUARD_SYSFS=$fake/sys ACS_GUARD_PROC=$fake/proc ACS_GUARD_ETC=$fake/etc ACS_GUARD_DEV=$fake/dev \
		ACS_GUARD_ROOT=$fake ACS_GUARD_PCI_IDS=$fake/pci.ids
	# The number of runs that fail: no room for either new file, for the second, for the link to an old file.
	for limit in 'size 2' 'nr_inodes 3'; do
		rm -rf -- old
		run full_disk "${limit% *}"
		printf '%s\n' "$limit: $status" "$output"
		[ "$status" -eq 0 ]
		[ "$(grep -c '^acs-guard: cannot write .*: No space left on device; nothing was changed$' <<<"$output")" -eq "${limit#* }" ]
		[[ ${lines[${limit#* }]} == 'Exception made for 04:00.0 '* ]]
		echo 0 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/permissive"
	done
}

@test "allow --persist: a half-written or foreign file is left alone, and named" {
	runs 0 allow 05:00.0 --persist --reason x
	cp "$rules" "$BATS_TEST_TMPDIR/rules"
	cp "$conf" "$BATS_TEST_TMPDIR/conf"

	head -c 700 "$BATS_TEST_TMPDIR/rules" >"$rules"
	changes_nothing refuses "$rules is not as acs-guard wrote it" allow 04:00.0 --persist --reason x
	changes_nothing refuses "$rules is not as acs-guard wrote it" revoke 05:00.0
	runs 1
	says 'half-written, or changed by hand'
	sed 's/0x10d3/0x1533/' "$BATS_TEST_TMPDIR/rules" >"$rules"
	changes_nothing refuses "$rules is not as acs-guard wrote it" allow 04:00.0 --persist --reason x
	: >"$rules"
	changes_nothing refuses "$rules is not as acs-guard wrote it" allow 04:00.0 --persist --reason x

	cp "$BATS_TEST_TMPDIR/rules" "$rules"
	echo 'options acs_guard mode=audit' >>"$conf"
	changes_nothing refuses "$conf is not as acs-guard wrote it" allow 04:00.0 --persist --reason x
	head -c 150 "$BATS_TEST_TMPDIR/conf" >"$conf"
	changes_nothing refuses "$conf is not as acs-guard wrote it" allow 04:00.0 --persist --reason x
	cp "$BATS_TEST_TMPDIR/conf" "$conf"
	runs 0 allow 04:00.0 --persist --reason x
}

@test "allow --persist: a permissive= of the administrator's own is not overruled" {
	local other=$fake/etc/modprobe.d/zz.conf text

	mkdir -p "$fake/etc/modprobe.d" "$fake/lib/modprobe.d"
	for text in 'options acs_guard permissive=0000:01:00.0' ' options  acs-guard mode=audit permissive=01:00.0' \
		$'options acs_guard \\\npermissive=01:00.0'; do
		echo "$text" >"$other"
		changes_nothing refuses "$other sets permissive=" allow 04:00.0 --persist --reason x
		mv "$other" "$fake/lib/modprobe.d/a.conf"
		changes_nothing refuses "/lib/modprobe.d/a.conf sets permissive=" allow 04:00.0 --persist --reason x
		rm "$fake/lib/modprobe.d/a.conf"
	done
	echo 'quiet acs_guard.permissive=01:00.0' >"$fake/proc/cmdline"
	changes_nothing refuses "command line" allow 04:00.0 --persist --reason x
	echo quiet >"$fake/proc/cmdline"
	printf '%s\n' '# options acs_guard permissive=x' 'options acs_guard mode=audit' 'options vfio permissive=x' >"$other"
	runs 0 allow 04:00.0 --persist --reason x
}

@test "allow --persist: virtual functions and too deep a place are refused" {
	ln -s ../0000:01:00.0 "$fake/sys/bus/pci/devices/0000:05:00.0/physfn"
	changes_nothing refuses 'virtual function' allow 05:00.0 --persist --reason x
	pci 0000:00:06.0/0000:10:00.0/0000:11:00.0/0000:12:00.0/0000:13:00.0/0000:14:00.0/0000:15:00.0/0000:16:00.0/0000:17:00.0 8086:10d3 020000
	guard_all
	verdict 0000:17:00.0 'no-acs 0000:16:00.0: words'
	changes_nothing refuses 'deeper' allow 17:00.0 --persist --reason x
	runs 0 allow 17:00.0 --reason x
}

@test "allow --persist: no more exceptions than the module takes" {
	local i port text

	runs 0 allow 04:00.0 --persist --reason x
	# As if 64 had been made: the first, each time below another root port.
	text=$(head -n 2 "$rules")
	for ((i = 1; i <= 64; i++)); do
		printf -v port '0000:%02x:01.0' "$i"
		text+=$'\n'$(tail -n +3 "$rules" | sed "s|pci0000:00/0000:00:03.0|pci${port%:*}/$port|; s|place=0000:00:03.0|place=$port|")
	done
	printf '%s\n' "$text" >"$rules"
	rm -- "$conf"
	changes_nothing refuses '64 exceptions at most' allow 05:00.0 --persist --reason x
	runs 0 revoke 04:00.0
	runs 0 allow 05:00.0 --reason x
}

@test "two at once: the second one fails with a message" {
	mkdir -p "${rules%/*}"
	exec 8<"${rules%/*}"
	flock 8
	changes_nothing refuses 'another acs-guard' allow 04:00.0 --persist --reason x
}

# --- generate, metrics, graph, watch -----------------------------------------------------------

@test "generate: what is refused is a comment, what is excepted is not" {
	runs 0 generate
	[ "$(grep -vc -e '^#' -e '^$' <<<"$output")" -eq 0 ]
	says '# OK: isolated' '# REFUSED: no-acs 0000:03:00.0' '#ACTION=="add", SUBSYSTEM=="pci", DEVPATH=="*/pci0000:00/0000:00:03.0/????:??:00.0/'
	echo 1 >"$fake/sys/bus/pci/devices/0000:05:00.0/acs_guard/permissive"
	runs 0 generate
	[ "$(grep -v '^#' <<<"$output" | grep -c 'ATTR{acs_guard/permissive}="1"')" -eq 1 ]
	runs 0 generate --json
	holds '[.rules[] | select(.active) | .bdf] == ["0000:05:00.0"]'
	unload
	refuses 'not loaded' generate
}

# every_line_is_a_metric: the text format, as Prometheus documents it.
every_line_is_a_metric() {
	local name='[a-zA-Z_:][a-zA-Z0-9_:]*' label='[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*"'

	[ -z "$(grep -vE "^(# HELP $name .+|# TYPE $name (gauge|counter)|$name(\{$label(,$label)*\})? -?[0-9]+)\$" <<<"$output")" ]
	# Each name is announced once, before its samples, which stand together.
	[ -z "$(grep '^# TYPE' <<<"$output" | sort | uniq -d)" ]
	[ "$(grep -v '^#' <<<"$output" | sed 's/[{ ].*//' | uniq | sort | uniq -d)" = '' ]
	[ "$(grep -v '^#' <<<"$output" | sed 's/[{ ].*//' | uniq)" = "$(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' <<<"$output")" ]
}

@test "metrics: in the form of Prometheus, and right" {
	echo 7 >"$fake/sys/bus/pci/devices/0000:04:00.0/acs_guard/denied"
	drive 0000:04:00.0 vfio-pci
	runs 0 metrics
	every_line_is_a_metric
	says 'acs_guard_loaded 1' 'acs_guard_enforcing 1' 'acs_guard_functions{status="refused"} 2' \
		'acs_guard_isolated{device="0000:04:00.0",id="8086:10d3"} 0' \
		'acs_guard_isolated{device="0000:01:00.0",id="8086:10d3"} 1' \
		'acs_guard_exposed{device="0000:04:00.0",id="8086:10d3"} 1' \
		'acs_guard_denied_total{device="0000:04:00.0",id="8086:10d3"} 7'
	[[ $output != *0000:03:00.0* ]]
	says 'acs_guard_refused_group_isolated 0' 'acs_guard_group_isolated{device="0000:04:00.0",id="8086:10d3"} 0' \
		'acs_guard_group_isolated{device="0000:01:00.0",id="8086:10d3"} 1'
	group_isolated 0000:04:00.0 1
	runs 0 metrics
	says 'acs_guard_refused_group_isolated 1' 'acs_guard_group_isolated{device="0000:04:00.0",id="8086:10d3"} 1'
	older_module
	runs 0 metrics
	every_line_is_a_metric
	[[ $output != *group_isolated* ]]
	runs 0 metrics --json
	holds '.metrics[] | select(.name == "acs_guard_denied_total" and .labels.device == "0000:04:00.0") | .value == 7'
	unload
	runs 0 metrics
	every_line_is_a_metric
	says 'acs_guard_loaded 0'
}

@test "metrics --output: the file is replaced at once, or remains" {
	local folder=$BATS_TEST_TMPDIR/textfile option

	mkdir -- "$folder"
	runs 0 metrics
	text=$output
	for option in "--output=$folder/a.prom" "--output $folder/b.prom"; do
		# shellcheck disable=SC2086 # words
		(umask 077 && tool metrics $option)
	done
	[ "$(cat "$folder/a.prom")" = "$text" ]
	[ "$(cat "$folder/b.prom")" = "$text" ]
	[ "$(stat -c %a "$folder/a.prom")" = 644 ]
	[ "$(ls "$folder")" = $'a.prom\nb.prom' ]

	# Who has the old file open keeps it.
	exec 7<"$folder/a.prom"
	unload
	runs 0 metrics --output "$folder/a.prom"
	[ -z "$output" ]
	[ "$(cat <&7)" = "$text" ]
	grep -qx 'acs_guard_loaded 0' "$folder/a.prom"
	runs 0 metrics --json --output "$folder/a.prom"
	jq -e '.metrics[] | select(.name == "acs_guard_loaded") | .value == 0' "$folder/a.prom"
}

@test "metrics --output: also without standard output" {
	tool metrics --output "$BATS_TEST_TMPDIR/a.prom" >&-
	grep -q '^acs_guard_loaded 1$' "$BATS_TEST_TMPDIR/a.prom"
}

@test "metrics --output: one line and 2, and nothing is left" {
	local folder=$BATS_TEST_TMPDIR/textfile

	mkdir -- "$folder" "$folder/folder"
	echo old >"$folder/a.prom"
	refuses 'name of a file' metrics --output
	refuses 'name of a file' metrics --output ''
	refuses 'name of a file' metrics "--output=$folder/"
	refuses 'control characters' metrics --output "$folder/"$'a\nb'
	refuses 'too long' metrics --output "$(printf '%5000s' x)"
	refuses 'no argument but --output FILE' metrics --output "$folder/a.prom" b
	refuses 'cannot write' metrics --output "$folder/nowhere/a.prom"
	refuses 'cannot write' metrics --output "$folder/folder"
	rm -rf -- "$fake/sys"
	refuses 'is sysfs mounted?' metrics --output "$folder/a.prom"
	[ "$(cat "$folder/a.prom")" = old ]
	[ "$(ls -A "$folder")" = $'a.prom\nfolder' ]
}

@test "metrics --output: a full disk leaves the old file" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can mount one'
	echo old >"$BATS_TEST_TMPDIR/old"
	unshare --mount --propagation private bash -c '
		mount -t tmpfs -o size=8k none /mnt
		cp "$1" /mnt/a.prom
		dd if=/dev/zero of=/mnt/filler bs=4k 2>/dev/null
		truncate -s 0 /mnt/filler2
		shift
		"$@" --output /mnt/a.prom
		echo "status $?"
		cat /mnt/a.prom
		ls -A /mnt' sh "$BATS_TEST_TMPDIR/old" env ACS_GUARD_SYSFS="$fake/sys" ACS_GUARD_PROC="$fake/proc" \
		ACS_GUARD_PCI_IDS="$fake/pci.ids" "$program" metrics >"$BATS_TEST_TMPDIR/output" 2>&1
	cat "$BATS_TEST_TMPDIR/output"
	[ "$(cat "$BATS_TEST_TMPDIR/output")" = 'acs-guard: cannot write /mnt/a.prom: No space left on device
status 2
old
a.prom
filler
filler2' ]
}

@test "graph: red where two cards meet, and nowhere else" {
	runs 0 graph
	[ "$(grep -c 'color="#e00000"' <<<"$output")" -eq 4 ]
	says '"0000:02:00.0" -- "0000:03:00.0" [color="#e00000"' '"0000:03:01.0" -- "0000:05:00.0" [color="#e00000"' \
		'label="04:00.0  REFUSED\nEthernet controller: Intel\n' 'label="03:00.0  WEAK PORT' 'host root disk here'
	says $'"0000:02:00.0"\n'
	runs 0 graph --json
	holds '[.edges[] | select(.bypass) | .to] == ["0000:03:00.0", "0000:03:01.0", "0000:04:00.0", "0000:05:00.0"]'
	refuses 'no argument' graph --png
	runs 0 graph --svg
	says '<svg ' '#e00000'
}

@test "graph: two functions of one card reach each other inside it" {
	pci 0000:00:02.0/0000:01:00.1 8086:10d3 020000
	guard_all
	verdict 0000:01:00.0 "multifunction 0000:01:00.0: $one_of_several" 0000:01:00.1
	verdict 0000:01:00.1 "multifunction 0000:01:00.1: $one_of_several" 0000:01:00.0
	runs 0 graph --json
	holds '[.edges[] | select(.bypass)] == [{"from": "0000:01:00.0", "to": "0000:01:00.1", "bypass": true}]'
}

@test "graph: a hidden function of a card is in the picture" {
	pci 0000:00:02.0/0000:01:00.1 8086:10d3 020000
	guard_all
	hide 0000:01:00.1
	verdict 0000:01:00.0 "multifunction 0000:01:00.1: $one_of_several" 0000:01:00.1
	runs 0 graph
	says '"0000:01:00.1" [label="01:00.1\nhidden: not listed\nby the kernel"' '"0000:00:02.0" -- "0000:01:00.1"' \
		'"0000:01:00.0" -- "0000:01:00.1" [color="#e00000"'
	runs 0 graph --json
	holds '[.nodes[] | select(.hidden) | .bdf] == ["0000:01:00.1"]'
	holds '[.edges[] | select(.bypass)] == [{"from": "0000:01:00.0", "to": "0000:01:00.1", "bypass": true}]'
}

@test "watch: decisions of the kernel's, in words; what processes write there is not the kernel's" {
	cat >"$fake/dev/kmsg" <<'END'
6,100,5000,-;acs_guard: guarding mode=enforce unit=function strict=0 drivers=vfio-pci
4,101,5001,-;acs_guard: action=deny dev=0000:04:00.0 id=8086:10d3 driver=vfio-pci reason=no-acs blocker=0000:03:00.0 missing=SV,RR,CR,UF group=14 peers=1 mode=enforce uid=0 pid=301 comm="a b"
4,102,5002,-;acs_guard: 0000:04:00.0 is not isolated: no-acs 0000:03:00.0: words
12,103,5003,-;acs_guard: action=allow-permissive dev=0000:05:00.0 id=8086:10d3 driver=vfio-pci reason=no-acs blocker=- missing=- group=1 peers=0 mode=enforce uid=0 pid=1 comm="forged"
4,104,5004,-;acs_guard: action=drift dev=0000:01:00.0 id=8086:10d3 driver=vfio-pci reason=acs-disabled blocker=0000:00:02.0 missing=RR group=10 peers=0 mode=enforce uid=- pid=- comm=-
6,105,5005,-;e1000e: something else
4,106,5006,-;acs_guard: action=present dev=0000:05:00.0 id=8086:10d3 driver=vfio-pci reason=no-acs blocker=0000:03:01.0 missing=SV,RR,CR,UF group=15 peers=1 mode=enforce uid=0 pid=301 comm="sh"
END
	runs 0 watch
	[ "${#lines[@]}" -eq 4 ]
	says 'guarding mode=enforce' \
		'REFUSED 04:00.0 Ethernet controller: Intel 82574L Gigabit Network Connection, to vfio-pci: no-acs at 03:00.0, 1 neighbour exposed (requested by a b, pid 301, uid 0)' \
		'ISOLATION LOST 01:00.0' 'BOUND ALREADY, would be refused now 05:00.0'
	[[ $output != *forged* ]]
	runs 0 watch --json
	[ "$(jq -rs '[.[].action] | join(",")' <<<"$output")" = ',deny,drift,present' ]
	[ "$(jq -rs '.[1].comm' <<<"$output")" = 'a b' ]
}

# What they are, 94-uevent.sh shows in the virtual machine: only a kernel can send them.
@test "watch: an ordinary user gets uevents" {
	rm "$fake/dev/kmsg"
	export -f tool
	export acs_guard fake
	run -124 --separate-stderr timeout 1 bash -c 'tool watch'
	[ -z "$output$stderr" ]
}

# --- the rest ------------------------------------------------------------------------------------

@test "addresses that are none: one line, 2" {
	local address

	refuses 'is no address' explain ''
	refuses 'is no address' explain -1:0.0
	for address in 04 04:00 04:00.8 04:20.0 100:00.0 0000:04:00.0.0 'x; rm -rf /' $'04:00.0\n05:00.0' \
		'*' ../../etc 04:00.0/ 0x4:0.0 ' 04:00.0'; do
		refuses 'is no address' explain "$address"
		refuses 'is no address' allow "$address" --reason x
	done
	refuses 'no PCI device 0000:09:00.0' explain 09:00.0
}

@test "words that are no command, or too many: one line, 2" {
	refuses 'no command' nonsense
	refuses 'no command' $'non\nsense\e[31m'
	refuses 'no command' ''
	refuses 'no argument' tree 04:00.0
	refuses 'one device' explain
	refuses 'one device' explain 04:00.0 05:00.0
	refuses 'no argument but' metrics x
	refuses 'no argument' generate x
	refuses 'no argument' watch x
}

@test "no sysfs: one line, 2" {
	rm -rf "$fake/sys"
	for command in list tree 'explain 04:00.0' 'allow 04:00.0 --reason x' 'revoke 04:00.0' generate metrics graph watch \
		--verify; do
		# shellcheck disable=SC2086 # words
		refuses 'is sysfs mounted?' $command
	done
}

@test "an option that is none, or is before its command" {
	refuses "there is no option '--svg' before a command" --svg graph
	refuses "survey has no option '--bogus'" survey x --bogus
	refuses '--groups needs the name of a file' --groups= list
	refuses '--groups may be given once' --groups x --groups y list
	refuses 'device 00 to 1f, function 0 to 7' explain 00:20.0
}

@test "--help names every command, --version the version" {
	runs 0 --help
	says 'tree ' 'explain BDF' 'allow BDF' 'revoke BDF' generate watch metrics graph --json
	runs 0 --version
	[[ $output =~ ^'acs-guard '[0-9.]+' (module acs_guard: loaded)'$ ]]
	for option in --help --version; do
		status=0
		"$acs_guard" "$option" 2>"$BATS_TEST_TMPDIR/message" >/dev/full || status=$?
		[ "$status" -eq 2 ]
		grep -q 'standard output cannot be written' "$BATS_TEST_TMPDIR/message"
	done
}

@test "no process for each device: as many for 200 as for 10" {
	local i few many

	# What is started is counted by what is put in the place of each program.
	processes() {
		(
			export PATH=$BATS_TEST_TMPDIR/count
			tool "$@" >/dev/null
		) || :
		wc -l <"$BATS_TEST_TMPDIR/started"
		: >"$BATS_TEST_TMPDIR/started"
	}
	mkdir "$BATS_TEST_TMPDIR/count"
	for i in awk sort cat sed grep readlink id; do
		printf '#!/bin/sh\necho %s >>%q\nexec %q "$@"\n' "$i" "$BATS_TEST_TMPDIR/started" "$(command -v "$i")" \
			>"$BATS_TEST_TMPDIR/count/$i"
		chmod +x "$BATS_TEST_TMPDIR/count/$i"
	done
	: >"$BATS_TEST_TMPDIR/started"
	few=$(for i in tree '--json' metrics generate graph; do processes "$i"; done)
	for ((i = 0; i < 190; i++)); do
		printf -v bdf '0000:%02x:%02x.%x' 32 $((i >> 3)) $((i & 7))
		pci "0000:00:07.0/$bdf" 8086:10d3 020000
	done
	guard_all
	many=$(for i in tree '--json' metrics generate graph; do processes "$i"; done)
	runs 0
	says '195 OK'
	[ -n "$few" ]
	[ "$many" = "$few" ]
}
