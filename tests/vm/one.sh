# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One script of the virtual machine, on a kernel of choice, with all set-up: what
# soak, fuzz and faults share. Sourced after lib.sh.
#
#   machine_kernel NAME                 stock, or a variant of scripts/lib/debug-kernel
#   machine_run SCRIPT SECONDS WORDS [BOOT_OPTION...]

# shellcheck disable=SC2154 # top is lib.sh's
machine_kernel() {
	"$top/scripts/lib/deps" build vm
	if [ "$1" = stock ]; then
		machine_release=$("$top/scripts/lib/kernel" --release)
		machine_kernel=$("$top/scripts/lib/kernel" "$machine_release")
		machine_module=$("$top/scripts/lib/build" "$machine_release")
	else
		machine_kernel=$("$top/scripts/lib/debug-kernel" "$1")
		machine_release=$("$top/scripts/lib/debug-kernel" --release "$1")
		machine_module=$("$top/scripts/lib/build" --kdir "$machine_kernel/build" "$machine_release")
	fi
}

machine_clean_up() {
	local status=$?

	trap - EXIT INT TERM HUP
	if [ -n "$machine_pid" ]; then
		kill -- "$machine_pid" 2>/dev/null || :
		wait "$machine_pid" || :
	fi
	# A failure keeps the machine's logs, if there are any.
	if [ "$status" -eq 0 ] || [ ! -s "$machine_out/console.log" ]; then
		rm -rf -- "$machine_out"
	else
		rm -f -- "$machine_out/initrd"
		say "logs: $machine_out"
	fi
	exit "$status"
}

machine_run() {
	local script=$1 seconds=$2 words=$3

	shift 3
	machine_pid=
	machine_out=$(mktemp -d -- "${TMPDIR:-/tmp}/acs_guard-$script.XXXXXX")
	trap machine_clean_up EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	"$top/tests/vm/initrd" --kernel "$machine_kernel" --release "$machine_release" \
		--module "$machine_module" --out "$machine_out/initrd"
	# In the background, so that a signal to this script reaches the machine.
	"$top/tests/vm/boot" --kernel "$machine_kernel" --release "$machine_release" \
		--initrd "$machine_out/initrd" --out "$machine_out" --run "$script" \
		--timeout "$seconds" --append "$words" "$@" &
	machine_pid=$!
	wait "$machine_pid"
	machine_pid=
}
