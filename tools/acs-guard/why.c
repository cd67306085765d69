// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: why a device is refused, and what is exposed to it
 */
#include "judge.h"
#include "names.h"
#include "output.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"
#include "why.h"

#define MAX_SHOWN 32

#define PORTS \
	"A device reads and writes memory by itself (DMA). Its DMA goes up, port by port, to the IOMMU, which lets the device of a guest access the memory of that guest only. A port whose Access Control Services (ACS) are switched on passes all DMA up. A port without them may pass DMA directly from one device to another, and the IOMMU does not check it."

#define PORTS_OF_DEVICE \
	"The ports of one device can pass DMA to each other inside the device, where the IOMMU does not check it, unless its Access Control Services (ACS) prevent that."

/**
 * struct background - how traffic can get past the IOMMU, in general
 * @reason: the name of the reason
 * @text: the explanation
 */
struct background {
	const char *reason;
	const char *text;
};

static const struct background backgrounds[] = {
	{ "no-acs", PORTS },
	{ "acs-incomplete", PORTS },
	{ "acs-disabled", PORTS },
	{ "egress-direct", PORTS },
	{ "direct-translated", PORTS },
	{ "sibling-port", PORTS },
	{ "multifunction",
	  "The functions of one card can send DMA to each other inside the card, where the IOMMU does not check it, unless the card's own Access Control Services (ACS) prevent that." },
	{ "conventional",
	  "All devices on a conventional PCI bus are connected to the same wires: they can send DMA to each other there, and the IOMMU cannot tell them apart." },
	{ "alias",
	  "The IOMMU identifies a device by its requester ID, and this device has the same one as another: memory that one of them may access, the other may access as well." },
	{ "iommu-group",
	  "The kernel puts devices that it cannot keep apart into one IOMMU group. Here the registers do not show why: firmware may give both the same ID, or one of them may have a fault that the kernel works around." },
	{ "no-iommu",
	  "The IOMMU lets the device of a guest access the memory of that guest only. No IOMMU translates the DMA of this device, so it can read and write all memory, that of the host too." },
	{ "translation",
	  "With strict=1 two things are not accepted: a port above that passes on a request whose address the device has marked as translated already, and CXL.cache, whose addresses no IOMMU translates." },
};

static const char *background_of(const struct function *fn,
				 const struct function *at)
{
	size_t i;

	if (at && is_port(at) && !strcmp(fn->answer.reason, "multifunction"))
		return PORTS_OF_DEVICE;
	for (i = 0; i < ARRAY_SIZE(backgrounds); i++)
		if (!strcmp(backgrounds[i].reason, fn->answer.reason))
			return backgrounds[i].text;
	return "A function is isolated only if registers show that it is, and here they do not.";
}

static void print_lacks(const char *missing)
{
	static const char *const flags[] = {
		"SV  Source Validation: blocks DMA that a card sends in the name of another",
		"RR  Request Redirect: passes reads and writes up to the IOMMU, not to a neighbour",
		"CR  Completion Redirect: passes the answers to reads up in the same way",
		"UF  Upstream Forwarding: passes on upwards what a port below has sent up",
	};
	const char *at;
	size_t i;

	puts("  It lacks");
	for (at = missing; *at; at += at[2] ? 3 : 2)
		for (i = 0; i < ARRAY_SIZE(flags); i++)
			if (!strncmp(at, flags[i], 2))
				printf("    %s\n", flags[i]);
}

/**
 * print_why() - print why a function is refused
 * @machine: the machine
 * @fn: the function
 */
void print_why(struct machine *machine, const struct function *fn)
{
	const struct answer *answer = &fn->answer;
	const struct function *at = NULL;

	if (answer->has_blocker)
		at = machine_find(machine, answer->blocker);
	printf("\n%sWhy%s\n", style.bold, style.plain);
	para("  ", "%s", background_of(fn, at));
	if (at) {
		printf("  The weak place here:\n    %s%s%s %s\n", style.bold,
		       short_name(machine, at->bdf), style.plain,
		       name_of(machine, at));
	} else if (answer->has_blocker && is_hidden(machine, answer->blocker)) {
		puts("  The weak place here:");
		print_about_hidden(machine, answer->blocker);
	}
	para("    ", "%s: %s.", answer->reason,
	     at && at->flags & FN_NO_BRIDGE ?
		     "the bridge above it is not in this dump, so it is not known whether that bridge keeps it apart from other devices" :
		     plain_words(machine, answer->words));
	if (*answer->missing)
		print_lacks(answer->missing);
	if (!strcmp(answer->reason, "acs-incomplete"))
		para("  ",
		     "No setting changes that, neither in firmware nor in Linux: the port does not implement all that is required. Those of Thunderbolt 3 lack RR and CR.");
}

/* Does the reason lie at a Root Port?  Above a Downstream Port is another. */
static bool is_weak_root_port(const struct machine *machine,
			      const struct function *fn)
{
	static const char *const reasons[] = { "no-acs", "acs-incomplete",
					       "acs-disabled", "egress-direct",
					       "direct-translated" };
	const struct function *at, *above;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(fn->answer.reason, reasons[i]))
			break;
	if (i == ARRAY_SIZE(reasons) || !fn->answer.has_blocker)
		return false;
	at = machine_find(machine, fn->answer.blocker);
	above = at ? function_at(machine, at->parent) : NULL;
	return at && (!above || !is_port(above));
}

static void print_list(struct machine *machine, const struct peers *peers)
{
	unsigned int shown = 0, more = peers->unnamed;
	const struct function *peer;
	size_t i;

	for (i = 0; i < peers->count; i++) {
		peer = machine_find(machine, peers->bdf[i]);
		if (!peer && !is_hidden(machine, peers->bdf[i]))
			continue;
		if (shown == MAX_SHOWN) {
			more++;
			continue;
		}
		shown++;
		if (peer)
			print_about(machine, peer, "    ");
		else
			print_about_hidden(machine, peers->bdf[i]);
	}
	if (more)
		printf("    and %u more\n", more);
}

/**
 * print_exposed() - print which functions are exposed to a function
 * @machine: the machine
 * @fn: the function
 */
void print_exposed(struct machine *machine, struct function *fn)
{
	const struct peers *peers = peers_of(machine, fn);
	const bool all = !strcmp(fn->answer.reason, "no-iommu") ||
			 !strcmp(fn->answer.reason, "translation");

	printf("\n%sWho is exposed%s\n", style.bold, style.plain);
	if (all)
		para("  ",
		     "The whole machine: each guest and the host itself.");
	if (peers->unknown)
		para("  ",
		     machine->source == SOURCE_DUMP ?
			     "Not all exposed devices are known, because the bridge above it is not in this dump." :
			     "Not all exposed devices are known, because a device vanished while they were read. Run the command again.");
	if ((all || peers->unknown) && !peers->count)
		return;
	if (!peers->count && !peers->unnamed) {
		if (!strcmp(fn->answer.reason, "unreadable"))
			para("  ",
			     "That is not known, because registers cannot be read.");
		else if (!strcmp(fn->answer.reason, "port-memory"))
			para("  ",
			     "The memory of the switch's own ports; no other device is known to be exposed.");
		else if (is_weak_root_port(machine, fn))
			para("  ",
			     "No other device is known that it could reach, or that could reach it, but nothing shows that the root complex does not pass its DMA to another port.");
		else
			para("  ",
			     "No device that is present today. It and a device that is plugged in, or appears, next to it may be able to send DMA to each other past the IOMMU.");
		return;
	}
	if (!strcmp(fn->answer.reason, "iommu-group"))
		para("  ",
		     "It shares its IOMMU group with each of these devices, and the kernel does not keep them apart. A guest that has one of them may be able to read, change or take over the other:");
	else
		para("  ",
		     "It and each of these devices can send DMA to each other past the IOMMU. A guest that has one of them can read, change or take over the other:");
	print_list(machine, peers);
}

/* No list of groups helps where unit=group does not accept the reason. */
static bool lacks_groups(const struct machine *machine,
			 const struct function *fn)
{
	return machine->source == SOURCE_DUMP && !machine->groups_known &&
	       !is_refused_anyway(fn);
}

/**
 * print_group_doubt() - print why it is not known whether unit=group would
 *	allow a bind
 * @machine: the machine
 * @fn: a function that is refused
 */
void print_group_doubt(const struct machine *machine, const struct function *fn)
{
	const struct function *unanswered = fn->answer.group_unanswered;

	if (fn->status != STATUS_REFUSED)
		return;
	if (unanswered)
		para("  ",
		     "Whether unit=group would allow it is not known: %s did not answer in this dump (asleep or gone), and may be a bridge with devices behind it. On that machine, as root, wake it (echo on > /sys/bus/pci/devices/%s/power/control), and dump again.",
		     short_name(machine, unanswered->bdf),
		     acs_guard_name(unanswered->bdf).text);
	else if (lacks_groups(machine, fn))
		para("  ",
		     "Whether unit=group would allow it is not known, because this dump has no IOMMU groups. On that machine, run: find /sys/kernel/iommu_groups -type l >groups. Copy the file here, and add to this command: --groups groups");
}
