// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: runs the tests of the engine in user space, and prints TAP
 */
#include <errno.h>
#include <stdlib.h>

#include "suites.h"

struct lengths lengths = {
	.enum_size = 4,
	.hidden_size = 3,
	.random = 20000,
	.first_seed = 1,
};

static u64 stop;

static unsigned int tests, failures;

void kunit_print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("# ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

static void run_once(const struct kunit_suite *suite,
		     const struct kunit_case *test_case, const void *param,
		     const char *desc)
{
	struct kunit test = { .name = test_case->name, .param_value = param };

	test_case->run_case(&test);
	tests++;
	failures += test.failed;
	printf("%s %u - %s: %s%s%s%s\n", test.failed ? "not ok" : "ok", tests,
	       suite->name, test_case->name, *desc ? ": " : "", desc,
	       test.skipped ? " # SKIP" : "");
	fflush(stdout);
	if (stop && failures)
		exit(1);
}

static void run(struct kunit_suite *suite)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const struct kunit_case *test_case;
	const void *param;

	if (suite->suite_init)
		suite->suite_init(suite);
	for (test_case = suite->test_cases; test_case->run_case; test_case++) {
		if (!test_case->generate_params) {
			run_once(suite, test_case, NULL, "");
			continue;
		}
		param = NULL;
		while ((param = test_case->generate_params(param, desc)))
			run_once(suite, test_case, param, desc);
	}
}

static bool parse(const char *word, const char *name, u64 *value)
{
	const size_t len = strlen(name);
	char *end;

	if (strncmp(word, name, len) || word[len] != '=' || !word[len + 1])
		return false;
	errno = 0;
	*value = strtoull(word + len + 1, &end, 10);
	return !errno && !*end;
}

static bool take(const char *word)
{
	u64 value;

	if (parse(word, "enum", &value))
		lengths.enum_size = (unsigned int)value;
	else if (parse(word, "hidden", &value))
		lengths.hidden_size = (unsigned int)value;
	else if (parse(word, "random", &value))
		lengths.random = (unsigned int)value;
	else if (parse(word, "hosts", &value))
		lengths.hosts = (unsigned int)value;
	else if (parse(word, "stop", &stop))
		return true;
	else if (parse(word, "seed", &value))
		lengths.first_seed = value;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (take(argv[i]))
			continue;
		fprintf(stderr,
			"usage: %s [enum=N] [hidden=N] [random=N] [hosts=N] [seed=N] [stop=1]\n",
			argv[0]);
		return 2;
	}
	run(&verdict_suite);
	run(&rules_suite);
	run(&verdict_order_suite);
	run(&exposure_suite);
	run(&verdict_words_suite);
	run(&oracle_suite);
	run(&list_suite);
	run(&faults_suite);
	run(&peers_suite);
	run(&trees_suite);
	run(&trees_reads_suite);
	run(&words_suite);
	run(&machines_suite);
	run(&route_suite);
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
