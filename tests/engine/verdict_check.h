/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: compare the verdict about some elements with the model's
 */
#ifndef VERDICT_CHECK_H
#define VERDICT_CHECK_H

#include <kunit/test.h>

#include "engine.h"
#include "rules_model.h"

#define SOME_BDF ACS_GUARD_BDF(0, 3, 0)

#define ELEMENT(_role, _type, ...)         \
	{                                  \
		.role = ACS_GUARD_##_role, \
		.fn = { .bdf = SOME_BDF,   \
			.type = _type,     \
			.readable = true,  \
			##__VA_ARGS__ },   \
	}
#define WORDS(_cap, _ctrl) .acs = true, .cap = _cap, .ctrl = _ctrl

extern const struct acs_guard_policy normal_policy;
extern const struct acs_guard_policy strict_policy;

struct acs_guard_verdict
judge_elements(const struct acs_guard_policy *policy,
	       const struct acs_guard_element *elements, unsigned int num);
bool verdicts_agree(const struct acs_guard_verdict *a,
		    const struct acs_guard_verdict *b);
bool check_element(struct kunit *test, const struct acs_guard_policy *policy,
		   const struct acs_guard_element *element);
int forget_failure(struct kunit_suite *suite);
bool skip_after_failure(struct kunit *test);
void complain(struct kunit *test, const struct acs_guard_verdict *got,
	      const struct acs_guard_verdict *wanted);
void describe_function(struct kunit *test, const struct acs_guard_function *fn);

#endif /* VERDICT_CHECK_H */
