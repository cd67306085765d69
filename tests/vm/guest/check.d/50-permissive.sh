# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# permissive in sysfs: the one exception, what it allows, who may set it, and what
# is not taken for a value.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

switch=$(sys T1_A)/acs_guard/permissive

# Bit 6 of the kernel's taint flags, TAINT_USER: 1 if it is set.
user_taint() {
	echo $((($(cat /proc/sys/kernel/tainted) >> 6) & 1))
}

begin "the kernel is not tainted by its user yet"
expect_equal "taint bit 6" 0 "$(user_taint)"
end

guard
modprobe vfio-pci
modprobe pci-stub

begin "permissive is 0 on every card, and only root may write it"
for name in $isolated $exposed; do
	expect_attribute "$name" permissive 0
	expect_equal "mode of permissive" 644 "$(stat -c %a "$(sys "$name")/acs_guard/permissive")"
	expect_equal "mode of isolated" 444 "$(stat -c %a "$(sys "$name")/acs_guard/isolated")"
	expect_equal "mode of reason" 444 "$(stat -c %a "$(sys "$name")/acs_guard/reason")"
done
end

begin "permissive=1 is logged"
attempt "$switch" 1
expect_success
expect_attribute T1_A permissive 1
expect_attribute T1_B permissive 0
expect_decision action=set-permissive "dev=$(address_of T1_A)" uid=0 'comm="sh"'
expect_equal "taint bit 6, before any bind" 0 "$(user_taint)"
end

begin "permissive=1 again changes nothing"
attempt "$switch" 1
expect_success
expect_attribute T1_A permissive 1
end

for driver in vfio-pci pci-stub; do
	for way in bind probe; do
		begin "permissive=1: T1_A binds to $driver through $way, and the log has allow-permissive"
		"bind_by_$way" T1_A "$driver"
		expect_success
		expect_driver T1_A "$driver"
		expect_decision action=allow-permissive "dev=$(address_of T1_A)" "driver=$driver" \
			reason=no-acs "blocker=$(address_of T1_PORT_A)" missing=SV,RR,CR,UF mode=enforce
		expect_no_decision action=deny
		expect_equal "taint bit 6" 1 "$(user_taint)"
		end
		unbind_and_clear T1_A
	done
done

begin "permissive on T1_A does nothing for T1_B"
bind_by_bind T1_B vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_B none
expect_refusal T1_B vfio-pci
end
no_override T1_B

begin "permissive does not make a device isolated"
expect_attribute T1_A isolated 0
end

begin "permissive=0 leaves a bound device alone, and is logged"
bind_by_bind T1_A vfio-pci
attempt "$switch" 0
expect_success
expect_driver T1_A vfio-pci
expect_attribute T1_A permissive 0
expect_decision action=clear-permissive "dev=$(address_of T1_A)" uid=0 'comm="sh"'
end
unbind_and_clear T1_A

# Where probes are doubled, each bind is two decisions, of which ten are logged in five seconds.
[ "$probes" -eq 1 ] || sleep 5
begin "permissive=0: the next bind is refused"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_A none
expect_refusal T1_A vfio-pci
end
no_override T1_A

for pair in y:1 n:0 on:1 off:0 1:1 0:0; do
	begin "permissive takes '${pair%:*}'"
	attempt "$switch" "${pair%:*}"
	expect_success
	expect_attribute T1_A permissive "${pair#*:}"
	end
done

# four_kib CHARACTER: a page full of it.
four_kib() {
	head -c 4096 /dev/zero | tr '\0' "$1"
}

# not_taken WHAT FORMAT: refused as a value, whatever the setting was before.
not_taken() {
	local before

	for before in 0 1; do
		attempt "$switch" "$before"
		begin "permissive=$before: $1 is no value"
		attempt_bytes "$switch" "$2"
		expect_error 'Invalid argument'
		expect_attribute T1_A permissive "$before"
		expect_no_decision action=set-permissive
		expect_no_decision action=clear-permissive
		end
	done
}

not_taken 'text' 'permissive\n'
not_taken 'an empty line' '\n'
not_taken 'a number too big' '2\n'
not_taken 'a negative number' '-1\n'
not_taken '10' '10\n'
not_taken '01' '01\n'
not_taken '1 and more words' '1 please\n'
not_taken '0 and more lines' '0\n1\n'
not_taken 'yes, which only begins with y' 'yes\n'
not_taken 'offset, which only begins with off' 'offset\n'
not_taken 'a NUL' '\000'
not_taken '1 and a NUL' '1\000'
not_taken '0 and a NUL' '0\000'
not_taken 'a NUL, then 1' '\0001\n'
not_taken '4 KiB of ones' "$(four_kib 1)"
not_taken '4 KiB of zeros' "$(four_kib 0)"
not_taken '4 KiB of x' "$(four_kib x)"

# Root in name, but not with the power.
without_cap() {
	setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"
}

not_permitted() {
	local before

	for before in 0 1; do
		attempt "$switch" "$before"
		begin "permissive=$before: a write of '$1' without CAP_SYS_ADMIN is refused with EPERM"
		# shellcheck disable=SC2016 # for the inner shell
		attempt_command without_cap sh -c 'echo "$0" >"$1"' "$1" "$switch"
		expect_error 'Operation not permitted'
		expect_attribute T1_A permissive "$before"
		expect_no_decision action=set-permissive
		expect_no_decision action=clear-permissive
		end
	done
}

not_permitted 1
not_permitted 0
not_permitted text

# The control to the above: the same shell with the power may.
begin "the same write with CAP_SYS_ADMIN succeeds"
attempt "$switch" 0
# shellcheck disable=SC2016 # for the inner shell
attempt_command setpriv --bounding-set -sys_time sh -c 'echo "$0" >"$1"' 1 "$switch"
expect_success
expect_attribute T1_A permissive 1
end

begin "the setting goes with the device: replugged, permissive is 0"
attempt "$switch" 1
echo 1 >"$(sys T1_A)/remove"
expect_command test ! -e "$(sys T1_A)"
echo 1 >"$pci/rescan"
expect_attribute T1_A permissive 0
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_A none
end
no_override T1_A

attempt "$switch" 1
unguard
guard
begin "the setting goes with the module: loaded again, permissive is 0"
expect_attribute T1_A permissive 0
end
fresh
