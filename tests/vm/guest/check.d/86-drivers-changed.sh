# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module loaded again with another list of drivers: what counts at a bind is the
# list of that moment, whichever driver is bound, and whatever was refused before.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe e1000e

# again LIST: the module leaves and comes back.
again() {
	unguard
	guard "drivers=$1"
}

begin "drivers=e1000e, with e1000e bound already: this is reported, and e1000e keeps its cards"
expect_command guard drivers=e1000e
for name in T1_A T1_B T10_A T10_B; do
	expect_decision action=present "dev=$(address_of "$name")" driver=e1000e
	expect_driver "$name" e1000e
done
expect_driver GOOD_NIC e1000e
expect_no_decision "dev=$(address_of GOOD_NIC)"
end

# by_id DEVICE WANTED: unbound, then offered to each driver that matches.
by_id() {
	unbind "$1"
	attempt "$pci/drivers_probe" "$(address_of "$1")"
	expect_success
	expect_driver "$1" "$2"
}

begin "unbound, T1_A is refused to e1000e, and GOOD_NIC is not"
by_id T1_A none
expect_refusal T1_A e1000e
by_id GOOD_NIC e1000e
expect_count 1
end

for list in vfio-pci 'vfio-pci,e1000' 'e1000e?,[!e]*'; do
	begin "drivers=$list does not guard e1000e: it takes both"
	again "$list"
	by_id T1_A e1000e
	by_id GOOD_NIC e1000e
	expect_no_decision "driver=e1000e"
	end
done

for list in '*' 'vfio-pci,e1000?' 'e[0-9]000[a-f]' pci-stub,e1000e; do
	begin "drivers=$list guards e1000e: it takes the isolated card only"
	again "$list"
	mark "$list"
	by_id T1_A none
	expect_refusal T1_A e1000e
	by_id GOOD_NIC e1000e
	expect_no_decision "dev=$(address_of GOOD_NIC)"
	end
done

begin "e1000e itself leaves and comes back under the list that guards it"
rmmod e1000e
modprobe e1000e
for name in T1_A T1_B T10_A T10_B; do
	expect_driver "$name" none
	expect_refusal "$name" e1000e 'comm="modprobe"'
done
for name in GOOD_NIC T13_NIC; do
	expect_driver "$name" e1000e
	expect_no_decision "dev=$(address_of "$name")"
done
end

begin "and under one that does not, it takes all"
rmmod e1000e
again vfio-pci
modprobe e1000e
for name in T1_A T1_B T10_A T10_B GOOD_NIC T13_NIC; do
	expect_driver "$name" e1000e
done
expect_no_decision
end
fresh
