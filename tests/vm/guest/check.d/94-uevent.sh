# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that listen for uevents hear of decisions, as udevadm monitor shows.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

begin "udevadm monitor receives events of the kernel"
expect_command test -x /bin/udevadm
monitor_uevents || problem "it does not: $(cat /run/monitor)"
expect_equal "of the guard's" '' "$(uevents T1_A)"
end

# has_uevent DEVICE EVENT: such an event, as uevents() shows it, has come.
has_uevent() {
	uevents "$1" | grep -qxF "$2"
}

expect_uevent() {
	expect
	wait_until 10 has_uevent "$1" "$2" || problem "no such event about $1: $2; but: $(uevents "$1")"
}

begin "a refusal is sent, with these properties and no others"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_uevent T1_A 'ACTION=change ACS_GUARD=deny ACS_GUARD_REASON=no-acs'
expect_equal "all of them" 'ACTION=change ACS_GUARD=deny ACS_GUARD_REASON=no-acs' "$(uevents T1_A)"
end

begin "so is what its administrator says, and what comes of it"
attempt "$(sys T1_A)/acs_guard/permissive" 1
attempt "$pci/drivers/vfio-pci/bind" "$(address_of T1_A)"
expect_success
attempt "$(sys T1_A)/acs_guard/permissive" 0
for action in set-permissive allow-permissive clear-permissive; do
	expect_uevent T1_A "ACTION=change ACS_GUARD=$action ACS_GUARD_REASON=no-acs"
done
end
let_go T1_A

begin "of an isolated card there is nothing to tell"
bind_by_bind GOOD_NIC vfio-pci
expect_success
# Events come in order: once this one is there, an earlier one would be, too.
bind_by_bind T10_A vfio-pci
expect_uevent T10_A 'ACTION=change ACS_GUARD=deny ACS_GUARD_REASON=multifunction'
expect_equal "events" '' "$(uevents GOOD_NIC)"
end
no_override T10_A

kill "$monitor"
wait "$monitor" || true
fresh
