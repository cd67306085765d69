# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# unit=group: a function that is exposed to its own IOMMU group only may bind;
# the groups are the kernel's own. And what strict=1 and the attribute peers say.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard unit=group

allowed_as_group() {
	begin "unit=group: $1 binds, because it is exposed to its own group only"
	bind_by_bind "$1" vfio-pci
	expect_success
	expect_driver "$1" vfio-pci
	refusal_of "$1"
	expect_decision action=allow-group "dev=$(address_of "$1")" "reason=$reason" \
		"blocker=$blocker" mode=enforce
	end
	unbind_and_clear "$1"
}

still_refused() {
	begin "unit=group: $1 is refused, for its peer has another group"
	bind_by_bind "$1" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$1" none
	expect_refusal "$1" vfio-pci mode=enforce
	end
	no_override "$1"
}

for name in $excused; do
	allowed_as_group "$name"
done
for name in T1_A T1_B; do
	still_refused "$name"
done

# Its card's other function is of its group, the card behind the other port is not.
for name in T21_A T21_B; do
	begin "unit=group: $name is refused, for one failure of two is not excused"
	refusal_of "$name"
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$name" none
	expect_decision action=deny "dev=$(address_of "$name")" "reason=$reason" \
		"blocker=$blocker" peers=2
	end
	no_override "$name"
done

begin "unit=group: sysfs still says what is isolated"
expect_attribute T10_A isolated 0
end

begin "unit=group: an allowed bind of this kind does not taint"
expect_equal taint 0 "$(($(cat /proc/sys/kernel/tainted) / 64 % 2))"
end
fresh

# A driver that does not own the group shares it with native drivers.
guard unit=group drivers=e1000e
begin "unit=group: a driver that is guarded by its name alone is not excused"
modprobe e1000e
for name in T10_A T10_B; do
	expect_driver "$name" none
	expect_decision action=deny "dev=$(address_of "$name")" driver=e1000e
done
expect_driver GOOD_NIC e1000e
expect_no_decision action=allow-group
end
fresh

modprobe vfio-pci
guard
begin "unit=function: what only its group excuses is refused"
bind_by_bind T10_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T10_A none
end
no_override T10_A

for name in $exposed; do
	begin "$name: peers names whom it can reach"
	refusal_of "$name"
	expect_equal peers "$peer" "$(cat "$(sys "$name")/acs_guard/peers")"
	end
done

begin "T21: peers names the card's other function and who is behind the other port"
expect_equal peers "$(address_of T21_B) $(address_of T21_C)" \
	"$(tr '\n' ' ' <"$(sys T21_A)/acs_guard/peers" | sed 's/ $//')"
end

for name in $isolated; do
	begin "$name: peers is empty"
	expect_equal peers '' "$(cat "$(sys "$name")/acs_guard/peers")"
	end
done
fresh

# e1000e has no ATS, so there is nothing to block, and no port here has memory.
modprobe vfio-pci
guard strict=1
begin "strict=1: a card without ATS binds below a good port"
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
end
unbind_and_clear GOOD_NIC
fresh
