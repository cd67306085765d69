# SPDX-License-Identifier: GPL-2.0-only
#
# Prints "HEADER INCLUDED" for each #include "..." of the headers, and "HEADER HEADER".
# See include_pairs in scripts/lib/graph.
#
# usage: awk -v home=FOLDER -v homes=FOLDERS -f includes.awk HEADER...

function folder(path)
{
	sub(/\/[^\/]*$/, "", path)
	return path
}

# Without "FOLDER/..".
function normal(path)
{
	while (sub(/[^\/]+\/\.\.\//, "", path))
		;
	return path
}

# Whether the path ends in this name.
function is_called(path, name)
{
	return path == name || substr(path, length(path) - length(name)) == "/" name
}

BEGIN {
	for (i = split(homes, list); i > 0; i--)
		is_home[list[i]] = 1
	for (i = 1; i < ARGC; i++)
		exists[ARGV[i]] = 1
}

is_home[folder(FILENAME)] && folder(FILENAME) != home { next }

FNR == 1 { print FILENAME, FILENAME }

/^[ \t]*#[ \t]*include[ \t]*"/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*$/, "", name)
	beside = normal(folder(FILENAME) "/" name)
	if (beside in exists) {
		print FILENAME, beside
	} else if ((home "/" name) in exists) {
		print FILENAME, home "/" name
	} else {
		for (path in exists)
			if (is_called(path, name) && !is_home[folder(path)])
				print FILENAME, path
	}
}
