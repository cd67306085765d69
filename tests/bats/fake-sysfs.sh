# shellcheck shell=bash disable=SC2034,SC2154 # who sources this gives, and takes, variables
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes, below a folder, what acs-guard reads of a machine: PCI devices as
# sysfs shows them, with the attributes of acs_guard, disks and network interfaces.
# Sourced by tests; $fake is the folder.

# pci PATH VENDOR:DEVICE CLASS [DRIVER]: a function; PATH is that below its root bus,
# as 0000:00:02.0/0000:01:00.0, or, for another root bus, pci0000:80/0000:80:00.0.
pci() {
	local path=$1 id=$2 class=$3 driver=${4-} dir bdf

	[[ $path == pci* ]] || path=pci0000:00/$path
	dir=$fake/sys/devices/$path bdf=${path##*/}
	mkdir -p "$dir" "$fake/sys/bus/pci/devices" "$fake/sys/kernel/iommu_groups"
	identity "$dir" "$id" "$class"
	echo '(null)' >"$dir/driver_override"
	ln -s "../../../devices/$path" "$fake/sys/bus/pci/devices/$bdf"
	[ -z "$driver" ] || drive "$bdf" "$driver"
}

# identity FOLDER VENDOR:DEVICE CLASS
identity() {
	echo "0x${2%:*}" >"$1/vendor"
	echo "0x${2#*:}" >"$1/device"
	echo "0x$3" >"$1/class"
	printf 'pci:v%08Xd%08Xsv00000000sd00000000bc%02Xsc%02Xi%02X\n' "0x${2%:*}" "0x${2#*:}" \
		"0x${3:0:2}" "0x${3:2:2}" "0x${3:4}" >"$1/modalias"
}

# drive BDF DRIVER
drive() {
	mkdir -p "$fake/sys/bus/pci/drivers/$2"
	ln -s "../../../../bus/pci/devices/$1" "$fake/sys/bus/pci/drivers/$2/$1"
	ln -sfn "$fake/sys/bus/pci/drivers/$2" "$fake/sys/bus/pci/devices/$1/driver"
}

# group NUMBER BDF...
group() {
	local number=$1 bdf

	shift
	mkdir -p "$fake/sys/kernel/iommu_groups/$number/devices"
	for bdf; do
		ln -s "../../../../bus/pci/devices/$bdf" "$fake/sys/kernel/iommu_groups/$number/devices/$bdf"
		ln -sfn "$fake/sys/kernel/iommu_groups/$number" "$fake/sys/bus/pci/devices/$bdf/iommu_group"
	done
}

# ungroup [NUMBER...]: these groups, or all, are gone.
ungroup() {
	local number link

	[ $# -gt 0 ] || {
		set -- "$fake"/sys/kernel/iommu_groups/*
		set -- "${@##*/}"
	}
	for number; do
		for link in "$fake/sys/kernel/iommu_groups/$number"/devices/*; do
			rm -f -- "$fake/sys/bus/pci/devices/${link##*/}/iommu_group"
		done
		rm -r -- "$fake/sys/kernel/iommu_groups/$number"
	done
}

# guard_all: as when acs_guard is loaded, and all are isolated.
guard_all() {
	local dir parameters=$fake/sys/module/acs_guard/parameters

	mkdir -p "$parameters"
	echo enforce >"$parameters/mode"
	echo function >"$parameters/unit"
	echo 0 >"$parameters/strict"
	echo 0 >"$parameters/lock"
	echo >"$parameters/permissive"
	echo 'vfio-pci,pci-stub,*[-_]vfio[-_]pci' >"$parameters/drivers"
	for dir in "$fake"/sys/bus/pci/devices/*; do
		mkdir -p "$dir/acs_guard"
		verdict "${dir##*/}" isolated
		echo 0 >"$dir/acs_guard/permissive"
		echo 0 >"$dir/acs_guard/denied"
	done
}

# verdict BDF REASON [PEER...]: what is not isolated does not pass with unit=group either,
# unless group_isolated says so.
verdict() {
	local dir=$fake/sys/bus/pci/devices/$1/acs_guard

	echo "$2" >"$dir/reason"
	echo "$(($([ "$2" = isolated ] && echo 1 || echo 0)))" | tee "$dir/isolated" >"$dir/group_isolated"
	shift 2
	printf '%s\n' "$@" | sed '/^$/d' >"$dir/peers"
}

# group_isolated BDF 0|1
group_isolated() {
	echo "$2" >"$fake/sys/bus/pci/devices/$1/acs_guard/group_isolated"
}

# older_module: a module without the attribute group_isolated.
older_module() {
	rm -f -- "$fake"/sys/bus/pci/devices/*/acs_guard/group_isolated
}

# hide BDF: as a write to sysfs "remove" does.
hide() {
	rm -rf -- "$(readlink -f -- "$fake/sys/bus/pci/devices/$1")"
	rm -f -- "$fake/sys/bus/pci/devices/$1" "$fake"/sys/bus/pci/drivers/*/"$1" \
		"$fake"/sys/kernel/iommu_groups/*/devices/"$1"
}

# block MAJOR:MINOR PATH: a disk or partition, PATH below /sys/devices.
block() {
	local dir=$fake/sys/devices/$2 name=${2##*/}

	mkdir -p "$dir" "$fake/sys/dev/block" "$fake/sys/class/block"
	echo "$1" >"$dir/dev"
	ln -s "../../devices/$2" "$fake/sys/dev/block/$1"
	ln -s "../../devices/$2" "$fake/sys/class/block/$name"
}

# made_of NAME SLAVE...: a block device of other ones.
made_of() {
	local name=$1 slave

	shift
	mkdir -p "$fake/sys/class/block/$name/slaves"
	for slave; do
		ln -s "$fake/sys/class/block/$slave" "$fake/sys/class/block/$name/slaves/$slave"
	done
}

# net NAME BDF OPERSTATE
net() {
	local dir=$fake/sys/class/net/$1

	mkdir -p "$dir"
	echo "$3" >"$dir/operstate"
	ln -s "$fake/sys/bus/pci/devices/$2" "$dir/device"
}

# mounted LINE...: /proc/self/mountinfo
mounted() {
	mkdir -p "$fake/proc/self"
	printf '%s\n' "$@" >"$fake/proc/self/mountinfo"
}

no_acs='this port has no ACS, so it may pass DMA on to a neighbour (lacks SV,RR,CR,UF)'
one_of_several='one of several functions of a device, and ACS does not keep them apart (lacks RR,CR)'

# The machine of most tests. What acs_guard says of it is what the module says of the
# same devices in the tests' virtual machine: two cards behind a switch without ACS.
make_machine() {
	local root_port=8086:0e08 switch=0000:00:03.0/0000:02:00.0

	pci 0000:00:00.0 8086:29c0 060000
	pci 0000:00:02.0 "$root_port" 060400 pcieport
	pci 0000:00:02.0/0000:01:00.0 8086:10d3 020000 e1000e
	pci 0000:00:03.0 "$root_port" 060400 pcieport
	pci "$switch" 104c:8232 060400 pcieport
	pci "$switch/0000:03:00.0" 104c:8233 060400 pcieport
	pci "$switch/0000:03:00.0/0000:04:00.0" 8086:10d3 020000
	pci "$switch/0000:03:01.0" 104c:8233 060400 pcieport
	pci "$switch/0000:03:01.0/0000:05:00.0" 8086:10d3 020000 e1000e
	pci 0000:00:04.0 "$root_port" 060400 pcieport
	pci 0000:00:1f.2 8086:2922 010601 ahci
	group 0 0000:00:00.0
	group 1 0000:00:02.0
	group 2 0000:00:03.0
	group 3 0000:00:04.0
	group 4 0000:00:1f.2
	group 10 0000:01:00.0
	group 11 0000:02:00.0
	group 12 0000:03:00.0
	group 13 0000:03:01.0
	group 14 0000:04:00.0
	group 15 0000:05:00.0
	echo 6 >"$fake/sys/bus/pci/devices/0000:00:04.0/secondary_bus_number"
	mkdir -p "$fake/sys/bus/pci/slots/3"
	echo 0000:06:00 >"$fake/sys/bus/pci/slots/3/address"
	guard_all
	verdict 0000:04:00.0 "no-acs 0000:03:00.0: $no_acs" 0000:05:00.0
	verdict 0000:05:00.0 "no-acs 0000:03:01.0: $no_acs" 0000:04:00.0

	block 8:0 pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda
	block 8:1 pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1
	block 8:2 pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda2
	block 253:0 virtual/block/dm-0
	made_of dm-0 sda2
	mounted '21 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw' \
		'22 21 8:1 / /boot rw,relatime shared:2 - ext4 /dev/sda1 rw' \
		'23 21 0:21 / /proc rw - proc proc rw'
	printf 'Filename\tType\tSize\tUsed\tPriority\n' >"$fake/proc/swaps"
	echo 'BOOT_IMAGE=/vmlinuz root=/dev/mapper/vg-root' >"$fake/proc/cmdline"
	net lo0 0000:01:00.0 down
	net eth0 0000:01:00.0 up
	mkdir -p "$fake/etc" "$fake/dev"
	names
}

# A few lines in the form of the list of names that lspci reads.
names() {
	printf '%s\n' '# comment' '' '104c  Texas Instruments' \
		$'\t8232  XIO3130 PCI Express Switch (Upstream)' \
		$'\t8233  XIO3130 PCI Express Switch (Downstream)' \
		'8086  Intel Corporation' $'\t0e08  Xeon E7 v2/Xeon E5 v2 PCI Express Root Port 3a' \
		$'\t10d3  82574L Gigabit Network Connection' $'\t\t103c 1785  NC112T Ethernet Adapter' \
		$'\t2922  82801IR/IO/IH (ICH9R/DO/DH) 6 port SATA Controller [AHCI mode]' \
		$'\t29c0  82G33/G31/P35/P31 Express DRAM Controller' \
		'C 01  Mass storage controller' $'\t06  SATA controller' $'\t\t01  AHCI 1.0' \
		'C 02  Network controller' $'\t00  Ethernet controller' \
		'C 06  Bridge' $'\t00  Host bridge' $'\t04  PCI bridge' >"$fake/pci.ids"
}

# tool ARGUMENT...: acs-guard on that machine.
tool() {
	ACS_GUARD_SYSFS=$fake/sys ACS_GUARD_PROC=$fake/proc ACS_GUARD_ETC=$fake/etc \
		ACS_GUARD_DEV=$fake/dev ACS_GUARD_ROOT=$fake ACS_GUARD_PCI_IDS=$fake/pci.ids "$acs_guard" "$@"
}
