/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: standard output as a file that other programs read
 */
#ifndef ACS_GUARD_TEXTFILE_H
#define ACS_GUARD_TEXTFILE_H

void textfile_begin(const char *path);
void textfile_end(void);

#endif /* ACS_GUARD_TEXTFILE_H */
