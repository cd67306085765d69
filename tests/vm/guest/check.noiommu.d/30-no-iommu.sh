# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# T42: without an IOMMU nothing fences a device in, whatever the ports' registers say.
# Every function is refused to both drivers, in VFIO's no-IOMMU mode too; only an
# exception allows a bind.

# shellcheck source=../lib.sh
. /guest/lib.sh
# shellcheck source=../noiommu-lib.sh
. /guest/noiommu-lib.sh
fresh
modprobe vfio-pci
modprobe pci-stub
# A driver that binds without an IOMMU. Debian's kernels have no such mode of VFIO.
driver="pci-stub"
! vfio_binds || driver=vfio-pci
for name in GOOD_PORT EDU_PORT T10_PORT ONE_PORT; do
	set_register "$name" 001d
done

# refused DEVICE DRIVER
refused() {
	bind_by_bind "$1" "$2"
	expect_error 'Operation not permitted'
	expect_driver "$1" none
	expect_decision action=deny "dev=$(address_of "$1")" "driver=$2" reason=no-iommu \
		missing=- group=- mode=enforce uid=0
	expect_words "$(address_of "$1")" IOMMU "$(sys "$1")/acs_guard/permissive"
	expect_group_advice "$1" no
	unbind_and_clear "$1"
}

guard
for name in $isolated $exposed NEXT GOOD_PF; do
	begin "$name is not isolated, for want of an IOMMU"
	expect_attribute "$name" isolated 0
	expect_attribute "$name" group_isolated 0
	line=$(cat "$(sys "$name")/acs_guard/reason")
	expect
	case $line in
	"no-iommu "*': '?*) ;;
	*) problem "reason says '$line'" ;;
	esac
	end

	for guarded in vfio-pci pci-stub; do
		begin "$name: $guarded is refused"
		refused "$name" "$guarded"
		end
	done
done

begin "a probe by driver_override is refused, loudly"
bind_by_probe GOOD_NIC vfio-pci
expect_error 'Invalid argument'
expect_driver GOOD_NIC none
expect_decision action=deny "dev=$(address_of GOOD_NIC)" reason=no-iommu
no_override GOOD_NIC
end

begin "a native driver is none of the guard's business"
modprobe e1000e
expect_driver GOOD_NIC e1000e
expect_driver T1_A e1000e
expect_no_decision
end
rmmod e1000e

begin "unit=group, set at run time, allows nothing"
attempt "$parameters/unit" group
expect_success
for name in GOOD_NIC T10_A T6_TWO_A T9; do
	refused "$name" vfio-pci
done
end
unguard

begin "unit=group at load allows nothing"
expect_command guard unit=group
for name in GOOD_NIC T10_A; do
	refused "$name" vfio-pci
	refused "$name" pci-stub
done
end
unguard

# VFIO makes a group of its own for what it takes without an IOMMU.
guard
begin "permissive allows a bind; a group that VFIO makes for it is no IOMMU group"
for name in GOOD_NIC T10_A; do
	attempt "$(sys "$name")/acs_guard/permissive" 1
	expect_success
	bind_by_bind "$name" "$driver"
	expect_success
	expect_driver "$name" "$driver"
	expect_decision action=allow-permissive "dev=$(address_of "$name")" reason=no-iommu
	expect_attribute "$name" isolated 0
	expect_attribute "$name" group_isolated 0
done
end
unguard

begin "what was bound before the guard is reported, and stays bound"
bind_by_bind T13_EDU pci-stub
mark 'the guard is loaded'
expect_command guard unit=group
has_present() {
	is_logged action=present "dev=$(address_of "$1")"
}
for pair in "GOOD_NIC:$driver" "T10_A:$driver" T13_EDU:pci-stub; do
	name=${pair%:*}
	wait_until 5 has_present "$name" || true
	expect_decision action=present "dev=$(address_of "$name")" "driver=${pair#*:}" reason=no-iommu
	expect_driver "$name" "${pair#*:}"
done
end
for name in GOOD_NIC T10_A T13_EDU; do
	unbind_and_clear "$name"
done
unguard

guard mode=audit
begin "mode=audit allows, and tells"
bind_by_bind GOOD_NIC "$driver"
expect_success
expect_driver GOOD_NIC "$driver"
expect_decision action=would-deny "dev=$(address_of GOOD_NIC)" reason=no-iommu
unbind_and_clear GOOD_NIC
end
fresh
