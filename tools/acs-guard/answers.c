// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what the module says, by its attributes and parameters
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "judge.h"
#include "sysfs.h"

/* The module prints no longer line. */
#define MAX_ATTRIBUTE 1024

static const char *parameter(struct machine *machine, const char *name,
			     const char *otherwise)
{
	char line[MAX_ATTRIBUTE];

	if (!read_first_line_of(line, sizeof(line),
				"%s/module/acs_guard/parameters/%s",
				roots()->sysfs, name))
		return otherwise;
	return arena_copy(&machine->arena, line, strlen(line));
}

/**
 * sysfs_read_settings() - read the parameters of the module
 * @machine: whose settings they become
 *
 * Return: false if the module is not loaded.
 */
bool sysfs_read_settings(struct machine *machine)
{
	char path[PATH_MAX];
	struct stat facts;

	snprintf(path, sizeof(path), "%s/module/acs_guard/parameters",
		 roots()->sysfs);
	if (stat(path, &facts) || !S_ISDIR(facts.st_mode))
		return false;
	machine->settings = (struct settings){
		.mode = parameter(machine, "mode", ""),
		.unit = parameter(machine, "unit", ""),
		.strict = !strcmp(parameter(machine, "strict", ""), "1"),
		.locked = strcmp(parameter(machine, "lock", "0"), "0"),
		.drivers = parameter(machine, "drivers", ""),
	};
	return true;
}

/**
 * sysfs_module_version() - what --version says about the module
 * @buf: memory for it
 * @size: how much
 */
const char *sysfs_module_version(char *buf, size_t size)
{
	struct machine machine;
	char version[32];
	bool loaded;

	machine_init(&machine, SOURCE_MODULE);
	loaded = sysfs_read_settings(&machine);
	machine_free(&machine);
	if (read_first_line_of(version, sizeof(version),
			       "%s/module/acs_guard/version", roots()->sysfs))
		snprintf(buf, size, "%s, %s", loaded ? "loaded" : "not loaded",
			 version);
	else
		snprintf(buf, size, "%s", loaded ? "loaded" : "not loaded");
	return buf;
}

/* "(lacks SV,RR)" in words; "" if there is none. */
static const char *missing_in(struct machine *machine, const char *words)
{
	const char *start = strstr(words, "(lacks ");
	size_t len;

	if (!start)
		return "";
	start += 7;
	len = strspn(start, "ABCDEFGHIJKLMNOPQRSTUVWXYZ,");
	return len && start[len] == ')' ?
		       arena_copy(&machine->arena, start, len) :
		       "";
}

/* "no-acs 0000:03:00.0: words", "isolated", or what is not understood. */
static void parse_reason(struct machine *machine, struct answer *answer,
			 const char *text)
{
	const size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
	const char *at = text + len;

	text = arena_copy(&machine->arena, text, strlen(text));
	answer->judged = true;
	answer->isolated = !strcmp(text, "isolated");
	answer->reason = answer->isolated ? "isolated" : "unreadable";
	answer->words = text;
	answer->missing = "";
	if (answer->isolated)
		return;
	if (len && *at++ == ' ' && take_bdf(&at, &answer->blocker) &&
	    starts(at, ": ")) {
		answer->has_blocker = true;
		answer->reason = arena_copy(&machine->arena, text, len);
		answer->words =
			arena_copy(&machine->arena, at + 2, strlen(at + 2));
	}
	answer->missing = missing_in(machine, answer->words);
}

/**
 * sysfs_read_answer() - read the attributes of the module
 * @machine: the machine
 * @fn: the function
 * @dir: its folder in sysfs
 *
 * Return: false if there are none, or not all of them.
 */
bool sysfs_read_answer(struct machine *machine, struct function *fn, int dir)
{
	struct answer *answer = &fn->answer;
	char line[MAX_ATTRIBUTE];

	if (sysfs_read_line(dir, "acs_guard/reason", line, sizeof(line))) {
		parse_reason(machine, answer, line);
	} else {
		snprintf(line, sizeof(line),
			 "unreadable %s: the guard has no answer about it",
			 acs_guard_name(fn->bdf).text);
		parse_reason(machine, answer, line);
	}
	answer->permissive = sysfs_read_line(dir, "acs_guard/permissive", line,
					     sizeof(line)) &&
			     !strcmp(line, "1");
	/*
	 * An isolated function may bind either way, one without a group in
	 * neither: nothing has to be asked.  Older modules do not say.
	 */
	answer->group_isolated = answer->isolated  ? true :
				 fn->group == NONE ? false :
						     UNTOLD;
	if (answer->group_isolated == UNTOLD &&
	    sysfs_read_line(dir, "acs_guard/group_isolated", line,
			    sizeof(line)))
		answer->group_isolated = !strcmp(line, "1");
	/* The last one: if the function has vanished, this fails. */
	if (!sysfs_read_line(dir, "acs_guard/denied", line, sizeof(line)))
		return false;
	answer->denied = strtoul(line, NULL, 10);
	return true;
}

static void add_peer(struct peers *peers, size_t *room, u64 bdf)
{
	peers->bdf = grow(peers->bdf, room, peers->count + 1, sizeof(bdf));
	peers->bdf[peers->count++] = bdf;
}

/**
 * sysfs_read_peers() - read the peers that the module names
 * @machine: the machine
 * @fn: the function
 * @peers: its peers
 */
void sysfs_read_peers(struct machine *machine, struct function *fn,
		      struct peers *peers)
{
	char path[PATH_MAX], line[64];
	size_t room = 0;
	FILE *file;
	u64 bdf;

	snprintf(path, sizeof(path), "%s/bus/pci/devices/%s/acs_guard/peers",
		 roots()->sysfs, acs_guard_name(fn->bdf).text);
	file = fopen(path, "re");
	if (!file) {
		/* It has vanished: not known is not the same as none. */
		peers->unknown = true;
		return;
	}
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (is_full_bdf(line, &bdf))
			add_peer(peers, &room, bdf);
		else if (*line == '+')
			peers->unnamed =
				(unsigned int)strtoul(line + 1, NULL, 10);
	}
	peers->unknown = ferror(file);
	fclose(file);
}
