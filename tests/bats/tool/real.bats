#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # what bats sets
#
# Dumps of whole machines that people have shown. They are no part of the project: they are
# looked for in ../shared/real-machines beside it, or in ACS_GUARD_REAL_MACHINES, as hex/NAME
# and text/NAME. What is here is expected of them, by name: real/NAME has the verdicts, worked
# out by hand from the registers and the rules; real-classes has how many functions of each
# machine the guard and the kernel disagree about, by class (see real-survey).

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..
here=$BATS_TEST_DIRNAME
machines=${ACS_GUARD_REAL_MACHINES:-$top/../shared/real-machines}

setup_file() {
	"$top/scripts/lib/deps" dumps
	tool=$("$top/scripts/tool" --sanitize)
	export tool
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# Names of the machines whose verdicts are expected.
expected_machines() {
	local file

	for file in "$here"/real/*; do
		basename -- "$file"
	done
}

# machine_file NAME
machine_file() {
	local file

	for file in "$machines"/*/"$1"; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

@test "machines that people have shown: the verdicts are those that were worked out by hand" {
	local name file failed=

	[ -d "$machines" ] || skip "there is no folder $machines"
	for name in $(expected_machines); do
		file=$(machine_file "$name")
		[ -f "$file" ]
		"$tool" --dump "$file" list >verdicts 2>notes
		"$here/real-verdicts" "$here/real/$name" verdicts || failed=$failed$name
	done
	[ -z "$failed" ]
}

@test "machines that people have shown: each difference from the IOMMU groups has one reason" {
	local machine class count

	[ -d "$machines" ] || skip "there is no folder $machines"
	"$tool" --json survey "$machines"/*/* >json 2>notes || [ $? -eq 2 ]
	"$here/real-survey" json >classes
	while read -r machine class count; do
		grep -qx "$machine $class $count" classes || {
			echo "not found: $machine $class $count"
			return 1
		}
	done <"$here/real-classes"
	# None more of these machines.
	cut -d ' ' -f 1 "$here/real-classes" | sort -u >known
	[ "$(grep -cFwf known classes)" -eq "$(wc -l <"$here/real-classes")" ]
}

@test "machines that people have shown: the page about trust has the totals of the survey" {
	local page=$BATS_TEST_DIRNAME/../../../Documentation/trust.rst version

	[ -d "$machines" ] || skip "there is no folder $machines"
	"$tool" survey "$machines"/*/* >survey 2>notes || [ $? -eq 2 ]
	awk '/^A survey of/ { of = 1 } /^For 590/ { exit } of && /^   \* - ``/ { name = $0 }
		of && /^     - [0-9, ]+$/ {
			nr = split(name, names, "``")
			gsub(/[^0-9]+/, " ")
			$0 = $0
			for (i = 1; i <= NF; i++) print names[2 * i] "=" $i
		}' "$page" | LC_ALL=C sort >page
	grep -o '^# [0-9]* machines* judged, .*' survey | grep -o '[a-z-]*=[0-9]*' | LC_ALL=C sort >totals
	sed -nE 's/^functions that are no bridges ([0-9,]+) are isolated .* and ([0-9,]+) are refused:$/\1 isolated, \2 refused/p' \
		"$page" | tr -d , >isolated
	version=$(sed -nE 's/^#\s*Version:\s*//p' "${ACS_GUARD_PCI_IDS:-/usr/share/misc/pci.ids}")
	if grep -qF "list of Debian 12 ($version)" "$page"; then
		diff page totals
		tr -d , <survey | grep -qF "functions: $(cat isolated)"
	else
		# A later list has more names of ports. Names tell that registers are readable, no
		# more: what is unreadable no longer counts with another reason, or is isolated.
		diff <(cut -d = -f 1 page) <(cut -d = -f 1 totals)
		! join -t = page totals | awk -F = '$1 == "unreadable" ? $3 > $2 : $3 < $2' | grep .
	fi
}

@test "at least eight machines have verdicts, and no table has one machine's bytes" {
	[ "$(expected_machines | wc -l)" -ge 8 ]
	! grep -l -E '^[0-9a-f]{2}: |Capabilities:' "$here"/real/* || false
}

# ---- the scripts that compare find what is wrong ----

# A graphics card, a sound card and a bridge, with verdicts.
small_list() {
	printf 'bdf\tid\ttype\tisolated\treason\tblocker\tmissing\tpeers\n'
	printf '0000:01:00.0\t1:1\tendpoint\t0\tno-acs\t0000:00:01.0\t-\t-\n'
	printf '0000:00:01.0\t1:1\troot-port\t1\tisolated\t-\t-\t-\n'
	printf '0000:02:00.0\t1:1\tendpoint\t1\tisolated\t-\t-\t-\n'
}

@test "a verdict that is not as expected, has no line, two lines, or no function, is found" {
	local good=$'01:00.0\tno-acs\t00:01.0\twhy\n02:00.[01]\tisolated\t-\twhy'

	small_list >list
	"$here/real-verdicts" <(printf '# NAME\n%s\n' "$good") list
	run ! "$here/real-verdicts" <(printf '%s\n' "${good/no-acs/acs-disabled}") list
	[[ $output == *"expected acs-disabled 0000:00:01.0, got no-acs"* ]]
	run ! "$here/real-verdicts" <(printf '%s\n' "${good/00:01.0/self}") list
	run ! "$here/real-verdicts" <(printf '%s\n' "${good%%$'\n'*}") list
	[[ $output == *"0000:02:00.0: no line"* ]]
	run ! "$here/real-verdicts" <(printf '%s\n02:00.0\tisolated\t-\twhy\n' "$good") list
	[[ $output == *"two lines"* ]]
	run ! "$here/real-verdicts" <(printf '%s\n03:00.0\tisolated\t-\twhy\n' "$good") list
	[[ $output == *"03:00.0: no such function"* ]]
	run -2 "$here/real-verdicts" <(printf '01:00.0\tno-acs\t00:01.0\n') list
}

# small_survey [CHANGE]: two functions of a group that are no bridges, both refused; CHANGE is for jq
small_survey() {
	jq -n '{devices: (["05:00.0", "06:00.0"] | map({dump: "text/x", bdf: "0000:\(.)", type: "endpoint", id: "1:1",
		class: "020000", isolated: false, reason: "no-acs", blocker: "0000:04:00.0", iommu_group: 7, acs: null})
		+ [{dump: "text/x", bdf: "0000:04:00.0", type: "downstream-port", id: "1:2", class: "060400",
		isolated: true, reason: "isolated", blocker: null, iommu_group: 6, acs: null}])}' | jq "${1-.}"
}

@test "a difference from the groups that no class explains is found" {
	[ -z "$("$here/real-survey" <(small_survey))" ]
	run -0 "$here/real-survey" <(small_survey '.devices[0].iommu_group = 8')
	[ "$output" = "text/x port 2" ]
	# A group ties an isolated function to another one.
	run -1 "$here/real-survey" <(small_survey '.devices[0].isolated = true')
	[[ $output == *"no class"*05:00.0* ]]
	# Alone, and refused for a reason that no class has.
	run -1 "$here/real-survey" <(small_survey '.devices[0] |= (.iommu_group = 8 | .reason = "egress-direct")')
	[[ $output == *"no class"*egress-direct* ]]
	# Alone, and one of two functions without ACS that the kernel has no reason to tell apart.
	run -1 "$here/real-survey" <(small_survey '.devices[0] |= (.iommu_group = 8 | .reason = "multifunction" | .blocker = .bdf)')
	# What contradicts itself is explained by that in Intel's 00:00.0 only.
	run -1 "$here/real-survey" <(small_survey '.devices[0] |= (.iommu_group = 8 | .reason = "unknown-type" | .blocker = .bdf)')
	run -0 "$here/real-survey" <(small_survey '.devices[0] |= (.iommu_group = 8 | .reason = "unknown-type" | .class = "060000"
		| .type = "root-port" | .id = "8086:1" | .bdf = "0000:00:00.0" | .blocker = .bdf)')
	[[ $output == *"text/x type 1"* ]]
	# The same in a host bridge with another number.
	run -1 "$here/real-survey" <(small_survey '.devices[0] |= (.isolated = true | .class = "060000" | .id = "1022:1")')
	run -0 "$here/real-survey" <(small_survey '.devices[0:2][] |= (.isolated = true | .class = "060000" | .id = "1022:1")
		| .devices[0].bdf = "0000:00:18.0" | .devices[1].bdf = "0000:00:18.1"')
	[ "$output" = "text/x dummy 2" ]
}
