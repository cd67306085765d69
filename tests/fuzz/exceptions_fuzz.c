// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: fuzzes the reader of the files with exceptions
 *
 * The input is the udev rules and, behind the first NUL, the parameter of the
 * module.  Files that are accepted are written again; they read as before.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "exceptions.h"
#include "fuzz.h"

static jmp_buf refused;
static struct exceptions exceptions, again;
static const u8 *input;
static size_t input_len;

/* The linker puts it in the place of die(), which ends the program. */
__attribute__((__noreturn__)) void __wrap_die(const char *format, ...);

void __wrap_die(const char *format, ...)
{
	longjmp(refused, 1);
}

static void make_folder(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", scratch_folder(), name);
	mkdir(path, 0700);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	scratch_no_output();
	setenv("ACS_GUARD_ETC", scratch_folder(), 1);
	make_folder("udev");
	make_folder("udev/rules.d");
	make_folder("modprobe.d");
	return 0;
}

static void check_entry(const struct exception *entry)
{
	const char *at;

	fuzz_check(*entry->bdf && *entry->location && *entry->id &&
		   *entry->by && *entry->on && *entry->reason);
	fuzz_check(!strchr(entry->reason, '\n') && !strchr(entry->by, '\n'));
	/* These are in rules and in a parameter. */
	for (at = entry->location; *at; at++)
		fuzz_check(strchr("0123456789abcdef:./", *at));
	fuzz_check(strlen(entry->id) == 9);
}

static void write_text(const char *path, const struct text *text)
{
	scratch_write(path, (const u8 *)text_get(text), text->len);
}

static void check_again(void)
{
	struct text rules = {}, conf = {};
	size_t i;

	exceptions_write(&exceptions, &rules, &conf);
	/* What is not as it would be written is not accepted. */
	fuzz_check(input_len - rules.len <= 1 &&
		   !memcmp(input, text_get(&rules), rules.len));
	write_text(rules_path(), &rules);
	write_text(conf_path(), &conf);
	fuzz_check(exceptions_parse(&again));
	fuzz_check(again.count == exceptions.count);
	for (i = 0; i < again.count; i++)
		fuzz_check(!strcmp(again.list[i].location,
				   exceptions.list[i].location));
	text_free(&rules);
	text_free(&conf);
	exceptions_free(&again);
}

static void check_files(void)
{
	size_t i;

	if (setjmp(refused))
		return;
	exceptions_load(&exceptions);
	for (i = 0; i < exceptions.count; i++)
		check_entry(&exceptions.list[i]);
	if (setjmp(refused))
		fuzz_check(!"what is accepted is accepted when written again");
	if (exceptions.count)
		check_again();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const u8 *end = size ? memchr(data, '\0', size) : NULL;
	const size_t len = end ? (size_t)(end - data) : size;

	input = data;
	input_len = len;
	scratch_write(rules_path(), data, len);
	if (end)
		scratch_write(conf_path(), end + 1, size - len - 1);
	else
		remove(conf_path());
	exceptions = (struct exceptions){};
	check_files();
	exceptions_free(&exceptions);
	return 0;
}
