# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many who ask at the same moment: for one device, and for all of them.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
modprobe pci-stub
guard

# racer NUMBER FILE TEXT: writes when the others do; keeps the result.
racer() {
	while [ ! -e /run/go ]; do
		:
	done
	{ echo "$3" >"$2"; } 2>"/run/racer.$1" || true
}

# race DEVICE FILE FILE: two requests for one device at once; sets won, how many were
# a success as their result.
race() {
	local answer one two

	rm -f /run/go
	at "$1"
	racer 1 "$2" "$at_address" &
	one=$!
	racer 2 "$3" "$at_address" &
	two=$!
	: >/run/go
	wait "$one" "$two"
	won=0
	for answer in /run/racer.1 /run/racer.2; do
		[ -s "$answer" ] || won=$((won + 1))
	done
}

# The refusals of a device are counted from here on, and none goes unlogged.
count_anew() {
	unguard
	guard
}

vfio=$pci/drivers/vfio-pci/bind
stub=$pci/drivers/pci-stub/bind

# many_races DEVICE FILE FILE: sets total, the times won, and bound, the rounds that
# left it bound.
many_races() {
	local round=0

	total=0 bound=0
	while [ "$round" -lt 15 ]; do
		race "$@"
		total=$((total + won))
		at "$1"
		if [ -e "$at_sys/driver" ]; then
			bound=$((bound + 1))
			unbind "$1"
		fi
		round=$((round + 1))
	done
}

begin "T1_A: two at once ask for it by bind, and both are refused"
override T1_A vfio-pci
many_races T1_A "$vfio" "$vfio"
expect_equal "requests granted" 0 "$total"
expect_equal "rounds that left it bound" 0 "$bound"
expect_attribute T1_A denied 30
end
count_anew

# What drivers_probe says is not looked at: it calls it a success if it finds a driver
# that another process is binding.
begin "T1_A: one asks by bind and one by drivers_probe, and it is never bound"
many_races T1_A "$pci/drivers_probe" "$vfio"
expect_equal "rounds that left it bound" 0 "$bound"
read -r denied <"$(sys T1_A)/acs_guard/denied"
expect
[ "$denied" -ge 15 ] || problem "it was refused only $denied times"
end
no_override T1_A

begin "GOOD_NIC: two at once ask for it by bind, and one has it each time"
override GOOD_NIC vfio-pci
many_races GOOD_NIC "$vfio" "$vfio"
expect_equal "requests granted" 15 "$total"
expect_equal "rounds that left it bound" 15 "$bound"
expect_no_decision
end

begin "GOOD_NIC: one asks by bind and one by drivers_probe, and it is bound each time"
many_races GOOD_NIC "$pci/drivers_probe" "$vfio"
expect_equal "rounds that left it bound" 15 "$bound"
expect_no_decision
end
unbind_and_clear GOOD_NIC

# By ID, so that both drivers may ask.
rmmod vfio-pci
rmmod pci-stub
modprobe vfio-pci ids=8086:10d3
modprobe pci-stub ids=8086:10d3
unbind GOOD_NIC
count_anew

begin "T1_A: two drivers at once ask for it, and both are refused"
many_races T1_A "$vfio" "$stub"
expect_equal "requests granted" 0 "$total"
expect_equal "rounds that left it bound" 0 "$bound"
expect_attribute T1_A denied 30
take_log
expect_refusals T1_A vfio-pci
expect_refusals T1_A pci-stub
end

begin "GOOD_NIC: two drivers at once ask for it, and one has it each time"
many_races GOOD_NIC "$vfio" "$stub"
expect_equal "requests granted" 15 "$total"
expect_equal "rounds that left it bound" 15 "$bound"
expect_no_decision "dev=$(address_of GOOD_NIC)"
end
rmmod vfio-pci
rmmod pci-stub

# settled DRIVER...: the isolated cards are with these drivers, the others with none.
settled() {
	local name driver

	for name in $exposed; do
		expect_driver "$name" none
	done
	for name in $isolated; do
		expect
		for driver; do
			has_driver "$name" "$driver" && continue 2
		done
		problem "$name has $(driver_of "$name")"
	done
}

modprobe vfio-pci
begin "a process for each card, all at once: the exposed are refused, the isolated bound"
for round in 1 2 3; do
	count_anew
	mark "round $round"
	rm -f /run/go
	processes=
	for name in $isolated $exposed; do
		override "$name" vfio-pci
		racer "$name" "$vfio" "$at_address" &
		processes="$processes $!"
	done
	: >/run/go
	# shellcheck disable=SC2086 # a list of numbers
	wait $processes
	settled vfio-pci
	take_log
	for name in $exposed; do
		expect_refusals "$name" vfio-pci
		expect_attribute "$name" denied 1
	done
	for name in $isolated $exposed; do
		unbind_and_clear "$name"
	done
done
end
rmmod vfio-pci

count_anew
begin "two drivers loaded at once, for all cards: the same"
processes=
for driver in vfio-pci pci-stub; do
	modprobe "$driver" ids=8086:10d3,1234:11e8,8086:100e &
	processes="$processes $!"
done
expect
# shellcheck disable=SC2086 # a list of numbers
wait $processes || problem "modprobe ended with $?"
settled vfio-pci pci-stub
take_log
for name in $exposed; do
	expect_refusals "$name" vfio-pci
	expect_refusals "$name" pci-stub
done
end
fresh
