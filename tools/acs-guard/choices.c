// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what can be done about a refusal
 *
 * In the order in which they are offered: what loses no security comes first,
 * the exception last.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "choices.h"
#include "judge.h"
#include "quirks.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

/**
 * choices_add() - offer something
 * @choices: receives it
 * @id: its kind, for programs: see Documentation/integrators.rst
 * @title: what it is; lives as long as the machine
 * @commands: the commands for it, a line each, or NULL; likewise
 * @machine: the machine
 * @format: what it means
 */
void choices_add(struct choices *choices, const char *id, const char *title,
		 const char *commands, struct machine *machine,
		 const char *format, ...)
{
	va_list args;
	char *text;

	if (choices->count == MAX_CHOICES)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		die_of_memory();
	va_end(args);
	choices->list[choices->count++] = (struct choice){
		.id = id,
		.title = title,
		.text = arena_copy(&machine->arena, text, strlen(text)),
		.commands = commands,
	};
	free(text);
}

static bool is_reason(const struct function *fn, const char *reason)
{
	return !strcmp(fn->answer.reason, reason);
}

/* ---- IOMMU groups ---- */

/**
 * struct members - members of an IOMMU group that can be exposed
 * @bdf: their addresses, @count of them
 * @count: how many
 * @costs: what the host could no longer use
 */
struct members {
	u64 bdf[64];
	size_t count;
	struct text costs;
};

static void add_member(struct members *members, struct machine *machine,
		       const struct function *member)
{
	const char *uses = uses_of(machine, member);

	if (members->count < ARRAY_SIZE(members->bdf))
		members->bdf[members->count++] = member->bdf;
	if (*uses)
		text_add(&members->costs,
			 " The host could no longer use %s: %s.",
			 short_name(machine, member->bdf), uses);
}

/*
 * If unit=group allows @fn, its peers are the other members that can be exposed
 * at all (R13).  They are in order, and @fn is not among them.
 */
static void find_members(struct members *members, struct machine *machine,
			 struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	const struct function *peer;
	bool added = false;
	size_t i;

	for (i = 0; i < peers->count; i++) {
		if (!added && peers->bdf[i] > fn->bdf) {
			add_member(members, machine, fn);
			added = true;
		}
		peer = machine_find(machine, peers->bdf[i]);
		if (peer)
			add_member(members, machine, peer);
	}
	if (!added)
		add_member(members, machine, fn);
}

static void offer_group(struct choices *choices, struct machine *machine,
			struct function *fn)
{
	static const char title[] =
		"Give the whole IOMMU group to one guest: unit=group";
	const char *locked = "", *keep, *command;
	struct members members = {};

	if (!strcmp(machine->settings.unit, "group") ||
	    fn->answer.group_isolated <= 0)
		return;
	find_members(&members, machine, fn);
	if (machine->settings.locked) {
		locked =
			" The settings are locked until reboot. For the next boot, put";
		command = NULL;
	} else {
		locked = " To keep it, put";
		command = "echo group > /sys/module/acs_guard/parameters/unit";
	}
	keep = " \"options acs_guard unit=group\" into a file of /etc/modprobe.d, and update the initramfs (update-initramfs -u, or dracut --force).";
	choices_add(
		choices, "group", title, command, machine,
		"unit=group would allow it, because it is exposed to its own IOMMU group only: VFIO gives all of group %d (%s) to one owner, and only while no driver of the host has a function of it.%s The setting holds for all devices.%s%s",
		fn->group, list_of(machine, members.bdf, members.count),
		text_get(&members.costs), locked, keep);
	text_free(&members.costs);
}

/* ---- the host takes it back ---- */

static void offer_return(struct choices *choices, struct machine *machine,
			 const struct function *fn)
{
	static const char title[] = "Give it back to the host";
	const bool handed_out = is_exposed_in_use(machine, fn);
	const struct acs_guard_name name = acs_guard_name(fn->bdf);
	char override[64] = "";
	const char *commands;

	if (machine->source == SOURCE_DUMP || (fn->driver && !handed_out))
		return;
	if (fn->path)
		read_first_line_of(override, sizeof(override),
				   "%s/driver_override", fn->path);
	commands = arena_print(
		&machine->arena,
		"%s%s%secho > /sys/bus/pci/devices/%s/driver_override\necho %s > /sys/bus/pci/drivers_probe",
		handed_out ? "echo " : "",
		handed_out ?
			arena_print(&machine->arena,
				    "%s > /sys/bus/pci/devices/%s/driver/unbind",
				    name.text, name.text) :
			"",
		handed_out ? "\n" : "", name.text, name.text);
	if (*override && strcmp(override, "(null)"))
		choices_add(
			choices, "return", title, commands, machine,
			"%s is still set as its only driver (driver_override). These commands undo that and bind its usual driver.",
			override);
	else
		choices_add(choices, "return", title, commands, machine,
			    "These commands bind its usual driver.");
}

/* ---- what is hidden ---- */

static void offer_rescan(struct choices *choices, struct machine *machine,
			 struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	const u64 blocker = fn->answer.blocker;
	bool named = !fn->answer.has_blocker || !is_hidden(machine, blocker);
	u64 hidden[64];
	size_t count = 0, i;

	for (i = 0; i < peers->count; i++) {
		/* The blocker may be none of the peers; the order stays. */
		if (!named && blocker < peers->bdf[i] &&
		    count < ARRAY_SIZE(hidden)) {
			hidden[count++] = blocker;
			named = true;
		}
		named |= peers->bdf[i] == blocker;
		if (is_hidden(machine, peers->bdf[i]) &&
		    count < ARRAY_SIZE(hidden))
			hidden[count++] = peers->bdf[i];
	}
	if (!named && count < ARRAY_SIZE(hidden))
		hidden[count++] = blocker;
	if (!count)
		return;
	choices_add(
		choices, "rescan",
		arena_print(&machine->arena,
			    "Let the kernel list what is hidden: %s",
			    list_of(machine, hidden, count)),
		"echo 1 > /sys/bus/pci/rescan", machine,
		"A hidden device still answers and can send DMA. After a rescan, the kernel lists it again. It then has an IOMMU group, and can be handed to a guest with the others.");
}

/* ---- switches ---- */

/* A group of a dump is the kernel's, which creates none where the IOMMU is off.
 */
static bool is_iommu_on(const struct machine *machine,
			const struct function *fn)
{
	return fn->group != NONE &&
	       (machine->source == SOURCE_DUMP || fn->flags & FN_IOMMU);
}

static void offer_iommu(struct choices *choices, struct machine *machine,
			const struct function *fn)
{
	static const char title[] = "Switch the IOMMU on";
	static const char how[] =
		"In firmware it is called VT-d, AMD-Vi or SMMU; on Intel machines, add intel_iommu=on to the kernel's command line as well.";
	const char *doubt = "";

	if (is_reason(fn, "no-iommu"))
		choices_add(
			choices, "iommu", title, NULL, machine,
			"%s VFIO's no-IOMMU mode does not help: nothing translates the device's DMA there.",
			how);
	if (!is_reason(fn, "acs-disabled") || is_iommu_on(machine, fn))
		return;
	if (machine->source == SOURCE_DUMP && !machine->groups_known)
		doubt = "There are no IOMMU groups in this dump: was the IOMMU on? ";
	choices_add(choices, "iommu", title, NULL, machine,
		    "%sWhere it is on, Linux switches ACS on at boot. %s",
		    doubt, how);
}

/* Is "RR" in "SV,RR"? */
static bool has_flag(const char *list, const char *flag)
{
	const char *at;

	for (at = list; (at = strstr(at, flag)); at++)
		if ((at == list || at[-1] == ',') && (!at[2] || at[2] == ','))
			return true;
	return false;
}

/*
 * Only implemented controls can be switched on.  Some of Intel's ports have the
 * control register at another offset, which pci=config_acs= does not handle.
 */
static void offer_acs(struct choices *choices, struct machine *machine,
		      const struct function *fn)
{
	static const char flags[][3] = { "UF", "CR", "RR", "TB", "SV" };
	const struct acs_guard_name name = acs_guard_name(fn->answer.blocker);
	const struct function *at;
	const char *missing, *boot = "", *where = "ECAP_ACS+6.w";
	char bits[8] = "";
	unsigned int mask = 0, i;

	if (!is_reason(fn, "acs-disabled") || !fn->answer.has_blocker)
		return;
	missing = *fn->answer.missing ? fn->answer.missing : "SV,RR,CR,UF";
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		const bool has = has_flag(missing, flags[i]);

		bits[i] = has ? '1' : 'x';
		mask |= has << (ARRAY_SIZE(flags) - 1 - i);
	}
	at = machine_find(machine, fn->answer.blocker);
	if (at && quirks_has_dwords(at))
		where = "ECAP_ACS+8.l";
	else
		boot = arena_print(
			&machine->arena,
			" From kernel 6.11 on, pci=config_acs=%s@%s on the kernel's command line does it at each boot.",
			bits, name.text);
	choices_add(
		choices, "acs",
		arena_print(&machine->arena, "Switch ACS on at %s",
			    short_name(machine, fn->answer.blocker)),
		arena_print(&machine->arena, "setpci -s %s %s=%x:%x", name.text,
			    where, mask, mask),
		machine,
		"The port implements all that is required. setpci switches it on until reboot, unless the kernel is locked down, as it is with Secure Boot.%s On a machine that boots with a device tree, older kernels do not switch ACS on; newer ones do.",
		boot);
}

/* Name what the dump lacks about the blocker, and the command that dumps it. */
static void offer_dump(struct choices *choices, struct machine *machine,
		       const struct function *fn)
{
	const struct function *at = machine_find(machine, fn->answer.blocker);
	const char *text =
		"The dump lacks registers that the verdict depends on. On that machine, as root, run: lspci -xxxx.";

	if (at && at->flags & FN_NO_ANSWER)
		text = arena_print(
			&machine->arena,
			"%s did not answer in this dump: it was asleep or gone. On that machine, as root, wake it (echo on > /sys/bus/pci/devices/%s/power/control), then run: lspci -xxxx.",
			short_name(machine, at->bdf),
			acs_guard_name(at->bdf).text);
	else if (at && at->flags & FN_NO_BRIDGE)
		text = arena_print(
			&machine->arena,
			"The bridge above %s is not in this dump. On that machine, as root, run: lspci -xxxx, without -s.",
			short_name(machine, at->bdf));
	else if (at && at->flags & FN_TEXT)
		text = arena_print(
			&machine->arena,
			"This text does not show the registers of %s that the verdict depends on. On that machine, as root, run: lspci -xxxx.",
			short_name(machine, at->bdf));
	choices_add(choices, "dump", "Dump it again", NULL, machine, "%s",
		    text);
}

static void offer_firmware(struct choices *choices, struct machine *machine,
			   const struct function *fn)
{
	static const struct {
		const char *reason;
		const char *text;
	} texts[] = {
		{ "acs-disabled", "Some firmware has one called ACS." },
		{ "no-acs",
		  "Look for one called ACS: some firmware hides what a port has (on AMD boards, until AER is on as well). A port that really has none cannot be changed." },
		{ "sibling-port",
		  "Look for one called ACS: some firmware hides what a port has (on AMD boards, until AER is on as well). A port that really has none cannot be changed." },
		{ "egress-direct",
		  "This port was set to pass DMA straight on, by firmware, the kernel's pci= options or setpci. Undo that." },
		{ "direct-translated",
		  "This port was set to pass DMA straight on, by firmware, the kernel's pci= options or setpci. Undo that." },
		{ "translation",
		  "For translated requests, look for one called ACS Translation Blocking; for CXL.cache, for one that switches CXL off. Or load the module without strict=1, which requires this." },
		{ "port-memory",
		  "There is none: strict=1 requires a control that this switch does not have." },
		{ "unreadable",
		  "Its registers cannot be read: it was removed, is powered down, or is in reset. Try again; if that does not help, reset or replug it." },
	};
	size_t i;

	if (machine->source == SOURCE_DUMP && is_reason(fn, "unreadable")) {
		offer_dump(choices, machine, fn);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (is_reason(fn, texts[i].reason))
			choices_add(choices,
				    is_reason(fn, "unreadable") ? "retry" :
								  "firmware",
				    is_reason(fn, "unreadable") ?
					    "Try again" :
					    "A firmware setting",
				    NULL, machine, "%s", texts[i].text);
}

static void offer_exception(struct choices *choices, struct machine *machine,
			    const struct function *fn)
{
	choices_add(
		choices, "exception", "Accept the risk, for this one device",
		arena_print(&machine->arena,
			    "acs-guard allow %s --reason \"...\"",
			    short_name(machine, fn->bdf)),
		machine,
		"The exception ends when the device is removed or the machine reboots; with --persist, it is made again at each boot. It is logged, and a bind with it taints the kernel.");
}

/**
 * choices_find() - work out what can be done about a refusal
 * @choices: nothing if @fn is not refused
 * @machine: the machine; what the host does with its devices is known
 * @fn: the function
 */
void choices_find(struct choices *choices, struct machine *machine,
		  struct function *fn)
{
	bool has_setting;

	choices->count = 0;
	/* Only what is refused has a reason. */
	if (fn->status != STATUS_REFUSED)
		return;
	/* A setting is less work than to move the card. */
	has_setting = is_reason(fn, "acs-disabled");
	offer_group(choices, machine, fn);
	offer_return(choices, machine, fn);
	offer_rescan(choices, machine, fn);
	offer_iommu(choices, machine, fn);
	if (!has_setting)
		offer_slot(choices, machine, fn);
	offer_acs(choices, machine, fn);
	offer_firmware(choices, machine, fn);
	if (has_setting)
		offer_slot(choices, machine, fn);
	offer_together(choices, machine, fn);
	offer_exception(choices, machine, fn);
}
