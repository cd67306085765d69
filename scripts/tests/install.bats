#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# make install and make uninstall, below a folder of their own. The sources are
# copied: what is built for this must not end up in the checkout.

setup() {
	PATH=$PATH:/usr/sbin:/sbin
	top=$(dirname -- "$(dirname -- "$BATS_TEST_DIRNAME")")
	work=$BATS_TEST_TMPDIR/source
	dest=$BATS_TEST_TMPDIR/dest
	mkdir -- "$work"
	cp -r -- "$top/Makefile" "$top/Kbuild" "$top/module" "$top/include" "$top/scripts" "$work"
	release=$("$top/scripts/kernel" --release)
	kdir=/usr/src/linux-headers-$release
}

@test "install: the module lands where that kernel looks, and uninstall takes it away" {
	make -s -C "$work" KDIR="$kdir" DESTDIR="$dest" install
	[ "$(cd -- "$dest" && find . -type f)" = "./lib/modules/$release/updates/acs_guard.ko" ]
	[[ $(modinfo -F vermagic "$dest/lib/modules/$release/updates/acs_guard.ko") == "$release "* ]]

	# Without headers, too.
	make -s -C "$work" KDIR=/nonexistent DESTDIR="$dest" uninstall
	[ -z "$(find "$dest" -type f)" ]
}

@test "install: without headers nothing is installed, and it says so" {
	run make -s -C "$work" KDIR=/nonexistent DESTDIR="$dest" install
	[ "$status" -ne 0 ]
	[ ! -e "$dest" ]
}

@test "install: a build for another kernel than the running one is named as such" {
	run make -s -C "$work" KDIR="$kdir"
	[ "$status" -eq 0 ]
	if [ "$release" = "$(uname -r)" ]; then
		[[ $output != *"this machine runs"* ]]
	else
		[[ $output == *"is for kernel $release; this machine runs $(uname -r)"* ]]
	fi
}
