# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Isolation lost while a device is bound: found when asked for, by itself from time to
# time, and at once when functions come; reported once; no driver loses a device.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

port=$(address_of GOOD_PORT)
card=$(address_of GOOD_NIC)

recheck() {
	attempt "$parameters/recheck" 1
	expect_success
}

set_acs() {
	setpci -s "$port" "ECAP_ACS+6.w=$1"
}

bind_by_bind GOOD_NIC vfio-pci

begin "nothing has changed: recheck says nothing"
expect_driver GOOD_NIC vfio-pci
recheck
expect_no_decision
end

begin "ACS is switched off above GOOD_NIC: recheck reports a drift, with all that it takes to act"
set_acs 0000
recheck
expect_decision action=drift "dev=$card" driver=vfio-pci reason=acs-disabled "blocker=$port" \
	missing=SV,RR,CR,UF mode=enforce uid=0
expect_words "$card is no longer isolated" "echo $card > $pci/devices/$card/driver/unbind"
expect_driver GOOD_NIC vfio-pci
end

begin "drift is reported once"
recheck
expect_no_decision
end

begin "ACS on, and off again without Request Redirect: that is another drift"
set_acs 001d
recheck
expect_no_decision
set_acs 0019
recheck
expect_decision action=drift "dev=$card" reason=acs-disabled missing=RR
end

begin "a function that no driver has does not drift"
set_acs 001d
recheck
unbind_and_clear GOOD_NIC
set_acs 0000
recheck
expect_no_decision
set_acs 001d
end

begin "what was bound by its administrator's word does not drift"
echo 1 >"$(sys T1_A)/acs_guard/permissive"
bind_by_bind T1_A vfio-pci
expect_driver T1_A vfio-pci
mark "recheck"
recheck
expect_no_decision
unbind_and_clear T1_A
end

begin "what was bound before the guard came can drift as well"
unguard
bind_by_bind GOOD_NIC vfio-pci
guard
mark "recheck"
set_acs 0015
recheck
expect_decision action=drift "dev=$card" missing=CR
set_acs 001d
unbind_and_clear GOOD_NIC
end

# drifts DEVICE KEY=VALUE...: by itself within two seconds, reported by the kernel, once
# however many functions came, and it stays bound.
drifts() {
	local name=$1

	shift
	at "$name"
	wait_until 2 is_logged action=drift "dev=$at_address" || true
	# Whatever else the event would say.
	sleep 1
	expect_count 1 action=drift
	expect_decision action=drift "dev=$(address_of "$name")" driver=vfio-pci mode=enforce \
		uid=- pid=- comm=- "$@"
	expect_words "$(address_of "$name") is no longer isolated"
	expect_driver "$name" vfio-pci
}

has_no_peer() {
	at "$1"
	[ -z "$(cat "$at_sys/acs_guard/peers")" ]
}

# Only ACPI's hot-plug brings a card to a conventional bus; on arm64 there is none.
plug_in_beside_t6_one() {
	bind_by_bind T6_ONE vfio-pci
	begin "a card of two functions is plugged in next to T6_ONE, which drifts at once"
	expect_driver T6_ONE vfio-pci
	plug_pair
	drifts T6_ONE reason=conventional "blocker=$(address_of ONE_BRIDGE)"
	expect_peers T6_ONE CONV_A CONV_B
	end

	begin "drift is reported once"
	recheck
	expect_no_decision
	end

	begin "the card is pulled out, and another one plugged in: that is another drift"
	unplug_pair
	expect_command wait_until 10 has_no_peer T6_ONE
	recheck
	expect_no_decision
	plug_pair
	drifts T6_ONE reason=conventional "blocker=$(address_of ONE_BRIDGE)"
	end

	begin "once unbound it is refused, and allowed again when it is alone"
	unbind_and_clear T6_ONE
	bind_by_bind T6_ONE vfio-pci
	expect_error 'Operation not permitted'
	expect_driver T6_ONE none
	unplug_pair
	expect_command wait_until 10 has_no_peer T6_ONE
	bind_by_bind T6_ONE vfio-pci
	expect_success
	unbind_and_clear T6_ONE
	end
}

bind_by_bind GOOD_NIC vfio-pci
[ "$architecture" = aarch64 ] || plug_in_beside_t6_one
unbind_and_clear GOOD_NIC

# Both ports keep the cards apart, until one comes back as the kernel sets it up.
set_register() {
	at "$1"
	setpci -s "$at_address" "ECAP_ACS+6.w=$2"
}

set_register GROUP_PORT_A 001d
set_register GROUP_PORT_B 001d
begin "a rescan brings back a port without redirection and its card: GROUP_A drifts at once"
hide GROUP_PORT_B
bind_by_bind GROUP_A vfio-pci
expect_success
expect_driver GROUP_A vfio-pci
rescan
drifts GROUP_A reason=multifunction "blocker=$(address_of GROUP_PORT_B)"
end
unbind_and_clear GROUP_A
set_register GROUP_PORT_A 0011

begin "what an administrator excepted does not drift when a function comes"
attempt "$(sys T10_A)/acs_guard/permissive" 1
bind_by_bind T10_A vfio-pci
expect_success
hide T10_B
rescan
sleep 1
expect_no_decision action=drift
expect_driver T10_A vfio-pci
unbind_and_clear T10_A
end

rmmod vfio-pci
modprobe vfio-pci enable_sriov=1
begin "T40: a card on the root bus has no virtual functions, and is isolated"
bind_by_bind RC_PF vfio-pci
expect_success
expect_driver RC_PF vfio-pci
expect_no_decision
end

begin "it gets two: it drifts at once, and they are refused"
attempt "$(sys RC_PF)/sriov_numvfs" 2
expect_success
drifts RC_PF reason=multifunction "blocker=$(address_of RC_PF)"
expect_peers RC_PF RC_VF1 RC_VF2
for name in RC_VF1 RC_VF2; do
	expect_driver "$name" none
	expect_attribute "$name" isolated 0
	expect_count 1 action=deny "dev=$(address_of "$name")" reason=multifunction
done
end

begin "the same at a root port keeps card and functions apart: none drifts"
attempt "$(sys RC_PF)/sriov_numvfs" 0
bind_by_bind GOOD_PF vfio-pci
expect_success
attempt "$(sys GOOD_PF)/sriov_numvfs" 2
expect_success
sleep 1
expect_no_decision
expect_driver GOOD_PF vfio-pci
end
attempt "$(sys GOOD_PF)/sriov_numvfs" 0
unbind_and_clear GOOD_PF
unbind_and_clear RC_PF
rmmod vfio-pci
modprobe vfio-pci

drifted() {
	take_log
	decisions action=drift "dev=$card"
	[ "$found_count" -gt 0 ]
}

begin "recheck_period=1: a drift is found without being asked for"
bind_by_bind GOOD_NIC vfio-pci
attempt "$parameters/recheck_period" 1
expect_success
expect_equal recheck_period 1 "$(cat "$parameters/recheck_period")"
set_acs 0000
expect_command wait_until 60 drifted
expect_decision action=drift "dev=$card" uid=- pid=- comm=-
expect_words 'recheck_period=1 (was 0)'
end

begin "recheck_period=0: and then no more"
attempt "$parameters/recheck_period" 0
expect_success
set_acs 001d
sleep 3
expect_equal "what is kept" 'isolated' "$(cat "$(sys GOOD_NIC)/acs_guard/reason")"
recheck
set_acs 0000
sleep 3
expect_no_decision
expect_words 'recheck_period=0 (was 1)'
set_acs 001d
end
unbind_and_clear GOOD_NIC

# bad_value PARAMETER VALUE LINE...
bad_value() {
	local parameter=$1 value=$2

	shift 2
	begin "$parameter: '$value' is refused with one line, and changes nothing"
	attempt "$parameters/$parameter" "$value"
	expect_error 'Invalid argument'
	take_log
	words_of_module
	expect_equal "number of lines" 1 "$words_count"
	expect_words "$@"
	expect_equal recheck_period 0 "$(cat "$parameters/recheck_period")"
	end
}

bad_value recheck 0 "recheck=: '0' is not 1"
bad_value recheck yes "recheck=: 'yes' is not 1"
bad_value recheck_period -1 "recheck_period=: '-1' is no number of seconds"
bad_value recheck_period 86401 "recheck_period=: '86401' is no number of seconds"
bad_value recheck_period 0x10 "recheck_period=: '0x10' is no number of seconds"
bad_value recheck_period '' "recheck_period=: '' is no number of seconds"

for parameter in recheck recheck_period; do
	begin "$parameter: a write without CAP_SYS_ADMIN is refused"
	attempt_command setpriv --bounding-set=-sys_admin sh -c "echo 1 >$parameters/$parameter"
	expect_error 'Operation not permitted'
	expect_equal recheck_period 0 "$(cat "$parameters/recheck_period")"
	end
done

begin "recheck can only be written"
expect_equal "its mode" '--w-------' "$(stat -c %A "$parameters/recheck")"
end

fresh
begin "recheck=1 at load is refused with a line"
attempt_command insmod "$module" recheck=1
expect_error 'Invalid parameters'
expect_command test ! -e /sys/module/acs_guard
take_log
expect_words 'recheck= cannot be given at load, only written later'
end

begin "recheck_period=60 at load is in force, and reported"
guard recheck_period=60
expect_equal recheck_period 60 "$(cat "$parameters/recheck_period")"
take_log
expect_words 'recheck_period=60'
end
fresh
