# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every exposed card, with both drivers, in every way: refused, the device is left
# without a driver, and the log says why.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

refused_by_bind() {
	begin "$1: $2 through bind is refused with EPERM"
	bind_by_bind "$1" "$2"
	expect_error 'Operation not permitted'
	expect_driver "$1" none
	expect_refusal "$1" "$2" mode=enforce uid=0 'comm="sh"'
	end
	no_override "$1"
}

refused_by_probe() {
	begin "$1: $2 through driver_override and drivers_probe is refused, loudly"
	bind_by_probe "$1" "$2"
	expect_error 'Invalid argument'
	expect_driver "$1" none
	expect_refusal "$1" "$2" mode=enforce uid=0 'comm="sh"'
	end
	no_override "$1"
}

# The driver tries all free cards of the ID at once, the isolated ones too.
refused_by_new_id() {
	local driver=$1 id=$2 name

	mark "new_id $id to $driver"
	add_id "$driver" "$id"
	take_log
	for name in $exposed; do
		at "$name"
		[ "$at_id" = "$id" ] || continue
		begin_keeping_log "$name: $driver through new_id is refused"
		expect_success
		expect_driver "$name" none
		expect_refusal "$name" "$driver" mode=enforce
		end
	done
}

# A match by ID asks for nothing in particular; bind says EPERM all the same.
refused_by_bind_after_new_id() {
	begin "$1: $2 through bind, matched by ID, is refused with EPERM"
	at "$1"
	attempt "$pci/drivers/$2/bind" "$at_address"
	expect_error 'Operation not permitted'
	expect_driver "$1" none
	expect_refusal "$1" "$2" mode=enforce
	end
}

# The guard is loaded anew for each driver: it prints no more than ten lines in five
# seconds for a device, and a quick machine is through with both before.
for driver in vfio-pci pci-stub; do
	guard
	modprobe "$driver"
	for name in $exposed; do
		refused_by_bind "$name" "$driver"
		refused_by_probe "$name" "$driver"
	done
	for id in $ids; do
		refused_by_new_id "$driver" "$id"
	done
	for name in $exposed; do
		refused_by_bind_after_new_id "$name" "$driver"
	done
	rmmod "$driver"
	rmmod acs_guard
done

guard

# What the second line proposes, and in which order.
modprobe vfio-pci
for name in $exposed; do
	case " $excused " in
	*" $name "*) wanted=yes ;;
	*) wanted=no ;;
	esac
	begin "$name: does the second line propose unit=group: $wanted"
	bind_by_bind "$name" vfio-pci
	expect_error 'Operation not permitted'
	expect_refusal "$name" vfio-pci
	expect_group_advice "$name" "$wanted"
	no_override "$name"
	end
done

# What a root complex does with a request from one port to another is not known.
begin "T9: no peer is known, which is not the same as that there is none"
bind_by_bind T9 vfio-pci
expect_error 'Operation not permitted'
expect_refusal T9 vfio-pci
expect_words 'No other device is known that it could reach, or that could reach it, but' 'root complex'
expect_no_words 'No function beside it'
no_override T9
end
rmmod vfio-pci

# Who asks may call itself what it likes: 15 bytes of anything.
begin "a process with a forged name makes no line of its own, and breaks none"
modprobe vfio-pci
override T1_A vfio-pci
# shellcheck disable=SC2016 # for the inner shell
sh -c 'printf "a\"\nacs_guard: b" >/proc/$$/comm; echo "$1" >"$2"' - \
	"$(address_of T1_A)" "$pci/drivers/vfio-pci/bind" 2>/dev/null || true
expect_driver T1_A none
expect_refusal T1_A vfio-pci mode=enforce uid=0
expect_count 1
expect_equal "lines of words" 1 "$(grep -c '^acs_guard: [^a]' "$log")"
expect_equal "lines with its name" 2 "$(grep -c acs_guard "$log")"
end
no_override T1_A
rmmod vfio-pci

begin "a refused device is not left runtime-suspended or with power management off"
for name in $exposed; do
	at "$name"
	expect_equal "runtime_status of $name" active "$(cat "$at_sys/power/runtime_status")"
	expect_equal "runtime_enabled of $name" forbidden "$(cat "$at_sys/power/runtime_enabled")"
done
end
fresh
