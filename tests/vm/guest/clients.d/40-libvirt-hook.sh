# shellcheck shell=dash disable=SC2154 # what lib.sh sets
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/packaging/libvirt-hook, called by libvirtd: guests that QEMU really holds, paused before
# their first instruction.

# shellcheck source=../clients-lib.sh
. /guest/clients-lib.sh
fresh
guard
modprobe e1000e
start_libvirt

one=11111111-1111-4111-8111-111111111111
two=22222222-2222-4222-8222-222222222222
hooks=$tree/etc/libvirt/hooks/qemu.d
records=/run/acs-guard/libvirt
a=$(address_of T1_A)
b=$(address_of T1_B)

# hostdev DEVICE MANAGED
hostdev() {
	at "$1"
	printf "<hostdev mode='subsystem' type='pci' managed='%s'><source><address domain='0x%s' bus='0x%s' slot='0x%s' function='0x%s'/></source></hostdev>" \
		"$2" "${at_address%%:*}" "$(echo "$at_address" | cut -c6-7)" "$(echo "$at_address" | cut -c9-10)" "${at_address##*.}"
}

# permissive DEVICE...: what its owner writes.
permissive() {
	printf "<acs:permissive xmlns:acs='urn:acs-guard:libvirt:1' reason='one user has both'>"
	for name; do
		hostdev "$name" yes | sed 's/.*<address/<acs:address/; s/<\/source.*//'
	done
	printf '</acs:permissive>'
}

# define NAME UUID METADATA DEVICES
define() {
	cat >/tmp/guest.xml <<-EOF
		<domain type='qemu'>
		  <name>$1</name>
		  <uuid>$2</uuid>
		  <metadata>$3</metadata>
		  <memory unit='MiB'>32</memory>
		  <os><type arch='x86_64' machine='q35'>hvm</type></os>
		  <devices>
		    <emulator>/usr/bin/qemu-system-x86_64</emulator>
		    <controller type='usb' model='none'/>
		    <memballoon model='none'/>
		    $4
		  </devices>
		</domain>
	EOF
	client 0 virsh define /tmp/guest.xml
}

state_of() {
	in_tree virsh domstate "$1" | head -n 1
}

begin "a guest that declares nothing is refused its device, and has no exception"
define one "$one" '' "$(hostdev T1_A yes)"
client 1 virsh start one --paused
expect_said "error: Failed to start domain 'one'" \
	"error: Failed to trigger a probe for PCI device '$a': Invalid argument"
expect_refused T1_A rpc-libvirtd
expect_override T1_A vfio-pci
expect_attribute T1_A permissive 0
expect_mended T1_A
end

begin "a guest that declares its device has it, and the log says why"
define one "$one" "$(permissive T1_A)" "$(hostdev T1_A yes)"
client 0 virsh start one --paused
expect_equal state paused "$(state_of one)"
expect_driver T1_A vfio-pci
expect_attribute T1_A permissive 1
expect_attribute T1_B permissive 0
expect_decision action=set-permissive "dev=$a" 'comm="acs-guard"'
expect_decision action=allow-permissive "dev=$a" driver=vfio-pci
expect_command grep -qx "acs-guard: exception for $a by libvirt, for guest one: one user has both" "$log"
expect_command test -s "$records/$one"
end

begin "a second guest that declares it as well cannot start, and takes nothing back"
define two "$two" "$(permissive T1_A)" "$(hostdev T1_A yes)"
client 1 virsh start two --paused
expect_said "in use"
expect_driver T1_A vfio-pci
expect_attribute T1_A permissive 1
expect_command test ! -e "$records/$two"
end

begin "libvirtd restarts, and the guest and its exception stay"
pid=$(cat /run/libvirtd.pid)
kill "$pid"
expect_command wait_until 30 test ! -d "/proc/$pid"
run_libvirtd
expect_command wait_until 60 virsh_answers
expect_equal state paused "$(state_of one)"
expect_attribute T1_A permissive 1
end

begin "the guest ends, and its exception with it"
client 0 virsh destroy one
expect_attribute T1_A permissive 0
expect_driver T1_A e1000e
expect_decision action=clear-permissive "dev=$a" 'comm="acs-guard"'
expect_command test ! -e "$records/$one"
end

begin "an exception of the administrator's outlives the guest"
set_permissive T1_A 1
client 0 virsh start one --paused
client 0 virsh destroy one
expect_attribute T1_A permissive 1
set_permissive T1_A 0
end

begin "what a guest declares and does not have: it does not start, libvirt says why, nothing is set"
define one "$one" "$(permissive T1_A T1_B)" "$(hostdev T1_A yes)"
client 1 virsh start one --paused
expect_said "acs-guard: guest one: its metadata name $b, which is no PCI <hostdev> of it; nothing was set"
expect_driver T1_A e1000e
expect_attribute T1_A permissive 0
expect_attribute T1_B permissive 0
expect_no_decision
end

begin "metadata that the schema does not know: the same"
define one "$one" "$(permissive T1_A | sed 's/ reason=/ until="2030" reason=/')" "$(hostdev T1_A yes)"
client 1 virsh start one --paused
expect_said 'its metadata are not as /usr/share/acs-guard/libvirt-metadata.rng wants them'
expect_attribute T1_A permissive 0
expect_no_decision
end

begin "virsh metadata writes what the hook reads"
define one "$one" '' "$(hostdev T1_A yes)"
client 0 virsh metadata one urn:acs-guard:libvirt:1 --config --key acs \
	--set "$(permissive T1_A | sed 's/acs://g; s/ xmlns:acs=[^ ]*//')"
client 0 virsh start one --paused
expect_attribute T1_A permissive 1
client 0 virsh destroy one
expect_attribute T1_A permissive 0
client 0 virsh metadata one urn:acs-guard:libvirt:1 --config --remove
client 0 virsh dumpxml one
expect_command test "$(grep -c acs "$said")" -eq 0
end

# fails_at OPERATION: another hook does, one that is called after ours.
fails_at() {
	# shellcheck disable=SC2016 # for that hook
	printf '#!/bin/sh\nif [ "$2" = %s ]; then exit 1; fi\n' "$1" >"$hooks/zz"
	chmod +x "$hooks/zz"
}

begin "a guest that fails to start for another reason leaves no exception behind"
define one "$one" "$(permissive T1_A)" "$(hostdev T1_A yes)"
fails_at start
client 1 virsh start one --paused
expect_attribute T1_A permissive 0
expect_driver T1_A e1000e
fails_at prepare
client 1 virsh start one --paused
expect_attribute T1_A permissive 0
expect_driver T1_A e1000e
rm "$hooks/zz"
expect_command test -z "$(ls "$records")"
end

begin "where the settings are locked, the guest does not start"
attempt "$parameters/lock" 1
client 1 virsh start one --paused
expect_said "the exception for $a cannot be made: Operation not permitted (lock=1: the settings stay as they are until reboot); nothing was set"
expect_driver T1_A e1000e
end
