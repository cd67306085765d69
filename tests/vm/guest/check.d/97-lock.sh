# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# lock=1: settings are frozen from then on, and each attempt to change one is reported. It ends as
# Documentation/admin-guide.rst states: by rmmod -f, which the kernel lets no module forbid.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard
card=$(address_of T1_A)
permissive=$(sys T1_A)/acs_guard/permissive

# value_of PARAMETER
value_of() {
	cat "$parameters/$1"
}

begin "lock starts as 0, and can be written 0"
expect_equal lock 0 "$(value_of lock)"
attempt "$parameters/lock" 0
expect_success
expect_equal lock 0 "$(value_of lock)"
end

for value in 2 '' yes 11; do
	begin "lock: '$value' is refused with one line"
	attempt "$parameters/lock" "$value"
	expect_error 'Invalid argument'
	take_log
	words_of_module
	expect_equal "number of lines" 1 "$words_count"
	expect_words "lock=: '$value' is neither 0 nor 1"
	expect_equal lock 0 "$(value_of lock)"
	end
done

begin "a write without CAP_SYS_ADMIN is refused"
attempt_command setpriv --bounding-set=-sys_admin sh -c "echo 1 >$parameters/lock"
expect_error 'Operation not permitted'
expect_equal lock 0 "$(value_of lock)"
end

# A container whose root is this machine's, with a namespace and a sysfs of its own.
in_container() {
	unshare --user --map-root-user --net --mount sh -c \
		"mount -t sysfs sysfs /sys && $1"
}

for file in "$permissive" "$parameters/mode" "$parameters/unit" "$parameters/lock" "$parameters/recheck" \
	"$parameters/recheck_period"; do
	begin "a container's root cannot write ${file##*/}"
	# Else something else would have refused.
	expect_command in_container "[ -e $file ]"
	attempt_command in_container "echo 1 >$file"
	expect_error 'Operation not permitted'
	expect_attribute T1_A permissive 0
	expect_equal lock 0 "$(value_of lock)"
	expect_equal unit function "$(value_of unit)"
	expect_equal recheck_period 0 "$(value_of recheck_period)"
	expect_no_decision
	end
done

begin "before the lock, an exception can be made, and mode and unit changed"
attempt "$permissive" 1
expect_success
attempt "$parameters/mode" audit
expect_success
attempt "$parameters/mode" enforce
expect_success
attempt "$parameters/unit" group
expect_success
attempt "$parameters/unit" function
expect_success
attempt "$parameters/recheck_period" 3600
expect_success
expect_equal recheck_period 3600 "$(value_of recheck_period)"
end

begin "lock=1 is reported"
attempt "$parameters/lock" 1
expect_success
expect_equal lock 1 "$(value_of lock)"
take_log
expect_words 'lock=1 (was 0) uid=0'
end

# refused FILE VALUE WHAT: and what it held stays.
refused() {
	local before

	before=$(cat "$1")
	begin "locked: $3 stays $before, and the attempt is reported"
	attempt "$1" "$2"
	expect_error 'Operation not permitted'
	expect_equal "$3" "$before" "$(cat "$1")"
	take_log
	words_of_module
	expect_equal "number of lines" 1 "$words_count"
	expect_words "locked until reboot: refused to change $3 uid=0"
	end
}

refused "$parameters/lock" 0 lock
refused "$parameters/mode" audit mode
refused "$parameters/unit" group unit
refused "$parameters/recheck_period" 0 recheck_period
refused "$permissive" 0 "permissive of $card"
refused "$(sys T1_B)/acs_guard/permissive" 1 "permissive of $(address_of T1_B)"

begin "locked: what would change nothing is no attempt"
attempt "$parameters/lock" 1
expect_success
attempt "$parameters/mode" enforce
expect_success
attempt "$parameters/unit" function
expect_success
attempt "$permissive" 1
expect_success
take_log
words_of_module
expect_equal "number of lines" 0 "$words_count"
end

begin "locked: recheck still works"
attempt "$parameters/recheck" 1
expect_success
end

begin "locked: the exceptions made before still hold, and only those"
bind_by_bind T1_A vfio-pci
expect_success
expect_driver T1_A vfio-pci
unbind_and_clear T1_A
bind_by_bind T1_B vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_B none
no_override T1_B
end

begin "locked: a device that is found anew is not permissive, and cannot become so"
echo 1 >"$(sys T1_A)/remove"
echo 1 >"$pci/rescan"
expect_attribute T1_A permissive 0
attempt "$permissive" 1
expect_error 'Operation not permitted'
expect_attribute T1_A permissive 0
end

begin "locked: rmmod fails, and it guards as before"
attempt_command rmmod acs_guard
expect_error 'Module acs_guard is in use'
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
no_override T1_A
end

begin "rmmod -f is the kernel's own way round it, and leaves its mark"
attempt_command rmmod -f acs_guard
expect_command test ! -e /sys/module/acs_guard
expect_equal "taint: a module was unloaded by force" 8 "$(($(cat /proc/sys/kernel/tainted) & 8))"
end

begin "lock=1 at load"
guard lock=1
expect_equal lock 1 "$(value_of lock)"
attempt_command rmmod acs_guard
expect_error 'Module acs_guard is in use'
take_log
expect_words 'lock=1 (was 0)'
end
rmmod -f acs_guard
fresh
