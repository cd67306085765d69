// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard survey: many machines, a line each, and totals
 */
#include <stdlib.h>
#include <unistd.h>

#include "json.h"
#include "judge.h"
#include "list.h"
#include "output.h"
#include "survey.h"
#include "tool.h"

/* What cannot be exposed may be in the groups of others, as in R13. */
static bool is_alone_in_group(const struct machine *machine,
			      const struct function *fn)
{
	const struct function *member;
	int number;

	for (number = machine_first_in_group(machine, fn->group);
	     number != NONE; number = member->next_in_group) {
		member = function_at(machine, number);
		if (member != fn && can_be_exposed(machine, member))
			return false;
	}
	return true;
}

static bool is_bridge(const struct function *fn)
{
	const u8 header = fn->cfg[PCI_HEADER_TYPE] & 0x7f;

	return is_port(fn) || header == PCI_HEADER_TYPE_BRIDGE ||
	       header == PCI_HEADER_TYPE_CARDBUS;
}

static void count_reason(struct survey *survey, const char *reason)
{
	size_t i;

	for (i = 0; i < survey->nr_reasons; i++)
		if (!strcmp(survey->reasons[i].name, reason))
			break;
	if (i == MAX_REASONS)
		return;
	if (i == survey->nr_reasons)
		survey->reasons[survey->nr_reasons++].name = reason;
	survey->reasons[i].count++;
}

/**
 * survey_count() - count the functions of a machine
 * @survey: receives the numbers, in addition to what is there
 * @machine: the machine, judged; bridges are left out
 */
void survey_count(struct survey *survey, const struct machine *machine)
{
	size_t i;

	survey->machines++;
	for (i = 0; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		if (is_bridge(fn))
			continue;
		survey->functions++;
		survey->isolated += fn->answer.isolated;
		survey->grouped += !fn->answer.isolated &&
				   fn->answer.group_isolated > 0;
		if (!fn->answer.isolated)
			count_reason(survey, fn->answer.reason);
		if (fn->group != NONE)
			survey->agreement[fn->answer.isolated]
					 [is_alone_in_group(machine, fn)]++;
	}
}

/* ---- lines ---- */

static void print_reasons(const struct survey *survey)
{
	size_t i;

	for (i = 0; i < survey->nr_reasons; i++)
		printf("%s%s=%u", i ? "," : "", survey->reasons[i].name,
		       survey->reasons[i].count);
	if (!i)
		putchar('-');
}

static void print_line(const char *name, const struct survey *survey)
{
	printf("%s\t%u\t%u\t%u\t", name, survey->functions, survey->isolated,
	       survey->functions - survey->isolated);
	if (survey_has_groups(survey))
		printf("%u\t", survey->grouped);
	else
		printf("-\t");
	print_reasons(survey);
	putchar('\n');
}

/* Where the kernel has a function alone, and it is refused; or the reverse. */
static void print_disagreements(const char *name, const struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		if (is_bridge(fn) || fn->group == NONE ||
		    fn->answer.isolated == is_alone_in_group(machine, fn))
			continue;
		printf("# %s %s: IOMMU group %d is %s, and it is %s%s%s\n",
		       name, acs_guard_name(fn->bdf).text, fn->group,
		       fn->answer.isolated ? "shared" : "its own",
		       fn->answer.isolated ? "isolated" : "refused: ",
		       fn->answer.isolated ? "" : fn->answer.reason,
		       fn->answer.has_blocker ?
			       arena_print(
				       &((struct machine *)machine)->arena,
				       " at %s",
				       acs_guard_name(fn->answer.blocker).text) :
			       "");
	}
}

static const char *plural(unsigned int count)
{
	return count == 1 ? "" : "s";
}

static void print_totals(const struct survey *total, unsigned int failed)
{
	printf("# %u machine%s judged, %u dump%s could not be read; %u function%s: %u isolated, %u refused (",
	       total->machines, plural(total->machines), failed, plural(failed),
	       total->functions, plural(total->functions), total->isolated,
	       total->functions - total->isolated);
	print_reasons(total);
	printf(")\n");
	printf("# the kernel's IOMMU groups, where they are known: alone and isolated %u, alone and refused %u, shared and isolated %u, shared and refused %u\n",
	       total->agreement[1][1], total->agreement[0][1],
	       total->agreement[1][0], total->agreement[0][0]);
	if (survey_has_groups(total))
		printf("# with unit=group: %u of the refused may bind\n",
		       total->grouped);
}

static void list_functions(const char *name, struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++) {
		printf("%s\t", name);
		list_function(machine, &machine->fns[i]);
	}
}

static struct json_object *json_functions(const char *name,
					  struct machine *machine)
{
	struct json_object *list = json_object_new_array(), *one;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		one = list_json(machine, &machine->fns[i]);
		json_put_text(one, "dump", name);
		json_object_array_add(list, one);
	}
	return list;
}

/* ---- all machines ---- */

static void show_progress(size_t i, size_t count)
{
	if (isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO))
		fprintf(stderr, "\r%zu of %zu%s", i, count,
			i == count ? "\n" : "");
}

/**
 * struct run - a survey under way
 * @options: of the command line
 * @list: a line a function
 * @total: of all machines
 * @failed: how many could not be read
 * @devices: their functions, for JSON
 * @machines: themselves, for JSON
 */
struct run {
	const struct options *options;
	bool list;
	struct survey total;
	unsigned int failed;
	struct json_object *devices;
	struct json_object *machines;
};

static void add_json(struct run *run, const char *name, struct machine *machine,
		     const struct survey *survey)
{
	struct json_object *functions = json_functions(name, machine);
	size_t i;

	for (i = 0; i < json_object_array_length(functions); i++)
		json_object_array_add(run->devices,
				      json_object_get(json_object_array_get_idx(
					      functions, i)));
	json_object_put(functions);
	json_object_array_add(run->machines, survey_json(name, survey));
}

static void survey_one(struct run *run, const char *path)
{
	struct survey survey = {};
	struct machine machine;

	if (!read_dump(&machine, run->options, &path, 1)) {
		say("%s", machine.error);
		run->failed++;
		machine_free(&machine);
		return;
	}
	print_notes(&machine);
	survey_count(&survey, &machine);
	survey_count(&run->total, &machine);
	if (run->options->json) {
		add_json(run, path, &machine, &survey);
	} else if (run->list) {
		list_functions(path, &machine);
	} else {
		print_line(path, &survey);
		print_disagreements(path, &machine);
	}
	machine_free(&machine);
}

static void print_json(struct run *run)
{
	struct json_object *object = json_object_new_object();

	json_put(object, "total", survey_json(NULL, &run->total));
	json_put_int(object, "failed", run->failed);
	json_put(object, "machines", run->machines);
	json_put(object, "devices", run->devices);
	json_print(object);
}

int run_survey(const struct options *options, int argc, char **argv)
{
	struct run run = { .options = options };
	int i, count = 0;

	for (i = 0; i < argc; i++) {
		/* The first of the words is "survey". */
		const bool option = i + 1 < options->words &&
				    argv[i][0] == '-' && argv[i][1];

		if (!option)
			argv[count++] = argv[i];
		else if (!strcmp(argv[i], "--list"))
			run.list = true;
		else
			die("survey has no option '%s' (a file of that name: ./%s)",
			    printable(argv[i]), printable(argv[i]));
	}
	argc = count;
	if (!argc)
		die("survey needs dumps: acs-guard survey FILE...");
	for (i = 0; i < argc; i++)
		if (has_control(argv[i]))
			die("survey: the name of the file must not contain control characters");
	if (options->json) {
		run.devices = json_object_new_array();
		run.machines = json_object_new_array();
	} else if (run.list) {
		printf("dump\t");
		list_heading(options->unit ? options->unit : "function");
	} else {
		puts("machine\tfunctions\tisolated\trefused\twith_unit_group\treasons");
	}
	for (i = 0; i < argc; i++) {
		survey_one(&run, argv[i]);
		show_progress((size_t)i + 1, (size_t)argc);
	}
	if (options->json)
		print_json(&run);
	else if (!run.list)
		print_totals(&run.total, run.failed);
	return run.failed ? EXIT_ERROR : EXIT_FINE;
}
