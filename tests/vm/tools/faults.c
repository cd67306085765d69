// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does one thing again and again, and makes each allocation in it fail in turn:
 * the first in the first round, the second in the second, until a round has
 * fewer than its number.  After each round all that must hold is looked at,
 * and undone, without a failure.
 *
 * usage: faults OPERATION BAD GOOD PORT
 *   BAD     a function that is to be refused, a card of ID
 *   GOOD    an isolated function, below
 *   PORT    a port with ACS
 * Without arguments: prints the names of the operations.
 *
 * The kernel counts the allocations of one task (/proc/thread-self/fail-nth),
 * and of those only the ones whose call stack passes the filters in debugfs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

#define KO "/acs_guard.ko"
#define VFIO PCI "/drivers/vfio-pci"
#define STUB PCI "/drivers/pci-stub"
#define ID "8086 10d3"
#define DEBUG "/sys/kernel/debug"

/* More allocations than anything here can need. */
#define MANY 1000000

/**
 * struct code - functions of the kernel's, as a filter knows them
 * @name: a function; NULL for all of the module
 * @module: where it is; empty if in the kernel itself
 */
struct code {
	const char *name;
	const char *module;
};

static const struct code guard_code = { NULL, "acs_guard" };

/*
 * When the PCI core has found a device, this is what offers it to drivers. What
 * comes before that knows no lack of memory: pci_setup_device() does not look
 * whether the device got its name, pci_device_add() warns (WARN_ON(ret < 0))
 * and goes on with a device that the driver core has turned down,
 * pdev_sort_resources() panics, and pci_create_resource_files() leaves pointers
 * to freed attributes.
 */
static const struct code offer_device = { "__device_attach", "" };

/*
 * When it fails half-way, vfio_group_release() warns
 * (WARN_ON(group->iommu_group)).  vfio-pci's probe calls it: the guard has said
 * yes by then.
 */
static const struct code make_group = { "vfio_create_group", "vfio" };

/*
 * Our init, and not what the kernel does before it: that warns when it has no
 * memory for the names of a tracepoint's fields (event_define_fields()), and
 * only one place can be spared.
 */
static const struct code run_init = { "do_one_initcall", "" };

/* Shows a call trace when it fails, which is one of the signs of a splat. */
static const struct code get_pages = { "__vmalloc_node_range_noprof", "" };

/**
 * struct op - an operation
 * @name: its name
 * @only: if not NULL: only allocations with this on the stack may fail
 * @spared: if not NULL: those with this on the stack may not
 * @stub: the driver is pci-stub, else vfio-pci
 * @expected: what it returns when nothing fails
 * @file: what it reads or writes, below the function BAD if it does not begin
 *	with a slash
 * @text: what it writes
 * @set_up: before the first round; may be NULL, as all of the following
 * @prepare: before each round; then @file is opened
 * @act: the operation; without one, a write of @text to @file
 * @check: what must hold, whatever it returned
 * @undo: after each round
 * @clean_up: after the last round
 */
struct op {
	const char *name;
	const struct code *only;
	const struct code *spared;
	bool stub;
	int expected;
	const char *file;
	const char *text;
	void (*set_up)(void);
	void (*prepare)(void);
	int (*act)(void);
	void (*check)(int err);
	void (*undo)(void);
	void (*clean_up)(void);
};

static const char *bad, *good, *port;
static const struct op *op;
static unsigned int round_number;

/* The file of the operation, open. */
static int file = -1;

__printf(1, 2) __noreturn static void wrong(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	die("%s, allocation %u: %s", op->name, round_number, text);
}

static const char *driver(void)
{
	return op->stub ? "pci-stub" : "vfio-pci";
}

/* A file of the driver's. */
static const char *at_driver(const char *name)
{
	return path(PCI "/drivers/%s/%s", driver(), name);
}

/* --- the kernel's side --- */

static int nth = -1;

static void arm(unsigned int number)
{
	char text[16];
	const int len = snprintf(text, sizeof(text), "%u", number);

	if (pwrite(nth, text, len, 0) != len)
		die("fail-nth does not take %u: %s", number, strerror(errno));
}

/* How many more there could have been; 0 if it came to the failure. */
static unsigned int disarm(void)
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

static void set_filter(const struct code *only, const struct code *spared)
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
static void set_faults_up(void)
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

/* --- the guard's side --- */

static bool is_loaded(void)
{
	return exists(MODULE "/parameters/mode");
}

static int unload_guard(void)
{
	return syscall(SYS_delete_module, "acs_guard", O_NONBLOCK) ? -errno : 0;
}

static int load_from(int ko)
{
	return syscall(SYS_finit_module, ko, "", 0) ? -errno : 0;
}

static void be_unloaded(void)
{
	if (is_loaded() && unload_guard())
		wrong("the guard cannot be unloaded");
}

static void be_loaded(void)
{
	int ko;

	if (is_loaded())
		return;
	ko = open_file(KO, O_RDONLY);
	if (load_from(ko))
		wrong("the guard cannot be loaded");
	close(ko);
}

static const char *attribute(const char *device, const char *name)
{
	return path(PCI "/devices/%s/acs_guard/%s", device, name);
}

static bool has_attributes(const char *device)
{
	return exists(path(PCI "/devices/%s/acs_guard", device));
}

/* All of them, or none. */
static void check_attributes(const char *device)
{
	static const char *const names[] = { "permissive", "isolated", "reason",
					     "peers", "denied" };
	char text[PAGE];
	unsigned int i;

	if (!has_attributes(device))
		return;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (get(attribute(device, names[i]), text, sizeof(text)) < 0)
			wrong("%s has attributes, but no %s", device, names[i]);
}

static void check_value(const char *name, const char *wanted)
{
	char text[PAGE];

	if (get(name, text, sizeof(text)) < 0 ||
	    strncmp(text, wanted, strlen(wanted)))
		wrong("%s is '%s', not '%s'", name, text, wanted);
}

static void check_driver(const char *device, const char *wanted)
{
	const char *name = driver_of(device);

	if (strcmp(name, wanted))
		wrong("driver of %s: %s, not %s", device, name, wanted);
}

static void take_driver(const char *device)
{
	const char *name = driver_of(device);

	if (strcmp(name, "none"))
		must_put(path(PCI "/drivers/%s/unbind", name), device);
}

static void unbind_all(void)
{
	DIR *dir = opendir(at_driver(""));
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "0000:", 5))
			must_put(at_driver("unbind"), entry->d_name);
	if (dir)
		closedir(dir);
}

/* How often @device was refused; -1 if nobody counts. */
static long denied(const char *device)
{
	char text[32];

	if (get(attribute(device, "denied"), text, sizeof(text)) < 1)
		return -1;
	return strtol(text, NULL, 10);
}

/*
 * It is refused as ever, in the words of a refusal: the one before left neither
 * a PM domain nor anything else behind.
 */
static void check_refusal(void)
{
	const long before = denied(bad);
	int err;

	check_driver(bad, "none");
	set_override(bad, "vfio-pci");
	err = put(VFIO "/bind", bad);
	check_driver(bad, "none");
	set_override(bad, "");
	if (err != -EPERM)
		wrong("then a bind without a failure: %s", strerror(-err));
	if (before >= 0 && denied(bad) != before + 1)
		wrong("a refusal was not counted");
	check_value(path(PCI "/devices/%s/power/runtime_enabled", bad),
		    "forbidden");
}

static void check_guarding(void)
{
	check_refusal();
	check_attributes(bad);
	check_attributes(good);
	if (has_attributes(bad))
		check_value(attribute(bad, "isolated"), "0");
	if (has_attributes(good))
		check_value(attribute(good, "isolated"), "1");
}

/* --- operations --- */

static int act_load(void)
{
	return load_from(file);
}

static void check_load(int err)
{
	if (!err) {
		if (!is_loaded())
			wrong("the guard is loaded, and is not there");
		check_guarding();
		return;
	}
	if (exists(MODULE))
		wrong("the load failed (%s), and the guard is there",
		      strerror(-err));
	if (has_attributes(bad) || has_attributes(good))
		wrong("the load failed, and left attributes");
}

static int act_unload(void)
{
	return unload_guard();
}

static void check_unload(int err)
{
	if (err) {
		check_guarding();
		return;
	}
	if (exists(MODULE) || has_attributes(bad) || has_attributes(good))
		wrong("something of the guard is left");
}

static void check_permissive(int err)
{
	check_value(attribute(bad, "permissive"), err ? "0" : "1");
	if (err)
		check_refusal();
}

static void undo_permissive(void)
{
	must_put(attribute(bad, "permissive"), "0");
}

static void check_mode(int err)
{
	check_value(PARAMETERS "/mode", err ? "enforce" : "audit");
	if (err)
		check_refusal();
}

static void undo_mode(void)
{
	must_put(PARAMETERS "/mode", "enforce");
	check_refusal();
}

static long denied_before;

static void ask_for_bad(void)
{
	set_override(bad, driver());
	denied_before = denied(bad);
}

/* A bind that the kernel gave up by itself need not have come to the guard. */
static void check_refused(int err)
{
	const long more = denied(bad) - denied_before;

	if (!err)
		wrong("the write succeeded");
	if (more != 0 && more != 1)
		wrong("counted %ld times", more);
	set_override(bad, "");
	check_refusal();
}

static int act_write_address(const char *device)
{
	return write(file, device, strlen(device)) < 0 ? -errno : 0;
}

static int act_bad(void)
{
	return act_write_address(bad);
}

static int act_good(void)
{
	return act_write_address(good);
}

static void ask_for_good(void)
{
	set_override(good, driver());
}

static void check_allowed(int err)
{
	check_driver(good, err ? "none" : driver());
}

static void undo_allowed(void)
{
	take_driver(good);
	set_override(good, "");
}

static void ask_with_exception(void)
{
	must_put(attribute(bad, "permissive"), "1");
	set_override(bad, driver());
}

static void check_exception(int err)
{
	check_driver(bad, err ? "none" : driver());
}

static void undo_exception(void)
{
	take_driver(bad);
	set_override(bad, "");
	must_put(attribute(bad, "permissive"), "0");
	check_refusal();
}

static void drop_id(void)
{
	const int err = put(at_driver("remove_id"), ID);

	if (err && err != -ENODEV)
		wrong("remove_id: %s", strerror(-err));
	unbind_all();
}

/* The ID is taken or not; each card of it is tried, and none may come through. */
static void check_new_id(int err)
{
	(void)err;
	drop_id();
	check_refusal();
}

static void check_new_id_before(int err)
{
	check_driver(bad, "none");
	check_new_id(err);
}

/* Whatever the last round left, it is to be found anew. */
static void remove_device(const char *device)
{
	if (is_present(device))
		must_put(path(PCI "/devices/%s/remove", device), "1");
}

static void remove_bad(void)
{
	remove_device(bad);
}

static void remove_good(void)
{
	remove_device(good);
}

static void find_devices(void)
{
	must_put(PCI "/rescan", "1");
}

static void find_again(void)
{
	remove_bad();
	remove_good();
	find_devices();
	if (!has_attributes(bad) || !has_attributes(good))
		wrong("found again, it has no attributes");
	check_guarding();
}

static void check_found(int err)
{
	(void)err;
	/* The PCI core may have had no memory for it: then it is not there. */
	if (!is_present(bad))
		return;
	check_attributes(bad);
	if (has_attributes(bad)) {
		check_value(attribute(bad, "permissive"), "0");
		check_value(attribute(bad, "isolated"), "0");
	}
	check_refusal();
}

static void check_found_good(int err)
{
	const char *name = driver_of(good);

	(void)err;
	if (strcmp(name, "none") && strcmp(name, driver()))
		wrong("bound to %s", name);
	check_attributes(good);
	if (is_present(good) && has_attributes(good))
		check_value(attribute(good, "isolated"), "1");
}

static void let_driver_wait(void)
{
	must_put(at_driver("new_id"), ID);
	unbind_all();
}

static void let_driver_go(void)
{
	drop_id();
	find_again();
}

/* --- drift --- */

static uint16_t acs_was;
static int acs_at;
static int messages = -1;

static uint32_t config_dword(int fd, int where)
{
	uint32_t value = 0;

	if (pread(fd, &value, sizeof(value), where) != sizeof(value))
		wrong("the port's registers cannot be read");
	return value;
}

/* Writes the control register of the port's ACS. */
static void set_acs(uint16_t value)
{
	const int fd = open_file(path(PCI "/devices/%s/config", port), O_RDWR);
	int where = 0x100;

	while (!acs_at) {
		const uint32_t header = config_dword(fd, where);

		if ((header & 0xffff) == 0xd)
			acs_at = where + 6;
		where = header >> 20;
		if (!acs_at && where < 0x100)
			wrong("the port has no ACS");
	}
	if (!acs_was)
		acs_was = config_dword(fd, acs_at - 2) >> 16;
	if (pwrite(fd, &value, sizeof(value), acs_at) != sizeof(value))
		wrong("the port's registers cannot be written");
	close(fd);
}

/* How many lines since the last call have @text. */
static unsigned int count_messages(const char *text)
{
	unsigned int count = 0;
	char record[2048];
	ssize_t len;

	for (;;) {
		len = read(messages, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)
			continue;
		if (len < 0)
			break;
		record[len] = '\0';
		count += !!strstr(record, text);
	}
	return count;
}

static void have_drift(void)
{
	ask_for_good();
	must_put(VFIO "/bind", good);
	if (messages < 0)
		messages = open_file("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	set_acs(0);
	count_messages("");
}

/* It is reported once, by this write or, if that failed, by the next. */
static void check_drift(int err)
{
	unsigned int reports;

	(void)err;
	check_driver(good, "vfio-pci");
	must_put(PARAMETERS "/recheck", "1");
	reports = count_messages("action=drift");
	if (reports != 1)
		wrong("the drift was reported %u times", reports);
	check_driver(good, "vfio-pci");
}

static void undo_drift(void)
{
	set_acs(acs_was);
	undo_allowed();
	must_put(PARAMETERS "/recheck", "1");
	check_value(attribute(good, "isolated"), "1");
}

/* --- reads --- */

static char content[PAGE], content_wanted[PAGE];

/* Two system calls: the first read of an open file is where it all happens. */
static int read_content(void)
{
	const char *name = op->file[0] == '/' ? op->file :
						attribute(bad, op->file);
	const int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t len;
	int err = 0;

	memset(content, 0, sizeof(content));
	if (fd < 0)
		return -errno;
	len = read(fd, content, sizeof(content) - 1);
	if (len < 0)
		err = -errno;
	close(fd);
	return err;
}

static void read_wanted(void)
{
	const int err = read_content();

	if (err)
		wrong("cannot be read at all: %s", strerror(-err));
	memcpy(content_wanted, content, sizeof(content));
}

static void check_content(int err)
{
	if (!err && strcmp(content, content_wanted))
		wrong("says '%s', not '%s'", content, content_wanted);
}

/* clang-format off */
#define READ(what, which) \
	{ .name = what, .file = which, .act = read_content, \
	  .set_up = read_wanted, .check = check_content }
/* clang-format on */

static const struct op ops[] = {
	{ .name = "load",
	  .only = &run_init,
	  .spared = &get_pages,
	  .file = KO,
	  .prepare = be_unloaded,
	  .act = act_load,
	  .check = check_load,
	  .undo = be_unloaded },
	{ .name = "unload",
	  .prepare = be_loaded,
	  .act = act_unload,
	  .check = check_unload },
	{ .name = "permissive",
	  .file = "permissive",
	  .text = "1",
	  .check = check_permissive,
	  .undo = undo_permissive },
	{ .name = "mode",
	  .file = PARAMETERS "/mode",
	  .text = "audit",
	  .check = check_mode,
	  .undo = undo_mode },
	{ .name = "refusal",
	  .file = VFIO "/bind",
	  .expected = -EPERM,
	  .prepare = ask_for_bad,
	  .act = act_bad,
	  .check = check_refused },
	{ .name = "refusal-probe",
	  .file = PCI "/drivers_probe",
	  .expected = -EINVAL,
	  .prepare = ask_for_bad,
	  .act = act_bad,
	  .check = check_refused },
	{ .name = "refusal-new-id",
	  .spared = &make_group,
	  .file = VFIO "/new_id",
	  .text = ID,
	  .check = check_new_id_before },
	{ .name = "allow",
	  .spared = &make_group,
	  .file = VFIO "/bind",
	  .prepare = ask_for_good,
	  .act = act_good,
	  .check = check_allowed,
	  .undo = undo_allowed },
	{ .name = "allow-stub",
	  .stub = true,
	  .file = STUB "/bind",
	  .prepare = ask_for_good,
	  .act = act_good,
	  .check = check_allowed,
	  .undo = undo_allowed },
	{ .name = "permissive-bind",
	  .spared = &make_group,
	  .file = VFIO "/bind",
	  .prepare = ask_with_exception,
	  .act = act_bad,
	  .check = check_exception,
	  .undo = undo_exception },
	{ .name = "recheck",
	  .file = PARAMETERS "/recheck",
	  .text = "1",
	  .prepare = have_drift,
	  .check = check_drift,
	  .undo = undo_drift },
	{ .name = "attributes",
	  .only = &guard_code,
	  .file = PCI "/rescan",
	  .text = "1",
	  .prepare = remove_bad,
	  .check = check_found,
	  .clean_up = find_again },
	{ .name = "hotplug-refused",
	  .only = &offer_device,
	  .stub = true,
	  .file = PCI "/rescan",
	  .text = "1",
	  .set_up = let_driver_wait,
	  .prepare = remove_bad,
	  .check = check_found,
	  .clean_up = let_driver_go },
	{ .name = "hotplug-allowed",
	  .only = &offer_device,
	  .stub = true,
	  .file = PCI "/rescan",
	  .text = "1",
	  .set_up = let_driver_wait,
	  .prepare = remove_good,
	  .check = check_found_good,
	  .clean_up = let_driver_go },
	READ("read-permissive", "permissive"),
	READ("read-isolated", "isolated"),
	READ("read-reason", "reason"),
	READ("read-peers", "peers"),
	READ("read-denied", "denied"),
	READ("read-mode", PARAMETERS "/mode"),
	READ("read-drivers", PARAMETERS "/drivers"),
};

static void do_if(void (*function)(void))
{
	if (function)
		function();
}

static int act(void)
{
	if (op->act)
		return op->act();
	return write(file, op->text, strlen(op->text)) < 0 ? -errno : 0;
}

static void open_op(void)
{
	if (!op->file || op->act == read_content)
		return;
	if (op->file[0] != '/')
		file = open_file(attribute(bad, op->file), O_WRONLY);
	else
		file = open_file(op->file,
				 op->act == act_load ? O_RDONLY : O_WRONLY);
}

/*
 * One round, with the allocation of that number failing.
 * Return: how many more there could have been, 0 if it came to the failure.
 */
static unsigned int play(unsigned int number, int *err)
{
	unsigned int left;

	round_number = number;
	do_if(op->prepare);
	open_op();
	arm(number);
	*err = act();
	left = disarm();
	if (file >= 0)
		close(file);
	file = -1;
	op->check(*err);
	do_if(op->undo);
	return left;
}

static void run(void)
{
	unsigned int left, failed = 0, number = 0, own = 0;
	int err;

	do_if(op->set_up);
	do {
		left = play(++number, &err);
		failed += !left && err != op->expected;
	} while (!left);
	if (err != op->expected)
		wrong("without a failure: %s", strerror(-err));
	/* Where the guard's code will be is not known before it is there. */
	if (op->prepare != be_unloaded && op->prepare != be_loaded) {
		set_filter(&guard_code, NULL);
		own = MANY - play(MANY, &err);
		set_filter(op->only, op->spared);
	}
	do_if(op->clean_up);
	printf("%s: %u allocations made to fail, %u of them failed it, ",
	       op->name, number - 1, failed);
	printf("%u have the guard on the stack\n", own);
	if (number == 1)
		die("%s: there was no allocation", op->name);
}

int main(int argc, char **argv)
{
	unsigned int i;

	for (i = 0; argc == 1 && i < ARRAY_SIZE(ops); i++)
		puts(ops[i].name);
	if (argc == 1)
		return 0;
	if (argc != 5)
		die("usage: faults OPERATION BAD GOOD PORT");
	for (i = 0; i < ARRAY_SIZE(ops) && strcmp(ops[i].name, argv[1]); i++)
		;
	if (i == ARRAY_SIZE(ops))
		die("no such operation: %s", argv[1]);
	op = &ops[i];
	bad = argv[2];
	good = argv[3];
	port = argv[4];

	set_faults_up();
	if (op->prepare != be_unloaded)
		be_loaded();
	set_filter(op->only, op->spared);
	run();
	set_filter(NULL, NULL);
	return 0;
}
