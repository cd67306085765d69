# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Virtual functions (SR-IOV) that are made while a driver waits for their ID.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

# It has the cards in this topic, and is no driver that is guarded. A VF is taken to be
# isolated inside its card, since neither it nor its PF has ACS: what counts is the
# path above the PF.
take_pf() {
	local name

	modprobe pci-pf-stub
	for name in GOOD_PF BAD_PF; do
		override "$name" pci-pf-stub
		attempt "$pci/drivers_probe" "$at_address"
		no_override "$name"
	done
}

# set_vfs DEVICE NUMBER
set_vfs() {
	attempt "$(sys "$1")/sriov_numvfs" "$2"
}

# expect_vf_refusal VF DRIVER PEERS [KEY=VALUE...]
expect_vf_refusal() {
	local name=$1 driver=$2 peers=$3

	shift 3
	expect_decision action=deny "dev=$(address_of "$name")" id=1b36:0010 "driver=$driver" \
		reason=no-acs "blocker=$(address_of BAD_VF_PORT)" missing=SV,RR,CR,UF "peers=$peers" "$@"
}

modprobe vfio-pci
take_pf
add_id vfio-pci 1b36:0010

begin "without the guard: vfio-pci takes the VFs of both cards"
for name in GOOD_PF BAD_PF; do
	expect_driver "$name" pci-pf-stub
	set_vfs "$name" 2
	expect_success
done
for name in GOOD_VF1 GOOD_VF2 BAD_VF1 BAD_VF2; do
	expect_driver "$name" vfio-pci
done
end
for name in GOOD_PF BAD_PF; do
	set_vfs "$name" 0
done

guard
begin "VFs of a card below a good port go to vfio-pci"
set_vfs GOOD_PF 2
expect_success
for name in GOOD_VF1 GOOD_VF2; do
	expect_driver "$name" vfio-pci
	expect_attribute "$name" isolated 1
done
expect_no_decision
end

begin "VFs of a card below a port without ACS are refused, and are there all the same"
set_vfs BAD_PF 2
expect_success
for name in BAD_VF1 BAD_VF2; do
	expect_driver "$name" none
	expect_attribute "$name" isolated 0
	expect_attribute "$name" denied 1
done
# The second was not yet there when the first was asked for.
expect_vf_refusal BAD_VF1 vfio-pci 1 'comm="sh"'
expect_vf_refusal BAD_VF2 vfio-pci 2 'comm="sh"'
expect_no_decision "dev=$(address_of BAD_PF)"
end

begin "an exception for one VF is for that one"
attempt "$(sys BAD_VF1)/acs_guard/permissive" 1
for name in BAD_VF1 BAD_VF2; do
	attempt "$pci/drivers/vfio-pci/bind" "$(address_of "$name")"
	case $name in
	BAD_VF1) expect_success ;;
	*) expect_error 'Operation not permitted' ;;
	esac
done
expect_driver BAD_VF1 vfio-pci
expect_driver BAD_VF2 none
expect_decision action=allow-permissive "dev=$(address_of BAD_VF1)" driver=vfio-pci
expect_vf_refusal BAD_VF2 vfio-pci 2
end

begin "the VFs go, the refused one too, and the exception with its VF"
set_vfs BAD_PF 0
expect_success
expect_command is_absent BAD_VF1
expect_command is_absent BAD_VF2
set_vfs BAD_PF 1
expect_attribute BAD_VF1 permissive 0
expect_attribute BAD_VF1 denied 1
expect_driver BAD_VF1 none
expect_vf_refusal BAD_VF1 vfio-pci 1
set_vfs BAD_PF 0
end

begin "the next driver that matches has its turn"
add_id pci-pf-stub 1b36:0010
set_vfs BAD_PF 2
for name in BAD_VF1 BAD_VF2; do
	expect_driver "$name" pci-pf-stub
	expect_count 1 action=deny "dev=$(address_of "$name")" driver=vfio-pci
done
end
set_vfs BAD_PF 0
set_vfs GOOD_PF 0

begin "with sriov_drivers_autoprobe off no VF is bound, until a bind is requested"
for pair in GOOD_PF:GOOD_VF1 BAD_PF:BAD_VF1; do
	attempt "$(sys "${pair%:*}")/sriov_drivers_autoprobe" 0
	set_vfs "${pair%:*}" 2
	expect_success
	expect_driver "${pair#*:}" none
	attempt "$(sys "${pair%:*}")/sriov_drivers_autoprobe" 1
done
# The driver core asks the guard before it asks the PCI core, so a refusal may have
# been logged.
mark "now a bind is requested"
bind_by_probe GOOD_VF1 vfio-pci
expect_success
expect_driver GOOD_VF1 vfio-pci
bind_by_probe BAD_VF1 vfio-pci
expect_error 'Invalid argument'
expect_driver BAD_VF1 none
expect_vf_refusal BAD_VF1 vfio-pci 2
end
set_vfs BAD_PF 0
set_vfs GOOD_PF 0
fresh

# vfio-pci can have the card itself, and makes its VFs its own by a driver_override.
modprobe vfio-pci enable_sriov=1
guard

begin "vfio-pci has a card, and makes VFs of it: they are isolated, and its own"
bind_by_bind GOOD_PF vfio-pci
expect_success
expect_driver GOOD_PF vfio-pci
set_vfs GOOD_PF 2
expect_success
for name in GOOD_VF1 GOOD_VF2; do
	expect_driver "$name" vfio-pci
done
expect_no_decision
end

begin "vfio-pci has a card by an exception: the card's VFs are refused"
attempt "$(sys BAD_PF)/acs_guard/permissive" 1
bind_by_bind BAD_PF vfio-pci
expect_success
expect_driver BAD_PF vfio-pci
set_vfs BAD_PF 2
expect_success
for name in BAD_VF1 BAD_VF2; do
	expect_driver "$name" none
	expect_attribute "$name" permissive 0
	expect_equal "override of $name" vfio-pci "$(cat "$(sys "$name")/driver_override")"
done
expect_vf_refusal BAD_VF1 vfio-pci 1
expect_vf_refusal BAD_VF2 vfio-pci 2
end
for name in GOOD_PF BAD_PF; do
	set_vfs "$name" 0
	unbind_and_clear "$name"
done
fresh
