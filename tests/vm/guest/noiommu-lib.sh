# shellcheck shell=dash disable=SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the topics of the machine without an IOMMU share. Sourced after lib.sh.

# vfio_binds: vfio-pci is loaded, and this kernel has VFIO's no-IOMMU mode, which is on
# from now on.
vfio_binds() {
	local mode=/sys/module/vfio/parameters/enable_unsafe_noiommu_mode

	[ -e "$mode" ] && echo 1 >"$mode"
}

# set_register PORT VALUE: its ACS control, as firmware may leave it. Linux switches ACS
# on only with an IOMMU.
set_register() {
	at "$1"
	setpci -s "$at_address" "ECAP_ACS+6.w=$2"
}
