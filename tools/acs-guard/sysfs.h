/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: this machine, as sysfs shows it
 */
#ifndef ACS_GUARD_SYSFS_H
#define ACS_GUARD_SYSFS_H

#include "model.h"

/**
 * struct roots - where this machine is; all of them are changed by tests only
 * @sysfs: /sys
 * @proc: /proc
 * @etc: /etc
 * @dev: /dev
 * @root: what is above /run and /lib
 */
struct roots {
	const char *sysfs;
	const char *proc;
	const char *etc;
	const char *dev;
	const char *root;
};

const struct roots *roots(void);
bool sysfs_read_line(int dir, const char *path, char *line, size_t size);
bool read_first_line(const char *path, char *line, size_t size);
FORMAT(3, 4)
bool read_first_line_of(char *line, size_t size, const char *format, ...);
bool last_bdf(const char *path, u64 *bdf);
bool is_hidden(const struct machine *machine, u64 bdf);
void sysfs_read_machine(struct machine *machine);
void sysfs_read_iommus(struct machine *machine);
void sysfs_read_configs(struct machine *machine);

/* listing.c */
void sysfs_require(void);
void sysfs_read_functions(struct machine *machine);

/* answers.c */
bool sysfs_read_answer(struct machine *machine, struct function *fn, int dir);
const char *sysfs_module_version(char *buf, size_t size);
bool sysfs_read_settings(struct machine *machine);

/* host.c */
void host_read(struct machine *machine);
const char *uses_of(struct machine *machine, const struct function *fn);

#endif /* ACS_GUARD_SYSFS_H */
