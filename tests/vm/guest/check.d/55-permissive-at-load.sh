# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The permissive= parameter, in each form that the kernel has for a PCI device.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci

binds_permissively() {
	bind_by_bind "$1" vfio-pci
	expect_success
	expect_driver "$1" vfio-pci
	expect_attribute "$1" permissive 1
	expect_decision action=allow-permissive "dev=$(address_of "$1")" driver=vfio-pci
	unbind_and_clear "$1"
}

is_refused() {
	bind_by_bind "$1" vfio-pci
	expect_error 'Operation not permitted'
	expect_driver "$1" none
	expect_attribute "$1" permissive 0
	no_override "$1"
}

# load_with LIST PERMISSIVE_NAMES REFUSED_NAMES
load_with() {
	local name

	begin "permissive=$1: ${2:-none} may, ${3:-none} may not"
	expect_command guard "permissive=$1"
	for name in $2; do
		binds_permissively "$name"
	done
	for name in $3; do
		is_refused "$name"
	done
	end
	unguard
}

load_with 04:00.0 T1_A 'T1_B T9 T10_A T6_TWO_A'
load_with 0000:04:00.0 T1_A 'T1_B T9 T10_A T6_TWO_A'
load_with 04:00.0,07:00.0 'T1_A T9' 'T1_B T10_A'
load_with '04:00.0;0000:08:00.1' 'T1_A T10_B' 'T1_B T10_A'
load_with 00:03.0/00.0/01.0/00.0 T1_B T1_A
load_with 0000:00:03.0/00.0/01.0/00.0 T1_B T1_A
load_with pci:8086:10d3 'T1_A T1_B T10_A' 'T9 T6_TWO_A'
load_with pci:1234:11e8 T9 'T1_A T6_TWO_A'
[ "$architecture" = aarch64 ] || load_with 'pci:1234:11e8;0c:02.0' 'T9 T6_TWO_B' 'T1_A T6_TWO_A'
load_with 'pci:1234:11e8:1af4:1100' T9 T1_A
load_with 'pci:8086:10d3:dead:beef' '' 'T1_A T9'
load_with 0001:04:00.0 '' T1_A
load_with 3f:00.0 '' T1_A

begin "permissive= at load holds for a device that comes later"
expect_command guard permissive=05:00.0
echo 1 >"$(sys T1_B)/remove"
expect_command test ! -e "$(sys T1_B)"
echo 1 >"$pci/rescan"
binds_permissively T1_B
end
fresh
