/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: the picture as text for Graphviz
 */
#ifndef ACS_GUARD_DOT_H
#define ACS_GUARD_DOT_H

#include "bypass.h"

void print_dot(struct machine *machine, const struct bypass *bypass, bool fold);

#endif /* ACS_GUARD_DOT_H */
