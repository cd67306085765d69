/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: text for a terminal
 */
#ifndef ACS_GUARD_OUTPUT_H
#define ACS_GUARD_OUTPUT_H

#include "util.h"

/**
 * struct style - how text looks; strings are empty where there is no colour
 * @utf8: the terminal takes more than ASCII
 * @red: begins bad news
 * @green: good news
 * @yellow: what needs a look
 * @dim: what matters less
 * @bold: what matters
 * @plain: ends all of these
 * @bar: lines of a tree
 * @tee: likewise
 * @elbow: likewise
 */
struct style {
	bool utf8;
	const char *red;
	const char *green;
	const char *yellow;
	const char *dim;
	const char *bold;
	const char *plain;
	const char *bar;
	const char *tee;
	const char *elbow;
};

extern struct style style;

void set_up_output(void);
const char *tidy(struct arena *arena, const char *text);
FORMAT(2, 3) void para(const char *indent, const char *format, ...);

#endif /* ACS_GUARD_OUTPUT_H */
