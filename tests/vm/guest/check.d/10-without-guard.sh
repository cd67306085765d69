# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# Negative control: without acs_guard every bind that the other topics see refused
# succeeds. If this fails, a refusal elsewhere means nothing.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh

# shellcheck disable=SC2086 # a list of names
expect_binds $isolated $exposed
fresh
