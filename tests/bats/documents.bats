#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the documents say of names, versions and links, against the source.
#
# usage: bats tests/bats/documents.bats

setup() {
	top=$(dirname -- "$(dirname -- "$BATS_TEST_DIRNAME")")
}

@test "versions: dkms.conf, debian/changelog, CHANGELOG, the tool and the manual agree" {
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$top/dkms.conf")
	[ -n "$version" ]
	[ "$(sed -n '1s/^acs-guard (\(.*\)) .*/\1/p' "$top/debian/changelog")" = "$version" ]
	[ "$(grep -m 1 '^## ' "$top/CHANGELOG")" = "## $version" ]
	grep -q "^\.TH ACS_GUARD 4 [0-9-]* \"acs_guard $version\"" "$top/Documentation/acs_guard.4"
	grep -q "^\.TH ACS.-GUARD 8 [0-9-]* \"acs_guard $version\"" "$top/Documentation/acs-guard.8"
	grep -qx "#define TOOL_VERSION \"$version\"" "$top/tools/acs-guard/tool.h"
}

# names FILE SED: words of the source, one a line
names() {
	sed -nE "$2" "$top/$1" | LC_ALL=C sort
}

@test "documents: acs_guard(4) and the ABI file name each parameter, attribute and reason" {
	manual=$(sed 's/\\-/-/g' "$top/Documentation/acs_guard.4")
	abi=$(cat "$top/Documentation/ABI/testing/sysfs-bus-pci-acs_guard")
	names module/params.c 's/^module_param_cb\((\w+),.*/\1/p' >"$BATS_TEST_TMPDIR/parameters"
	names module/sysfs.c 's/^static DEVICE_ATTR_\w+\((\w+)\);/\1/p' >"$BATS_TEST_TMPDIR/attributes"
	names module/engine/words.c 's/^\t\[ACS_GUARD_[A-Z_]*\] = \{ "([a-z-]+)",.*/\1/p' >"$BATS_TEST_TMPDIR/words"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/parameters")" -ge 8 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/attributes")" -ge 5 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/words")" -ge 13 ]
	while read -r name; do
		[[ $manual =~ \.B[RI]\ $name\ ?= ]]
		[[ $abi == *"$name"* ]]
	done <"$BATS_TEST_TMPDIR/parameters"
	while read -r name; do
		[[ $manual == *".I $name"* ]]
		[[ $abi == *"/acs_guard/$name"$'\n'* ]]
	done <"$BATS_TEST_TMPDIR/attributes"
	while read -r name; do
		[[ $manual == *"$name"* ]]
		[[ $abi == *"$name"* ]]
	done <"$BATS_TEST_TMPDIR/words"
}

@test "documents: the pages for administrators and of the rules name each reason" {
	names module/engine/words.c 's/^\t\[ACS_GUARD_[A-Z_]*\] = \{ "([a-z-]+)",.*/\1/p' |
		grep -vx isolated >"$BATS_TEST_TMPDIR/reasons"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/reasons")" -ge 13 ]
	while read -r name; do
		grep -qF '``'"$name"'``' "$top/Documentation/admin-guide.rst"
		grep -qF '``'"$name"'``' "$top/Documentation/isolation.rst"
	done <"$BATS_TEST_TMPDIR/reasons"
}

@test "documents: the commands that end audit mode leave options that the kernel's loader takes" {
	for file in README.md Documentation/admin-guide.rst; do
		expression=$(sed -nE "s|^ *sudo sed -i '(.*)' /etc/modprobe.d/acs_guard.conf$|\1|p" "$top/$file")
		[ -n "$expression" ]
		for options in mode=audit 'mode=audit unit=group'; do
			mkdir -p "$BATS_TEST_TMPDIR/modprobe.d"
			sed "$expression" <<<"options acs_guard $options" >"$BATS_TEST_TMPDIR/modprobe.d/acs_guard.conf"
			PATH=$PATH:/usr/sbin:/sbin modprobe -C "$BATS_TEST_TMPDIR/modprobe.d" -c >"$BATS_TEST_TMPDIR/found" 2>"$BATS_TEST_TMPDIR/complaint"
			[ ! -s "$BATS_TEST_TMPDIR/complaint" ]
			grep -qx "options acs_guard mode=enforce${options#mode=audit}" "$BATS_TEST_TMPDIR/found"
		done
	done
}

@test "documents: the page about trust has each proof, with the number of its broken rules" {
	awk '/^What is tested/ { exit } /^   \* - ``/ { name = $3; gsub("`", "", name) } /^     - [0-9]+$/ && name { print name, $2; name = "" }' \
		"$top/Documentation/trust.rst" | LC_ALL=C sort >"$BATS_TEST_TMPDIR/page"
	[ -s "$BATS_TEST_TMPDIR/page" ]
	sed -nE 's/^([a-z]+) [a-z].*/\1/p' "$top/tests/proof/mutants" | LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }' |
		diff - "$BATS_TEST_TMPDIR/page"
	grep -l '^ \* Proof: ' "$top"/tests/proof/*.c | sed 's|.*/||; s|\.c$||' | LC_ALL=C sort |
		diff - <(cut -d ' ' -f 1 "$BATS_TEST_TMPDIR/page")
}

@test "documents: the links of README.md and its like lead to files and headings" {
	local link file heading

	[ "$(wc -l <"$top/README.md")" -le 200 ]
	grep -ohE '\]\([^):]+\)' "$top"/*.md | tr -d '])(' | sort -u >"$BATS_TEST_TMPDIR/links"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/links")" -ge 12 ]
	while read -r link; do
		file=$top/${link%%#*}
		[ -f "$file" ]
		[[ $link == *#* ]] || continue
		heading=${link#*#}
		grep -qix "${heading//-/ }" "$file"
	done <"$BATS_TEST_TMPDIR/links"
}
