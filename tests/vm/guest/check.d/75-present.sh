# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Devices that were bound before the guard came: it names them and leaves them be.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
modprobe pci-stub
modprobe e1000e

# Bound to what may not have them, to what may, and to a native driver.
for name in T1_A T9 GOOD_NIC; do
	unbind "$name"
	bind_by_bind "$name" vfio-pci
done
for name in T10_B T6_TWO_A T13_EDU; do
	unbind "$name"
	bind_by_bind "$name" pci-stub
done

has_present() {
	take_log
	decisions action=present "dev=$(address_of "$1")"
	[ "$found_count" -gt 0 ]
}

present() {
	local reason blocker missing peer

	refusal_of "$1"
	# A device whose lock was taken is left to a worker.
	wait_until 5 has_present "$1" || true
	expect_decision action=present "dev=$(address_of "$1")" "driver=$2" \
		"reason=$reason" "blocker=$blocker" "missing=$missing"
	expect_driver "$1" "$2"
}

begin "the load names each exposed device that is bound already, and unbinds none"
expect_command guard
present T1_A vfio-pci
present T9 vfio-pci
present T10_B pci-stub
present T6_TWO_A pci-stub
for name in GOOD_NIC T13_EDU T1_B; do
	expect_no_decision "dev=$(address_of "$name")"
done
expect_driver GOOD_NIC vfio-pci
expect_driver T13_EDU pci-stub
expect_driver T1_B e1000e
expect_no_decision action=deny
expect_count 4 action=present
end

begin "once unbound, such a device is refused like any other"
unbind T1_A
attempt "$pci/drivers/vfio-pci/bind" "$(address_of T1_A)"
expect_error 'Operation not permitted'
expect_driver T1_A none
expect_refusal T1_A vfio-pci
end
fresh

begin "a device that permissive= names is no surprise at load, and stays bound"
modprobe vfio-pci
bind_by_bind T1_A vfio-pci
expect_command guard permissive=04:00.0
expect_driver T1_A vfio-pci
expect_attribute T1_A permissive 1
end
fresh
