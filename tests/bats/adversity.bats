#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts do where something is missing: space, the network, a machine for the
# architecture. A line names the cause, and nothing is left behind.

bats_require_minimum_version 1.5.0

setup() {
	PATH=$PATH:/usr/sbin:/sbin
	scripts=$(readlink -f -- "$BATS_TEST_DIRNAME/../../scripts")
	work=$BATS_TEST_TMPDIR
	mkdir -- "$work/bin"
}

# program NAME: a stand-in with the commands of standard input.
program() {
	{
		echo '#!/bin/sh'
		cat
	} >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# left CACHE: what is there, but for empty folders and locks.
left() {
	find "$1" -mindepth 1 ! -type d ! -name '*.lock'
	find "$1" -name '*.tmp*'
}

# half_a_download FILE: apt-get brings a part of the package, and then fails.
half_a_download() {
	program apt-get <<-END
		head -c 100000 /dev/zero >$1
		echo 'E: Failed to fetch: Connection timed out' >&2
		exit 100
	END
}

@test "no network half-way through: a line, and nothing of the download stays" {
	half_a_download linux-source_1.deb
	PATH=$work/bin:$PATH ACS_GUARD_CACHE=$work/cache run "$scripts/lib/checkpatch"
	[ "$status" -ne 0 ]
	[[ ${lines[-1]} == 'checkpatch: linux-source-'*' could not be downloaded; try: sudo apt-get update' ]]
	[ -z "$(left "$work/cache")" ]
}

# The machine's packages are there, so the kernel is the first that is downloaded: the image of
# Debian 12. On Debian 13 the kernel of the machine is first looked for, which needs apt-get, too.
@test "no network half-way through the demo: a line, and nothing of the kernel stays" {
	local begin='downloading linux-image-*([1-9]* MB)' end='linux-image-* could not be downloaded (*'

	if [ "$("$scripts/lib/kernel" --host-series)" != 6.1 ]; then
		begin='looking for the newest ' end='no * kernel could be found (is the network up[?])'
	fi
	half_a_download linux-image_1.deb
	PATH=$work/bin:$PATH ACS_GUARD_CACHE=$work/cache run "$scripts/demo"
	[ "$status" -ne 0 ]
	# shellcheck disable=SC2053 # patterns
	[[ $output == *"kernel: "$begin* ]]
	# shellcheck disable=SC2053 # patterns
	[[ ${lines[-1]} == "kernel: "$end ]]
	[ -z "$(left "$work/cache")" ]
}

@test "no space left in the cache: a line names the full disk, and nothing stays" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can make a small file system'
	mkdir -- "$work/cache"
	program apt-get <<-'END'
		head -c 20000000 /dev/zero >linux-source_1.deb 2>/dev/null || exit 100
	END
	# shellcheck disable=SC2016 # for the inner shell
	PATH=$work/bin:$PATH ACS_GUARD_CACHE=$work/cache run unshare --mount --propagation private sh -c '
		mount -t tmpfs -o size=4m small "$ACS_GUARD_CACHE"
		"$1"
		echo "status $?"
		find "$ACS_GUARD_CACHE" -mindepth 1 ! -type d ! -name "*.lock"
		find "$ACS_GUARD_CACHE" -name "*.tmp*"
		df --output=used -k "$ACS_GUARD_CACHE" | tail -n 1' sh "$scripts/lib/checkpatch"
	[[ $output == *"checkpatch: no space is left in $work/cache; what was made there is removed"* ]]
	[[ ${lines[-2]} == 'status '[1-9]* ]]
	[ "${lines[-1]}" -lt 100 ]
}

@test "an architecture without a machine: one line, before anything is installed" {
	program dpkg <<-'END'
		echo arm64
	END
	program apt-get <<-END
		touch "$work/installed"
	END
	PATH=$work/bin:$PATH ACS_GUARD_CACHE=$work/cache run "$scripts/demo"
	[ "$status/${#lines[@]}" = 1/1 ]
	[[ $output == *'this machine is arm64; the demo and the tests in a virtual machine run on amd64'* ]]
	[ ! -e "$work/installed" ]
	[ ! -e "$work/cache" ]
}
