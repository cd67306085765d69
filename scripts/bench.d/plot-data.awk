# SPDX-License-Identifier: GPL-2.0-only
#
# The numbers of plot.gp, from the lines of results, into files of the current folder.

BEGIN {
	FS = "\t"
	depth["pci_acs_path_enabled"] = "kernel"
	depth["acs_guard_examine"] = "examine"
	depth["acs_guard_examine strict"] = "strict"
	scale["acs-guard"] = "tool"
	scale["acs-guard --json"] = "json"
	scale["load"] = "load"
	scale["peers of a VF"] = "peers"
	scale["verdict below a switch"] = "verdict"
	# In the order of the bars, from above.
	bars = split("pci-stub,vfio-pci,not guarded", bar, ",")
	for (file in depth)
		printf "" >depth[file]
	for (file in scale)
		printf "" >scale[file]
	printf "" >"user"
	printf "" >"bind"
}

# The number in "depth 3" or "100 functions".
function number(text) {
	gsub(/[^0-9]/, "", text)
	return text
}

# 1234567 -> 1,234,567
function commas(text,   end) {
	for (end = length(text) - 3; end > 0; end -= 3)
		text = substr(text, 1, end) "," substr(text, end + 1)
	return text
}

!/^=/ || $6 != "instructions" { next }
$2 == 1 && $3 ~ /^depth [0-9]+$/ && $4 in depth { print number($3), $5 >depth[$4] }
$2 == 2 { bind[$3, $4] = $5 }
$2 == 3 && $3 == "console quiet" && $4 == "refusal with its lines" { refusal = $5 }
$2 == 4 && $3 ~ /1 port above/ && $4 != "pci_acs_path_enabled" {
	sub(/acs_guard_examine/, "in the kernel", $4)
	printf "\"%s\" %s \"%s\"\n", $4, $5, commas($5) >"user"
}
$2 == 5 && $3 ~ /^[0-9]+ functions$/ && $4 in scale { print number($3), $5 >scale[$4] }

END {
	for (i = 1; i <= bars; i++)
		if ((bar[i], "with acs_guard") in bind)
			printf "\"%s\" %s %s\n", bar[i], bind[bar[i], "without acs_guard"],
				bind[bar[i], "with acs_guard"] >"bind"
	if (refusal)
		printf "\"a refusal\" NaN %s\n", refusal >"bind"
}
