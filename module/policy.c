// SPDX-License-Identifier: GPL-2.0-only
/*
 * acs_guard: what the administrator has said
 *
 * The mode, and one word a device, are written under the policy mutex,
 * so the log tells changes in the order in which they took effect, and read
 * without it: a bind sees the old word or the new one.
 */
#include <linux/errno.h>
#include <linux/mutex.h>

#include "acs_guard.h"

const char *const acs_guard_unit_names[] = {
    [ACS_GUARD_FUNCTION] = "function",
    [ACS_GUARD_GROUP] = "group",
};

const char *const acs_guard_mode_names[] = {
    [ACS_GUARD_ENFORCE] = "enforce",
    [ACS_GUARD_AUDIT] = "audit",
};

/* Never held across the removal of attributes, whose users take it. */
static DEFINE_MUTEX(policy);

/* Set before anything is guarded; only the mode changes afterwards. */
static struct acs_guard_settings settings;

/**
 * acs_guard_settings() - what holds for all devices
 */
struct acs_guard_settings acs_guard_settings(void) {
  return (struct acs_guard_settings){
      .mode = READ_ONCE(settings.mode),
      .unit = settings.unit,
      .policy = settings.policy,
  };
}

/**
 * acs_guard_start_with() - what holds from the start
 * @start: that
 *
 * Context: init only, before anything is guarded.
 */
void acs_guard_start_with(const struct acs_guard_settings *start) {
  settings = *start;
}

/**
 * acs_guard_set_mode() - put another mode in force
 * @mode: the mode
 *
 * Context: process context; may sleep.
 */
void acs_guard_set_mode(enum acs_guard_mode mode) {
  enum acs_guard_mode old;

  mutex_lock(&policy);
  old = settings.mode;
  WRITE_ONCE(settings.mode, mode);
  if (mode != old)
    acs_guard_report_mode(old, mode);
  mutex_unlock(&policy);
}

/**
 * acs_guard_set_permissive() - set, or take back, an administrator's exception
 * @pdev: the function; an attribute of it is in use
 * @permissive: the exception
 *
 * Counts from the next bind on; what is bound stays so.
 *
 * Context: process context; may sleep.
 * Return: 0, or -ENODEV if the guard keeps nothing about @pdev.
 */
int acs_guard_set_permissive(struct pci_dev *pdev, bool permissive) {
  struct acs_guard_verdict verdict;
  int err = 0;

  mutex_lock(&policy);
  if (acs_guard_is_permissive(pdev) != permissive) {
    err = acs_guard_keep_permissive(pdev, permissive);
    acs_guard_examine(pdev, &settings.policy, &verdict);
    acs_guard_report(pdev,
                     permissive ? ACS_GUARD_SET_PERMISSIVE
                                : ACS_GUARD_CLEAR_PERMISSIVE,
                     &verdict, NULL);
  }
  mutex_unlock(&policy);
  return err;
}
