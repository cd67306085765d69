# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# A driver whose probe asks to be deferred is tried again later, by a thread of the
# kernel's: the guard is asked each time, and judges by the registers of that time. The
# driver is that of acs_guard_rival (tests/modules/rival.c).

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

rival=/sys/module/acs_guard_rival/parameters
insmod /acs_guard_rival.ko
modprobe pci-stub

# defer DEVICE: asked for once, it is to wait for another try.
defer() {
	echo 1 >"$rival/defer"
	override "$1" acs_guard_rival
	# Whether this is an error differs between kernels.
	attempt "$pci/drivers_probe" "$at_address"
	expect_equal "deferrals left" 0 "$(cat "$rival/defer")"
	expect_driver "$1" none
}

# try_again: the kernel tries what was deferred when some driver has got a device.
try_again() {
	bind_by_bind GOOD_EDU pci-stub
	expect_driver GOOD_EDU pci-stub
	unbind_and_clear GOOD_EDU
}

# set_acs VALUE: the control register of the port above GOOD_NIC.
set_acs() {
	setpci -s "$(address_of GOOD_PORT)" "ECAP_ACS+6.w=$1"
}

begin "without the guard a deferred T1_A is bound at the second try"
defer T1_A
try_again
expect_command wait_until 10 has_driver T1_A acs_guard_rival
end
unbind_and_clear T1_A

begin "deferred before the guard came, T1_A is refused at the second try"
defer T1_A
expect_command guard drivers=acs_guard_rival
try_again
expect_command wait_until 10 is_logged action=deny "dev=$(address_of T1_A)"
expect_refusal T1_A acs_guard_rival uid=- comm=-
expect_driver T1_A none
end

begin "a refusal is no deferral: there is no third try"
try_again
# What is deferred and tried again after it would be tried before.
defer GOOD_NIC
try_again
expect_command wait_until 10 has_driver GOOD_NIC acs_guard_rival
expect_attribute T1_A denied 1
expect_driver T1_A none
end
no_override T1_A

begin "deferred with the guard there, GOOD_NIC is bound at the second try"
unbind GOOD_NIC
defer GOOD_NIC
try_again
expect_command wait_until 10 has_driver GOOD_NIC acs_guard_rival
expect_no_decision
end
unbind_and_clear GOOD_NIC

begin "deferred while isolated, GOOD_NIC is refused at the second try if it no longer is"
defer GOOD_NIC
set_acs 0000
try_again
expect_command wait_until 10 is_logged action=deny "dev=$(address_of GOOD_NIC)"
expect_decision action=deny "dev=$(address_of GOOD_NIC)" driver=acs_guard_rival \
	reason=acs-disabled "blocker=$(address_of GOOD_PORT)" uid=- comm=-
expect_driver GOOD_NIC none
set_acs 001d
end
no_override GOOD_NIC

rmmod acs_guard
rmmod acs_guard_rival
fresh
