# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The rules of scripts/lint by which programs look for bugs in the tool. Sourced.

# The sources of the tool, of which the engine is a part.
list_tool() {
	files 'tools/acs-guard/*.c' 'module/engine/*.c'
}

list_cppcheck() {
	list_tool
}

list_clang-tidy() {
	list_tool
}

list_analyzer() {
	list_tool
}

# Sets tool_flags: as tools/acs-guard/Makefile has them.
read_tool_flags() {
	local libraries

	libraries=$(sed -n 's/^libraries = //p' tools/acs-guard/Makefile)
	# shellcheck disable=SC2046,SC2086,SC2207 # words
	tool_flags=(-std=gnu11 -D_GNU_SOURCE -Itools/acs-guard -Imodule/engine -Iinclude $(pkg-config --cflags $libraries))
}

run_cppcheck() {
	xargs cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --error-exitcode=1 --template=gcc \
		-D_GNU_SOURCE -Itools/acs-guard -Imodule/engine -Iinclude
}

# Left out: what asks for functions that the C library does not have, what the style of the
# kernel forbids (comparing strcmp() with 0), and what is wrong about va_start() and arrays of
# pointers.
run_clang-tidy() {
	local checks='-*,clang-analyzer-*,bugprone-*' left_out list tool_flags

	for left_out in clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling \
		clang-analyzer-valist.Uninitialized bugprone-easily-swappable-parameters \
		bugprone-sizeof-expression bugprone-suspicious-string-compare; do
		checks+=",-$left_out"
	done
	read_tool_flags
	mapfile -t list
	clang-tidy --quiet --warnings-as-errors='*' --checks="$checks" "${list[@]}" -- "${tool_flags[@]}" 2>/dev/null
}

run_analyzer() {
	local tool_flags

	read_tool_flags
	xargs -n 1 gcc "${tool_flags[@]}" -O2 -fanalyzer -Werror -c -o /dev/null
}

# All headers: a change of any of them may change what is found in a file.
tool_headers() {
	files 'tools/acs-guard/*.h' 'module/engine/*.h' 'include/*.h' tools/acs-guard/Makefile | xargs sha256sum --
}

key_cppcheck() {
	tool_headers
	cppcheck --version
	declare -f run_cppcheck
}

key_clang-tidy() {
	tool_headers
	clang-tidy --version
	declare -f run_clang-tidy read_tool_flags
}

key_analyzer() {
	tool_headers
	gcc --version
	declare -f run_analyzer read_tool_flags
}
