/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of soak share: what is known about each device, and what a
 * worker does to it.
 */
#ifndef SOAK_H
#define SOAK_H

#include <pthread.h>
#include <stdatomic.h>

#include "tool.h"

#define MAX_DEVICES 32

/* What is known about a device, whatever anybody does to it. */
enum claim { UNKNOWN, REFUSED, ALLOWED };

enum class { NEVER, EXCEPTED, ISOLATED, DRIFTING, SLOT };

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

extern struct shared *shared;

/* Of this process, and of the step that it is at. */
extern struct random dice;
extern unsigned int worker;
extern unsigned long step;

/* Allocations may fail; the file by which a process asks for that. */
extern bool with_faults;
extern int make_it_fail;

/* soak_claims.c */

void count_up(enum count what);
bool enough(void);
__printf(1, 2) void wrong(const char *format, ...);
void dawdle(unsigned int most);

void let_fail(bool may);
int put_with(bool risk, const char *file, const char *text);
int risky_put(const char *file, const char *text);
void risky_read(const char *file);

extern const char *const guarded[2];
struct device *some_device(void);
struct device *some_of(enum class class);
const char *guarded_driver_of(const struct device *device);
void take_driver(const struct device *device);
void be_unbound(const struct device *device);
void claim(struct device *device, enum claim claim);
void check_claim(const struct device *device);
void lock_all(void);
void check_claims(void);
void unlock_all(void);

/* soak_deeds.c */

void enforce(void);
void do_something(void);

#endif
