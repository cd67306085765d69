/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: JSON
 */
#ifndef ACS_GUARD_JSON_H
#define ACS_GUARD_JSON_H

#include <json-c/json.h>

#include "model.h"

struct json_object *json_text(const char *text);
struct json_object *json_bdf(u64 bdf);
struct json_object *json_words(const char *text, char separator);
struct json_object *json_known(int value);
void json_put_bool(struct json_object *object, const char *key, bool value);
void json_put_int(struct json_object *object, const char *key, s64 value);
void json_put_text(struct json_object *object, const char *key,
		   const char *text);
void json_put(struct json_object *object, const char *key,
	      struct json_object *value);
void json_print(struct json_object *object);
void json_print_line(struct json_object *object);

/* device_json.c */
struct json_object *json_device(struct machine *machine,
				const struct function *fn);
struct json_object *json_hidden(u64 bdf);
void json_put_module(struct json_object *object, const struct machine *machine);

#endif /* ACS_GUARD_JSON_H */
