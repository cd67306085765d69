# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Is this the machine that the other tests count on?

# shellcheck source=../lib.sh
. /guest/lib.sh

# Where in the tree it should stand: below what its bus= names.
parent_of() {
	case $1 in
	*bus=pcie.0*) echo pci0000:00 ;;
	*) address_of "$(echo "$1" | sed 's/.*bus=\([^,]*\).*/\1/')" ;;
	esac
}

check_device() {
	local name=$1 id=$3 device=$4 path vendor number

	# What is no PCI device has no address.
	[ "$2" != - ] || return 0
	begin "$name is where the table says, and is what it says"
	path=$(readlink -f "$(sys "$name")")
	expect_equal parent "$(parent_of "$device")" "$(basename "$(dirname "$path")")"
	read -r vendor <"$path/vendor"
	read -r number <"$path/device"
	expect_equal id "$id" "${vendor#0x}:${number#0x}"
	end
}

# expect_acs DEVICE WANTED: what its ACS control register reads; "none" without one.
expect_acs() {
	local control

	control=$(setpci -s "$(address_of "$1")" ECAP_ACS+6.w 2>/dev/null) || control=none
	expect_equal "ACS control of $1" "$2" "$control"
}

table check_device

begin "a stall of RCU ends the machine"
expect_equal panic_on_rcu_stall 1 "$(cat /proc/sys/kernel/panic_on_rcu_stall)"
end

begin "no driver but pcieport has a device of the table"
for name in $isolated $exposed; do
	expect_driver "$name" none
done
end

begin "good root ports have ACS on"
for name in GOOD_PORT EDU_PORT SWITCH_PORT T10_PORT ONE_PORT TWO_PORT; do
	expect_acs "$name" 001d
done
end

begin "the switch, the bad root port and the two-function card have no ACS"
for name in SWITCH T1_PORT_A T1_PORT_B T9_PORT T10_A T10_B; do
	expect_acs "$name" none
done
end

begin "every card has an IOMMU group"
for name in $isolated $exposed; do
	expect_command test -L "$(sys "$name")/iommu_group"
done
end

# The defect that acs_guard is for. Should a kernel mend it, this test says so.
begin "stock Linux puts the two cards behind the switch into different groups"
expect_command test "$(group_of T1_A)" != "$(group_of T1_B)"
end

begin "the kernel keeps redirection off at two ports, and puts the cards below into one group"
# Newer kernels, as of 7.3, switch the rest of ACS on only when a driver is bound.
for name in GROUP_PORT_A GROUP_PORT_B; do
	control=$(setpci -s "$(address_of "$name")" ECAP_ACS+6.w)
	expect_equal "RR and CR of $name" 0 $((0x$control & 0x0c))
done
expect_equal "group of GROUP_B" "$(group_of GROUP_A)" "$(group_of GROUP_B)"
end
