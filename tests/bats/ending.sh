# shellcheck shell=bash disable=SC2034,SC2154 # the sourcing file has them, or bats
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests of what a signal ends. Sourced; $work is the test's folder.

# end_started COMMAND [ARG...]: sends SIGTERM when the command has written $work/pid. Sets
# ended to its exit status; its output is in $work/log.
end_started() {
	local pid

	ended=0
	"$@" >"$work/log" 2>&1 3>&- &
	pid=$!
	until [ -s "$work/pid" ]; do
		kill -0 "$pid"
		sleep 0.1
	done
	kill -TERM "$pid"
	wait "$pid" || ended=$?
	cat "$work/log"
}

# has_ended PID: a process that has ended stays listed until its new parent has waited for it.
has_ended() {
	for _ in $(seq 50); do
		kill -0 "$1" || break
		sleep 0.1
	done
	# A fresh machine has no ps. After the name, which may hold blanks, comes the state.
	run sed 's/.*) //' "/proc/$1/stat"
	[[ $status -ne 0 || $output == Z* ]]
}
