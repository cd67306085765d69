# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
#
# What sysfs says of each device, and that reading it harms nothing.

# shellcheck source=../lib.sh
. /guest/lib.sh
fresh
guard

for name in $isolated; do
	begin "$name: the attributes isolated and reason report isolation"
	expect_attribute "$name" isolated 1
	expect_attribute "$name" reason isolated
	end
done

for name in $exposed; do
	begin "$name: not isolated, and the reason names what is at fault"
	refusal_of "$name"
	expect_attribute "$name" isolated 0
	line=$(cat "$(sys "$name")/acs_guard/reason")
	expect
	case $line in
	"$reason $blocker: "?*) ;;
	*) problem "reason of $name: wanted '$reason $blocker: words', got '$line'" ;;
	esac
	expect_equal "lines of reason" 1 "$(wc -l <"$(sys "$name")/acs_guard/reason")"
	end
done

begin "every attribute of every device can be read, bridges too"
for file in "$pci"/devices/*/acs_guard/*; do
	expect_command cat "$file"
done
expect_no_decision
end

begin "every card has the folder, whole"
for name in $isolated $exposed; do
	for attribute in permissive isolated group_isolated reason peers denied; do
		expect_command test -f "$(sys "$name")/acs_guard/$attribute"
	done
done
end

begin "isolated, group_isolated, reason and peers cannot be written"
for attribute in isolated group_isolated reason peers; do
	expect_equal "mode of $attribute" 444 "$(stat -c %a "$(sys T1_A)/acs_guard/$attribute")"
	attempt "$(sys T1_A)/acs_guard/$attribute" 1
	expect
	[ -n "$write_error" ] || problem "$attribute took a write"
done
expect_attribute T1_A isolated 0
end

begin "a replugged device has its folder again"
echo 1 >"$(sys T1_PORT_A)/remove"
expect_command test ! -e "$(sys T1_A)"
echo 1 >"$pci/rescan"
expect_attribute T1_A isolated 0
expect_attribute T1_A permissive 0
end
fresh
