# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same machine, but for its hot-plug.

# shellcheck source=../check.d/00-machine.sh
. /guest/check.d/00-machine.sh

pci_express=/sys/bus/pci_express

begin "hot-plug is PCI Express's own"
expect_command test -d "$pci_express/drivers/pciehp"
for name in PLUG_PORT BAD_PORT SLOT_PORT; do
	at "$name"
	expect
	set -- "$at_sys"/*:pcie?04/driver
	[ "$1" -ef "$pci_express/drivers/pciehp" ] || problem "$name has no pciehp"
done
end
