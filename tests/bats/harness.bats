#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031 # each test is a subshell, and is meant to be
#
# The tests' own tests: a crash, a silence, a half-finished run must never look like
# a pass, and bad input gets one clear line.
#
# usage: bats tests/bats

bats_require_minimum_version 1.5.0

# shellcheck source=ending.sh
. "$BATS_TEST_DIRNAME/ending.sh"

setup_file() {
	top=$(dirname -- "$(dirname -- "$BATS_TEST_DIRNAME")")
	scripts=$top/scripts
	export top scripts
}

setup() {
	work=$BATS_TEST_TMPDIR
	mkdir -p "$work/bin" "$work/out" "$work/kernel/boot"
	: >"$work/kernel/boot/vmlinuz-6.1.0-1-amd64"
	: >"$work/initrd"
}

# --- scan-log: every kind of splat, in the kernel's own words --------------------

clean_log='[    0.000000] Linux version 6.1.0-56-amd64
[    2.100000] pcieport 0000:00:02.0: AER: enabled with IRQ 24
[    9.000000] acs_guard: action=deny dev=0000:04:00.0 reason=no-acs
[    9.100000] bug-like words that are none: debug: warnings, oopsie-free
[   11.000000] reboot: Power down'

scan() {
	printf '%s\n' "$clean_log" ${1:+"$1"} "[   12.0] one more line" >"$work/console.log"
	run "$top/tests/vm/scan-log" "$work/console.log"
}

@test "scan-log: a clean log passes, in silence" {
	scan
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "scan-log: finds each kind of splat" {
	local line

	while IFS= read -r line; do
		scan "$line"
		[ "$status" -eq 1 ] || {
			echo "not found: $line"
			return 1
		}
		[[ $output == *"${line#*] }"* ]]
	done <<-'SPLATS'
		[    5.0] BUG: kernel NULL pointer dereference, address: 0000000000000010
		[    5.0] BUG: unable to handle page fault for address: ffffffffc0000000
		[    5.0] BUG: sleeping function called from invalid context at kernel/locking/mutex.c:283
		[    5.0] BUG: scheduling while atomic: sh/123/0x00000002
		[    5.0] BUG: KASAN: use-after-free in acs_guard_notify+0x1/0x2
		[    5.0] kernel BUG at drivers/base/dd.c:1!
		[    5.0] WARNING: CPU: 1 PID: 9 at fs/sysfs/group.c:282 sysfs_remove_group+0x74/0x80
		[    5.0] WARNING: possible circular locking dependency detected
		[    5.0] WARNING: suspicious RCU usage
		[    5.0] Oops: 0000 [#1] PREEMPT SMP NOPTI
		[    5.0] general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]
		[    5.0] traps: double fault: 0000
		[    5.0] Call Trace:
		[    5.0] Kernel panic - not syncing: Fatal exception
		[    5.0] rcu: INFO: rcu_preempt self-detected stall on CPU
		[    5.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
		[    5.0] rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 0-... }
		[    5.0] INFO: task sh:123 blocked for more than 120 seconds.
		[    5.0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [sh:123]
		[    5.0] watchdog: Watchdog detected hard LOCKUP on cpu 0
		[    5.0] INFO: possible recursive locking detected
		[    5.0] INFO: trying to register non-static key.
		[    5.0]  *** DEADLOCK ***
		[    5.0] refcount_t: underflow; use-after-free.
		[    5.0] list_add corruption. prev->next should be next
		[    5.0] UBSAN: shift-out-of-bounds in module/node.c:1:2
		[    5.0] sysfs: cannot create duplicate filename '/devices/pci0000:00/acs_guard'
		[    5.0] kobject_add_internal failed for acs_guard with -EEXIST
		[    5.0] Bad page state in process sh  pfn:00001
		[    5.0] ODEBUG: Out of memory. ODEBUG disabled
		[    5.0] kmemleak: Kernel memory leak detector disabled
		[    5.0] kmemleak: unreferenced object 0xffff888100000000 (size 64):
	SPLATS
}

# A report of KCSAN, as long as it has to be.
race() {
	printf '[    5.0] %s\n' '==================================================================' \
		"BUG: KCSAN: data-race in $1 / do_else" '' 'write to 0xffff888100000000 of 8 bytes by task 9 on cpu 0:' \
		" $1+0x1/0x2" 'Reported by Kernel Concurrency Sanitizer on:' \
		'=================================================================='
}

@test "scan-log: a race is reported if the guard has a part in it" {
	scan "$(race pipe_read)"
	[ "$status" -eq 0 ]
	scan "$(race pipe_read)
$(race 'judge [acs_guard]')"
	[ "$status" -eq 1 ]
	[[ $output == *'judge [acs_guard]'* && $output != *pipe_read* ]]
	# A line of its log in the middle of a report is no part.
	scan "$(race pipe_read | sed '/write to/a [    5.0] acs_guard: action=deny dev=0000:04:00.0')"
	[ "$status" -eq 0 ]
}

@test "scan-log: a race of the kernel's printk or clock with itself is none of the guard's, which calls it" {
	local pair report

	for pair in 'vprintk_emit console_unlock' 'ktime_get_mono_fast_ns timekeeping_update' \
		'timekeeping_update ktime_get_mono_fast_ns'; do
		report=$(race "${pair% *}" | sed "s/do_else/${pair#* }/; /Reported by/i [    5.0]  log_facts+0x1/0x2 [acs_guard]")
		[[ $report == *acs_guard* ]]
		scan "$report"
		[ "$status" -eq 0 ]
		scan "${report/${pair#* }/log_facts [acs_guard]}"
		[ "$status" -eq 1 ]
		scan "${report/${pair% *}/pm_runtime_enable}"
		[ "$status" -eq 1 ]
	done
}

@test "scan-log: a race that is none of the guard's hides nothing else" {
	scan "$(race pipe_read)
[    5.0] WARNING: CPU: 0 PID: 9 at kernel/fork.c:1"
	[ "$status" -eq 1 ]
	scan "$(race pipe_read | head -n 4)
[    5.0] WARNING: CPU: 0 PID: 9 at kernel/fork.c:1"
	[ "$status" -eq 1 ]
}

@test "scan-log: a byte that is no text hides nothing" {
	printf 'boot\n\000\377\n[ 5.0] WARNING: CPU: 0\n' >"$work/console.log"
	run "$top/tests/vm/scan-log" "$work/console.log"
	[ "$status" -eq 1 ]
}

@test "scan-log: no log, or an empty one, is no clean log" {
	run "$top/tests/vm/scan-log" "$work/nothing"
	[ "$status" -eq 2 ]
	: >"$work/empty"
	run "$top/tests/vm/scan-log" "$work/empty"
	[ "$status" -eq 2 ]
}

# --- boot, with a stand-in for QEMU that plays a part ------------------------------

# play CONSOLE REPORT [END]: a machine that prints these; END is a shell command.
play() {
	cat >"$work/bin/qemu-system-x86_64" <<-STAND_IN
		#!/usr/bin/env bash
		[ "\$1" != --version ] || exec echo 'QEMU emulator version ${qemu_version-7.2.0}'
		for word; do
			case \$word in
			file,id=console,path=*) console=\${word#*path=} ;;
			file,id=report,path=*) report=\${word#*path=} ;;
			esac
		done
		printf '$1' >"\$console"
		printf '$2' >"\$report"
		${3:-exit 0}
	STAND_IN
	chmod +x "$work/bin/qemu-system-x86_64"
}

boot() {
	PATH=$work/bin:$PATH "$top/tests/vm/boot" --kernel "$work/kernel" --release 6.1.0-1-amd64 \
		--initrd "$work/initrd" --out "$work/out" --run check "$@"
}

@test "boot: a machine that ends well passes, and its report is shown" {
	play 'Linux\n' 'ok 1 - something\n1..1\n# guest done: exit 0\n'
	run --separate-stderr boot
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'ok 1 - something' ]
	[ "${lines[2]}" = '# guest done: exit 0' ]
}

@test "boot: a QEMU that is too old, or has no version, is not started" {
	local qemu_version

	for qemu_version in 5.2.0 7.1.91 ''; do
		play 'all well\n' 'hello\n# guest done: exit 0\n'
		run boot
		[ "$status/${#lines[@]}" = 1/1 ]
		[[ $output == *"is version ${qemu_version:-unknown}; the machine needs 7.2"* ]]
		[ ! -e "$work/out/console.log" ]
	done
}

@test "boot: newer versions of QEMU emulate all processors in one thread" {
	local qemu_version

	for qemu_version in 7.2.22=tcg 8.0.0=tcg,thread=single 10.0.2=tcg,thread=single; do
		local wanted=${qemu_version#*=}

		qemu_version=${qemu_version%%=*}
		play 'Linux\n' '# guest done: exit 0\n' "printf '%s\n' \"\$@\" >\"$work/arguments\""
		run boot
		[ "$status" -eq 0 ]
		grep -qxF "$wanted" "$work/arguments"
	done
}

@test "boot: a guest that fails is a failure" {
	play 'Linux\n' '1..0\n# guest done: exit 3\n'
	run boot
	[ "$status" -eq 1 ]
	[[ $output == *'the guest failed (exit 3)'* ]]
}

@test "boot: a guest that never reports its end is a failure" {
	play 'Linux\n' 'ok 1 - something\n1..1\n'
	run boot
	[ "$status" -eq 1 ]
	[[ $output == *'never reported its end'* ]]
}

@test "boot: a guest that says nothing at all is a failure" {
	play 'Linux\n' ''
	run boot
	[ "$status" -eq 1 ]
}

@test "boot: an end that is not the last line is no end" {
	play 'Linux\n' '# guest done: exit 0\nok 1 - afterwards\n'
	run boot
	[ "$status" -eq 1 ]
}

@test "boot: a splat in the kernel log fails what the guest calls good" {
	play 'Linux\n[ 5.0] WARNING: CPU: 0 PID: 1 at kernel/fork.c:1\n' '1..1\n# guest done: exit 0\n'
	run boot
	[ "$status" -eq 1 ]
	[[ $output == *'not clean'*'WARNING: CPU: 0'* ]]
}

@test "boot: a machine without a console log is a failure" {
	play '' '# guest done: exit 0\n'
	run boot
	[ "$status" -eq 1 ]
}

@test "boot: QEMU that ends badly is a failure" {
	play 'Linux\n' '# guest done: exit 0\n' 'echo "no such device" >&2; exit 1'
	run boot
	[ "$status" -eq 1 ]
	[[ $output == *'QEMU ended with 1: no such device'* ]]
}

@test "boot: QEMU that is killed is a failure" {
	play 'Linux\n' '# guest done: exit 0\n' 'kill -KILL $$'
	run boot
	[ "$status" -eq 1 ]
}

@test "boot: a machine that hangs is switched off, and is a failure" {
	play 'Linux\n' '# guest done: exit 0\n' 'exec sleep 60'
	run boot --timeout 1
	[ "$status" -eq 1 ]
	[[ $output == *'no end after 1 s'* ]]
}

# QEMU's monitor is its standard input.
@test "boot: hands requests to plug and unplug on to QEMU, and nothing else" {
	local line

	play 'Linux\n' '# host: device_add e1000e,id=a,bus=b\n# host: quit\n# host: device_del a\n# guest done: exit 0\n' \
		"head -n 3 >\"$work/received\""
	run boot --timeout 20
	[ "$status" -eq 1 ]
	[[ $output == *'asked for what it may not have: quit'* ]]
	[[ $output != *device_ad* ]]
	[ "$(grep -c . "$work/received")" -eq 3 ]
	grep -qF '"command-line": "device_add e1000e,id=a,bus=b"' "$work/received"
	grep -qF '"command-line": "device_del a"' "$work/received"
	run ! grep -q quit "$work/received"
}

@test "boot: a request that is more than a device and its options is not passed on" {
	local words

	for words in 'device_add' 'device_add a"b' 'device_add a;quit' 'device_adder a' 'Device_add a' 'x device_add a' 'info'; do
		play 'Linux\n' "# host: $words\\n# guest done: exit 0\\n"
		run boot
		[[ $status/$output == 1/*"may not have: $words"* ]] || {
			echo "'$words': $status, $output"
			return 1
		}
	done
}

@test "boot: requests without a fault are no failure" {
	play 'Linux\n' '# host: device_add e1000e,id=a\n# guest done: exit 0\n'
	run boot
	[ "$status" -eq 0 ]
}

@test "boot: --hotplug native asks QEMU and the kernel for it, and nothing else does" {
	play 'Linux\n' '# guest done: exit 0\n' "printf '%s\\n' \"\$@\" >\"$work/arguments\""
	run boot --hotplug native
	[ "$status" -eq 0 ]
	grep -qxF 'ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off' "$work/arguments"
	grep -q 'guest.hotplug=native' "$work/arguments"
	run boot --hotplug acpi
	[ "$status" -eq 0 ]
	run ! grep -q -e hotplug "$work/arguments"
}

@test "boot: ends its machine when it is ended itself" {
	local pid qemu ended=0

	play 'Linux\n' '' 'exec sleep 60'
	# In the background a function is a process of its own; this has to be boot itself.
	PATH=$work/bin:$PATH "$top/tests/vm/boot" --kernel "$work/kernel" --release 6.1.0-1-amd64 \
		--initrd "$work/initrd" --out "$work/out" --run check >"$work/log" 2>&1 3>&- &
	pid=$!
	until [ -s "$work/out/qemu.pid" ] && [ -s "$work/out/console.log" ]; do
		kill -0 "$pid"
		sleep 0.1
	done
	qemu=$(cat "$work/out/qemu.pid")
	kill -0 "$qemu"
	kill -TERM "$pid"
	wait "$pid" || ended=$?
	[ "$ended" -ne 0 ]
	run kill -0 "$qemu"
	[ "$status" -ne 0 ]
}

# --- tap.sh: what is counted --------------------------------------------------------

# suite SHELL_COMMAND: one suite of that output; shows the counts.
suite() {
	run bash -c '. "$1/lib/lib.sh"; . "$1/lib/tap.sh"; tap_suite s bash -c "$2"; tap_finish' \
		- "$scripts" "$1"
}

last_line() {
	printf '%s\n' "${lines[${#lines[@]} - 1]}"
}

@test "tap: passes, failures and skips are counted, the count is the last line" {
	suite 'printf "1..4\nok 1 - a\nnot ok 2 - b\nok 3 c # skip why\nok 4 - d\n"; exit 1'
	[ "$status" -eq 1 ]
	[ "$(last_line)" = '2 passed, 1 failed, 1 skipped' ]
}

@test "tap: all good is a success" {
	suite 'printf "ok 1 - a\nok 2 - b\n1..2\n"'
	[ "$status" -eq 0 ]
	[ "$(last_line)" = '2 passed, 0 failed, 0 skipped' ]
}

@test "tap: what was skipped is named at the end, with the reason" {
	suite 'printf "1..4\nok 1 - a\nok 2 - b (#2) # SKIP no network\nok 3 c # skip\nok 4 - d # skip why # not\n"'
	[ "$status" -eq 0 ]
	[ "$(printf '%s\n' "${lines[@]: -5}")" = "$(printf '%s\n' 1..4 '# skipped: s: b (#2): no network' \
		'# skipped: s: c: no reason is given' '# skipped: s: d: why # not' \
		'1 passed, 0 failed, 3 skipped')" ]
}

@test "tap: a suite's time is printed" {
	suite 'sleep 1; printf "1..1\nok 1 - a\n"'
	[[ $output =~ $'\n# suite: s took '[1-9][0-9]*' s'$'\n' ]]
}

@test "tap: no plan is a failure" {
	suite 'printf "ok 1 - a\n"'
	[ "$status" -eq 1 ]
	[ "$(last_line)" = '1 passed, 1 failed, 0 skipped' ]
}

@test "tap: fewer tests than planned is a failure" {
	suite 'printf "1..2\nok 1 - a\n"'
	[ "$status" -eq 1 ]
	[ "$(last_line)" = '1 passed, 1 failed, 0 skipped' ]
}

@test "tap: no test is a failure" {
	suite 'echo 1..0'
	[ "$status" -eq 1 ]
	[ "$(last_line)" = '0 passed, 1 failed, 0 skipped' ]
}

@test "tap: only skipped tests are no success" {
	suite 'printf "1..1\nok 1 - a # SKIP no reason\n"'
	[ "$status" -eq 1 ]
}

@test "tap: a suite that ends badly though all passed is a failure" {
	suite 'printf "1..1\nok 1 - a\n"; exit 5'
	[ "$status" -eq 1 ]
	[ "$(last_line)" = '1 passed, 1 failed, 0 skipped' ]
}

@test "tap: a suite that is killed is a failure" {
	suite 'printf "1..1\nok 1 - a\n"; kill -KILL $$'
	[ "$status" -eq 1 ]
}

@test "tap: a suite that cannot be started is a failure" {
	run bash -c '. "$1/lib/lib.sh"; . "$1/lib/tap.sh"; tap_suite s ./no-such-program; tap_finish' - "$scripts"
	[ "$status" -eq 1 ]
}

@test "tap: bailing out is a failure" {
	suite 'printf "1..1\nok 1 - a\nBail out! no more\n"'
	[ "$status" -eq 1 ]
}

# --- check and check-deb: in a checkout whose set-up is stand-ins --------------------------

# stand_in FILE LINE...: a script of the checkout in $work/top.
stand_in() {
	local file=$work/top/$1

	shift
	mkdir -p "$(dirname "$file")"
	printf '%s\n' '#!/bin/bash' "$@" >"$file"
	chmod +x "$file"
}

# checkout SCRIPT...: that checkout, with these scripts as they are.
checkout() {
	local script

	stand_in scripts/lib/deps
	# shellcheck disable=SC2016 # for the stand-in
	stand_in scripts/lib/kernel 'case ${1-} in --series) echo 6.1 ;; --release) echo 6.1.0-1-amd64 ;;' \
		"*) echo '$work/kernel' ;; esac"
	for script in lib/{lib,tap,host-state}.sh "$@"; do
		cp "$scripts/$script" "$work/top/scripts/$script"
	done
	make_host
}

# What host-state.sh takes for the host.
make_host() {
	export ACS_GUARD_HOST=$work/host ACS_GUARD_HOST_PATIENCE=${patience-0}
	rm -rf "$ACS_GUARD_HOST"
	mkdir -p "$ACS_GUARD_HOST"/{dev/{pts,shm},etc/{apt,dpkg,udev},proc}
	ln -s /proc/self/fd/1 "$ACS_GUARD_HOST/dev/stdout"
	# In place of a device, which only root can make, and not everywhere.
	mkfifo "$ACS_GUARD_HOST/dev/null"
	echo one >"$ACS_GUARD_HOST/etc/passwd"
	echo 'proc /proc proc rw 0 0' >"$ACS_GUARD_HOST/proc/mounts"
}

@test "check-deb: a Debian tree that cannot be downloaded is a failure" {
	local code

	checkout check-deb
	stand_in scripts/deb
	printf '#!/bin/sh\n' >"$work/bin/dpkg-deb"
	# The user has to look like root, without whom the tree is not asked for.
	printf '#!/bin/sh\necho 0\n' >"$work/bin/id"
	chmod +x "$work/bin/dpkg-deb" "$work/bin/id"
	for code in 1 3 100; do
		stand_in scripts/lib/debian-tree "exit $code"
		PATH=$work/bin:$PATH run "$work/top/scripts/check-deb" --no-boot
		[ "$status" -eq 1 ]
		[[ $output == *'not ok 2 - set-up: Debian tree: failed'* ]]
		[ "$(last_line)" = '1 passed, 1 failed, 0 skipped' ]
	done
}

# --- check: what is skipped ---------------------------------------------------------------

# check_suite COMMANDS [ARG...]: scripts/check with these commands instead of its KUnit suite.
check_suite() {
	local commands=$1

	shift
	checkout check
	stand_in scripts/lib/build "echo '$work/acs_guard.ko'"
	stand_in tests/vm/initrd
	stand_in scripts/kunit "$commands"
	run "$work/top/scripts/check" --only kunit "$@"
}

# allow LINE...: the list of what may be skipped.
allow() {
	mkdir -p "$work/top/tests/bats"
	printf '%s\n' "$@" >"$work/top/tests/bats/allowed-skips"
}

skips='printf "1..2\nok 1 - a\nok 2 - b # SKIP no network\n"'

@test "check: whatever is run, what the machine is made of is installed first" {
	checkout check
	stand_in scripts/lib/build "echo '$work/acs_guard.ko'"
	stand_in tests/vm/initrd
	stand_in scripts/kunit 'printf "1..1\nok 1 - a\n"'
	# shellcheck disable=SC2016 # for the stand-in
	stand_in scripts/lib/deps 'echo "# packages: $*"'
	run "$work/top/scripts/check" --only kunit
	[ "$status" -eq 0 ]
	[ "$(grep -m 1 '^# packages:' <<<"$output")" = '# packages: build vm tool kunit' ]
}

@test "check: a skip is named before the last line, and is no failure" {
	check_suite "$skips"
	[ "$status" -eq 0 ]
	[[ $output == *$'\n# skipped: kunit: b: no network\n'*', 0 failed, 1 skipped' ]]
}

@test "check: --strict-skips fails for a skip that is not listed" {
	allow '# kunit: b ## a comment' '' 'kunit: ## only a part of the name' 'kunit: c ## another' \
		'kunit: (b ## no regular expression'
	check_suite "$skips" --strict-skips
	[ "$status" -eq 1 ]
	[[ $output == *'skipped, and not in tests/bats/allowed-skips: kunit: b (no network)'* ]]
	[[ $(last_line) == *', 1 failed, 1 skipped' ]]
}

@test "check: --strict-skips passes with a skip that is listed, and without one" {
	allow 'kunit: [ab] ## there is no network'
	check_suite "$skips" --strict-skips
	[ "$status" -eq 0 ]
	[[ $(last_line) == *', 0 failed, 1 skipped' ]]
	allow '# nothing'
	check_suite 'printf "1..1\nok 1 - a\n"' --strict-skips
	[ "$status" -eq 0 ]
	[[ $(last_line) == *', 0 failed, 0 skipped' ]]
}

@test "check: a list of skips that cannot be read, or gives no reason, is a failure" {
	check_suite "$skips" --strict-skips
	[ "$status" -eq 1 ]
	[[ $output == *'tests/bats/allowed-skips cannot be read'* ]]
	allow 'kunit: b'
	check_suite "$skips" --strict-skips
	[ "$status" -eq 1 ]
	[[ $output == *'no reason is given: kunit: b'* ]]
}

@test "check: the list of skips that may be is well-formed" {
	! grep -vE '^(#.*|.+ ## .+)?$' "$top/tests/bats/allowed-skips" || false
}

# --- host-state.sh: is the host as it was? ------------------------------------------------

# after COMMANDS: whether the host is as it was before these; they run in its root folder.
after() {
	make_host
	run bash -c '. "$1/lib/lib.sh"; . "$1/lib/tap.sh"; . "$1/lib/host-state.sh"
		host_state_save "$2"; (cd "$ACS_GUARD_HOST"; eval "$3"); host_state_check "$2"; tap_finish' \
		- "$scripts" "$work/state" "$1"
}

# differs COMMANDS TEST LINE...: that test fails, and no other, with each of the lines.
differs() {
	local line

	after "$1"
	[ "$status/$(last_line)" = '1/3 passed, 1 failed, 0 skipped' ]
	[[ $output == *"not ok "?" - host: $2"* ]]
	for line in "${@:3}"; do
		grep -qxF -- "#   $line" <<<"$output" || {
			echo "no '$line' in: $output"
			return 1
		}
	done
}

@test "host: nothing has changed" {
	after :
	[ "$status/$(last_line)" = '0/4 passed, 0 failed, 0 skipped' ]
}

@test "host: what is changed in /dev is a failure, and is named" {
	local link=$'was: /dev/stdout\tl 777 /proc/self/fd/1' test='/dev is as it was'

	differs 'rm dev/stdout' "$test" "$link"
	differs 'rm dev/stdout; (umask 022; echo index >dev/stdout)' "$test" "$link" $'is:  /dev/stdout\tf 644 '
	differs 'ln -sf elsewhere dev/stdout' "$test" "$link" $'is:  /dev/stdout\tl 777 elsewhere'
	differs 'rm dev/null; (umask 022; : >dev/null)' "$test" $'is:  /dev/null\tf 644 '
	differs 'chmod 600 dev/null' "$test" $'is:  /dev/null\tp 600 '
	differs 'mkdir -m 755 dev/net' "$test" $'is:  /dev/net\td 755 '
	differs 'rmdir dev/pts dev/shm; rm dev/null dev/stdout; rmdir dev' "$test" "$link"
}

@test "host: what is changed in /etc is a failure, and is named" {
	local test='/etc is as it was' sum

	sum=$(echo two | sha256sum | cut -c1-64)
	# Of the same size, and the same age.
	differs 'touch -r etc/passwd keep; echo two >etc/passwd; touch -r keep etc/passwd' "$test" \
		$'is:  /etc/passwd\tcontent '"$sum"
	differs 'rm etc/passwd' "$test"
	differs 'chmod 600 etc/passwd' "$test"
	differs 'ln -s passwd etc/udev/rule' "$test" \
		$'is:  /etc/udev/rule\tl 777 '"$(id -un):$(id -gn) passwd"
	differs 'rmdir etc/udev' "$test"
	differs 'touch "etc/a name"' "$test"
}

@test "host: a mount that is left is a failure, and is named" {
	differs 'echo "tmpfs /tmp/tree/dev tmpfs rw 0 0" >>proc/mounts' 'the mounts are as they were' \
		$'is:  /tmp/tree/dev\ttmpfs tmpfs rw'
	differs ': >proc/mounts' 'the mounts are as they were' $'was: /proc\tproc proc rw'
	differs 'rm proc/mounts' 'the mounts are as they were'
}

@test "host: what others do meanwhile is none of its business" {
	env -u ACS_GUARD_CHECK sleep 30 3>&- &
	after 'touch dev/pts/7 dev/shm/x dev/vcs7 etc/apt/x etc/dpkg/x; touch etc/passwd
		echo "tmpfs /run/user/1000 tmpfs rw 0 0" >>proc/mounts'
	kill $!
	[ "$(last_line)" = '4 passed, 0 failed, 0 skipped' ]
}

# left_by COMMANDS: a suite does these; it leaves its process's number in $work/pid.
left_by() {
	check_suite "$1; "'printf "1..1\nok 1 - a\n"'
	! pid=$(cat "$work/pid") || kill "$pid" 2>/dev/null || :
}

@test "host: a process that is left by a suite is a failure, and is named" {
	local commands

	for commands in 'sleep 30' 'setsid sleep 30' 'env -i sleep 30'; do
		left_by "$commands >/dev/null 2>&1 3>&- & echo \$! >'$work/pid'"
		[ "$status" -eq 1 ]
		[[ $output == *'not ok '?' - host: no process of the run is left'*'#   process '*sleep\ 30* ]]
	done
}

# key CLONE FOLDER FILE...: what content_key prints in that clone, called in a folder of it.
key() {
	(cd -- "$work/$1/$2" && bash -c '. "$0/scripts/lib/lib.sh"; content_key "$@"' "$work/$1" "${@:3}")
}

@test "content_key: the same in each clone and folder; another one for other content and names" {
	local clone wanted

	for clone in one two; do
		mkdir -p "$work/$clone/scripts/lib" "$work/$clone/a"
		cp "$scripts/lib/lib.sh" "$work/$clone/scripts/lib"
		echo first >"$work/$clone/a/file"
	done
	wanted=$(key one . a)
	[[ $wanted =~ ^[0-9a-f]{16}$ ]]
	[ "$(key two . a)" = "$wanted" ]
	[ "$(key one . "$work/one/a")" = "$wanted" ]
	[ "$(key two . "$work/two/a/file")" = "$wanted" ]
	[ "$(key two a .)" = "$wanted" ]
	[ "$(key two scripts/lib ../../a)" = "$wanted" ]
	mv "$work/one/a/file" "$work/one/a/other"
	[ "$(key one . a)" != "$wanted" ]
	echo second >"$work/two/a/file"
	[ "$(key two . a)" != "$wanted" ]
	run key one . nothing
	[ "$status" -ne 0 ]
}

@test "host: a process that ends by itself in time is no failure" {
	local patience=20

	left_by "sleep 1 >/dev/null 2>&1 3>&- & echo \$! >'$work/pid'"
	[ "$status" -eq 0 ]
}

@test "check: a suite that changes the host makes it fail, whatever becomes of the suite" {
	check_suite "rm '$work/host/dev/stdout'; "'printf "1..1\nok 1 - a\n"'
	[ "$status" -eq 1 ]
	[[ $output == *'not ok '?' - host: /dev is as it was'*'was: /dev/stdout'* ]]
	[[ $(last_line) == *', 1 failed, 0 skipped' ]]
	check_suite "echo two >'$work/host/etc/passwd'; exit 1"
	[ "$status" -eq 1 ]
	[[ $output == *'not ok '?' - host: /etc is as it was'*'/etc/passwd'* ]]
}

@test "check: ended by a signal, it leaves no process, and still looks at the host" {
	local ended patience=20

	checkout check
	stand_in scripts/lib/build
	stand_in tests/vm/initrd
	stand_in scripts/kunit "rm '$work/host/dev/stdout'; sleep 60 & echo \$! >'$work/pid'; wait"
	end_started "$work/top/scripts/check" --only kunit
	[ "$ended" -eq 1 ]
	has_ended "$(cat "$work/pid")"
	grep -q '^not ok . - the run: failed, or was cut short' "$work/log"
	grep -q '^ok . - host: no process of the run is left' "$work/log"
	grep -q '^not ok . - host: /dev is as it was' "$work/log"
}

@test "check: what is started ahead ends with it" {
	# Where others need the processors, a nice process takes a while to end.
	local ended patience=20

	checkout check
	stand_in scripts/lib/build
	stand_in tests/vm/initrd
	stand_in scripts/lib/uml "echo \$\$ >'$work/pid'" 'exec sleep 60'
	stand_in scripts/kunit 'printf "1..1\nok 1 - a\n"'
	end_started "$work/top/scripts/check" --only kunit
	[ "$ended" -eq 1 ]
	has_ended "$(cat "$work/pid")"
	grep -q '^ok . - host: no process of the run is left' "$work/log"
	# A build that fails is the suite's to report.
	stand_in scripts/lib/uml 'exit 1'
	run "$work/top/scripts/check" --only kunit
	[ "$status" -eq 0 ]
}

# ahead COMMANDS: they run beside a suite, and are a suite after it.
ahead() {
	# shellcheck disable=SC2016 # for the inner shell
	run timeout 60 bash -c '. "$1/lib/lib.sh"; . "$1/lib/tap.sh"
		tap_ahead later "$2" bash -c "$3"
		tap_suite first printf "1..1\nok 1 - a\n"
		tap_join later
		tap_finish' - "$scripts" "$work/ahead" "$1"
}

@test "a suite that is started ahead is shown after the others, and counts as they do" {
	ahead 'printf "1..2\nok 1 - b\n"; sleep 1; printf "ok 2 - c # SKIP why\n"; echo words >&2'
	[ "$status" -eq 0 ]
	[[ $output == *$'ok 1 - first: a\n'*$'ok 2 - later: b\nok 3 - later: c # SKIP why\n# words\n'* ]]
	[ "$(last_line)" = '2 passed, 0 failed, 1 skipped' ]
}

@test "a suite that is started ahead fails if a test, its plan, or it itself does" {
	ahead 'printf "1..1\nnot ok 1 - b\n"'
	[[ $status/$(last_line) == '1/1 passed, 1 failed, 0 skipped' ]]
	ahead 'printf "1..2\nok 1 - b\n"'
	[[ $status/$(last_line) == '1/2 passed, 1 failed, 0 skipped' ]]
	ahead 'printf "1..1\nok 1 - b\n"; exit 3'
	[[ $output == *'later: ended with status 3'* ]]
	[[ $status/$(last_line) == '1/2 passed, 1 failed, 0 skipped' ]]
	# The status of an earlier run is no status of one that is killed.
	ahead 'printf "1..1\nok 1 - b\n"'
	[[ $status/$(last_line) == '0/2 passed, 0 failed, 0 skipped' ]]
	# shellcheck disable=SC2016 # for the inner shell
	ahead 'printf "1..1\nok 1 - b\n"; kill -KILL "$PPID"'
	[[ $output == *'later: ended with status 2'* ]]
	[[ $status/$(last_line) == '1/2 passed, 1 failed, 0 skipped' ]]
}

# --- kernel: which one is the newest --------------------------------------------------

# index POCKET NAME...: the packages that a mirror has in that pocket, all in version 1; with
# headers comes what they belong to.
index() {
	local pocket=$1 name

	shift
	for name in "$@" "${@/linux-headers-/linux-image-}" "${@/linux-headers-/linux-binary-}"; do
		printf 'Package: %s\nSource: linux\nVersion: 1-%s\n\n' "$name" "${name##*[-.]}"
	done | xz >"$work/index$pocket"
}

# host_is ID VERSION_ID [CODENAME]: what the scripts take this machine for.
host_is() {
	printf 'ID=%s\nVERSION_ID="%s"\nVERSION_CODENAME=%s\nPRETTY_NAME="%s %s"\n' "$1" "$2" "${3-}" "$1" "$2" \
		>"$work/os-release"
	export ACS_GUARD_OS_RELEASE=$work/os-release
}

# A mirror that has the indexes in $work, and notes what is asked for in $work/asked; the
# host is Debian 12, or Debian 13 with "trixie".
stand_in_mirror() {
	local host=${1-bookworm}

	host_is debian "$([ "$host" = trixie ] && echo 13 || echo 12)" "$host"
	cat >"$work/bin/apt-get" <<-STAND_IN
		#!/bin/sh
		echo "deb http://mirror.test/debian $host main"
		echo "deb http://mirror.test/security $host-security main"
		echo "deb http://third.test/ stable main"
	STAND_IN
	cat >"$work/bin/apt-helper" <<-STAND_IN
		#!/bin/bash
		url=\${@: -2:1} file=\${@: -1}
		echo "\$url" >>"$work/asked"
		# The real one removes what is there.
		[ ! -e "\$file" ] || exit 1
		pocket=\${url#*/dists/*-} pocket=-\${pocket%%/*}
		[ -f "$work/index\$pocket" ] && cat "$work/index\$pocket" >"\$file"
	STAND_IN
	chmod +x "$work/bin/apt-get" "$work/bin/apt-helper"
	: >"$work/asked"
}

newest() {
	PATH=$work/bin:$PATH ACS_GUARD_CACHE=$work/cache run --separate-stderr \
		"$scripts/lib/kernel" --release "$@"
}

# shellcheck disable=SC2016 # for the inner shell
@test "what a kernel was built for is read off the end of its release, of a debug kernel too" {
	run bash -c '. "$1/lib/lib.sh"
		for release in "${@:2}"; do
			flavour_facts "$(flavour_of "$release")"
			echo "$flavour $arch"
		done' - "$scripts" 6.1.0-57-amd64 6.12.118+deb13-rt-amd64 6.1.0-57-686-pae 6.12.117-debug-memory
	[ "$output" = $'amd64 amd64\nrt-amd64 amd64\n686-pae i386\ndebug-memory amd64' ]
}

@test "kernel: the newest of a series is taken, by version, and of the plain flavour" {
	stand_in_mirror
	index -security linux-headers-6.12.{9,10,8}+deb12-amd64 linux-headers-6.12.11+deb12-{rt,cloud}-amd64 \
		linux-headers-6.1.0-99-amd64 linux-headers-6.12.12+deb12-common linux-image-6.12.13+deb12-amd64
	newest 6.12
	[ "$status/$output" = 0/6.12.10+deb12-amd64 ]
	[ "$(cat "$work/asked")" = 'http://mirror.test/security/dists/bookworm-security/main/binary-amd64/Packages.xz' ]
}

@test "kernel: what security does not have is looked for in backports, on the main mirror" {
	stand_in_mirror
	index -security linux-headers-6.1.0-99-amd64
	index -backports linux-headers-6.12.9+deb12-amd64
	newest 6.12
	[ "$status/$output" = 0/6.12.9+deb12-amd64 ]
	[ "$(tail -n 1 "$work/asked")" = 'http://mirror.test/debian/dists/bookworm-backports/main/binary-amd64/Packages.xz' ]
}

@test "kernel: 7.3 comes from trixie's backports, whatever the host is" {
	stand_in_mirror
	index -backports linux-headers-7.3.{4,10}+deb13-amd64 linux-headers-7.30.1+deb13-amd64
	newest 7.3
	[ "$status/$output" = 0/7.3.10+deb13-amd64 ]
	[ "$(cat "$work/asked")" = 'http://mirror.test/debian/dists/trixie-backports/main/binary-amd64/Packages.xz' ]
}

@test "kernel: 6.12 for riscv64 is Debian 13's, whatever the host is" {
	stand_in_mirror
	# The stand-in takes the last part of a name without a pocket for one.
	index -riscv64 linux-headers-6.12.9+deb13-riscv64
	newest 6.12 riscv64
	[ "$status/$output" = 0/6.12.9+deb13-riscv64 ]
	[ "$(cat "$work/asked")" = 'http://mirror.test/debian/dists/trixie/main/binary-riscv64/Packages.xz' ]
}

@test "kernel: on Debian 13 the host's own is 6.12, and 6.1 is Debian 12's" {
	stand_in_mirror trixie
	index -security linux-headers-6.1.0-{9,10}-amd64 linux-headers-6.1.0-11-rt-amd64 linux-headers-6.12.9+deb13-amd64
	newest 6.1
	[ "$status/$output" = 0/6.1.0-10-amd64 ]
	[ "$(cat "$work/asked")" = 'http://mirror.test/security/dists/bookworm-security/main/binary-amd64/Packages.xz' ]
	run "$scripts/lib/kernel" --host-series
	[ "$output" = 6.12 ]
	host_is debian 12 bookworm
	run "$scripts/lib/kernel" --host-series
	[ "$output" = 6.1 ]
}

@test "an unknown system: one line that says what to run instead, and nothing is installed" {
	local id

	cat >"$work/bin/apt-get" <<-STAND_IN
		#!/bin/sh
		touch "$work/installed"
	STAND_IN
	chmod +x "$work/bin/apt-get"
	for id in 'ubuntu 24.04' 'debian 11' 'debian 14' 'arch '; do
		# shellcheck disable=SC2086 # two words
		host_is $id
		PATH=$work/bin:$PATH run "$scripts/demo"
		[ "$status/${#lines[@]}" = 1/1 ]
		[[ $output == *"this is $id"*'docker run'*'debian:13'*'make demo'* ]]
	done
	ACS_GUARD_OS_RELEASE=$work/nothing PATH=$work/bin:$PATH run "$scripts/lib/deps" build
	[ "$status/${#lines[@]}" = 1/1 ]
	[ ! -e "$work/installed" ]
}

# type_into_demo LINE...: in the shell of the demo's machine. Sets status; the output is in
# $work/typed.
type_into_demo() {
	local shell

	mkfifo "$work/in"
	exec {keys}<>"$work/in"
	timeout 300 "$scripts/demo" --shell <"$work/in" >"$work/typed" 2>&1 &
	shell=$!
	until grep -q 'demo# ' "$work/typed"; do
		kill -0 "$shell"
		sleep 1
	done
	printf '%s\n' "$@" >&"$keys"
	status=0
	wait "$shell" || status=$?
	cat "$work/typed"
}

@test "demo --shell: what is typed is done in the machine, and exit ends it" {
	type_into_demo 'echo 0000:04:00.0 > /sys/bus/pci/drivers/vfio-pci/bind' \
		'acs-guard explain 04:00.0 || echo "it is $?"' 'seq 9000' exit
	[ "$status" -eq 0 ]
	grep -q 'write error: Operation not permitted' "$work/typed"
	grep -q '^it is 1' "$work/typed"
	# All that was printed before the end has arrived.
	grep -q '^9000' "$work/typed"
	grep -q 'demo# exit' "$work/typed"
}

@test "demo --shell: a crash of the kernel ends it with 1" {
	type_into_demo 'echo c > /proc/sysrq-trigger'
	[ "$status" -eq 1 ]
	grep -q 'the kernel log is not clean' "$work/typed"
}

@test "deps: a package that two groups want is named once" {
	local name

	for name in dpkg-query apt-cache apt-get; do
		printf '#!/bin/sh\n' >"$work/bin/$name"
		chmod +x "$work/bin/$name"
	done
	PATH=$work/bin:$PATH run "$scripts/lib/deps" tool engine tool
	[[ ${lines[0]} == 'deps: installing: '*' libc6-dev'* ]]
	[ -z "$(tr ' ' '\n' <<<"${lines[0]}" | sort | uniq -d)" ]
}

@test "kernel: nothing is asked for twice a day; without a network, what is here is taken" {
	stand_in_mirror
	index -backports linux-headers-7.3.4+deb13-amd64
	newest 7.3
	# Not unpacked yet, so it may be gone from the mirror.
	index -backports linux-headers-7.3.5+deb13-amd64
	newest 7.3
	[ "$output" = 7.3.5+deb13-amd64 ]
	mkdir -p "$work/cache/kernel/7.3.5+deb13-amd64_1-amd64"
	: >"$work/asked"
	newest 7.3
	[ "$status/$output" = 0/7.3.5+deb13-amd64 ]
	[ ! -s "$work/asked" ]
	touch -d '2 days ago' "$work/cache/release/6.1/7.3"
	rm "$work/index-backports"
	newest 7.3
	[ "$status/$output" = 0/7.3.5+deb13-amd64 ]
	[ -s "$work/asked" ]
	rmdir "$work/cache/kernel/7.3.5+deb13-amd64_1-amd64"
	newest 7.3
	[ "$status/$output" = 1/ ]
}

@test "kernel: headers whose image the mirror does not have yet are passed over" {
	stand_in_mirror
	index -security linux-headers-6.12.9+deb12-{amd64,arm64}
	printf 'Package: linux-headers-6.12.10+deb12-%s\nVersion: 1\n\n' amd64 arm64 | xz >>"$work/index-security"
	newest 6.12
	[ "$status/$output" = 0/6.12.9+deb12-amd64 ]
	newest 6.12 arm64
	[ "$status/$output" = 0/6.12.9+deb12-arm64 ]
	[ "$(tail -n 1 "$work/asked")" = 'http://mirror.test/security/dists/bookworm-security/main/binary-arm64/Packages.xz' ]
	newest 6.12 m68k
	[ "$status/$output" = 2/ ]
}

@test "kernel: what the mirror does not have is a failure" {
	stand_in_mirror
	index -backports linux-headers-7.2.4+deb13-amd64
	newest 7.3
	[ "$status/$output" = 1/ ]
}

# --- build: against a kernel of one's own ------------------------------------------------

# kernel_build COMMAND: a build of a kernel that makes modules in DIR by COMMAND.
kernel_build() {
	mkdir -p "$work/kdir"
	printf 'modules:\n\t@%s\n' "${1//DIR/\$(M)}" >"$work/kdir/Makefile"
}

build() {
	ACS_GUARD_CACHE=$work/cache run --separate-stderr "$scripts/lib/build" --kdir "$work/kdir" 6.12.1-debug
}

@test "build: is made once for a kernel, and again for another in its place" {
	local first

	kernel_build 'touch DIR/acs_guard.ko DIR/acs_guard_rival.ko; echo made >>DIR/../made'
	build
	[ "$status" -eq 0 ]
	[ -f "$output" ]
	first=$output
	build
	[ "$output" = "$first" ]
	echo symbols >"$work/kdir/Module.symvers"
	build
	[ "$status" -eq 0 ]
	[ "$output" != "$first" ]
	[ "$(wc -l <"$work/cache/build/made")" -eq 2 ]
}

@test "build: a warning, an error or no module is a failure" {
	kernel_build 'touch DIR/acs_guard.ko DIR/acs_guard_rival.ko; echo "x.c:1: warning: y"'
	build
	[ "$status" -eq 1 ]
	kernel_build 'touch DIR/acs_guard.ko DIR/acs_guard_rival.ko; false'
	build
	[ "$status" -eq 1 ]
	kernel_build 'true'
	build
	[ "$status" -eq 1 ]
}

# --- a real machine --------------------------------------------------------------------

@test "a real machine whose kernel panics is a failure" {
	local kernel release

	release=$("$scripts/lib/kernel" --release)
	kernel=$("$scripts/lib/kernel" "$release" 2>/dev/null)
	mkdir "$work/scripts"
	cat >"$work/scripts/panic" <<-'GUEST'
		#!/bin/busybox sh
		echo "1..1"
		echo "ok 1 - so far"
		echo c >/proc/sysrq-trigger
	GUEST
	chmod +x "$work/scripts/panic"
	"$top/tests/vm/initrd" --kernel "$kernel" --release "$release" --out "$work/initrd" \
		--scripts "$work/scripts"
	run "$top/tests/vm/boot" --kernel "$kernel" --release "$release" --initrd "$work/initrd" \
		--out "$work/out" --run panic --timeout 300 --down-to GOOD_NIC
	[ "$status" -eq 1 ]
	[[ $output == *'never reported its end'* ]]
	[[ $output == *'Kernel panic'* ]]
}

# --- help ----------------------------------------------------------------------------------

@test "help: each script says what it does, and how it is called, and does nothing else" {
	local script name option

	for script in "$scripts"/* "$scripts"/lib/* "$scripts"/bench.d/* "$top"/tests/vm/*; do
		name=${script##*/}
		[[ -f $script && -x $script ]] || continue
		for option in -h --help; do
			run --separate-stderr timeout 20 "$script" "$option"
			[[ $status == 0 && -z $stderr && $output =~ (^|$'\n')"usage: "(scripts/lib/)?"$name" ]] || {
				echo "$name $option: $status: $output: $stderr"
				return 1
			}
		done
	done
}

@test "help: what is for programs is left out, and so is all after the comment" {
	printf '%s\n' '#!/bin/bash' '# SPDX-License-Identifier: GPL-2.0-only' '# shellcheck disable=SC1 # why' '#' \
		'# What it does.' '#' '# usage: a [-x]' '#   -x  a #' '' '# shellcheck source=lib.sh' \
		". '$scripts/lib/lib.sh'" 'echo more' >"$work/a"
	run bash "$work/a" --help
	[ "$status/$output" = "0/$(printf '%s\n' 'What it does.' '' 'usage: a [-x]' '  -x  a #')" ]
	sed -i '/usage/d' "$work/a"
	run bash "$work/a" --help
	[ "$status/$output" = 0/more ]
}

@test "help: make help names every target" {
	local target targets

	targets=$(sed -n 's/^\.PHONY: //p' "$top/Makefile")
	run make -s -C "$top" help
	[ "$status" -eq 0 ]
	for target in $targets; do
		# What other targets are made of.
		[[ $target =~ ^(all|not-beside-package|install-files)$ ]] && continue
		grep -qE "(^|; )(  )?make $target( |\$)" <<<"$output" || {
			echo "no $target"
			return 1
		}
	done
}

# --- bad input: one line, exit 2 ---------------------------------------------------------

# refuses COMMAND...
refuses() {
	run "$@"
	[ "$status/${#lines[@]}" = 2/1 ] && return
	echo "'$*' ended with $status and ${#lines[@]} lines: $output"
	return 1
}

@test "bad input gets one line and exit status 2" {
	refuses "$scripts/lib/deps"
	refuses "$scripts/lib/deps" nonsense
	refuses "$scripts/lib/deps" build nonsense
	refuses "$scripts/lib/kernel" ../../etc
	refuses "$scripts/lib/kernel" --help-me
	refuses "$scripts/lib/kernel" 6.1.0-1-amd64 more
	refuses "$scripts/lib/build"
	refuses "$scripts/lib/kernel" --release 6.11
	refuses "$scripts/lib/kernel" --release 6.1 more
	refuses "$scripts/lib/kernel" --series more
	refuses "$scripts/lib/build" 'not a release'
	refuses "$scripts/lib/build" --kdir
	refuses "$scripts/lib/build" --kdir "$work/nothing" 6.1.0-1-amd64
	refuses "$scripts/lib/build" --source
	refuses "$scripts/lib/build" --source "$work/nothing" 6.1.0-1-amd64
	refuses "$scripts/lib/build" 6.1.0-1-amd64 more
	refuses "$scripts/check" --nonsense
	refuses "$scripts/check" --only
	refuses "$scripts/check" --kernel
	refuses "$scripts/check" --kernel 6.11
	refuses "$scripts/check" --kernel '6.1 6.12'
	refuses "$scripts/check" --kernel ''
	refuses "$scripts/check" --only 'two words'
	refuses "$scripts/check-deb" --nonsense
	refuses "$scripts/check-deb" --kernel
	refuses "$scripts/check-deb" --kernel 6.11
	refuses "$scripts/lib/debian-tree" ../../etc
	refuses "$scripts/check-debug" --only
	refuses "$scripts/check-debug" --only 'two words'
	refuses "$scripts/check-debug" nonsense
	refuses "$scripts/lib/debug-kernel" nonsense
	refuses "$scripts/lib/debug-kernel" --release nonsense
	refuses "$scripts/lib/debug-kernel" memory remove
	refuses "$scripts/demo" --nonsense
	refuses "$scripts/demo" --shell nonsense
	refuses "$top/tests/vm/guest-root" more
	refuses "$top/tests/vm/build-tools" more
	refuses "$scripts/tool" --flavour m68k
	refuses "$scripts/check-flavour"
	refuses "$scripts/check-flavour" m68k
	refuses "$scripts/check-builds" --nonsense
	refuses "$scripts/check-dumps" --nonsense
	refuses "$scripts/check-emulated" m68k
	refuses "$scripts/check-engine" --flavour
	refuses "$scripts/check-engine" --flavour m68k
	refuses "$scripts/lib/stages" name
	refuses "$scripts/in-debian" trixie
	refuses "$scripts/in-debian" sid true
	refuses "$scripts/fuzz-native" --nonsense
	refuses "$top/tests/vm/scan-log"
	refuses "$top/tests/vm/scan-log" "$work/nothing"
	refuses "$top/tests/vm/initrd" --out "$work/x"
	refuses "$top/tests/vm/initrd" --nonsense x
	refuses "$top/tests/vm/boot"
	refuses "$top/tests/vm/boot" --timeout
	refuses boot --timeout soon
	refuses boot --initrd "$work/nothing"
	refuses boot --out "$work/nothing"
	refuses boot --down-to nowhere
	refuses boot --hotplug usb
	refuses boot --firmware bios
	refuses boot --memory plenty
	refuses boot --disk "$work/nothing"
	refuses "$top/tests/vm/clients-disk" more
}
