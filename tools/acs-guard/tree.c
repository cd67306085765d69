// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard tree: all functions, each below the port that it is plugged into
 */
#include <stdlib.h>

#include "exceptions.h"
#include "fold.h"
#include "json.h"
#include "judge.h"
#include "names.h"
#include "output.h"
#include "report.h"
#include "sysfs.h"
#include "tool.h"

/**
 * struct tree - a tree that is being printed
 * @machine: the machine
 * @fold: functions of the chipset become one line a bus
 * @before: what a line begins with
 */
struct tree {
	struct machine *machine;
	bool fold;
	struct text before;
};

/* ---- one function ---- */

/* A line below that of a function. */
static void print_remark(const struct tree *tree, const char *bar,
			 const char *colour, const char *mark, const char *text)
{
	printf("%-9s  %s%s%s%s    %s%s%s%s\n", "", style.dim,
	       text_get(&tree->before), bar, style.plain, colour, mark, text,
	       style.plain);
}

/* A machine has thousands of lines, and a format costs more than its words. */
static void put_words(const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		fputs(words[i], stdout);
}

static void print_line(const struct tree *tree, const struct function *fn,
		       const char *branch)
{
	const char *colour, *label = label_of(fn, &colour);
	const char *const words[] = {
		style.plain,
		"  ",
		style.dim,
		text_get(&tree->before),
		branch,
		style.plain,
		style.bold,
		short_name(tree->machine, fn->bdf),
		style.plain,
		" ",
		name_of(tree->machine, fn),
	};
	const char *const driver[] = {
		" ",
		style.dim,
		"[",
		fn->driver ? fn->driver : "no driver",
	};

	printf("%s%-9s", colour, label);
	put_words(words, ARRAY_SIZE(words));
	if (!is_port(fn)) {
		put_words(driver, ARRAY_SIZE(driver));
		if (fn->group != NONE)
			printf(", group %d", fn->group);
		fputs("]", stdout);
		fputs(style.plain, stdout);
	}
	putchar('\n');
}

static void print_remarks(const struct tree *tree, const struct function *fn,
			  const char *bar)
{
	struct machine *machine = tree->machine;
	const char *uses = uses_of(machine, fn);

	if (fn->weak && is_port(fn))
		print_remark(tree, bar, style.red, "",
			     plain_words(machine, fn->weak));
	if (is_exposed_in_use(machine, fn))
		print_remark(
			tree, bar, style.red, "! ",
			arena_print(&machine->arena,
				    "in use by %s although it is not isolated",
				    fn->driver));
	if (*uses)
		print_remark(tree, bar, style.yellow, "! ", uses);
}

/* ---- functions of the chipset, folded ---- */

static bool is_folded(const struct tree *tree, const struct folded *folded,
		      const struct function *fn)
{
	return folded->count && can_fold(tree->machine, fn);
}

static bool is_first(const struct folded *folded, const struct function *fn)
{
	return folded->count && folded->first->bdf == fn->bdf;
}

static void print_folded(const struct tree *tree, const struct folded *folded,
			 const char *branch)
{
	const struct machine *machine = tree->machine;

	printf("%-9s  %s%s%s%s%s%s to %s%s %s%u functions of the chipset", "",
	       style.dim, text_get(&tree->before), branch, style.plain,
	       style.bold, short_name(machine, folded->first->bdf),
	       short_name(machine, folded->last->bdf), style.plain, style.dim,
	       folded->count);
	if (folded->ok || folded->refused)
		printf(": %u OK, %u REFUSED", folded->ok, folded->refused);
	printf(" (--all shows them)%s\n", style.plain);
}

/* ---- the tree ---- */

/* Is a function, or what is folded from it on, the last line of a list? */
static bool is_last(const struct tree *tree, const struct function *fn,
		    const struct folded *folded)
{
	for (fn = function_at(tree->machine, fn->next_child); fn;
	     fn = function_at(tree->machine, fn->next_child))
		if (!is_folded(tree, folded, fn) || fn->bdf > folded->last->bdf)
			return false;
	return true;
}

static void print_list(struct tree *tree, int number, bool roots);

static void print_function(struct tree *tree, const struct function *fn,
			   const char *branch, const char *below)
{
	const size_t len = tree->before.len;

	print_line(tree, fn, branch);
	text_add(&tree->before, "%s", below);
	print_remarks(tree, fn, fn->first_child == NONE ? "   " : style.bar);
	print_list(tree, fn->first_child, false);
	tree->before.len = len;
	tree->before.bytes[len] = '\0';
}

/* Functions without a parent have no lines before them. */
static void print_list(struct tree *tree, int number, bool roots)
{
	const char *tee = roots ? "" : style.tee, *bar = roots ? "" : style.bar;
	const char *elbow = roots ? "" : style.elbow, *gap = roots ? "" : "   ";
	const struct function *fn, *last = NULL;
	struct folded folded = {};

	for (; number != NONE; number = fn->next_child) {
		bool end;

		fn = &tree->machine->fns[number];
		if (tree->fold && (!last || last->bdf >> 8 != fn->bdf >> 8))
			folded = fold_bus(tree->machine, number);
		last = fn;
		if (is_folded(tree, &folded, fn) && !is_first(&folded, fn))
			continue;
		end = is_last(tree, fn, &folded);
		if (is_first(&folded, fn))
			print_folded(tree, &folded, end ? elbow : tee);
		else
			print_function(tree, fn, end ? elbow : tee,
				       end ? gap : bar);
	}
}

/* ---- around it ---- */

static const char about_refused[] =
	"it and another device could reach each other by DMA past the IOMMU, which keeps virtual machines apart.";

static void print_heading_of_this(const struct machine *machine)
{
	const char *mode = machine->settings.mode;

	if (machine->source == SOURCE_ENGINE && machine->no_configs)
		para("",
		     "NOT ENFORCED: the module acs_guard is not loaded. Any device below can be handed to a virtual machine, isolated from its neighbours or not; without configuration space this command cannot tell. To load the module: modprobe acs_guard");
	else if (machine->source == SOURCE_ENGINE)
		para("",
		     "NOT ENFORCED: the module acs_guard is not loaded. Any device below can be handed to a virtual machine. With it, a device marked REFUSED would not be: %s To load it: modprobe acs_guard",
		     about_refused);
	else if (!strcmp(mode, "enforce"))
		para("",
		     "acs_guard is on. A device marked REFUSED is not handed to a virtual machine: %s",
		     about_refused);
	else
		para("",
		     "acs_guard only logs (mode=%s). A device marked REFUSED would not be handed to a virtual machine in mode=enforce: %s",
		     mode, about_refused);
	if (!machine->nr_groups)
		para("",
		     "%s! %sThe IOMMU is off, so no device is isolated. Switch VT-d, AMD-Vi or SMMU on in firmware (and intel_iommu=on on the kernel's command line).",
		     style.red, style.plain);
	if (machine->settings.locked)
		para("", "The settings are locked until reboot.");
}

static void print_heading(const struct machine *machine)
{
	if (machine->source == SOURCE_DUMP)
		para("",
		     "The machine of a dump. A device marked REFUSED would not be handed to a virtual machine there if acs_guard were loaded: %s",
		     about_refused);
	else
		print_heading_of_this(machine);
	putchar('\n');
}

/* How likely is a user to hand out this refused function? */
static int rate_example(const struct function *fn)
{
	if (fn->answer.denied)
		return 4;
	if (fn->class >> 16 == 0x06 || is_chipset(fn))
		return 1;
	if (fn->parent == NONE)
		return 2;
	switch (fn->class >> 16) {
	case 0x02: /* network */
	case 0x03: /* display */
	case 0x04: /* multimedia */
		return 3;
	default:
		return fn->class >> 8 == 0x0108 ? 3 : 2; /* NVMe */
	}
}

static const struct function *find_example(const struct machine *machine)
{
	const struct function *best = NULL;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		if (fn->status == STATUS_REFUSED &&
		    (!best || rate_example(fn) > rate_example(best)))
			best = fn;
	}
	return best;
}

/* Print @word, quoted for the shell if it needs to be. */
static void print_word(const char *word)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:,+@%=-";

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*word);
	putchar('\'');
}

/* The command about one function of the same machine. */
static void print_explain(const struct machine *machine,
			  const struct options *options,
			  const struct function *fn)
{
	const char *input = "";
	size_t i;

	fputs(" Why, and what to do: acs-guard", stdout);
	if (options->unit)
		printf(" --set unit=%s", options->unit);
	if (options->strict)
		printf(" --set strict=%s", options->strict);
	if (options->groups) {
		fputs(" --groups ", stdout);
		print_word(options->groups);
	}
	for (i = 0; i < options->nr_dumps; i++) {
		fputs(" --dump ", stdout);
		print_word(options->dumps[i]);
		if (!strcmp(options->dumps[i], "-"))
			input = " <FILE";
	}
	printf(" explain %s%s", short_name(machine, fn->bdf), input);
}

/* Of functions that are not listed, but for which others are refused. */
static void print_hidden(const struct machine *machine)
{
	u64 last = U64_MAX;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		if (!blames(fn) || fn->answer.blocker == last ||
		    !is_hidden(machine, fn->answer.blocker))
			continue;
		last = fn->answer.blocker;
		putchar('\n');
		para("",
		     "%s! %s%s is hidden: not listed by the kernel. It still answers and can send DMA, and others are refused because of it. After a rescan, the kernel lists it again: echo 1 > /sys/bus/pci/rescan",
		     style.yellow, style.plain, short_name(machine, last));
	}
}

static void print_counts(const struct machine *machine,
			 const struct options *options,
			 const struct counts *counts)
{
	const struct function *example = find_example(machine);

	printf("\n%u REFUSED, %u EXCEPTION, %u OK", counts->refused,
	       counts->exceptions, counts->ok);
	if (counts->grouped)
		printf(", %u GROUP (only with the rest of its IOMMU group)",
		       counts->grouped);
	putchar('.');
	if (example)
		print_explain(machine, options, example);
	putchar('\n');
	if (counts->excusable > 0)
		para("",
		     "With unit=group, %d of the %u refused would bind: the exposure of each is limited to its own IOMMU group.",
		     counts->excusable, counts->refused);
	if (counts->exposed)
		para("",
		     "%s! %s%u not isolated, yet in use by a guarded driver: bound when acs_guard did not refuse it, or no longer isolated.",
		     style.red, style.plain, counts->exposed);
}

static void print_tree(struct machine *machine, const struct options *options,
		       const struct counts *counts)
{
	struct tree tree = { .machine = machine, .fold = !options->all };
	const struct text *unmatched = exceptions_unmatched();
	const char *line = text_get(unmatched), *end;

	print_heading(machine);
	text_add(&tree.before, "%s", "");
	print_list(&tree, machine->first_root, true);
	text_free(&tree.before);
	for (; (end = strchr(line, '\n')); line = end + 1) {
		putchar('\n');
		para("", "%s! %s%.*s", style.yellow, style.plain,
		     (int)(end - line), line);
	}
	print_hidden(machine);
	if (machine->source != SOURCE_ENGINE || !machine->no_configs)
		print_counts(machine, options, counts);
}

static void print_json(struct machine *machine, const struct counts *counts)
{
	struct json_object *object = json_object_new_object();
	struct json_object *devices = json_object_new_array();
	const struct text *unmatched = exceptions_unmatched();
	struct text lines = {};
	size_t i;

	json_put_module(object, machine);
	json_put_int(object, "refused", counts->refused);
	json_put(object, "refused_group_isolated",
		 counts->excusable == UNTOLD ?
			 NULL :
			 json_object_new_int(counts->excusable));
	json_put_int(object, "exceptions", counts->exceptions);
	text_add_bytes(&lines, text_get(unmatched),
		       unmatched->len ? unmatched->len - 1 : 0);
	json_put(object, "unmatched_exceptions",
		 json_words(text_get(&lines), '\n'));
	text_free(&lines);
	for (i = 0; i < machine->count; i++)
		json_object_array_add(devices,
				      json_device(machine, &machine->fns[i]));
	json_put(object, "devices", devices);
	json_print(object);
}

int run_tree(const struct options *options, int argc, char **argv)
{
	struct machine machine;
	struct counts counts;
	int status;

	if (argc)
		die("tree takes no argument; for one device: acs-guard explain BDF");
	take_stock(&machine, options);
	host_read(&machine);
	counts = count_functions(&machine);
	exceptions_review(&machine);
	if (options->json)
		print_json(&machine, &counts);
	else
		print_tree(&machine, options, &counts);
	status = query_status(&machine, counts.refused);
	exceptions_forget();
	machine_free(&machine);
	return status;
}
