# shellcheck shell=dash disable=SC2046 # words are meant
# SPDX-License-Identifier: GPL-2.0-only
#
# Random bytes at random places of every file of the guard's: each write comes to what
# it has to come to. A short run; "make fuzz" does the long one.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
guard

# A fixed seed: a test that fails does so again.
begin "4000 random writes to all files of the guard, and 1000 reads"
expect_command /guest/tools/fuzz 1 4000 0 \
	$(for name in GOOD_NIC T1_A T1_B; do address_of "$name"; done)
end
fresh
