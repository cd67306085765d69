# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Isolated cards bind as ever, and so do native drivers, on any card.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
guard

# shellcheck disable=SC2086 # a list of names
expect_binds $isolated

native_binds() {
	begin "$1: its native driver $2 binds, and nothing is logged"
	attempt "$pci/drivers_probe" "$(address_of "$1")"
	expect_success
	expect_driver "$1" "$2"
	expect_no_decision
	end
	unbind "$1"
}

# Loaded with the guard there, it takes its cards.
begin "e1000e takes exposed cards when it is loaded"
modprobe e1000e
for name in GOOD_NIC T1_A T1_B T10_A T10_B T13_NIC; do
	expect_driver "$name" e1000e
done
expect_no_decision
end
for name in GOOD_NIC T1_A T1_B T10_A T10_B T13_NIC; do
	unbind "$name"
done

native_binds GOOD_NIC e1000e
native_binds T1_A e1000e
native_binds T10_B e1000e

begin "T1_A: back to e1000e after a refusal, as the log says"
modprobe vfio-pci
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
no_override T1_A
attempt "$pci/drivers_probe" "$(address_of T1_A)"
expect_success
expect_driver T1_A e1000e
end
unbind_and_clear T1_A

modprobe e1000
native_binds T6_TWO_A e1000
native_binds T6_ONE e1000
fresh
