/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the module's parameters
 */
#ifndef ACS_GUARD_PARAMS_H
#define ACS_GUARD_PARAMS_H

int acs_guard_params_parse(void);
void acs_guard_params_open(void);
void acs_guard_params_close(void);
void acs_guard_params_log(void);

#endif /* ACS_GUARD_PARAMS_H */
