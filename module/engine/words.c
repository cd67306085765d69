// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: names and sentences
 *
 * The only place that puts a reason, an action or an ACS flag into words, for
 * the kernel's log, for sysfs and for the tool.
 */
#include "engine.h"

const char *const acs_guard_mode_names[] = {
	[ACS_GUARD_ENFORCE] = "enforce",
	[ACS_GUARD_AUDIT] = "audit",
};

const char *const acs_guard_unit_names[] = {
	[ACS_GUARD_FUNCTION] = "function",
	[ACS_GUARD_GROUP] = "group",
};

static const char *const action_names[] = {
	[ACS_GUARD_DENY] = "deny",
	[ACS_GUARD_ALLOW] = "allow",
	[ACS_GUARD_ALLOW_GROUP] = "allow-group",
	[ACS_GUARD_ALLOW_PERMISSIVE] = "allow-permissive",
	[ACS_GUARD_WOULD_DENY] = "would-deny",
	[ACS_GUARD_PRESENT] = "present",
	[ACS_GUARD_VETO_LOST] = "veto-lost",
	[ACS_GUARD_DRIFT] = "drift",
	[ACS_GUARD_SET_PERMISSIVE] = "set-permissive",
	[ACS_GUARD_CLEAR_PERMISSIVE] = "clear-permissive",
};

static_assert(ARRAY_SIZE(action_names) == ACS_GUARD_NUM_ACTIONS);

/**
 * struct reason_words - the words for a reason
 * @name: its name in the log and in sysfs
 * @text: what is wrong with the blocker, to follow the blocker's address
 */
struct reason_words {
	const char *name;
	const char *text;
};

/* clang-format off */
static const struct reason_words reasons[] = {
	[ACS_GUARD_UNREADABLE] = { "unreadable",
		"its registers cannot be read, so nothing shows that it isolates" },
	[ACS_GUARD_UNKNOWN_TYPE] = { "unknown-type",
		"a kind of function, or a depth below bridges, that the guard has no rules for" },
	[ACS_GUARD_ALIAS] = { "alias",
		"has the same requester ID, so the IOMMU cannot tell the two apart" },
	[ACS_GUARD_CONVENTIONAL] = { "conventional",
		"a conventional PCI bus is behind this bridge, and several functions share it" },
	[ACS_GUARD_MULTIFUNCTION] = { "multifunction",
		"one of several functions of a device, and ACS does not keep them apart" },
	[ACS_GUARD_NO_ACS] = { "no-acs",
		"this port has no ACS, so it may pass DMA on to a neighbour" },
	[ACS_GUARD_ACS_INCOMPLETE] = { "acs-incomplete",
		"this port implements only a part of ACS, and no setting adds the rest" },
	[ACS_GUARD_ACS_DISABLED] = { "acs-disabled",
		"this port has ACS, but not all of it is switched on" },
	[ACS_GUARD_EGRESS_DIRECT] = { "egress-direct",
		"this port's egress control may pass DMA straight to a neighbour" },
	[ACS_GUARD_DIRECT_TRANSLATED] = { "direct-translated",
		"this port passes translated DMA straight to a neighbour" },
	[ACS_GUARD_SIBLING_PORT] = { "sibling-port",
		"this neighbouring port of the switch may pass DMA on to a neighbour" },
	[ACS_GUARD_INTERNAL_FUNCTION] = { "internal-function",
		"is inside a switch but no port of it, and nothing there keeps devices apart" },
	[ACS_GUARD_TRANSLATION] = { "translation",
		"lets the device use addresses of its own choice, which no IOMMU checks" },
	[ACS_GUARD_PORT_MEMORY] = { "port-memory",
		"this port lets the device reach memory of the switch's own ports" },
	[ACS_GUARD_IOMMU_GROUP] = { "iommu-group",
		"is in the same IOMMU group, so the kernel does not keep the two apart" },
	[ACS_GUARD_NO_IOMMU] = { "no-iommu",
		"no IOMMU translates its DMA, so it can reach all memory" },
	[ACS_GUARD_ISOLATED] = { "isolated", "" },
};

/* clang-format on */

static_assert(ARRAY_SIZE(reasons) == ACS_GUARD_NUM_REASONS);

/* clang-format off */
static const char rescan_text[] =
	"; the kernel does not list it, and a rescan brings it back: echo 1 > /sys/bus/pci/rescan";

/* clang-format on */

/**
 * acs_guard_action_name() - the name of an action in the log
 * @action: the action
 */
const char *acs_guard_action_name(enum acs_guard_action action)
{
	return action_names[action];
}

/**
 * acs_guard_reason_name() - the name of a reason in the log and in sysfs
 * @reason: the reason
 */
const char *acs_guard_reason_name(enum acs_guard_reason reason)
{
	return reasons[reason].name;
}

/**
 * acs_guard_reason_text() - the sentence of a reason
 * @reason: the reason
 *
 * Return: what is wrong with the blocker, without its address; "" for
 * %ACS_GUARD_ISOLATED.
 */
const char *acs_guard_reason_text(enum acs_guard_reason reason)
{
	return reasons[reason].text;
}

/**
 * acs_guard_flags() - the names of ACS flags
 * @flags: PCI_ACS_*, as in both ACS registers (7.7.11.2, 7.7.11.3)
 *
 * Return: the names with commas between them, or "-" if there is none; by
 * value: pass acs_guard_flags(flags).text to a "%s".
 */
struct acs_guard_flags acs_guard_flags(u16 flags)
{
	static const char names[][3] = { "SV", "TB", "RR", "CR",
					 "UF", "EC", "DT" };
	struct acs_guard_flags words = { "-" };
	unsigned int i;
	int len = 0;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (flags & BIT(i))
			len += scnprintf(words.text + len,
					 sizeof(words.text) - (size_t)len,
					 "%s%s", len ? "," : "", names[i]);
	return words;
}

/**
 * acs_guard_explain() - a verdict as one line: "isolated", or
 *	"REASON BLOCKER: plain words"
 * @verdict: the verdict
 * @buf: receives the line, without a newline
 * @size: the size of @buf; 256 bytes are enough
 *
 * Return: the length of the line in @buf, the final 0 aside.
 */
int acs_guard_explain(const struct acs_guard_verdict *verdict, char *buf,
		      size_t size)
{
	const struct reason_words *words = &reasons[verdict->reason];
	int len = scnprintf(buf, size, "%s", words->name);

	if (verdict->reason == ACS_GUARD_ISOLATED)
		return len;

	len += scnprintf(buf + len, size - (size_t)len, " %s: %s",
			 acs_guard_name(verdict->blocker).text, words->text);
	if (verdict->missing)
		len += scnprintf(buf + len, size - (size_t)len, " (lacks %s)",
				 acs_guard_flags(verdict->missing).text);
	if (verdict->hidden)
		len += scnprintf(buf + len, size - (size_t)len, "%s",
				 rescan_text);
	return len;
}
