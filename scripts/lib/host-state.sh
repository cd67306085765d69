# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Is the host as it was before the tests? Compares /dev, /etc and the mounts with an
# earlier moment, and looks for processes that outlive the run. Sourced after lib.sh and
# tap.sh.
#
#   host_state_save DIR      records what is there now, in DIR; marks what the caller
#                            starts from now on
#   host_state_check DIR     one test for each of the four, with what differs
#
# For tests only: ACS_GUARD_HOST is a folder instead of /, without its processes.

host=${ACS_GUARD_HOST-}
# For so many seconds, processes of the run that are about to end may do so.
host_patience=${ACS_GUARD_HOST_PATIENCE-10}

# Each of these prints lines "NAME<TAB>WORDS". What is read may change meanwhile, so a
# file that is gone is no error.

# Not the log-ins' terminals, the programs' shared memory and the kernel's consoles, which
# come and go; a log-in also changes the modes of its terminal.
host_devices() {
	(cd -- "$host/" && find dev -mindepth 1 \
		\( -path dev/pts -o -path dev/shm -o -path dev/mqueue -o -path dev/hugepages \
		-o -name 'vcs*' \) -prune -o \
		\( -type c -name 'tty*' -printf '/%p\t%y\n' -o -printf '/%p\t%y %m %l\n' \) \
		2>/dev/null) | LC_ALL=C sort || :
}

# Not what belongs to apt and dpkg. Where a file cannot be read, its size and its time
# stand for its content.
host_settings() {
	{
		host_find_settings -printf '/%p\t%y %m %u:%g %l\n'
		host_find_settings -type f ! -readable -printf '/%p\tcontent %s %T@\n'
		host_find_settings -type f -readable -exec sha256sum -- {} + |
			sed -E 's|^(\S+)  (.*)|/\2\tcontent \1|'
	} 2>/dev/null | LC_ALL=C sort || :
}

host_find_settings() {
	(cd -- "$host/" && find etc -mindepth 1 \( -path etc/apt -o -path etc/dpkg \) -prune -o "$@")
}

# Not those that log-ins, services and containers of others bring along.
host_mounts() {
	awk '$2 !~ "^/run/(user|credentials|docker|containerd|containers|netns)/" &&
		$2 !~ "^/var/lib/(docker|containerd|containers)/" &&
		$2 != "/proc/sys/fs/binfmt_misc" { print $2 "\t" $1, $3, $4 }' \
		"$host/proc/mounts" | LC_ALL=C sort || :
}

# host_processes MARK [SESSION...]: "process PID<TAB>STATE COMMAND" of each process with
# MARK in its environment, or in one of the sessions.
host_processes() {
	local mark=$1 dir pid stat state session sessions marked

	shift
	sessions=" $* "
	# Without the mark in its own environment.
	marked=$(env -u ACS_GUARD_CHECK grep -lzxF -- "ACS_GUARD_CHECK=$mark" \
		/proc/[0-9]*/environ 2>/dev/null) || :
	for dir in /proc/[0-9]*; do
		pid=${dir#/proc/} stat=''
		# To the end of the file, which is no success; a name may have more than a line.
		{ IFS= read -r -d '' stat <"$dir/stat"; } 2>/dev/null || [ -n "$stat" ] || continue
		read -r state _ _ session _ <<<"${stat##*) }"
		[[ $state != [ZX] ]] || continue
		if [[ $'\n'$marked$'\n' == *$'\n'"$dir/environ"$'\n'* ]] ||
			# A session whose first process is alive is another one with the same number.
			[[ $sessions == *" $session "* && ! -e /proc/$session ]]; then
			printf 'process %s\t%s %s\n' "$pid" "$state" "$(host_command "$pid")"
		fi
	done
}

# host_command PID: its command line, or else its name.
host_command() {
	local words

	words=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") || :
	[ -n "$words" ] || words=$(cat -- "/proc/$1/comm" 2>/dev/null) || :
	printf '%s' "${words:0:200}"
}

host_state_save() {
	local what

	mkdir -p -- "$1"
	for what in devices settings mounts; do
		"host_$what" >"$1/$what"
	done
	export ACS_GUARD_CHECK=$1
}

# host_report NAME DIFFERENCES
host_report() {
	if [ -z "$2" ]; then
		tap_ok "host: $1"
	else
		tap_not_ok "host: $1"
		printf '%s\n' "$2" | sed -n '1,50s/^/#   /p'
	fi
}

# host_compare WHAT DIR NAME
host_compare() {
	"host_$1" >"$2/$1.now"
	host_report "$3" "$(diff -- "$2/$1" "$2/$1.now" | sed -n 's/^< /was: /p; s/^> /is:  /p' || :)"
}

# Called by traps, which a signal may start in the middle of "IFS= read"; there, a bare
# "return" returns the status of before the trap.
# shellcheck disable=SC2154 # tap_sessions is tap.sh's
host_state_check() {
	local IFS=$' \t\n' left deadline=$((SECONDS + host_patience))

	while :; do
		left=$(host_processes "$1" "${tap_sessions[@]}")
		[[ -n $left && $SECONDS -lt $deadline ]] || break
		sleep 0.2
	done
	host_report 'no process of the run is left' "$left"
	host_compare devices "$1" '/dev is as it was'
	host_compare settings "$1" '/etc is as it was'
	host_compare mounts "$1" 'the mounts are as they were'
}
