# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# mode=audit refuses nothing and says what it would have refused; the mode can be
# changed in a running machine.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
modprobe pci-stub
guard mode=audit

would_be_refused() {
	local reason blocker missing peer

	refusal_of "$1"
	begin "mode=audit: $1 binds to $2 through $3, and the log says it would be refused"
	"bind_by_$3" "$1" "$2"
	expect_success
	expect_driver "$1" "$2"
	expect_decision action=would-deny "dev=$(address_of "$1")" "driver=$2" \
		"reason=$reason" "blocker=$blocker" "missing=$missing" mode=audit
	expect_no_decision action=deny
	end
	unbind_and_clear "$1"
}

mode_reads() {
	expect_equal mode "$1" "$(cat "$parameters/mode")"
}

begin "mode reads audit"
mode_reads audit
end

for name in $exposed; do
	would_be_refused "$name" vfio-pci bind
	would_be_refused "$name" pci-stub probe
done

begin "mode=audit: an isolated card binds without a line"
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect_driver GOOD_NIC vfio-pci
expect_no_decision
end
unbind_and_clear GOOD_NIC

begin "mode=audit: isolated is still true"
expect_attribute T1_A isolated 0
end

begin "mode=enforce, set at run time: the next bind is refused"
attempt "$parameters/mode" enforce
expect_success
mode_reads enforce
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
expect_driver T1_A none
expect_refusal T1_A vfio-pci mode=enforce
end
no_override T1_A

# not_taken MODE WHAT FORMAT WORD
not_taken() {
	begin "mode=$1: $2 is no mode"
	attempt "$parameters/mode" "$1"
	mark "$2"
	attempt_bytes "$parameters/mode" "$3"
	expect_error 'Invalid argument'
	mode_reads "$1"
	expect_no_decision
	words_of_module
	expect_equal "number of lines" 1 "$words_count"
	expect_words "$4"
	end
}

for before in enforce audit; do
	not_taken "$before" 'an unknown word' 'bogus\n' bogus
	not_taken "$before" 'a mode and more' 'audit enforce\n' 'audit enforce'
	not_taken "$before" 'the beginning of a mode' 'enf\n' enf
	not_taken "$before" 'an empty line' '\n' mode
done

for before in enforce audit; do
	begin "mode=$before: a write without CAP_SYS_ADMIN is refused with EPERM"
	attempt "$parameters/mode" "$before"
	for word in enforce audit; do
		# shellcheck disable=SC2016 # for the inner shell
		attempt_command setpriv --bounding-set -sys_admin --inh-caps -sys_admin \
			sh -c 'echo "$0" >"$1"' "$word" "$parameters/mode"
		expect_error 'Operation not permitted'
		mode_reads "$before"
	done
	end
done

begin "drivers and permissive cannot be written after the load"
expect_command test ! -w "$parameters/drivers" -o "$(stat -c %a "$parameters/drivers")" = 444
end
fresh
