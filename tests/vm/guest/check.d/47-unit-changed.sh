# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# unit, changed in a running machine; and the attribute that says what unit=group would
# allow.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

unit_reads() {
	expect_equal unit "$1" "$(cat "$parameters/unit")"
}

# is_excused DEVICE
is_excused() {
	case " $excused " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

for name in $isolated $exposed T21_A T21_B T21_C; do
	wanted=0
	case " $isolated $excused " in
	*" $name "*) wanted=1 ;;
	esac
	begin "$name: group_isolated is $wanted, and is for reading only"
	expect_attribute "$name" group_isolated "$wanted"
	expect_equal "mode of group_isolated" 444 "$(stat -c %a "$(sys "$name")/acs_guard/group_isolated")"
	end
done

begin "unit reads function, and root alone may write it"
unit_reads function
expect_equal "mode of unit" 644 "$(stat -c %a "$parameters/unit")"
end

begin "unit=group, set at run time, is reported with the calling process"
attempt "$parameters/unit" group
expect_success
unit_reads group
take_log
words_of_module
expect_equal "number of lines" 1 "$words_count"
expect_words 'unit=group (was function) uid=0 pid=' 'comm="sh"'
end

for name in $exposed; do
	begin "unit=group at run time: the next bind of $name is decided by it"
	bind_by_bind "$name" vfio-pci
	if is_excused "$name"; then
		expect_success
		expect_driver "$name" vfio-pci
		expect_decision action=allow-group "dev=$(address_of "$name")"
	else
		expect_error 'Operation not permitted'
		expect_driver "$name" none
		expect_refusal "$name" vfio-pci mode=enforce
		expect_group_advice "$name" no
	fi
	expect_attribute "$name" isolated 0
	unbind_and_clear "$name"
	end
done

begin "the same value again is no change"
attempt "$parameters/unit" group
expect_success
take_log
words_of_module
expect_equal "number of lines" 0 "$words_count"
end

begin "unit=function, set at run time: the next bind is refused again"
attempt "$parameters/unit" function
expect_success
unit_reads function
take_log
expect_words 'unit=function (was group) uid=0'
bind_by_bind T10_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T10_A none
expect_refusal T10_A vfio-pci mode=enforce
no_override T10_A
end

begin "group_isolated does not follow the setting"
for unit in group function; do
	attempt "$parameters/unit" "$unit"
	expect_attribute T10_A group_isolated 1
	expect_attribute T1_A group_isolated 0
	expect_attribute GOOD_NIC group_isolated 1
done
end

# not_taken UNIT WHAT FORMAT WORD
not_taken() {
	begin "unit=$1: $2 is no unit"
	attempt "$parameters/unit" "$1"
	mark "$2"
	attempt_bytes "$parameters/unit" "$3"
	expect_error 'Invalid argument'
	unit_reads "$1"
	expect_no_decision
	words_of_module
	expect_equal "number of lines" 1 "$words_count"
	expect_words "unit=: '$4' is no unit: use function or group"
	end
}

for before in function group; do
	not_taken "$before" 'an unknown word' 'slot\n' slot
	not_taken "$before" 'a unit and more' 'group function\n' 'group function'
	not_taken "$before" 'the beginning of a unit' 'gro\n' gro
	not_taken "$before" 'an empty line' '\n' ''
done

for before in function group; do
	begin "unit=$before: a write without CAP_SYS_ADMIN is refused with EPERM"
	attempt "$parameters/unit" "$before"
	expect_success
	mark "without CAP_SYS_ADMIN"
	for word in function group; do
		# shellcheck disable=SC2016 # for the inner shell
		attempt_command setpriv --bounding-set -sys_admin --inh-caps -sys_admin \
			sh -c 'echo "$0" >"$1"' "$word" "$parameters/unit"
		expect_error 'Operation not permitted'
		unit_reads "$before"
	done
	take_log
	expect_no_words 'unit='
	end
done

# Two processes write unit while a third binds: each bind is either allowed or refused.
set_for_ever() {
	while [ ! -e /run/enough ]; do
		echo group >"$parameters/unit"
		echo function >"$parameters/unit"
	done
}

begin "unit is flipped by two while T10_A and T1_A are asked for"
rm -f /run/enough
set_for_ever &
one=$!
set_for_ever &
two=$!
round=0
while [ "$round" -lt 20 ]; do
	bind_by_bind T1_A vfio-pci
	expect_error 'Operation not permitted'
	expect_driver T1_A none
	bind_by_bind T10_A vfio-pci
	expect
	case $write_error in
	'') expect_driver T10_A vfio-pci ;;
	*'Operation not permitted') expect_driver T10_A none ;;
	*) problem "T10_A: $write_error" ;;
	esac
	unbind_and_clear T10_A
	round=$((round + 1))
done
: >/run/enough
for process in "$one" "$two"; do
	expect
	wait "$process" || problem "a process that writes unit ended with $?"
done
end
fresh
