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

/* clang-format off */
/* R2: requests turn round in the switch, whatever the root port does. */
TOPOLOGY("T1 a switch without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "no-acs", "dp0", ALL, "ep1" }, .excused = true },
	{ { "ep1", "no-acs", "dp1", ALL, "ep0" }, .excused = true },
})
/* Control to T1. */
TOPOLOGY("T1 a switch with ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
	{ { "ep1", "isolated" } },
})
/* R6: what is below the weak port reaches what is below the good one. */
TOPOLOGY("T2 one good port, one without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "sibling-port", "dp1", ALL, "ep1" }, .excused = true },
	{ { "ep1", "no-acs", "dp1", ALL, "ep0" }, .excused = true },
})
/* R4: f6 keeps its own requests in, but f0 and f2 reach it. */
TOPOLOGY("T3 one of three functions with ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP },
	{ "f2", "rp", 0, 2, FAKE_EP },
	{ "f6", "rp", 0, 6, FAKE_EP, APART },
}, {
	{ { "f0", "multifunction", "f0", "RR,CR", "f2 f6" }, .excused = true },
	{ { "f2", "multifunction", "f2", "RR,CR", "f0 f6" }, .excused = true },
	{ { "f6", "multifunction", "f0", "RR,CR", "f0 f2" }, .excused = true },
})
/* R5: the slot-sibling reaches what is below the root port, without its ACS. */
TOPOLOGY("T4 a root port with a slot-sibling", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "",   1, 1, FAKE_RCIEP },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "multifunction", "sibling", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "sibling", "RR,CR", "ep" }, .excused = true },
})
/* Control to T4. */
TOPOLOGY("T4 a root port with a slot-sibling kept apart", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "",   1, 1, FAKE_RCIEP, APART },
	{ "ep",   "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
	{ { "sibling", "isolated" } },
})
/* R5: root ports of one device are to each other as ports of one switch. */
TOPOLOGY("T4 two root ports of one device, one without ACS", {
	{ "rp0", "",    1, 0, FAKE_RP },
	{ "rp1", "",    1, 1, FAKE_RP, ON },
	{ "ep0", "rp0", 0, 0, FAKE_EP },
	{ "ep1", "rp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "no-acs", "rp0", ALL, "ep1" }, .excused = true },
	{ { "ep1", "multifunction", "rp0", "RR,CR", "ep0" }, .excused = true },
})
/* R1: whatever is behind the bridge has the bridge's requester ID. */
TOPOLOGY("T6 a PCIe-to-PCI bridge, one card", {
	{ "rp",    "",    1, 0, FAKE_RP, ON },
	{ "br",    "rp",  0, 0, FAKE_PCIE_TO_PCI },
	{ "card0", "br",  0, 0, FAKE_PCI },
}, {
	{ { "card0", "isolated" } },
})
TOPOLOGY("T6 a PCIe-to-PCI bridge, two cards", {
	{ "rp",    "",    1, 0, FAKE_RP, ON },
	{ "br",    "rp",  0, 0, FAKE_PCIE_TO_PCI },
	{ "card0", "br",  0, 0, FAKE_PCI },
	{ "card1", "br",  1, 0, FAKE_PCI },
}, {
	{ { "card0", "conventional", "br", NULL, "card1" }, .excused = true },
	{ { "card1", "conventional", "br", NULL, "card0" }, .excused = true },
})
/* R1: the topmost such bridge counts, not the nearest. */
TOPOLOGY("T6 a PCIe-to-PCI bridge, another bridge below it", {
	{ "rp",    "",    1, 0, FAKE_RP, ON },
	{ "br",    "rp",  0, 0, FAKE_PCIE_TO_PCI },
	{ "card0", "br",  0, 0, FAKE_PCI },
	{ "p2p",   "br",  1, 0, FAKE_PCI_BRIDGE },
	{ "card1", "p2p", 0, 0, FAKE_PCI },
}, {
	{ { "card0", "conventional", "br", NULL, "card1" }, .excused = true },
	{ { "card1", "conventional", "br", NULL, "card0" }, .excused = true },
})
/* R7: no rule of the specification says what it does. */
TOPOLOGY("T7 an endpoint inside a switch", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "in",  "up",  1, 0, FAKE_EP },
	{ "dp2", "up",  2, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep2", "dp2", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "internal-function", "in", NULL, "in" } },
	{ { "ep2", "internal-function", "in", NULL, "in" } },
	{ { "in", "internal-function", "in", NULL, "ep0 ep2" } },
})
/* S2, 7.7.11.3: upstream port memory 0 lets it pass, 1 blocks, 2 redirects. */
TOPOLOGY("T8 upstream port memory, allowed", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x1d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" }, .strict = "port-memory", .at = "dp" },
})
TOPOLOGY("T8 upstream port memory, blocked", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x41d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T8 upstream port memory, redirected", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x81d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
TOPOLOGY("T8 upstream port memory, reserved value", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0xc1d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" }, .strict = "port-memory", .at = "dp" },
})
TOPOLOGY("T8 upstream port memory, blocked but not Enhanced", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP, .bar = { 0x1000 } },
	{ "dp",  "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x1f, 0x41d) },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" }, .strict = "port-memory", .at = "dp" },
})
TOPOLOGY("T8 upstream port without memory, nor Enhanced", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp",  "up",  0, 0, FAKE_DP, ON },
	{ "ep",  "dp",  0, 0, FAKE_EP },
}, {
	{ { "ep", "isolated" } },
})
/* S2: its own memory is no matter to a port; the neighbour's is. */
TOPOLOGY("T8 memory of one downstream port", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x1d),
	  .bar = { 0x1000 } },
	{ "dp1", "up",  1, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x1d) },
	{ "dp2", "up",  2, 0, FAKE_DP, .acs = FAKE_ACS(0x9f, 0x11d) },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
	{ "ep2", "dp2", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "isolated" } },
	{ { "ep1", "isolated" }, .strict = "port-memory", .at = "dp1" },
	{ { "ep2", "isolated" } },
})
/* R2: there is nobody beside it, today. */
TOPOLOGY("T9 a root port without ACS", {
	{ "rp", "",   1, 0, FAKE_RP },
	{ "ep", "rp", 0, 0, FAKE_EP },
}, {
	{ { "ep", "no-acs", "rp", ALL }, .excused = true },
})
/* 6.12.3: what the switch sends up, a port that has no UF sends back down. */
TOPOLOGY("T9 a good switch below a root port without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "no-acs", "rp", ALL, "ep1" }, .excused = true },
	{ { "ep1", "no-acs", "rp", ALL, "ep0" }, .excused = true },
})
TOPOLOGY("T9 a good switch below a root port with UF off", {
	{ "rp",  "",    1, 0, FAKE_RP, .acs = FAKE_ACS(0x1f, 0x0d) },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "ep0", "dp0", 0, 0, FAKE_EP },
	{ "ep1", "dp1", 0, 0, FAKE_EP },
}, {
	{ { "ep0", "acs-disabled", "rp", "UF", "ep1" }, .excused = true },
	{ { "ep1", "acs-disabled", "rp", "UF", "ep0" }, .excused = true },
})
/* R4 */
TOPOLOGY("T10 two functions without ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP },
	{ "f1", "rp", 0, 1, FAKE_EP },
}, {
	{ { "f0", "multifunction", "f0", "RR,CR", "f1" }, .excused = true },
	{ { "f1", "multifunction", "f1", "RR,CR", "f0" }, .excused = true },
})
/* R4, 6.12.1.2: who implements nothing has no peer-to-peer traffic. */
TOPOLOGY("T11 two functions with an empty ACS capability", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "f0", "rp", 0, 0, FAKE_EP, EMPTY },
	{ "f1", "rp", 0, 1, FAKE_EP, EMPTY },
}, {
	{ { "f0", "isolated" } },
	{ { "f1", "isolated" } },
})
/* R8, 7.7.11: a device with paths inside would have ACS somewhere. */
TOPOLOGY("T12 virtual functions, no ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
	{ { "pf.vf1", "isolated" } },
})
/* R8: this one has; a VF without ACS is kept in by its PF's, or is not. */
TOPOLOGY("T12 virtual functions, the PF's RR and CR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x0c, 0),
	  .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf", "multifunction", "pf", "RR,CR", "pf.vf0 pf.vf1" } },
	{ { "pf.vf0", "multifunction", "pf", "RR,CR", "pf pf.vf1" } },
	{ { "pf.vf1", "multifunction", "pf", "RR,CR", "pf pf.vf0" } },
})
TOPOLOGY("T12 virtual functions, the PF's RR and CR on", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 2, .vfs.on = 2 },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
	{ { "pf.vf1", "isolated" } },
})
TOPOLOGY("T12 one virtual function, the PF's CR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x0c, 0x04),
	  .vfs.total = 1, .vfs.on = 1 },
}, {
	{ { "pf", "multifunction", "pf", "CR", "pf.vf0" }, .excused = true },
	{ { "pf.vf0", "multifunction", "pf", "CR", "pf" }, .excused = true },
})
/* R8: nobody is left to reach it. */
TOPOLOGY("T12 no virtual function enabled, the PF's RR and CR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, .acs = FAKE_ACS(0x0c, 0),
	  .vfs.total = 1 },
}, {
	{ { "pf", "isolated" } },
})
TOPOLOGY("T12 a virtual function's own RR off", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 1, .vfs.on = 1,
	  .vfs.acs = FAKE_ACS(0x0c, 0x08) },
}, {
	{ { "pf", "multifunction", "pf.vf0", "RR", "pf.vf0" }, .excused = true },
	{ { "pf.vf0", "multifunction", "pf.vf0", "RR", "pf" }, .excused = true },
})
TOPOLOGY("T12 virtual functions, all of them with ACS", {
	{ "rp", "",   1, 0, FAKE_RP, ON },
	{ "pf", "rp", 0, 0, FAKE_EP, APART, .vfs.total = 2, .vfs.on = 2,
	  .vfs.acs = FAKE_ACS(0x0c, 0x0c) },
}, {
	{ { "pf", "isolated" } },
	{ { "pf.vf0", "isolated" } },
	{ { "pf.vf1", "isolated" } },
})
/* R8: another PF of the device has the paths. */
TOPOLOGY("T12 virtual functions, another PF's RR and CR off", {
	{ "rp",  "",   1, 0, FAKE_RP, .flags = FAKE_ARI, ON },
	{ "pf0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI, APART,
	  .vfs.total = 1, .vfs.on = 1 },
	{ "pf1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ARI,
	  .acs = FAKE_ACS(0x0c, 0) },
}, {
	{ { "pf0", "multifunction", "pf1", "RR,CR", "pf1" }, .excused = true },
	{ { "pf1", "multifunction", "pf1", "RR,CR", "pf0 pf0.vf0" }, .excused = true },
	{ { "pf0.vf0", "multifunction", "pf1", "RR,CR", "pf1" }, .excused = true },
})
/* R8: that another PF has ACS shows that there are paths to keep apart. */
TOPOLOGY("T12 virtual functions, another PF with ACS", {
	{ "rp",  "",   1, 0, FAKE_RP, .flags = FAKE_ARI, ON },
	{ "pf0", "rp", 0, 0, FAKE_EP, .flags = FAKE_ARI,
	  .vfs.total = 1, .vfs.on = 1 },
	{ "pf1", "rp", 0, 1, FAKE_EP, .flags = FAKE_ARI, APART },
}, {
	{ { "pf0", "multifunction", "pf0", "RR,CR", "pf0.vf0 pf1" }, .excused = true },
	{ { "pf1", "multifunction", "pf0", "RR,CR", "pf0 pf0.vf0" }, .excused = true },
	{ { "pf0.vf0", "multifunction", "pf0.vf0", "RR,CR", "pf0 pf1" }, .excused = true },
})
/* R8: the path of a VF is its PF's, though it is on a bus of its own. */
TOPOLOGY("T12 a virtual function below a switch without ACS", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP },
	{ "dp1", "up",  1, 0, FAKE_DP },
	{ "pf",  "dp0", 0, 0, FAKE_EP, .vfs.total = 1, .vfs.on = 1,
	  .vfs.offset = 256 },
	{ "ep",  "dp1", 0, 0, FAKE_EP },
}, {
	{ { "pf.vf0", "no-acs", "dp0", ALL, "ep pf" }, .excused = true },
	{ { "pf", "no-acs", "dp0", ALL, "ep pf.vf0" }, .excused = true },
	{ { "ep", "no-acs", "dp1", ALL, "pf pf.vf0" }, .excused = true },
})
TOPOLOGY("T12 a virtual function below a good switch", {
	{ "rp",  "",    1, 0, FAKE_RP, ON },
	{ "up",  "rp",  0, 0, FAKE_UP },
	{ "dp0", "up",  0, 0, FAKE_DP, ON },
	{ "dp1", "up",  1, 0, FAKE_DP, ON },
	{ "pf",  "dp0", 0, 0, FAKE_EP, .vfs.total = 1, .vfs.on = 1,
	  .vfs.offset = 256 },
	{ "ep",  "dp1", 0, 0, FAKE_EP },
}, {
	{ { "pf.vf0", "isolated" } },
	{ { "pf", "isolated" } },
	{ { "ep", "isolated" } },
})
/* R10: what arrives at the root complex goes to the IOMMU. */
TOPOLOGY("T13 integrated endpoints", {
	{ "ie0", "", 1, 0, FAKE_RCIEP },
	{ "ie1", "", 2, 0, FAKE_RCIEP },
}, {
	{ { "ie0", "isolated" } },
	{ { "ie1", "isolated" } },
})
/* R4: VT-d obliges Intel's; nobody obliges the others. */
TOPOLOGY("T13 two-function integrated endpoint of Intel's", {
	{ "ie0", "", 1, 0, FAKE_RCIEP, .vendor = 0x8086 },
	{ "ie1", "", 1, 1, FAKE_RCIEP, .vendor = 0x8086 },
}, {
	{ { "ie0", "isolated" } },
	{ { "ie1", "isolated" } },
})
TOPOLOGY("T13 two-function integrated endpoint", {
	{ "ie0", "", 1, 0, FAKE_RCIEP },
	{ "ie1", "", 1, 1, FAKE_RCIEP },
}, {
	{ { "ie0", "multifunction", "ie0", "RR,CR", "ie1" }, .excused = true },
	{ { "ie1", "multifunction", "ie1", "RR,CR", "ie0" }, .excused = true },
})
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
/* R2 at each port of the path; the others have no say in it. */
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
/* unit=group: that nobody else is there proves nothing. */
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
/* unit=group: who is plugged in tomorrow is in nobody's group today. */
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
/* R12: an alias that names nobody is harmless. */
TOPOLOGY("T23 alias to nobody", {
	{ "a", "", 1, 0, FAKE_RCIEP, .alias = FAKE_ALIAS(2, 0) },
	{ "b", "", 3, 0, FAKE_RCIEP },
}, {
	{ { "a", "isolated" } },
	{ { "b", "isolated" } },
})
TOPOLOGY("T23 alias to somebody", {
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
/* R4: RR and CR are hard-wired only where EC and DT admit to no traffic. */
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
/* R5: the card reaches, and is reached by, the bridge's slot-sibling. */
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
/* 6.12.1: such a bridge never has ACS; one that says so, errs. */
TOPOLOGY("T30 the same, the bridge claims to have ACS", {
	{ "rp",   "",   1, 0, FAKE_RP, ON },
	{ "sibling", "rp", 0, 0, FAKE_EP, APART },
	{ "br",   "rp", 0, 1, FAKE_PCIE_TO_PCI, APART },
	{ "card", "br", 0, 0, FAKE_PCI },
}, {
	{ { "card", "multifunction", "br", "RR,CR", "sibling" }, .excused = true },
	{ { "sibling", "multifunction", "br", "RR,CR", "card" }, .excused = true },
})
/* R2: forged requester IDs.  Nobody is reached, so there is no peer. */
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
/* R5: an upstream port is asked itself, and so is its slot-sibling. */
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
TOPOLOGY("T33 multi-function upstream port, its slot-sibling without ACS", {
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
/* A peer without a group is in nobody's. */
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
