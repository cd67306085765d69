/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: what commands say about a function, in common
 */
#ifndef ACS_GUARD_REPORT_H
#define ACS_GUARD_REPORT_H

#include "model.h"

/**
 * struct counts - how many functions of each status there are
 * @refused: refused
 * @exceptions: with an exception
 * @ok: isolated
 * @grouped: allowed with their IOMMU groups
 * @exposed: not isolated, and bound to a guarded driver all the same
 * @excusable: of the refused, how many unit=group would allow, or %UNTOLD
 */
struct counts {
	unsigned int refused;
	unsigned int exceptions;
	unsigned int ok;
	unsigned int grouped;
	unsigned int exposed;
	int excusable;
};

struct counts count_functions(const struct machine *machine);
const char *label_of(const struct function *fn, const char **colour);
const char *plain_words(struct machine *machine, const char *words);
bool is_guarded_driver(const struct machine *machine, const char *driver);
bool is_exposed_in_use(const struct machine *machine,
		       const struct function *fn);
bool is_chipset(const struct function *fn);
void print_about(struct machine *machine, const struct function *fn,
		 const char *indent);
void print_about_hidden(const struct machine *machine, u64 bdf);
const char *list_of(struct machine *machine, const u64 *bdf, size_t count);
int query_status(const struct machine *machine, bool refused);

#endif /* ACS_GUARD_REPORT_H */
