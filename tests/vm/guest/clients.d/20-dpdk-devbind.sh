# shellcheck shell=dash disable=SC2154 # what lib.sh sets
# SPDX-License-Identifier: GPL-2.0-only
#
# dpdk-devbind.py: as for driverctl.

# shellcheck source=../clients-lib.sh
. /guest/clients-lib.sh
fresh
guard
modprobe e1000e

address=$(address_of T1_A)

# It does not load the driver itself.
begin "dpdk-devbind.py without vfio-pci loaded reports the missing driver, and leaves the device alone"
client 1 dpdk-devbind.py -b vfio-pci "$address"
expect_said "Error: Driver 'vfio-pci' is not loaded."
expect_driver T1_A e1000e
expect_no_decision
end

modprobe vfio-pci

refused() {
	client 1 dpdk-devbind.py -b vfio-pci "$address"
	expect_said "Error: bind failed for $address - Cannot bind to driver vfio-pci: [Errno 1] Operation not permitted" \
		"Error: unbind failed for $address - Cannot open /sys/bus/pci/drivers//unbind: [Errno 13] Permission denied"
	expect_refused T1_A dpdk-devbind.py
	expect_override T1_A vfio-pci
}

begin "dpdk-devbind.py: a refusal is an error, and the device has no driver"
refused
end

# Its way back is a bind as well, and the override still names vfio-pci.
begin "dpdk-devbind.py: the way back that it knows does not work, and it does not fail"
client 0 dpdk-devbind.py -b e1000e "$address"
expect_said "Error: bind failed for $address - Cannot bind to driver e1000e: [Errno 19] No such device"
expect_driver T1_A none
expect_override T1_A vfio-pci
end

begin "dpdk-devbind.py: a device that had no driver is refused as well; the exit status does not tell"
client 0 dpdk-devbind.py -b vfio-pci "$address"
expect_said "Error: bind failed for $address - Cannot bind to driver vfio-pci: [Errno 1] Operation not permitted"
expect_refused T1_A dpdk-devbind.py
end

# More than ten lines about one device in five seconds would not be printed.
fresh
guard
modprobe e1000e
modprobe vfio-pci

begin "dpdk-devbind.py: the commands in the log mend it"
refused
expect_mended T1_A
end

begin "dpdk-devbind.py: its own way back, once the override is cleared"
refused
no_override T1_A
client 0 dpdk-devbind.py -b e1000e "$address"
expect_silence
expect_driver T1_A e1000e
expect_override T1_A '(null)'
end

binds() {
	client 0 dpdk-devbind.py -b vfio-pci "$(address_of "$1")"
	expect_silence
	expect_driver "$1" vfio-pci
}

gives_back() {
	client 0 dpdk-devbind.py -b e1000e "$(address_of "$1")"
	expect_driver "$1" e1000e
}

begin "dpdk-devbind.py: an isolated device is bound, and nothing is logged"
binds GOOD_NIC
expect_no_decision
gives_back GOOD_NIC
end

begin "dpdk-devbind.py: so is one with an exception"
set_permissive T1_A 1
binds T1_A
expect_decision action=allow-permissive "dev=$address" driver=vfio-pci 'comm="dpdk-devbind.py"'
gives_back T1_A
set_permissive T1_A 0
end
fresh
