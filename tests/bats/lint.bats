#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2030,SC2031 # each test is a subshell, and is meant to be
# shellcheck disable=SC2154 # bats sets stderr
#
# scripts/lint and scripts/lib/graph, in small trees: each rule of the project's own is seen
# to fail. The programs that lint runs are stand-ins.
#
# usage: bats tests/bats/lint.bats

bats_require_minimum_version 1.5.0

# shellcheck source=ending.sh
. "$BATS_TEST_DIRNAME/ending.sh"

setup() {
	local file

	scripts=$(dirname -- "$(dirname -- "$BATS_TEST_DIRNAME")")/scripts
	work=$BATS_TEST_TMPDIR
	tree=$work/tree
	export ACS_GUARD_CACHE=$work/cache TMPDIR=$work/tmp PATH=$work/bin:$PATH
	mkdir -p "$work/bin" "$work/cache" "$TMPDIR" "$tree"/{scripts/lint.d,scripts/lib,module/engine,include}
	git -c init.defaultBranch=main init -q "$tree"
	cp "$scripts/lint" "$tree/scripts/"
	cp "$scripts"/lib/{graph,lib.sh} "$tree/scripts/lib/"
	cp "$scripts"/lint.d/*.awk "$scripts"/lint.d/*.sh "$tree/scripts/lint.d/"
	stand_in "$tree/scripts/lib/deps"
	stand_in "$tree/scripts/lib/checkpatch" "echo '$work/bin/checkpatch.pl'"
	stand_in "$tree/scripts/lib/kdir" "echo '$work/kdir'"
	stand_in "$tree/scripts/check-engine" "echo '$work/objects'"
	mkdir -p "$work/kdir/scripts" "$work/objects"
	for file in checkpatch.pl clang-format clang-tidy codespell cppcheck mandoc pkg-config sphinx-build; do
		stand_in "$work/bin/$file"
	done
	stand_in "$work/bin/shellcheck" ':'
	stand_in "$work/kdir/scripts/kernel-doc"
	# The kernel's build system, as far as lint needs it: one object a file.
	# shellcheck disable=SC2016 # for make
	printf '%s\n' 'objects := $(patsubst %.c,%.o,$(wildcard $(M)/module/*.c $(M)/module/engine/*.c))' \
		'modules: $(objects)' '%.o: %.c' $'\t@gcc -I$(M)/module -c -o $@ $<' >"$work/kdir/Makefile"
	: >"$tree/Kbuild"
	source_file module/main.c 'int unused;'
	source_file module/engine/engine.h
	engine_file facts 'int facts;'
	source_file tools/acs-guard/Makefile 'libraries = libpci'
	source_file Documentation/acs_guard.4
	source_file Documentation/index.rst 'Text.'
	source_file ./README.md 'Text.'
	source_file scripts/lint.d/words '# none'
}

# stand_in FILE LINE...
stand_in() {
	printf '%s\n' '#!/bin/bash' "${@:2}" >"$1"
	chmod +x "$1"
}

# source_file PATH LINE...: a file of the tree
source_file() {
	mkdir -p "$tree/${1%/*}"
	printf '%s\n' "${@:2}" >"$tree/$1"
}

# engine_file NAME LINE...: a file of the engine, compiled for user space.
engine_file() {
	source_file "module/engine/$1.c" "${@:2}"
	gcc -I"$tree/module" -I"$tree/module/engine" -c -o "$work/objects/$1.o" "$tree/module/engine/$1.c"
}

lint() {
	run --separate-stderr "$tree/scripts/lint" "$@"
}

# complains RULE LINE...: lint of this rule fails, and prints these lines and no other.
complains() {
	lint "$1"
	[ "$status" -eq 1 ]
	[ "$output" = "$(printf '%s\n' "${@:2}")" ] || {
		echo "$output"
		return 1
	}
	[ "$stderr" = "lint: complaints of: $1" ]
}

passes() {
	lint "$@"
	[ "$status/$output/$stderr" = '0//lint: no complaints' ] || {
		echo "$status: $output: $stderr"
		return 1
	}
}

@test "lint: a tree without a fault passes, in silence, and nothing is left" {
	passes
	[ -z "$(ls -A "$TMPDIR")" ]
	[ -z "$(find "$tree" -name '*.o')" ]
}

@test "lint: bad input gets one line and exit status 2" {
	lint nonsense
	[ "$status/${#stderr_lines[@]}" = 2/1 ]
	run "$tree/scripts/lib/graph" --nonsense
	[ "$status/${#lines[@]}" = 2/1 ]
	run "$tree/scripts/lib/graph" --objects "$work/nothing"
	[ "$status/${#lines[@]}" = 2/1 ]
	run "$tree/scripts/lib/graph" --source
	[ "$status/${#lines[@]}" = 2/1 ]
}

@test "doc: a warning of Sphinx, and a term that is replaced, in README.md, a page, a manual page or the ABI file" {
	passes doc
	source_file scripts/lint.d/words 'in module/' 'term mate: sibling function' 'name look: check'
	source_file Documentation/index.rst 'Look at its mate.' 'Classmates, mated'
	source_file ./README.md 'A Mate.'
	source_file Documentation/acs_guard.4 'Its mate.'
	source_file Documentation/ABI/testing/sysfs 'The mate.'
	complains doc 'doc: Documentation/ABI/testing/sysfs:1:The mate.' 'doc: Documentation/acs_guard.4:1:Its mate.' \
		'doc: Documentation/index.rst:1:Look at its mate.' 'doc: README.md:1:A Mate.'
	rm "$tree/Documentation/acs_guard.4" "$tree/Documentation/ABI/testing/sysfs"
	source_file Documentation/index.rst 'Text.'
	source_file ./README.md 'Text.'
	# shellcheck disable=SC2016 # for the stand-in
	stand_in "$work/bin/sphinx-build" 'echo "$PWD/Documentation/index.rst:1: WARNING: unknown document"; exit 1'
	complains doc 'doc: Documentation/index.rst:1: WARNING: unknown document'
}

@test "lint: of rules that fail none hides another" {
	# shellcheck disable=SC2016 # for the stand-in
	stand_in "$work/bin/checkpatch.pl" '[[ $* != *main.c* ]] || { echo "a.c:1: ERROR"; exit 1; }'
	stand_in "$work/bin/codespell" 'echo "a.c:2: wr0ng ==> wrong"; exit 65'
	stand_in "$work/bin/mandoc" 'exit 3'
	source_file module/main.c '#ifdef X' '#endif'
	lint
	[ "$status" -eq 1 ]
	[ "$stderr" = 'lint: complaints of: checkpatch codespell mandoc conditionals' ]
	[ "$output" = "$(printf '%s\n' 'checkpatch: a.c:1: ERROR' 'codespell: a.c:2: wr0ng ==> wrong' \
		'mandoc: failed without output' 'conditionals: module/main.c:1:#ifdef X')" ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "lint: a program that is missing, or killed, is a failure" {
	rm "$work/kdir/scripts/kernel-doc"
	# shellcheck disable=SC2016 # for the stand-in
	stand_in "$work/bin/clang-format" 'kill -KILL $$'
	stand_in "$tree/scripts/check-engine" 'exit 1'
	lint kernel-doc clang-format engine
	[ "$status" -eq 1 ]
	[ "$stderr" = 'lint: complaints of: engine clang-format kernel-doc' ]
}

@test "lint: ended by a signal, it leaves neither process nor file" {
	local ended

	stand_in "$work/bin/codespell" "echo \$\$ >'$work/pid'" 'exec sleep 60'
	end_started "$tree/scripts/lint" codespell
	[ "$ended" -eq 143 ]
	has_ended "$(cat "$work/pid")"
	[ -z "$(ls -A "$TMPDIR")" ]
}

# --- what has passed is not judged again ----------------------------------------------------

# judged RULE FILE...: exactly these files were given to the rule's program.
judged() {
	: >"$work/judged"
	passes "$1"
	[ "$(xargs -n 1 <"$work/judged" | grep -E '\.(c|h|sh)$' | sort)" = "$(printf '%s\n' "${@:2}")" ] || {
		cat "$work/judged"
		return 1
	}
}

@test "lint: a file that passed checkpatch is given to it again when it changes, and no other" {
	# shellcheck disable=SC2016 # for the stand-in
	stand_in "$work/bin/checkpatch.pl" "printf '%s\\n' \"\$@\" >>'$work/judged'"
	judged checkpatch module/engine/{engine.h,facts.c} module/main.c
	judged checkpatch
	source_file module/main.c 'int used;'
	judged checkpatch module/main.c
	judged checkpatch
	cp "$tree/module/main.c" "$tree/module/other.c"
	judged checkpatch module/other.c
	printf '# newer\n' >>"$work/bin/checkpatch.pl"
	judged checkpatch module/engine/{engine.h,facts.c} module/main.c module/other.c
}

@test "lint: a script is given to shellcheck again when what it sources changes" {
	# shellcheck disable=SC2016 # for the stand-in
	stand_in "$work/bin/shellcheck" 'case $1 in' '--version) cat "$0" ;;' \
		"*) printf '%s\\n' \"\$@\" >>'$work/judged' ;;" 'esac'
	rm -r "$tree"/scripts/{lib/{deps,checkpatch,kdir},check-engine}
	stand_in "$tree/scripts/lib/deps"
	source_file scripts/10-a.sh '# shellcheck source=lib.sh' '. lib.sh'
	source_file scripts/20-b.sh '# shellcheck source=10-a.sh' '. 10-a.sh'
	source_file scripts/30-c.sh 'true'
	judged shellcheck scripts/{10-a,20-b,30-c,lib/lib,lint.d/analyzers,lint.d/build}.sh
	judged shellcheck
	source_file scripts/30-c.sh 'false'
	judged shellcheck scripts/30-c.sh
	printf '# newer\n' >>"$tree/scripts/10-a.sh"
	judged shellcheck scripts/{10-a,20-b,30-c,lib/lib,lint.d/analyzers,lint.d/build}.sh
	printf '# newer\n' >>"$tree/scripts/lib/lib.sh"
	judged shellcheck scripts/{10-a,20-b,30-c,lib/lib,lint.d/analyzers,lint.d/build}.sh
	printf '# newer\n' >>"$work/bin/shellcheck"
	judged shellcheck scripts/{10-a,20-b,30-c,lib/lib,lint.d/analyzers,lint.d/build}.sh
}

@test "lint: shellcheck reads what a topic can reach of the library of the guest" {
	# shellcheck disable=SC2016 # for the stand-in
	stand_in "$work/bin/shellcheck" 'case $4 in' "-P) cat \"\$5/../lib.sh\" >>'$work/read' ;;" 'esac'
	source_file tests/vm/guest/lib.sh 'one() {' '	two' '}' 'two() {' '	: # four' '}' \
		'three() {' '	:' '}' 'four() {' '	:' '}' 'five() {' '	:' '}' 'five'
	source_file tests/vm/guest/more-lib.sh '# shellcheck source=lib.sh' '. /guest/lib.sh' 'three'
	source_file tests/vm/guest/check.d/10-a.sh '# shellcheck source=../lib.sh' '. /guest/lib.sh' 'one'
	passes shellcheck
	[ "$(grep -c '' "$work/read")" -eq 32 ]
	[ "$(grep '()' "$work/read" | sort | uniq -c | xargs)" = '2 five() { 1 one() { 1 three() { 1 two() {' ]
}

@test "lint: a file that failed is judged again" {
	stand_in "$work/bin/checkpatch.pl" 'echo no; exit 1'
	lint checkpatch
	[ "$status" -eq 1 ]
	lint checkpatch
	[ "$status" -eq 1 ]
}

# --- the rules ------------------------------------------------------------------------------

@test "build: a warning and a file that does not compile fail, each" {
	source_file module/a.c 'int a(void) { return 0 }'
	source_file module/b.c '#warning b' 'int b;'
	source_file module/c.c 'int c(void) { return d; }'
	lint build
	[ "$status" -eq 1 ]
	[[ $output == *'build: module/a.c:1:'*error:* ]]
	[[ $output == *'build: module/b.c:1:'*warning:* ]]
	[[ $output == *'build: module/c.c:1:'*error:* ]]
}

@test "build: of what passed only a file that changes is compiled again, and none stays that is gone" {
	source_file module/a.c '#pragma message "compiled"' 'int a;'
	source_file module/b.c 'int b;'
	passes build calls
	passes build
	source_file module/b.c '#warning b' 'int b;'
	lint build
	[[ $status/$output == 1/*'build: module/b.c:1:'*warning:* ]]
	[[ $output != *compiled* ]]
	# What was complained of is not forgotten.
	lint build
	[[ $status/$output == 1/*'build: module/b.c:1:'*warning:* ]]
	source_file module/b.c 'int b;'
	passes build
	rm "$tree/module/b.c"
	passes build
	[ ! -e "$work/cache/lint/build/module/b.o" ]
	[ -e "$work/cache/lint/build/module/a.o" ]
}

@test "analyzer, clang-tidy, cppcheck: what one finds in the tool, or in the engine, fails" {
	source_file tools/acs-guard/leak.c '#include <stdlib.h>' 'int leak(void);' 'int leak(void)' '{' \
		$'\tchar *byte = malloc(1);' $'\treturn byte ? 0 : 1;' '}'
	lint analyzer
	[ "$status" -eq 1 ]
	[[ $output == *'analyzer: tools/acs-guard/leak.c:'*'leak of'* ]]
	source_file tools/acs-guard/leak.c 'int leak;'
	lint analyzer
	[ "$status" -eq 0 ]
	stand_in "$work/bin/clang-tidy" '[[ $* != *facts.c* ]] || { echo "facts.c:1: error"; exit 1; }'
	stand_in "$work/bin/cppcheck" '[[ $* != *leak.c* ]] || { echo "leak.c:1: error"; exit 1; }'
	lint clang-tidy cppcheck
	[ "$status" -eq 1 ]
	[[ $output == *'clang-tidy: facts.c:1: error'*'cppcheck: leak.c:1: error'* ]]
}

@test "conditionals: #if and a kernel's version fail, but for guards and compat.h" {
	passes conditionals
	source_file include/compat.h '#ifdef HAVE_X' '#endif'
	source_file include/x.h '#ifndef X_H' '#endif'
	passes conditionals
	source_file module/main.c 'int a;' '  # if X' 'int b = LINUX_VERSION_CODE;'
	complains conditionals 'conditionals: module/main.c:2:  # if X' \
		'conditionals: module/main.c:3:int b = LINUX_VERSION_CODE;'
}

@test "engine: an include of the kernel, and a function of the kernel, fail" {
	source_file module/node.h
	source_file module/other.h
	engine_file path '#include "engine.h"' '#include "node.h"' \
		'int acs_guard_x(void); int path(void) { return acs_guard_x(); }'
	passes engine
	engine_file rules '#include "other.h"' '# include <stdio.h>' \
		'int pci_x(void); int rules(void) { return pci_x(); }'
	lint engine
	[ "$status" -eq 1 ]
	[ "$(tr -s ' ' <<<"$output")" = "$(printf '%s\n' \
		'engine: module/engine/rules.c:1:#include "other.h"' \
		'engine: module/engine/rules.c:2:# include <stdio.h>' 'engine: rules.o: U pci_x')" ]
}

@test "engine: a file that has no object fails" {
	source_file module/engine/new.c
	lint engine
	[ "$status" -eq 1 ]
}

@test "reads: a member of struct pci_dev, and a read of configuration space, fail" {
	source_file module/pci_dev.c 'int a(struct pci_dev *pdev) { return pdev->devfn; }'
	source_file module/main.c '/* pdev->devfn */' 'int a(struct pci_dev *pdev, struct search *search)' \
		'{' ' * pdev->devfn' 'return pdev->dev.id + search->bus + pci_bus_type; }'
	source_file module/other.c 'int pdev; int b = pdev->devfn;'
	passes reads
	source_file module/main.c 'struct pci_bus *a, *bus;' 'int b = bus->number;' 'int c = to_pci_dev(a)->devfn;' \
		'int d = pci_read_config_dword(c);' 'int e = acs_node_pdev(node)->dev + pci_is_root_bus(c);'
	complains reads 'reads: module/main.c:2:int b = bus->number;' \
		'reads: module/main.c:3:int c = to_pci_dev(a)->devfn;' \
		'reads: module/main.c:4:int d = pci_read_config_dword(c);' \
		'reads: module/main.c:5:int e = acs_node_pdev(node)->dev + pci_is_root_bus(c);'
}

@test "calls: a circle fails, and names its files" {
	source_file module/main.c 'int a(void); int main(void) { return a(); }'
	source_file module/a.c 'int b(void); int a(void) { return b(); }'
	source_file module/b.c 'int c(void); int b(void) { return c(); }'
	source_file module/engine/c.c 'int printk(void); int c(void) { return printk(); }'
	passes calls
	source_file module/engine/c.c 'int a(void); int c(void) { return a(); }'
	complains calls 'calls: module/a module/b module/engine/c'
}

@test "calls: a file that is not compiled fails" {
	source_file module/a.c 'int a(void) { return }'
	lint calls
	[ "$status" -eq 1 ]
	[[ $output == *'calls: module/a.c: not compiled'* ]]
	[ "$stderr" = 'lint: complaints of: build calls' ]
}

@test "includes: a circle fails, and names its headers" {
	source_file module/a.h '#include "b.h"' '#include <linux/pci.h>'
	source_file module/b.h '#include "c.h"'
	source_file include/c.h
	passes includes
	source_file include/c.h '#include "../module/a.h"'
	source_file include/user.h '#include "c.h"'
	complains includes 'includes: include/c.h module/a.h module/b.h'
}

@test "includes: a name stands for the file of the own home, or beside it" {
	source_file module/node.h '#include "home.h"'
	source_file module/home.h
	source_file tests/home/node.h '#include "home.h"'
	source_file tests/home/home.h '#include "shared.h"'
	source_file include/shared.h
	passes includes
	# Each home on its own, with what they share, is what a build sees.
	source_file include/shared.h '#include "node.h"'
	complains includes 'includes: include/shared.h tests/home/home.h tests/home/node.h'
}

@test "length: a file of more than 500 lines fails, but for those that lint lists" {
	local long

	mapfile -t long < <(seq 501)
	source_file module/500.c "${long[@]:1}"
	source_file Documentation/long.md "${long[@]}"
	source_file tests/vm/guest/lib.sh "${long[@]}"
	passes length
	source_file module/engine/501.h "${long[@]}"
	source_file tests/501.S "${long[@]}"
	source_file scripts/501 "${long[@]}"
	complains length 'length: module/engine/501.h: 501 lines, more than 500' \
		'length: scripts/501: 501 lines, more than 500' 'length: tests/501.S: 501 lines, more than 500'
}

words=(
	'# comment'
	'in module/ include/x.h'
	'term slot mate: sibling function'
	'name rest: context'
	'global find: give it the noun'
)

@test "words: a term fails in a comment, in a string, and as a part of a name" {
	source_file scripts/lint.d/words "${words[@]}"
	source_file module/main.c 'int checkmate;' '/* A Slot-Mate. */' 'int slot; int mate;' 'char *x = "slot mate";' \
		'int acs_slot_mate_of(int i);'
	source_file tests/other.c '/* slot mate */'
	complains words "words: module/main.c:2: 'slot mate': sibling function" \
		"words: module/main.c:4: 'slot mate': sibling function" \
		"words: module/main.c:5: 'slot mate': sibling function"
}

@test "words: a script and a test's data fail for a term, and for nothing else" {
	source_file scripts/lint.d/words "${words[@]}" 'in tests/ scripts/'
	source_file scripts/lib/x.sh '# A slot mate.' 'rest=1' 'find() {' '}'
	source_file tests/bats/verdicts/one '# slot_mate' 'rest'
	complains words "words: scripts/lib/x.sh:1: 'slot mate': sibling function" \
		"words: tests/bats/verdicts/one:1: 'slot mate': sibling function"
}

@test "words: a name fails in code, and not in a comment or a string" {
	source_file scripts/lint.d/words "${words[@]}"
	source_file include/x.h '/* the rest: */ int arrest; /*' 'rest */ char *x = "rest"; // rest' 'struct rest_of { int x; };'
	passes words
	source_file include/x.h '/*' ' * rest' ' */ int x; /* rest */ int rest; /* rest' ' */' '	y->rest = 1;'
	complains words "words: include/x.h:3: 'rest': context" "words: include/x.h:5: 'rest': context"
}

@test "words: a name at file scope fails, and a local one does not" {
	source_file scripts/lint.d/words "${words[@]}"
	source_file module/main.c 'int x(int find, int *find)' '{' '	int find = 1;' '	find(x);' '}' 'int (*y)(int find);'
	passes words
	source_file module/main.c 'static int *find(void)' 'static int find;' 'int find[2] = {};' 'static DEFINE_MUTEX(find);' \
		'struct x find = {' 'static int find(int a, int b,'
	lint words
	[ "$status/${#lines[@]}" = 1/6 ]
}

@test "words: an exception is for one word of one file, and has a reason" {
	source_file module/main.c '/* slot mate */' 'int rest;'
	source_file module/other.c '/* slot mate */'
	source_file scripts/lint.d/words "${words[@]}" 'allow module/main\.c slot mate: of a clock'
	complains words "words: module/main.c:2: 'rest': context" "words: module/other.c:1: 'slot mate': sibling function"
	source_file scripts/lint.d/words 'allow module/main\.c slot mate'
	lint words
	[ "$status" -eq 1 ]
	[[ $output == "words: "*"/scripts/lint.d/words:1: not "* ]]
	rm "$tree/scripts/lint.d/words"
	lint words
	[ "$status" -eq 1 ]
}

# --- graph: the levels ----------------------------------------------------------------------

# object NAME CODE: an object file of a module
object() {
	mkdir -p "$work/objects/module/engine"
	gcc -x c -c -o "$work/objects/module/$1.o" - <<<"$2"
}

@test "graph: a file is above those that it calls; a circle is one level, and is named" {
	object top 'int f(void), g(void); int main(void) { return f() + g(); }'
	object left 'extern int data; int f(void) { return data; }'
	object engine/low 'int printk(void); int data; static int g(void) { return printk(); } int h(void) { return g(); }'
	object right 'int h(void); int g(void) { return h(); }'
	run "$tree/scripts/lib/graph" --objects "$work/objects"
	[ "$output" = "$(printf '%s\n' '2 module/top' '1 module/left module/right' '0 module/engine/low')" ]
	run "$tree/scripts/lib/graph" --objects "$work/objects" --circles
	[ "$status/$output" = 0/ ]
	object right 'int h(void), f(void); int g(void) { return h() + f(); }'
	object engine/low 'int g(void); int data; int h(void) { return g(); }'
	run "$tree/scripts/lib/graph" --objects "$work/objects"
	[ "$output" = "$(printf '%s\n' '1 module/top' \
		'0 (module/engine/low module/left module/right)')" ]
	run "$tree/scripts/lib/graph" --objects "$work/objects" --circles
	[ "$status/$output" = '1/module/engine/low module/left module/right' ]
}

@test "graph: no object files are a failure, not a graph without circles" {
	run "$tree/scripts/lib/graph" --objects "$work" --circles
	[ "$status" -eq 1 ]
	mkdir "$work/module"
	: >"$work/module/broken.o"
	run "$tree/scripts/lib/graph" --objects "$work" --circles
	[ "$status" -ne 0 ]
}
