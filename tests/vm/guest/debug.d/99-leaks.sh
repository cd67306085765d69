# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The end of a boot of the debug kernel, with all modules gone again: did the
# instruments hold out, and is anything lost?

# shellcheck source=../lib.sh
. /guest/lib.sh
# shellcheck source=../debug-lib.sh
. /guest/debug-lib.sh
fresh

# The kernel switches it off when a module is unloaded by force (97-lock, bit 3).
begin "lockdep has held out"
[ "$(($(cat /proc/sys/kernel/tainted) & 8))" -ne 0 ] || lockdep_is_on || problem "it is off"
expect
end

if has_kmemleak; then
	begin "no memory is lost"
	expect_command scan_for_leaks
	expect
	[ ! -s /run/leaks ] || problem "$(cat /run/leaks)"
	end
fi
