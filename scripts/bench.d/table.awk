# SPDX-License-Identifier: GPL-2.0-only
#
# Prints the results as a table, and holds them against the targets.
#
# usage: awk -f table.awk [-v form=markdown | -v form=csv] targets LOG
#
# LOG is what collect.awk found nothing wrong with.
#
# A target that nothing is held against, though its row was measured, is missed: what
# is no longer measured must not look like a pass. Exit 1 if a target is missed.
# In these two forms, only what the targets mark with a star. csv is what Documentation/
# shows.

function trim(text) {
	sub(/^[ \t]+/, "", text)
	sub(/[ \t]+$/, "", text)
	return text
}

# 1234567 -> 1,234,567
function commas(text,   end) {
	if (text !~ /^[0-9]+$/)
		return text
	for (end = length(text) - 3; end > 0; end -= 3)
		text = substr(text, 1, end) "," substr(text, end + 1)
	return text
}

# --- the targets: see there ---

FNR == 1 { file++ }
file == 1 && (/^#/ || NF == 0) { next }
file == 1 {
	if (split($0, field, /\|/) != 8) {
		print "bench: " FILENAME ": line " FNR ": not eight fields" >"/dev/stderr"
		broken = 1
		exit 2
	}
	t = ++targets
	star[t] = trim(field[1]) == "*"
	row_of[t] = trim(field[2])
	case_of[t] = "^(" trim(field[3]) ")$"
	subject_of[t] = "^(" trim(field[4]) ")$"
	unit_of[t] = trim(field[5])
	factor[t] = trim(field[6])
	plus[t] = trim(field[8])
	beside[t] = trim(field[7])
	beside_case[t] = ""
	if (match(beside[t], / @ /)) {
		beside_case[t] = "^(" substr(beside[t], RSTART + 3) ")$"
		beside[t] = substr(beside[t], 1, RSTART - 1)
	}
	next
}

# --- the results ---

!/^=/ { next }
{
	split($0, field, /\t/)
	r = ++results
	row[r] = field[2]
	name[r] = field[3]
	subject[r] = field[4]
	value[r] = field[5]
	unit[r] = field[6]
	measured[row[r]] = 1
}

# The result beside which r is put by target t; 0 if there is none.
function reference(r, t,   i) {
	for (i = 1; i <= results; i++) {
		if (row[i] != row[r] || subject[i] != beside[t] || unit[i] != unit[r])
			continue
		if (beside_case[t] == "" ? name[i] == name[r] : name[i] ~ beside_case[t])
			return i
	}
	return 0
}

function target_of(r,   t) {
	for (t = 1; t <= targets; t++)
		if (row_of[t] == row[r] && subject[r] ~ subject_of[t] &&
		    unit_of[t] == unit[r] && name[r] ~ case_of[t])
			return t
	return 0
}

# Sets ratio, limit, met.
function judge(r, t,   other, most, number) {
	ratio = limit = met = ""
	if (!t)
		return
	used[t] = 1
	other = 0
	if (beside[t] != "-" && !(other = reference(r, t))) {
		limit = "nothing beside it"
		met = "MISSED"
		return
	}
	if (other && value[other] > 0)
		ratio = sprintf("%.4g", value[r] / value[other])
	if (factor[t] == "-")
		return
	number = name[r]
	sub(/^.* /, "", number)
	most = factor[t] * (other ? value[other] : 1)
	if (!other)
		most = factor[t] == "N" ? number : factor[t]
	most += plus[t]
	limit = commas(sprintf("%.0f", int(most)))
	met = value[r] + 0 <= most ? "met" : "MISSED"
}

function keep(a, b, c, d, e, f, g, h,   i) {
	lines++
	cell[lines, 1] = a
	cell[lines, 2] = b
	cell[lines, 3] = c
	cell[lines, 4] = d
	cell[lines, 5] = e
	cell[lines, 6] = f
	cell[lines, 7] = g
	cell[lines, 8] = h
	for (i = 1; i <= 8; i++)
		if (length(cell[lines, i]) > width[i])
			width[i] = length(cell[lines, i])
}

function print_line(l,   i, text) {
	if (form == "markdown") {
		for (i = 1; i <= 8; i++)
			text = text "| " cell[l, i] " "
		print text "|"
		return
	}
	if (form == "csv") {
		for (i = 1; i <= 8; i++)
			text = text (i > 1 ? "," : "") "\"" cell[l, i] "\""
		print text
		return
	}
	for (i = 1; i <= 8; i++) {
		# Numbers stand to the right.
		text = text sprintf((i == 4 || i == 6 || i == 7 ? "%" : "%-") width[i] "s", cell[l, i])
		text = text (i < 8 ? "  " : "")
	}
	sub(/ +$/, "", text)
	print text
}

END {
	if (broken)
		exit 2
	keep("row", "case", "subject", "value", "unit", "ratio", "at most", "target")
	if (form == "markdown")
		keep("---", "---", "---", "---:", "---", "---:", "---:", "---")
	for (r = 1; r <= results; r++) {
		t = target_of(r)
		judge(r, t)
		missed += met == "MISSED"
		checked += met != ""
		if (form == "" || (t && star[t]))
			keep(row[r], name[r], subject[r], commas(value[r]), unit[r], ratio, limit, met)
	}
	for (l = 1; l <= lines; l++)
		print_line(l)
	for (t = 1; t <= targets; t++) {
		if (!measured[row_of[t]] || used[t])
			continue
		print "bench: row " row_of[t] ": nothing was measured for: " subject_of[t] ", " unit_of[t] >"/dev/stderr"
		missed++
	}
	if (form == "")
		printf "%d figures, %d held against a target, %d targets missed\n", results, checked, missed
	exit missed > 0
}
