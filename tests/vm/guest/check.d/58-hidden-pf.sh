# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# A write to sysfs "remove" hides a card that has virtual functions, and its driver leaves
# them enabled: the kernel goes on listing them, also when a rescan finds the card again and
# disables them. Nothing may crash, and each refused function stays refused.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

# The kernel itself loses the memory of such a card.
if grep -q 'guest\.debug=' /proc/cmdline; then
	skip "a card is hidden, and its virtual functions are not" "the kernel loses memory by it"
	exit
fi

modprobe vfio-pci
modprobe pci-pf-stub
guard

for name in GOOD_PF BAD_PF; do
	override "$name" pci-pf-stub
	attempt "$pci/drivers_probe" "$at_address"
	no_override "$name"
	attempt "$at_sys/sriov_numvfs" 2
done

# all_readable VF...
all_readable() {
	local name attribute

	for name; do
		for attribute in isolated reason peers; do
			expect_command cat "$(sys "$name")/acs_guard/$attribute"
		done
	done
}

still_refused() {
	local name

	for name in BAD_VF1 BAD_VF2; do
		bind_by_bind "$name" vfio-pci
		expect
		[ -n "$write_error" ] || problem "$name could be bound"
		expect_driver "$name" none
		expect_attribute "$name" isolated 0
		unbind_and_clear "$name"
	done
}

begin "the card is hidden: its virtual functions are still there, and refused"
hide BAD_PF GOOD_PF
expect_command is_there BAD_VF1
still_refused
expect_decision action=deny "dev=$(address_of BAD_VF1)" reason=no-acs \
	"blocker=$(address_of BAD_VF_PORT)" peers=2
all_readable BAD_VF1 BAD_VF2 GOOD_VF1 GOOD_VF2
end

begin "the hidden card is one of their peers"
expect_peers BAD_VF1 BAD_PF BAD_VF2
expect_peers BAD_VF2 BAD_PF BAD_VF1
end

begin "a virtual function of the hidden card can be bound, or is refused, without harm"
bind_by_bind GOOD_VF1 vfio-pci
expect
case $(driver_of GOOD_VF1) in
vfio-pci | none) ;;
*) problem "it has the driver $(driver_of GOOD_VF1)" ;;
esac
unbind_and_clear GOOD_VF1
end

begin "the guard can go and come meanwhile"
unguard
expect_command guard
still_refused
all_readable BAD_VF1 BAD_VF2 GOOD_VF1 GOOD_VF2
end

begin "a rescan finds the card, whose virtual functions are off now: they stay refused"
rescan
expect_command is_there BAD_PF
all_readable BAD_VF1 BAD_VF2 GOOD_VF1 GOOD_VF2 GOOD_PF BAD_PF
still_refused
expect_attribute BAD_PF isolated 0
end

begin "ports and all below are found anew: all is as it was"
hide VF_PORT BAD_VF_PORT
rescan
for name in GOOD_VF1 GOOD_VF2 BAD_VF1 BAD_VF2; do
	expect_command is_absent "$name"
done
expect_attribute GOOD_PF isolated 1
expect_attribute BAD_PF isolated 0
expect_peers BAD_PF
expect_equal sriov_numvfs 0 "$(cat "$(sys GOOD_PF)/sriov_numvfs")"
bind_by_bind GOOD_PF vfio-pci
expect_success
expect_driver GOOD_PF vfio-pci
end
unbind_and_clear GOOD_PF
fresh
