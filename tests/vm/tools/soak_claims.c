// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is claimed about each device, and whether it holds; and requests whose
 * allocations may fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "soak.h"

const char *const guarded[2] = { "vfio-pci", "pci-stub" };

void count_up(enum count what)
{
	atomic_fetch_add(&shared->counts[what], 1);
}

bool enough(void)
{
	return atomic_load(&shared->enough);
}

__printf(1, 2) void wrong(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("WRONG: worker %u, step %lu: %s\n", worker, step, text);
	fflush(stdout);
	atomic_store(&shared->wrong, true);
	atomic_store(&shared->enough, true);
}

/* Up to @most milliseconds: others are to come in between. */
void dawdle(unsigned int most)
{
	usleep(1000 * one_of(&dice, most));
}

/* --- requests whose allocations may fail --- */

void let_fail(bool may)
{
	if (with_faults && pwrite(make_it_fail, may ? "1" : "0", 1, 0) != 1)
		wrong("make-it-fail: %s", strerror(errno));
}

/*
 * put(), but the write itself, and only that, may fail for want of memory.  No
 * risk is taken where the kernel would break by itself (faults.c says how): in
 * vfio-pci's probe, and in the search for devices.
 */
int put_with(bool risk, const char *file, const char *text)
{
	const int fd = open(file, O_WRONLY | O_CLOEXEC);
	ssize_t written;
	int err;

	if (fd < 0)
		return -errno;
	let_fail(risk);
	written = write(fd, text, strlen(text));
	err = written < 0 ? -errno : 0;
	let_fail(false);
	close(fd);
	return err;
}

int risky_put(const char *file, const char *text)
{
	return put_with(true, file, text);
}

void risky_read(const char *file)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	char text[PAGE];

	if (fd < 0)
		return;
	let_fail(true);
	if (read(fd, text, sizeof(text)) >= 0)
		count_up(READS);
	let_fail(false);
	close(fd);
}

/* --- devices --- */

struct device *some_device(void)
{
	return &shared->devices[one_of(&dice, shared->num_devices)];
}

/* One of the class, or NULL if what was chosen is none. */
struct device *some_of(enum class class)
{
	struct device *device = some_device();
	unsigned int i;

	for (i = 0; i < shared->num_devices && device->class != class; i++)
		if (++device == shared->devices + shared->num_devices)
			device = shared->devices;
	return device->class == class ? device : NULL;
}

const char *guarded_driver_of(const struct device *device)
{
	const char *driver = driver_of(device->address);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(guarded); i++)
		if (!strcmp(driver, guarded[i]))
			return guarded[i];
	return NULL;
}

void take_driver(const struct device *device)
{
	const char *driver = guarded_driver_of(device);

	if (driver)
		put(path(PCI "/drivers/%s/unbind", driver), device->address);
}

/* Wait for a bind that is under way: such a write needs the device lock. */
static void wait_for_bind(const struct device *device)
{
	put(path(PCI "/devices/%s/power/control", device->address), "on");
}

/*
 * Keeps out all that may bind it, except the kernel's own threads that plug
 * it in.
 */
void be_unbound(const struct device *device)
{
	unsigned int tries;

	wait_for_bind(device);
	for (tries = 0; tries < 100 && guarded_driver_of(device); tries++)
		take_driver(device);
	if (guarded_driver_of(device))
		wrong("%s cannot be unbound", device->address);
}

void claim(struct device *device, enum claim claim)
{
	pthread_rwlock_wrlock(&device->lock);
	if (claim == REFUSED)
		be_unbound(device);
	device->claim = claim;
	pthread_rwlock_unlock(&device->lock);
}

/*
 * The caller is a reader of both locks.  The driver core makes the link to the
 * driver before it asks the PM domain, so a bind that is being refused shows it
 * for a moment: what is bound, is so again and again.
 */
void check_claim(const struct device *device)
{
	const char *driver;
	unsigned int tries;

	if (!shared->enforcing || device->claim != REFUSED)
		return;
	for (tries = 0; tries < 50; tries++) {
		driver = guarded_driver_of(device);
		if (!driver)
			return;
		wait_for_bind(device);
		usleep(1000 * tries);
	}
	wrong("%s is bound to %s", device->address, driver);
}

void lock_all(void)
{
	unsigned int i;

	pthread_rwlock_rdlock(&shared->lock);
	for (i = 0; i < shared->num_devices; i++)
		pthread_rwlock_rdlock(&shared->devices[i].lock);
}

void check_claims(void)
{
	unsigned int i;

	for (i = 0; i < shared->num_devices; i++)
		check_claim(&shared->devices[i]);
	count_up(LOOKS);
}

void unlock_all(void)
{
	unsigned int i;

	for (i = shared->num_devices; i-- > 0;)
		pthread_rwlock_unlock(&shared->devices[i].lock);
	pthread_rwlock_unlock(&shared->lock);
}
