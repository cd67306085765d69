/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: dumps of other machines
 *
 *   dump.c    what a path is: a folder, a file with bytes, or text
 *   hex.c     the output of "lspci -xxxx", and what is common to it and text
 *   words.c   the words of "lspci -vv"
 *   synth.c   configuration space made of these words
 *   registers.c, doubts.c, vfs.c, buses.c   what bytes tell of the machine
 *   groups.c  lists of IOMMU groups
 */
#ifndef ACS_GUARD_DUMP_H
#define ACS_GUARD_DUMP_H

#include "model.h"

/**
 * struct dump_request - what is to be read
 * @paths: the files of one machine; "-" is standard input
 * @count: how many
 * @groups: a list of IOMMU groups, or NULL
 * @strict: rules S1 to S3 will be asked for
 */
struct dump_request {
	const char *const *paths;
	size_t count;
	const char *groups;
	bool strict;
};

bool dump_read(struct machine *machine, const struct dump_request *request);

/* hex.c */
bool hex_read(struct machine *machine, const char *path);
bool hex_is_whole(struct machine *machine, const struct function *fn);

/* groups.c */
bool groups_read(struct machine *machine, const char *path);

/* doubts.c, vfs.c, buses.c; all functions are there, in order */
bool dump_understand(struct machine *machine, bool strict);
void assess_functions(struct machine *machine);
void doubt_unlisted(struct machine *machine);
void look_for_extended(struct machine *machine);
void look_for_memory(struct machine *machine, bool strict);
void note_words(struct machine *machine);
void note_unreadable(struct machine *machine);
void cut_broken_lists(struct machine *machine);
void find_vfs(struct machine *machine);
void doubt_vfs(struct machine *machine);
bool place_buses(struct machine *machine);
void find_owners(struct machine *machine);
void correct_port_types(struct machine *machine);
const char *and_more(unsigned int count);

static inline void make_blind(struct function *fn)
{
	fn->flags |= FN_BLIND;
}

#endif /* ACS_GUARD_DUMP_H */
