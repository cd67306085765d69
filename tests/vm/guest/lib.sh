# shellcheck shell=dash disable=SC2034,SC2154,SC3040,SC3043 # variables are for
# those who source this, or made of the table; busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# What the guest's scripts share: devices by name, drivers, the kernel's log, tests.
# Sourced by busybox ash. A test reads
#
#   begin "name of the test"
#   attempt FILE TEXT            something is done; how it ended is kept
#   expect_...                   any number of expectations, at least one
#   end                          one line of TAP, with what went wrong below it

set -euo pipefail

pci=/sys/bus/pci
module=/acs_guard.ko
parameters=/sys/module/acs_guard/parameters
# How the kernel is notified of hot-plug, as boot --hotplug says.
hotplug=acpi
read -r cmdline </proc/cmdline
case " $cmdline " in
*' guest.hotplug=native '*) hotplug=native ;;
esac
# Whether the machine has an IOMMU, as boot --iommu says.
iommu=on
case " $cmdline " in
*' guest.iommu=off '*) iommu=off ;;
esac
# Whether to take the time for what takes long (check --long).
length=short
case " $cmdline " in
*' guest.long '*) length=long ;;
esac
tap_count=/run/tap.count
tap_failed=/run/tap.failed
log=/run/log
# How often the driver core probes at a bind: a debug kernel removes the driver again
# and probes once more. Who is let through is announced, and reported, each time.
probes=1
! grep -q 'guest\.debug=remove' /proc/cmdline || probes=2

# busybox takes its own applets before anything in PATH; where the real program
# says more, or does, name it.
insmod() {
	/sbin/insmod "$@"
}

rmmod() {
	/sbin/rmmod "$@"
}

modprobe() {
	/sbin/modprobe "$@"
}

lspci() {
	/usr/bin/lspci "$@"
}

setpriv() {
	/usr/bin/setpriv "$@"
}

# In an emulated machine a process is dear (10 ms): what every test does, does
# without $(...) and pipes, and leaves its result in a variable.

# --- devices -----------------------------------------------------------------

# table FUNCTION: calls FUNCTION NAME ADDRESS VENDOR:ID QEMU_DEVICE for each.
table() {
	local name address id device

	while read -r name address id device; do
		case $name in
		'' | '#'*) continue ;;
		esac
		"$1" "$name" "$address" "$id" "$device"
	done </guest/machine
}

remember_device() {
	eval "address_$1=0000:$2 id_$1=$3"
}
table remember_device

# Cards that a test may plug in, each into its slot.
remember_device GOOD_CARD 11:00.0 8086:10d3 # below PLUG_PORT
remember_device BAD_CARD 12:00.0 8086:10d3  # below BAD_PORT
remember_device SLOT_CARD 15:00.0 8086:10d3 # below SLOT_PORT
# A card of two functions for the conventional bus of T6_ONE.
remember_device CONV_A 0a:02.0 8086:100e
remember_device CONV_B 0a:02.1 8086:100e
# The virtual functions of the cards that can have some.
remember_device GOOD_VF1 17:00.1 1b36:0010
remember_device GOOD_VF2 17:00.2 1b36:0010
remember_device BAD_VF1 18:00.1 1b36:0010
remember_device BAD_VF2 18:00.2 1b36:0010
remember_device RC_VF1 00:11.1 1b36:0010
remember_device RC_VF2 00:11.2 1b36:0010

# The cards that may be handed out, and those that may not.
isolated='GOOD_NIC GOOD_EDU T6_ONE T13_NIC T13_EDU'
exposed='T1_A T1_B T9 T10_A T10_B T6_TWO_A T6_TWO_B'
# Of the exposed cards, those whose peers are all in their own IOMMU group.
excused='T9 T10_A T10_B T6_TWO_A T6_TWO_B'
# The driver of Arm's SMMUv3 translates for one function of those that share a requester ID,
# and gives the other no group.
architecture=$(uname -m)
if [ "$architecture" = aarch64 ]; then
	exposed=${exposed% T6_TWO_B} excused=${excused% T6_TWO_A T6_TWO_B}
fi
# One PCI ID for each kind of card.
ids='8086:10d3 1234:11e8 8086:100e'

# at NAME: sets at_address, at_id and at_sys, the device's folder in sysfs.
at() {
	eval "at_address=\$address_$1 at_id=\$id_$1"
	at_sys=$pci/devices/$at_address
}

address_of() {
	at "$1"
	printf '%s\n' "$at_address"
}

id_of() {
	at "$1"
	printf '%s\n' "$at_id"
}

# The folder of a device in sysfs.
sys() {
	at "$1"
	printf '%s\n' "$at_sys"
}

# The last part of where a link leads; "none" if there is no link.
link() {
	local target

	target=$(readlink "$1") || target=none
	printf '%s\n' "${target##*/}"
}

driver_of() {
	link "$(sys "$1")/driver"
}

group_of() {
	link "$(sys "$1")/iommu_group"
}

# What a refusal of each exposed device must say: sets reason, blocker, missing, peer.
refusal_of() {
	case $1 in
	T1_A) reason=no-acs blocker=$address_T1_PORT_A missing=SV,RR,CR,UF peer=$address_T1_B ;;
	T1_B) reason=no-acs blocker=$address_T1_PORT_B missing=SV,RR,CR,UF peer=$address_T1_A ;;
	T9) reason=no-acs blocker=$address_T9_PORT missing=SV,RR,CR,UF peer= ;;
	T10_A) reason=multifunction blocker=$address_T10_A missing=RR,CR peer=$address_T10_B ;;
	T10_B) reason=multifunction blocker=$address_T10_B missing=RR,CR peer=$address_T10_A ;;
	BAD_CARD) reason=no-acs blocker=$address_BAD_PORT missing=SV,RR,CR,UF peer= ;;
	SLOT_CARD) reason=no-acs blocker=$address_SLOT_PORT missing=SV,RR,CR,UF peer=$address_NEXT ;;
	T21_A) reason=multifunction blocker=$address_T21_A missing=RR,CR peer=$address_T21_B ;;
	T21_B) reason=multifunction blocker=$address_T21_B missing=RR,CR peer=$address_T21_A ;;
	T6_TWO_A) reason=conventional blocker=$address_TWO_BRIDGE missing=- peer=$address_T6_TWO_B ;;
	T6_TWO_B) reason=conventional blocker=$address_TWO_BRIDGE missing=- peer=$address_T6_TWO_A ;;
	*)
		echo "Bail out! $1 is not among the exposed devices"
		exit 1
		;;
	esac
}

# --- modules, drivers ----------------------------------------------------------

is_loaded() {
	[ -d "/sys/module/$1" ]
}

# guard [PARAMETER...]: loads acs_guard.
guard() {
	insmod "$module" "$@"
}

unguard() {
	! is_loaded acs_guard || rmmod acs_guard
}

# make_groups: on arm64 a function gets its IOMMU group when a driver is bound to it for the
# first time. The driver here is none that is guarded.
make_groups() {
	local name group

	[ "$architecture" = aarch64 ] || return 0
	modprobe pci-pf-stub
	for name in $isolated $exposed T6_TWO_B NEXT T21_A T21_B T21_C GROUP_A GROUP_B GOOD_PF BAD_PF RC_PF; do
		at "$name"
		if [ ! -e "$at_sys" ] || [ -e "$at_sys/iommu_group" ]; then
			continue
		fi
		echo pci-pf-stub >"$at_sys/driver_override"
		echo "$at_address" >"$pci/drivers/pci-pf-stub/bind" || :
		[ ! -e "$at_sys/driver" ] || echo "$at_address" >"$at_sys/driver/unbind"
		echo >"$at_sys/driver_override"
	done
	rmmod pci-pf-stub
}

clear_overrides() {
	local file value

	for file in "$pci"/devices/*/driver_override; do
		read -r value <"$file"
		[ "$value" = '(null)' ] || echo >"$file"
	done
}

# The state after boot: no driver but pcieport, no override, no acs_guard.
fresh() {
	local name

	unguard
	for name in vfio_iommu_type1 vfio_pci pci_stub pci_pf_stub e1000e e1000; do
		! is_loaded "$name" || rmmod "$name"
	done
	clear_overrides
}

override() {
	at "$1"
	echo "$2" >"$at_sys/driver_override"
}

no_override() {
	at "$1"
	echo >"$at_sys/driver_override"
}

unbind() {
	at "$1"
	[ ! -e "$at_sys/driver" ] || echo "$at_address" >"$at_sys/driver/unbind"
}

# --- the kernel's log ------------------------------------------------------------

# Forgets what was logged so far (the console still has it, and a mark).
mark() {
	dmesg -c >/dev/null
	printf '<5>guest: %s\n' "$1" >/dev/kmsg
}

# What was logged since the mark, without the time.
take_log() {
	local line

	dmesg >/run/dmesg
	while IFS= read -r line; do
		line=${line#\[*\] }
		case $line in
		'guest: '*) ;;
		*) printf '%s\n' "$line" ;;
		esac
	done </run/dmesg >"$log"
}

# The shape of a decision's line, whole: keys, their order, what each may hold.
bdf='[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]'
actions='deny|allow-group|allow-permissive|would-deny|present|veto-lost|drift|set-permissive|clear-permissive'
reasons='no-acs|acs-incomplete|acs-disabled|egress-direct|direct-translated|multifunction|sibling-port|internal-function|unreadable|unknown-type|conventional|alias|translation|port-memory|iommu-group|no-iommu'
flags='(SV|RR|CR|UF)(,(RR|CR|UF))*'
shape="^acs_guard: action=($actions) dev=$bdf id=[0-9a-f]{4}:[0-9a-f]{4} driver=[^ \"]+"
shape="$shape reason=(-|isolated|$reasons) blocker=(-|$bdf) missing=(-|$flags)"
shape="$shape group=(-|[0-9]+) peers=(-|[0-9]+) mode=(enforce|audit)"
shape="$shape uid=(-|[0-9]+) pid=(-|[0-9]+) comm=(-|\"([^\"\\\\]|\\\\.)*\")\$"

# decisions [KEY=VALUE...]: the decisions' lines that have all of these; sets found,
# the lines, and found_count.
decisions() {
	local line word

	found='' found_count=0
	while IFS= read -r line; do
		case $line in
		'acs_guard: action='*) ;;
		*) continue ;;
		esac
		for word; do
			case "$line " in
			*" $word "*) ;;
			*) continue 2 ;;
			esac
		done
		found="${found:+$found
}$line"
		found_count=$((found_count + 1))
	done <"$log"
}

# words_of_module: all other lines of the module, joined; sets words, words_count.
words_of_module() {
	local line

	words='' words_count=0
	while IFS= read -r line; do
		case $line in
		'acs_guard: action='*) continue ;;
		# The kernel's own, about any module out of tree, and any bad parameter.
		*'loading out-of-tree module'* | *'module verification failed'*) continue ;;
		*'invalid for parameter'*) continue ;;
		'acs_guard: '*) ;;
		*) continue ;;
		esac
		words="${words:+$words }$line"
		words_count=$((words_count + 1))
	done <"$log"
}

# is_logged KEY=VALUE...: such a line is there, by now.
is_logged() {
	take_log
	decisions "$@"
	[ "$found_count" -gt 0 ]
}

# --- TAP ---------------------------------------------------------------------------

# The count outlives the topic's shell.
next_number() {
	number=0
	[ ! -f "$tap_count" ] || read -r number <"$tap_count"
	number=$((number + 1))
	echo "$number" >"$tap_count"
}

ok() {
	next_number
	echo "ok $number - $1"
}

# not_ok NAME [DIAGNOSTICS]
not_ok() {
	next_number
	echo "not ok $number - $1"
	: >"$tap_failed"
	[ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/#   /'
}

skip() {
	next_number
	echo "ok $number - $1 # SKIP $2"
}

# --- one test ----------------------------------------------------------------------

# A test of what the last attempt did to another device, and logged.
begin_keeping_log() {
	test_name=$1
	problems=''
	expectations=0
}

begin() {
	begin_keeping_log "$1"
	write_error=''
	mark "$1"
}

problem() {
	problems="$problems$*
"
}

# A test without a single expectation could not fail.
end() {
	[ "$expectations" -gt 0 ] || problem "nothing was expected"
	if [ -z "$problems" ]; then
		ok "$test_name"
		return
	fi
	take_log
	not_ok "$test_name" "${problems}the kernel said:
$(tail -n 12 "$log")"
}

# attempt FILE TEXT: writes TEXT and a newline; keeps what the shell said of it.
attempt() {
	{ echo "$2" >"$1"; } 2>/run/error || true
	read_error
}

# attempt_bytes FILE FORMAT: printf's escapes, no newline, in one write. (busybox's
# own printf does not tell that a write failed.)
attempt_bytes() {
	# shellcheck disable=SC2059 # a format is what the caller gives
	printf "$2" >/run/bytes
	dd if=/run/bytes of="$1" bs=64k conv=notrunc 2>/run/error || true
	read_error
	case $write_error in
	*'records in') write_error= ;;
	esac
}

# attempt_command COMMAND...
attempt_command() {
	"$@" 2>/run/error || true
	read_error
}

read_error() {
	IFS= read -r write_error </run/error || true
}

expect() {
	expectations=$((expectations + 1))
}

# expect_equal WHAT WANTED GOT
expect_equal() {
	expect
	[ "$2" = "$3" ] || problem "$1: wanted '$2', got '$3'"
}

# expect_error TEXT: the last attempt failed, with this error.
expect_error() {
	expect
	case $write_error in
	*"$1") ;;
	'') problem "the write succeeded, wanted '$1'" ;;
	*) problem "the write failed with '$write_error', wanted '$1'" ;;
	esac
}

expect_success() {
	expect
	[ -z "$write_error" ] || problem "the write failed: $write_error"
}

# expect_driver DEVICE DRIVER: "none" is one too.
expect_driver() {
	expect
	at "$1"
	case $2 in
	none) [ ! -e "$at_sys/driver" ] && return ;;
	*) [ "$at_sys/driver" -ef "$pci/drivers/$2" ] && return ;;
	esac
	problem "driver of $1: wanted $2, got $(driver_of "$1")"
}

# expect_command COMMAND...: it ends with 0.
expect_command() {
	local output

	expect
	output=$("$@" 2>&1) || problem "'$*' failed: $output"
}

# expect_attribute DEVICE ATTRIBUTE VALUE
expect_attribute() {
	local value=''

	at "$1"
	{ IFS= read -r value <"$at_sys/acs_guard/$2"; } 2>/dev/null || value='(unreadable)'
	expect_equal "$2 of $1" "$3" "$value"
}

# expect_decision KEY=VALUE...: exactly one line has these, and its shape is whole; of
# a bind that goes through, one a probe.
expect_decision() {
	local wanted=1

	case " $*" in
	*' action=allow-'* | *' action=would-deny'*) wanted=$probes ;;
	esac
	expect
	take_log
	decisions "$@"
	if [ "$found_count" -ne "$wanted" ]; then
		problem "wanted $wanted line(s) with $*, got: ${found:-none}"
		return
	fi
	[ "$(printf '%s\n' "$found" | grep -cE "$shape")" -eq "$wanted" ] ||
		problem "not the shape of a log line: $found"
}

# expect_refusals DEVICE DRIVER [KEY=VALUE...]: it was refused at least once, with these,
# says the log as it was last taken.
expect_refusals() {
	local name=$1 driver=$2 reason blocker missing peer count=0

	shift 2
	refusal_of "$name"
	[ -z "$peer" ] || count=1
	at "$name"
	expect
	decisions action=deny "dev=$at_address" "id=$at_id" "driver=$driver" "reason=$reason" \
		"blocker=$blocker" "missing=$missing" "peers=$count" mode=enforce "$@"
	[ "$found_count" -gt 0 ] || problem "no refusal of $name to $driver was logged"
}

# expect_no_decision [KEY=VALUE...]
expect_no_decision() {
	expect
	take_log
	decisions "$@"
	[ "$found_count" -eq 0 ] || problem "wanted no line with '$*', got: $found"
}

# expect_count NUMBER KEY=VALUE...: so many lines have these.
expect_count() {
	local wanted=$1

	shift
	take_log
	decisions "$@"
	expect_equal "number of lines with $*" "$wanted" "$found_count"
}

# expect_words TEXT...: some line of the module that is no decision has it.
expect_words() {
	local text

	words_of_module
	for text; do
		expect
		case $words in
		*"$text"*) ;;
		*) problem "no line of words has '$text': ${words:-there is none}" ;;
		esac
	done
}

# expect_no_words TEXT...: no line of the module that is no decision has it.
expect_no_words() {
	local text

	words_of_module
	for text; do
		expect
		case $words in
		*"$text"*) problem "a line of words has '$text': $words" ;;
		esac
	done
}

# expect_group_advice DEVICE yes|no: does the last log, with a refusal of the device,
# say when unit=group would allow it, and how, before it says how to make an exception?
expect_group_advice() {
	local command="echo group > $parameters/unit"

	at "$1"
	words_of_module
	expect
	case $words in
	*'gets its whole IOMMU group, set unit=group for all devices: '*"$command"*"$at_sys/acs_guard/permissive"*)
		[ "$2" = yes ] || problem "wanted no word of unit=group, got: $words"
		;;
	*'set unit=group'* | *"$command"*)
		problem "wanted unit=group: $2, got: $words"
		;;
	*)
		[ "$2" = no ] || problem "wanted 'set unit=group' and '$command' before the exception, got: $words"
		;;
	esac
}

# expect_peers DEVICE [PEER...]: these are its peers in sysfs, in this order.
expect_peers() {
	local name=$1 wanted='' peer got

	shift
	for peer; do
		at "$peer"
		wanted="$wanted$at_address "
	done
	at "$name"
	{ got=$(tr '\n' ' ' <"$at_sys/acs_guard/peers"); } 2>/dev/null || got='(unreadable)'
	expect_equal "peers of $name" "$wanted" "$got"
}

# The group in the line just found is the device's own.
expect_group() {
	local group=${found##* group=}

	expect
	group=${group%% *}
	at "$1"
	[ "$at_sys/iommu_group" -ef "/sys/kernel/iommu_groups/$group" ] ||
		problem "group=$group is not that of $1"
}

# expect_refusal DEVICE DRIVER [KEY=VALUE...]: the log line of a refusal, and the
# second one, in plain words: whom it could reach, and what an administrator can do.
expect_refusal() {
	local name=$1 driver=$2 reason blocker missing peer count=0

	shift 2
	refusal_of "$name"
	[ -z "$peer" ] || count=1
	at "$name"
	expect_decision action=deny "dev=$at_address" "id=$at_id" "driver=$driver" \
		"reason=$reason" "blocker=$blocker" "missing=$missing" "peers=$count" "$@"
	expect_group "$name"
	expect_words "$at_address" ${peer:+"$peer"} "$at_sys/driver_override" \
		"$pci/drivers_probe" "$at_sys/acs_guard/permissive"
}

# wait_until SECONDS COMMAND...: polls; 1 if it never came true.
wait_until() {
	local left=$(($1 * 10))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$left" -gt 0 ] || return 1
		left=$((left - 1))
		usleep 100000
	done
}

# --- ways to ask for a bind -----------------------------------------------------------

bind_by_bind() {
	override "$1" "$2"
	attempt "$pci/drivers/$2/bind" "$at_address"
}

bind_by_probe() {
	override "$1" "$2"
	attempt "$pci/drivers_probe" "$at_address"
}

# add_id DRIVER VENDOR:ID: the driver then tries every free device of that ID.
add_id() {
	attempt "$pci/drivers/$1/new_id" "${2%:*} ${2#*:}"
}

# unbind_and_clear DEVICE: unbinds it and clears its driver_override, so that the next request
# starts from nothing.
unbind_and_clear() {
	unbind "$1"
	no_override "$1"
}

# binds_somehow DEVICE... : each binds to each driver, in each way. With acs_guard
# loaded that is what an isolated device must do; without it, any device.
expect_binds() {
	local driver name way id

	for driver in vfio-pci pci-stub; do
		modprobe "$driver"
		for name; do
			for way in bind probe; do
				begin "$name: binds to $driver through $way"
				"bind_by_$way" "$name" "$driver"
				expect_success
				expect_driver "$name" "$driver"
				expect_no_decision
				end
				unbind_and_clear "$name"
			done
		done
		for id in $ids; do
			begin "new_id $id to $driver is accepted"
			add_id "$driver" "$id"
			expect_success
			end
		done
		for name; do
			begin "$name: binds to $driver through new_id"
			expect_driver "$name" "$driver"
			end
		done
		rmmod "$driver"
	done
}

# --- devices that come and go ---------------------------------------------------------

# hide DEVICE...: the kernel forgets the function, which goes on answering.
hide() {
	local name

	for name; do
		at "$name"
		echo 1 >"$at_sys/remove"
		expect
		[ ! -e "$at_sys" ] || problem "$name is still there"
	done
}

rescan() {
	echo 1 >"$pci/rescan"
	make_groups 2>/dev/null
}

# set_acs PORT VALUE: the port's whole control register.
set_acs() {
	at "$1"
	setpci -s "$at_address" "ECAP_ACS+6.w=$2"
	expect_equal "ACS control of $1" "$2" "$(setpci -s "$at_address" ECAP_ACS+6.w)"
}

# host COMMAND: asks the host (tests/vm/boot) for a device_add or device_del.
host() {
	echo "# host: $*" >/dev/report
}

is_there() {
	at "$1"
	[ -e "$at_sys" ]
}

is_absent() {
	! is_there "$1"
}

has_driver() {
	at "$1"
	[ "$at_sys/driver" -ef "$pci/drivers/$2" ]
}

# plug CARD: into its slot. What was pulled out leaves the host a little later than the
# guest, and until then the host has the name; so it is asked again. What is there
# already is not made twice. It is seen here before drivers are asked; the lock that a
# rescan has to wait for is held until they have been.
plug() {
	local port tries=0

	case $1 in
	GOOD_CARD) port=PLUG_PORT ;;
	BAD_CARD) port=BAD_PORT ;;
	SLOT_CARD) port=SLOT_PORT ;;
	esac
	while [ "$tries" -lt 30 ]; do
		host "device_add e1000e,id=$1,bus=$port,romfile="
		if wait_until 1 is_there "$1"; then
			echo 1 >"$at_sys/rescan"
			return
		fi
		tries=$((tries + 1))
	done
	problem "$1 does not come"
}

# plug_pair: CONV_A and CONV_B, two functions of one card, come at once next to T6_ONE. Only
# where hot-plug is ACPI's.
plug_pair() {
	local tries=0

	while [ "$tries" -lt 30 ]; do
		host "device_add e1000,id=CONV_B,bus=ONE_BRIDGE,addr=2.1,multifunction=on,romfile="
		host "device_add e1000,id=CONV_A,bus=ONE_BRIDGE,addr=2.0,multifunction=on,romfile="
		if wait_until 2 is_there CONV_A; then
			expect_command wait_until 10 is_there CONV_B
			return
		fi
		tries=$((tries + 1))
	done
	problem "CONV_A does not come"
}

unplug_pair() {
	local name

	host "device_del CONV_A"
	for name in CONV_A CONV_B; do
		wait_until 60 is_absent "$name" || problem "$name does not go"
	done
}

# unplug CARD...: pulls them out, as an administrator would: the guest is asked.
unplug() {
	local name

	for name; do
		host "device_del $name"
	done
	for name; do
		wait_until 60 is_absent "$name" || problem "$name does not go"
	done
}

# --- the audit daemon --------------------------------------------------------------------

# The real one. It wants to know who root and its log's group are, and the tree has
# no such files.
start_auditd() {
	[ -f /etc/passwd ] || echo 'root:x:0:0:root:/root:/bin/sh' >/etc/passwd
	[ -f /etc/group ] || printf 'root:x:0:\nadm:x:4:\n' >/etc/group
	mkdir -p /var/log/audit /var/run
	# As the kernel said it, without what auditd would add to each line.
	sed -i 's/^log_format = .*/log_format = RAW/' /etc/audit/auditd.conf
	auditd
	wait_until 10 auditd_listens
}

# Its process ID, as the kernel knows it; 0 if there is none.
auditd_pid() {
	auditctl -s | sed -n 's/^pid //p'
}

auditd_listens() {
	[ "$(auditd_pid)" -gt 0 ]
}

auditd_is_gone() {
	[ "$(auditd_pid)" -eq 0 ]
}

stop_auditd() {
	local pid

	pid=$(auditd_pid)
	# 0 would be this shell's own process group.
	[ "$pid" -gt 0 ] || return 1
	kill "$pid"
	wait_until 10 auditd_is_gone
}

# Records of the guard's that have all of the words; 1 if there is none. Left in
# /run/records, too.
records() {
	local word

	ausearch --input-logs --raw -m KERNEL_OTHER >/run/records 2>/dev/null || true
	for word; do
		grep -F -- "$word" /run/records >/run/fewer || true
		mv /run/fewer /run/records
	done
	grep . /run/records
}

# One line of what auditctl -s says.
audit_status() {
	auditctl -s | sed -n "s/^$1 //p"
}

# --- tracefs and udevadm -----------------------------------------------------------------

tracing=/sys/kernel/tracing
tracepoint=$tracing/events/acs_guard/acs_guard_decision

# trace [FILTER]: from now on, those decisions; what was traced before is forgotten.
trace() {
	[ -e "$tracing/trace" ] || mount -t tracefs tracefs "$tracing"
	# Names of tasks would need the scheduler's own tracepoints. To switch those patches
	# code that the other processor is in, and an emulated one was once seen to run into
	# the breakpoint of that for ever.
	echo 0 >"$tracing/options/record-cmd"
	echo "${1-0}" >"$tracepoint/filter"
	echo 1 >"$tracepoint/enable"
	echo >"$tracing/trace"
}

trace_off() {
	echo 0 >"$tracepoint/enable"
}

# What was traced, as the log would say it: there, what does not apply is "-".
traced() {
	sed -nE 's/^.*: acs_guard_decision: //p' "$tracing/trace" |
		sed -e 's/=-1 /=- /g' -e 's/ comm="-"$/ comm=-/'
}

# logged [KEY=VALUE...]: the log's decisions, without the module's name.
logged() {
	take_log
	decisions "$@"
	printf '%s\n' "$found" | sed 's/^acs_guard: //'
}

# Starts udevadm monitor, which writes to /run/monitor; sets monitor, its process ID.
monitor_uevents() {
	udevadm monitor --kernel --property >/run/monitor 2>&1 &
	monitor=$!
	wait_until 10 monitor_listens
}

# A write to uevent makes the kernel send one: by then a process listens.
monitor_listens() {
	at GOOD_NIC
	echo change >"$at_sys/uevent"
	grep -qxF "PCI_SLOT_NAME=$at_address" /run/monitor
}

# uevents DEVICE: what the monitor has of the guard's about it, an event a line.
uevents() {
	at "$1"
	awk -v RS= -v device="PCI_SLOT_NAME=$at_address" '
	$0 ~ device && /ACS_GUARD/ {
		event = ""
		for (i = 1; i <= NF; i++)
			if ($i ~ /^(ACTION|ACS_GUARD[A-Z_]*)=/) event = event " " $i
		print substr(event, 2)
	}' /run/monitor
}
