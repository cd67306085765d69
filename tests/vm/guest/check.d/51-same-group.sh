# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# T41: two cards that the registers keep apart, in one IOMMU group. The kernel made the
# group at boot, when the ports had redirection off; then ACS is switched on.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
for name in GROUP_PORT_A GROUP_PORT_B; do
	set_acs "$name" 001d
done

# refused_for_group DEVICE PEER
refused_for_group() {
	bind_by_bind "$1" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$1" none
	expect_decision action=deny "dev=$(address_of "$1")" driver=vfio-pci reason=iommu-group \
		missing=- peers=1
	expect_group "$1"
	expect_words "$(address_of "$2")"
	expect_group_advice "$1" yes
	expect_attribute "$1" isolated 0
	expect_attribute "$1" group_isolated 1
	expect_peers "$1" "$2"
	unbind_and_clear "$1"
}

guard
for pair in GROUP_A:GROUP_B GROUP_B:GROUP_A; do
	begin "${pair%:*} is refused, since ${pair#*:} is in its IOMMU group"
	refused_for_group "${pair%:*}" "${pair#*:}"
	end
done

begin "the reason in sysfs is iommu-group"
expect_command grep -q '^iommu-group ' "$(sys GROUP_A)/acs_guard/reason"
end

begin "a bridge in the group is none of its functions: T9's port does not make it iommu-group"
expect_command grep -q '^no-acs ' "$(sys T9)/acs_guard/reason"
expect_peers T9
expect_attribute T6_ONE isolated 1
end

begin "permissive allows GROUP_A"
attempt "$(sys GROUP_A)/acs_guard/permissive" 1
bind_by_bind GROUP_A vfio-pci
expect_success
expect_driver GROUP_A vfio-pci
expect_decision action=allow-permissive "dev=$(address_of GROUP_A)" reason=iommu-group
unbind_and_clear GROUP_A
end
unguard

guard unit=group
for name in GROUP_A GROUP_B; do
	begin "unit=group: $name binds"
	bind_by_bind "$name" vfio-pci
	expect_success
	expect_driver "$name" vfio-pci
	expect_decision action=allow-group "dev=$(address_of "$name")" reason=iommu-group peers=1
	unbind_and_clear "$name"
	end
done
unguard

guard
begin "what a port's register says goes before the group"
set_acs GROUP_PORT_A 0019
bind_by_bind GROUP_A vfio-pci
expect_error 'Operation not permitted'
expect_driver GROUP_A none
expect_decision action=deny "dev=$(address_of GROUP_A)" reason=acs-disabled \
	"blocker=$(address_of GROUP_PORT_A)" missing=RR
unbind_and_clear GROUP_A
end
for name in GROUP_PORT_A GROUP_PORT_B; do
	set_acs "$name" 0011
done
fresh
