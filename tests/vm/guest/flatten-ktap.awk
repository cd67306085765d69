# SPDX-License-Identifier: GPL-2.0-only
#
# KTAP is a document a suite, indented; TAP is flat. A suite that fails without a test
# of it having failed, is a failure of its own. Without the plan: who calls this knows
# what else there is to count.
#
# usage: awk -v run=NAME -f flatten-ktap.awk

function result(line) {
	name = line
	sub(/^ *(not )?ok [0-9]+ (- )?/, "", name)
	print (line ~ /^ *not ok/ ? "not ok - " : "ok - ") run ": " suite name
}
/^    # Subtest: / { suite = $3 ": "; failed = 0; next }
/^    (not )?ok /  { result($0); failed += /^    not ok/; next }
/^not ok /         { if (!failed) { suite = ""; result($0) } suite = ""; next }
/^(ok|KTAP|1\.\.|    1\.\.|    KTAP)/ { next }
{ sub(/^ *#? */, ""); if ($0 != "") print "# " $0 }
