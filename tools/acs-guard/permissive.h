/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: what allow and revoke have in common
 */
#ifndef ACS_GUARD_PERMISSIVE_H
#define ACS_GUARD_PERMISSIVE_H

#include "model.h"

/**
 * struct outcome - what allow or revoke has done, for JSON
 * @permissive: there is an exception now
 * @persistent: it lasts
 * @changed: something was changed
 * @reason: why, or NULL
 */
struct outcome {
	bool permissive;
	bool persistent;
	bool changed;
	const char *reason;
};

struct json_object;

const char *permissive_write(const struct function *fn, bool value);
void permissive_read(struct function *fn);
bool permissive_is_writable(const struct function *fn);
void need_present(const struct function *fn);
void need_power(const struct function *fn, const char *command);
void need_module(const struct machine *machine, const char *otherwise);
const char *who_asks(void);
void hold_signals(void);
bool has_changed(void);
void log_change(const char *line);
bool has_program(const char *name);
void hint_initramfs(void);
struct json_object *json_outcome(u64 bdf, const struct outcome *outcome);
struct function *find_device(struct machine *machine, u64 bdf);

#endif /* ACS_GUARD_PERMISSIVE_H */
