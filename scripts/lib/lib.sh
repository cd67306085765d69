# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts share. Sourced, never run:
#   . "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/lib/lib.sh"
# A script that is called with -h or --help, and has its usage in the comment at its top,
# prints that comment and goes no further.

set -euo pipefail
# Without this a failure inside $(...) would go unnoticed.
shopt -s inherit_errexit

# shellcheck disable=SC2034 # used by those who source this
top=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cache=${ACS_GUARD_CACHE:-${XDG_CACHE_HOME:-${HOME:?neither ACS_GUARD_CACHE nor HOME is set}/.cache}/acs_guard}

# Cache entries that no run has used for so many days are removed.
cache_days=14

# say WORDS...: progress. To stderr, since stdout carries results.
say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die WORDS...: something failed that a change of arguments would not mend.
die() {
	say "$@"
	exit 1
}

# bad_input WORDS...: the caller got it wrong.
bad_input() {
	say "$@"
	exit 2
}

# need_value OPTION COUNT: an option wants a value after it.
need_value() {
	[ "$2" -ge 2 ] || bad_input "$1 needs a value"
}

# check_release RELEASE: is it a kernel release, and not a path or an option?
check_release() {
	[[ $1 =~ ^[0-9]+\.[0-9]+[0-9A-Za-z.+~_-]*$ ]] ||
		bad_input "'$1' is not a kernel release (expected something like 6.1.0-56-amd64)"
}

# cached ENTRY COMMAND [ARG...]
#
# Prints the path of cache entry ENTRY (a directory). If it is not there yet,
# runs "COMMAND ARG... DIR" to fill DIR, which then becomes the entry in one
# rename: an entry is there as a whole, or not at all. Two runs at once do the
# work once.
cached() {
	local entry=$cache/$1
	shift

	if [ ! -d "$entry" ]; then
		mkdir -p -- "${entry%/*}"
		fill_entry "$entry" "$@"
		prune_entries "${entry%/*}"
	fi
	touch -- "$entry"
	printf '%s\n' "$entry"
}

# drop_tmp: what is there after a failure goes, and a full disk is named as the cause.
drop_tmp() {
	local status=$?

	[ "$status" -eq 0 ] || [ "$(df --output=avail -k -- "$tmp" | tail -n 1)" -ge 1024 ] ||
		say "no space is left in $cache; what was made there is removed"
	rm -rf -- "$tmp"
}

fill_entry() {
	local entry=$1
	shift

	(
		flock --nonblock 9 || {
			say "another run is making ${entry#"$cache/"}; waiting for it"
			flock 9
		}
		# The process that held the lock before us may have made it.
		[ ! -d "$entry" ] || exit 0
		# What a killed run left behind. No other run can use it: we hold the lock.
		rm -rf -- "$entry".tmp.*
		tmp=$(mktemp -d -- "$entry.tmp.XXXXXX")
		trap drop_tmp EXIT
		chmod 755 -- "$tmp"
		"$@" "$tmp" 9>&- >&2
		mv -T -- "$tmp" "$entry"
	) 9>"$entry.lock"
}

prune_entries() {
	find "$1" -mindepth 1 -maxdepth 1 -type d -mtime "+$cache_days" \
		-exec rm -rf -- {} +
}

# content_key FILE_OR_DIR...: a short key that changes when the content does. Paths count from the
# top of the repository, so that clones of it share what is in the cache.
content_key() {
	local list paths

	list=$(realpath -e --relative-to="$top" -- "$@")
	mapfile -t paths <<<"$list"
	(cd -- "$top" && find "${paths[@]}" -type f -print0) | LC_ALL=C sort -z |
		(cd -- "$top" && xargs -0 -r sha256sum) | sha256sum | cut -c1-16
}

# Another file only in the tests of the scripts.
os_release=${ACS_GUARD_OS_RELEASE:-/etc/os-release}

# codename: of the host's release of Debian.
codename() {
	local name

	name=$(sed -n 's/^VERSION_CODENAME=//p' "$os_release")
	[ -n "$name" ] || die "$os_release names no release of Debian"
	printf '%s\n' "$name"
}

# host_series: the series of the host's own stock kernel, which the demo and most tests
# run on. Fails on any system that the tests do not know, before anything is installed.
host_series() {
	local id

	# shellcheck source=/dev/null
	id=$(. "$os_release" 2>/dev/null &&
		printf '%s %s %s' "${ID:-no-id}" "${VERSION_ID:-}" "${PRETTY_NAME:-}") || id='unknown  an unknown system'
	case $id in
	'debian 12 '*) echo 6.1 ;;
	'debian 13 '*) echo 6.12 ;;
	*)
		die "this is ${id#* * }; the demo and the tests run on Debian 12 and 13." \
			"In a container: docker run --rm -it -v \"\$PWD:/src\" -w /src debian:13" \
			"sh -c 'apt-get update && apt-get install -y git make && make demo'"
		;;
	esac
}

# need_amd64: fails on a host of another architecture, of which the tests have no machine.
need_amd64() {
	local arch

	arch=$(dpkg --print-architecture 2>/dev/null) || arch=unknown
	[ "$arch" = amd64 ] ||
		die "this machine is $arch; the demo and the tests in a virtual machine run on amd64" \
			"(make tool and make check-engine run here)"
}

# mirrors: what the host's apt fetches its own release from, a line each as in a
# sources.list: of the whole archive only Debian's own main parts. Nothing at all
# where apt has no package lists.
mirrors() {
	local name

	name=$(codename)
	# shellcheck disable=SC2016 # apt fills these in
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 'Origin: Debian' |
		grep -E " $name(-updates|-security)? main\$" | sort -u || true
}

# flavour_of RELEASE: what the kernel was built for, as the release ends: amd64, rt-amd64;
# debug-memory for a kernel of scripts/lib/debug-kernel.
flavour_of() {
	printf '%s\n' "$1" | sed -E 's/^[0-9.]+([+]deb[0-9]+|-[0-9]+)?-//'
}

# flavour_facts FLAVOUR: sets flavour; arch, Debian's name of the architecture; machine, the
# kernel's; triplet, for cross compilers, empty for the host's own architecture; emulator, for
# its programs.
# shellcheck disable=SC2034 # used by those who source this
flavour_facts() {
	flavour=$1
	case $flavour in
	amd64 | *-amd64 | debug-*) arch=amd64 machine=x86_64 triplet='' emulator=qemu-x86_64 ;;
	arm64 | *-arm64) arch=arm64 machine=arm64 triplet=aarch64-linux-gnu emulator=qemu-aarch64 ;;
	686 | 686-pae) arch=i386 machine=i386 triplet=i686-linux-gnu emulator=qemu-i386 ;;
	powerpc64le) arch=ppc64el machine=powerpc triplet=powerpc64le-linux-gnu emulator=qemu-ppc64le ;;
	riscv64) arch=riscv64 machine=riscv triplet=riscv64-linux-gnu emulator=qemu-riscv64 ;;
	s390x) arch=s390x machine=s390 triplet=s390x-linux-gnu emulator=qemu-s390x ;;
	*) bad_input "no kernels of flavour '$flavour' are known here" ;;
	esac
}

# How mmdebstrap only unpacks packages: no maintainer script runs, so root may do this on a
# host, which Debian 13's asks about.
# shellcheck disable=SC2034 # used by those who source this
chrootless=(--mode=chrootless --skip=check/chrootless)

# as_root COMMAND...: as root, directly or through sudo.
can_be_root() {
	[ "$(id -u)" -eq 0 ] && return
	command -v sudo >/dev/null || return
	# A password can be asked for only on a terminal.
	sudo -n true 2>/dev/null || [ -t 0 ]
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -- "$@"
	fi
}

# header FILE: the comment at the top of a script, but for what programs read of it.
header() {
	awk '!/^#/ { exit }
		/^#!/ || /SPDX-License-Identifier:/ || /^# shellcheck / { next }
		{ sub(/^# ?/, "") }
		started || $0 != "" { started = 1; print }' "$1"
}

if [[ ${1-} == -h || ${1-} == --help ]] && header "$0" | grep -q '^usage: '; then
	header "$0"
	exit
fi
