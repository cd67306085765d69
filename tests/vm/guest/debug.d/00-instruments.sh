# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Is this the debug kernel that it should be, with all that it is there for at work?
# The lines are the project's own fragments, so nothing may have been lost on the way.

# shellcheck source=../lib.sh
. /guest/lib.sh
# shellcheck source=../debug-lib.sh
. /guest/debug-lib.sh

# Each test forgets what was logged before it.
dmesg >/run/boot-log

begin "this is the debug kernel '$variant'"
expect_command test -n "$variant"
expect_command grep -q -- "-debug-$variant" /proc/sys/kernel/osrelease
end

begin "its configuration is what the fragments ask for"
zcat /proc/config.gz >/run/config
case $variant in
memory) fragments='debug debug-memory' ;;
remove) fragments='debug debug-memory debug-remove' ;;
race) fragments='debug debug-race' ;;
*) fragments= ;;
esac
for fragment in $fragments; do
	grep '^CONFIG_' "/guest/debug.d/$fragment.config"
done | sed 's/^\(.*\)=n$/# \1 is not set/' >/run/wanted
expect_command test -s /run/wanted
expect_equal "lines that are not in it" '' "$(grep -vxFf /run/config /run/wanted)"
end

begin "lockdep is on"
expect_command lockdep_is_on
end

if has_kmemleak; then
	begin "KASAN is on"
	expect_command grep -q 'kasan: KernelAddressSanitizer initialized' /run/boot-log
	end

	# What the kernel itself lost at boot is none of the tests' business.
	begin "kmemleak is on"
	expect_command scan_for_leaks
	expect_command sh -c "echo clear >$debugfs/kmemleak"
	end
else
	begin "KCSAN is on"
	expect_command grep -qx 'enabled: 1' "$debugfs/kcsan"
	end
fi

# The driver logs each probe.
times=1
[ "$variant" != remove ] || times=2
fresh
modprobe pci-stub
begin "a bind probes $times time(s)"
bind_by_bind GOOD_NIC pci-stub
expect_driver GOOD_NIC pci-stub
take_log
expect_equal "number of probes" "$times" "$(grep -c 'claimed by stub' "$log")"
end
unbind_and_clear GOOD_NIC
fresh
