// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tool and the module about the same machines
 *
 * usage: compare-dumps FILE [SEED]
 *   FILE   what tests/modules/dumps.c has written
 *   SEED   only this machine
 *
 * Prints TAP.  Dumps are written to the current folder, and the last one stays.
 */
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "dumps.h"

#define MAX_REPORTS 20

/* More than enough for each control. */
#define CONTROL_MACHINES 300

/**
 * typedef spoil_fn - makes the dump of a machine, or its verdicts, wrong
 * @dump: the machine
 */
typedef void (*spoil_fn)(struct machine_dump *dump);

static int remove_entry(const char *path, const struct stat *facts, int kind,
			struct FTW *position)
{
	return remove(path);
}

static void remove_all(const char *path)
{
	nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void print_tally(const struct tally *tally)
{
	unsigned int i;

	printf("# %lu machines, %lu of which their dumps tell all\n",
	       tally->machines, tally->exact);
	printf("# %lu of which there are words only\n", tally->texts);
	printf("# %lu functions, %lu of them virtual; both call %lu isolated\n",
	       tally->functions, tally->virtual, tally->isolated);
	for (i = 0; i < NUM_DOUBTS; i++)
		printf("# %lu differ because of what a dump does not tell: %s\n",
		       tally->allowed[i], doubt_names[i]);
	for (i = 0; i < NUM_FIELDS; i++)
		if (tally->fields[i])
			printf("# %lu differ in %s\n", tally->fields[i],
			       field_names[i]);
}

/* Compares all machines of a file, each after @spoil has changed its dump. */
static void compare_file(FILE *file, const char *seed, spoil_fn spoil,
			 unsigned long reports, struct tally *tally)
{
	static struct machine_dump dump;

	rewind(file);
	while (read_machine(file, &dump)) {
		if (seed && dump.is.seed != strtoull(seed, NULL, 10))
			continue;
		if (spoil)
			spoil(&dump);
		write_dump(&dump);
		compare_machine(&dump, tally, reports);
		if (dump.raw && !seed)
			remove_all("raw");
		if (spoil && tally->machines == CONTROL_MACHINES)
			break;
	}
}

/* ---- controls: what the comparison must notice ---- */

static void put_word(struct dumped *fn, unsigned int where, u16 value)
{
	fn->cfg[where] = (u8)value;
	fn->cfg[where + 1] = (u8)(value >> 8);
}

static void spoil_acs(struct machine_dump *dump)
{
	unsigned int i, at;

	for (i = 0; i < dump->is.nr; i++) {
		struct dumped *fn = &dump->fns[i];

		for (at = PCI_CFG_SPACE_SIZE; fn->is.acs && at < CFG_SIZE - 8;
		     at += 4)
			if (config_of(fn, at, 2) == PCI_EXT_CAP_ID_ACS &&
			    config_of(fn, at + PCI_ACS_CAP, 2) == fn->is.cap)
				put_word(fn, at + PCI_ACS_CTRL,
					 (u16)(fn->is.ctrl ^ PCI_ACS_RR));
	}
}

static void spoil_ids(struct machine_dump *dump)
{
	unsigned int i;

	for (i = 0; i < dump->is.nr; i++)
		if (config_of(&dump->fns[i], PCI_VENDOR_ID, 2) == 0x10b5)
			put_word(&dump->fns[i], PCI_DEVICE_ID, 0x1234);
}

static void spoil_vfs(struct machine_dump *dump)
{
	unsigned int i;

	for (i = 0; i < dump->is.nr; i++)
		if (dump->fns[i].is.pf != dump->fns[i].is.bdf)
			dump->fns[i].is.reason = ACS_GUARD_ISOLATED;
}

static void spoil_strict(struct machine_dump *dump)
{
	dump->is.strict = false;
}

static void spoil_words(struct machine_dump *dump)
{
	dump->boast = true;
}

static void spoil_peers(struct machine_dump *dump)
{
	unsigned int i;

	for (i = 0; i < dump->is.nr; i++)
		if (dump->fns[i].is.nr_peers)
			dump->fns[i].is.nr_peers--;
}

static const struct {
	spoil_fn spoil;
	const char *what;
} controls[] = {
	{ spoil_acs, "P2P Request Redirect is the other way round" },
	{ spoil_ids, "an ID with a quirk is another" },
	{ spoil_vfs, "the module takes virtual functions for isolated" },
	{ spoil_strict, "the tool is not asked for strict=1" },
	{ spoil_words, "words call controls on that are off" },
	{ spoil_peers, "the module names one peer less" },
};

static unsigned int print_result(bool fine, unsigned int nr, const char *what)
{
	printf("%sok %u - %s\n", fine ? "" : "not ", nr, what);
	return !fine;
}

static unsigned int run_controls(FILE *file)
{
	char what[128];
	unsigned int i, failed = 0;

	for (i = 0; i < ARRAY_SIZE(controls); i++) {
		struct tally tally = {};

		compare_file(file, NULL, controls[i].spoil, 0, &tally);
		snprintf(what, sizeof(what), "control: it is noticed if %s",
			 controls[i].what);
		failed += print_result(tally.wrong, i + 3, what);
	}
	return failed;
}

static unsigned int run_all(FILE *file)
{
	struct tally tally = {};
	unsigned int failed;

	compare_file(file, NULL, NULL, MAX_REPORTS, &tally);
	print_tally(&tally);
	printf("1..%zu\n", ARRAY_SIZE(controls) + 2);
	failed = print_result(tally.machines && !tally.wrong && !tally.unread,
			      1, "the tool and the module agree in each field");
	failed += print_result(2 * tally.exact > tally.machines - tally.texts,
			       2, "the bytes of most machines tell all");
	return failed + run_controls(file);
}

static void run_one(FILE *file, const char *seed)
{
	struct tally tally = {};

	compare_file(file, seed, NULL, MAX_REPORTS, &tally);
	print_tally(&tally);
}

int main(int argc, char **argv)
{
	unsigned int failed = 0;
	FILE *file;

	if (argc < 2 || argc > 3)
		die("usage: compare-dumps FILE [SEED]");
	file = fopen(argv[1], "re");
	if (!file)
		die("%s: %s", argv[1], strerror(errno));
	if (argc == 3)
		run_one(file, argv[2]);
	else
		failed = run_all(file);
	fclose(file);
	return failed ? 1 : 0;
}
