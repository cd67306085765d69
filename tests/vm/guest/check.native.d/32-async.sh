# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same as in check.d, on this machine.

# shellcheck source=../check.d/32-async.sh
. /guest/check.d/32-async.sh
