/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tests share: settings, fake hosts, and expectations of verdicts
 *
 * Tests use the names of functions in declarations, not addresses.
 */
#ifndef GUARD_H
#define GUARD_H

#include <kunit/test.h>

#include "examine.h"
#include "hidden.h"
#include "match.h"
#include "pci_dev.h"
#include "recheck.h"
#include "registry.h"
#include "settings.h"
#include "start_stop.h"
#include "fake_host.h"
#include "topology.h"

struct dev_pm_domain;
struct device;
struct pci_driver;

#define GUARD_LINE 160
#define GUARD_HOSTS 4

/* Functions with this device ID match the drivers below. */
#define GUARD_DEVICE 0xb1d0

/* A kernel that tests the removal of drivers probes twice for each bind. */
#define GUARD_PROBES (IS_ENABLED(CONFIG_DEBUG_TEST_DRIVER_REMOVE) ? 2 : 1)

extern struct pci_driver guard_guarded_driver;
extern struct pci_driver guard_native_driver;
extern struct pci_driver guard_managed_driver;

const struct topology *topology_named(const char *title);
unsigned int topology_size(const struct topology *topology);
struct fake_host *topology_up(struct kunit *test,
			      const struct topology *topology);
bool answer_isolated(const struct answer *answer);

int guard_init(struct kunit *test);
void guard_exit(struct kunit *test);
void guard_start_with(enum acs_guard_unit unit, bool strict);

struct fake_host *guard_up(struct kunit *test, const struct fake_dev *decl,
			   size_t size, struct pci_dev *parent);
void guard_down(struct kunit *test);
#define GUARD_UP(test, decl) guard_up(test, decl, sizeof(decl), NULL)

struct pci_dev *guard_get(struct kunit *test, struct fake_host *host,
			  const char *name);
void guard_examine(struct pci_dev *pdev, struct acs_guard_verdict *verdict);
bool guard_isolated(struct pci_dev *pdev);
const char *guard_driver(struct fake_host *host, const char *name);
void guard_override(struct kunit *test, struct fake_host *host,
		    const char *name, const char *driver);
void guard_set_domain(struct device *dev, struct dev_pm_domain *domain);
const char *guard_name_at(struct kunit *test, const char *bdf);
void guard_address(struct kunit *test, const char *name, char *buf,
		   size_t size);

/* guard_expect.c */

u16 guard_flags(const char *names);
void guard_expect(struct kunit *test, struct fake_host *host,
		  const struct guard_want *want, const char *when);
void guard_expect_bind(struct kunit *test, struct fake_host *host,
		       const char *name, bool allowed, const char *when);

#endif /* GUARD_H */
