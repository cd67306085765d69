// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: a decision of the module, as its log line or a uevent tells it
 */
#include <stdlib.h>
#include <time.h>

#include "decision.h"
#include "json.h"
#include "names.h"
#include "output.h"
#include "sysfs.h"

/* In the order in which they are printed. */
static const char *const keys[] = { "action", "dev",	 "id",	    "driver",
				    "reason", "blocker", "missing", "group",
				    "peers",  "mode",	 "uid",	    "pid",
				    "comm" };

void decision_add(struct decision *decision, const char *key, const char *value)
{
	if (decision->count == MAX_FIELDS)
		return;
	decision->fields[decision->count++] = (struct field){
		arena_copy(&decision->arena, key, strlen(key)),
		arena_copy(&decision->arena, value, strlen(value)),
	};
}

void decision_clear(struct decision *decision)
{
	arena_free(&decision->arena);
	*decision = (struct decision){};
}

/* Return: the value; "-" and no value at all are NULL. */
const char *decision_get(const struct decision *decision, const char *key)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < decision->count; i++)
		if (!strcmp(decision->fields[i].key, key))
			found = decision->fields[i].value;
	return found && *found && strcmp(found, "-") ? found : NULL;
}

/* comm comes last, in quotes, and may hold blanks. */
static char *cut_comm(struct decision *decision, char *line)
{
	char *comm = NULL, *at;
	size_t len;

	for (at = line; (at = strstr(at, " comm=")); at++)
		comm = at;
	if (!comm)
		return line;
	*comm = '\0';
	comm += 6;
	len = strlen(comm);
	if (len > 1 && comm[0] == '"' && comm[len - 1] == '"') {
		comm[len - 1] = '\0';
		comm++;
	}
	decision_add(decision, "comm", comm);
	return line;
}

/**
 * decision_parse() - read a line of the log
 * @decision: receives its fields
 * @line: the keys and values
 */
void decision_parse(struct decision *decision, const char *line)
{
	char *copy = copy_text(line), *rest, *word, *value;

	rest = cut_comm(decision, copy);
	while ((word = strsep(&rest, " "))) {
		value = strchr(word, '=');
		if (!value)
			continue;
		*value++ = '\0';
		decision_add(decision, word, value);
	}
	free(copy);
}

static void print_time(const char *format, char *text, size_t size)
{
	const time_t now = time(NULL);
	struct tm parts;

	strftime(text, size, format, localtime_r(&now, &parts));
}

static void print_json(const struct decision *decision)
{
	struct json_object *object = json_object_new_object();
	const char *value;
	char now[40];
	size_t i;

	print_time("%Y-%m-%dT%H:%M:%S%z", now, sizeof(now));
	json_put_text(object, "time", now);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		value = decision_get(decision, keys[i]);
		if (value)
			json_put_text(object, keys[i], value);
	}
	json_print_line(object);
}

static const char *happened(const char *action, const char **colour)
{
	static const struct {
		const char *action;
		const char *words;
		char colour;
	} actions[] = {
		{ "deny", "REFUSED", 'r' },
		{ "would-deny", "WOULD BE REFUSED", 'y' },
		{ "allow-group", "ALLOWED with its group", 'y' },
		{ "allow-permissive", "ALLOWED by exception", 'y' },
		{ "present", "BOUND ALREADY, would be refused now", 'y' },
		{ "drift", "ISOLATION LOST", 'r' },
		{ "veto-lost", "BOUND DESPITE a refusal", 'r' },
		{ "set-permissive", "EXCEPTION MADE", 'y' },
		{ "clear-permissive", "EXCEPTION REVOKED", 'g' },
	};
	size_t i;

	*colour = "";
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(actions[i].action, action))
			continue;
		*colour = actions[i].colour == 'r' ? style.red :
			  actions[i].colour == 'y' ? style.yellow :
						     style.green;
		return actions[i].words;
	}
	return action;
}

static bool read_id(u64 bdf, const char *name, unsigned long *value)
{
	char line[32];

	if (!read_first_line_of(line, sizeof(line), "%s/bus/pci/devices/%s/%s",
				roots()->sysfs, acs_guard_name(bdf).text, name))
		return false;
	*value = strtoul(line, NULL, 16);
	return true;
}

/* Devices come and go while decisions are watched. */
static const char *name_now(struct decision *decision, const char *dev)
{
	unsigned long vendor, device, code;
	struct machine machine;
	const char *name = "device";
	struct function *fn;
	u64 bdf;

	if (!is_full_bdf(dev, &bdf) || !read_id(bdf, "vendor", &vendor) ||
	    !read_id(bdf, "device", &device) || !read_id(bdf, "class", &code))
		return name;
	machine_init(&machine, SOURCE_MODULE);
	fn = machine_add(&machine, bdf, "sysfs", 0);
	fn->id = (u32)(device << 16 | vendor);
	fn->class = (u32)code;
	name = name_of(&machine, fn);
	name = arena_copy(&decision->arena, name, strlen(name));
	machine_free(&machine);
	return name;
}

static const char *shorten(const char *bdf)
{
	return starts(bdf, "0000:") ? bdf + 5 : bdf;
}

static void add_details(const struct decision *decision, struct text *text)
{
	const char *value = decision_get(decision, "driver");

	if (value)
		text_add(text, ", to %s", value);
	value = decision_get(decision, "reason");
	if (value)
		text_add(text, ": %s", value);
	value = decision_get(decision, "blocker");
	if (value)
		text_add(text, " at %s", shorten(value));
	value = decision_get(decision, "peers");
	if (value && strcmp(value, "0"))
		text_add(text, ", %s neighbour%s exposed", value,
			 strcmp(value, "1") ? "s" : "");
	value = decision_get(decision, "pid");
	if (!value)
		return;
	text_add(text, " (requested by %s, pid %s",
		 decision_get(decision, "comm"), value);
	value = decision_get(decision, "uid");
	text_add(text, ", uid %s)", value ? value : "");
}

/**
 * decision_print() - print a decision as a line, or as an object
 * @decision: the decision
 * @json: as an object
 */
void decision_print(struct decision *decision, bool json)
{
	const char *dev = decision_get(decision, "dev"), *colour, *words;
	const char *action = decision_get(decision, "action");
	struct text text = {};
	char now[16];

	if (!action || !dev)
		return;
	if (json) {
		print_json(decision);
	} else {
		words = happened(action, &colour);
		text_add(&text, "%s %s", shorten(dev), name_now(decision, dev));
		add_details(decision, &text);
		print_time("%H:%M:%S", now, sizeof(now));
		printf("%s %s%s%s %s\n", now, colour, words, style.plain,
		       tidy(&decision->arena, text_get(&text)));
		text_free(&text);
	}
	fflush(stdout);
}

/**
 * print_log_note() - print a line of the log that is no decision
 * @text: the line
 * @json: as an object
 */
void print_log_note(const char *text, bool json)
{
	struct json_object *object;
	struct arena arena = {};
	char now[40];

	if (json) {
		object = json_object_new_object();
		print_time("%Y-%m-%dT%H:%M:%S%z", now, sizeof(now));
		json_put_text(object, "time", now);
		json_put_text(object, "note", text);
		json_print_line(object);
	} else {
		print_time("%H:%M:%S", now, sizeof(now));
		printf("%s %s\n", now, tidy(&arena, text));
		arena_free(&arena);
	}
	fflush(stdout);
}
