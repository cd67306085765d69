# shellcheck shell=dash disable=SC2154,SC3040,SC3043 # a variable of bench-lib.sh; busybox ash has
# pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 7: the dump of another machine. Root Ports and a device below each, all isolated, so that
# none has peers; 4 KiB of configuration space each, as bytes. lspci reads the same file.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

dump=/run/dump

# write_dump FUNCTIONS: a multiple of 272, which each domain has.
write_dump() {
	awk -v functions="$1" '
	function line(at, bytes) {
		return sprintf("%02x:%s%s\n", at, bytes, substr(zeroes, length(bytes) + 1))
	}
	# From the registers behind the first 32 bytes on.
	function rest(express, acs,   text, at) {
		for (at = 32; at < 4096; at += 16)
			text = text line(at, at == 48 ? " 00 00 00 00 40" : at == 64 ? express : at == 256 ? acs : "")
		return text "\n"
	}
	BEGIN {
		zeroes = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
		port = rest(" 10 00 42 00", " 0d 00 01 00 1f 00 1d 00")
		card = rest(" 10 00 02 00", "")
		for (domain = 0; domain < functions / 272; domain++)
			for (i = 0; i < 136; i++) {
				printf "%04x:00:%02x.%d PCI bridge: Root Port\n", domain, i / 8, i % 8
				printf "%s", line(0, " 86 80 08 0e 00 00 10 00 00 00 04 06 00 00 81")
				printf "%s%s", line(16, sprintf(" 00 00 00 00 00 00 00 00 00 %02x %02x", i + 1, i + 1)), port
				printf "%04x:%02x:00.0 Ethernet controller\n", domain, i + 1
				printf "%s%s%s", line(0, " 86 80 33 15 00 00 10 00 00 00 00 02"), line(16, ""), card
			}
	}' >"$dump"
}

# judge FUNCTIONS: sets cost. The dump stays.
judge() {
	local isolated

	write_dump "$1"
	isolated=$(acs-guard --dump "$dump" list | awk '$4 == 1 { n++ } END { print n + 0 }')
	[ "$isolated" -eq "$1" ] || {
		echo "Bail out! $isolated isolated functions instead of $1"
		exit 1
	}
	cost run 1 /usr/sbin/acs-guard --dump "$dump" list
	result 7 "$1 functions" 'acs-guard --dump list' "$cost" instructions
}

last_size='' last_cost=''
for size in 272 1088 4352; do
	judge "$size"
	[ -z "$last_size" ] || result 7 "$last_size to $size functions" 'acs-guard --dump list' \
		"$(((cost - last_cost) / (size - last_size)))" 'instructions a function'
	last_size=$size last_cost=$cost
done
cost run 1 /usr/bin/lspci -F "$dump" -vv
result 7 "$size functions" 'lspci -F -vv' "$cost" instructions
