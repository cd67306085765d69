# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which drivers are guarded: those of drivers=, and any other that says
# driver_managed_dma and takes a function that is no bridge.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
modprobe pci-stub

is_refused() {
	bind_by_bind "$1" "$2"
	expect_error 'Operation not permitted'
	expect_driver "$1" none
	expect_refusal "$1" "$2"
	no_override "$1"
}

begin "with drivers= naming neither, both are guarded: they set driver_managed_dma"
expect_command guard drivers=nothing-such
is_refused T1_A vfio-pci
is_refused T1_A pci-stub
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
end
unbind_and_clear GOOD_NIC

# pcieport says driver_managed_dma too, and must never be kept from a bridge.
for name in EDU_PORT T9_PORT T1_PORT_B; do
	begin "$name: pcieport can leave and come back"
	expect_driver "$name" pcieport
	address_of "$name" >"$pci/drivers/pcieport/unbind"
	expect_driver "$name" none
	attempt "$pci/drivers/pcieport/bind" "$(address_of "$name")"
	expect_success
	expect_driver "$name" pcieport
	expect_no_decision
	end
done
unguard

begin "a glob guards a driver that is no VFIO driver"
expect_command guard 'drivers=e1000?,pci-stub'
modprobe e1000e
expect_driver T1_A none
expect_driver GOOD_NIC e1000e
attempt "$pci/drivers/e1000e/bind" "$(address_of T1_A)"
expect_error 'Operation not permitted'
expect_driver T1_A none
# Once when the driver came, once now.
expect_count 2 action=deny "dev=$(address_of T1_A)" driver=e1000e
end
rmmod e1000e
unguard

begin "the globs are held against the whole name"
expect_command guard 'drivers=e100'
modprobe e1000e
expect_driver T1_A e1000e
expect_no_decision
end
rmmod e1000e

begin "drivers reads as it was set"
expect_equal drivers e100 "$(cat "$parameters/drivers")"
unguard
guard
expect_equal "the default" 'vfio-pci,pci-stub,*[-_]vfio[-_]pci' "$(cat "$parameters/drivers")"
end
fresh
