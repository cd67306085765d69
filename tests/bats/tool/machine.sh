# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Writes dumps of machines that never were, and the registers of the machine of fake-sysfs.sh.
# Sourced by tests.

# device BDF [KEY=VALUE...]: a function as lspci -xxxx prints it.
#   id=8086:1533 class=020000 len=4096 multi=1
#   type=0        PCI Express, of that type; without it, conventional
#   slot=1        a port with a slot; slot=hotplug: which takes cards while the machine runs
#   buses=01-02   a bridge to these
#   acs=1f/1d     ACS capability and control
#   ats=1         can ask for translations
#   command=2     its command register
#   bar=fe000000  its first BAR
#   vfs=2,10,1    so many virtual functions are on: from this offset, with this stride (hex)
device() {
	awk -v bdf="$1" -v words="${*:2}" '
		function hex(text,   i, value) {
			for (i = 1; i <= length(text); i++)
				value = 16 * value + index("0123456789abcdef", substr(text, i, 1)) - 1
			return value + 0
		}
		function put(at, size, value) {
			for (; size--; value = int(value / 256)) byte[at++] = value % 256
		}
		# In the list of extended capabilities.
		function add(id, size,   at) {
			at = next_cap
			put(at, 4, 65536 + id)
			if (last_cap) put(last_cap + 2, 2, at * 16 + 1)
			last_cap = at
			next_cap = at + size
			return at
		}
		BEGIN {
			key["id"] = "8086:1533"; key["class"] = "020000"; key["len"] = 4096
			n = split(words, word, " ")
			for (i = 1; i <= n; i++) { split(word[i], pair, "="); key[pair[1]] = pair[2] }
			split(key["id"], id, ":")
			put(0, 2, hex(id[1])); put(2, 2, hex(id[2]))
			if ("buses" in key && key["class"] == "020000") key["class"] = "060400"
			put(9, 3, hex(key["class"]))
			if ("command" in key) put(4, 2, hex(key["command"]))
			if ("bar" in key) put(16, 4, hex(key["bar"]))
			if ("multi" in key) byte[14] = 128
			if ("buses" in key) {
				split(key["buses"], bus, "-")
				byte[14] += 1
				split(bdf, part, ":")
				byte[24] = hex(part[length(bdf) > 8 ? 2 : 1]); byte[25] = hex(bus[1]); byte[26] = hex(bus[2])
			}
			if ("type" in key) {
				put(6, 2, 16); byte[52] = 64
				put(64, 4, 16 + (2 + 16 * hex(key["type"]) + ("slot" in key ? 256 : 0)) * 65536)
				if (key["slot"] == "hotplug") put(84, 4, 64)
			}
			next_cap = 256
			if ("acs" in key) {
				split(key["acs"], acs, "/")
				at = add(13, 8); put(at + 4, 2, hex(acs[1])); put(at + 6, 2, hex(acs[2]))
			}
			if ("ats" in key) add(15, 8)
			if ("vfs" in key) {
				split(key["vfs"], vf, ",")
				at = add(16, 64)
				put(at + 8, 2, 1); put(at + 12, 2, hex(vf[1])); put(at + 14, 2, hex(vf[1]))
				put(at + 16, 2, hex(vf[1])); put(at + 20, 2, hex(vf[2])); put(at + 22, 2, hex(vf[3]))
				put(at + 26, 2, 4660)
			}
			print bdf " Device"
			for (i = 0; i < key["len"]; i++) {
				if (i % 16 == 0) printf "%02x:", i
				printf " %02x%s", byte[i], i % 16 == 15 ? "\n" : ""
			}
			print ""
		}'
}

# Two cards behind a switch without ACS: T1 of isolation.md.
switch_machine() {
	device 00:00.0 class=060000
	device 00:03.0 type=4 buses=02-05 acs=1f/1d
	device 02:00.0 type=5 buses=03-05
	device 03:00.0 type=6 buses=04-04
	device 03:01.0 type=6 buses=05-05
	device 04:00.0 type=0
	device 05:00.0 type=0
}

# config BDF [KEY=VALUE...]: the bytes of a function of that machine, as device() has them.
config() {
	device "$@" | sed -n 's/^[0-9a-f]*: //p' | tr -d ' \n' | sed 's/../\\x&/g' >hex
	# shellcheck disable=SC2154 # fake-sysfs.sh: its folder
	printf '%b' "$(cat hex)" >"$fake/sys/bus/pci/devices/$1/config"
}

# All of them: the card at 01:00.0 is behind a good port, those at 04:00.0 and 05:00.0 are not.
configs() {
	config 0000:00:00.0 id=8086:29c0 class=060000
	config 0000:00:02.0 id=8086:0e08 type=4 buses=01-01 acs=1f/1d
	config 0000:01:00.0 id=8086:10d3 type=0
	config 0000:00:03.0 id=8086:0e08 type=4 buses=02-05 acs=1f/1d
	config 0000:02:00.0 id=104c:8232 type=5 buses=03-05
	config 0000:03:00.0 id=104c:8233 type=6 buses=04-04
	config 0000:03:01.0 id=104c:8233 type=6 buses=05-05
	config 0000:04:00.0 id=8086:10d3 type=0
	config 0000:05:00.0 id=8086:10d3 type=0
	config 0000:00:04.0 id=8086:0e08 type=4 buses=06-06 acs=1f/1d
	config 0000:00:1f.2 id=8086:2922 class=010601
}
