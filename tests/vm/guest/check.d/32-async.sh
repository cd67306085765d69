# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Drivers that probe in a thread of the kernel's, not in the process that loads them:
# because the module is loaded so (async_probe), or, on the machine with native
# hot-plug, because of driver_async_probe= on the kernel command line.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
guard

option=async_probe=1
[ "$hotplug" = acpi ] || option=

for driver in vfio-pci pci-stub; do
	mark "$driver, asynchronously"
	modprobe "$driver" ids=8086:10d3,1234:11e8,8086:100e ${option:+"$option"}
	for name in $isolated; do
		begin_keeping_log "$driver, asynchronously: $name binds"
		wait_until 10 has_driver "$name" "$driver" || true
		expect_driver "$name" "$driver"
		end
	done
	for name in $exposed; do
		begin_keeping_log "$driver, asynchronously: $name is refused"
		# No calling process: else this was no thread of the kernel's.
		wait_until 10 is_logged action=deny "dev=$(address_of "$name")" uid=- || true
		expect_refusals "$name" "$driver" uid=- pid=- comm=-
		expect_driver "$name" none
		end
	done
	rmmod "$driver"
done

begin "once more, as ever, in the process that asks"
modprobe vfio-pci
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_A none
expect_refusal T1_A vfio-pci uid=0 'comm="sh"'
end
fresh
