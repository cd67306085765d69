// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the benchmark measures from user space, in a machine whose clock counts
 * the processor's instructions, one a nanosecond (boot --icount): each figure
 * is the least of some repetitions, so that a timer's tick in the middle of one
 * does not count.
 *
 * usage: bench clock COUNT
 *	  bench bind|bind-unbind COUNT DRIVER DEVICE
 *	  bench refusal COUNT SECONDS DRIVER DEVICE
 *	  bench read COUNT FILE
 *	  bench reread COUNT FILE
 *	  bench walk COUNT dwords|whole DEVICE isolated|exposed
 *	  bench run COUNT PROGRAM [ARG...]
 *	  bench load COUNT FILE
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

/* Config space: PCI Express Base Specification, 7.5 to 7.7. */
#define CAPABILITIES 0x34
#define CAP_EXPRESS 0x10
#define EXT_CAPABILITIES 0x100
#define EXT_CAP_ACS 0x000d
#define EXT_CAP_ACS_CAP 4
#define CONFIG_SIZE 4096

#define TYPE_ROOT_PORT 4
#define TYPE_DOWNSTREAM 6

#define ACS_SV 0x01
#define ACS_RR 0x04
#define ACS_CR 0x08
#define ACS_UF 0x10
#define ACS_WANTED (ACS_SV | ACS_RR | ACS_CR | ACS_UF)

/* The time stamp counter is this machine's clock, and has no loss of scale. */
static uint64_t now(void)
{
	return __builtin_ia32_rdtsc();
}

/* What two readings of the clock cost by themselves. */
static uint64_t overhead(void)
{
	uint64_t least = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		const uint64_t begin = now();
		const uint64_t took = now() - begin;

		if (took < least)
			least = took;
	}
	return least;
}

/* The least of some measurements. */
struct least {
	uint64_t value;
	uint64_t begin;
	uint64_t idle;
};

#define NONE_YET ((struct least){ .value = UINT64_MAX })

/*
 * How long the processor has had nothing to do, in nanoseconds.  A driver that
 * waits for its device's clock or for another's work costs no instructions in
 * that time, and the machine's clock goes on.
 */
static uint64_t idle_time(void)
{
	static const char key[] = ".idle_sleeptime";
	static char text[65536];
	static int fd = -1;
	size_t len = 0;
	ssize_t got;
	char *found;

	if (fd < 0)
		fd = open_file("/proc/timer_list", O_RDONLY);
	do {
		got = pread(fd, text + len, sizeof(text) - 1 - len, len);
		if (got > 0)
			len += got;
	} while (got > 0);
	text[len] = '\0';
	found = strstr(text, key);
	found = found ? strchr(found, ':') : NULL;
	if (!found)
		die("/proc/timer_list does not tell of idle time");
	return strtoull(found + 1, NULL, 10);
}

static void begin(struct least *least)
{
	least->idle = idle_time();
	least->begin = now();
}

static uint64_t end_sample(const struct least *least)
{
	const uint64_t took = now() - least->begin;

	return took - (idle_time() - least->idle);
}

static void end(struct least *least)
{
	const uint64_t busy = end_sample(least);

	if (busy < least->value)
		least->value = busy;
}

static void print(const struct least *least)
{
	printf("%llu\n", (unsigned long long)(least->value - overhead()));
}

/* Does the clock count instructions?  Of this loop there are two a round. */
static void measure_clock(unsigned int count)
{
	struct least least = NONE_YET;

	while (count--) {
		unsigned long rounds = 50000;

		begin(&least);
		asm volatile("1: dec %0; jnz 1b" : "+r"(rounds) : : "cc");
		end(&least);
	}
	print(&least);
}

static void must_write(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		die("the write of '%s' failed: %s", text, strerror(errno));
}

static int compare(const void *a, const void *b)
{
	const uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return one < two ? -1 : one > two;
}

/*
 * The device has no driver, and its override, if any, is @driver.  The median,
 * not the least: what a driver does beside, and when its timers are due,
 * differs from one bind to the next by more than is looked for.
 */
static void measure_bind(unsigned int count, bool with_unbind,
			 const char *driver, const char *device)
{
	struct least middle = NONE_YET;
	uint64_t *samples = calloc(count, sizeof(*samples));
	unsigned int i;
	int bind, unbind;

	if (!samples)
		die("no memory");
	bind = open_file(path(PCI "/drivers/%s/bind", driver), O_WRONLY);
	unbind = open_file(path(PCI "/drivers/%s/unbind", driver), O_WRONLY);
	for (i = 0; i < count; i++) {
		begin(&middle);
		must_write(bind, device);
		if (!with_unbind)
			samples[i] = end_sample(&middle);
		must_write(unbind, device);
		if (with_unbind)
			samples[i] = end_sample(&middle);
	}
	qsort(samples, count, sizeof(*samples), compare);
	middle.value = samples[with_unbind ? count / 2 : 0];
	print(&middle);
	free(samples);
}

/* With a pause before each, for who counts what comes too fast. */
static void measure_refusal(unsigned int count, unsigned int seconds,
			    const char *driver, const char *device)
{
	struct least least = NONE_YET;
	ssize_t written;
	int bind, err;

	bind = open_file(path(PCI "/drivers/%s/bind", driver), O_WRONLY);
	while (count--) {
		sleep(seconds);
		begin(&least);
		written = write(bind, device, strlen(device));
		err = errno;
		end(&least);
		if (written >= 0 || err != EPERM)
			die("the bind of %s was not refused", device);
	}
	print(&least);
}

/* As cat does it, but for the process. */
static void measure_read(unsigned int count, const char *file)
{
	struct least least = NONE_YET;
	char text[PAGE];
	ssize_t len;

	while (count--) {
		begin(&least);
		len = get(file, text, sizeof(text));
		end(&least);
		if (len <= 0)
			die("%s cannot be read", file);
	}
	print(&least);
}

/* One system call: sysfs makes the text anew for each read of the beginning. */
static void measure_reread(unsigned int count, const char *file)
{
	const int fd = open_file(file, O_RDONLY);
	struct least least = NONE_YET;
	char text[PAGE];
	ssize_t len;

	while (count--) {
		begin(&least);
		len = pread(fd, text, sizeof(text), 0);
		end(&least);
		if (len <= 0)
			die("%s cannot be read", file);
	}
	print(&least);
}

/* One register of a function, from sysfs or from what was read of that before. */
struct config {
	int fd;
	const uint8_t *copy;
};

static uint32_t dword(const struct config *config, unsigned int where)
{
	uint32_t value;

	if (config->copy)
		memcpy(&value, config->copy + where, sizeof(value));
	else if (pread(config->fd, &value, sizeof(value), where) !=
		 sizeof(value))
		die("a register cannot be read");
	return value;
}

/* The type of a PCI Express function; negative for any other. */
static int type_of(const struct config *config)
{
	uint8_t where = dword(config, CAPABILITIES);
	unsigned int steps = 48;

	while (where && steps--) {
		const uint32_t header = dword(config, where);

		if ((header & 0xff) == CAP_EXPRESS)
			return header >> 20 & 0xf;
		where = header >> 8;
	}
	return -1;
}

static bool has_acs_on(const struct config *config)
{
	unsigned int where = EXT_CAPABILITIES;
	unsigned int steps = 480;

	while (where && steps--) {
		const uint32_t header = dword(config, where);

		if ((header & 0xffff) == EXT_CAP_ACS) {
			const uint32_t acs =
				dword(config, where + EXT_CAP_ACS_CAP);

			return (acs >> 16 & ACS_WANTED) == ACS_WANTED;
		}
		where = header >> 20;
	}
	return false;
}

/* Does nothing pass here sideways, as far as this port can tell? */
static bool is_good(const char *file, bool in_one)
{
	uint8_t copy[CONFIG_SIZE];
	struct config config = { .fd = open_file(file, O_RDONLY) };
	bool good = true;
	int type;

	if (in_one) {
		if (pread(config.fd, copy, sizeof(copy), 0) != sizeof(copy))
			die("%s cannot be read", file);
		config.copy = copy;
	}
	type = type_of(&config);
	if (type == TYPE_ROOT_PORT || type == TYPE_DOWNSTREAM)
		good = has_acs_on(&config);
	close(config.fd);
	return good;
}

/*
 * Where sysfs's link to a function leads, has all bridges above it in its name;
 * no function has to be searched for.
 */
static bool is_path_good(const char *device, bool in_one)
{
	static const char config[] = "/config";
	char file[MAX_PATH] = "/sys/bus/pci/devices/";
	char target[MAX_PATH];
	char *last;
	ssize_t len;

	strcat(file, device);
	len = readlink(file, target, sizeof(target) - sizeof(config));
	if (len < 0)
		die("%s is no device", device);
	target[len] = '\0';

	/* From ../../../devices/pci0000:00/... */
	file[strlen("/sys/")] = '\0';
	strcat(file, strstr(target, "devices/"));
	for (;;) {
		last = strrchr(file, '/');
		*last = '\0';
		/* The root bus: pci0000:00. */
		if (last[-3] == ':')
			return true;
		memcpy(last, config, sizeof(config));
		if (!is_good(file, in_one))
			return false;
		*last = '\0';
	}
}

static void measure_walk(unsigned int count, bool in_one, const char *device,
			 bool wanted)
{
	struct least least = NONE_YET;
	bool good;

	while (count--) {
		begin(&least);
		good = is_path_good(device, in_one);
		end(&least);
		if (good != wanted)
			die("%s is said to be %s", device,
			    good ? "isolated" : "exposed");
	}
	print(&least);
}

static void run(char **argv, int out)
{
	const pid_t pid = vfork();
	int status;

	if (!pid) {
		dup2(out, STDOUT_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		die("%s fails", argv[0]);
}

/* A program, from its start to its end; what it prints goes nowhere. */
static void measure_run(unsigned int count, char **argv)
{
	const int null = open_file("/dev/null", O_WRONLY);
	struct least least = NONE_YET;

	while (count--) {
		begin(&least);
		run(argv, null);
		end(&least);
	}
	print(&least);
}

/* Of the guard, and only that: between two loads it is unloaded. */
static void measure_load(unsigned int count, const char *file)
{
	struct least least = NONE_YET;
	const int fd = open_file(file, O_RDONLY);

	while (count--) {
		begin(&least);
		if (syscall(SYS_finit_module, fd, "", 0))
			die("%s does not load: %s", file, strerror(errno));
		end(&least);
		if (syscall(SYS_delete_module, "acs_guard", O_NONBLOCK))
			die("it does not unload: %s", strerror(errno));
	}
	print(&least);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	const unsigned int count = argc > 2 ? parse_number(argv[2]) : 0;

	if (!strcmp(what, "clock") && argc == 3)
		measure_clock(count);
	else if (!strcmp(what, "bind") && argc == 5)
		measure_bind(count, false, argv[3], argv[4]);
	else if (!strcmp(what, "bind-unbind") && argc == 5)
		measure_bind(count, true, argv[3], argv[4]);
	else if (!strcmp(what, "refusal") && argc == 6)
		measure_refusal(count, parse_number(argv[3]), argv[4], argv[5]);
	else if (!strcmp(what, "read") && argc == 4)
		measure_read(count, argv[3]);
	else if (!strcmp(what, "reread") && argc == 4)
		measure_reread(count, argv[3]);
	else if (!strcmp(what, "walk") && argc == 6)
		measure_walk(count, !strcmp(argv[3], "whole"), argv[4],
			     !strcmp(argv[5], "isolated"));
	else if (!strcmp(what, "run") && argc > 3)
		measure_run(count, argv + 3);
	else if (!strcmp(what, "load") && argc == 4)
		measure_load(count, argv[3]);
	else
		die("wrong usage");
	return 0;
}
