#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell, and is meant to be; what
# bats sets
#
# scripts/packaging/libvirt-hook, called as libvirt calls it, on machines that are made here out of
# folders; what libvirt itself makes of it, clients.d shows in the virtual machine.
#
# usage: bats tests/bats/libvirt-hook.bats

bats_require_minimum_version 1.5.0

one=11111111-1111-4111-8111-111111111111
two=22222222-2222-4222-8222-222222222222
a=0000:04:00.0
b=0000:05:00.0

setup() {
	hook=$(dirname -- "$(dirname -- "$BATS_TEST_DIRNAME")")/scripts/packaging/libvirt-hook
	fake=$BATS_TEST_TMPDIR/fake
	records=$fake/run/acs-guard/libvirt
	# shellcheck source=fake-sysfs.sh
	. "$BATS_TEST_DIRNAME/fake-sysfs.sh"
	make_machine
	: >"$fake/dev/kmsg"
	xml=$BATS_TEST_TMPDIR/xml
	as_nobody=()
	export ACS_GUARD_SYSFS=$fake/sys ACS_GUARD_RUN=$fake/run ACS_GUARD_DEV=$fake/dev
	export ACS_GUARD_SCHEMA=${hook%/*}/libvirt-metadata.rng
}

# address ELEMENT BDF
address() {
	printf "<%s domain='0x%s' bus='0x%s' slot='0x%s' function='0x%s'/>" "$1" \
		"${2%%:*}" "${2:5:2}" "${2:8:2}" "${2##*.}"
}

hostdevs() {
	local bdf

	for bdf; do
		printf "<hostdev mode='subsystem' type='pci' managed='yes'><driver name='vfio'/><source>%s</source>" \
			"$(address address "$bdf")"
		# Where the guest sees it; no address of the host's.
		printf "<alias name='x'/><address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></hostdev>\n"
	done
}

# permissive BDF...
permissive() {
	local bdf

	printf '<acs:permissive xmlns:acs="urn:acs-guard:libvirt:1" reason="lab &quot;7&quot;">'
	for bdf; do
		address acs:address "$bdf"
	done
	printf '</acs:permissive>\n'
}

# guest UUID METADATA DEVICES: as libvirt prints a guest that is about to run
guest() {
	cat >"$xml" <<-EOF
		<domain type='kvm' id='1'>
		  <name>web one</name>
		  <uuid>$1</uuid>
		  <title>a guest</title>
		  <metadata>
		    <tool:os xmlns:tool="http://example.org/tool"><tool:x y="z"/></tool:os>
		    $2
		  </metadata>
		  <memory unit='KiB'>65536</memory>
		  <os><type arch='x86_64' machine='q35'>hvm</type></os>
		  <devices>
		    <emulator>/usr/bin/qemu-system-x86_64</emulator>
		    <hostdev mode='subsystem' type='usb'><source><address bus='4' device='0'/></source></hostdev>
		    $3
		  </devices>
		</domain>
	EOF
}

# calls STATUS OPERATION PHASE: nothing goes to stdout, where libvirt may expect XML.
calls() {
	run --separate-stderr "${as_nobody[@]}" env PATH="${path:-$PATH}" "$hook" 'web one' "$2" "$3" - <"$xml"
	echo "$2: status $status, wanted $1; $output; stderr: ${stderr-}"
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[ "$1" -ne 0 ] || [ -z "$stderr" ]
}

# refuses TEXT: one line, nothing set, nothing recorded
refuses() {
	calls 1 prepare begin
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == 'acs-guard: '*"$1"* ]]
	[[ $stderr == *'nothing was set'* ]]
	is "$a" 0
	is "$b" 0
	[ -z "$(ls -- "$records" 2>/dev/null)" ]
}

# is BDF 0|1
is() {
	echo "permissive of $1: $(<"$fake/sys/bus/pci/devices/$1/acs_guard/permissive"), wanted $2"
	[ "$(<"$fake/sys/bus/pci/devices/$1/acs_guard/permissive")" = "$2" ]
}

# sets BDF 0|1: an administrator does, not the hook
sets() {
	echo "$2" >"$fake/sys/bus/pci/devices/$1/acs_guard/permissive"
}

# A device that went and came again: its attributes are others.
replug() {
	local file=$fake/sys/bus/pci/devices/$1/acs_guard/permissive

	echo "${2-0}" >"$file.new"
	mv -- "$file.new" "$file"
}

# --- from the start of a guest to its end ------------------------------------------------

@test "hook: what the guest declares is set before it starts, and taken back after" {
	guest "$one" "$(permissive "$a")" "$(hostdevs "$a" "$b")"
	calls 0 prepare begin
	is "$a" 1
	is "$b" 0
	[ "$(cut -d ' ' -f 1 "$records/$one")" = "$a" ]
	[ "$(<"$fake/dev/kmsg")" = "<5>acs-guard: exception for $a by libvirt, for guest web_one: lab _7_" ]
	for operation in start started reconnect attach migrate restore; do
		calls 0 "$operation" begin
	done
	calls 0 stopped end
	is "$a" 1
	calls 0 release end
	is "$a" 0
	[ -z "$(ls -- "$records")" ]
	calls 0 release end
}

@test "hook: several devices, and those of <interface type='hostdev'>" {
	guest "$one" "$(permissive "$b" "$a")" \
		"$(hostdevs "$a")<interface type='hostdev'><source>$(address "address type='pci'" "$b")</source></interface>"
	sed -i "s|</acs:permissive>|<!-- both --></acs:permissive>|" "$xml"
	calls 0 prepare begin
	is "$a" 1
	is "$b" 1
	calls 0 release end
	is "$a" 0
	is "$b" 0
}

@test "hook: addresses are numbers, however they are written" {
	guest "$one" "$(permissive 0000:04:00.0 | sed 's/0x0000/0x0/; s/0x04/0x4/; s/0x00/0x0/')" "$(hostdevs "$a")"
	calls 0 prepare begin
	is "$a" 1
}

@test "hook: a guest that declares nothing is left alone, though xmllint, module and schema be missing" {
	guest "$one" '' "$(hostdevs "$a")"
	rm -rf -- "$fake/sys/module"
	export ACS_GUARD_SCHEMA=/nonexistent
	for operation in prepare reconnect migrate; do
		path=$(tools) calls 0 "$operation" begin
	done
	path=$(tools) calls 0 release end
	is "$a" 0
	[ ! -e "$records" ]
}

# A folder with what the hook needs, but xmllint.
tools() {
	local tool dir=$BATS_TEST_TMPDIR/tools

	mkdir -p -- "$dir"
	for tool in bash cat dirname flock grep mkdir mv readlink rm stat; do
		ln -sf "$(command -v "$tool")" "$dir/$tool"
	done
	printf '%s\n' "$dir"
}

@test "hook: the namespace in a title is no declaration" {
	guest "$one" '' "$(hostdevs "$a")"
	sed -i 's|a guest|urn:acs-guard:libvirt:1|' "$xml"
	calls 0 prepare begin
	is "$a" 0
}

@test "hook: a declaration that is gone by the end is taken back all the same" {
	guest "$one" "$(permissive "$a")" "$(hostdevs "$a")"
	calls 0 prepare begin
	guest "$one" '' ''
	calls 0 release end
	is "$a" 0
}

@test "hook: what a call that nothing followed has set is taken back by the next" {
	guest "$one" "$(permissive "$a" "$b")" "$(hostdevs "$a" "$b")"
	calls 0 prepare begin
	guest "$one" "$(permissive "$b")" "$(hostdevs "$b")"
	calls 0 prepare begin
	is "$a" 0
	is "$b" 1
	guest "$one" '' ''
	calls 0 prepare begin
	is "$b" 0
	[ -z "$(ls -- "$records")" ]
}

# --- whose exception it is -----------------------------------------------------------------

@test "hook: an administrator's exception stays the administrator's" {
	sets "$a" 1
	guest "$one" "$(permissive "$a" "$b")" "$(hostdevs "$a" "$b")"
	calls 0 prepare begin
	[ "$(cut -d ' ' -f 1 "$records/$one")" = "$b" ]
	calls 0 release end
	is "$a" 1
	is "$b" 0
}

@test "hook: of two guests with one device the last takes the exception back, in either order" {
	for last in "$one" "$two"; do
		first=$two
		[ "$last" = "$one" ] || first=$one
		for uuid in "$one" "$two"; do
			guest "$uuid" "$(permissive "$a")" "$(hostdevs "$a")"
			calls 0 prepare begin
			is "$a" 1
		done
		guest "$first" "$(permissive "$a")" "$(hostdevs "$a")"
		calls 0 release end
		is "$a" 1
		guest "$last" "$(permissive "$a")" "$(hostdevs "$a")"
		calls 0 release end
		is "$a" 0
	done
}

@test "hook: what was set anew, after the device had been away, is another's" {
	guest "$one" "$(permissive "$a" "$b")" "$(hostdevs "$a" "$b")"
	calls 0 prepare begin
	replug "$a" 1
	rm -r -- "$fake/sys/bus/pci/devices/$b/acs_guard"
	calls 0 release end
	is "$a" 1
	[ -z "$(ls -- "$records")" ]
}

@test "hook: an exception that cannot be revoked is reported, and its record is kept" {
	may_be_stopped
	guest "$one" "$(permissive "$a")" "$(hostdevs "$a")"
	calls 0 prepare begin
	read_only "$a"
	calls 1 release end
	[[ $stderr == "acs-guard: guest web one: the exception for $a stays: "* ]]
	[ -f "$records/$one" ]
	writable "$a"
	calls 0 release end
	is "$a" 0
}

# Where root may write anything, the hook is run as another user.
may_be_stopped() {
	[ "$(id -u)" -eq 0 ] || return 0
	chmod a+rX -- "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
	# The checkout may be root's own.
	install -m 755 -- "$hook" "$BATS_TEST_TMPDIR/libvirt-hook"
	install -m 644 -- "$ACS_GUARD_SCHEMA" "$BATS_TEST_TMPDIR/libvirt-metadata.rng"
	hook=$BATS_TEST_TMPDIR/libvirt-hook ACS_GUARD_SCHEMA=
	chown -R 65534:65534 -- "$fake"
	as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
}

# As where the settings are locked: it can be read, and a write fails.
read_only() {
	chmod 444 -- "$fake/sys/bus/pci/devices/$1/acs_guard/permissive"
}

writable() {
	chmod 644 -- "$fake/sys/bus/pci/devices/$1/acs_guard/permissive"
}

# --- nothing half done -----------------------------------------------------------------------

@test "hook: if one exception cannot be made, none is" {
	may_be_stopped
	guest "$one" "$(permissive "$a" "$b")" "$(hostdevs "$a" "$b")"
	for bdf in "$a" "$b"; do
		read_only "$bdf"
		refuses "the exception for $bdf cannot be made"
		writable "$bdf"
	done
	echo 1 >"$fake/sys/module/acs_guard/parameters/lock"
	read_only "$b"
	refuses 'lock=1'
}

@test "hook: without the record nothing is set" {
	guest "$one" "$(permissive "$a")" "$(hostdevs "$a")"
	mkdir -p -- "$records/.$one"
	refuses 'cannot be written'
	rm -r -- "$fake/run"
	: >"$fake/run"
	calls 1 prepare begin
	[[ $stderr == *'cannot be made'* ]]
	is "$a" 0
}

@test "hook: no device, no attribute, no module, no hostdev: refused" {
	guest "$one" "$(permissive "$a" 0000:0a:00.0)" "$(hostdevs "$a" 0000:0a:00.0)"
	refuses '0000:0a:00.0, and there is no such device'
	guest "$one" "$(permissive "$a" "$b")" "$(hostdevs "$a")"
	refuses "$b, which is no PCI <hostdev> of it"
	# Not even where the guest sees a device.
	guest "$one" "$(permissive "$b")" "$(hostdevs 0000:01:00.0)"
	refuses "$b, which is no PCI <hostdev> of it"
	guest "$one" "$(permissive "$b")" "$(hostdevs "$a")<hostdev mode='subsystem' type='scsi'><source>$(address address "$b")</source></hostdev>"
	refuses "$b, which is no PCI <hostdev> of it"
	guest "$one" "$(permissive "$a")" "$(hostdevs "$a")"
	mv -- "$fake/sys/module" "$fake/sys/module.away"
	refuses 'acs_guard is not loaded'
	mv -- "$fake/sys/module.away" "$fake/sys/module"
	mv -- "$fake/sys/bus/pci/devices/$a/acs_guard/permissive" "$BATS_TEST_TMPDIR"
	calls 1 prepare begin
	[[ $stderr == *"there is no "*"$a/acs_guard/permissive"* ]]
}

@test "hook: no xmllint, no schema: refused" {
	guest "$one" "$(permissive "$a")" "$(hostdevs "$a")"
	path=$(tools) calls 1 prepare begin
	[[ $stderr == *'install libxml2-utils'* ]]
	is "$a" 0
	# The packages may be installed here, and with them the schema.
	sed 's|/usr/\(local/\)\?share/acs-guard/|/nonexistent/|' "$hook" >"$BATS_TEST_TMPDIR/hook"
	chmod +x "$BATS_TEST_TMPDIR/hook"
	[ "$(grep -c /nonexistent/ "$BATS_TEST_TMPDIR/hook")" -eq 2 ]
	hook=$BATS_TEST_TMPDIR/hook
	ACS_GUARD_SCHEMA='' refuses 'libvirt-metadata.rng is not installed'
}

# broken SED TEXT: the guest's XML, changed, is refused
broken() {
	guest "$one" "$(permissive "$a")" "$(hostdevs "$a")"
	cp -- "$xml" "$xml.whole"
	sed -i "$1" "$xml"
	! cmp -s "$xml" "$xml.whole" || {
		echo "nothing was changed by $1"
		return 1
	}
	refuses "$2"
}

@test "hook: XML that is none is refused" {
	for change in 's|</metadata>||' 's|</domain>||' 's/<acs:address/<<acs:address/' \
		's/xmlns:acs=/xmlns:abc=/' 's/urn:acs-guard:libvirt:1"/&\&nothing;/'; do
		broken "$change" 'cannot be read'
	done
	broken '/<uuid>/d' 'has no UUID'
	broken 's/<\(.\?\)domain/<\1network/' 'has no UUID'
	broken 's|<uuid>.*|<uuid>../../x</uuid>|' 'has no UUID'
}

@test "hook: metadata that are not as the schema has them are refused" {
	for change in 's/acs:address/acs:location/' 's/acs:permissive/acs:permit/g' \
		's/ reason="[^"]*"//' 's/reason="[^"]*"/reason=""/' 's/ reason=/ until="2030" &/' \
		"s/reason=\"[^\"]*\"/reason=\"$(printf 'x%.0s' {1..201})\"/" \
		's|<acs:address[^>]*>||' 's/\(<acs:address.*\) function=[^/]*/\1/' \
		"s/\(<acs:address.*bus='\)0x04/\1 0x04/" "s/\(<acs:address.*bus='\)0x04/\14/" \
		"s/\(<acs:address.*bus='\)0x04/\10x104/" "s/\(<acs:address.*slot='\)0x00/\10x20/" \
		"s/\(<acs:address.*function='\)0x0/\10x8/" "s/\(<acs:address.*\)domain=/type='pci' \1domain=/;s/<acs:address/& x='y'/" \
		's|</acs:permissive>|text&|' 's|</acs:permissive>|<b/>&|' \
		's|<acs:permissive.*|&&|' 's|^ *<title>.*|<acs:permissive xmlns:acs="urn:acs-guard:libvirt:1"/>|' \
		's|<memory|& acs:x="1" xmlns:acs="urn:acs-guard:libvirt:1"|'; do
		broken "$change" 'are not as'
	done
	broken 's/reason="[^"]*"/reason="  "/' 'one line of plain text'
	broken 's/reason="[^"]*"/reason="a\&#10;b"/' 'one line of plain text'
	broken 's|<acs:address[^>]*>|&&|' "name $a twice"
	broken 's/libvirt:1/libvirt:2/' 'another version'
}

@test "hook: a libvirt hostdev whose address cannot be read is refused" {
	broken "s|\(<source><address.*bus='\)0x04|\1four|" 'assigned device number 1'
}
