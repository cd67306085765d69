# SPDX-License-Identifier: GPL-2.0-only
#
# Prints a library of shell functions without those that a script cannot reach, as empty
# lines. A function is reached if its name is a word of the script, of the library outside
# of its functions, or of a function that is reached.
#
# usage: awk -f reduce.awk SCRIPT... LIBRARY

function reach(text,   i, n, word)
{
	sub(/(^|[ \t])#.*/, "", text)
	gsub(/[^A-Za-z0-9_]+/, " ", text)
	n = split(text, word, " ")
	for (i = 1; i <= n; i++)
		if (word[i] in first && !(word[i] in reached)) {
			reached[word[i]]
			waiting[++count] = word[i]
		}
}

FNR == 1 {
	file++
}

file < ARGC - 1 {
	reach_later[++lines] = $0
	next
}

{
	line[FNR] = $0
}

/^[a-z_0-9]+\(\) \{$/ {
	name = substr($0, 1, index($0, "(") - 1)
	first[name] = FNR
}

{
	owner[FNR] = name
	last[name] = FNR
}

/^}$/ {
	name = ""
}

END {
	for (i = 1; i <= lines; i++)
		reach(reach_later[i])
	for (i = 1; i <= FNR; i++)
		if (owner[i] == "")
			reach(line[i])
	for (taken = 1; taken <= count; taken++)
		for (i = first[waiting[taken]]; i <= last[waiting[taken]]; i++)
			reach(line[i])
	for (i = 1; i <= FNR; i++)
		print owner[i] == "" || owner[i] in reached ? line[i] : ""
}
