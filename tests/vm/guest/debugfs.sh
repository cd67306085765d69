# shellcheck shell=dash disable=SC3043 # busybox ash has local
# SPDX-License-Identifier: GPL-2.0-only
#
# What a debug kernel offers in debugfs: failures on demand, and leaks found. Sourced
# after lib.sh.

debugfs=/sys/kernel/debug
[ -d "$debugfs/bdi" ] || mount -t debugfs debugfs "$debugfs"

# word NAME: the value of NAME=VALUE on the kernel command line.
word() {
	tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p" | tail -n 1
}

can_inject() {
	[ -e "$debugfs/failslab/probability" ] && [ -e /proc/self/fail-nth ]
}

has_kmemleak() {
	[ -e "$debugfs/kmemleak" ]
}

# Prints what leaked; 1 if anything did, or if kmemleak gave up. It waits until a
# block is a few seconds old, and it may take a pointer on some stack for one that
# counts: hence twice.
leaks() {
	local found

	sleep 6
	echo scan >"$debugfs/kmemleak" || return 1
	sleep 1
	echo scan >"$debugfs/kmemleak" || return 1
	found=$(cat "$debugfs/kmemleak")
	[ -z "$found" ] && return
	printf '%s\n' "$found" | sed 's/^/# leak: /'
	return 1
}
