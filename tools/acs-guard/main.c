// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: the command line
 */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>

#include "output.h"
#include "permissive.h"
#include "sysfs.h"
#include "tool.h"

static const char usage[] =
	"usage: acs-guard [OPTION]... [COMMAND]\n"
	"\n"
	"  tree                 this machine's PCI devices, and which are refused (the default)\n"
	"  list                 a line a function, tabs between, for programs\n"
	"  explain BDF          why a device is refused, who is exposed, and what can be done\n"
	"  allow BDF --reason TEXT [--persist]\n"
	"                       accept the risk for this one device, until it is removed or\n"
	"                       the machine reboots; with --persist, again at each boot\n"
	"  allow --group N --reason TEXT [--persist]\n"
	"                       the same for all devices of an IOMMU group, or for none\n"
	"  revoke BDF           revoke the exception\n"
	"  generate             udev rules for this machine; what is refused stays commented out\n"
	"  watch                decisions, as they are made\n"
	"  metrics [--output FILE]\n"
	"                       numbers for Prometheus (node_exporter's textfile collector);\n"
	"                       FILE is replaced in one step\n"
	"  graph [--svg]        a picture for Graphviz; red: where the IOMMU can be bypassed\n"
	"  survey [--list] FILE...\n"
	"                       dumps of many machines: a line each, and totals; or their lists\n"
	"\n"
	"  --json               the same for programs, with any command\n"
	"  --dump FILE          about another machine: what \"lspci -xxxx\" or \"lspci -vvnn\" has\n"
	"                       printed there as root, or a folder with BDF/config; - is standard\n"
	"                       input. Several are one machine\n"
	"  --groups FILE        with --dump: its IOMMU groups, a line each: BDF and number, or a\n"
	"                       path below iommu_groups\n"
	"  --set unit=group     with --dump, survey: allow also what is exposed to its own IOMMU\n"
	"                       group only\n"
	"  --set strict=1       with --dump, survey: as the parameter of the module\n"
	"  --all                with tree, graph: show each function, also those of the chipset\n"
	"  --verify             compare the module's answers with the tool's own\n"
	"  --help, --version\n"
	"\n"
	"BDF is an address as lspci shows it: 04:00.0 or 0000:04:00.0.\n"
	"Exit status of tree and explain: 0 fine, 1 something is refused, 2 an error, or nothing\n"
	"is enforced since the module is not loaded. --verify: 1 if answers differ. Others: 0 done,\n"
	"2 an error.";

static const struct command commands[] = {
	{ "tree", run_tree, .dump = true, .all = true },
	{ "list", run_list, .dump = true },
	{ "explain", run_explain, .dump = true },
	{ "allow", run_allow },
	{ "revoke", run_revoke },
	{ "generate", run_generate, .dump = true },
	{ "watch", run_watch },
	{ "metrics", run_metrics },
	{ "graph", run_graph, .dump = true, .all = true },
	{ "survey", run_survey },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	if (name[0] == '-')
		die("there is no option '%s' before a command (see acs-guard --help)",
		    printable(name));
	if (isdigit((unsigned char)name[0]))
		die("there is no command '%s'; about a device: acs-guard explain %s",
		    printable(name), printable(name));
	die("there is no command '%s' (see acs-guard --help)", printable(name));
}

static void add_dump(struct options *options, const char *path)
{
	if (!*path)
		die("--dump needs the name of a file");
	if (has_control(path))
		die("--dump: the name of the file must not contain control characters");
	options->dumps[options->nr_dumps++] = path;
}

static void take_groups(struct options *options, const char *path)
{
	if (!*path)
		die("--groups needs the name of a file");
	if (options->groups)
		die("--groups may be given once");
	if (has_control(path))
		die("--groups: the name of the file must not contain control characters");
	options->groups = path;
}

static void choose(struct options *options, const char *text)
{
	if (!strcmp(text, "unit=function") || !strcmp(text, "unit=group"))
		options->unit = text + 5;
	else if (!strcmp(text, "strict=0") || !strcmp(text, "strict=1"))
		options->strict = text + 7;
	else
		die("--set takes unit=function, unit=group, strict=0 or strict=1, not '%s'",
		    printable(text));
}

/*
 * "--dump FILE" or "--dump=FILE".
 *
 * Return: FILE, with *@i at the last word of it; NULL for another option.
 */
static const char *value_of(const char *option, int argc, char **argv, int *i)
{
	const size_t len = strlen(option);

	if (strncmp(argv[*i], option, len))
		return NULL;
	if (argv[*i][len] == '=')
		return argv[*i] + len + 1;
	if (argv[*i][len])
		return NULL;
	if (*i + 1 >= argc || !argv[*i + 1])
		die("%s needs a value", option);
	return argv[++*i];
}

static bool take_value(struct options *options, int argc, char **argv, int *i)
{
	static const struct {
		const char *option;
		void (*take)(struct options *options, const char *value);
	} takers[] = {
		{ "--dump", add_dump },
		{ "--groups", take_groups },
		{ "--set", choose },
	};
	const char *value;
	size_t nr;

	for (nr = 0; nr < ARRAY_SIZE(takers); nr++) {
		value = value_of(takers[nr].option, argc, argv, i);
		if (!value)
			continue;
		takers[nr].take(options, value);
		return true;
	}
	return false;
}

static bool take_flag(struct options *options, const char *word)
{
	if (!strcmp(word, "--json"))
		options->json = true;
	else if (!strcmp(word, "--all"))
		options->all = true;
	else if (!strcmp(word, "--verify"))
		options->verify = true;
	else
		return false;
	return true;
}

static void print_version(void)
{
	char module[64];

	printf("acs-guard %s (module acs_guard: %s)\n", TOOL_VERSION,
	       sysfs_module_version(module, sizeof(module)));
}

/* What was printed is said to be done only if it could be written. */
static void finish_output(void)
{
	if (fflush(stdout) || ferror(stdout))
		die("standard output cannot be written%s",
		    has_changed() ? "; the change was made" : "");
}

/* Leaves in @words what is no option of all commands. */
static int parse(struct options *options, int argc, char **argv, char **words)
{
	int i, count = 0;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			puts(usage);
			finish_output();
			exit(EXIT_FINE);
		}
		if (!strcmp(argv[i], "--version")) {
			print_version();
			finish_output();
			exit(EXIT_FINE);
		}
		/* A reason, and the name of a file, may read like an option. */
		if (!strcmp(argv[i], "--reason")) {
			words[count++] = argv[i];
			if (i + 1 < argc)
				words[count++] = argv[++i];
		} else if (!strcmp(argv[i], "--")) {
			options->words = count;
			while (++i < argc)
				words[count++] = argv[i];
		} else if (!take_flag(options, argv[i]) &&
			   !take_value(options, argc, argv, &i)) {
			words[count++] = argv[i];
		}
	}
	return count;
}

static void check(const struct options *options, const struct command *command)
{
	if (options->all && !command->all)
		die("%s takes no --all", command->name);
	if (options->nr_dumps && !command->dump)
		die("%s takes no --dump", command->name);
	if (options->groups && !options->nr_dumps)
		die("--groups needs --dump");
	if ((options->unit || options->strict) && !options->nr_dumps &&
	    command->run != run_survey)
		die("--set needs --dump, or survey");
}

int main(int argc, char **argv)
{
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	struct options options = {
		.dumps = calloc((size_t)argc + 1, sizeof(*options.dumps)),
		.words = argc,
	};
	const struct command *command = &commands[0];
	int count, status;

	if (!words || !options.dumps)
		die_of_memory();
	set_up_output();
	signal(SIGPIPE, SIG_DFL);
	count = parse(&options, argc, argv, words);
	if (count)
		command = find_command(words[0]);
	check(&options, command);
	if (options.verify && count)
		die("--verify takes no command");
	if (options.verify)
		status = run_verify(&options);
	else
		status = command->run(&options, count ? count - 1 : 0,
				      words + !!count);
	finish_output();
	free(words);
	free(options.dumps);
	return status;
}
