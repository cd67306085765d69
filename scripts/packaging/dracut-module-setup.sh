#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # dracut sets kernel, initdir
#
# A module of dracut's: takes the guard into the initramfs, and loads it there
# before udev starts. Left out, with a warning, for a kernel that has no guard:
# force_drivers would leave such a kernel without an initramfs.

check() {
	modinfo -k "$kernel" acs_guard >/dev/null 2>&1 && return 0
	dwarn "no module acs_guard for $kernel: in this initramfs nothing guards vfio-pci"
	return 1
}

depends() {
	echo kernel-modules
}

installkernel() {
	# Not in use yet, perhaps, so hostonly would leave it out.
	hostonly='' instmods acs_guard
}

install() {
	local file

	# The module kernel-modules takes along what is in /lib itself; of /etc, only
	# into an initramfs of this host alone. But the guard stays loaded with what it
	# is given in the initramfs, so its options and exceptions have to be there.
	inst_multiple -o '/usr/local/lib/modprobe.d/*.conf'
	for file in /etc/modprobe.d/*.conf; do
		! grep -qs 'acs[-_]guard' "$file" || inst_simple "$file"
	done
	mkdir -p "$initdir/etc/cmdline.d"
	echo 'rd.driver.pre=acs_guard' >"$initdir/etc/cmdline.d/20-acs_guard.conf"
}
