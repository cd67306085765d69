// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: JSON
 */
#include <stdlib.h>

#include "json.h"

static struct json_object *must(struct json_object *object)
{
	if (!object)
		die_of_memory();
	return object;
}

/**
 * json_text() - a string
 * @text: the text; bytes that are no ASCII may be no UTF-8 either
 *
 * Return: the string, with a question mark for each byte that is not printable
 * ASCII; null if @text is NULL.
 */
struct json_object *json_text(const char *text)
{
	struct json_object *object;
	char *copy, *at;

	if (!text)
		return NULL;
	copy = copy_text(text);
	for (at = copy; *at; at++)
		if (((unsigned char)*at < ' ' && *at != '\n' && *at != '\t') ||
		    (unsigned char)*at >= 0x7f)
			*at = '?';
	object = must(json_object_new_string(copy));
	free(copy);
	return object;
}

struct json_object *json_bdf(u64 bdf)
{
	return must(json_object_new_string(acs_guard_name(bdf).text));
}

/**
 * json_words() - a list of strings
 * @text: the strings, or NULL; nothing is an empty list
 * @separator: what is between them
 */
struct json_object *json_words(const char *text, char separator)
{
	struct json_object *list = must(json_object_new_array());
	char *copy, *at, *end;

	if (!text || !*text)
		return list;
	copy = copy_text(text);
	for (at = copy; at; at = end) {
		end = strchr(at, separator);
		if (end)
			*end++ = '\0';
		json_object_array_add(list, json_text(at));
	}
	free(copy);
	return list;
}

/* True, false, or null if unknown. */
struct json_object *json_known(int value)
{
	return value == UNTOLD ? NULL : must(json_object_new_boolean(value));
}

void json_put(struct json_object *object, const char *key,
	      struct json_object *value)
{
	json_object_object_add_ex(object, key, value,
				  JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

void json_put_bool(struct json_object *object, const char *key, bool value)
{
	json_put(object, key, must(json_object_new_boolean(value)));
}

void json_put_int(struct json_object *object, const char *key, s64 value)
{
	json_put(object, key, must(json_object_new_int64(value)));
}

void json_put_text(struct json_object *object, const char *key,
		   const char *text)
{
	json_put(object, key, json_text(text));
}

/**
 * json_print_line() - print an object as one line
 * @object: the object, which is freed
 */
void json_print_line(struct json_object *object)
{
	puts(json_object_to_json_string_ext(
		object,
		JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

/**
 * json_print() - print an object, a line for each element of its lists
 * @object: the object, which is freed
 */
void json_print(struct json_object *object)
{
	const int flags = JSON_C_TO_STRING_PLAIN |
			  JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *comma = "";
	size_t i;

	putchar('{');
	json_object_object_foreach(object, key, value)
	{
		printf("%s\"%s\":", comma, key);
		comma = ",";
		if (!json_object_is_type(value, json_type_array)) {
			fputs(json_object_to_json_string_ext(value, flags),
			      stdout);
			continue;
		}
		putchar('[');
		for (i = 0; i < json_object_array_length(value); i++)
			printf("%s\n%s", i ? "," : "",
			       json_object_to_json_string_ext(
				       json_object_array_get_idx(value, i),
				       flags));
		fputs(i ? "\n]" : "]", stdout);
	}
	puts("}");
	json_object_put(object);
}
