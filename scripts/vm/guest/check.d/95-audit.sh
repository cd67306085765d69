# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# The audit trail, with the real auditd writing it and the real ausearch reading it.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
modprobe vfio-pci
guard

# Records of the kernel that have all of the words.
records() {
	local word

	ausearch --input-logs --raw -m KERNEL_OTHER >/run/records 2>/dev/null || true
	for word; do
		grep -F -- "$word" /run/records >/run/fewer || true
		mv /run/fewer /run/records
	done
	grep . /run/records
}

has_record() {
	expect
	# auditd writes when it gets round to it.
	wait_until 10 records "$@" || problem "no record with: $*"
}

begin "auditd runs"
expect_command start_auditd
end

begin "a refusal is in the audit trail"
bind_by_bind T1_A vfio-pci
expect_error 'Operation not permitted'
has_record type=KERNEL_OTHER "=deny " "$(address_of T1_A)" vfio-pci no-acs "$(address_of T1_PORT_A)"
end
no_override T1_A

begin "so is the setting of permissive, and the bind that it allows"
attempt "$(sys T1_A)/acs_guard/permissive" 1
bind_by_bind T1_A vfio-pci
expect_success
has_record "=set-permissive " "$(address_of T1_A)"
has_record "=allow-permissive " "$(address_of T1_A)"
end
let_go T1_A

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

begin "auditd ends when it is told to"
expect_command stop_auditd
end
fresh
