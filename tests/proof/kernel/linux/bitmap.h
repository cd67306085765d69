/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: bitmaps, for the proof about hidden_find.c
 */
#ifndef ACS_GUARD_PROOF_KERNEL_BITMAP_H
#define ACS_GUARD_PROOF_KERNEL_BITMAP_H

#include <limits.h>
#include <stdbool.h>

#define BITS_PER_LONG (sizeof(long) * CHAR_BIT)
#define DECLARE_BITMAP(name, bits) unsigned long name[(bits) / BITS_PER_LONG]
#define for_each_set_bit(bit, bitmap, size) \
	for (; next_set_bit(&(bit), bitmap, size);)

static inline void __set_bit(unsigned int bit, unsigned long *bitmap)
{
	bitmap[bit / BITS_PER_LONG] |= 1UL << bit % BITS_PER_LONG;
}

bool next_set_bit(unsigned int *bit, const unsigned long *bitmap,
		  unsigned int size);
unsigned long *bitmap_zalloc(unsigned int bits, int flags);
void bitmap_copy(unsigned long *to, const unsigned long *from,
		 unsigned int bits);

#endif /* ACS_GUARD_PROOF_KERNEL_BITMAP_H */
