# shellcheck shell=dash disable=SC2154,SC3040,SC3043 # variables made of the table;
# busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 5: what grows with the machine. Of 10 to 10,000 functions on fake hosts, beside those
# of the test machine, the first ten are the same; what they are is in
# tests/modules/bench_scale.c, which also measures the verdicts. Growth is measured by what one
# function more costs, from one size to the next: it is the same if the whole is linear.
# A verdict about one of the ten must not cost more at all.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

sizes='10 100 1000 10000'
account=/sys/module/acs_guard_bench/parameters/memory
out=/run/scale

# fact NAME: what the module has printed besides results.
fact() {
	awk -F '\t' -v name="$1" '$1 == "#" && $2 == name { print $3 }' "$out"
}

# scale CASE SUBJECT VALUE UNIT: a result, kept for growth.
scale() {
	result 5 "$@"
	printf '%s\t%s\t%s\n' "$all" "$2" "$3" >>/run/growth
}

# peers CASE SUBJECT ADDRESS NUMBER
peers() {
	local file=$pci/devices/$3/acs_guard/peers lines

	lines=$(wc -l <"$file")
	[ "$lines" -eq "$4" ] || {
		echo "Bail out! $3 has $lines peers instead of $4"
		exit 1
	}
	result 5 "$1" "$2" "$("$tools/bench" read 5 "$file")" instructions
}

# Each of these is the worst of its machine: all below the switch, or all of the device.
all_peers() {
	local name=$1 port=$2 vf=$3

	peers "$name" "peers below a switch" "$port" "$(($(fact ports) - 1))"
	peers "$name" "peers of a VF" "$vf" "$(fact vfs)"
}

# survey CASE [OPTION]: the tool, in a shell that takes 1, which says that something is
# refused, for success.
survey() {
	local words="acs-guard${2:+ $2}"

	scale "$1" "$words" "$("$tools/bench" run 1 /applets/sh -c "$words; [ \$? -le 1 ]")" instructions
}

# What the guard and sysfs hold for it when it is loaded, by a count of allocations.
memory() {
	local owner

	echo 1 >"$account"
	guard
	# What is freed later, and what a table outgrown leaves, is gone by then.
	sleep 3
	echo 0 >"$account"
	for owner in guard sysfs; do
		result 5 "$1" "memory a function: $owner" "$(($(fact "$owner") / all))" bytes
	done
	result 5 "$1" 'module' "$(cat /sys/module/acs_guard/coresize)" bytes
	unguard
}

# measure FUNCTIONS: the last machine stays; taking 10,000 away takes longer than all else.
measure() {
	local name="$1 functions" port vf

	! is_loaded acs_guard_bench || rmmod acs_guard_bench
	insmod /acs_guard_bench.ko "functions=$1" "out=$out"
	grep '^=' "$out"
	all=$(fact all)
	awk -F '\t' -v all="$all" '
		$4 ~ /^verdict/ && $4 !~ /denied/ { printf "%s\t%s\t%s\n", all, $4, $5 }' "$out" >>/run/growth
	scale "$name" load "$("$tools/bench" load 5 "$module")" instructions
	guard
	port=$(fact port)
	vf=$(fact vf)
	[ -z "$port" ] || all_peers "$name" "$port" "$vf"
	survey "$name"
	survey "$name" --json
	unguard
	memory "$name"
}

# What one function more costs, from each size to the next; a verdict, what all of them do.
growth() {
	awk -F '\t' '
		$2 in all {
			more = $3 - value[$2]
			unit = "instructions more"
			if ($2 !~ /^verdict/) {
				more /= $1 - all[$2]
				unit = "instructions a function"
			}
			printf "=\t5\t%d to %d functions\t%s\t%d\t%s\n", all[$2], $1, $2, more, unit
		}
		{ all[$2] = $1; value[$2] = $3 }' /run/growth
}

# json-c reads a random number. At the first such read the kernel initialises its generator, which
# takes a billion instructions: that happens here, before anything is measured.
head -c 1 /dev/random >/dev/null
: >/run/growth
insmod /acs_guard_bench.ko widths=1 "out=$out"
rmmod acs_guard_bench
grep '^=' "$out"
for size in $sizes; do
	measure "$size"
done
growth
