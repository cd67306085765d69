/* SPDX-License-Identifier: GPL-2.0-only */
/* What the topology files and the oracle take from their surroundings. */
#ifndef TOPO_TYPES_H
#define TOPO_TYPES_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#endif /* TOPO_TYPES_H */
