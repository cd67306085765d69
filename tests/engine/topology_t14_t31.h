/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Topologies T14 to T31; see topology_list.h
 */

/* clang-format off */
/* R3, table 6-11: a clear bit of the vector comes before RR. */
TOPOLOGY("T14 EC on", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x3f, 0x3d) },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "egress-direct", "dp0", NULL, "ep1" }, .excused = true },
	{ { "ep1", "sibling-port", "dp0", NULL, "ep0" }, .excused = true },
})
/* R3: the vector is not trusted, even if it denies all. */
TOPOLOGY("T14 EC on, all of the vector set", {
	{ "rp",  "",    1, 0, FAKE_RP,
	  .acs = FAKE_ACS(0x203f, 0x3d, .egress = 0xffffffff) },
	{ "ep",  "rp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "egress-direct", "rp" }, .excused = true },
})
TOPOLOGY("T14 EC implemented, off", {
	{ "rp",  "",    1, 0, FAKE_RP, .acs = FAKE_ACS(0x3f, 0x1d) },
	{ "ep",  "rp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
/* R3, table 6-11: translated requests go straight, unless TB stops them. */
TOPOLOGY("T15 DT on, TB off", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x5f, 0x5d) },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "direct-translated", "dp0", NULL, "ep1" }, .excused = true },
	{ { "ep1", "sibling-port", "dp0", NULL, "ep0" }, .excused = true },
})
TOPOLOGY("T15 DT on, TB on", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x5f, 0x5f) },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
	{ { "ep1", "isolated" } },
})
/* R3: a control that is not implemented is not on. */
TOPOLOGY("T15 DT on, TB on but not implemented", {
	{ "rp",  "",    1, 0, FAKE_RP, .acs = FAKE_ACS(0x5d, 0x5f) },
	{ "ep",  "rp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "direct-translated", "rp" }, .excused = true },
})
/* R9: an all-ones control word looks perfect.  It may hide anything. */
TOPOLOGY("T16 control reads all ones", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x5f, 0xffff) },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "unreadable", "dp0", NULL, "ep1" } },
	{ { "ep1", "unreadable", "dp0", NULL, "ep0" } },
})
/* Intel's dword layout: the control word is at +8.  It has no UF. */
TOPOLOGY("T17 PCH root port, on", {
	{ "rp", "",   0x1c, 0, FAKE_RP, .vendor = 0x8086, .device = 0xa110,
	  .acs = FAKE_ACS_PCH(0x0f, 0x0d) },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T17 PCH root port, off", {
	{ "rp", "",   0x1c, 0, FAKE_RP, .vendor = 0x8086, .device = 0xa110,
	  .acs = FAKE_ACS_PCH(0x0f, 0) },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "acs-disabled", "rp", "SV,RR,CR" }, .excused = true },
})
/* R2 at each port of the path; the others do not affect the verdict. */
TOPOLOGY("T19 three switches, the middle one without ACS", {
	{ "rp",   "",     1, 0, FAKE_RP, ON },
	{ "up1",  "rp",   0, 0, FAKE_UP },
	{ "dp1",  "up1",  0, 0, FAKE_DP, ON },
	{ "up2",  "dp1",  0, 0, FAKE_UP },
	{ "dp2",  "up2",  0, 0, FAKE_DP },
	{ "up3",  "dp2",  0, 0, FAKE_UP },
	{ "dp3",  "up3",  0, 0, FAKE_DP, ON },
	{ "deep", "dp3",  0, 0, FAKE_EP },
	{ "dp2b", "up2",  1, 0, FAKE_DP, ON },
	{ "mid",  "dp2b", 0, 0, FAKE_EP },
	{ "dp1b", "up1",  1, 0, FAKE_DP, ON },
	{ "high", "dp1b", 0, 0, FAKE_EP },
}, {
	{ { "deep", "no-acs", "dp2", ALL, "mid" }, .excused = true },
	{ { "mid", "sibling-port", "dp2", ALL, "deep" }, .excused = true },
	{ { "high", "isolated" } },
})
/* R2: that ACS is there does not mean that it is used. */
TOPOLOGY("T20 all controls off", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0) },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "acs-disabled", "rp", ALL }, .excused = true },
})
TOPOLOGY("T20 all controls off, beside a good port", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x1f, 0) },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-disabled", "dp0", ALL, "ep1" }, .excused = true },
	{ { "ep1", "sibling-port", "dp0", ALL, "ep0" }, .excused = true },
})
/* The first failure is named; whom any of them exposes is a peer. */
TOPOLOGY("T21 two functions without ACS, below a switch without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "f0",  "dp0", 0, 0, FAKE_EP },
	{ "f1",  "dp0", 0, 1, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "f0", "multifunction", "f0", "RR,CR", "ep1 f1" }, .excused = true },
	{ { "f1", "multifunction", "f1", "RR,CR", "ep1 f0" }, .excused = true },
	{ { "ep1", "no-acs", "dp1", ALL, "f0 f1" }, .excused = true },
})
/* unit=group: the lack of another function proves nothing. */
TOPOLOGY("T22 unreadable", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0xffff) },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "unreadable", "rp" } },
})
/* A collector of a class that pcieport does not take, so that it can be asked for. */
TOPOLOGY("T22 unknown type", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "ep", "rp", 0, 0, 0xb },
	{ "ec", "",   2, 0, FAKE_RCEC, .class = 0x088000 },
}, {
	{ { "ep", "unknown-type", "ep" } },
	{ { "ec", "unknown-type", "ec" } },
})
/* R11: no type is known of what its header contradicts, nor what it does. */
TOPOLOGY("R11 the type of a port, and no header of a bridge", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "port", "",   1, 1, FAKE_RP, ON, .flags = FAKE_ODD_HEADER },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "unknown-type", "port", NULL, "port" } },
	{ { "port", "unknown-type", "port", NULL, "ep" } },
})
TOPOLOGY("R11 the types of ports of a switch, in endpoints", {
	{ "rp",   "",    1, 0, FAKE_RP, ON },
	{ "up",   "rp",  0, 0, FAKE_UP },
	{ "dp",   "up",  0, 0, FAKE_DP, ON },
	{ "port", "up",  1, 0, FAKE_DP, ON, .flags = FAKE_ODD_HEADER },
	{ "ep",   "dp",  0, 0, FAKE_EP },
	{ "far",  "",    2, 0, FAKE_RP, ON },
	{ "one",  "far", 0, 0, FAKE_UP, .flags = FAKE_ODD_HEADER },
}, {
	{ { "ep", "unknown-type", "port", NULL, "port" } },
	{ { "port", "unknown-type", "port", NULL, "ep" } },
	{ { "one", "unknown-type", "one" } },
})
TOPOLOGY("R11 a bridge that declares the type of an endpoint", {
	{ "f",  "",   1, 0, FAKE_RCIEP, APART },
	{ "br", "",   1, 1, FAKE_RCIEP, APART, .flags = FAKE_ODD_HEADER },
	{ "pci", "br", 0, 0, FAKE_PCI },
}, {
	{ { "f", "unknown-type", "br", NULL, "br pci" } },
	{ { "pci", "unknown-type", "br", NULL, "br f" } },
})
/* unit=group: a card that is plugged in later is in no group today. */
TOPOLOGY("T22 empty hot-plug sibling", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, .flags = FAKE_HOTPLUG },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "sibling-port", "dp1", ALL } },
})
/* But F's own slot is taken: by F. */
TOPOLOGY("T22 a hot-plug slot, taken", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .flags = FAKE_HOTPLUG },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "no-acs", "dp0", ALL, "ep1" }, .excused = true },
	{ { "ep1", "sibling-port", "dp0", ALL, "ep0" } },
})
/* unit=group: the failure that is not excused need not be the first. */
TOPOLOGY("T22 a switch without ACS, below a port that is unreadable", {
	{ "rp",  "",    1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0xffff) },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp",  "up",  0, 0, FAKE_DP },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "no-acs", "dp", ALL } },
})
/* R12: an alias that names no function is harmless. */
TOPOLOGY("T23 alias to no function", {
	{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(2, 0) },
	{ "b", "", 3, 0, FAKE_RCIEP },
}, {
	{ { "a", "isolated" } },
	{ { "b", "isolated" } },
})
TOPOLOGY("T23 alias of another function", {
	{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(2, 0) },
	{ "b", "", 2, 0, FAKE_RCIEP },
	{ "c", "", 3, 0, FAKE_RCIEP },
}, {
	{ { "a", "alias", "b", NULL, "b" }, .excused = true },
	{ { "b", "alias", "a", NULL, "a" }, .excused = true },
	{ { "c", "isolated" } },
})
/* Not a function: it has nothing to act with. */
TOPOLOGY("T24 a dummy host bridge in the root port's slot", {
	{ "dummy", "",   1, 0, FAKE_PCI, ZEN_DUMMY },
	{ "rp",    "",   1, 1, FAKE_RP, ON },
	{ "ep",    "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T24 a host bridge with Bus Master on", {
	{ "host", "",   1, 0, FAKE_PCI, ZEN_DUMMY, .flags = FAKE_MASTER },
	{ "rp",   "",   1, 1, FAKE_RP, ON },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "multifunction", "host", "RR,CR", "host" }, .excused = true },
	{ { "host", "multifunction", "host", "RR,CR", "ep" }, .excused = true },
})
TOPOLOGY("T24 a host bridge with a capability list", {
	{ "host", "",   1, 0, FAKE_PCI, ZEN_DUMMY, .flags = FAKE_PM },
	{ "rp",   "",   1, 1, FAKE_RP, ON },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "multifunction", "host", "RR,CR", "host" }, .excused = true },
})
TOPOLOGY("T24 a host bridge with memory", {
	{ "host", "",   1, 0, FAKE_PCI, ZEN_DUMMY, .bar = { 0x1000 } },
	{ "rp",   "",   1, 1, FAKE_RP, ON },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "multifunction", "host", "RR,CR", "host" }, .excused = true },
})
/* Dummies are on the root bus; elsewhere it is a function like others. */
TOPOLOGY("T24 a host bridge below a root port", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "host", "rp", 0, 0, FAKE_PCI, ZEN_DUMMY },
	{ "ep",   "rp", 0, 1, FAKE_EP, APART },
}, {
	{ { "ep", "multifunction", "host", "RR,CR", "host" }, .excused = true },
})
/* R4: RR and CR are hard-wired only where EC and DT declare no traffic. */
TOPOLOGY("T25 EC implemented, RR not", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x20, 0) },
	{ "f1", "rp", 0, 1, FAKE_EP, EMPTY },
}, {
	{ { "f0", "multifunction", "f0", "RR,CR", "f1" }, .excused = true },
	{ { "f1", "multifunction", "f0", "RR,CR", "f0" }, .excused = true },
})
TOPOLOGY("T25 DT on", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x4c, 0x4c) },
	{ "f1", "rp", 0, 1, FAKE_EP, APART },
}, {
	{ { "f0", "multifunction", "f0", NULL, "f1" }, .excused = true },
	{ { "f1", "multifunction", "f0", NULL, "f0" }, .excused = true },
})
TOPOLOGY("T25 EC on", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x2c, 0x2c) },
	{ "f1", "rp", 0, 1, FAKE_EP, APART },
}, {
	{ { "f0", "multifunction", "f0", NULL, "f1" }, .excused = true },
	{ { "f1", "multifunction", "f0", NULL, "f0" }, .excused = true },
})
/* R2: mandatory at downstream ports, 6.12.1.1; without it, traffic turns. */
TOPOLOGY("T26 downstream port, RR not implemented", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x1b, 0x19) },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-incomplete", "dp0", "RR", "ep1" }, .excused = true },
	{ { "ep1", "sibling-port", "dp0", "RR", "ep0" }, .excused = true },
})
TOPOLOGY("T26 downstream port, UF not implemented", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x0f, 0x0d) },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-incomplete", "dp0", "UF" }, .excused = true },
})
/* R2: who has EC or DT has traffic that RR and CR would redirect. */
TOPOLOGY("T26 root port, EC implemented, RR and CR not", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x21, 0x01) },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "acs-incomplete", "rp", "RR,CR" }, .excused = true },
})
TOPOLOGY("T26 root port, SV alone implemented", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x01, 0x01) },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T26 root port, UF not implemented", {
	{ "rp", "",   1, 0, FAKE_RP, .acs = FAKE_ACS(0x0f, 0x0d) },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
/* R4: with ARI all functions below a port are one device, 6.13. */
TOPOLOGY("T27 ARI, functions 0 and 8", {
	{ "rp", "",   1, 0, FAKE_RP, .flags = FAKE_ARI, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI },
	{ "f8", "rp", 1, 0, FAKE_EP, .flags = FAKE_ARI },
}, {
	{ { "f0", "multifunction", "f0", "RR,CR", "f8" }, .excused = true },
	{ { "f8", "multifunction", "f8", "RR,CR", "f0" }, .excused = true },
})
/* R4 and R8 */
TOPOLOGY("T28 two PFs with an empty ACS capability", {
	{ "rp",  "",   1, 0, FAKE_RP, .flags = FAKE_ARI, ON },
	{ "pf0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, EMPTY,
	  .vfs.total = 2, .vfs.on = 1 },
	{ "pf1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ARI, EMPTY,
	  .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf0", "isolated" } },
	{ { "pf1", "isolated" } },
	{ { "pf0.vf0", "isolated" } },
	{ { "pf1.vf0", "isolated" } },
	{ { "pf1.vf1", "isolated" } },
})
/* R10 and R1: no bridge above it is conventional. */
TOPOLOGY("T29 functions without PCIe capability", {
	{ "pci", "",   2, 0, FAKE_PCI },
	{ "rp",  "",   1, 0, FAKE_RP, ON },
	{ "old", "rp", 0, 0, FAKE_PCI },
}, {
	{ { "pci", "isolated" } },
	{ { "old", "isolated" } },
})
/* R1: such a function is judged as an endpoint without ACS. */
TOPOLOGY("T29 two functions, one without PCIe capability", {
	{ "rp",  "",   1, 0, FAKE_RP, ON },
	{ "f0",  "rp", 0, 0, FAKE_EP, APART },
	{ "old", "rp", 0, 1, FAKE_PCI },
}, {
	{ { "f0", "multifunction", "old", "RR,CR", "old" }, .excused = true },
	{ { "old", "multifunction", "old", "RR,CR", "f0" }, .excused = true },
})
/* R5: the card reaches, and is reached by, the bridge's sibling. */
TOPOLOGY("T30 a PCIe-to-PCI bridge that is one of two functions", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "rp", 0, 0, FAKE_EP },
	{ "br",   "rp", 0, 1, FAKE_PCIE_TO_PCI },
	{ "card", "br", 0, 0, FAKE_PCI },
}, {
	{ { "card", "multifunction", "sibling", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "sibling", "RR,CR", "card" }, .excused = true },
})
/* R4 asks the bridge as well: nothing keeps the card from the sibling. */
TOPOLOGY("T30 the same, only the bridge without ACS", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "rp", 0, 0, FAKE_EP, APART },
	{ "br",   "rp", 0, 1, FAKE_PCIE_TO_PCI },
	{ "card", "br", 0, 0, FAKE_PCI },
}, {
	{ { "card", "multifunction", "br", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "br", "RR,CR", "card" }, .excused = true },
})
/* 6.12.1: such a bridge never has ACS; a capability there is an error. */
TOPOLOGY("T30 the same, the bridge claims to have ACS", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "rp", 0, 0, FAKE_EP, APART },
	{ "br",   "rp", 0, 1, FAKE_PCIE_TO_PCI, APART },
	{ "card", "br", 0, 0, FAKE_PCI },
}, {
	{ { "card", "multifunction", "br", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "br", "RR,CR", "card" }, .excused = true },
})
/* R2: forged requester IDs.  No function is reached, so there is no peer. */
TOPOLOGY("T31 SV off, as Linux leaves an IDT switch", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .vendor = 0x111d, .device = 0x80b5 },
	{ "dp0", "up",  0, 0, FAKE_DP, .vendor = 0x111d, .device = 0x80b5,
	  .acs = FAKE_ACS(0x1f, 0x1c) },
	{ "dp1", "up",  1, 0, FAKE_DP, .vendor = 0x111d, .device = 0x80b5,
	  .acs = FAKE_ACS(0x1f, 0x1d) },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-disabled", "dp0", "SV" }, .excused = true },
	{ { "ep1", "sibling-port", "dp0", "SV" }, .excused = true },
})

/* clang-format on */
