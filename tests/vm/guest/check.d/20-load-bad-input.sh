# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Parameters that cannot be parsed: the load fails with EINVAL, one line of the log
# names the word at fault, and nothing is half applied.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

# refused_load WHAT WORD PARAMETER...: insmod fails, and the log names WORD.
refused_load() {
	local what=$1 word=$2 status=0 output

	shift 2
	begin "load with $what is refused"
	output=$(insmod "$module" "$@" 2>&1) || status=$?
	expect_equal "exit status of insmod" 1 "$status"
	expect
	case $output in
	*'Invalid parameters'*) ;;
	*) problem "insmod said '$output', wanted 'Invalid parameters' (EINVAL)" ;;
	esac
	take_log
	words_of_module
	expect_equal "number of lines" 1 "$words_count"
	expect_words "$word"
	expect_no_decision
	expect
	! is_loaded acs_guard || problem "it is loaded"
	expect
	[ ! -e "$(sys T1_A)/acs_guard" ] || problem "the attributes are there"
	end
	unguard
}

# A list of devices, each good, that is more than WANTED characters long.
long_list() {
	local list=04:00.0

	while [ "${#list}" -lt "$1" ]; do
		list="$list,$list"
	done
	printf '%s\n' "$list"
}

refused_load 'an unknown mode' bogus mode=bogus
refused_load 'a mode that only begins well' enforcement mode=enforcement
refused_load 'an empty mode' mode mode=
refused_load 'an unknown unit' "'slot' is no unit: use function or group" unit=slot
refused_load 'a strictness that is neither 0 nor 1' 2 strict=2
refused_load 'a device that is no number' zz:00.0 permissive=zz:00.0
refused_load 'a device number too big' 04:20.0 permissive=04:20.0
refused_load 'a function number too big' 04:00.8 permissive=04:00.8
refused_load 'a device without function' 04:00 permissive=04:00
refused_load 'words after a device' 04:00.0x permissive=04:00.0x
refused_load 'half an ID' pci:8086 permissive=pci:8086
refused_load 'an ID that is no number' pci:8086:xyzw permissive=pci:8086:xyzw
refused_load 'a good device, then a bad one' bogus 'permissive=04:00.0,bogus'
refused_load 'a good device, a semicolon, then a bad one' bogus 'permissive=04:00.0;bogus'
refused_load 'an over-long list of devices' permissive "permissive=$(long_list 6000)"
refused_load 'an empty list of drivers' drivers drivers=
refused_load 'an empty glob among others' drivers drivers=vfio-pci,,pci-stub
refused_load 'an empty glob at the end' drivers drivers=vfio-pci,
refused_load 'an over-long list of drivers' drivers "drivers=$(long_list 6000)"
refused_load 'a good mode and a bad device' bogus mode=audit permissive=bogus

begin "after all these, a plain load works"
expect_command guard
expect_command test -d "$(sys T1_A)/acs_guard"
end
fresh
