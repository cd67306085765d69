/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: names of devices, by libpci
 */
#ifndef ACS_GUARD_NAMES_H
#define ACS_GUARD_NAMES_H

#include "model.h"

bool names_is_intel(const char *text, size_t len);
bool names_class_of(const char *text, unsigned long *class);
bool names_tell_device(const char *text);
char *names_of_id(u16 vendor, u16 device);
const char *name_of(struct machine *machine, const struct function *fn);
const char *class_name_of(const struct function *fn);
void names_close(void);

#endif /* ACS_GUARD_NAMES_H */
