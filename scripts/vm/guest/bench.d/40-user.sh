# shellcheck shell=dash disable=SC2154,SC3040,SC3043 # variables made of the table;
# busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 4: whether a device is isolated, asked in user space: by the guard's attribute,
# and by a walk through sysfs that looks at the ACS of the ports above, as libvirt does
# it for root ports and switches (and at nothing else that the guard looks at), and by
# lspci, which shows one device and leaves the question to who reads it.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

count=20

# measure CASE DEVICE isolated|exposed
measure() {
	local way

	at "$2"
	result 4 "$1" 'read of isolated' \
		"$("$tools/bench" read "$count" "$at_sys/acs_guard/isolated")" instructions
	for way in dwords whole; do
		result 4 "$1" "walk in C: $way" \
			"$("$tools/bench" walk "$count" "$way" "$at_address" "$3")" instructions
	done
	result 4 "$1" 'cat isolated' \
		"$("$tools/bench" run "$count" /applets/cat "$at_sys/acs_guard/isolated")" instructions
	result 4 "$1" 'lspci -vvv -s BDF' \
		"$("$tools/bench" run 5 /usr/bin/lspci -vvv -s "$at_address")" instructions
}

guard
measure '1 port above' GOOD_NIC isolated
measure '3 ports above' T1_A exposed
