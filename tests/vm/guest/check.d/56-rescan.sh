# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Devices that the kernel finds again, while a driver waits for their ID; under the
# same address or another one. (From user space no PCI device can be renamed; a bridge
# that comes back with other bus numbers is as near as it gets.)

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
guard
modprobe vfio-pci ids=8086:10d3

# refused_at_rescan NAME...: since the mark, once each.
refused_at_rescan() {
	local name

	for name; do
		expect_driver "$name" none
		expect_refusal "$name" vfio-pci mode=enforce uid=0 'comm="sh"'
		expect_attribute "$name" permissive 0
		expect_attribute "$name" isolated 0
		expect_attribute "$name" denied 1
	done
}

begin "cards are removed and found again: T1_A is refused, GOOD_NIC bound"
hide T1_A GOOD_NIC
rescan
refused_at_rescan T1_A
expect_driver GOOD_NIC vfio-pci
expect_count 1
end

begin "the same with the ports above them, and all that is below these"
hide SWITCH_PORT GOOD_PORT
expect_command test ! -e "$(sys T1_A)"
rescan
refused_at_rescan T1_A T1_B
expect_driver GOOD_NIC vfio-pci
expect_no_decision "dev=$(address_of GOOD_NIC)"
end

begin "a rescan of one bus only"
hide T1_A
at T1_PORT_A
echo 1 >"$at_sys/rescan"
refused_at_rescan T1_A
end

begin "permissive goes with the device: it is refused when it is found again"
attempt "$(sys T1_A)/acs_guard/permissive" 1
expect_success
hide T1_A
rescan
refused_at_rescan T1_A
end

# vfio-pci is before it on the bus.
modprobe e1000e
begin "the next driver that matches has its turn: e1000e takes T1_A, vfio-pci GOOD_NIC"
hide T1_A GOOD_NIC
rescan
expect_driver T1_A e1000e
expect_refusal T1_A vfio-pci
expect_driver GOOD_NIC vfio-pci
end
rmmod e1000e
unguard

begin "permissive= at load: bound as soon as it is found, and logged as allow-permissive"
expect_command guard permissive=05:00.0
hide T1_A T1_B
rescan
expect_driver T1_A none
expect_driver T1_B vfio-pci
expect_decision action=allow-permissive "dev=$(address_of T1_B)" driver=vfio-pci
expect_decision action=deny "dev=$(address_of T1_A)" driver=vfio-pci
end
unguard
guard

# swap_buses PORT CARD PORT CARD: the cards come back at each other's address.
swap_buses() {
	local one two

	one=$(setpci -s "$(address_of "$1")" SECONDARY_BUS.b)
	two=$(setpci -s "$(address_of "$3")" SECONDARY_BUS.b)
	hide "$2" "$4"
	setpci -s "$(address_of "$1")" "SECONDARY_BUS.b=$two" "SUBORDINATE_BUS.b=$two"
	setpci -s "$(address_of "$3")" "SECONDARY_BUS.b=$one" "SUBORDINATE_BUS.b=$one"
	hide "$1" "$3"
	rescan
}

# expect_parent DEVICE PORT
expect_parent() {
	local path

	path=$(readlink -f "$(sys "$1")")
	expect_equal "parent of $(address_of "$1")" "$(address_of "$2")" "$(basename "$(dirname "$path")")"
}

begin "two exposed cards change addresses: both are refused, and nothing is inherited"
attempt "$(sys T1_A)/acs_guard/permissive" 1
swap_buses T1_PORT_A T1_A T1_PORT_B T1_B
expect_parent T1_A T1_PORT_B
expect_parent T1_B T1_PORT_A
for pair in T1_A:T1_PORT_B:T1_B T1_B:T1_PORT_A:T1_A; do
	name=${pair%%:*}
	port=${pair#*:}
	expect_driver "$name" none
	expect_attribute "$name" permissive 0
	expect_decision action=deny "dev=$(address_of "$name")" reason=no-acs \
		"blocker=$(address_of "${port%:*}")" driver=vfio-pci
	expect_equal "peers of $name" "$(address_of "${port#*:}")" "$(cat "$(sys "$name")/acs_guard/peers")"
done
end

begin "and change back"
swap_buses T1_PORT_A T1_B T1_PORT_B T1_A
expect_parent T1_A T1_PORT_A
refused_at_rescan T1_A T1_B
end

begin "an isolated card changes addresses with an exposed one, and each stays what it is"
swap_buses GOOD_PORT GOOD_NIC T9_PORT T9
expect_parent GOOD_NIC T9_PORT
expect_parent T9 GOOD_PORT
# The table's names are addresses: at T9's there is the isolated network card now.
expect_driver T9 vfio-pci
expect_attribute T9 isolated 1
expect_no_decision "dev=$(address_of T9)"
bind_by_bind GOOD_NIC vfio-pci
expect_error 'Operation not permitted'
expect_driver GOOD_NIC none
expect_decision action=deny "dev=$(address_of GOOD_NIC)" id=1234:11e8 reason=no-acs "blocker=$(address_of T9_PORT)"
no_override GOOD_NIC
end

begin "and back again"
swap_buses GOOD_PORT T9 T9_PORT GOOD_NIC
expect_parent GOOD_NIC GOOD_PORT
expect_driver GOOD_NIC vfio-pci
bind_by_bind T9 vfio-pci
expect_error 'Operation not permitted'
expect_driver T9 none
expect_refusal T9 vfio-pci
end
fresh
