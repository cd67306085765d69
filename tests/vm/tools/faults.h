/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of faults share: an operation, and what must hold after it.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include "tool.h"

#define KO "/acs_guard.ko"
#define VFIO PCI "/drivers/vfio-pci"
#define STUB PCI "/drivers/pci-stub"

/**
 * struct code - functions of the kernel's, as a filter knows them
 * @name: a function; NULL for all of the module
 * @module: where it is; empty if in the kernel itself
 */
struct code {
	const char *name;
	const char *module;
};

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

/* The operations, by their names; the last has none. */
extern const struct op ops[];

/* What the command line says, and the round that is played. */
extern const char *bad, *good, *port;
extern const struct op *op;
extern unsigned int round_number;

/* The file of the operation, open. */
extern int file;

/* faults_filter.c */

extern const struct code guard_code;
void arm(unsigned int number);
unsigned int disarm(void);
void set_filter(const struct code *only, const struct code *spared);
void set_faults_up(void);

/* faults_guard.c */

__printf(1, 2) __noreturn void wrong(const char *format, ...);
const char *driver(void);
const char *at_driver(const char *name);
bool is_loaded(void);
int unload_guard(void);
int load_from(int ko);
void be_unloaded(void);
void be_loaded(void);
const char *attribute(const char *device, const char *name);
bool has_attributes(const char *device);
void check_attributes(const char *device);
void check_value(const char *name, const char *wanted);
void check_driver(const char *device, const char *wanted);
void take_driver(const char *device);
void unbind_all(void);
long denied(const char *device);
void check_refusal(void);
void check_guarding(void);

/* faults_ops.c */

int act_load(void);
void ask_for_good(void);
void undo_allowed(void);

/* faults_drift.c */

void have_drift(void);
void check_drift(int err);
void undo_drift(void);
int read_content(void);
void read_wanted(void);
void check_content(int err);

#endif
