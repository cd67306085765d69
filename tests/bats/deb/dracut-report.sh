#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # dracut sets moddir, initdir
#
# A module of dracut's: makes the report beside it where a root would be mounted.
# There is no root here.

check() {
	return 0
}

depends() {
	echo base
}

install() {
	local hooks=$initdir/lib/dracut/hooks

	inst_multiple busybox readlink stty
	ln -s "$(command -v busybox)" "$initdir/usr/bin/poweroff"
	mkdir -p "$hooks/cmdline"
	echo 'root=none rootok=1' >"$hooks/cmdline/99-no-root.sh"
	inst_simple "$moddir/report" /lib/dracut/hooks/pre-mount/99-report.sh
}
