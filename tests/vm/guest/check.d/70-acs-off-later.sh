# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# T18: ACS switched off in a running machine. The groups stay as they were; the
# guard reads the register at each bind, and refuses from then on.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

port=$(address_of GOOD_PORT)
group=$(group_of GOOD_NIC)

# set_acs VALUE: the port's whole control register.
set_acs() {
	setpci -s "$port" "ECAP_ACS+6.w=$1"
	expect_equal "the register" "$1" "$(setpci -s "$port" ECAP_ACS+6.w)"
}

allowed() {
	bind_by_bind GOOD_NIC vfio-pci
	expect_success
	expect_driver GOOD_NIC vfio-pci
	expect_no_decision
	unbind_and_clear GOOD_NIC
}

# refused VALUE MISSING
refused() {
	begin "ACS control of its port is $1: GOOD_NIC is refused, missing $2"
	set_acs "$1"
	bind_by_bind GOOD_NIC vfio-pci
	expect_error 'Operation not permitted'
	expect_driver GOOD_NIC none
	expect_decision action=deny "dev=$(address_of GOOD_NIC)" driver=vfio-pci \
		reason=acs-disabled "blocker=$port" "missing=$2"
	expect_attribute GOOD_NIC isolated 0
	expect_equal "group" "$group" "$(group_of GOOD_NIC)"
	end
	no_override GOOD_NIC
}

begin "ACS on: GOOD_NIC binds"
set_acs 001d
allowed
end

refused 0000 SV,RR,CR,UF
refused 0019 RR
refused 001c SV
refused 0015 CR
refused 000d UF
refused 0001 RR,CR,UF

begin "ACS on again: GOOD_NIC binds"
set_acs 001d
allowed
expect_attribute GOOD_NIC isolated 1
expect_attribute GOOD_NIC reason isolated
end
fresh
