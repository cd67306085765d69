// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, at random, in several processes: devices are bound in all
 * ways, excepted, read, hidden by sysfs "remove", found again, plugged in and
 * out, while the guard changes its mode and its unit, comes and goes, looks for
 * drift, and registers are rewritten under it; and some allocations fail.
 *
 * usage: soak SEED SECONDS WORKERS FAULTS DEVICE...
 *   FAULTS   how many allocations in 1000 fail of those that a request makes;
 *            0 where the kernel has no fault injection
 *   DEVICE   never=ADDRESS           not isolated, and never excepted
 *            excepted=ADDRESS        not isolated, and now and then excepted
 *            ...=ADDRESS,shared      the same, because of another function on a
 *                                    conventional bus; not hidden while the
 *                                    guard is loaded, which looks for hidden
 *                                    functions in devices and switches only
 *            isolated=ADDRESS        isolated
 *            drifting=ADDRESS,PORT   isolated while PORT has its ACS on
 *            slot=ADDRESS,ID,BUS     not isolated; an e1000e that comes and
 * goes
 *
 * What must hold all the while: when the guard is loaded and enforces, with
 * unit=function, a device that is not isolated, and not excepted, has no driver
 * that is guarded, even if the functions that it is not isolated from are
 * hidden; and no isolated device is refused.  To know when that is, whoever
 * changes one of these facts says so before and after.  Between the two nothing
 * is claimed, and all others go on; a claim is made when nobody is in the
 * middle of a bind.
 *
 * The N-th thing that a worker does follows from the seed, its number and N.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

#define KO "/acs_guard.ko"
#define DEBUG "/sys/kernel/debug"
#define WRITER_FIRST PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP
#define MAX_DEVICES 32
#define MAX_WORKERS 16

/* As many faults as there may be: what is left of them, was not needed. */
#define FAULTS_AT_START 1000000000L

static const char *const guarded[] = { "vfio-pci", "pci-stub" };
static const char *const ids[] = { "8086 10d3", "1234 11e8", "8086 100e" };

/* What is known about a device, whatever anybody does to it. */
enum claim { UNKNOWN, REFUSED, ALLOWED };

enum class { NEVER, EXCEPTED, ISOLATED, DRIFTING, SLOT };

static const char *const class_names[] = { "never", "excepted", "isolated",
					   "drifting", "slot" };

/**
 * struct device - a device
 * @class: what is done to it
 * @address: its name in sysfs
 * @shared: one of several on a conventional bus
 * @port: of DRIFTING, the port above
 * @id: of SLOT, what the host calls it
 * @bus: of SLOT, what the host calls the port above
 * @claim: changed under the lock as a writer
 * @lock: a reader may bind it
 * @owner: who changes what @claim depends on
 */
struct device {
	enum class class;
	bool shared;
	char address[16], port[16], id[32], bus[32];
	enum claim claim;
	pthread_rwlock_t lock;
	pthread_mutex_t owner;
};

/* What is counted; the order is that of the last line. */
enum count {
	BINDS,
	REFUSALS,
	OTHERS,
	EXCEPTIONS,
	MODES,
	UNITS,
	LOADS,
	UNLOADS,
	REMOVALS,
	RESCANS,
	PLUGS,
	REWRITES,
	RECHECKS,
	RESETS,
	READS,
	LOOKS,
	NUM_COUNTS
};

static const char *const count_names[] = {
	[BINDS] = "binds",
	[REFUSALS] = "refusals",
	[OTHERS] = "other failed binds",
	[EXCEPTIONS] = "exceptions",
	[MODES] = "mode changes",
	[UNITS] = "unit changes",
	[LOADS] = "loads",
	[UNLOADS] = "unloads",
	[REMOVALS] = "removals",
	[RESCANS] = "rescans",
	[PLUGS] = "hot-plugs",
	[REWRITES] = "rewrites of ACS",
	[RECHECKS] = "rechecks",
	[RESETS] = "resets",
	[READS] = "reads",
	[LOOKS] = "looks at all drivers",
};

/**
 * struct shared - what the processes share
 * @enforcing: the guard is loaded and enforces, with unit=function; changed
 *	under @lock as a writer
 * @lock: a reader may bind something
 * @owner: who changes what @enforcing depends on
 * @plugger: who talks to the host
 * @counts: what was done
 * @enough: time is up, or something was wrong
 * @wrong: what must not be was seen
 * @num_devices: how many devices there are
 * @devices: these
 */
struct shared {
	bool enforcing;
	pthread_rwlock_t lock;
	pthread_mutex_t owner, plugger;
	atomic_ulong counts[NUM_COUNTS];
	atomic_bool enough, wrong;
	unsigned int num_devices;
	struct device devices[MAX_DEVICES];
};

static struct shared *shared;
static struct random dice;
static unsigned int worker;
static unsigned long step;
static bool with_faults;
static int make_it_fail = -1;

static void count_up(enum count what)
{
	atomic_fetch_add(&shared->counts[what], 1);
}

static bool enough(void)
{
	return atomic_load(&shared->enough);
}

__printf(1, 2) static void wrong(const char *format, ...)
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
static void dawdle(unsigned int most)
{
	usleep(1000 * one_of(&dice, most));
}

/* --- requests whose allocations may fail --- */

static void let_fail(bool may)
{
	if (with_faults && pwrite(make_it_fail, may ? "1" : "0", 1, 0) != 1)
		wrong("make-it-fail: %s", strerror(errno));
}

/*
 * put(), but the write itself, and only that, may fail for want of memory.  No
 * risk is taken where the kernel would break by itself (faults.c says how): in
 * vfio-pci's probe, and in the search for devices.
 */
static int put_with(bool risk, const char *file, const char *text)
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

static int risky_put(const char *file, const char *text)
{
	return put_with(true, file, text);
}

static void risky_read(const char *file)
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

static struct device *some_device(void)
{
	return &shared->devices[one_of(&dice, shared->num_devices)];
}

/* One of the class, or NULL if what was chosen is none. */
static struct device *some_of(enum class class)
{
	struct device *device = some_device();
	unsigned int i;

	for (i = 0; i < shared->num_devices && device->class != class; i++)
		if (++device == shared->devices + shared->num_devices)
			device = shared->devices;
	return device->class == class ? device : NULL;
}

static const char *guarded_driver_of(const struct device *device)
{
	const char *driver = driver_of(device->address);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(guarded); i++)
		if (!strcmp(driver, guarded[i]))
			return guarded[i];
	return NULL;
}

static void take_driver(const struct device *device)
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
 * Whoever may bind it, is kept out, but for the kernel's own threads that plug
 * it in.
 */
static void be_unbound(const struct device *device)
{
	unsigned int tries;

	wait_for_bind(device);
	for (tries = 0; tries < 100 && guarded_driver_of(device); tries++)
		take_driver(device);
	if (guarded_driver_of(device))
		wrong("%s cannot be unbound", device->address);
}

static void claim(struct device *device, enum claim claim)
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
static void look_at(const struct device *device)
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

static void lock_all(void)
{
	unsigned int i;

	pthread_rwlock_rdlock(&shared->lock);
	for (i = 0; i < shared->num_devices; i++)
		pthread_rwlock_rdlock(&shared->devices[i].lock);
}

static void look_at_all(void)
{
	unsigned int i;

	for (i = 0; i < shared->num_devices; i++)
		look_at(&shared->devices[i]);
	count_up(LOOKS);
}

static void unlock_all(void)
{
	unsigned int i;

	for (i = shared->num_devices; i-- > 0;)
		pthread_rwlock_unlock(&shared->devices[i].lock);
	pthread_rwlock_unlock(&shared->lock);
}

static bool is_stub(const char *driver)
{
	return !strcmp(driver, "pci-stub");
}

/* --- what a worker can do --- */

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
	look_at(device);
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
	look_at_all();
	unlock_all();
	dawdle(300);
	put(path(PCI "/drivers/%s/remove_id", driver), id);
}

static void let_go(void)
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
static void enforce(void)
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
	look_at_all();
	unlock_all();
}

static void remove_device(const struct device *device)
{
	if (!put(path(PCI "/devices/%s/remove", device->address), "1"))
		count_up(REMOVALS);
}

/*
 * Nobody does these at once.  A card that is pulled out while it is removed
 * through sysfs, is freed before remove_store() has done with it: the kernel's
 * own bug.  And what is hidden on a conventional bus when the guard is loaded,
 * the guard does not find.
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
 * meets that of another process, see excluded_from_removal(); and on a busy
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
	{ 10, let_go },	       { 8, make_exception },
	{ 2, change_mode },    { 2, change_unit },
	{ 2, reload },	       { 4, remove_and_find },
	{ 2, find_devices },   { 4, rewrite_acs },
	{ 4, look_for_drift }, { 2, reset_device },
	{ 10, read_all },      { 2, plug },
};

static void do_something(void)
{
	unsigned int total = 0, i, choice;

	for (i = 0; i < ARRAY_SIZE(deeds); i++)
		total += deeds[i].share;
	choice = one_of(&dice, total);
	for (i = 0; choice >= deeds[i].share; i++)
		choice -= deeds[i].share;
	deeds[i].deed();
}

static void work(uint64_t seed)
{
	struct random start;

	if (with_faults)
		make_it_fail = open_file("/proc/self/make-it-fail", O_RDWR);
	seed_random(&start, seed + worker);
	while (!enough()) {
		step++;
		/* Whatever the last step came to, this one is the same. */
		seed_random(&dice, any(&start));
		do_something();
	}
	exit(0);
}

/* Looks at all drivers, and does nothing else. */
static void watch(void)
{
	while (!enough()) {
		lock_all();
		look_at_all();
		unlock_all();
		usleep(50000);
	}
	exit(0);
}

/* --- set-up --- */

static void init_lock(pthread_rwlock_t *lock)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	/* Some process binds at any time: a claim would wait for ever. */
	pthread_rwlockattr_setkind_np(&attr, WRITER_FIRST);
	pthread_rwlock_init(lock, &attr);
}

static void init_owner(pthread_mutex_t *owner)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(owner, &attr);
}

static void add_device(const char *text)
{
	struct device *device = &shared->devices[shared->num_devices++];
	char class[16] = "", second[32] = "", third[32] = "";
	unsigned int i;

	if (shared->num_devices > MAX_DEVICES ||
	    sscanf(text, "%15[a-z]=%15[^,],%31[^,],%31s", class,
		   device->address, second, third) < 2)
		die("'%s' is no device", text);
	for (i = 0; i < ARRAY_SIZE(class_names); i++)
		if (!strcmp(class, class_names[i]))
			break;
	if (i == ARRAY_SIZE(class_names))
		die("'%s' is no class of devices", class);
	device->class = i;
	device->shared = !strcmp(second, "shared");
	if (device->class == DRIFTING)
		snprintf(device->port, sizeof(device->port), "%.15s", second);
	snprintf(device->id, sizeof(device->id), "%s", second);
	snprintf(device->bus, sizeof(device->bus), "%s", third);
	device->claim = i == ISOLATED || i == DRIFTING ? ALLOWED : REFUSED;
	init_lock(&device->lock);
	init_owner(&device->owner);
}

static void put_all(const char *name, const char *value)
{
	must_put(path(DEBUG "/failslab/%s", name), value);
	must_put(path(DEBUG "/fail_page_alloc/%s", name), value);
}

/* Where vmalloc() is: it shows a call trace, as a splat does, when it fails. */
static void spare_vmalloc(void)
{
	unsigned long long address, start = 0, end = 0;
	char line[512], name[256], type;
	FILE *symbols = fopen("/proc/kallsyms", "re");

	if (!symbols)
		die("no /proc/kallsyms");
	while (fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%llx %c %255s", &address, &type, name) == 3 &&
		    !strcmp(name, "__vmalloc_node_range_noprof"))
			start = address;
	rewind(symbols);
	while (fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%llx %c", &address, &type) == 2 &&
		    address > start && (!end || address < end))
			end = address;
	fclose(symbols);
	if (!start || !end)
		die("no vmalloc() in /proc/kallsyms");
	put_all("reject-start", path("%#llx", start));
	put_all("reject-end", path("%#llx", end));
}

/* @permille: the kernel has per cent only, and takes every N-th of those. */
static void start_faults(unsigned int permille)
{
	char times[32];

	snprintf(times, sizeof(times), "%ld", FAULTS_AT_START);
	spare_vmalloc();
	must_put(DEBUG "/failslab/ignore-gfp-wait", "N");
	must_put(DEBUG "/fail_page_alloc/ignore-gfp-wait", "N");
	must_put(DEBUG "/fail_page_alloc/min-order", "0");
	put_all("verbose", "0");
	put_all("task-filter", "Y");
	put_all("times", times);
	put_all("interval", "10");
	put_all("probability", path("%u", permille));
}

static unsigned long faults_of(const char *folder)
{
	char text[32];

	if (get(path(DEBUG "/%s/times", folder), text, sizeof(text)) < 1)
		die("no count of %s", folder);
	return FAULTS_AT_START - strtol(text, NULL, 10);
}

static unsigned long injected(void)
{
	return with_faults ?
		       faults_of("failslab") + faults_of("fail_page_alloc") :
		       0;
}

static void say_counts(const char *before)
{
	unsigned int i;

	printf("%s:", before);
	for (i = 0; i < NUM_COUNTS; i++)
		printf(" %lu %s,", atomic_load(&shared->counts[i]),
		       count_names[i]);
	printf(" %lu injected faults\n", injected());
	fflush(stdout);
}

static pid_t start_process(unsigned int number, uint64_t seed)
{
	const pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		return pid;
	worker = number;
	if (!number)
		watch();
	work(seed);
	exit(0);
}

static void supervise(pid_t *pids, unsigned int num, time_t seconds)
{
	const time_t begun = time(NULL);
	time_t printed = begun;
	unsigned int i;
	int status;

	while (!enough() && time(NULL) - begun < seconds) {
		sleep(1);
		for (i = 0; i < num; i++) {
			if (!pids[i] || waitpid(pids[i], &status, WNOHANG) <= 0)
				continue;
			pids[i] = 0;
			if (status || !enough())
				wrong("process %u ended with %d", i, status);
		}
		if (time(NULL) - printed >= 60) {
			printed = time(NULL);
			say_counts(path("# %ld s", (long)(printed - begun)));
		}
	}
	atomic_store(&shared->enough, true);
	for (i = 0; i < num; i++)
		if (pids[i] && waitpid(pids[i], &status, 0) > 0 && status)
			wrong("process %u ended with %d", i, status);
}

int main(int argc, char **argv)
{
	pid_t pids[MAX_WORKERS + 1];
	unsigned int workers, permille, i;

	if (argc < 6)
		die("usage: soak SEED SECONDS WORKERS FAULTS DEVICE...");
	workers = parse_number(argv[3]);
	permille = parse_number(argv[4]);
	if (!workers || workers > MAX_WORKERS || permille > 100)
		die("1 to %d workers, 0 to 100 faults", MAX_WORKERS);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no memory");
	init_lock(&shared->lock);
	init_owner(&shared->owner);
	init_owner(&shared->plugger);
	for (i = 5; i < (unsigned int)argc; i++)
		add_device(argv[i]);
	/* No page fault of ours is to fail. */
	mlockall(MCL_CURRENT | MCL_FUTURE);
	with_faults = permille;
	if (with_faults)
		start_faults(permille);

	printf("# seed %s, %s s, %u workers, %u allocations in 1000 fail\n",
	       argv[1], argv[2], workers, permille);
	fflush(stdout);
	enforce();
	for (i = 0; i <= workers; i++)
		pids[i] = start_process(i, parse_number(argv[1]));
	supervise(pids, workers + 1, parse_number(argv[2]));
	if (with_faults)
		put_all("probability", "0");
	must_put(PCI "/rescan", "1");
	say_counts(path("seed %s", argv[1]));
	return atomic_load(&shared->wrong);
}
