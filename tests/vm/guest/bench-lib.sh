# shellcheck shell=dash disable=SC2034,SC2154,SC3040,SC3043 # variables are for those
# who source this, or made of the table; busybox ash has pipefail and local
# SPDX-License-Identifier: GPL-2.0-only
#
# What the benchmark's topics share. Sourced by busybox ash, brings lib.sh with it.
#
# A result is one line, in whose words are no tabs and quotes:
#	= <tab> ROW <tab> CASE <tab> SUBJECT <tab> VALUE <tab> UNIT
# What is compared has the same CASE and UNIT, and another SUBJECT; scripts/bench.d/targets
# says what is.

set -euo pipefail
# shellcheck source=../guest/lib.sh
. /guest/lib.sh

tools=/guest/tools

# result ROW CASE SUBJECT VALUE UNIT
result() {
	printf '=\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5"
}

# cost ARGUMENT...: what the tool measures with these; sets cost
cost() {
	cost=$("$tools/bench" "$@") || {
		echo "# bench $*: $cost"
		exit 1
	}
}
