// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a worker can do.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "soak.h"

#define KO "/acs_guard.ko"

static const char *const ids[] = { "8086 10d3", "1234 11e8", "8086 100e" };

static bool is_stub(const char *driver)
{
	return !strcmp(driver, "pci-stub");
}

static void ask_for_bind(void)
{
	struct device *device = some_device();
	const char *driver = guarded[one_of(&dice, ARRAY_SIZE(guarded))];
	const char *override =
		path(PCI "/devices/%s/driver_override", device->address);
	const bool probe = one_of(&dice, 2);
	int err;

	pthread_rwlock_rdlock(&shared->lock);
	pthread_rwlock_rdlock(&device->lock);
	put(override, path("%s\n", driver));
	err = put_with(is_stub(driver),
		       probe ? PCI "/drivers_probe" :
			       path(PCI "/drivers/%s/bind", driver),
		       device->address);
	put(override, "\n");

	if (!err && guarded_driver_of(device))
		count_up(BINDS);
	else if (device->claim != ALLOWED &&
		 (err == -EPERM || (probe && err == -EINVAL)))
		count_up(REFUSALS);
	else
		count_up(OTHERS);
	if (device->claim == ALLOWED && err == -EPERM)
		wrong("%s is isolated, and refused to %s", device->address,
		      driver);
	check_claim(device);
	pthread_rwlock_unlock(&device->lock);
	pthread_rwlock_unlock(&shared->lock);
	if (one_of(&dice, 2))
		take_driver(device);
}

/* All devices of an ID at once, to a driver that waits for them. */
static void bind_by_id(void)
{
	const char *driver = guarded[one_of(&dice, ARRAY_SIZE(guarded))];
	const char *id = ids[one_of(&dice, ARRAY_SIZE(ids))];

	lock_all();
	put_with(is_stub(driver), path(PCI "/drivers/%s/new_id", driver), id);
	check_claims();
	unlock_all();
	dawdle(300);
	put(path(PCI "/drivers/%s/remove_id", driver), id);
}

static void unbind_device(void)
{
	take_driver(some_device());
}

static void make_exception(void)
{
	struct device *device = some_of(EXCEPTED);
	const char *permissive;

	if (!device || pthread_mutex_trylock(&device->owner))
		return;
	permissive =
		path(PCI "/devices/%s/acs_guard/permissive", device->address);
	claim(device, UNKNOWN);
	if (!risky_put(permissive, "1"))
		count_up(EXCEPTIONS);
	dawdle(200);
	/* Where there is no such file, there is no exception. */
	put(path(PCI "/devices/%s/acs_guard/permissive", device->address), "0");
	claim(device, REFUSED);
	pthread_mutex_unlock(&device->owner);
}

static void stop_enforcing(void)
{
	pthread_rwlock_wrlock(&shared->lock);
	shared->enforcing = false;
	pthread_rwlock_unlock(&shared->lock);
}

/* What was bound meanwhile, was bound by right. */
void enforce(void)
{
	unsigned int i;

	pthread_rwlock_wrlock(&shared->lock);
	for (i = 0; i < shared->num_devices; i++)
		if (shared->devices[i].claim == REFUSED)
			be_unbound(&shared->devices[i]);
	shared->enforcing = true;
	pthread_rwlock_unlock(&shared->lock);
}

/* @lax for a while, then @strict again. */
static void change_setting(const char *file, const char *lax,
			   const char *strict, enum count what)
{
	if (pthread_mutex_trylock(&shared->owner))
		return;
	stop_enforcing();
	if (!risky_put(file, lax))
		count_up(what);
	dawdle(300);
	while (put(file, strict))
		usleep(1000);
	count_up(what);
	enforce();
	pthread_mutex_unlock(&shared->owner);
}

static void change_mode(void)
{
	change_setting(PARAMETERS "/mode", "audit", "enforce", MODES);
}

static void change_unit(void)
{
	change_setting(PARAMETERS "/unit", "group", "function", UNITS);
}

/*
 * Without risk: a kernel that has no memory for what a tracepoint's fields are
 * called, warns.  faults.c has all of our own init fail.
 */
static int load(void)
{
	const int ko = open_file(KO, O_RDONLY);
	const int err = syscall(SYS_finit_module, ko, "", 0) ? -errno : 0;

	close(ko);
	return err;
}

static void reload(void)
{
	int err;

	if (pthread_mutex_trylock(&shared->owner))
		return;
	stop_enforcing();
	let_fail(true);
	err = syscall(SYS_delete_module, "acs_guard", O_NONBLOCK) ? -errno : 0;
	let_fail(false);
	if (!err) {
		count_up(UNLOADS);
		dawdle(500);
		err = load();
		while (err && !enough())
			err = load();
		if (err)
			wrong("the guard cannot be loaded: %s", strerror(-err));
		count_up(LOADS);
	} else if (err != -ENOMEM) {
		wrong("the guard cannot be unloaded: %s", strerror(-err));
	}
	/* A device that came while it loaded may have no attributes. */
	enforce();
	pthread_mutex_unlock(&shared->owner);
}

static void find_devices(void)
{
	lock_all();
	if (!put(PCI "/rescan", "1"))
		count_up(RESCANS);
	check_claims();
	unlock_all();
}

static void remove_device(const struct device *device)
{
	if (!put(path(PCI "/devices/%s/remove", device->address), "1"))
		count_up(REMOVALS);
}

/*
 * No two workers do these at once.  A card that is pulled out while it is
 * removed through sysfs, is freed before remove_store() has done with it: the
 * kernel's own bug.  And what is hidden on a conventional bus when the guard is
 * loaded, the guard does not find.
 */
static pthread_mutex_t *excluded_from_removal(const struct device *device)
{
	if (device->class == SLOT)
		return &shared->plugger;
	if (device->shared)
		return &shared->owner;
	return NULL;
}

/* Hidden meanwhile, the device still counts as a neighbour of the others. */
static void remove_and_find(void)
{
	const struct device *device = some_device();
	pthread_mutex_t *excluded = excluded_from_removal(device);

	if (excluded && pthread_mutex_trylock(excluded))
		return;
	remove_device(device);
	if (excluded && !device->shared)
		pthread_mutex_unlock(excluded);
	dawdle(200);
	find_devices();
	if (excluded && device->shared)
		pthread_mutex_unlock(excluded);
}

static int acs_control(const struct device *device, int fd)
{
	uint32_t header;
	int where = 0x100;

	while (where >= 0x100) {
		if (pread(fd, &header, sizeof(header), where) != sizeof(header))
			break;
		if ((header & 0xffff) == 0xd)
			return where + 6;
		where = header >> 20;
	}
	wrong("the port above %s has no ACS", device->address);
	return -1;
}

/* As firmware, or a user of setpci, might. */
static void rewrite_acs(void)
{
	struct device *device = some_of(DRIFTING);
	uint16_t before, off = 0;
	int fd, where;

	if (!device || pthread_mutex_trylock(&device->owner))
		return;
	fd = open_file(path(PCI "/devices/%s/config", device->port), O_RDWR);
	where = acs_control(device, fd);
	claim(device, UNKNOWN);
	if (pread(fd, &before, sizeof(before), where) != sizeof(before) ||
	    pwrite(fd, &off, sizeof(off), where) != sizeof(off))
		wrong("%s: ACS cannot be rewritten", device->port);
	dawdle(100);
	risky_put(PARAMETERS "/recheck", "1");
	claim(device, REFUSED);
	dawdle(200);
	claim(device, UNKNOWN);
	if (pwrite(fd, &before, sizeof(before), where) != sizeof(before))
		wrong("%s: ACS cannot be restored", device->port);
	claim(device, ALLOWED);
	count_up(REWRITES);
	close(fd);
	pthread_mutex_unlock(&device->owner);
}

static void look_for_drift(void)
{
	static const char *const periods[] = { "0", "1", "3600" };

	if (one_of(&dice, 2)) {
		risky_put(PARAMETERS "/recheck_period",
			  periods[one_of(&dice, ARRAY_SIZE(periods))]);
		return;
	}
	if (!risky_put(PARAMETERS "/recheck", "1"))
		count_up(RECHECKS);
}

/* A device in reset does not answer, so it is not isolated. */
static void reset_device(void)
{
	const struct device *device = some_of(NEVER);

	if (device && !put(path(PCI "/devices/%s/reset", device->address), "1"))
		count_up(RESETS);
}

static void read_all(void)
{
	static const char *const names[] = { "permissive",     "isolated",
					     "group_isolated", "reason",
					     "peers",	       "denied" };
	const struct device *device = some_device();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		risky_read(path(PCI "/devices/%s/acs_guard/%s", device->address,
				names[i]));
	risky_read(PARAMETERS "/mode");
	risky_read(PARAMETERS "/unit");
	risky_read(PARAMETERS "/drivers");
}

/* Tells the host's script, which reads along what is reported. */
static void tell_host(const char *command)
{
	must_put("/dev/report", path("# host: %s\n", command));
}

/*
 * For a minute: a removal that is still under way when the lock is released
 * overlaps that of another process, see excluded_from_removal(); and on a busy
 * host the guest may stand still for seconds.
 */
static bool wait_for(const struct device *device, bool present)
{
	unsigned int tries;

	for (tries = 0; tries < 600 && !enough(); tries++) {
		if (is_present(device->address) == present)
			return true;
		usleep(100000);
	}
	return false;
}

/* What was pulled out leaves the host after the guest. */
static void plug(void)
{
	const struct device *device = some_of(SLOT);

	if (!device || pthread_mutex_trylock(&shared->plugger))
		return;
	if (is_present(device->address)) {
		tell_host(path("device_del %s", device->id));
		wait_for(device, false);
		usleep(500000);
	}
	tell_host(path("device_add e1000e,id=%s,bus=%s,romfile=", device->id,
		       device->bus));
	if (wait_for(device, true))
		count_up(PLUGS);
	pthread_mutex_unlock(&shared->plugger);
}

/**
 * struct deed - something that a worker does
 * @share: how often, beside the others
 * @deed: that
 */
struct deed {
	unsigned int share;
	void (*deed)(void);
};

static const struct deed deeds[] = {
	{ 40, ask_for_bind },  { 3, bind_by_id },
	{ 10, unbind_device }, { 8, make_exception },
	{ 2, change_mode },    { 2, change_unit },
	{ 2, reload },	       { 4, remove_and_find },
	{ 2, find_devices },   { 4, rewrite_acs },
	{ 4, look_for_drift }, { 2, reset_device },
	{ 10, read_all },      { 2, plug },
};

void do_something(void)
{
	unsigned int total = 0, i, choice;

	for (i = 0; i < ARRAY_SIZE(deeds); i++)
		total += deeds[i].share;
	choice = one_of(&dice, total);
	for (i = 0; choice >= deeds[i].share; i++)
		choice -= deeds[i].share;
	deeds[i].deed();
}
