#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The table of programs in Documentation/clients.rst: what it quotes is what the topics of
# clients.d expect, which run those programs.
#
# usage: bats tests/bats/clients.bats

setup() {
	top=$(dirname -- "$(dirname -- "$BATS_TEST_DIRNAME")")
	topics=$BATS_TEST_TMPDIR/topics
	sed 's/\$address/0000:04:00.0/g; s/"\$a"/0000:04:00.0/g; s/"\$name"/pci_0000_04_00_0/g
		s/"0000:04:00.0"/0000:04:00.0/g; s/\$a\>/0000:04:00.0/g; s/\$name\>/pci_0000_04_00_0/g' \
		"$top"/tests/vm/guest/clients.d/*.sh >"$topics"
}

@test "clients: each message and command of the table in clients.rst is in a topic" {
	# shellcheck disable=SC2016 # quotes of reStructuredText
	sed -n '/^What each program prints$/,/^Giving the device back$/p' "$top/Documentation/clients.rst" |
		grep -o '``[^`]*``' | tr -d '`' |
		sort -u >"$BATS_TEST_TMPDIR/quotes"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/quotes")" -ge 12 ]
	while read -r quote; do
		case $quote in
		driver_override | vfio-pci | '<hostdev>') continue ;;
		esac
		grep -qF -- "$quote" "$topics" || {
			echo "no topic has: $quote"
			return 1
		}
	done <"$BATS_TEST_TMPDIR/quotes"
}
