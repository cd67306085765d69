/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs of the virtual machine share.  They are made at test time,
 * with no library but libc, for what a shell does too slowly or cannot do in
 * one system call.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PCI "/sys/bus/pci"
#define MODULE "/sys/module/acs_guard"
#define PARAMETERS MODULE "/parameters"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Long enough for any path here. */
#define MAX_PATH 256

/* What the kernel gives a write to a sysfs file at most. */
#define PAGE 4096

__printf(1, 2) __noreturn void die(const char *format, ...);

/* The path that @format and what follows it make; one of a few static ones. */
__printf(1, 2) const char *path(const char *format, ...);

bool exists(const char *file);
int open_file(const char *file, int flags);
int put(const char *file, const char *text);
void must_put(const char *file, const char *text);
ssize_t get(const char *file, char *buf, size_t size);

/* A function's address is its name in sysfs: 0000:04:00.0. */
bool is_present(const char *device);
const char *driver_of(const char *device);
void set_override(const char *device, const char *driver);

/* A seed's own sequence, the same on each machine. */
struct random {
	uint64_t state;
};

void seed_random(struct random *random, uint64_t seed);
uint64_t any(struct random *random);
/* 0 to @count - 1 */
unsigned int one_of(struct random *random, unsigned int count);

unsigned long long parse_number(const char *text);

#endif
