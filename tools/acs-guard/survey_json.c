// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs-guard: what a survey counts, as JSON
 */
#include "json.h"
#include "survey.h"

/**
 * survey_has_groups() - is an IOMMU group of a function known?
 * @survey: the numbers
 */
bool survey_has_groups(const struct survey *survey)
{
	return survey->agreement[0][0] || survey->agreement[0][1] ||
	       survey->agreement[1][0] || survey->agreement[1][1];
}

static struct json_object *json_agreement(const struct survey *survey)
{
	struct json_object *object = json_object_new_object();

	json_put_int(object, "alone_isolated", survey->agreement[1][1]);
	json_put_int(object, "alone_refused", survey->agreement[0][1]);
	json_put_int(object, "shared_isolated", survey->agreement[1][0]);
	json_put_int(object, "shared_refused", survey->agreement[0][0]);
	return object;
}

/**
 * survey_json() - numbers as an object
 * @name: the machine, or NULL for many
 * @survey: the numbers
 */
struct json_object *survey_json(const char *name, const struct survey *survey)
{
	struct json_object *object = json_object_new_object();
	struct json_object *reasons = json_object_new_object();
	size_t i;

	if (name)
		json_put_text(object, "machine", name);
	else
		json_put_int(object, "machines", survey->machines);
	json_put_int(object, "functions", survey->functions);
	json_put_int(object, "isolated", survey->isolated);
	json_put(object, "group_isolated",
		 survey_has_groups(survey) ?
			 json_object_new_int((int)survey->grouped) :
			 NULL);
	for (i = 0; i < survey->nr_reasons; i++)
		json_object_object_add(
			reasons, survey->reasons[i].name,
			json_object_new_int((int)survey->reasons[i].count));
	json_put(object, "refused", reasons);
	json_put(object, "groups", json_agreement(survey));
	return object;
}
