// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does one thing again and again, and makes each allocation in it fail in turn:
 * the first in the first round, the second in the second, until a round has
 * fewer than its number.  After each round all that must hold is looked at,
 * and undone, without a failure.
 *
 * usage: faults OPERATION BAD GOOD PORT
 *   BAD     a function that is to be refused, a card of ID
 *   GOOD    an isolated function, below
 *   PORT    a port with ACS
 * Without arguments: prints the names of the operations.
 *
 * The kernel counts the allocations of one task (/proc/thread-self/fail-nth),
 * and of those only the ones whose call stack passes the filters in debugfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

/* More allocations than anything here can need. */
#define MANY 1000000

const char *bad, *good, *port;
const struct op *op;
unsigned int round_number;

/* The file of the operation, open. */
int file = -1;

static void do_if(void (*function)(void))
{
	if (function)
		function();
}

int act(void)
{
	if (op->act)
		return op->act();
	return write(file, op->text, strlen(op->text)) < 0 ? -errno : 0;
}

static void open_op(void)
{
	if (!op->file || op->act == read_content)
		return;
	if (op->file[0] != '/')
		file = open_file(attribute(bad, op->file), O_WRONLY);
	else
		file = open_file(op->file,
				 op->act == act_load ? O_RDONLY : O_WRONLY);
}

/*
 * One round, with the allocation of that number failing.
 * Return: how many more there could have been, 0 if it came to the failure.
 */
static unsigned int play(unsigned int number, int *err)
{
	unsigned int left;

	round_number = number;
	do_if(op->prepare);
	open_op();
	arm(number);
	*err = act();
	left = disarm();
	if (file >= 0)
		close(file);
	file = -1;
	op->check(*err);
	do_if(op->undo);
	return left;
}

static void run(void)
{
	unsigned int left, failed = 0, number = 0, own = 0;
	int err;

	do_if(op->set_up);
	do {
		left = play(++number, &err);
		failed += !left && err != op->expected;
	} while (!left);
	if (err != op->expected)
		wrong("without a failure: %s", strerror(-err));
	/* Where the guard's code will be is not known before it is there. */
	if (op->prepare != be_unloaded && op->prepare != be_loaded) {
		set_filter(&guard_code, NULL);
		own = MANY - play(MANY, &err);
		set_filter(op->only, op->spared);
	}
	do_if(op->clean_up);
	printf("%s: %u allocations made to fail, %u of them failed it, ",
	       op->name, number - 1, failed);
	printf("%u have the guard on the stack\n", own);
	if (number == 1)
		die("%s: there was no allocation", op->name);
}

int main(int argc, char **argv)
{
	unsigned int i;

	for (i = 0; argc == 1 && ops[i].name; i++)
		puts(ops[i].name);
	if (argc == 1)
		return 0;
	if (argc != 5)
		die("usage: faults OPERATION BAD GOOD PORT");
	for (i = 0; ops[i].name && strcmp(ops[i].name, argv[1]); i++)
		;
	if (!ops[i].name)
		die("no such operation: %s", argv[1]);
	op = &ops[i];
	bad = argv[2];
	good = argv[3];
	port = argv[4];

	set_faults_up();
	if (op->prepare != be_unloaded)
		be_loaded();
	set_filter(op->only, op->spared);
	run();
	set_filter(NULL, NULL);
	return 0;
}
