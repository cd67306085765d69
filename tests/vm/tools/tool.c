// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the programs of the virtual machine share: files, devices, numbers.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

void die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	exit(1);
}

const char *path(const char *format, ...)
{
	static char paths[8][MAX_PATH];
	static unsigned int next;
	char *result = paths[next++ % ARRAY_SIZE(paths)];
	va_list args;

	va_start(args, format);
	vsnprintf(result, MAX_PATH, format, args);
	va_end(args);
	return result;
}

bool exists(const char *file)
{
	return !access(file, F_OK);
}

int open_file(const char *file, int flags)
{
	const int fd = open(file, flags | O_CLOEXEC);

	if (fd < 0)
		die("%s does not open: %s", file, strerror(errno));
	return fd;
}

/* One write.  Return: 0 or a negative errno; a short write is -EIO. */
int put(const char *file, const char *text)
{
	const int fd = open(file, O_WRONLY | O_CLOEXEC);
	const ssize_t len = strlen(text);
	ssize_t written;
	int err = 0;

	if (fd < 0)
		return -errno;
	written = write(fd, text, len);
	if (written < 0)
		err = -errno;
	else if (written != len)
		err = -EIO;
	close(fd);
	return err;
}

void must_put(const char *file, const char *text)
{
	const int err = put(file, text);

	if (err)
		die("'%s' to %s: %s", text, file, strerror(-err));
}

/* One read, ended with a NUL.  Return: its length or a negative errno. */
ssize_t get(const char *file, char *buf, size_t size)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	buf[0] = '\0';
	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	if (len < 0)
		len = -errno;
	else
		buf[len] = '\0';
	close(fd);
	return len;
}

bool is_present(const char *device)
{
	return exists(path(PCI "/devices/%s", device));
}

/* "none" if it has none, or is not there. */
const char *driver_of(const char *device)
{
	static char target[MAX_PATH];
	const char *name;
	ssize_t len;

	len = readlink(path(PCI "/devices/%s/driver", device), target,
		       sizeof(target) - 1);
	if (len < 0)
		return "none";
	target[len] = '\0';
	name = strrchr(target, '/');
	return name ? name + 1 : target;
}

/* An empty name takes it back. */
void set_override(const char *device, const char *driver)
{
	must_put(path(PCI "/devices/%s/driver_override", device),
		 path("%s\n", driver));
}

void seed_random(struct random *random, uint64_t seed)
{
	random->state = seed;
}

/* splitmix64: any seed will do, and 64 bits of state are enough for a test. */
uint64_t any(struct random *random)
{
	uint64_t value = random->state += 0x9e3779b97f4a7c15;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	value = (value ^ value >> 27) * 0x94d049bb133111eb;
	return value ^ value >> 31;
}

unsigned int one_of(struct random *random, unsigned int count)
{
	return any(random) % count;
}

unsigned long long parse_number(const char *text)
{
	char *end;
	const unsigned long long value = strtoull(text, &end, 10);

	if (!*text || *end)
		die("'%s' is no number", text);
	return value;
}
