# SPDX-License-Identifier: GPL-2.0-only
#
# Makes a CSV of the lines of results in what the machines report:
#
#	= <tab> ROW <tab> CASE <tab> SUBJECT <tab> VALUE <tab> UNIT
#
# Everything else is passed over. Exit 1 if a line is not of this shape, or says again
# what another has said.

BEGIN {
	FS = "\t"
	print "row,case,subject,value,unit"
}

function bad(words) {
	print "bench: line " NR ": " words ": " $0 >"/dev/stderr"
	failed = 1
}

function quoted(text) {
	return text ~ /,/ ? "\"" text "\"" : text
}

!/^=/ { next }
NF != 6 || $1 != "=" { bad("no result"); next }
$2 !~ /^[1-7]$/ { bad("there is no such row"); next }
$3 $4 $6 ~ /"/ || $3 == "" || $4 == "" || $6 == "" { bad("no such words"); next }
$5 !~ /^-?[0-9]+(\.[0-9]+)?$/ { bad("no number"); next }
($2, $3, $4, $6) in seen { bad("printed twice"); next }
{
	seen[$2, $3, $4, $6] = 1
	print $2 "," quoted($3) "," quoted($4) "," $5 "," quoted($6)
}

END { exit failed }
