# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Cards that are really plugged in and pulled out: below a good root port, below one
# without ACS, and into a switch without ACS that has a card at its other port. The
# machine of check.d is notified by ACPI, that of check.native.d by pciehp.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

cards='GOOD_CARD BAD_CARD SLOT_CARD'
# The cards of the same ID that are there from the start.
nics='GOOD_NIC T1_A T1_B T10_A T10_B T13_NIC T21_A T21_B T21_C'

# plug_in CARD...
plug_in() {
	local name

	for name; do
		plug "$name"
	done
}

# gets DEVICE DRIVER: it is probed a moment after it is there.
gets() {
	[ "$2" = none ] || wait_until 10 has_driver "$1" "$2" || true
	expect_driver "$1" "$2"
}

# is_refused CARD DRIVER: at its arrival, by a thread of the kernel's.
is_refused() {
	wait_until 10 is_logged action=deny "dev=$(address_of "$1")" || true
	expect_refusal "$1" vfio-pci uid=- pid=- comm=-
	expect_attribute "$1" denied 1
	gets "$1" "$2"
}

# Those that are there already stay out of it. Where vfio-pci probes several at a time
# and none is refused, two functions of one IOMMU group are too much for the VFIO of
# Linux 6.1: vfio_create_group() warns of the group that came second.
for name in $nics; do
	override "$name" none
done
modprobe vfio-pci ids=8086:10d3

begin "without the guard vfio-pci takes each card that is plugged in"
# shellcheck disable=SC2086 # a list of names
plug_in $cards
for name in $cards; do
	gets "$name" vfio-pci
done
end
begin "and they can be pulled out again"
# shellcheck disable=SC2086 # a list of names
unplug $cards
for name in $cards; do
	expect_command is_absent "$name"
done
end

rmmod vfio-pci
for name in $nics; do
	no_override "$name"
done
guard
modprobe vfio-pci ids=8086:10d3

# An exposed card that is in use, at the switch that gets another.
attempt "$(sys NEXT)/acs_guard/permissive" 1
bind_by_bind NEXT vfio-pci
no_override NEXT

begin "plugged in: GOOD_CARD goes to vfio-pci, the exposed ones to no driver"
expect_driver NEXT vfio-pci
expect_equal "peers of NEXT, before" '' "$(cat "$(sys NEXT)/acs_guard/peers")"
# shellcheck disable=SC2086 # a list of names
plug_in $cards
gets GOOD_CARD vfio-pci
is_refused BAD_CARD none
is_refused SLOT_CARD none
expect_no_decision "dev=$(address_of GOOD_CARD)"
end

begin "the cards at the switch name each other, and NEXT keeps its driver"
expect_equal "peers of SLOT_CARD" "$(address_of NEXT)" "$(cat "$(sys SLOT_CARD)/acs_guard/peers")"
expect_equal "peers of NEXT" "$(address_of SLOT_CARD)" "$(cat "$(sys NEXT)/acs_guard/peers")"
expect_driver NEXT vfio-pci
expect_attribute NEXT permissive 1
expect_attribute GOOD_CARD isolated 1
expect_attribute BAD_CARD isolated 0
end

begin "other cards are as they were"
expect_driver GOOD_NIC vfio-pci
unbind GOOD_NIC
attempt "$pci/drivers/vfio-pci/bind" "$(address_of GOOD_NIC)"
expect_success
expect_driver GOOD_NIC vfio-pci
attempt "$pci/drivers/vfio-pci/bind" "$(address_of T1_A)"
expect_error 'Operation not permitted'
expect_driver T1_A none
end

# holds FILE: opens it, makes /run/held, and tries to use it when the card is gone.
holds() {
	exec 3<>"$1"
	: >/run/held
	while [ ! -e /run/pulled ]; do
		usleep 100000
	done
	cat <&3 >/run/was_read 2>/run/read_error || true
	{ echo 0 >&3; } 2>/run/write_error || true
	exec 3>&-
}

ends_with() {
	expect
	case $2 in
	*"$3") ;;
	*) problem "$1 said '$2', wanted '$3'" ;;
	esac
}

has_no_peer() {
	at "$1"
	[ -z "$(cat "$at_sys/acs_guard/peers")" ]
}

begin "pulled out while its permissive is open elsewhere: ENODEV there, and nothing breaks"
attempt "$(sys SLOT_CARD)/acs_guard/permissive" 1
expect_attribute SLOT_CARD permissive 1
rm -f /run/held /run/pulled
holds "$(sys SLOT_CARD)/acs_guard/permissive" &
holder=$!
expect_command wait_until 10 test -e /run/held
# A bound card, a refused one, and the one whose file is open.
# shellcheck disable=SC2086 # a list of names
unplug $cards
for name in $cards; do
	expect_command is_absent "$name"
done
: >/run/pulled
expect
wait "$holder" || problem "the process that holds it open ended with $?"
ends_with "the read" "$(cat /run/read_error)" 'No such device'
ends_with "the write" "$(cat /run/write_error)" 'No such device'
expect_equal "what was read" '' "$(cat /run/was_read)"
expect_no_decision action=clear-permissive
expect_driver NEXT vfio-pci
# The kernel forgets a card before the card is gone, and until then it counts.
expect_command wait_until 10 has_no_peer NEXT
end

# Where drivers are probed one after the other, vfio-pci is the first on the bus. With
# native hot-plug it is probed asynchronously (see boot), and newer kernels then ask
# e1000e before it.
next_driver() {
	modprobe e1000e
	begin "the next driver that matches has its turn: e1000e takes what vfio-pci may not have"
	plug_in GOOD_CARD SLOT_CARD
	gets GOOD_CARD vfio-pci
	is_refused SLOT_CARD e1000e
	expect_driver NEXT vfio-pci
	end
	unplug GOOD_CARD SLOT_CARD
	rmmod e1000e
}
[ "$hotplug" = native ] || next_driver
unbind NEXT
rmmod vfio-pci
modprobe vfio-pci

begin "plugged in again, a card starts like a new one: not permissive, never refused"
plug_in GOOD_CARD SLOT_CARD
expect_attribute SLOT_CARD permissive 0
expect_attribute SLOT_CARD denied 0
bind_by_bind SLOT_CARD vfio-pci
expect_error 'Operation not permitted'
expect_driver SLOT_CARD none
expect_refusal SLOT_CARD vfio-pci uid=0
expect_attribute SLOT_CARD denied 1
bind_by_bind GOOD_CARD vfio-pci
expect_success
expect_driver GOOD_CARD vfio-pci
unbind_and_clear GOOD_CARD
end

# ask_for_ever DEVICE: until it is gone, and a little longer.
ask_for_ever() {
	while [ ! -e /run/enough ]; do
		bind_by_bind "$1" vfio-pci || true
		unbind_and_clear "$1" || true
	done
}

begin "pulled out while a process binds them in a loop"
rm -f /run/enough
ask_for_ever GOOD_CARD 2>/dev/null &
one=$!
ask_for_ever SLOT_CARD 2>/dev/null &
two=$!
wait_until 10 is_logged action=deny "dev=$(address_of SLOT_CARD)" || problem "nothing was refused"
unplug GOOD_CARD SLOT_CARD
for name in GOOD_CARD SLOT_CARD; do
	expect_command is_absent "$name"
done
: >/run/enough
for process in "$one" "$two"; do
	expect
	wait "$process" || problem "a process that asks ended with $?"
done
end

begin "and afterwards it refuses and allows as ever"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_A none
expect_refusal T1_A vfio-pci
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
end
fresh
