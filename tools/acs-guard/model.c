// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the model of a machine
 */
#include <stdarg.h>
#include <stdlib.h>

#include "model.h"

/* More than any machine has; the memory for them is bounded. */
#define MAX_FUNCTIONS 0x40000

void machine_init(struct machine *machine, enum source source)
{
	*machine = (struct machine){
		.source = source,
		.first_root = NONE,
		.settings = {
			.mode = "",
			.unit = "function",
			/* The module's default. */
			.drivers = "vfio-pci,pci-stub,*[-_]vfio[-_]pci",
		},
	};
}

void machine_free(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->count; i++)
		if (machine->fns[i].peers)
			free(machine->fns[i].peers->bdf);
	free(machine->fns);
	free(machine->buses);
	free(machine->groups);
	text_free(&machine->notes);
	arena_free(&machine->arena);
	*machine = (struct machine){};
}

/**
 * machine_add() - add a function about which nothing else is known
 * @machine: the machine
 * @bdf: its address
 * @file: where it was read; not copied
 * @line: in which line of that, or 0
 *
 * Return: the function, until the next is added; NULL if there are too many,
 * which machine->error says then.
 */
struct function *machine_add(struct machine *machine, u64 bdf, const char *file,
			     unsigned long line)
{
	struct function *fn;

	if (machine->count == MAX_FUNCTIONS) {
		machine_wrong(machine, file, line, "more than %d functions",
			      MAX_FUNCTIONS);
		return NULL;
	}
	machine->fns = grow(machine->fns, &machine->room, machine->count + 1,
			    sizeof(*fn));
	fn = &machine->fns[machine->count++];
	*fn = (struct function){
		.bdf = bdf,
		.type = TYPE_CONVENTIONAL,
		.up = NONE,
		.pf = NONE,
		.real_dma_dev = NONE,
		.group = NONE,
		.bus = NONE,
		.below = NONE,
		.next_on_bus = NONE,
		.next_in_group = NONE,
		.parent = NONE,
		.first_child = NONE,
		.next_child = NONE,
		.file = file,
		.line = line,
	};
	return fn;
}

static char *located(struct machine *machine, const char *file,
		     unsigned long line, const char *kind, const char *format,
		     va_list args)
{
	char words[512];

	vsnprintf(words, sizeof(words), format, args);
	if (line)
		return arena_print(&machine->arena, "%s:%lu: %s%s", file, line,
				   kind, words);
	return arena_print(&machine->arena, "%s: %s%s", file, kind, words);
}

/**
 * machine_wrong() - the input makes no sense
 * @machine: the machine; the first complaint stays
 * @file: the file
 * @line: the line, or 0
 * @format: what is wrong with it
 *
 * Return: false, for the caller to return.
 */
bool machine_wrong(struct machine *machine, const char *file,
		   unsigned long line, const char *format, ...)
{
	va_list args;

	if (machine->error)
		return false;
	va_start(args, format);
	machine->error = located(machine, file, line, "", format, args);
	va_end(args);
	return false;
}

/**
 * machine_note() - remark on input that makes sense but leaves doubts
 * @machine: the machine
 * @fn: the function that shows it
 * @format: the remark
 */
void machine_note(struct machine *machine, const struct function *fn,
		  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_add(&machine->notes, "%s\n",
		 located(machine, fn->file, fn->line, "note: ", format, args));
	va_end(args);
}

static int compare(const void *a, const void *b)
{
	const struct function *first = a, *second = b;

	if (first->bdf != second->bdf)
		return first->bdf < second->bdf ? -1 : 1;
	/* The second of two that are the same is the one to complain of. */
	return first->line < second->line ? -1 : first->line > second->line;
}

static bool is_sorted(const struct machine *machine)
{
	size_t i;

	for (i = 1; i < machine->count; i++)
		if (machine->fns[i - 1].bdf >= machine->fns[i].bdf)
			return false;
	return true;
}

/**
 * machine_sort() - bring functions into the order of their addresses
 * @machine: the machine
 * @file: the first file that it was read from
 *
 * Return: false if there is no function, or an address is there twice.
 */
bool machine_sort(struct machine *machine, const char *file)
{
	size_t i;

	if (!machine->count)
		return machine_wrong(machine, file, 0,
				     "there is no PCI function in it");
	if (!is_sorted(machine))
		qsort(machine->fns, machine->count, sizeof(*machine->fns),
		      compare);
	for (i = 1; i < machine->count; i++) {
		const struct function *fn = &machine->fns[i];

		if (fn[-1].bdf == fn->bdf)
			return machine_wrong(machine, fn->file, fn->line,
					     "%s for the second time",
					     acs_guard_name(fn->bdf).text);
	}
	return true;
}

/**
 * machine_find() - find a function by its address
 * @machine: the machine, sorted
 * @bdf: the address
 *
 * Return: NULL if there is none.
 */
struct function *machine_find(const struct machine *machine, u64 bdf)
{
	size_t from = 0, to = machine->count;

	while (from < to) {
		const size_t middle = (from + to) / 2;

		if (machine->fns[middle].bdf < bdf)
			from = middle + 1;
		else
			to = middle;
	}
	return from < machine->count && machine->fns[from].bdf == bdf ?
		       &machine->fns[from] :
		       NULL;
}

static int add_bus(struct machine *machine)
{
	machine->buses = grow(machine->buses, &machine->bus_room,
			      machine->nr_buses + 1, sizeof(*machine->buses));
	machine->buses[machine->nr_buses] = (struct bus){ NONE, NONE };
	return (int)machine->nr_buses++;
}

/*
 * The bus of a function that is not virtual.  Neighbours in the order of
 * addresses are on one bus, so only the last function has to be looked at.
 */
static int find_bus(struct machine *machine, const struct function *fn,
		    const struct function *last)
{
	struct function *above = function_at(machine, fn->up);
	int bus;

	if (last && last->bdf >> 8 == fn->bdf >> 8)
		return last->bus;
	if (!above)
		above = function_at(machine, fn->real_dma_dev);
	bus = add_bus(machine);
	if (above) {
		machine->buses[bus].next_below = above->below;
		above->below = bus;
	}
	return bus;
}

static void link_buses(struct machine *machine)
{
	const struct function *last = NULL;
	size_t i;

	for (i = 0; i < machine->count; i++) {
		struct function *fn = &machine->fns[i];

		if (is_virtual(fn))
			continue;
		fn->bus = find_bus(machine, fn, last);
		last = fn;
	}
	for (i = machine->count; i--;) {
		struct function *fn = &machine->fns[i];

		if (is_virtual(fn))
			fn->bus = function_at(machine, fn->pf)->bus;
		fn->next_on_bus = machine->buses[fn->bus].first;
		machine->buses[fn->bus].first = (int)i;
	}
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *first = a, *second = b;

	return first->number < second->number ? -1 :
						first->number > second->number;
}

static struct group *find_group(const struct machine *machine, int number)
{
	const struct group key = { .number = number };

	return bsearch(&key, machine->groups, machine->nr_groups, sizeof(key),
		       compare_groups);
}

/**
 * machine_first_in_group() - a member of an IOMMU group
 * @machine: the machine
 * @number: the number of the group, or %NONE
 *
 * Return: the function; %NONE if there is none.
 */
int machine_first_in_group(const struct machine *machine, int number)
{
	const struct group *group = number == NONE || !machine->nr_groups ?
					    NULL :
					    find_group(machine, number);

	return group ? group->first : NONE;
}

static void link_groups(struct machine *machine)
{
	size_t i, kept = 0;

	for (i = 0; i < machine->count; i++) {
		if (machine->fns[i].group == NONE)
			continue;
		machine->groups = grow(machine->groups, &machine->group_room,
				       machine->nr_groups + 1,
				       sizeof(*machine->groups));
		machine->groups[machine->nr_groups++] =
			(struct group){ machine->fns[i].group, NONE };
	}
	if (!machine->nr_groups)
		return;
	machine->groups_known = true;
	qsort(machine->groups, machine->nr_groups, sizeof(*machine->groups),
	      compare_groups);
	for (i = 1; i < machine->nr_groups; i++)
		if (machine->groups[i].number != machine->groups[kept].number)
			machine->groups[++kept] = machine->groups[i];
	machine->nr_groups = kept + 1;

	for (i = machine->count; i--;) {
		struct function *fn = &machine->fns[i];
		struct group *group = find_group(machine, fn->group);

		if (!group)
			continue;
		fn->next_in_group = group->first;
		group->first = (int)i;
	}
}

static int parent_of(const struct machine *machine, const struct function *fn)
{
	const struct function *pf =
		is_virtual(fn) ? function_at(machine, fn->pf) : fn;

	return pf->up == NONE ? pf->real_dma_dev : pf->up;
}

static void link_children(struct machine *machine)
{
	size_t i;

	machine->one_domain = true;
	for (i = machine->count; i--;) {
		struct function *fn = &machine->fns[i];
		int *first = &machine->first_root;

		if (domain_of(fn))
			machine->one_domain = false;
		fn->parent = parent_of(machine, fn);
		if (fn->parent != NONE)
			first = &machine->fns[fn->parent].first_child;
		fn->next_child = *first;
		*first = (int)i;
	}
}

/**
 * machine_link() - make lists of what belongs together
 * @machine: sorted; of each function @up, @pf, @real_dma_dev and @group are
 * known
 */
void machine_link(struct machine *machine)
{
	link_buses(machine);
	link_groups(machine);
	link_children(machine);
}
