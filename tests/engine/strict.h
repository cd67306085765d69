/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: conditions that isolation with strict=1 has to meet,
 * checked with the oracle
 */
#ifndef STRICT_H
#define STRICT_H

#include "oracle.h"

bool strict_is_sound(const struct oracle *o, unsigned int i);

#endif /* STRICT_H */
