# shellcheck shell=dash disable=SC2154,SC3043 # what lib.sh sets; busybox ash has local
# SPDX-License-Identifier: GPL-2.0-only
#
# What the topics of clients.d share: the tree with the clients, and how they are
# called. Sourced by busybox ash.

# shellcheck source=lib.sh
. /guest/lib.sh

tree=/tree
said=/run/said

# --- the tree --------------------------------------------------------------------------

# No maintainer script has run, so there are no users.
make_users() {
	cat >"$tree/etc/passwd" <<-EOF
		root:x:0:0:root:/root:/bin/sh
		libvirt-qemu:x:64055:109:Libvirt Qemu:/var/lib/libvirt:/usr/sbin/nologin
	EOF
	printf '%s\n' root:x:0: tty:x:5: disk:x:6: lp:x:7: kmem:x:15: dialout:x:20: cdrom:x:24: \
		tape:x:26: audio:x:29: video:x:44: input:x:106: sgx:x:107: kvm:x:108: \
		libvirt-qemu:x:109:libvirt-qemu render:x:110: >"$tree/etc/group"
}

# The tools are those of the tree, but kernel and modules those of the machine. The hook
# is where Documentation/clients.rst has it installed.
mount_tree() {
	local dir

	modprobe virtio_pci
	modprobe virtio_blk
	modprobe ext4
	mkdir -p "$tree"
	wait_until 10 test -b /dev/vda
	mount -t ext4 /dev/vda "$tree"
	for dir in proc sys dev run tmp lib/modules; do
		mkdir -p "$tree/$dir"
		mount --bind "/$dir" "$tree/$dir"
	done
	make_users
	# The package libvirt-daemon-system would make these; it brings all of systemd.
	mkdir -p "$tree/var/log/libvirt/qemu" "$tree/etc/libvirt/hooks/qemu.d"
	mkdir -p "$tree/usr/share/acs-guard"
	cp /usr/share/acs-guard/libvirt-metadata.rng "$tree/usr/share/acs-guard"
	cp /usr/share/acs-guard/libvirt-hook "$tree/etc/libvirt/hooks/qemu.d/acs-guard"
}

# in_tree COMMAND...
in_tree() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot "$tree" "$@"
}

start_udev() {
	in_tree /lib/systemd/systemd-udevd --daemon >/dev/null 2>&1
}

virsh_answers() {
	in_tree virsh version
}

# libvirtd gives each guest a /dev of its own, and for that takes its root for that of
# the machine: so it gets a machine, in a mount namespace, whose root is the tree.
run_libvirtd() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
		unshare -m sh -ec "cd $tree; mount --move . /; exec chroot . libvirtd --daemon"
}

# libvirtd, as Debian 12 packages it: one daemon for all drivers, and one for the logs
# of guests. Once for all topics; it says that VFIO is there when its device node is,
# which systemd makes at boot.
start_libvirt() {
	modprobe vfio_iommu_type1
	! in_tree virsh version >/dev/null 2>&1 || return 0
	in_tree virtlogd --daemon
	run_libvirtd
	wait_until 60 virsh_answers
}

# --- what clients do -------------------------------------------------------------------

# client STATUS COMMAND...: it ends so; what it says is kept.
client() {
	local wanted=$1 status=0

	shift
	in_tree "$@" >"$said" 2>&1 </dev/null || status=$?
	expect_equal "status of $*" "$wanted" "$status"
}

# expect_said TEXT...
expect_said() {
	local text

	for text; do
		expect
		grep -qF -- "$text" "$said" || problem "not said: '$text', but: $(cat "$said")"
	done
}

expect_silence() {
	expect
	[ ! -s "$said" ] || problem "it says: $(cat "$said")"
}

# expect_override DEVICE VALUE
expect_override() {
	local value

	at "$1"
	read -r value <"$at_sys/driver_override"
	expect_equal "driver_override of $1" "$2" "$value"
}

# expect_mended DEVICE: the commands in the log's last refusal of it give it back.
expect_mended() {
	at "$1"
	take_log
	sed -n "s/^acs_guard: $at_address is not isolated: .*To give it back to its own driver: \(.*\)\. To accept the risk.*/\1/p" \
		"$log" | tail -n 1 >/run/commands
	expect
	[ -s /run/commands ] || problem "the log has no commands that mend it"
	expect_command in_tree sh -ec "$(cat /run/commands)"
	expect_driver "$1" e1000e
	expect_override "$1" '(null)'
}

# expect_refused DEVICE PROGRAM: that program was refused it, says the log, and nothing
# has it now.
expect_refused() {
	take_log
	expect_refusals "$1" vfio-pci uid=0 "comm=\"$2\""
	expect_driver "$1" none
}

set_permissive() {
	at "$1"
	attempt "$at_sys/acs_guard/permissive" "$2"
	expect_success
}
