# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# acs-guard, with the real module under it: what it says is so, what it tells people
# to do works, what it is asked to do happens.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

export LANG=C.UTF-8
rules=/etc/udev/rules.d/04-acs-guard-exceptions.rules
conf=/etc/modprobe.d/acs-guard-exceptions.conf
one=$(address_of T1_A)
two=$(address_of T1_B)
port=$(address_of SWITCH_PORT)
mkdir -p /etc/udev/rules.d /etc/modprobe.d

# tool STATUS ARGUMENT...: it ends so. What it says is in /run/tool, and /run/tool.err.
tool() {
	local wanted=$1 status=0

	shift
	acs-guard "$@" >/run/tool 2>/run/tool.err || status=$?
	expect_equal "status of acs-guard $*" "$wanted" "$status"
}

# says TEXT...: it does.
says() {
	local text

	for text; do
		expect
		grep -qF -- "$text" /run/tool || problem "not said: $text, but: $(cat /run/tool /run/tool.err)"
	done
}

# complains TEXT: one line, and nothing else.
complains() {
	expect
	grep -qF -- "$1" /run/tool.err || problem "no complaint of: $1, but: $(cat /run/tool.err)"
	expect_equal "lines of complaint" 1 "$(wc -l </run/tool.err)"
}

# line_of DEVICE: its line in the tree, with its word before it.
line_of() {
	at "$1"
	grep -F " ${at_address#0000:} " /run/tool
}

# expect_word DEVICE WORD
expect_word() {
	local line word

	line=$(line_of "$1") || line='(no line)'
	word=${line%% *}
	expect
	[ "$word" = "$2" ] || problem "word for $1: wanted '$2', got '$word' in: $(cat /run/tool)"
}

begin "acs-guard without the module: what the module would say, and that nothing is enforced"
tool 2
says 'NOT ENFORCED' "${one#0000:} Ethernet controller: Intel 82574L Gigabit Network Connection" ", group "
complains 'not enforced'
expect_word GOOD_NIC OK
expect_word T1_A REFUSED
tool 0 list
cp /run/tool /run/list
tool 2 allow "$one" --reason x
complains 'not loaded'
end

guard
modprobe vfio-pci

begin "acs-guard: each card has the word that the module has for it"
tool 1
for name in $isolated; do
	expect_word "$name" OK
done
for name in $exposed; do
	expect_word "$name" REFUSED
done
for name in T1_PORT_A T1_PORT_B T9_PORT; do
	expect_word "$name" WEAK
done
says 'this port has no ACS, so it may pass DMA on to a neighbour' 'acs-guard explain'
end

begin "the tool's own verdicts are those of the module"
tool 0 --verify
says 'The module and the tool agree about all '
tool 0 list
expect_command diff /run/list /run/tool
end

begin "an ordinary user sees the same"
tool 1
mv /run/tool /run/tool.root
setpriv --reuid 1000 --regid 1000 --clear-groups acs-guard >/run/tool 2>/run/tool.err || true
expect_command diff /run/tool.root /run/tool
setpriv --reuid 1000 --regid 1000 --clear-groups acs-guard allow "$one" --persist --reason x >/run/tool 2>/run/tool.err || true
complains 'needs root'
expect_attribute T1_A permissive 0
end

begin "explain names the weak port and the neighbour"
bind_by_probe T1_A vfio-pci
expect_error 'Invalid argument'
tool 1 explain "${one#0000:}"
says 'refused once' "$(address_of T1_PORT_A | cut -c6-) PCI bridge: Texas Instruments" "no-acs: this port has no ACS" \
	"${two#0000:} Ethernet controller" 'vfio-pci is still set as its only driver'
end

begin "the commands of explain give the card back to its own driver"
modprobe e1000e
sed -n '/1\. Give it back/,/2\. /s/^ *echo/echo/p' /run/tool >/run/commands
expect_equal "number of commands" 2 "$(wc -l </run/commands)"
expect_command sh -e /run/commands
expect_driver T1_A e1000e
unbind T1_A
end

begin "allow makes the exception, and says why in the log"
tool 0 allow "$one" --reason 'one guest has both'
says 'Exception made' "${two#0000:} Ethernet controller"
expect_attribute T1_A permissive 1
expect_decision action=set-permissive "dev=$one"
expect_command grep -qE "^acs-guard: exception for $one \(8086:10d3\) by [^ ]+: one guest has both\$" "$log"
bind_by_bind T1_A vfio-pci
expect_success
expect_driver T1_A vfio-pci
tool 0 explain "$one"
says EXCEPTION
end

begin "revoke takes it back, and what is bound stays so"
tool 0 revoke "$one"
says 'is revoked' 'vfio-pci'
expect_attribute T1_A permissive 0
expect_driver T1_A vfio-pci
tool 1
says '! in use by vfio-pci although it is not isolated'
unbind_and_clear T1_A
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
end
no_override T1_A

begin "allow --persist on a disk that is full changes nothing"
for dir in /etc/udev/rules.d /etc/modprobe.d; do
	mount -t tmpfs -o size=4k none "$dir"
	dd if=/dev/zero of="$dir/filler" bs=4k count=2 2>/dev/null || true
	tool 2 allow "$one" --persist --reason x
	complains 'nothing was changed'
	umount "$dir"
	expect_attribute T1_A permissive 0
	expect_command test -z "$(find /etc/udev /etc/modprobe.d -type f)"
done
expect_no_decision
end

begin "allow --persist: what it writes makes the exception when the module is loaded"
tool 0 allow "$one" --persist --reason 'for good'
expect_attribute T1_A permissive 1
expect_command grep -qF "place=$port/00.0/00.0/00.0 id=8086:10d3" "$rules"
options=$(sed -n 's/^options acs_guard //p' "$conf")
unguard
expect_command guard "$options"
expect_attribute T1_A permissive 1
expect_attribute T1_B permissive 0
tool 1
expect_word T1_A EXCEPTION
expect_word T1_B REFUSED
end

begin "... and none for another card in the same place, which the log says"
unguard
mark again
expect_command guard "$(echo "$options" | sed 's/10d3/1533/')"
expect_attribute T1_A permissive 0
take_log
expect_words "permissive=: no exception for $one: it is 8086:10d3, and the exception was for 8086:1533"
end

begin "revoke takes the files away"
unguard
guard "$options"
tool 0 revoke "$one"
says 'The module was loaded with it'
expect_attribute T1_A permissive 0
expect_command test -z "$(find /etc/udev /etc/modprobe.d -type f)"
end

begin "metrics count refusals"
unguard
guard
bind_by_bind T1_A vfio-pci
bind_by_probe T1_A vfio-pci
tool 0 metrics
says 'acs_guard_loaded 1' "acs_guard_denied_total{device=\"$one\",id=\"8086:10d3\"} 2" \
	"acs_guard_isolated{device=\"$(address_of GOOD_NIC)\",id=\"8086:10d3\"} 1"
no_override T1_A
end

begin "graph: red from one card to the other"
tool 0 graph
for name in T1_PORT_A T1_A; do
	at "$name"
	expect
	grep -F -- "-- \"$at_address\"" /run/tool | grep -qF '#e00000' || problem "the link above $name is not red"
done
at GOOD_NIC
expect
! grep -F -- "-- \"$at_address\"" /run/tool | grep -qF '#e00000' || problem "the link above GOOD_NIC is red"
end

begin "watch reports a refusal as it is made"
acs-guard watch >/run/watched 2>&1 &
watcher=$!
watched() {
	grep -q "EXCEPTION MADE ${two#0000:}" /run/watched
}
# Until it listens, it gets no event.
is_listening() {
	echo 1 >"$(sys T1_B)/acs_guard/permissive"
	echo 0 >"$(sys T1_B)/acs_guard/permissive"
	watched
}
expect_command wait_until 60 is_listening
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_command wait_until 60 grep -qF "REFUSED ${one#0000:} Ethernet controller: Intel 82574L Gigabit Network Connection, to vfio-pci: no-acs at 03:00.0, 1 neighbour exposed (requested by sh" /run/watched
kill "$watcher"
wait "$watcher" || true
end
no_override T1_A

begin "with unit=group, a card that shares with its group only is no refusal"
unguard
guard unit=group
tool 1
expect_word T9 GROUP
expect_word T1_A REFUSED
end

begin "a device that has gone: one line, 2"
echo 1 >"$(sys T1_A)/remove"
tool 2 explain "$one"
complains "there is no PCI device $one"
tool 2 allow "$one" --reason x
complains "there is no PCI device $one"
echo 1 >"$pci/rescan"
expect_attribute T1_A isolated 0
end
fresh
