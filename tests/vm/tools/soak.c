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
 * hidden; and no isolated device is refused.  A worker that
 * changes one of these facts marks the change before and after.  Between the
 * two nothing is claimed, and the other workers go on; a claim is made when no
 * worker is in the middle of a bind.
 *
 * The N-th thing that a worker does follows from the seed, its number and N.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

#define DEBUG "/sys/kernel/debug"
#define WRITER_FIRST PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP
#define MAX_WORKERS 16

/* As many faults as there may be: what is left of them, was not needed. */
#define FAULTS_AT_START 1000000000L

static const char *const class_names[] = { "never", "excepted", "isolated",
					   "drifting", "slot" };

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

struct shared *shared;
struct random dice;
unsigned int worker;
unsigned long step;
bool with_faults;
int make_it_fail = -1;

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
		check_claims();
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
