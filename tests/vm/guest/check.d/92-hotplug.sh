# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything at once: devices are bound, read, removed and found again while the
# module comes and goes. What the single binds come to does not matter here: nothing
# may crash or hang (the host looks through the log), and all must work afterwards.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci

# Devices vanish under these; so do their files.
bind_for_ever() {
	while [ ! -e /run/enough ]; do
		for name in T1_A T1_B GOOD_NIC; do
			bind_by_bind "$name" vfio-pci || true
			unbind_and_clear "$name" || true
		done
	done
}

read_for_ever() {
	local file

	while [ ! -e /run/enough ]; do
		for file in "$pci"/devices/*/acs_guard/*; do
			cat "$file" >/dev/null || true
		done
	done
}

set_for_ever() {
	while [ ! -e /run/enough ]; do
		for value in 1 0; do
			attempt "$(sys T1_A)/acs_guard/permissive" "$value"
		done
	done
}

begin "6 times in and out, while devices are bound, read, set, removed and found again"
rm -f /run/enough
bind_for_ever 2>/dev/null &
binder=$!
read_for_ever 2>/dev/null &
reader=$!
set_for_ever 2>/dev/null &
setter=$!
round=0
while [ "$round" -lt 6 ]; do
	expect_command guard
	at T1_PORT_A
	echo 1 >"$at_sys/remove"
	echo 1 >"$pci/rescan"
	expect_command rmmod acs_guard
	at GOOD_NIC
	echo 1 >"$at_sys/remove"
	expect_command guard
	echo 1 >"$pci/rescan"
	expect_command rmmod acs_guard
	round=$((round + 1))
done
: >/run/enough
for process in "$binder" "$reader" "$setter"; do
	wait "$process" || problem "a process ended with $?"
done
# Else they did not meet.
take_log
decisions action=deny
expect
[ "$found_count" -gt 0 ] || problem "nothing was refused meanwhile"
decisions action=set-permissive
expect
[ "$found_count" -gt 0 ] || problem "nothing was set meanwhile"
end
fresh

guard
modprobe vfio-pci

# read_verdicts: of functions that are not isolated, whichever function is hidden; keeps what is wrong.
read_verdicts() {
	local name value

	while [ ! -e /run/enough ]; do
		for name in T10_A T10_B T1_A T6_TWO_A; do
			at "$name"
			value=
			read -r value <"$at_sys/acs_guard/isolated" || true
			[ "$value" != 1 ] || echo "$name" >>/run/isolated
			cat "$at_sys/acs_guard/peers" "$at_sys/acs_guard/reason" >/dev/null || true
		done
	done
}

# Only those of the hidden functions: a whole rescan takes its time.
rescan_buses() {
	local bus

	for bus in 0000:08 0000:03 0000:0c; do
		echo 1 >"/sys/class/pci_bus/$bus/rescan"
	done
}

begin "functions are hidden and found again while verdicts are asked for: no verdict changes"
rm -f /run/enough /run/isolated
read_verdicts 2>/dev/null &
reader=$!
bind_for_ever 2>/dev/null &
binder=$!
round=0
while [ "$round" -lt 8 ]; do
	hide T10_B T1_PORT_B T6_TWO_B
	rescan_buses
	hide T10_A
	rescan_buses
	round=$((round + 1))
done
: >/run/enough
for process in "$reader" "$binder"; do
	wait "$process" || problem "a process ended with $?"
done
[ ! -e /run/isolated ] || problem "read as isolated: $(sort /run/isolated | uniq -c | tr '\n' ' ')"
end
for name in T1_A T1_B GOOD_NIC; do
	unbind_and_clear "$name"
done
# On arm64, a function that the last rescan found may have no IOMMU group yet.
make_groups 2>/dev/null

# Of what is refused again and again, only so many lines are printed in five seconds.
sleep 6
begin "and afterwards it refuses what it should"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_A none
expect_refusal T1_A vfio-pci
end
no_override T1_A

begin "and lets be what it should"
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
expect_no_decision
end
fresh
