// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard --verify: do the module and the tool agree?
 *
 * Both have the same engine.  If they differ, one of them reads the machine
 * wrongly, which is a bug; or the machine has changed between the two looks.
 */
#include <stdlib.h>

#include "judge.h"
#include "sysfs.h"
#include "tool.h"

static bool is_same(const struct answer *a, const struct answer *b)
{
	return a->isolated == b->isolated && !strcmp(a->reason, b->reason) &&
	       (a->isolated || a->blocker == b->blocker) &&
	       !strcmp(a->missing, b->missing);
}

static void print_answer(const char *who, const struct answer *answer)
{
	printf("  %s: %s", who, answer->reason);
	if (answer->has_blocker)
		printf(" %s", acs_guard_name(answer->blocker).text);
	if (*answer->missing)
		printf(" (lacks %s)", answer->missing);
	putchar('\n');
}

static bool compare(struct machine *machine, struct function *fn)
{
	const struct answer answer = fn->answer;

	judge_function(machine, fn);
	if (is_same(&answer, &fn->answer))
		return true;
	printf("%s differs\n", acs_guard_name(fn->bdf).text);
	print_answer("module", &answer);
	print_answer("tool", &fn->answer);
	return false;
}

int run_verify(const struct options *options)
{
	struct machine machine;
	unsigned int differ = 0;
	size_t i;

	if (options->nr_dumps)
		die("--verify takes no --dump");
	sysfs_read_machine(&machine);
	if (machine.source != SOURCE_MODULE)
		die("the module acs_guard is not loaded: there is nothing to compare with");
	sysfs_read_iommus(&machine);
	sysfs_read_configs(&machine);
	if (machine.no_configs || machine.cut_configs)
		die("--verify needs root, to read configuration space");
	for (i = 0; i < machine.count; i++)
		differ += !compare(&machine, &machine.fns[i]);
	if (!differ)
		printf("The module and the tool agree about all %zu functions.\n",
		       machine.count);
	else
		printf("%u of %zu differ: please report that as a bug.\n",
		       differ, machine.count);
	machine_free(&machine);
	return differ ? EXIT_REFUSED : EXIT_FINE;
}
