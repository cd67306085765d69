# SPDX-License-Identifier: GPL-2.0-only
#
# Reads pairs "USER USED", as tsort does (a name with itself: it exists), and prints the
# names by level, the highest first: "LEVEL NAME...". A name uses names of lower levels
# only. Names that use each other, directly or through others, are one circle, in
# parentheses. With -v wanted=circles: one circle a line, and nothing else.

{
	add($1)
	add($2)
	if ($1 != $2)
		uses[$1, $2] = reaches[$1, $2] = 1
}

# Keeps the names in order.
function add(name,   i)
{
	if (name in known)
		return
	known[name] = 1
	for (i = ++count; i > 1 && names[i - 1] > name; i--)
		names[i] = names[i - 1]
	names[i] = name
}

function close_transitively(   i, j, k)
{
	for (k = 1; k <= count; k++)
		for (i = 1; i <= count; i++)
			for (j = 1; (names[i], names[k]) in reaches && j <= count; j++)
				if ((names[k], names[j]) in reaches)
					reaches[names[i], names[j]] = 1
}

function same_circle(a, b)
{
	return a == b || ((a, b) in reaches && (b, a) in reaches)
}

function level(name,   i, below, highest)
{
	if (name in level_of)
		return level_of[name]
	highest = -1
	for (i = 1; i <= count; i++) {
		if (!((name, names[i]) in reaches) || same_circle(name, names[i]))
			continue
		below = level(names[i])
		if (below > highest)
			highest = below
	}
	return level_of[name] = highest + 1
}

# The members of the circle that the name is in, or the name alone.
function circle(name,   i, text, size)
{
	for (i = 1; i <= count; i++)
		if (same_circle(name, names[i])) {
			text = text (size++ ? " " : "") names[i]
			printed[names[i]] = 1
		}
	is_circle = size > 1
	return text
}

END {
	close_transitively()
	for (i = 1; i <= count; i++)
		if (level(names[i]) > top)
			top = level(names[i])
	for (l = top; l >= 0; l--) {
		line = ""
		for (i = 1; i <= count; i++) {
			if (names[i] in printed || level(names[i]) != l)
				continue
			text = circle(names[i])
			line = line " " (is_circle ? "(" text ")" : text)
			if (wanted == "circles" && is_circle)
				print text
		}
		if (wanted != "circles")
			print l line
	}
}
