# shellcheck shell=dash disable=SC2154,SC3040,SC3043 # variables made of the table;
# busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 2: a bind and the unbind after it, through sysfs, of one isolated device, without
# the guard, with it, and when it is gone again. The driver that is not guarded does
# nothing at all, so nothing hides what it costs that the guard looks away.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

count=20

# measure CASE DRIVER SUBJECT
measure() {
	override GOOD_NIC "$2"
	result 2 "$1" "$3" "$("$tools/bench" bind "$count" "$2" "$at_address")" instructions
	no_override GOOD_NIC
}

measure_all() {
	measure 'pci-stub' pci-stub "$1"
	measure 'vfio-pci' vfio-pci "$1"
	measure 'not guarded' acs_guard_rival "$1"
}

modprobe vfio-pci
modprobe pci-stub
insmod /acs_guard_rival.ko
measure_all 'without acs_guard'
guard
measure_all 'with acs_guard'
unguard
measure_all 'unloaded again'
rmmod acs_guard_rival
