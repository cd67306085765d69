# shellcheck shell=dash disable=SC2034,SC3040,SC3043
# SPDX-License-Identifier: GPL-2.0-only
#
# What is to be had only from a debug kernel (scripts/lib/debug-kernel). Sourced after
# lib.sh.

debugfs=/sys/kernel/debug
mountpoint -q "$debugfs" || mount -t debugfs debugfs "$debugfs"

# Which debug kernel it is, as scripts/check-debug said: memory, remove or race.
variant=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^guest\.debug=//p')

# It is set to wait until a scan is requested.
if [ "$variant" = race ]; then
	echo on >"$debugfs/kcsan"
fi

has_kmemleak() {
	[ "$variant" != race ]
}

# The PCI core drops a device whose header it does not understand, and forgets its name.
# The suites have hosts of random bytes.
leave_out_names() {
	awk '/^unreferenced object/ { tell() }
	{ text = text $0 "\n" }
	END { tell() }
	function tell() {
		if (text !~ /dev_set_name/ || text !~ /pci_setup_device/)
			printf "%s", text
		text = ""
	}'
}

# What is lost by now, in /run/leaks. Twice: what changed since the last scan, or is
# younger than 5 s, is not reported yet.
scan_for_leaks() {
	sleep 6
	echo scan >"$debugfs/kmemleak"
	sleep 1
	echo scan >"$debugfs/kmemleak"
	leave_out_names <"$debugfs/kmemleak" >/run/leaks
}

# Does lockdep still watch? It stops at its first report, and when it is full.
lockdep_is_on() {
	grep -qE '^ *debug_locks: +1$' /proc/lockdep_stats
}
