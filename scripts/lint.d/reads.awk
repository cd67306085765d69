# SPDX-License-Identifier: GPL-2.0-only
#
# Prints "FILE:LINE:TEXT" for each line that reads a member of struct pci_dev or of struct
# pci_bus, the embedded struct device aside, or that calls a function of the kernel which
# reads such members or configuration space. A pointer is known by its declaration in the
# same file. Comments are no reads.
#
# usage: awk -f reads.awk FILE...

function forget(   name)
{
	for (name in declared)
		delete declared[name]
}

# "struct pci_dev *a, *b": the names.
function declare(text,   name)
{
	while (match(text, /struct pci_(dev|bus) \**[a-z_]+(,[ \t]*\*+[a-z_]+)*/)) {
		name = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		sub(/struct pci_(dev|bus) /, "", name)
		gsub(/[ \t*]/, "", name)
		split_names(name)
	}
}

function split_names(list,   parts, i)
{
	for (i = split(list, parts, ","); i > 0; i--)
		declared[parts[i]] = 1
}

function reads_member(text,   name)
{
	while (match(text, /[a-z_]+(\([^()]*\))?->[a-z_]+/)) {
		name = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		if (name ~ /->dev$/)
			continue
		sub(/(\(.*)?->.*/, "", name)
		if (name in declared || name == "to_pci_dev" || name == "acs_node_pdev")
			return 1
	}
	return 0
}

BEGIN {
	calls = "(^|[^a-z_])(pci_(bus_|user_)?(read|write)_config_|pcie_(caps|cap_|find)|" \
		"pci_(is_|pcie_|resource_|find_|channel_|upstream_|physfn|domain_nr|real_dma))"
}

FNR == 1 { forget() }

{ sub(/\/\*.*/, "") }

/^[ \t]*\*/ { next }

{ declare($0) }

reads_member($0) || $0 ~ calls { print FILENAME ":" FNR ":" $0 }
