/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of mutate share: the functions of a dump, and their registers.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdbool.h>

#define CFG 4096
#define MAX_FNS 40

struct fn {
	unsigned int domain;
	unsigned int bus;
	unsigned int devfn;
	unsigned int len;
	unsigned char cfg[CFG];
};

/* Those that are written. */
extern struct fn fns[MAX_FNS];
extern unsigned int nr;

/* mutate_why.c */

unsigned int get(const struct fn *fn, unsigned int at, unsigned int size);
void put(struct fn *fn, unsigned int at, unsigned int size, unsigned int value);
bool is_bridge(const struct fn *fn);
unsigned int find_cap(const struct fn *fn, unsigned int id);
unsigned int find_ext(const struct fn *fn, unsigned int id);
int type_of(const struct fn *fn);
bool is_port(const struct fn *fn);
void print_function(unsigned int number);

#endif
