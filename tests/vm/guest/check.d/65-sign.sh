# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The sign rule: a device that only matches by ID goes to the next driver that
# matches, the native one here; one with a driver_override goes to no other driver.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
guard

# vfio-pci has to come first on the bus, so it is loaded first.
modprobe vfio-pci
attempt "$pci/drivers/vfio-pci/new_id" '8086 10d3'
modprobe e1000e

begin "the native driver takes the card that vfio-pci may not have"
expect_driver T1_A e1000e
expect_driver GOOD_NIC vfio-pci
end

for name in T1_A T10_B; do
	unbind "$name"
	begin "$name: matched by ID, drivers_probe refuses vfio-pci, and e1000e gets it"
	attempt "$pci/drivers_probe" "$(address_of "$name")"
	expect_success
	expect_driver "$name" e1000e
	expect_refusal "$name" vfio-pci
	end

	unbind "$name"
	begin "$name: with an override, drivers_probe fails, and no driver is bound"
	bind_by_probe "$name" vfio-pci
	expect_error 'Invalid argument'
	expect_driver "$name" none
	expect_refusal "$name" vfio-pci
	end
	no_override "$name"
done

# The control: the order on the bus is as this test says.
unbind GOOD_NIC
begin "an isolated card goes to vfio-pci, which comes before e1000e"
attempt "$pci/drivers_probe" "$(address_of GOOD_NIC)"
expect_success
expect_driver GOOD_NIC vfio-pci
end
fresh
