/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tool and the module about the same machines: between the files of the
 * test
 *
 *   read.c      machines that the module has judged
 *   text.c      their dumps, as lspci or a copy of sysfs has them
 *   doubts.c    what these do not tell
 *   compare.c   the tool's answers beside the module's
 *   main.c      the machines of a file, and the controls
 */
#ifndef DUMPS_H
#define DUMPS_H

#include <stdio.h>

#include "engine.h"
#include "model.h"
#include "format.h"

#define MAX_DUMPED 256

/**
 * struct dumped - one function, and what the module says about it
 * @is: the function
 * @peers: the addresses of its peers
 * @cfg: its configuration space
 * @doubts: DOUBT_*: what a dump does not tell of it
 */
struct dumped {
	struct dumped_fn is;
	u64 peers[MAX_DUMPED];
	u8 cfg[CFG_SIZE];
	u32 doubts;
};

/**
 * struct machine_dump - one machine
 * @is: the machine
 * @fns: its functions, @is.nr of them
 * @doubts: DOUBT_*: those of the machine, and of all its functions
 * @words: the dump has words, too, as that of "lspci -vv -xxxx"
 * @raw: the dump is a folder of raw files
 * @text: the dump is what "lspci -vvnn" prints, without bytes
 * @boast: these words call all controls of ACS on
 */
struct machine_dump {
	struct dumped_machine is;
	struct dumped fns[MAX_DUMPED];
	u32 doubts;
	bool words;
	bool raw;
	bool text;
	bool boast;
};

/* The function, or its PF, does not answer. */
#define DOUBT_OFFLINE BIT(0)
/* A VMD endpoint has no domain, or a domain none. */
#define DOUBT_DOMAIN BIT(1)
/* The kernel cannot reach its extended configuration space. */
#define DOUBT_CUT BIT(2)
/* A list of capabilities leads to where it was. */
#define DOUBT_BROKEN BIT(3)
/* Whether a port of a switch has memory is asked, and words do not tell. */
#define DOUBT_MEMORY BIT(4)
/* Words have no register of which lspci says nothing. */
#define DOUBT_TEXT BIT(5)
#define NUM_DOUBTS 6

bool read_machine(FILE *file, struct machine_dump *dump);
void write_dump(const struct machine_dump *dump);
u32 config_of(const struct dumped *fn, unsigned int where, unsigned int size);
void find_doubts(struct machine_dump *dump);

/* The fields that are compared. */
enum field {
	FIELD_type,
	FIELD_id,
	FIELD_class,
	FIELD_parent,
	FIELD_isolated,
	FIELD_reason,
	FIELD_blocker,
	FIELD_missing,
	FIELD_group,
	FIELD_in_group,
	FIELD_peers,
	FIELD_acs,
	NUM_FIELDS
};

/**
 * struct tally - what was compared
 * @machines: machines
 * @texts: machines of which there are words only
 * @exact: machines whose dumps tell all
 * @functions: functions
 * @virtual: virtual functions among them
 * @isolated: functions that both call isolated
 * @allowed: by doubt, functions that differ where the dump does not tell
 * @wrong: functions that differ, and must not
 * @unread: machines that the tool takes for no dump, and must not
 * @fields: by field, functions of @wrong that differ in it
 */
struct tally {
	unsigned long machines;
	unsigned long texts;
	unsigned long exact;
	unsigned long functions;
	unsigned long virtual;
	unsigned long isolated;
	unsigned long allowed[NUM_DOUBTS];
	unsigned long wrong;
	unsigned long unread;
	unsigned long fields[NUM_FIELDS];
};

void compare_machine(const struct machine_dump *dump, struct tally *tally,
		     unsigned long max_reports);
extern const char *const doubt_names[NUM_DOUBTS];
extern const char *const field_names[NUM_FIELDS];

#endif /* DUMPS_H */
