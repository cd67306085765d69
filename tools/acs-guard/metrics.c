// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard metrics: numbers in the text format of Prometheus
 */
#include "json.h"
#include "judge.h"
#include "report.h"
#include "sysfs.h"
#include "textfile.h"
#include "tool.h"

/**
 * struct metric - a number about each function
 * @name: its name
 * @type: gauge or counter
 * @help: what it is
 * @value: the number
 */
struct metric {
	const char *name;
	const char *type;
	const char *help;
	unsigned long (*value)(const struct machine *machine,
			       const struct function *fn);
};

/* Samples as JSON, or NULL for the text format. */
static struct json_object *samples;

static void print_about_metric(const char *name, const char *type,
			       const char *help)
{
	if (!samples)
		printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_sample(const char *name, struct json_object *labels,
		       unsigned long value)
{
	struct json_object *object = json_object_new_object();

	json_put_text(object, "name", name);
	json_put(object, "labels", labels);
	json_put_int(object, "value", (s64)value);
	json_object_array_add(samples, object);
}

static void print_metric(const char *name, const char *help,
			 unsigned long value)
{
	print_about_metric(name, "gauge", help);
	if (samples)
		add_sample(name, json_object_new_object(), value);
	else
		printf("%s %lu\n", name, value);
}

static void print_status(const char *status, unsigned long value)
{
	static const char name[] = "acs_guard_functions";
	struct json_object *labels;

	if (!samples) {
		printf("%s{status=\"%s\"} %lu\n", name, status, value);
		return;
	}
	labels = json_object_new_object();
	json_put_text(labels, "status", status);
	add_sample(name, labels, value);
}

static void print_sample(const char *name, const struct function *fn,
			 unsigned long value)
{
	const struct acs_guard_name device = acs_guard_name(fn->bdf);
	struct json_object *labels;
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", vendor_of(fn), device_of(fn));
	if (!samples) {
		printf("%s{device=\"%s\",id=\"%s\"} %lu\n", name, device.text,
		       id, value);
		return;
	}
	labels = json_object_new_object();
	json_put_text(labels, "device", device.text);
	json_put_text(labels, "id", id);
	add_sample(name, labels, value);
}

static unsigned long isolated(const struct machine *machine,
			      const struct function *fn)
{
	return fn->answer.isolated;
}

static unsigned long group_isolated(const struct machine *machine,
				    const struct function *fn)
{
	return fn->answer.group_isolated > 0;
}

static unsigned long permissive(const struct machine *machine,
				const struct function *fn)
{
	return fn->answer.permissive;
}

static unsigned long exposed(const struct machine *machine,
			     const struct function *fn)
{
	return is_exposed_in_use(machine, fn);
}

static unsigned long denied(const struct machine *machine,
			    const struct function *fn)
{
	return fn->answer.denied;
}

/* Ports are left out. */
static void print_of_each(const struct machine *machine,
			  const struct metric *metric)
{
	size_t i;

	print_about_metric(metric->name, metric->type, metric->help);
	for (i = 0; i < machine->count; i++)
		if (!is_port(&machine->fns[i]))
			print_sample(metric->name, &machine->fns[i],
				     metric->value(machine, &machine->fns[i]));
}

static void print_functions(const struct machine *machine,
			    const struct counts *counts)
{
	static const struct metric per_device[] = {
		{ "acs_guard_isolated", "gauge",
		  "Whether the function is isolated.", isolated },
		{ "acs_guard_group_isolated", "gauge",
		  "Whether the function may bind with unit=group.",
		  group_isolated },
		{ "acs_guard_permissive", "gauge",
		  "Whether an exception is in force for the function.",
		  permissive },
		{ "acs_guard_exposed", "gauge",
		  "Whether a guarded driver has the function though it is neither isolated nor excepted.",
		  exposed },
		{ "acs_guard_denied_total", "counter",
		  "Binds refused since the function appeared, or the module was loaded.",
		  denied },
	};
	size_t i;

	print_about_metric("acs_guard_functions", "gauge",
			   "PCI functions, ports left out, by status.");
	print_status("ok", counts->ok);
	print_status("refused", counts->refused);
	print_status("exception", counts->exceptions);
	print_status("group", counts->grouped);
	if (counts->excusable != UNTOLD)
		print_metric(
			"acs_guard_refused_group_isolated",
			"How many of those that are refused would bind with unit=group.",
			(unsigned long)counts->excusable);
	for (i = 0; i < ARRAY_SIZE(per_device); i++)
		/* What an older module does not say is no number. */
		if (per_device[i].value != group_isolated ||
		    counts->excusable != UNTOLD)
			print_of_each(machine, &per_device[i]);
}

static void print_metrics(const struct machine *machine)
{
	const struct counts counts = count_functions(machine);

	print_metric(
		"acs_guard_loaded",
		"Whether the module acs_guard is loaded; if not, nothing is enforced.",
		is_loaded(machine));
	print_metric(
		"acs_guard_enforcing",
		"Whether it refuses (mode=enforce), and does not only log.",
		is_enforced(machine));
	print_metric("acs_guard_locked",
		     "Whether its settings are locked until reboot.",
		     machine->settings.locked);
	print_metric("acs_guard_iommu", "Whether an IOMMU is on.",
		     machine->nr_groups > 0);
	if (is_loaded(machine))
		print_functions(machine, &counts);
}

static void print_json(void)
{
	struct json_object *object = json_object_new_object();

	json_put(object, "metrics", samples);
	json_print(object);
}

/* Return: the file to write, or NULL for standard output. */
static const char *parse(int argc, char **argv)
{
	if (!argc)
		return NULL;
	if (argc == 1 && starts(argv[0], "--output="))
		return argv[0] + strlen("--output=");
	if (argc == 1 && !strcmp(argv[0], "--output"))
		die("--output needs the name of a file");
	if (argc == 2 && !strcmp(argv[0], "--output"))
		return argv[1];
	die("metrics takes no argument but --output FILE");
}

int run_metrics(const struct options *options, int argc, char **argv)
{
	const char *path = parse(argc, argv);
	struct machine machine;

	/* No number needs a verdict of the engine's, nor root. */
	sysfs_read_machine(&machine);
	find_statuses(&machine);
	if (path)
		textfile_begin(path);
	if (options->json)
		samples = json_object_new_array();
	print_metrics(&machine);
	if (options->json)
		print_json();
	if (path)
		textfile_end();
	machine_free(&machine);
	return EXIT_FINE;
}
