# SPDX-License-Identifier: GPL-2.0-only
#
# Prints each place at which the list forbids a word: in C files of any kind, in others
# only terms. The list says how.
#
# usage: awk -f words.awk LIST FILE...

function complain(word,   i)
{
	for (i = 1; i <= exceptions; i++)
		if (word == exception_word[i] && FILENAME ~ exception_file[i])
			return
	print FILENAME ":" FNR ": '" word "': " instead[word]
}

function bad_list(text)
{
	print FILENAME ":" FNR ": " text
}

# The words of a line, with a blank before and after each: parts of names are words, too.
function words_of(text)
{
	text = " " tolower(text) " "
	gsub(/[^a-z]+/, " ", text)
	return text
}

# The line without comments, and without what strings say.
function code_of(text,   start, code)
{
	gsub(/\\./, "", text)
	gsub(/"[^"]*"/, "\"\"", text)
	while (text != "") {
		if (in_comment) {
			if (!(start = index(text, "*/")))
				break
			text = substr(text, start + 2)
			in_comment = 0
		} else {
			start = match(text, /\/[*\/]/)
			if (!start || substr(text, start, 2) == "//")
				return code (start ? substr(text, 1, start - 1) : text)
			code = code substr(text, 1, start - 1) " "
			text = substr(text, start + 2)
			in_comment = 1
		}
	}
	return code
}

function is_global(code, word)
{
	return code ~ ("^[a-z].*[ *(]" word "( =|[[(;,)]|$)") && code !~ ("^[a-z].*\\(.*[ *]" word "[,)]") ||
		code ~ ("^[a-z ]*[A-Z_]+\\(" word "[,)]")
}

FNR == 1 {
	is_list = NR == 1
	in_comment = 0
	is_clean = 0
	is_c = FILENAME ~ /\.[chS]$/
	for (path in clean)
		if (index(FILENAME, path) == 1)
			is_clean = 1
}

is_list {
	if (/^(#.*)?$/)
		next
	if ($1 == "in") {
		for (i = 2; i <= NF; i++)
			clean[$i] = 1
	} else if (/^allow [^ ]+ [^:]+: ./) {
		exception_file[++exceptions] = "^" $2
		text = substr($0, length("allow " $2) + 2)
		exception_word[exceptions] = substr(text, 1, index(text, ": ") - 1)
	} else if (/^(term|name|global) [^:]+: ./) {
		text = substr($0, length($1) + 2)
		word = substr(text, 1, index(text, ": ") - 1)
		kind[word] = $1
		instead[word] = substr(text, index(text, ": ") + 2)
	} else {
		bad_list("not 'in FOLDER...', 'term|name|global WORDS: INSTEAD' or 'allow FILE WORDS: REASON'")
	}
	next
}

is_clean {
	words = words_of($0)
	code = is_c ? code_of($0) : ""
	for (word in kind)
		if (kind[word] == "term" && index(words, " " word " ") ||
		    kind[word] == "name" && code ~ ("(^|[^A-Za-z0-9_])" word "([^A-Za-z0-9_]|$)") ||
		    kind[word] == "global" && is_global(code, word))
			complain(word)
}
