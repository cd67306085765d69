/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: verdicts that do not know a rule, to test the comparison with the
 * oracle
 */
#ifndef CONTROLS_H
#define CONTROLS_H

#include "compare.h"
#include "engine.h"

/**
 * typedef blind_fn - hides something from the rules
 * @element: about to be passed on; may be changed
 *
 * Return: true to leave it out.
 */
typedef bool (*blind_fn)(struct acs_guard_element *element);

/**
 * struct control - a rule that the verdict does not know
 * @name: the rule
 * @blind: hides it
 * @how: how the verdict is wrong then
 */
struct control {
	const char *name;
	blind_fn blind;
	enum disagreement how;
};

extern const struct control controls[];
extern const unsigned int controls_nr;

#endif /* CONTROLS_H */
