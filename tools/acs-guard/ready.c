// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: is a device ready to be assigned to a guest?
 *
 * Only isolation is enforced.  The other questions are what VFIO and the guest
 * will stumble over later, with less to say about it.
 */
#include <stdlib.h>

#include "ready.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

static void add(struct checks *checks, const char *name, const char *answer,
		const char *text)
{
	checks->list[checks->count++] = (struct check){ name, text, answer };
}

static const char *yes_or_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void check_isolated(struct checks *checks, struct machine *machine,
			   const struct function *fn)
{
	const char *answer = "unknown", *text = "isolated";

	if (fn->answer.judged)
		answer = yes_or_no(fn->answer.isolated);
	if (fn->status == STATUS_EXCEPTION && !fn->answer.isolated)
		text = "isolated (there is an exception)";
	else if (fn->status == STATUS_GROUP)
		text = "isolated (all of its IOMMU group goes to one owner)";
	add(checks, "isolated", answer, text);
}

static void check_iommu(struct checks *checks, struct machine *machine,
			const struct function *fn)
{
	const char *answer = "unknown";

	if (machine->source != SOURCE_DUMP)
		answer = yes_or_no(fn->flags & FN_IOMMU);
	else if (fn->group != NONE)
		answer = "yes";
	add(checks, "iommu", answer, "an IOMMU translates its DMA");
}

/* A driver that lets VFIO have the rest of the group. */
static bool lets_vfio(const struct machine *machine, const char *driver)
{
	return !driver || !strcmp(driver, "pcieport") ||
	       is_guarded_driver(machine, driver);
}

static void check_group(struct checks *checks, struct machine *machine,
			const struct function *fn)
{
	const struct function *member;
	struct text others = {};
	bool any_driver = machine->source != SOURCE_DUMP;
	const char *text, *answer;
	int number;

	for (number = machine_first_in_group(machine, fn->group);
	     number != NONE; number = member->next_in_group) {
		member = function_at(machine, number);
		any_driver |= !!member->driver;
		/* Its own driver goes when it is assigned. */
		if (member == fn || lets_vfio(machine, member->driver))
			continue;
		text_add(&others, "%s%s (%s)", others.len ? ", " : "",
			 short_name(machine, member->bdf), member->driver);
	}
	answer = fn->group == NONE || !any_driver ? "unknown" :
						    yes_or_no(!others.len);
	if (fn->group == NONE)
		text = "its IOMMU group is viable for VFIO";
	else if (others.len)
		text = arena_print(
			&machine->arena,
			"IOMMU group %d is viable for VFIO: drivers of the host have %s",
			fn->group, text_get(&others));
	else
		text = arena_print(&machine->arena,
				   "IOMMU group %d is viable for VFIO",
				   fn->group);
	text_free(&others);
	add(checks, "group", answer, text);
}

static void check_reset(struct checks *checks, struct machine *machine,
			const struct function *fn)
{
	char path[PATH_MAX], line[128];
	const char *answer = "unknown", *text = "it can be reset";
	FILE *file;

	if (fn->path) {
		snprintf(path, sizeof(path), "%s/reset_method", fn->path);
		file = fopen(path, "re");
		/* Without a method there is no such file. */
		answer = "no";
		if (file && fgets(line, sizeof(line), file) && *line != '\n') {
			line[strcspn(line, "\n")] = '\0';
			answer = "yes";
			text = arena_print(&machine->arena,
					   "it can be reset: %s", line);
		}
		if (file)
			fclose(file);
	}
	add(checks, "reset", answer, text);
}

/* Memory that firmware has a device use for itself: VFIO refuses the group. */
static void check_regions(struct checks *checks, struct machine *machine,
			  const struct function *fn)
{
	char path[PATH_MAX], line[128], kind[32];
	const char *answer = "unknown";
	FILE *file = NULL;

	if (machine->source != SOURCE_DUMP && fn->group != NONE) {
		snprintf(path, sizeof(path),
			 "%s/kernel/iommu_groups/%d/reserved_regions",
			 roots()->sysfs, fn->group);
		file = fopen(path, "re");
	}
	if (file) {
		answer = "yes";
		while (fgets(line, sizeof(line), file))
			if (sscanf(line, "%*s %*s %31s", kind) == 1 &&
			    !strcmp(kind, "direct"))
				answer = "no";
		fclose(file);
	}
	add(checks, "regions", answer,
	    "firmware reserves no memory for it (RMRR)");
}

static void check_use(struct checks *checks, struct machine *machine,
		      const struct function *fn)
{
	const char *uses = uses_of(machine, fn);
	const char *answer = "unknown", *text = "the host does not use it";

	if (machine->source != SOURCE_DUMP)
		answer = yes_or_no(!*uses);
	if (*uses)
		text = arena_print(&machine->arena, "%s: %s", text, uses);
	add(checks, "use", answer, text);
}

/**
 * ready_find() - ask what stands between a device and a guest
 * @checks: the answers
 * @machine: the machine; what the host does with its devices is known
 * @fn: the function
 */
void ready_find(struct checks *checks, struct machine *machine,
		const struct function *fn)
{
	checks->count = 0;
	check_isolated(checks, machine, fn);
	check_iommu(checks, machine, fn);
	check_group(checks, machine, fn);
	check_reset(checks, machine, fn);
	check_regions(checks, machine, fn);
	check_use(checks, machine, fn);
}
