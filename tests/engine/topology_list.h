/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every topology of the rules' table, T1 to T43, and those that the rules
 * imply, but for the ones that change during the test, or that need more than
 * a declaration: those are in kunit/topology*_test.c and kunit/drift_test.c.
 *
 * TOPOLOGY(TITLE, FUNCTIONS, ANSWERS), and GROUPED() of the same, are for the
 * includer to define: struct topology has these fields in this order.  R1 to
 * R14 and S1 to S3 are the rules; section numbers are those of the PCI Express
 * Base Specification.
 */

#include "topology_t01_t13.h"
#include "topology_t14_t31.h"
#include "topology_t32_t43.h"
