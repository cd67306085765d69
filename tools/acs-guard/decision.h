/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: a decision of the module, as its log line or a uevent tells it
 */
#ifndef ACS_GUARD_DECISION_H
#define ACS_GUARD_DECISION_H

#include "model.h"

#define MAX_FIELDS 16

/**
 * struct field - one key and its value
 * @key: such as "dev"
 * @value: its value
 */
struct field {
	const char *key;
	const char *value;
};

/**
 * struct decision - all of them
 * @fields: the fields, @count of them
 * @count: how many
 * @arena: their memory
 */
struct decision {
	struct field fields[MAX_FIELDS];
	size_t count;
	struct arena arena;
};

void decision_add(struct decision *decision, const char *key,
		  const char *value);
void decision_parse(struct decision *decision, const char *line);
const char *decision_get(const struct decision *decision, const char *key);
void decision_print(struct decision *decision, bool json);
void decision_clear(struct decision *decision);
void print_log_note(const char *text, bool json);

#endif /* ACS_GUARD_DECISION_H */
