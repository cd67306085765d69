/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: exceptions that last
 *
 *   places.c      where a device is, as udev and the module take it
 *   exceptions.c  the two files, and what is in them
 *   commit.c      how these files are written: both or none
 */
#ifndef ACS_GUARD_EXCEPTIONS_H
#define ACS_GUARD_EXCEPTIONS_H

#include "model.h"

/**
 * struct exception - one entry of the files
 * @bdf: the address that the device had
 * @location: its location, as permissive= takes it
 * @id: its vendor and device ID
 * @by: who made the exception
 * @on: when
 * @reason: why
 */
struct exception {
	char *bdf;
	char *location;
	char *id;
	char *by;
	char *on;
	char *reason;
};

/**
 * struct exceptions - all entries
 * @list: the entries
 * @count: how many
 * @room: how many there is memory for
 */
struct exceptions {
	struct exception *list;
	size_t count;
	size_t room;
};

/* places.c */
const char *place_of(struct machine *machine, const struct function *fn);
const struct function *function_in_place(struct machine *machine,
					 const char *location);
void add_rule(struct text *text, const char *location, const char *id);
const char *id_of(struct machine *machine, const struct function *fn);

/* exceptions.c */
const char *rules_path(void);
const char *conf_path(void);
bool exceptions_parse(struct exceptions *exceptions);
bool exceptions_match_conf(const struct exceptions *exceptions);
void exceptions_load(struct exceptions *exceptions);
void exceptions_free(struct exceptions *exceptions);
void exceptions_put(struct exceptions *exceptions,
		    const struct exception *exception);
size_t exceptions_drop(struct exceptions *exceptions, struct machine *machine,
		       const struct function *fn, const char *bdf);
void exceptions_write(const struct exceptions *exceptions, struct text *rules,
		      struct text *conf);
void exceptions_check_others(void);

/* review.c */
void exceptions_review(struct machine *machine);
void exceptions_forget(void);
const struct text *exceptions_unmatched(void);
const char *exception_of(struct machine *machine, const struct function *fn);

/* commit.c */
void exceptions_lock(void);
void exceptions_stage(const struct exceptions *exceptions);
const char *exceptions_commit(void);

#endif /* ACS_GUARD_EXCEPTIONS_H */
