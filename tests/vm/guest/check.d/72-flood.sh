# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# A process tries for ever: no refusal is lost, none is uncounted, and the log stays
# readable.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe pci-stub
guard

times=10000

try_often() {
	local left=$times

	override "$1" pci-stub
	at "$1"
	while [ "$left" -gt 0 ]; do
		echo "$at_address" >"$pci/drivers/pci-stub/bind" && echo "bound after all"
		left=$((left - 1))
	done 2>/dev/null
	no_override "$1"
}

all_counted() {
	take_log
	decisions action=deny "dev=$address_T1_A"
	printed=$found_count
	unprinted=$(sed -nE "s/^acs_guard: $address_T1_A: ([0-9]+) decisions were not logged.*/\1/p" "$log" |
		awk '{ sum += $1 } END { print sum + 0 }')
	[ $((printed + unprinted)) -ge "$times" ]
}

begin "$times refusals in a row: each is counted, few are printed, the others' number is reported"
expect_attribute T1_A denied 0
expect_equal "what was bound" '' "$(try_often T1_A)"
expect_driver T1_A none
expect_attribute T1_A denied "$times"
expect
wait_until 60 all_counted || problem "not all of them were reported"
expect_equal "those printed, and the number of the others" "$times" $((printed + unprinted))
expect
[ "$printed" -ge 10 ] || problem "only $printed were printed"
[ "$printed" -lt $((times / 2)) ] || problem "$printed were printed"
end

begin "another device is not kept quiet by it"
bind_by_bind T1_B pci-stub
expect_error 'Operation not permitted'
expect_refusal T1_B pci-stub
expect_attribute T1_B denied 1
no_override T1_B
end

try_few() {
	left=30
	override T10_A pci-stub
	while [ "$left" -gt 0 ]; do
		attempt "$pci/drivers/pci-stub/bind" "$address_T10_A"
		left=$((left - 1))
	done
	no_override T10_A
}

begin "the number of decisions not logged is reported when the module is unloaded"
try_few
rmmod acs_guard
take_log
decisions action=deny "dev=$address_T10_A"
unprinted=$(sed -nE "s/^acs_guard: $address_T10_A: ([0-9]+) decisions were not logged.*/\1/p" "$log")
expect_equal "those printed, and the number of the others" 30 $((found_count + ${unprinted:-0}))
end

begin "the count starts anew with the guard"
guard
expect_attribute T1_A denied 0
expect_attribute GOOD_NIC denied 0
end
fresh
