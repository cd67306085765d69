# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Ports and functions that are asleep when a verdict asks for their registers: it is
# the same verdict, and they go back to sleep. Only here do ports sleep at all: the
# kernel keeps those awake whose hot-plug is ACPI's.
#
# The emulated ports have no power management registers: the kernel suspends them as it
# does others, but they stay in D0. The cards below have these registers, and are put
# into D3hot in earnest. What is in D3cold, and is woken or not, is for the KUnit suites.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

ports='GOOD_PORT T1_PORT_A T1_PORT_B T10_PORT'
cards='GOOD_NIC T1_A T1_B T10_A T10_B'

# May they sleep? A function without a driver may, but is not asked to by itself.
set_control() {
	local name

	for name in $cards $ports; do
		at "$name"
		echo "$1" >"$at_sys/power/control"
	done
}

is_asleep() {
	local status

	at "$1"
	read -r status <"$at_sys/power/runtime_status"
	[ "$status" = suspended ]
}

expect_asleep() {
	local name

	expect
	for name in $ports; do
		wait_until 20 is_asleep "$name" || problem "$name does not fall asleep"
	done
}

set_control on
set_control auto

begin "the ports fall asleep"
expect_asleep
end

begin "a verdict finds them asleep, is right, and lets them sleep on"
for name in $cards; do
	case $name in
	GOOD_NIC) expect_attribute "$name" isolated 1 ;;
	*) expect_attribute "$name" isolated 0 ;;
	esac
done
expect_asleep
end

begin "GOOD_NIC binds, though the port above it is asleep"
expect_command is_asleep GOOD_PORT
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
expect_no_decision
unbind_and_clear GOOD_NIC
end

# vfio-pci forbids sleep to what it lets go.
set_control auto
for name in T1_A T1_B T10_A T10_B; do
	begin "$name is refused, though the ports are asleep"
	expect_asleep
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$name" none
	expect_refusal "$name" vfio-pci
	no_override "$name"
	end
done

begin "and they all sleep again"
expect_asleep
for name in $cards; do
	at "$name"
	expect_equal "runtime_enabled of $name" enabled "$(cat "$at_sys/power/runtime_enabled")"
	expect_equal "runtime_status of $name" suspended "$(cat "$at_sys/power/runtime_status")"
done
end
set_control on

# set_state DEVICE 0|3: the power state in its own register; without the kernel's knowledge.
set_state() {
	setpci -s "$(address_of "$1")" "CAP_PM+4.w=$2:3"
	expect_equal "power state of $1" "$2" "$(($(setpci -s "$(address_of "$1")" CAP_PM+4.b) & 3))"
}

begin "a function whose neighbour, or who itself, is in D3hot is judged as ever"
for name in T10_B T1_A GOOD_NIC; do
	set_state "$name" 3
done
for name in T10_A T10_B T1_A; do
	expect_attribute "$name" isolated 0
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$name" none
	expect_refusal "$name" vfio-pci
	no_override "$name"
done
expect_attribute GOOD_NIC isolated 1
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
unbind_and_clear GOOD_NIC
for name in T10_B T1_A; do
	set_state "$name" 0
done
end
fresh
