# shellcheck shell=dash disable=SC2154 # what lib.sh sets
# SPDX-License-Identifier: GPL-2.0-only
#
# virsh nodedev-detach, with a running libvirtd: as for driverctl.

# shellcheck source=../clients-lib.sh
. /guest/clients-lib.sh
fresh
guard
modprobe e1000e
start_libvirt

# node DEVICE: as libvirt calls it.
node() {
	at "$1"
	echo "pci_$at_address" | tr ':.' '__'
}

name=$(node T1_A)
address=$(address_of T1_A)

refused() {
	client 1 virsh nodedev-detach "$name" --driver vfio
	expect_said "error: Failed to detach device $name" \
		"error: Failed to trigger a probe for PCI device '$address': Invalid argument"
	expect_refused T1_A rpc-libvirtd
	expect_override T1_A vfio-pci
}

begin "virsh nodedev-detach: a refusal is an error, and the device has no driver"
refused
end

begin "virsh nodedev-detach: the commands in the log mend it"
refused
expect_mended T1_A
end

begin "virsh nodedev-reattach mends it as well"
refused
client 0 virsh nodedev-reattach "$name"
expect_said "Device $name re-attached"
expect_driver T1_A e1000e
expect_override T1_A '(null)'
end

binds() {
	client 0 virsh nodedev-detach "$(node "$1")" --driver vfio
	expect_said "Device $(node "$1") detached"
	expect_driver "$1" vfio-pci
}

gives_back() {
	client 0 virsh nodedev-reattach "$(node "$1")"
	expect_driver "$1" e1000e
	expect_override "$1" '(null)'
}

begin "virsh nodedev-detach: an isolated device is bound, and nothing is logged"
binds GOOD_NIC
expect_no_decision
gives_back GOOD_NIC
end

begin "virsh nodedev-detach: so is one with an exception"
set_permissive T1_A 1
binds T1_A
expect_decision action=allow-permissive "dev=$address" driver=vfio-pci 'comm="rpc-libvirtd"'
gives_back T1_A
set_permissive T1_A 0
end
fresh
