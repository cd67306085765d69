// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what the words of "lspci -vv" say about capabilities
 *
 * A capability with an unknown name is one that no rule is about, since those
 * that rules are about have had one name in all versions of lspci.
 */
#include <stdlib.h>

#include "verbose.h"

/**
 * words_behind() - the text behind a character, and the blanks after it
 * @text: the text
 * @end: the character
 *
 * Return: @text if it is not there.
 */
const char *words_behind(const char *text, char end)
{
	const char *at = strchr(text, end);

	return at ? at + 1 + strspn(at + 1, " \t") : text;
}

/**
 * words_have_sign() - is there a sign such as "SrcValid+"?
 * @line: the line
 * @name: the name
 *
 * Return: false for a minus, and if the name is not there.
 */
bool words_have_sign(const char *line, const char *name)
{
	const size_t len = strlen(name);

	for (line = strstr(line, name); line; line = strstr(line + 1, name))
		if (line[len] == '+')
			return true;
	return false;
}

struct cap_name {
	const char *name;
	u16 id;
};

static int acs_flags(const char *line)
{
	static const struct cap_name flags[] = {
		{ "SrcValid", PCI_ACS_SV },    { "TransBlk", PCI_ACS_TB },
		{ "ReqRedir", PCI_ACS_RR },    { "CmpltRedir", PCI_ACS_CR },
		{ "UpstreamFwd", PCI_ACS_UF }, { "EgressCtrl", PCI_ACS_EC },
		{ "DirectTrans", PCI_ACS_DT },
	};
	int value = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		/* Each is there, with a plus or a minus, or the line is cut. */
		const char *at = strstr(line, flags[i].name);

		if (!at || !strchr("+-", at[strlen(flags[i].name)]) ||
		    !at[strlen(flags[i].name)])
			return NOT_GIVEN;
		if (words_have_sign(line, flags[i].name))
			value |= flags[i].id;
	}
	return value;
}

static int express_type(const char *text)
{
	static const struct cap_name types[] = {
		{ "Endpoint", PCI_EXP_TYPE_ENDPOINT },
		{ "Legacy Endpoint", PCI_EXP_TYPE_LEG_END },
		{ "Root Port", PCI_EXP_TYPE_ROOT_PORT },
		{ "Upstream Port", PCI_EXP_TYPE_UPSTREAM },
		{ "Downstream Port", PCI_EXP_TYPE_DOWNSTREAM },
		{ "PCI-Express to PCI/PCI-X Bridge", PCI_EXP_TYPE_PCI_BRIDGE },
		{ "PCI/PCI-X Bridge", PCI_EXP_TYPE_PCI_BRIDGE },
		{ "PCI/PCI-X to PCI-Express Bridge", PCI_EXP_TYPE_PCIE_BRIDGE },
		{ "Root Complex Integrated Endpoint", PCI_EXP_TYPE_RC_END },
		{ "Root Complex Event Collector", PCI_EXP_TYPE_RC_EC },
	};
	size_t i, len;

	if (starts(text, "Unknown type "))
		return (int)strtoul(text + 13, NULL, 10) & 0xf;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		len = strlen(types[i].name);
		/* The name is whole: a comma, a slot, or a blank before it. */
		if (!strncmp(text, types[i].name, len) &&
		    (text[len] == ',' || starts(text + len, " (Slot")))
			return types[i].id;
	}
	return NOT_GIVEN;
}

/* "(v2) Root Port (Slot+), MSI 00" */
static void read_express(struct words *words, const char *text)
{
	int type;

	if (starts(text, "(v"))
		text = words_behind(text, ')');
	type = express_type(text);
	if (type == NOT_GIVEN)
		return;
	words->pcie_flags = 2 | type << 4;
	/* If the dump does not show it, a port has one: the stricter case. */
	if ((type == PCI_EXP_TYPE_ROOT_PORT ||
	     type == PCI_EXP_TYPE_DOWNSTREAM) &&
	    !strstr(text, "(Slot-)"))
		words->pcie_flags |= PCI_EXP_FLAGS_SLOT;
}

static u16 ext_cap_id(const char *text)
{
	static const struct cap_name names[] = {
		{ "Access Control Services", PCI_EXT_CAP_ID_ACS },
		{ "Address Translation Service", PCI_EXT_CAP_ID_ATS },
		{ "Single Root I/O Virtualization", PCI_EXT_CAP_ID_SRIOV },
		{ "Designated Vendor-Specific", PCI_EXT_CAP_ID_DVSEC },
	};
	const char *number = NULL;
	unsigned long id;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (starts(text, names[i].name))
			return names[i].id;
	/* What this lspci had no name for. */
	if (starts(text, "Extended Capability ID 0x"))
		number = text + 25;
	else if (*text == '#')
		number = text + 1;
	if (number && take_hex(&number, 4, &id))
		return (u16)id;
	return EXT_CAP_OTHER;
}

/* "Vendor=1e98 ID=0000 Rev=1 Len=56" */
static void read_dvsec(struct words *words, const char *text, u16 where)
{
	const char *at = strstr(text, "Vendor=");
	unsigned long vendor = 0, id = 0;

	if (at) {
		at += 7;
		take_hex(&at, 4, &vendor);
	}
	at = strstr(text, " ID=");
	if (at) {
		at += 4;
		take_hex(&at, 4, &id);
	}
	/* The one that S3 is about; or the dump does not show which it is. */
	if ((vendor == 0x1e98 && !id) || !vendor) {
		words->dvsec_vendor = 0x1e98;
		words->dvsec_at = where;
	}
}

static void add_cap(struct words_cap *list, unsigned int *count, u16 where,
		    u16 id)
{
	if (*count < MAX_WORDS_CAPS)
		list[(*count)++] = (struct words_cap){ where, id };
}

/*
 * Linux uses the first capability with an ID, except for DVSECs.  A later one
 * gets the ID @other.
 */
static u16 unless_known(const struct words_cap *list, unsigned int count,
			u16 id, u16 other)
{
	unsigned int i;

	for (i = 0; i < count && id != PCI_EXT_CAP_ID_DVSEC; i++)
		if (list[i].id == id)
			return other;
	return id;
}

/* "Capabilities: [58] Express (v2) Root Port (Slot+), MSI 00" */
/**
 * words_capability() - read the first line of a capability
 * @words: what is known so far
 * @text: the line, behind "Capabilities: "
 */
void words_capability(struct words *words, const char *text)
{
	unsigned long where;

	words->at = MAX_WORDS_CAPS;
	if (starts(text, "<access denied>")) {
		words->denied = true;
		return;
	}
	if (*text++ != '[' || !take_hex(&text, 3, &where))
		return;
	text = words_behind(text, ']');
	words->in_ext = where >= PCI_CFG_SPACE_SIZE;
	if (starts(text, "<chain ")) {
		*(words->in_ext ? &words->looped : &words->broken) = true;
	} else if (words->in_ext) {
		const u16 id = unless_known(words->ext, words->exts,
					    ext_cap_id(text), EXT_CAP_OTHER);

		words->at = words->exts;
		add_cap(words->ext, &words->exts, (u16)where, id);
		if (id == PCI_EXT_CAP_ID_DVSEC)
			read_dvsec(words, text, (u16)where);
	} else {
		const u16 id = unless_known(
			words->cap, words->caps,
			starts(text, "Express ") ? PCI_CAP_ID_EXP : CAP_OTHER,
			CAP_OTHER);

		words->at = words->caps;
		add_cap(words->cap, &words->caps, (u16)where, id);
		if (id == PCI_CAP_ID_EXP)
			read_express(words, text + 8);
	}
}

static bool is_about(const struct words *words, bool ext, u16 id)
{
	const struct words_cap *list = ext ? words->ext : words->cap;
	const unsigned int count = ext ? words->exts : words->caps;

	return words->in_ext == ext && words->at < count &&
	       list[words->at].id == id;
}

static int number_after(const char *line, const char *name, int base)
{
	const char *at = strstr(line, name);
	char *end;
	long value;

	if (!at)
		return NOT_GIVEN;
	at += strlen(name);
	value = strtol(at, &end, base);
	return end == at || value < 0 || value > 0xffff ? NOT_GIVEN :
							  (int)value;
}

static void read_sriov(struct words *words, const char *line)
{
	if (starts(line, "IOVCtl:"))
		words->vf_enable = strstr(line, "Enable-") ? 0 : 1;
	else if (starts(line, "Initial VFs:"))
		words->vf_count = number_after(line, "Number of VFs: ", 10);
	if (!starts(line, "VF offset:"))
		return;
	words->vf_offset = number_after(line, "VF offset: ", 10);
	words->vf_stride = number_after(line, "stride: ", 10);
	words->vf_device = (u16)number_after(line, "Device ID: ", 16);
}

/**
 * words_detail() - read a line that is about the capability above it
 * @words: what is known so far
 * @line: the line, without blanks before it
 */
void words_detail(struct words *words, const char *line)
{
	if (is_about(words, true, PCI_EXT_CAP_ID_ACS)) {
		if (starts(line, "ACSCap:"))
			words->acs_cap = acs_flags(line);
		else if (starts(line, "ACSCtl:"))
			words->acs_ctrl = acs_flags(line);
	} else if (is_about(words, true, PCI_EXT_CAP_ID_SRIOV)) {
		read_sriov(words, line);
	} else if (is_about(words, true, PCI_EXT_CAP_ID_DVSEC)) {
		if (starts(line, "CXLCtl:") && strstr(line, "Cache-"))
			words->cxl_ctrl = 0;
	} else if (is_about(words, false, PCI_CAP_ID_EXP)) {
		if (starts(line, "SltCap:") && strstr(line, "HotPlug-"))
			words->hotplug = 0;
		else if (starts(line, "SltCap:") && strstr(line, "HotPlug+"))
			words->hotplug = PCI_EXP_SLTCAP_HPC;
	}
}
