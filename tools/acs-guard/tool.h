/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: the command line, and what commands share
 */
#ifndef ACS_GUARD_TOOL_H
#define ACS_GUARD_TOOL_H

#include "model.h"

#define TOOL_VERSION "0.2"

/**
 * struct options - what stands on the command line beside the command
 * @json: print JSON
 * @all: fold nothing
 * @verify: compare the module's answers with the engine's
 * @dumps: files of a dump
 * @nr_dumps: how many; 0: this machine
 * @groups: a list of IOMMU groups for the dump, or NULL
 * @unit: the unit that a dump is judged with, or NULL
 * @strict: likewise
 * @words: how many words, the command among them, are before "--"; all after it
 *	are names of files
 */
struct options {
	bool json;
	bool all;
	bool verify;
	const char **dumps;
	size_t nr_dumps;
	const char *groups;
	const char *unit;
	const char *strict;
	int words;
};

/**
 * struct command - one command
 * @name: its name
 * @run: does it; its arguments are those behind the name.  Returns the exit
 *	status
 * @dump: it can be about a dump
 * @all: it has --all
 */
struct command {
	const char *name;
	int (*run)(const struct options *options, int argc, char **argv);
	bool dump;
	bool all;
};

int run_tree(const struct options *options, int argc, char **argv);
int run_list(const struct options *options, int argc, char **argv);
int run_explain(const struct options *options, int argc, char **argv);
int run_allow(const struct options *options, int argc, char **argv);
int run_revoke(const struct options *options, int argc, char **argv);
int run_generate(const struct options *options, int argc, char **argv);
int run_watch(const struct options *options, int argc, char **argv);
int run_metrics(const struct options *options, int argc, char **argv);
int run_graph(const struct options *options, int argc, char **argv);
int run_survey(const struct options *options, int argc, char **argv);
int run_verify(const struct options *options);

/* stock.c */
void read_stock(struct machine *machine, const struct options *options);
void take_stock(struct machine *machine, const struct options *options);
bool read_dump(struct machine *machine, const struct options *options,
	       const char *const *paths, size_t count);
void print_notes(const struct machine *machine);
bool is_loaded(const struct machine *machine);
bool is_enforced(const struct machine *machine);
const char *short_name(const struct machine *machine, u64 bdf);
const char *status_name(enum status status);

#endif /* ACS_GUARD_TOOL_H */
