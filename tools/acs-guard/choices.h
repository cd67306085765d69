/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: what can be done about a refusal
 */
#ifndef ACS_GUARD_CHOICES_H
#define ACS_GUARD_CHOICES_H

#include "model.h"

#define MAX_CHOICES 12

/**
 * struct choice - one of the things that can be done
 * @id: which of them, for programs
 * @title: what
 * @text: what it means
 * @commands: the commands for it, a line each, or NULL
 */
struct choice {
	const char *id;
	const char *title;
	const char *text;
	const char *commands;
};

/**
 * struct choices - all of them
 * @list: the choices, @count of them
 * @count: how many
 */
struct choices {
	struct choice list[MAX_CHOICES];
	size_t count;
};

void choices_find(struct choices *choices, struct machine *machine,
		  struct function *fn);

/* together.c */
void offer_together(struct choices *choices, struct machine *machine,
		    struct function *fn);

/* slots.c */
void offer_slot(struct choices *choices, struct machine *machine,
		const struct function *fn);

FORMAT(6, 7)
void choices_add(struct choices *choices, const char *id, const char *title,
		 const char *commands, struct machine *machine,
		 const char *format, ...);

#endif /* ACS_GUARD_CHOICES_H */
