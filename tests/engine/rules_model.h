/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs_guard: the rules, written a second time from the specification
 */
#ifndef RULES_MODEL_H
#define RULES_MODEL_H

#include "engine.h"

#define SV PCI_ACS_SV
#define TB PCI_ACS_TB
#define RR PCI_ACS_RR
#define CR PCI_ACS_CR
#define UF PCI_ACS_UF
#define EC PCI_ACS_EC
#define DT PCI_ACS_DT
#define GOOD (SV | RR | CR | UF)
#define ENHANCED 0x80
#define NUM_WORDS 0x80 /* of the seven flags above */

#define ENDPOINT PCI_EXP_TYPE_ENDPOINT
#define LEGACY PCI_EXP_TYPE_LEG_END
#define ROOT_PORT PCI_EXP_TYPE_ROOT_PORT
#define UPSTREAM PCI_EXP_TYPE_UPSTREAM
#define DOWNSTREAM PCI_EXP_TYPE_DOWNSTREAM
#define TO_PCI PCI_EXP_TYPE_PCI_BRIDGE
#define TO_PCIE PCI_EXP_TYPE_PCIE_BRIDGE
#define INTEGRATED PCI_EXP_TYPE_RC_END
#define COLLECTOR PCI_EXP_TYPE_RC_EC
#define CONVENTIONAL ACS_GUARD_TYPE_CONVENTIONAL

/* The kinds of packets that are routed differently. */
enum packet {
	UNTRANSLATED,
	TRANSLATED,
	COMPLETION,
};

/* flags_model.c */

bool model_goes_straight(enum packet packet, u16 on);
bool model_has_acs(const struct acs_guard_function *fn);
u16 model_controls(const struct acs_guard_function *fn);
bool model_port_is_bad(const struct acs_guard_function *fn);
bool model_function_is_bad(const struct acs_guard_function *fn);
bool model_is_port(const struct acs_guard_function *fn);
u16 model_lacks(const struct acs_guard_function *fn, u16 flags);

/* rules_model.c */

bool model_declares_p2p(const struct acs_guard_element *element);
bool model_p2p_at(const struct acs_guard_common_ancestor *ancestor,
		  const struct acs_guard_function *fn, bool blocked);
struct acs_guard_verdict model_verdict(const struct acs_guard_policy *policy,
				       const struct acs_guard_element *elements,
				       unsigned int num);

#endif /* RULES_MODEL_H */
