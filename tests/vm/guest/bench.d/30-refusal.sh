# shellcheck shell=dash disable=SC2154,SC3040,SC3043 # variables made of the table;
# busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 3: a refusal, from the write to the error. The guard prints two lines for each,
# but for a device that is refused more than ten times in five seconds: so the lines are
# measured as what is less then. On a serial console they are printed before the
# write returns, a character after the other, and a real console's speed is another.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

count=10

# refusals SECONDS: a pause before each; sets cost, and printed, the number of lines
refusals() {
	mark refusals
	cost refusal "$count" "$1" pci-stub "$at_address"
	take_log
	printed=$(grep -c '^acs_guard: ' "$log") || true
}

# with_lines CASE
with_lines() {
	local whole

	# Those of before are forgotten.
	sleep 6
	refusals 1
	[ "$printed" -eq $((2 * count)) ] || {
		echo "# $printed lines, wanted $((2 * count))"
		exit 1
	}
	whole=$cost
	result 3 "$1" 'refusal with its lines' "$whole" instructions
	# Whatever is in the log of the first ones, the last have no lines.
	refusals 0
	refusals 0
	[ "$printed" -eq 0 ] || {
		echo "# $printed lines, wanted none"
		exit 1
	}
	result 3 "$1" 'refusal without lines' "$cost" instructions
	result 3 "$1" 'share of the lines' $(((whole - cost) * 100 / whole)) percent
}

modprobe pci-stub
guard
override T1_A pci-stub
dmesg -n 1
with_lines 'console quiet'
auditctl -e 1 >/dev/null
with_lines 'console quiet, audit on'
auditctl -e 0 >/dev/null
dmesg -n 7
with_lines 'serial console'
