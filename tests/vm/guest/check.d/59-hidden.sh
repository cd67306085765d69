# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# T36: functions that the kernel does not list after a write to their sysfs "remove".
# Hidden functions still send DMA, so they affect the verdict until a rescan lists them
# again or they are physically removed.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci

# refused NAME [KEY=VALUE...]: with a line of the log that has these.
refused() {
	local name=$1

	shift
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$name" none
	expect_attribute "$name" isolated 0
	expect_decision action=deny "dev=$(address_of "$name")" driver=vfio-pci "$@"
	unbind_and_clear "$name"
}

# allowed_as_group NAME
allowed_as_group() {
	bind_by_bind "$1" vfio-pci
	expect_success
	expect_driver "$1" vfio-pci
	expect_decision action=allow-group "dev=$(address_of "$1")"
	unbind_and_clear "$1"
}

# Each function of T10, with the other one hidden.
for pair in T10_A:T10_B T10_B:T10_A; do
	name=${pair%:*}
	hidden=${pair#*:}

	guard
	begin "$hidden is hidden: $name is refused, and $hidden is named"
	hide "$hidden"
	refused "$name" reason=multifunction "blocker=$(address_of "$name")" missing=RR,CR peers=1
	expect_words "$(address_of "$hidden")"
	expect_peers "$name" "$hidden"
	end

	begin "$hidden is in no group, so nothing says that unit=group would allow $name"
	refused "$name" reason=multifunction
	expect_group_advice "$name" no
	expect_attribute "$name" group_isolated 0
	end

	begin "$name is refused when $hidden was hidden before the guard was loaded"
	unguard
	expect_command guard
	refused "$name" reason=multifunction "blocker=$(address_of "$name")" missing=RR,CR peers=1
	expect_words "$(address_of "$hidden")"
	expect_peers "$name" "$hidden"
	end

	begin "unit=group does not excuse $name while $hidden is hidden"
	unguard
	expect_command guard unit=group
	refused "$name" reason=multifunction peers=1
	expect_attribute "$name" group_isolated 0
	end

	begin "a rescan brings $hidden back: unit=group allows both"
	rescan
	expect_peers "$name" "$hidden"
	expect_peers "$hidden" "$name"
	expect_equal "group of $hidden" "$(group_of "$name")" "$(group_of "$hidden")"
	for either in "$name" "$hidden"; do
		expect_attribute "$either" group_isolated 1
		allowed_as_group "$either"
	done
	end
	unguard
done

guard
begin "both functions of T10 are hidden and found again: refused as ever"
hide T10_A T10_B
rescan
for name in T10_A T10_B; do
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$name" none
	expect_refusal "$name" vfio-pci
	unbind_and_clear "$name"
done
expect_equal "group of T10_B" "$(group_of T10_A)" "$(group_of T10_B)"
end

begin "a hidden port of a switch: T1_A is refused, and T1_B, behind that port, is named"
hide T1_PORT_B
expect_command is_absent T1_B
refused T1_A reason=no-acs "blocker=$(address_of T1_PORT_A)" missing=SV,RR,CR,UF peers=1
expect_words "$(address_of T1_B)"
expect_peers T1_A T1_B
end

begin "T1_A is refused when the port was hidden before the guard was loaded"
unguard
expect_command guard
refused T1_A reason=no-acs "blocker=$(address_of T1_PORT_A)" missing=SV,RR,CR,UF
end

begin "a rescan brings the port and its card back, refused as ever"
rescan
expect_driver T1_PORT_B pcieport
for name in T1_A T1_B; do
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$name" none
	expect_refusal "$name" vfio-pci
	unbind_and_clear "$name"
done
expect_peers T1_A T1_B
expect_peers T1_B T1_A
end

begin "a hidden function among others: the peers are in the order of their addresses"
hide T21_A
expect_peers T21_C T21_A T21_B
refused T21_C peers=2
expect_words "$(address_of T21_A), $(address_of T21_B)"
rescan
expect_peers T21_C T21_A T21_B
end

begin "a hidden card on a conventional bus still shares it"
hide T6_TWO_B
refused T6_TWO_A reason=conventional "blocker=$(address_of TWO_BRIDGE)" peers=1
expect_peers T6_TWO_A T6_TWO_B
rescan
expect_peers T6_TWO_A T6_TWO_B
[ "$architecture" = aarch64 ] ||
	expect_equal "group of T6_TWO_B" "$(group_of T6_TWO_A)" "$(group_of T6_TWO_B)"
end

# With ACS on at both, the ports keep the cards apart. A port that is hidden with its ACS
# off is the only failure, so it is what the report names.
set_acs GROUP_PORT_A 001d
set_acs GROUP_PORT_B 001d
begin "GROUP_PORT_B is hidden with its ACS on: GROUP_A is isolated"
hide GROUP_PORT_B
bind_by_bind GROUP_A vfio-pci
expect_success
expect_driver GROUP_A vfio-pci
expect_attribute GROUP_A isolated 1
expect_no_decision
unbind_and_clear GROUP_A
end

rescan
set_acs GROUP_PORT_B 0000

# by_hidden_port WHEN
by_hidden_port() {
	begin "GROUP_PORT_B is hidden $1 with its ACS off: it is named, and a rescan as the way to bring it back"
	refused GROUP_A reason=multifunction "blocker=$(address_of GROUP_PORT_B)"
	expect_words "$(address_of GROUP_PORT_B)" rescan
	reason=$(cat "$(sys GROUP_A)/acs_guard/reason")
	expect
	case $reason in
	"multifunction $(address_of GROUP_PORT_B): "*rescan*) ;;
	*) problem "reason says '$reason', and no word of a rescan" ;;
	esac
	end
}

hide GROUP_PORT_B
by_hidden_port 'while the guard is there'
unguard
guard
by_hidden_port 'before the guard is loaded'

begin "a rescan brings GROUP_PORT_B back, and no report names a rescan any more"
rescan
expect_driver GROUP_PORT_B pcieport
expect_command is_there GROUP_B
set_acs GROUP_PORT_B 0000
refused GROUP_A reason=multifunction "blocker=$(address_of GROUP_PORT_B)" peers=1
expect_no_words rescan
expect_peers GROUP_A GROUP_B
end
for name in GROUP_PORT_A GROUP_PORT_B; do
	set_acs "$name" 0011
done

is_alone() {
	at "$1"
	[ -z "$(cat "$at_sys/acs_guard/peers")" ]
}

if [ "$hotplug" = acpi ] && [ "$architecture" != aarch64 ]; then
	begin "a card that is hidden next to T6_ONE, and then pulled out, counts no more"
	plug_pair
	expect_attribute T6_ONE isolated 0
	hide CONV_B
	expect_peers T6_ONE CONV_A CONV_B
	expect_attribute T6_ONE isolated 0
	unplug_pair
	expect_command wait_until 10 is_alone T6_ONE
	expect_attribute T6_ONE isolated 1
	bind_by_bind T6_ONE vfio-pci
	expect_success
	expect_driver T6_ONE vfio-pci
	unbind_and_clear T6_ONE
	end
fi
fresh
