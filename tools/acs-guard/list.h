/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: functions as lines and objects of "list"
 */
#ifndef ACS_GUARD_LIST_H
#define ACS_GUARD_LIST_H

#include "model.h"

struct json_object;

const char *type_name(const struct function *fn, char *buf, size_t size);
bool has_id(const struct function *fn);
bool has_class(const struct function *fn);
void list_heading(const char *unit);
void list_function(struct machine *machine, struct function *fn);
struct json_object *list_json(struct machine *machine, struct function *fn);

#endif /* ACS_GUARD_LIST_H */
