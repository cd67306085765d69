/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard as tests see it: set up by parameters, asked through sysfs and by
 * binds, its answers in the words of the log.
 *
 * What is declared by a fake host is called by its name there, never by its
 * address.
 */
#ifndef GUARD_H
#define GUARD_H

#include <kunit/test.h>

#include "acs_guard.h"
#include "fake_host.h"

struct device;

#define GUARD_LINE 160
#define GUARD_HOSTS 4

/**
 * struct guard_want - what is to be said of a function
 * @name: the function
 * @reason: as in the log
 * @blocker: the blocker's name; NULL if isolated
 * @missing: as in the log; NULL if that is not the matter
 * @peers: names, in the order of strcmp(), a blank between; NULL for none
 */
struct guard_want {
	const char *name;
	const char *reason;
	const char *blocker;
	const char *missing;
	const char *peers;
};

#define MAX_FUNCTIONS 12
#define MAX_ANSWERS 5

/**
 * struct answer - what is to become of a function
 * @want: what is to be said of it
 * @excused: with unit=group it may be bound if all of the host is one group
 * @strict: with strict=1 this is the reason
 * @at: and this the blocker; @want.missing and @want.peers stay
 */
struct answer {
	struct guard_want want;
	bool excused;
	const char *strict;
	const char *at;
};

/**
 * struct topology - one of topology_list.h
 * @title: its number and what it is about
 * @is: its functions
 * @answers: those that matter; one without a name is the end
 */
struct topology {
	const char *title;
	struct fake_dev is[MAX_FUNCTIONS];
	struct answer answers[MAX_ANSWERS + 1];
};

/* ACS as it should be at a port: SV, RR, CR and UF on; TB and DT are there. */
#define ON .acs = FAKE_ACS(0x5f, 0x1d)
/* At other functions: RR and CR on. */
#define APART .acs = FAKE_ACS(0x0c, 0x0c)
/* An ACS capability that implements nothing: no peer-to-peer traffic. */
#define EMPTY .acs = FAKE_ACS(0, 0)

#define ALL "SV,RR,CR,UF"
#define ZEN_DUMMY .class = 0x060000

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

void guard_expect(struct kunit *test, struct fake_host *host,
		  const struct guard_want *want, const char *when);
void guard_expect_bind(struct kunit *test, struct fake_host *host,
		       const char *name, bool allowed, const char *when);

#endif /* GUARD_H */
