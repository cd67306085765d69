# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that receive uevents get decisions, as udevadm monitor and "acs-guard watch" show.

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
unbind_and_clear T1_A

# Without /dev/kmsg the tool has uevents only.
begin "acs-guard watch prints them to an ordinary user"
setpriv --reuid=65534 --regid=65534 --clear-groups env ACS_GUARD_DEV=/none acs-guard watch >/run/watched 2>&1 &
watcher=$!
at T1_A
# An event from before the program receives any is lost.
asks_and_is_printed() {
	echo 1 >"$at_sys/acs_guard/permissive"
	echo 0 >"$at_sys/acs_guard/permissive"
	grep -q "EXCEPTION MADE ${at_address#0000:}" /run/watched
}
expect_command wait_until 60 asks_and_is_printed
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
at T1_A
expect_command wait_until 60 grep -qxE ".*REFUSED ${at_address#0000:} Ethernet controller: Intel 82574L Gigabit Network Connection: no-acs" /run/watched
expect
[ ! -s /run/watched ] || ! grep -qE '^acs-guard: ' /run/watched || problem "complaints: $(cat /run/watched)"
kill "$watcher"
wait "$watcher" || true
end
no_override T1_A

begin "an isolated card has no event"
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
