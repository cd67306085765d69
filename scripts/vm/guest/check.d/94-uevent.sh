# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that listen for uevents hear of decisions.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

# busybox starts the program for each event, with the event as its environment.
uevent env >/run/uevents 2>/dev/null &
listener=$!

# has_event WORD...: one event has all of them.
has_event() {
	local word

	for word; do
		grep -qF -- "$word" /run/uevents || return 1
	done
}

# A write to uevent makes the kernel send one: by then somebody listens.
hears() {
	echo change >"$(sys GOOD_NIC)/uevent"
	has_event "$(address_of GOOD_NIC)"
}

begin "a refusal is told"
expect_command wait_until 10 hears
expect_command test -z "$(grep ACS_GUARD /run/uevents)"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_command wait_until 10 has_event "PCI_SLOT_NAME=$(address_of T1_A)" ACS_GUARD=deny ACS_GUARD_REASON=no-acs
end
no_override T1_A

kill "$listener"
wait "$listener" || true
fresh
