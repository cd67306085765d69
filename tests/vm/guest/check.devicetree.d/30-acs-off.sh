# shellcheck shell=dash disable=SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A machine that is described by a device tree. These kernels ask for ACS only after the
# buses are scanned, so it stays off at every port, and nothing is isolated behind one. The
# tool names the device tree.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
make_groups

begin "Linux leaves ACS off at a good port"
expect_equal "ACS control of GOOD_PORT" 0000 "$(setpci -s "$address_GOOD_PORT" ECAP_ACS+6.w)"
end

guard
for name in GOOD_NIC GOOD_EDU; do
	begin "$name: refused, since a port has ACS, and not all of it is on"
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$name" none
	expect_decision action=deny "dev=$(address_of "$name")" reason=acs-disabled mode=enforce
	unbind_and_clear "$name"
	end
done

begin "T9: a port without ACS is still the reason"
bind_by_bind T9 vfio-pci
expect_error 'Operation not permitted'
expect_decision action=deny "dev=$address_T9" reason=no-acs
unbind_and_clear T9
end

begin "acs-guard says that the device tree is why, and how to switch ACS on"
status=0
acs-guard explain "$address_GOOD_NIC" >/run/explain 2>&1 || status=$?
expect_equal "exit status of explain" 1 "$status"
expect_command grep -q acs-disabled /run/explain
expect_command grep -q 'device tree' /run/explain
expect_command grep -qF "setpci -s $address_GOOD_PORT ECAP_ACS+6.w=" /run/explain
end

begin "with ACS on, the card is isolated, and binds"
set_acs GOOD_PORT 001d
expect_attribute GOOD_NIC isolated 1
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
unbind_and_clear GOOD_NIC
end

begin "nothing is refused any more once the module is gone"
rmmod acs_guard
bind_by_bind GOOD_EDU vfio-pci
expect_success
unbind_and_clear GOOD_EDU
end
