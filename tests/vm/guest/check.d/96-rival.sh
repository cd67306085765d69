# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Other code in the kernel interferes with a refusal: it sets a PM domain before the
# guard does, or after; a driver releases the device late; the device is used, or the
# guard unloaded, during the refusal. The module acs_guard_rival does this
# (tests/modules/rival.c documents its parameters).

# shellcheck source=../lib.sh
. /guest/lib.sh

rival=/sys/module/acs_guard_rival/parameters
held_driver=acs_guard_rival

set_rival() {
	echo "$2" >"$rival/$1"
}

# is_at PLACE: a process is held there.
is_at() {
	[ "$(cat "$rival/held")" = "$1" ]
}

is_unbound() {
	at "$1"
	[ ! -e "$at_sys/driver" ]
}

is_blocked() {
	grep -qE '^[0-9]+ \(.*\) D ' "/proc/$1/stat"
}

is_gone() {
	! kill -0 "$1" 2>/dev/null
}

expect_domain() {
	expect_equal "the device's PM domain" "$1" "$(cat "$rival/domain")"
}

# expect_balance N: activate() of the domain of before= was called N times more often
# than dismiss().
expect_balance() {
	expect_equal "activate() less dismiss()" "$1" "$(cat "$rival/balance")"
}

expect_held() {
	expect
	wait_until 10 is_at "$1" || problem "no process came to $1"
}

# expect_file FILE VALUE
expect_file() {
	expect_equal "${1##*/}" "$2" "$(cat "$1")"
}

# expect_waiting PROCESS WHAT: it sleeps in the kernel, and no signal would wake it.
expect_waiting() {
	expect
	wait_until 10 is_blocked "$1" || problem "$2 does not wait"
}

# expect_end PROCESS STATUS WHAT
expect_end() {
	local status=0

	wait "$1" || status=$?
	expect_equal "how $3 ended" "$2" "$status"
}

# The writes of others, in processes of their own; each leaves its number in $process.
write_aside() {
	(echo "$2" >"$1") 2>/run/aside &
	process=$!
}

bind_aside() {
	override "$1" "$2"
	write_aside "$pci/drivers/$2/bind" "$at_address"
}

# in_the_way FIRST [PARAMETER...]: both modules, that one first; the guard's parameters.
in_the_way() {
	local first=$1

	shift
	fresh
	[ "$first" = guard ] || insmod /acs_guard_rival.ko "device=$address_T1_A"
	guard "$@"
	[ "$first" = rival ] || insmod /acs_guard_rival.ko "device=$address_T1_A"
	modprobe vfio-pci
	modprobe pci-stub
}

out_of_the_way() {
	unbind_and_clear T1_A
	unguard
	rmmod acs_guard_rival
	fresh
}

# --- a domain of the device's own ---------------------------------------------------

in_the_way rival
set_rival before 1
for driver in vfio-pci pci-stub; do
	begin "$driver is refused for a device with a PM domain, which is back afterwards and was not dismissed"
	bind_by_bind T1_A "$driver"
	expect_error 'Operation not permitted'
	expect_driver T1_A none
	expect_refusal T1_A "$driver"
	expect_domain before
	expect_balance 0
	no_override T1_A
	bind_by_probe T1_A "$driver"
	expect_error 'Invalid argument'
	expect_driver T1_A none
	expect_domain before
	expect_balance 0
	no_override T1_A
	end
done

begin "that domain is used while the device is bound by an exception"
attempt "$(sys T1_A)/acs_guard/permissive" 1
bind_by_bind T1_A vfio-pci
expect_success
expect_driver T1_A vfio-pci
expect_domain before
expect_balance 1
unbind_and_clear T1_A
expect_domain before
expect_balance 0
attempt "$(sys T1_A)/acs_guard/permissive" 0
end
out_of_the_way

# Where drivers are probed, removed, and probed again in one bind, an attempt is
# announced twice, and a driver that waits in its removal keeps the bind waiting.
if grep -q 'guest\.debug=remove' /proc/cmdline; then
	skip "the rest, in which the rival has a hand in one attempt" "probes are doubled"
	exit 0
fi

# --- our domain is replaced: the refusal is bypassed, and the driver released --------

veto_lost() {
	begin "$1: a bind that goes through against the refusal is undone, and said ($2)"
	bind_by_bind T1_A "$1"
	expect_success
	expect
	wait_until 10 is_unbound T1_A || problem "the driver was not taken away"
	expect_decision action=deny "dev=$address_T1_A" "driver=$1" reason=no-acs
	expect_decision action=veto-lost "dev=$address_T1_A" "driver=$1" reason=no-acs
	# The work restores the domain after it has released the driver.
	wait_until 10 has_domain "$3" || true
	expect_domain "$3"
	no_override T1_A
	attempt "$pci/drivers_probe" "$address_T1_A"
	expect_success
	expect_driver T1_A e1000e
	unbind T1_A
	end
}

has_domain() {
	[ "$(cat "$rival/domain")" = "$1" ]
}

in_the_way guard
modprobe e1000e
unbind T1_A
for driver in vfio-pci pci-stub; do
	set_rival after 1
	veto_lost "$driver" "it had no domain" none
	set_rival before 1
	veto_lost "$driver" "it had a domain" before
	set_rival after 2
	veto_lost "$driver" "it had a domain, ours is put back" before
	set_rival before 0
	veto_lost "$driver" "it had no domain, ours is put back" none
done

begin "a domain of ours that is put back after a failed attempt does not stay"
set_rival after 2
set_rival activate -22
bind_by_bind T1_A vfio-pci
expect_error 'Invalid argument'
expect_driver T1_A none
expect
wait_until 10 has_domain none || problem "domain: $(cat "$rival/domain")"
set_rival activate 0
set_rival after 0
no_override T1_A
attempt "$pci/drivers_probe" "$address_T1_A"
expect_driver T1_A e1000e
unbind T1_A
end
out_of_the_way

# The next driver is tried under the same device lock.
in_the_way guard
modprobe e1000e
unbind T1_A
at T1_A
add_id vfio-pci "$at_id"
begin "nor does it refuse the next driver, which is not guarded"
set_rival after 3
set_rival activate 22
attempt "$pci/drivers_probe" "$address_T1_A"
expect_success
expect_decision action=deny "dev=$address_T1_A" driver=vfio-pci reason=no-acs
expect_driver T1_A e1000e
expect_domain none
set_rival after 0
set_rival activate 0
unbind T1_A
end
out_of_the_way

# A driver that stays bound, since its user holds the device; then the guard cannot leave.
in_the_way guard drivers=acs_guard_rival
set_rival after 1
set_rival hold remove
begin "a driver that holds on to the device: the guard waits for it, and so does who unloads the guard"
bind_by_bind T1_A "$held_driver"
expect_success
expect_held remove
expect_decision action=veto-lost "dev=$address_T1_A" "driver=$held_driver"
/sbin/rmmod acs_guard 2>/run/aside &
leaving=$!
expect_waiting "$leaving" "rmmod acs_guard"
set_rival hold nowhere
expect_end "$leaving" 0 rmmod
expect_driver T1_A none
expect_domain none
expect_command test ! -e /sys/module/acs_guard
end
out_of_the_way

# --- while the refusal is under way -------------------------------------------------

# Neither in the announcement of the bind nor in that of its end: a process that unloads the
# guard has to wait for the end all the same.
leave_between() {
	in_the_way guard
	set_rival after 1
	set_rival activate "$1"
	set_rival hold activate
	begin "the guard leaves between a refusal and its end: $2"
	bind_aside T1_A vfio-pci
	binding=$process
	expect_held activate
	/sbin/rmmod acs_guard 2>/run/aside &
	leaving=$!
	expect_waiting "$leaving" "rmmod acs_guard"
	set_rival hold nowhere
	expect_end "$binding" "$3" "the bind"
	expect_end "$leaving" 0 rmmod
	expect_driver T1_A none
	expect_domain none
	expect_command test ! -e /sys/module/acs_guard
	end
	out_of_the_way
}
leave_between -22 "the attempt fails" 1
leave_between 0 "the veto is lost" 0

# What others do with a device that is being refused: whatever they are made to wait
# for, no PM callback runs, nothing crashes, and all is as it was afterwards.
meddle() {
	at T1_A
	# As the kernel calls what is switched off for the time being.
	expect_file "$at_sys/power/runtime_status" unsupported
	attempt "$rival/runtime" get
	expect_error 'Permission denied'
	cat "$at_sys/config" >/run/config
	expect_equal "vendor in config" 8680 "$(hexdump -v -n 2 -e '2/1 "%02x"' /run/config)"

	write_aside "$at_sys/reset" 1
	resetting=$process
	expect_waiting "$resetting" "the reset"
	write_aside "$at_sys/power/control" on
	switching=$process
	expect_waiting "$switching" "a write to power/control"
}

expect_undisturbed() {
	local status

	expect_end "$binding" 1 "the bind"
	expect_end "$resetting" 0 "the reset"
	expect_end "$switching" 0 "the write to power/control"
	expect_driver T1_A none
	expect_domain genpd
	at T1_A
	expect_file "$at_sys/power/runtime_status" active
	for status in suspended active suspended; do
		case $status in
		active) attempt "$rival/runtime" get ;;
		*) attempt "$at_sys/power/control" auto ;;
		esac
		expect_success
		wait_until 10 grep -qx "$status" "$at_sys/power/runtime_status" || true
		expect_file "$at_sys/power/runtime_status" "$status"
		[ "$status" = suspended ] || attempt "$rival/runtime" put
	done
}

# in_flight FIRST PLACE
in_flight() {
	local rounds='by-itself leaving' round

	for round in $rounds; do
		in_the_way "$1"
		begin "reset, power and runtime PM of a device in a generic domain, its refusal held at $2 ($round)"
		expect_command set_rival genpd 1
		expect_domain genpd
		at T1_A
		echo auto >"$at_sys/power/control"
		expect
		wait_until 10 grep -qx suspended "$at_sys/power/runtime_status" ||
			problem "it does not go to sleep"
		set_rival hold "$2"
		bind_aside T1_A vfio-pci
		binding=$process
		expect_held "$2"
		expect_domain foreign
		meddle
		if [ "$round" = leaving ]; then
			/sbin/rmmod acs_guard 2>/run/aside &
			leaving=$!
			expect_waiting "$leaving" "rmmod acs_guard"
		fi
		set_rival hold nowhere
		expect_undisturbed
		if [ "$round" = leaving ]; then
			expect_end "$leaving" 0 rmmod
			expect_command test ! -e /sys/module/acs_guard
		else
			expect_refusal T1_A vfio-pci
		fi
		echo on >"$at_sys/power/control"
		set_rival genpd 0
		expect_domain none
		end
		out_of_the_way
	done
}
in_flight guard bind
in_flight rival not-bound

# --- probes that are put off ----------------------------------------------------------

has_denial() {
	take_log
	decisions action=deny "dev=$(address_of "$1")"
	[ "$found_count" -gt 0 ]
}

# Each retry is a bind like any other: judged by the registers of its own moment.
# What binds makes the kernel try again what was put off.
in_the_way guard drivers=acs_guard_rival
begin "a probe that was put off is judged again: isolation is lost meanwhile"
set_rival defer 2
bind_by_probe GOOD_NIC "$held_driver"
expect_equal probes 1 "$(cat "$rival/probes")"
expect_driver GOOD_NIC none
expect_no_decision
bind_by_bind GOOD_EDU pci-stub
expect_success
expect
wait_until 10 grep -qx 2 "$rival/probes" || problem "nothing was tried again"
expect_no_decision
at GOOD_PORT
setpci -s "$at_address" ECAP_ACS+6.w=0:1d
unbind_and_clear GOOD_EDU
bind_by_bind GOOD_EDU pci-stub
expect
wait_until 10 has_denial GOOD_NIC || problem "it was not refused when it was tried again"
at GOOD_NIC
expect_decision action=deny "dev=$at_address" "driver=$held_driver" reason=acs-disabled
expect_driver GOOD_NIC none
expect_equal probes 2 "$(cat "$rival/probes")"
at GOOD_PORT
setpci -s "$at_address" ECAP_ACS+6.w=1d:1d
unbind_and_clear GOOD_EDU
end

begin "and binds when it is isolated again"
set_rival defer 0
no_override GOOD_NIC
bind_by_probe GOOD_NIC "$held_driver"
expect_success
expect_driver GOOD_NIC "$held_driver"
expect_no_decision
unbind_and_clear GOOD_NIC
end

begin "a device that is refused is never asked to probe, so cannot be put off"
set_rival defer 1
count=$(cat "$rival/probes")
bind_by_probe T1_A "$held_driver"
expect_error 'Invalid argument'
expect_equal probes "$count" "$(cat "$rival/probes")"
bind_by_bind GOOD_EDU pci-stub
expect_success
unbind_and_clear GOOD_EDU
expect_driver T1_A none
expect_count 1 action=deny "dev=$address_T1_A"
expect_equal "probes left to put off" 1 "$(cat "$rival/defer")"
end
out_of_the_way
