# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The audit log, with the real auditd writing it and the real ausearch reading it.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

has_record() {
	expect
	# auditd writes when it gets round to it.
	wait_until 10 records "$@" || problem "no record with: $*"
}

begin "auditd runs"
expect_command start_auditd
end

begin "a refusal is in the audit log"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
has_record type=KERNEL_OTHER "=deny " "$(address_of T1_A)" vfio-pci no-acs "$(address_of T1_PORT_A)"
end

# As the log has it, but for the names of three keys, and with who logged in.
begin_keeping_log "it holds what the log's line holds"
take_log
decisions action=deny
wanted=$(printf '%s\n' "$found" | sed -E \
	-e 's/^acs_guard: action=/acs_guard: acs_action=/' -e 's/ (id|mode)=/ acs_\1=/g' \
	-e 's/ comm=/ auid=4294967295 ses=4294967295 comm=/')
expect_equal record "$wanted" "$(sed -E 's/^type=KERNEL_OTHER msg=audit\([0-9.:]+\): //' /run/records)"
end
no_override T1_A

# The records that audit would add at the end of the system call wait for a place in a
# full backlog, whichever process requested a bind. It watches processes that start after it.
begin "it stands alone, and says who had logged in"
override T10_A vfio-pci
# shellcheck disable=SC2016 # for the inner shell
attempt_command sh -c 'echo 1234 >/proc/self/loginuid && echo "$1" >"$2"' - \
	"$(address_of T10_A)" "$pci/drivers/vfio-pci/bind"
expect_error 'Operation not permitted'
has_record "acs_action=deny dev=$(address_of T10_A) " ' auid=1234 ses='
# By time and number: auditd's own records (DAEMON_START) count from a number of their own,
# below 10,000 and drawn by lot, so that one of them can have the same.
stamp=$(sed -nE 's/.*(msg=audit\([0-9.]+:[0-9]+\)).*/\1/p' /run/records)
serial=${stamp##*:}
ausearch --input-logs --raw -a "${serial%)}" 2>/dev/null | grep -F "$stamp" >/run/same || true
expect_equal "what its event holds" "$(cat /run/records)" "$(cat /run/same)"
expect_command grep -q ' auid=1234 ses=[0-9]* comm="sh"$' /run/same
end
no_override T10_A

begin "so is the setting of permissive, and the bind that it allows"
attempt "$(sys T1_A)/acs_guard/permissive" 1
bind_by_bind T1_A vfio-pci
expect_success
has_record "=set-permissive " "$(address_of T1_A)"
has_record "=allow-permissive " "$(address_of T1_A)"
end
unbind_and_clear T1_A

begin "and its end"
attempt "$(sys T1_A)/acs_guard/permissive" 0
has_record "=clear-permissive " "$(address_of T1_A)"
end

# ausearch -i translates the fields that it knows from elsewhere. A key of that kind,
# "action" or "mode", would come out as something else: action=ACCEPT.
begin "ausearch -i shows the decisions as they are"
ausearch --input-logs -i -m KERNEL_OTHER 2>/dev/null | grep 'type=KERNEL_OTHER' >/run/records
for word in '=deny ' '=set-permissive ' '=allow-permissive ' '=clear-permissive ' '=enforce ' '=vfio-pci ' '=8086:10d3 '; do
	expect_command grep -F -- "$word" /run/records
done
end

# The control: what says nothing in the log says nothing here.
begin "an isolated card leaves no record"
bind_by_bind GOOD_NIC vfio-pci
expect_success
expect
! records "$(address_of GOOD_NIC)" >/dev/null || problem "there is one: $(records "$(address_of GOOD_NIC)")"
end

begin "auditd ends on request"
expect_command stop_auditd
end
fresh
