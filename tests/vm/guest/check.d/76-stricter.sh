# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# A setting is made stricter in a running machine: what is bound, and would be refused
# now, is reported once, and stays bound.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
modprobe pci-stub

# bind DEVICE DRIVER
bind() {
	bind_by_bind "$1" "$2"
	expect_success
	expect_driver "$1" "$2"
}

# present DEVICE DRIVER: it is reported within two seconds, once.
present() {
	# shellcheck disable=SC2034 # refusal_of sets it
	local reason blocker missing peer

	refusal_of "$1"
	at "$1"
	wait_until 2 is_logged action=present "dev=$at_address" || true
	expect_decision action=present "dev=$at_address" "driver=$2" "reason=$reason" \
		"blocker=$blocker" "missing=$missing" mode=enforce
	expect_driver "$1" "$2"
}

# What comes late, comes within this time.
let_pass() {
	sleep 2
	take_log
}

guard mode=audit
begin "mode=audit: exposed cards are bound"
bind T1_A vfio-pci
bind T9 pci-stub
bind T10_B vfio-pci
bind GOOD_NIC vfio-pci
attempt "$(sys T1_B)/acs_guard/permissive" 1
bind T1_B vfio-pci
end

begin "audit becomes enforce: what would be refused now is reported, and stays bound"
attempt "$parameters/mode" enforce
expect_success
present T1_A vfio-pci
present T9 pci-stub
present T10_B vfio-pci
let_pass
expect_count 3 action=present
for name in GOOD_NIC T1_B; do
	expect_no_decision "dev=$(address_of "$name")"
	expect_driver "$name" vfio-pci
done
expect_words 'mode=enforce (was audit) uid=0'
end

begin "enforce again is no change, and reports nothing"
attempt "$parameters/mode" enforce
expect_success
let_pass
expect_no_decision
end

begin "enforce becomes audit: only the setting is reported"
attempt "$parameters/mode" audit
expect_success
let_pass
expect_no_decision
words_of_module
expect_equal "number of lines" 1 "$words_count"
expect_words 'mode=audit (was enforce) uid=0'
for name in T1_A T10_B GOOD_NIC T1_B; do
	expect_driver "$name" vfio-pci
done
end

for name in T1_A T9 T10_B GOOD_NIC T1_B; do
	unbind_and_clear "$name"
done
unguard

guard unit=group
begin "unit=group: what the group excuses is bound"
bind T10_A vfio-pci
bind T9 pci-stub
[ "$architecture" = aarch64 ] || bind T6_TWO_B vfio-pci
bind GOOD_NIC vfio-pci
attempt "$(sys T6_TWO_A)/acs_guard/permissive" 1
bind T6_TWO_A vfio-pci
end

begin "group becomes function: what would be refused now is reported, and stays bound"
attempt "$parameters/unit" function
expect_success
present T10_A vfio-pci
present T9 pci-stub
[ "$architecture" = aarch64 ] || present T6_TWO_B vfio-pci
let_pass
expect_count "$([ "$architecture" = aarch64 ] && echo 2 || echo 3)" action=present
for name in GOOD_NIC T6_TWO_A; do
	expect_no_decision "dev=$(address_of "$name")"
	expect_driver "$name" vfio-pci
done
expect_words 'unit=function (was group) uid=0'
end

begin "function becomes group: only the setting is reported"
attempt "$parameters/unit" group
expect_success
let_pass
expect_no_decision
words_of_module
expect_equal "number of lines" 1 "$words_count"
expect_words 'unit=group (was function) uid=0'
end

begin "a native driver's device is not reported"
unbind_and_clear T6_TWO_A
unbind_and_clear T6_TWO_B
modprobe e1000
expect_driver T6_TWO_A e1000
mark "unit=function"
attempt "$parameters/unit" function
expect_success
let_pass
expect_no_decision "dev=$(address_of T6_TWO_A)"
expect_driver T6_TWO_A e1000
end
rmmod e1000
fresh
