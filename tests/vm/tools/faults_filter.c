// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which allocations may fail, and which one does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "faults.h"

#define DEBUG "/sys/kernel/debug"

const struct code guard_code = { NULL, "acs_guard" };

static int nth = -1;

void arm(unsigned int number)
{
	char text[16];
	const int len = snprintf(text, sizeof(text), "%u", number);

	if (pwrite(nth, text, len, 0) != len)
		die("fail-nth does not take %u: %s", number, strerror(errno));
}

/* How many more there could have been; 0 if it came to the failure. */
unsigned int disarm(void)
{
	char text[16] = "";

	if (pread(nth, text, sizeof(text) - 1, 0) < 1)
		die("fail-nth cannot be read: %s", strerror(errno));
	/* With none left, this write has nothing to make fail. */
	arm(0);
	return strtoul(text, NULL, 10);
}

struct range {
	unsigned long long start, end;
};

/*
 * A function of the kernel's, or all code of the guard's: a module's code is
 * in pages of its own, from the first function to the page after the last.
 */
static struct range find_code(const char *function, const char *module)
{
	struct range range = { 0, 0 };
	char line[512], name[256], owner[128];
	unsigned long long address;
	FILE *symbols;
	char type;
	int words;

	symbols = fopen("/proc/kallsyms", "re");
	if (!symbols)
		die("no /proc/kallsyms");
	while (fgets(line, sizeof(line), symbols)) {
		owner[0] = '\0';
		words = sscanf(line, "%llx %c %255s [%127[^]]", &address, &type,
			       name, owner);
		if (words < 3 || !strchr("tT", type) || strcmp(owner, module))
			continue;
		if (function && !strcmp(name, function))
			range.start = address;
		if (!function && (!range.start || address < range.start))
			range.start = address;
		if (!function && address >= range.end)
			range.end = (address / PAGE + 1) * PAGE;
	}
	rewind(symbols);
	while (function && range.start && fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%llx %c", &address, &type) == 2 &&
		    address > range.start &&
		    (!range.end || address < range.end))
			range.end = address;
	fclose(symbols);
	if (!range.start || !range.end)
		die("no code of %s%s in /proc/kallsyms",
		    function ? function : "", module);
	return range;
}

static void put_all(const char *name, unsigned long long value)
{
	must_put(path(DEBUG "/failslab/%s", name), path("%#llx", value));
	must_put(path(DEBUG "/fail_page_alloc/%s", name), path("%#llx", value));
}

void set_filter(const struct code *only, const struct code *spared)
{
	struct range require = { 0, -1ULL }, reject = { 0, 0 };

	if (only)
		require = find_code(only->name, only->module);
	if (spared)
		reject = find_code(spared->name, spared->module);
	put_all("require-start", require.start);
	put_all("require-end", require.end);
	put_all("reject-start", reject.start);
	put_all("reject-end", reject.end);
}

/* Let any allocation fail, small or patient, and nothing be said of it. */
void set_faults_up(void)
{
	char text[8];

	if (get("/proc/sys/kernel/panic_on_warn", text, sizeof(text)) < 1 ||
	    text[0] != '1')
		die("a warning would not end the machine");
	must_put(DEBUG "/failslab/ignore-gfp-wait", "N");
	must_put(DEBUG "/fail_page_alloc/ignore-gfp-wait", "N");
	must_put(DEBUG "/fail_page_alloc/min-order", "0");
	put_all("verbose", 0);
	put_all("stacktrace-depth", 32);
	nth = open_file("/proc/thread-self/fail-nth", O_RDWR);
	/* No page fault of ours is to be counted. */
	mlockall(MCL_CURRENT | MCL_FUTURE);
}
