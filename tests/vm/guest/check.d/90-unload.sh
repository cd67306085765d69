# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module leaves at any time, and leaves nothing behind.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

rounds=20 rounds_with_binds=20
[ "$length" = short ] || rounds=1000 rounds_with_binds=200

no_attributes() {
	local folder

	for folder in "$pci"/devices/*/acs_guard; do
		[ ! -e "$folder" ] || {
			echo "$folder is left"
			return 1
		}
	done
}

guard
begin "rmmod takes the module and its attributes away"
expect_command test -d "$(sys T1_A)/acs_guard"
expect_command rmmod acs_guard
expect_command test ! -d /sys/module/acs_guard
expect_command no_attributes
end

begin "then everything binds again"
modprobe vfio-pci
for name in $isolated $exposed; do
	bind_by_bind "$name" vfio-pci
	expect_success
	expect_driver "$name" vfio-pci
done
end

begin "it can come and go while devices are bound"
expect_command guard
expect_command rmmod acs_guard
for name in $isolated $exposed; do
	expect_driver "$name" vfio-pci
done
expect_command no_attributes
end
for name in $isolated $exposed; do
	unbind_and_clear "$name"
done

begin "a refusal just before does not hold it back"
guard
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_command rmmod acs_guard
attempt "$pci/drivers/vfio-pci/bind" "$(address_of T1_A)"
expect_success
expect_driver T1_A vfio-pci
end
unbind_and_clear T1_A

begin "$rounds times in and out"
round=0
while [ "$round" -lt "$rounds" ]; do
	expect_command guard
	expect_command rmmod acs_guard
	round=$((round + 1))
done
expect_command no_attributes
end

# Binds go on in another process while the module comes and goes: each bind ends in
# one way or the other, and nothing crashes (the host looks through the log).
bind_for_ever() {
	local name

	while [ ! -e /run/enough ]; do
		for name in T1_A T1_B GOOD_NIC T10_A; do
			bind_by_bind "$name" vfio-pci
			unbind_and_clear "$name"
		done
	done
}

begin "$rounds_with_binds times in and out while devices are being bound"
rm -f /run/enough
bind_for_ever &
binder=$!
round=0
while [ "$round" -lt "$rounds_with_binds" ]; do
	expect_command guard
	expect_command rmmod acs_guard
	round=$((round + 1))
done
: >/run/enough
wait "$binder" || problem "the process that binds ended with $?"
expect_command no_attributes
for name in T1_A T1_B GOOD_NIC T10_A; do
	bind_by_bind "$name" vfio-pci
	expect_success
	expect_driver "$name" vfio-pci
	unbind_and_clear "$name"
done
end

begin "and it still refuses when it is there"
guard
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_A none
expect_refusal T1_A vfio-pci
end
fresh
