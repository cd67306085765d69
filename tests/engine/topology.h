/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is declared in topology_list.h: topologies, and the answers about their
 * functions
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "fake_dev.h"

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

/**
 * enum grouping - how a topology's functions are grouped
 * @AS_DECLARED: as the declaration says
 * @NO_GROUPS: not at all
 * @ONE_GROUP: all together, but for VFs after the first
 * @OWN_GROUPS: each has its own
 */
enum grouping { AS_DECLARED, NO_GROUPS, ONE_GROUP, OWN_GROUPS };

#define ALL "SV,RR,CR,UF"
#define ZEN_DUMMY .class = 0x060000

/**
 * struct topology_name - what a function of a described topology is called
 * @text: the name; with room for the number of a virtual function
 */
struct topology_name {
	char text[FAKE_NAME_LEN + 8];
};

struct topo;

void topology_describe(const struct topology *topology, enum grouping grouping,
		       struct topo *topo, struct topology_name *names);

#endif /* TOPOLOGY_H */
