# shellcheck shell=dash disable=SC2154,SC3040,SC3043 # variables made of the table;
# busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 2: a bind and the unbind after it, through sysfs, of one isolated device, without
# the guard, with it, and when it is gone again. pcieport is the driver of a port; the
# guard looks at neither that nor uio_pci_generic.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

count=20

# measure SUBJECT
measure() {
	local driver

	for driver in pci-stub vfio-pci uio_pci_generic; do
		override GOOD_NIC "$driver"
		result 2 "$driver" "$1" "$("$tools/bench" bind "$count" "$driver" "$at_address")" instructions
	done
	no_override GOOD_NIC
	at NEXT_PORT
	unbind NEXT_PORT
	result 2 pcieport "$1" "$("$tools/bench" bind "$count" pcieport "$at_address")" instructions
	echo "$at_address" >"$pci/drivers/pcieport/bind"
}

modprobe vfio-pci
modprobe pci-stub
modprobe uio_pci_generic
measure 'without acs_guard'
guard
measure 'with acs_guard'
unguard
measure 'unloaded again'
rmmod uio_pci_generic
rmmod uio
