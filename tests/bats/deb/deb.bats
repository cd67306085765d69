#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The life of the two packages in a Debian tree, from their making to their purge;
# each test goes on where the one before it ended. Run by scripts/check-deb inside
# the tree, as its root, with the kernel's name in RELEASE. What is left in /out is
# booted there.

debs=/debs
# Compressed, if the kernel's own modules are.
suffix=$(find "/usr/lib/modules/$RELEASE/kernel" -name 'vfio-pci.ko*' | sed 's/.*[.]ko//')
module=/usr/lib/modules/$RELEASE/updates/dkms/acs_guard.ko$suffix
initrd=/boot/initrd.img-$RELEASE
here=/source/tests/bats/deb
exceptions=(/etc/modprobe.d/acs-guard-exceptions.conf /etc/udev/rules.d/04-acs-guard-exceptions.rules)

# These tests install packages and change /etc, so elsewhere they must not run.
setup_file() {
	[ "$BATS_TEST_DIRNAME" = "$here" ] || {
		echo "run scripts/check-deb: these tests are for the tree that it makes"
		return 1
	}
}

# What an administrator does who wants a card for a guest from the start, and what
# tells of it.
ask_for_vfio() {
	local dracut=/usr/lib/dracut/modules.d/99report

	echo vfio-pci >/etc/initramfs-tools/modules
	echo 'softdep e1000e pre: vfio-pci' >/etc/modprobe.d/vfio.conf
	echo 'force_drivers+=" vfio-pci "' >/etc/dracut.conf.d/vfio.conf
	install -m 755 "$here/report" /etc/initramfs-tools/scripts/init-premount/
	install -D -m 755 "$here/dracut-report.sh" "$dracut/module-setup.sh"
	install -m 755 "$here/report" "$dracut"
}

# make_dracut IMAGE: one for any machine, with all of its modules that can be there.
make_dracut() {
	dracut --quiet --force --no-hostonly --no-compress --kver "$RELEASE" --add report "$1"
}

# Files, of ours by their names.
ours() {
	find / -xdev \( -path /proc -o -path /sys -o -path /source -o -path "$debs" -o -path /out \
		-o -path /tmp \) -prune -o \( -name '*acs[-_]guard*' \) -print | sort
}

@test "without the packages the initramfs has vfio-pci and no guard" {
	mkdir -p /out
	ask_for_vfio
	[ -z "$(ours)" ]
	update-initramfs -c -k "$RELEASE"
	lsinitramfs "$initrd" >/out/list
	grep -q 'vfio-pci\.ko' /out/list
	! grep -q acs_guard /out/list || false
	cp "$initrd" /out/initramfs-tools-without
	make_dracut /out/dracut-without
	chmod 644 /out/dracut-without
}

@test "the packages can be built, and leave the source as it was" {
	before=$(cd /source && find . -type f | sort | xargs sha256sum)
	/source/scripts/deb --out "$debs"
	[ "$(cd /source && find . -type f | sort | xargs sha256sum)" = "$before" ]
	[ "$(ls "$debs")" = "$(printf '%s\n' acs-guard-dkms_*_all.deb "acs-guard_*_$(dpkg --print-architecture).deb" |
		sed "s/\*/$(dpkg-parsechangelog -l/source/debian/changelog -SVersion)/")" ]
}

@test "lintian finds no error" {
	lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$debs"/*.deb
}

@test "DKMS gets the source of the module, and nothing else" {
	dpkg-deb --fsys-tarfile "$debs"/acs-guard-dkms_*.deb | tar -t | sed -n 's|^\./usr/src/acs_guard-[^/]*/||p' |
		grep . >/out/list
	! grep -vE '^(Kbuild|dkms\.conf|module/(engine/)?([a-z_]+\.[ch])?|include/([a-z_]+\.h)?)$' /out/list || false
	[ "$(grep -c '^module/.*\.c$' /out/list)" -eq "$(find /source/module -name '*.c' | wc -l)" ]
}

@test "installed, DKMS builds the module for the kernel" {
	dpkg -i "$debs"/*.deb
	dkms status acs_guard | grep -q "$RELEASE.*: installed"
	[[ $(modinfo -F vermagic "$module") == "$RELEASE "* ]]
	[ "$(modinfo -k "$RELEASE" -n acs_guard)" -ef "$module" ]
}

@test "DKMS has signed it, with the key that mokutil can enrol" {
	[ -s /var/lib/dkms/mok.pub ]
	[ -n "$(modinfo -F signer "$module")" ]
	[ "$(modinfo -F sig_key "$module" | tr -d :)" = \
		"$(openssl x509 -inform der -in /var/lib/dkms/mok.pub -noout -serial | sed 's/serial=//')" ]
}

# modprobe with what the packages have installed, on a tree of any kernel.
order() {
	modprobe -S "$RELEASE" -n -v "$@" | sed -n 's|.*/\([^/ ]*\)\.ko.*|\1|p'
}

@test "the guard is loaded before vfio-pci and pci-stub, however these are loaded" {
	order vfio-pci | grep -qx acs_guard
	order pci-stub | grep -qx acs_guard
	# As vfio-pci-bind does; it skips a softdep of vfio-pci itself.
	order -i vfio-pci | grep -qx acs_guard
	# A softdep of the administrator's own takes nothing away, nor is it taken away.
	echo 'softdep vfio-pci pre: e1000e' >/etc/modprobe.d/aaa.conf
	[ "$(order vfio-pci | grep -xE 'acs_guard|vfio-pci-core|e1000e|vfio-pci')" = \
		"$(printf '%s\n' acs_guard vfio-pci-core e1000e vfio-pci)" ]
	rm /etc/modprobe.d/aaa.conf
}

@test "it is asked for at each boot" {
	[ "$(grep -v '^#' /usr/lib/modules-load.d/acs_guard.conf)" = acs_guard ]
}

timer=acs-guard-metrics.timer
enabled=/etc/systemd/system/timers.target.wants/$timer
numbers=/var/lib/prometheus/node-exporter/acs_guard.prom

@test "the timer for Prometheus is installed, and not enabled" {
	[ -f "/lib/systemd/system/$timer" ]
	[ -f "/lib/systemd/system/${timer%.timer}.service" ]
	[ ! -e "$enabled" ]
	[ -s /usr/share/acs-guard/prometheus-rules.yml ]
	# As an administrator does with systemctl, which the tree lacks.
	mkdir -p "${enabled%/*}"
	ln -s "/lib/systemd/system/$timer" "$enabled"
	install -D /dev/null "$numbers"
}

@test "the installation has made the initramfs anew, with the guard and its order" {
	lsinitramfs "$initrd" >/out/list
	grep -q "updates/dkms/acs_guard\.ko" /out/list
	grep -q 'lib/modprobe.d/acs_guard-order.conf' /out/list
	! grep -q exceptions /out/list || false
}

@test "an exception that is made for good gets into the initramfs, rule and all" {
	fake=$BATS_TEST_TMPDIR/fake acs_guard=/usr/bin/acs-guard
	# The same two cards as in the machine that boots from it.
	# shellcheck source=../fake-sysfs.sh
	. "$here/../fake-sysfs.sh"
	make_machine
	: >"$fake/dev/kmsg"
	rmdir "$fake/etc"
	ln -s /etc "$fake/etc"
	run tool allow 04:00.0 --persist --reason 'one guest has both'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *'to make it again: update-initramfs -u'* ]]
	update-initramfs -u -k "$RELEASE"
	lsinitramfs "$initrd" >/out/list
	grep -qx 'etc/modprobe.d/acs-guard-exceptions.conf' /out/list
	grep -q 'lib/udev/rules.d/04-acs-guard-exceptions.rules$' /out/list
	cp "$initrd" /out/initramfs-tools-with
}

@test "the guard is in the initramfs even where vfio-pci is not configured for it" {
	: >/etc/initramfs-tools/modules
	mv /etc/modprobe.d/vfio.conf /tmp
	update-initramfs -u -k "$RELEASE"
	ask_for_vfio
	lsinitramfs "$initrd" >/out/list
	! grep -q vfio /out/list || false
	grep -q "updates/dkms/acs_guard\.ko" /out/list
}

@test "a kernel without the guard gets an initramfs all the same, with a warning" {
	mv "$module" /tmp/aside
	depmod "$RELEASE"
	run update-initramfs -u -k "$RELEASE"
	mv /tmp/aside "$module"
	depmod "$RELEASE"
	[ "$status" -eq 0 ]
	[[ $output == *"W: no module acs_guard for $RELEASE"* ]]
	update-initramfs -u -k "$RELEASE"
}

@test "dracut takes the guard along too, with the exception, and loads it first" {
	make_dracut /out/dracut-with
	chmod 644 /out/dracut-with
	lsinitrd /out/dracut-with >/out/list
	grep -q 'updates/dkms/acs_guard\.ko' /out/list
	grep -q 'modprobe.d/acs_guard-order.conf' /out/list
	grep -q 'etc/modprobe.d/acs-guard-exceptions.conf' /out/list
	[ "$(lsinitrd /out/dracut-with -f etc/cmdline.d/20-acs_guard.conf)" = rd.driver.pre=acs_guard ]
	[ "$(sed -n 's|.* etc/cmdline.d/||p' /out/list | grep -m 1 .)" = 20-acs_guard.conf ]
}

@test "a kernel without the guard gets an initramfs of dracut's all the same, with a warning" {
	mv "$module" /tmp/aside
	depmod "$RELEASE"
	run make_dracut /tmp/dracut.img
	mv /tmp/aside "$module"
	depmod "$RELEASE"
	[ "$status" -eq 0 ]
	[[ $output == *"no module acs_guard for $RELEASE"* ]]
	[ -s /tmp/dracut.img ]
}

@test "an upgrade leaves one version, built anew, and what the administrator has set" {
	cat "${exceptions[@]}" >/tmp/exceptions
	echo 'options acs_guard mode=audit' >/etc/modprobe.d/acs_guard.conf
	cp -r /source /tmp/newer
	sed -i '1s/(.*)/(99.0)/' /tmp/newer/debian/changelog
	sed -i 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="99.0"/' /tmp/newer/dkms.conf
	/tmp/newer/scripts/deb --out /tmp/newer-debs
	dpkg -i /tmp/newer-debs/*.deb
	[ "$(dkms status acs_guard | wc -l)" -eq 1 ]
	dkms status acs_guard | grep -q "99\.0.*$RELEASE.*: installed"
	[ "$(ls -d /usr/src/acs_guard-*)" = /usr/src/acs_guard-99.0 ]
	[ -e "$module" ]
	[ "$(cat /etc/modprobe.d/acs_guard.conf)" = 'options acs_guard mode=audit' ]
	cat "${exceptions[@]}" | cmp - /tmp/exceptions
	[ -L "$enabled" ]
}

@test "without the module's package the rest stays, and the initramfs is clean" {
	dpkg -P acs-guard-dkms
	[ ! -e "$module" ]
	lsinitramfs "$initrd" >/out/list
	! grep -q 'acs_guard\.ko' /out/list || false
	dpkg -s acs-guard | grep -q '^Status: install ok installed'
}

@test "a removal keeps the exceptions, and nothing else of the packages" {
	dpkg -i /tmp/newer-debs/*.deb
	dpkg -r acs-guard-dkms acs-guard
	[ -z "$(dkms status acs_guard)" ]
	# Debian's own record of what is enabled stays until the purge.
	[ "$(ours | grep -v /deb-systemd-helper-enabled/)" = "$(printf '%s\n' "${exceptions[@]}" /etc/modprobe.d/acs_guard.conf \
		/var/lib/dpkg/info/acs-guard.{list,postrm} "$enabled" "$numbers" | sort)" ]
	cat "${exceptions[@]}" | cmp - /tmp/exceptions
	lsinitramfs "$initrd" >/out/list
	grep -q acs-guard-exceptions /out/list
	! grep -q 'acs_guard\.ko' /out/list || false
}

@test "a purge leaves nothing but what the administrator wrote" {
	dpkg -P acs-guard-dkms acs-guard
	[ "$(ours)" = /etc/modprobe.d/acs_guard.conf ]
	lsinitramfs "$initrd" >/out/list
	[ "$(grep 'acs[-_]guard' /out/list)" = etc/modprobe.d/acs_guard.conf ]
}

@test "a purge at one stroke does the same" {
	dpkg -i /tmp/newer-debs/*.deb
	touch "${exceptions[@]}"
	dpkg -P acs-guard-dkms acs-guard
	[ -z "$(dkms status acs_guard)" ]
	[ "$(ours)" = /etc/modprobe.d/acs_guard.conf ]
	lsinitramfs "$initrd" >/out/list
	[ "$(grep 'acs[-_]guard' /out/list)" = etc/modprobe.d/acs_guard.conf ]
}
