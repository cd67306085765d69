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

# ask CASE SUBJECT ARGUMENT...
ask() {
	local name=$1 subject=$2

	shift 2
	cost "$@"
	result 4 "$name" "$subject" "$cost" instructions
}

# measure CASE DEVICE isolated|exposed
measure() {
	local file

	at "$2"
	file=$at_sys/acs_guard/isolated
	# It has the guard's own code in it, with its attributes.
	unguard
	insmod /acs_guard_bench.ko "bdf=$at_address" "name=\"$1\"" out=/run/verdict
	rmmod acs_guard_bench
	cat /run/verdict
	guard
	ask "$1" 'read of isolated' read "$count" "$file"
	ask "$1" 'read of isolated, already open' reread "$count" "$file"
	ask "$1" 'walk in C, by dwords' walk "$count" dwords "$at_address" "$3"
	ask "$1" 'walk in C, whole files' walk "$count" whole "$at_address" "$3"
	ask "$1" 'cat isolated' run "$count" /applets/cat "$file"
	ask "$1" 'lspci -vvv -s' run "$count" /usr/bin/lspci -vvv -s "$at_address"
}

measure 'isolated, 1 port above' GOOD_NIC isolated
measure 'exposed, 3 ports above' T1_A exposed
