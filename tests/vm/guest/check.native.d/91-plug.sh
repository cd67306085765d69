# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same as in check.d, on this machine.

# shellcheck source=../lib.sh
. /guest/lib.sh

# A port that sleeps would be woken by a PME; the emulated ones have none, and would
# notice no card.
for name in PLUG_PORT BAD_PORT TOP_PORT TOP_SWITCH SLOT_PORT NEXT_PORT; do
	at "$name"
	echo on >"$at_sys/power/control"
done

# shellcheck source=../check.d/91-plug.sh
. /guest/check.d/91-plug.sh
