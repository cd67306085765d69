/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: what a survey counts
 */
#ifndef ACS_GUARD_SURVEY_H
#define ACS_GUARD_SURVEY_H

#include "model.h"

/* More than there are. */
#define MAX_REASONS 24

/**
 * struct reason_count - how many are refused for a reason
 * @name: the reason
 * @count: how many
 */
struct reason_count {
	const char *name;
	unsigned int count;
};

/**
 * struct survey - what is counted of one machine, or of many
 * @machines: how many
 * @functions: how many functions they have, bridges aside
 * @isolated: of these
 * @grouped: of the refused, how many unit=group would allow
 * @agreement: where the IOMMU groups are known, by: isolated, alone in its group
 * @reasons: of the refused
 * @nr_reasons: how many reasons
 */
struct survey {
	unsigned int machines;
	unsigned int functions;
	unsigned int isolated;
	unsigned int grouped;
	unsigned int agreement[2][2];
	struct reason_count reasons[MAX_REASONS];
	size_t nr_reasons;
};

struct json_object;

bool survey_has_groups(const struct survey *survey);
void survey_count(struct survey *survey, const struct machine *machine);
struct json_object *survey_json(const char *name, const struct survey *survey);

#endif /* ACS_GUARD_SURVEY_H */
