# shellcheck shell=dash disable=SC2154 # what lib.sh sets
# SPDX-License-Identifier: GPL-2.0-only
#
# driverctl: what it says and leaves behind when it is refused a device, what mends it,
# and that all is as ever with what it may have.

# shellcheck source=../clients-lib.sh
. /guest/clients-lib.sh
fresh
guard
modprobe e1000e

address=$(address_of T1_A)
saved=$tree/etc/driverctl.d/pci-$address

refused() {
	client 1 driverctl set-override "$address" vfio-pci
	expect_said 'echo: write error: Invalid argument' \
		"driverctl: failed to bind device $address to driver vfio-pci"
	expect_refused T1_A driverctl
	expect_override T1_A vfio-pci
	# Nor will it be tried again at the next boot.
	expect_command test ! -e "$saved"
}

begin "driverctl set-override: a refusal is an error, and the device has no driver"
expect_driver T1_A e1000e
refused
end

begin "driverctl: the commands in the log mend it"
refused
expect_mended T1_A
end

begin "driverctl unset-override mends it as well"
refused
client 0 driverctl unset-override "$address"
expect_silence
expect_driver T1_A e1000e
expect_override T1_A '(null)'
end

# binds DEVICE: and is given back.
binds() {
	client 0 driverctl set-override "$(address_of "$1")" vfio-pci
	expect_silence
	expect_driver "$1" vfio-pci
	expect_command test -s "$tree/etc/driverctl.d/pci-$(address_of "$1")"
}

gives_back() {
	client 0 driverctl unset-override "$(address_of "$1")"
	expect_driver "$1" e1000e
	expect_override "$1" '(null)'
}

begin "driverctl set-override: an isolated device is bound, and nothing is logged"
binds GOOD_NIC
expect_no_decision
gives_back GOOD_NIC
end

begin "driverctl set-override: so is one with an exception"
set_permissive T1_A 1
binds T1_A
expect_decision action=allow-permissive "dev=$address" driver=vfio-pci 'comm="driverctl"'
gives_back T1_A
set_permissive T1_A 0
end
fresh
