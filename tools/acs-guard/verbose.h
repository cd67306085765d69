/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * acs-guard: what the words of "lspci -vv" say about one function
 */
#ifndef ACS_GUARD_VERBOSE_H
#define ACS_GUARD_VERBOSE_H

#include "model.h"

#define MAX_WORDS_CAPS 96
#define MAX_WORDS_BARS 6

/* An ID in no list: a capability with a name that the tool does not know. */
#define CAP_OTHER 0xfe
#define EXT_CAP_OTHER 0x0fff

/* Not given. */
#define NOT_GIVEN (-1)

/**
 * struct words_cap - one capability in a list
 * @where: its offset
 * @id: its ID
 */
struct words_cap {
	u16 where;
	u16 id;
};

/**
 * struct words - the words about one function
 * @details: there is more than a name
 * @denied: capabilities were not shown, for lack of rights
 * @no_header: lspci could not make sense of the header
 * @looped: the list of extended capabilities is broken, and lspci says so
 * @broken: the same of the list of capabilities
 * @rev_ff: the function read all ones
 * @status_given: lspci said whether there are capabilities; if so, @cap_list
 * @cap_list: see @status_given
 * @command: PCI_COMMAND_*, as far as given
 * @bus: primary, secondary and subordinate bus; @is_bridge
 * @is_bridge: there is a line about buses
 * @cardbus: and it is that of a CardBus bridge
 * @subsystem: subsystem ID and subsystem vendor ID, or 0
 * @prog_if: the programming interface
 * @bar: base address registers
 * @bars: how many were given by lines without a number
 * @cap: capabilities
 * @caps: how many
 * @ext: extended capabilities
 * @exts: how many
 * @at: the capability that lines are about, in @cap, or in @ext if @in_ext
 * @in_ext: see @at
 * @pcie_flags: PCI Express Capabilities Register, or %NOT_GIVEN
 * @hotplug: PCI_EXP_SLTCAP_HPC, or %NOT_GIVEN
 * @acs_cap: ACS Capability Register, or %NOT_GIVEN
 * @acs_ctrl: ACS Control Register, or %NOT_GIVEN
 * @vf_enable: virtual functions are on, or %NOT_GIVEN
 * @vf_count: how many, or %NOT_GIVEN
 * @vf_offset: where the first is, or %NOT_GIVEN
 * @vf_stride: and the next, or %NOT_GIVEN
 * @vf_device: their device ID
 * @dvsec_vendor: of the DVSEC for CXL devices: its vendor; 0 if there is none
 * @dvsec_at: where that is
 * @cxl_ctrl: its control register, or %NOT_GIVEN
 */
struct words {
	bool details;
	bool denied;
	bool no_header;
	bool looped;
	bool broken;
	bool rev_ff;
	bool status_given;
	bool cap_list;
	u16 command;
	u8 bus[3];
	bool is_bridge;
	bool cardbus;
	u32 subsystem;
	u8 prog_if;
	u32 bar[MAX_WORDS_BARS];
	unsigned int bars;
	struct words_cap cap[MAX_WORDS_CAPS];
	unsigned int caps;
	struct words_cap ext[MAX_WORDS_CAPS];
	unsigned int exts;
	unsigned int at;
	bool in_ext;
	int pcie_flags;
	int hotplug;
	int acs_cap;
	int acs_ctrl;
	int vf_enable;
	int vf_count;
	int vf_offset;
	int vf_stride;
	u16 vf_device;
	u16 dvsec_vendor;
	u16 dvsec_at;
	int cxl_ctrl;
};

void words_begin(struct words *words, struct machine *machine,
		 struct function *fn, const char *name);
void words_line(struct words *words, struct machine *machine,
		struct function *fn, const char *line);

/* capabilities.c */
bool words_have_sign(const char *line, const char *name);
const char *words_behind(const char *text, char end);
void words_capability(struct words *words, const char *text);
void words_detail(struct words *words, const char *line);

/* synth.c */
void synthesize(const struct words *words, struct machine *machine,
		struct function *fn);

#endif /* ACS_GUARD_VERBOSE_H */
