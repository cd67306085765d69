#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The tool's table of what quirks of the kernel know, against a source of the kernel.

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../../..

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# A source tree with one more line in its quirks, at the end.
source_with() {
	local file

	for file in include/linux/pci_ids.h drivers/pci/controller/vmd.c drivers/pci/quirks.c; do
		install -D -m 644 -- "$source/$file" "tree/$file"
	done
	printf '%s\n' "$@" >>tree/drivers/pci/quirks.c
}

@test "all quirks of the kernel of the KUnit suites are in the table of the tool" {
	source=$("$top/scripts/lib/uml" -f)
	[ -r "$source/drivers/pci/quirks.c" ] || source=$(readlink -f -- "$source/source")
	"$top/scripts/lib/quirks-table" "$source" | grep '^{' >wanted
	[ "$(wc -l <wanted)" -ge 100 ]
	! grep -vxFf "$top/tools/acs-guard/quirks-table.h" wanted || false

	# A quirk more would be noticed, and a new kind of one as well.
	source_with 'DECLARE_PCI_FIXUP_HEADER(PCI_VENDOR_ID_MARVELL_EXT,' '			 /* new */ 0xabcd, quirk_dma_func1_alias);'
	"$top/scripts/lib/quirks-table" tree >table
	grep -qxF '{ QUIRK_FUNC1, 0x1b4b, 0xabcd },' table
	source_with 'static void quirk_new_alias(struct pci_dev *dev)' '{' '	pci_add_dma_alias(dev, 0, 1);' '}'
	run "$top/scripts/lib/quirks-table" tree
	[ "$status" -eq 1 ]
	[[ $output == *'a new kind of quirk: quirk_new_alias'* ]]
}

@test "quirks-table: no source, no table" {
	run "$top/scripts/lib/quirks-table"
	[ "$status" -eq 2 ]
	run "$top/scripts/lib/quirks-table" "$BATS_TEST_TMPDIR"
	[ "$status" -eq 2 ]
}
