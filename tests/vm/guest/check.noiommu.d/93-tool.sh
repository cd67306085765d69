# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# acs-guard on a machine without an IOMMU.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
export LANG=C.UTF-8
guard

begin "acs-guard says that the IOMMU is off, and shows no card as isolated"
status=0
acs-guard >/run/tool 2>/run/tool.err || status=$?
expect_equal "status of acs-guard" 1 "$status"
expect_command grep -q 'The IOMMU is off' /run/tool
for name in $isolated $exposed; do
	at "$name"
	expect_equal "word for $name" REFUSED "$(sed -n "s/^\([A-Z]*\) .* ${at_address#0000:} .*/\1/p" /run/tool)"
done
end

begin "explain names the missing IOMMU"
at GOOD_NIC
acs-guard explain "$at_address" >/run/tool 2>/run/tool.err || true
expect_command grep -q no-iommu /run/tool
end
fresh
