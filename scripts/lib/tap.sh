# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Joins the TAP of several test suites into one, and counts. Sourced.
#
#   tap_suite NAME COMMAND [ARG...]     any number of them
#   tap_ahead NAME FILE COMMAND [ARG...]
#                                       starts a command beside the suites that follow; what
#                                       it prints goes to FILE
#   tap_join NAME                       shows that command, from its start, as a suite
#   tap_wait NAME                       waits until that command ends; ignores its status
#   tap_judge_skips FILE                then, if at all: a skip that FILE does not allow
#                                       is a failure
#   tap_finish                          last; names what was skipped; returns 1 if
#                                       anything failed
#
# A run that is killed by SIGKILL does not end what it started ahead.

tap_number=0
tap_passed=0
tap_failed=0
tap_skipped=0
tap_skips=()
tap_child=
# Each suite had one of its own.
tap_sessions=()
# Commands started ahead, by name: process ID, output file, start time.
declare -A tap_ahead_pid tap_ahead_file tap_ahead_start

tap_ok() {
	tap_number=$((tap_number + 1))
	tap_passed=$((tap_passed + 1))
	printf 'ok %d - %s\n' "$tap_number" "$1"
}

tap_not_ok() {
	tap_number=$((tap_number + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_number" "$1"
}

# "ok - name # SKIP why", in either case, is a test that did not run.
tap_skip() {
	tap_number=$((tap_number + 1))
	tap_skipped=$((tap_skipped + 1))
	tap_skips+=("$1")
	printf 'ok %d - %s\n' "$tap_number" "$1"
}

# What a result says, without its number: "ok 3 - name" and "ok 3 name" are "name".
tap_name() {
	[[ $1 =~ ^(not )?ok( +[0-9]+)?( +-)?( +(.*))?$ ]] || return 0
	printf '%s\n' "${BASH_REMATCH[5]-}"
}

tap_is_skip() {
	[[ ${1,,} =~ \#\ *skip ]]
}

# Sets skip_name and skip_why: "name # SKIP why" in its two parts.
tap_split_skip() {
	skip_name=$1 skip_why=
	[[ $1 =~ ^(.*[^ ])\ *\#\ *[Ss][Kk][Ii][Pp][^\ ]*(\ +(.*))?$ ]] || return 0
	skip_name=${BASH_REMATCH[1]} skip_why=${BASH_REMATCH[3]}
}

# One line of a suite's output; the plan and the count of tests are kept in the
# caller's variables.
tap_line() {
	local suite=$1 line=$2

	case $line in
	'ok' | 'ok '*)
		seen=$((seen + 1))
		if tap_is_skip "$line"; then
			tap_skip "$suite: $(tap_name "$line")"
		else
			tap_ok "$suite: $(tap_name "$line")"
		fi
		;;
	'not ok' | 'not ok '*)
		seen=$((seen + 1))
		tap_not_ok "$suite: $(tap_name "$line")"
		;;
	'1..'*) plan=${line#1..} plan=${plan%%[!0-9]*} ;;
	'Bail out!'*) tap_not_ok "$suite: $line" ;;
	'TAP version'*) ;;
	'#'*) printf '%s\n' "$line" ;;
	*) printf '# %s\n' "$line" ;;
	esac
}

# What only the end of a suite shows. A suite that ran nothing, stopped half-way, or
# ended badly though no test of it failed, is a failure too.
tap_end_of_suite() {
	local suite=$1 status=$2 failed=$3

	if [ -z "$plan" ]; then
		tap_not_ok "$suite: ended without a plan"
	elif [ "$plan" -ne "$seen" ]; then
		tap_not_ok "$suite: planned $plan tests, ran $seen"
	elif [ "$seen" -eq 0 ]; then
		tap_not_ok "$suite: ran no test"
	fi
	[ "$status" -eq 0 ] || [ "$tap_failed" -gt "$failed" ] ||
		tap_not_ok "$suite: ended with status $status"
}

# tap_suite NAME COMMAND [ARG...]
tap_suite() {
	local suite=$1 plan='' seen=0 status=0 failed=$tap_failed start line

	shift
	printf '# suite: %s\n' "$suite"
	start=${tap_ahead_start[$suite]-$SECONDS}
	# A session of its own, so that tap_stop can end all that the suite started.
	exec {tap_fd}< <(exec setsid -- "$@")
	tap_child=$!
	tap_sessions+=("$tap_child")
	while IFS= read -r line <&"$tap_fd" || [ -n "$line" ]; do
		tap_line "$suite" "$line"
	done
	exec {tap_fd}<&-
	wait "$tap_child" || status=$?
	tap_child=
	tap_end_of_suite "$suite" "$status" "$failed"
	printf '# suite: %s took %d s\n' "$suite" "$((SECONDS - start))"
}

# tap_ahead NAME FILE COMMAND [ARG...]
tap_ahead() {
	local name=$1 file=$2

	shift 2
	rm -f -- "$file.status"
	: >"$file"
	# shellcheck disable=SC2016 # for the inner shell
	setsid -- bash -c '"$@" >"$0" 2>&1; echo "$?" >"$0.status"' "$file" "$@" &
	tap_ahead_pid[$name]=$! tap_ahead_file[$name]=$file tap_ahead_start[$name]=$SECONDS
	tap_sessions+=("$!")
}

# Has the command ended by itself? Its process ID may be another's then.
tap_has_ended() {
	[ -e "${tap_ahead_file[$1]}.status" ]
}

# tap_join NAME: a command without a status, as when it was killed, is a suite that fails.
tap_join() {
	# shellcheck disable=SC2016 # for the inner shell
	tap_suite "$1" bash -c '
		if [ -e "$2.status" ]; then
			cat -- "$2"
		else
			tail -q -n +1 -s 0.2 -f --pid="$1" -- "$2"
		fi
		exit "$(cat -- "$2.status")"' - "${tap_ahead_pid[$1]}" "${tap_ahead_file[$1]}"
	tap_wait "$1"
}

tap_wait() {
	tap_has_ended "$1" || printf '# waiting for %s, started earlier\n' "$1"
	wait "${tap_ahead_pid[$1]}" 2>/dev/null || true
	unset "tap_ahead_pid[$1]"
}

# A process that was started a moment ago may have no session of its own yet.
tap_kill() {
	kill -- "-$1" 2>/dev/null || kill -- "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# Ends the suite that is running, if one is, and what runs beside it.
tap_stop() {
	local name

	for name in "${!tap_ahead_pid[@]}"; do
		tap_has_ended "$name" || tap_kill "${tap_ahead_pid[$name]}"
	done
	[ -z "$tap_child" ] || tap_kill "$tap_child"
	tap_ahead_pid=() tap_child=
}

# Sets patterns: the regular expressions of FILE, each of whose lines is "REGEX ## REASON",
# a comment, or empty.
tap_read_allowed() {
	local file=$1 line

	[ -r "$file" ] || {
		tap_not_ok "${file#"$top/"} cannot be read"
		return
	}
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'' | '#'*) ;;
		?*' ## '?*) patterns+=("${line%% ## *}") ;;
		*) tap_not_ok "${file#"$top/"}: no reason is given: $line" ;;
		esac
	done <"$file"
}

# The pattern has to match the whole of the name.
tap_is_allowed() {
	local pattern

	for pattern in "${patterns[@]}"; do
		# Not "!": a pattern that makes no sense allows nothing.
		if [[ $1 =~ ^($pattern)$ ]]; then
			return 0
		fi
	done
	return 1
}

# tap_judge_skips FILE
tap_judge_skips() {
	local file=${1#"$top/"} failed=$tap_failed patterns=() skip skip_name skip_why

	tap_read_allowed "$1"
	for skip in "${tap_skips[@]}"; do
		tap_split_skip "$skip"
		tap_is_allowed "$skip_name" ||
			tap_not_ok "skipped, and not in $file: $skip_name${skip_why:+ ($skip_why)}"
	done
	[ "$tap_failed" -gt "$failed" ] || tap_ok "nothing is skipped but what $file allows"
}

tap_finish() {
	local skip skip_name skip_why

	printf '1..%d\n' "$tap_number"
	for skip in "${tap_skips[@]}"; do
		tap_split_skip "$skip"
		printf '# skipped: %s: %s\n' "$skip_name" "${skip_why:-no reason is given}"
	done
	printf '%d passed, %d failed, %d skipped\n' "$tap_passed" "$tap_failed" "$tap_skipped"
	[ "$tap_failed" -eq 0 ] && [ "$tap_passed" -gt 0 ]
}
