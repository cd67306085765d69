/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: types and macros of the engine's home, here user space
 */
#ifndef ACS_GUARD_HOME_H
#define ACS_GUARD_HOME_H

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <linux/pci_regs.h>

typedef unsigned long long u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;
typedef long long s64;
typedef int32_t s32;
typedef int16_t s16;
typedef int8_t s8;

#define U8_MAX UINT8_MAX
#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX

#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))
#define GENMASK(high, low) \
	((~0UL >> (sizeof(long) * CHAR_BIT - 1 - (high))) & (~0UL << (low)))
#define FIELD_GET(mask, value) (((value) & (mask)) / ((mask) & -(mask)))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define container_of(pointer, type, member)                \
	({                                                 \
		char *inside = (char *)(pointer);          \
		(type *)(inside - offsetof(type, member)); \
	})
#define noinline_for_stack __attribute__((__noinline__))

#define PCI_VENDOR_ID_INTEL 0x8086
#define PCI_CLASS_NOT_DEFINED 0x0000
#define PCI_CLASS_BRIDGE_HOST 0x0600

/* As snprintf(), but returns how much was written, the end aside. */
__attribute__((__format__(printf, 3, 4))) static inline int
scnprintf(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(buf, size, format, args);
	va_end(args);
	if (len < 0 || !size)
		return 0;
	return len < (int)size ? len : (int)size - 1;
}

#endif /* ACS_GUARD_HOME_H */
