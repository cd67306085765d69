# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Isolation lost while a device is bound: found when asked for, and by itself; told
# once; nobody loses a device.

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

begin "ACS is switched off above GOOD_NIC: recheck tells of a drift, with all that it takes to act"
set_acs 0000
recheck
expect_decision action=drift "dev=$card" driver=vfio-pci reason=acs-disabled "blocker=$port" \
	missing=SV,RR,CR,UF mode=enforce uid=0
expect_words "$card is no longer isolated" "echo $card > $pci/devices/$card/driver/unbind"
expect_driver GOOD_NIC vfio-pci
end

begin "it is told once"
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

begin "what nobody has bound does not drift"
set_acs 001d
recheck
let_go GOOD_NIC
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
let_go T1_A
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
let_go GOOD_NIC
end

begin "a card that is plugged in next to a bound one makes it drift"
at T6_TWO_B
echo 1 >"$at_sys/remove"
bind_by_bind T6_TWO_A vfio-pci
expect_driver T6_TWO_A vfio-pci
recheck
expect_no_decision
echo 1 >"$pci/rescan"
recheck
expect_decision action=drift "dev=$(address_of T6_TWO_A)" reason=conventional \
	"blocker=$(address_of TWO_BRIDGE)" peers=1
expect_driver T6_TWO_A vfio-pci
end

begin "and which is gone again unbound, refused as ever"
let_go T6_TWO_A
bind_by_bind T6_TWO_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T6_TWO_A none
no_override T6_TWO_A
end

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
let_go GOOD_NIC

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
expect_words 'recheck= is for when the module is loaded'
end

begin "recheck_period=60 at load is in force, and told"
guard recheck_period=60
expect_equal recheck_period 60 "$(cat "$parameters/recheck_period")"
take_log
expect_words 'recheck_period=60'
end
fresh
