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
	cp -r -- "$top/Makefile" "$top/Kbuild" "$top/module" "$top/include" "$top/scripts" "$top/tools" \
		"$top/Documentation" "$work"
	release=$("$top/scripts/lib/kernel" --release)
	kdir=/usr/src/linux-headers-$release
	[ -d "$kdir" ] || kdir=$(stand_in)
}

# On Debian 13 the headers are in a tree, with a compiler that runs only there: scripts/lib/build
# makes the module, and this takes the place of the headers.
stand_in() {
	local dir=$BATS_TEST_TMPDIR/headers

	mkdir -p -- "$dir/include/generated"
	printf '#define UTS_RELEASE "%s"\n' "$release" >"$dir/include/generated/utsrelease.h"
	printf 'modules:\n\tcp -- %s $(M)\n' "$("$top/scripts/lib/build" "$release" 2>/dev/null)" >"$dir/Makefile"
	printf '%s\n' "$dir"
}

installed() {
	(cd -- "$dest" && find . -type f | LC_ALL=C sort)
}

@test "install: the module lands where that kernel looks, and uninstall takes all away" {
	make -s -C "$work" KDIR="$kdir" DESTDIR="$dest" install
	[ "$(installed | grep modules/)" = "./lib/modules/$release/updates/acs_guard.ko" ]
	[[ $(modinfo -F vermagic "$dest/lib/modules/$release/updates/acs_guard.ko") == "$release "* ]]

	# Without headers, too.
	make -s -C "$work" KDIR=/nonexistent DESTDIR="$dest" uninstall
	[ -z "$(installed)" ]
}

@test "install: what goes with the module lands where its readers look" {
	make -s -C "$work" DESTDIR="$dest" install-files
	[ "$(installed)" = "$(printf '%s\n' \
		./etc/initramfs-tools/hooks/acs_guard \
		./usr/lib/dracut/modules.d/90acs_guard/module-setup.sh \
		./usr/local/bin/acs-guard \
		./usr/local/lib/modprobe.d/acs_guard-order.conf \
		./usr/local/lib/modules-load.d/acs_guard.conf \
		./usr/local/lib/systemd/system/acs-guard-metrics.service \
		./usr/local/lib/systemd/system/acs-guard-metrics.timer \
		./usr/local/share/acs-guard/libvirt-hook \
		./usr/local/share/acs-guard/libvirt-metadata.rng \
		./usr/local/share/acs-guard/prometheus-rules.yml \
		./usr/local/share/bash-completion/completions/acs-guard \
		./usr/local/share/man/man4/acs_guard.4 \
		./usr/local/share/man/man8/acs-guard.8)" ]
	[ -x "$dest/etc/initramfs-tools/hooks/acs_guard" ]
	[ -x "$dest/usr/local/share/acs-guard/libvirt-hook" ]
	[ -f "$dest/usr/local/share/acs-guard/libvirt-metadata.rng" ]
	[ -x "$dest/usr/local/bin/acs-guard" ]
	[ ! -x "$dest/usr/local/share/bash-completion/completions/acs-guard" ]
	[ ! -x "$dest/usr/local/lib/modprobe.d/acs_guard-order.conf" ]
}

@test "install: below another prefix, and from there away again; a blank in DESTDIR is no matter" {
	dest="$dest with a blank"
	make -s -C "$work" DESTDIR="$dest" prefix=/usr install-files
	[ -f "$dest/usr/lib/modprobe.d/acs_guard-order.conf" ]
	[ -f "$dest/usr/share/man/man4/acs_guard.4" ]
	[ -x "$dest/usr/share/acs-guard/libvirt-hook" ]
	[ -x "$dest/usr/bin/acs-guard" ]
	! installed | grep -q local || false
	touch "$dest/usr/lib/modprobe.d/another.conf"
	make -s -C "$work" DESTDIR="$dest" prefix=/usr uninstall
	[ "$(installed)" = ./usr/lib/modprobe.d/another.conf ]
	[ ! -e "$dest/usr/share/acs-guard" ]
}

@test "install: beside the Debian packages it is refused, but not below DESTDIR" {
	mkdir -- "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho installed\n' >"$BATS_TEST_TMPDIR/bin/dpkg-query"
	chmod +x "$BATS_TEST_TMPDIR/bin/dpkg-query"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run make -s -C "$work" not-beside-package
	[ "$status" -ne 0 ]
	[[ $output == *'apt-get purge acs-guard acs-guard-dkms'* ]]
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run make -s -C "$work" DESTDIR="$dest" not-beside-package
	[ "$status" -eq 0 ]
}

# A kernel with the guard, and with what is to be loaded after it.
tree_with_guard() {
	kernel=$("$top/scripts/lib/kernel" "$release")
	for module in vfio-pci pci-stub e1000e; do
		for file in $(modprobe -d "$kernel" -S "$release" --show-depends "$module" | sed -n "s|^insmod $kernel/*||p"); do
			install -D -m 644 "$kernel/$file" "$dest/$file"
		done
	done
	cp "$kernel/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$dest/lib/modules/$release"
	install -D -m 644 "$("$top/scripts/lib/build" "$release")" "$dest/lib/modules/$release/updates/acs_guard.ko"
	depmod -b "$dest" "$release"
}

# order [-i] MODULE: what modprobe would load for it, in that order
order() {
	modprobe -C "$config" -d "$dest" -S "$release" -n -v "$@" | sed -nE 's|.*/([^/ ]*)\.ko.*|\1|p'
}

@test "order: the guard is loaded before the drivers that it guards, however these are loaded" {
	tree_with_guard
	config=$BATS_TEST_TMPDIR/modprobe.d
	mkdir "$config"
	! order vfio-pci | grep -qx acs_guard || false
	cp "$top/scripts/packaging/acs_guard-order.conf" "$config"
	[ "$(order pci-stub)" = $'acs_guard\npci-stub' ]
	[ "$(order vfio-pci | grep -xE 'acs_guard|vfio-pci.*')" = $'acs_guard\nvfio-pci-core\nvfio-pci' ]
	# A softdep of vfio-pci itself would not be heeded here.
	[ "$(order -i vfio-pci | grep -xE 'acs_guard|vfio-pci.*')" = $'acs_guard\nvfio-pci-core\nvfio-pci' ]
}

@test "order: a softdep that an administrator has for vfio-pci counts as well" {
	tree_with_guard
	config=$BATS_TEST_TMPDIR/modprobe.d
	mkdir "$config"
	cp "$top/scripts/packaging/acs_guard-order.conf" "$config"
	echo 'softdep vfio-pci pre: e1000e' >"$config/aaa.conf"
	[ "$(order vfio-pci | grep -xE 'acs_guard|vfio-pci.*|e1000e')" = $'acs_guard\nvfio-pci-core\ne1000e\nvfio-pci' ]
}

@test "order: no VFIO without the guard, if the line of acs_guard(4) is used" {
	tree_with_guard
	config=$BATS_TEST_TMPDIR/modprobe.d
	mkdir "$config"
	sed -n 's/\\-/-/g; /^install vfio-pci-core /p' "$top/Documentation/acs_guard.4" >"$config/strict.conf"
	[ "$(wc -l <"$config/strict.conf")" -eq 1 ]
	# The command stands where the module was, for each driver that needs it.
	for way in '' -i; do
		run modprobe -C "$config" -d "$dest" -S "$release" -n -v $way vfio-pci
		[[ $output == *'install /sbin/modprobe acs_guard && /sbin/modprobe --ignore-install vfio-pci-core'* ]]
		[[ $output != *'insmod '*/vfio-pci-core.ko* ]]
	done
}

@test "install: a file that is missing fails it" {
	rm "$work/Documentation/acs-guard.8"
	run make -s -C "$work" DESTDIR="$dest" install-files
	[ "$status" -ne 0 ]
	[[ $output == *acs-guard.8* ]]
}

@test "install: without headers nothing is installed, and a line names what is missing" {
	run make -s -C "$work" KDIR=/nonexistent DESTDIR="$dest" install
	[ "$status" -ne 0 ]
	[[ $output == *'/nonexistent holds no kernel headers'* ]]
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
