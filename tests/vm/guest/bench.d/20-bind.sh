# shellcheck shell=dash disable=SC2154,SC3040,SC3043 # variables made of the table;
# busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 2: a bind and the unbind after it, through sysfs, of one isolated device, without
# the guard and with it, in turns: what the kernel keeps of earlier binds, and where,
# costs some instructions, too. The first turns are not counted. Of the driver that is
# not guarded it is the bind alone, and that driver does nothing at all, so nothing hides
# what it costs to look away.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

count=100
turns=4

# measure WHAT DRIVER STATE
measure() {
	override GOOD_NIC "$2"
	cost "$1" "$count" "$2" "$at_address"
	no_override GOOD_NIC
	echo "$cost" >>"/run/cost.$2.$3"
}

# measure_all STATE
measure_all() {
	measure bind-unbind pci-stub "$1"
	measure bind-unbind vfio-pci "$1"
	measure bind acs_guard_rival "$1"
}

# report CASE DRIVER: the middle one of all turns but the first.
report() {
	local state

	for state in without with; do
		result 2 "$1" "$state acs_guard" \
			"$(tail -n +2 "/run/cost.$2.$state" | sort -n | sed -n 2p)" instructions
	done
}

modprobe vfio-pci
modprobe pci-stub
insmod /acs_guard_rival.ko
while [ "$turns" -gt 0 ]; do
	measure_all without
	guard
	measure_all with
	unguard
	turns=$((turns - 1))
done
report pci-stub pci-stub
report vfio-pci vfio-pci
report 'not guarded' acs_guard_rival
grep . /run/cost.* | sed 's/^/# /'
rmmod acs_guard_rival
