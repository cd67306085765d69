# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a driver takes when it is loaded: the IDs of its ids= parameter, whether it or
# the guard came first.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

all_ids=8086:10d3,1234:11e8,8086:100e

# The driver has been loaded since the mark. It tries all free cards once for each ID
# that it gets.
isolated_alone_have() {
	local name

	for name in $isolated; do
		begin_keeping_log "$2: $name goes to $1"
		expect_driver "$name" "$1"
		end
	done
	for name in $exposed; do
		begin_keeping_log "$2: $name is refused"
		expect_driver "$name" none
		expect_refusals "$name" "$1" uid=0 'comm="modprobe"'
		end
	done
}

guard
for driver in vfio-pci pci-stub; do
	mark "ids= for $driver"
	modprobe "$driver" "ids=$all_ids"
	take_log
	isolated_alone_have "$driver" "$driver with ids=, after the guard"
	rmmod "$driver"
done
unguard

# A driver that is there already, without a device, gets IDs: the guard decides all the
# same, for it is asked at each bind and not when a driver comes.
modprobe vfio-pci
guard
begin "vfio-pci came before the guard: new_id brings it isolated cards only"
for id in $ids; do
	add_id vfio-pci "$id"
	expect_success
done
for name in $isolated; do
	expect_driver "$name" vfio-pci
done
take_log
for name in $exposed; do
	expect_driver "$name" none
	expect_refusals "$name" vfio-pci 'comm="sh"'
done
end
fresh

# And one that has taken all before the guard came keeps all: 75-present. Loaded
# again, it does not get it back.
begin "pci-stub with ids= takes everything before the guard is there"
modprobe pci-stub "ids=$all_ids"
for name in $isolated $exposed; do
	expect_driver "$name" pci-stub
done
end
guard
mark "pci-stub again"
rmmod pci-stub
modprobe pci-stub "ids=$all_ids"
take_log
isolated_alone_have pci-stub "pci-stub with ids=, once before the guard and now after it"
fresh
