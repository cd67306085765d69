/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Topologies T32 to T43, and T1 to T41 with IOMMU groups; see topology_list.h
 */

/* clang-format off */
/* R6: what will be below it tomorrow can reach F. */
TOPOLOGY("T32 sibling port without ACS, empty", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "sibling-port", "dp1", ALL }, .excused = true },
})
/* R6: nothing can be plugged in there. */
TOPOLOGY("T32 sibling port without ACS, empty, no slot", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_NO_SLOT },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
})
/* It is soldered in. */
TOPOLOGY("T32 sibling port without ACS, no slot, but not empty", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_NO_SLOT },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "sibling-port", "dp1", ALL, "ep1" }, .excused = true },
	{ { "ep1", "no-acs", "dp1", ALL, "ep0" }, .excused = true },
})
/* R6: nor does it matter that nothing is known of it. */
TOPOLOGY("T32 sibling port, unreadable, empty, no slot", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_NO_SLOT,
	  .acs = FAKE_ACS(0x1f, 0xffff) },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
})
/* R5: on an internal bus, too, it is not one of several functions. */
TOPOLOGY("T32 sibling port in the same slot, empty, no slot", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  0, 1, FAKE_DP, .flags = FAKE_NO_SLOT },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
})
/* S2: its memory is there all the same. */
TOPOLOGY("T32 sibling port with memory, empty, no slot", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_NO_SLOT,
	  .bar = { 0x1000 } },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" }, .strict = "port-memory", .at = "dp0" },
})
/* R5: an upstream port is asked itself, and so is its sibling. */
TOPOLOGY("T33 multi-function upstream port, RR and CR off", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "up",   "rp", 0, 0, FAKE_UP, .acs = FAKE_ACS(0x0c, 0) },
	{ "sibling", "rp", 0, 1, FAKE_EP, APART },
	{ "dp",   "up", 0, 0, FAKE_DP, ON },
	{ "ep",   "dp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "multifunction", "up", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "up", "RR,CR", "ep" }, .excused = true },
})
TOPOLOGY("T33 multi-function upstream port, its sibling without ACS", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "up",   "rp", 0, 0, FAKE_UP, APART },
	{ "sibling", "rp", 0, 1, FAKE_EP },
	{ "dp",   "up", 0, 0, FAKE_DP, ON },
	{ "ep",   "dp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "multifunction", "sibling", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "sibling", "RR,CR", "ep" }, .excused = true },
})
TOPOLOGY("T33 multi-function upstream port, both with ACS", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "up",   "rp", 0, 0, FAKE_UP, APART },
	{ "sibling", "rp", 0, 1, FAKE_EP, APART },
	{ "dp",   "up", 0, 0, FAKE_DP, ON },
	{ "ep",   "dp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
	{ { "sibling", "isolated" } },
})
/* S1: software can switch ATS on later, so that it is off means nothing. */
TOPOLOGY("T34 ATS there but off, TB off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS },
}, {
	{ { "ep", "isolated" }, .strict = "translation", .at = "rp" },
})
TOPOLOGY("T34 ATS on, TB off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS_ON },
}, {
	{ { "ep", "isolated" }, .strict = "translation", .at = "rp" },
})
TOPOLOGY("T34 ATS on, TB on", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1f) },
	{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS_ON },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T34 ATS on, TB on but not implemented", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x1d, 0x1f) },
	{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS_ON },
}, {
	{ { "ep", "isolated" }, .strict = "translation", .at = "rp" },
})
TOPOLOGY("T34 ATS of the PF counts for its VFs", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS, .vfs.total = 1,
	  .vfs.on = 1 },
}, {
	{ { "pf", "isolated" }, .strict = "translation", .at = "rp" },
	{ { "pf.vf0", "isolated" }, .strict = "translation", .at = "rp" },
})
/* S1, unit=group: a failure that is not excused, behind one that is. */
TOPOLOGY("T34 ATS, below a root port without ACS", {
	{ "rp", "",   1, 0, FAKE_RP },
	{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_ATS },
}, {
	{ { "ep", "no-acs", "rp", ALL }, .excused = true,
	  .strict = "no-acs", .at = "rp" },
})
/* S3: its requests carry host addresses, and no IOMMU sees them. */
TOPOLOGY("T34 CXL.cache there but off", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1f) },
	{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_CXL },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T34 CXL.cache on", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x1f) },
	{ "ep", "rp", 0, 0, FAKE_EP, .flags = FAKE_CXL_ON },
}, {
	{ { "ep", "isolated" }, .strict = "translation", .at = "ep" },
})
/* R4: what counts is which functions there are, not the header's bit. */
TOPOLOGY("T35 multi-function bit, no second function", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, .flags = FAKE_MFD },
}, {
	{ { "f0", "isolated" } },
})

/* R5: firmware leaves root ports that lead nowhere, as Intel's chipsets do. */
TOPOLOGY("T38 an unused root port beside a good one", {
	{ "rp0",  "",    0x1c, 0, FAKE_RP, .flags = FAKE_NO_SLOT },
	{ "rp1",  "",    0x1c, 1, FAKE_RP, ON },
	{ "card", "rp1", 0, 0, FAKE_EP },
}, {
	{ { "card", "isolated" } },
})
TOPOLOGY("T38 an empty root port with a slot beside a good one", {
	{ "rp0",  "",    0x1c, 0, FAKE_RP },
	{ "rp1",  "",    0x1c, 1, FAKE_RP, ON },
	{ "card", "rp1", 0, 0, FAKE_EP },
}, {
	{ { "card", "multifunction", "rp0", "RR,CR" }, .excused = true },
})
TOPOLOGY("T38 an empty root port with a hot-plug slot beside a good one", {
	{ "rp0",  "",    0x1c, 0, FAKE_RP, .flags = FAKE_HOTPLUG },
	{ "rp1",  "",    0x1c, 1, FAKE_RP, ON },
	{ "card", "rp1", 0, 0, FAKE_EP },
}, {
	{ { "card", "multifunction", "rp0", "RR,CR" } },
})
TOPOLOGY("T38 a root port without a slot, but not empty", {
	{ "rp0",  "",    0x1c, 0, FAKE_RP, .flags = FAKE_NO_SLOT },
	{ "rp1",  "",    0x1c, 1, FAKE_RP, ON },
	{ "chip", "rp0", 0, 0, FAKE_EP },
	{ "card", "rp1", 0, 0, FAKE_EP },
}, {
	{ { "card", "multifunction", "rp0", "RR,CR", "chip" }, .excused = true },
	{ { "chip", "no-acs", "rp0", ALL, "card" }, .excused = true },
})
/* R5: it does not make a bridge of the path one of several functions either. */
TOPOLOGY("T38 an unused root port beside a bridge to PCI", {
	{ "br",   "",   0x1c, 0, FAKE_PCIE_TO_PCI },
	{ "rp",   "",   0x1c, 1, FAKE_RP, .flags = FAKE_NO_SLOT },
	{ "card", "br", 0, 0, FAKE_PCI },
}, {
	{ { "card", "isolated" } },
})
/* R4 passes nothing over: beside F itself it is a function of F's device. */
TOPOLOGY("T38 an unused root port beside the device", {
	{ "f0", "", 0x1c, 0, FAKE_RCIEP, APART },
	{ "rp", "", 0x1c, 1, FAKE_RP, .flags = FAKE_NO_SLOT },
}, {
	{ { "f0", "multifunction", "rp", "RR,CR" }, .excused = true },
})
/* R8, 7.7.11: nothing obliges a device in a Root Complex to have ACS. */
TOPOLOGY("T40 a virtual function of an integrated endpoint", {
	{ "pf", "", 1, 0, FAKE_RCIEP, .vfs.total = 1, .vfs.on = 1 },
}, {
	{ { "pf", "multifunction", "pf", "RR,CR", "pf.vf0" }, .excused = true },
	{ { "pf.vf0", "multifunction", "pf.vf0", "RR,CR", "pf" }, .excused = true },
})
TOPOLOGY("T40 two virtual functions of an integrated endpoint", {
	{ "pf", "", 1, 0, FAKE_RCIEP, .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf", "multifunction", "pf", "RR,CR", "pf.vf0 pf.vf1" } },
	{ { "pf.vf1", "multifunction", "pf.vf1", "RR,CR", "pf pf.vf0" } },
})
/* R4: VT-d obliges Intel's. */
TOPOLOGY("T40 virtual functions of an integrated endpoint of Intel's", {
	{ "pf", "", 1, 0, FAKE_RCIEP, .vendor = 0x8086, .vfs.total = 2,
	  .vfs.on = 2 },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
	{ { "pf.vf1", "isolated" } },
})
TOPOLOGY("T40 a virtual function of an integrated endpoint with ACS", {
	{ "pf", "", 1, 0, FAKE_RCIEP, APART, .vfs.total = 1, .vfs.on = 1 },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
})
/* R2: SV and UF only, so requests turn round in the switch for good. */
TOPOLOGY("T43 a Thunderbolt 3 switch", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x13, 0x11) },
	{ "dp1", "up",  1, 0, FAKE_DP, .acs = FAKE_ACS(0x13, 0x11) },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-incomplete", "dp0", "RR,CR", "ep1" }, .excused = true },
	{ { "ep1", "acs-incomplete", "dp1", "RR,CR", "ep0" }, .excused = true },
})
/* One is not there, another is off: no setting mends the first. */
TOPOLOGY("T43 the same, all that is there is off", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x13, 0) },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-incomplete", "dp0", ALL }, .excused = true },
})

/*
 * unit=group with groups of the test's own: as Linux 6.1 makes them (T9, T10,
 * T21), and in other ways.  Of an answer only the outcome of the bind counts.
 */
GROUPED("T9 a group of its own", {
	{ "rp", "",   1, 0, FAKE_RP, .group = 1 },
	{ "ep", "rp", 0, 0, FAKE_EP, .group = 1 },
}, {
	{ { "ep", "no-acs" }, .excused = true },
})
GROUPED("T10 one group", {
	{ "rp", "",   1, 0, FAKE_RP, ON, .group = 1 },
	{ "f0", "rp", 0, 0, FAKE_EP, .group = 2 },
	{ "f1", "rp", 0, 1, FAKE_EP, .group = 2 },
}, {
	{ { "f0", "multifunction" }, .excused = true },
	{ { "f1", "multifunction" }, .excused = true },
})
GROUPED("T10 two groups", {
	{ "rp", "",   1, 0, FAKE_RP, ON, .group = 1 },
	{ "f0", "rp", 0, 0, FAKE_EP, .group = 2 },
	{ "f1", "rp", 0, 1, FAKE_EP, .group = 3 },
}, {
	{ { "f0", "multifunction" } },
	{ { "f1", "multifunction" } },
})
/* A peer without a group is in no function's group. */
GROUPED("T10 one with a group, one without", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, .group = 1 },
	{ "f1", "rp", 0, 1, FAKE_EP },
}, {
	{ { "f0", "multifunction" } },
	{ { "f1", "multifunction" } },
})
/* R13: the group is all that joins the two. */
GROUPED("T41 two functions kept apart, one group", {
	{ "a", "", 1, 0, FAKE_RCIEP, .group = 1 },
	{ "b", "", 2, 0, FAKE_RCIEP, .group = 1 },
}, {
	{ { "a", "iommu-group", "b", NULL, "b" }, .excused = true },
	{ { "b", "iommu-group", "a", NULL, "a" }, .excused = true },
})
/* Linux makes two groups of it, and VFIO gives them to two owners. */
GROUPED("T1 as Linux groups it", {
	{ "rp",  "",    1, 0, FAKE_RP, ON, .group = 1 },
	{ "up",  "rp",  0, 0, FAKE_UP, .group = 2 },
	{ "dp0", "up",  0, 0, FAKE_DP, .group = 2 },
	{ "dp1", "up",  1, 0, FAKE_DP, .group = 2 },
	{ "ep0", "dp0", 0, 0, FAKE_EP, .group = 3 },
	{ "ep1", "dp1", 0, 0, FAKE_EP, .group = 4 },
}, {
	{ { "ep0", "no-acs" } },
	{ { "ep1", "no-acs" } },
})
/* Of its two failures the first is excused, the second is not. */
GROUPED("T21 as Linux groups it", {
	{ "rp",  "",    1, 0, FAKE_RP, ON, .group = 1 },
	{ "up",  "rp",  0, 0, FAKE_UP, .group = 2 },
	{ "dp0", "up",  0, 0, FAKE_DP, .group = 2 },
	{ "dp1", "up",  1, 0, FAKE_DP, .group = 2 },
	{ "f0",  "dp0", 0, 0, FAKE_EP, .group = 3 },
	{ "f1",  "dp0", 0, 1, FAKE_EP, .group = 3 },
	{ "ep1", "dp1", 0, 0, FAKE_EP, .group = 4 },
}, {
	{ { "f0", "multifunction" } },
	{ { "f1", "multifunction" } },
	{ { "ep1", "no-acs" } },
})
/* One that is no peer may be in any group. */
GROUPED("T21 the peers in one group, a stranger in another", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "f0",  "dp0", 0, 0, FAKE_EP, .group = 3 },
	{ "f1",  "dp0", 0, 1, FAKE_EP, .group = 3 },
	{ "ep1", "dp1", 0, 0, FAKE_EP, .group = 3 },
	{ "rp2", "",    2, 0, FAKE_RP, ON },
	{ "ep2", "rp2", 0, 0, FAKE_EP, .group = 4 },
}, {
	{ { "f0", "multifunction" }, .excused = true },
	{ { "f1", "multifunction" }, .excused = true },
	{ { "ep1", "no-acs" }, .excused = true },
	{ { "ep2", "isolated" } },
})

/* clang-format on */
