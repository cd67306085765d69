# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Is this the machine without an IOMMU that the topics of this folder count on? And a
# control: what both drivers do without the guard.

# shellcheck source=../lib.sh
. /guest/lib.sh
# shellcheck source=../noiommu-lib.sh
. /guest/noiommu-lib.sh
fresh

begin "there is no IOMMU, and no device has a group"
expect_equal "IOMMUs" '' "$(ls /sys/class/iommu 2>/dev/null)"
expect_equal "groups" '' "$(ls /sys/kernel/iommu_groups 2>/dev/null)"
for name in $isolated $exposed; do
	expect_command is_there "$name"
	expect_equal "group of $name" none "$(group_of "$name")"
done
end

modprobe pci-stub
begin "without the guard pci-stub takes an isolated card and an exposed one"
for name in GOOD_NIC T1_A; do
	bind_by_bind "$name" pci-stub
	expect_success
	expect_driver "$name" pci-stub
	unbind_and_clear "$name"
done
end

# Debian's kernels have no such mode: there vfio-pci's own probe fails, in another way
# than by the guard.
modprobe vfio-pci
if vfio_binds; then
	begin "without the guard vfio-pci takes both in VFIO's no-IOMMU mode"
	for name in GOOD_NIC T1_A; do
		bind_by_bind "$name" vfio-pci
		expect_success
		expect_driver "$name" vfio-pci
		unbind_and_clear "$name"
	done
	end
else
	begin "without the guard vfio-pci itself fails with another error than the guard's"
	for name in GOOD_NIC T1_A; do
		bind_by_bind "$name" vfio-pci
		expect_error 'Invalid argument'
		expect_driver "$name" none
		unbind_and_clear "$name"
	done
	end
fi
fresh
