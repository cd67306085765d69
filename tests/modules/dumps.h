/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dumps of random machines: between the files of the module
 */
#ifndef DUMPS_H
#define DUMPS_H

#include <linux/types.h>

struct fake_dev;
struct topo;

void dumps_begin(u64 seed);
void dumps_change(const struct topo *t, unsigned int i, struct fake_dev *decl);

#endif /* DUMPS_H */
