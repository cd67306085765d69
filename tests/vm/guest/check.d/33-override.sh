# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# driver_override that does not stay as it was: cleared or changed between two
# requests, or while a request is under way.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
modprobe pci-stub
guard

for name in T1_A GOOD_NIC; do
	begin "$name: an override that was set and cleared again asks for nothing"
	override "$name" vfio-pci
	no_override "$name"
	attempt "$pci/drivers_probe" "$(address_of "$name")"
	expect_driver "$name" none
	attempt "$pci/drivers/vfio-pci/bind" "$(address_of "$name")"
	expect_error 'No such device'
	expect_driver "$name" none
	expect_no_decision
	end
done

begin "T1_A: refused to one driver, then asked for by the other: each is refused and named"
bind_by_probe T1_A vfio-pci
expect_error 'Invalid argument'
bind_by_probe T1_A pci-stub
expect_error 'Invalid argument'
expect_driver T1_A none
expect_refusal T1_A vfio-pci
expect_refusal T1_A pci-stub
end

begin "GOOD_NIC: bound to one driver, unbound, bound to the other"
bind_by_probe GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
override GOOD_NIC pci-stub
expect_driver GOOD_NIC vfio-pci
unbind GOOD_NIC
attempt "$pci/drivers_probe" "$(address_of GOOD_NIC)"
expect_success
expect_driver GOOD_NIC pci-stub
expect_no_decision
end
unbind_and_clear GOOD_NIC
no_override T1_A

# The guard reads the override to choose between its two ways to refuse. Neither
# choice may ever let the device through.
change_for_ever() {
	while [ ! -e /run/enough ]; do
		override "$1" vfio-pci
		override "$1" pci-stub
		no_override "$1"
	done
}

# ask_often DEVICE: counts in got how often it was found bound.
ask_often() {
	local driver file round=0

	got=0
	while [ "$round" -lt 60 ]; do
		for file in "$pci/drivers_probe" "$pci/drivers/vfio-pci/bind" "$pci/drivers/pci-stub/bind"; do
			attempt "$file" "$(address_of "$1")"
			at "$1"
			if [ -e "$at_sys/driver" ]; then
				got=$((got + 1))
				unbind "$1"
			fi
		done
		round=$((round + 1))
	done
}

while_it_changes() {
	rm -f /run/enough
	change_for_ever "$1" &
	changer=$!
	ask_often "$1"
	: >/run/enough
	expect
	wait "$changer" || problem "the process that changes the override ended with $?"
}

begin "T1_A: never bound while its override changes"
while_it_changes T1_A
expect_equal "times that it was bound" 0 "$got"
expect_command is_logged action=deny "dev=$(address_of T1_A)"
end
no_override T1_A

begin "GOOD_NIC: bound now and then while its override changes"
while_it_changes GOOD_NIC
expect
[ "$got" -gt 0 ] || problem "it was never bound"
expect_no_decision
end
fresh
