# shellcheck shell=dash disable=SC3040 # busybox ash has pipefail
# SPDX-License-Identifier: GPL-2.0-only
#
# Row 1: one verdict, beside the kernel's own answer to a smaller question. All of it is
# done, and checked, by the module as it is loaded (tests/modules/bench_verdict.c).
# "depth N": N ports that decide are above the function, a root port and one downstream
# port a switch.

set -euo pipefail
# shellcheck source=../../guest/bench-lib.sh
. /guest/bench-lib.sh

insmod /acs_guard_bench.ko out=/run/verdicts
rmmod acs_guard_bench
cat /run/verdicts
